#include "central/data/quarantine.h"

#include <stdio.h>

#include "central/data/forms.h"
#include "central/data/openings.h"

bool tp_quarantine_count(struct tp_sql *db, int64_t *count, struct tp_error *error)
{
    return tp_sql_number(db, "SELECT count(*) FROM quarantine", TP_NO_VALUES, 0, count, error);
}

bool tp_quarantine_each(struct tp_sql *db, int64_t limit,
                        bool (*each)(void *context, const struct tp_put_aside *row), void *context,
                        struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT q.id, q.instance_id, q.part, coalesce(f.title, q.form), "
                     "coalesce(d.name, ''), q.received_ms, length(q.sealed) FROM quarantine q "
                     "LEFT JOIN form f ON f.id = q.form "
                     "LEFT JOIN device d ON d.id = q.device ORDER BY q.id DESC LIMIT ?1",
                     TP_VALUES(tp_int(limit)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        const struct tp_put_aside row = {.id = tp_rows_int(&rows, 0),
                                         .instance_id = tp_rows_text(&rows, 1),
                                         .part = tp_rows_text(&rows, 2),
                                         .title = tp_rows_text(&rows, 3),
                                         .device_name = tp_rows_text(&rows, 4),
                                         .received_ms = tp_rows_int(&rows, 5),
                                         .length = tp_rows_int(&rows, 6)};

        more = each(context, &row);
    }
    return tp_rows_finish(&rows);
}

static bool remove_row(struct tp_sql *db, int64_t id, const struct tp_deed *deed,
                       const char *action, bool *found, struct tp_error *error)
{
    int64_t removed = 0;

    if (!tp_sql_run(db, "DELETE FROM quarantine WHERE id = ?1", TP_VALUES(tp_int(id)), &removed,
                    error))
        return false;
    *found = removed > 0;
    return !*found || tp_audit_add(db, deed, action, "", error);
}

bool tp_quarantine_discard(struct tp_sql *db, int64_t id, const struct tp_deed *deed, bool *found,
                           struct tp_error *error)
{
    return remove_row(db, id, deed, "discarded an answer in quarantine", found, error);
}

/* What was kept of the answer that is to be replaced. */
static bool forget_opening(struct tp_sql *db, int64_t id, struct tp_error *error)
{
    char form[TP_FORM_ID_MAX + 1] = "";
    struct tp_rows rows;
    int64_t seq = 0;

    if (!tp_openings_lock(db, error))
        return false;
    if (tp_sql_ask(db,
                   "SELECT s.seq, s.form FROM quarantine q JOIN received r "
                   "ON r.instance_id = q.instance_id JOIN submission s ON s.seq = r.seq "
                   "WHERE q.id = ?1 AND q.part = ''",
                   TP_VALUES(tp_int(id)), &rows, error) &&
        tp_rows_next(&rows)) {
        seq = tp_rows_int(&rows, 0);
        (void)snprintf(form, sizeof(form), "%s", tp_rows_text(&rows, 1));
    }
    return tp_rows_finish(&rows) && (seq == 0 || tp_opening_forget(db, form, seq, error));
}

bool tp_quarantine_swap(struct tp_sql *db, int64_t id, const struct tp_deed *deed, bool *found,
                        struct tp_error *error)
{
    int64_t answers = 0;
    int64_t attachments = 0;

    /* An answer: its bytes, and the SHA-256 that a resend is held against. */
    if (!forget_opening(db, id, error) ||
        !tp_sql_run(db,
                    "UPDATE submission SET sealed = (SELECT q.sealed FROM quarantine q "
                    "WHERE q.id = ?1) WHERE seq = (SELECT r.seq FROM received r "
                    "JOIN quarantine q ON q.instance_id = r.instance_id "
                    "WHERE q.id = ?1 AND q.part = '' AND r.gone_ms IS NULL)",
                    TP_VALUES(tp_int(id)), &answers, error) ||
        !tp_sql_run(db,
                    "UPDATE received SET sha256 = (SELECT q.sha256 FROM quarantine q "
                    "WHERE q.id = ?1) WHERE instance_id = (SELECT q.instance_id FROM quarantine q "
                    "WHERE q.id = ?1 AND q.part = '') AND gone_ms IS NULL",
                    TP_VALUES(tp_int(id)), NULL, error) ||
        !tp_sql_run(db,
                    "UPDATE attachment SET "
                    "sealed = (SELECT q.sealed FROM quarantine q WHERE q.id = ?1), "
                    "sha256 = (SELECT q.sha256 FROM quarantine q WHERE q.id = ?1) "
                    "WHERE EXISTS (SELECT 1 FROM quarantine q WHERE q.id = ?1 AND q.part <> '' "
                    "AND q.instance_id = attachment.instance_id AND q.part = attachment.name)",
                    TP_VALUES(tp_int(id)), &attachments, error))
        return false;
    *found = answers + attachments > 0;
    return !*found ||
           remove_row(db, id, deed, "replaced an answer by one in quarantine", found, error);
}
