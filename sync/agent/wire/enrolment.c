#include "agent/wire/enrolment.h"

#include <jansson.h>
#include <string.h>

#include "agent/wire/line.h"
#include "base/mem.h"
#include "store/receipt.h"
#include "store/seal.h"

/* 2020-01-01 and 2200-01-01: outside it a store's clock says nothing. */
#define TIME_MS_MIN INT64_C(1577836800000)
#define TIME_MS_MAX INT64_C(7258118400000)

static json_t *load(const char *bytes, size_t count, const char *what, struct tp_error *error)
{
    json_error_t where;
    json_t *root;

    if (count > TP_ENROLMENT_BYTES_MAX) {
        tp_fail(error, TP_ERR_LIMIT, "%s is larger than %u bytes", what, TP_ENROLMENT_BYTES_MAX);
        return NULL;
    }
    root = json_loadb(count ? bytes : "", count, JSON_REJECT_DUPLICATES, &where);
    if (json_is_object(root))
        return root;
    json_decref(root);
    tp_fail(error, TP_ERR_INVALID, "%s is not a JSON object", what);
    return NULL;
}

static bool take_text(const json_t *root, const char *name, char *out, size_t size,
                      struct tp_error *error)
{
    const json_t *value = json_object_get(root, name);
    size_t length = json_string_length(value);

    if (!json_is_string(value) || length == 0 || length >= size ||
        !tp_is_one_line(json_string_value(value), length))
        return tp_fail(error, TP_ERR_INVALID, "'%s' is missing or not a short line of text", name);
    memcpy(out, json_string_value(value), length + 1);
    return true;
}

/* RFC 6750, 2.1: what may stand after "Bearer ". */
static bool is_token(const char *text)
{
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
                             "=")] == '\0';
}

bool tp_enrolment_read(const char *bytes, size_t count, int64_t *id, struct tp_error *error)
{
    json_t *root = load(bytes, count, "the enrolment's answer", error);
    const json_t *value;
    bool ok = false;

    if (!root)
        return false;
    value = json_object_get(root, "id");
    if (json_is_integer(value) && json_integer_value(value) > 0) {
        *id = json_integer_value(value);
        ok = true;
    } else {
        tp_fail(error, TP_ERR_INVALID, "the enrolment's answer has no number");
    }
    json_decref(root);
    return ok;
}

bool tp_claim_read(const char *bytes, size_t count, struct tp_claim *claim, struct tp_error *error)
{
    json_t *root = load(bytes, count, "the claim's answer", error);
    struct tp_claim read = {0};
    struct tp_receipt_key receipt;
    struct tp_seal_key sealing;
    bool ok;

    if (!root)
        return false;
    ok = take_text(root, "device_id", read.device_id, sizeof(read.device_id), error) &&
         take_text(root, "name", read.name, sizeof(read.name), error) &&
         take_text(root, "token", read.token, sizeof(read.token), error) &&
         take_text(root, "sealing_key", read.sealing_key, sizeof(read.sealing_key), error) &&
         take_text(root, "receipt_key", read.receipt_key, sizeof(read.receipt_key), error) &&
         tp_seal_key_from_text(read.sealing_key, &sealing, error) &&
         tp_receipt_key_from_text(read.receipt_key, &receipt, error) &&
         (is_token(read.token) ||
          tp_fail(error, TP_ERR_INVALID, "'token' holds characters that a token cannot have"));
    json_decref(root);
    if (ok)
        *claim = read;
    else
        tp_fail_prefix(error, "the claim's answer");
    tp_claim_wipe(&read);
    return ok;
}

void tp_claim_wipe(struct tp_claim *claim)
{
    tp_wipe(claim, sizeof(*claim));
}

bool tp_heartbeat_answer_read(const char *bytes, size_t count, struct tp_heartbeat_answer *answer,
                              struct tp_error *error)
{
    json_t *root = load(bytes, count, "the heartbeat's answer", error);
    const json_t *value;
    bool ok;

    if (!root)
        return false;
    value = json_object_get(root, "time_ms");
    ok = json_is_integer(value) && json_integer_value(value) >= TIME_MS_MIN &&
         json_integer_value(value) <= TIME_MS_MAX;
    if (ok) {
        *answer = (struct tp_heartbeat_answer){.time_ms = json_integer_value(value)};
        (void)take_text(root, "stick_certificate", answer->stick_certificate,
                        sizeof(answer->stick_certificate), NULL);
        (void)take_text(root, "sealing_key", answer->sealing_key, sizeof(answer->sealing_key),
                        NULL);
        (void)take_text(root, "sealing_signature", answer->sealing_signature,
                        sizeof(answer->sealing_signature), NULL);
    } else {
        tp_fail(error, TP_ERR_INVALID, "the heartbeat's answer has no time");
    }
    json_decref(root);
    return ok;
}
