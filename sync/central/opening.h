/*
 * Openings: what stood in the sealed answers of a run, kept to be read quickly.
 *
 * A run is those answers of one form whose numbers are TP_RUN_ANSWERS * n and the ones after it, up
 * to the next n. Opening a million seals one by one takes a core a minute, and reading their XML
 * some seconds more; an opening has all of a run taken apart (export/flat.h), encrypted
 * (XChaCha20-Poly1305) under a key that is derived from the private sealing key of its answers, and
 * bound to the form, the run and the count of its answers. The answers are not touched and stay
 * sealed. Who lacks the private key can neither make an opening nor read one; who has it needs
 * none. One that is not there, or does not fit, costs time and nothing else. It is deleted with any
 * of its answers (data/openings.h).
 *
 * Bytes: the public half of that sealing key (32), a random nonce (24), then what is encrypted and
 * its authenticator (16). Thread: any.
 */
#ifndef TP_CENTRAL_OPENING_H
#define TP_CENTRAL_OPENING_H

#include "central/keys.h"

/* Few enough that one more answer, or one less, is soon made up for; enough that each costs the
 * database little. A power of two. Another number needs a migration that deletes all openings. */
#define TP_RUN_ANSWERS 256

/* What an opening may hold: 4 KiB an answer. A run that is larger has none. */
#define TP_OPENING_PLAIN_MAX (1024u * 1024u)
/* The plain bytes are padded to a multiple of this, so that their length tells little. */
#define TP_OPENING_PAD 1024u

/* Answers of a form, as the database counts them. */
struct tp_run {
    const char *form;
    int64_t number; /* the first of its numbers, divided by TP_RUN_ANSWERS */
    int64_t answers;
    const void *opening;
    size_t opening_length; /* 0: there is none that fits */
};

/* The run that an answer is in, by its number; and the first and last number of a run. */
static inline int64_t tp_run_of(int64_t seq)
{
    return seq / TP_RUN_ANSWERS;
}

static inline int64_t tp_run_first(int64_t number)
{
    return number * TP_RUN_ANSWERS;
}

static inline int64_t tp_run_last(int64_t number)
{
    return tp_run_first(number) + TP_RUN_ANSWERS - 1;
}

/* Appends the opening of `run` to `out`. `which` of the private keys is that of its answers
 * (tp_keys_which); `plain` is padded by the caller. False without memory. */
bool tp_opening_make(const struct tp_keys *keys, size_t which, const struct tp_run *run,
                     const struct tp_buf *plain, struct tp_buf *out);

/* Puts what the opening of `run` holds in place of what `plain` held. False where it does not fit,
 * or its key is not here. */
bool tp_opening_read(const struct tp_keys *keys, const struct tp_run *run, struct tp_buf *plain);

#endif
