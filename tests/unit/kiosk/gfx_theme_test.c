/* The themes keep their contrast (ACCESSIBILITY.md T4), the sizes their millimetres (T1, T2). */
#include "tp_test.h"

#include <math.h>

#include "kiosk/gfx/screen.h"
#include "kiosk/gfx/theme.h"

/* Borders, icons and the focus (WCAG 1.4.11). */
#define GRAPHIC_LEAST 3.0
/* The soft theme's text stays below this, or it would not be soft. */
#define SOFT_MOST 8.0

static void contrast_is_that_of_wcag(void **state)
{
    (void)state;
    assert_float_equal(tp_contrast(0x000000, 0xFFFFFF), 21.0, 0.001);
    assert_float_equal(tp_contrast(0x777777, 0xFFFFFF), 4.48, 0.01);
    assert_float_equal(tp_contrast(0xFFFFFF, 0x777777), 4.48, 0.01);
    assert_float_equal(tp_contrast(0x123456, 0x123456), 1.0, 0.001);
}

static void every_pair_of_every_theme_has_its_contrast(void **state)
{
    (void)state;
    for (size_t t = 0; t < TP_THEME_COUNT; t++)
        for (size_t i = 0; i < tp_colour_pair_count; i++) {
            const struct tp_theme *theme = &tp_themes[t];
            struct tp_colour_pair pair = tp_colour_pairs[i];
            double has = tp_contrast(theme->colours[pair.fore], theme->colours[pair.back]);
            double needs = pair.text ? theme->contrast : GRAPHIC_LEAST;

            if (has < needs)
                fail_msg("%s: colour %d on %d has %.2f and needs %.1f", theme->id, (int)pair.fore,
                         (int)pair.back, has, needs);
            if (t == TP_THEME_SOFT && pair.text && has > SOFT_MOST)
                fail_msg("soft: colour %d on %d has %.2f", (int)pair.fore, (int)pair.back, has);
        }
}

/* The ring is seen on the ground by its yellow or by the ink around it. */
static void the_focus_is_seen_on_every_ground(void **state)
{
    static const enum tp_colour grounds[] = {TP_COLOUR_GROUND, TP_COLOUR_SOFT, TP_COLOUR_CARD};

    (void)state;
    for (size_t t = 0; t < TP_THEME_COUNT; t++)
        for (size_t i = 0; i < 3; i++) {
            const tp_rgb *colours = tp_themes[t].colours;
            double ring = tp_contrast(colours[TP_COLOUR_FOCUS], colours[grounds[i]]);
            double edge = tp_contrast(colours[TP_COLOUR_FOCUS_EDGE], colours[grounds[i]]);

            assert_true(ring >= GRAPHIC_LEAST || edge >= GRAPHIC_LEAST);
        }
}

static void the_themes_promise_what_t4_asks(void **state)
{
    (void)state;
    assert_true(tp_themes[TP_THEME_STANDARD].contrast >= 10);
    assert_true(tp_themes[TP_THEME_CREAM].contrast >= 20);
    assert_true(tp_themes[TP_THEME_WHITE_ON_BLACK].contrast >= 20);
    assert_true(tp_themes[TP_THEME_YELLOW_ON_BLACK].contrast >= 20);
    assert_true(tp_themes[TP_THEME_SOFT].contrast >= 4.5);
}

static void themes_are_found_by_id(void **state)
{
    (void)state;
    for (size_t t = 0; t < TP_THEME_COUNT; t++)
        assert_ptr_equal(tp_theme_find(tp_themes[t].id), &tp_themes[t]);
    assert_null(tp_theme_find("none"));
    assert_null(tp_theme_find(NULL));
}

static void the_sizes_are_those_of_t2(void **state)
{
    static const double ranges[TP_SIZE_COUNT][2] = {{3.5, 4.2}, {4.8, 5.6}, {6.4, 7.1}, {8.5, 9.0}};

    (void)state;
    for (size_t s = 0; s < TP_SIZE_COUNT; s++) {
        assert_true(tp_sizes[s].capital_mm >= ranges[s][0]);
        assert_true(tp_sizes[s].capital_mm <= ranges[s][1]);
    }
    assert_int_equal(tp_look_default().size, TP_SIZE_MEDIUM);
    assert_ptr_equal(tp_look_default().theme, &tp_themes[TP_THEME_STANDARD]);
    assert_false(tp_look_default().easy_read);
}

static void no_style_is_below_the_smallest_size(void **state)
{
    (void)state;
    for (int style = 0; style < TP_STYLE_COUNT; style++)
        for (int size = 0; size < TP_SIZE_COUNT; size++) {
            struct tp_type_style type = tp_type_of((enum tp_style)style, (enum tp_size)size);

            assert_true(type.capital_mm >= 3.5);
            if (size > 0)
                assert_true(type.capital_mm >
                            tp_type_of((enum tp_style)style, (enum tp_size)(size - 1)).capital_mm);
        }
}

/* EN 301 549 5.1.4: there is a mode in which every style is 0.7 degrees tall. */
static void the_largest_size_is_seven_tenths_of_a_degree(void **state)
{
    struct tp_screen screen = tp_screen_make(1920, 1080, 476, 500);

    (void)state;
    for (int style = 0; style < TP_STYLE_COUNT; style++)
        assert_true(
            tp_screen_degrees(&screen,
                              tp_type_of((enum tp_style)style, TP_SIZE_LARGEST).capital_mm) >= 0.7);
}

static void millimetres_become_pixels(void **state)
{
    struct tp_screen screen = tp_screen_make(1270, 800, 127, 0);

    (void)state;
    assert_float_equal(screen.px_per_mm, 10, 1e-9);
    assert_int_equal(tp_mm_ceil(&screen, 12.7), 127);
    assert_int_equal(tp_mm_ceil(&screen, 12.71), 128);
    assert_int_equal(tp_mm_round(&screen, 0.01), 1);
    assert_float_equal(screen.viewing_distance_mm, TP_VIEWING_DISTANCE_MM, 1e-9);
    /* Guessed: 96 to the inch, and a 24-inch monitor beyond. */
    assert_true(fabs(tp_screen_make(1920, 1080, 0, 0).px_per_mm - 96 / 25.4) < 0.001);
    assert_true(fabs(tp_screen_make(3840, 2160, 0, 0).px_per_mm - 3840 / 531.0) < 0.001);
}

static bool has_room(int width, int height, double width_mm)
{
    struct tp_screen screen = tp_screen_make(width, height, width_mm, 0);
    struct tp_error error;

    return tp_screen_has_room(&screen, &error);
}

/* The smallest display that is laid out for, held either way, is the least; a 7-inch one is not
 * enough. */
static void a_screen_too_small_for_the_rules_is_refused(void **state)
{
    (void)state;
    assert_true(has_room(1280, 800, 217));
    assert_true(has_room(800, 1280, 135.6));
    assert_false(has_room(800, 1280, 134.9));
    assert_false(has_room(1280, 800, 212.9));
    assert_false(has_room(1280, 700, 217));
    assert_false(has_room(800, 480, 154));
    assert_false(has_room(480, 800, 92.4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_is_that_of_wcag),
        cmocka_unit_test(every_pair_of_every_theme_has_its_contrast),
        cmocka_unit_test(the_focus_is_seen_on_every_ground),
        cmocka_unit_test(the_themes_promise_what_t4_asks),
        cmocka_unit_test(themes_are_found_by_id),
        cmocka_unit_test(the_sizes_are_those_of_t2),
        cmocka_unit_test(no_style_is_below_the_smallest_size),
        cmocka_unit_test(the_largest_size_is_seven_tenths_of_a_degree),
        cmocka_unit_test(millimetres_become_pixels),
        cmocka_unit_test(a_screen_too_small_for_the_rules_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
