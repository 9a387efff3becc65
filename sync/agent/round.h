/*
 * One contact with the store, or as much of it as is due: send, heartbeat, surveys, notices. Writes
 * what came of it to the device's store, where the kiosk's staff menu and `status` read it. Thread:
 * one at a time.
 */
#ifndef TP_AGENT_ROUND_H
#define TP_AGENT_ROUND_H

#include <stdbool.h>

#include "agent/decide/schedule.h"
#include "agent/decide/verdict.h"
#include "agent/identity.h"
#include "agent/net/http.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/store.h"

/* When the agent means to try again: tp_store_now's time in ms; "" where it is not waiting for it.
 */
#define TP_SETTING_NEXT_TRY "agent_next_try_ms"

struct tp_round {
    struct tp_store *store; /* borrowed, as all of these */
    struct tp_http *http;
    const struct tp_identity *identity;
    const char *state;
    const struct tp_clock *clock;
    bool (*may_go_on)(void *context); /* NULL: always */
    void *context;
};

struct tp_round_report {
    struct tp_round_end end; /* for the schedule */
    size_t delivered;
    size_t set_aside;
    size_t switched;                  /* surveys */
    char words[TP_VERDICT_WORDS_MAX]; /* what went wrong; "" where nothing did */
};

/* False where the device's own store failed; *report still says what was done. */
bool tp_round_run(const struct tp_round *round, const struct tp_plan *plan,
                  struct tp_round_report *report, struct tp_error *error);

#endif
