/* One finger, forgiven: ACCESSIBILITY.md P2, P3 and P5. */
#include "input_hand.h"

/* ---- P2 ---- */

static void a_press_and_release_inside_activates(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_int_equal(press(&hand, LEFT_X), TP_INTENT_PRESS);
    assert_int_equal(hand.intent.target, LEFT);
    assert_int_equal(step(&hand, TP_STEP_MOVE, LEFT_X + 60, 0), TP_INTENT_NONE);
    assert_int_equal(release(&hand, LEFT_X + 90), TP_INTENT_ACTIVATE);
    assert_int_equal(hand.intent.target, LEFT);
}

static void sliding_off_cancels_for_good(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    (void)press(&hand, LEFT_X);
    assert_int_equal(step(&hand, TP_STEP_MOVE, GROUND_X, 0), TP_INTENT_CANCEL);
    assert_int_equal(hand.intent.target, LEFT);
    assert_int_equal(step(&hand, TP_STEP_MOVE, LEFT_X, 0), TP_INTENT_NONE);
    assert_int_equal(release(&hand, LEFT_X), TP_INTENT_NONE);
}

static void a_press_on_one_and_a_release_on_another_does_nothing(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    (void)press(&hand, LEFT_X);
    assert_int_equal(release(&hand, RIGHT_X), TP_INTENT_CANCEL);
    assert_int_equal(hand.intent.target, LEFT);
    wait(&hand, 10);
    assert_int_equal(tap(&hand, RIGHT_X), TP_INTENT_ACTIVATE);
}

static void a_press_on_empty_ground_does_nothing(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_int_equal(press(&hand, GROUND_X), TP_INTENT_NONE);
    assert_int_equal(step(&hand, TP_STEP_MOVE, LEFT_X, 0), TP_INTENT_NONE);
    assert_int_equal(release(&hand, LEFT_X), TP_INTENT_NONE);
}

/* ---- P3 ---- */

static void the_same_press_within_half_a_second_is_ignored(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_int_equal(tap(&hand, LEFT_X), TP_INTENT_ACTIVATE);
    wait(&hand, 499);
    assert_int_equal(press(&hand, LEFT_X), TP_INTENT_NONE);
    assert_int_equal(release(&hand, LEFT_X), TP_INTENT_NONE);
    assert_int_equal(hand.input.ignored, 1);
    start(&hand);
    (void)tap(&hand, LEFT_X);
    wait(&hand, 501);
    assert_int_equal(tap(&hand, LEFT_X), TP_INTENT_ACTIVATE);
}

static void another_target_answers_at_once(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    (void)tap(&hand, LEFT_X);
    wait(&hand, 30);
    assert_int_equal(tap(&hand, RIGHT_X), TP_INTENT_ACTIVATE);
}

static void ignored_presses_do_not_lock_a_target(void **state)
{
    struct hand hand;
    int activated = 0;

    (void)state;
    start(&hand);
    /* A hand that trembles ten times a second for two seconds. */
    for (int i = 0; i < 20; i++) {
        activated += tap(&hand, LEFT_X) == TP_INTENT_ACTIVATE;
        wait(&hand, 100);
    }
    assert_int_equal(activated, 4);
}

static void the_wait_is_configured(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    hand.input.options.repeat_ms = 0;
    (void)tap(&hand, LEFT_X);
    assert_int_equal(tap(&hand, LEFT_X), TP_INTENT_ACTIVATE);
}

/* ---- P5 ---- */

static void touches_right_after_a_change_of_page_are_ignored(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    tp_input_page_changed(&hand.input);
    wait(&hand, 399);
    assert_int_equal(tap(&hand, LEFT_X), TP_INTENT_NONE);
    wait(&hand, 2);
    assert_int_equal(tap(&hand, LEFT_X), TP_INTENT_ACTIVATE);
}

static void a_finger_that_is_down_while_the_page_changes_does_nothing(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    (void)press(&hand, LEFT_X);
    tp_input_page_changed(&hand.input);
    wait(&hand, 5000);
    assert_int_equal(release(&hand, LEFT_X), TP_INTENT_NONE);
}

static void a_second_finger_is_ignored(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_int_equal(step(&hand, TP_STEP_DOWN, LEFT_X, 1), TP_INTENT_PRESS);
    assert_int_equal(step(&hand, TP_STEP_DOWN, RIGHT_X, 2), TP_INTENT_NONE);
    assert_int_equal(step(&hand, TP_STEP_UP, RIGHT_X, 2), TP_INTENT_NONE);
    assert_int_equal(step(&hand, TP_STEP_MOVE, GROUND_X, 2), TP_INTENT_NONE);
    assert_int_equal(step(&hand, TP_STEP_UP, LEFT_X, 1), TP_INTENT_ACTIVATE);
    assert_int_equal(hand.intent.target, LEFT);
}

static void a_palm_on_the_ground_does_not_stop_a_finger(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    for (int palm = 3; palm < 8; palm++)
        assert_int_equal(step(&hand, TP_STEP_DOWN, GROUND_X, palm), TP_INTENT_NONE);
    assert_int_equal(tap(&hand, LEFT_X), TP_INTENT_ACTIVATE);
}

static void a_palm_that_rests_on_a_target_gives_way(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_int_equal(step(&hand, TP_STEP_DOWN, LEFT_X, 5), TP_INTENT_PRESS);
    wait(&hand, TP_INPUT_RESTING_MS - 1);
    assert_int_equal(step(&hand, TP_STEP_DOWN, RIGHT_X, 1), TP_INTENT_NONE);
    wait(&hand, 1);
    assert_int_equal(step(&hand, TP_STEP_DOWN, RIGHT_X, 2), TP_INTENT_PRESS);
    assert_int_equal(step(&hand, TP_STEP_UP, RIGHT_X, 2), TP_INTENT_ACTIVATE);
    assert_int_equal(hand.intent.target, RIGHT);
    assert_int_equal(step(&hand, TP_STEP_UP, LEFT_X, 5), TP_INTENT_NONE);
}

static void a_slow_press_is_a_press(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    (void)press(&hand, LEFT_X);
    wait(&hand, 8000);
    assert_int_equal(release(&hand, LEFT_X), TP_INTENT_ACTIVATE);
}

/* ---- the mouse and the window ---- */

static bool mouse(struct hand *hand, uint32_t type, uint32_t which, uint8_t button, int x)
{
    SDL_Event event;

    memset(&event, 0, sizeof(event));
    event.type = type;
    if (type == SDL_MOUSEMOTION) {
        event.motion.which = which;
        event.motion.x = x;
        event.motion.y = Y;
    } else {
        event.button.which = which;
        event.button.button = button;
        event.button.x = x;
        event.button.y = Y;
    }
    return tp_input_event(&hand->input, &event, &hand->intent);
}

static void the_mouse_works_as_a_finger(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_true(mouse(&hand, SDL_MOUSEBUTTONDOWN, 0, SDL_BUTTON_LEFT, LEFT_X));
    assert_int_equal(hand.intent.kind, TP_INTENT_PRESS);
    assert_true(mouse(&hand, SDL_MOUSEBUTTONUP, 0, SDL_BUTTON_LEFT, LEFT_X));
    assert_int_equal(hand.intent.kind, TP_INTENT_ACTIVATE);
    wait(&hand, 1000);
    assert_true(mouse(&hand, SDL_MOUSEBUTTONDOWN, 0, SDL_BUTTON_LEFT, LEFT_X));
    assert_true(mouse(&hand, SDL_MOUSEMOTION, 0, 0, GROUND_X));
    assert_int_equal(hand.intent.kind, TP_INTENT_CANCEL);
    assert_false(mouse(&hand, SDL_MOUSEBUTTONUP, 0, SDL_BUTTON_LEFT, GROUND_X));
}

static void what_sdl_makes_of_touches_is_dropped(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    assert_false(mouse(&hand, SDL_MOUSEBUTTONDOWN, SDL_TOUCH_MOUSEID, SDL_BUTTON_LEFT, LEFT_X));
    assert_false(mouse(&hand, SDL_MOUSEBUTTONDOWN, 0, SDL_BUTTON_RIGHT, LEFT_X));
}

static void a_window_in_other_units_is_scaled(void **state)
{
    struct hand hand;

    (void)state;
    start(&hand);
    tp_input_set_size(&hand.input, 1000, 500, 500, 250);
    memset(&hand.intent, 0, sizeof(hand.intent));
    /* 350 of 500 is 700 of 1000. */
    assert_false(mouse(&hand, SDL_MOUSEMOTION, 0, 0, 350));
    SDL_Event event = {.type = SDL_MOUSEBUTTONDOWN};

    event.button.button = SDL_BUTTON_LEFT;
    event.button.x = 350;
    event.button.y = 125;
    assert_true(tp_input_event(&hand.input, &event, &hand.intent));
    assert_int_equal(hand.intent.target, RIGHT);
}

static void the_window_asks_to_be_drawn(void **state)
{
    struct hand hand;
    SDL_Event event;

    (void)state;
    start(&hand);
    memset(&event, 0, sizeof(event));
    event.type = SDL_WINDOWEVENT;
    event.window.event = SDL_WINDOWEVENT_EXPOSED;
    assert_true(tp_input_event(&hand.input, &event, &hand.intent));
    assert_int_equal(hand.intent.kind, TP_INTENT_REDRAW);
    event.window.event = SDL_WINDOWEVENT_SIZE_CHANGED;
    assert_true(tp_input_event(&hand.input, &event, &hand.intent));
    assert_int_equal(hand.intent.kind, TP_INTENT_RESIZED);
    event.type = SDL_QUIT;
    assert_true(tp_input_event(&hand.input, &event, &hand.intent));
    assert_int_equal(hand.intent.kind, TP_INTENT_QUIT);
    event.type = SDL_USEREVENT;
    event.user.code = 7;
    assert_true(tp_input_event(&hand.input, &event, &hand.intent));
    assert_int_equal(hand.intent.kind, TP_INTENT_WAKE);
    assert_int_equal(hand.intent.target, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_press_and_release_inside_activates),
        cmocka_unit_test(sliding_off_cancels_for_good),
        cmocka_unit_test(a_press_on_one_and_a_release_on_another_does_nothing),
        cmocka_unit_test(a_press_on_empty_ground_does_nothing),
        cmocka_unit_test(the_same_press_within_half_a_second_is_ignored),
        cmocka_unit_test(another_target_answers_at_once),
        cmocka_unit_test(ignored_presses_do_not_lock_a_target),
        cmocka_unit_test(the_wait_is_configured),
        cmocka_unit_test(touches_right_after_a_change_of_page_are_ignored),
        cmocka_unit_test(a_finger_that_is_down_while_the_page_changes_does_nothing),
        cmocka_unit_test(a_second_finger_is_ignored),
        cmocka_unit_test(a_palm_on_the_ground_does_not_stop_a_finger),
        cmocka_unit_test(a_palm_that_rests_on_a_target_gives_way),
        cmocka_unit_test(a_slow_press_is_a_press),
        cmocka_unit_test(the_mouse_works_as_a_finger),
        cmocka_unit_test(what_sdl_makes_of_touches_is_dropped),
        cmocka_unit_test(a_window_in_other_units_is_scaled),
        cmocka_unit_test(the_window_asks_to_be_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
