/*
 * The store's OpenRosaResponse to a submission: its message and its receipt, as written, not yet
 * believed (store/receipt.h verifies). Thread: one at a time.
 */
#ifndef TP_AGENT_WIRE_REPLY_H
#define TP_AGENT_WIRE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/receipt.h"

/* A reply is a few hundred bytes; some servers add a page of words. */
#define TP_REPLY_BYTES_MAX (64u * 1024u)
#define TP_REPLY_MESSAGE_MAX 200

struct tp_reply {
    char message[TP_REPLY_MESSAGE_MAX]; /* cleaned for a person to read; "" where there is none */
    bool has_receipt;                   /* one of the right form; says nothing of its signature */
    struct tp_receipt receipt;
};

/* False where it is not an OpenRosaResponse. A receipt that lacks an attribute, or with one of
 * the wrong form, is no receipt. */
bool tp_reply_read(const char *bytes, size_t count, struct tp_reply *reply, struct tp_error *error);

#endif
