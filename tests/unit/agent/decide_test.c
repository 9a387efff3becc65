/* sync/agent/decide: backoff, Retry-After, the line and names, with time passed in. */
#include "tp_test.h"

#include <string.h>

#include "agent/decide/backoff.h"
#include "agent/decide/line.h"
#include "agent/decide/names.h"
#include "agent/decide/window.h"

static uint64_t seed = 7;

static struct tp_random seeded(void)
{
    return tp_random_seeded(&seed);
}

static void waits_double_to_a_quarter_of_an_hour_and_are_spread(void **state)
{
    struct tp_random random = seeded();

    (void)state;
    for (unsigned failures = 0; failures < 40; failures++) {
        int64_t middle = TP_BACKOFF_FIRST_MS;
        int64_t least = INT64_MAX;
        int64_t most = 0;

        for (unsigned i = 1; i < failures && middle < TP_BACKOFF_MOST_MS; i++)
            middle *= 2;
        if (middle > TP_BACKOFF_MOST_MS)
            middle = TP_BACKOFF_MOST_MS;
        for (int i = 0; i < 500; i++) {
            int64_t wait = tp_backoff_wait_ms(failures, &random);

            least = wait < least ? wait : least;
            most = wait > most ? wait : most;
        }
        assert_in_range(least, middle / 2, middle * 6 / 10);
        assert_in_range(most, middle * 14 / 10, middle * 3 / 2);
    }
    /* As many failures as a year of them. */
    assert_in_range(tp_backoff_wait_ms(UINT32_MAX, &random), TP_BACKOFF_MOST_MS / 2,
                    TP_BACKOFF_MOST_MS * 3 / 2);
}

static void a_new_answer_ends_a_long_wait_but_not_one_the_store_asked_for(void **state)
{
    struct tp_random random = seeded();
    struct tp_backoff backoff = {0};

    (void)state;
    assert_int_equal(tp_backoff_left_ms(&backoff, 0), 0);
    tp_backoff_failed(&backoff, 1000, -1, &random); /* at most 3 s: not worth ending */
    tp_backoff_nudge(&backoff, 1000);
    assert_true(tp_backoff_left_ms(&backoff, 1000) > 0);
    for (int i = 0; i < 5; i++)
        tp_backoff_failed(&backoff, 1000, -1, &random);
    assert_true(tp_backoff_left_ms(&backoff, 1000 + TP_BACKOFF_NUDGE_MS) > 0);
    tp_backoff_nudge(&backoff, 1000);
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 0);
    tp_backoff_failed(&backoff, 1000, 600, &random);
    tp_backoff_nudge(&backoff, 1000);
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 600000);
    tp_backoff_failed(&backoff, 1000, 0, &random); /* "at once" from a store that is busy */
    assert_true(tp_backoff_left_ms(&backoff, 1000) > TP_BACKOFF_FIRST_MS * 16);
    tp_backoff_end(&backoff); /* a person asked */
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 0);
    /* The count of failures outlives both, so that the next wait is long again. */
    tp_backoff_failed(&backoff, 1000, -1, &random);
    assert_true(tp_backoff_left_ms(&backoff, 1000) > TP_BACKOFF_FIRST_MS * 16);
    tp_backoff_succeeded(&backoff);
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 0);
}

static void retry_after_is_seconds_or_a_date_and_is_capped(void **state)
{
    static const int64_t date_ms = INT64_C(1795426860000); /* 2026-11-23T09:41:00Z */
    static const struct {
        const char *value;
        int64_t date_ms;
        int64_t seconds;
    } rows[] = {
        {NULL, date_ms, -1},
        {"", date_ms, -1},
        {"0", date_ms, 0},
        {"120", -1, 120},
        {"3600", -1, 3600},
        {"3601", -1, 3600},
        {"99999999999999999999999999", -1, 3600},
        {"-5", date_ms, -1},
        {"soon", date_ms, -1},
        {"Mon, 23 Nov 2026 09:42:30 GMT", date_ms, 90},
        {"Mon, 23 Nov 2026 09:40:00 GMT", date_ms, 0},
        {"Mon, 23 Nov 2026 09:42:30 GMT", -1, -1},
        {"Mon, 23 Nov 2036 09:42:30 GMT", date_ms, 3600},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(tp_retry_after_s(rows[i].value, rows[i].date_ms), rows[i].seconds);
}

static void names_that_could_leave_the_folder_are_refused(void **state)
{
    static const char *const good_ids[] = {"library-hours", "a", "A.b_c-9"};
    static const char *const bad_ids[] = {"",    ".",    "..",       ".a",  "a/b",  "a\\b", "../a",
                                          "a b", "a\nb", "\xc3\xa9", "a:b", "a%2f", "a\x01"};
    static const char *const good_media[] = {"picture.png", "consultation.json",
                                             "bild \xc3\xa4.jpg", "a..b", "\xd8\xa7.mp3"};
    static const char *const bad_media[] = {
        "",     ".",     "..",       ".hidden", "a/b",  "/etc/passwd",  "a\\b",     "C:x",
        "a\nb", "a\x7f", "\xc2\x85", "\xff",    "\xc3", "\xed\xa0\x80", "\xc0\xaf", "form.xml"};
    char longest[TP_MEDIA_NAME_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof(good_ids) / sizeof(*good_ids); i++)
        assert_true(tp_name_is_form_id(good_ids[i]));
    for (size_t i = 0; i < sizeof(bad_ids) / sizeof(*bad_ids); i++)
        assert_false(tp_name_is_form_id(bad_ids[i]));
    for (size_t i = 0; i < sizeof(good_media) / sizeof(*good_media); i++)
        assert_true(tp_name_is_media(good_media[i]));
    for (size_t i = 0; i < sizeof(bad_media) / sizeof(*bad_media); i++)
        assert_false(tp_name_is_media(bad_media[i]));
    memset(longest, 'a', sizeof(longest));
    longest[TP_MEDIA_NAME_MAX + 1] = '\0';
    assert_false(tp_name_is_media(longest));
    longest[TP_MEDIA_NAME_MAX] = '\0';
    assert_true(tp_name_is_media(longest));
    assert_false(tp_name_is_form_id(longest));
    longest[TP_LISTED_ID_MAX] = '\0';
    assert_true(tp_name_is_form_id(longest));
}

static void hashes_are_md5_in_hex(void **state)
{
    char digits[TP_MD5_TEXT_MAX] = "untouched";

    (void)state;
    assert_false(tp_name_is_md5("sha256:00", digits));
    assert_false(tp_name_is_md5("md5:0123456789abcdef0123456789abcde", digits));
    assert_false(tp_name_is_md5("md5:0123456789abcdef0123456789abcdef0", digits));
    assert_false(tp_name_is_md5("md5:0123456789abcdef0123456789abcdeg", digits));
    assert_string_equal(digits, "untouched");
    assert_true(tp_name_is_md5("md5:0123456789ABCDEF0123456789abcdef", digits));
    assert_string_equal(digits, "0123456789abcdef0123456789abcdef");
}

static void the_window_follows_the_line(void **state)
{
    size_t window = 1;

    (void)state;
    for (int i = 0; i < 5; i++)
        window = tp_window_after_receipt(window, 32, TP_WINDOW_QUICK_MS);
    assert_int_equal(window, 32);
    assert_int_equal(tp_window_after_receipt(window, 32, 0), 32);
    assert_int_equal(tp_window_after_receipt(3, 5, 0), 5);
    assert_int_equal(tp_window_after_receipt(1, 1, 0), 1);
    assert_int_equal(tp_window_after_receipt(8, 32, TP_WINDOW_QUICK_MS + 1), 8);
    assert_int_equal(tp_window_after_receipt(8, 32, TP_WINDOW_SLOW_MS), 8);
    assert_int_equal(tp_window_after_receipt(8, 32, TP_WINDOW_SLOW_MS + 1), 4);
    assert_int_equal(tp_window_after_receipt(1, 32, TP_WINDOW_SLOW_MS + 1), 1);
    for (int i = 0; i < 9; i++)
        window = tp_window_after_failure(window);
    assert_int_equal(window, 1);
}

static void the_hours_of_a_line_are_read_strictly(void **state)
{
    static const char *const bad[] = {"",
                                      "20:00",
                                      "20:00-",
                                      "20:00-24:00",
                                      "2:00-6:00",
                                      "20:60-06:00",
                                      "20:00-06:00x",
                                      "20:00 06:00",
                                      "06:00-06:00",
                                      "-1:00-06:00",
                                      "1/:00-06:00",
                                      "0::00-06:00",
                                      "20:0x-06:00"};
    struct tp_line_window window = {.from = 7};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(tp_line_window_read(bad[i], &window));
    assert_int_equal(window.from, 7);
    assert_true(tp_line_window_read("20:00-06:30", &window));
    assert_int_equal(window.from, 20 * 60);
    assert_int_equal(window.until, 6 * 60 + 30);
    assert_true(tp_line_window_read("18:00-00:00", &window));
    assert_int_equal(window.until, 0);
}

static void a_line_is_open_in_its_hours_also_over_midnight(void **state)
{
    const int64_t hour = INT64_C(3600000);
    const int64_t day = 24 * hour;
    const struct tp_line_window night = {.from = 20 * 60, .until = 6 * 60};
    const struct tp_line_window noon = {.from = 12 * 60, .until = 13 * 60};
    const struct tp_line_window always = {0};

    (void)state;
    for (int64_t days = -1; days < 20001; days += 20001) {
        assert_int_equal(tp_line_closed_ms(&night, days * day + 20 * hour), 0);
        assert_int_equal(tp_line_closed_ms(&night, days * day), 0);
        assert_int_equal(tp_line_closed_ms(&night, days * day + 6 * hour - 1), 0);
        assert_int_equal(tp_line_closed_ms(&night, days * day + 6 * hour), 14 * hour);
        assert_int_equal(tp_line_closed_ms(&night, days * day + 20 * hour - 1), 1);
        assert_int_equal(tp_line_closed_ms(&noon, days * day + 12 * hour), 0);
        assert_int_equal(tp_line_closed_ms(&noon, days * day + 13 * hour), 23 * hour);
        assert_int_equal(tp_line_closed_ms(&noon, days * day + 11 * hour), hour);
        assert_int_equal(tp_line_closed_ms(&always, days * day + 5 * hour), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_to_a_quarter_of_an_hour_and_are_spread),
        cmocka_unit_test(a_new_answer_ends_a_long_wait_but_not_one_the_store_asked_for),
        cmocka_unit_test(retry_after_is_seconds_or_a_date_and_is_capped),
        cmocka_unit_test(names_that_could_leave_the_folder_are_refused),
        cmocka_unit_test(hashes_are_md5_in_hex),
        cmocka_unit_test(the_window_follows_the_line),
        cmocka_unit_test(the_hours_of_a_line_are_read_strictly),
        cmocka_unit_test(a_line_is_open_in_its_hours_also_over_midnight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
