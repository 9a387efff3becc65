/*
 * 100,000 waiting answers: what saving, taking the next hundred, counting and opening cost then,
 * beside the same with none (saving, opening) or beside SQLite's bare way to do it.
 */
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/bench.h"
#include "store/outbox.h"

#define ANSWERS 100000u
#define BATCH 100u
#define SEALED_BYTES 1112u
#define TURNS 200

static struct tp_error error;

static double save(struct tp_store *store, const struct tp_seal_key *key, unsigned first)
{
    static double spent[TURNS];
    static const char xml[800];

    for (unsigned i = 0; i < TURNS; i++) {
        char id[64];
        struct tp_outbox_entry entry = {.instance_id = id,
                                        .form_id = "library-hours",
                                        .form_version = "1",
                                        .xml = xml,
                                        .xml_count = sizeof(xml),
                                        .key = key};
        double start;

        (void)snprintf(id, sizeof(id), "uuid:%08x-put", (first + i) * 2654435761u);
        insist_told(tp_store_can_save(store, &error), "can save", &error);
        start = now_ms();
        insist_told(tp_outbox_put(store, &entry, &error), "put", &error);
        spent[i] = now_ms() - start;
    }
    qsort(spent, TURNS, sizeof(spent[0]), ascending);
    return spent[TURNS / 2];
}

static double reopen(struct tp_store **store, const char *path)
{
    struct tp_store_params params = {.clock = tp_clock_system()};
    double start;

    tp_store_close(*store);
    start = now_ms();
    *store = tp_store_open(path, &params, &error);
    insist(*store, "open");
    return now_ms() - start;
}

/* By SQLite itself, in one transaction: 100,000 puts would take their 100,000 syncs. */
static void fill(const char *path)
{
    unsigned char sealed[SEALED_BYTES];
    unsigned char digest[crypto_hash_sha256_BYTES];
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;

    insist(sqlite3_open(path, &db) == SQLITE_OK &&
               sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
               sqlite3_prepare_v2(db,
                                  "INSERT INTO outbox (sequence, instance_id, form_id,"
                                  " form_version, state, created_ms, created_trust, sha256, sealed)"
                                  " VALUES (?1, ?2, 'library-hours', '1', 0, 0, 1, ?3, ?4)",
                                  -1, &insert, NULL) == SQLITE_OK,
           "fill");
    for (unsigned i = 0; i < ANSWERS; i++) {
        char id[64];

        (void)snprintf(id, sizeof(id), "uuid:%08x-%u", i * 2654435761u, i);
        randombytes_buf(sealed, sizeof(sealed));
        (void)crypto_hash_sha256(digest, sealed, sizeof(sealed));
        (void)sqlite3_bind_int64(insert, 1, 100000 + i);
        (void)sqlite3_bind_text(insert, 2, id, -1, SQLITE_STATIC);
        (void)sqlite3_bind_blob(insert, 3, digest, sizeof(digest), SQLITE_STATIC);
        (void)sqlite3_bind_blob(insert, 4, sealed, sizeof(sealed), SQLITE_STATIC);
        insist(sqlite3_step(insert) == SQLITE_DONE, "fill");
        (void)sqlite3_reset(insert);
    }
    (void)sqlite3_finalize(insert);
    insist(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "fill");
    (void)sqlite3_close(db);
}

static double count_barely(const char *path)
{
    sqlite3 *db = NULL;
    double start;
    double spent;

    insist(sqlite3_open(path, &db) == SQLITE_OK, "bare SQLite");
    start = now_ms();
    insist(sqlite3_exec(db, "SELECT count(*) FROM outbox", NULL, NULL, NULL) == SQLITE_OK,
           "bare SQLite");
    spent = now_ms() - start;
    (void)sqlite3_close(db);
    return spent;
}

/* Reads the next hundred and notes their sequence in another table, synced. */
static double next_barely(const char *path, const char *notes)
{
    char sql[512];
    sqlite3 *db = NULL;
    double spent = 0;

    insist(sqlite3_open(notes, &db) == SQLITE_OK, "bare SQLite");
    (void)snprintf(sql, sizeof(sql),
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ATTACH '%s' AS store;"
                   "CREATE TABLE notes (sequence INTEGER PRIMARY KEY, digest BLOB)",
                   path);
    insist(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "bare SQLite");
    for (int i = 0; i < 10; i++) {
        double start = now_ms();

        (void)snprintf(sql, sizeof(sql),
                       "INSERT INTO notes SELECT sequence, substr(sealed, 1, 32) FROM store.outbox"
                       " WHERE sequence > %d ORDER BY sequence LIMIT 100",
                       100000 + i * 100);
        insist(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "bare SQLite");
        spent += now_ms() - start;
    }
    (void)sqlite3_close(db);
    return spent / 10;
}

static double next(struct tp_store *store)
{
    struct tp_outbox_next_params params = {.max_count = BATCH, .lease_ms = 600000};
    double spent = 0;

    for (int i = 0; i < 10; i++) {
        struct tp_outbox_batch batch;
        double start = now_ms();

        insist_told(tp_outbox_next(store, &params, &batch, &error) && batch.count == BATCH, "next",
                    &error);
        spent += now_ms() - start;
        tp_outbox_batch_finish(&batch);
    }
    return spent / 10;
}

int main(void)
{
    struct tp_store_params params = {.clock = tp_clock_system()};
    char folder[] = "build/bench-store-XXXXXX";
    char path[128];
    char notes[128];
    struct tp_outbox_counts counts;
    struct tp_seal_pair seal;
    struct tp_store *store;
    double before;
    double opening;
    double start;
    double spent;

    insist(mkdtemp(folder) != NULL, "folder");
    (void)snprintf(path, sizeof(path), "%s/device.db", folder);
    store = tp_store_open(path, &params, &error);
    insist_told(store && tp_seal_pair_generate(&seal, &error), "open", &error);
    before = save(store, &seal.key, 0);
    opening = reopen(&store, path);
    fill(path);
    report("store.save.at_100000.p50", "ms", save(store, &seal.key, 500000), before);
    report("store.open.at_100000", "ms", reopen(&store, path), opening);
    (void)snprintf(notes, sizeof(notes), "%s/notes.db", folder);
    report("store.next_100.at_100000", "ms", next(store), next_barely(path, notes));
    start = now_ms();
    insist_told(tp_outbox_counts(store, &counts, &error) && counts.waiting == ANSWERS + 2 * TURNS,
                "counts", &error);
    spent = now_ms() - start;
    report("store.counts.at_100000", "ms", spent, count_barely(path));
    tp_store_close(store);
    insist_told(tp_dir_remove(folder, &error), "folder", &error);
    return 0;
}
