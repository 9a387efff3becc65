/*
 * Power cuts at every operation, operations that fail, a full disk, a read-only disk, syncs that
 * fail: what was promised holds.
 */
#include <limits.h>

#include "faults/store/workload.h"

static uint64_t operations_of_a_day(bool reads)
{
    struct work w;
    uint64_t count;

    work_init(&w, 1);
    w.disk.reads_count = reads;
    work_day(&w);
    count = w.disk.operations;
    work_check(&w, "no fault");
    for (unsigned i = 0; i < 8; i++)
        assert_int_not_equal(w.promises[i], PROMISE_DOUBTFUL);
    work_finish(&w);
    assert_in_range(count, 50, 100000);
    return count;
}

/* Since it was last asked. */
static void expect_nothing_wrong(void)
{
    static uint64_t known;
    uint64_t wrong = faults_wrong() - known;

    known += wrong;
    assert_int_equal(wrong, 0);
}

static void a_day_without_faults_keeps_every_promise(void **state)
{
    (void)state;
    (void)operations_of_a_day(false);
    expect_nothing_wrong();
}

static void the_power_goes_at_every_operation(void **state)
{
    uint64_t count = operations_of_a_day(false);

    (void)state;
    for (uint64_t round = 0; round < work_rounds(); round++) {
        for (uint64_t at = 1; at <= count; at++) {
            char where[64];
            struct work w;

            (void)snprintf(where, sizeof(where), "cut at %llu, round %llu", (unsigned long long)at,
                           (unsigned long long)round);
            work_init(&w, at * 1000 + round);
            w.disk.fault = DISK_POWER_CUT;
            w.disk.fault_at = at;
            work_day(&w);
            work_power_cycle(&w);
            faults.injected++;
            work_check(&w, where);
            work_finish(&w);
        }
    }
    expect_nothing_wrong();
}

/* A cut, and another while the store recovers from it or is used again. */
static void the_power_goes_twice(void **state)
{
    uint64_t count = operations_of_a_day(false);

    (void)state;
    for (uint64_t round = 0; round < work_rounds(); round++) {
        for (uint64_t at = 1 + round % 3; at <= count; at += 3) {
            char where[64];
            struct work w;

            (void)snprintf(where, sizeof(where), "cuts at %llu, round %llu", (unsigned long long)at,
                           (unsigned long long)round);
            work_init(&w, at * 1000 + round);
            w.disk.fault = DISK_POWER_CUT;
            w.disk.fault_at = at;
            work_day(&w);
            work_power_cycle(&w);
            w.disk.fault = DISK_POWER_CUT;
            w.disk.fault_at = w.disk.operations + 1 + tp_random_below(&w.disk.random, 24);
            (void)work_is_open(&w);
            work_put(&w, 8);
            work_send(&w, w.agent, 2);
            work_put(&w, 9);
            work_power_cycle(&w);
            faults.injected += 2;
            work_check(&w, where);
            work_finish(&w);
        }
    }
    expect_nothing_wrong();
}

static void strike(enum disk_fault fault, bool reads, const char *name)
{
    uint64_t count = operations_of_a_day(reads);

    for (uint64_t round = 0; round < work_rounds(); round++) {
        for (uint64_t at = 1 + round % 3; at <= count; at += 3) {
            char where[96];
            struct work w;

            (void)snprintf(where, sizeof(where), "%s at %llu, round %llu", name,
                           (unsigned long long)at, (unsigned long long)round);
            work_init(&w, at * 1000 + round);
            w.disk.reads_count = reads;
            w.disk.fault = fault;
            w.disk.fault_at = at;
            work_day(&w);
            w.disk.fault = DISK_NO_FAULT;
            faults.injected++;
            /* Half of them also lose power while the fault's traces are fresh. */
            if (tp_random_below(&w.disk.random, 2))
                work_power_cycle(&w);
            work_check(&w, where);
            work_finish(&w);
        }
    }
    expect_nothing_wrong();
}

static void every_operation_fails_once(void **state)
{
    (void)state;
    strike(DISK_FAILS_ONCE, true, "failing once");
}

static void the_disk_fails_for_good(void **state)
{
    (void)state;
    strike(DISK_FAILS, false, "failing");
}

static void every_sync_fails_once(void **state)
{
    (void)state;
    strike(DISK_SYNC_FAILS, false, "failing sync");
}

static void the_disk_fills_up(void **state)
{
    (void)state;
    strike(DISK_FULL, false, "full disk");
}

static void the_disk_turns_read_only(void **state)
{
    (void)state;
    strike(DISK_READ_ONLY, false, "read-only disk");
}

/* What staff are told, before a resident starts. */
static void a_disk_that_cannot_save_says_so(void **state)
{
    static const struct {
        enum disk_fault fault;
        const char *words;
    } cases[] = {
        {DISK_FULL, "the disk is full"},
        {DISK_READ_ONLY, "read-only"},
        {DISK_FAILS, "the disk fails"},
        {DISK_SYNC_FAILS, "the disk fails"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct work w;

        work_init(&w, i);
        assert_true(work_is_open(&w));
        /* Or the log, once long, is used again from its start, where even a full disk takes it. */
        w.kiosk->log_soon = INT_MAX;
        w.kiosk->log_must = INT_MAX;
        assert_true(tp_store_can_save(w.kiosk, &w.error));
        w.disk.fault = cases[i].fault;
        w.disk.fault_at = 1;
        assert_false(tp_store_can_save(w.kiosk, &w.error));
        assert_non_null(strstr(w.error.text, "nothing can be saved"));
        assert_non_null(strstr(w.error.text, cases[i].words));
        w.disk.fault = DISK_NO_FAULT;
        assert_true(tp_store_can_save(w.kiosk, &w.error));
        work_finish(&w);
    }
}

/* The disk under the tests loses what was not synced: a store that never syncs must be caught. */
static void the_tests_would_see_a_store_that_does_not_sync(void **state)
{
    uint64_t lost = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        struct work w;

        work_init(&w, seed);
        assert_true(work_is_open(&w));
        work_put(&w, 0);
        assert_int_equal(sqlite3_exec(w.kiosk->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL),
                         SQLITE_OK);
        for (unsigned i = 1; i < 6; i++)
            work_put(&w, i);
        work_power_cycle(&w);
        for (unsigned i = 0; work_is_open(&w) && i < 6; i++) {
            const struct tp_value id = tp_text(fixture_id(i));
            int64_t known = 0;

            if (tp_db_integer(w.kiosk, TP_SQL_PUT_KNOWN, &id, 1, &known, "look", &w.error))
                lost += !known;
        }
        work_finish(&w);
    }
    assert_true(lost > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_without_faults_keeps_every_promise),
        cmocka_unit_test(the_tests_would_see_a_store_that_does_not_sync),
        cmocka_unit_test(a_disk_that_cannot_save_says_so),
        cmocka_unit_test(the_power_goes_at_every_operation),
        cmocka_unit_test(the_power_goes_twice),
        cmocka_unit_test(every_operation_fails_once),
        cmocka_unit_test(the_disk_fails_for_good),
        cmocka_unit_test(every_sync_fails_once),
        cmocka_unit_test(the_disk_fills_up),
        cmocka_unit_test(the_disk_turns_read_only),
    };

    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
