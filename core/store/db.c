#include "store/db.h"

#include <stdio.h>

#include "store/connect.h"

/* A full disk, a damaged file and the like have a sentence of their own; of the rest, SQLite's. */
static const struct {
    int result;
    enum tp_error_code code;
    const char *words;
} plain_words[] = {
    {SQLITE_FULL, TP_ERR_IO, "the disk is full: make room on it"},
    {SQLITE_READONLY, TP_ERR_IO,
     "the disk or the file is read-only: check its permissions, and the disk for errors"},
    {SQLITE_BUSY, TP_ERR_IO, "another program has held it for too long: try again"},
    {SQLITE_LOCKED, TP_ERR_IO, "another program has held it for too long: try again"},
    {SQLITE_CORRUPT, TP_ERR_IO, "the file is damaged"},
    {SQLITE_NOTADB, TP_ERR_IO, "the file is damaged, or is not a Talkpoint store"},
    {SQLITE_IOERR, TP_ERR_IO, "the disk fails: check it, and replace it if this happens again"},
    {SQLITE_CANTOPEN, TP_ERR_IO, "the file cannot be opened: check its directory and permissions"},
    {SQLITE_PERM, TP_ERR_IO, "this user may not: check the file's permissions"},
    {SQLITE_AUTH, TP_ERR_IO, "this user may not: check the file's permissions"},
};

static const char *const sql_of[] = {
#define TP_STATEMENT_SQL(name, sql) [TP_SQL_##name] = (sql),
    TP_STATEMENTS(TP_STATEMENT_SQL)
#undef TP_STATEMENT_SQL
};

bool tp_db_is_damage(int extended)
{
    int result = extended & 0xff;

    return result == SQLITE_CORRUPT || result == SQLITE_NOTADB || extended == SQLITE_IOERR_READ ||
           extended == SQLITE_IOERR_SHORT_READ || extended == SQLITE_IOERR_CORRUPTFS;
}

bool tp_db_fail(struct tp_store *store, const char *doing, struct tp_error *error)
{
    int extended = store->db ? sqlite3_extended_errcode(store->db) : SQLITE_NOMEM;
    /* The log's index beside the file could not grow: a disk without room for 32 KiB. */
    int result = extended == SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : extended & 0xff;

    if (result == SQLITE_NOMEM || extended == SQLITE_IOERR_NOMEM)
        return tp_fail_memory(error);
    if (tp_db_is_damage(extended))
        store->damaged = true;
    for (size_t i = 0; i < sizeof(plain_words) / sizeof(plain_words[0]); i++) {
        if (plain_words[i].result == result)
            return tp_fail(error, plain_words[i].code, "%s in '%s': %s (SQLite %d)", doing,
                           store->path, plain_words[i].words, extended);
    }
    return tp_fail(error, TP_ERR_IO, "%s in '%s': %s (SQLite %d)", doing, store->path,
                   sqlite3_errmsg(store->db), extended);
}

bool tp_db_exec(struct tp_store *store, const char *sql, struct tp_error *error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           tp_db_fail(store, "cannot open the store", error);
}

static bool bind(sqlite3_stmt *statement, const struct tp_value *values, size_t count)
{
    int result = SQLITE_OK;

    for (size_t i = 0; i < count && result == SQLITE_OK; i++) {
        const struct tp_value *value = &values[i];
        int index = (int)i + 1;

        if (value->kind == TP_VALUE_INTEGER)
            result = sqlite3_bind_int64(statement, index, value->integer);
        else if (value->kind == TP_VALUE_TEXT)
            result = sqlite3_bind_text(statement, index, value->bytes, -1, SQLITE_STATIC);
        else
            result =
                sqlite3_bind_blob64(statement, index, value->bytes, value->count, SQLITE_STATIC);
    }
    return result == SQLITE_OK;
}

enum tp_step tp_db_step(struct tp_store *store, sqlite3_stmt *row, const char *doing,
                        struct tp_error *error)
{
    int result = sqlite3_step(row);

    if (result == SQLITE_ROW)
        return TP_STEP_ROW;
    if (result == SQLITE_DONE)
        return TP_STEP_DONE;
    tp_db_fail(store, doing, error);
    return TP_STEP_FAILED;
}

bool tp_db_prepare(struct tp_store *store, enum tp_statement which, const char *doing,
                   struct tp_error *error)
{
    sqlite3_stmt **kept = &store->statements[which];

    if (!store->db)
        return tp_fail(error, TP_ERR_IO, "%s in '%s': it is damaged and waits for repair", doing,
                       store->path);
    return *kept ||
           sqlite3_prepare_v3(store->db, sql_of[which], -1, SQLITE_PREPARE_PERSISTENT, kept,
                              NULL) == SQLITE_OK ||
           tp_db_fail(store, doing, error);
}

enum tp_step tp_db_query(struct tp_store *store, enum tp_statement which,
                         const struct tp_value *values, size_t count, sqlite3_stmt **row,
                         const char *doing, struct tp_error *error)
{
    sqlite3_stmt **kept = &store->statements[which];

    *row = NULL;
    if (!tp_db_prepare(store, which, doing, error))
        return TP_STEP_FAILED;
    *row = *kept;
    if (!bind(*kept, values, count)) {
        tp_db_fail(store, doing, error);
        return TP_STEP_FAILED;
    }
    return tp_db_step(store, *kept, doing, error);
}

void tp_db_reset(sqlite3_stmt *row)
{
    if (!row)
        return;
    /* Its result repeats that of the last step, which was reported. */
    (void)sqlite3_reset(row);
    (void)sqlite3_clear_bindings(row);
}

bool tp_db_run(struct tp_store *store, enum tp_statement which, const struct tp_value *values,
               size_t count, const char *doing, struct tp_error *error)
{
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, which, values, count, &row, doing, error);

    while (step == TP_STEP_ROW)
        step = tp_db_step(store, row, doing, error);
    tp_db_reset(row);
    return step == TP_STEP_DONE;
}

bool tp_db_integer(struct tp_store *store, enum tp_statement which, const struct tp_value *values,
                   size_t count, int64_t *value, const char *doing, struct tp_error *error)
{
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, which, values, count, &row, doing, error);
    int64_t read = 0;
    bool found = step == TP_STEP_ROW;

    if (found)
        read = sqlite3_column_int64(row, 0);
    else if (step == TP_STEP_DONE)
        tp_fail(error, TP_ERR_NOT_FOUND, "%s in '%s': a row is missing", doing, store->path);
    /* To the end: an UPDATE ... RETURNING is done only then. */
    while (step == TP_STEP_ROW)
        step = tp_db_step(store, row, doing, error);
    tp_db_reset(row);
    if (!found || step != TP_STEP_DONE)
        return false;
    *value = read;
    return true;
}

/* Some failures roll back by themselves; then there is nothing to end. */
static void roll_back(struct tp_store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        (void)tp_db_run(store, TP_SQL_ROLLBACK, TP_NO_VALUES, "cannot roll back", NULL);
}

bool tp_db_begin(struct tp_store *store, const char *doing, struct tp_error *error)
{
    /* One that could not be rolled back for want of memory holds the file until now. */
    if (store->db)
        roll_back(store);
    if (!tp_store_heal(store, error))
        return false;
    return tp_db_run(store, TP_SQL_BEGIN, TP_NO_VALUES, doing, error);
}

bool tp_db_end(struct tp_store *store, bool ok, const char *doing, struct tp_error *error)
{
    if (ok && tp_db_run(store, TP_SQL_COMMIT, TP_NO_VALUES, doing, error))
        return true;
    roll_back(store);
    return false;
}

static void copy_log_back(struct tp_store *store)
{
    if (sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) ==
        SQLITE_OK)
        store->log_pages = 0;
}

static int note_log(void *context, sqlite3 *db, const char *name, int pages)
{
    struct tp_store *store = context;

    (void)db;
    (void)name;
    store->log_pages = pages;
    if (pages >= store->log_must)
        copy_log_back(store);
    return SQLITE_OK;
}

void tp_db_watch_log(struct tp_store *store)
{
    (void)sqlite3_wal_hook(store->db, note_log, store);
}

void tp_db_tidy(struct tp_store *store)
{
    if (store->log_pages >= store->log_soon)
        copy_log_back(store);
}

bool tp_db_column_text(sqlite3_stmt *row, int column, char *text, size_t size,
                       struct tp_error *error)
{
    const unsigned char *value = sqlite3_column_text(row, column);

    if (!value)
        return tp_fail_memory(error);
    (void)snprintf(text, size, "%s", (const char *)value);
    return true;
}

bool tp_db_column_digest(sqlite3_stmt *row, int column, char text[TP_SHA256_TEXT_MAX],
                         struct tp_error *error)
{
    const void *digest = sqlite3_column_blob(row, column);

    if (!digest && sqlite3_column_type(row, column) == SQLITE_BLOB)
        return tp_fail_memory(error);
    if (!digest || sqlite3_column_bytes(row, column) != TP_SHA256_BYTES)
        return tp_fail(error, TP_ERR_IO, "the store is damaged: an answer has no SHA-256");
    tp_hex(digest, TP_SHA256_BYTES, text);
    return true;
}
