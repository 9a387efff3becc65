/*
 * What lies on a USB stick (docs/PROTOCOL.md, "USB stick"): bundles of sealed answers, signed by
 * the device that made them, and lists of receipts.
 *
 * A device signs with an Ed25519 key of its own, for which the central store gives a certificate:
 * its signature, by the receipt key that every device of the fleet has pinned. So the store and
 * every other device can tell a bundle of their fleet from any other file, and nobody can add to
 * one or take from it. What is read is hostile input: every length is checked before it is used.
 * Thread: any.
 */
#ifndef TP_STORE_BUNDLE_H
#define TP_STORE_BUNDLE_H

#include "base/buf.h"
#include "store/answers.h"
#include "store/receipt.h"
#include "store/seal.h"

/* Small enough to be held in memory whole, and to be lost whole when a stick is drawn too soon. */
#define TP_BUNDLE_ANSWERS_MAX 1000u
#define TP_BUNDLE_SEALED_MAX (8u * 1024u * 1024u)
/* One answer alone may be larger than that. */
#define TP_BUNDLE_BYTES_MAX (TP_SEAL_SEALED_MAX + TP_BUNDLE_SEALED_MAX + 1024u * 1024u)
#define TP_BUNDLE_DEVICE_MAX 64
#define TP_CERTIFICATE_TEXT_MAX TP_RECEIPT_SIGNATURE_TEXT_MAX

/* A device's own key is of the same kind as the store's receipt key (store/receipt.h makes and
 * reads both): only what is signed differs. */
struct tp_device_signer {
    char device_id[TP_BUNDLE_DEVICE_MAX];
    struct tp_receipt_pair pair; /* the device's; wipe after use */
    char certificate[TP_CERTIFICATE_TEXT_MAX];
};

/* The store's word that this key is this device's. */
bool tp_device_certify(const struct tp_receipt_pair *store, const char *device_id,
                       const struct tp_receipt_key *key, char certificate[TP_CERTIFICATE_TEXT_MAX],
                       struct tp_error *error);
bool tp_device_is_certified(const struct tp_receipt_key *store, const char *device_id,
                            const struct tp_receipt_key *key, const char *certificate);

/* Appends a bundle of these answers, 1 to TP_BUNDLE_ANSWERS_MAX of them, made at
 * `made_ms` (Unix time). `fleet` is the store's receipt key. */
bool tp_bundle_write(const struct tp_device_signer *signer, const struct tp_receipt_key *fleet,
                     int64_t made_ms, const struct tp_carried *answers, size_t count,
                     struct tp_buf *out, struct tp_error *error);

struct tp_bundle {
    char device_id[TP_BUNDLE_DEVICE_MAX];
    char made[TP_TIME_TEXT_MAX];
    struct tp_carried *answers; /* owned; point into `head` and into the bytes that were read */
    size_t count;
    char *head; /* owned */
};

/* The whole bundle or nothing, each answer's SHA-256 checked. TP_ERR_INVALID: not a bundle, or not
 * all of it; TP_ERR_CRYPTO: of another fleet, or altered. `bytes` must last as long as the bundle.
 */
bool tp_bundle_read(const void *bytes, size_t count, const struct tp_receipt_key *fleet,
                    struct tp_bundle *bundle, struct tp_error *error);
void tp_bundle_finish(struct tp_bundle *bundle);

/* ---- lists of receipts ---- */

/* Those of a few bundles. */
#define TP_RECEIPTS_BYTES_MAX (4u * 1024u * 1024u)

/* The list's first line, then one receipt a line. */
bool tp_receipts_begin(struct tp_buf *out);
bool tp_receipts_add(struct tp_buf *out, const struct tp_receipt *receipt);

/* The name of a list of receipts for this device: the ID, '_' for what a file's name cannot have,
 * and "-" and some of the list's own hash, so that one list never takes another's place. */
#define TP_RECEIPTS_NAME_MAX (TP_BUNDLE_DEVICE_MAX + 24)
void tp_receipts_name(const char *device_id, const struct tp_buf *list,
                      char name[TP_RECEIPTS_NAME_MAX]);
/* True where a file of this name is for this device, and for it alone. */
bool tp_receipts_is_for(const char *device_id, const char *name);

/* Calls `take` with each line that has a receipt's form; whether it is signed is for `take`'s owner
 * to see (tp_outbox_mark_sent does). False where it is no list, or `take` said so. */
bool tp_receipts_read(const char *text, size_t count,
                      bool (*take)(void *context, const struct tp_receipt *receipt), void *context,
                      struct tp_error *error);

#endif
