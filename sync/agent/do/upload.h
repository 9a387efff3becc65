/*
 * Sends what waits in the outbox, several answers at once, and deletes each against its receipt.
 *
 * One instance ID is never in flight twice: the outbox gives each out once (its claims), and this
 * keeps what failed claimed until the drain ends. The first send of a drain goes alone, so that a
 * stranger in the store's place is shown one sealed answer and not all. Deletions are grouped into
 * one transaction; an answer that the store signed for and that was not deleted yet is sent again
 * after a crash, and gets the same receipt. Thread: one at a time.
 */
#ifndef TP_AGENT_DO_UPLOAD_H
#define TP_AGENT_DO_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/decide/verdict.h"
#include "agent/do/deleter.h"
#include "agent/identity.h"
#include "agent/net/http.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/outbox.h"

/* Deletions in one transaction. */
#define TP_UPLOAD_GROUP TP_DELETER_GROUP
/* From so many on they are made on a thread of their own. */
#define TP_UPLOAD_ASIDE 32u
/* ... and what was signed for is deleted after this long at most. */
#define TP_UPLOAD_GROUP_MS 250
/* So many failures in a row, with no success between, end the drain: it is the store, not them. */
#define TP_UPLOAD_FAILURES_MAX 3u
/* Sealed bytes read ahead of the sends. */
#define TP_UPLOAD_READ_AHEAD (8u * 1024u * 1024u)

struct tp_upload {
    struct tp_store *store; /* borrowed, as all of these */
    struct tp_http *http;
    const struct tp_receipt_key *receipt_key; /* NULL with openrosa */
    /* Who the device is where its server is no store of Talkpoint's: answers go in ODK's own form
     * (do/pack.h), and its word counts, for it gives no receipts. NULL: a Talkpoint store. */
    const struct tp_identity *openrosa;
    int64_t accepts_bytes; /* no larger body is sent; 0 or less: the server did not say */
    const struct tp_clock *clock;
    bool (*may_go_on)(void *context); /* false: start nothing more. NULL: always. */
    void *context;
};

struct tp_upload_end {
    size_t delivered;
    size_t set_aside;
    size_t left_over; /* failed and kept */
    /* DELIVERED: the outbox is empty but for what was left over; LATER: too many failed in a row;
     * PAUSE, BARRED: as the store said. */
    enum tp_verdict_kind kind;
    bool contact;                     /* the store itself answered at least once */
    int64_t retry_after_s;            /* -1 for none */
    char words[TP_VERDICT_WORDS_MAX]; /* of the last failure; "" where there was none */
};

/* Drains the outbox. False only where the device's own store failed (and then *end still says what
 * was done): nothing that the central store holds is lost by it. */
bool tp_upload_drain(const struct tp_upload *upload, struct tp_upload_end *end,
                     struct tp_error *error);

#endif
