/*
 * Statements of the PostgreSQL driver: prepared once a connection, sent with binary values.
 *
 * Inside a write transaction a statement whose count of changed rows nobody asks for is sent
 * without waiting for its outcome (libpq's pipeline mode); a failure among them fails the next
 * statement or the commit: fewer round trips.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/db/postgres.h"

/* Statements sent without waiting: few enough that their outcomes fit the socket's buffers. */
#define QUEUE_MAX 64
#define VALUES_MAX 32u
#define SQL_MAX 4096u

static struct tp_pg_slot *find_slot(struct tp_pg *pg, const char *sql)
{
    size_t start = ((uintptr_t)sql >> 3) * 0x9E3779B1u;

    for (size_t i = 0; i < TP_PG_SLOTS; i++) {
        struct tp_pg_slot *slot = &pg->slots[(start + i) % TP_PG_SLOTS];

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

/* All at once, so that what was written does not move. */
static bool make_arrays(struct tp_pg *pg, const struct tp_value *values, size_t count,
                        struct tp_error *error)
{
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == TP_VALUE_ARRAY)
            length += tp_pg_array_length(&values[i]);
    }
    if (length == 0)
        return true;
    tp_buf_reset(&pg->arrays);
    if (!tp_buf_reserve(&pg->arrays, length))
        return tp_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == TP_VALUE_ARRAY)
            tp_pg_array_put(&pg->arrays, &values[i]);
    }
    return true;
}

static bool bind_all(struct tp_pg *pg, const struct tp_value *values, size_t count,
                     struct bound *bound, struct tp_error *error)
{
    size_t array = 0; /* where the next one begins */

    if (count > VALUES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "a statement has too many values");
    if (!make_arrays(pg, values, count, error))
        return false;
    bound->count = (int)count;
    for (size_t i = 0; i < count; i++) {
        const struct tp_value *value = &values[i];

        if (value->length > INT32_MAX)
            return tp_fail(error, TP_ERR_LIMIT, "a value is too long");
        bound->formats[i] = 1;
        bound->lengths[i] = (int)value->length;
        bound->values[i] = value->bytes ? value->bytes : "";
        bound->types[i] = value->kind == TP_VALUE_TEXT ? TP_PG_TEXT : TP_PG_BYTEA;
        if (value->kind == TP_VALUE_NULL) {
            bound->values[i] = NULL;
            bound->types[i] = 0;
        } else if (value->kind == TP_VALUE_INTEGER) {
            bound->integers[i] = htobe64((uint64_t)value->integer);
            bound->values[i] = (const char *)&bound->integers[i];
            bound->lengths[i] = sizeof(bound->integers[i]);
            bound->types[i] = TP_PG_INT8;
        } else if (value->kind == TP_VALUE_ARRAY) {
            bound->values[i] = pg->arrays.data + array;
            bound->lengths[i] = (int)tp_pg_array_length(value);
            bound->types[i] = tp_pg_array_type(value);
            array += tp_pg_array_length(value);
        }
    }
    return true;
}

static void name_slot(const struct tp_pg *pg, const struct tp_pg_slot *slot, char name[16])
{
    (void)snprintf(name, 16, "s%u", (unsigned)(slot - pg->slots));
}

/* Prepares the statement, once a connection. A value that is NULL the first time leaves its type to
 * the server, which finds the column's: the same that the program gives. */
static bool make_ready(struct tp_pg *pg, const char *sql, const struct bound *bound, char name[16],
                       struct tp_error *error)
{
    struct tp_pg_slot *slot = find_slot(pg, sql);
    char text[SQL_MAX];
    PGresult *result;

    if (!slot)
        return tp_fail(error, TP_ERR_LIMIT, "too many statements");
    name_slot(pg, slot, name);
    if (slot->prepared)
        return true;
    if (!translate(sql, text, error) || !tp_pg_flush(pg, NULL, error))
        return false;
    result = PQprepare(pg->connection, name, text, bound->count, bound->types);
    slot->prepared = tp_pg_is_fine(result) || tp_pg_refuse(result, error);
    PQclear(result);
    return slot->prepared;
}

/* The outcome of the next statement of the pipeline, or of the one that was sent alone. */
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

bool tp_pg_flush(struct tp_pg *pg, PGresult **own, struct tp_error *error)
{
    bool ok = true;

    if (PQpipelineStatus(pg->connection) == PQ_PIPELINE_OFF)
        return true;
    if (!PQpipelineSync(pg->connection))
        ok = tp_pg_refuse(NULL, error);
    tp_sql_call_meanwhile(&pg->base);
    for (int i = 0; i < pg->queued; i++) {
        PGresult *result = next_outcome(pg->connection);

        if (ok && !tp_pg_is_fine(result))
            ok = tp_pg_refuse(result, error);
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

static bool send(struct tp_pg *pg, const char *name, const struct bound *bound,
                 struct tp_error *error)
{
    if (!PQsendQueryPrepared(pg->connection, name, bound->count, bound->values, bound->lengths,
                             bound->formats, 1))
        return tp_pg_refuse(NULL, error);
    pg->queued++;
    return true;
}

/* Runs a statement to its result: behind what is queued, or alone. */
static bool run_to_result(struct tp_pg *pg, const char *name, const struct bound *bound,
                          PGresult **result, struct tp_error *error)
{
    PGresult *got = NULL;
    bool ok;

    if (pg->queued == 0) {
        ok = PQsendQueryPrepared(pg->connection, name, bound->count, bound->values, bound->lengths,
                                 bound->formats, 1) == 1;
        tp_sql_call_meanwhile(&pg->base);
        got = next_outcome(pg->connection);
        ok = (ok && tp_pg_is_fine(got)) || tp_pg_refuse(got, error);
    } else {
        ok = send(pg, name, bound, error) && tp_pg_flush(pg, &got, error);
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
static bool run_prepared(struct tp_pg *pg, const char *sql, const struct bound *bound,
                         PGresult **result, struct tp_error *error)
{
    char name[16];

    for (int tries = 0;; tries++) {
        if (!tp_pg_revive(pg, error))
            return false;
        if (make_ready(pg, sql, bound, name, error) &&
            run_to_result(pg, name, bound, result, error))
            return true;
        if (tries > 0 || pg->in_transaction || PQstatus(pg->connection) == CONNECTION_OK)
            return false;
    }
}

bool tp_pg_prepare(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                   void **statement, struct tp_error *error)
{
    struct tp_pg_rows *rows = tp_calloc(1, sizeof(*rows));
    struct bound bound;

    if (!rows)
        return tp_fail_memory(error);
    rows->row = -1;
    if (!bind_all(tp_pg_of(db), values, count, &bound, error) ||
        !run_prepared(tp_pg_of(db), sql, &bound, &rows->result, error)) {
        tp_free(rows);
        return false;
    }
    *statement = rows;
    return true;
}

bool tp_pg_run(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
               int64_t *changed, struct tp_error *error)
{
    struct tp_pg *pg = tp_pg_of(db);
    struct bound bound;
    PGresult *result;
    char name[16];

    if (!bind_all(tp_pg_of(db), values, count, &bound, error))
        return false;
    if (!changed && pg->writes) {
        if (!tp_pg_revive(pg, error) || !make_ready(pg, sql, &bound, name, error))
            return false;
        if (pg->queued == 0 && !PQenterPipelineMode(pg->connection))
            return tp_pg_refuse(NULL, error);
        return send(pg, name, &bound, error) &&
               (pg->queued < QUEUE_MAX || tp_pg_flush(pg, NULL, error));
    }
    if (!run_prepared(pg, sql, &bound, &result, error))
        return false;
    if (changed)
        *changed = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return true;
}
