/* What comes back to a request, and what it means for each answer in it (docs/PROTOCOL.md, Retry).
 */
#include <stdio.h>
#include <string.h>

#include "agent/decide/window.h"
#include "agent/do/drain.h"
#include "agent/wire/reply.h"
#include "base/utf8.h"

#define FAILED_ENOUGH (TP_DRAIN_FAILED_MAX - 2 * TP_UPLOAD_GROUP - TP_DRAIN_IN_FLIGHT_MAX)

_Static_assert(TP_DRAIN_FAILED_MAX > 2 * TP_UPLOAD_GROUP + TP_DRAIN_IN_FLIGHT_MAX,
               "there is room for more failures than may come at once");

void tp_drain_break_off(struct tp_drain *drain)
{
    drain->over = drain->broken = true;
}

static void stop_with(struct tp_drain *drain, const struct tp_verdict *verdict)
{
    /* The graver word stays: barred over paused over later. */
    if (verdict->kind > drain->end->kind) {
        drain->end->kind = verdict->kind;
        memcpy(drain->end->words, verdict->words, sizeof(drain->end->words));
    }
    drain->over = true;
}

void tp_drain_keep_failed(struct tp_drain *drain, const char *instance_id,
                          const struct tp_verdict *verdict)
{
    struct tp_failure *failure = &drain->failures[drain->failure_count++];

    (void)snprintf(failure->instance_id, sizeof(failure->instance_id), "%s", instance_id);
    memcpy(failure->words, verdict->words, sizeof(failure->words));
    drain->end->left_over++;
    memcpy(drain->end->words, verdict->words, sizeof(drain->end->words));
}

void tp_drain_count_failure(struct tp_drain *drain, const struct tp_verdict *verdict)
{
    drain->window = tp_window_after_failure(drain->window);
    if (++drain->failures_in_a_row >= TP_UPLOAD_FAILURES_MAX ||
        drain->failure_count >= FAILED_ENOUGH)
        stop_with(drain, verdict);
}

void tp_drain_set_aside(struct tp_drain *drain, const char *instance_id,
                        const struct tp_verdict *verdict)
{
    struct tp_error problem;

    if (!tp_outbox_quarantine(drain->upload->store, instance_id, verdict->words, &problem) &&
        problem.code != TP_ERR_NOT_FOUND) {
        if (drain->error)
            *drain->error = problem;
        tp_drain_break_off(drain);
        return;
    }
    drain->failures_in_a_row = 0;
    drain->end->set_aside++;
    memcpy(drain->end->words, verdict->words, sizeof(drain->end->words));
}

/* What is believed here is checked once more, signature and all, when it is deleted. */
static void keep_receipt(struct tp_drain *drain, const struct tp_receipt *receipt)
{
    if (drain->receipt_count == 0)
        drain->oldest_receipt_ms = tp_clock_monotonic_ms(drain->upload->clock);
    drain->receipts[drain->receipt_count++] = *receipt;
}

/* Does with one answer what the table says. */
static void act(struct tp_drain *drain, const struct tp_flown *flown,
                const struct tp_verdict *verdict, const struct tp_receipt *receipt)
{
    switch (verdict->kind) {
    case TP_VERDICT_DELIVERED:
        keep_receipt(drain, receipt);
        break;
    case TP_VERDICT_SET_ASIDE:
        tp_drain_set_aside(drain, flown->instance_id, verdict);
        break;
    case TP_VERDICT_LATER:
        tp_drain_keep_failed(drain, flown->instance_id, verdict);
        break;
    case TP_VERDICT_PAUSE:
        tp_drain_keep_failed(drain, flown->instance_id, verdict);
        stop_with(drain, verdict);
        break;
    case TP_VERDICT_BARRED:
    default:
        stop_with(drain, verdict);
        break;
    }
}

static bool is_failure(const struct tp_verdict *verdict)
{
    return verdict->kind == TP_VERDICT_LATER || verdict->kind == TP_VERDICT_PAUSE;
}

/* The window follows what a request came to. */
static void count_request(struct tp_drain *drain, const struct tp_flight *flight,
                          const struct tp_verdict *verdict, bool delivered)
{
    size_t most = drain->several ? TP_DRAIN_IN_FLIGHT_MAX : drain->flight_count;
    int64_t took_ms = tp_clock_monotonic_ms(drain->upload->clock) - flight->start_ms;

    if (is_failure(verdict))
        tp_drain_count_failure(drain, verdict);
    else if (delivered)
        drain->window = tp_window_after_receipt(drain->window, most, took_ms);
}

/* ---- an answer alone ---- */

/* A server that gives no receipts says by its OpenRosaResponse that it has the answer; this stands
 * for it then. */
static enum tp_receipt_state take_word(const struct tp_flown *flown, struct tp_receipt *receipt)
{
    *receipt = (struct tp_receipt){0};
    memcpy(receipt->instance_id, flown->instance_id, sizeof(flown->instance_id));
    memcpy(receipt->sha256, flown->sha256, sizeof(flown->sha256));
    return TP_RECEIPT_WORD;
}

static enum tp_receipt_state state_of(const struct tp_flown *flown, bool has_receipt,
                                      const struct tp_receipt *receipt)
{
    if (!has_receipt)
        return TP_RECEIPT_NONE;
    if (strcmp(receipt->instance_id, flown->instance_id) != 0 ||
        strcmp(receipt->sha256, flown->sha256) != 0)
        return TP_RECEIPT_OTHER;
    return TP_RECEIPT_VALID;
}

/* On a capped line, which has one connection, one answer goes at a time. */
static void note_several(struct tp_drain *drain, int64_t accepts_answers)
{
    if (accepts_answers > 1 && !drain->upload->openrosa && drain->flight_count > 1 &&
        !drain->no_several)
        drain->several = (size_t)accepts_answers;
}

static void take_single(struct tp_drain *drain, const struct tp_flight *flight,
                        struct tp_http_answer *answer)
{
    const struct tp_flown *flown = flight->answers;
    struct tp_reply reply = {0};
    struct tp_verdict verdict;
    bool delivered;

    answer->exchange.attempts = flown->attempts;
    if (tp_exchange_is_contact(&answer->exchange) &&
        tp_reply_read(tp_buf_text(&answer->body), answer->body.length, &reply, NULL)) {
        answer->exchange.receipt = drain->upload->openrosa
                                       ? take_word(flown, &reply.receipt)
                                       : state_of(flown, reply.has_receipt, &reply.receipt);
        answer->exchange.message = reply.message;
    }
    verdict = tp_verdict_of(&answer->exchange);
    delivered = verdict.kind == TP_VERDICT_DELIVERED;
    if (delivered)
        note_several(drain, answer->accepts_answers);
    act(drain, flown, &verdict, &reply.receipt);
    count_request(drain, flight, &verdict, delivered);
}

/* ---- several answers ---- */

/* The store's word on each. An answer that nothing is said of stays as it was. */
static void take_each(struct tp_drain *drain, const struct tp_flight *flight, char *text)
{
    struct tp_verdict worst = {.kind = TP_VERDICT_DELIVERED};
    bool delivered = false;

    for (size_t i = 0; i < flight->count; i++) {
        const struct tp_flown *flown = &flight->answers[i];
        struct tp_exchange exchange = {.answered = true, .openrosa = true, .status = 201};
        char message[TP_REPLY_MESSAGE_MAX] = "";
        struct tp_word word = {.status = 0};
        struct tp_verdict verdict;

        if (tp_several_reply_next(&text, flown->instance_id, &word)) {
            exchange.status = word.status;
            exchange.receipt = state_of(flown, word.has_receipt, &word.receipt);
            tp_utf8_to_words(word.message, message, sizeof(message));
            exchange.message = message;
        }
        verdict = tp_verdict_of(&exchange);
        act(drain, flown, &verdict, &word.receipt);
        delivered = delivered || verdict.kind == TP_VERDICT_DELIVERED;
        if (is_failure(&verdict))
            worst = verdict;
    }
    count_request(drain, flight, &worst, delivered);
}

/* Nothing is known of any of them. Whatever was said, it was no word on one answer: none is set
 * aside for it, and the rest of the drain goes one by one. Of such requests that were under way
 * together one counts: the others say no more of the store, which may well take what comes alone.
 */
static void fail_all(struct tp_drain *drain, const struct tp_flight *flight,
                     const struct tp_exchange *exchange)
{
    static const struct tp_receipt none;
    struct tp_verdict verdict = tp_verdict_of(exchange);
    bool counts = !drain->no_several;

    if (verdict.kind == TP_VERDICT_SET_ASIDE)
        verdict.kind = TP_VERDICT_LATER;
    drain->several = 0;
    drain->no_several = true;
    for (size_t i = 0; i < flight->count; i++)
        act(drain, &flight->answers[i], &verdict, &none);
    if (counts)
        count_request(drain, flight, &verdict, false);
    if (drain->window > drain->flight_count)
        drain->window = drain->flight_count;
}

static void take_several(struct tp_drain *drain, const struct tp_flight *flight,
                         struct tp_http_answer *answer)
{
    char *text = answer->body.data;

    if (tp_exchange_is_contact(&answer->exchange) && answer->exchange.status == 200 && text &&
        tp_several_reply_open(&text))
        take_each(drain, flight, text);
    else
        fail_all(drain, flight, &answer->exchange);
}

void tp_drain_on_done(void *context, struct tp_http_answer *answer)
{
    struct tp_flight *flight = context;
    struct tp_drain *drain = flight->owner;

    drain->in_flight -= flight->count;
    if (answer->stopped) {
        drain->over = true;
        tp_flight_land(flight);
        return;
    }
    if (tp_exchange_is_contact(&answer->exchange))
        drain->end->contact = true;
    if (flight->several)
        take_several(drain, flight, answer);
    else
        take_single(drain, flight, answer);
    if (answer->retry_after_s >= 0 && drain->end->kind == TP_VERDICT_PAUSE)
        drain->end->retry_after_s = answer->retry_after_s;
    tp_flight_land(flight);
}
