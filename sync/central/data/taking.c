/* Taking answers in: those that a committer's group brought are written together, and the day's
 * count once for all of them. */
#include <string.h>

#include "base/mem.h"
#include "central/data/brought.h"
#include "central/data/edits.h"
#include "central/data/new_rows.h"

/* Days that a group remembers; more are written before. */
#define REMEMBERED 8u
/* Written in one statement. */
#define ROWS_MAX 256u
#define ROWS_BYTES_MAX (8u * 1024u * 1024u)

struct day_count {
    const char *form;
    const char *day;
    int64_t count;
};

struct group {
    struct tp_sql *db;
    struct tp_error *error;
    struct day_count days[REMEMBERED];
    size_t day_count;
};

struct before {
    bool found;
    bool awaited; /* only named, by an answer that edits it */
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

        before->found = true;
        before->awaited = length == 0;
        before->same =
            length == TP_SHA256_BYTES && memcmp(sha256, submission->sha256, TP_SHA256_BYTES) == 0;
        before->received_ms = tp_rows_int(&rows, 1);
        before->gone = tp_rows_int(&rows, 2) != 0;
    }
    return tp_rows_finish(&rows);
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

/* ---- the day's count ---- */

static bool write_days(struct group *group)
{
    for (size_t i = 0; i < group->day_count; i++) {
        const struct day_count *day = &group->days[i];

        if (!tp_sql_run(group->db,
                        "INSERT INTO tally (form, day, shard, count) VALUES (?1, ?2, ?3, ?4) "
                        "ON CONFLICT (form, day, shard) DO UPDATE "
                        "SET count = tally.count + excluded.count",
                        TP_VALUES(tp_str(day->form), tp_str(day->day),
                                  tp_int(tp_sql_shard(group->db)), tp_int(day->count)),
                        NULL, group->error))
            return false;
    }
    group->day_count = 0;
    return true;
}

static bool count_day(struct group *group, const struct tp_submission *submission)
{
    for (size_t i = 0; i < group->day_count; i++) {
        struct day_count *day = &group->days[i];

        if (strcmp(day->form, submission->form) == 0 && strcmp(day->day, submission->day) == 0) {
            day->count++;
            return true;
        }
    }
    if (group->day_count == REMEMBERED && !write_days(group))
        return false;
    group->days[group->day_count++] =
        (struct day_count){.form = submission->form, .day = submission->day, .count = 1};
    return true;
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

/* ---- one that was not new ---- */

static bool is_any(struct tp_sql *db, const char *question, const char *id, bool *any,
                   struct tp_error *error)
{
    int64_t count = 0;

    if (!tp_sql_number(db, question, TP_VALUES(tp_str(id)), 0, &count, error))
        return false;
    *any = count > 0;
    return true;
}

/* Finds out why it was not put, and does what is due then. *awaited: an answer that edits it is
 * here already, and nothing else. *more: its attachments may be new. */
static bool take_again(struct tp_sql *db, struct tp_submission *submission, bool *awaited,
                       bool *more, struct tp_error *error)
{
    struct before before = {.found = false};
    bool form = false;
    bool off = false;

    if (!is_any(db, "SELECT count(*) FROM form WHERE id = ?1", submission->form, &form, error) ||
        !is_any(db, "SELECT count(*) FROM device WHERE id = ?1 AND revoked_ms IS NOT NULL",
                submission->sender, &off, error) ||
        !look_up(db, submission, &before, error))
        return false;
    *more = false;
    submission->taken = form ? TP_TAKEN_NO_MORE : TP_TAKEN_NO_FORM;
    if (!form || off)
        return true;
    /* Of two in a group under one ID, the first was of a sender that was taken off. */
    if (!before.found)
        return tp_fail(error, TP_ERR_CONFLICT, "an answer has to be taken in apart");
    *awaited = before.awaited;
    if (before.awaited)
        return true;
    submission->taken = before.same ? TP_TAKEN_AGAIN : TP_TAKEN_CONFLICT;
    submission->first_received_ms = before.received_ms;
    *more = before.same && !before.gone;
    /* Of an answer that is gone nothing is kept, in quarantine neither. */
    return before.same || before.gone ||
           put_aside(db, submission, "", submission->sha256, submission->sealed,
                     submission->sealed_length, error);
}

/* Another server may be putting it at this moment: then it is looked for anew, apart. */
static bool put_awaited(struct tp_sql *db, const struct tp_submission *submission, int64_t *seq,
                        struct tp_error *error)
{
    return tp_edit_let_go(db, submission->instance_id, error) &&
           tp_new_row_put(db, submission, seq, error) &&
           (*seq || tp_fail(error, TP_ERR_CONFLICT, "an answer has to be taken in apart"));
}

/* Its end, where it came without it. What is whole stays as it is. No opening is concerned: none is
 * made of what cannot be opened. */
static bool take_end(struct tp_sql *db, const struct tp_submission *submission,
                     struct tp_error *error)
{
    if (!submission->begun_length || submission->sealed_length == submission->begun_length)
        return true;
    return tp_sql_run(db,
                      "UPDATE submission SET sealed = ?1 WHERE seq = (SELECT r.seq FROM received r "
                      "WHERE r.instance_id = ?2) AND length(sealed) = ?3",
                      TP_VALUES(tp_blob(submission->sealed, submission->sealed_length),
                                tp_str(submission->instance_id),
                                tp_int((int64_t)submission->begun_length)),
                      NULL, error);
}

static bool take_attachments(struct group *group, struct tp_submission *submission)
{
    for (size_t i = 0; i < submission->attachment_count; i++) {
        if (!take_attachment(group->db, submission, &submission->attachments[i], group->error))
            return false;
    }
    return true;
}

static void put_down_new(struct tp_submission *submission)
{
    submission->taken = TP_TAKEN_NEW;
    submission->first_received_ms = submission->received_ms;
}

/* It was put under `seq`, and counted. *more: it stays, and so do its attachments. */
static bool end_new(struct group *group, struct tp_submission *submission, int64_t seq,
                    bool awaited, bool *more)
{
    put_down_new(submission);
    *more = true;
    return tp_brought_add(group->db, submission, seq, group->error) &&
           (!submission->replaces || tp_edit_add(group->db, submission, seq, group->error)) &&
           (!awaited || tp_edit_look(group->db, submission, seq, more, group->error));
}

/* What comes after the row was put under `seq` and counted, or (0) could not be put. */
static bool end_one(struct group *group, struct tp_submission *submission, int64_t seq)
{
    bool awaited = false;
    bool more = false;

    if (!seq && !take_again(group->db, submission, &awaited, &more, group->error))
        return false;
    if (awaited &&
        !(put_awaited(group->db, submission, &seq, group->error) && count_day(group, submission)))
        return false;
    if (seq ? !end_new(group, submission, seq, awaited, &more)
            : more && !take_end(group->db, submission, group->error))
        return false;
    return !more || take_attachments(group, submission);
}

static bool take_one(struct group *group, struct tp_submission *submission)
{
    int64_t seq = 0;

    return tp_new_row_put(group->db, submission, &seq, group->error) &&
           (seq == 0 || count_day(group, submission)) && end_one(group, submission, seq);
}

/* ---- many in a statement ---- */

/* The next of them that are put in one statement. */
struct some {
    struct tp_submission *submissions[ROWS_MAX];
    int64_t seqs[ROWS_MAX];
    size_t count;
    size_t bytes;
};

typedef bool is_due(const struct tp_submission *submission);

/* Not kept yet. */
static bool is_left(const struct tp_submission *submission)
{
    return !submission->kept;
}

/* With nothing to be done but put it. */
static bool is_plain(const struct tp_submission *submission)
{
    return !submission->carrier && !submission->replaces && submission->attachment_count == 0;
}

/* Takes those that are due out of the contexts, as many as fit, and moves on behind them; false
 * where none is left. */
static bool next_some(void *const **contexts, void *const *end, is_due *is, struct some *some)
{
    some->count = 0;
    some->bytes = 0;
    for (; *contexts < end; (*contexts)++) {
        struct tp_submission *submission = **contexts;

        if (!is(submission))
            continue;
        if (some->count == ROWS_MAX ||
            (some->count && some->bytes + submission->sealed_length > ROWS_BYTES_MAX))
            break;
        some->bytes += submission->sealed_length;
        some->submissions[some->count++] = submission;
    }
    return some->count > 0;
}

static bool put_some(struct tp_sql *db, struct some *some, struct tp_error *error)
{
    return tp_new_rows_put(db, some->submissions, some->count, some->seqs, error);
}

static bool take_some(struct group *group, struct some *some)
{
    if (!put_some(group->db, some, group->error))
        return false;
    for (size_t i = 0; i < some->count; i++) {
        if (!end_one(group, some->submissions[i], some->seqs[i]))
            return false;
    }
    return true;
}

bool tp_submissions_take(struct tp_sql *db, void *const *contexts, size_t count,
                         struct tp_error *error)
{
    struct group group = {.db = db, .error = error};
    void *const *end = contexts + count;
    struct some some;

    if (count > 1 && tp_sql_takes_arrays(db)) {
        while (next_some(&contexts, end, is_left, &some)) {
            if (!take_some(&group, &some))
                return false;
        }
    }
    for (; contexts < end; contexts++) {
        if (is_left(*contexts) && !take_one(&group, *contexts))
            return false;
    }
    return write_days(&group);
}

bool tp_submissions_take_at_once(struct tp_sql *db, void *const *contexts, size_t count)
{
    void *const *next = contexts;
    struct some some;
    size_t kept = 0;

    while (tp_sql_takes_arrays(db) && next_some(&next, contexts + count, is_plain, &some)) {
        for (size_t i = 0; i < some.count; i++)
            put_down_new(some.submissions[i]);
        if (!put_some(db, &some, NULL))
            return false;
        for (size_t i = 0; i < some.count; i++) {
            if (!some.seqs[i])
                continue;
            some.submissions[i]->kept = true;
            kept++;
        }
    }
    return kept == count;
}

bool tp_submission_take(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_submissions_take(db, &context, 1, error);
}
