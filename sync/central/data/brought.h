/*
 * By way of: which answers were not sent by the screen they were given on, but brought by another
 * screen that had taken them from a stick, or by a stick to the store itself. Such an answer counts
 * as the screen's it was given on (submission.device); here stands who brought it, as long as the
 * answer is kept. Thread: the connection's.
 */
#ifndef TP_CENTRAL_DATA_BROUGHT_H
#define TP_CENTRAL_DATA_BROUGHT_H

#include "central/data/devices.h"
#include "central/data/submissions.h"

/* Who brings an answer on a stick to the store itself, in the place of a screen. */
#define TP_BY_STICK ""

/* Notes who brought an answer that was just put under `seq`; nothing where nobody did. The first of
 * a day from one screen by one way has a line in the log. */
bool tp_brought_add(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                    struct tp_error *error);

struct tp_brought {
    const char *device;  /* the screen's name */
    const char *carrier; /* the other screen's name; TP_BY_STICK */
    int64_t answers;
    const char *newest_day;
};

/* By screen and way, the newest first, at most `limit`; false from `each` stops. */
bool tp_brought_each(struct tp_sql *db, int64_t limit,
                     bool (*each)(void *context, const struct tp_brought *brought), void *context,
                     struct tp_error *error);

#endif
