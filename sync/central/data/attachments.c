#include "central/data/attachments.h"

bool tp_attachments_next(struct tp_sql *db, const char *form, int64_t after_seq, int64_t *seq,
                         struct tp_error *error)
{
    return tp_sql_number(db,
                         "SELECT s.seq FROM submission s WHERE s.form = ?1 AND s.seq > ?2 AND "
                         "EXISTS (SELECT 1 FROM attachment a WHERE a.instance_id = s.instance_id) "
                         "ORDER BY s.seq LIMIT 1",
                         TP_VALUES(tp_str(form), tp_int(after_seq)), 0, seq, error);
}

bool tp_attachments_each(struct tp_sql *db, const char *instance_id,
                         bool (*each)(void *context, const char *name, const void *sealed,
                                      size_t length),
                         void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db, "SELECT name, sealed FROM attachment WHERE instance_id = ?1 ORDER BY name",
                     TP_VALUES(tp_str(instance_id)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        size_t length = 0;
        const void *sealed = tp_rows_blob(&rows, 1, &length);

        more = each(context, tp_rows_text(&rows, 0), sealed, length);
    }
    return tp_rows_finish(&rows);
}
