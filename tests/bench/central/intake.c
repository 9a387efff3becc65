/*
 * Answers a second, durably taken in over HTTP, on SQLite and on PostgreSQL with 1, 8 and 64
 * connections, one answer in each request and 64; beside what the database alone does: SQLite's own
 * group commit (as many inserts of as many bytes in a synced transaction as are sent at once, but
 * no more than the store has in one), and pgbench's single-row insert with as many clients. The
 * bytes are random: like sealed ones, no database can pack them smaller.
 */
#include <sodium.h>
#include <sqlite3.h>

#include "bench/central/load.h"
#include "unit/central/databases.h"

#define ANSWERS 6000
#define ANSWERS_OF_SEVERAL 16384
#define SEALED_BYTES 3160 /* tp_seal_size(XML_BYTES): of the answers that load.h makes */

static unsigned char bytes[SEALED_BYTES];

/* Inserts a second, `group` of them in each transaction, with the settings of the store. */
static double sqlite_alone(int count, int group)
{
    char path[128];
    sqlite3 *db;
    sqlite3_stmt *insert;
    double before;
    double took;

    (void)snprintf(path, sizeof(path), "%s/alone.db", store_folder);
    insist(sqlite3_open(path, &db) == SQLITE_OK &&
               sqlite3_exec(db,
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                            "CREATE TABLE t (id TEXT PRIMARY KEY, sealed BLOB) STRICT",
                            NULL, NULL, NULL) == SQLITE_OK &&
               sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?1, ?2)", -1, &insert, NULL) ==
                   SQLITE_OK,
           "no SQLite");
    before = now_ms();
    for (int i = 0; i < count; i++) {
        struct tp_random random = tp_random_system();
        char uuid[TP_UUID_TEXT_MAX];

        tp_random_uuid(&random, uuid);
        if (i % group == 0)
            (void)sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        (void)sqlite3_bind_text(insert, 1, uuid, -1, SQLITE_TRANSIENT);
        (void)sqlite3_bind_blob(insert, 2, bytes, sizeof(bytes), SQLITE_STATIC);
        insist(sqlite3_step(insert) == SQLITE_DONE, "no insert");
        (void)sqlite3_reset(insert);
        if (i % group == group - 1 || i == count - 1)
            (void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    }
    took = now_ms() - before;
    (void)sqlite3_finalize(insert);
    (void)sqlite3_close(db);
    return count * 1000.0 / took;
}

/* pgbench's transactions a second, each one insert of as many bytes under a random ID. */
static double postgres_alone(int clients)
{
    char command[1024];
    char line[512];
    double rate = 0;
    FILE *script;
    FILE *said;

    postgres_sql(
        "DROP TABLE IF EXISTS alone; CREATE TABLE alone (id TEXT PRIMARY KEY, sealed BYTEA)");
    (void)snprintf(line, sizeof(line), "%s/insert.sql", store_folder);
    script = fopen(line, "we");
    insist(script != NULL, "no script");
    (void)fprintf(script, "INSERT INTO alone VALUES (gen_random_uuid()::text, '\\x");
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)fprintf(script, "%02x", bytes[i]);
    (void)fprintf(script, "');\n");
    (void)fclose(script);
    (void)snprintf(command, sizeof(command),
                   "%s/pgbench -n -M prepared -T 3 -c %d -j 2 -f %s/insert.sql -h %s -U talkpoint "
                   "postgres 2>/dev/null",
                   postgres.programs, clients, store_folder, postgres.folder);
    said = popen(command, "re");
    insist(said != NULL, "no pgbench");
    while (fgets(line, sizeof(line), said)) {
        if (strncmp(line, "tps = ", 6) == 0)
            rate = strtod(line + 6, NULL);
    }
    (void)pclose(said);
    insist(rate > 0, "pgbench said nothing");
    return rate;
}

static void bench(const char *name, int connections, int each)
{
    int count = each == 1 ? ANSWERS : ANSWERS_OF_SEVERAL;
    int at_once = connections * each;
    int group = at_once < (int)TP_COMMIT_GROUP_MAX ? at_once : (int)TP_COMMIT_GROUP_MAX;
    struct tp_keys keys;
    double transactions;
    double rate;
    double alone;

    make_store(&keys);
    make_answers(&keys, count, each);
    alone = *database ? postgres_alone(connections) : sqlite_alone(count, group);
    rate = count * 1000.0 / run(serve_store, connections, &transactions);
    printf("{\"name\":\"central answers a second on %s, %d connections, %d in a request, against "
           "the database alone\",\"value\":%.0f,\"unit\":\"1/s\",\"baseline\":%.0f,"
           "\"ratio\":%.3f}\n",
           name, connections, each, rate, alone, rate / alone);
    (void)fflush(stdout);
    free_messages();
    (void)tp_dir_remove(store_folder, NULL);
}

static void bench_all(const char *name)
{
    static const int connections[] = {1, 8, 64};
    static const int in_a_request[] = {1, TP_SEVERAL_ANSWERS_MAX};

    for (size_t i = 0; i < 6; i++) {
        if (postgres.on)
            database_url("", database);
        bench(name, connections[i % 3], in_a_request[i / 3]);
    }
}

int main(void)
{
    struct tp_random random = tp_random_system();

    insist(sodium_init() >= 0, "libsodium cannot start");
    insist(tp_seal_size(XML_BYTES) == SEALED_BYTES, "the databases alone insert other bytes");
    tp_random_fill(&random, bytes, sizeof(bytes));
    tp_xml_init();
    bench_all("SQLite");
    postgres_make(true);
    postgres.on = true;
    bench_all("PostgreSQL");
    postgres_end();
    return 0;
}
