/*
 * The whole of an export, for tests that look into it. Header only: each test is one program.
 */
#ifndef TP_TEST_CENTRAL_EXPORTS_H
#define TP_TEST_CENTRAL_EXPORTS_H

#include "central/export/export.h"
#include "unit/central/world.h"

/* The caller frees. */
static inline char *export_all(struct world *world, struct tp_export_options options)
{
    struct tp_export *export = NULL;
    struct tp_error error;
    struct tp_buf out;
    bool over = false;

    tp_buf_init(&out, 16u * 1024u * 1024u);
    if (!tp_export_open(world->central.readers, &world->central.keys, &options, &export, &error))
        fail_msg("%s", error.text);
    while (!over) {
        if (!tp_export_fill(export, &out, &over, &error))
            fail_msg("%s", error.text);
    }
    tp_export_close(export);
    return tp_buf_take(&out);
}

#endif
