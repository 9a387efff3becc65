#include "central/chores.h"

#include <stdio.h>

#include "base/mem.h"
#include "central/data/audit.h"
#include "central/data/removal.h"

/* Less than a day, so that the hour may drift with restarts and no day is left out. */
#define DAILY_MS (20 * 3600 * 1000LL)
/* Longer than any round takes. One that was begun before and has not ended was cut off, and another
 * goes on with it. */
#define ROUND_MS (3600 * 1000LL)
#define LOOK_EVERY_MS (15 * 60 * 1000)
#define FORMS_MAX 1000
/* A round comes every day. After a longer pause the machine was off, or its clock is wrong: then
 * nothing is deleted until the next round, so that somebody can see it. */
#define LEAP_MS (7 * 24 * 3600 * 1000LL)

/* ---- whose turn it is ---- */

struct claiming {
    int64_t now_ms;
    bool always;
    bool ours;
    bool leapt; /* long after the last round */
};

/* In the log, where an administrator looks who wonders why. */
static bool note_leap(struct tp_sql *db, int64_t now_ms, int64_t last_ms, struct tp_error *error)
{
    const struct tp_deed deed = {.who = TP_AUDIT_SCHEDULE, .at_ms = now_ms};
    char days[64];

    (void)snprintf(days, sizeof(days), "%lld days since the round before",
                   (long long)((now_ms - last_ms) / (24 * 3600 * 1000LL)));
    return tp_audit_add(db, &deed, "held back deleting until tomorrow", days, error);
}

static bool run_claim(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct claiming *claiming = context;
    int64_t changed = 0;
    int64_t last_ms = 0;

    if (!tp_sql_number(db, "SELECT begun_ms FROM chore WHERE name = 'daily'", TP_NO_VALUES, 0,
                       &last_ms, error))
        return false;
    if (!tp_sql_run(db,
                    "INSERT INTO chore (name, begun_ms) VALUES ('daily', ?1) ON CONFLICT (name) "
                    "DO UPDATE SET begun_ms = excluded.begun_ms "
                    "WHERE chore.begun_ms < ?2 OR chore.begun_ms > ?1 OR (chore.begun_ms < ?3 AND "
                    "NOT EXISTS (SELECT 1 FROM chore e WHERE e.name = 'daily, ended' "
                    "AND e.begun_ms >= chore.begun_ms))",
                    TP_VALUES(tp_int(claiming->now_ms), tp_int(claiming->now_ms - DAILY_MS),
                              tp_int(claiming->now_ms - ROUND_MS)),
                    &changed, error))
        return false;
    claiming->ours = changed > 0 || claiming->always;
    claiming->leapt =
        claiming->ours && !claiming->always && last_ms && claiming->now_ms - last_ms > LEAP_MS;
    return !claiming->leapt || note_leap(db, claiming->now_ms, last_ms, error);
}

/* The round that was begun at this time did all it should. */
static bool run_end(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct claiming *claiming = context;

    return tp_sql_run(db,
                      "INSERT INTO chore (name, begun_ms) VALUES ('daily, ended', ?1) "
                      "ON CONFLICT (name) DO UPDATE SET begun_ms = excluded.begun_ms",
                      TP_VALUES(tp_int(claiming->now_ms)), NULL, error);
}

/* ---- retention ---- */

struct looking {
    struct tp_central *central;
    struct tp_sql *db;
    struct tp_removal *list;
    size_t count;
    int64_t now_ms;
    struct tp_error *error;
    bool ok;
};

static bool look_at(void *context, const struct tp_form_row *form)
{
    struct looking *looking = context;
    struct tp_removal *due = &looking->list[looking->count];
    int64_t months = 0;

    looking->ok = tp_form_keep(looking->db, form->id, &months, looking->error);
    due->limit_ms = tp_form_limit(form, months, looking->now_ms);
    due->now_ms = looking->now_ms;
    (void)snprintf(due->form, sizeof(due->form), "%s", form->id);
    looking->count += due->limit_ms > 0;
    return looking->ok && looking->count < FORMS_MAX;
}

static bool remove_due(struct tp_central *central, struct tp_removal *due, int64_t *removed,
                       struct tp_error *error)
{
    do {
        if (!tp_committer_run(central->committer, tp_form_remove_piece, due, error))
            return false;
        due->done = due->all;
    } while (due->removed == TP_REMOVAL_PIECE);
    *removed += due->done;
    return due->done == 0 || tp_committer_run(central->committer, tp_form_note_removal, due, error);
}

static bool retain(struct tp_central *central, int64_t now_ms, int64_t *removed,
                   struct tp_error *error)
{
    struct looking looking = {.central = central,
                              .list = tp_calloc(FORMS_MAX, sizeof(struct tp_removal)),
                              .now_ms = now_ms,
                              .error = error,
                              .ok = true};
    bool ok;

    if (!looking.list)
        return tp_fail_memory(error);
    looking.db = tp_sql_pool_take(central->readers);
    ok = tp_forms_each(looking.db, look_at, &looking, error) && looking.ok;
    tp_sql_pool_give(central->readers, looking.db);
    for (size_t i = 0; ok && i < looking.count; i++)
        ok = remove_due(central, &looking.list[i], removed, error);
    tp_free(looking.list);
    return ok;
}

/* On a reader: both are their own transactions, beside the writer's. */
static bool tidy(struct tp_central *central, int64_t now_ms, bool scrub, struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool ok = tp_sql_ahead(db, now_ms, error) && (!scrub || tp_sql_scrub(db, error));

    tp_sql_pool_give(central->readers, db);
    return ok;
}

bool tp_chores_run(struct tp_central *central, bool always, int64_t *removed,
                   struct tp_error *error)
{
    struct claiming claiming = {.now_ms = tp_clock_wall_ms(&central->clock), .always = always};
    int64_t gone = 0;

    if (!tp_committer_run(central->committer, run_claim, &claiming, error))
        return false;
    if (claiming.ours && ((!claiming.leapt && !retain(central, claiming.now_ms, &gone, error)) ||
                          !tidy(central, claiming.now_ms, gone > 0, error) ||
                          !tp_committer_run(central->committer, run_end, &claiming, error)))
        return false;
    *removed = gone;
    return true;
}

/* ---- the thread ---- */

static void work(struct tp_worker *worker, void *context)
{
    struct tp_central *central = context;

    do {
        struct tp_error error;
        int64_t removed = 0;

        if (!tp_chores_run(central, false, &removed, &error))
            (void)fprintf(stderr, "talkpoint-central: the daily round: %s\n", error.text);
    } while (tp_worker_rest(worker, LOOK_EVERY_MS));
}

struct tp_worker *tp_chores_start(struct tp_central *central)
{
    return tp_worker_start("chores", work, central);
}
