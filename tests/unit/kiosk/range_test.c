/* kiosk/widgets/range: the numbers of a range, up, down, in parts of one, and where there are none.
 */
#include "tp_test.h"

#include "kiosk/widgets/range.h"

static struct tp_question range(double start, double end, double step)
{
    return (struct tp_question){.range_start = start, .range_end = end, .range_step = step};
}

static void expect(struct tp_question question, const char *const *numbers, size_t count)
{
    assert_int_equal(tp_range_count(&question), count);
    for (size_t i = 0; i < count; i++) {
        char text[TP_RANGE_TEXT_MAX];

        tp_range_text(&question, i, text);
        assert_string_equal(text, numbers[i]);
        assert_int_equal(tp_range_find(&question, numbers[i]), i);
    }
}

static void numbers_go_up_or_down_to_the_end(void **state)
{
    static const char *const up[] = {"1", "3", "5"}, *const down[] = {"2", "1", "0", "-1"};
    static const char *const one[] = {"7"};

    (void)state;
    expect(range(1, 5, 2), up, 3);
    expect(range(1, 6, 2), up, 3);
    expect(range(2, -1, 1), down, 4);
    expect(range(2, -1, -1), down, 4);
    expect(range(7, 7, 1), one, 1);
}

static void parts_of_one_are_exact(void **state)
{
    static const char *const tenths[] = {"0", "0.1", "0.2", "0.3", "0.4"};

    (void)state;
    expect(range(0, 0.4, 0.1), tenths, 5);
}

static void a_step_that_leads_nowhere_leaves_the_ends(void **state)
{
    static const char *const ends[] = {"0", "10"};

    (void)state;
    expect(range(0, 10, 0), ends, 2);
    expect(range(0, 10, 1e-9), ends, 2);
}

static void what_is_not_of_the_range_is_not_found(void **state)
{
    struct tp_question up = range(0, 4, 1), down = range(4, 0, 1), one = range(7, 7, 1);

    (void)state;
    assert_int_equal(tp_range_find(&up, "5"), -1);
    assert_int_equal(tp_range_find(&up, "-2"), -1);
    assert_int_equal(tp_range_find(&down, "6"), -1);
    assert_int_equal(tp_range_find(&one, "8"), -1);
    assert_int_equal(tp_range_find(&up, ""), -1);
    assert_int_equal(tp_range_find(&up, "2 stars"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go_up_or_down_to_the_end),
        cmocka_unit_test(parts_of_one_are_exact),
        cmocka_unit_test(a_step_that_leads_nowhere_leaves_the_ends),
        cmocka_unit_test(what_is_not_of_the_range_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
