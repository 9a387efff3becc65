/*
 * When the agent does what: a pure plan from what happened so far and a monotonic time that the
 * caller passes in (docs/PROTOCOL.md, Retry and Heartbeat). Thread: one at a time.
 */
#ifndef TP_AGENT_DECIDE_SCHEDULE_H
#define TP_AGENT_DECIDE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/decide/backoff.h"
#include "base/random.h"

/* A heartbeat at most this often. */
#define TP_HEARTBEAT_MS INT64_C(60000)
/* A screen that is barred asks this often whether it was let in again. */
#define TP_BARRED_MS (INT64_C(60) * 60 * 1000)
/* What the store refused is offered again this often: what was wrong may have been put right. */
#define TP_OFFER_MS (INT64_C(24) * 60 * 60 * 1000)

struct tp_schedule {
    int64_t contact_every_ms;    /* set by the caller: the regular contact */
    struct tp_backoff store;     /* the store as a whole does not answer */
    struct tp_backoff leftover;  /* the store answers, and some answers failed alone */
    struct tp_backoff downloads; /* the store answers, and a survey could not be fetched */
    bool barred;
    bool asked; /* "Send now" */
    uint64_t waiting;
    int64_t contact_ms;   /* monotonic: the next regular contact; 0 is at once */
    int64_t heartbeat_ms; /* monotonic: not before this */
    int64_t offer_ms;     /* monotonic: with the first contact after this */
};

struct tp_plan {
    bool send; /* send what waits */
    bool heartbeat;
    bool forms;      /* fetch the form list and what is new in it */
    bool offer;      /* offer again what was set aside */
    int64_t wait_ms; /* where none of them: how long until one is due */
};

struct tp_plan tp_schedule_plan(const struct tp_schedule *schedule, int64_t now_ms);

/* So many answers wait now; more than before ends a wait (tp_backoff_nudge). */
void tp_schedule_waiting(struct tp_schedule *schedule, uint64_t waiting, int64_t now_ms);
/* "Send now", or a new identity: everything is due at once. */
void tp_schedule_ask(struct tp_schedule *schedule);

/* How a round ended. */
struct tp_round_end {
    bool failed;           /* the store as a whole: no answer, a stranger, trouble */
    bool barred;           /* 401 or 403 from the store */
    int64_t retry_after_s; /* -1 for none */
    bool left_over;        /* some answers failed alone */
    bool download_failed;  /* some survey could not be fetched */
    bool switched;         /* a survey is another than before: its answers may be wanted now */
    uint64_t waiting;      /* answers that still wait */
};

void tp_schedule_done(struct tp_schedule *schedule, const struct tp_plan *did,
                      const struct tp_round_end *end, int64_t now_ms,
                      const struct tp_random *random);

#endif
