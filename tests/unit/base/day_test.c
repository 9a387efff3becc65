/* core/base/day: dates, their numbers and the days of the week. */
#include "tp_test.h"

#include "base/day.h"

static void assert_day(struct tp_day day, int year, int month, int of_month)
{
    assert_int_equal(day.year, year);
    assert_int_equal(day.month, month);
    assert_int_equal(day.day, of_month);
}

/* Eight hundred years and more on both sides of 1970 and of the year 0, each day after the other.
 */
static void days_follow_one_another(void **state)
{
    int64_t number = tp_day_number(-500, 1, 1);

    (void)state;
    for (int year = -500; year < 2900; year++) {
        int64_t first = number;

        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= tp_days_in_month(year, month); day++, number++) {
                assert_int_equal(tp_day_number(year, month, day), number);
                assert_day(tp_day_of_number(number), year, month, day);
            }
        }
        assert_true(number - first == 365 || number - first == 366);
    }
    assert_int_equal(tp_day_number(1970, 1, 1), 0);
    /* 400 years are 146,097 days: 97 of them have one more. */
    assert_int_equal(tp_day_number(2400, 1, 1) - tp_day_number(2000, 1, 1), 400 * 365 + 97);
}

static void leap_days_are_those_of_pope_gregory(void **state)
{
    (void)state;
    assert_int_equal(tp_days_in_month(2026, 2), 28);
    assert_int_equal(tp_days_in_month(2028, 2), 29);
    assert_int_equal(tp_days_in_month(1900, 2), 28);
    assert_int_equal(tp_days_in_month(2000, 2), 29);
    assert_int_equal(tp_days_in_month(2028, 1), 31);
    assert_int_equal(tp_days_in_month(2028, 11), 30);
}

static void weeks_begin_on_sunday(void **state)
{
    (void)state;
    assert_int_equal(tp_day_weekday(0), 4);
    assert_int_equal(tp_day_weekday(3), 0);
    assert_int_equal(tp_day_weekday(-4), 0);
    assert_int_equal(tp_day_weekday(-5), 6);
    assert_int_equal(tp_day_weekday(tp_day_number(2026, 11, 27)), 5);
}

static void the_day_of_an_instant_follows_the_zone(void **state)
{
    (void)state;
    assert_day(tp_day_at(0, 0), 1970, 1, 1);
    assert_day(tp_day_at(-1, 0), 1969, 12, 31);
    assert_day(tp_day_at(INT64_C(1795391999000), 0), 2026, 11, 22); /* 2026-11-22T23:59:59Z */
    assert_day(tp_day_at(INT64_C(1795391999000), 3600), 2026, 11, 23);
    assert_day(tp_day_at(INT64_C(1709164800000), 0), 2024, 2, 29);
    assert_day(tp_day_at(INT64_C(1709164800000), -1), 2024, 2, 28);
}

static void only_days_of_the_calendar_are_read(void **state)
{
    static const char *const bad[] = {"",           "2026-11-1",   "2026-13-01", "2026-02-29",
                                      "2026-00-10", "2026-11-00",  "2026-11-31", "0000-01-01",
                                      "2026/11/01", "2026-11-01 ", "26-11-2001", "2026-1a-01",
                                      "1900-02-29", " 2026-11-01", "+026-11-01", "2026-11-+1"};
    struct tp_day day = {.year = 7};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(tp_day_parse(bad[i], &day));
    assert_int_equal(day.year, 7);
    assert_true(tp_day_parse("2028-02-29", &day));
    assert_day(day, 2028, 2, 29);
    assert_true(tp_day_parse("0001-12-08", &day));
    assert_day(day, 1, 12, 8);
}

static void the_earlier_day_is_less(void **state)
{
    static const struct tp_day days[] = {{2025, 12, 31}, {2026, 1, 30}, {2026, 2, 1}, {2026, 2, 2}};

    (void)state;
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            assert_int_equal(tp_day_compare(days[a], days[b]), (a > b) - (a < b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_follow_one_another),
        cmocka_unit_test(leap_days_are_those_of_pope_gregory),
        cmocka_unit_test(weeks_begin_on_sunday),
        cmocka_unit_test(the_day_of_an_instant_follows_the_zone),
        cmocka_unit_test(only_days_of_the_calendar_are_read),
        cmocka_unit_test(the_earlier_day_is_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
