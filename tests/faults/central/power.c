/*
 * The central store's database on a disk that fails: the power goes at every operation, operations
 * fail, the disk is full, syncs fail, from the first migration to the last answer. Whatever was
 * committed is there once, with its bytes; what was withdrawn is gone; and life goes on.
 */
#include "base/file.h"
#include "central/data/forms.h"
#include "central/data/removal.h"
#include "central/data/submissions.h"
#include "central/db/db.h"
#include "central/db/sqlite_log.h"
#include "faults/store/disk_vfs.h"
#include "faults/tally.h"

#define NOW_MS 1795600000000LL
#define ANSWERS 100
#define SEALED_BYTES 3000
#define WITHDRAWN 1

/* In one commit each, as a committer brings them. */
static const size_t groups[] = {1, 2, 1, 64, 1, 30, 1};

struct day {
    struct disk disk;
    struct tp_sql *db;
    bool made;          /* it could be opened once, with its tables and its form */
    bool held[ANSWERS]; /* its commit said yes */
    bool withdrawn;     /* so did this one's */
    bool withdrawing;   /* or may have been done */
};

static char path[96];
static unsigned char sealed[ANSWERS][SEALED_BYTES];
static struct tp_submission submissions[ANSWERS];
static char ids[ANSWERS][32];

static int make_answers(void **state)
{
    static uint64_t seed = 7;
    struct tp_random random = tp_random_seeded(&seed);
    char folder[] = "/tmp/tp-power-XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/central.db", folder);
    for (size_t i = 0; i < ANSWERS; i++) {
        tp_random_fill(&random, sealed[i], SEALED_BYTES);
        (void)snprintf(ids[i], sizeof(ids[i]), "uuid:%zu", i);
        submissions[i] = (struct tp_submission){.instance_id = ids[i],
                                                .form = "hours",
                                                .version = "1",
                                                .device = "screen",
                                                .day = "2026-11-23",
                                                .late_day = "2026-10-24",
                                                .received_ms = NOW_MS,
                                                .sealed = sealed[i],
                                                .sealed_length = SEALED_BYTES};
        tp_sha256(sealed[i], SEALED_BYTES, submissions[i].sha256);
    }
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    *strrchr(path, '/') = '\0';
    return tp_dir_remove(path, NULL) ? 0 : -1;
}

static void begin_day(struct day *day, uint64_t seed)
{
    memset(day, 0, sizeof(*day));
    disk_init(&day->disk, seed);
    /* The store makes its file, empty, before SQLite opens it. */
    disk_name(&day->disk, path)->now = disk_inode_new(&day->disk);
    disk_sync_names(&day->disk);
    disk_vfs_use(&day->disk);
}

static bool publish(struct tp_sql *db)
{
    struct tp_package package;
    enum tp_publish_result result;
    bool ok;

    tp_package_init(&package);
    (void)snprintf(package.id, sizeof(package.id), "hours");
    (void)snprintf(package.version, sizeof(package.version), "1");
    ok = tp_buf_puts(&package.xml, "<x/>") && tp_sql_begin(db, NULL);
    if (ok && !(tp_forms_publish(db, &package, NOW_MS, &result, NULL) && tp_sql_commit(db, NULL))) {
        tp_sql_rollback(db);
        ok = false;
    }
    tp_package_finish(&package);
    return ok;
}

static bool open_store(struct day *day)
{
    return tp_sql_open(path, true, &day->db, NULL) && tp_sql_migrate(day->db, NOW_MS, NULL) &&
           publish(day->db);
}

static void close_store(struct day *day)
{
    tp_sql_close(day->db);
    day->db = NULL;
}

static void take_group(struct day *day, size_t first, size_t count)
{
    void *contexts[ANSWERS];

    for (size_t i = 0; i < count; i++)
        contexts[i] = &submissions[first + i];
    if (!tp_sql_begin(day->db, NULL))
        return;
    if (!tp_submissions_take(day->db, contexts, count, NULL) || !tp_sql_commit(day->db, NULL)) {
        tp_sql_rollback(day->db);
        return;
    }
    for (size_t i = 0; i < count; i++)
        day->held[first + i] = true;
}

static void withdraw(struct day *day)
{
    const struct tp_deed deed = {"admin", NOW_MS};
    int64_t received_ms = 0;
    int64_t seq = 0;
    bool found = false;

    if (!day->held[WITHDRAWN] || !tp_sql_begin(day->db, NULL))
        return;
    day->withdrawing = true;
    day->withdrawn = tp_answer_by_id(day->db, ids[WITHDRAWN], &seq, &received_ms, NULL) &&
                     tp_answer_withdraw(day->db, seq, "2026-11-23", &deed, &found, NULL) && found &&
                     tp_sql_commit(day->db, NULL);
    tp_sql_rollback(day->db);
}

static void live(struct day *day)
{
    size_t first = 0;

    day->made = open_store(day);
    if (day->made) {
        for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
            take_group(day, first, groups[i]);
            first += groups[i];
            if (i == 2)
                withdraw(day);
            if (i == 4)
                (void)tp_sql_scrub(day->db, NULL);
        }
    }
    close_store(day);
}

static int64_t number(struct day *day, const char *sql, const struct tp_value *value)
{
    int64_t found = -1;

    (void)tp_sql_number(day->db, sql, value, value ? 1 : 0, -1, &found, NULL);
    return found;
}

static bool is_whole(struct day *day)
{
    struct tp_rows rows;
    bool whole = false;

    if (tp_sql_ask(day->db, "PRAGMA integrity_check", TP_NO_VALUES, &rows, NULL) &&
        tp_rows_next(&rows))
        whole = strcmp(tp_rows_text(&rows, 0), "ok") == 0;
    return tp_rows_finish(&rows) && whole;
}

static void wrong(uint64_t *what, const char *where, const char *words)
{
    (*what)++;
    print_error("%s: %s\n", where, words);
}

/* How often the answer is here with its own bytes. */
static int64_t copies(struct day *day, size_t i)
{
    struct tp_rows rows;
    int64_t count = 0;

    (void)tp_sql_ask(day->db,
                     "SELECT s.sealed FROM received r JOIN submission s ON s.seq = r.seq "
                     "WHERE r.instance_id = ?1",
                     TP_VALUES(tp_str(ids[i])), &rows, NULL);
    while (tp_rows_next(&rows)) {
        size_t length;
        const void *bytes = tp_rows_blob(&rows, 0, &length);

        count += length == SEALED_BYTES && memcmp(bytes, sealed[i], length) == 0 ? 1 : 1000;
    }
    return tp_rows_finish(&rows) ? count : -1;
}

static void check_answers(struct day *day, const char *where)
{
    for (size_t i = 0; i < ANSWERS; i++) {
        bool gone = i == WITHDRAWN && day->withdrawing;
        int64_t here = copies(day, i);

        if (here < 0 || here > 1)
            wrong(&faults.doubled, where, "an answer is there twice, or with other bytes");
        if (day->held[i] && !gone && here == 0)
            wrong(&faults.lost, where, "an answer that was held is not there");
        if (i == WITHDRAWN && day->withdrawn && here != 0)
            wrong(&faults.exposed, where, "an answer that was withdrawn is there");
    }
    if (number(day, "SELECT count(*) FROM submission", NULL) !=
        number(day, "SELECT coalesce(sum(count), 0) FROM tally", NULL))
        wrong(&faults.broken, where, "the count of the day is another");
}

/* All of it sent again: each is there once in the end. */
static void go_on(struct day *day, const char *where)
{
    take_group(day, 0, ANSWERS);
    for (size_t i = 0; i < ANSWERS; i++) {
        if (!day->held[i])
            wrong(&faults.lost, where, "an answer cannot be taken any more");
    }
    check_answers(day, where);
}

/* A store whose making failed, and was said to have, may have to be made anew. */
static void check(struct day *day, const char *where)
{
    day->disk.fault = DISK_NO_FAULT;
    if (open_store(day)) {
        if (!is_whole(day))
            wrong(&faults.broken, where, "the database is not whole");
        check_answers(day, where);
        go_on(day, where);
    } else if (day->made) {
        wrong(&faults.broken, where, "the store does not open");
    }
    close_store(day);
    disk_finish(&day->disk);
}

static uint64_t operations_of_a_day(bool reads)
{
    struct day day;
    uint64_t count;

    begin_day(&day, 1);
    day.disk.reads_count = reads;
    live(&day);
    count = day.disk.operations;
    for (size_t i = 0; i < ANSWERS; i++)
        assert_true(day.held[i]);
    assert_true(day.withdrawn);
    check(&day, "no fault");
    faults_expect_none_wrong();
    assert_in_range(count, 50, 10000);
    return count;
}

static void strike(enum disk_fault fault, bool reads, uint64_t step)
{
    static const char *const names[] = {"none",         "power cut", "failing once", "failing",
                                        "sync failing", "full",      "read-only"};
    uint64_t count = operations_of_a_day(reads);
    const char *rounds = getenv("TP_FAULTS_ROUNDS");
    uint64_t last = rounds ? strtoull(rounds, NULL, 10) : 1;

    for (uint64_t round = 0; round < last; round++) {
        for (uint64_t at = 1 + round % step; at <= count; at += step) {
            char where[96];
            struct day day;

            (void)snprintf(where, sizeof(where), "%s at %llu, round %llu", names[fault],
                           (unsigned long long)at, (unsigned long long)round);
            begin_day(&day, at * 1000 + round);
            day.disk.reads_count = reads;
            day.disk.fault = fault;
            day.disk.fault_at = at;
            live(&day);
            /* Of the other faults half also lose power while their traces are fresh. */
            if (fault == DISK_POWER_CUT || tp_random_below(&day.disk.random, 2)) {
                day.disk.off = true;
                disk_power_on(&day.disk);
                disk_vfs_use(&day.disk);
            }
            faults.injected++;
            check(&day, where);
        }
    }
    faults_expect_none_wrong();
}

static void the_power_goes_at_every_operation(void **state)
{
    (void)state;
    strike(DISK_POWER_CUT, false, 1);
}

static void every_operation_fails_once(void **state)
{
    (void)state;
    strike(DISK_FAILS_ONCE, true, 3);
}

static void the_disk_fails_for_good(void **state)
{
    (void)state;
    strike(DISK_FAILS, false, 3);
}

static void every_sync_fails_once(void **state)
{
    (void)state;
    strike(DISK_SYNC_FAILS, false, 3);
}

static void the_disk_is_full(void **state)
{
    (void)state;
    strike(DISK_FULL, false, 3);
}

static void the_disk_is_read_only(void **state)
{
    (void)state;
    strike(DISK_READ_ONLY, false, 3);
}

int main(void)
{
    static struct disk none;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_power_goes_at_every_operation),
        cmocka_unit_test(every_operation_fails_once),
        cmocka_unit_test(the_disk_fails_for_good),
        cmocka_unit_test(every_sync_fails_once),
        cmocka_unit_test(the_disk_is_full),
        cmocka_unit_test(the_disk_is_read_only),
    };

    disk_vfs_use(&none);
    if (sqlite3_vfs_register(sqlite3_vfs_find(DISK_VFS), 1) != SQLITE_OK || !tp_sqlite_log_vfs())
        return 1;
    return faults_end(cmocka_run_group_tests(tests, make_answers, remove_folder));
}
