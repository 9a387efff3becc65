/*
 * The inside of a drain of the outbox, shared by the file that sends and deletes (upload.c) and the
 * one that takes in what comes back (outcome.c). For sync/agent/do only.
 */
#ifndef TP_AGENT_DO_DRAIN_H
#define TP_AGENT_DO_DRAIN_H

#include "agent/do/flight.h"
#include "agent/do/upload.h"

/* Requests of several answers in flight: while one is read here, others are on the line and
 * committed there. */
#define TP_DRAIN_SHARED_MAX 4u
/* Answers in flight, however they are sent. */
#define TP_DRAIN_IN_FLIGHT_MAX (TP_DRAIN_SHARED_MAX * TP_SEVERAL_ANSWERS_MAX)
/* Answers kept claimed because they failed. A drain that may come to more ends: every send in
 * flight and every receipt not yet verified may be one. */
#define TP_DRAIN_FAILED_MAX 2048u

struct tp_failure {
    char instance_id[TP_INSTANCE_ID_MAX];
    char words[TP_VERDICT_WORDS_MAX];
    bool written;
};

struct tp_drain {
    const struct tp_upload *upload;
    struct tp_upload_end *end;
    struct tp_error *error;
    char url[TP_HTTP_URL_MAX];
    char several_url[TP_HTTP_URL_MAX];
    size_t several;  /* how many answers the store takes in one request; 0: one */
    bool no_several; /* one such request came to nothing */
    struct tp_outbox_batch batch;
    size_t next;      /* in the batch */
    bool empty;       /* the outbox has no more */
    bool over;        /* start nothing more */
    bool broken;      /* the device's own store failed */
    size_t window;    /* how many answers may be in flight */
    size_t in_flight; /* ... and are */
    unsigned failures_in_a_row;
    struct tp_flight *flights; /* owned; flight_count of them */
    size_t flight_count;
    struct tp_receipt *receipts; /* owned; TP_UPLOAD_GROUP: signed for, not deleted yet */
    size_t receipt_count;
    int64_t oldest_receipt_ms;   /* monotonic */
    struct tp_deleter *deleter;  /* owned; NULL until there is much to delete */
    bool no_deleter;             /* there can be none */
    struct tp_failure *failures; /* owned; TP_DRAIN_FAILED_MAX */
    size_t failure_count;
};

/* The device's own store failed. */
void tp_drain_break_off(struct tp_drain *drain);
/* An answer stays claimed until the drain ends, and its failure is written down then. */
void tp_drain_keep_failed(struct tp_drain *drain, const char *instance_id,
                          const struct tp_verdict *verdict);
/* One for each request, however many answers it brought: halves the window, and ends the drain
 * after a few with no success between. */
void tp_drain_count_failure(struct tp_drain *drain, const struct tp_verdict *verdict);
void tp_drain_set_aside(struct tp_drain *drain, const char *instance_id,
                        const struct tp_verdict *verdict);

/* tp_http_request's `done` for a flight. */
void tp_drain_on_done(void *flight, struct tp_http_answer *answer);

#endif
