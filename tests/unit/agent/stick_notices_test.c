/* sync/agent/do/stick_notices.c: the store's notices by USB stick. */
#include "tp_test.h"

#include "agent/do/notices.h"
#include "unit/agent/signed_notices.h"
#include "unit/agent/sticks.h"

static void put_on_stick(struct signed_list notices)
{
    usb_write("notices", "list.tpn", notices.text.data, notices.text.length);
    usb_write("notices", "list.tpn.minisig", notices.signature.data, notices.signature.length);
    signed_list_finish(&notices);
}

static void assert_left_alone(const char *why, int64_t kept)
{
    struct tp_stick_report report = take_in(&hall);

    assert_refused(&report, "'list.tpn'", why);
    assert_false(report.notices);
    assert_int_equal(notices_kept(&hall.device), kept);
}

static void a_newer_list_is_taken_in_and_carried_on(void **state)
{
    (void)state;
    assert_false(take_in(&hall).notices);
    put_on_stick(notices_make(&office, 7, "Sunday opening"));
    assert_true(take_in(&hall).notices);
    assert_int_equal(notices_kept(&hall.device), 7);
    assert_false(take_in(&hall).notices);
    /* To a stick without one. */
    assert_true(tp_dir_remove(usb_path("notices", ""), NULL));
    (void)put_out(&hall);
    assert_int_equal(usb_count("notices"), 2);
    assert_true(take_in(&library).notices);
    assert_int_equal(notices_kept(&library.device), 7);
}

static ino_t list_file(void)
{
    struct stat status;

    assert_int_equal(stat(usb_path("notices", "list.tpn"), &status), 0);
    return status.st_ino;
}

static void a_stick_keeps_a_list_that_is_as_new_and_no_other(void **state)
{
    ino_t was;

    (void)state;
    put_on_stick(notices_make(&office, 7, "Sunday opening"));
    (void)take_in(&hall);
    was = list_file();
    (void)put_out(&hall);
    (void)put_out(&library); /* which has none */
    assert_int_equal(list_file(), was);
    put_on_stick(notices_make(&office, 8, "Monday opening"));
    was = list_file();
    (void)put_out(&hall);
    assert_int_equal(list_file(), was);
    /* Older, or drawn out between list and signature: it is written anew. */
    put_on_stick(notices_make(&office, 6, "Closed"));
    (void)put_out(&hall);
    assert_true(take_in(&library).notices);
    assert_int_equal(notices_kept(&library.device), 7);
    assert_int_equal(unlink(usb_path("notices", "list.tpn.minisig")), 0);
    (void)put_out(&hall);
    assert_int_equal(take_in(&library).refused, 0);
    /* Of a store that was mended the serial is left, and no list. */
    device_sql(&hall.device, "UPDATE notices SET list = x'', signature = x''");
    assert_true(tp_dir_remove(usb_path("notices", ""), NULL));
    (void)put_out(&hall);
    assert_int_equal(usb_count("notices"), 0);
}

static void a_list_that_is_not_the_store_s_is_left_alone(void **state)
{
    struct signed_list altered = notices_make(&office, 9, "Sunday opening");
    struct tp_receipt_pair other;

    (void)state;
    put_on_stick(notices_make(&office, 7, "Sunday opening"));
    (void)take_in(&hall);
    put_on_stick(notices_make(&office, 6, "Closed"));
    assert_left_alone("older than those that are here", 7);
    notices_alter(&altered);
    put_on_stick(altered);
    assert_left_alone("altered", 7);
    assert_true(tp_receipt_pair_generate(&other, NULL));
    put_on_stick(notices_make(&other, 9, "Sunday opening"));
    assert_left_alone("another central store", 7);
    put_on_stick(notices_make(&office, 9, "Sunday opening"));
    assert_int_equal(unlink(usb_path("notices", "list.tpn.minisig")), 0);
    assert_left_alone("No such file", 7);
    assert_int_equal(mkfifo(usb_path("notices", "list.tpn.minisig"), 0644), 0);
    assert_left_alone("not a file", 7);
}

/* That is no fault of the stick's. */
static void a_device_that_cannot_keep_it_says_so(void **state)
{
    const struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error = {0};

    (void)state;
    put_on_stick(notices_make(&office, 7, "Sunday opening"));
    notices_break(&hall.device);
    assert_false(tp_stick_import(&stick, &report, &error));
    assert_int_equal(error.code, TP_ERR_IO);
    assert_non_null(strstr(error.text, "cannot read the notices"));
    assert_int_equal(report.refused, 0);
    assert_false(tp_stick_export(&stick, &report, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, sticks_set_up, sticks_tear_down)
        TEST(a_newer_list_is_taken_in_and_carried_on),
        TEST(a_stick_keeps_a_list_that_is_as_new_and_no_other),
        TEST(a_list_that_is_not_the_store_s_is_left_alone),
        TEST(a_device_that_cannot_keep_it_says_so),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
