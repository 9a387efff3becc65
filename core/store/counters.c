#include "store/counters.h"

#include <string.h>

#include "base/mem.h"
#include "store/counting.h"

/* Reported totals are kept this long, for the day that a heartbeat was lost on either side. */
#define REPORTED_KEPT_MS (INT64_C(92) * 24 * 60 * 60 * 1000)

static bool is_counter_name(const char *name)
{
    static const char *const whole[] = {"open", "complete"};
    static const char *const prefixes[] = {"abandon:", "timeout:"};

    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        if (strcmp(name, whole[i]) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t length = strlen(prefixes[i]);

        if (strncmp(name, prefixes[i], length) == 0 && name[length])
            return true;
    }
    return false;
}

bool tp_counts_check(const struct tp_count *counts, size_t count, struct tp_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct tp_count *c = &counts[i];

        if (!tp_text_is_name(c->form_id, TP_FORM_ID_MAX) ||
            !tp_text_is_words(c->form_version, TP_FORM_VERSION_MAX) ||
            !tp_text_is_name(c->mode, TP_COUNTER_MODE_MAX) ||
            !tp_text_is_name(c->name, TP_COUNTER_NAME_MAX) || !is_counter_name(c->name))
            return tp_fail(error, TP_ERR_MISUSE, "'%.80s' of form '%.80s' is not a counter",
                           c->name ? c->name : "", c->form_id ? c->form_id : "");
    }
    return true;
}

bool tp_tallies_check(const struct tp_tally *tallies, size_t count, struct tp_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct tp_tally *t = &tallies[i];

        if (!tp_text_is_name(t->form_id, TP_FORM_ID_MAX) ||
            !tp_text_is_words(t->form_version, TP_FORM_VERSION_MAX) ||
            !tp_text_is_name(t->question, TP_TALLY_NAME_MAX) ||
            !tp_text_is_name(t->choice, TP_TALLY_NAME_MAX))
            return tp_fail(error, TP_ERR_MISUSE, "a tally of form '%.80s' has no proper names",
                           t->form_id ? t->form_id : "");
    }
    return true;
}

bool tp_counts_apply(struct tp_store *store, const struct tp_count *counts, size_t count,
                     int64_t ms, struct tp_error *error)
{
    char day[TP_DAY_MAX];
    bool ok = true;

    tp_day_text(ms, day);
    for (size_t i = 0; ok && i < count; i++)
        ok = tp_db_run(store, TP_SQL_COUNTER_ADD,
                       TP_VALUES(tp_text(counts[i].form_id), tp_text(counts[i].form_version),
                                 tp_text(day), tp_text(counts[i].mode), tp_text(counts[i].name)),
                       "cannot count", error);
    return ok;
}

bool tp_tallies_apply(struct tp_store *store, const struct tp_tally *tallies, size_t count,
                      struct tp_error *error)
{
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = tp_db_run(store, TP_SQL_TALLY_ADD,
                       TP_VALUES(tp_text(tallies[i].form_id), tp_text(tallies[i].form_version),
                                 tp_text(tallies[i].question), tp_text(tallies[i].choice)),
                       "cannot count a poll", error);
    return ok;
}

bool tp_counters_add(struct tp_store *store, const struct tp_count *counts, size_t count,
                     struct tp_error *error)
{
    static const char doing[] = "cannot count";
    struct tp_store_time now;

    if (!tp_counts_check(counts, count, error) || !tp_db_begin(store, doing, error))
        return false;
    return tp_db_end(store,
                     tp_store_now(store, &now, error) &&
                         tp_counts_apply(store, counts, count, now.ms, error),
                     doing, error);
}

static bool read_counter(sqlite3_stmt *row, struct tp_counter *counter, struct tp_error *error)
{
    counter->count = (uint64_t)sqlite3_column_int64(row, 5);
    return tp_db_column_text(row, 0, counter->form_id, sizeof(counter->form_id), error) &&
           tp_db_column_text(row, 1, counter->form_version, sizeof(counter->form_version), error) &&
           tp_db_column_text(row, 2, counter->day, sizeof(counter->day), error) &&
           tp_db_column_text(row, 3, counter->mode, sizeof(counter->mode), error) &&
           tp_db_column_text(row, 4, counter->name, sizeof(counter->name), error);
}

bool tp_counters_unreported(struct tp_store *store, struct tp_counter_list *list,
                            struct tp_error *error)
{
    static const char doing[] = "cannot read the counters";
    struct tp_counter_list read = {0};
    sqlite3_stmt *row;
    enum tp_step step;
    bool ok = true;

    read.counters = tp_calloc(TP_COUNTERS_REPORT_MAX, sizeof(*read.counters));
    if (!read.counters)
        return tp_fail_memory(error);
    step = tp_db_query(store, TP_SQL_COUNTERS_UNREPORTED,
                       TP_VALUES(tp_integer(TP_COUNTERS_REPORT_MAX)), &row, doing, error);
    while (ok && step == TP_STEP_ROW && read.count < TP_COUNTERS_REPORT_MAX) {
        ok = read_counter(row, &read.counters[read.count], error);
        if (ok) {
            read.count++;
            step = tp_db_step(store, row, doing, error);
        }
    }
    tp_db_reset(row);
    if (!ok || step == TP_STEP_FAILED) {
        tp_counter_list_finish(&read);
        return false;
    }
    *list = read;
    return true;
}

void tp_counter_list_finish(struct tp_counter_list *list)
{
    if (!list)
        return;
    tp_free(list->counters);
    *list = (struct tp_counter_list){0};
}

/* By a clock that may be wrong, nothing is old. */
static bool forget_old(struct tp_store *store, struct tp_error *error)
{
    struct tp_store_time now;
    char day[TP_DAY_MAX];

    if (!tp_store_now(store, &now, error))
        return false;
    if (now.trust != TP_CLOCK_CHECKED)
        return true;
    tp_day_text(now.ms - REPORTED_KEPT_MS, day);
    return tp_db_run(store, TP_SQL_COUNTERS_FORGET, TP_VALUES(tp_text(day)),
                     "cannot forget old counters", error);
}

bool tp_counters_reported(struct tp_store *store, const struct tp_counter_list *list,
                          struct tp_error *error)
{
    static const char doing[] = "cannot note what was reported";
    bool ok = true;

    if (!list->count)
        return true;
    if (!tp_db_begin(store, doing, error))
        return false;
    for (size_t i = 0; ok && i < list->count; i++) {
        const struct tp_counter *c = &list->counters[i];

        ok = tp_db_run(store, TP_SQL_COUNTER_REPORTED,
                       TP_VALUES(tp_text(c->form_id), tp_text(c->form_version), tp_text(c->day),
                                 tp_text(c->mode), tp_text(c->name), tp_integer((int64_t)c->count)),
                       doing, error);
    }
    return tp_db_end(store, ok && forget_old(store, error), doing, error);
}

bool tp_counters_total(struct tp_store *store, const char *form_id, const char *name,
                       uint64_t *total, struct tp_error *error)
{
    int64_t sum = 0;

    if (!tp_db_integer(store, TP_SQL_COUNTERS_TOTAL, TP_VALUES(tp_text(form_id), tp_text(name)),
                       &sum, "cannot read a counter", error))
        return false;
    *total = (uint64_t)sum;
    return true;
}

bool tp_tally_read(struct tp_store *store, const char *form_id, const char *form_version,
                   const char *question, struct tp_tally_count *counts, size_t max, size_t *count,
                   struct tp_error *error)
{
    static const char doing[] = "cannot read a poll";
    struct tp_tally_count *read = tp_calloc(max, sizeof(*read));
    size_t found = 0;
    sqlite3_stmt *row;
    enum tp_step step;
    bool ok = true;

    if (!read)
        return tp_fail_memory(error);
    step = tp_db_query(store, TP_SQL_TALLY_READ,
                       TP_VALUES(tp_text(form_id), tp_text(form_version), tp_text(question)), &row,
                       doing, error);
    while (ok && step == TP_STEP_ROW && found < max) {
        read[found].count = (uint64_t)sqlite3_column_int64(row, 1);
        ok = tp_db_column_text(row, 0, read[found].choice, sizeof(read[found].choice), error);
        if (ok) {
            found++;
            step = tp_db_step(store, row, doing, error);
        }
    }
    if (ok && step == TP_STEP_ROW)
        tp_fail(error, TP_ERR_LIMIT, "the poll '%.80s' has more than %zu choices", question, max);
    tp_db_reset(row);
    ok = ok && step == TP_STEP_DONE;
    if (ok && found)
        memcpy(counts, read, found * sizeof(*read));
    if (ok)
        *count = found;
    tp_free(read);
    return ok;
}

bool tp_tally_reset(struct tp_store *store, const char *form_id, struct tp_error *error)
{
    return tp_db_run(store, TP_SQL_TALLY_RESET, TP_VALUES(tp_text(form_id)), "cannot forget a poll",
                     error);
}
