/*
 * The store's keys, as files of DATA/keys: sealing.pub, sealing.key (private, 0600; may be kept
 * apart, then nothing can be unsealed here), receipt.key (private, 0600), receipt.pub. Older
 * sealing keys stay beside them as sealing-*.key and sealing-*.pub. Each file is one line of
 * base64. Private keys of forms that have their own may stand there too, as odk*.pem.
 *
 * Read once at the start, then only read. Thread: any.
 */
#ifndef TP_CENTRAL_KEYS_H
#define TP_CENTRAL_KEYS_H

#include "store/odk.h"
#include "store/receipt.h"
#include "store/seal.h"

/* A key a year for a generation. */
#define TP_SEALING_KEYS_MAX 32u
/* XChaCha20-Poly1305. */
#define TP_OPENING_KEY_BYTES 32u

/* Forms whose answers are encrypted to a key of their own are few. */
#define TP_ODK_KEYS_MAX 16u

struct tp_keys {
    struct tp_seal_key sealing; /* what devices seal to now */
    struct tp_seal_key known[TP_SEALING_KEYS_MAX];
    size_t known_count;
    struct tp_seal_pair unsealing[TP_SEALING_KEYS_MAX];
    unsigned char opening[TP_SEALING_KEYS_MAX][TP_OPENING_KEY_BYTES]; /* of each; see opening.h */
    size_t unsealing_count; /* 0: the private keys are kept apart */
    /* Of authors whose forms have a public_key: odk*.pem. */
    struct tp_odk_private odk[TP_ODK_KEYS_MAX];
    size_t odk_count;
    struct tp_receipt_pair receipt;
};

/* Makes the keys that are not there yet. `apart` (may be NULL): the private sealing key goes into
 * this new file and not into the store's folder, which then can seal and never open. */
bool tp_keys_make(const char *data, const char *apart, struct tp_error *error);

/* Makes a new sealing pair; the one before it stays beside it under the name of its own first
 * digits, so that old answers can be read and screens that have not heard yet are taken from.
 * `apart` as above. A server learns of it when it starts. */
bool tp_keys_rotate(const char *data, const char *apart, struct tp_error *error);

bool tp_keys_read(const char *data, struct tp_keys *keys, struct tp_error *error);

/* Only private keys (a line of base64, or the PEM of a form's author), from files or folders named
 * on the command line: for unsealing on another machine. Adds to what is there. */
bool tp_keys_add(const char *path, struct tp_keys *keys, struct tp_error *error);

/* Wipes. */
void tp_keys_finish(struct tp_keys *keys);

bool tp_keys_knows(const struct tp_keys *keys, const struct tp_seal_key *key);

/* Any private key here at all? */
bool tp_keys_can_unseal(const struct tp_keys *keys);

/* Opens a seal, or what is encrypted to a form's own key, with whichever key fits. TP_ERR_CRYPTO,
 * saying so, where there is none. */
/* Which of `unsealing` opens these sealed bytes. TP_ERR_CRYPTO, saying so, where there is none. */
bool tp_keys_which(const struct tp_keys *keys, const void *sealed, size_t count, size_t *which,
                   struct tp_error *error);
/* Opens with whichever key fits; errors as above. */
bool tp_keys_unseal(const struct tp_keys *keys, const void *sealed, size_t count,
                    struct tp_buf *plain, struct tp_error *error);

/* The token of the device that claims enrolment `id` with `secret`: 32 bytes nobody can guess
 * without the secret and the store's private receipt key, and the same each time, so that a lost
 * answer can be given again though the store keeps only the token's SHA-256. */
void tp_keys_token(const struct tp_keys *keys, int64_t id, const char *secret,
                   char token[TP_BASE64_MAX(32)]);

/* The present sealing key's text, and the receipt key's signature of it (base64) over
 * "talkpoint-sealing-1\n" and that text: how screens learn of a new one. */
void tp_keys_announce(const struct tp_keys *keys, char key[TP_SEAL_KEY_TEXT_MAX],
                      char signature[TP_BASE64_MAX(64)]);

/* SHA-256 of a token, secret or session cookie as it travels: what the database keeps of it. */
void tp_token_digest(const char *token, unsigned char digest[TP_SHA256_BYTES]);

#endif
