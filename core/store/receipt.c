#include "store/receipt.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define SIGNED_PREFIX "talkpoint-receipt-1\n"

/* The prefix and three fields, each with its line end. */
#define SIGNED_MAX                                                                                 \
    (sizeof(SIGNED_PREFIX) + TP_INSTANCE_ID_MAX + TP_SHA256_TEXT_MAX + TP_TIME_TEXT_MAX)

static_assert(TP_RECEIPT_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "the public half's length");
static_assert(TP_RECEIPT_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "the secret half's length");
static_assert(TP_RECEIPT_SIGNATURE_BYTES == crypto_sign_BYTES, "the signature's length");

static bool start(struct tp_error *error)
{
    return sodium_init() >= 0 || tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
}

bool tp_receipt_pair_generate(struct tp_receipt_pair *pair, struct tp_error *error)
{
    if (!start(error))
        return false;
    if (crypto_sign_keypair(pair->key.bytes, pair->secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no receipt key");
    return true;
}

bool tp_receipt_pair_from_text(const char *secret_text, struct tp_receipt_pair *pair,
                               struct tp_error *error)
{
    unsigned char given[TP_RECEIPT_SECRET_BYTES];
    struct tp_receipt_pair read;
    bool ok;

    if (!start(error))
        return false;
    /* The second half of the secret repeats the public key; made anew, so that a damaged one shows.
     */
    ok = tp_base64_decode(secret_text, given, sizeof(given)) &&
         crypto_sign_seed_keypair(read.key.bytes, read.secret, given) == 0 &&
         sodium_memcmp(read.secret, given, sizeof(given)) == 0;
    if (ok)
        *pair = read;
    tp_wipe(&read, sizeof(read));
    tp_wipe(given, sizeof(given));
    return ok || tp_fail(error, TP_ERR_CRYPTO,
                         "the private receipt key is not 64 bytes in base64: copy the whole line");
}

bool tp_receipt_key_from_text(const char *text, struct tp_receipt_key *key, struct tp_error *error)
{
    struct tp_receipt_key read;

    if (!start(error))
        return false;
    if (!tp_base64_decode(text, read.bytes, sizeof(read.bytes)) ||
        crypto_core_ed25519_is_valid_point(read.bytes) != 1)
        return tp_fail(error, TP_ERR_CRYPTO,
                       "the receipt key '%.64s' is not a public key in base64", text);
    *key = read;
    return true;
}

void tp_receipt_key_to_text(const struct tp_receipt_key *key, char text[TP_RECEIPT_KEY_TEXT_MAX])
{
    tp_base64(key->bytes, sizeof(key->bytes), text);
}

bool tp_instance_id_is_valid(const char *instance_id)
{
    size_t length = strnlen(instance_id, TP_INSTANCE_ID_MAX);

    if (length == 0 || length == TP_INSTANCE_ID_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (instance_id[i] < '!' || instance_id[i] > '~')
            return false;
    }
    return true;
}

/* "2026-11-23T09:41:07.123Z": the one form that tp_time_utc writes. */
static bool is_time(const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";

    for (size_t i = 0; i < sizeof(shape); i++) {
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    }
    return true;
}

static bool check_fields(const char *instance_id, const char *sha256, const char *received,
                         struct tp_error *error)
{
    if (!instance_id || !tp_instance_id_is_valid(instance_id))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no instance ID");
    if (!sha256 || !tp_sha256_is_text(sha256))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no SHA-256");
    if (!received || !is_time(received))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no time");
    return true;
}

static size_t signed_bytes(const struct tp_receipt *receipt, char bytes[SIGNED_MAX])
{
    return (size_t)snprintf(bytes, SIGNED_MAX, SIGNED_PREFIX "%s\n%s\n%s\n", receipt->instance_id,
                            receipt->sha256, receipt->received);
}

/* The fields were checked: each fits. */
static void set_fields(struct tp_receipt *receipt, const char *instance_id, const char *sha256,
                       const char *received)
{
    (void)snprintf(receipt->instance_id, sizeof(receipt->instance_id), "%s", instance_id);
    (void)snprintf(receipt->sha256, sizeof(receipt->sha256), "%s", sha256);
    (void)snprintf(receipt->received, sizeof(receipt->received), "%s", received);
}

bool tp_receipt_sign(const struct tp_receipt_pair *pair, const char *instance_id,
                     const char *sha256, int64_t received_ms, struct tp_receipt *receipt,
                     struct tp_error *error)
{
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
    char received[TP_TIME_TEXT_MAX];
    char bytes[SIGNED_MAX];
    struct tp_receipt made = {0};
    size_t count;

    tp_time_utc(received_ms, received);
    if (!start(error) || !check_fields(instance_id, sha256, received, error))
        return false;
    set_fields(&made, instance_id, sha256, received);
    count = signed_bytes(&made, bytes);
    if (crypto_sign_detached(signature, NULL, (const unsigned char *)bytes, count, pair->secret) !=
        0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no signature");
    tp_base64(signature, sizeof(signature), made.signature);
    *receipt = made;
    return true;
}

bool tp_receipt_from_texts(const char *instance_id, const char *sha256, const char *received,
                           const char *signature, struct tp_receipt *receipt,
                           struct tp_error *error)
{
    unsigned char bytes[TP_RECEIPT_SIGNATURE_BYTES];
    struct tp_receipt made = {0};

    if (!start(error) || !check_fields(instance_id, sha256, received, error))
        return false;
    if (!signature || !tp_base64_decode(signature, bytes, sizeof(bytes)))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no signature");
    set_fields(&made, instance_id, sha256, received);
    (void)snprintf(made.signature, sizeof(made.signature), "%s", signature);
    *receipt = made;
    return true;
}

bool tp_receipt_verify(const struct tp_receipt_key *key, const struct tp_receipt *receipt,
                       struct tp_error *error)
{
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
    char bytes[SIGNED_MAX];
    struct tp_receipt checked;
    size_t count;

    /* Checked again: the struct may have been filled by hand. */
    if (!tp_receipt_from_texts(receipt->instance_id, receipt->sha256, receipt->received,
                               receipt->signature, &checked, error))
        return false;
    if (!tp_base64_decode(checked.signature, signature, sizeof(signature)))
        return tp_fail(error, TP_ERR_INVALID, "the receipt has no signature");
    count = signed_bytes(&checked, bytes);
    if (crypto_sign_verify_detached(signature, (const unsigned char *)bytes, count, key->bytes) !=
        0)
        return tp_fail(error, TP_ERR_CRYPTO,
                       "the receipt is not signed by the central store this device knows");
    return true;
}

bool tp_receipt_key_has_signed(const struct tp_receipt_key *key, const void *bytes, size_t count,
                               const char *signature)
{
    unsigned char decoded[TP_RECEIPT_SIGNATURE_BYTES];

    return start(NULL) && tp_base64_decode(signature, decoded, sizeof(decoded)) &&
           crypto_sign_verify_detached(decoded, bytes, count, key->bytes) == 0;
}
