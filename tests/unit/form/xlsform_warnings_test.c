/* core/form/xlsform: what converts and may still not be what its author meant. */
#include "conversions.h"

static void a_slip_that_does_no_harm_is_a_warning(void **state)
{
    static const char markdown[] = "| survey |\n| | type | name | label | requird |\n"
                                   "| | text | q | Q | yes |\n| choice |\n| | x |\n| | y |\n";
    struct tp_problems problems;
    struct tp_buf line;

    (void)state;
    tp_buf_init(&line, 8192);
    assert_true(converts(markdown, &problems));
    assert_int_equal(problems.warnings, 2);
    (void)tp_problem_line(&problems.items[0], &line);
    assert_string_equal(
        tp_buf_text(&line),
        "t.md, sheet survey, row 1, column requird: warning: the column 'requird' is "
        "not known and is passed by; did you mean 'required'?");
    tp_buf_finish(&line);
    tp_problems_finish(&problems);
}

static void a_film_that_nobody_would_see_is_a_warning(void **state)
{
    static const char markdown[] =
        "| survey |\n| | type | name | label | video | audio |\n| | text | a | A | a.mp4 | a.mp3 "
        "|\n"
        "| | select_one l | b | B | | |\n| choices |\n| | list_name | name | label | "
        "media::video::Polish (pl) |\n| | l | c | C | c.mp4 |\n";
    struct tp_problems problems;

    (void)state;
    assert_true(converts(markdown, &problems));
    assert_int_equal(problems.count, 2);
    for (size_t i = 0; i < problems.count; i++) {
        assert_int_equal(problems.items[i].row, 2);
        assert_non_null(strstr(problems.items[i].text, "the screen shows no films"));
    }
    tp_problems_finish(&problems);
}

static void an_appearance_that_looks_misspelt_is_a_warning(void **state)
{
    static const char markdown[] =
        "| survey |\n| | type | name | label | appearance |\n"
        "| | text | a | A | w2 multilin |\n| | select_one yn | b | B | columns-3 compact-2 |\n"
        "| | select_one yn | c | C | Likert |\n| | text | d | D | year-of |\n"
        "| choices |\n| | list_name | name | label |\n| | yn | yes | Yes |\n";
    static const char *const said[] = {
        "the appearance 'multilin' is not known and is passed by; did you mean 'multiline'?",
        "the appearance 'Likert' is not known and is passed by; did you mean 'likert'?",
    };
    struct tp_problems problems;

    (void)state;
    assert_true(converts(markdown, &problems));
    assert_int_equal(problems.count, 2);
    for (size_t i = 0; i < problems.count; i++) {
        assert_int_equal(problems.items[i].severity, TP_SEVERITY_WARNING);
        assert_string_equal(problems.items[i].column, "appearance");
        assert_string_equal(problems.items[i].text, said[i]);
    }
    tp_problems_finish(&problems);
}

/* What a formula names and nobody has is said with its cell, and with what is nearest. */
static void names_that_are_not_there_are_warned_of(void **state)
{
#define LISTS                                                                                      \
    "| choices |\n| | list_name | name | label | town |\n| | yn | yes | Yes | a |\n"               \
    "| | yn | no | No | b |\n"
#define FORMULA(column, formula)                                                                   \
    "| survey |\n| | type | name | label | " column " |\n| | select_one yn | q | Q | |\n"          \
    "| | select_one yn | r | R | " formula " |\n" LISTS
    static const char *const forms[][2] = {
        {FORMULA("relevant", "${q} = 'yess'"), "'yess' is no choice of 'q'; did you mean 'yes'?"},
        {FORMULA("relevant", "selected(${q}, 'maybe')"), "'maybe' is no choice of 'q'; check"},
        {FORMULA("relevant", "'maybe' != ${q}"), "'maybe' is no choice of 'q'"},
        {FORMULA("choice_filter", "twon = ${q}"), "'twon' is no column of the choices; did you"},
        {FORMULA("choice_filter", "town = q"), "'q' is no column of the choices; write '${q}'"},
        {FORMULA("choice_filter", "not(selected(${q}, city))"), "'city' is no column of the"},
        {FORMULA("relevant", "${q} = 'yes' or ${q} = '' or selected(${q}, 'no')"), NULL},
        {FORMULA("choice_filter", "town = ${q} and name != 'x' and ../q = 'a'"), NULL},
        {FORMULA("choice_filter", "count(instance('yn')/root/item[other = 1]) = 0"), NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct tp_problems problems;

        assert_true(converts(forms[i][0], &problems));
        assert_int_equal(problems.warnings, forms[i][1] != NULL);
        if (forms[i][1]) {
            assert_int_equal(problems.items[0].row, 3);
            assert_string_not_equal(problems.items[0].column, "type");
            if (strncmp(problems.items[0].text, forms[i][1], strlen(forms[i][1])) != 0)
                fail_msg("'%s' does not start with '%s'", problems.items[0].text, forms[i][1]);
        }
        tp_problems_finish(&problems);
    }
}

static void a_cell_under_no_header_is_told_once(void **state)
{
    static const char *const tables[] = {
        "| survey |\n| | type | | name | label |\n| | text | x | q | Q |\n| | text | y | r | R |\n",
        "| survey |\n| | type | name | label |\n| | text | q | Q | x |\n| | text | r | R | y |\n",
    };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct tp_problems problems;

        assert_true(converts(tables[i], &problems));
        assert_int_equal(problems.warnings, 1);
        assert_int_equal(problems.items[0].row, 2);
        assert_non_null(strstr(problems.items[0].text, "'x' stands under no header"));
        tp_problems_finish(&problems);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_that_does_no_harm_is_a_warning),
        cmocka_unit_test(a_film_that_nobody_would_see_is_a_warning),
        cmocka_unit_test(an_appearance_that_looks_misspelt_is_a_warning),
        cmocka_unit_test(names_that_are_not_there_are_warned_of),
        cmocka_unit_test(a_cell_under_no_header_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
