/*
 * Every allocation fails in turn, the store's own and SQLite's: no crash, no leak, no promise
 * broken, and what could not be done says so.
 */
#include "faults/store/workload.h"

/* SQLite's allocator, counted in the same row as ours: one number names any allocation. */
static sqlite3_mem_methods plain;
static uint64_t sqlite_count;
static uint64_t sqlite_fail_at; /* 0: none */
static bool fails_for_good;

static bool refused(void)
{
    sqlite_count++;
    return sqlite_fail_at &&
           (sqlite_count == sqlite_fail_at || (fails_for_good && sqlite_count > sqlite_fail_at));
}

static void *failing_malloc(int count)
{
    return refused() ? NULL : plain.xMalloc(count);
}

static void *failing_realloc(void *memory, int count)
{
    return refused() ? NULL : plain.xRealloc(memory, count);
}

static int use_failing_allocator(void **state)
{
    sqlite3_mem_methods failing;

    (void)state;
    (void)sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK)
        return -1;
    failing = plain;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK)
        return -1;
    return sqlite3_initialize();
}

/* Short: the number of runs is that of its allocations. */
static void short_day(struct work *w)
{
    (void)work_is_open(w);
    work_count(w);
    work_put(w, 0);
    work_send(w, w->agent, 1);
    work_put(w, 1);
    work_fail(w, 1);
    work_set_aside(w);
    work_put(w, 2);
    work_talk(w);
    if (w->agent)
        (void)tp_outbox_retry(w->agent, NULL, NULL, &w->error);
}

static void count_allocations(uint64_t *ours, uint64_t *sqlites)
{
    struct work w;
    uint64_t before = tp_mem_count();

    work_init(&w, 1);
    sqlite_count = 0;
    short_day(&w);
    *sqlites = sqlite_count;
    *ours = tp_mem_count() - before;
    work_check(&w, "no fault");
    work_finish(&w);
    faults_expect_none_wrong();
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(w.promises[i] >= PROMISE_SAVED, true);
}

static void run(uint64_t ours, uint64_t sqlites, bool for_good, const char *where)
{
    struct work w;

    work_init(&w, ours + sqlites);
    sqlite_count = 0;
    sqlite_fail_at = sqlites;
    fails_for_good = for_good;
    tp_mem_fail_at(ours);
    short_day(&w);
    tp_mem_fail_at(0);
    sqlite_fail_at = 0;
    faults.injected++;
    if (tp_random_below(&w.disk.random, 2))
        work_power_cycle(&w);
    work_check(&w, where);
    work_finish(&w);
}

static void every_allocation_of_ours_fails(void **state)
{
    uint64_t ours;
    uint64_t sqlites;

    (void)state;
    count_allocations(&ours, &sqlites);
    assert_in_range(ours, 10, 5000);
    for (uint64_t at = 1; at <= ours; at++)
        run(at, 0, false, "our allocation");
    faults_expect_none_wrong();
}

static void every_allocation_of_sqlite_fails(void **state)
{
    uint64_t stride = work_rounds() > 2 ? 1 : 7;
    uint64_t ours;
    uint64_t sqlites;

    (void)state;
    count_allocations(&ours, &sqlites);
    assert_in_range(sqlites, 500, 100000);
    for (uint64_t at = 1; at <= sqlites; at += stride)
        run(0, at, false, "SQLite's allocation");
    faults_expect_none_wrong();
    for (uint64_t at = 1; at <= sqlites; at += stride * 5)
        run(0, at, true, "SQLite's allocations from one on");
    faults_expect_none_wrong();
}

/* What was refused for want of memory says so, and leaves the caller's outputs alone. */
static void want_of_memory_is_named(void **state)
{
    struct work w;
    struct tp_outbox_entry entry;
    bool ok = false;

    (void)state;
    work_init(&w, 3);
    assert_true(work_is_open(&w));
    entry = work_entry(&w, 0);
    for (uint64_t at = 1; !ok; at++) {
        sqlite_count = 0;
        sqlite_fail_at = at;
        ok = tp_outbox_put(w.kiosk, &entry, &w.error);
        sqlite_fail_at = 0;
        if (!ok) {
            assert_int_equal(w.error.code, TP_ERR_MEMORY);
            assert_string_equal(w.error.text, "out of memory");
        }
        faults.injected++;
        assert_in_range(at, 1, 1000);
    }
    w.promises[0] = PROMISE_SAVED;
    work_check(&w, "after want of memory");
    work_finish(&w);
    faults_expect_none_wrong();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_ours_fails),
        cmocka_unit_test(every_allocation_of_sqlite_fails),
        cmocka_unit_test(want_of_memory_is_named),
    };

    return faults_end(cmocka_run_group_tests(tests, use_failing_allocator, NULL));
}
