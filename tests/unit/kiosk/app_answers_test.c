/*
 * kiosk/app: one page after another: what is wrong is said and the answer kept, and who goes back
 * or changes an answer finds what was there.
 */
#include "kiosk/app_answer.h"
#include "resident.h"

/* ---- errors ---- */

static void a_problem_is_said_twice_and_the_answer_kept(void **state)
{
    (void)state;
    go_to_survey();
    assert_false(says("There is a problem"));
    touch("Continue");
    on("question");
    see("There is a problem");
    assert_non_null(tp_answer_fault(app, app->person.faults[0].node));
    assert_string_equal(app->person.faults[0].words, "Choose how you travel");
    touch("By bus");
    touch("Continue");
    assert_false(says("There is a problem"));
    touch("Continue");
    type("720");
    touch("Continue");
    assert_string_equal(app->person.faults[0].words,
                        "Enter your age as a number from 5 to 110, like 72");
    see("720");
    touch("Delete");
    touch("Continue");
    see("A day in the park");
}

static void what_is_no_number_is_named_in_plain_words(void **state)
{
    (void)state;
    go_to_age();
    type("-");
    touch("Continue");
    assert_string_equal(app->person.faults[0].words, "Enter a whole number, like 3");
    see("-");
}

static void a_date_that_is_none_is_refused_and_a_real_one_kept(void **state)
{
    (void)state;
    go_to_age();
    type("72");
    touch("Continue");
    touch("Which day? Day");
    on("typing");
    type("31");
    type("2");
    touch("Done");
    touch("Continue");
    assert_int_equal(app->person.fault_count, 1);
    assert_non_null(strstr(app->person.faults[0].words, "27 3 1958"));
    touch("Which day? Month");
    touch("Delete");
    type("12");
    type("2025");
    touch("Done");
    touch("Continue");
    assert_int_equal(app->person.fault_count, 0);
    touch("Back");
    touch("Back");
    touch("Continue");
    see("31");
    see("2025");
}

static void several_problems_of_a_page_are_all_named(void **state)
{
    (void)state;
    touch("bar:help");
    touch("Comments, compliments and complaints");
    touch("Start");
    touch("Continue");
    assert_int_equal(app->person.fault_count, 1);
    assert_string_equal(app->person.faults[0].words, "Write an answer");
    type("x");
    touch("Continue");
    type("nobody");
    touch("Continue");
    assert_non_null(strstr(app->person.faults[0].words, "@"));
    type("@example.com");
    touch("Continue");
    on("check");
}

/* ---- back, forth, change ---- */

static void back_and_forth_keeps_the_answers(void **state)
{
    (void)state;
    go_to_age();
    type("44");
    touch("Back");
    touch("Back");
    touch("Back");
    on("front");
    see("Carry on");
    touch("Carry on");
    touch("Continue");
    touch("Continue");
    see("44");
}

static void change_returns_to_the_check_page(void **state)
{
    (void)state;
    go_to_check();
    touch("Change: How do you travel?");
    on("question");
    touch("I walk");
    touch("Continue");
    on("check");
    see("I walk");
    touch("Change: How old are you?");
    touch("Back");
    on("check");
}

static void a_change_that_brings_up_a_new_question_asks_it(void **state)
{
    (void)state;
    go_to_check();
    touch("Change: What do you like in the park?");
    touch("Something else");
    touch("Continue");
    on("question");
    see("What else do you like?");
    type("Ducks");
    touch("Continue");
    on("check");
    see("Ducks");
}

static void an_exclusive_answer_stands_alone(void **state)
{
    (void)state;
    go_to_survey();
    touch("I walk");
    touch("Continue");
    touch("The trees");
    touch("The grass");
    touch("None of these");
    for (int i = 0; i < 2; i++)
        touch("Continue");
    type("9");
    for (int i = 0; i < 7; i++)
        touch("Continue");
    see("None of these");
    assert_false(says("The trees"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_problem_is_said_twice_and_the_answer_kept),
        CASE(what_is_no_number_is_named_in_plain_words),
        CASE(a_date_that_is_none_is_refused_and_a_real_one_kept),
        CASE(several_problems_of_a_page_are_all_named),
        CASE(back_and_forth_keeps_the_answers),
        CASE(change_returns_to_the_check_page),
        CASE(a_change_that_brings_up_a_new_question_asks_it),
        CASE(an_exclusive_answer_stands_alone),
    };
#undef CASE

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
