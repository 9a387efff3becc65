/*
 * Tells the store how this screen is, and learns the store's time (docs/PROTOCOL.md, Heartbeat).
 * Thread: one at a time.
 */
#ifndef TP_AGENT_DO_HEARTBEAT_H
#define TP_AGENT_DO_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/decide/verdict.h"
#include "agent/identity.h"
#include "agent/net/http.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/store.h"

/* 1,000 counters of at most 700 bytes, and the rest. */
#define TP_HEARTBEAT_BYTES_MAX (1024u * 1024u)

struct tp_heartbeat {
    struct tp_store *store; /* borrowed, as all of these */
    struct tp_http *http;
    const struct tp_identity *identity; /* for the USB stick's certificate (do/stick_key.h) */
    const char *state;
    const struct tp_clock *clock;
};

struct tp_heartbeat_end {
    enum tp_verdict_kind kind; /* DELIVERED, or why not */
    bool contact;
    int64_t retry_after_s;
    char words[TP_VERDICT_WORDS_MAX];
};

/* Sends one, and sets the device's idea of the time. False only where the device's own store
 * failed. */
bool tp_heartbeat_send(const struct tp_heartbeat *heartbeat, struct tp_heartbeat_end *end,
                       struct tp_error *error);

#endif
