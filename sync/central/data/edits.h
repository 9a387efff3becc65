/*
 * An answer that edits an earlier one, which its meta/deprecatedID names (OpenRosa's metadata): the
 * later one stands, the earlier is kept beside it and is in no export, count or report. It goes
 * when the later one is withdrawn, or when its own time is over.
 *
 * Who sent an answer may edit it, and nobody else: the same account or screen, the same form.
 * Either may come first, and each of a chain of edits in any order. What edits an answer that is
 * not here, another's or one that was edited already is an answer like any other.
 *
 * Thread: the connection's; meant for the committer.
 */
#ifndef TP_CENTRAL_DATA_EDITS_H
#define TP_CENTRAL_DATA_EDITS_H

#include "central/data/submissions.h"

/* Notes what the answer under `seq`, just put, edits (submission->replaces), and lets it take the
 * place of that. */
bool tp_edit_add(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                 struct tp_error *error);

/* Lets go of the instance ID of an answer that is awaited, since an edit of it came first: it is
 * here now and can be put. */
bool tp_edit_let_go(struct tp_sql *db, const char *instance_id, struct tp_error *error);

/* Where an edit of the answer under `seq`, just put, is here already, that takes its place. *kept
 * becomes false where that edit was withdrawn: the answer is gone with it. */
bool tp_edit_look(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                  bool *kept, struct tp_error *error);

/* How many answers of a form are kept that were edited. */
bool tp_edits_count(struct tp_sql *db, const char *form, int64_t *count, struct tp_error *error);

#endif
