#include "central/data/removal.h"

#include <stdio.h>
#include <time.h>

#include "base/mem.h"
#include "central/data/openings.h"
#include "store/receipt.h"

struct found {
    int64_t seq;
    int64_t received_ms;
    char instance_id[TP_INSTANCE_ID_MAX];
    char form[TP_FORM_ID_MAX + 1];
};

static bool remove_answer(struct tp_sql *db, const struct found *answer, int64_t now_ms,
                          struct tp_error *error)
{
    const struct tp_value id = tp_str(answer->instance_id);

    return tp_sql_run(db, "DELETE FROM submission WHERE seq = ?1 AND received_ms = ?2",
                      TP_VALUES(tp_int(answer->seq), tp_int(answer->received_ms)), NULL, error) &&
           tp_sql_run(db, "DELETE FROM replaced WHERE seq = ?1", TP_VALUES(tp_int(answer->seq)),
                      NULL, error) &&
           tp_opening_forget(db, answer->form, answer->seq, error) &&
           tp_sql_run(db, "DELETE FROM brought WHERE seq = ?1", TP_VALUES(tp_int(answer->seq)),
                      NULL, error) &&
           tp_sql_run(db, "DELETE FROM attachment WHERE instance_id = ?1", TP_VALUES(id), NULL,
                      error) &&
           tp_sql_run(db, "DELETE FROM quarantine WHERE instance_id = ?1", TP_VALUES(id), NULL,
                      error) &&
           tp_sql_run(db, "UPDATE received SET gone_ms = ?2 WHERE seq = ?1",
                      TP_VALUES(tp_int(answer->seq), tp_int(now_ms)), NULL, error);
}

static void fill(const struct tp_rows *rows, struct found *answer)
{
    answer->seq = tp_rows_int(rows, 0);
    answer->received_ms = tp_rows_int(rows, 1);
    (void)snprintf(answer->instance_id, sizeof(answer->instance_id), "%s", tp_rows_text(rows, 2));
    (void)snprintf(answer->form, sizeof(answer->form), "%s", tp_rows_text(rows, 3));
}

bool tp_tally_less(struct tp_sql *db, const char *form, const char *day, struct tp_error *error)
{
    return tp_sql_run(db,
                      "INSERT INTO tally (form, day, shard, count) VALUES (?1, ?2, ?3, -1) "
                      "ON CONFLICT (form, day, shard) DO UPDATE SET count = tally.count - 1",
                      TP_VALUES(tp_str(form), tp_str(day), tp_int(tp_sql_shard(db))), NULL, error);
}

/* The first answer of a question for seq, received_ms, instance_id, form; seq 0 where none is. */
static bool first_of(struct tp_sql *db, const char *question, int64_t value, struct found *answer,
                     struct tp_error *error)
{
    struct tp_rows rows;

    answer->seq = 0;
    if (tp_sql_ask(db, question, TP_VALUES(tp_int(value)), &rows, error) && tp_rows_next(&rows))
        fill(&rows, answer);
    return tp_rows_finish(&rows);
}

bool tp_answer_remove_replaced(struct tp_sql *db, int64_t by, int64_t now_ms,
                               struct tp_error *error)
{
    struct found answer;

    do {
        if (!first_of(db,
                      "SELECT seq, received_ms, instance_id, form FROM replaced "
                      "WHERE by_seq = ?1 LIMIT 1",
                      by, &answer, error) ||
            (answer.seq && !remove_answer(db, &answer, now_ms, error)))
            return false;
    } while (answer.seq);
    return true;
}

bool tp_answer_withdraw(struct tp_sql *db, int64_t seq, const char *day, const struct tp_deed *deed,
                        bool *found, struct tp_error *error)
{
    struct found answer;

    if (!tp_openings_lock(db, error) ||
        !first_of(db, "SELECT seq, received_ms, instance_id, form FROM submission WHERE seq = ?1",
                  seq, &answer, error))
        return false;
    *found = answer.seq != 0;
    return !*found || (remove_answer(db, &answer, deed->at_ms, error) &&
                       tp_answer_remove_replaced(db, seq, deed->at_ms, error) &&
                       tp_tally_less(db, answer.form, day, error) &&
                       tp_audit_add(db, deed, "withdrew a response of", answer.form, error));
}

bool tp_withdrawal_run(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct tp_withdrawal *withdrawal = context;
    bool also = false;

    return tp_answer_withdraw(db, withdrawal->seq[0], withdrawal->day[0], &withdrawal->deed,
                              &withdrawal->found, error) &&
           (withdrawal->seq[1] == 0 ||
            tp_answer_withdraw(db, withdrawal->seq[1], withdrawal->day[1], &withdrawal->deed, &also,
                               error));
}

bool tp_answer_by_id(struct tp_sql *db, const char *instance_id, int64_t *seq, int64_t *received_ms,
                     struct tp_error *error)
{
    struct tp_rows rows;

    *seq = 0;
    if (tp_sql_ask(db,
                   "SELECT r.seq, r.received_ms FROM received r WHERE r.gone_ms IS NULL "
                   "AND length(r.sha256) > 0 "
                   "AND r.seq = (SELECT coalesce((SELECT p.by_seq FROM replaced p "
                   "WHERE p.seq = o.seq), o.seq) FROM received o WHERE o.instance_id = ?1)",
                   TP_VALUES(tp_str(instance_id)), &rows, error) &&
        tp_rows_next(&rows)) {
        *seq = tp_rows_int(&rows, 0);
        *received_ms = tp_rows_int(&rows, 1);
    }
    return tp_rows_finish(&rows);
}

/* ---- how long ---- */

bool tp_form_keep(struct tp_sql *db, const char *form, int64_t *months, struct tp_error *error)
{
    return tp_sql_number(db, "SELECT coalesce(keep_months, 0) FROM form WHERE id = ?1",
                         TP_VALUES(tp_str(form)), 0, months, error);
}

bool tp_form_set_keep(struct tp_sql *db, const char *form, int64_t months,
                      const struct tp_deed *deed, bool *found, struct tp_error *error)
{
    char subject[TP_FORM_ID_MAX + 64];
    int64_t changed = 0;

    if (!tp_sql_run(db, "UPDATE form SET keep_months = ?2 WHERE id = ?1",
                    TP_VALUES(tp_str(form), months ? tp_int(months) : tp_null()), &changed, error))
        return false;
    *found = changed > 0;
    if (months)
        (void)snprintf(subject, sizeof(subject), "%s: %lld months", form, (long long)months);
    else
        (void)snprintf(subject, sizeof(subject), "%s: until someone says", form);
    return !*found || tp_audit_add(db, deed, "set how long responses are kept of", subject, error);
}

static int64_t add_months(int64_t wall_ms, int64_t months)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm = {0};

    (void)gmtime_r(&seconds, &tm);
    tm.tm_mon += (int)months;
    return (int64_t)timegm(&tm) * 1000;
}

int64_t tp_keep_limit(int64_t closed_ms, bool closes, int64_t months, int64_t now_ms)
{
    if (months <= 0)
        return 0;
    /* A form that never closes lets each answer go by itself. */
    if (!closes && !closed_ms)
        return add_months(now_ms, -months);
    if (!closed_ms || add_months(closed_ms, months) > now_ms)
        return 0;
    return now_ms + 1;
}

/* The end of a day of the calendar, about: retention is counted in months. */
static int64_t day_end_ms(const char *day)
{
    struct tm tm = {0};

    if (!*day || !strptime(day, "%Y-%m-%d", &tm))
        return 0;
    tm.tm_mday++;
    return (int64_t)timegm(&tm) * 1000;
}

static int64_t closed_at(const struct tp_form_row *form, int64_t now_ms)
{
    int64_t by_day = day_end_ms(form->closes);

    if (form->closed_ms)
        return form->closed_ms;
    return by_day < now_ms ? by_day : 0;
}

int64_t tp_form_limit(const struct tp_form_row *form, int64_t months, int64_t now_ms)
{
    return tp_keep_limit(closed_at(form, now_ms), *form->closes != '\0', months, now_ms);
}

bool tp_form_count_before(struct tp_sql *db, const char *form, int64_t limit_ms, int64_t *count,
                          struct tp_error *error)
{
    return tp_sql_number(db,
                         "SELECT (SELECT count(*) FROM submission WHERE form = ?1 AND "
                         "received_ms < ?2) + (SELECT count(*) FROM replaced WHERE form = ?1 AND "
                         "received_ms < ?2)",
                         TP_VALUES(tp_str(form), tp_int(limit_ms)), 0, count, error);
}

/* ---- removing ---- */

static bool remove_piece(struct tp_sql *db, const char *form, int64_t limit_ms, int64_t now_ms,
                         int64_t *removed, struct tp_error *error)
{
    struct found *list = tp_calloc(TP_REMOVAL_PIECE, sizeof(*list));
    struct tp_rows rows;
    int64_t count = 0;
    bool ok;

    if (!list)
        return tp_fail_memory(error);
    (void)tp_sql_ask(db,
                     "SELECT seq, received_ms, instance_id, form FROM submission "
                     "WHERE form = ?1 AND received_ms < ?2 "
                     "UNION ALL SELECT seq, received_ms, instance_id, form FROM replaced "
                     "WHERE form = ?1 AND received_ms < ?2 ORDER BY seq LIMIT ?3",
                     TP_VALUES(tp_str(form), tp_int(limit_ms), tp_int(TP_REMOVAL_PIECE)), &rows,
                     error);
    while (count < TP_REMOVAL_PIECE && tp_rows_next(&rows))
        fill(&rows, &list[count++]);
    ok = tp_rows_finish(&rows);
    for (int64_t i = 0; ok && i < count; i++)
        ok = remove_answer(db, &list[i], now_ms, error);
    tp_free(list);
    if (ok)
        *removed = count;
    return ok;
}

/* What the round deleted so far, and what is left of what it found. */
static bool note_piece(struct tp_sql *db, const struct tp_removal *removal, struct tp_error *error)
{
    int64_t left = removal->due - removal->all;

    return tp_sql_run(
        db,
        removal->all > removal->removed
            ? "UPDATE deletion SET answers = ?3, left_over = ?4 WHERE form = ?1 AND at_ms = ?2"
            : "INSERT INTO deletion (form, at_ms, answers, left_over) VALUES (?1, ?2, ?3, ?4)",
        TP_VALUES(tp_str(removal->form), tp_int(removal->now_ms), tp_int(removal->all),
                  tp_int(left > 0 ? left : 0)),
        NULL, error);
}

static bool log_removal(struct tp_sql *db, const struct tp_removal *removal, const char *action,
                        int64_t left, struct tp_error *error)
{
    const struct tp_deed deed = {TP_AUDIT_SCHEDULE, removal->now_ms};
    char subject[TP_FORM_ID_MAX + 64];

    (void)snprintf(subject, sizeof(subject), "%s: %lld, %lld left", removal->form,
                   (long long)removal->all, (long long)left);
    return tp_audit_add(db, &deed, action, subject, error);
}

bool tp_form_remove_piece(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct tp_removal *removal = context;
    bool first = removal->done == 0;

    if (!tp_openings_lock(db, error))
        return false;
    if (first && !tp_form_count_before(db, removal->form, removal->limit_ms, &removal->due, error))
        return false;
    if (!remove_piece(db, removal->form, removal->limit_ms, removal->now_ms, &removal->removed,
                      error))
        return false;
    removal->all = removal->done + removal->removed;
    if (removal->removed == 0)
        return true;
    return note_piece(db, removal, error) &&
           (!first || removal->removed == removal->due ||
            log_removal(db, removal, "began to delete responses whose time is over of",
                        removal->due - removal->removed, error));
}

bool tp_form_note_removal(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct tp_removal *removal = context;
    int64_t left = 0;

    return tp_form_count_before(db, removal->form, removal->limit_ms, &left, error) &&
           tp_sql_run(db, "UPDATE deletion SET left_over = ?3 WHERE form = ?1 AND at_ms = ?2",
                      TP_VALUES(tp_str(removal->form), tp_int(removal->now_ms), tp_int(left)), NULL,
                      error) &&
           log_removal(db, removal, "deleted responses whose time was over of", left, error);
}

bool tp_form_deletions(struct tp_sql *db, const char *form, int64_t limit,
                       bool (*each)(void *context, const struct tp_deletion *deletion),
                       void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT at_ms, answers, left_over FROM deletion WHERE form = ?1 "
                     "ORDER BY id DESC LIMIT ?2",
                     TP_VALUES(tp_str(form), tp_int(limit)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        const struct tp_deletion deletion = {.at_ms = tp_rows_int(&rows, 0),
                                             .answers = tp_rows_int(&rows, 1),
                                             .left_over = tp_rows_int(&rows, 2)};

        more = each(context, &deletion);
    }
    return tp_rows_finish(&rows);
}
