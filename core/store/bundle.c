#include "store/bundle.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"

#define MAGIC "talkpoint-bundle-1"
#define CERTIFIED_PREFIX "talkpoint-device-1\n"
#define CERTIFIED_MAX                                                                              \
    (sizeof(CERTIFIED_PREFIX) + TP_BUNDLE_DEVICE_MAX + TP_RECEIPT_KEY_TEXT_MAX + 2u)
/* The head of the most answers with the longest names. */
#define HEAD_MAX (1024u * 1024u)
#define SIGNATURE_MARK "signature\t"

/* ---- certificates ---- */

static bool is_device_id(const char *id)
{
    return strnlen(id, TP_BUNDLE_DEVICE_MAX) < TP_BUNDLE_DEVICE_MAX && tp_instance_id_is_valid(id);
}

static size_t certified_bytes(const char *device_id, const struct tp_receipt_key *key,
                              char bytes[CERTIFIED_MAX])
{
    char text[TP_RECEIPT_KEY_TEXT_MAX];

    tp_receipt_key_to_text(key, text);
    return (size_t)snprintf(bytes, CERTIFIED_MAX, CERTIFIED_PREFIX "%s\n%s\n", device_id, text);
}

bool tp_device_certify(const struct tp_receipt_pair *store, const char *device_id,
                       const struct tp_receipt_key *key, char certificate[TP_CERTIFICATE_TEXT_MAX],
                       struct tp_error *error)
{
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
    char bytes[CERTIFIED_MAX];
    size_t count;

    if (!is_device_id(device_id))
        return tp_fail(error, TP_ERR_INVALID, "a device without a proper ID has no certificate");
    count = certified_bytes(device_id, key, bytes);
    if (sodium_init() < 0 || crypto_sign_detached(signature, NULL, (const unsigned char *)bytes,
                                                  count, store->secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no signature");
    tp_base64(signature, sizeof(signature), certificate);
    return true;
}

bool tp_device_is_certified(const struct tp_receipt_key *store, const char *device_id,
                            const struct tp_receipt_key *key, const char *certificate)
{
    char bytes[CERTIFIED_MAX];
    size_t count;

    if (!is_device_id(device_id))
        return false;
    count = certified_bytes(device_id, key, bytes);
    return tp_receipt_key_has_signed(store, bytes, count, certificate);
}

/* ---- writing ---- */

bool tp_bundle_write(const struct tp_device_signer *signer, const struct tp_receipt_key *fleet,
                     int64_t made_ms, const struct tp_carried *answers, size_t count,
                     struct tp_buf *out, struct tp_error *error)
{
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
    char signature_text[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    char fleet_text[TP_RECEIPT_KEY_TEXT_MAX];
    char key_text[TP_RECEIPT_KEY_TEXT_MAX];
    char made[TP_TIME_TEXT_MAX];
    size_t from = out->length;

    tp_receipt_key_to_text(fleet, fleet_text);
    tp_receipt_key_to_text(&signer->pair.key, key_text);
    tp_time_utc(made_ms, made);
    tp_buf_printf(out, MAGIC "\nfleet\t%s\ndevice\t%s\nkey\t%s\ncertificate\t%s\nmade\t%s\n",
                  fleet_text, signer->device_id, key_text, signer->certificate, made);
    if (!tp_answers_put_lines(out, answers, count))
        return tp_fail_memory(error);
    if (sodium_init() < 0 ||
        crypto_sign_detached(signature, NULL, (const unsigned char *)out->data + from,
                             out->length - from, signer->pair.secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no signature");
    tp_base64(signature, sizeof(signature), signature_text);
    tp_buf_printf(out, SIGNATURE_MARK "%s\n", signature_text);
    return tp_answers_put_bytes(out, answers, count) || tp_fail_memory(error);
}

/* ---- reading ---- */

static bool not_whole(struct tp_error *error)
{
    return tp_fail(error, TP_ERR_INVALID, "not a bundle, or not all of it");
}

/* The head up to its signature, which must be the device's; *rest is where the answers' bytes
 * begin. The bytes themselves are looked at before anything in them is believed. */
static bool find_head(const char *bytes, size_t count, size_t *head, size_t *rest,
                      char signature[TP_RECEIPT_SIGNATURE_TEXT_MAX], struct tp_error *error)
{
    const size_t line = sizeof(SIGNATURE_MARK) - 1 + TP_RECEIPT_SIGNATURE_TEXT_MAX; /* its \n */
    size_t window = count < HEAD_MAX + line ? count : HEAD_MAX + line;
    const char *mark;

    if (count < sizeof(MAGIC) || memcmp(bytes, MAGIC "\n", sizeof(MAGIC)) != 0)
        return not_whole(error);
    mark = memmem(bytes, window, "\n" SIGNATURE_MARK, sizeof(SIGNATURE_MARK));
    if (!mark || (size_t)(bytes + window - mark) < line + 1 || mark[line] != '\n')
        return not_whole(error);
    *head = (size_t)(mark - bytes) + 1;
    *rest = *head + line;
    memcpy(signature, mark + sizeof(SIGNATURE_MARK), TP_RECEIPT_SIGNATURE_TEXT_MAX - 1);
    signature[TP_RECEIPT_SIGNATURE_TEXT_MAX - 1] = '\0';
    return true;
}

/* Who made it, proven. */
static bool read_maker(char **text, const void *bytes, size_t head, const char *signature,
                       const struct tp_receipt_key *fleet, struct tp_bundle *bundle,
                       struct tp_error *error)
{
    char fleet_text[TP_RECEIPT_KEY_TEXT_MAX];
    const char *said = tp_next_value(text, "fleet");
    const char *device = said ? tp_next_value(text, "device") : NULL;
    const char *key_text = device ? tp_next_value(text, "key") : NULL;
    const char *certificate = key_text ? tp_next_value(text, "certificate") : NULL;
    const char *made = certificate ? tp_next_value(text, "made") : NULL;
    struct tp_receipt_key key;

    if (!made || strlen(made) >= sizeof(bundle->made) || !is_device_id(device))
        return not_whole(error);
    tp_receipt_key_to_text(fleet, fleet_text);
    if (strcmp(said, fleet_text) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "it is for another central store");
    if (!tp_receipt_key_from_text(key_text, &key, NULL) ||
        !tp_device_is_certified(fleet, device, &key, certificate))
        return tp_fail(error, TP_ERR_CRYPTO, "it is not from a screen of this central store");
    if (!tp_receipt_key_has_signed(&key, bytes, head, signature))
        return tp_fail(error, TP_ERR_CRYPTO, "it was altered");
    (void)snprintf(bundle->device_id, sizeof(bundle->device_id), "%s", device);
    (void)snprintf(bundle->made, sizeof(bundle->made), "%s", made);
    return true;
}

static bool read_answers(char *text, const char *bytes, size_t count, struct tp_bundle *bundle,
                         struct tp_error *error)
{
    struct tp_error why = {0};
    char sha256[TP_SHA256_TEXT_MAX];

    if (!tp_answers_read(text, bytes, count, TP_BUNDLE_ANSWERS_MAX, &bundle->answers,
                         &bundle->count, &why))
        return why.code == TP_ERR_INVALID ? not_whole(error) : tp_fail_memory(error);
    for (size_t i = 0; i < bundle->count; i++) {
        const struct tp_carried *answer = &bundle->answers[i];

        tp_sha256_text(answer->sealed, answer->sealed_count, sha256);
        if (strcmp(sha256, answer->sha256) != 0)
            return tp_fail(error, TP_ERR_CRYPTO, "an answer in it was altered");
    }
    return true;
}

bool tp_bundle_read(const void *bytes, size_t count, const struct tp_receipt_key *fleet,
                    struct tp_bundle *bundle, struct tp_error *error)
{
    char signature[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    struct tp_bundle read = {0};
    size_t head = 0;
    size_t rest = 0;
    char *text;

    if (sodium_init() < 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
    if (!find_head(bytes, count, &head, &rest, signature, error))
        return false;
    if (memchr(bytes, '\0', head))
        return not_whole(error);
    read.head = text = tp_strndup(bytes, head);
    if (!text)
        return tp_fail_memory(error);
    (void)tp_next_line(&text);
    if (!read_maker(&text, bytes, head, signature, fleet, &read, error) ||
        !read_answers(text, (const char *)bytes + rest, count - rest, &read, error)) {
        tp_bundle_finish(&read);
        return false;
    }
    *bundle = read;
    return true;
}

void tp_bundle_finish(struct tp_bundle *bundle)
{
    tp_free(bundle->answers);
    tp_free(bundle->head);
    *bundle = (struct tp_bundle){0};
}
