#include "central/data/submissions.h"

#include <stdio.h>

bool tp_submission_is_known(struct tp_sql *db, const char *instance_id, bool *known,
                            struct tp_error *error)
{
    int64_t count = 0;

    if (!tp_sql_number(
            db, "SELECT count(*) FROM received WHERE instance_id = ?1 AND length(sha256) > 0",
            TP_VALUES(tp_str(instance_id)), 0, &count, error))
        return false;
    *known = count > 0;
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
}

#define KEPT_COLUMNS                                                                               \
    "s.seq, s.instance_id, s.version, s.device, coalesce(d.name, ''), s.received_ms, s.late, "     \
    "s.sealed FROM submission s LEFT JOIN device d ON d.id = s.device "

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

bool tp_submissions_each(struct tp_sql *db, const char *form, int64_t from, int64_t to,
                         int64_t limit, bool (*each)(void *context, const struct tp_kept *kept),
                         void *context, struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(db,
                     "SELECT " KEPT_COLUMNS "WHERE s.form = ?1 AND s.seq >= ?2 AND s.seq <= ?3 "
                     "ORDER BY s.seq LIMIT ?4",
                     TP_VALUES(tp_str(form), tp_int(from), tp_int(to), tp_int(limit)), &rows,
                     error);
    return give_kept(&rows, each, context);
}

bool tp_submissions_each_back(struct tp_sql *db, const char *form, int64_t from, int64_t to,
                              int64_t limit,
                              bool (*each)(void *context, const struct tp_kept *kept),
                              void *context, struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(db,
                     "SELECT " KEPT_COLUMNS "WHERE s.form = ?1 AND s.seq >= ?2 AND s.seq <= ?3 "
                     "ORDER BY s.seq DESC LIMIT ?4",
                     TP_VALUES(tp_str(form), tp_int(from), tp_int(to), tp_int(limit)), &rows,
                     error);
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
