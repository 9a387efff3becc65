/*
 * Puts finished answers into an enrolled device's store, as the kiosk would: for journeys.
 * Usage: put_answers STATE FORM VERSION COUNT [PUBLIC_KEY_FILE]. Prints each instance ID.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/identity.h"
#include "base/file.h"
#include "base/random.h"
#include "store/outbox.h"

static bool put(struct tp_store *store, const struct tp_seal_key *key, const char *odk_key,
                const char *form, const char *version, struct tp_error *error)
{
    struct tp_random random = tp_random_system();
    char uuid[TP_UUID_TEXT_MAX];
    char instance_id[64];
    char xml[1024];
    struct tp_outbox_entry entry = {.instance_id = instance_id,
                                    .form_id = form,
                                    .form_version = version,
                                    .xml = xml,
                                    .key = key,
                                    .odk_key = odk_key};

    tp_random_uuid(&random, uuid);
    (void)snprintf(instance_id, sizeof(instance_id), "uuid:%s", uuid);
    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"%s\" version=\"%s\"><meta xmlns=\"http://openrosa.org/xforms\">"
                   "<instanceID>%s</instanceID></meta><q>canary-3f61-in-no-clear</q></data>",
                   form, version, instance_id);
    entry.xml_count = strlen(xml);
    if (!tp_outbox_put(store, &entry, error))
        return false;
    (void)puts(instance_id);
    return true;
}

int main(int argc, char **argv)
{
    struct tp_store_params params = {.clock = tp_clock_system(), .free_min = 1};
    struct tp_identity identity;
    struct tp_error error = {0};
    struct tp_store *store;
    struct tp_buf odk_key;
    char path[1024];
    bool ok;

    if (argc != 5 && argc != 6) {
        (void)fputs("usage: put_answers STATE FORM VERSION COUNT [PUBLIC_KEY_FILE]\n", stderr);
        return 2;
    }
    (void)snprintf(path, sizeof(path), "%s/device.db", argv[1]);
    store = tp_store_open(path, &params, &error);
    tp_buf_init(&odk_key, 4096);
    ok = store && tp_identity_read(argv[1], NULL, &identity, &error) &&
         (argc == 5 || tp_file_read(argv[5], &odk_key, &error));
    for (long left = strtol(argv[4], NULL, 10); ok && left > 0; left--)
        ok = put(store, &identity.sealing_key, tp_buf_text(&odk_key), argv[2], argv[3], &error);
    tp_buf_finish(&odk_key);
    tp_store_close(store);
    tp_identity_wipe(&identity);
    if (!ok)
        (void)fprintf(stderr, "put_answers: %s\n", error.text);
    return ok ? 0 : 1;
}
