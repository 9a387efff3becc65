#include "central/db/db.h"

#include <string.h>

#include "central/db/driver.h"

/* Every driver there is. The first serves a bare path. */
static const struct tp_sql_driver *const drivers[] = {&tp_sql_sqlite, &tp_sql_postgres};

#define DRIVER_COUNT (sizeof(drivers) / sizeof(drivers[0]))

struct tp_value tp_int(int64_t integer)
{
    return (struct tp_value){.kind = TP_VALUE_INTEGER, .integer = integer};
}

struct tp_value tp_str(const char *text)
{
    if (!text)
        return tp_null();
    return (struct tp_value){.kind = TP_VALUE_TEXT, .bytes = text, .length = strlen(text)};
}

struct tp_value tp_blob(const void *bytes, size_t length)
{
    return (struct tp_value){.kind = TP_VALUE_BLOB, .bytes = bytes, .length = length};
}

struct tp_value tp_null(void)
{
    return (struct tp_value){.kind = TP_VALUE_NULL};
}

struct tp_value tp_array(const struct tp_value *values, size_t count)
{
    return (struct tp_value){.kind = TP_VALUE_ARRAY, .bytes = values, .length = count};
}

const char *tp_sql_called(const char *url, bool *is_file)
{
    const char *colon = strchr(url, ':');
    bool bare = !colon || strchr(url, '/') < colon || strncmp(url, "sqlite:", 7) == 0;

    if (is_file)
        *is_file = bare;
    return bare ? url : "the database that was named";
}

bool tp_sql_open(const char *url, bool create, struct tp_sql **db, struct tp_error *error)
{
    const char *colon = strchr(url, ':');

    if (!colon || strchr(url, '/') < colon)
        return drivers[0]->open(url, create, db, error);
    for (size_t i = 0; i < DRIVER_COUNT; i++) {
        size_t length = strlen(drivers[i]->scheme);

        if ((size_t)(colon - url) == length && memcmp(url, drivers[i]->scheme, length) == 0)
            return drivers[i]->open(colon + 1, create, db, error);
    }
    return tp_fail(error, TP_ERR_UNSUPPORTED,
                   "no database driver for '%.*s:'; give the path of an SQLite file, or "
                   "postgresql://...",
                   (int)(colon - url), url);
}

void tp_sql_close(struct tp_sql *db)
{
    if (db)
        db->driver->close(db);
}

bool tp_sql_begin(struct tp_sql *db, struct tp_error *error)
{
    return db->driver->script(db, db->driver->begin_write, error);
}

bool tp_sql_begin_read(struct tp_sql *db, struct tp_error *error)
{
    return db->driver->script(db, db->driver->begin_read, error);
}

void tp_sql_meanwhile(struct tp_sql *db, void (*call)(void *context), void *context)
{
    db->meanwhile = call;
    db->meanwhile_context = context;
}

void tp_sql_call_meanwhile(struct tp_sql *db)
{
    void (*call)(void *context) = db->meanwhile;

    db->meanwhile = NULL;
    if (call)
        call(db->meanwhile_context);
}

bool tp_sql_commit(struct tp_sql *db, struct tp_error *error)
{
    bool ok = db->driver->script(db, "COMMIT", error);

    tp_sql_call_meanwhile(db);
    if (ok)
        return true;
    tp_sql_rollback(db);
    return false;
}

void tp_sql_rollback(struct tp_sql *db)
{
    if (db->driver->in_transaction(db))
        (void)db->driver->script(db, "ROLLBACK", NULL);
}

bool tp_sql_run(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                int64_t *changed, struct tp_error *error)
{
    return db->driver->run(db, sql, values, count, changed, error);
}

bool tp_sql_ask(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                struct tp_rows *rows, struct tp_error *error)
{
    *rows = (struct tp_rows){.db = db, .error = error};
    rows->open = db->driver->prepare(db, sql, values, count, &rows->statement, error);
    rows->failed = !rows->open;
    return rows->open;
}

bool tp_rows_next(struct tp_rows *rows)
{
    int got;

    if (!rows->open || rows->failed)
        return false;
    got = rows->db->driver->step(rows->db, rows->statement, rows->error);
    rows->failed = got < 0;
    return got > 0;
}

int64_t tp_rows_int(const struct tp_rows *rows, int column)
{
    return rows->db->driver->column_int(rows->statement, column);
}

const char *tp_rows_text(const struct tp_rows *rows, int column)
{
    return rows->db->driver->column_text(rows->statement, column);
}

const void *tp_rows_blob(const struct tp_rows *rows, int column, size_t *length)
{
    return rows->db->driver->column_blob(rows->statement, column, length);
}

bool tp_rows_is_null(const struct tp_rows *rows, int column)
{
    return tp_rows_kind(rows, column) == TP_VALUE_NULL;
}

enum tp_value_kind tp_rows_kind(const struct tp_rows *rows, int column)
{
    return rows->db->driver->column_kind(rows->statement, column);
}

bool tp_rows_finish(struct tp_rows *rows)
{
    if (rows->open)
        rows->db->driver->release(rows->db, rows->statement);
    rows->open = false;
    return !rows->failed;
}

bool tp_sql_number(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                   int64_t fallback, int64_t *number, struct tp_error *error)
{
    struct tp_rows rows;
    int64_t got = fallback;

    if (tp_sql_ask(db, sql, values, count, &rows, error) && tp_rows_next(&rows))
        got = tp_rows_int(&rows, 0);
    if (!tp_rows_finish(&rows))
        return false;
    *number = got;
    return true;
}

bool tp_sql_backup(struct tp_sql *db, const char *path, struct tp_error *error)
{
    return db->driver->backup(db, path, error);
}

size_t tp_sql_writers(const struct tp_sql *db)
{
    return db->driver->writers;
}

bool tp_sql_takes_arrays(const struct tp_sql *db)
{
    return db->driver->arrays;
}

int64_t tp_sql_shard(struct tp_sql *db)
{
    return db->driver->shard(db);
}

bool tp_sql_scrub(struct tp_sql *db, struct tp_error *error)
{
    return db->driver->script(db, db->driver->scrub, error);
}

bool tp_sql_ahead(struct tp_sql *db, int64_t now_ms, struct tp_error *error)
{
    return !db->driver->ahead || db->driver->ahead(db, now_ms, error);
}

static bool last_migration(struct tp_sql *db, int64_t *last, struct tp_error *error)
{
    return tp_sql_number(db, "SELECT coalesce(max(number), 0) FROM migration", TP_NO_VALUES, 0,
                         last, error);
}

/* Makes the table where it is not there: alone, since two at once would collide. */
static bool begin_history(struct tp_sql *db, struct tp_error *error)
{
    if (!db->driver->script(db, db->driver->begin_migration, error))
        return false;
    if (db->driver->script(db, db->driver->migration_table, error))
        return tp_sql_commit(db, error);
    tp_sql_rollback(db);
    return false;
}

bool tp_sql_migrate(struct tp_sql *db, int64_t now_ms, struct tp_error *error)
{
    const char *const *migrations = db->driver->migrations;
    int64_t last = 0;
    int64_t known = 0;

    while (migrations[known])
        known++;
    if (!begin_history(db, error) || !last_migration(db, &last, error))
        return false;
    if (last > known)
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "the database is at version %lld and this program knows version %lld; "
                       "use the newer program",
                       (long long)last, (long long)known);
    while (last < known) {
        if (!db->driver->script(db, db->driver->begin_migration, error))
            return false;
        /* Another process may have been first. */
        if (!last_migration(db, &last, error))
            goto rollback;
        if (last < known) {
            if (!db->driver->script(db, migrations[last], error) ||
                !tp_sql_run(db, "INSERT INTO migration VALUES (?1, ?2)",
                            TP_VALUES(tp_int(last + 1), tp_int(now_ms)), NULL, error))
                goto rollback;
            last++;
        }
        if (!tp_sql_commit(db, error))
            return false;
    }
    return tp_sql_ahead(db, now_ms, error);
rollback:
    tp_sql_rollback(db);
    return tp_fail_prefix(error, "database migration %lld", (long long)last + 1);
}
