/* A list of notices and its signature, which says the serial too. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/minisign.h"
#include "store/notices.h"

#define COMMENT "talkpoint-notices serial:%" PRId64

bool tp_notices_sign(const struct tp_receipt_pair *pair, const char *text, size_t count,
                     int64_t serial, struct tp_buf *signature, struct tp_error *error)
{
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    char comment[TP_MINISIGN_COMMENT_MAX];

    (void)snprintf(comment, sizeof(comment), COMMENT, serial);
    tp_minisign_digest(text, count, digest);
    return tp_minisign_sign(pair, digest, comment, signature, error);
}

bool tp_notices_open(const char *text, size_t count, const char *signature, size_t signature_count,
                     const struct tp_receipt_key *key, struct tp_notices *notices,
                     struct tp_error *error)
{
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    char comment[TP_MINISIGN_COMMENT_MAX];
    char expected[TP_MINISIGN_COMMENT_MAX];
    struct tp_notices read;

    tp_minisign_digest(text, count, digest);
    if (!tp_minisign_verify(key, digest, signature, signature_count, comment, error) ||
        !tp_notices_read(text, count, key, &read, error))
        return false;
    (void)snprintf(expected, sizeof(expected), COMMENT, read.serial);
    if (strcmp(comment, expected) != 0) {
        tp_notices_finish(&read);
        return tp_fail(error, TP_ERR_CRYPTO, "signed, but not as this list of notices");
    }
    *notices = read;
    return true;
}

bool tp_notices_part(const char *bytes, size_t count, size_t *signature_count)
{
    const char *at = bytes;

    for (int line = 0; line < TP_NOTICES_SIGNATURE_LINES; line++) {
        const char *end = memchr(at, '\n', count - (size_t)(at - bytes));

        if (!end)
            return false;
        at = end + 1;
    }
    *signature_count = (size_t)(at - bytes);
    return true;
}
