/*
 * Answers that leave for good: one that its giver withdraws, and all of a survey when the time for
 * which they are kept is over. The sealed bytes go, with attachments and what is in quarantine
 * under the same ID; that it was received, and its SHA-256, stay, so that it cannot come back.
 *
 * Thread: the connection's; meant for the committer.
 */
#ifndef TP_CENTRAL_DATA_REMOVAL_H
#define TP_CENTRAL_DATA_REMOVAL_H

#include "central/central.h"
#include "central/data/audit.h"
#include "central/data/forms.h"

/* Answers removed in one transaction: few enough that sending screens wait a moment only. */
#define TP_REMOVAL_PIECE 500
#define TP_KEEP_MONTHS_MAX 240

/* One answer, which also leaves the count of its day, and what it replaced as an edit. *found false
 * where it is gone already. */
bool tp_answer_withdraw(struct tp_sql *db, int64_t seq, const char *day, const struct tp_deed *deed,
                        bool *found, struct tp_error *error);

/* The same for an answer and the one to the equality questions that goes with it. */
struct tp_withdrawal {
    int64_t seq[2]; /* 0: there is none */
    char day[2][TP_DAY_TEXT_MAX];
    struct tp_deed deed;
    bool found; /* the answer, when the job ran */
};
/* A job of the committer, whose context is a struct tp_withdrawal. */
bool tp_withdrawal_run(struct tp_sql *db, void *context, struct tp_error *error);

/* What the answer under `by` replaced. */
bool tp_answer_remove_replaced(struct tp_sql *db, int64_t by, int64_t now_ms,
                               struct tp_error *error);

/* One answer less on the count of a day. */
bool tp_tally_less(struct tp_sql *db, const char *form, const char *day, struct tp_error *error);

/* The number and the time of an answer, or of the one that replaced it; *seq 0 where it is not
 * there. */
bool tp_answer_by_id(struct tp_sql *db, const char *instance_id, int64_t *seq, int64_t *received_ms,
                     struct tp_error *error);

/* How long answers of a form are kept after it closes, or, where it never does, after each was
 * received; 0: nobody has said. */
bool tp_form_keep(struct tp_sql *db, const char *form, int64_t *months, struct tp_error *error);
bool tp_form_set_keep(struct tp_sql *db, const char *form, int64_t months,
                      const struct tp_deed *deed, bool *found, struct tp_error *error);

/* The instant before which answers of this form were received that are kept no longer; 0: none.
 * `closed_ms` is when it closed, 0 where it is open. */
int64_t tp_keep_limit(int64_t closed_ms, bool closes, int64_t months, int64_t now_ms);

/* The same for a form as it stands now: closed by hand, by its day, or never. */
int64_t tp_form_limit(const struct tp_form_row *form, int64_t months, int64_t now_ms);
/* How many answers of the form were received before `limit_ms`. */
bool tp_form_count_before(struct tp_sql *db, const char *form, int64_t limit_ms, int64_t *count,
                          struct tp_error *error);

/* What a round removes of one form: in pieces, so that screens that send meanwhile wait for one
 * piece at most. */
struct tp_removal {
    char form[TP_FORM_ID_MAX + 1];
    int64_t limit_ms; /* what was received before */
    int64_t now_ms;   /* the round's */
    int64_t done;     /* removed by the pieces before: the caller's, after each */
    int64_t removed;  /* by this piece */
    int64_t all;      /* so far */
    int64_t due;      /* when it began */
};

/* Jobs of the committer, whose context is a struct tp_removal. One removes at most
 * TP_REMOVAL_PIECE answers, the oldest first, and writes down in the same transaction how many were
 * removed so far and how many are left: a round that is cut off has said what it did. The counts of
 * days stay: they say nothing of anyone. The other, at the end, looks for what should be gone. */
bool tp_form_remove_piece(struct tp_sql *db, void *context, struct tp_error *error);
bool tp_form_note_removal(struct tp_sql *db, void *context, struct tp_error *error);

struct tp_deletion {
    int64_t at_ms;
    int64_t answers;
    int64_t left_over;
};
/* The newest first, at most `limit`. */
bool tp_form_deletions(struct tp_sql *db, const char *form, int64_t limit,
                       bool (*each)(void *context, const struct tp_deletion *deletion),
                       void *context, struct tp_error *error);

#endif
