/*
 * How long to wait after a failure (docs/PROTOCOL.md, Retry): pure arithmetic on a monotonic time
 * that the caller passes in and randomness that the caller owns. One tp_backoff for the store as a
 * whole, and a smaller one for each answer that failed alone. Thread: one at a time.
 */
#ifndef TP_AGENT_DECIDE_BACKOFF_H
#define TP_AGENT_DECIDE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"

#define TP_BACKOFF_FIRST_MS INT64_C(2000)
#define TP_BACKOFF_MOST_MS (INT64_C(15) * 60 * 1000)
/* A wait shorter than this is not worth ending for a new answer. */
#define TP_BACKOFF_NUDGE_MS INT64_C(5000)
/* The longest Retry-After that is believed: a stranger in the store's place must not be able to
 * silence a screen for a week. */
#define TP_RETRY_AFTER_MOST_S INT64_C(3600)

struct tp_backoff {
    unsigned failures; /* in a row */
    int64_t next_ms;   /* monotonic; 0 is "at once" */
    bool asked;        /* the wait is the store's own Retry-After */
};

/* The wait after the `failures`th failure in a row (1 is the first): 2 s doubling to 15 minutes,
 * times a random 0.5 to 1.5. */
int64_t tp_backoff_wait_ms(unsigned failures, const struct tp_random *random);

/* `retry_after_s` is the store's wish in seconds; of less than 1 there is none. */
void tp_backoff_failed(struct tp_backoff *backoff, int64_t now_ms, int64_t retry_after_s,
                       const struct tp_random *random);
void tp_backoff_succeeded(struct tp_backoff *backoff);

/* Milliseconds left to wait; 0 where it may go. */
int64_t tp_backoff_left_ms(const struct tp_backoff *backoff, int64_t now_ms);

/* A new answer waits: ends a wait of more than 5 s, unless the store asked for it. */
void tp_backoff_nudge(struct tp_backoff *backoff, int64_t now_ms);
/* A person asked to send now: ends any wait. */
void tp_backoff_end(struct tp_backoff *backoff);

/* Seconds of a Retry-After field: a number, or an HTTP date, which is read against the answer's own
 * `date_ms` (Unix time; -1 where it had none), because a device's clock may be years off. -1 where
 * it says nothing usable; never more than TP_RETRY_AFTER_MOST_S. (RFC 9110, 10.2.3) */
int64_t tp_retry_after_s(const char *value, int64_t date_ms);

#endif
