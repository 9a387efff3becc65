/* The JSON that devices send: enrolment, claim, heartbeat, through their handlers and a real
 * database. The first byte chooses which. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/api/api.h"
#include "central/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tp_central central;
static char folder[64];

static void remove_folder(void)
{
    tp_central_close(&central);
    (void)tp_dir_remove(folder, NULL);
}

static void make_store(void)
{
    struct tp_clock clock = tp_clock_system();
    struct tp_random random = tp_random_system();
    struct tp_settings settings;
    struct tp_sql *db;
    char path[128];

    (void)snprintf(folder, sizeof(folder), "/tmp/tp-fuzz-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    (void)snprintf(path, sizeof(path), "%s/central.db", folder);
    tp_settings_init(&settings);
    settings.workers = 1;
    (void)snprintf(settings.data, sizeof(settings.data), "%s", folder);
    if (!tp_keys_make(folder, NULL, NULL) || !tp_sql_open(path, true, &db, NULL) ||
        !tp_sql_migrate(db, 1, NULL))
        abort();
    tp_sql_close(db);
    if (!tp_central_open(&settings, &clock, &random, &central, NULL))
        abort();
    (void)atexit(remove_folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const tp_handler handlers[] = {tp_api_enrol, tp_api_claim, tp_api_heartbeat};
    static bool made;
    struct tp_exchange exchange;

    if (size == 0)
        return 0;
    if (!made)
        make_store();
    made = true;
    tp_exchange_init(&exchange);
    tp_buf_init(&exchange.body, TP_JSON_MAX);
    exchange.names[0] = "1";
    (void)tp_buf_add(&exchange.body, data + 1, size - 1);
    if (handlers[data[0] % 3](&central, &exchange) == TP_WAIT) {
        (void)tp_committer_run(central.committer, exchange.job.run, exchange.job.context,
                               &exchange.job.error);
        exchange.resume(&central, &exchange);
    }
    if (exchange.response.status < 200 || exchange.response.status > 503)
        abort();
    tp_exchange_finish(&exchange);
    return 0;
}
