/* core/base/zone: offsets from the system's zone database, without the TZ variable. */
#include "tp_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/zone.h"

/* 2026-03-29T01:00Z and 2026-10-25T01:00Z: British Summer Time begins and ends. */
#define BST_BEGINS INT64_C(1774746000)
#define BST_ENDS INT64_C(1792890000)

static struct tp_zone *load(const char *name)
{
    struct tp_zone *zone = NULL;
    struct tp_error error;

    assert_true(tp_zone_load(name, &zone, &error));
    return zone;
}

static void london_changes_its_clock_on_the_last_sundays(void **state)
{
    struct tp_zone *zone = load("Europe/London");

    (void)state;
    assert_int_equal(tp_zone_offset_at(zone, BST_BEGINS - 1), 0);
    assert_int_equal(tp_zone_offset_at(zone, BST_BEGINS), 3600);
    assert_int_equal(tp_zone_offset_at(zone, BST_ENDS - 1), 3600);
    assert_int_equal(tp_zone_offset_at(zone, BST_ENDS), 0);
    /* British Standard Time, all year: 1970-01-01 */
    assert_int_equal(tp_zone_offset_at(zone, 0), 3600);
    /* by the footer's rule, long after the table ends: 2090-07-01 */
    assert_int_equal(tp_zone_offset_at(zone, INT64_C(3802550400)), 3600);
    tp_zone_destroy(zone);
}

static void local_times_that_are_skipped_or_doubled_have_one_answer(void **state)
{
    struct tp_zone *zone = load("Europe/London");

    (void)state;
    assert_int_equal(tp_zone_offset_local(zone, BST_BEGINS - 60), 0);
    assert_int_equal(tp_zone_offset_local(zone, BST_BEGINS + 60), 0); /* 01:01 never was */
    assert_int_equal(tp_zone_offset_local(zone, BST_BEGINS + 3600), 3600);
    assert_int_equal(tp_zone_offset_local(zone, BST_ENDS + 60), 3600); /* 01:01 comes twice */
    assert_int_equal(tp_zone_offset_local(zone, BST_ENDS + 3600), 0);
    tp_zone_destroy(zone);
}

static void zones_west_south_and_without_summer_time(void **state)
{
    struct tp_zone *zone = load("America/Phoenix");

    (void)state;
    assert_int_equal(tp_zone_offset_at(zone, BST_BEGINS), -7 * 3600);
    tp_zone_destroy(zone);
    zone = load("Australia/Sydney"); /* summer time over the new year */
    assert_int_equal(tp_zone_offset_at(zone, INT64_C(1798761600)), 11 * 3600);
    assert_int_equal(tp_zone_offset_at(zone, INT64_C(1782864000)), 10 * 3600);
    assert_int_equal(tp_zone_offset_at(zone, INT64_C(3786912000)), 11 * 3600); /* 2090-01-01 */
    tp_zone_destroy(zone);
    zone = load("Asia/Kathmandu");
    assert_int_equal(tp_zone_offset_at(zone, BST_BEGINS), 5 * 3600 + 45 * 60);
    tp_zone_destroy(zone);
}

static void fixed_offsets_and_utc(void **state)
{
    struct tp_zone *zone = load("+05:30");

    (void)state;
    assert_int_equal(tp_zone_offset_at(zone, 0), 19800);
    tp_zone_destroy(zone);
    zone = load("-03:00");
    assert_int_equal(tp_zone_offset_local(zone, 0), -10800);
    tp_zone_destroy(zone);
    zone = load("UTC");
    assert_int_equal(tp_zone_offset_at(zone, BST_BEGINS), 0);
    tp_zone_destroy(zone);
    assert_int_equal(tp_zone_offset_at(NULL, BST_BEGINS), 0);
    zone = load(NULL);
    assert_non_null(zone);
    tp_zone_destroy(zone);
}

/* Of every zone that people live in, every week from 1919 to 2100: past the table's end
 * too, by the footer's rules. The C library is asked by TZ, which our own code never sets. */
static void every_zone_is_as_the_c_library_has_it(void **state)
{
    FILE *list = fopen("/usr/share/zoneinfo/zone1970.tab", "r");
    size_t zones = 0;
    char line[512];
    char name[64];

    (void)state;
    assert_non_null(list);
    while (fgets(line, sizeof(line), list)) {
        struct tp_zone *zone;

        if (line[0] == '#' || sscanf(line, "%*s\t%*s\t%63s", name) != 1)
            continue;
        zone = load(name);
        assert_int_equal(setenv("TZ", name, 1), 0);
        tzset();
        for (time_t at = -1600000000; at < (time_t)INT64_C(4102444800); at += 654321) {
            struct tm local;

            assert_non_null(localtime_r(&at, &local));
            if (tp_zone_offset_at(zone, at) != local.tm_gmtoff)
                fail_msg("%s at %lld: %ld, not %ld", name, (long long)at,
                         (long)tp_zone_offset_at(zone, at), local.tm_gmtoff);
        }
        tp_zone_destroy(zone);
        zones++;
    }
    (void)fclose(list);
    (void)unsetenv("TZ");
    tzset();
    assert_true(zones > 250);
}

/* A file without a change in it, of one type (UTC), and a rule behind it (RFC 8536, 3). */
static struct tp_zone *zone_by_rule(const char *rule)
{
    static const char part[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" /* magic, version, unused */
                               "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4" /* the counts */
                               "\0\0\0\0\0\0UTC";
    struct tp_zone *zone = NULL;
    struct tp_error error;
    char file[256];
    size_t length;

    memcpy(file, part, sizeof(part));
    memcpy(file + sizeof(part), part, sizeof(part));
    length = 2 * sizeof(part);
    length += (size_t)snprintf(file + length, sizeof(file) - length, "\n%s\n", rule);
    if (!tp_zone_parse(file, length, &zone, &error))
        fail_msg("%s: %s", rule, error.text);
    return zone;
}

/* By the day of the year, with and without 29 February; POSIX.1, 8.3. */
static void rules_of_every_kind_are_as_the_c_library_has_them(void **state)
{
    static const char *const rules[] = {
        "AAA0BBB,J60,J300",           "AAA0BBB,J59/0,J61/3",      "AAA-3BBB,59,299",
        "AAA5BBB4:30,58/0:30,J365/2", "AAA0BBB,M3.5.0/1,M10.5.0", "AAA-10BBB,M10.1.0,M4.1.0/3",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        struct tp_zone *zone = zone_by_rule(rules[i]);

        assert_int_equal(setenv("TZ", rules[i], 1), 0);
        tzset();
        /* 2023 to 2033: three leap years */
        for (time_t at = 1672531200; at < (time_t)INT64_C(1988150400); at += 1800) {
            struct tm local;

            assert_non_null(localtime_r(&at, &local));
            if (tp_zone_offset_at(zone, at) != local.tm_gmtoff)
                fail_msg("%s at %lld: %ld, not %ld", rules[i], (long long)at,
                         (long)tp_zone_offset_at(zone, at), local.tm_gmtoff);
        }
        tp_zone_destroy(zone);
    }
    (void)unsetenv("TZ");
    tzset();
}

static void unknown_names_and_broken_files_are_refused(void **state)
{
    static const char *const names[] = {"Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "",
                                        "+99:99:99"};
    struct tp_zone *zone = NULL;
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_false(tp_zone_load(names[i], &zone, &error));
        assert_null(zone);
    }
    assert_false(tp_zone_parse("TZif2", 5, &zone, &error));
    assert_int_equal(error.code, TP_ERR_INVALID);
    tp_zone_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(london_changes_its_clock_on_the_last_sundays),
        cmocka_unit_test(local_times_that_are_skipped_or_doubled_have_one_answer),
        cmocka_unit_test(zones_west_south_and_without_summer_time),
        cmocka_unit_test(fixed_offsets_and_utc),
        cmocka_unit_test(every_zone_is_as_the_c_library_has_it),
        cmocka_unit_test(rules_of_every_kind_are_as_the_c_library_has_them),
        cmocka_unit_test(unknown_names_and_broken_files_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
