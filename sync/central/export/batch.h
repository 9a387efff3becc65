/*
 * Answers as they are in the database, copied out of it, so that other threads can open them while
 * the next ones are read. Private to export/. Thread: one fills it, then any read it.
 */
#ifndef TP_CENTRAL_EXPORT_BATCH_H
#define TP_CENTRAL_EXPORT_BATCH_H

#include "base/buf.h"
#include "central/data/submissions.h"

/* Enough that asking the database and starting a crew cost little; two megabytes of common
 * answers. */
#define TP_BATCH_ROWS 1024u
/* It takes no more answers from here on. */
#define TP_BATCH_BYTES (4u * 1024u * 1024u)

struct tp_batch_entry {
    struct tp_kept kept; /* its pointers are not in use */
    size_t at[6];        /* where each of its texts and bytes begins */
    size_t mate_count;   /* how many of the entries after it go with it */
};

struct tp_batch {
    struct tp_buf bytes;
    struct tp_batch_entry *entries;
    size_t count;
    size_t room;
    size_t rows[TP_BATCH_ROWS]; /* which entries are answers of the form itself */
    size_t row_count;
};

void tp_batch_init(struct tp_batch *batch);
void tp_batch_finish(struct tp_batch *batch);
void tp_batch_empty(struct tp_batch *batch);
bool tp_batch_is_full(const struct tp_batch *batch);

/* Each false without memory. A mate goes with the row that was added last. */
bool tp_batch_add_row(struct tp_batch *batch, const struct tp_kept *kept);
bool tp_batch_add_mate(struct tp_batch *batch, const struct tp_kept *kept);

/* A row, or one of its mates; valid until the batch is emptied. */
struct tp_kept tp_batch_row(const struct tp_batch *batch, size_t row);
size_t tp_batch_mates(const struct tp_batch *batch, size_t row);
struct tp_kept tp_batch_mate(const struct tp_batch *batch, size_t row, size_t mate);

#endif
