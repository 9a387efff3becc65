/*
 * The kinds of question that need more than one touch: tables, a day with a time, long lists, an
 * order. They are asked by surveys/gallery, as a person meets them.
 */
#include "gallery.h"
#include "kiosk/widgets/answer_words.h"

/* ---- tables ---- */

static void a_table_is_asked_row_by_row_under_its_words(void **state)
{
    (void)state;
    go_to("/data/table/table_first");
    see("The same answers for several questions");
    see("The hours suit me");
    choose("Agree");
    see("The same answers for several questions");
    see("The staff help me");
    choose("Disagree");
    touch("Continue");
    see("Have you used these?");
    see("The library computers");
    answered("/data/table/table_second", "disagree");
}

/* ---- a day and a time ---- */

static void a_day_and_a_time_are_one_answer(void **state)
{
    (void)state;
    go_to("/data/days/date_time");
    choose("One hour later");
    see("Enter a day, a month and a year, and choose a time");
    touch("A day and a time Day");
    on("typing");
    type("27");
    type("3");
    touch("A day and a time Year");
    type("2026");
    touch("Done");
    on("question");
    touch("A quarter of an hour later");
    choose("Clear");
    see("Choose a time");
    touch("One hour earlier");
    choose("A quarter of an hour later");
    answered("/data/days/date_time", "2026-03-27T12:15:00.000+00:00");
    touch("Back");
    see("27");
    see("12 pm");
    go_to_the_end();
    see("27 March 2026, 12:15 pm");
}

static void less_than_a_day_is_read_back_as_less(void **state)
{
    (void)state;
    go_to("/data/days/date_month");
    type("3");
    touch("A month Year");
    reply("1958");
    reply("1961");
    go_to_the_end();
    see("March 1958");
    assert_false(says("1 March 1958"));
    see("1961");
    assert_false(says("1 January 1961"));
}

/* ---- long lists ---- */

static void a_few_letters_find_an_answer(void **state)
{
    (void)state;
    go_to("/data/one/one_search");
    see("Adderbury");
    see("There are more answers.");
    type("NOR");
    see("Hook Norton");
    assert_false(says("Adderbury"));
    touch("Hook Norton");
    answered("/data/one/one_search", "hook_norton");
    for (int i = 0; i < 3; i++)
        touch("Delete");
    type("zz");
    see("No other answer has these letters.");
    see("Hook Norton");
    touch("Hook Norton");
    answered("/data/one/one_search", "");
    touch("Delete word");
    see("Adderbury");
}

static void several_are_found_one_after_the_other(void **state)
{
    (void)state;
    go_to("/data/many/many_search");
    type("wo");
    touch("Wootton");
    touch("Woodcote");
    touch("Delete word");
    type("isl");
    touch("Islip");
    answered("/data/many/many_search", "islip woodcote wootton");
    touch("Continue");
    answered("/data/many/many_search", "islip woodcote wootton");
}

/* On a tablet with the largest text the question's words and the keys do not fit together. */
static void the_keys_show_first_where_they_stand_alone(void **state)
{
    struct tp_action largest = {.id = TP_ACT_SIZE, .argument = TP_SIZE_LARGEST};

    (void)state;
    app->screen = tp_screen_make(1280, 800, 217, 0);
    tp_ui_set_screen(app->ui, app->screen);
    tp_app_act(app, &largest);
    go_to("/data/one/one_search");
    touch("One of many");
    on("typing");
    assert_true(tp_ui_parts(app->ui) > 1);
    assert_int_equal(tp_ui_part(app->ui), tp_ui_parts(app->ui) - 1);
    type("hook");
    see("Answers with these letters: 1");
    touch("Done");
    see("Hook Norton");
}

/* ---- the keyboard ---- */

static void the_order_of_keys_is_kept_until_the_person_goes(void **state)
{
    (void)state;
    go_to("/data/words/text_short");
    touch("Letters in the order of the alphabet");
    touch("A");
    touch("b");
    see("Ab");
    touch("full stop");
    choose("Delete word");
    assert_true(app->person.keys_ordered);
    touch("Next line");
    touch("Letters as on other keyboards");
    touch("Letters in the order of the alphabet");
    tp_app_home(app);
    assert_false(app->person.keys_ordered);
}

/* ---- an order ---- */

static void find_focus(void *context, const struct tp_seen *seen)
{
    if (seen->focused)
        *(const char **)context = seen->spoken;
}

static bool focus_is_on(const char *words)
{
    const char *spoken = "";

    tp_ui_walk(app->ui, find_focus, &spoken);
    return strcmp(spoken, words) == 0;
}

static void press(enum tp_intent_kind kind)
{
    struct tp_error error;

    assert_true(tp_app_handle(app, &(struct tp_intent){.kind = kind, .by_key = true}, &error));
}

/* With two keys: on to what is called so, and select. */
static void select_by_keys(const char *words)
{
    for (int i = 0; i < 200 && !focus_is_on(words); i++)
        press(TP_INTENT_NEXT);
    assert_true(focus_is_on(words));
    press(TP_INTENT_SELECT);
}

/* With one: the focus moves by itself until the switch is pressed. */
static void select_by_switch(const char *words)
{
    press(TP_INTENT_SCAN);
    for (int i = 0; i < 2000 && !focus_is_on(words); i++)
        pass(100);
    assert_true(focus_is_on(words));
    press(TP_INTENT_SCAN);
}

static void an_order_is_made_by_touch_and_moved_by_buttons(void **state)
{
    (void)state;
    go_to("/data/many/rank");
    touch("More books");
    touch("More events");
    answered("/data/many/rank", "books events");
    see("Your order");
    touch("Move down: More books");
    answered("/data/many/rank", "events books");
    touch("Longer hours");
    touch("Move up: Longer hours");
    touch("Move up: Longer hours");
    answered("/data/many/rank", "hours events books");
    go_to_the_end();
    see("1. Longer hours\n2. More events\n3. More books");
    touch("Change: Put these in order");
    touch("Take out: More events");
    answered("/data/many/rank", "hours books");
    see("More events");
    select_by_keys("Take out: Longer hours");
    answered("/data/many/rank", "books");
    select_by_switch("Take out: More books");
    answered("/data/many/rank", "");
    touch("More events");
    touch("Start the order again");
    answered("/data/many/rank", "");
    assert_false(says("Your order"));
}

/* ---- how answers are shown ---- */

static void large_numbers_are_parted_and_hidden_words_stay_hidden(void **state)
{
    (void)state;
    go_to("/data/words/text_masked");
    type("secret");
    assert_false(says("secret"));
    touch("Continue");
    touch("Continue");
    touch("Continue");
    type("1250000");
    see("1,250,000");
    touch("Continue");
    answered("/data/numbers/number_thousands", "1250000");
    go_to_the_end();
    see("1,250,000");
    see("Answered, and not shown here");
    assert_false(says("secret"));
}

static void shown(const char *value, const char *appearance, const char *wanted)
{
    struct tp_buf words;

    tp_buf_init(&words, 1000);
    tp_show_day(app, value, appearance, &words);
    assert_string_equal(tp_buf_text(&words), wanted);
    tp_buf_finish(&words);
}

static void a_day_in_a_label_is_in_the_language_of_the_survey(void **state)
{
    (void)state;
    go_to("/data/days/date_day");
    shown("2026-11-26", "", "26 November 2026");
    shown("2026-11-26", "month-year", "November 2026");
    shown("09:30:00.000+00:00", "", "9:30 am");
    shown("2026-11-26T09:30:00.000+00:00", "", "26 November 2026, 9:30 am");
    /* The gallery has no Polish: a Polish month would stand in an English sentence. */
    tp_app_set_language(app, "pl");
    shown("2026-11-26", "", "2026-11-26");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_gallery, tear_down)
        TEST(a_day_in_a_label_is_in_the_language_of_the_survey),
        TEST(a_table_is_asked_row_by_row_under_its_words),
        TEST(a_day_and_a_time_are_one_answer),
        TEST(less_than_a_day_is_read_back_as_less),
        TEST(a_few_letters_find_an_answer),
        TEST(several_are_found_one_after_the_other),
        TEST(the_keys_show_first_where_they_stand_alone),
        TEST(the_order_of_keys_is_kept_until_the_person_goes),
        TEST(an_order_is_made_by_touch_and_moved_by_buttons),
        TEST(large_numbers_are_parted_and_hidden_words_stay_hidden),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
