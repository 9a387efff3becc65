#include "agent/do/flight.h"

#include <stdio.h>
#include <string.h>

#include "agent/wire/reply.h"
#include "base/mem.h"

/* Receipts that share a signature. Those of another screen's answers travel back to it on a stick,
 * whatever its version: for these the form that every version reads is asked for. */
#define RECEIPT_FORM "2"
#define SEND_TOTAL_S 600L
#define SEVERAL_TYPE "application/octet-stream"

bool tp_flight_init(struct tp_flight *flight, void *owner, struct tp_error *error)
{
    *flight = (struct tp_flight){
        .owner = owner, .answers = tp_calloc(TP_SEVERAL_ANSWERS_MAX, sizeof(*flight->answers))};
    return flight->answers || tp_fail_memory(error);
}

void tp_flight_finish(struct tp_flight *flight)
{
    tp_buf_finish(&flight->body);
    tp_free(flight->answers);
    *flight = (struct tp_flight){.count = 0};
}

void tp_flight_land(struct tp_flight *flight)
{
    tp_buf_reset(&flight->body);
    flight->count = 0;
}

bool tp_flight_has(const struct tp_flight *flight, const char *instance_id)
{
    for (size_t i = 0; i < flight->count; i++)
        if (strcmp(flight->answers[i].instance_id, instance_id) == 0)
            return true;
    return false;
}

static struct tp_carried carried_of(const struct tp_outbox_item *item)
{
    return (struct tp_carried){.instance_id = item->instance_id,
                               .form_id = item->form_id,
                               .form_version = item->form_version,
                               .sha256 = item->sha256,
                               .sealed = item->sealed,
                               .sealed_count = item->sealed_count};
}

bool tp_flight_may_share(const struct tp_outbox_item *item)
{
    const struct tp_carried answer = carried_of(item);

    return item->attempts == 0 && !item->carried && item->sealed_count <= TP_SEVERAL_SEALED_MAX &&
           tp_answer_is_proper(&answer);
}

static bool load_several(struct tp_flight *flight, const struct tp_outbox_item *items, size_t count,
                         struct tp_error *error)
{
    struct tp_carried answers[TP_SEVERAL_ANSWERS_MAX];

    for (size_t i = 0; i < count; i++)
        answers[i] = carried_of(&items[i]);
    flight->body.max = TP_SEVERAL_BYTES_MAX;
    (void)snprintf(flight->content_type, sizeof(flight->content_type), SEVERAL_TYPE);
    return tp_several_write(answers, count, &flight->body, error);
}

bool tp_flight_load(struct tp_flight *flight, const struct tp_outbox_item *items, size_t count,
                    const struct tp_identity *openrosa, struct tp_error *error)
{
    bool ok;

    for (size_t i = 0; i < count; i++) {
        memcpy(flight->answers[i].instance_id, items[i].instance_id, sizeof(items[i].instance_id));
        memcpy(flight->answers[i].sha256, items[i].sha256, sizeof(items[i].sha256));
        flight->answers[i].attempts = items[i].attempts;
    }
    flight->several = count > 1;
    flight->carried = items->carried;
    memcpy(flight->given_on, items->given_on, sizeof(flight->given_on));
    if (flight->several) {
        ok = load_several(flight, items, count, error);
    } else {
        flight->body.max = TP_ENVELOPE_BYTES_MAX;
        ok = tp_pack(items, openrosa, &flight->body, flight->content_type, error);
    }
    flight->count = ok ? count : 0;
    return ok;
}

bool tp_flight_start(struct tp_flight *flight, struct tp_http *http, const char *url,
                     void (*done)(void *flight, struct tp_http_answer *answer),
                     struct tp_error *error)
{
    const struct tp_http_request request = {.method = "POST",
                                            .url = url,
                                            .content_type = flight->content_type,
                                            .receipt = flight->carried ? NULL : RECEIPT_FORM,
                                            .given_on = flight->given_on,
                                            .body = flight->body.data,
                                            .body_count = flight->body.length,
                                            .answer_max = flight->several ? TP_SEVERAL_REPLY_MAX
                                                                          : TP_REPLY_BYTES_MAX,
                                            .total_s = SEND_TOTAL_S,
                                            .done = done,
                                            .context = flight};

    return tp_http_start(http, &request, error);
}
