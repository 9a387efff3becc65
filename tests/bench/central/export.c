/*
 * The export of sealed responses to CSV, on SQLite and on PostgreSQL: of answers that have their
 * openings, as a store's have a few minutes after they came in, and of answers that have none yet.
 * Beside it what the database's own tools take to write as many rows of the same text that nobody
 * sealed: sqlite3 -csv, and COPY. And how much memory grows after the first 10,000 rows.
 *
 * 100,000 answers, given as 1,000,000 (it is linear); TP_BENCH_ROWS=1000000 makes them all.
 */
#include "central/export/export.h"

#include <sys/resource.h>

#include "bench/bench.h"
#include "central/opener.h"
#include "central/opening.h"
#include "unit/central/world.h"

#define ROWS_COMMON 100000
#define SEALED_A_COMMIT 5000
#define FIRST_ROWS 10000

static int rows;

/* ---- answers ---- */

static void seal_one(struct world *world, struct tp_sql *db, int number)
{
    struct tp_buf sealed;
    char id[48];
    char xml[1024];

    (void)snprintf(id, sizeof(id), "uuid:sealed-%d", number);
    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"hours\"><open>yes</open><why>It would help me to come after work, "
                   "number %d</why><kinds>books films</kinds><about><age>%d</age></about><meta>"
                   "<instanceID>%s</instanceID><tp:context xmlns:tp=\"urn:talkpoint:context:1\">"
                   "<tp:venue>Cowley Library</tp:venue><tp:channel>library</tp:channel>"
                   "<tp:language>en</tp:language><tp:readingMode>standard</tp:readingMode>"
                   "<tp:privacyVersion>2026-1</tp:privacyVersion><tp:clock>checked</tp:clock>"
                   "<tp:receiptCode>K7QM-4TXB</tp:receiptCode></tp:context></meta></data>",
                   number, number % 90, id);
    tp_buf_init(&sealed, 65536);
    insist(tp_seal(&world->central.keys.sealing, xml, strlen(xml), &sealed, NULL) &&
               tp_sql_run(db,
                          "INSERT INTO received (instance_id, sha256, received_ms) "
                          "VALUES (?1, ?2, ?3)",
                          TP_VALUES(tp_str(id), tp_blob("x", 1), tp_int(WORLD_NOW)), NULL, NULL) &&
               tp_sql_run(db,
                          "INSERT INTO submission (seq, instance_id, form, version, device, "
                          "received_ms, late, sealed) SELECT seq, instance_id, 'hours', '1', ?2, "
                          "received_ms, 0, ?3 FROM received WHERE instance_id = ?1",
                          TP_VALUES(tp_str(id), tp_str(world->device),
                                    tp_blob(tp_buf_text(&sealed), sealed.length)),
                          NULL, NULL),
           "cannot seal");
    tp_buf_finish(&sealed);
}

static void seal_answers(struct world *world)
{
    struct tp_sql *db;

    insist(tp_sql_open(world->central.settings.db, false, &db, NULL), "no store");
    for (int i = 0; i < rows; i++) {
        insist(i % SEALED_A_COMMIT != 0 || tp_sql_begin(db, NULL), "no transaction");
        seal_one(world, db, i);
        insist((i + 1) % SEALED_A_COMMIT != 0 || tp_sql_commit(db, NULL), "no commit");
    }
    tp_sql_close(db);
}

/* As a store is that grew over a year: SQLite's log folded back, PostgreSQL's tables looked at. */
static void scrub(struct world *world)
{
    struct tp_sql *db = tp_sql_pool_take(world->central.readers);

    insist(tp_sql_scrub(db, NULL), "cannot fold the log back");
    tp_sql_pool_give(world->central.readers, db);
}

/* ---- the export ---- */

static long peak_kib(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static int lines_in(const struct tp_buf *piece)
{
    int lines = 0;

    for (const char *at = tp_buf_text(piece); (at = strchr(at, '\n')); at++)
        lines++;
    return lines;
}

/* Writes the CSV; its milliseconds, and in *grown by how much memory grew after the first rows. */
static double export_all(struct world *world, const char *path, long *grown)
{
    const struct tp_export_options options = {.form = "hours", .format = TP_EXPORT_CSV};
    FILE *file = fopen(path, "we");
    struct tp_export *export;
    struct tp_buf piece;
    double before = now_ms();
    long first = 0;
    int lines = 0;
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
        lines += lines_in(&piece);
        if (!first && lines > FIRST_ROWS)
            first = peak_kib();
    }
    insist(lines == rows + 1, "rows are missing");
    (void)fclose(file);
    tp_export_close(export);
    tp_buf_finish(&piece);
    *grown = peak_kib() - first;
    return now_ms() - before;
}

/* ---- what the databases do ---- */

static void shell(const char *command)
{
    FILE *said = popen(command, "re");

    insist(said && pclose(said) == 0, command);
}

static double timed(const char *command)
{
    double before = now_ms();

    shell(command);
    return now_ms() - before;
}

/* The same rows, read back into a plain table, and written by the database's own tool. */
static double sqlite_alone(const char *csv)
{
    char command[700];

    (void)snprintf(command, sizeof(command), "sqlite3 %s.db \".import --csv %s t\" 2>/dev/null",
                   csv, csv);
    shell(command);
    (void)snprintf(command, sizeof(command), "sqlite3 -csv %s.db 'SELECT * FROM t' >%s.2", csv,
                   csv);
    return timed(command);
}

static double postgres_alone(const char *csv)
{
    char command[1024];

    (void)snprintf(
        command, sizeof(command),
        "psql -q -h %s -U talkpoint postgres -c \"DROP TABLE IF EXISTS t; CREATE TABLE t "
        "($(head -n1 %s | tr -d '\\r' | sed 's/[^,]*/\\\"&\\\" text/g'))\" "
        "-c \"\\copy t FROM '%s' (FORMAT csv, HEADER)\" -c 'VACUUM t'",
        postgres.folder, csv, csv);
    shell(command);
    (void)snprintf(command, sizeof(command),
                   "psql -q -h %s -U talkpoint postgres -c 'COPY t TO STDOUT (FORMAT csv)' >%s.2",
                   postgres.folder, csv);
    return timed(command);
}

static void say(const char *database, const char *what, double took, const char *tool, double alone)
{
    double of_a_million = 1000000.0 / rows / 1000;

    printf("{\"name\":\"central export of 1,000,000 responses from %s, %s, against %s of plain "
           "rows\",\"value\":%.1f,\"unit\":\"s\",\"baseline\":%.1f,\"ratio\":%.3f}\n",
           database, what, tool, took * of_a_million, alone * of_a_million, took / alone);
    (void)fflush(stdout);
}

/* `cache_kib`: what the database keeps in this process of the pages it has read. */
static void bench(const char *database, const char *tool, double (*alone)(const char *csv),
                  long cache_kib)
{
    static struct world world;
    char csv[128];
    double slow;
    double quick;
    double plain;
    int64_t made = 0;
    long grown;

    world_make(&world);
    (void)snprintf(csv, sizeof(csv), "%s/out.csv", world.folder);
    seal_answers(&world);
    scrub(&world);
    slow = export_all(&world, csv, &grown);
    insist(tp_opener_run(&world.central, &made, NULL) && made > rows - TP_RUN_ANSWERS,
           "openings are missing");
    scrub(&world);
    quick = export_all(&world, csv, &grown);
    plain = alone(csv);
    say(database, "opened before", quick, tool, plain);
    say(database, "none opened before", slow, tool, plain);
    printf("{\"name\":\"central export from %s, memory beyond its first 10,000 rows\",\"value\":"
           "%ld,\"unit\":\"KiB\",\"baseline\":%ld,\"ratio\":%.3f}\n",
           database, grown, cache_kib + 1024, (double)grown / (double)(cache_kib + 1024));
    world_end(&world);
}

int main(void)
{
    const char *wanted = getenv("TP_BENCH_ROWS");

    rows = wanted ? (int)strtol(wanted, NULL, 10) : ROWS_COMMON;
    insist(rows > FIRST_ROWS && rows % SEALED_A_COMMIT == 0, "TP_BENCH_ROWS is no such number");
    bench("SQLite", "sqlite3 -csv", sqlite_alone, 16384);
    postgres_make(true);
    postgres.on = true;
    bench("PostgreSQL", "COPY", postgres_alone, 0);
    postgres_end();
    return 0;
}
