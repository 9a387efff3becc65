/* What PostgreSQL answered: all rows of a question at once, their values in binary. */
#include <endian.h>
#include <string.h>

#include "base/mem.h"
#include "central/db/postgres.h"

int tp_pg_step(struct tp_sql *db, void *statement, struct tp_error *error)
{
    struct tp_pg_rows *rows = statement;

    (void)db;
    (void)error;
    return ++rows->row < PQntuples(rows->result);
}

void tp_pg_release(struct tp_sql *db, void *statement)
{
    struct tp_pg_rows *rows = statement;

    (void)db;
    PQclear(rows->result);
    tp_free(rows);
}

int64_t tp_pg_column_int(void *statement, int column)
{
    const struct tp_pg_rows *rows = statement;
    const char *bytes = PQgetvalue(rows->result, rows->row, column);
    uint64_t eight;
    uint32_t four;
    uint16_t two;

    if (PQgetisnull(rows->result, rows->row, column))
        return 0;
    switch (PQftype(rows->result, column)) {
    case TP_PG_BOOL:
        return *bytes != 0;
    case TP_PG_INT2:
        memcpy(&two, bytes, sizeof(two));
        return (int16_t)be16toh(two);
    case TP_PG_INT4:
        memcpy(&four, bytes, sizeof(four));
        return (int32_t)be32toh(four);
    case TP_PG_INT8:
        memcpy(&eight, bytes, sizeof(eight));
        return (int64_t)be64toh(eight);
    default:
        return 0;
    }
}

const char *tp_pg_column_text(void *statement, int column)
{
    const struct tp_pg_rows *rows = statement;

    return PQgetvalue(rows->result, rows->row, column);
}

const void *tp_pg_column_blob(void *statement, int column, size_t *length)
{
    const struct tp_pg_rows *rows = statement;

    *length = (size_t)PQgetlength(rows->result, rows->row, column);
    return PQgetvalue(rows->result, rows->row, column);
}

enum tp_value_kind tp_pg_column_kind(void *statement, int column)
{
    const struct tp_pg_rows *rows = statement;

    if (PQgetisnull(rows->result, rows->row, column))
        return TP_VALUE_NULL;
    switch (PQftype(rows->result, column)) {
    case TP_PG_TEXT:
        return TP_VALUE_TEXT;
    case TP_PG_BYTEA:
        return TP_VALUE_BLOB;
    default:
        return TP_VALUE_INTEGER;
    }
}
