/*
 * The outbox for a USB stick (docs/PROTOCOL.md, "USB stick"): answers are looked at without being
 * claimed, another device's (and our own that were lost) are taken in beside those that are here,
 * and the receipts for those are kept, to travel back. Thread: the store's.
 */
#ifndef TP_STORE_CARRY_H
#define TP_STORE_CARRY_H

#include "store/bundle.h"
#include "store/outbox.h"

/* Receipts for other devices' answers are kept for so many: years of sticks, about 60 MiB. */
#define TP_CARRIED_MAX 200000

/* Waiting answers after a sequence, in its order, with their bytes; nothing is claimed or changed.
 * As tp_outbox_next else. Bytes that the disk changed are left out. */
bool tp_carry_read(struct tp_store *store, int64_t after, size_t max_count, size_t max_bytes,
                   struct tp_outbox_batch *batch, struct tp_error *error);

/* Whether the answer is in the outbox, waiting or set aside. */
bool tp_carry_is_here(struct tp_store *store, const char *instance_id, bool *here,
                      struct tp_error *error);

/* Whether a receipt for it is known: deleted here against one, or carried and signed for since. */
bool tp_carry_has_arrived(struct tp_store *store, const char *instance_id, bool *arrived,
                          struct tp_error *error);

/* Puts those that are not known yet into the outbox, in one transaction; *added (or NULL) says how
 * many. Known: waiting, sent or carried before. */
bool tp_carry_adopt(struct tp_store *store, const struct tp_carried *answers, size_t count,
                    size_t *added, struct tp_error *error);

/* The receipt for an answer that was carried here; false in *found where there is none (yet). */
bool tp_carry_receipt(struct tp_store *store, const char *instance_id, struct tp_receipt *receipt,
                      bool *found, struct tp_error *error);

#endif
