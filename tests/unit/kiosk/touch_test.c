/*
 * Hands on the real pages (ACCESSIBILITY.md P2-P5): palms, a child who bangs all over, a tremor, a
 * finger that slides off, double and long touches, touches while the page changes; through the loop
 * that takes SDL's events, with a clock that stands still until moved.
 */
#include "tp_test.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/app_loop.h"
#include "kiosk/screens/screens.h"

static char folder[] = "/tmp/tp-touch-XXXXXX";
static struct tp_settings settings;
static struct tp_clock_fake now;
static uint64_t seed;
static struct tp_display *display;
static struct tp_app *app;
static struct tp_loop loop;

static int set_up_all(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down_all(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static int set_up(void **state)
{
    const struct tp_display_options options = {
        .width = 1920, .height = 1080, .screen_width_mm = 476, .offscreen = true};
    struct tp_app_params params = {.settings = &settings, .random = tp_random_seeded(&seed)};
    struct tp_error error;

    (void)state;
    seed = 7;
    now = (struct tp_clock_fake){.wall = 1795426867123, .monotonic = 1000000};
    tp_settings_default(&settings);
    (void)snprintf(settings.state, sizeof(settings.state), "%s", folder);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "tests/surveys");
    (void)snprintf(settings.zone, sizeof(settings.zone), "UTC");
    settings.warn_aloud = false;
    params.clock = tp_clock_from_fake(&now);
    if (!tp_display_open(&options, &display, &error))
        return -1;
    params.screen = tp_display_screen(display);
    if (!tp_app_create(&params, &app, &error))
        return -1;
    app->practice = true;
    return tp_loop_start(&loop, app, display, &now, &error) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tp_app_destroy(app);
    tp_display_close(display);
    return 0;
}

/* ---- a hand ---- */

static void settle(void)
{
    struct tp_error error;

    if (!tp_loop_settle(&loop, &error))
        fail_msg("%s", error.text);
}

static void wait(int64_t ms)
{
    tp_clock_fake_advance(&now, ms);
    settle();
}

static void finger(enum tp_input_step_kind kind, int number, int x, int y)
{
    SDL_Event event = tp_input_step_event(
        &loop.input, (struct tp_input_step){.kind = kind, .finger = number, .x = x, .y = y});
    struct tp_error error;

    if (!tp_loop_event(&loop, &event, &error))
        fail_msg("%s", error.text);
    settle();
}

struct place {
    const char *words;
    int x, y;
    bool chosen;
};

static void look(void *context, const struct tp_seen *seen)
{
    struct place *place = context;

    if (place->x || !seen->touchable ||
        (strcmp(seen->label, place->words) != 0 && strcmp(seen->id, place->words) != 0))
        return;
    place->x = seen->box.x + seen->box.w / 2;
    place->y = seen->box.y + seen->box.h / 2;
    place->chosen = seen->chosen;
}

static struct place find(const char *words)
{
    struct place place = {.words = words};

    tp_ui_walk(app->ui, look, &place);
    if (!place.x)
        fail_msg("'%s' is not on the page '%s'", words, tp_screens[tp_app_screen(app)]->name);
    return place;
}

static void tap(const char *words)
{
    struct place place = find(words);

    wait(600);
    finger(TP_STEP_DOWN, 0, place.x, place.y);
    finger(TP_STEP_UP, 0, place.x, place.y);
}

static void to_first_question(void)
{
    tap("start");
    tap("page:primary");
    tap("The park");
    tap("Start");
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
    wait(1000);
}

static int pixels(double mm)
{
    return (int)tp_mm_to_px(&app->screen, mm);
}

/* The page that shows, as a number that changes with it. */
static tp_node page(void)
{
    return tp_session_page(app->person.session);
}

/* ---- tests ---- */

static void a_palm_that_rests_on_the_screen_stops_nobody(void **state)
{
    struct place bus, walk;

    (void)state;
    to_first_question();
    bus = find("By bus");
    walk = find("I walk");
    /* The ball of the hand: one contact on an answer, three on the ground beside it. */
    finger(TP_STEP_DOWN, 3, bus.x, bus.y);
    for (int i = 4; i < 7; i++)
        finger(TP_STEP_DOWN, i, pixels(10) * i, app->screen.height / 2);
    wait(1200);
    finger(TP_STEP_DOWN, 0, walk.x, walk.y);
    finger(TP_STEP_UP, 0, walk.x, walk.y);
    assert_true(find("I walk").chosen);
    finger(TP_STEP_MOVE, 3, bus.x + 4, bus.y);
    finger(TP_STEP_UP, 3, bus.x + 4, bus.y);
    for (int i = 4; i < 7; i++)
        finger(TP_STEP_UP, i, pixels(10) * i, app->screen.height / 2);
    assert_true(find("I walk").chosen);
    assert_false(find("By bus").chosen);
}

static void a_tremor_chooses_once(void **state)
{
    static const int jitter[] = {0, 7, -9, 12, -4};
    struct place bus;

    (void)state;
    to_first_question();
    bus = find("By bus");
    /* Down and up again every 90 ms, up to 3 mm off. */
    for (size_t i = 0; i < 5; i++) {
        int x = bus.x + jitter[i], y = bus.y - jitter[4 - i];

        finger(TP_STEP_DOWN, 0, x, y);
        wait(40);
        finger(TP_STEP_MOVE, 0, x + 5, y - 4);
        finger(TP_STEP_UP, 0, x + 5, y - 4);
        wait(50);
    }
    assert_true(find("By bus").chosen);
    assert_true(loop.input.ignored > 0);
}

static void sliding_off_and_two_fingers_do_nothing(void **state)
{
    struct place next;
    tp_node first;

    (void)state;
    to_first_question();
    first = page();
    next = find("page:primary");
    finger(TP_STEP_DOWN, 0, next.x, next.y);
    finger(TP_STEP_MOVE, 0, next.x, next.y - pixels(40));
    finger(TP_STEP_UP, 0, next.x, next.y - pixels(40));
    assert_int_equal(app->person.fault_count, 0);
    /* A pinch, and a swipe from one side to the other. */
    finger(TP_STEP_DOWN, 1, 300, 540);
    finger(TP_STEP_DOWN, 2, 1600, 540);
    for (int i = 0; i < 20; i++) {
        finger(TP_STEP_MOVE, 1, 300 + 30 * i, 540);
        finger(TP_STEP_MOVE, 2, 1600 - 30 * i, 540);
    }
    finger(TP_STEP_UP, 1, 900, 540);
    finger(TP_STEP_UP, 2, 1000, 540);
    assert_int_equal(page(), first);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
    assert_false(tp_session_touched(app->person.session));
}

static void a_double_touch_turns_one_page(void **state)
{
    struct place next;
    tp_node first;

    (void)state;
    to_first_question();
    tap("By bus");
    first = page();
    next = find("page:primary");
    wait(600);
    for (int i = 0; i < 2; i++) {
        finger(TP_STEP_DOWN, 0, next.x, next.y);
        finger(TP_STEP_UP, 0, next.x, next.y);
        wait(150);
    }
    assert_int_not_equal(page(), first);
    first = page();
    /* Still within what the guards hold back; then a third touch is meant. */
    finger(TP_STEP_DOWN, 0, next.x, next.y);
    finger(TP_STEP_UP, 0, next.x, next.y);
    assert_int_equal(page(), first);
    wait(600);
    finger(TP_STEP_DOWN, 0, next.x, next.y);
    finger(TP_STEP_UP, 0, next.x, next.y);
    assert_int_not_equal(page(), first);
}

static void a_long_touch_is_a_touch(void **state)
{
    struct place bus;

    (void)state;
    to_first_question();
    bus = find("By bus");
    finger(TP_STEP_DOWN, 0, bus.x, bus.y);
    for (int i = 0; i < 50; i++) {
        wait(100);
        assert_false(find("By bus").chosen);
    }
    finger(TP_STEP_UP, 0, bus.x, bus.y);
    assert_true(find("By bus").chosen);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
}

static void a_touch_that_began_on_the_last_page_does_nothing_on_this_one(void **state)
{
    struct place next;
    tp_node second;
    struct tp_error error;

    (void)state;
    to_first_question();
    tap("By bus");
    wait(600);
    next = find("page:primary");
    finger(TP_STEP_DOWN, 0, next.x, next.y);
    /* A key turns the page under the finger. */
    assert_true(
        tp_app_handle(app,
                      &(struct tp_intent){.kind = TP_INTENT_ACTIVATE,
                                          .target = tp_ui_target_of(app->ui, "page:primary")},
                      &error));
    settle();
    second = page();
    wait(50);
    finger(TP_STEP_UP, 0, next.x, next.y);
    assert_int_equal(page(), second);
}

static uint32_t random_below(uint32_t *number, uint32_t limit)
{
    *number = *number * 1664525u + 1013904223u;
    return (*number >> 8) % limit;
}

/* Ten fingers, all over, for a minute: the screen stays whole, and what comes of it is marked. */
static void a_child_who_bangs_breaks_nothing_and_is_marked(void **state)
{
    uint32_t number = 11;

    (void)state;
    to_first_question();
    for (int i = 0; i < 1500 && app->person.session; i++) {
        enum tp_input_step_kind kind = (enum tp_input_step_kind)random_below(&number, 3);
        int bottom = app->screen.height - pixels(40);

        /* Above the buttons that lead out, where small hands reach. */
        finger(kind, (int)random_below(&number, 10),
               (int)random_below(&number, (uint32_t)app->screen.width),
               (int)random_below(&number, (uint32_t)bottom));
        if (i % 4 == 0)
            wait(random_below(&number, 160));
    }
    assert_non_null(app->person.session);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
    assert_string_equal(tp_pace_word(&app->pace, now.monotonic, app->person.visited_count),
                        "bashed");
    wait(1500);
    tap("bar:help");
    tap("leave");
    if (tp_app_screen(app) == TP_SCREEN_LEAVE)
        tap("page:primary");
    assert_int_equal(tp_person_hash(&app->person), app->fresh_hash);
    assert_int_equal(app->pace.slips, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_palm_that_rests_on_the_screen_stops_nobody),
        TEST(a_tremor_chooses_once),
        TEST(sliding_off_and_two_fingers_do_nothing),
        TEST(a_double_touch_turns_one_page),
        TEST(a_long_touch_is_a_touch),
        TEST(a_touch_that_began_on_the_last_page_does_nothing_on_this_one),
        TEST(a_child_who_bangs_breaks_nothing_and_is_marked),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
