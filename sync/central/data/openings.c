#include "central/data/openings.h"

bool tp_openings_look(struct tp_sql *db, const char *form, int64_t after_seq, int64_t limit,
                      bool (*each)(void *context, const struct tp_unopened *answer), void *context,
                      struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    /* The numbers come from indexes alone; only what has no opening is read in full. */
    (void)tp_sql_ask(db,
                     "SELECT w.seq, s.instance_id, s.sealed FROM (SELECT a.seq, "
                     "(SELECT o.seq FROM opening o WHERE o.seq = a.seq) AS had FROM submission a "
                     "WHERE a.form = ?1 AND a.seq > ?2 ORDER BY a.seq LIMIT ?3) w "
                     "LEFT JOIN submission s ON s.seq = w.seq AND w.had IS NULL ORDER BY w.seq",
                     TP_VALUES(tp_str(form), tp_int(after_seq), tp_int(limit)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        struct tp_unopened answer = {.seq = tp_rows_int(&rows, 0),
                                     .instance_id = tp_rows_text(&rows, 1)};

        answer.sealed = tp_rows_blob(&rows, 2, &answer.sealed_length);
        more = each(context, &answer);
    }
    return tp_rows_finish(&rows);
}

bool tp_opening_add(struct tp_sql *db, int64_t seq, const unsigned char opening[TP_OPENING_BYTES],
                    struct tp_error *error)
{
    return tp_sql_run(db,
                      "INSERT INTO opening (seq, bytes) SELECT r.seq, ?2 FROM received r "
                      "WHERE r.seq = ?1 AND r.gone_ms IS NULL ON CONFLICT (seq) DO NOTHING",
                      TP_VALUES(tp_int(seq), tp_blob(opening, TP_OPENING_BYTES)), NULL, error);
}
