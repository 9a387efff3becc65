/* The map that fits touches of four crosses: found again whatever the glass did to them, and none
 * where they say nothing. */
#include "tp_test.h"

#include <math.h>

#include "kiosk/input/touch_fit.h"

static const double crosses[4][2] = {{0.05, 0.1}, {0.95, 0.1}, {0.95, 0.9}, {0.05, 0.9}};

/* What a glass reports when the crosses are touched: (x, y) = glass (cross). */
static void touch(const struct tp_touch_map *glass, struct tp_touch_pair pairs[4])
{
    for (int i = 0; i < 4; i++) {
        double x = crosses[i][0], y = crosses[i][1];

        pairs[i].picture_x = x;
        pairs[i].picture_y = y;
        pairs[i].glass_x = glass->m[0] * x + glass->m[1] * y + glass->m[2];
        pairs[i].glass_y = glass->m[3] * x + glass->m[4] * y + glass->m[5];
    }
}

static void every_skew_is_found_again(void **state)
{
    static const struct tp_touch_map glasses[] = {
        {{1, 0, 0, 0, 1, 0}},                    /* fits */
        {{0.9, 0, 0.05, 0, 0.88, 0.07}},         /* larger than the picture */
        {{-1, 0, 1, 0, 1, 0}},                   /* left and right swapped */
        {{0, 1, 0, -1, 0, 1}},                   /* a quarter turn */
        {{0.97, 0.03, 0.01, -0.04, 1.02, 0.02}}, /* glued on at an angle */
        {{0.25, 0, 0.3, 0, 0.2, 0.5}},           /* a small window of a large glass */
    };

    (void)state;
    for (size_t g = 0; g < sizeof(glasses) / sizeof(glasses[0]); g++) {
        struct tp_touch_pair pairs[4];
        struct tp_touch_map map;

        touch(&glasses[g], pairs);
        assert_true(tp_touch_fit(pairs, 4, &map));
        assert_true(tp_touch_fit_worst_mm(&map, pairs, 4, 476, 268) < 1e-9);
    }
}

static void a_trembling_finger_is_evened_out(void **state)
{
    static const double off[4][2] = {
        {0.004, -0.006}, {-0.005, 0.003}, {0.002, 0.006}, {-0.004, -0.004}};
    const struct tp_touch_map glass = {{-0.95, 0.02, 0.98, 0.01, 1.03, -0.02}};
    struct tp_touch_pair pairs[4];
    struct tp_touch_map map;

    (void)state;
    touch(&glass, pairs);
    for (int i = 0; i < 4; i++) {
        pairs[i].glass_x += off[i][0];
        pairs[i].glass_y += off[i][1];
    }
    assert_true(tp_touch_fit(pairs, 4, &map));
    assert_true(tp_touch_fit_worst_mm(&map, pairs, 4, 476, 268) < 3);
}

static void a_touch_of_another_place_shows(void **state)
{
    const struct tp_touch_map glass = {{1, 0, 0, 0, 1, 0}};
    struct tp_touch_pair pairs[4];
    struct tp_touch_map map;

    (void)state;
    touch(&glass, pairs);
    pairs[2].glass_x = 0.5;
    pairs[2].glass_y = 0.5;
    assert_true(tp_touch_fit(pairs, 4, &map));
    assert_true(tp_touch_fit_worst_mm(&map, pairs, 4, 476, 268) > 20);
}

static void touches_of_one_place_or_line_are_no_map(void **state)
{
    const struct tp_touch_map place = {{0, 0, 0.5, 0, 0, 0.5}}, line = {{1, 0, 0, 1, 0, 0}};
    struct tp_touch_map map = {{7}};
    struct tp_touch_pair pairs[4];

    (void)state;
    touch(&place, pairs);
    assert_false(tp_touch_fit(pairs, 4, &map));
    touch(&line, pairs);
    assert_false(tp_touch_fit(pairs, 4, &map));
    touch(&(struct tp_touch_map){{1, 0, 0, 0, 1, 0}}, pairs);
    assert_false(tp_touch_fit(pairs, 2, &map));
    assert_true(map.m[0] == 7);
}

/* Crosses on one place of the picture: every touch would mean the same. */
static void a_map_onto_one_place_is_refused(void **state)
{
    struct tp_touch_pair pairs[4];
    struct tp_touch_map map;

    (void)state;
    touch(&(struct tp_touch_map){{1, 0, 0, 0, 1, 0}}, pairs);
    for (int i = 0; i < 4; i++)
        pairs[i].picture_x = pairs[i].picture_y = 0.5;
    assert_false(tp_touch_fit(pairs, 4, &map));
}

static void numbers_are_read_back_as_written(void **state)
{
    const struct tp_touch_map map = {{-0.95, 0.0213, 0.98, 0.01, 1.03, -0.0207}};
    char text[TP_TOUCH_MAP_TEXT_MAX];
    struct tp_touch_map read;

    (void)state;
    tp_touch_map_format(&map, text);
    assert_string_equal(text, "-0.9500 0.0213 0.9800 0.0100 1.0300 -0.0207");
    assert_true(tp_touch_map_parse(text, &read, NULL));
    for (int i = 0; i < 6; i++)
        assert_true(fabs(read.m[i] - map.m[i]) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_skew_is_found_again),
        cmocka_unit_test(a_trembling_finger_is_evened_out),
        cmocka_unit_test(a_touch_of_another_place_shows),
        cmocka_unit_test(touches_of_one_place_or_line_are_no_map),
        cmocka_unit_test(a_map_onto_one_place_is_refused),
        cmocka_unit_test(numbers_are_read_back_as_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
