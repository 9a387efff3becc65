/* A device's folder and store for the agent's tests, and answers to put into it. */
#ifndef TP_TEST_AGENT_DEVICE_H
#define TP_TEST_AGENT_DEVICE_H

#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "store/encode.h"
#include "store/outbox.h"
#include "store/seal.h"
#include "store/store.h"

struct device {
    char folder[64];
    char store_path[96];
    struct tp_clock clock;
    struct tp_store *store;
    struct tp_seal_pair seal;
    uint64_t seed;
    struct tp_random random;
};

static inline void device_must(bool ok, const struct tp_error *error, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "%s: %s\n", what, error->text);
    abort();
}

static inline void device_open_by(struct device *device, struct tp_clock clock)
{
    struct tp_store_params params = {.clock = clock, .free_min = 1};
    struct tp_error error = {0};

    memset(device, 0, sizeof(*device));
    (void)snprintf(device->folder, sizeof(device->folder), "/tmp/tp-agent-XXXXXX");
    device_must(mkdtemp(device->folder) != NULL, &error, "mkdtemp");
    (void)snprintf(device->store_path, sizeof(device->store_path), "%s/device.db", device->folder);
    device->clock = params.clock;
    device->seed = 1;
    device->random = tp_random_seeded(&device->seed);
    device->store = tp_store_open(device->store_path, &params, &error);
    device_must(device->store != NULL, &error, "store");
    device_must(tp_seal_pair_generate(&device->seal, &error), &error, "seal");
}

static inline void device_open(struct device *device)
{
    device_open_by(device, tp_clock_system());
}

static inline void device_close(struct device *device)
{
    tp_store_close(device->store);
    (void)tp_dir_remove(device->folder, NULL);
}

/* Puts `count` answers; the last one's instance ID in `id` (or NULL). */
static inline void device_put_xml(struct device *device, const char *instance_id, const char *xml,
                                  size_t length)
{
    const struct tp_outbox_entry entry = {.instance_id = instance_id,
                                          .form_id = "library-hours",
                                          .form_version = "2026110101",
                                          .xml = xml,
                                          .xml_count = length,
                                          .key = &device->seal.key};
    struct tp_error error = {0};

    device_must(tp_outbox_put(device->store, &entry, &error), &error, "put");
}

/* An answer of that many bytes. */
static inline void device_put_large(struct device *device, const char *instance_id, size_t length)
{
    static char xml[TP_OUTBOX_XML_MAX];

    memset(xml, 'x', length);
    device_put_xml(device, instance_id, xml, length);
}

static inline void device_put(struct device *device, size_t count, char id[64])
{
    for (size_t i = 0; i < count; i++) {
        char uuid[TP_UUID_TEXT_MAX];
        char instance_id[64];
        char xml[256];

        tp_random_uuid(&device->random, uuid);
        (void)snprintf(instance_id, sizeof(instance_id), "uuid:%s", uuid);
        (void)snprintf(xml, sizeof(xml), "<data id=\"library-hours\"><q>%zu</q></data>", i);
        device_put_xml(device, instance_id, xml, strlen(xml));
        if (id)
            (void)snprintf(id, 64, "%s", instance_id);
    }
}

/* Does something to the store behind its back. */
static inline void device_sql(const struct device *device, const char *sql)
{
    sqlite3 *db;

    if (sqlite3_open(device->store_path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK || sqlite3_close(db) != SQLITE_OK)
        abort();
}

/* A signature by the store's key, as talkpoint-central's answer to a heartbeat has it. */
static inline void device_sign_key(const struct tp_receipt_pair *store, const char *key,
                                   char *signature)
{
    unsigned char bytes[TP_RECEIPT_SIGNATURE_BYTES];
    char message[128];
    int length = snprintf(message, sizeof(message), "talkpoint-sealing-1\n%s", key);

    (void)crypto_sign_detached(bytes, NULL, (const unsigned char *)message,
                               (unsigned long long)length, store->secret);
    tp_base64(bytes, sizeof(bytes), signature);
}

static inline struct tp_outbox_counts device_counts(struct device *device)
{
    struct tp_outbox_counts counts = {0};
    struct tp_error error = {0};

    device_must(tp_outbox_counts(device->store, &counts, &error), &error, "counts");
    return counts;
}

#endif
