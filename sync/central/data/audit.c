#include "central/data/audit.h"

bool tp_audit_add(struct tp_sql *db, const struct tp_deed *deed, const char *action,
                  const char *subject, struct tp_error *error)
{
    return tp_sql_run(
        db, "INSERT INTO audit (at_ms, who, action, subject) VALUES (?1, ?2, ?3, ?4)",
        TP_VALUES(tp_int(deed->at_ms), tp_str(deed->who), tp_str(action), tp_str(subject)), NULL,
        error);
}

/* Of one action, among the last lines and not long ago: ?1 to ?4. */
#define RECENT                                                                                     \
    "FROM (SELECT id, at_ms, action FROM audit ORDER BY id DESC LIMIT ?1) recent "                 \
    "WHERE at_ms > ?2 AND at_ms <= ?3 AND action = ?4"
#define RECENT_VALUES(deed, action)                                                                \
    TP_VALUES(tp_int(TP_AUDIT_LOOKED_BACK), tp_int((deed)->at_ms - TP_AUDIT_LOOKED_BACK_MS),       \
              tp_int((deed)->at_ms), tp_str(action))

/* One more on the line that counts them; a new one where there is none. */
static bool count_beyond(struct tp_sql *db, int64_t at_ms, const char *beyond,
                         struct tp_error *error)
{
    const struct tp_deed others = {TP_AUDIT_OTHERS, at_ms};
    int64_t changed = 0;

    return tp_sql_run(db,
                      "UPDATE audit SET subject = CAST(CAST(subject AS BIGINT) + 1 AS TEXT) "
                      "WHERE id = (SELECT max(id) " RECENT ")",
                      RECENT_VALUES(&others, beyond), &changed, error) &&
           (changed || tp_audit_add(db, &others, beyond, "1", error));
}

bool tp_audit_add_stranger(struct tp_sql *db, const struct tp_deed *deed, const char *action,
                           const char *subject, const char *beyond, struct tp_error *error)
{
    int64_t lines = 0;

    if (!tp_sql_number(db, "SELECT count(*) " RECENT, RECENT_VALUES(deed, action), 0, &lines,
                       error))
        return false;
    return lines < TP_AUDIT_STRANGER_LINES ? tp_audit_add(db, deed, action, subject, error)
                                           : count_beyond(db, deed->at_ms, beyond, error);
}

bool tp_audit_each(struct tp_sql *db, int64_t before_id, int64_t limit,
                   bool (*each)(void *context, const struct tp_audit_row *row), void *context,
                   struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT id, at_ms, who, action, subject FROM audit WHERE id < ?1 "
                     "ORDER BY id DESC LIMIT ?2",
                     TP_VALUES(tp_int(before_id ? before_id : INT64_MAX), tp_int(limit)), &rows,
                     error);
    while (more && tp_rows_next(&rows)) {
        const struct tp_audit_row row = {.id = tp_rows_int(&rows, 0),
                                         .at_ms = tp_rows_int(&rows, 1),
                                         .who = tp_rows_text(&rows, 2),
                                         .action = tp_rows_text(&rows, 3),
                                         .subject = tp_rows_text(&rows, 4)};

        more = each(context, &row);
    }
    return tp_rows_finish(&rows);
}
