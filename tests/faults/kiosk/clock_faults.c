/*
 * A resident at a screen whose wall clock leaps by years at every touch: while the surveys are
 * offered, answered, saved and cleared away. Every answer that was thanked for is there once, says
 * how its times are to be believed, and has the store's time where the store was heard; a survey is
 * offered from the day it opens to the day it closes, and a notice as long, whatever the machine's
 * clock.
 */
#include "faults/tally.h"
#include "unit/kiosk/resident.h"

#define DAY_MS INT64_C(86400000)
#define YEAR_MS INT64_C(31557600000)

/* Open from the day of resident.h to the second after it. */
static const char workbook[] = "| survey |\n| | type | name | label |\n"
                               "| | start | start | |\n| | end | end | |\n"
                               "| | select_one yn | more | More books? |\n"
                               "| choices |\n| | list_name | name | label |\n"
                               "| | yn | yes | Yes |\n| | yn | no | No |\n"
                               "| settings |\n| | form_title | form_id | version |\n"
                               "| | Books | books | 1 |\n"
                               "| consultation |\n| | name | value |\n| | title | Books |\n"
                               "| | equality | none |\n| | equality_reason | none |\n"
                               "| | opens | 2026-11-23 |\n| | closes | 2026-11-25 |\n";

static char books[64];
static int64_t true_ms;

static void leap(void)
{
    static const int64_t offs[] = {-YEAR_MS * 10, YEAR_MS * 3,   -DAY_MS, 0,
                                   DAY_MS * 40,   -YEAR_MS * 56, 3600000, -1000};

    now.wall = true_ms + offs[tp_random_below(&app->random, sizeof(offs) / sizeof(offs[0]))];
    faults.injected++;
}

static void go_on(int64_t ms)
{
    true_ms += ms;
    now.monotonic += ms;
    leap();
}

static void touch_at_any_time(const char *words)
{
    go_on(2000);
    touch(words);
}

static void answer(void)
{
    static const char *const way[] = {"start", "Continue", "books",          "Start",
                                      "Yes",   "Continue", "Send my answers"};

    for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++)
        touch_at_any_time(way[i]);
    on("thanks");
}

static void expect_minute(const struct tp_buf *xml, const char *element, int64_t ms)
{
    char utc[TP_TIME_TEXT_MAX], expected[96];

    tp_time_utc(ms, utc);
    (void)snprintf(expected, sizeof(expected), "<%s>%.16s", element, utc);
    assert_has(xml, expected);
}

/* Where the store was heard its start and end are of the true minutes. */
static void check_answer(size_t index, bool checked, int64_t started_ms)
{
    struct tp_buf xml;

    unseal(index, &xml);
    assert_int_equal(strstr(tp_buf_text(&xml), ">checked<") != NULL, checked);
    if (checked) {
        expect_minute(&xml, "start", started_ms);
        expect_minute(&xml, "end", true_ms);
    }
    tp_buf_finish(&xml);
}

static void one_resident(size_t index, bool checked)
{
    int64_t started_ms;
    uint64_t before = waiting();

    tp_app_refresh(app);
    assert_true(tp_app_build(app, NULL));
    started_ms = true_ms + 8000; /* at the touch of "Start" */
    answer();
    if (waiting() < before + 1)
        faults.lost++;
    if (waiting() > before + 1)
        faults.doubled++;
    check_answer(index, checked, started_ms);
    tp_app_home(app);
}

static void answers_are_saved_once_with_the_stores_time(void **state)
{
    (void)state;
    true_ms = now.wall;
    assert_true(tp_store_clock_check(app->store, true_ms, NULL));
    for (size_t i = 0; i < 5; i++)
        one_resident(i, true);
    assert_int_equal(waiting(), 5);
}

/* Without it there is only the machine's: the answer is as safe, and says so. */
static void where_the_store_was_not_heard_the_answer_says_so(void **state)
{
    (void)state;
    true_ms = now.wall;
    tp_app_refresh(app);
    assert_true(tp_app_build(app, NULL));
    touch("start");
    touch("Continue");
    touch("books");
    touch_at_any_time("Start");
    touch_at_any_time("Yes");
    touch_at_any_time("Continue");
    touch_at_any_time("Send my answers");
    if (waiting() != 1)
        faults.lost++;
    check_answer(0, false, 0);
}

static bool is_offered(void)
{
    struct tp_survey *list[TP_LIBRARY_MAX];

    leap();
    return tp_library_open(app->library, tp_app_today(app), list, TP_LIBRARY_MAX) > 0;
}

static void offered(int64_t at_ms, bool expected)
{
    true_ms = at_ms;
    assert_true(tp_store_clock_check(app->store, true_ms, NULL));
    if (is_offered() != expected)
        *(expected ? &faults.lost : &faults.doubled) += 1;
}

static void a_survey_opens_and_closes_by_the_stores_time(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        offered(today_ms - DAY_MS, false);
        offered(today_ms, true);
        offered(today_ms + 2 * DAY_MS, true);
        offered(today_ms + 3 * DAY_MS, false);
    }
    faults_expect_none_wrong();
}

static void nobody_is_cleared_away_by_a_leap(void **state)
{
    (void)state;
    true_ms = now.wall;
    assert_true(tp_store_clock_check(app->store, true_ms, NULL));
    touch_at_any_time("start");
    touch_at_any_time("Continue");
    on("surveys");
    for (int i = 0; i < 50; i++) {
        bool moved;

        leap();
        (void)tp_app_tick(app, &moved);
        on("surveys");
    }
    now.wall = true_ms;
    pass(INT64_C(5) * 60000 + 1000);
    on("idle");
}

static int set_up_books(void **state)
{
    char path[128];

    (void)snprintf(books, sizeof(books), "%s/surveys", folder);
    (void)snprintf(path, sizeof(path), "%s/books", books);
    if (!tp_dir_make(path, 0700, NULL))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/books/books.md", books);
    surveys = books;
    return tp_file_write_atomic(path, workbook, strlen(workbook), 0600, NULL) ? set_up(state) : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_books, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_are_saved_once_with_the_stores_time),
        TEST(where_the_store_was_not_heard_the_answer_says_so),
        TEST(a_survey_opens_and_closes_by_the_stores_time),
        TEST(nobody_is_cleared_away_by_a_leap),
    };
    return faults_end(cmocka_run_group_tests(tests, set_up_all, tear_down_all));
}
