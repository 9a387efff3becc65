/* The SQLite driver: WAL, synchronous FULL, secure_delete, STRICT tables (docs/OPERATIONS.md). */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/db/driver.h"
#include "central/db/sqlite_log.h"

/* Statements kept ready; the program has about half as many. A power of two. */
#define CACHE_SLOTS 256u
/* Pages of the write-ahead log before it is folded back: 16 MiB, so that a drain of thousands of
 * answers folds a few times only. */
#define CHECKPOINT_PAGES "4000"

struct slot {
    const char *sql; /* a string literal; its address is the key */
    sqlite3_stmt *statement;
    bool busy;
};

struct sqlite_db {
    struct tp_sql base;
    sqlite3 *handle;
    struct slot slots[CACHE_SLOTS];
};

static struct sqlite_db *self(struct tp_sql *db)
{
    return (struct sqlite_db *)db;
}

static bool refuse(sqlite3 *handle, struct tp_error *error)
{
    int code = sqlite3_errcode(handle) & 0xff;

    if (code == SQLITE_NOMEM)
        return tp_fail_memory(error);
    return tp_fail(error, code == SQLITE_CONSTRAINT ? TP_ERR_CONFLICT : TP_ERR_IO, "database: %s",
                   sqlite3_errmsg(handle));
}

static bool execute(struct sqlite_db *sqlite, const char *sql, struct tp_error *error)
{
    return sqlite3_exec(sqlite->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           refuse(sqlite->handle, error);
}

static void sqlite_close(struct tp_sql *db)
{
    struct sqlite_db *sqlite = self(db);

    for (size_t i = 0; i < CACHE_SLOTS; i++)
        (void)sqlite3_finalize(sqlite->slots[i].statement);
    (void)sqlite3_close_v2(sqlite->handle);
    tp_free(sqlite);
}

static bool configure(struct sqlite_db *sqlite, struct tp_error *error)
{
    (void)sqlite3_busy_timeout(sqlite->handle, TP_SQL_BUSY_MS);
    (void)sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(sqlite->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return execute(sqlite,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;"
                   "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
                   "PRAGMA wal_autocheckpoint = " CHECKPOINT_PAGES,
                   error);
}

/* Makes the file readable by its owner alone; SQLite gives its log the same mode. */
static bool make_file(const char *path, struct tp_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return tp_fail_errno(error, errno, "cannot make the database '%s'", path);
    (void)close(fd);
    return true;
}

static bool sqlite_open(const char *path, bool create, struct tp_sql **db, struct tp_error *error)
{
    struct sqlite_db *sqlite;

    while (strncmp(path, "//", 2) == 0)
        path++;
    if (create && !make_file(path, error))
        return false;
    if (access(path, F_OK) != 0)
        return tp_fail_errno(error, errno, "cannot open the database '%s'", path);
    sqlite = tp_calloc(1, sizeof(*sqlite));
    if (!sqlite)
        return tp_fail_memory(error);
    sqlite->base.driver = &tp_sql_sqlite;
    if (sqlite3_open_v2(path, &sqlite->handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        tp_sqlite_log_vfs()) != SQLITE_OK) {
        tp_fail(error, TP_ERR_IO, "cannot open the database '%s': %s", path,
                sqlite->handle ? sqlite3_errmsg(sqlite->handle) : "out of memory");
        goto close;
    }
    if (!configure(sqlite, error)) {
        tp_fail_prefix(error, "'%s'", path);
        goto close;
    }
    *db = &sqlite->base;
    return true;
close:
    sqlite_close(&sqlite->base);
    return false;
}

static bool sqlite_in_transaction(struct tp_sql *db)
{
    return sqlite3_get_autocommit(self(db)->handle) == 0;
}

/* The slot of this statement, or the first free one on its way; NULL when the table is full. */
static struct slot *find_slot(struct sqlite_db *sqlite, const char *sql)
{
    size_t start = ((uintptr_t)sql >> 3) * 0x9E3779B1u;

    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        struct slot *slot = &sqlite->slots[(start + i) % CACHE_SLOTS];

        if (slot->sql == sql || !slot->sql)
            return slot;
    }
    return NULL;
}

static sqlite3_stmt *ready(struct sqlite_db *sqlite, const char *sql, struct tp_error *error)
{
    struct slot *slot = find_slot(sqlite, sql);
    sqlite3_stmt *statement = NULL;
    bool keep = slot && !slot->sql;

    if (slot && slot->sql && !slot->busy) {
        slot->busy = true;
        return slot->statement;
    }
    if (sqlite3_prepare_v3(sqlite->handle, sql, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0,
                           &statement, NULL) != SQLITE_OK) {
        refuse(sqlite->handle, error);
        return NULL;
    }
    if (keep)
        *slot = (struct slot){.sql = sql, .statement = statement, .busy = true};
    return statement;
}

static void sqlite_release(struct tp_sql *db, void *statement)
{
    struct sqlite_db *sqlite = self(db);

    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        struct slot *slot = &sqlite->slots[i];

        if (slot->statement != statement)
            continue;
        (void)sqlite3_reset(statement);
        (void)sqlite3_clear_bindings(statement);
        slot->busy = false;
        return;
    }
    (void)sqlite3_finalize(statement);
}

static int bind_one(sqlite3_stmt *statement, int index, const struct tp_value *value)
{
    switch (value->kind) {
    case TP_VALUE_NULL:
        return sqlite3_bind_null(statement, index);
    case TP_VALUE_INTEGER:
        return sqlite3_bind_int64(statement, index, value->integer);
    case TP_VALUE_TEXT:
        return sqlite3_bind_text64(statement, index, value->bytes, value->length, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case TP_VALUE_BLOB:
        return sqlite3_bind_blob64(statement, index, value->length ? value->bytes : "",
                                   value->length, SQLITE_STATIC);
    case TP_VALUE_ARRAY:
        break;
    }
    return SQLITE_MISUSE;
}

/* The values stay bound until release: the caller's bytes outlive the rows. */
static bool sqlite_prepare(struct tp_sql *db, const char *sql, const struct tp_value *values,
                           size_t count, void **statement, struct tp_error *error)
{
    sqlite3_stmt *made = ready(self(db), sql, error);

    if (!made)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (bind_one(made, (int)i + 1, &values[i]) != SQLITE_OK) {
            refuse(self(db)->handle, error);
            sqlite_release(db, made);
            return false;
        }
    }
    *statement = made;
    return true;
}

static int sqlite_step(struct tp_sql *db, void *statement, struct tp_error *error)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        return 0;
    default:
        refuse(self(db)->handle, error);
        return -1;
    }
}

static bool sqlite_run(struct tp_sql *db, const char *sql, const struct tp_value *values,
                       size_t count, int64_t *changed, struct tp_error *error)
{
    void *statement;
    int got;

    if (!sqlite_prepare(db, sql, values, count, &statement, error))
        return false;
    do {
        got = sqlite_step(db, statement, error);
    } while (got > 0);
    if (got == 0 && changed)
        *changed = sqlite3_changes64(self(db)->handle);
    sqlite_release(db, statement);
    return got == 0;
}

static void call_meanwhile(void *db)
{
    tp_sql_call_meanwhile(db);
}

/* What begins and ends a transaction is kept ready, as any statement is. */
static bool sqlite_script(struct tp_sql *db, const char *sql, struct tp_error *error)
{
    if (db->meanwhile)
        tp_sqlite_log_meanwhile(self(db)->handle, call_meanwhile, db);
    return strchr(sql, ';') ? execute(self(db), sql, error)
                            : sqlite_run(db, sql, TP_NO_VALUES, NULL, error);
}

static int64_t sqlite_column_int(void *statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

static const char *sqlite_column_text(void *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return text ? (const char *)text : "";
}

static const void *sqlite_column_blob(void *statement, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(statement, column);

    *length = (size_t)sqlite3_column_bytes(statement, column);
    return bytes ? bytes : "";
}

static enum tp_value_kind sqlite_column_kind(void *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        return TP_VALUE_NULL;
    case SQLITE_TEXT:
        return TP_VALUE_TEXT;
    case SQLITE_BLOB:
        return TP_VALUE_BLOB;
    default:
        return TP_VALUE_INTEGER;
    }
}

/* One writer at a time: nobody to step aside for. */
static int64_t sqlite_shard(struct tp_sql *db)
{
    (void)db;
    return 0;
}

static bool copy_pages(sqlite3 *from, const char *path, struct tp_error *error)
{
    sqlite3_backup *backup;
    sqlite3 *to = NULL;
    bool ok = false;

    if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        !(backup = sqlite3_backup_init(to, "main", from, "main"))) {
        tp_fail(error, TP_ERR_IO, "cannot write '%s': %s", path,
                to ? sqlite3_errmsg(to) : "out of memory");
    } else {
        (void)sqlite3_backup_step(backup, -1);
        ok = sqlite3_backup_finish(backup) == SQLITE_OK ||
             tp_fail(error, TP_ERR_IO, "cannot write '%s': %s", path, sqlite3_errmsg(to));
        /* One file on its own, with no log beside it. */
        if (ok && sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
            ok = refuse(to, error);
    }
    (void)sqlite3_close_v2(to);
    return ok;
}

static bool sqlite_backup(struct tp_sql *db, const char *path, struct tp_error *error)
{
    char *temporary = tp_asprintf("%s.part", path);
    char *folder = tp_strdup(path);
    bool ok = false;

    if (!temporary || !folder) {
        tp_fail_memory(error);
        goto free_names;
    }
    if (access(path, F_OK) == 0) {
        tp_fail(error, TP_ERR_CONFLICT, "'%s' is there already; choose another name", path);
        goto free_names;
    }
    (void)unlink(temporary);
    if (!make_file(temporary, error))
        goto free_names;
    ok = copy_pages(self(db)->handle, temporary, error) && tp_file_sync(temporary, error) &&
         (rename(temporary, path) == 0 || tp_fail_errno(error, errno, "cannot make '%s'", path)) &&
         tp_dir_sync(dirname(folder), error);
    if (!ok)
        (void)unlink(temporary);
free_names:
    tp_free(folder);
    tp_free(temporary);
    return ok;
}

const struct tp_sql_driver tp_sql_sqlite = {
    .scheme = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .script = sqlite_script,
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .begin_migration = "BEGIN IMMEDIATE",
    .in_transaction = sqlite_in_transaction,
    .prepare = sqlite_prepare,
    .run = sqlite_run,
    .step = sqlite_step,
    .column_int = sqlite_column_int,
    .column_text = sqlite_column_text,
    .column_blob = sqlite_column_blob,
    .column_kind = sqlite_column_kind,
    .release = sqlite_release,
    .backup = sqlite_backup,
    .scrub = "PRAGMA wal_checkpoint(TRUNCATE)",
    .writers = 1,
    .shard = sqlite_shard,
    .migration_table = "CREATE TABLE IF NOT EXISTS migration ("
                       "number INTEGER PRIMARY KEY, applied_ms INTEGER NOT NULL) STRICT",
    .migrations = tp_sql_sqlite_migrations,
};
