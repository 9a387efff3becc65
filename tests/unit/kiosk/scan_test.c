/* kiosk/app_scan: one switch. Each thing has its whole time, and what was taken starts it again. */
#include "resident.h"

#define PACE TP_SCAN_PACE_MS

/* The switch. */
static void press(void)
{
    const struct tp_intent intent = {.kind = TP_INTENT_SCAN, .by_key = true};

    assert_true(tp_app_handle(app, &intent, NULL));
}

static uint32_t focused(void)
{
    return tp_ui_focused(app->ui);
}

/* What has the focus keeps it for the pace, and then the next has it. */
static void expect_whole_time(void)
{
    uint32_t first = focused();

    pass(PACE - 1);
    assert_int_equal(focused(), first);
    pass(1);
    assert_int_not_equal(focused(), first);
}

static void each_thing_has_its_whole_time(void **state)
{
    (void)state;
    assert_int_equal(focused(), 0);
    pass(10 * PACE);
    assert_int_equal(focused(), 0);
    press();
    assert_int_not_equal(focused(), 0);
    expect_whole_time();
    expect_whole_time();
}

static void a_new_page_starts_it_again(void **state)
{
    (void)state;
    press();
    while (focused() != tp_ui_target_of(app->ui, "start"))
        pass(PACE);
    pass(PACE / 2);
    press();
    on("read");
    expect_whole_time();
}

static void it_rests_after_its_rounds_and_the_next_press_starts_it(void **state)
{
    uint32_t rests;

    (void)state;
    press();
    pass(100 * PACE);
    rests = focused();
    pass(100 * PACE);
    assert_int_equal(focused(), rests);
    on("welcome");
    press();
    on("welcome");
    expect_whole_time();
}

static void a_key_that_was_taken_leads_back_to_the_rows(void **state)
{
    (void)state;
    go_to_age();
    press();
    while (!tp_ui_focus_is_key(app->ui))
        pass(PACE);
    assert_int_equal(tp_ui_reach(app->ui), TP_REACH_ROWS);
    pass(PACE / 2);
    press();
    assert_int_equal(tp_ui_reach(app->ui), TP_REACH_ROW);
    expect_whole_time();
    press();
    assert_int_equal(tp_ui_reach(app->ui), TP_REACH_ROWS);
}

static void a_touch_ends_it(void **state)
{
    const struct tp_intent touched = {.kind = TP_INTENT_CANCEL};
    uint32_t last;

    (void)state;
    press();
    assert_true(tp_app_handle(app, &touched, NULL));
    last = focused();
    pass(10 * PACE);
    assert_int_equal(focused(), last);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_thing_has_its_whole_time),
        TEST(a_new_page_starts_it_again),
        TEST(it_rests_after_its_rounds_and_the_next_press_starts_it),
        TEST(a_key_that_was_taken_leads_back_to_the_rows),
        TEST(a_touch_ends_it),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
