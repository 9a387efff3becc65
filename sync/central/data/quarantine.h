/*
 * Answers put aside: other bytes than those that are kept under the same instance ID. Somebody
 * looks at each and chooses. Thread: the connection's; what writes is meant for the committer.
 */
#ifndef TP_CENTRAL_DATA_QUARANTINE_H
#define TP_CENTRAL_DATA_QUARANTINE_H

#include "central/data/audit.h"

struct tp_put_aside {
    int64_t id;
    const char *instance_id;
    const char *part;  /* "" for the answer itself, else the attachment's name */
    const char *title; /* the survey's; its ID where it is not here */
    const char *device_name;
    int64_t received_ms;
    int64_t length;
};

bool tp_quarantine_count(struct tp_sql *db, int64_t *count, struct tp_error *error);

/* The newest first, at most `limit`; false from `each` stops. */
bool tp_quarantine_each(struct tp_sql *db, int64_t limit,
                        bool (*each)(void *context, const struct tp_put_aside *row), void *context,
                        struct tp_error *error);

/* Deletes what was put aside. */
bool tp_quarantine_discard(struct tp_sql *db, int64_t id, const struct tp_deed *deed, bool *found,
                           struct tp_error *error);

/* What was put aside takes the place of what is kept, which is deleted. *found false where either
 * is not there. */
bool tp_quarantine_swap(struct tp_sql *db, int64_t id, const struct tp_deed *deed, bool *found,
                        struct tp_error *error);

#endif
