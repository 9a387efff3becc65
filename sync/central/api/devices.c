/* Enrolment, claim and heartbeat: JSON in, JSON out. */
#include "central/data/devices.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/mem.h"
#include "central/api/api.h"
#include "central/data/place.h"
#include "store/bundle.h"

#define JSON_TYPE "application/json"
/* A month of a dozen surveys, each with its abandons. */
#define COUNTERS_MAX 10000u
#define COUNT_MAX 1000000000LL

static json_t *read_json(const struct tp_exchange *exchange)
{
    json_t *json = json_loadb(tp_buf_text(&exchange->body), exchange->body.length,
                              JSON_REJECT_DUPLICATES, NULL);

    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

static void respond_json(struct tp_exchange *exchange, int status, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);

    tp_respond(exchange, status, JSON_TYPE);
    if (text)
        (void)tp_buf_puts(&exchange->response.body, text);
    else
        exchange->response.body.failed = true;
    tp_free_secret(text);
}

/* A member that is one line of text within `max` bytes; `fallback` where it is missing (NULL: it
 * must be there). NULL where it is anything else. */
static const char *line(const json_t *json, const char *name, size_t max, const char *fallback)
{
    const json_t *member = json_object_get(json, name);
    const char *text = json_string_value(member);

    if (!member)
        return fallback;
    return text && json_string_length(member) == strlen(text) && tp_is_line(text, max) ? text
                                                                                       : NULL;
}

/* A whole number from 0 to COUNT_MAX; -1 where it is missing or anything else. */
static int64_t number(const json_t *json, const char *name)
{
    const json_t *member = json_object_get(json, name);
    json_int_t value = json_integer_value(member);

    return json_is_integer(member) && value >= 0 && value <= COUNT_MAX ? value : -1;
}

/* ---- enrolment ---- */

struct enrolling {
    char code[TP_ENROLMENT_CODE_MAX];
    unsigned char secret_sha256[TP_SHA256_BYTES];
    const char *name;
    const char *version;
    char place[TP_PLACE_MAX];
    int64_t now_ms;
    enum tp_enrolment_result result;
    int64_t id;
};

static bool run_enrol(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct enrolling *enrolling = context;

    return tp_enrolment_add_from(db, enrolling->place, enrolling->code, enrolling->secret_sha256,
                                 enrolling->name, enrolling->version, enrolling->now_ms,
                                 &enrolling->result, &enrolling->id, error);
}

static void respond_enrolled(struct tp_exchange *exchange, const struct enrolling *enrolling)
{
    json_t *answer;

    switch (enrolling->result) {
    case TP_ENROLMENT_OK:
        answer = json_pack("{sI}", "id", (json_int_t)enrolling->id);
        respond_json(exchange, 201, answer);
        json_decref(answer);
        break;
    case TP_ENROLMENT_TAKEN:
        tp_respond_text(exchange, 409, "this code waits already; make another");
        break;
    default:
        tp_respond_text(exchange, 429, "too many screens wait to be approved");
        tp_respond_header(exchange, "Retry-After", "60");
        break;
    }
}

enum tp_next tp_api_enrol(struct tp_central *central, struct tp_exchange *exchange)
{
    json_t *json = read_json(exchange);
    const char *code = line(json, "code", 32, NULL);
    const char *secret = line(json, "secret_sha256", 64, NULL);
    struct enrolling enrolling = {.name = line(json, "name", TP_DEVICE_NAME_MAX, NULL),
                                  .version = line(json, "version", TP_DEVICE_VERSION_MAX, ""),
                                  .now_ms = tp_clock_wall_ms(&central->clock)};

    tp_place_of(exchange->remote, enrolling.place);
    if (!code || !secret || !enrolling.name || !*enrolling.name || !enrolling.version ||
        !tp_enrolment_code(code, enrolling.code) ||
        !tp_hex_decode(secret, enrolling.secret_sha256, TP_SHA256_BYTES))
        tp_respond_text(exchange, 400,
                        "code, secret_sha256 and name are needed, each as "
                        "docs/PROTOCOL.md has it");
    else if (tp_committer_run(central->committer, run_enrol, &enrolling, NULL))
        respond_enrolled(exchange, &enrolling);
    else
        tp_api_not_ready(exchange);
    json_decref(json);
    return TP_RESPOND;
}

struct claiming {
    struct tp_central *central;
    int64_t id;
    const char *secret;
    int64_t now_ms;
    struct tp_claim claim;
};

static bool run_claim(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct claiming *claiming = context;

    return tp_enrolment_claim(db, &claiming->central->keys, claiming->id, claiming->secret,
                              claiming->now_ms, &claiming->claim, error);
}

static void respond_claimed(struct tp_central *central, struct tp_exchange *exchange,
                            const struct tp_claim *claim)
{
    char sealing[TP_SEAL_KEY_TEXT_MAX];
    char receipt[TP_RECEIPT_KEY_TEXT_MAX];
    json_t *answer;

    switch (claim->result) {
    case TP_ENROLMENT_OK:
        tp_seal_key_to_text(&central->keys.sealing, sealing);
        tp_receipt_key_to_text(&central->keys.receipt.key, receipt);
        answer = json_pack("{ssssssssss}", "device_id", claim->device, "token", claim->token,
                           "sealing_key", sealing, "receipt_key", receipt, "name", claim->name);
        respond_json(exchange, 200, answer);
        json_decref(answer);
        break;
    case TP_ENROLMENT_WAITING:
        tp_respond_text(exchange, 202, "waiting for an administrator");
        break;
    case TP_ENROLMENT_REFUSED:
        tp_respond_text(exchange, 403, "refused by an administrator");
        break;
    default:
        tp_respond_text(exchange, 404, "no such enrolment, or it has lapsed");
        break;
    }
}

/* A positive whole number, or 0. */
static int64_t path_number(const char *text)
{
    size_t length = strlen(text);

    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return 0;
    return strtoll(text, NULL, 10);
}

enum tp_next tp_api_claim(struct tp_central *central, struct tp_exchange *exchange)
{
    json_t *json = read_json(exchange);
    struct claiming claiming = {.central = central,
                                .id = path_number(exchange->names[0]),
                                .secret = line(json, "secret", 128, NULL),
                                .now_ms = tp_clock_wall_ms(&central->clock)};

    if (!claiming.secret)
        tp_respond_text(exchange, 400, "secret is needed");
    else if (tp_committer_run(central->committer, run_claim, &claiming, NULL))
        respond_claimed(central, exchange, &claiming.claim);
    else
        tp_api_not_ready(exchange);
    tp_wipe(&claiming, sizeof(claiming));
    json_decref(json);
    return TP_RESPOND;
}

/* ---- heartbeat ---- */

/* What the exchange keeps while the committer has the job; it points into the JSON. */
struct hearing {
    json_t *json;
    char *forms; /* owned; from the C library, as all of jansson's memory */
    char device[TP_DEVICE_ID_MAX];
    struct tp_heartbeat heartbeat;
    struct tp_counter *counters;
    int64_t now_ms;
};

static void free_hearing(void *state)
{
    struct hearing *hearing = state;

    tp_free(hearing->counters);
    tp_free(hearing->forms);
    json_decref(hearing->json);
    tp_free(hearing);
}

static bool run_heartbeat(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct hearing *hearing = context;

    return tp_devices_heard(db, hearing->device, &hearing->heartbeat, hearing->now_ms, error);
}

/* A screen that names the key it signs USB sticks with is told that the key is known. */
static void certify(const struct tp_central *central, const struct hearing *hearing, json_t *answer)
{
    const char *text = line(hearing->json, "stick_key", TP_RECEIPT_KEY_TEXT_MAX - 1, NULL);
    char certificate[TP_CERTIFICATE_TEXT_MAX];
    struct tp_receipt_key key;

    if (text && tp_receipt_key_from_text(text, &key, NULL) &&
        tp_device_certify(&central->keys.receipt, hearing->device, &key, certificate, NULL))
        (void)json_object_set_new(answer, "stick_certificate", json_string(certificate));
}

static void finish_heartbeat(struct tp_central *central, struct tp_exchange *exchange)
{
    char key[TP_SEAL_KEY_TEXT_MAX];
    char signature[TP_BASE64_MAX(64)];
    const struct hearing *hearing = exchange->state;
    json_t *answer;

    if (exchange->job.error.code != TP_OK) {
        tp_api_not_ready(exchange);
        return;
    }
    tp_keys_announce(&central->keys, key, signature);
    answer = json_pack("{sIssss}", "time_ms", (json_int_t)tp_clock_wall_ms(&central->clock),
                       "sealing_key", key, "sealing_signature", signature);
    certify(central, hearing, answer);
    respond_json(exchange, 200, answer);
    json_decref(answer);
}

static bool read_counter(const json_t *json, struct tp_counter *counter)
{
    struct tp_day day;

    counter->form = line(json, "form", 128, NULL);
    counter->version = line(json, "version", 64, "");
    counter->day = line(json, "day", 10, NULL);
    counter->mode = line(json, "mode", 32, "standard");
    counter->name = line(json, "name", 200, NULL);
    counter->count = number(json, "count");
    return counter->form && counter->version && counter->day && tp_day_parse(counter->day, &day) &&
           counter->mode && counter->name && counter->count >= 0;
}

static bool read_counters(struct hearing *hearing)
{
    json_t *list = json_object_get(hearing->json, "counters");
    size_t count = json_array_size(list);

    if (!list)
        return true;
    if (!json_is_array(list) || count > COUNTERS_MAX)
        return false;
    hearing->counters = tp_calloc(count, sizeof(*hearing->counters));
    if (!hearing->counters)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_counter(json_array_get(list, i), &hearing->counters[i]))
            return false;
    }
    hearing->heartbeat.counters = hearing->counters;
    hearing->heartbeat.counter_count = count;
    return true;
}

static bool read_heartbeat(struct hearing *hearing)
{
    struct tp_heartbeat *heartbeat = &hearing->heartbeat;
    const json_t *forms = json_object_get(hearing->json, "forms");
    const json_t *clock = json_object_get(hearing->json, "clock_ms");

    heartbeat->version = line(hearing->json, "version", TP_DEVICE_VERSION_MAX, "");
    heartbeat->venue = line(hearing->json, "venue", TP_DEVICE_NAME_MAX, "");
    heartbeat->event = line(hearing->json, "event", TP_DEVICE_NAME_MAX, "");
    heartbeat->waiting = number(hearing->json, "waiting");
    heartbeat->sent = number(hearing->json, "sent");
    heartbeat->quarantined = number(hearing->json, "quarantined");
    heartbeat->disk_free_mib = number(hearing->json, "disk_free_mib");
    heartbeat->clock_ms = json_integer_value(clock);
    if (forms && !json_is_object(forms))
        return false;
    hearing->forms = forms ? json_dumps(forms, JSON_COMPACT) : tp_strdup("{}");
    heartbeat->forms = hearing->forms;
    return heartbeat->version && heartbeat->venue && heartbeat->event && heartbeat->forms &&
           heartbeat->waiting >= 0 && heartbeat->sent >= 0 && heartbeat->quarantined >= 0 &&
           heartbeat->clock_ms >= 0 && read_counters(hearing);
}

enum tp_next tp_api_heartbeat(struct tp_central *central, struct tp_exchange *exchange)
{
    struct hearing *hearing = tp_calloc(1, sizeof(*hearing));

    if (!hearing) {
        tp_api_not_ready(exchange);
        return TP_RESPOND;
    }
    exchange->state = hearing;
    exchange->free_state = free_hearing;
    hearing->json = read_json(exchange);
    hearing->now_ms = tp_clock_wall_ms(&central->clock);
    memcpy(hearing->device, exchange->device, sizeof(hearing->device));
    if (!hearing->json || !read_heartbeat(hearing)) {
        tp_respond_text(exchange, 400, "this is not a heartbeat as docs/PROTOCOL.md has it");
        return TP_RESPOND;
    }
    exchange->job = (struct tp_job){.run = run_heartbeat, .context = hearing};
    exchange->resume = finish_heartbeat;
    return TP_WAIT;
}
