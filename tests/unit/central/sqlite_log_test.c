/* The log of the store's SQLite database, written in large pieces: few writes, and what a
 * transaction reads of itself is what it wrote. (What a failing disk does: faults/central/power.c.)
 */
#include "tp_test.h"

#include <sqlite3.h>

#include "central/db/sqlite_log.h"
#include "faults/store/disk_vfs.h"

#define PATH "/disk/central.db"
#define ROWS 64
#define ROW_BYTES 3000

static struct disk disk;

static void run(sqlite3 *db, const char *sql)
{
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static sqlite3 *open_as_the_store(void)
{
    sqlite3 *db;

    assert_int_equal(
        sqlite3_open_v2(PATH, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, tp_sqlite_log_vfs()),
        SQLITE_OK);
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    return db;
}

static int make(void **state)
{
    sqlite3 *db;

    disk_init(&disk, 1);
    disk_vfs_use(&disk);
    db = open_as_the_store();
    run(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
    *state = db;
    return 0;
}

static int end(void **state)
{
    assert_int_equal(sqlite3_close(*state), SQLITE_OK);
    disk_finish(&disk);
    return 0;
}

/* Each row's bytes are its own number. */
static void insert(sqlite3 *db)
{
    unsigned char bytes[ROW_BYTES];
    sqlite3_stmt *statement;

    assert_int_equal(
        sqlite3_prepare_v2(db, "INSERT INTO t (bytes) VALUES (?1)", -1, &statement, NULL),
        SQLITE_OK);
    for (int i = 1; i <= ROWS; i++) {
        memset(bytes, i, sizeof(bytes));
        assert_int_equal(sqlite3_bind_blob(statement, 1, bytes, sizeof(bytes), SQLITE_STATIC),
                         SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static void expect_rows(sqlite3 *db, int count)
{
    sqlite3_stmt *statement;
    int row = 0;

    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT bytes FROM t ORDER BY id", -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *bytes = sqlite3_column_blob(statement, 0);

        row++;
        assert_int_equal(sqlite3_column_bytes(statement, 0), ROW_BYTES);
        assert_int_equal(bytes[0], row);
        assert_int_equal(bytes[ROW_BYTES - 1], row);
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(row, count);
}

/* A page each, and SQLite would write each in two. */
static void a_commit_goes_out_in_a_few_writes(void **state)
{
    uint64_t before;

    run(*state, "BEGIN");
    insert(*state);
    before = disk.operations;
    run(*state, "COMMIT");
    assert_in_range(disk.operations - before, 3, 8);
}

/* What does not fit the cache goes to the log before the commit, and is read back from there. */
static void a_transaction_reads_what_it_spilt(void **state)
{
    uint64_t before;

    run(*state, "PRAGMA cache_size = 4");
    run(*state, "BEGIN");
    before = disk.operations;
    insert(*state);
    assert_true(disk.operations > before);
    expect_rows(*state, ROWS);
    run(*state, "ROLLBACK");
    expect_rows(*state, 0);
    run(*state, "BEGIN");
    insert(*state);
    run(*state, "COMMIT");
    expect_rows(*state, ROWS);
}

static void another_connection_reads_what_was_committed(void **state)
{
    sqlite3 *other = open_as_the_store();

    expect_rows(other, 0);
    run(*state, "BEGIN");
    insert(*state);
    expect_rows(other, 0);
    run(*state, "COMMIT");
    expect_rows(other, ROWS);
    /* Folded back by the other, and begun anew. */
    run(other, "PRAGMA wal_checkpoint(TRUNCATE)");
    run(*state, "DELETE FROM t");
    expect_rows(other, 0);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

struct moment {
    sqlite3 *other;
    size_t calls;
    uint64_t operations;
    int rows; /* that the other connection sees */
};

static void look(void *context)
{
    struct moment *moment = context;

    moment->calls++;
    moment->operations = disk.operations;
    expect_rows(moment->other, moment->rows);
}

/* All is written, and nothing of it is committed yet; what comes after is the sync. */
static void a_commit_leaves_a_moment_before_its_sync(void **state)
{
    struct moment moment = {.other = open_as_the_store()};
    uint64_t before;

    run(*state, "BEGIN");
    insert(*state);
    tp_sqlite_log_meanwhile(*state, look, &moment);
    before = disk.operations;
    run(*state, "COMMIT");
    assert_int_equal(moment.calls, 1);
    assert_true(moment.operations > before);
    assert_true(disk.operations > moment.operations);
    expect_rows(moment.other, ROWS);
    /* Once for each time that it is asked for. */
    run(*state, "DELETE FROM t");
    assert_int_equal(moment.calls, 1);
    assert_int_equal(sqlite3_close(moment.other), SQLITE_OK);
}

/* A log that is not ours has no such moment. */
static void another_log_is_left_alone(void **state)
{
    struct moment moment = {.other = *state};
    sqlite3 *plain;

    assert_int_equal(sqlite3_open_v2(PATH, &plain, SQLITE_OPEN_READWRITE, DISK_VFS), SQLITE_OK);
    run(plain, "PRAGMA synchronous = FULL");
    tp_sqlite_log_meanwhile(plain, look, &moment);
    run(plain, "INSERT INTO t (bytes) VALUES (zeroblob(10))");
    assert_int_equal(moment.calls, 0);
    assert_int_equal(sqlite3_close(plain), SQLITE_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_commit_goes_out_in_a_few_writes),
        TEST(a_transaction_reads_what_it_spilt),
        TEST(another_connection_reads_what_was_committed),
        TEST(a_commit_leaves_a_moment_before_its_sync),
        TEST(another_log_is_left_alone),
    };

    disk_vfs_use(&disk);
    if (sqlite3_vfs_register(sqlite3_vfs_find(DISK_VFS), 1) != SQLITE_OK || !tp_sqlite_log_vfs())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
