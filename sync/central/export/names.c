#include "central/export/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "central/data/devices.h"

struct name {
    char id[TP_DEVICE_ID_MAX];
    char name[TP_DEVICE_NAME_MAX + 1];
};

/* A million screens. */
#define LIST_MAX (1000u * 1000u * sizeof(struct name))

void tp_names_init(struct tp_names *names)
{
    tp_buf_init(&names->list, LIST_MAX);
}

void tp_names_finish(struct tp_names *names)
{
    tp_buf_finish(&names->list);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct name *)a)->id, ((const struct name *)b)->id);
}

bool tp_names_read(struct tp_names *names, struct tp_sql *db, struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(db, "SELECT id, name FROM device", TP_NO_VALUES, &rows, error);
    while (tp_rows_next(&rows)) {
        struct name one;

        (void)snprintf(one.id, sizeof(one.id), "%s", tp_rows_text(&rows, 0));
        (void)snprintf(one.name, sizeof(one.name), "%s", tp_rows_text(&rows, 1));
        (void)tp_buf_add(&names->list, &one, sizeof(one));
    }
    if (!tp_rows_finish(&rows))
        return false;
    if (!tp_buf_ok(&names->list))
        return tp_fail_memory(error);
    if (names->list.length)
        qsort(names->list.data, names->list.length / sizeof(struct name), sizeof(struct name),
              by_id);
    return true;
}

const char *tp_names_find(const struct tp_names *names, const char *id)
{
    const struct name *found = NULL;
    struct name wanted;

    (void)snprintf(wanted.id, sizeof(wanted.id), "%s", id);
    if (names->list.length)
        found = bsearch(&wanted, names->list.data, names->list.length / sizeof(struct name),
                        sizeof(struct name), by_id);
    return found ? found->name : "";
}
