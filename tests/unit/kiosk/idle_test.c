/* kiosk/app_idle: the warning and the wipe when nobody is there (ACCESSIBILITY.md S1). */
#include "tp_test.h"

#include "kiosk/app_idle.h"

#define MINUTE INT64_C(60000)

static void nothing_happens_before_the_limit(void **state)
{
    struct tp_idle idle;

    (void)state;
    tp_idle_init(&idle, 5 * MINUTE);
    tp_idle_arm(&idle, 1000);
    assert_int_equal(tp_idle_next_ms(&idle, 1000), 5 * MINUTE);
    assert_int_equal(tp_idle_tick(&idle, 1000 + 5 * MINUTE - 1), TP_IDLE_NOTHING);
    assert_int_equal(tp_idle_tick(&idle, 1000 + 5 * MINUTE), TP_IDLE_WARN);
}

static void warning_lasts_45_seconds_then_wipes_once(void **state)
{
    struct tp_idle idle;
    int64_t warned = 2 * MINUTE;

    (void)state;
    tp_idle_init(&idle, 2 * MINUTE);
    tp_idle_arm(&idle, 0);
    assert_int_equal(tp_idle_tick(&idle, warned), TP_IDLE_WARN);
    assert_int_equal(tp_idle_next_ms(&idle, warned), 45000);
    assert_int_equal(tp_idle_tick(&idle, warned + 1), TP_IDLE_NOTHING);
    assert_int_equal(tp_idle_tick(&idle, warned + 44999), TP_IDLE_NOTHING);
    assert_int_equal(tp_idle_tick(&idle, warned + 45000), TP_IDLE_WIPE);
    assert_int_equal(tp_idle_tick(&idle, warned + 99999), TP_IDLE_NOTHING);
    assert_int_equal(tp_idle_next_ms(&idle, warned + 99999), -1);
}

static void answering_the_warning_gives_the_whole_time_again_without_limit(void **state)
{
    struct tp_idle idle;
    int64_t now = 0;

    (void)state;
    tp_idle_init(&idle, 2 * MINUTE);
    tp_idle_arm(&idle, now);
    for (int i = 0; i < 100; i++) {
        now += 2 * MINUTE;
        assert_int_equal(tp_idle_tick(&idle, now), TP_IDLE_WARN);
        now += 44999;
        tp_idle_activity(&idle, now);
        assert_false(idle.warning);
        assert_int_equal(tp_idle_next_ms(&idle, now), 2 * MINUTE);
    }
}

static void activity_puts_the_warning_off(void **state)
{
    struct tp_idle idle;

    (void)state;
    tp_idle_init(&idle, 2 * MINUTE);
    tp_idle_arm(&idle, 0);
    tp_idle_activity(&idle, MINUTE);
    assert_int_equal(tp_idle_tick(&idle, 2 * MINUTE), TP_IDLE_NOTHING);
    assert_int_equal(tp_idle_tick(&idle, 3 * MINUTE), TP_IDLE_WARN);
}

static void arming_again_does_not_put_it_off(void **state)
{
    struct tp_idle idle;

    (void)state;
    tp_idle_init(&idle, 2 * MINUTE);
    tp_idle_arm(&idle, 0);
    tp_idle_arm(&idle, MINUTE);
    assert_int_equal(tp_idle_tick(&idle, 2 * MINUTE), TP_IDLE_WARN);
}

static void unarmed_never_fires(void **state)
{
    struct tp_idle idle;

    (void)state;
    tp_idle_init(&idle, 2 * MINUTE);
    assert_int_equal(tp_idle_next_ms(&idle, 0), -1);
    assert_int_equal(tp_idle_tick(&idle, 100 * MINUTE), TP_IDLE_NOTHING);
    tp_idle_arm(&idle, 0);
    tp_idle_disarm(&idle);
    assert_int_equal(tp_idle_tick(&idle, 100 * MINUTE), TP_IDLE_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_happens_before_the_limit),
        cmocka_unit_test(warning_lasts_45_seconds_then_wipes_once),
        cmocka_unit_test(answering_the_warning_gives_the_whole_time_again_without_limit),
        cmocka_unit_test(activity_puts_the_warning_off),
        cmocka_unit_test(arming_again_does_not_put_it_off),
        cmocka_unit_test(unarmed_never_fires),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
