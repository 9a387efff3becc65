#include "agent/do/heartbeat.h"

#include <jansson.h>
#include <string.h>

#include "agent/do/packages.h"
#include "agent/do/stick_key.h"
#include "agent/wire/enrolment.h"
#include "base/buf.h"
#include "base/mem.h"
#include "store/counters.h"
#include "store/outbox.h"
#include "store/settings.h"

#define HEARTBEAT_TOTAL_S 60L
#define MIB (UINT64_C(1024) * 1024)

static void add_form(void *context, const char *id, const char *version)
{
    (void)json_object_set_new(context, id, json_string(version));
}

static json_t *counters_json(const struct tp_counter_list *counters)
{
    json_t *array = json_array();

    for (size_t i = 0; i < counters->count; i++) {
        const struct tp_counter *counter = &counters->counters[i];

        (void)json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "form", counter->form_id, "version",
                             counter->form_version, "day", counter->day, "mode", counter->mode,
                             "name", counter->name, "count", (json_int_t)counter->count));
    }
    return array;
}

static int add_to_buf(const char *bytes, size_t count, void *context)
{
    return tp_buf_add(context, bytes, count) ? 0 : -1;
}

/* A key that cannot be read or made costs the sticks, not the heartbeat. */
static void add_stick_key(const struct tp_heartbeat *heartbeat, json_t *root)
{
    char text[TP_RECEIPT_KEY_TEXT_MAX];
    struct tp_receipt_pair pair;

    if (!tp_stick_key_read(heartbeat->state, &pair, NULL))
        return;
    tp_receipt_key_to_text(&pair.key, text);
    (void)json_object_set_new(root, "stick_key", json_string(text));
    tp_wipe(&pair, sizeof(pair));
}

static bool write_json(const struct tp_heartbeat *heartbeat, const struct tp_counter_list *counters,
                       struct tp_buf *json, struct tp_error *error)
{
    char venue[TP_SETTING_VALUE_MAX];
    char event[TP_SETTING_VALUE_MAX];
    struct tp_outbox_counts counts;
    uint64_t free_bytes = 0;
    json_t *forms = NULL;
    json_t *root = NULL;
    bool ok;

    if (!tp_outbox_counts(heartbeat->store, &counts, error) ||
        !tp_setting_get(heartbeat->store, TP_SETTING_VENUE, "", venue, sizeof(venue), error) ||
        !tp_setting_get(heartbeat->store, TP_SETTING_EVENT, "", event, sizeof(event), error) ||
        !tp_store_disk_free(heartbeat->store, &free_bytes, error))
        return false;
    forms = json_object();
    if (!forms)
        return tp_fail_memory(error);
    tp_packages_each(heartbeat->state, add_form, forms);
    root = json_pack("{s:s, s:I, s:I, s:I, s:s, s:s, s:I, s:I, s:o, s:o}", "version", TP_VERSION,
                     "waiting", (json_int_t)counts.waiting, "sent", (json_int_t)counts.sent,
                     "quarantined", (json_int_t)counts.quarantined, "venue", venue, "event", event,
                     "clock_ms", (json_int_t)tp_clock_wall_ms(heartbeat->clock), "disk_free_mib",
                     (json_int_t)(free_bytes / MIB), "forms", forms, "counters",
                     counters_json(counters));
    add_stick_key(heartbeat, root);
    ok = root && json_dump_callback(root, add_to_buf, json, JSON_COMPACT) == 0;
    json_decref(root);
    return ok || tp_fail_memory(error);
}

/* What the store's clock shows now: its own word, less the way back; where a store has no such
 * word, the Date field, which is cut to the second. -1 where it said nothing. */
static int64_t their_time(const struct tp_http_answer *answer,
                          const struct tp_heartbeat_answer *said)
{
    int64_t date_ms;

    if (!tp_exchange_is_contact(&answer->exchange))
        return -1;
    if (said->time_ms >= 0)
        return said->time_ms + answer->took_ms / 2;
    date_ms = tp_http_answer_date_ms(answer);
    return date_ms >= 0 ? date_ms + 500 : -1;
}

static bool take_answer(const struct tp_heartbeat *heartbeat, const struct tp_http_answer *answer,
                        const struct tp_counter_list *counters, struct tp_heartbeat_end *end,
                        struct tp_error *error)
{
    struct tp_heartbeat_answer said = {.time_ms = -1};
    struct tp_verdict verdict;
    bool well = tp_verdict_of_get(&answer->exchange, "the heartbeat", &verdict);
    int64_t theirs;

    if (well)
        (void)tp_heartbeat_answer_read(tp_buf_text(&answer->body), answer->body.length, &said,
                                       NULL);
    theirs = their_time(answer, &said);
    end->contact = tp_exchange_is_contact(&answer->exchange);
    end->retry_after_s = answer->retry_after_s;
    if (theirs >= 0 && !tp_store_clock_check(heartbeat->store, theirs, error))
        return false;
    if (!well) {
        end->kind = verdict.kind;
        memcpy(end->words, verdict.words, sizeof(end->words));
        return true;
    }
    end->kind = TP_VERDICT_DELIVERED;
    /* What it did not say proves nothing, and is not taken. */
    (void)tp_identity_renew(heartbeat->state, heartbeat->identity, said.sealing_key,
                            said.sealing_signature, NULL);
    (void)tp_stick_certificate_take(heartbeat->state, heartbeat->identity, said.stick_certificate,
                                    NULL);
    return tp_counters_reported(heartbeat->store, counters, error);
}

bool tp_heartbeat_send(const struct tp_heartbeat *heartbeat, struct tp_heartbeat_end *end,
                       struct tp_error *error)
{
    struct tp_counter_list counters = {0};
    struct tp_http_answer answer;
    struct tp_http_request request = {.method = "POST",
                                      .content_type = "application/json",
                                      .answer_max = TP_ENROLMENT_BYTES_MAX,
                                      .total_s = HEARTBEAT_TOTAL_S};
    char url[TP_HTTP_URL_MAX];
    struct tp_buf json;
    bool ok;

    *end = (struct tp_heartbeat_end){.kind = TP_VERDICT_LATER, .retry_after_s = -1};
    tp_buf_init(&json, TP_HEARTBEAT_BYTES_MAX);
    ok = tp_http_path(heartbeat->http, "/talkpoint/heartbeat", url, error) &&
         tp_counters_unreported(heartbeat->store, &counters, error) &&
         write_json(heartbeat, &counters, &json, error);
    if (ok) {
        request.url = url;
        request.body = tp_buf_text(&json);
        request.body_count = json.length;
        ok = tp_http_call(heartbeat->http, &request, &answer, error);
    }
    if (ok) {
        ok = take_answer(heartbeat, &answer, &counters, end, error);
        tp_http_answer_finish(&answer);
    }
    tp_counter_list_finish(&counters);
    tp_buf_finish(&json);
    return ok;
}
