/*
 * What saving a finished answer costs, beside one bare SQLite insert of as many bytes, committed
 * and synced as surely (WAL, synchronous FULL), each in turn on the same disk. And what sending
 * costs the store: claims, receipts and deletions, beside what cannot be spared: one Ed25519
 * verification an answer, and bare deletions in transactions of the same size.
 */
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/bench.h"
#include "store/outbox.h"

#define ANSWERS 2000u
#define BATCH 100u
#define XML_BYTES 3000u

static struct tp_error error;

static double quantile(double *values, size_t count, double q)
{
    qsort(values, count, sizeof(*values), ascending);
    return values[(size_t)((double)(count - 1) * q)];
}

/* The bare side: one table, kept statements. */
static sqlite3 *bare_db;
static sqlite3_stmt *bare_insert;
static sqlite3_stmt *bare_delete;

static void bare_run(sqlite3_stmt *statement)
{
    insist(sqlite3_step(statement) == SQLITE_DONE, "bare SQLite");
    (void)sqlite3_reset(statement);
}

static void bare_open(const char *path)
{
    insist(sqlite3_open(path, &bare_db) == SQLITE_OK &&
               sqlite3_exec(bare_db,
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                            "CREATE TABLE answers (id INTEGER PRIMARY KEY, bytes BLOB)",
                            NULL, NULL, NULL) == SQLITE_OK &&
               sqlite3_prepare_v2(bare_db, "INSERT INTO answers (bytes) VALUES (?1)", -1,
                                  &bare_insert, NULL) == SQLITE_OK &&
               sqlite3_prepare_v2(bare_db, "DELETE FROM answers WHERE id = ?1", -1, &bare_delete,
                                  NULL) == SQLITE_OK,
           "bare SQLite");
}

static void bare_close(void)
{
    (void)sqlite3_finalize(bare_insert);
    (void)sqlite3_finalize(bare_delete);
    (void)sqlite3_close(bare_db);
}

static void save_all(struct tp_store *store, const struct tp_seal_key *key)
{
    static const struct tp_count complete = {"library-hours", "2026110101", "standard", "complete"};
    static double ours[ANSWERS / 2];
    static double unprepared[ANSWERS / 2];
    static double bare[ANSWERS];
    static char xml[XML_BYTES];
    static unsigned char sealed[TP_SEAL_OVERHEAD + 2 * XML_BYTES];
    const int sealed_count = (int)tp_seal_size(XML_BYTES);

    memset(xml, 'x', sizeof(xml));
    for (unsigned i = 0; i < ANSWERS; i++) {
        char id[64];
        struct tp_outbox_entry entry = {.instance_id = id,
                                        .form_id = "library-hours",
                                        .form_version = "2026110101",
                                        .xml = xml,
                                        .xml_count = sizeof(xml),
                                        .key = key,
                                        .counts = &complete,
                                        .counts_count = 1};
        double start;

        /* Random-looking, as UUIDs are: an index takes them in no order. */
        (void)snprintf(id, sizeof(id), "uuid:%08x-0000-4000-8000-%012u", i * 2654435761u, i);
        /* As the kiosk does when a resident starts; every other time, to know both. */
        if (i % 2 == 0)
            insist_told(tp_store_can_save(store, &error), "can save", &error);
        start = now_ms();
        insist_told(tp_outbox_put(store, &entry, &error), "put", &error);
        (i % 2 ? unprepared : ours)[i / 2] = now_ms() - start;
        start = now_ms();
        (void)sqlite3_bind_blob(bare_insert, 1, sealed, sealed_count, SQLITE_STATIC);
        bare_run(bare_insert);
        bare[i] = now_ms() - start;
    }
    report("store.save.p50", "ms", quantile(ours, ANSWERS / 2, 0.5), quantile(bare, ANSWERS, 0.5));
    report("store.save.p99", "ms", quantile(ours, ANSWERS / 2, 0.99),
           quantile(bare, ANSWERS, 0.99));
    report("store.save.unprepared.p50", "ms", quantile(unprepared, ANSWERS / 2, 0.5),
           quantile(bare, ANSWERS, 0.5));
}

static double send_batch(struct tp_store *store, const struct tp_receipt_pair *pair)
{
    static struct tp_receipt receipts[BATCH];
    struct tp_outbox_next_params params = {.max_count = BATCH, .lease_ms = 60000};
    struct tp_outbox_batch batch;
    double start = now_ms();
    double spent;

    insist_told(tp_outbox_next(store, &params, &batch, &error) && batch.count == BATCH, "next",
                &error);
    spent = now_ms() - start;
    for (size_t i = 0; i < batch.count; i++)
        insist_told(tp_receipt_sign(pair, batch.items[i].instance_id, batch.items[i].sha256, 0,
                                    &receipts[i], &error),
                    "sign", &error);
    start = now_ms();
    insist_told(tp_outbox_mark_sent(store, &pair->key, receipts, batch.count, NULL, &error), "sent",
                &error);
    spent += now_ms() - start;
    tp_outbox_batch_finish(&batch);
    return spent;
}

static void send_all(struct tp_store *store, const struct tp_receipt_pair *pair)
{
    static const unsigned char message[160];
    unsigned char signature[crypto_sign_BYTES];
    double ours = 0;
    double bare = 0;

    (void)crypto_sign_detached(signature, NULL, message, sizeof(message), pair->secret);
    for (unsigned done = 0; done < ANSWERS; done += BATCH) {
        double start;

        ours += send_batch(store, pair);
        start = now_ms();
        (void)sqlite3_exec(bare_db, "BEGIN", NULL, NULL, NULL);
        for (unsigned i = 1; i <= BATCH; i++) {
            insist(crypto_sign_verify_detached(signature, message, sizeof(message),
                                               pair->key.bytes) == 0,
                   "bare verification");
            (void)sqlite3_bind_int64(bare_delete, 1, done + i);
            bare_run(bare_delete);
        }
        insist(sqlite3_exec(bare_db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "bare SQLite");
        bare += now_ms() - start;
    }
    report("store.send.each", "ms", ours / ANSWERS, bare / ANSWERS);
}

static void open_again(const char *path, const struct tp_store_params *params)
{
    double ours = 0;
    double bare = 0;

    for (int i = 0; i < 20; i++) {
        double start = now_ms();
        struct tp_store *store = tp_store_open(path, params, &error);
        sqlite3 *db = NULL;

        insist(store, "open");
        ours += now_ms() - start;
        tp_store_close(store);
        start = now_ms();
        insist(sqlite3_open(path, &db) == SQLITE_OK &&
                   sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) ==
                       SQLITE_OK,
               "bare SQLite");
        bare += now_ms() - start;
        (void)sqlite3_close(db);
    }
    report("store.open", "ms", ours / 20, bare / 20);
}

int main(void)
{
    struct tp_store_params params = {.clock = tp_clock_system()};
    char folder[] = "build/bench-store-XXXXXX";
    char path[128];
    struct tp_seal_pair seal;
    struct tp_receipt_pair receipt;
    struct tp_store *store;

    insist(mkdtemp(folder) != NULL, "folder");
    (void)snprintf(path, sizeof(path), "%s/bare.db", folder);
    bare_open(path);
    (void)snprintf(path, sizeof(path), "%s/device.db", folder);
    store = tp_store_open(path, &params, &error);
    insist(store, "open");
    insist_told(tp_seal_pair_generate(&seal, &error) && tp_receipt_pair_generate(&receipt, &error),
                "keys", &error);
    save_all(store, &seal.key);
    send_all(store, &receipt);
    bare_close();
    tp_store_close(store);
    open_again(path, &params);
    insist_told(tp_dir_remove(folder, &error), "folder", &error);
    return 0;
}
