/*
 * What a database driver must do. Private to db/: db.c calls it, a driver fills it in.
 * Meanings and errors are those of db.h.
 */
#ifndef TP_CENTRAL_DB_DRIVER_H
#define TP_CENTRAL_DB_DRIVER_H

#include "central/db/db.h"

struct tp_sql_driver {
    const char *scheme; /* "sqlite" */
    /* `rest` is the URL without "scheme:" and slashes, or the bare path. */
    bool (*open)(const char *rest, bool create, struct tp_sql **db, struct tp_error *error);
    void (*close)(struct tp_sql *db);
    /* Runs several statements parted by ';', without values: migrations and transactions. */
    bool (*script)(struct tp_sql *db, const char *sql, struct tp_error *error);
    const char *begin_write;
    const char *begin_read;
    const char *begin_migration; /* begins to write, alone among all processes */
    bool (*in_transaction)(struct tp_sql *db);
    bool (*prepare)(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                    void **statement, struct tp_error *error);
    /* Runs to the end a statement that gives no rows. Where `changed` is NULL and a transaction is
     * open, a failure may be told by a later statement or the commit. */
    bool (*run)(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                int64_t *changed, struct tp_error *error);
    /* 1: a row; 0: no more; -1: failed. */
    int (*step)(struct tp_sql *db, void *statement, struct tp_error *error);
    int64_t (*column_int)(void *statement, int column);
    const char *(*column_text)(void *statement, int column);
    const void *(*column_blob)(void *statement, int column, size_t *length);
    enum tp_value_kind (*column_kind)(void *statement, int column);
    void (*release)(struct tp_sql *db, void *statement);
    bool (*backup)(struct tp_sql *db, const char *path, struct tp_error *error);
    /* Makes room for the months to come; NULL where there is nothing to make. */
    bool (*ahead)(struct tp_sql *db, int64_t now_ms, struct tp_error *error);
    /* The numbers that `table` gives its rows go on after the largest in `column`; NULL where they
     * do so by themselves. */
    bool (*renumber)(struct tp_sql *db, const char *table, const char *column,
                     struct tp_error *error);
    const char *scrub; /* makes sure that what was deleted is gone from the files */
    bool arrays;       /* tp_sql_takes_arrays */
    size_t writers;    /* as tp_sql_writers */
    /* Which of the counters' rows this connection adds to, from 0. */
    int64_t (*shard)(struct tp_sql *db);
    /* Makes the table `migration (number, applied_ms)` where it is not there. */
    const char *migration_table;
    /* The migrations in this driver's dialect, numbered from 1; NULL-ended. */
    const char *const *migrations;
};

/* Each driver's struct begins with this. */
struct tp_sql {
    const struct tp_sql_driver *driver;
    void (*meanwhile)(void *context); /* tp_sql_meanwhile; NULL: nothing, or it was called */
    void *meanwhile_context;
};

extern const struct tp_sql_driver tp_sql_sqlite;
extern const char *const tp_sql_sqlite_migrations[];
extern const struct tp_sql_driver tp_sql_postgres;
extern const char *const tp_sql_postgres_migrations[];
bool tp_sql_postgres_ahead(struct tp_sql *db, int64_t now_ms, struct tp_error *error);

#endif
