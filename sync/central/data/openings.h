/*
 * Runs of answers and their openings (central/opening.h) in the database.
 *
 * Whoever makes openings holds a lease: a number in a row of its own (`chore`), which every
 * transaction locks that adds an opening, deletes an answer or replaces one. The two that change
 * answers change the number too, so that no opening is added of what was read before: what was
 * withdrawn does not come back in one. Thread: the connection's.
 */
#ifndef TP_CENTRAL_DATA_OPENINGS_H
#define TP_CENTRAL_DATA_OPENINGS_H

#include "central/db/db.h"
#include "central/opening.h"

/* The runs of a form that have answers after `after_seq` (which begins below 0) and the openings
 * that fit them, from the first on: whole runs, up to that of the answer number `most` from there.
 * None: there are no more answers. An opening fits where it was made of as many answers as the run
 * has, and `after_seq` is not in the middle. False from `each` stops. */
bool tp_runs_each(struct tp_sql *db, const char *form, int64_t after_seq, int64_t most,
                  bool (*each)(void *context, const struct tp_run *run), void *context,
                  struct tp_error *error);
/* The same before `before_seq`, from the last run back. */
bool tp_runs_each_back(struct tp_sql *db, const char *form, int64_t before_seq, int64_t most,
                       bool (*each)(void *context, const struct tp_run *run), void *context,
                       struct tp_error *error);
/* As tp_runs_each, without the bytes. `opened`: an opening fits, or it was seen that none can be
 * made. */
bool tp_runs_look(struct tp_sql *db, const char *form, int64_t after_seq, int64_t most,
                  bool (*each)(void *context, const struct tp_run *run, bool opened), void *context,
                  struct tp_error *error);

/* ---- making them ---- */

/* The number that stands for the lease. */
bool tp_openings_lease(struct tp_sql *db, int64_t *lease, struct tp_error *error);
/* Takes the lease where nobody has it, or whoever has it was not heard of for `hold_ms`; `own`: the
 * number that the caller took it with before. *taken: it is now_ms. */
bool tp_openings_claim(struct tp_sql *db, int64_t own, int64_t now_ms, int64_t hold_ms, bool *taken,
                       struct tp_error *error);
/* Adds the opening of a run in place of one that does not fit, and renews the lease as now_ms.
 * *added: not where the lease is another's, or answers were deleted or replaced since. Without
 * bytes it says that the run has none. */
bool tp_opening_add(struct tp_sql *db, const struct tp_run *run, int64_t own, int64_t now_ms,
                    bool *added, struct tp_error *error);

/* ---- deleting them ---- */

/* First in a transaction that deletes or replaces answers. */
bool tp_openings_lock(struct tp_sql *db, struct tp_error *error);
/* Deletes the opening that an answer is in. */
bool tp_opening_forget(struct tp_sql *db, const char *form, int64_t seq, struct tp_error *error);

#endif
