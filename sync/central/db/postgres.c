/*
 * The PostgreSQL driver (libpq): the connection, its transactions, and the driver's table.
 *
 * A connection that is lost is made anew by the next statement, but never inside a transaction:
 * what was begun must fail as a whole.
 */
#include "central/db/postgres.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* Rows that a day's count is spread over: as many writers as will ever stand side by side. */
#define SHARDS 64
/* While one waits for the server's sync the other writes; more make the groups smaller. */
#define WRITERS 2

/* Any number that no other program takes: "talkpnt" in ASCII. */
#define MIGRATION_LOCK "32758003543370356"

/* The server's words name columns and constraints, not values; what it cannot promise that of is
 * told by its code alone. */
bool tp_pg_refuse(const PGresult *result, struct tp_error *error)
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

bool tp_pg_is_fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* ---- connecting ---- */

/* Runs one plain statement with nothing else under way. */
static bool run_plain(struct tp_pg *pg, const char *sql, struct tp_error *error)
{
    PGresult *result = PQexec(pg->connection, sql);
    bool ok = tp_pg_is_fine(result) || tp_pg_refuse(result, error);

    PQclear(result);
    return ok;
}

/* What is committed is on the disk, whatever the server's default; a lock that is not given is an
 * error in the end, not a request that hangs. */
static bool configure(struct tp_pg *pg, struct tp_error *error)
{
    return run_plain(pg,
                     "SELECT set_config('synchronous_commit', 'on', false) "
                     "WHERE current_setting('synchronous_commit') IN ('off', 'local');"
                     "SET plan_cache_mode = 'force_generic_plan';"
                     "SET lock_timeout = '10s';"
                     "SET idle_in_transaction_session_timeout = '60s';"
                     "SET client_min_messages = 'error'",
                     error);
}

bool tp_pg_revive(struct tp_pg *pg, struct tp_error *error)
{
    if (PQstatus(pg->connection) == CONNECTION_OK)
        return true;
    if (pg->in_transaction)
        return tp_fail(error, TP_ERR_IO, "database: the connection is lost");
    PQreset(pg->connection);
    for (size_t i = 0; i < TP_PG_SLOTS; i++)
        pg->slots[i].prepared = false;
    pg->queued = 0;
    if (PQstatus(pg->connection) != CONNECTION_OK)
        return tp_fail(error, TP_ERR_IO, "database: cannot connect");
    return configure(pg, error);
}

static void pg_close(struct tp_sql *db)
{
    PQfinish(tp_pg_of(db)->connection);
    tp_buf_finish(&tp_pg_of(db)->arrays);
    tp_free(db);
}

static bool connect_to(struct tp_pg *pg, const char *rest, struct tp_error *error)
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
static bool holds_store(struct tp_pg *pg, struct tp_error *error)
{
    PGresult *result = PQexec(pg->connection, "SELECT to_regclass('migration') IS NOT NULL");
    bool ok = tp_pg_is_fine(result) || tp_pg_refuse(result, error);

    if (ok && strcmp(PQgetvalue(result, 0, 0), "t") != 0)
        ok = tp_fail(error, TP_ERR_NOT_FOUND, "the database holds no store");
    PQclear(result);
    return ok;
}

static bool pg_open(const char *rest, bool create, struct tp_sql **db, struct tp_error *error)
{
    struct tp_pg *pg = tp_calloc(1, sizeof(*pg));

    if (!pg)
        return tp_fail_memory(error);
    pg->base.driver = &tp_sql_postgres;
    tp_buf_init(&pg->arrays, TP_PG_ARRAYS_MAX);
    if (!connect_to(pg, rest, error) || (!create && !holds_store(pg, error))) {
        pg_close(&pg->base);
        return false;
    }
    *db = &pg->base;
    return true;
}

/* ---- transactions and scripts ---- */

static bool commit(struct tp_pg *pg, struct tp_error *error)
{
    PGresult *result = NULL;
    bool ok;

    pg->in_transaction = false;
    pg->writes = false;
    if (pg->queued == 0) {
        result = PQexec(pg->connection, "COMMIT");
        ok = tp_pg_is_fine(result) || tp_pg_refuse(result, error);
    } else {
        ok = PQsendQueryParams(pg->connection, "COMMIT", 0, NULL, NULL, NULL, NULL, 0) == 1 ||
             tp_pg_refuse(NULL, error);
        pg->queued += ok;
        ok = tp_pg_flush(pg, ok ? &result : NULL, error) && ok;
    }
    /* The server answers COMMIT of a transaction that failed with ROLLBACK, and no error. */
    if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        ok = tp_fail(error, TP_ERR_IO, "database: the transaction failed before");
    PQclear(result);
    return ok;
}

/* Goes out with the first statement, so that it costs no round trip of its own. A connection that
 * the server has ended says so when it is read from: its last words, then its end. */
static bool begin(struct tp_pg *pg, struct tp_error *error)
{
    for (int reads = 0; reads < 2; reads++)
        (void)PQconsumeInput(pg->connection);
    if (!tp_pg_revive(pg, error) || !tp_pg_flush(pg, NULL, error))
        return false;
    if (!PQenterPipelineMode(pg->connection) ||
        !PQsendQueryParams(pg->connection, "BEGIN", 0, NULL, NULL, NULL, NULL, 0))
        return tp_pg_refuse(NULL, error);
    pg->queued++;
    pg->in_transaction = true;
    pg->writes = true;
    return true;
}

static bool pg_script(struct tp_sql *db, const char *sql, struct tp_error *error)
{
    struct tp_pg *pg = tp_pg_of(db);

    if (strcmp(sql, "BEGIN") == 0)
        return begin(pg, error);
    if (strcmp(sql, "COMMIT") == 0)
        return commit(pg, error);
    if (strcmp(sql, "ROLLBACK") == 0) {
        (void)tp_pg_flush(pg, NULL, NULL);
        pg->in_transaction = false;
        pg->writes = false;
        return run_plain(pg, sql, error);
    }
    if (!tp_pg_revive(pg, error) || !tp_pg_flush(pg, NULL, error))
        return false;
    if (!run_plain(pg, sql, error) &&
        (pg->in_transaction || PQstatus(pg->connection) == CONNECTION_OK ||
         !tp_pg_revive(pg, error) || !run_plain(pg, sql, error)))
        return false;
    if (strncmp(sql, "BEGIN", 5) == 0) {
        pg->in_transaction = true;
        pg->writes = !strstr(sql, "READ ONLY");
    }
    return true;
}

static bool pg_in_transaction(struct tp_sql *db)
{
    struct tp_pg *pg = tp_pg_of(db);

    return pg->in_transaction || PQtransactionStatus(pg->connection) == PQTRANS_INTRANS ||
           PQtransactionStatus(pg->connection) == PQTRANS_INERROR ||
           PQpipelineStatus(pg->connection) != PQ_PIPELINE_OFF;
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
    return PQbackendPID(tp_pg_of(db)->connection) % SHARDS;
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
    .prepare = tp_pg_prepare,
    .run = tp_pg_run,
    .step = tp_pg_step,
    .column_int = tp_pg_column_int,
    .column_text = tp_pg_column_text,
    .column_blob = tp_pg_column_blob,
    .column_kind = tp_pg_column_kind,
    .release = tp_pg_release,
    .backup = pg_backup,
    .ahead = tp_sql_postgres_ahead,
    .renumber = pg_renumber,
    .scrub = "VACUUM (ANALYZE) submission, attachment, quarantine, opening",
    .writers = WRITERS,
    .arrays = true,
    .shard = pg_shard,
    .migration_table = "CREATE TABLE IF NOT EXISTS migration ("
                       "number BIGINT PRIMARY KEY, applied_ms BIGINT NOT NULL)",
    .migrations = tp_sql_postgres_migrations,
};
