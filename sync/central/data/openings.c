#include "central/data/openings.h"

#include <assert.h>

/* The numbers come from an index alone. What is asked about an opening is a question of its own: as
 * a join, PostgreSQL would read all openings for each few runs. */
#define RUNS_AFTER                                                                                 \
    "FROM (SELECT s.seq / 256 AS run, count(*) AS answers FROM submission s "                      \
    "WHERE s.form = ?1 AND s.seq > ?2 AND s.seq < (coalesce((SELECT m.seq FROM submission m "      \
    "WHERE m.form = ?1 AND m.seq > ?2 ORDER BY m.seq LIMIT 1 OFFSET ?3 - 1), "                     \
    "(SELECT max(m.seq) FROM submission m WHERE m.form = ?1)) / 256 + 1) * 256 "                   \
    "GROUP BY s.seq / 256) w ORDER BY w.run"

static_assert(TP_RUN_ANSWERS == 256, "the number in the statements");

static bool give_runs(struct tp_rows *rows, const char *form,
                      bool (*each)(void *context, const struct tp_run *run), void *context)
{
    bool more = true;

    while (more && tp_rows_next(rows)) {
        struct tp_run run = {
            .form = form, .number = tp_rows_int(rows, 0), .answers = tp_rows_int(rows, 1)};

        run.opening = tp_rows_blob(rows, 2, &run.opening_length);
        more = each(context, &run);
    }
    return tp_rows_finish(rows);
}

bool tp_runs_each(struct tp_sql *db, const char *form, int64_t after_seq, int64_t most,
                  bool (*each)(void *context, const struct tp_run *run), void *context,
                  struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(
        db,
        "SELECT w.run, w.answers, (SELECT o.bytes FROM opening o WHERE o.form = ?1 "
        "AND o.run = w.run AND o.answers = w.answers AND w.run * 256 > ?2) " RUNS_AFTER,
        TP_VALUES(tp_str(form), tp_int(after_seq), tp_int(most)), &rows, error);
    return give_runs(&rows, form, each, context);
}

bool tp_runs_each_back(struct tp_sql *db, const char *form, int64_t before_seq, int64_t most,
                       bool (*each)(void *context, const struct tp_run *run), void *context,
                       struct tp_error *error)
{
    struct tp_rows rows;

    (void)tp_sql_ask(
        db,
        "SELECT w.run, w.answers, (SELECT o.bytes FROM opening o WHERE o.form = ?1 "
        "AND o.run = w.run AND o.answers = w.answers AND (w.run + 1) * 256 <= ?2) "
        "FROM (SELECT s.seq / 256 AS run, count(*) AS answers FROM submission s "
        "WHERE s.form = ?1 AND s.seq < ?2 AND s.seq >= coalesce((SELECT m.seq FROM submission m "
        "WHERE m.form = ?1 AND m.seq < ?2 ORDER BY m.seq DESC LIMIT 1 OFFSET ?3 - 1), 0) / 256 "
        "* 256 GROUP BY s.seq / 256) w ORDER BY w.run DESC",
        TP_VALUES(tp_str(form), tp_int(before_seq), tp_int(most)), &rows, error);
    return give_runs(&rows, form, each, context);
}

bool tp_runs_look(struct tp_sql *db, const char *form, int64_t after_seq, int64_t most,
                  bool (*each)(void *context, const struct tp_run *run, bool opened), void *context,
                  struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT w.run, w.answers, (SELECT o.answers FROM opening o WHERE o.form = ?1 "
                     "AND o.run = w.run) " RUNS_AFTER,
                     TP_VALUES(tp_str(form), tp_int(after_seq), tp_int(most)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        const struct tp_run run = {
            .form = form, .number = tp_rows_int(&rows, 0), .answers = tp_rows_int(&rows, 1)};

        more = each(context, &run, tp_rows_int(&rows, 2) == run.answers);
    }
    return tp_rows_finish(&rows);
}

/* ---- making them ---- */

bool tp_openings_lease(struct tp_sql *db, int64_t *lease, struct tp_error *error)
{
    return tp_sql_number(db, "SELECT begun_ms FROM chore WHERE name = 'openings'", TP_NO_VALUES, 0,
                         lease, error);
}

bool tp_openings_claim(struct tp_sql *db, int64_t own, int64_t now_ms, int64_t hold_ms, bool *taken,
                       struct tp_error *error)
{
    int64_t changed = 0;

    /* One from the future is of a clock that was wrong. */
    if (!tp_sql_run(db,
                    "UPDATE chore SET begun_ms = ?1 WHERE name = 'openings' AND (begun_ms < ?2 "
                    "OR begun_ms > ?3 OR begun_ms = ?4)",
                    TP_VALUES(tp_int(now_ms), tp_int(now_ms - hold_ms), tp_int(now_ms + hold_ms),
                              tp_int(own)),
                    &changed, error))
        return false;
    *taken = changed > 0;
    return true;
}

bool tp_opening_add(struct tp_sql *db, const struct tp_run *run, int64_t own, int64_t now_ms,
                    bool *added, struct tp_error *error)
{
    int64_t changed = 0;

    if (!tp_sql_run(db, "UPDATE chore SET begun_ms = ?1 WHERE name = 'openings' AND begun_ms = ?2",
                    TP_VALUES(tp_int(now_ms), tp_int(own)), &changed, error))
        return false;
    *added = changed > 0;
    return !*added ||
           tp_sql_run(db,
                      "INSERT INTO opening (form, run, answers, bytes) VALUES (?1, ?2, ?3, ?4) "
                      "ON CONFLICT (form, run) DO UPDATE SET answers = excluded.answers, "
                      "bytes = excluded.bytes",
                      TP_VALUES(tp_str(run->form), tp_int(run->number), tp_int(run->answers),
                                tp_blob(run->opening, run->opening_length)),
                      NULL, error);
}

/* ---- deleting them ---- */

bool tp_openings_lock(struct tp_sql *db, struct tp_error *error)
{
    return tp_sql_run(db, "UPDATE chore SET begun_ms = begun_ms + 1 WHERE name = 'openings'",
                      TP_NO_VALUES, NULL, error);
}

bool tp_opening_forget(struct tp_sql *db, const char *form, int64_t seq, struct tp_error *error)
{
    return tp_sql_run(db, "DELETE FROM opening WHERE form = ?1 AND run = ?2",
                      TP_VALUES(tp_str(form), tp_int(tp_run_of(seq))), NULL, error);
}
