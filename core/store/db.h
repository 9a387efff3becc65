/*
 * The SQLite connection behind a store: kept statements, transactions, and errors in plain words.
 * For core/store only.
 */
#ifndef TP_STORE_DB_H
#define TP_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "store/encode.h"
#include "store/seal.h"
#include "store/statements.h"
#include "store/store.h"

/* "00000000-0000-0000-0000-000000000000" and the NUL. */
#define TP_BOOT_ID_MAX 40u

/* SQLite's application_id: a file with another is not ours. "TPst". */
#define TP_APPLICATION_ID 0x54507374

struct tp_store {
    sqlite3 *db;
    sqlite3_stmt *statements[TP_STATEMENT_COUNT]; /* NULL until first used */
    struct tp_clock clock;
    char *path;
    char *marker; /* PATH-mending: a repair is wanted (mend.h) */
    char boot[TP_BOOT_ID_MAX];
    struct tp_seal_ready ready;  /* the next answer's, where it was prepared */
    struct tp_seal_key last_key; /* what the last answer was sealed to */
    bool has_last_key;
    int64_t holder; /* whose claims are ours; random */
    int64_t data_version;
    uint64_t free_min;
    int log_pages; /* in the log, after the last commit */
    int log_soon;  /* from so many pages on, tp_db_tidy copies the log back into the file */
    int log_must;  /* from so many on, the commit itself does */
    unsigned busy_ms;
    char *vfs; /* a test's; there is no disk below it, and the file is not mended */
    struct tp_store *beside_of; /* borrowed: the handle that this was opened beside; or NULL */
    unsigned besides;           /* how many are open beside this one */
    bool read_only;
    bool damaged; /* SQLite found it so */
};

/* One parameter of a statement. */
struct tp_value {
    enum { TP_VALUE_INTEGER, TP_VALUE_TEXT, TP_VALUE_BLOB } kind;
    int64_t integer;
    const void *bytes; /* must last until the statement is run */
    size_t count;
};

static inline struct tp_value tp_integer(int64_t integer)
{
    return (struct tp_value){.kind = TP_VALUE_INTEGER, .integer = integer};
}

static inline struct tp_value tp_text(const char *text)
{
    return (struct tp_value){.kind = TP_VALUE_TEXT, .bytes = text};
}

static inline struct tp_value tp_blob(const void *bytes, size_t count)
{
    return (struct tp_value){.kind = TP_VALUE_BLOB, .bytes = bytes, .count = count};
}

/* The values of a statement's parameters ?1, ?2 ... */
#define TP_VALUES(...)                                                                             \
    (const struct tp_value[]){__VA_ARGS__},                                                        \
        sizeof((const struct tp_value[]){__VA_ARGS__}) / sizeof(struct tp_value)
#define TP_NO_VALUES NULL, 0

/* True where SQLite's extended result says that the file is not what it wrote, or cannot be read.
 */
bool tp_db_is_damage(int extended);

/* What SQLite last said, as a person should read it; `doing` is "cannot save an answer". Returns
 * false. */
bool tp_db_fail(struct tp_store *store, const char *doing, struct tp_error *error);

/* Statements without values, which no one keeps: while a store is being opened. */
bool tp_db_exec(struct tp_store *store, const char *sql, struct tp_error *error);

/* Makes a statement ready before it is needed. */
bool tp_db_prepare(struct tp_store *store, enum tp_statement which, const char *doing,
                   struct tp_error *error);

/* Runs a statement that gives no rows (or whose rows are not wanted). */
bool tp_db_run(struct tp_store *store, enum tp_statement which, const struct tp_value *values,
               size_t count, const char *doing, struct tp_error *error);

/* Binds a statement and steps to its first row. TP_STEP_ROW: read it by sqlite3_column_*, go on
 * with tp_db_step, and end with tp_db_reset, whatever came. */
enum tp_step { TP_STEP_ROW, TP_STEP_DONE, TP_STEP_FAILED };
enum tp_step tp_db_query(struct tp_store *store, enum tp_statement which,
                         const struct tp_value *values, size_t count, sqlite3_stmt **row,
                         const char *doing, struct tp_error *error);
enum tp_step tp_db_step(struct tp_store *store, sqlite3_stmt *row, const char *doing,
                        struct tp_error *error);
void tp_db_reset(sqlite3_stmt *row);

/* The first column of the first row; fails where there is none. */
bool tp_db_integer(struct tp_store *store, enum tp_statement which, const struct tp_value *values,
                   size_t count, int64_t *value, const char *doing, struct tp_error *error);

/* BEGIN IMMEDIATE; COMMIT and, where it fails, ROLLBACK. tp_db_end commits where `ok`, else rolls
 * back, and returns whether all of it is saved. */
bool tp_db_begin(struct tp_store *store, const char *doing, struct tp_error *error);
bool tp_db_end(struct tp_store *store, bool ok, const char *doing, struct tp_error *error);

/* Copies a long log back, where nobody waits: not in a put. Fails silently: the log holds all. */
void tp_db_tidy(struct tp_store *store);

/* Has the length of the log noted at each commit. */
void tp_db_watch_log(struct tp_store *store);

/* Refuses another program's file, and a newer Talkpoint's, before anything is changed in it. */
bool tp_schema_check(struct tp_store *store, struct tp_error *error);

/* The numbered migrations, up to the newest. */
bool tp_schema_update(struct tp_store *store, struct tp_error *error);

/* Copies a column's text (of a column that is never NULL), cut at `size`. Fails where SQLite has no
 * memory to give it. */
bool tp_db_column_text(sqlite3_stmt *row, int column, char *text, size_t size,
                       struct tp_error *error);

/* The hex of a column that holds a SHA-256. */
bool tp_db_column_digest(sqlite3_stmt *row, int column, char text[TP_SHA256_TEXT_MAX],
                         struct tp_error *error);

/* True for UTF-8 of 1 to max - 1 bytes without control characters. */
bool tp_text_is_name(const char *text, size_t max);

/* As above, and "" too. */
bool tp_text_is_words(const char *text, size_t max);

/* The day of a Unix time, UTC: "2026-11-23". */
#define TP_DAY_MAX 11u
void tp_day_text(int64_t ms, char day[TP_DAY_MAX]);

#endif
