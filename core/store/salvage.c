#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/mend.h"
#include "store/settings.h"
#include "store/source.h"

/* Where a file's application_id stands (SQLite file format, clause 1.3). */
#define APPLICATION_ID_AT 68

#define SCAN_BLOCK 65536u

/* Text of a table's row, longest: a counter's or a setting's. */
#define TEXT_MAX 1024u

static const char doing[] = "cannot repair the store";

/* The tables besides the outbox, with the columns that are worth keeping. Claims lapse. */
static const struct {
    const char *read;
    const char *write;
} tables[] = {
    {"SELECT id, sequence, sent, latest_ms, checked_sequence FROM head",
     "INSERT OR REPLACE INTO head (id, sequence, sent, latest_ms, checked_sequence)"
     " VALUES (?1, ?2, ?3, ?4, ?5)"},
    {"SELECT number, instance_id FROM sent",
     "INSERT OR IGNORE INTO sent (number, instance_id) VALUES (?1, ?2)"},
    {"SELECT form_id, form_version, day, mode, name, count, reported FROM counters",
     "INSERT OR IGNORE INTO counters (form_id, form_version, day, mode, name, count, reported)"
     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    {"SELECT form_id, form_version, question, choice, count FROM tallies",
     "INSERT OR IGNORE INTO tallies (form_id, form_version, question, choice, count)"
     " VALUES (?1, ?2, ?3, ?4, ?5)"},
    {"SELECT number, instance_id, sha256, received, signature, device FROM carried",
     "INSERT OR IGNORE INTO carried (number, instance_id, sha256, received, signature, device)"
     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
    {"SELECT name, value FROM settings",
     "INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)"},
    {"SELECT id, last_contact_ms, enrolled, asked, taken FROM agent",
     "INSERT OR REPLACE INTO agent (id, last_contact_ms, enrolled, asked, taken)"
     " VALUES (?1, ?2, ?3, ?4, ?5)"},
    /* The list comes again with the next contact; that an older one is refused must last. */
    {"SELECT id, serial FROM notices",
     "INSERT OR REPLACE INTO notices (id, serial) VALUES (?1, ?2)"},
};

struct salvage {
    struct tp_store *to;
    sqlite3_stmt *known; /* is there an answer of this ID, or was it sent? */
    sqlite3_stmt *insert;
    sqlite3_stmt *update;
    sqlite3_stmt *lost;
    struct tp_error *error;
};

static bool run(struct tp_store *to, const char *sql, struct tp_error *error)
{
    return sqlite3_exec(to->db, sql, NULL, NULL, NULL) == SQLITE_OK || tp_db_fail(to, doing, error);
}

static bool prepare(struct tp_store *to, const char *sql, sqlite3_stmt **statement,
                    struct tp_error *error)
{
    return sqlite3_prepare_v2(to->db, sql, -1, statement, NULL) == SQLITE_OK ||
           tp_db_fail(to, doing, error);
}

/* Copies a row's values; false for values that the store never writes. */
static bool bind_row(sqlite3_stmt *from, sqlite3_stmt *to)
{
    for (int i = 0; i < sqlite3_column_count(from); i++) {
        int type = sqlite3_column_type(from, i);
        const char *text;

        if (type == SQLITE_INTEGER) {
            if (sqlite3_bind_int64(to, i + 1, sqlite3_column_int64(from, i)) != SQLITE_OK)
                return false;
            continue;
        }
        text = type == SQLITE_TEXT ? (const char *)sqlite3_column_text(from, i) : NULL;
        if (!text || !tp_text_is_words(text, TEXT_MAX) ||
            sqlite3_bind_text(to, i + 1, text, -1, SQLITE_TRANSIENT) != SQLITE_OK)
            return false;
    }
    return true;
}

static bool insert_row(struct salvage *s, sqlite3_stmt *write)
{
    return sqlite3_step(write) == SQLITE_DONE ||
           (sqlite3_errcode(s->to->db) & 0xff) == SQLITE_CONSTRAINT ||
           tp_db_fail(s->to, doing, s->error);
}

/* As many rows as can be read. A row that the new table refuses is left out; what fails for want of
 * disk or memory fails the repair. */
static bool copy_table(sqlite3 *from, struct salvage *s, size_t which)
{
    sqlite3_stmt *read = NULL;
    sqlite3_stmt *write = NULL;
    bool ok = prepare(s->to, tables[which].write, &write, s->error);

    if (ok && sqlite3_prepare_v2(from, tables[which].read, -1, &read, NULL) == SQLITE_OK) {
        while (ok && sqlite3_step(read) == SQLITE_ROW) {
            if (bind_row(read, write))
                ok = insert_row(s, write);
            else if (sqlite3_errcode(s->to->db) == SQLITE_NOMEM ||
                     sqlite3_errcode(from) == SQLITE_NOMEM)
                ok = tp_fail_memory(s->error);
            (void)sqlite3_reset(write);
        }
    }
    (void)sqlite3_finalize(read);
    (void)sqlite3_finalize(write);
    return ok;
}

/* What SQLite can still read of the small tables. */
static bool copy_tables(const char *aside, struct salvage *s)
{
    sqlite3 *from = NULL;
    bool ok = true;

    if (sqlite3_open_v2(aside, &from, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK) {
        (void)sqlite3_db_config(from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        (void)sqlite3_db_config(from, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        (void)sqlite3_exec(from, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY", NULL, NULL,
                           NULL);
        for (size_t i = 0; ok && i < sizeof(tables) / sizeof(tables[0]); i++)
            ok = copy_table(from, s, i);
    }
    (void)sqlite3_close(from);
    return ok;
}

static bool step_done(struct salvage *s, sqlite3_stmt *statement)
{
    bool ok = sqlite3_step(statement) == SQLITE_DONE || tp_db_fail(s->to, doing, s->error);

    (void)sqlite3_reset(statement);
    return ok;
}

static bool keep_answer(struct salvage *s, const struct tp_outbox_item *item, bool known)
{
    unsigned char digest[TP_SHA256_BYTES];
    sqlite3_stmt *to = known ? s->update : s->insert;

    (void)tp_hex_decode(item->sha256, digest, sizeof(digest));
    (void)sqlite3_bind_text(to, 1, item->instance_id, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(to, 2, item->state == TP_OUTBOX_WAITING ? 0 : 1);
    (void)sqlite3_bind_int64(to, 3, item->attempts);
    (void)sqlite3_bind_text(to, 4, item->last_error, -1, SQLITE_STATIC);
    if (!known) {
        (void)sqlite3_bind_int64(to, 5, item->sequence);
        (void)sqlite3_bind_text(to, 6, item->form_id, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(to, 7, item->form_version, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(to, 8, item->created.ms);
        (void)sqlite3_bind_int64(to, 9, item->created.trust);
        (void)sqlite3_bind_blob(to, 10, digest, sizeof(digest), SQLITE_TRANSIENT);
        (void)sqlite3_bind_blob64(to, 11, item->sealed, item->sealed_count, SQLITE_STATIC);
    }
    return step_done(s, to);
}

/* A later version of an answer that is kept already tells its later state. */
static bool see_answer(void *context, const struct tp_outbox_item *item)
{
    struct salvage *s = context;
    bool known;
    bool sent;

    if (!item->sealed) {
        (void)sqlite3_bind_int64(s->lost, 1, item->sequence);
        return step_done(s, s->lost);
    }
    (void)sqlite3_bind_text(s->known, 1, item->instance_id, -1, SQLITE_STATIC);
    if (sqlite3_step(s->known) != SQLITE_ROW) {
        (void)sqlite3_reset(s->known);
        return tp_db_fail(s->to, doing, s->error);
    }
    known = sqlite3_column_int(s->known, 0) != 0;
    sent = sqlite3_column_int(s->known, 1) != 0;
    (void)sqlite3_reset(s->known);
    return sent || keep_answer(s, item, known);
}

static bool read_pages(const char *path, tp_pages_visit *visit, void *context,
                       struct tp_pages_found *found, struct tp_error *error)
{
    char *log_path = tp_asprintf("%s-wal", path);
    struct tp_pages_source file;
    struct tp_pages_source log;
    int file_fd = -1;
    int log_fd = -1;
    bool ok;

    if (!log_path)
        return tp_fail_memory(error);
    file = tp_source_open(path, &file_fd);
    log = tp_source_open(log_path, &log_fd);
    ok = tp_pages_read(&file, &log, visit, context, found, error);
    tp_source_close(file_fd);
    tp_source_close(log_fd);
    tp_free(log_path);
    return ok;
}

static bool copy_answers(const char *aside, struct salvage *s)
{
    struct tp_pages_found found;
    struct tp_error stopped;
    bool ok =
        run(s->to, "CREATE TEMP TABLE lost (sequence INTEGER PRIMARY KEY)", s->error) &&
        prepare(s->to,
                "SELECT EXISTS (SELECT 1 FROM outbox WHERE instance_id = ?1),"
                " EXISTS (SELECT 1 FROM sent WHERE instance_id = ?1)",
                &s->known, s->error) &&
        prepare(s->to,
                "INSERT INTO outbox (instance_id, state, attempts, last_error, sequence, form_id,"
                " form_version, created_ms, created_trust, sha256, sealed)"
                " VALUES (?1, ?2, ?3, ?4,"
                " iif(EXISTS (SELECT 1 FROM outbox WHERE sequence = ?5), NULL, ?5),"
                " ?6, ?7, ?8, ?9, ?10, ?11)",
                &s->insert, s->error) &&
        prepare(s->to,
                "UPDATE outbox SET state = ?2, attempts = ?3, last_error = ?4"
                " WHERE instance_id = ?1",
                &s->update, s->error) &&
        prepare(s->to, "INSERT OR IGNORE INTO temp.lost (sequence) VALUES (?1)", &s->lost,
                s->error);

    if (ok && !read_pages(aside, see_answer, s, &found, &stopped)) {
        /* A visit that stopped it has told why; want of memory has not. */
        if (stopped.code == TP_ERR_MEMORY)
            tp_fail_memory(s->error);
        ok = false;
    }
    (void)sqlite3_finalize(s->known);
    (void)sqlite3_finalize(s->insert);
    (void)sqlite3_finalize(s->update);
    (void)sqlite3_finalize(s->lost);
    return ok;
}

static bool count(struct salvage *s, const char *sql, int64_t *value)
{
    sqlite3_stmt *statement = NULL;
    bool ok = prepare(s->to, sql, &statement, s->error);

    if (ok) {
        ok = sqlite3_step(statement) == SQLITE_ROW || tp_db_fail(s->to, doing, s->error);
        if (ok)
            *value = sqlite3_column_int64(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    return ok;
}

/* The sequence goes on where it was, and staff are told. */
static bool tell(struct salvage *s, const char *aside)
{
    const char *name = strrchr(aside, '/') ? strrchr(aside, '/') + 1 : aside;
    char day[TP_DAY_MAX];
    char text[TP_STORE_DAMAGE_MAX];
    int64_t kept = 0;
    int64_t lost = 0;

    if (!run(s->to,
             "UPDATE head SET sequence ="
             " max(sequence, coalesce((SELECT max(sequence) FROM outbox), 0))",
             s->error) ||
        !count(s, "SELECT count(*) FROM outbox", &kept) ||
        !count(s,
               "SELECT count(*) FROM temp.lost"
               " WHERE sequence NOT IN (SELECT sequence FROM outbox)",
               &lost))
        return false;
    tp_day_text(tp_clock_wall_ms(&s->to->clock), day);
    (void)snprintf(text, sizeof(text),
                   "On %s the file of saved answers was found damaged and was repaired: %" PRId64
                   " waiting answers were kept, %" PRId64
                   " could not be read. The damaged file is kept as %.200s. Tell support.",
                   day, kept, lost, name);
    return tp_setting_set(s->to, TP_DAMAGE_SETTING, text, s->error);
}

bool tp_salvage(struct tp_store *store, const char *aside, const char *made, struct tp_error *error)
{
    struct tp_store_params params = {.clock = store->clock, .boot_id = store->boot};
    struct salvage s = {.to = tp_store_open(made, &params, error), .error = error};
    bool ok;

    if (!s.to)
        return false;
    ok = run(s.to, "BEGIN IMMEDIATE", error) && copy_tables(aside, &s) && copy_answers(aside, &s) &&
         tell(&s, aside) && run(s.to, "COMMIT", error);
    tp_store_close(s.to);
    return ok;
}

static bool see_any(void *context, const struct tp_outbox_item *item)
{
    bool *any = context;

    *any = *any || item->sealed;
    return !*any;
}

/* The words of our schema stand in a file's first pages, and in its log. */
static bool holds_our_schema(int fd)
{
    static const char words[] = "CREATE TABLE outbox (";
    char *block = tp_calloc(SCAN_BLOCK, 1);
    bool found = false;
    ssize_t got = 1;

    for (off_t at = 0; block && !found && got > 0; at += SCAN_BLOCK - (off_t)sizeof(words)) {
        got = pread(fd, block, SCAN_BLOCK, at);
        found = got > 0 && memmem(block, (size_t)got, words, sizeof(words) - 1);
        if (got < (ssize_t)SCAN_BLOCK)
            break;
    }
    tp_free(block);
    return found;
}

bool tp_salvage_is_ours(const char *path)
{
    unsigned char id[4] = {0};
    struct tp_pages_found found;
    bool any = false;
    bool ours;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    ours = (pread(fd, id, sizeof(id), APPLICATION_ID_AT) == (ssize_t)sizeof(id) &&
            ((uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3]) ==
                TP_APPLICATION_ID) ||
           holds_our_schema(fd);
    (void)close(fd);
    if (ours)
        return true;
    (void)read_pages(path, see_any, &any, &found, NULL);
    return any;
}
