/*
 * A database of its own for each test, SQLite's or PostgreSQL's (databases.h), with a table t of
 * numbers, texts and bytes in it.
 */
#ifndef TP_TESTS_UNIT_CENTRAL_DATABASE_H
#define TP_TESTS_UNIT_CENTRAL_DATABASE_H

#include "unit/central/world.h"

static char folder[64];
static char path[256];

static inline int make(void **state)
{
    struct tp_sql *db;

    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-store-XXXXXX");
    assert_non_null(mkdtemp(folder));
    database_url(folder, path);
    assert_true(tp_sql_open(path, true, &db, NULL));
    assert_true(tp_sql_migrate(db, WORLD_NOW, NULL));
    assert_true(tp_sql_run(db,
                           postgres.on
                               ? "CREATE TABLE t (n BIGINT PRIMARY KEY, s TEXT, b BYTEA)"
                               : "CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT, b BLOB) STRICT",
                           TP_NO_VALUES, NULL, NULL));
    tp_sql_close(db);
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    assert_true(tp_dir_remove(folder, NULL));
    return 0;
}

static inline struct tp_sql *open_db(void)
{
    struct tp_error error;
    struct tp_sql *db = NULL;

    if (!tp_sql_open(path, false, &db, &error))
        fail_msg("%s", error.text);
    return db;
}

static inline int64_t count_rows(struct tp_sql *db)
{
    int64_t count = -1;

    assert_true(tp_sql_number(db, "SELECT count(*) FROM t", TP_NO_VALUES, -1, &count, NULL));
    return count;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

#endif
