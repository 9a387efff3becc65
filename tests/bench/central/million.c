/*
 * The store at 1,000,000 responses: the administrators' pages, against 50 ms each; and the export
 * to CSV, against sqlite3 writing as many rows of the same text that nobody sealed. The export is
 * measured on 20,000 sealed answers, so that the bench stays short; it is linear, and what it holds
 * in memory is that of one piece. The other rows stand for themselves: no page opens a seal.
 */
#include <sys/resource.h>
#include <time.h>

#include "central/export/export.h"
#include "unit/central/world.h"

#define ROWS 1000000
#define SEALED 20000
#define DEVICES 500
#define TIMES 21

static void insist(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000.0 + (double)now.tv_nsec / 1e6;
}

static void fill(struct world *world)
{
    struct tp_sql *db;
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/central.db", world->folder);
    insist(tp_sql_open(path, false, &db, NULL) && tp_sql_begin(db, NULL), "no store");
    insist(tp_sql_run(db,
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                      "WHERE i < 1000000) INSERT INTO received (seq, instance_id, sha256, "
                      "received_ms) SELECT i, 'uuid:' || i, x'00', ?1 - i * 1000 FROM n",
                      TP_VALUES(tp_int(WORLD_NOW)), NULL, NULL) &&
               tp_sql_run(db,
                          "INSERT INTO submission SELECT seq, instance_id, 'many', '1', "
                          "'uuid:d' || (seq % 500), received_ms, 0, zeroblob(1200) FROM received",
                          TP_NO_VALUES, NULL, NULL) &&
               tp_sql_run(db,
                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 500) INSERT INTO device (id, name, token_sha256, created_ms, "
                          "confirmed_ms, seen_ms) SELECT 'uuid:d' || i, 'Screen ' || i, "
                          "CAST(i AS BLOB), 1, 1, ?1 FROM n",
                          TP_VALUES(tp_int(WORLD_NOW)), NULL, NULL) &&
               tp_sql_run(db,
                          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 364) INSERT INTO tally SELECT 'many', "
                          "date('2026-11-23', '-' || i || ' days'), 0, 2740 FROM n",
                          TP_NO_VALUES, NULL, NULL) &&
               tp_sql_run(db,
                          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 200000) INSERT OR IGNORE INTO counter SELECT "
                          "'uuid:d' || (i % 500 + 1), 'many', '1', date('2026-11-23', "
                          "'-' || (i / 4 % 100) || ' days'), CASE i % 2 WHEN 0 THEN 'standard' "
                          "ELSE 'easy-read' END, CASE i % 5 WHEN 0 THEN 'open' WHEN 1 THEN "
                          "'complete' ELSE 'abandon:q' || (i % 30) END, 3 FROM n",
                          TP_NO_VALUES, NULL, NULL) &&
               tp_sql_commit(db, NULL),
           "cannot fill the store");
    /* As a store is that grew over a year: its log is folded back. */
    insist(tp_sql_scrub(db, NULL), "cannot fold the log back");
    tp_sql_close(db);
}

static int by_size(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return (difference > 0) - (difference < 0);
}

static void page(struct world *world, const char *target)
{
    double took[TIMES];

    for (int i = 0; i < TIMES; i++) {
        struct tp_exchange exchange;
        double before = now_ms();

        insist(world_ask(world,
                         &(struct world_request){.method = "GET",
                                                 .target = target,
                                                 .with_cookie = true,
                                                 .accept = "text/html"},
                         &exchange) == 200,
               target);
        took[i] = now_ms() - before;
        tp_exchange_finish(&exchange);
    }
    qsort(took, TIMES, sizeof(took[0]), by_size);
    printf("{\"name\":\"central page %s at 1,000,000 responses, median, against 50 ms\",\"value\":"
           "%.2f,\"unit\":\"ms\",\"baseline\":50,\"ratio\":%.3f}\n",
           target, took[TIMES / 2], took[TIMES / 2] / 50);
    (void)fflush(stdout);
}

/* ---- the export ---- */

static void seal_answers(struct world *world)
{
    struct tp_sql *db;
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/central.db", world->folder);
    insist(tp_sql_open(path, false, &db, NULL) && tp_sql_begin(db, NULL), "no store");
    for (int i = 0; i < SEALED; i++) {
        struct tp_buf sealed;
        char id[48];
        char xml[512];

        (void)snprintf(id, sizeof(id), "uuid:sealed-%d", i);
        (void)snprintf(xml, sizeof(xml),
                       "<data id=\"hours\"><open>yes</open><why>It would help me to come after "
                       "work, number %d</why><kinds>books films</kinds><about><age>%d</age></about>"
                       "<meta><instanceID>%s</instanceID></meta></data>",
                       i, i % 90, id);
        tp_buf_init(&sealed, 65536);
        insist(tp_seal(&world->central.keys.sealing, xml, strlen(xml), &sealed, NULL) &&
                   tp_sql_run(db,
                              "INSERT INTO submission (seq, instance_id, form, version, device, "
                              "received_ms, late, sealed) VALUES (?1, ?2, 'hours', '1', 'uuid:d1', "
                              "1, 0, ?3)",
                              TP_VALUES(tp_int(ROWS + 1 + i), tp_str(id),
                                        tp_blob(tp_buf_text(&sealed), sealed.length)),
                              NULL, NULL),
               "cannot seal");
        tp_buf_finish(&sealed);
    }
    insist(tp_sql_commit(db, NULL) && tp_sql_scrub(db, NULL), "cannot seal");
    tp_sql_close(db);
}

static long peak_kib(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Writes the CSV; its milliseconds, and in *grown by how much memory grew after the first piece. */
static double export_all(struct world *world, const char *path, long *grown)
{
    const struct tp_export_options options = {.form = "hours", .format = TP_EXPORT_CSV};
    FILE *file = fopen(path, "we");
    struct tp_export *export;
    struct tp_buf piece;
    double before = now_ms();
    long first = 0;
    bool end = false;

    insist(file && tp_export_open(world->central.readers, &world->central.keys, &options, &export,
                                  NULL),
           "no export");
    tp_buf_init(&piece, 64u * 1024u * 1024u);
    while (!end) {
        tp_buf_reset(&piece);
        insist(tp_export_fill(export, &piece, &end, NULL) &&
                   fwrite(tp_buf_text(&piece), 1, piece.length, file) == piece.length,
               "cannot export");
        if (!first)
            first = peak_kib();
    }
    (void)fclose(file);
    tp_export_close(export);
    tp_buf_finish(&piece);
    *grown = peak_kib() - first;
    return now_ms() - before;
}

static void shell(const char *command)
{
    FILE *said = popen(command, "re");

    insist(said && pclose(said) == 0, command);
}

/* The same rows, read back into a plain table, written by sqlite3. */
static double sqlite_writes(const char *csv)
{
    char command[700];
    double before;

    (void)snprintf(command, sizeof(command), "sqlite3 %s.db \".import --csv %s t\" 2>/dev/null",
                   csv, csv);
    shell(command);
    (void)snprintf(command, sizeof(command), "sqlite3 -csv %s.db 'SELECT * FROM t' >%s.2", csv,
                   csv);
    before = now_ms();
    shell(command);
    return now_ms() - before;
}

static void bench_export(struct world *world)
{
    char csv[128];
    double store;
    double plain;
    long grown;

    seal_answers(world);
    (void)snprintf(csv, sizeof(csv), "%s/out.csv", world->folder);
    store = export_all(world, csv, &grown);
    plain = sqlite_writes(csv);
    printf("{\"name\":\"central export of 1,000,000 sealed responses to CSV (from 20,000), against "
           "sqlite3 -csv of plain ones\",\"value\":%.1f,\"unit\":\"s\",\"baseline\":%.1f,\"ratio\":"
           "%.3f}\n",
           store / SEALED * ROWS / 1000, plain / SEALED * ROWS / 1000, store / plain);
    printf("{\"name\":\"central export memory beyond its first piece of 200 rows\",\"value\":%ld,"
           "\"unit\":\"KiB\",\"baseline\":1024,\"ratio\":%.3f}\n",
           grown, (double)grown / 1024);
}

int main(void)
{
    static const char *const targets[] = {"/",          "/surveys",    "/surveys/many", "/screens",
                                          "/responses", "/quarantine", "/log"};
    static struct world world;

    world_make(&world);
    world_publish(&world, "many", "1", "consultation", world_form, NULL);
    fill(&world);
    world_sign_in(&world);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        page(&world, targets[i]);
    bench_export(&world);
    world_end(&world);
    return 0;
}
