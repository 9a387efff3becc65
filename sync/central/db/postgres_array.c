#include <endian.h>

#include "central/db/postgres.h"

/* Dimensions, whether there is a NULL, the type, and of the one dimension the length and where it
 * begins. */
#define ARRAY_HEAD (5u * sizeof(uint32_t))

static void put_number(struct tp_buf *out, uint32_t number)
{
    uint32_t bytes = htobe32(number);

    (void)tp_buf_add(out, &bytes, sizeof(bytes));
}

static size_t length_of(const struct tp_value *value)
{
    return value->kind == TP_VALUE_INTEGER ? sizeof(uint64_t) : value->length;
}

size_t tp_pg_array_length(const struct tp_value *array)
{
    const struct tp_value *values = array->bytes;
    size_t length = ARRAY_HEAD;

    for (size_t i = 0; i < array->length; i++)
        length += sizeof(uint32_t) + length_of(&values[i]);
    return length;
}

static Oid element_type(const struct tp_value *array)
{
    const struct tp_value *first = array->bytes;

    if (first->kind == TP_VALUE_INTEGER)
        return TP_PG_INT8;
    return first->kind == TP_VALUE_TEXT ? TP_PG_TEXT : TP_PG_BYTEA;
}

Oid tp_pg_array_type(const struct tp_value *array)
{
    switch (element_type(array)) {
    case TP_PG_INT8:
        return TP_PG_INT8_ARRAY;
    case TP_PG_TEXT:
        return TP_PG_TEXT_ARRAY;
    default:
        return TP_PG_BYTEA_ARRAY;
    }
}

void tp_pg_array_put(struct tp_buf *out, const struct tp_value *array)
{
    const struct tp_value *values = array->bytes;

    put_number(out, 1);
    put_number(out, 0);
    put_number(out, element_type(array));
    put_number(out, (uint32_t)array->length);
    put_number(out, 1);
    for (size_t i = 0; i < array->length; i++) {
        uint64_t integer = htobe64((uint64_t)values[i].integer);

        put_number(out, (uint32_t)length_of(&values[i]));
        (void)tp_buf_add(out, values[i].kind == TP_VALUE_INTEGER ? &integer : values[i].bytes,
                         length_of(&values[i]));
    }
}
