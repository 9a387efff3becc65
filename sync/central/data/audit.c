#include "central/data/audit.h"

bool tp_audit_add(struct tp_sql *db, const struct tp_deed *deed, const char *action,
                  const char *subject, struct tp_error *error)
{
    return tp_sql_run(
        db, "INSERT INTO audit (at_ms, who, action, subject) VALUES (?1, ?2, ?3, ?4)",
        TP_VALUES(tp_int(deed->at_ms), tp_str(deed->who), tp_str(action), tp_str(subject)), NULL,
        error);
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
