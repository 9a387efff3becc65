#include "agent/do/upload.h"

#include <stdio.h>
#include <string.h>

#include "agent/decide/window.h"
#include "agent/do/contact.h"
#include "agent/do/pack.h"
#include "agent/wire/reply.h"
#include "base/mem.h"

#define BATCH 256u
/* Receipts that share a signature. Those of another screen's answers travel back to it on a stick,
 * whatever its version: for these the form that every version reads is asked for. */
#define RECEIPT_FORM "2"
/* Longer than a drain keeps what failed: a claim must not lapse while its answer is in flight. */
#define LEASE_MS (INT64_C(6) * 60 * 60 * 1000)
#define SEND_TOTAL_S 600L
/* Answers kept claimed because they failed. A drain that may come to more ends: every send in
 * flight and every receipt not yet verified may be one. */
#define FAILED_MAX 1024u
#define FAILED_ENOUGH (FAILED_MAX - 2 * TP_UPLOAD_GROUP - TP_HTTP_CONNECTIONS_MAX)

/* One step may bring as many receipts as there are connections. */
_Static_assert(TP_UPLOAD_GROUP > TP_HTTP_CONNECTIONS_MAX, "a step's receipts fit a group");

struct drain;

/* One answer on its way. */
struct flight {
    struct drain *drain;
    char instance_id[TP_INSTANCE_ID_MAX];
    char sha256[TP_SHA256_TEXT_MAX];
    char content_type[TP_CONTENT_TYPE_MAX];
    bool carried;
    char given_on[TP_GIVEN_ON_MAX];
    struct tp_buf body;
    int64_t start_ms; /* monotonic */
    bool busy;
};

struct failure {
    char instance_id[TP_INSTANCE_ID_MAX];
    char words[TP_VERDICT_WORDS_MAX];
    bool written;
};

struct drain {
    const struct tp_upload *upload;
    struct tp_upload_end *end;
    struct tp_error *error;
    char url[TP_HTTP_URL_MAX];
    struct tp_outbox_batch batch;
    size_t next;   /* in the batch */
    bool empty;    /* the outbox has no more */
    bool over;     /* start nothing more */
    bool broken;   /* the device's own store failed */
    bool proven;   /* one receipt was verified */
    size_t window; /* how many may be in flight */
    size_t in_flight;
    unsigned failures_in_a_row;
    struct flight *flights; /* owned; flight_count of them */
    size_t flight_count;
    struct tp_receipt *receipts; /* owned; TP_UPLOAD_GROUP: signed for, not deleted yet */
    size_t receipt_count;
    int64_t oldest_receipt_ms;  /* monotonic */
    struct tp_deleter *deleter; /* owned; NULL until there is much to delete */
    bool no_deleter;            /* there can be none */
    struct failure *failures;   /* owned; FAILED_MAX */
    size_t failure_count;
};

static void break_off(struct drain *drain)
{
    drain->over = drain->broken = true;
}

static void stop_with(struct drain *drain, const struct tp_verdict *verdict)
{
    /* The graver word stays: barred over paused over later. */
    if (!drain->over || verdict->kind > drain->end->kind) {
        drain->end->kind = verdict->kind;
        memcpy(drain->end->words, verdict->words, sizeof(drain->end->words));
    }
    drain->over = true;
}

static void note_failure(struct drain *drain, const char *instance_id,
                         const struct tp_verdict *verdict)
{
    struct failure *failure = &drain->failures[drain->failure_count++];

    (void)snprintf(failure->instance_id, sizeof(failure->instance_id), "%s", instance_id);
    memcpy(failure->words, verdict->words, sizeof(failure->words));
    failure->written = false;
    drain->end->left_over++;
    memcpy(drain->end->words, verdict->words, sizeof(drain->end->words));
    drain->window = tp_window_after_failure(drain->window);
    if (++drain->failures_in_a_row >= TP_UPLOAD_FAILURES_MAX ||
        drain->failure_count >= FAILED_ENOUGH)
        stop_with(drain, verdict);
}

static void note_success(struct drain *drain)
{
    drain->failures_in_a_row = 0;
    drain->proven = true;
    drain->end->delivered++;
}

static void take_outcomes(struct drain *drain, const struct tp_deleted *deleted)
{
    if (!deleted->ok) {
        break_off(drain);
        return;
    }
    for (size_t i = 0; i < deleted->count; i++) {
        struct tp_exchange exchange = {.answered = true, .openrosa = true, .status = 201};
        struct tp_verdict verdict;

        if (deleted->outcomes[i] != TP_SENT_REFUSED) {
            note_success(drain);
            continue;
        }
        exchange.receipt = TP_RECEIPT_FORGED;
        verdict = tp_verdict_of(&exchange);
        note_failure(drain, deleted->receipts[i].instance_id, &verdict);
    }
}

static bool deletes_aside(const struct drain *drain)
{
    return drain->deleter && tp_deleter_is_busy(drain->deleter);
}

/* What the deleter has done, if it has; with `wait`, as soon as it has. */
static void collect(struct drain *drain, bool wait)
{
    struct tp_deleted deleted;

    if (drain->deleter && tp_deleter_take(drain->deleter, wait, &deleted, drain->error))
        take_outcomes(drain, &deleted);
}

static void wake_http(void *context)
{
    tp_http_wake(((const struct drain *)context)->upload->http);
}

/* Tried once a drain; where it cannot be, answers are deleted between the sends. */
static bool can_delete_aside(struct drain *drain)
{
    if (drain->deleter || drain->no_deleter)
        return drain->deleter;
    drain->deleter =
        tp_deleter_create(drain->upload->store, drain->upload->receipt_key, wake_http, drain);
    drain->no_deleter = !drain->deleter;
    return drain->deleter;
}

/* Deletes what the receipts prove; the store verifies each signature. */
static void delete_delivered(struct drain *drain)
{
    enum tp_outbox_sent outcomes[TP_UPLOAD_GROUP];
    struct tp_deleted deleted = {
        .receipts = drain->receipts, .outcomes = outcomes, .count = drain->receipt_count};

    collect(drain, true);
    drain->receipt_count = 0;
    if (deleted.count >= TP_UPLOAD_ASIDE && can_delete_aside(drain)) {
        tp_deleter_give(drain->deleter, deleted.receipts, deleted.count);
        return;
    }
    deleted.ok = tp_delete_taken(drain->upload->store, drain->upload->receipt_key, deleted.receipts,
                                 deleted.count, outcomes, drain->error);
    take_outcomes(drain, &deleted);
}

/* A server that gives no receipts says by its OpenRosaResponse that it has the answer; this stands
 * for it then. */
static enum tp_receipt_state take_word(const struct flight *flight, struct tp_reply *reply)
{
    reply->receipt = (struct tp_receipt){0};
    memcpy(reply->receipt.instance_id, flight->instance_id, sizeof(flight->instance_id));
    memcpy(reply->receipt.sha256, flight->sha256, sizeof(flight->sha256));
    return TP_RECEIPT_WORD;
}

static enum tp_receipt_state state_of(const struct flight *flight, struct tp_reply *reply)
{
    if (flight->drain->upload->openrosa)
        return take_word(flight, reply);
    if (!reply->has_receipt)
        return TP_RECEIPT_NONE;
    if (strcmp(reply->receipt.instance_id, flight->instance_id) != 0 ||
        strcmp(reply->receipt.sha256, flight->sha256) != 0)
        return TP_RECEIPT_OTHER;
    return TP_RECEIPT_VALID;
}

static void set_aside(struct drain *drain, const struct flight *flight,
                      const struct tp_verdict *verdict)
{
    struct tp_error problem;

    if (!tp_outbox_quarantine(drain->upload->store, flight->instance_id, verdict->words,
                              &problem) &&
        problem.code != TP_ERR_NOT_FOUND) {
        if (drain->error)
            *drain->error = problem;
        break_off(drain);
        return;
    }
    drain->failures_in_a_row = 0;
    drain->end->set_aside++;
    memcpy(drain->end->words, verdict->words, sizeof(drain->end->words));
}

/* What is believed here is checked once more, signature and all, when it is deleted. */
static void keep_receipt(struct drain *drain, const struct flight *flight,
                         const struct tp_receipt *receipt)
{
    int64_t now_ms = tp_clock_monotonic_ms(drain->upload->clock);

    if (drain->receipt_count == 0)
        drain->oldest_receipt_ms = now_ms;
    drain->receipts[drain->receipt_count++] = *receipt;
    drain->window =
        tp_window_after_receipt(drain->window, drain->flight_count, now_ms - flight->start_ms);
}

static void on_done(void *context, struct tp_http_answer *answer)
{
    struct flight *flight = context;
    struct drain *drain = flight->drain;
    struct tp_reply reply = {0};
    struct tp_verdict verdict;

    tp_buf_reset(&flight->body);
    flight->busy = false;
    drain->in_flight--;
    if (answer->stopped) {
        drain->over = true;
        return;
    }
    if (tp_exchange_is_contact(&answer->exchange)) {
        drain->end->contact = true;
        if (tp_reply_read(tp_buf_text(&answer->body), answer->body.length, &reply, NULL)) {
            answer->exchange.receipt = state_of(flight, &reply);
            answer->exchange.message = reply.message;
        }
    }
    verdict = tp_verdict_of(&answer->exchange);
    switch (verdict.kind) {
    case TP_VERDICT_DELIVERED:
        keep_receipt(drain, flight, &reply.receipt);
        break;
    case TP_VERDICT_SET_ASIDE:
        set_aside(drain, flight, &verdict);
        break;
    case TP_VERDICT_LATER:
        note_failure(drain, flight->instance_id, &verdict);
        break;
    case TP_VERDICT_PAUSE:
        note_failure(drain, flight->instance_id, &verdict);
        drain->end->retry_after_s = answer->retry_after_s;
        stop_with(drain, &verdict);
        break;
    case TP_VERDICT_BARRED:
    default:
        stop_with(drain, &verdict);
        break;
    }
}

/* The next answer to send; NULL where there is none. */
static struct tp_outbox_item *next_item(struct drain *drain)
{
    static const struct tp_outbox_next_params params = {
        .max_count = BATCH, .max_bytes = TP_UPLOAD_READ_AHEAD, .lease_ms = LEASE_MS};

    if (drain->next < drain->batch.count)
        return &drain->batch.items[drain->next++];
    if (drain->empty)
        return NULL;
    tp_outbox_batch_finish(&drain->batch);
    drain->batch = (struct tp_outbox_batch){0};
    drain->next = 0;
    if (!tp_outbox_next(drain->upload->store, &params, &drain->batch, drain->error)) {
        break_off(drain);
        return NULL;
    }
    drain->empty = drain->batch.count == 0;
    return drain->empty ? NULL : &drain->batch.items[drain->next++];
}

static struct flight *free_flight(struct drain *drain)
{
    for (size_t i = 0; i < drain->flight_count; i++)
        if (!drain->flights[i].busy)
            return &drain->flights[i];
    return NULL;
}

static bool is_in_flight(const struct drain *drain, const char *instance_id)
{
    for (size_t i = 0; i < drain->flight_count; i++)
        if (drain->flights[i].busy && strcmp(drain->flights[i].instance_id, instance_id) == 0)
            return true;
    return false;
}

/* Fails (TP_ERR_INVALID, TP_ERR_LIMIT) for a row that cannot be sent at all. */
static bool pack(struct flight *flight, const struct tp_outbox_item *item, struct tp_error *error)
{
    const struct tp_upload *upload = flight->drain->upload;

    (void)snprintf(flight->instance_id, sizeof(flight->instance_id), "%s", item->instance_id);
    (void)snprintf(flight->sha256, sizeof(flight->sha256), "%s", item->sha256);
    flight->carried = item->carried;
    memcpy(flight->given_on, item->given_on, sizeof(flight->given_on));
    flight->body.max = TP_ENVELOPE_BYTES_MAX;
    if (!tp_pack(item, upload->openrosa, &flight->body, flight->content_type, error))
        return false;
    return upload->accepts_bytes <= 0 || flight->body.length <= (uint64_t)upload->accepts_bytes ||
           tp_fail(error, TP_ERR_LIMIT, "it has %zu bytes, and the server takes %lld",
                   flight->body.length, (long long)upload->accepts_bytes);
}

static bool launch(struct drain *drain, struct flight *flight)
{
    struct tp_http_request request = {.method = "POST",
                                      .url = drain->url,
                                      .content_type = flight->content_type,
                                      .receipt = flight->carried ? NULL : RECEIPT_FORM,
                                      .given_on = flight->given_on,
                                      .body = flight->body.data,
                                      .body_count = flight->body.length,
                                      .answer_max = TP_REPLY_BYTES_MAX,
                                      .total_s = SEND_TOTAL_S,
                                      .done = on_done,
                                      .context = flight};

    if (!tp_http_start(drain->upload->http, &request, drain->error))
        return false;
    flight->start_ms = tp_clock_monotonic_ms(drain->upload->clock);
    flight->busy = true;
    drain->in_flight++;
    return true;
}

static void send_one(struct drain *drain, struct flight *flight, const struct tp_outbox_item *item)
{
    struct tp_verdict verdict = {.kind = TP_VERDICT_SET_ASIDE};
    struct tp_error problem;

    if (is_in_flight(drain, item->instance_id))
        return;
    if (pack(flight, item, &problem)) {
        if (launch(drain, flight))
            return;
        break_off(drain);
    } else if (problem.code == TP_ERR_INVALID || problem.code == TP_ERR_LIMIT) {
        (void)snprintf(verdict.words, sizeof(verdict.words), "cannot be sent: %.300s",
                       problem.text);
        set_aside(drain, flight, &verdict);
    } else {
        if (drain->error)
            *drain->error = problem;
        break_off(drain);
    }
    tp_buf_reset(&flight->body);
}

static void fill(struct drain *drain)
{
    while (!drain->over && drain->in_flight < drain->window) {
        struct flight *flight = free_flight(drain);
        struct tp_outbox_item *item;

        if (drain->upload->may_go_on && !drain->upload->may_go_on(drain->upload->context)) {
            drain->over = true;
            return;
        }
        item = flight ? next_item(drain) : NULL;
        if (!item)
            return;
        send_one(drain, flight, item);
        tp_free(item->sealed);
        item->sealed = NULL;
    }
}

static bool deletion_is_due(const struct drain *drain)
{
    if (drain->receipt_count == 0)
        return false;
    if (drain->receipt_count + drain->flight_count >= TP_UPLOAD_GROUP || drain->in_flight == 0 ||
        !drain->proven)
        return true;
    return !deletes_aside(drain) &&
           tp_clock_monotonic_ms(drain->upload->clock) - drain->oldest_receipt_ms >=
               TP_UPLOAD_GROUP_MS;
}

/* Writes down what failed, those with the same words in one transaction, which ends their claims;
 * then gives back what was read ahead and never sent. */
static void write_failures(struct drain *drain)
{
    const char *ids[FAILED_MAX];

    for (size_t i = 0; i < drain->failure_count; i++) {
        size_t count = 0;

        if (drain->failures[i].written)
            continue;
        for (size_t k = i; k < drain->failure_count; k++) {
            if (strcmp(drain->failures[k].words, drain->failures[i].words) != 0)
                continue;
            drain->failures[k].written = true;
            ids[count++] = drain->failures[k].instance_id;
        }
        if (!tp_outbox_mark_failed(drain->upload->store, ids, count, drain->failures[i].words,
                                   drain->error))
            drain->broken = true;
    }
    if (!tp_outbox_release(drain->upload->store, false, drain->error))
        drain->broken = true;
}

static bool set_up(struct drain *drain)
{
    drain->flight_count = tp_http_connections(drain->upload->http);
    drain->flights = tp_calloc(drain->flight_count, sizeof(*drain->flights));
    drain->receipts = tp_calloc(TP_UPLOAD_GROUP, sizeof(*drain->receipts));
    drain->failures = tp_calloc(FAILED_MAX, sizeof(*drain->failures));
    if (!drain->flights || !drain->receipts || !drain->failures)
        return tp_fail_memory(drain->error);
    for (size_t i = 0; i < drain->flight_count; i++)
        drain->flights[i].drain = drain;
    if (drain->upload->openrosa)
        return tp_contact_url(drain->upload->http, drain->upload->openrosa, drain->url,
                              drain->error);
    return tp_http_path(drain->upload->http, "/submission", drain->url, drain->error);
}

static void finish(struct drain *drain)
{
    for (size_t i = 0; drain->flights && i < drain->flight_count; i++)
        tp_buf_finish(&drain->flights[i].body);
    tp_outbox_batch_finish(&drain->batch);
    tp_free(drain->flights);
    tp_free(drain->receipts);
    tp_free(drain->failures);
}

bool tp_upload_drain(const struct tp_upload *upload, struct tp_upload_end *end,
                     struct tp_error *error)
{
    struct drain drain = {.upload = upload, .end = end, .error = error, .window = 1};

    *end = (struct tp_upload_end){.kind = TP_VERDICT_DELIVERED, .retry_after_s = -1};
    if (!set_up(&drain)) {
        finish(&drain);
        return false;
    }
    for (;;) {
        collect(&drain, false);
        fill(&drain);
        if (drain.in_flight == 0 && drain.receipt_count == 0) {
            collect(&drain, true);
            if (drain.over || drain.empty)
                break;
        }
        if (drain.in_flight && !tp_http_step(upload->http))
            drain.over = true;
        if (deletion_is_due(&drain))
            delete_delivered(&drain);
    }
    /* It has nothing to do any more, and while it is there the store mends nothing. */
    tp_deleter_destroy(drain.deleter);
    drain.deleter = NULL;
    write_failures(&drain);
    finish(&drain);
    return !drain.broken;
}
