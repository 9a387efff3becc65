/*
 * The answers of a run, taken apart and laid one after the other: the plain bytes of an opening
 * (opening.h). A value stands beside the path of its element, so that it finds its column whatever
 * versions of the form come later; and everything that the store knows of an answer is here too,
 * so that reading a run asks the database for nothing else.
 *
 * Bytes, version 1. A number is LEB128 without a sign; a text is the number of its bytes, these,
 * and a NUL.
 *
 *     the version; how many paths; each path, a text
 *     of each answer: the number of the bytes that follow for it; its number less the run's first;
 *       when it was received; 2 * problem + late; instance ID, version and device as texts;
 *       how many facts; each its index, and a text;
 *       how many values; each the index of its path, and a text
 *     0; then zeros up to a multiple of TP_OPENING_PAD
 *
 * Thread: one writes; what was read may be read by any.
 */
#ifndef TP_CENTRAL_EXPORT_FLAT_H
#define TP_CENTRAL_EXPORT_FLAT_H

#include "central/export/answer.h"
#include "central/opening.h"

/* ---- writing ---- */

struct tp_flat_writer {
    struct tp_schema paths;
    struct tp_answer answer;
    struct tp_buf rows;
    size_t which; /* of the private keys: that of the first answer */
    int64_t first_seq;
    size_t count;
};

bool tp_flat_begin(struct tp_flat_writer *writer, int64_t run);
void tp_flat_finish(struct tp_flat_writer *writer);

/* Unseals one answer and adds it. TP_ERR_LIMIT, TP_ERR_CRYPTO: a run with this answer has no
 * opening. */
bool tp_flat_add(struct tp_flat_writer *writer, const struct tp_keys *keys,
                 const struct tp_kept *kept, struct tp_error *error);
/* Appends all of it to `out`; errors as above. */
bool tp_flat_write(const struct tp_flat_writer *writer, struct tp_buf *out, struct tp_error *error);

/* ---- reading ---- */

struct tp_flat {
    int64_t run;
    const struct tp_schema *schema; /* borrowed: what it was read for */
    int64_t count;
    struct tp_buf plain;
    uint32_t at[TP_RUN_ANSWERS]; /* of each number of the run; 0: no such answer */
    long *columns;               /* of each path: the index of its question, or -1 */
    size_t path_count;
};

void tp_flat_init(struct tp_flat *flat);
void tp_flat_close(struct tp_flat *flat);

/* Reads what the opening of `run` holds, for answers of this schema. False where it does not fit,
 * or without memory: then the sealed answers do. */
bool tp_flat_read(struct tp_flat *flat, const struct tp_keys *keys, const struct tp_run *run,
                  const struct tp_schema *schema);

bool tp_flat_has(const struct tp_flat *flat, int64_t seq);

/* The answer with this number, whose texts are those of `flat`: all of *kept but its sealed bytes
 * and the name of its device, which is NULL; and of *answer, where that is not NULL. False where
 * the run does not have it. */
bool tp_flat_get(const struct tp_flat *flat, int64_t seq, struct tp_kept *kept,
                 struct tp_answer *answer);

#endif
