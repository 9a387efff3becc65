/* Taking answers in: those that a committer's group brought are written together, and the day's
 * count once for all of them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/brought.h"
#include "central/data/edits.h"

/* Days that a group remembers; more are written before. */
#define REMEMBERED 8u
/* Written in one statement. */
#define ROWS_MAX 256u
#define ROWS_BYTES_MAX (8u * 1024u * 1024u)

/* Whether an answer's form closed before both of its times, given as an expression for each: 0 or
 * 1. */
#define LATE(form, late_ms, late_day)                                                              \
    "(SELECT count(*) FROM form f WHERE f.id = " form " AND (f.closed_ms < " late_ms               \
    " OR (f.closes <> '' AND f.closes < " late_day ")))"

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

/* *seq stays 0 where something was received under this instance ID before, its form is not here, or
 * its sender was taken off. */
static bool put_new(struct tp_sql *db, const struct tp_submission *submission, int64_t *seq,
                    struct tp_error *error)
{
    if (!tp_sql_number(db,
                       "INSERT INTO received (instance_id, sha256, received_ms) "
                       "SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM form WHERE id = ?4) "
                       "AND NOT EXISTS "
                       "(SELECT 1 FROM device WHERE id = ?5 AND revoked_ms IS NOT NULL) "
                       "ON CONFLICT (instance_id) DO NOTHING RETURNING seq",
                       TP_VALUES(tp_str(submission->instance_id),
                                 tp_blob(submission->sha256, TP_SHA256_BYTES),
                                 tp_int(submission->received_ms), tp_str(submission->form),
                                 tp_str(submission->sender)),
                       0, seq, error))
        return false;
    return *seq == 0 ||
           tp_sql_run(db,
                      "INSERT INTO submission (seq, instance_id, form, version, device, "
                      "received_ms, late, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, " LATE(
                          "?3", "?7", "?8") ", ?9)",
                      TP_VALUES(tp_int(*seq), tp_str(submission->instance_id),
                                tp_str(submission->form), tp_str(submission->version),
                                tp_str(submission->device), tp_int(submission->received_ms),
                                tp_int(submission->late_ms), tp_str(submission->late_day),
                                tp_blob(submission->sealed, submission->sealed_length)),
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
           put_new(db, submission, seq, error) &&
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

/* It was put under `seq`. *more: it stays, and so do its attachments. */
static bool end_new(struct group *group, struct tp_submission *submission, int64_t seq,
                    bool awaited, bool *more)
{
    submission->taken = TP_TAKEN_NEW;
    submission->first_received_ms = submission->received_ms;
    *more = true;
    return count_day(group, submission) &&
           tp_brought_add(group->db, submission, seq, group->error) &&
           (!submission->replaces || tp_edit_add(group->db, submission, seq, group->error)) &&
           (!awaited || tp_edit_look(group->db, submission, seq, more, group->error));
}

/* What comes after the row was put under `seq`, or (0) could not be put. */
static bool end_one(struct group *group, struct tp_submission *submission, int64_t seq)
{
    bool awaited = false;
    bool more = false;

    if (!seq && !take_again(group->db, submission, &awaited, &more, group->error))
        return false;
    if (awaited && !put_awaited(group->db, submission, &seq, group->error))
        return false;
    if (seq ? !end_new(group, submission, seq, awaited, &more)
            : more && !take_end(group->db, submission, group->error))
        return false;
    return !more || take_attachments(group, submission);
}

static bool take_one(struct group *group, struct tp_submission *submission)
{
    int64_t seq = 0;

    return put_new(group->db, submission, &seq, group->error) && end_one(group, submission, seq);
}

/* ---- many rows in a statement ---- */

/* A row to be put: the first of its instance ID in these rows. */
struct row {
    struct tp_submission *submission;
    size_t place;
    int64_t seq; /* 0: it was there */
    bool first;
};

struct rows {
    struct row by_place[ROWS_MAX];
    struct row *by_id[ROWS_MAX];
    size_t count;
    struct tp_value columns[9][ROWS_MAX];
};

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = *(struct row *const *)left;
    const struct row *b = *(struct row *const *)right;
    int order = strcmp(a->submission->instance_id, b->submission->instance_id);

    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int compare_id(const void *id, const void *row)
{
    return strcmp(id, (*(struct row *const *)row)->submission->instance_id);
}

/* Which are the first of their ID. */
static void sort_rows(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        rows->by_id[i] = &rows->by_place[i];
    qsort(rows->by_id, rows->count, sizeof(struct row *), compare_rows);
    for (size_t i = 0; i < rows->count; i++)
        rows->by_id[i]->first = i == 0 || strcmp(rows->by_id[i - 1]->submission->instance_id,
                                                 rows->by_id[i]->submission->instance_id) != 0;
}

/* The database says which were new. */
static bool put_received(struct group *group, struct rows *rows)
{
    struct tp_rows told;
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct tp_submission *submission = rows->by_place[i].submission;

        if (!rows->by_place[i].first)
            continue;
        rows->columns[0][count] = tp_str(submission->instance_id);
        rows->columns[1][count] = tp_blob(submission->sha256, TP_SHA256_BYTES);
        rows->columns[2][count] = tp_int(submission->received_ms);
        rows->columns[3][count] = tp_str(submission->form);
        rows->columns[4][count++] = tp_str(submission->sender ? submission->sender : "");
    }
    (void)tp_sql_ask(
        group->db,
        "INSERT INTO received (instance_id, sha256, received_ms) "
        "SELECT instance_id, sha256, received_ms "
        "FROM unnest(?1::text[], ?2::bytea[], ?3::bigint[], ?4::text[], ?5::text[]) "
        "AS g (instance_id, sha256, received_ms, form, sender) "
        "WHERE EXISTS (SELECT 1 FROM form WHERE id = g.form) "
        "AND NOT EXISTS (SELECT 1 FROM device WHERE id = sender AND revoked_ms IS NOT NULL) "
        "ON CONFLICT (instance_id) DO NOTHING RETURNING instance_id, seq",
        TP_VALUES(tp_array(rows->columns[0], count), tp_array(rows->columns[1], count),
                  tp_array(rows->columns[2], count), tp_array(rows->columns[3], count),
                  tp_array(rows->columns[4], count)),
        &told, group->error);
    while (tp_rows_next(&told)) {
        struct row **found = bsearch(tp_rows_text(&told, 0), rows->by_id, rows->count,
                                     sizeof(struct row *), compare_id);

        /* Of several with one ID the search may find any. */
        while (found && !(*found)->first)
            found--;
        if (found)
            (*found)->seq = tp_rows_int(&told, 1);
    }
    return tp_rows_finish(&told);
}

static bool put_sealed(struct group *group, struct rows *rows)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct tp_submission *submission = rows->by_place[i].submission;

        if (!rows->by_place[i].seq)
            continue;
        rows->columns[0][count] = tp_int(rows->by_place[i].seq);
        rows->columns[1][count] = tp_str(submission->instance_id);
        rows->columns[2][count] = tp_str(submission->form);
        rows->columns[3][count] = tp_str(submission->version);
        rows->columns[4][count] = tp_str(submission->device);
        rows->columns[5][count] = tp_int(submission->received_ms);
        rows->columns[6][count] = tp_int(submission->late_ms);
        rows->columns[7][count] = tp_str(submission->late_day);
        rows->columns[8][count++] = tp_blob(submission->sealed, submission->sealed_length);
    }
    return count == 0 ||
           tp_sql_run(
               group->db,
               "INSERT INTO submission (seq, instance_id, form, version, device, "
               "received_ms, late, sealed) SELECT g.seq, g.instance_id, g.form, g.version, "
               "g.device, g.received_ms, " LATE(
                   "g.form", "g.late_ms",
                   "g.late_day") ", g.sealed "
                                 "FROM unnest(?1::bigint[], ?2::text[], ?3::text[], ?4::text[], "
                                 "?5::text[], "
                                 "?6::bigint[], ?7::bigint[], ?8::text[], ?9::bytea[]) AS g (seq, "
                                 "instance_id, "
                                 "form, version, device, received_ms, late_ms, late_day, sealed)",
               TP_VALUES(tp_array(rows->columns[0], count), tp_array(rows->columns[1], count),
                         tp_array(rows->columns[2], count), tp_array(rows->columns[3], count),
                         tp_array(rows->columns[4], count), tp_array(rows->columns[5], count),
                         tp_array(rows->columns[6], count), tp_array(rows->columns[7], count),
                         tp_array(rows->columns[8], count)),
               NULL, group->error);
}

static bool put_rows(struct group *group, struct rows *rows)
{
    if (rows->count == 0)
        return true;
    sort_rows(rows);
    if (!put_received(group, rows) || !put_sealed(group, rows))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        if (!end_one(group, rows->by_place[i].submission, rows->by_place[i].seq))
            return false;
    }
    rows->count = 0;
    return true;
}

static bool take_rows(struct group *group, void *const *contexts, size_t count)
{
    struct rows *rows = tp_calloc(1, sizeof(*rows));
    size_t bytes = 0;
    bool ok = rows || tp_fail_memory(group->error);

    for (size_t i = 0; ok && i < count; i++) {
        struct tp_submission *submission = contexts[i];

        if (rows->count == ROWS_MAX || (rows->count && submission->sealed_length > bytes)) {
            ok = put_rows(group, rows);
            bytes = ROWS_BYTES_MAX;
        }
        if (rows->count == 0)
            bytes = ROWS_BYTES_MAX;
        bytes -= submission->sealed_length < bytes ? submission->sealed_length : bytes;
        rows->by_place[rows->count] = (struct row){.submission = submission, .place = rows->count};
        rows->count++;
    }
    ok = ok && put_rows(group, rows);
    tp_free(rows);
    return ok;
}

bool tp_submissions_take(struct tp_sql *db, void *const *contexts, size_t count,
                         struct tp_error *error)
{
    struct group group = {.db = db, .error = error};
    bool ok = true;

    if (count > 1 && tp_sql_takes_arrays(db)) {
        ok = take_rows(&group, contexts, count);
    } else {
        for (size_t i = 0; ok && i < count; i++)
            ok = take_one(&group, contexts[i]);
    }
    return ok && write_days(&group);
}

bool tp_submission_take(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_submissions_take(db, &context, 1, error);
}
