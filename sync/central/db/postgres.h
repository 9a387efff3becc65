/*
 * What the parts of the PostgreSQL driver share: the connection with its statements and what is
 * under way on it, and the rows of one question. Private to db/.
 */
#ifndef TP_CENTRAL_DB_POSTGRES_H
#define TP_CENTRAL_DB_POSTGRES_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "central/db/driver.h"

/* Statements kept ready; the program has about half as many. A power of two. */
#define TP_PG_SLOTS 256u
/* Arrays of one statement: what data/taking.c writes at once, with one answer of the largest size.
 */
#define TP_PG_ARRAYS_MAX (32u * 1024u * 1024u)

struct tp_pg_slot {
    const char *sql; /* a string literal; its address is the key */
    bool prepared;
};

struct tp_pg {
    struct tp_sql base;
    PGconn *connection;
    bool in_transaction;
    bool writes;          /* the transaction is one that writes */
    int queued;           /* sent, outcome not read */
    struct tp_buf arrays; /* those bound to the statement that is sent */
    struct tp_pg_slot slots[TP_PG_SLOTS];
};

/* One question's rows, all of them. */
struct tp_pg_rows {
    PGresult *result;
    int row;
};

/* Types of values, as in PostgreSQL's pg_type.dat. */
enum {
    TP_PG_BOOL = 16,
    TP_PG_BYTEA = 17,
    TP_PG_INT8 = 20,
    TP_PG_INT2 = 21,
    TP_PG_INT4 = 23,
    TP_PG_TEXT = 25,
    TP_PG_BYTEA_ARRAY = 1001,
    TP_PG_TEXT_ARRAY = 1009,
    TP_PG_INT8_ARRAY = 1016,
};

static inline struct tp_pg *tp_pg_of(struct tp_sql *db)
{
    return (struct tp_pg *)db;
}

/* ---- postgres.c: the connection ---- */

bool tp_pg_is_fine(const PGresult *result);
/* Sets *error from the outcome (NULL: the connection is lost); false. */
bool tp_pg_refuse(const PGresult *result, struct tp_error *error);
/* Makes a lost connection anew. False inside a transaction: it is lost with its connection. */
bool tp_pg_revive(struct tp_pg *pg, struct tp_error *error);

/* ---- postgres_statement.c: what is sent, and its outcome ---- */

bool tp_pg_prepare(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
                   void **statement, struct tp_error *error);
bool tp_pg_run(struct tp_sql *db, const char *sql, const struct tp_value *values, size_t count,
               int64_t *changed, struct tp_error *error);
/* Ends the pipeline: reads the outcome of all that was queued and, where `own` is not NULL, hands
 * over that of the statement sent last. The first failure is the error. */
bool tp_pg_flush(struct tp_pg *pg, PGresult **own, struct tp_error *error);

/* ---- postgres_array.c: many values as one (array_send in PostgreSQL's arrayfuncs.c) ---- */

/* Of a TP_VALUE_ARRAY: its bytes when written, and its type. */
size_t tp_pg_array_length(const struct tp_value *array);
Oid tp_pg_array_type(const struct tp_value *array);
/* Appends it. */
void tp_pg_array_put(struct tp_buf *out, const struct tp_value *array);

/* ---- postgres_rows.c: what came back ---- */

int tp_pg_step(struct tp_sql *db, void *statement, struct tp_error *error);
void tp_pg_release(struct tp_sql *db, void *statement);
int64_t tp_pg_column_int(void *statement, int column);
const char *tp_pg_column_text(void *statement, int column);
const void *tp_pg_column_blob(void *statement, int column, size_t *length);
enum tp_value_kind tp_pg_column_kind(void *statement, int column);

#endif
