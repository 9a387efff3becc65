/*
 * Files that came with answers, each sealed as it is kept. Reading only: they are written with
 * their answer (submissions.h). Thread: as the connection.
 */
#ifndef TP_CENTRAL_DATA_ATTACHMENTS_H
#define TP_CENTRAL_DATA_ATTACHMENTS_H

#include "central/db/db.h"

/* The first answer of a form after `after_seq` that came with files; *seq is 0 where there is none
 * any more. */
bool tp_attachments_next(struct tp_sql *db, const char *form, int64_t after_seq, int64_t *seq,
                         struct tp_error *error);

/* Each file of one answer, by name; false from `each` stops. */
bool tp_attachments_each(struct tp_sql *db, const char *instance_id,
                         bool (*each)(void *context, const char *name, const void *sealed,
                                      size_t length),
                         void *context, struct tp_error *error);

#endif
