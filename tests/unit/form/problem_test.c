/* core/form/problem: how many are kept, and how one is told. */
#include "tp_test.h"

#include <string.h>

#include "form/problem.h"

static void problems_are_capped_and_counted(void **state)
{
    struct tp_problems problems;
    struct tp_place place = {.file = "a", .row = 1};
    char long_value[2000];

    (void)state;
    memset(long_value, 'x', sizeof(long_value) - 1);
    long_value[sizeof(long_value) - 1] = '\0';
    tp_problems_init(&problems);
    for (size_t i = 0; i < TP_PROBLEMS_MAX + 10; i++)
        tp_problems_add(&problems, TP_SEVERITY_ERROR, &place, long_value, "%s", long_value);
    assert_int_equal(problems.count, TP_PROBLEMS_MAX);
    assert_int_equal(problems.errors, TP_PROBLEMS_MAX + 10);
    assert_int_equal(strlen(problems.items[0].value), TP_PROBLEM_TEXT_MAX + 3);
    assert_int_equal(strlen(problems.items[0].text), TP_PROBLEM_TEXT_MAX + 3);
    tp_problems_finish(&problems);
}

static void a_line_does_not_drive_the_terminal(void **state)
{
    struct tp_problem problem = {.file = (char *)"a\x1B[2J",
                                 .text = (char *)"one\ntwo\x7F\xC2\x9B\xC3\xA9"};
    struct tp_buf line;

    (void)state;
    tp_buf_init(&line, 100);
    assert_true(tp_problem_line(&problem, &line));
    assert_string_equal(tp_buf_text(&line), "a [2J: one two  \xC3\xA9");
    tp_buf_finish(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problems_are_capped_and_counted),
        cmocka_unit_test(a_line_does_not_drive_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
