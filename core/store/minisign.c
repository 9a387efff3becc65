#include "store/minisign.h"

#include <sodium.h>
#include <string.h>

#define KEY_ALGORITHM "Ed"
#define PREHASHED "ED"
#define ALGORITHM_BYTES 2u
#define KEY_ID_BYTES 8u
#define SIGNED_BYTES (ALGORITHM_BYTES + KEY_ID_BYTES + TP_RECEIPT_SIGNATURE_BYTES)
#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "

/* minisign's are random; ours follows from the key, so that nothing more need be kept. */
static void key_id(const struct tp_receipt_key *key, unsigned char id[KEY_ID_BYTES])
{
    unsigned char digest[crypto_generichash_BYTES];

    (void)crypto_generichash(digest, sizeof(digest), key->bytes, sizeof(key->bytes), NULL, 0);
    memcpy(id, digest, KEY_ID_BYTES);
}

void tp_minisign_key_text(const struct tp_receipt_key *key, char text[TP_MINISIGN_KEY_TEXT_MAX])
{
    unsigned char bytes[ALGORITHM_BYTES + KEY_ID_BYTES + TP_RECEIPT_KEY_BYTES];

    memcpy(bytes, KEY_ALGORITHM, ALGORITHM_BYTES);
    key_id(key, bytes + ALGORITHM_BYTES);
    memcpy(bytes + ALGORITHM_BYTES + KEY_ID_BYTES, key->bytes, TP_RECEIPT_KEY_BYTES);
    tp_base64(bytes, sizeof(bytes), text);
}

void tp_minisign_digest(const void *bytes, size_t count,
                        unsigned char digest[TP_MINISIGN_DIGEST_BYTES])
{
    (void)crypto_generichash(digest, TP_MINISIGN_DIGEST_BYTES, bytes, count, NULL, 0);
}

/* What the second signature is over: the first, and the trusted comment. */
static size_t
global_bytes(const unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES], const char *comment,
             unsigned char bytes[TP_RECEIPT_SIGNATURE_BYTES + TP_MINISIGN_COMMENT_MAX])
{
    size_t length = strnlen(comment, TP_MINISIGN_COMMENT_MAX);

    memcpy(bytes, signature, TP_RECEIPT_SIGNATURE_BYTES);
    memcpy(bytes + TP_RECEIPT_SIGNATURE_BYTES, comment, length);
    return TP_RECEIPT_SIGNATURE_BYTES + length;
}

bool tp_minisign_sign(const struct tp_receipt_pair *pair,
                      const unsigned char digest[TP_MINISIGN_DIGEST_BYTES], const char *comment,
                      struct tp_buf *out, struct tp_error *error)
{
    unsigned char both[TP_RECEIPT_SIGNATURE_BYTES + TP_MINISIGN_COMMENT_MAX];
    unsigned char global[TP_RECEIPT_SIGNATURE_BYTES];
    unsigned char bytes[SIGNED_BYTES];
    char text[TP_BASE64_MAX(SIGNED_BYTES)];
    char global_text[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    unsigned char *signature = bytes + ALGORITHM_BYTES + KEY_ID_BYTES;
    size_t count;

    if (strlen(comment) >= TP_MINISIGN_COMMENT_MAX || strchr(comment, '\n'))
        return tp_fail(error, TP_ERR_MISUSE, "a signature's comment is one short line");
    memcpy(bytes, PREHASHED, ALGORITHM_BYTES);
    key_id(&pair->key, bytes + ALGORITHM_BYTES);
    if (sodium_init() < 0 ||
        crypto_sign_detached(signature, NULL, digest, TP_MINISIGN_DIGEST_BYTES, pair->secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no signature");
    count = global_bytes(signature, comment, both);
    if (crypto_sign_detached(global, NULL, both, count, pair->secret) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium made no signature");
    tp_base64(bytes, sizeof(bytes), text);
    tp_base64(global, sizeof(global), global_text);
    return tp_buf_printf(out, UNTRUSTED "signature of a Talkpoint store\n%s\n" TRUSTED "%s\n%s\n",
                         text, comment, global_text) ||
           tp_fail_memory(error);
}

/* The next of four lines, without its end; false where there is none or it is too long. */
static bool take_line(const char **text, const char *end, char *line, size_t size)
{
    const char *stop = memchr(*text, '\n', (size_t)(end - *text));
    size_t length = (size_t)((stop ? stop : end) - *text);

    if (*text == end || length >= size || memchr(*text, '\0', length))
        return false;
    memcpy(line, *text, length);
    if (length && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    *text = stop ? stop + 1 : end;
    return true;
}

bool tp_minisign_verify(const struct tp_receipt_key *key,
                        const unsigned char digest[TP_MINISIGN_DIGEST_BYTES], const char *text,
                        size_t count, char comment[TP_MINISIGN_COMMENT_MAX], struct tp_error *error)
{
    unsigned char both[TP_RECEIPT_SIGNATURE_BYTES + TP_MINISIGN_COMMENT_MAX];
    char lines[4][sizeof(TRUSTED) + TP_MINISIGN_COMMENT_MAX];
    unsigned char global[TP_RECEIPT_SIGNATURE_BYTES];
    unsigned char bytes[SIGNED_BYTES];
    unsigned char id[KEY_ID_BYTES];
    const unsigned char *signature = bytes + ALGORITHM_BYTES + KEY_ID_BYTES;
    const char *end = text + count;
    const char *said;

    if (sodium_init() < 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
    for (size_t i = 0; i < 4; i++)
        if (!take_line(&text, end, lines[i], sizeof(lines[i])))
            return tp_fail(error, TP_ERR_INVALID, "not a signature");
    if (strncmp(lines[0], UNTRUSTED, sizeof(UNTRUSTED) - 1) != 0 ||
        strncmp(lines[2], TRUSTED, sizeof(TRUSTED) - 1) != 0 ||
        !tp_base64_decode(lines[1], bytes, sizeof(bytes)) ||
        !tp_base64_decode(lines[3], global, sizeof(global)) ||
        memcmp(bytes, PREHASHED, ALGORITHM_BYTES) != 0)
        return tp_fail(error, TP_ERR_INVALID, "not a signature");
    said = lines[2] + sizeof(TRUSTED) - 1;
    if (strlen(said) >= TP_MINISIGN_COMMENT_MAX)
        return tp_fail(error, TP_ERR_INVALID, "not a signature");
    key_id(key, id);
    if (memcmp(bytes + ALGORITHM_BYTES, id, KEY_ID_BYTES) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "it is for another central store");
    if (crypto_sign_verify_detached(signature, digest, TP_MINISIGN_DIGEST_BYTES, key->bytes) != 0 ||
        crypto_sign_verify_detached(global, both, global_bytes(signature, said, both),
                                    key->bytes) != 0)
        return tp_fail(error, TP_ERR_CRYPTO, "it was altered");
    memcpy(comment, said, strlen(said) + 1);
    return true;
}
