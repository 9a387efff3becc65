#include "central/data/edits.h"

#include "central/central.h"
#include "central/data/openings.h"
#include "central/data/removal.h"

/* Moves the answer under `seq` aside for the one under `by`; what it had itself replaced goes with
 * it, so that every earlier version names the one that stands. */
static bool move_aside(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                       int64_t received_ms, int64_t by, struct tp_error *error)
{
    char day[TP_DAY_TEXT_MAX];

    tp_central_day(submission->central, received_ms, day);
    return tp_openings_lock(db, error) &&
           tp_sql_run(db,
                      "INSERT INTO replaced (seq, by_seq, instance_id, form, version, device, "
                      "received_ms, late, sealed) SELECT seq, ?3, instance_id, form, version, "
                      "device, received_ms, late, sealed FROM submission "
                      "WHERE seq = ?1 AND received_ms = ?2",
                      TP_VALUES(tp_int(seq), tp_int(received_ms), tp_int(by)), NULL, error) &&
           tp_sql_run(db, "DELETE FROM submission WHERE seq = ?1 AND received_ms = ?2",
                      TP_VALUES(tp_int(seq), tp_int(received_ms)), NULL, error) &&
           tp_sql_run(db, "UPDATE replaced SET by_seq = ?2 WHERE by_seq = ?1",
                      TP_VALUES(tp_int(seq), tp_int(by)), NULL, error) &&
           tp_opening_forget(db, submission->form, seq, error) &&
           tp_tally_less(db, submission->form, day, error);
}

/* Where the answer that this one edits is not here, its instance ID is held from now on, by a row
 * without a SHA-256: when it comes it finds that, and looks for its edits. Another server that is
 * taking it in at this moment is waited for. */
static bool hold(struct tp_sql *db, const char *instance_id, struct tp_error *error)
{
    return tp_sql_run(db,
                      "INSERT INTO received (instance_id, sha256, received_ms) "
                      "VALUES (?1, ?2, 0) ON CONFLICT (instance_id) DO NOTHING",
                      TP_VALUES(tp_str(instance_id), tp_blob("", 0)), NULL, error);
}

bool tp_edit_let_go(struct tp_sql *db, const char *instance_id, struct tp_error *error)
{
    return tp_sql_run(db, "DELETE FROM received WHERE instance_id = ?1 AND length(sha256) = 0",
                      TP_VALUES(tp_str(instance_id)), NULL, error);
}

bool tp_edit_add(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                 struct tp_error *error)
{
    int64_t received_ms = 0;
    int64_t old = 0;
    struct tp_rows rows;

    if (!tp_sql_run(db, "INSERT INTO edit (seq, replaces, form, device) VALUES (?1, ?2, ?3, ?4)",
                    TP_VALUES(tp_int(seq), tp_str(submission->replaces), tp_str(submission->form),
                              tp_str(submission->device)),
                    NULL, error) ||
        !hold(db, submission->replaces, error))
        return false;
    if (tp_sql_ask(db,
                   "SELECT s.seq, s.received_ms FROM submission s JOIN received r ON r.seq = s.seq "
                   "WHERE r.instance_id = ?1 AND s.form = ?2 AND s.device = ?3 AND s.seq <> ?4",
                   TP_VALUES(tp_str(submission->replaces), tp_str(submission->form),
                             tp_str(submission->device), tp_int(seq)),
                   &rows, error) &&
        tp_rows_next(&rows)) {
        old = tp_rows_int(&rows, 0);
        received_ms = tp_rows_int(&rows, 1);
    }
    return tp_rows_finish(&rows) &&
           (old == 0 || move_aside(db, submission, old, received_ms, seq, error));
}

bool tp_edit_look(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                  bool *kept, struct tp_error *error)
{
    int64_t by = 0;
    bool gone = false;
    struct tp_rows rows;

    if (tp_sql_ask(db,
                   "SELECT coalesce(p.by_seq, e.seq), r.gone_ms IS NOT NULL FROM edit e "
                   "LEFT JOIN replaced p ON p.seq = e.seq "
                   "JOIN received r ON r.seq = coalesce(p.by_seq, e.seq) "
                   "WHERE e.replaces = ?1 AND e.form = ?2 AND e.device = ?3 ORDER BY e.seq LIMIT 1",
                   TP_VALUES(tp_str(submission->instance_id), tp_str(submission->form),
                             tp_str(submission->device)),
                   &rows, error) &&
        tp_rows_next(&rows)) {
        by = tp_rows_int(&rows, 0);
        gone = tp_rows_int(&rows, 1) != 0;
    }
    if (!tp_rows_finish(&rows))
        return false;
    /* Two that name each other: the later stands. */
    if (by == 0 || by == seq)
        return true;
    *kept = !gone;
    return move_aside(db, submission, seq, submission->received_ms, by, error) &&
           (!gone || tp_answer_remove_replaced(db, by, submission->received_ms, error));
}

bool tp_edits_count(struct tp_sql *db, const char *form, int64_t *count, struct tp_error *error)
{
    return tp_sql_number(db, "SELECT count(*) FROM replaced WHERE form = ?1",
                         TP_VALUES(tp_str(form)), 0, count, error);
}
