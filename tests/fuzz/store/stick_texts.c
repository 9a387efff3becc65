/* Lists of receipts, and signatures as minisign writes them, from a USB stick. */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/bundle.h"
#include "store/minisign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take(void *context, const struct tp_receipt *receipt)
{
    size_t *left = context;

    if (!tp_instance_id_is_valid(receipt->instance_id) || !tp_sha256_is_text(receipt->sha256))
        abort();
    return --*left > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char seed[crypto_sign_SEEDBYTES] = {1};
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES] = {0};
    char comment[TP_MINISIGN_COMMENT_MAX];
    struct tp_receipt_pair pair;
    size_t left = 1000;

    if (sodium_init() < 0 || crypto_sign_seed_keypair(pair.key.bytes, pair.secret, seed) != 0)
        abort();
    (void)tp_receipts_read((const char *)data, size, take, &left, NULL);
    if (tp_minisign_verify(&pair.key, digest, (const char *)data, size, comment, NULL) &&
        strlen(comment) >= sizeof(comment))
        abort();
    return 0;
}
