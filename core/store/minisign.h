/*
 * Signatures as minisign writes and reads them (its format, "Ed25519 of the BLAKE2b-512 of the
 * file", prehashed): for what the central store puts on a stick, so that anybody can check it with
 * a common tool. The key is the store's receipt key; what is signed cannot be mistaken for a
 * receipt, which begins with words of its own. Thread: any.
 */
#ifndef TP_STORE_MINISIGN_H
#define TP_STORE_MINISIGN_H

#include "base/buf.h"
#include "store/receipt.h"

#define TP_MINISIGN_DIGEST_BYTES 64u
#define TP_MINISIGN_COMMENT_MAX 256u
/* Four lines. */
#define TP_MINISIGN_TEXT_MAX 1024u
/* "RW..." */
#define TP_MINISIGN_KEY_TEXT_MAX TP_BASE64_MAX(2u + 8u + TP_RECEIPT_KEY_BYTES)

/* The public key as `minisign -V -P KEY` takes it. */
void tp_minisign_key_text(const struct tp_receipt_key *key, char text[TP_MINISIGN_KEY_TEXT_MAX]);

/* BLAKE2b-512. */
void tp_minisign_digest(const void *bytes, size_t count,
                        unsigned char digest[TP_MINISIGN_DIGEST_BYTES]);

/* Appends the signature file. `comment` is trusted: signed too, one line. */
bool tp_minisign_sign(const struct tp_receipt_pair *pair,
                      const unsigned char digest[TP_MINISIGN_DIGEST_BYTES], const char *comment,
                      struct tp_buf *out, struct tp_error *error);

/* True where `text` is `key`'s signature over the digest; the trusted comment. TP_ERR_INVALID: not
 * a signature; TP_ERR_CRYPTO: by another key, or altered. */
bool tp_minisign_verify(const struct tp_receipt_key *key,
                        const unsigned char digest[TP_MINISIGN_DIGEST_BYTES], const char *text,
                        size_t count, char comment[TP_MINISIGN_COMMENT_MAX],
                        struct tp_error *error);

#endif
