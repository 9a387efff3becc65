/* What search() lists of the rows it found: each value once, in the order of the column "sortby".
 * Source: xlsform.org, "Dynamic selects from preloaded data". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"

struct row {
    xmlNodePtr item;
    size_t place; /* in the file */
    double order;
    const char *value;
};

static int by_order(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;

    if (x->order != y->order)
        return x->order > y->order ? 1 : -1;
    return (x->place > y->place) - (x->place < y->place);
}

static int by_value(const void *a, const void *b)
{
    int order = strcmp(((const struct row *)a)->value, ((const struct row *)b)->value);

    return order ? order : by_order(a, b);
}

/* A row without a number comes last. */
static double order_of(const xmlNode *item)
{
    const char *text = tp_item_text(item, "sortby");
    char *end = NULL;
    double order = text ? strtod(text, &end) : INFINITY;

    return text && end != text && !isnan(order) ? order : INFINITY;
}

size_t tp_session_looked_up(xmlNodePtr *items, size_t count, const char *value)
{
    struct row *rows = tp_calloc(count, sizeof(*rows));
    size_t kept = 0;

    if (!rows)
        return count;
    for (size_t i = 0; i < count; i++) {
        const char *text = tp_item_text(items[i], value);

        rows[i] = (struct row){items[i], i, order_of(items[i]), text ? text : ""};
    }
    qsort(rows, count, sizeof(*rows), by_value);
    for (size_t i = 0; i < count; i++) {
        if (!kept || strcmp(rows[kept - 1].value, rows[i].value) != 0)
            rows[kept++] = rows[i];
    }
    qsort(rows, kept, sizeof(*rows), by_order);
    for (size_t i = 0; i < kept; i++)
        items[i] = rows[i].item;
    tp_free(rows);
    return kept;
}
