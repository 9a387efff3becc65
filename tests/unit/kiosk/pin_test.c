/* kiosk/app_pin: the staff menu's PIN. */
#include "tp_test.h"

#include <string.h>

#include "kiosk/app_pin.h"

static void the_right_pin_opens_and_others_do_not(void **state)
{
    char hash[TP_PIN_HASH_MAX], other[TP_PIN_HASH_MAX];

    (void)state;
    assert_true(tp_pin_hash("2468", hash, NULL));
    assert_true(tp_pin_hash("2468", other, NULL));
    assert_string_not_equal(hash, other);
    assert_memory_equal(hash, "$argon2id$", 10);
    assert_null(strstr(hash, "2468"));
    assert_true(tp_pin_check(hash, "2468"));
    assert_true(tp_pin_check(other, "2468"));
    assert_false(tp_pin_check(hash, "2469"));
    assert_false(tp_pin_check(hash, "24680"));
    assert_false(tp_pin_check(hash, ""));
}

static void what_is_no_pin_is_refused(void **state)
{
    static const char *const wrong[] = {"", "123", "1234567890123", "12a4", "１２３４"};
    char hash[TP_PIN_HASH_MAX] = "as it was";

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(tp_pin_hash(wrong[i], hash, NULL));
    assert_string_equal(hash, "as it was");
}

static void what_is_no_hash_opens_to_nothing(void **state)
{
    char longer[400];

    (void)state;
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    memcpy(longer, "$argon2id$", 10);
    assert_false(tp_pin_check("", ""));
    assert_false(tp_pin_check("2468", "2468"));
    assert_false(tp_pin_check("$argon2id$v=19$m=1", "2468"));
    assert_false(tp_pin_check(longer, "2468"));
}

static void the_delay_grows_and_has_an_end(void **state)
{
    int64_t last = 0;

    (void)state;
    assert_int_equal(tp_pin_delay_ms(0), 0);
    assert_int_equal(tp_pin_delay_ms(2), 0);
    assert_int_equal(tp_pin_delay_ms(3), 5000);
    assert_int_equal(tp_pin_delay_ms(4), 10000);
    for (int failures = 3; failures < 40; failures++) {
        assert_true(tp_pin_delay_ms(failures) >= last);
        last = tp_pin_delay_ms(failures);
    }
    assert_int_equal(last, 15 * 60 * 1000);
    assert_int_equal(tp_pin_delay_ms(1000000), 15 * 60 * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_pin_opens_and_others_do_not),
        cmocka_unit_test(what_is_no_pin_is_refused),
        cmocka_unit_test(what_is_no_hash_opens_to_nothing),
        cmocka_unit_test(the_delay_grows_and_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
