/* The bare console's copy: each way round, whole and in parts. A screen itself is shown by `make
 * image-test`. */
#include "tp_test.h"

#include <string.h>

#include "kiosk/gfx/console.h"

#define WIDTH 5
#define HEIGHT 3
/* Lines of both are longer than their pixels, as a card's may be. */
#define CANVAS_LINE 8
#define BUFFER_LINE 7

static void turn(const SDL_Rect *rect, int rotation, uint32_t buffer[BUFFER_LINE * BUFFER_LINE])
{
    uint32_t canvas[CANVAS_LINE * HEIGHT] = {0};

    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++)
            canvas[y * CANVAS_LINE + x] = 10 * y + x + 1;
    memset(buffer, 0, sizeof(uint32_t) * BUFFER_LINE * BUFFER_LINE);
    tp_console_turn(canvas, CANVAS_LINE * 4, WIDTH, HEIGHT, rect, rotation, buffer,
                    BUFFER_LINE * 4);
}

static void corners_land_where_a_turned_panel_has_them(void **state)
{
    const SDL_Rect whole = {0, 0, WIDTH, HEIGHT};
    uint32_t to[BUFFER_LINE * BUFFER_LINE];

    (void)state;
    turn(&whole, 0, to);
    assert_int_equal(to[0], 1);
    assert_int_equal(to[2 * BUFFER_LINE + 4], 25);
    turn(&whole, 90, to); /* 3 wide, 5 high; the first line is the right-hand column */
    assert_int_equal(to[2], 1);
    assert_int_equal(to[4 * BUFFER_LINE + 2], 5);
    assert_int_equal(to[0], 21);
    assert_int_equal(to[3], 0);
    turn(&whole, 180, to);
    assert_int_equal(to[0], 25);
    assert_int_equal(to[2 * BUFFER_LINE + 4], 1);
    turn(&whole, 270, to); /* the first line is the left-hand column, from below */
    assert_int_equal(to[4 * BUFFER_LINE], 1);
    assert_int_equal(to[0], 5);
    assert_int_equal(to[4 * BUFFER_LINE + 2], 21);
}

static void parts_make_the_whole(void **state)
{
    const SDL_Rect whole = {0, 0, WIDTH, HEIGHT};

    (void)state;
    for (int rotation = 0; rotation < 360; rotation += 90) {
        uint32_t all[BUFFER_LINE * BUFFER_LINE], part[BUFFER_LINE * BUFFER_LINE];
        uint32_t sum[BUFFER_LINE * BUFFER_LINE] = {0};

        turn(&whole, rotation, all);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                turn(&(SDL_Rect){x, y, 1, 1}, rotation, part);
                for (size_t i = 0; i < BUFFER_LINE * BUFFER_LINE; i++)
                    sum[i] += part[i];
            }
        assert_memory_equal(sum, all, sizeof(all));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners_land_where_a_turned_panel_has_them),
        cmocka_unit_test(parts_make_the_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
