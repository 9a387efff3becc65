#include <inttypes.h>
#include <stdio.h>

#include "store/db.h"

/*
 * Each entry takes the file from the version of its index to the next. An entry that was released
 * is never changed; a new one is added.
 *
 * head: one row of what outlives the answers: the highest sequence that was deleted, how many were
 * sent, and the latest time seen. A put does not touch it: one page less to write and sync.
 * sent: the last instance IDs that were receipted, so that a doubtful put tried again is known.
 * carried: other devices' answers that came on a USB stick, and the receipts that travel back.
 * notices: one row, the list as the store signed it; its serial outlives a repair (salvage.c).
 */
static const char *const migrations[] = {
    "CREATE TABLE head ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " sequence INTEGER NOT NULL DEFAULT 0,"
    " sent INTEGER NOT NULL DEFAULT 0,"
    " latest_ms INTEGER NOT NULL DEFAULT 0,"
    " probe INTEGER NOT NULL DEFAULT 0,"
    " checked_boot TEXT NOT NULL DEFAULT '',"
    " checked_their_ms INTEGER NOT NULL DEFAULT 0,"
    " checked_monotonic_ms INTEGER NOT NULL DEFAULT 0,"
    " checked_offset_ms INTEGER NOT NULL DEFAULT 0,"
    " checked_sequence INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "INSERT INTO head (id) VALUES (1);"

    "CREATE TABLE outbox ("
    " sequence INTEGER PRIMARY KEY,"
    " instance_id TEXT NOT NULL UNIQUE,"
    " form_id TEXT NOT NULL,"
    " form_version TEXT NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1)),"
    " created_ms INTEGER NOT NULL,"
    " created_trust INTEGER NOT NULL CHECK (created_trust IN (0, 1, 2)),"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " last_error TEXT NOT NULL DEFAULT '',"
    " sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    " sealed BLOB NOT NULL"
    ") STRICT;"
    "CREATE INDEX outbox_order ON outbox (state, attempts, sequence);"

    "CREATE TABLE claims ("
    " sequence INTEGER PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,"
    " holder INTEGER NOT NULL,"
    " boot TEXT NOT NULL,"
    " lapses_ms INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE sent ("
    " number INTEGER PRIMARY KEY,"
    " instance_id TEXT NOT NULL UNIQUE"
    ") STRICT;"

    "CREATE TABLE counters ("
    " form_id TEXT NOT NULL,"
    " form_version TEXT NOT NULL,"
    " day TEXT NOT NULL,"
    " mode TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " count INTEGER NOT NULL,"
    " reported INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (form_id, form_version, day, mode, name)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE tallies ("
    " form_id TEXT NOT NULL,"
    " form_version TEXT NOT NULL,"
    " question TEXT NOT NULL,"
    " choice TEXT NOT NULL,"
    " count INTEGER NOT NULL,"
    " PRIMARY KEY (form_id, form_version, question, choice)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE settings ("
    " name TEXT PRIMARY KEY,"
    " value TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE agent ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " last_contact_ms INTEGER NOT NULL DEFAULT 0,"
    " last_error TEXT NOT NULL DEFAULT '',"
    " enrolment_code TEXT NOT NULL DEFAULT '',"
    " enrolled INTEGER NOT NULL DEFAULT 0,"
    " asked INTEGER NOT NULL DEFAULT 0,"
    " taken INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "INSERT INTO agent (id) VALUES (1);",

    "CREATE TABLE carried ("
    " number INTEGER PRIMARY KEY,"
    " instance_id TEXT NOT NULL UNIQUE,"
    " sha256 TEXT NOT NULL,"
    " received TEXT NOT NULL DEFAULT '',"
    " signature TEXT NOT NULL DEFAULT ''"
    ") STRICT;",

    "CREATE TABLE notices ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " serial INTEGER NOT NULL DEFAULT 0,"
    " list BLOB NOT NULL DEFAULT x'',"
    " signature BLOB NOT NULL DEFAULT x''"
    ") STRICT;"
    "INSERT INTO notices (id) VALUES (1);",

    "ALTER TABLE carried ADD COLUMN device TEXT NOT NULL DEFAULT '';",
};

#define NEWEST ((int64_t)(sizeof(migrations) / sizeof(migrations[0])))

static bool ask(struct tp_store *store, const char *sql, int64_t *value, struct tp_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;

    if (ok)
        *value = sqlite3_column_int64(statement, 0);
    else
        tp_db_fail(store, "cannot read the store", error);
    (void)sqlite3_finalize(statement);
    return ok;
}

/* The file's version; 0 for one that is new. Within a transaction, so that the marks are of one
 * instant: another process may be making the file. */
static bool read_version(struct tp_store *store, int64_t *version, struct tp_error *error)
{
    int64_t application = 0;
    int64_t user_version = 0;
    int64_t tables = 0;

    if (!ask(store, "PRAGMA application_id", &application, error) ||
        !ask(store, "PRAGMA user_version", &user_version, error) ||
        !ask(store, "SELECT count(*) FROM sqlite_schema", &tables, error))
        return false;
    if (application != TP_APPLICATION_ID && (application || user_version || tables))
        return tp_fail(error, TP_ERR_INVALID,
                       "'%s' is another program's database, not a Talkpoint store: name another "
                       "file, or move this one away",
                       store->path);
    if (user_version > NEWEST)
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "'%s' was written by a newer Talkpoint (store version %" PRId64
                       ", this program knows %" PRId64 "): install the newer Talkpoint",
                       store->path, user_version, NEWEST);
    *version = user_version;
    return true;
}

static bool end(struct tp_store *store, bool ok, struct tp_error *error)
{
    if (ok && tp_db_exec(store, "COMMIT", error))
        return true;
    if (!sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool look_at_version(struct tp_store *store, int64_t *version, struct tp_error *error)
{
    return tp_db_exec(store, "BEGIN", error) &&
           end(store, read_version(store, version, error), error);
}

static bool migrate(struct tp_store *store, struct tp_error *error)
{
    char marks[96];
    int64_t version = 0;
    bool ok;

    if (!tp_db_exec(store, "BEGIN IMMEDIATE", error))
        return false;
    /* Asked again under the lock: the other process may have been first. */
    ok = read_version(store, &version, error);
    for (int64_t i = version; ok && i < NEWEST; i++)
        ok = tp_db_exec(store, migrations[i], error);
    (void)snprintf(marks, sizeof(marks), "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   TP_APPLICATION_ID, (int)NEWEST);
    return end(store, ok && (version == NEWEST || tp_db_exec(store, marks, error)), error);
}

bool tp_schema_check(struct tp_store *store, struct tp_error *error)
{
    int64_t version;

    return look_at_version(store, &version, error);
}

bool tp_schema_update(struct tp_store *store, struct tp_error *error)
{
    int64_t version = 0;

    if (!look_at_version(store, &version, error))
        return false;
    if (version == NEWEST)
        return true;
    if (store->read_only)
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "'%s' was written by an older Talkpoint: start the kiosk or the agent once, "
                       "which brings it up to date",
                       store->path);
    return migrate(store, error);
}
