/*
 * Deletes what the store signed for on a thread of its own, with a store handle of its own, so that
 * verifying signatures and syncing the disk go on beside the sends. One group at a time: give, then
 * take what came of it. Thread: the caller's one; the deleter's is inside.
 */
#ifndef TP_AGENT_DO_DELETER_H
#define TP_AGENT_DO_DELETER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/outbox.h"
#include "store/receipt.h"

/* Receipts in one group, which is one transaction: enough that its sync costs each little. */
#define TP_DELETER_GROUP 512u

/* Deletes what these receipts prove; with `key` NULL, what they name. */
bool tp_delete_taken(struct tp_store *store, const struct tp_receipt_key *key,
                     const struct tp_receipt *receipts, size_t count, enum tp_outbox_sent *outcomes,
                     struct tp_error *error);

struct tp_deleter;

/* `key` NULL: the server gives no receipts, and its word counts (tp_outbox_mark_taken).
 * Opens a handle beside `store`, which mends nothing until the deleter is destroyed; `wake` is
 * called on the deleter's thread when a group is done. NULL where there is no handle, memory or
 * thread. */
struct tp_deleter *tp_deleter_create(struct tp_store *store, const struct tp_receipt_key *key,
                                     void (*wake)(void *context), void *context);
/* Ends what it is doing first. NULL is safe. */
void tp_deleter_destroy(struct tp_deleter *deleter);

/* True between a give and its take. */
bool tp_deleter_is_busy(const struct tp_deleter *deleter);

/* Copies `count` receipts, at most TP_DELETER_GROUP. Only while not busy. */
void tp_deleter_give(struct tp_deleter *deleter, const struct tp_receipt *receipts, size_t count);

struct tp_deleted {
    const struct tp_receipt *receipts; /* the deleter's, until the next give */
    const enum tp_outbox_sent *outcomes;
    size_t count;
    bool ok; /* false: the store failed, and *error says why; nothing of the group was changed */
};

/* What came of the group; false where it is not done yet (with `wait`: waits for it) or none was
 * given. */
bool tp_deleter_take(struct tp_deleter *deleter, bool wait, struct tp_deleted *deleted,
                     struct tp_error *error);

#endif
