/* kiosk/app_pace: what is marked, and what is not. */
#include "tp_test.h"

#include "kiosk/app_pace.h"

static void time_to_read_is_the_usual(void **state)
{
    struct tp_pace pace;

    (void)state;
    tp_pace_begin(&pace, 5000);
    assert_string_equal(tp_pace_word(&pace, 5000 + 9 * TP_PACE_PAGE_MS, 9), "");
    assert_string_equal(tp_pace_word(&pace, 5000 + 9 * TP_PACE_PAGE_MS - 1, 9), "fast");
    /* Two pages are too few to tell. */
    assert_string_equal(tp_pace_word(&pace, 5001, 2), "");
}

static void a_trembling_hand_is_not_bashing(void **state)
{
    struct tp_pace pace;

    (void)state;
    tp_pace_begin(&pace, 0);
    pace.touches = 30;
    pace.slips = 30;
    assert_string_equal(tp_pace_word(&pace, 600000, 9), "");
    pace.slips = 31;
    assert_string_equal(tp_pace_word(&pace, 600000, 9), "bashed");
    assert_string_equal(tp_pace_word(&pace, 1, 9), "bashed");
    pace.touches = 2;
    pace.slips = TP_PACE_SLIPS_MIN - 1;
    assert_string_equal(tp_pace_word(&pace, 600000, 9), "");
    tp_pace_begin(&pace, 600000);
    assert_int_equal(pace.slips, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_to_read_is_the_usual),
        cmocka_unit_test(a_trembling_hand_is_not_bashing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
