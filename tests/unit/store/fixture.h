/* What the tests of the store share: a folder, a fake clock, keys, answers, receipts. */
#ifndef TP_STORE_FIXTURE_H
#define TP_STORE_FIXTURE_H

#include "tp_test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/random.h"
#include "store/counters.h"
#include "store/outbox.h"
#include "store/receipt.h"
#include "store/seal.h"
#include "store/settings.h"
#include "store/store.h"

/* Never to be seen outside a sealed answer. */
#define CANARY "canary-b7e2c4-never-in-the-clear"

#define BOOT "11111111-1111-4111-8111-111111111111"

/* 2026-11-23T09:41:07.123Z */
#define FIXTURE_WALL 1795426867123

struct fixture {
    char folder[64];
    char path[96];
    struct tp_clock_fake fake;
    struct tp_store_params params;
    struct tp_seal_pair seal;
    struct tp_receipt_pair receipt;
    struct tp_store *store;
    struct tp_error error;
};

static inline int fixture_start(void **state)
{
    struct fixture *f = tp_calloc(1, sizeof(*f));

    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/tp-store-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    (void)snprintf(f->path, sizeof(f->path), "%s/device.db", f->folder);
    f->fake = (struct tp_clock_fake){.wall = FIXTURE_WALL, .monotonic = 5000};
    f->params = (struct tp_store_params){.clock = tp_clock_from_fake(&f->fake), .boot_id = BOOT};
    assert_true(tp_seal_pair_generate(&f->seal, &f->error));
    assert_true(tp_receipt_pair_generate(&f->receipt, &f->error));
    f->store = tp_store_open(f->path, &f->params, &f->error);
    *state = f;
    if (!f->store)
        print_error("%s\n", f->error.text);
    return f->store ? 0 : -1;
}

static inline int fixture_stop(void **state)
{
    struct fixture *f = *state;

    tp_store_close(f->store);
    assert_true(tp_dir_remove(f->folder, NULL));
    tp_free(f);
    return 0;
}

static inline void fixture_close(struct fixture *f)
{
    tp_store_close(f->store);
    f->store = NULL;
}

static inline void fixture_reopen(struct fixture *f)
{
    fixture_close(f);
    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        print_error("%s\n", f->error.text);
    assert_non_null(f->store);
}

static inline const char *fixture_id(unsigned number)
{
    static char ids[16][TP_INSTANCE_ID_MAX];
    static unsigned turn;
    char *id = ids[turn++ % 16];

    (void)snprintf(id, TP_INSTANCE_ID_MAX, "uuid:00000000-0000-4000-8000-%012u", number);
    return id;
}

/* The number in an ID of fixture_id; UINT_MAX: it is none. */
static inline unsigned fixture_number(const char *instance_id)
{
    size_t length = strlen(instance_id);

    return length > 12 ? (unsigned)strtoul(instance_id + length - 12, NULL, 10) : UINT_MAX;
}

static inline const char *fixture_xml(unsigned number)
{
    static char xml[256];

    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"library-hours\"><q>" CANARY
                   " %u</q><meta><instanceID>%s</instanceID>"
                   "</meta></data>",
                   number, fixture_id(number));
    return xml;
}

static const struct tp_count fixture_complete = {.form_id = "library-hours",
                                                 .form_version = "2026110101",
                                                 .mode = "standard",
                                                 .name = "complete"};

static inline struct tp_outbox_entry fixture_entry_to(const struct tp_seal_key *key,
                                                      unsigned number)
{
    const char *xml = fixture_xml(number);

    return (struct tp_outbox_entry){
        .instance_id = fixture_id(number),
        .form_id = "library-hours",
        .form_version = "2026110101",
        .xml = xml,
        .xml_count = strlen(xml),
        .key = key,
        .counts = &fixture_complete,
        .counts_count = 1,
    };
}

static inline struct tp_outbox_entry fixture_entry(const struct fixture *f, unsigned number)
{
    return fixture_entry_to(&f->seal.key, number);
}

static inline bool fixture_put(struct fixture *f, unsigned number)
{
    struct tp_outbox_entry entry = fixture_entry(f, number);

    return tp_outbox_put(f->store, &entry, &f->error);
}

static inline struct tp_outbox_batch fixture_next(struct fixture *f, size_t max)
{
    struct tp_outbox_next_params params = {.max_count = max, .lease_ms = 60000};
    struct tp_outbox_batch batch = {0};

    if (!tp_outbox_next(f->store, &params, &batch, &f->error)) {
        print_error("%s\n", f->error.text);
        fail();
    }
    return batch;
}

static inline struct tp_receipt fixture_receipt(struct fixture *f,
                                                const struct tp_outbox_item *item)
{
    struct tp_receipt receipt;

    assert_true(tp_receipt_sign(&f->receipt, item->instance_id, item->sha256, f->fake.wall,
                                &receipt, &f->error));
    return receipt;
}

static inline void fixture_send_all(struct fixture *f)
{
    struct tp_outbox_batch batch = fixture_next(f, 100);

    for (size_t i = 0; i < batch.count; i++) {
        struct tp_receipt receipt = fixture_receipt(f, &batch.items[i]);

        assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, NULL, &f->error));
    }
    tp_outbox_batch_finish(&batch);
}

static inline struct tp_outbox_counts fixture_counts(struct fixture *f)
{
    struct tp_outbox_counts counts = {.waiting = 999};

    if (!tp_outbox_counts(f->store, &counts, &f->error)) {
        print_error("%s\n", f->error.text);
        fail();
    }
    return counts;
}

static inline uint64_t fixture_total(struct fixture *f, const char *name)
{
    uint64_t total = 999;

    assert_true(tp_counters_total(f->store, "library-hours", name, &total, &f->error));
    return total;
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_start, fixture_stop)

#endif
