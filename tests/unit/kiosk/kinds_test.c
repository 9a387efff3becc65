/*
 * The kinds of question that need more than one touch: repeats, tables, a day with a time, long
 * lists. They are asked by surveys/gallery, as a person meets them.
 */
#include "kiosk/app_answer.h"
#include "kiosk/widgets/answer_words.h"
#include "resident.h"

/* 10 January 2099: the gallery is open. */
#define GALLERY_NOW INT64_C(4071722400000)

static int set_up_gallery(void **state)
{
    surveys = "surveys";
    today_ms = GALLERY_NOW;
    return set_up(state);
}

/* Straight to the page of a question: what comes before it is other tests' matter. */
static void go_to(const char *path)
{
    struct tp_survey *survey = tp_library_find(app->library, "gallery");
    tp_node node;

    assert_non_null(survey);
    tp_answer_open(app, survey);
    tp_answer_start(app);
    node = tp_session_find(app->person.session, path);
    assert_true(tp_session_goto(app->person.session, node));
    tp_answer_show(app);
    assert_true(tp_app_build(app, NULL));
    on("question");
}

/* The check page, as one who saw every page of the survey comes to it. */
static void go_to_the_end(void)
{
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count;

    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        tp_person_visit(&app->person, tp_session_page_of(session, nodes[i]));
    (void)tp_session_goto(session, TP_NODE_NONE);
    tp_answer_show(app);
    assert_true(tp_app_build(app, NULL));
    on("check");
}

static void answered(const char *path, const char *value)
{
    const char *given =
        tp_session_value(app->person.session, tp_session_find(app->person.session, path));

    assert_string_equal(given ? given : "(none)", value);
}

static void reply(const char *text)
{
    type(text);
    touch("Continue");
}

static void choose(const char *answer)
{
    touch(answer);
    touch("Continue");
}

/* ---- repeats ---- */

static void go_to_journeys(void)
{
    go_to("/data/trip[1]/trip_to");
    reply("Banbury");
    see("How did you get to Banbury?");
    choose("By bus");
    see("Added so far: 1");
    see("Banbury, By bus");
}

/* A second journey, without saying how. */
static void add_didcot(void)
{
    touch("Add another");
    reply("Didcot");
    touch("Continue");
}

static void another_is_added_and_both_are_told_apart(void **state)
{
    (void)state;
    go_to_journeys();
    touch("Add another");
    see("A journey 2");
    see("Where did you go?");
    reply("Didcot");
    choose("By train");
    see("Added so far: 2");
    see("A journey 1");
    see("Didcot, By train");
    touch("Continue");
    see("Which bus route do you use?");
    answered("/data/trip[2]/trip_how", "train");
}

static void changing_one_leads_back_to_the_summary(void **state)
{
    (void)state;
    go_to_journeys();
    add_didcot();
    touch("Change: A journey 1");
    see("A journey 1");
    touch("Continue");
    see("How did you get to Banbury?");
    choose("By car");
    /* not to the second journey, though its pages come next */
    see("Added so far: 2");
    see("Banbury, By car");
    touch("Change: A journey 2");
    touch("Back");
    see("Added so far: 2");
    answered("/data/trip[2]/trip_to", "Didcot");
}

static void back_out_of_an_empty_one_takes_it_away(void **state)
{
    (void)state;
    go_to_journeys();
    touch("Add another");
    touch("Back");
    see("Added so far: 1");
    touch("Add another");
    type("Didcot");
    touch("Back");
    see("Added so far: 2");
}

static void removing_is_asked_first(void **state)
{
    (void)state;
    go_to_journeys();
    add_didcot();
    touch("Remove: A journey 1");
    on("remove");
    see("A journey 1");
    see("Banbury, By bus");
    touch("No, keep it");
    see("Added so far: 2");
    touch("Remove: A journey 1");
    touch("Yes, remove it");
    on("question");
    see("Added so far: 1");
    answered("/data/trip[1]/trip_to", "Didcot");
    touch("Remove: A journey");
    touch("Yes, remove it");
    see("You have not added one yet.");
    touch("Add one");
    see("Where did you go?");
}

static void a_repeat_within_a_repeat_comes_back_to_the_right_summary(void **state)
{
    (void)state;
    go_to("/data/route[1]/route_name");
    reply("S5");
    reply("High Street");
    see("A bus stop");
    touch("Continue");
    see("S5");
    touch("Add another"); /* a second route */
    reply("X32");
    see("You have not added one yet.");
    touch("Add one");
    reply("Station");
    see("Station");
    touch("Add another"); /* a second stop of it */
    reply("Market");
    see("Added so far: 2");
    see("Market");
    touch("Continue");
    see("A bus route 2");
    see("S5, High Street");
    choose("Change: A bus route 1");
    touch("Continue");
    see("High Street");
    touch("Continue"); /* the stops of the first route */
    see("A bus route 2");
    touch("Continue");
    see("How many children live with you?");
    answered("/data/route[2]/stop[2]/stop_name", "Market");
}

static void the_check_page_names_each_and_changes_the_number(void **state)
{
    (void)state;
    go_to_journeys();
    go_to_the_end();
    see("Added so far: 1");
    touch("Change: A journey");
    add_didcot();
    see("Added so far: 2");
    touch("Continue");
    on("check");
    see("A journey 2");
    see("How did you get to Didcot?");
    touch("Change: How did you get to Banbury?");
    choose("I walk");
    on("check");
    answered("/data/trip[1]/trip_how", "walk");
}

static void a_counted_repeat_cannot_grow_by_itself(void **state)
{
    (void)state;
    go_to("/data/child_count");
    reply("2");
    see("A child 1");
    reply("Ann");
    reply("9");
    see("A child 2");
    touch("Continue");
    touch("Continue");
    see("The oldest child is 9.");
}

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
        TEST(another_is_added_and_both_are_told_apart),
        TEST(a_day_in_a_label_is_in_the_language_of_the_survey),
        TEST(changing_one_leads_back_to_the_summary),
        TEST(back_out_of_an_empty_one_takes_it_away),
        TEST(removing_is_asked_first),
        TEST(a_repeat_within_a_repeat_comes_back_to_the_right_summary),
        TEST(the_check_page_names_each_and_changes_the_number),
        TEST(a_counted_repeat_cannot_grow_by_itself),
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
