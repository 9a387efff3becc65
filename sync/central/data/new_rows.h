/*
 * The rows of new answers. Private to data/.
 */
#ifndef TP_CENTRAL_DATA_NEW_ROWS_H
#define TP_CENTRAL_DATA_NEW_ROWS_H

#include "central/data/submissions.h"

/* Puts an answer where it is new. *seq, which is 0 before: the number it was put under; it stays 0
 * where something was received under its instance ID before, its form is not here, or its sender
 * was taken off. */
bool tp_new_row_put(struct tp_sql *db, const struct tp_submission *submission, int64_t *seq,
                    struct tp_error *error);

/* Puts those of the answers that are new, and counts them on their days, in one statement: for
 * databases that are another process, to which the way costs more than the writing
 * (tp_sql_takes_arrays). seqs[i]: the number that submissions[i] was put under, as above; 0 also
 * where another of its instance ID stands before it in `submissions`. Their attachments, edits and
 * carriers are the caller's business. Outside a transaction it is one by itself, and may be asked
 * twice, the second time for nothing. */
bool tp_new_rows_put(struct tp_sql *db, struct tp_submission *const *submissions, size_t count,
                     int64_t *seqs, struct tp_error *error);

#endif
