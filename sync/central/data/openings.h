/*
 * The openings of answers (central/opening.h) in the database: which answers have none yet, and
 * adding them. An answer that is deleted takes its opening with it (data/removal.h). Thread: the
 * connection's.
 */
#ifndef TP_CENTRAL_DATA_OPENINGS_H
#define TP_CENTRAL_DATA_OPENINGS_H

#include "central/db/db.h"
#include "central/opening.h"

struct tp_unopened {
    int64_t seq;
    const char *instance_id; /* "" where it has an opening */
    const void *sealed;
    size_t sealed_length; /* 0 where it has one */
};

/* The next answers of a form after `after_seq`, oldest first, at most `limit`; false from `each`
 * stops. */
bool tp_openings_look(struct tp_sql *db, const char *form, int64_t after_seq, int64_t limit,
                      bool (*each)(void *context, const struct tp_unopened *answer), void *context,
                      struct tp_error *error);

/* Adds one, unless its answer is gone, or another server was first. */
bool tp_opening_add(struct tp_sql *db, int64_t seq, const unsigned char opening[TP_OPENING_BYTES],
                    struct tp_error *error);

#endif
