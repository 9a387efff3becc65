#include "central/opening.h"

#include <assert.h>
#include <endian.h>
#include <sodium.h>
#include <string.h>

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define HEAD_BYTES (TP_SEAL_KEY_BYTES + NONCE_BYTES)
#define ADDED_BYTES (HEAD_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define BOUND_MAX 256u

static_assert(TP_OPENING_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key");

/* What an opening is bound to: the form's ID and two numbers, most significant byte first. */
static size_t bound_to(const struct tp_run *run, unsigned char bound[BOUND_MAX])
{
    const uint64_t numbers[] = {htobe64((uint64_t)run->number), htobe64((uint64_t)run->answers)};
    size_t length = strnlen(run->form, BOUND_MAX - sizeof(numbers));

    memcpy(bound, run->form, length);
    memcpy(bound + length, numbers, sizeof(numbers));
    return length + sizeof(numbers);
}

bool tp_opening_make(const struct tp_keys *keys, size_t which, const struct tp_run *run,
                     const struct tp_buf *plain, struct tp_buf *out)
{
    unsigned char bound[BOUND_MAX];
    size_t bound_length = bound_to(run, bound);
    unsigned char *bytes;

    if (!tp_buf_reserve(out, ADDED_BYTES + plain->length))
        return false;
    bytes = (unsigned char *)out->data + out->length;
    memcpy(bytes, keys->unsealing[which].key.bytes, TP_SEAL_KEY_BYTES);
    randombytes_buf(bytes + TP_SEAL_KEY_BYTES, NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes + HEAD_BYTES, NULL, (const unsigned char *)tp_buf_text(plain), plain->length, bound,
        bound_length, NULL, bytes + TP_SEAL_KEY_BYTES, keys->opening[which]);
    out->length += ADDED_BYTES + plain->length;
    out->data[out->length] = '\0';
    return true;
}

/* The key whose public half these bytes are; NULL where it is not here. */
static const unsigned char *key_of(const struct tp_keys *keys, const unsigned char *public)
{
    for (size_t i = 0; i < keys->unsealing_count; i++) {
        if (memcmp(keys->unsealing[i].key.bytes, public, TP_SEAL_KEY_BYTES) == 0)
            return keys->opening[i];
    }
    return NULL;
}

bool tp_opening_read(const struct tp_keys *keys, const struct tp_run *run, struct tp_buf *plain)
{
    const unsigned char *bytes = run->opening;
    const unsigned char *key;
    unsigned char bound[BOUND_MAX];
    size_t bound_length = bound_to(run, bound);

    tp_buf_reset(plain);
    if (run->opening_length < ADDED_BYTES ||
        !tp_buf_reserve(plain, run->opening_length - ADDED_BYTES))
        return false;
    key = key_of(keys, bytes);
    if (!key || crypto_aead_xchacha20poly1305_ietf_decrypt(
                    (unsigned char *)plain->data, NULL, NULL, bytes + HEAD_BYTES,
                    run->opening_length - HEAD_BYTES, bound, bound_length,
                    bytes + TP_SEAL_KEY_BYTES, key) != 0)
        return false;
    plain->length = run->opening_length - ADDED_BYTES;
    plain->data[plain->length] = '\0';
    return true;
}
