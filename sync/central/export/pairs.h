/*
 * Which equality answers are about which answer. What an equality answer is about stands inside
 * its seal, so that all are opened once at the start, on all cores; 16 bytes are kept of each: a
 * hash of the instance ID, compared in full when the answer is read, and its number.
 * Private to export/. Thread: one fills it, then any read it.
 */
#ifndef TP_CENTRAL_EXPORT_PAIRS_H
#define TP_CENTRAL_EXPORT_PAIRS_H

#include "central/export/answer.h"
#include "central/export/pass.h"

struct tp_pairs {
    struct tp_buf list; /* of struct pair, sorted */
};

void tp_pairs_init(struct tp_pairs *pairs);
void tp_pairs_finish(struct tp_pairs *pairs);

/* Reads all answers of the equality form. `workers` as in pass.h. */
bool tp_pairs_read(struct tp_pairs *pairs, struct tp_sql *db, const struct tp_keys *keys,
                   const char *form, size_t workers, struct tp_error *error);

/* Goes through those that may be about this answer, the newest first: *place begins at 0, and the
 * result is 0 after the last. */
int64_t tp_pairs_next(const struct tp_pairs *pairs, const char *instance_id, size_t *place);

#endif
