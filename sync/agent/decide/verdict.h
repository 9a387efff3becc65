/*
 * What an answer to a submission means (docs/PROTOCOL.md, Retry): a pure function from the facts of
 * one exchange to what the agent does with that answer and with the others. Thread: any.
 */
#ifndef TP_AGENT_DECIDE_VERDICT_H
#define TP_AGENT_DECIDE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

/* Fits a column of the status page and a line of the staff menu. */
#define TP_VERDICT_WORDS_MAX 400

/* ODK Central says 409 while an earlier request with the same answer is still at work there, and
 * takes it in; KoboToolbox says 404, and a proxy before either of them 413, without
 * X-OpenRosa-Version. Such a refusal is believed when it stays: after so many attempts. */
#define TP_VERDICT_DOUBT_ATTEMPTS 2u

enum tp_receipt_state {
    TP_RECEIPT_NONE,   /* the answer held no receipt */
    TP_RECEIPT_OTHER,  /* a receipt for another instance ID or other bytes */
    TP_RECEIPT_FORGED, /* the right names, and a signature that is not the store's */
    TP_RECEIPT_VALID,
    TP_RECEIPT_WORD, /* no receipt, but the word of a server that gives none: an OpenRosaResponse */
};

struct tp_exchange {
    bool answered;       /* a whole HTTP answer arrived */
    bool unreachable;    /* there was not even a connection: trying the next answer is pointless */
    const char *problem; /* why it is not whole; NULL where it is */
    long status;         /* HTTP status */
    bool openrosa;       /* it carried X-OpenRosa-Version: the store speaks, not a stranger */
    const char *message; /* what the store said, cleaned; NULL or "" where nothing */
    enum tp_receipt_state receipt;
    bool openrosa_server; /* it is no store of Talkpoint's: its word counts for a receipt */
    uint32_t attempts;    /* requests with this answer that failed before */
    bool hash_proves;     /* a file whose hash is known: who brings it does not matter */
};

enum tp_verdict_kind {
    TP_VERDICT_DELIVERED, /* delete it */
    TP_VERDICT_SET_ASIDE, /* the store refuses this one: quarantine it, go on with the others */
    TP_VERDICT_LATER,     /* keep it; the others may go on */
    TP_VERDICT_PAUSE,     /* keep it; send nothing more for now */
    TP_VERDICT_BARRED,    /* keep it; this screen is no longer enrolled: stop */
};

struct tp_verdict {
    enum tp_verdict_kind kind;
    char words[TP_VERDICT_WORDS_MAX]; /* "" where delivered */
};

struct tp_verdict tp_verdict_of(const struct tp_exchange *exchange);

/* The same rules for an answer that is no submission's (form list, heartbeat, download): true where
 * it is a 200 from the store; otherwise *verdict says LATER, PAUSE or BARRED, and why. */
bool tp_verdict_of_get(const struct tp_exchange *exchange, const char *what,
                       struct tp_verdict *verdict);

/* True where an answer like this means that the store itself was reached, whatever it said. */
bool tp_exchange_is_contact(const struct tp_exchange *exchange);

#endif
