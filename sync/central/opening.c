#include "central/opening.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

static_assert(TP_OPENING_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key");
static_assert(TP_OPENING_BYTES ==
                  NONCE_BYTES + TP_SEAL_KEY_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "an opening");

bool tp_opening_make(const struct tp_keys *keys, const char *instance_id, const void *sealed,
                     size_t count, unsigned char opening[TP_OPENING_BYTES], struct tp_error *error)
{
    unsigned char shared[TP_SEAL_KEY_BYTES];
    size_t which;

    if (!tp_keys_which(keys, sealed, count, &which, error) ||
        !tp_unseal_shared(&keys->unsealing[which], sealed, count, shared, error))
        return false;
    randombytes_buf(opening, NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        opening + NONCE_BYTES, NULL, shared, sizeof(shared), (const unsigned char *)instance_id,
        strlen(instance_id), NULL, opening, keys->opening[which]);
    tp_wipe(shared, sizeof(shared));
    return true;
}

static bool unseal_by(const struct tp_keys *keys, const char *instance_id,
                      const unsigned char *opening, const void *sealed, size_t count,
                      struct tp_buf *plain)
{
    unsigned char shared[TP_SEAL_KEY_BYTES];
    size_t which;
    bool ok = tp_keys_which(keys, sealed, count, &which, NULL) &&
              crypto_aead_xchacha20poly1305_ietf_decrypt(
                  shared, NULL, NULL, opening + NONCE_BYTES, TP_OPENING_BYTES - NONCE_BYTES,
                  (const unsigned char *)instance_id, strlen(instance_id), opening,
                  keys->opening[which]) == 0 &&
              tp_unseal_with(shared, sealed, count, plain, NULL);

    tp_wipe(shared, sizeof(shared));
    return ok;
}

bool tp_opening_unseal(const struct tp_keys *keys, const char *instance_id, const void *opening,
                       size_t length, const void *sealed, size_t count, struct tp_buf *plain,
                       struct tp_error *error)
{
    return (length == TP_OPENING_BYTES &&
            unseal_by(keys, instance_id, opening, sealed, count, plain)) ||
           tp_keys_unseal(keys, sealed, count, plain, error);
}
