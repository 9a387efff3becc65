/*
 * A pass over all answers of a form, the oldest first, on all cores: one thread (the caller's)
 * reads a batch while a crew takes apart and writes the one before, in pieces that are put together
 * in their order. Runs of answers come from their openings, others sealed. It holds two batches and
 * what is written of one, whatever the number of answers. Private to export/. Thread: one at a
 * time, the same or another each step.
 */
#ifndef TP_CENTRAL_EXPORT_PASS_H
#define TP_CENTRAL_EXPORT_PASS_H

#include "central/export/batch.h"
#include "central/export/crew.h"

struct tp_pass_plan {
    const char *form;               /* these three borrowed */
    const struct tp_schema *schema; /* what its answers are read for */
    const struct tp_keys *keys;
    /* On the reading thread, after each row: adds its mates. NULL: there are none. */
    bool (*look)(void *context, struct tp_sql *db, const char *instance_id, struct tp_batch *batch,
                 struct tp_error *error);
    /* On the thread `who` of the crew: appends what is to be written of a row. False without
     * memory. */
    bool (*write)(void *context, size_t who, const struct tp_batch *batch, size_t row,
                  struct tp_buf *out);
    void *context;
};

struct tp_pass;

bool tp_pass_create(const struct tp_pass_plan *plan, size_t workers, struct tp_pass **pass,
                    struct tp_error *error);
void tp_pass_destroy(struct tp_pass *pass);

/* Appends what is written of the next batch. *end: that was the last. After a failure the pass can
 * only be destroyed. */
bool tp_pass_step(struct tp_pass *pass, struct tp_sql *db, struct tp_buf *out, bool *end,
                  struct tp_error *error);

#endif
