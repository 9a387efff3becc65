#include "agent/do/upload.h"

#include <stdio.h>
#include <string.h>

#include "agent/do/contact.h"
#include "agent/do/drain.h"
#include "base/mem.h"

#define BATCH 256u
/* Longer than a drain keeps what failed: a claim must not lapse while its answer is in flight. */
#define LEASE_MS (INT64_C(6) * 60 * 60 * 1000)

_Static_assert(TP_DRAIN_IN_FLIGHT_MAX >= TP_HTTP_CONNECTIONS_MAX, "however they are sent");
/* One step may bring as many receipts as there are answers in flight. */
_Static_assert(TP_UPLOAD_GROUP >= 2 * TP_DRAIN_IN_FLIGHT_MAX, "a step's receipts fit a group");

static void note_success(struct tp_drain *drain)
{
    drain->failures_in_a_row = 0;
    drain->end->delivered++;
}

static void take_outcomes(struct tp_drain *drain, const struct tp_deleted *deleted)
{
    if (!deleted->ok) {
        tp_drain_break_off(drain);
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
        tp_drain_keep_failed(drain, deleted->receipts[i].instance_id, &verdict);
        tp_drain_count_failure(drain, &verdict);
    }
}

static bool deletes_aside(const struct tp_drain *drain)
{
    return drain->deleter && tp_deleter_is_busy(drain->deleter);
}

/* What the deleter has done, if it has; with `wait`, as soon as it has. */
static void collect(struct tp_drain *drain, bool wait)
{
    struct tp_deleted deleted;

    if (drain->deleter && tp_deleter_take(drain->deleter, wait, &deleted, drain->error))
        take_outcomes(drain, &deleted);
}

static void wake_http(void *context)
{
    tp_http_wake(((const struct tp_drain *)context)->upload->http);
}

/* Tried once a drain; where it cannot be, answers are deleted between the sends. */
static bool can_delete_aside(struct tp_drain *drain)
{
    if (drain->deleter || drain->no_deleter)
        return drain->deleter;
    drain->deleter =
        tp_deleter_create(drain->upload->store, drain->upload->receipt_key, wake_http, drain);
    drain->no_deleter = !drain->deleter;
    return drain->deleter;
}

/* Deletes what the receipts prove; the store verifies each signature. */
static void delete_delivered(struct tp_drain *drain)
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

/* The next answer to send; NULL where there is none. */
static struct tp_outbox_item *next_item(struct tp_drain *drain)
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
        tp_drain_break_off(drain);
        return NULL;
    }
    drain->empty = drain->batch.count == 0;
    return drain->empty ? NULL : &drain->batch.items[drain->next++];
}

static struct tp_flight *free_flight(struct tp_drain *drain)
{
    for (size_t i = 0; i < drain->flight_count; i++)
        if (!drain->flights[i].count)
            return &drain->flights[i];
    return NULL;
}

static bool is_in_flight(const struct tp_drain *drain, const char *instance_id)
{
    for (size_t i = 0; i < drain->flight_count; i++)
        if (tp_flight_has(&drain->flights[i], instance_id))
            return true;
    return false;
}

/* How many answers the next request may bring; fewer than two: one goes alone. */
static size_t next_size(const struct tp_drain *drain)
{
    size_t size = drain->window / TP_DRAIN_SHARED_MAX;
    size_t room = drain->window - drain->in_flight;

    if (size > drain->several)
        size = drain->several;
    return size < room ? size : room;
}

/* The next answer, and those behind it that may share its request. NULL where there is none. */
static struct tp_outbox_item *next_items(struct tp_drain *drain, size_t *count)
{
    struct tp_outbox_item *first = next_item(drain);
    size_t most = next_size(drain);
    size_t bytes = first ? first->sealed_count : 0;

    *count = 1;
    if (!first || !tp_flight_may_share(first))
        return first;
    for (; *count < most && drain->next < drain->batch.count; drain->next++, (*count)++) {
        const struct tp_outbox_item *item = &drain->batch.items[drain->next];

        bytes += item->sealed_count;
        if (!tp_flight_may_share(item) || bytes > TP_SEVERAL_SEALED_MAX ||
            is_in_flight(drain, item->instance_id))
            break;
    }
    return first;
}

/* Fails (TP_ERR_INVALID, TP_ERR_LIMIT) for a row that cannot be sent at all. */
static bool load(const struct tp_drain *drain, struct tp_flight *flight,
                 const struct tp_outbox_item *items, size_t count, struct tp_error *error)
{
    int64_t accepts = drain->upload->accepts_bytes;

    if (!tp_flight_load(flight, items, count, drain->upload->openrosa, error))
        return false;
    return accepts <= 0 || flight->body.length <= (uint64_t)accepts ||
           tp_fail(error, TP_ERR_LIMIT, "it has %zu bytes, and the server takes %lld",
                   flight->body.length, (long long)accepts);
}

static bool launch(struct tp_drain *drain, struct tp_flight *flight)
{
    const char *url = flight->several ? drain->several_url : drain->url;

    if (!tp_flight_start(flight, drain->upload->http, url, tp_drain_on_done, drain->error))
        return false;
    flight->start_ms = tp_clock_monotonic_ms(drain->upload->clock);
    drain->in_flight += flight->count;
    return true;
}

static bool is_of_itself(const struct tp_error *problem)
{
    return problem->code == TP_ERR_INVALID || problem->code == TP_ERR_LIMIT;
}

/* Where several cannot go together the first goes alone; *count says how many went. */
static void send_items(struct tp_drain *drain, struct tp_flight *flight,
                       const struct tp_outbox_item *items, size_t *count)
{
    struct tp_verdict verdict = {.kind = TP_VERDICT_SET_ASIDE};
    struct tp_error problem;
    bool loaded;

    if (is_in_flight(drain, items->instance_id))
        return;
    loaded = load(drain, flight, items, *count, &problem);
    if (!loaded && *count > 1 && is_of_itself(&problem)) {
        tp_flight_land(flight);
        drain->next -= *count - 1;
        *count = 1;
        loaded = load(drain, flight, items, 1, &problem);
    }
    if (loaded) {
        if (launch(drain, flight))
            return;
        tp_drain_break_off(drain);
    } else if (is_of_itself(&problem)) {
        (void)snprintf(verdict.words, sizeof(verdict.words), "cannot be sent: %.300s",
                       problem.text);
        tp_drain_set_aside(drain, items->instance_id, &verdict);
    } else {
        if (drain->error)
            *drain->error = problem;
        tp_drain_break_off(drain);
    }
    tp_flight_land(flight);
}

static void fill(struct tp_drain *drain)
{
    while (!drain->over && drain->in_flight < drain->window) {
        struct tp_flight *flight = free_flight(drain);
        struct tp_outbox_item *items;
        size_t count = 0;

        if (drain->upload->may_go_on && !drain->upload->may_go_on(drain->upload->context)) {
            drain->over = true;
            return;
        }
        items = flight ? next_items(drain, &count) : NULL;
        if (!items)
            return;
        send_items(drain, flight, items, &count);
        for (size_t i = 0; i < count; i++) {
            tp_free(items[i].sealed);
            items[i].sealed = NULL;
        }
    }
}

static bool deletion_is_due(const struct tp_drain *drain)
{
    if (drain->receipt_count == 0)
        return false;
    if (drain->receipt_count + TP_DRAIN_IN_FLIGHT_MAX >= TP_UPLOAD_GROUP || drain->in_flight == 0)
        return true;
    return !deletes_aside(drain) &&
           tp_clock_monotonic_ms(drain->upload->clock) - drain->oldest_receipt_ms >=
               TP_UPLOAD_GROUP_MS;
}

/* Writes down what failed, those with the same words in one transaction, which ends their claims;
 * then gives back what was read ahead and never sent. */
static void write_failures(struct tp_drain *drain)
{
    const char *ids[TP_DRAIN_FAILED_MAX];

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

static bool set_up(struct tp_drain *drain)
{
    drain->flight_count = tp_http_connections(drain->upload->http);
    drain->flights = tp_calloc(drain->flight_count, sizeof(*drain->flights));
    drain->receipts = tp_calloc(TP_UPLOAD_GROUP, sizeof(*drain->receipts));
    drain->failures = tp_calloc(TP_DRAIN_FAILED_MAX, sizeof(*drain->failures));
    if (!drain->flights || !drain->receipts || !drain->failures)
        return tp_fail_memory(drain->error);
    for (size_t i = 0; i < drain->flight_count; i++)
        if (!tp_flight_init(&drain->flights[i], drain, drain->error))
            return false;
    if (drain->upload->openrosa)
        return tp_contact_url(drain->upload->http, drain->upload->openrosa, drain->url,
                              drain->error);
    return tp_http_path(drain->upload->http, "/submission", drain->url, drain->error) &&
           tp_http_path(drain->upload->http, "/talkpoint/submissions", drain->several_url,
                        drain->error);
}

static void finish(struct tp_drain *drain)
{
    for (size_t i = 0; drain->flights && i < drain->flight_count; i++)
        tp_flight_finish(&drain->flights[i]);
    tp_outbox_batch_finish(&drain->batch);
    tp_free(drain->flights);
    tp_free(drain->receipts);
    tp_free(drain->failures);
}

bool tp_upload_drain(const struct tp_upload *upload, struct tp_upload_end *end,
                     struct tp_error *error)
{
    struct tp_drain drain = {.upload = upload, .end = end, .error = error, .window = 1};

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
        if (drain.in_flight)
            (void)tp_http_step(upload->http); /* what it cuts says so itself */
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
