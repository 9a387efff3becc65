/*
 * Receipts: the central store's signed word that it holds an answer (docs/PROTOCOL.md,
 * "Receipts"). A device deletes an answer only against one.
 *
 * A receipt's signature has one of two forms. A receipt of its own: Ed25519, detached, in base64,
 * over "talkpoint-receipt-1\n" instanceID "\n" sha256 "\n" received "\n". One of many: the
 * signature is over the root of a tree (store/tree.h) of which the receipt is a leaf, and the path
 * from the leaf to the root stands before it; so a store signs once for all that one commit took
 * in, and a device verifies once. The fields are checked before they are signed or verified, so
 * that no two receipts have the same bytes. Thread: any.
 */
#ifndef TP_STORE_RECEIPT_H
#define TP_STORE_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "store/encode.h"
#include "store/tree.h"

#define TP_RECEIPT_KEY_BYTES 32u
#define TP_RECEIPT_SECRET_BYTES 64u
#define TP_RECEIPT_SIGNATURE_BYTES 64u
#define TP_RECEIPT_KEY_TEXT_MAX TP_BASE64_MAX(TP_RECEIPT_KEY_BYTES)
#define TP_RECEIPT_SECRET_TEXT_MAX TP_BASE64_MAX(TP_RECEIPT_SECRET_BYTES)
#define TP_RECEIPT_SIGNATURE_TEXT_MAX TP_BASE64_MAX(TP_RECEIPT_SIGNATURE_BYTES)

/* "2:INDEX:COUNT:PATH:SIGNATURE" with the largest numbers and the longest path. */
#define TP_RECEIPT_PROOF_TEXT_MAX                                                                  \
    (sizeof("2:65535:65536::") + TP_BASE64_MAX(TP_TREE_PATH_MAX * TP_SHA256_BYTES) +               \
     TP_RECEIPT_SIGNATURE_TEXT_MAX)

/* With the NUL. Ours are 41 bytes ("uuid:" and a UUID); other makers' are at most a few dozen. */
#define TP_INSTANCE_ID_MAX 256u

/* The public half: Ed25519. A device pins it at enrolment. */
struct tp_receipt_key {
    unsigned char bytes[TP_RECEIPT_KEY_BYTES];
};

/* Both halves; wipe with tp_wipe after use. `secret` is libsodium's 64 bytes (seed and key). */
struct tp_receipt_pair {
    struct tp_receipt_key key;
    unsigned char secret[TP_RECEIPT_SECRET_BYTES];
};

/* The texts are as they stand in the attributes of <tps:receipt>. */
struct tp_receipt {
    char instance_id[TP_INSTANCE_ID_MAX];
    char sha256[TP_SHA256_TEXT_MAX];           /* of the bytes received; lower-case hex */
    char received[TP_TIME_TEXT_MAX];           /* "2026-11-23T09:41:07.123Z" */
    char signature[TP_RECEIPT_PROOF_TEXT_MAX]; /* of either form */
};

/* Roots whose signatures were verified, by one key: a few, since the receipts of one commit come
 * close together. All zero to begin with. */
#define TP_RECEIPT_ROOTS_MAX 8u
struct tp_receipt_root {
    size_t count;
    struct tp_tree_hash hash;
    unsigned char signature[TP_RECEIPT_SIGNATURE_BYTES];
};
struct tp_receipt_roots {
    struct tp_receipt_root known[TP_RECEIPT_ROOTS_MAX];
    size_t next; /* to be overwritten */
};

bool tp_receipt_pair_generate(struct tp_receipt_pair *pair, struct tp_error *error);
bool tp_receipt_pair_from_text(const char *secret_text, struct tp_receipt_pair *pair,
                               struct tp_error *error);
bool tp_receipt_key_from_text(const char *text, struct tp_receipt_key *key, struct tp_error *error);
void tp_receipt_key_to_text(const struct tp_receipt_key *key, char text[TP_RECEIPT_KEY_TEXT_MAX]);

/* True for 1 to 255 visible ASCII bytes: what an instance ID may be. */
bool tp_instance_id_is_valid(const char *instance_id);

/* Makes the receipt for what was received at `received_ms` (Unix time, UTC). */
bool tp_receipt_sign(const struct tp_receipt_pair *pair, const char *instance_id,
                     const char *sha256, int64_t received_ms, struct tp_receipt *receipt,
                     struct tp_error *error);

/* Signs for 1 to TP_TREE_MADE_MAX receipts at once. Each has its three other fields; they are
 * checked, and `signature` is set in all or, on failure, in none. */
bool tp_receipt_sign_together(const struct tp_receipt_pair *pair,
                              struct tp_receipt *const *receipts, size_t count,
                              struct tp_error *error);

/* A receipt without its signature, for tp_receipt_sign_together. */
bool tp_receipt_fill(const char *instance_id, const char *sha256, int64_t received_ms,
                     struct tp_receipt *receipt, struct tp_error *error);

/* A receipt from the texts that came in; TP_ERR_INVALID where one has not its exact form. Any may
 * be NULL (missing), which is refused too. Says nothing yet about the signature. */
bool tp_receipt_from_texts(const char *instance_id, const char *sha256, const char *received,
                           const char *signature, struct tp_receipt *receipt,
                           struct tp_error *error);

/* TP_ERR_CRYPTO where the signature is not `key`'s over these fields. `roots` (or NULL) remembers
 * what this key was seen to have signed, so that the receipts of one tree cost one verification. */
bool tp_receipt_verify(const struct tp_receipt_key *key, struct tp_receipt_roots *roots,
                       const struct tp_receipt *receipt, struct tp_error *error);

/* True where `signature` (base64) is `key`'s over these bytes: for what else the store signs with
 * it, each with words of its own in front. */
bool tp_receipt_key_has_signed(const struct tp_receipt_key *key, const void *bytes, size_t count,
                               const char *signature);

#endif
