/*
 * Seals: an answer that only the council can open (docs/PROTOCOL.md, "Submission").
 *
 * The sealed bytes are "TPSEAL1\n", the 32-byte public sealing key, and the libsodium sealed box
 * (X25519, XSalsa20-Poly1305) of the answer padded to a multiple of 1,024 bytes. Who holds the
 * public key alone cannot open what it sealed. Each seal differs, also of the same answer.
 * Thread: any.
 */
#ifndef TP_STORE_SEAL_H
#define TP_STORE_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "store/encode.h"

#define TP_SEAL_MAGIC_BYTES 8u
#define TP_SEAL_KEY_BYTES 32u
#define TP_SEAL_KEY_TEXT_MAX TP_BASE64_MAX(TP_SEAL_KEY_BYTES)

/* The plain bytes are padded to a multiple of this, so that their length tells little. */
#define TP_SEAL_PAD 1024u

/* The central store takes requests of at most 10 MiB; nothing larger can need a seal. */
#define TP_SEAL_PLAIN_MAX (10u * 1024u * 1024u)

/* Magic, key, and what the sealed box adds (an ephemeral key and an authenticator). */
#define TP_SEAL_OVERHEAD (TP_SEAL_MAGIC_BYTES + TP_SEAL_KEY_BYTES + 48u)
#define TP_SEAL_SEALED_MAX (TP_SEAL_OVERHEAD + TP_SEAL_PLAIN_MAX + TP_SEAL_PAD)

/* The public half: X25519. */
struct tp_seal_key {
    unsigned char bytes[TP_SEAL_KEY_BYTES];
};

/* Both halves; wipe with tp_wipe after use. */
struct tp_seal_pair {
    struct tp_seal_key key;
    unsigned char secret[TP_SEAL_KEY_BYTES];
};

/* New keys, from the system's randomness. Fails where libsodium cannot start. */
bool tp_seal_pair_generate(struct tp_seal_pair *pair, struct tp_error *error);

/* A pair from its secret half in base64 (the public half is computed). Refuses anything else. */
bool tp_seal_pair_from_text(const char *secret_text, struct tp_seal_pair *pair,
                            struct tp_error *error);

/* Standard base64 with padding; refuses wrong text, and points of low order that no pair has. */
bool tp_seal_key_from_text(const char *text, struct tp_seal_key *key, struct tp_error *error);
void tp_seal_key_to_text(const struct tp_seal_key *key, char text[TP_SEAL_KEY_TEXT_MAX]);

/* How many bytes `count` plain bytes become. 0 where `count` is over TP_SEAL_PLAIN_MAX. */
size_t tp_seal_size(size_t count);

/* Appends the sealed bytes to `sealed`, which is as it was on failure. Every copy of the plain
 * bytes made here is wiped. */
bool tp_seal(const struct tp_seal_key *key, const void *plain, size_t count, struct tp_buf *sealed,
             struct tp_error *error);

/* The slow half of a seal, done before the answer is there: an ephemeral key and what it shares
 * with `key`. Good for one seal only, since a second would repeat its nonce: tp_seal_with spends
 * it. */
struct tp_seal_ready {
    struct tp_seal_key key;
    unsigned char ephemeral[TP_SEAL_KEY_BYTES];
    unsigned char shared[TP_SEAL_KEY_BYTES]; /* secret; wiped when spent */
    bool is_ready;
};

bool tp_seal_prepare(const struct tp_seal_key *key, struct tp_seal_ready *ready,
                     struct tp_error *error);

/* As tp_seal, to the key that `ready` was made for. Spends (wipes) it, whatever comes of it;
 * TP_ERR_MISUSE where it was spent before. */
bool tp_seal_with(struct tp_seal_ready *ready, const void *plain, size_t count,
                  struct tp_buf *sealed, struct tp_error *error);

/* The public key that the sealed bytes say they are for; TP_ERR_INVALID where they are no seal. */
bool tp_seal_recipient(const void *sealed, size_t count, struct tp_seal_key *key,
                       struct tp_error *error);

/* Appends the plain bytes to `plain`, which is as it was on failure. TP_ERR_INVALID: not a seal;
 * TP_ERR_CRYPTO: for another key, or altered. */
bool tp_unseal(const struct tp_seal_pair *pair, const void *sealed, size_t count,
               struct tp_buf *plain, struct tp_error *error);

#endif
