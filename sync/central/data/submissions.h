/*
 * Answers, sealed, and what is counted of them.
 *
 * tp_submission_take is what the committer runs for each answer: it decides by instance ID whether
 * the answer is new, known, or another under a known name. Thread: the connection's.
 */
#ifndef TP_CENTRAL_DATA_SUBMISSIONS_H
#define TP_CENTRAL_DATA_SUBMISSIONS_H

#include "base/buf.h"
#include "central/db/db.h"
#include "store/receipt.h"

/* Other bytes under one instance ID: the first few tell what happened, more only fill the disk. */
#define TP_QUARANTINE_OF_AN_ANSWER_MAX 20

struct tp_attachment {
    const char *name;                      /* borrowed */
    unsigned char sha256[TP_SHA256_BYTES]; /* of the plain bytes */
    struct tp_buf sealed;
};

struct tp_central;

enum tp_taken {
    TP_TAKEN_NEW,
    TP_TAKEN_AGAIN,    /* the same bytes: nothing changes */
    TP_TAKEN_CONFLICT, /* other bytes: kept in quarantine */
    TP_TAKEN_NO_FORM,  /* for a form that is not here: nothing is kept */
    TP_TAKEN_NO_MORE,  /* from a sender that was taken off: nothing is kept */
};

struct tp_submission {
    const char *instance_id;
    const char *form;
    const char *version;
    const char *device;
    /* Who brought it (brought.h); NULL: its screen sent it. */
    const char *carrier;
    /* Who sent it: nothing is taken of one that was taken off, also since it was let in. NULL: that
     * is not looked at. */
    const char *sender;
    const char *replaces; /* the instance ID of the answer that it edits (edits.h); NULL: none */
    const struct tp_central *central; /* for the days of what it edits */
    const char *day;                  /* for the count of answers a day */
    int64_t received_ms;
    /* Its form closed before both of these, by hand or by its day: the answer is late. */
    int64_t late_ms;
    const char *late_day;
    unsigned char sha256[TP_SHA256_BYTES]; /* of what arrived */
    const void *sealed;
    size_t sealed_length;
    /* What comes in several requests may come without its end, which takes its place later: the
     * length of `sealed` until then. 0: it comes whole. */
    size_t begun_length;
    struct tp_attachment *attachments;
    size_t attachment_count;

    /* set by take */
    bool kept; /* at once, outside the transaction (tp_submissions_take_at_once) */
    enum tp_taken taken;
    int64_t first_received_ms; /* for the receipt: of the first time */
};

/* A tp_job's run; `context` is the struct tp_submission. */
bool tp_submission_take(struct tp_sql *db, void *context, struct tp_error *error);
/* Its run_many. */
bool tp_submissions_take(struct tp_sql *db, void *const *contexts, size_t count,
                         struct tp_error *error);

/* Its run_at_once. */
bool tp_submissions_take_at_once(struct tp_sql *db, void *const *contexts, size_t count);

/* ---- reading ---- */

/* Was it ever received? Not what is only awaited (edits.h). */
bool tp_submission_is_known(struct tp_sql *db, const char *instance_id, bool *known,
                            struct tp_error *error);

struct tp_kept {
    int64_t seq;
    const char *instance_id;
    const char *version;
    const char *device;
    const char *device_name;
    int64_t received_ms;
    bool late;
    const void *sealed;
    size_t sealed_length;
};

/* Answers of a form whose numbers are from..to (both included), oldest first, at most `limit`;
 * false from `each` stops. */
bool tp_submissions_each(struct tp_sql *db, const char *form, int64_t from, int64_t to,
                         int64_t limit, bool (*each)(void *context, const struct tp_kept *kept),
                         void *context, struct tp_error *error);
/* The newest first. */
bool tp_submissions_each_back(struct tp_sql *db, const char *form, int64_t from, int64_t to,
                              int64_t limit,
                              bool (*each)(void *context, const struct tp_kept *kept),
                              void *context, struct tp_error *error);

bool tp_submission_get(struct tp_sql *db, int64_t seq,
                       bool (*each)(void *context, const struct tp_kept *kept), void *context,
                       struct tp_error *error);

/* Answers on each day from..to (both included), of one form or, NULL, of all. */
bool tp_submissions_by_day(struct tp_sql *db, const char *form, const char *from, const char *to,
                           bool (*each)(void *context, const char *day, int64_t count),
                           void *context, struct tp_error *error);

struct tp_form_counts {
    char form[129];
    int64_t answers;
    int64_t newest_ms; /* 0: none */
    int64_t opened;    /* what the screens counted */
    int64_t completed;
    int64_t completed_other_way; /* not in the standard size and wording */
};
bool tp_submissions_counts(struct tp_sql *db,
                           bool (*each)(void *context, const struct tp_form_counts *counts),
                           void *context, struct tp_error *error);

/* What the screens counted of a form, over all screens, days and versions: "open", "complete",
 * "abandon:QUESTION", "timeout:QUESTION", each by way of reading. */
bool tp_form_counters(struct tp_sql *db, const char *form,
                      bool (*each)(void *context, const char *name, const char *mode,
                                   int64_t count),
                      void *context, struct tp_error *error);

#endif
