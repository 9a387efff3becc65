/*
 * What every command of talkpoint-sync needs: the state folder, its lock, the device's store, who
 * the device is, and the way to the store. Thread: the main one.
 */
#ifndef TP_AGENT_AGENT_H
#define TP_AGENT_AGENT_H

#include <stdbool.h>

#include "agent/host/notify.h"
#include "agent/host/wake.h"
#include "agent/identity.h"
#include "agent/net/http.h"
#include "agent/options.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/zone.h"
#include "store/store.h"

#define TP_AGENT_LOCK_FILE "sync.lock"
/* After a signal, sends in flight get this long to end: an answer that is on its way is then not
 * sent twice. */
#define TP_AGENT_GRACE_MS INT64_C(3000)

struct tp_agent {
    const struct tp_options *options; /* borrowed */
    struct tp_clock clock;
    struct tp_random random;
    struct tp_zone *zone;   /* owned; NULL is UTC */
    struct tp_store *store; /* owned */
    int lock;               /* held while it works on the outbox; -1 where it does not */
    struct tp_wake wake;
    struct tp_notify notify;
    int64_t alive_ms; /* monotonic: when the service manager last heard "alive" */
    int64_t stop_ms;  /* monotonic: when the signal came; 0 for not yet */
    struct tp_identity identity;
    struct tp_http *http; /* owned; NULL where not enrolled */
};

/* Opens the folder (made where it is missing) and the store; with `locked`, as the only agent at
 * work on it: answers that a killed one had in hand are free again. Close in either case. */
bool tp_agent_open(struct tp_agent *agent, const struct tp_options *options, bool locked,
                   struct tp_error *error);
void tp_agent_close(struct tp_agent *agent);

/* Reads who the device is and makes the way to its store. TP_ERR_NOT_FOUND: not enrolled. */
bool tp_agent_identify(struct tp_agent *agent, struct tp_error *error);

/* An http object for a store's address with this token (NULL for none). Refuses http to another
 * machine unless the configuration allows it. */
struct tp_http *tp_agent_connect(struct tp_agent *agent, const char *store_url, const char *token,
                                 struct tp_error *error);

/* The same for who the device is, by whatever way its server wants to be told. */
struct tp_http *tp_agent_connect_as(struct tp_agent *agent, const struct tp_identity *identity,
                                    struct tp_error *error);

/* False once it was asked to stop; keeps the watchdog quiet, for work that waits for no request.
 * Context is the agent. */
bool tp_agent_may_go_on(void *context);

/* How long until the hours in which the line may be used, in ms; 0: they are now, or always. */
int64_t tp_agent_line_closed_ms(const struct tp_agent *agent);

/* Waits for a signal, a change in the folder, or `ms`; keeps the watchdog quiet meanwhile. */
void tp_agent_wait(struct tp_agent *agent, int64_t ms);

#endif
