/*
 * The outbox: finished answers, sealed, until the central store has signed for them.
 *
 * tp_outbox_put seals an answer and commits it with its counters in one transaction; the plain XML
 * is never written. A form with a public key of its own is sealed to that instead of the council's.
 * The agent takes batches (tp_outbox_next), which claims them, so that no answer is in flight
 * twice, and ends each with tp_outbox_mark_sent, _mark_failed or _quarantine. An answer leaves the
 * device only by a verified receipt. Order is by a sequence that only grows.
 */
#ifndef TP_STORE_OUTBOX_H
#define TP_STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/counters.h"
#include "store/receipt.h"
#include "store/seal.h"
#include "store/store.h"

/* An answer by touch is a few kilobytes; a form of 10,000 questions fits. */
#define TP_OUTBOX_XML_MAX (4u * 1024u * 1024u)

/* Last error or reason, in words, with the NUL; longer text is cut at a whole character. */
#define TP_OUTBOX_WORDS_MAX 256u

struct tp_outbox_entry {
    const char *instance_id; /* "uuid:..." */
    const char *form_id;
    const char *form_version;
    const void *xml; /* the finished instance; the caller wipes it */
    size_t xml_count;
    const struct tp_seal_key *key; /* the council's public sealing key; NULL with odk_key */
    const char *odk_key;           /* the form's own public_key, which then is used (store/odk.h);
                                      NULL or "" where it has none */
    bool practice;                 /* sealed, then dropped: never queued, never counted */
    const struct tp_count *counts; /* added in the same transaction */
    size_t counts_count;
    const struct tp_tally *tallies; /* answers to polls marked public, likewise */
    size_t tallies_count;
};

/* True: the answer is on the disk and will be sent; thank the resident. False: nothing of it is
 * kept, neither row nor counters. An instance ID that was put before is already saved: true, and
 * nothing is added, so that a doubtful save may be tried again with the same ID and answers.
 * (Changed answers need a new ID.) */
bool tp_outbox_put(struct tp_store *store, const struct tp_outbox_entry *entry,
                   struct tp_error *error);

enum tp_outbox_state {
    TP_OUTBOX_WAITING,
    TP_OUTBOX_QUARANTINED,
};

/* A device's ID, with the NUL. */
#define TP_GIVEN_ON_MAX 80u

struct tp_outbox_item {
    int64_t sequence;
    char instance_id[TP_INSTANCE_ID_MAX];
    char form_id[TP_FORM_ID_MAX];
    char form_version[TP_FORM_VERSION_MAX];
    enum tp_outbox_state state;
    struct tp_store_time created;
    uint32_t attempts;
    char last_error[TP_OUTBOX_WORDS_MAX]; /* or the reason of the quarantine; "" for none */
    char sha256[TP_SHA256_TEXT_MAX];      /* of the sealed bytes */
    size_t sealed_count;                  /* a seal (store/seal.h), or store/odk.h's bytes */
    unsigned char *sealed;                /* owned; NULL where only looked at */
    bool carried; /* another device's, from a stick; set by tp_outbox_next, as this: */
    char given_on[TP_GIVEN_ON_MAX]; /* that device's ID; "" where it is not known */
};

struct tp_outbox_batch {
    struct tp_outbox_item *items; /* owned */
    size_t count;
};

struct tp_outbox_next_params {
    size_t max_count; /* at most TP_OUTBOX_BATCH_MAX */
    size_t max_bytes; /* of sealed bytes together; one answer is always given; 0: no limit */
    int64_t lease_ms; /* the claim lapses then, if nothing was said; longer than a request takes */
};
#define TP_OUTBOX_BATCH_MAX 1024u

/* Claims and reads the next answers: those least tried first, then by sequence; none that is
 * claimed. May give an empty batch. Finish with tp_outbox_batch_finish. */
bool tp_outbox_next(struct tp_store *store, const struct tp_outbox_next_params *params,
                    struct tp_outbox_batch *batch, struct tp_error *error);
void tp_outbox_batch_finish(struct tp_outbox_batch *batch);

/* Gives claims back unsent. Those of this handle; `everyone`: also those of others, for an agent
 * that knows it is the only one and was killed before. */
bool tp_outbox_release(struct tp_store *store, bool everyone, struct tp_error *error);

enum tp_outbox_sent {
    TP_SENT_DELETED, /* verified; the answer is gone from the device and counted as sent */
    TP_SENT_UNKNOWN, /* verified; no such answer here (it was deleted before) */
    TP_SENT_REFUSED, /* not the pinned key's signature, or for other bytes: nothing was changed */
};

/* Deletes, in one transaction, what these receipts prove is held. `outcomes` (count long, or NULL)
 * says what came of each. True: committed, also where some were refused. */
bool tp_outbox_mark_sent(struct tp_store *store, const struct tp_receipt_key *pinned,
                         const struct tp_receipt *receipts, size_t count,
                         enum tp_outbox_sent *outcomes, struct tp_error *error);

/* The same on the mere word of a server that signs nothing: deletes what has these IDs and hashes;
 * the receipts' signatures are not looked at. Only for a device whose destination is such a server
 * (docs/PROTOCOL.md, Another OpenRosa server). `outcomes` is count long. */
bool tp_outbox_mark_taken(struct tp_store *store, const struct tp_receipt *receipts, size_t count,
                          enum tp_outbox_sent *outcomes, struct tp_error *error);

/* One more attempt came to nothing, and why; the claims end. One transaction. */
bool tp_outbox_mark_failed(struct tp_store *store, const char *const *instance_ids, size_t count,
                           const char *why, struct tp_error *error);

/* Sets an answer aside: it is kept, and not offered until tp_outbox_retry. TP_ERR_NOT_FOUND where
 * it is not here. */
bool tp_outbox_quarantine(struct tp_store *store, const char *instance_id, const char *reason,
                          struct tp_error *error);

/* Offers a quarantined answer again, with its attempts at 0; NULL: all of them. `count` (or NULL):
 * how many. */
bool tp_outbox_retry(struct tp_store *store, const char *instance_id, size_t *count,
                     struct tp_error *error);

struct tp_outbox_counts {
    uint64_t waiting;
    uint64_t sent; /* ever, on this device */
    uint64_t quarantined;
};
bool tp_outbox_counts(struct tp_store *store, struct tp_outbox_counts *counts,
                      struct tp_error *error);

/* Looks at the answers in a state, oldest first, without their bytes. `visit` returns false to
 * stop; it must not write to the store. */
typedef bool tp_outbox_visit(void *context, const struct tp_outbox_item *item);
bool tp_outbox_each(struct tp_store *store, enum tp_outbox_state state, tp_outbox_visit *visit,
                    void *context, struct tp_error *error);

#endif
