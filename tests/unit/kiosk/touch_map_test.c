/* Touches on a panel that is mounted turned land where the console's picture is; bad numbers are
 * refused. */
#include "tp_test.h"

#include <math.h>

#include "kiosk/gfx/console.h"
#include "kiosk/input/touch_map.h"

static SDL_Event touch(const struct tp_touch_map *map, double x, double y)
{
    SDL_Event event = {.tfinger = {.type = SDL_FINGERDOWN, .x = (float)x, .y = (float)y}};

    tp_touch_map_apply(map, &event);
    return event;
}

/* The picture's pixel that the console shows at each place of the panel is the one that a touch on
 * that place means. */
static void a_touch_means_what_is_shown_under_it(void **state)
{
    enum { WIDTH = 8, HEIGHT = 4 };
    const SDL_Rect whole = {0, 0, WIDTH, HEIGHT};
    const struct tp_touch_map none = tp_touch_map_none();
    uint32_t picture[WIDTH * HEIGHT];

    (void)state;
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        picture[i] = i + 1;
    for (int rotation = 0; rotation < 360; rotation += 90) {
        const struct tp_touch_map map = tp_touch_map_turned(&none, rotation);
        int width = rotation % 180 ? HEIGHT : WIDTH, height = rotation % 180 ? WIDTH : HEIGHT;
        uint32_t panel[WIDTH * HEIGHT] = {0};

        tp_console_turn(picture, WIDTH * 4, WIDTH, HEIGHT, &whole, rotation, panel, width * 4);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                SDL_Event event = touch(&map, (x + 0.5) / width, (y + 0.5) / height);
                int at_x = (int)(event.tfinger.x * WIDTH), at_y = (int)(event.tfinger.y * HEIGHT);

                assert_int_equal(panel[y * width + x], picture[at_y * WIDTH + at_x]);
            }
    }
}

static void a_matrix_moves_and_stays_on_the_glass(void **state)
{
    struct tp_touch_map map;
    SDL_Event event;

    (void)state;
    assert_true(tp_touch_map_parse("1.1 0 -0.05 0 -1 1", &map, NULL));
    event = touch(&map, 0.5, 0.25);
    assert_true(fabs((double)event.tfinger.x - 0.5) < 1e-6);
    assert_true(fabs((double)event.tfinger.y - 0.75) < 1e-6);
    event = touch(&map, 1, 0);
    assert_true(event.tfinger.x <= 1.0F && event.tfinger.y <= 1.0F);
    event = touch(&map, 0, 0);
    assert_true(event.tfinger.x >= 0.0F);
    event = (SDL_Event){.motion = {.type = SDL_MOUSEMOTION, .x = 7}};
    tp_touch_map_apply(&map, &event);
    assert_int_equal(event.motion.x, 7);
}

/* Turned after it was measured: as the measured place, turned. */
static void a_crooked_panel_may_be_turned(void **state)
{
    static const uint32_t types[] = {SDL_FINGERDOWN, SDL_FINGERMOTION, SDL_FINGERUP};
    const struct tp_touch_map none = tp_touch_map_none();
    const struct tp_touch_map crooked = {{0.8, 0.05, 0.02, -0.07, 0.9, 0.1}};

    (void)state;
    for (int rotation = 0; rotation < 360; rotation += 90) {
        const struct tp_touch_map turn = tp_touch_map_turned(&none, rotation);
        const struct tp_touch_map both = tp_touch_map_turned(&crooked, rotation);

        for (int at = 0; at < 9; at++) {
            SDL_Event parts = touch(&crooked, at % 3 / 2.0, at / 3 / 2.0);
            SDL_Event whole = {.tfinger = {.type = types[at % 3],
                                           .x = (float)(at % 3 / 2.0),
                                           .y = (float)(at / 3 / 2.0)}};

            tp_touch_map_apply(&turn, &parts);
            tp_touch_map_apply(&both, &whole);
            assert_true(fabs((double)(parts.tfinger.x - whole.tfinger.x)) < 1e-6);
            assert_true(fabs((double)(parts.tfinger.y - whole.tfinger.y)) < 1e-6);
        }
    }
}

static void bad_numbers_are_refused(void **state)
{
    static const char *const wrong[] = {"",
                                        "1 0 0 0 1",
                                        "1 0 0 0 1 0 0",
                                        "1 0 0 0 x 0",
                                        "nan 0 0 0 1 0",
                                        "1 1 0 1 1 0",
                                        "0 0 0 0 0 0",
                                        "1e9 0 0 0 1 0",
                                        "inf 0 0 0 1 0"};
    struct tp_touch_map map = {{9}};
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(tp_touch_map_parse(wrong[i], &map, &error));
        assert_int_equal(error.code, TP_ERR_MISUSE);
        assert_true(map.m[0] == 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_means_what_is_shown_under_it),
        cmocka_unit_test(a_matrix_moves_and_stays_on_the_glass),
        cmocka_unit_test(a_crooked_panel_may_be_turned),
        cmocka_unit_test(bad_numbers_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
