/*
 * Openings: the slow half of opening a seal, kept.
 *
 * What an answer's seal shares with the private sealing key (tp_unseal_shared) is kept beside the
 * answer, encrypted (XChaCha20-Poly1305) under a key that is derived from that private key, and
 * bound to the instance ID. The answer itself is not touched and stays sealed. Who lacks the
 * private key can neither make an opening nor use one; who has it needs none, and only reads
 * faster with it. An opening that is not there, or does not fit, costs time and nothing else.
 *
 * Bytes: a random nonce (24), then the encrypted shared key (32) and its authenticator (16).
 * Thread: any.
 */
#ifndef TP_CENTRAL_OPENING_H
#define TP_CENTRAL_OPENING_H

#include "central/keys.h"

#define TP_OPENING_BYTES 72u

/* TP_ERR_CRYPTO where the private key of this answer is not here, or the answer was altered. */
bool tp_opening_make(const struct tp_keys *keys, const char *instance_id, const void *sealed,
                     size_t count, unsigned char opening[TP_OPENING_BYTES], struct tp_error *error);

/* As tp_keys_unseal, the quick way where `opening` (length 0: there is none) fits. */
bool tp_opening_unseal(const struct tp_keys *keys, const char *instance_id, const void *opening,
                       size_t length, const void *sealed, size_t count, struct tp_buf *plain,
                       struct tp_error *error);

#endif
