#include "central/data/submissions.h"

#include <stdio.h>
#include <string.h>

struct before {
    bool same;
    bool gone; /* it was withdrawn, or deleted when its time was over */
    int64_t received_ms;
};

/* What was received under this instance ID. */
static bool look_up(struct tp_sql *db, const struct tp_submission *submission,
                    struct before *before, struct tp_error *error)
{
    struct tp_rows rows;

    if (tp_sql_ask(db,
                   "SELECT sha256, received_ms, gone_ms IS NOT NULL FROM received "
                   "WHERE instance_id = ?1",
                   TP_VALUES(tp_str(submission->instance_id)), &rows, error) &&
        tp_rows_next(&rows)) {
        size_t length;
        const void *sha256 = tp_rows_blob(&rows, 0, &length);

        before->same =
            length == TP_SHA256_BYTES && memcmp(sha256, submission->sha256, TP_SHA256_BYTES) == 0;
        before->received_ms = tp_rows_int(&rows, 1);
        before->gone = tp_rows_int(&rows, 2) != 0;
    }
    return tp_rows_finish(&rows);
}

bool tp_submission_known(struct tp_sql *db, const struct tp_submission *submission, bool *known,
                         struct tp_error *error)
{
    struct before before = {.same = false};

    if (!look_up(db, submission, &before, error))
        return false;
    *known = before.same;
    return true;
}

static bool put_aside(struct tp_sql *db, const struct tp_submission *submission, const char *part,
                      const unsigned char *sha256, const void *sealed, size_t length,
                      struct tp_error *error)
{
    int64_t held = 0;

    if (!tp_sql_number(db, "SELECT count(*) FROM quarantine WHERE instance_id = ?1",
                       TP_VALUES(tp_str(submission->instance_id)), 0, &held, error))
        return false;
    if (held >= TP_QUARANTINE_OF_AN_ANSWER_MAX)
        return true;
    return tp_sql_run(db,
                      "INSERT INTO quarantine (instance_id, part, form, version, device, "
                      "received_ms, sha256, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
                      "ON CONFLICT (instance_id, part, sha256) DO NOTHING",
                      TP_VALUES(tp_str(submission->instance_id), tp_str(part),
                                tp_str(submission->form), tp_str(submission->version),
                                tp_str(submission->device), tp_int(submission->received_ms),
                                tp_blob(sha256, TP_SHA256_BYTES), tp_blob(sealed, length)),
                      NULL, error);
}

/* *seq stays 0 where something was received under this instance ID before. */
static bool put_new(struct tp_sql *db, const struct tp_submission *submission, int64_t *seq,
                    struct tp_error *error)
{
    if (!tp_sql_number(db,
                       "INSERT INTO received (instance_id, sha256, received_ms) "
                       "VALUES (?1, ?2, ?3) ON CONFLICT (instance_id) DO NOTHING RETURNING seq",
                       TP_VALUES(tp_str(submission->instance_id),
                                 tp_blob(submission->sha256, TP_SHA256_BYTES),
                                 tp_int(submission->received_ms)),
                       0, seq, error))
        return false;
    return *seq == 0 ||
           tp_sql_run(db,
                      "INSERT INTO submission (seq, instance_id, form, version, device, "
                      "received_ms, late, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                      TP_VALUES(tp_int(*seq), tp_str(submission->instance_id),
                                tp_str(submission->form), tp_str(submission->version),
                                tp_str(submission->device), tp_int(submission->received_ms),
                                tp_int(submission->late),
                                tp_blob(submission->sealed, submission->sealed_length)),
                      NULL, error);
}

static bool count_day(struct tp_sql *db, const struct tp_submission *submission,
                      struct tp_error *error)
{
    return tp_sql_run(
        db,
        "INSERT INTO tally (form, day, shard, count) VALUES (?1, ?2, ?3, 1) "
        "ON CONFLICT (form, day, shard) DO UPDATE SET count = tally.count + 1",
        TP_VALUES(tp_str(submission->form), tp_str(submission->day), tp_int(tp_sql_shard(db))),
        NULL, error);
}

/* An attachment under a name that is there already must be the same. */
static bool take_attachment(struct tp_sql *db, struct tp_submission *submission,
                            const struct tp_attachment *attachment, struct tp_error *error)
{
    int64_t added = 0;
    int64_t same = 0;

    if (!tp_sql_run(db,
                    "INSERT INTO attachment (instance_id, name, received_ms, sha256, sealed) "
                    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (instance_id, name) DO NOTHING",
                    TP_VALUES(tp_str(submission->instance_id), tp_str(attachment->name),
                              tp_int(submission->received_ms),
                              tp_blob(attachment->sha256, TP_SHA256_BYTES),
                              tp_blob(tp_buf_text(&attachment->sealed), attachment->sealed.length)),
                    &added, error))
        return false;
    if (added)
        return true;
    if (!tp_sql_number(db,
                       "SELECT count(*) FROM attachment WHERE instance_id = ?1 AND name = ?2 "
                       "AND sha256 = ?3",
                       TP_VALUES(tp_str(submission->instance_id), tp_str(attachment->name),
                                 tp_blob(attachment->sha256, TP_SHA256_BYTES)),
                       0, &same, error))
        return false;
    if (same)
        return true;
    submission->taken = TP_TAKEN_CONFLICT;
    return put_aside(db, submission, attachment->name, attachment->sha256,
                     tp_buf_text(&attachment->sealed), attachment->sealed.length, error);
}

/* *more: its attachments may be new. */
static bool take_again(struct tp_sql *db, struct tp_submission *submission, bool *more,
                       struct tp_error *error)
{
    struct before before = {.same = false};

    if (!look_up(db, submission, &before, error))
        return false;
    submission->taken = before.same ? TP_TAKEN_AGAIN : TP_TAKEN_CONFLICT;
    submission->first_received_ms = before.received_ms;
    *more = before.same && !before.gone;
    /* Of an answer that is gone nothing is kept, in quarantine neither. */
    return before.same || before.gone ||
           put_aside(db, submission, "", submission->sha256, submission->sealed,
                     submission->sealed_length, error);
}

bool tp_submission_take(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct tp_submission *submission = context;
    int64_t seq = 0;
    bool more = true;

    if (!put_new(db, submission, &seq, error))
        return false;
    if (seq) {
        submission->taken = TP_TAKEN_NEW;
        submission->first_received_ms = submission->received_ms;
        if (!count_day(db, submission, error))
            return false;
    } else if (!take_again(db, submission, &more, error)) {
        return false;
    }
    for (size_t i = 0; more && i < submission->attachment_count; i++) {
        if (!take_attachment(db, submission, &submission->attachments[i], error))
            return false;
    }
    return true;
}

static void fill_kept(const struct tp_rows *rows, struct tp_kept *kept)
{
    kept->seq = tp_rows_int(rows, 0);
    kept->instance_id = tp_rows_text(rows, 1);
    kept->version = tp_rows_text(rows, 2);
    kept->device = tp_rows_text(rows, 3);
    kept->device_name = tp_rows_text(rows, 4);
    kept->received_ms = tp_rows_int(rows, 5);
    kept->late = tp_rows_int(rows, 6) != 0;
    kept->sealed = tp_rows_blob(rows, 7, &kept->sealed_length);
    kept->opening = tp_rows_blob(rows, 8, &kept->opening_length);
}

/* The opening by a question of its own: as a join, PostgreSQL would read all openings from the
 * first for each piece of answers. */
#define KEPT_COLUMNS                                                                               \
    "s.seq, s.instance_id, s.version, s.device, coalesce(d.name, ''), s.received_ms, s.late, "     \
    "s.sealed, (SELECT o.bytes FROM opening o WHERE o.seq = s.seq) "                               \
    "FROM submission s LEFT JOIN device d ON d.id = s.device "

/* Gives the rows of a question with KEPT_COLUMNS to `each`. */
static bool give_kept(struct tp_rows *rows, bool (*each)(void *context, const struct tp_kept *kept),
                      void *context)
{
    bool more = true;

    while (more && tp_rows_next(rows)) {
        struct tp_kept kept;

        fill_kept(rows, &kept);
        more = each(context, &kept);
    }
    return tp_rows_finish(rows);
}

bool tp_submissions_each(struct tp_sql *db, const char *form, int64_t after_seq, int64_t limit,
                         bool (*each)(void *context, const struct tp_kept *kept), void *context,
                         struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(
        db, "SELECT " KEPT_COLUMNS "WHERE s.form = ?1 AND s.seq > ?2 ORDER BY s.seq LIMIT ?3",
        TP_VALUES(tp_str(form), tp_int(after_seq), tp_int(limit)), &rows, error);
    return give_kept(&rows, each, context);
}

bool tp_submissions_each_back(struct tp_sql *db, const char *form, int64_t before_seq,
                              int64_t limit,
                              bool (*each)(void *context, const struct tp_kept *kept),
                              void *context, struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(
        db, "SELECT " KEPT_COLUMNS "WHERE s.form = ?1 AND s.seq < ?2 ORDER BY s.seq DESC LIMIT ?3",
        TP_VALUES(tp_str(form), tp_int(before_seq), tp_int(limit)), &rows, error);
    return give_kept(&rows, each, context);
}

bool tp_submission_get(struct tp_sql *db, int64_t seq,
                       bool (*each)(void *context, const struct tp_kept *kept), void *context,
                       struct tp_error *error)
{
    struct tp_rows rows;

    if (tp_sql_ask(db, "SELECT " KEPT_COLUMNS "WHERE s.seq = ?1", TP_VALUES(tp_int(seq)), &rows,
                   error) &&
        tp_rows_next(&rows)) {
        struct tp_kept kept;

        fill_kept(&rows, &kept);
        (void)each(context, &kept);
    }
    return tp_rows_finish(&rows);
}

bool tp_submissions_by_day(struct tp_sql *db, const char *form, const char *from, const char *to,
                           bool (*each)(void *context, const char *day, int64_t count),
                           void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(
        db,
        "SELECT day, CAST(sum(count) AS BIGINT) FROM tally WHERE form = coalesce(?1, form) "
        "AND day >= ?2 AND day <= ?3 GROUP BY day ORDER BY day",
        TP_VALUES(tp_str(form), tp_str(from), tp_str(to)), &rows, error);
    while (more && tp_rows_next(&rows))
        more = each(context, tp_rows_text(&rows, 0), tp_rows_int(&rows, 1));
    return tp_rows_finish(&rows);
}

bool tp_submissions_counts(struct tp_sql *db,
                           bool (*each)(void *context, const struct tp_form_counts *counts),
                           void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(
        db,
        "SELECT f.id, "
        "coalesce((SELECT CAST(sum(count) AS BIGINT) FROM tally t WHERE t.form = f.id), 0), "
        "coalesce((SELECT received_ms FROM submission s WHERE s.form = f.id "
        "          ORDER BY s.seq DESC LIMIT 1), 0), "
        "coalesce((SELECT CAST(sum(count) AS BIGINT) FROM counter c WHERE c.form = f.id AND c.name "
        "= 'open'), 0), "
        "coalesce((SELECT CAST(sum(count) AS BIGINT) FROM counter c WHERE c.form = f.id AND c.name "
        "= 'complete'), "
        "         0), "
        "coalesce((SELECT CAST(sum(count) AS BIGINT) FROM counter c WHERE c.form = f.id AND c.name "
        "= 'complete' "
        "          AND c.mode <> 'standard'), 0) "
        "FROM form f",
        TP_NO_VALUES, &rows, error);
    while (more && tp_rows_next(&rows)) {
        struct tp_form_counts counts = {.answers = tp_rows_int(&rows, 1),
                                        .newest_ms = tp_rows_int(&rows, 2),
                                        .opened = tp_rows_int(&rows, 3),
                                        .completed = tp_rows_int(&rows, 4),
                                        .completed_other_way = tp_rows_int(&rows, 5)};

        (void)snprintf(counts.form, sizeof(counts.form), "%s", tp_rows_text(&rows, 0));
        more = each(context, &counts);
    }
    return tp_rows_finish(&rows);
}

bool tp_form_counters(struct tp_sql *db, const char *form,
                      bool (*each)(void *context, const char *name, const char *mode,
                                   int64_t count),
                      void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT name, mode, CAST(sum(count) AS BIGINT) FROM counter WHERE form = ?1 "
                     "GROUP BY name, mode ORDER BY name, mode",
                     TP_VALUES(tp_str(form)), &rows, error);
    while (more && tp_rows_next(&rows))
        more = each(context, tp_rows_text(&rows, 0), tp_rows_text(&rows, 1), tp_rows_int(&rows, 2));
    return tp_rows_finish(&rows);
}
