#include <string.h>

#include "store/db.h"

/* A clock set back by less than this was only corrected. */
#define SET_BACK_MS (2 * 60 * 1000)

const char *tp_clock_trust_word(enum tp_clock_trust trust)
{
    static const char *const words[] = {
        [TP_CLOCK_WRONG] = "wrong",
        [TP_CLOCK_UNCHECKED] = "unchecked",
        [TP_CLOCK_CHECKED] = "checked",
    };

    return words[trust];
}

static bool judge(const struct tp_store *store, sqlite3_stmt *row, struct tp_store_time *now,
                  struct tp_error *error)
{
    int64_t latest = sqlite3_column_int64(row, 0);
    int64_t their = sqlite3_column_int64(row, 2);
    int64_t since = tp_clock_monotonic_ms(&store->clock) - sqlite3_column_int64(row, 3);
    int64_t wall = tp_clock_wall_ms(&store->clock);
    char boot[TP_BOOT_ID_MAX];

    if (!tp_db_column_text(row, 1, boot, sizeof(boot), error))
        return false;
    if (boot[0] && strcmp(boot, store->boot) == 0 && since >= 0)
        *now = (struct tp_store_time){.ms = their + since, .trust = TP_CLOCK_CHECKED};
    else if (wall >= latest - SET_BACK_MS)
        *now = (struct tp_store_time){.ms = wall, .trust = TP_CLOCK_UNCHECKED};
    else
        *now = (struct tp_store_time){.ms = latest, .trust = TP_CLOCK_WRONG};
    return true;
}

bool tp_store_now(struct tp_store *store, struct tp_store_time *now, struct tp_error *error)
{
    static const char doing[] = "cannot tell the time";
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_TIME_GET, TP_NO_VALUES, &row, doing, error);
    bool ok = false;

    if (step == TP_STEP_ROW)
        ok = judge(store, row, now, error);
    else if (step == TP_STEP_DONE)
        tp_fail(error, TP_ERR_IO, "cannot tell the time in '%s': a row is missing", store->path);
    tp_db_reset(row);
    return ok;
}

bool tp_store_clock_check(struct tp_store *store, int64_t their_ms, struct tp_error *error)
{
    int64_t offset = tp_clock_wall_ms(&store->clock) - their_ms;

    return tp_db_run(store, TP_SQL_TIME_CHECK,
                     TP_VALUES(tp_integer(their_ms), tp_text(store->boot),
                               tp_integer(tp_clock_monotonic_ms(&store->clock)),
                               tp_integer(offset)),
                     "cannot note the time", error);
}

bool tp_store_clock_offset(struct tp_store *store, int64_t *offset_ms, struct tp_error *error)
{
    static const char doing[] = "cannot read the clock's offset";
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_TIME_GET, TP_NO_VALUES, &row, doing, error);

    if (step == TP_STEP_ROW)
        *offset_ms = sqlite3_column_int64(row, 4);
    else if (step == TP_STEP_DONE)
        tp_fail(error, TP_ERR_IO, "%s in '%s': a row is missing", doing, store->path);
    tp_db_reset(row);
    return step == TP_STEP_ROW;
}
