/*
 * One request on its way to the store, and the answers in it: one, in the form that the server
 * reads (do/pack.h), or several (store/several.h), where a Talkpoint store said that it takes them.
 * Thread: one at a time.
 */
#ifndef TP_AGENT_DO_FLIGHT_H
#define TP_AGENT_DO_FLIGHT_H

#include "agent/do/pack.h"
#include "agent/net/http.h"
#include "store/several.h"

/* What must be known of an answer once its bytes are on their way. */
struct tp_flown {
    char instance_id[TP_INSTANCE_ID_MAX];
    char sha256[TP_SHA256_TEXT_MAX];
    uint32_t attempts; /* before this one */
};

struct tp_flight {
    void *owner;              /* the drain */
    struct tp_flown *answers; /* owned; room for TP_SEVERAL_ANSWERS_MAX */
    size_t count;             /* on their way; 0: it is free */
    bool several;             /* the form of the request */
    bool carried;             /* of another screen, from a stick; then alone */
    char given_on[TP_GIVEN_ON_MAX];
    char content_type[TP_CONTENT_TYPE_MAX];
    struct tp_buf body;
    int64_t start_ms; /* monotonic */
};

bool tp_flight_init(struct tp_flight *flight, void *owner, struct tp_error *error);
void tp_flight_finish(struct tp_flight *flight);
/* Its answers are not on their way any more. */
void tp_flight_land(struct tp_flight *flight);

bool tp_flight_has(const struct tp_flight *flight, const char *instance_id);

/* Whether an answer may go with others: fresh, this screen's own, and of proper names. One that
 * failed before goes alone, so that one which breaks a request breaks it once. */
bool tp_flight_may_share(const struct tp_outbox_item *item);

/* Loads `count` items, more than one only where all may share. `openrosa` as tp_pack has it. Fails
 * (TP_ERR_INVALID, TP_ERR_LIMIT) for an answer that cannot be sent at all; it then still knows it,
 * and is free. */
bool tp_flight_load(struct tp_flight *flight, const struct tp_outbox_item *items, size_t count,
                    const struct tp_identity *openrosa, struct tp_error *error);

/* Starts the request. `url` is the address for its form, and lasts until `done`. */
bool tp_flight_start(struct tp_flight *flight, struct tp_http *http, const char *url,
                     void (*done)(void *flight, struct tp_http_answer *answer),
                     struct tp_error *error);

#endif
