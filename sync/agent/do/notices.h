/*
 * The store's notices, over the network and by USB stick (docs/PROTOCOL.md, "Notices"). What comes
 * is verified and kept by core/store/notices.h, which refuses what is altered, of another store or
 * older than what is here. Thread: one at a time.
 */
#ifndef TP_AGENT_DO_NOTICES_H
#define TP_AGENT_DO_NOTICES_H

#include "agent/decide/verdict.h"
#include "agent/do/stick.h"
#include "agent/identity.h"
#include "agent/net/http.h"
#include "store/store.h"

struct tp_notices_end {
    bool changed;
    enum tp_verdict_kind kind; /* DELIVERED: looked at; also where a store has none */
    bool contact;
    int64_t retry_after_s;
    char words[TP_VERDICT_WORDS_MAX]; /* what went wrong; "" where nothing did */
};

/* Asks for the list, unless it is the one that is here. False only where the device's own store
 * failed. */
bool tp_notices_fetch(struct tp_store *store, struct tp_http *http,
                      const struct tp_identity *identity, struct tp_notices_end *end,
                      struct tp_error *error);

/* From a stick; a list that is refused is counted in *report. False as above. */
bool tp_stick_notices_in(const struct tp_stick *stick, struct tp_stick_report *report,
                         struct tp_error *error);

/* To a stick that has none, or an older one: so a screen with a network brings news to those
 * without. */
bool tp_stick_notices_out(const struct tp_stick *stick, struct tp_error *error);

#endif
