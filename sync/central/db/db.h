/*
 * The database behind an interface: one connection, SQL in the part that SQLite and PostgreSQL
 * share.
 *
 * A driver is chosen by the URL's scheme (a bare path is SQLite; postgresql://user@host/name);
 * adding one is one file and one line in db.c. SQL is written with ?1, ?2 for values, ON CONFLICT
 * and RETURNING; times are Unix milliseconds as integers; keys and sealed bytes are blobs.
 * Statements are cached by the address of their text, which must therefore be a string literal.
 *
 * Errors name no value: a value may be an answer or a token. Thread: a connection belongs to one
 * thread at a time; tp_sql_pool hands connections to threads.
 */
#ifndef TP_CENTRAL_DB_DB_H
#define TP_CENTRAL_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Another process (an export, a command) may hold the write lock this long. */
#define TP_SQL_BUSY_MS 10000

struct tp_sql;

enum tp_value_kind {
    TP_VALUE_NULL,
    TP_VALUE_INTEGER,
    TP_VALUE_TEXT,
    TP_VALUE_BLOB,
    TP_VALUE_ARRAY, /* only bound, and only where tp_sql_takes_arrays */
};

/* One value bound to a statement; borrows its bytes until the statement ran or its rows are
 * finished. */
struct tp_value {
    enum tp_value_kind kind;
    int64_t integer;
    const void *bytes;
    size_t length;
};

struct tp_value tp_int(int64_t integer);
struct tp_value tp_str(const char *text); /* NULL gives SQL's NULL */
struct tp_value tp_blob(const void *bytes, size_t length);
struct tp_value tp_null(void);
/* `count` (not 0) values of one kind, none NULL, as one: a column of many rows, for unnest. Borrows
 * them too. */
struct tp_value tp_array(const struct tp_value *values, size_t count);

/* The rows of one question. Embedded by the caller; finish it before the connection runs the same
 * statement again. Text and blobs last until the next tp_rows_next. */
struct tp_rows {
    struct tp_sql *db;
    void *statement;
    struct tp_error *error;
    bool failed;
    bool open;
};

/* What to call the database of this URL in a message: the path of an SQLite file, else words
 * without the URL, which may hold a password. *is_file (may be NULL): it is such a file. */
const char *tp_sql_called(const char *url, bool *is_file);

/* Opens, and makes the file where `create`. A missing database is TP_ERR_NOT_FOUND. */
bool tp_sql_open(const char *url, bool create, struct tp_sql **db, struct tp_error *error);
void tp_sql_close(struct tp_sql *db);

/* Brings the schema up to date (db/schema.c), each migration in a transaction of its own. Refuses a
 * database that a newer version of the program made. */
bool tp_sql_migrate(struct tp_sql *db, int64_t now_ms, struct tp_error *error);

/* Write transactions take the lock at once, so that they never fail half-way for want of it. */
bool tp_sql_begin(struct tp_sql *db, struct tp_error *error);
/* One view of the data for several questions. */
bool tp_sql_begin_read(struct tp_sql *db, struct tp_error *error);
bool tp_sql_commit(struct tp_sql *db, struct tp_error *error);
/* `call` is called once while the next commit, or the next statement outside a transaction, is
 * waited for: work that costs no time then. The outcome is not known yet, so nobody is told of what
 * `call` makes before it is. It must not use this connection. NULL takes back what was not called.
 */
void tp_sql_meanwhile(struct tp_sql *db, void (*call)(void *context), void *context);
/* Calls it now, where it was not called yet. A driver does so once the disk, or the server, has its
 * work; a commit does at the latest when it ends. */
void tp_sql_call_meanwhile(struct tp_sql *db);
/* Safe when no transaction is open. */
void tp_sql_rollback(struct tp_sql *db);

/* Runs a statement that gives no rows. *changed (may be NULL): how many rows it changed. Without
 * it, and in a transaction, a failure may come with a later statement or the commit. */
bool tp_sql_run(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                int64_t *changed, struct tp_error *error);

/* Asks. On failure rows is finished and says so: tp_rows_next gives false, tp_rows_finish gives
 * false; so a caller may check once, at the end. `error` is kept until tp_rows_finish. */
bool tp_sql_ask(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                struct tp_rows *rows, struct tp_error *error);

#define TP_VALUES(...)                                                                             \
    (const struct tp_value[]){__VA_ARGS__},                                                        \
        sizeof((const struct tp_value[]){__VA_ARGS__}) / sizeof(struct tp_value)
#define TP_NO_VALUES NULL, 0

bool tp_rows_next(struct tp_rows *rows);
int64_t tp_rows_int(const struct tp_rows *rows, int column);
const char *tp_rows_text(const struct tp_rows *rows, int column); /* never NULL; "" for NULL */
const void *tp_rows_blob(const struct tp_rows *rows, int column, size_t *length);
bool tp_rows_is_null(const struct tp_rows *rows, int column);
enum tp_value_kind tp_rows_kind(const struct tp_rows *rows, int column);
/* True where every row was read, or as many as the caller wanted, without failure. */
bool tp_rows_finish(struct tp_rows *rows);

/* One number: the first column of the first row; `fallback` where there is no row. */
bool tp_sql_number(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                   int64_t fallback, int64_t *number, struct tp_error *error);

/* A consistent copy in a new file, synced before it takes its name. Refuses an existing one. */
bool tp_sql_backup(struct tp_sql *db, const char *path, struct tp_error *error);

/* ---- where the databases differ ---- */

/* Makes room for the answers of this month and the next ones. Migrating does it; so does the daily
 * round (chores.h). */
bool tp_sql_ahead(struct tp_sql *db, int64_t now_ms, struct tp_error *error);
/* What was deleted is gone from the files too, not only from the tables. */
bool tp_sql_scrub(struct tp_sql *db, struct tp_error *error);
/* How many connections write side by side with profit: 1 where there is one writer at a time. */
size_t tp_sql_writers(const struct tp_sql *db);
/* Whether a statement with unnest(?1::bigint[]...) writes many rows at once: worth while where each
 * statement goes to another process. */
bool tp_sql_takes_arrays(const struct tp_sql *db);
/* Which row of a counter this connection adds to, so that many servers need not wait for each
 * other. */
int64_t tp_sql_shard(struct tp_sql *db);

#endif
