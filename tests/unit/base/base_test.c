/* core/base: errors, buffers, clock, randomness, files, configuration. */
#include "tp_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/random.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-base-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static const char *in_folder(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void error_text_may_quote_itself(void **state)
{
    struct tp_error error;

    (void)state;
    assert_false(tp_fail(&error, TP_ERR_IO, "inner %d", 1));
    assert_false(tp_fail(&error, TP_ERR_IO, "outer: %s", error.text));
    assert_string_equal(error.text, "outer: inner 1");
    assert_false(tp_fail_prefix(&error, "'%s'", "file"));
    assert_string_equal(error.text, "'file': outer: inner 1");
    assert_int_equal(error.code, TP_ERR_IO);
}

static void error_of_a_missing_file_is_not_found(void **state)
{
    struct tp_error error;
    struct tp_buf text;

    (void)state;
    tp_buf_init(&text, 10);
    assert_false(tp_file_read(in_folder("none"), &text, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    tp_buf_finish(&text);
}

static void buffer_stops_at_its_cap_and_stays_failed(void **state)
{
    struct tp_buf buf;

    (void)state;
    tp_buf_init(&buf, 4);
    assert_true(tp_buf_puts(&buf, "abcd"));
    assert_false(tp_buf_putc(&buf, 'e'));
    assert_false(tp_buf_puts(&buf, ""));
    assert_string_equal(tp_buf_text(&buf), "abcd");
    assert_null(tp_buf_take(&buf));
    tp_buf_finish(&buf);
}

static void buffer_survives_every_failing_allocation(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 12; nth++) {
        struct tp_buf buf;
        bool ok = true;

        tp_buf_init(&buf, 100000);
        tp_mem_fail_at(nth);
        for (int i = 0; i < 1000; i++)
            ok = tp_buf_printf(&buf, "%d,", i);
        tp_mem_fail_at(0);
        assert_int_equal(ok, tp_buf_ok(&buf));
        tp_buf_finish(&buf);
    }
}

static void buffer_formats_what_outgrows_it_and_leaves_no_trace_of_what_does_not_fit(void **state)
{
    struct tp_buf buf;

    (void)state;
    tp_buf_init(&buf, 200);
    assert_true(tp_buf_printf(&buf, "%s", "secret"));
    assert_true(tp_buf_printf(&buf, "%0100d|", 7)); /* past the first 64 bytes */
    assert_int_equal(buf.length, 107);
    assert_string_equal(tp_buf_text(&buf) + 105, "7|");
    assert_false(tp_buf_printf(&buf, "%094d", 8));
    assert_int_equal(buf.length, 107);
    for (size_t i = buf.length; i < buf.capacity; i++)
        assert_int_equal(buf.data[i], 0);
    tp_buf_finish(&buf);
}

static void file_is_replaced_whole_with_its_mode(void **state)
{
    struct tp_error error;
    struct tp_buf text;
    struct stat status;

    (void)state;
    assert_true(tp_file_write_atomic(in_folder("f"), "one", 3, 0600, &error));
    assert_true(tp_file_write_atomic(in_folder("f"), "three", 5, 0600, &error));
    assert_int_equal(stat(in_folder("f"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    tp_buf_init(&text, 5);
    assert_true(tp_file_read(in_folder("f"), &text, &error));
    assert_string_equal(tp_buf_text(&text), "three");
    tp_buf_finish(&text);
    tp_buf_init(&text, 4);
    assert_false(tp_file_read(in_folder("f"), &text, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_buf_finish(&text);
}

static void file_that_cannot_be_written_leaves_nothing(void **state)
{
    struct tp_error error;

    (void)state;
    assert_false(tp_file_write_atomic(in_folder("no/such/f"), "x", 1, 0600, &error));
    assert_true(tp_dir_make(in_folder("a/b/c"), 0700, &error));
    assert_int_equal(access(in_folder("a/b/c"), F_OK), 0);
    assert_true(tp_dir_remove(in_folder("a"), &error));
    assert_int_not_equal(access(in_folder("a"), F_OK), 0);
}

static void what_is_synced_must_be_there_and_be_what_it_is_called(void **state)
{
    struct tp_error error;

    (void)state;
    assert_true(tp_file_write_atomic(in_folder("g"), "x", 1, 0600, &error));
    assert_true(tp_file_sync(in_folder("g"), &error));
    assert_true(tp_dir_sync(in_folder(""), &error));
    assert_false(tp_dir_sync(in_folder("g"), &error));
    assert_false(tp_file_sync(in_folder("none"), &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, in_folder("none")));
}

static void fake_clock_moves_only_when_told(void **state)
{
    struct tp_clock_fake fake = {.wall = 1795426867123, .monotonic = 5};
    struct tp_clock clock = tp_clock_from_fake(&fake);
    char text[TP_TIME_TEXT_MAX];

    (void)state;
    tp_clock_fake_advance(&fake, 1000);
    assert_int_equal(tp_clock_monotonic_ms(&clock), 1005);
    tp_time_utc(tp_clock_wall_ms(&clock), text);
    assert_string_equal(text, "2026-11-23T09:41:08.123Z");
    tp_time_utc(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

static void uuid_is_version_4_and_seeded_randomness_repeats(void **state)
{
    uint64_t one = 7;
    uint64_t two = 7;
    struct tp_random a = tp_random_seeded(&one);
    struct tp_random b = tp_random_seeded(&two);
    char first[TP_UUID_TEXT_MAX];
    char second[TP_UUID_TEXT_MAX];

    (void)state;
    tp_random_uuid(&a, first);
    tp_random_uuid(&b, second);
    assert_string_equal(first, second);
    assert_int_equal(strlen(first), 36);
    assert_int_equal(first[14], '4');
    assert_non_null(strchr("89ab", first[19]));
    for (int i = 0; i < 1000; i++)
        assert_in_range(tp_random_below(&a, 7), 0, 6);
}

static void config_names_file_line_and_value(void **state)
{
    static const char *const known[] = {"screen.width_mm", "venue.*", NULL};
    static const char text[] = "[screen]\nwidth_mm = 476\n[venue]\nname = Cowley\nopen=maybe\n";
    struct tp_config *config = tp_config_create();
    struct tp_error error;
    double width = 0;
    bool open = false;
    long count = 3;

    (void)state;
    assert_true(tp_file_write_atomic(in_folder("c.ini"), text, sizeof(text) - 1, 0644, &error));
    assert_true(tp_config_read(config, in_folder("c.ini"), &error));
    assert_true(tp_config_check(config, known, &error));
    assert_true(tp_config_number(config, "screen", "width_mm", 50, 3000, &width, &error));
    assert_true(width > 475.9 && width < 476.1);
    assert_true(tp_config_integer(config, "screen", "none", 0, 9, &count, &error));
    assert_int_equal(count, 3);
    assert_string_equal(tp_config_text(config, "venue", "name", ""), "Cowley");
    assert_false(tp_config_flag(config, "venue", "open", &open, &error));
    assert_non_null(strstr(error.text, "line 5"));
    assert_non_null(strstr(error.text, "'maybe'"));
    assert_false(tp_config_number(config, "screen", "width_mm", 50, 100, &width, &error));
    assert_non_null(strstr(error.text, "a number from 50 to 100"));
    assert_false(tp_config_check(config, known + 1, &error));
    assert_non_null(strstr(error.text, "unknown setting 'width_mm'"));
    tp_config_destroy(config);
}

static void config_refuses_a_line_it_does_not_understand(void **state)
{
    struct tp_config *config = tp_config_create();
    struct tp_error error;

    (void)state;
    assert_true(tp_file_write_atomic(in_folder("d.ini"), "[a]\nb = 1\nwhat\n", 15, 0644, &error));
    assert_false(tp_config_read(config, in_folder("d.ini"), &error));
    assert_non_null(strstr(error.text, "line 3"));
    tp_config_destroy(config);
}

static void a_flag_is_said_in_four_ways(void **state)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};

    (void)state;
    for (int i = 0; i < 8; i++) {
        struct tp_config *config = tp_config_create();
        struct tp_error error;
        bool wanted = i < 4;
        bool value = !wanted;
        char text[64];

        (void)snprintf(text, sizeof(text), "[a]\nb = %s\n", wanted ? yes[i] : no[i - 4]);
        assert_true(tp_file_write_atomic(in_folder("f.ini"), text, strlen(text), 0644, &error));
        assert_true(tp_config_read(config, in_folder("f.ini"), &error));
        assert_true(tp_config_flag(config, "a", "b", &value, &error));
        assert_int_equal(value, wanted);
        assert_true(tp_config_flag(config, "a", "none", &value, &error));
        assert_int_equal(value, wanted);
        tp_config_destroy(config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_text_may_quote_itself),
        cmocka_unit_test(error_of_a_missing_file_is_not_found),
        cmocka_unit_test(buffer_stops_at_its_cap_and_stays_failed),
        cmocka_unit_test(buffer_survives_every_failing_allocation),
        cmocka_unit_test(buffer_formats_what_outgrows_it_and_leaves_no_trace_of_what_does_not_fit),
        cmocka_unit_test(file_is_replaced_whole_with_its_mode),
        cmocka_unit_test(file_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(what_is_synced_must_be_there_and_be_what_it_is_called),
        cmocka_unit_test(fake_clock_moves_only_when_told),
        cmocka_unit_test(uuid_is_version_4_and_seeded_randomness_repeats),
        cmocka_unit_test(config_names_file_line_and_value),
        cmocka_unit_test(config_refuses_a_line_it_does_not_understand),
        cmocka_unit_test(a_flag_is_said_in_four_ways),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
