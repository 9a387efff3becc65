/*
 * The PostgreSQL driver (libpq): binary values both ways, statements prepared once a connection.
 *
 * Inside a write transaction a statement whose count of changed rows nobody asks for is sent
 * without waiting for its outcome (libpq's pipeline mode); a failure among them fails the next
 * statement or the commit. So an answer costs one round trip, not four.
 *
 * A connection that is lost is made anew by the next statement, but never inside a transaction:
 * what was begun must fail as a whole.
 */
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/db/driver.h"

/* Statements kept ready; the program has about half as many. A power of two. */
#define CACHE_SLOTS 256u
/* Statements sent without waiting: few enough that their outcomes fit the socket's buffers. */
#define QUEUE_MAX 64
#define VALUES_MAX 32u
/* Rows that a day's count is spread over: as many writers as will ever stand side by side. */
#define SHARDS 64
/* While one waits for the server's sync the others write; more only share two cores. */
#define WRITERS 4
#define SQL_MAX 4096u

/* Types of values, as in PostgreSQL's pg_type.dat. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
};

/* Any number that no other program takes: "talkpnt" in ASCII. */
#define MIGRATION_LOCK "32758003543370356"

struct slot {
    const char *sql; /* a string literal; its address is the key */
    bool prepared;
};

struct pg_db {
    struct tp_sql base;
    PGconn *connection;
    bool in_transaction;
    bool writes; /* the transaction is one that writes */
    int queued;  /* sent, outcome not read */
    struct slot slots[CACHE_SLOTS];
};

/* One question's rows, all of them. */
struct pg_rows {
    PGresult *result;
    int row;
};

static struct pg_db *self(struct tp_sql *db)
{
    return (struct pg_db *)db;
}

/* The server's words name columns and constraints, not values; what it cannot promise that of is
 * told by its code alone. */
static bool refuse(const PGresult *result, struct tp_error *error)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

    if (!state || !text)
        return tp_fail(error, TP_ERR_IO, "database: the connection is lost");
    if (strncmp(state, "22", 2) == 0)
        return tp_fail(error, TP_ERR_IO, "database: error %s", state);
    return tp_fail(error, strncmp(state, "23", 2) == 0 ? TP_ERR_CONFLICT : TP_ERR_IO,
                   "database: %s", text);
}

static bool is_fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* ---- connecting ---- */

/* Runs one plain statement with nothing else under way. */
static bool run_plain(struct pg_db *pg, const char *sql, struct tp_error *error)
{
    PGresult *result = PQexec(pg->connection, sql);
    bool ok = is_fine(result) || refuse(result, error);

    PQclear(result);
    return ok;
}

/* What is committed is on the disk, whatever the server's default; a lock that is not given is an
 * error in the end, not a request that hangs. */
static bool configure(struct pg_db *pg, struct tp_error *error)
{
    return run_plain(pg,
                     "SELECT set_config('synchronous_commit', 'on', false) "
                     "WHERE current_setting('synchronous_commit') IN ('off', 'local');"
                     "SET lock_timeout = '10s';"
                     "SET idle_in_transaction_session_timeout = '60s';"
                     "SET client_min_messages = 'error'",
                     error);
}

/* Makes a lost connection anew. False inside a transaction: it is lost with its connection. */
static bool revive(struct pg_db *pg, struct tp_error *error)
{
    if (PQstatus(pg->connection) == CONNECTION_OK)
        return true;
    if (pg->in_transaction)
        return tp_fail(error, TP_ERR_IO, "database: the connection is lost");
    PQreset(pg->connection);
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        pg->slots[i].prepared = false;
    pg->queued = 0;
    if (PQstatus(pg->connection) != CONNECTION_OK)
        return tp_fail(error, TP_ERR_IO, "database: cannot connect");
    return configure(pg, error);
}

static void pg_close(struct tp_sql *db)
{
    PQfinish(self(db)->connection);
    tp_free(db);
}

static bool connect_to(struct pg_db *pg, const char *rest, struct tp_error *error)
{
    char *url = tp_asprintf("postgresql:%s", rest);
    /* What the URL says comes later, and wins. */
    const char *names[] = {"connect_timeout",  "keepalives_idle", "tcp_user_timeout",
                           "application_name", "dbname",          NULL};
    const char *values[] = {"10", "30", "30000", "talkpoint-central", url, NULL};

    if (!url)
        return tp_fail_memory(error);
    pg->connection = PQconnectdbParams(names, values, 1);
    tp_free_secret(url);
    if (PQstatus(pg->connection) == CONNECTION_OK)
        return configure(pg, error);
    /* Its first line; the name of the host and the user, never the password. */
    return tp_fail(error, TP_ERR_IO, "cannot connect to the database: %.*s",
                   (int)strcspn(PQerrorMessage(pg->connection), "\n"),
                   PQerrorMessage(pg->connection));
}

/* A database that holds no store yet is one that is not there, unless it is to be made. */
static bool holds_store(struct pg_db *pg, struct tp_error *error)
{
    PGresult *result = PQexec(pg->connection, "SELECT to_regclass('migration') IS NOT NULL");
    bool ok = is_fine(result) || refuse(result, error);

    if (ok && strcmp(PQgetvalue(result, 0, 0), "t") != 0)
        ok = tp_fail(error, TP_ERR_NOT_FOUND, "the database holds no store");
    PQclear(result);
    return ok;
}

static bool pg_open(const char *rest, bool create, struct tp_sql **db, struct tp_error *error)
{
    struct pg_db *pg = tp_calloc(1, sizeof(*pg));

    if (!pg)
        return tp_fail_memory(error);
    pg->base.driver = &tp_sql_postgres;
    if (!connect_to(pg, rest, error) || (!create && !holds_store(pg, error))) {
        pg_close(&pg->base);
        return false;
    }
    *db = &pg->base;
    return true;
}

/* ---- statements ---- */

static struct slot *find_slot(struct pg_db *pg, const char *sql)
{
    size_t start = ((uintptr_t)sql >> 3) * 0x9E3779B1u;

    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        struct slot *slot = &pg->slots[(start + i) % CACHE_SLOTS];

        if (slot->sql == sql || !slot->sql) {
            slot->sql = sql;
            return slot;
        }
    }
    return NULL;
}

/* ?1 becomes $1. No statement of the program has a question mark in a literal. */
static bool translate(const char *sql, char out[SQL_MAX], struct tp_error *error)
{
    size_t length = strlen(sql);

    if (length >= SQL_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "a statement is too long");
    for (size_t i = 0; i <= length; i++)
        out[i] = sql[i] == '?' ? '$' : sql[i];
    return true;
}

/* A statement's values as libpq wants them. */
struct bound {
    Oid types[VALUES_MAX];
    const char *values[VALUES_MAX];
    int lengths[VALUES_MAX];
    int formats[VALUES_MAX];
    uint64_t integers[VALUES_MAX]; /* in network order */
    int count;
};

static bool bind_all(const struct tp_value *values, size_t count, struct bound *bound,
                     struct tp_error *error)
{
    if (count > VALUES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "a statement has too many values");
    bound->count = (int)count;
    for (size_t i = 0; i < count; i++) {
        const struct tp_value *value = &values[i];

        if (value->length > INT32_MAX)
            return tp_fail(error, TP_ERR_LIMIT, "a value is too long");
        bound->formats[i] = 1;
        bound->lengths[i] = (int)value->length;
        bound->values[i] = value->bytes ? value->bytes : "";
        bound->types[i] = value->kind == TP_VALUE_TEXT ? OID_TEXT : OID_BYTEA;
        if (value->kind == TP_VALUE_NULL) {
            bound->values[i] = NULL;
            bound->types[i] = 0;
        } else if (value->kind == TP_VALUE_INTEGER) {
            bound->integers[i] = htobe64((uint64_t)value->integer);
            bound->values[i] = (const char *)&bound->integers[i];
            bound->lengths[i] = sizeof(bound->integers[i]);
            bound->types[i] = OID_INT8;
        }
    }
    return true;
}

static bool flush_queue(struct pg_db *pg, PGresult **own, struct tp_error *error);

static void name_slot(const struct pg_db *pg, const struct slot *slot, char name[16])
{
    (void)snprintf(name, 16, "s%u", (unsigned)(slot - pg->slots));
}

/* Prepares the statement, once a connection. A value that is NULL the first time leaves its type to
 * the server, which finds the column's: the same that the program gives. */
static bool make_ready(struct pg_db *pg, const char *sql, const struct bound *bound, char name[16],
                       struct tp_error *error)
{
    struct slot *slot = find_slot(pg, sql);
    char text[SQL_MAX];
    PGresult *result;

    if (!slot)
        return tp_fail(error, TP_ERR_LIMIT, "too many statements");
    name_slot(pg, slot, name);
    if (slot->prepared)
        return true;
    if (!translate(sql, text, error) || !flush_queue(pg, NULL, error))
        return false;
    result = PQprepare(pg->connection, name, text, bound->count, bound->types);
    slot->prepared = is_fine(result) || refuse(result, error);
    PQclear(result);
    return slot->prepared;
}

/* The outcome of the next statement of the pipeline. */
static PGresult *next_outcome(PGconn *connection)
{
    PGresult *result = PQgetResult(connection);
    PGresult *more;

    if (!result || PQresultStatus(result) == PGRES_PIPELINE_SYNC)
        return result;
    while ((more = PQgetResult(connection)))
        PQclear(more);
    return result;
}

/* Ends the pipeline: reads the outcome of all that was queued and, where `own` is not NULL, hands
 * over that of the statement sent last. The first failure is the error. */
static bool flush_queue(struct pg_db *pg, PGresult **own, struct tp_error *error)
{
    bool ok = true;

    if (PQpipelineStatus(pg->connection) == PQ_PIPELINE_OFF)
        return true;
    if (!PQpipelineSync(pg->connection))
        ok = refuse(NULL, error);
    for (int i = 0; i < pg->queued; i++) {
        PGresult *result = next_outcome(pg->connection);

        if (ok && !is_fine(result))
            ok = refuse(result, error);
        if (own && i == pg->queued - 1)
            *own = result;
        else
            PQclear(result);
    }
    PQclear(next_outcome(pg->connection)); /* of the synchronisation */
    pg->queued = 0;
    (void)PQexitPipelineMode(pg->connection);
    return ok;
}

static bool send(struct pg_db *pg, const char *name, const struct bound *bound,
                 struct tp_error *error)
{
    if (!PQsendQueryPrepared(pg->connection, name, bound->count, bound->values, bound->lengths,
                             bound->formats, 1))
        return refuse(NULL, error);
    pg->queued++;
    return true;
}

/* Runs a statement to its result: behind what is queued, or alone. */
static bool run_to_result(struct pg_db *pg, const char *name, const struct bound *bound,
                          PGresult **result, struct tp_error *error)
{
    PGresult *got = NULL;
    bool ok;

    if (pg->queued == 0) {
        got = PQexecPrepared(pg->connection, name, bound->count, bound->values, bound->lengths,
                             bound->formats, 1);
        ok = is_fine(got) || refuse(got, error);
    } else {
        ok = send(pg, name, bound, error) && flush_queue(pg, &got, error);
    }
    if (!ok) {
        PQclear(got);
        return false;
    }
    *result = got;
    return true;
}

/* A question outside a transaction changes nothing by being asked again: where the connection was
 * lost since the last one (the server was restarted), it is asked once more. */
static bool run_prepared(struct pg_db *pg, const char *sql, const struct bound *bound,
                         PGresult **result, struct tp_error *error)
{
    char name[16];

    for (int tries = 0;; tries++) {
        if (!revive(pg, error))
            return false;
        if (make_ready(pg, sql, bound, name, error) &&
            run_to_result(pg, name, bound, result, error))
            return true;
        if (tries > 0 || pg->in_transaction || PQstatus(pg->connection) == CONNECTION_OK)
            return false;
    }
}

static bool pg_prepare(struct tp_sql *db, const char *sql, const struct tp_value *values,
                       size_t count, void **statement, struct tp_error *error)
{
    struct pg_rows *rows = tp_calloc(1, sizeof(*rows));
    struct bound bound;

    if (!rows)
        return tp_fail_memory(error);
    rows->row = -1;
    if (!bind_all(values, count, &bound, error) ||
        !run_prepared(self(db), sql, &bound, &rows->result, error)) {
        tp_free(rows);
        return false;
    }
    *statement = rows;
    return true;
}

static bool pg_run(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                   int64_t *changed, struct tp_error *error)
{
    struct pg_db *pg = self(db);
    struct bound bound;
    PGresult *result;
    char name[16];

    if (!bind_all(values, count, &bound, error))
        return false;
    if (!changed && pg->writes) {
        if (!revive(pg, error) || !make_ready(pg, sql, &bound, name, error))
            return false;
        if (pg->queued == 0 && !PQenterPipelineMode(pg->connection))
            return refuse(NULL, error);
        return send(pg, name, &bound, error) &&
               (pg->queued < QUEUE_MAX || flush_queue(pg, NULL, error));
    }
    if (!run_prepared(pg, sql, &bound, &result, error))
        return false;
    if (changed)
        *changed = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return true;
}

static int pg_step(struct tp_sql *db, void *statement, struct tp_error *error)
{
    struct pg_rows *rows = statement;

    (void)db;
    (void)error;
    return ++rows->row < PQntuples(rows->result);
}

static void pg_release(struct tp_sql *db, void *statement)
{
    struct pg_rows *rows = statement;

    (void)db;
    PQclear(rows->result);
    tp_free(rows);
}

/* ---- transactions and scripts ---- */

static bool commit(struct pg_db *pg, struct tp_error *error)
{
    PGresult *result = NULL;
    bool ok;

    pg->in_transaction = false;
    pg->writes = false;
    if (pg->queued == 0) {
        result = PQexec(pg->connection, "COMMIT");
        ok = is_fine(result) || refuse(result, error);
    } else {
        ok = PQsendQueryParams(pg->connection, "COMMIT", 0, NULL, NULL, NULL, NULL, 0) == 1 ||
             refuse(NULL, error);
        pg->queued += ok;
        ok = flush_queue(pg, ok ? &result : NULL, error) && ok;
    }
    /* The server answers COMMIT of a transaction that failed with ROLLBACK, and no error. */
    if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        ok = tp_fail(error, TP_ERR_IO, "database: the transaction failed before");
    PQclear(result);
    return ok;
}

static bool pg_script(struct tp_sql *db, const char *sql, struct tp_error *error)
{
    struct pg_db *pg = self(db);

    if (strcmp(sql, "COMMIT") == 0)
        return commit(pg, error);
    if (strcmp(sql, "ROLLBACK") == 0) {
        (void)flush_queue(pg, NULL, NULL);
        pg->in_transaction = false;
        pg->writes = false;
        return run_plain(pg, sql, error);
    }
    if (!revive(pg, error) || !flush_queue(pg, NULL, error))
        return false;
    if (!run_plain(pg, sql, error) &&
        (pg->in_transaction || PQstatus(pg->connection) == CONNECTION_OK || !revive(pg, error) ||
         !run_plain(pg, sql, error)))
        return false;
    if (strncmp(sql, "BEGIN", 5) == 0) {
        pg->in_transaction = true;
        pg->writes = !strstr(sql, "READ ONLY");
    }
    return true;
}

static bool pg_in_transaction(struct tp_sql *db)
{
    struct pg_db *pg = self(db);

    return pg->in_transaction || PQtransactionStatus(pg->connection) == PQTRANS_INTRANS ||
           PQtransactionStatus(pg->connection) == PQTRANS_INERROR ||
           PQpipelineStatus(pg->connection) != PQ_PIPELINE_OFF;
}

/* ---- columns ---- */

static int64_t pg_column_int(void *statement, int column)
{
    const struct pg_rows *rows = statement;
    const char *bytes = PQgetvalue(rows->result, rows->row, column);
    uint64_t eight;
    uint32_t four;
    uint16_t two;

    if (PQgetisnull(rows->result, rows->row, column))
        return 0;
    switch (PQftype(rows->result, column)) {
    case OID_BOOL:
        return *bytes != 0;
    case OID_INT2:
        memcpy(&two, bytes, sizeof(two));
        return (int16_t)be16toh(two);
    case OID_INT4:
        memcpy(&four, bytes, sizeof(four));
        return (int32_t)be32toh(four);
    case OID_INT8:
        memcpy(&eight, bytes, sizeof(eight));
        return (int64_t)be64toh(eight);
    default:
        return 0;
    }
}

static const char *pg_column_text(void *statement, int column)
{
    const struct pg_rows *rows = statement;

    return PQgetvalue(rows->result, rows->row, column);
}

static const void *pg_column_blob(void *statement, int column, size_t *length)
{
    const struct pg_rows *rows = statement;

    *length = (size_t)PQgetlength(rows->result, rows->row, column);
    return PQgetvalue(rows->result, rows->row, column);
}

static enum tp_value_kind pg_column_kind(void *statement, int column)
{
    const struct pg_rows *rows = statement;

    if (PQgetisnull(rows->result, rows->row, column))
        return TP_VALUE_NULL;
    switch (PQftype(rows->result, column)) {
    case OID_TEXT:
        return TP_VALUE_TEXT;
    case OID_BYTEA:
        return TP_VALUE_BLOB;
    default:
        return TP_VALUE_INTEGER;
    }
}

static bool pg_backup(struct tp_sql *db, const char *path, struct tp_error *error)
{
    (void)db;
    (void)path;
    return tp_fail(error, TP_ERR_UNSUPPORTED,
                   "a PostgreSQL database is backed up by its own tools: pg_dump, or pg_basebackup "
                   "with an archive of its log (docs/OPERATIONS.md)");
}

static bool pg_renumber(struct tp_sql *db, const char *table, const char *column,
                        struct tp_error *error)
{
    char sql[256];

    (void)snprintf(sql, sizeof(sql),
                   "SELECT setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%s), 0) + 1, "
                   "false) FROM %s",
                   table, column, column, table);
    return pg_script(db, sql, error);
}

/* Each connection that writes has its own server process, so mostly its own row. */
static int64_t pg_shard(struct tp_sql *db)
{
    return PQbackendPID(self(db)->connection) % SHARDS;
}

const struct tp_sql_driver tp_sql_postgres = {
    .scheme = "postgresql",
    .open = pg_open,
    .close = pg_close,
    .script = pg_script,
    .begin_write = "BEGIN",
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .begin_migration = "BEGIN; SELECT pg_advisory_xact_lock(" MIGRATION_LOCK ")",
    .in_transaction = pg_in_transaction,
    .prepare = pg_prepare,
    .run = pg_run,
    .step = pg_step,
    .column_int = pg_column_int,
    .column_text = pg_column_text,
    .column_blob = pg_column_blob,
    .column_kind = pg_column_kind,
    .release = pg_release,
    .backup = pg_backup,
    .ahead = tp_sql_postgres_ahead,
    .renumber = pg_renumber,
    .scrub = "VACUUM (ANALYZE) submission, attachment, quarantine, opening",
    .writers = WRITERS,
    .shard = pg_shard,
    .migration_table = "CREATE TABLE IF NOT EXISTS migration ("
                       "number BIGINT PRIMARY KEY, applied_ms BIGINT NOT NULL)",
    .migrations = tp_sql_postgres_migrations,
};
