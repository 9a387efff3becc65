/*
 * New answers, many in one statement, with the day's count of each form: where a statement goes to
 * another process, and the way there costs more than the writing (tp_sql_takes_arrays). Private to
 * data/.
 */
#ifndef TP_CENTRAL_DATA_NEW_ROWS_H
#define TP_CENTRAL_DATA_NEW_ROWS_H

#include "central/data/submissions.h"

/* Whether an answer's form closed before both of its times, given as an expression for each: 0 or
 * 1. */
#define TP_LATE(form, late_ms, late_day)                                                           \
    "(SELECT count(*) FROM form f WHERE f.id = " form " AND (f.closed_ms < " late_ms               \
    " OR (f.closes <> '' AND f.closes < " late_day ")))"

/* Puts those of the answers that are new, and counts them on their days. seqs[i]: the number that
 * submissions[i] was put under; 0: something was received under its instance ID before or stands
 * earlier in `submissions`, its form is not here, or its sender was taken off. Their attachments,
 * edits and carriers are the caller's business. One statement: outside a transaction it is one by
 * itself, and may be asked twice, the second time for nothing. */
bool tp_new_rows_put(struct tp_sql *db, struct tp_submission *const *submissions, size_t count,
                     int64_t *seqs, struct tp_error *error);

#endif
