/*
 * Cuts connections that take too long: the HTTP library ends those on which nothing arrives, and
 * this those on which something arrives, a byte at a time, for ever (slow loris).
 *
 * Threads: one of its own looks at all of them; the others are called from the library's workers. A
 * connection is only shut down here; the library closes it, after tp_deadline_remove.
 */
#ifndef TP_CENTRAL_HTTP_DEADLINE_H
#define TP_CENTRAL_HTTP_DEADLINE_H

#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"

/* A request's head (and a TLS handshake) must be here within this. */
#define TP_HEAD_DEADLINE_MS (20 * 1000LL)

struct tp_deadlines;
struct tp_deadline;

bool tp_deadlines_create(const struct tp_clock *clock, struct tp_deadlines **deadlines,
                         struct tp_error *error);
/* Every connection must be removed. */
void tp_deadlines_destroy(struct tp_deadlines *deadlines);

/* A new connection, with no time limit yet. NULL without memory: it goes without. */
struct tp_deadline *tp_deadline_add(struct tp_deadlines *deadlines, int fd);
void tp_deadline_remove(struct tp_deadline *deadline);

/* In so many milliseconds from now; 0: no limit. NULL is passed by. */
void tp_deadline_set(struct tp_deadline *deadline, int64_t in_ms);

#endif
