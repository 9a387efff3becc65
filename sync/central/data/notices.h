/*
 * Notices as the office keeps them (store/notices.h has what screens get): written as drafts,
 * shown on screens from a day to a day, withdrawn. Every change that screens should see moves the
 * list's serial on, in the same transaction, as its line of the log is.
 *
 * Functions take a connection; those that write are meant for the committer. Thread: the
 * connection's.
 */
#ifndef TP_CENTRAL_DATA_NOTICES_H
#define TP_CENTRAL_DATA_NOTICES_H

#include "central/data/audit.h"
#include "store/notices.h"

/* On the page of all notices: years of them. */
#define TP_NOTICES_SHOWN_MAX 500

enum tp_notice_state {
    TP_NOTICE_DRAFT,
    TP_NOTICE_SHOWN, /* from its first day to its last */
    TP_NOTICE_WITHDRAWN,
};

struct tp_notice_row {
    int64_t id;
    enum tp_notice_state state;
    enum tp_notice_kind kind;
    char from[TP_NOTICE_DAY_MAX];
    char until[TP_NOTICE_DAY_MAX];
    char survey[TP_NOTICE_SURVEY_MAX];
    char title[TP_NOTICE_TITLE_MAX]; /* in English */
    int64_t languages;               /* how many it is written in */
};

/* The newest first, at most TP_NOTICES_SHOWN_MAX; false from `each` stops. */
bool tp_notice_rows(struct tp_sql *db, bool (*each)(void *context, const struct tp_notice_row *row),
                    void *context, struct tp_error *error);

/* One with all its words, English first; finish it where *found. */
bool tp_notice_read(struct tp_sql *db, int64_t id, enum tp_notice_state *state,
                    struct tp_notice *notice, bool *found, struct tp_error *error);

/* A new draft with its first words; *id is its number. */
bool tp_notice_add(struct tp_sql *db, const struct tp_notice *notice, const struct tp_deed *deed,
                   int64_t *id, struct tp_error *error);

/* Kind, days and survey of notice `id`. */
bool tp_notice_set(struct tp_sql *db, int64_t id, const struct tp_notice *notice,
                   const struct tp_deed *deed, bool *found, struct tp_error *error);

/* Its words in one language; none (`words->count` 0) takes that language away. */
bool tp_notice_set_words(struct tp_sql *db, int64_t id, const struct tp_notice_words *words,
                         const struct tp_deed *deed, bool *found, struct tp_error *error);

bool tp_notice_set_state(struct tp_sql *db, int64_t id, enum tp_notice_state state,
                         const struct tp_deed *deed, bool *found, struct tp_error *error);

/* What screens should have on `today`: all that are shown and not over, the newest first. Finish
 * it. TP_ERR_LIMIT: more than TP_NOTICES_MAX. */
bool tp_notice_list(struct tp_sql *db, const char *today, struct tp_notices *notices,
                    struct tp_error *error);

/* True where the list of `today` can travel; TP_ERR_LIMIT, in words for the office, where it is
 * too long. For the end of a job that changed it. */
bool tp_notice_list_fits(struct tp_sql *db, const char *today, struct tp_error *error);

/* The surveys that have a "you said, we did" that is or was on screens; false from `each` stops. */
bool tp_notice_outcomes(struct tp_sql *db, bool (*each)(void *context, const char *survey),
                        void *context, struct tp_error *error);

#endif
