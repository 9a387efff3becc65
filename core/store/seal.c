#include "store/seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"

/* Eight bytes, without the NUL of a string. */
static const char magic[TP_SEAL_MAGIC_BYTES] = {'T', 'P', 'S', 'E', 'A', 'L', '1', '\n'};

static_assert(TP_SEAL_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "the public half's length");
static_assert(TP_SEAL_KEY_BYTES == crypto_box_SECRETKEYBYTES, "the secret half's length");
static_assert(TP_SEAL_KEY_BYTES == crypto_box_BEFORENMBYTES, "the shared key's length");
static_assert(TP_SEAL_OVERHEAD == TP_SEAL_MAGIC_BYTES + TP_SEAL_KEY_BYTES + crypto_box_SEALBYTES,
              "what a seal adds");

static bool start(struct tp_error *error)
{
    return sodium_init() >= 0 || tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
}

bool tp_seal_pair_generate(struct tp_seal_pair *pair, struct tp_error *error)
{
    if (!start(error))
        return false;
    if (crypto_box_keypair(pair->key.bytes, pair->secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no sealing key");
    return true;
}

bool tp_seal_pair_from_text(const char *secret_text, struct tp_seal_pair *pair,
                            struct tp_error *error)
{
    struct tp_seal_pair read;
    bool ok;

    if (!start(error))
        return false;
    ok = tp_base64_decode(secret_text, read.secret, sizeof(read.secret)) &&
         crypto_scalarmult_base(read.key.bytes, read.secret) == 0;
    if (ok)
        *pair = read;
    tp_wipe(&read, sizeof(read));
    return ok || tp_fail(error, TP_ERR_CRYPTO,
                         "the private sealing key is not 32 bytes in base64: copy the whole line");
}

bool tp_seal_key_from_text(const char *text, struct tp_seal_key *key, struct tp_error *error)
{
    static const unsigned char any_scalar[crypto_scalarmult_SCALARBYTES] = {8};
    unsigned char point[crypto_scalarmult_BYTES];
    struct tp_seal_key read;

    if (!start(error))
        return false;
    /* A point of low order gives the same shared secret to everybody; libsodium tells by failing.
     */
    if (!tp_base64_decode(text, read.bytes, sizeof(read.bytes)) ||
        crypto_scalarmult(point, any_scalar, read.bytes) != 0)
        return tp_fail(error, TP_ERR_CRYPTO,
                       "the sealing key '%.64s' is not a public key in base64", text);
    *key = read;
    return true;
}

void tp_seal_key_to_text(const struct tp_seal_key *key, char text[TP_SEAL_KEY_TEXT_MAX])
{
    tp_base64(key->bytes, sizeof(key->bytes), text);
}

/* sodium_pad always adds at least one byte. */
static size_t padded_size(size_t count)
{
    return (count / TP_SEAL_PAD + 1) * TP_SEAL_PAD;
}

size_t tp_seal_size(size_t count)
{
    return count > TP_SEAL_PLAIN_MAX ? 0 : TP_SEAL_OVERHEAD + padded_size(count);
}

bool tp_seal_prepare(const struct tp_seal_key *key, struct tp_seal_ready *ready,
                     struct tp_error *error)
{
    struct tp_seal_ready made = {.key = *key, .is_ready = true};
    unsigned char secret[crypto_box_SECRETKEYBYTES];
    bool ok;

    if (!start(error))
        return false;
    ok = crypto_box_keypair(made.ephemeral, secret) == 0 &&
         crypto_box_beforenm(made.shared, key->bytes, secret) == 0;
    tp_wipe(secret, sizeof(secret));
    if (ok)
        *ready = made;
    tp_wipe(&made, sizeof(made));
    return ok || tp_fail(error, TP_ERR_CRYPTO, "nothing can be sealed to this sealing key");
}

/* The nonce of libsodium's sealed box (libsodium documentation, "Sealed boxes"): BLAKE2b-24 of the
 * ephemeral key and the recipient's. */
static bool make_nonce(const unsigned char *ephemeral, const unsigned char *recipient,
                       unsigned char nonce[crypto_box_NONCEBYTES])
{
    crypto_generichash_state hash;

    return crypto_generichash_init(&hash, NULL, 0, crypto_box_NONCEBYTES) == 0 &&
           crypto_generichash_update(&hash, ephemeral, crypto_box_PUBLICKEYBYTES) == 0 &&
           crypto_generichash_update(&hash, recipient, crypto_box_PUBLICKEYBYTES) == 0 &&
           crypto_generichash_final(&hash, nonce, crypto_box_NONCEBYTES) == 0;
}

/* libsodium's sealed box, put together from its parts: the ephemeral public key, then the box. */
static bool box(const struct tp_seal_ready *ready, const unsigned char *padded, size_t count,
                unsigned char *out)
{
    unsigned char nonce[crypto_box_NONCEBYTES];

    memcpy(out, ready->ephemeral, crypto_box_PUBLICKEYBYTES);
    return make_nonce(ready->ephemeral, ready->key.bytes, nonce) &&
           crypto_box_easy_afternm(out + crypto_box_PUBLICKEYBYTES, padded, count, nonce,
                                   ready->shared) == 0;
}

static bool seal_into(const struct tp_seal_ready *ready, const void *plain, size_t count,
                      unsigned char *out, struct tp_error *error)
{
    size_t padded = padded_size(count);
    unsigned char *work = tp_calloc(padded, 1);
    bool ok;

    if (!work)
        return tp_fail_memory(error);
    if (count)
        memcpy(work, plain, count);
    memcpy(out, magic, sizeof(magic));
    memcpy(out + TP_SEAL_MAGIC_BYTES, ready->key.bytes, TP_SEAL_KEY_BYTES);
    ok = sodium_pad(NULL, work, count, TP_SEAL_PAD, padded) == 0 &&
         box(ready, work, padded, out + TP_SEAL_MAGIC_BYTES + TP_SEAL_KEY_BYTES);
    tp_wipe(work, padded);
    tp_free(work);
    return ok || tp_fail(error, TP_ERR_CRYPTO, "libsodium made no seal");
}

bool tp_seal_with(struct tp_seal_ready *ready, const void *plain, size_t count,
                  struct tp_buf *sealed, struct tp_error *error)
{
    size_t size = tp_seal_size(count);
    bool ok = false;

    if (!ready->is_ready)
        tp_fail(error, TP_ERR_MISUSE, "a seal can be used once only");
    else if (!size)
        tp_fail(error, TP_ERR_LIMIT, "%zu bytes are too many to seal: at most %u", count,
                TP_SEAL_PLAIN_MAX);
    else
        ok = tp_buf_make_room(sealed, size, error) &&
             seal_into(ready, plain, count, (unsigned char *)sealed->data + sealed->length, error);
    tp_wipe(ready, sizeof(*ready));
    if (!ok)
        return false;
    sealed->length += size;
    sealed->data[sealed->length] = '\0';
    return true;
}

bool tp_seal(const struct tp_seal_key *key, const void *plain, size_t count, struct tp_buf *sealed,
             struct tp_error *error)
{
    struct tp_seal_ready ready = {0};

    return tp_seal_prepare(key, &ready, error) && tp_seal_with(&ready, plain, count, sealed, error);
}

bool tp_seal_recipient(const void *sealed, size_t count, struct tp_seal_key *key,
                       struct tp_error *error)
{
    const unsigned char *bytes = sealed;

    if (count < TP_SEAL_OVERHEAD + TP_SEAL_PAD || count > TP_SEAL_SEALED_MAX ||
        (count - TP_SEAL_OVERHEAD) % TP_SEAL_PAD != 0 || memcmp(bytes, magic, sizeof(magic)) != 0)
        return tp_fail(error, TP_ERR_INVALID, "these %zu bytes are not a sealed answer", count);
    memcpy(key->bytes, bytes + TP_SEAL_MAGIC_BYTES, TP_SEAL_KEY_BYTES);
    return true;
}

bool tp_unseal(const struct tp_seal_pair *pair, const void *sealed, size_t count,
               struct tp_buf *plain, struct tp_error *error)
{
    const unsigned char *bytes = sealed;
    struct tp_seal_key recipient;
    size_t boxed;
    size_t padded;
    size_t length = 0;
    unsigned char *work;
    bool ok = false;

    if (!start(error) || !tp_seal_recipient(sealed, count, &recipient, error))
        return false;
    if (memcmp(recipient.bytes, pair->key.bytes, TP_SEAL_KEY_BYTES) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "the answer is sealed to another sealing key");
    boxed = count - TP_SEAL_MAGIC_BYTES - TP_SEAL_KEY_BYTES;
    padded = boxed - crypto_box_SEALBYTES;
    work = tp_calloc(padded, 1);
    if (!work)
        return tp_fail_memory(error);
    if (crypto_box_seal_open(work, bytes + TP_SEAL_MAGIC_BYTES + TP_SEAL_KEY_BYTES, boxed,
                             pair->key.bytes, pair->secret) != 0 ||
        sodium_unpad(&length, work, padded, TP_SEAL_PAD) != 0 || length > TP_SEAL_PLAIN_MAX)
        tp_fail(error, TP_ERR_CRYPTO, "the sealed answer was altered: it does not open");
    else if (tp_buf_make_room(plain, length, error))
        ok = tp_buf_add(plain, work, length);
    tp_wipe(work, padded);
    tp_free(work);
    return ok;
}
