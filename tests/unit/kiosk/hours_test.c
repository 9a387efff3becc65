/* Opening hours: read, refused, and asked at the edges of a day and a week. */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/app_hours.h"

/* Monday 23 November 2026, 00:00. */
#define MONDAY INT64_C(1795392000)
#define AT(day, hour, minute) (MONDAY + (day)*86400 + (hour)*3600 + (minute)*60)

static void a_library_closes_for_lunch_and_on_sunday(void **state)
{
    struct tp_hours hours;
    struct tp_error error;

    (void)state;
    assert_true(
        tp_hours_parse(" Mo-Fr 09:00-19:00, Sa 09:00-12:30,Sa 13:30-17:00 ", &hours, &error));
    assert_false(tp_hours_open_at(&hours, AT(0, 8, 59)));
    assert_true(tp_hours_open_at(&hours, AT(0, 9, 0)));
    assert_true(tp_hours_open_at(&hours, AT(4, 18, 59)));
    assert_false(tp_hours_open_at(&hours, AT(4, 19, 0)));
    assert_true(tp_hours_open_at(&hours, AT(5, 12, 29)));
    assert_false(tp_hours_open_at(&hours, AT(5, 13, 0)));
    assert_false(tp_hours_open_at(&hours, AT(6, 12, 0)));
    assert_true(tp_hours_open_at(&hours, AT(7, 12, 0)));
}

static void a_week_may_run_over_its_end(void **state)
{
    struct tp_hours hours;

    (void)state;
    assert_true(tp_hours_parse("Sa-Mo 00:00-24:00", &hours, NULL));
    assert_true(tp_hours_open_at(&hours, AT(6, 23, 59)));
    assert_true(tp_hours_open_at(&hours, AT(7, 0, 0)));
    assert_false(tp_hours_open_at(&hours, AT(1, 0, 0)));
    assert_true(tp_hours_open_at(&hours, AT(-1, 12, 0)));
}

static void nothing_said_is_always_open(void **state)
{
    struct tp_hours hours;

    (void)state;
    assert_true(tp_hours_parse("", &hours, NULL));
    assert_true(tp_hours_open_at(&hours, AT(6, 3, 0)));
    assert_true(tp_hours_open_at(&hours, -1));
}

static void what_is_not_understood_is_named(void **state)
{
    static const char *const wrong[] = {
        "Monday 09:00-17:00", "Mo 9-17",        "Mo 09:00-25:00",          "Mo 17:00-09:00",
        "Mo-Xx 09:00-17:00",  "Mo09:00-17:00",  "Mo 09:00-17:00 extra",    "Mo 09:60-17:00",
        "Mo 09:00 - 17:00",   "Mo 0x:00-17:00", "Mo 09:00-17:00-18:00, ,", "So 09:00-17:00",
    };
    struct tp_hours hours = {.count = 99};
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(tp_hours_parse(wrong[i], &hours, &error));
        assert_int_equal(error.code, TP_ERR_MISUSE);
        assert_non_null(strstr(error.text, "not understood"));
        assert_int_equal(hours.count, 99);
    }
}

static void too_many_parts_are_refused(void **state)
{
    char text[TP_HOURS_MAX * 20 + 40] = "";
    struct tp_hours hours;
    struct tp_error error;

    (void)state;
    for (int i = 0; i < TP_HOURS_MAX + 1; i++)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "Mo 0%d:00-0%d:30,",
                       i % 10, i % 10);
    assert_false(tp_hours_parse(text, &hours, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_closes_for_lunch_and_on_sunday),
        cmocka_unit_test(a_week_may_run_over_its_end),
        cmocka_unit_test(nothing_said_is_always_open),
        cmocka_unit_test(what_is_not_understood_is_named),
        cmocka_unit_test(too_many_parts_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
