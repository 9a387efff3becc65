/* A store of its own for a fuzzer: keys and an empty database in a folder that goes away. */
#ifndef TP_FUZZ_CENTRAL_STORE_H
#define TP_FUZZ_CENTRAL_STORE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/api/api.h"
#include "central/keys.h"

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

    /* In memory where there is such a place: each input is a transaction. */
    (void)snprintf(folder, sizeof(folder), "/dev/shm/tp-fuzz-XXXXXX");
    if (!mkdtemp(folder)) {
        (void)snprintf(folder, sizeof(folder), "/tmp/tp-fuzz-XXXXXX");
        if (!mkdtemp(folder))
            abort();
    }
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

#endif
