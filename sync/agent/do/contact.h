/*
 * Asks an OpenRosa server how it does before anything is sent: HEAD on its submission address
 * (OpenRosa, Form Submission API). A stranger in its place then sees no answer at all. Takes the
 * time from its Date. Where the destination is Talkpoint's store, the heartbeat does this.
 * Thread: one at a time.
 */
#ifndef TP_AGENT_DO_CONTACT_H
#define TP_AGENT_DO_CONTACT_H

#include "agent/decide/verdict.h"
#include "agent/identity.h"
#include "agent/net/http.h"
#include "store/store.h"

struct tp_contact_end {
    enum tp_verdict_kind kind; /* DELIVERED: the server is there and lets this screen in */
    bool contact;
    int64_t retry_after_s;            /* -1 for none */
    int64_t accepts_bytes;            /* the largest body it takes; -1: it did not say */
    char words[TP_VERDICT_WORDS_MAX]; /* "" where delivered */
};

/* False where the device's own store failed. */
bool tp_contact(struct tp_store *store, struct tp_http *http, const struct tp_identity *identity,
                struct tp_contact_end *end, struct tp_error *error);

/* Where such a server takes submissions: its address, "/submission" and which device asks. */
bool tp_contact_url(const struct tp_http *http, const struct tp_identity *identity,
                    char url[TP_HTTP_URL_MAX], struct tp_error *error);

#endif
