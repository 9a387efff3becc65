/*
 * Bundles from a USB stick: the input as it is, and the input as what a certified device signed
 * (the lines of its answers, a NUL, their bytes), so that what lies behind the signature is read
 * too. Every answer that comes out has its SHA-256 and proper names.
 */
#include "store/bundle.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/counters.h"
#include "store/db.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
    if (!holds)
        abort();
}

static struct tp_receipt_pair pair_of(unsigned char seed_byte)
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    struct tp_receipt_pair pair;

    memset(seed, seed_byte, sizeof(seed));
    insist(sodium_init() >= 0);
    insist(crypto_sign_seed_keypair(pair.key.bytes, pair.secret, seed) == 0);
    return pair;
}

static void look(const struct tp_receipt_pair *store, const void *bytes, size_t count)
{
    struct tp_bundle bundle;
    struct tp_error error;
    char sha256[TP_SHA256_TEXT_MAX];

    if (!tp_bundle_read(bytes, count, &store->key, &bundle, &error)) {
        insist(error.code != TP_OK);
        return;
    }
    for (size_t i = 0; i < bundle.count; i++) {
        const struct tp_carried *answer = &bundle.answers[i];

        tp_sha256_text(answer->sealed, answer->sealed_count, sha256);
        insist(strcmp(sha256, answer->sha256) == 0);
        insist(tp_instance_id_is_valid(answer->instance_id));
        insist(tp_text_is_name(answer->form_id, TP_FORM_ID_MAX));
        insist(tp_text_is_words(answer->form_version, TP_FORM_VERSION_MAX));
    }
    tp_bundle_finish(&bundle);
}

static void sign_and_look(const struct tp_receipt_pair *store, const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\0', size);
    size_t lines = end ? (size_t)(end - data) : size;
    const struct tp_receipt_pair device = pair_of(2);
    char certificate[TP_CERTIFICATE_TEXT_MAX];
    char fleet_text[TP_RECEIPT_KEY_TEXT_MAX];
    char key_text[TP_RECEIPT_KEY_TEXT_MAX];
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
    char text[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    struct tp_buf bytes;

    tp_buf_init(&bytes, size + 4096);
    tp_receipt_key_to_text(&store->key, fleet_text);
    tp_receipt_key_to_text(&device.key, key_text);
    insist(tp_device_certify(store, "uuid:fuzz", &device.key, certificate, NULL));
    tp_buf_printf(&bytes,
                  "talkpoint-bundle-1\nfleet\t%s\ndevice\tuuid:fuzz\nkey\t%s\ncertificate\t%s\n"
                  "made\t2026-11-23T09:41:07.123Z\n",
                  fleet_text, key_text, certificate);
    tp_buf_add(&bytes, data, lines);
    insist(tp_buf_ok(&bytes));
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)bytes.data, bytes.length,
                               device.secret);
    tp_base64(signature, sizeof(signature), text);
    tp_buf_printf(&bytes, "signature\t%s\n", text);
    if (end)
        tp_buf_add(&bytes, end + 1, size - lines - 1);
    look(store, bytes.data, bytes.length);
    tp_buf_finish(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tp_receipt_pair store = pair_of(1);

    look(&store, data, size);
    sign_and_look(&store, data, size);
    return 0;
}
