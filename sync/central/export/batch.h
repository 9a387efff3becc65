/*
 * Answers out of the database, so that other threads can read them while the next ones come: those
 * of whole runs that have an opening, which is decrypted here, and others as they are, sealed.
 * Private to export/. Thread: one fills it, then any read it.
 */
#ifndef TP_CENTRAL_EXPORT_BATCH_H
#define TP_CENTRAL_EXPORT_BATCH_H

#include "base/buf.h"
#include "central/export/flat.h"

/* Enough that asking the database and starting a crew cost little: a megabyte of common answers. A
 * multiple of a run. */
#define TP_BATCH_ROWS 2048u
/* It takes no more answers from here on. */
#define TP_BATCH_BYTES (4u * 1024u * 1024u)

struct tp_batch_entry {
    struct tp_kept kept; /* its pointers are not in use; of one in a run, its number alone */
    size_t at[5];        /* of a sealed one: where each of its texts and bytes begins */
    size_t run;          /* of another: which of `runs` it is in */
    bool is_sealed;
    size_t mate_count; /* how many of the entries after it go with it */
};

struct tp_batch {
    struct tp_buf bytes; /* of sealed answers */
    struct tp_flat *runs;
    size_t run_count;
    size_t run_room;
    struct tp_batch_entry *entries;
    size_t count;
    size_t room;
    size_t rows[TP_BATCH_ROWS]; /* which entries are answers of the form itself */
    size_t row_count;
    size_t sealed_count;
    size_t held; /* bytes, of both kinds */
};

void tp_batch_init(struct tp_batch *batch);
void tp_batch_finish(struct tp_batch *batch);
void tp_batch_empty(struct tp_batch *batch);
/* For one more answer, and for one more run. */
bool tp_batch_is_full(const struct tp_batch *batch);
bool tp_batch_has_room(const struct tp_batch *batch);

/* Decrypts an opening. *index: which of `runs` it now is. False where it does not fit, or without
 * memory: the sealed answers do. */
bool tp_batch_take_run(struct tp_batch *batch, const struct tp_keys *keys, const struct tp_run *run,
                       const struct tp_schema *schema, size_t *index);

/* Each false without memory. A mate goes with the row that was added last. */
bool tp_batch_add_row(struct tp_batch *batch, const struct tp_kept *kept);
bool tp_batch_add_mate(struct tp_batch *batch, const struct tp_kept *kept);
/* The same of an answer in a run that was taken. */
bool tp_batch_add_row_of(struct tp_batch *batch, size_t run, int64_t seq);
bool tp_batch_add_mate_of(struct tp_batch *batch, size_t run, int64_t seq);

/* Reads a row or one of its mates. The texts of both are the batch's; device_name of an answer in a
 * run is NULL. False without memory. */
bool tp_batch_read_row(const struct tp_batch *batch, size_t row, const struct tp_schema *schema,
                       const struct tp_keys *keys, struct tp_kept *kept, struct tp_answer *answer);
size_t tp_batch_mates(const struct tp_batch *batch, size_t row);
bool tp_batch_read_mate(const struct tp_batch *batch, size_t row, size_t mate,
                        const struct tp_schema *schema, const struct tp_keys *keys,
                        struct tp_kept *kept, struct tp_answer *answer);

#endif
