/*
 * Several sealed answers in one request, and the store's word on each (docs/PROTOCOL.md, "Several
 * answers in one request"). The screen that sends proves who it is by its token, so nothing is
 * signed but the receipts; each answer has a verdict of its own, so that one which is refused never
 * holds up the others. What is read is hostile input. Thread: any.
 */
#ifndef TP_STORE_SEVERAL_H
#define TP_STORE_SEVERAL_H

#include <assert.h>

#include "store/answers.h"
#include "store/receipt.h"

/* Enough that what a request costs is little for each, few enough that a slow line brings one
 * through. */
#define TP_SEVERAL_ANSWERS_MAX 64u
/* Sealed bytes in a request that is made here, so that all of it is under the 1 MiB that proxies
 * let through by default; a larger answer goes alone. */
#define TP_SEVERAL_SEALED_MAX (896u * 1024u)
/* A line of names of the greatest length, and of one receipt. */
#define TP_SEVERAL_LINE_MAX 1536u
/* What a store takes in one request. */
#define TP_SEVERAL_BYTES_MAX                                                                       \
    (TP_SEVERAL_SEALED_MAX + (TP_SEVERAL_ANSWERS_MAX + 2u) * TP_SEVERAL_LINE_MAX)
static_assert(TP_SEVERAL_BYTES_MAX < 1024u * 1024u, "a proxy lets it through");
#define TP_SEVERAL_REPLY_MAX ((TP_SEVERAL_ANSWERS_MAX + 2u) * TP_SEVERAL_LINE_MAX)

/* Appends a request of these answers, 1 to TP_SEVERAL_ANSWERS_MAX of them, each proper
 * (tp_answer_is_proper). */
bool tp_several_write(const struct tp_carried *answers, size_t count, struct tp_buf *out,
                      struct tp_error *error);

struct tp_several {
    struct tp_carried *answers; /* owned; point into `head` and into the bytes that were read */
    size_t count;
    char *head; /* owned */
};

/* TP_ERR_INVALID: not such a request, or not all of it. The hashes are not looked at: an answer
 * that has another is refused by itself. `bytes` must last as long as it. */
bool tp_several_read(const void *bytes, size_t count, struct tp_several *several,
                     struct tp_error *error);
void tp_several_finish(struct tp_several *several);

/* ---- the reply: a line for each answer, in the order of the request ---- */

bool tp_several_reply_begin(struct tp_buf *out);
/* "It is held": a 201 and its receipt. */
bool tp_several_reply_receipt(struct tp_buf *out, const struct tp_receipt *receipt);
/* Any other status, as it would have been of a request of its own. */
bool tp_several_reply_refusal(struct tp_buf *out, int status, const char *instance_id,
                              const char *message);

struct tp_word {
    int status;
    bool has_receipt; /* one of the right form; says nothing of its signature */
    struct tp_receipt receipt;
    const char *message; /* points into the text; as it came; "" where there is none */
};

/* Moves *text, which is cut up, past the first line; false where it is not such a reply. */
bool tp_several_reply_open(char **text);
/* The next line; false where there is none, or it is not about this answer. */
bool tp_several_reply_next(char **text, const char *instance_id, struct tp_word *word);

#endif
