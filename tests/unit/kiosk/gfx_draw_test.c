/* Shapes and signs: covered areas, crisp edges, clipping. */
#include "tp_test.h"

#include <math.h>

#include "kiosk/gfx/display.h"
#include "kiosk/gfx/draw.h"
#include "kiosk/gfx/icon.h"
#include "lib/pixel_at.h"

#define SIDE 200

static SDL_Surface *white(void)
{
    SDL_Surface *surface = tp_surface_create(SIDE, SIDE);

    assert_non_null(surface);
    tp_fill(surface, NULL, 0xFFFFFF);
    return surface;
}

/* How much black there is, in pixels. */
static double ink(SDL_Surface *surface)
{
    double sum = 0;

    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            sum += (255 - (double)(pixel_at(surface, x, y) & 0xFF)) / 255;
    return sum;
}

static void areas_are_those_of_geometry(void **state)
{
    static const double radii[] = {0, 5, 12.5, 40};

    (void)state;
    for (size_t i = 0; i < sizeof(radii) / sizeof(radii[0]); i++) {
        SDL_Surface *surface = white();
        double r = radii[i], area = 120 * 80 - (4 - M_PI) * r * r;

        tp_draw_round(surface, (struct tp_box){30, 40, 120, 80}, r, 0);
        assert_true(fabs(ink(surface) - area) < area * 0.004);
        SDL_FreeSurface(surface);
    }
}

static void fractions_of_pixels_are_shares(void **state)
{
    SDL_Surface *surface = white();

    (void)state;
    tp_draw_round(surface, (struct tp_box){10.25, 10.5, 50, 50}, 0, 0);
    assert_true(fabs(ink(surface) - 2500) < 5);
    assert_int_equal(pixel_at(surface, 30, 30), 0);
    /* Three quarters of the first column, half of the first row. */
    assert_true(abs((int)(pixel_at(surface, 10, 30) & 0xFF) - 64) < 3);
    assert_true(abs((int)(pixel_at(surface, 30, 10) & 0xFF) - 128) < 3);
    SDL_FreeSurface(surface);
}

static void whole_pixels_are_crisp(void **state)
{
    SDL_Surface *surface = white();

    (void)state;
    tp_draw_card(surface, (struct tp_box){20, 20, 100, 60}, 8, 2, 0xFFFFFF, 0);
    for (int x = 40; x < 100; x++) {
        assert_int_equal(pixel_at(surface, x, 19), 0xFFFFFF);
        assert_int_equal(pixel_at(surface, x, 20), 0);
        assert_int_equal(pixel_at(surface, x, 21), 0);
        assert_int_equal(pixel_at(surface, x, 22), 0xFFFFFF);
    }
    SDL_FreeSurface(surface);
}

static void a_frame_and_its_middle_make_the_whole(void **state)
{
    SDL_Surface *framed = white(), *whole = white();
    double border = 6;

    (void)state;
    tp_draw_round(whole, (struct tp_box){20, 20, 140, 90}, 20, 0);
    tp_draw_frame(framed, (struct tp_box){20, 20, 140, 90}, 20, border, 0);
    tp_draw_round(framed, (struct tp_box){26, 26, 128, 78}, 14, 0);
    /* Two edges that share a pixel leave a little of the ground between them, at the corners. */
    assert_true(fabs(ink(framed) - ink(whole)) < 25);
    SDL_FreeSurface(framed);
    SDL_FreeSurface(whole);
}

static void circles_rings_and_lines_have_their_areas(void **state)
{
    SDL_Surface *surface = white();

    (void)state;
    tp_draw_circle(surface, 100, 100, 50, 0);
    assert_true(fabs(ink(surface) - M_PI * 2500) < 20);
    tp_fill(surface, NULL, 0xFFFFFF);
    tp_draw_ring(surface, 100, 100, 50, 10, 0);
    assert_true(fabs(ink(surface) - M_PI * (2500 - 1600)) < 20);
    tp_fill(surface, NULL, 0xFFFFFF);
    tp_draw_line(surface, 40, 50, 140, 120, 8, 0);
    assert_true(fabs(ink(surface) - (hypot(100, 70) * 8 + M_PI * 16)) < 12);
    SDL_FreeSurface(surface);
}

/* Is a point within a rectangle whose corners are round? */
static bool within(struct tp_box box, double r, double x, double y)
{
    double dx = fmax(fabs(x - box.x - box.w / 2) - box.w / 2 + r, 0);
    double dy = fmax(fabs(y - box.y - box.h / 2) - box.h / 2 + r, 0);

    return box.w > 0 && box.h > 0 && dx * dx + dy * dy <= r * r;
}

/* The share of a pixel in a frame, by 256 points in it. */
static double sampled(struct tp_box box, double r, double border, int x, int y)
{
    struct tp_box hole = {box.x + border, box.y + border, box.w - 2 * border, box.h - 2 * border};
    int hits = 0;

    for (int i = 0; i < 256; i++) {
        double px = x + (i % 16 + 0.5) / 16, py = y + (i / 16 + 0.5) / 16;

        hits += within(box, r, px, py) && !within(hole, fmax(r - border, 0), px, py);
    }
    return hits / 256.0;
}

static void each_pixel_has_its_share_of_a_frame(void **state)
{
    static const struct {
        struct tp_box box;
        double r, border;
    } frames[] = {
        {{20, 20, 140, 90}, 20, 3},    {{20.25, 20.5, 140.5, 90.25}, 12.5, 7.5},
        {{-30, -20, 300, 260}, 40, 9}, {{50, 50, 60, 60}, 30, 11.25},
        {{60, 80, 9, 70}, 4.5, 1.5},   {{10, 10, 170, 170}, 6, 25},
        {{5, 90, 190, 30}, 15, 40},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        SDL_Surface *surface = white();

        tp_draw_frame(surface, frames[i].box, frames[i].r, frames[i].border, 0);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                double share = 1 - (double)(pixel_at(surface, x, y) & 0xFF) / 255;
                double right = sampled(frames[i].box, frames[i].r, frames[i].border, x, y);

                /* The edge is taken as straight within a pixel. */
                assert_true(fabs(share - right) < 0.27);
            }
        SDL_FreeSurface(surface);
    }
}

static void everything_keeps_to_the_clip_rectangle(void **state)
{
    SDL_Surface *surface = white();
    struct tp_icons *icons = tp_icons_create();
    const SDL_Rect clip = {60, 60, 40, 30};

    (void)state;
    (void)SDL_SetClipRect(surface, &clip);
    tp_draw_round(surface, (struct tp_box){-50, -50, 400, 400}, 30, 0);
    tp_draw_frame(surface, (struct tp_box){10, 10, 180, 180}, 90, 60, 0);
    tp_draw_line(surface, -100, -100, 400, 400, 50, 0);
    tp_icon_draw(icons, surface, TP_ICON_HELP, 20, 20, 160, false, 0);
    tp_fill(surface, &(SDL_Rect){-10, -10, 500, 500}, 0);
    (void)SDL_SetClipRect(surface, NULL);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            assert_int_equal(pixel_at(surface, x, y),
                             SDL_PointInRect(&(SDL_Point){x, y}, &clip) ? 0 : 0xFFFFFF);
    tp_icons_destroy(icons);
    SDL_FreeSurface(surface);
}

static void shapes_off_the_surface_draw_nothing(void **state)
{
    SDL_Surface *surface = white();

    (void)state;
    tp_draw_round(surface, (struct tp_box){-500, -500, 100, 100}, 10, 0);
    tp_draw_card(surface, (struct tp_box){5000, 20, 100, 100}, 10, 2, 0, 0);
    tp_draw_line(surface, -50, -50, -20, -10, 4, 0);
    tp_draw_round(surface, (struct tp_box){20, 20, 0, 0}, 10, 0);
    assert_true(ink(surface) < 0.01);
    SDL_FreeSurface(surface);
}

static void every_sign_has_ink_and_a_name_of_its_own(void **state)
{
    struct tp_icons *icons = tp_icons_create();

    (void)state;
    for (int i = TP_ICON_NONE + 1; i < TP_ICON_COUNT; i++) {
        SDL_Surface *surface = white();

        tp_icon_draw(icons, surface, (enum tp_icon)i, 20, 20, 96, false, 0);
        if (ink(surface) < 150 || ink(surface) > 96 * 96 * 0.7)
            fail_msg("%s has %.0f pixels of ink", tp_icon_name((enum tp_icon)i), ink(surface));
        for (int k = TP_ICON_NONE + 1; k < i; k++)
            assert_string_not_equal(tp_icon_name((enum tp_icon)i), tp_icon_name((enum tp_icon)k));
        SDL_FreeSurface(surface);
    }
    assert_string_equal(tp_icon_name((enum tp_icon)999), "none");
    tp_icons_destroy(icons);
}

static void signs_that_point_turn_with_the_page(void **state)
{
    struct tp_icons *icons = tp_icons_create();
    SDL_Surface *forward = white(), *mirrored = white(), *help = white(), *same = white();
    bool equal = true;

    (void)state;
    tp_icon_draw(icons, forward, TP_ICON_FORWARD, 50, 50, 100, false, 0);
    tp_icon_draw(icons, mirrored, TP_ICON_FORWARD, 50, 50, 100, true, 0);
    tp_icon_draw(icons, help, TP_ICON_HELP, 50, 50, 100, false, 0);
    tp_icon_draw(icons, same, TP_ICON_HELP, 50, 50, 100, true, 0);
    for (int y = 50; y < 150; y++)
        for (int x = 50; x < 150; x++) {
            assert_true(abs((int)(pixel_at(forward, x, y) & 0xFF) -
                            (int)(pixel_at(mirrored, 199 - x, y) & 0xFF)) < 8);
            equal = equal && pixel_at(help, x, y) == pixel_at(same, x, y);
        }
    assert_true(equal);
    SDL_FreeSurface(forward);
    SDL_FreeSurface(mirrored);
    SDL_FreeSurface(help);
    SDL_FreeSurface(same);
    tp_icons_destroy(icons);
}

static void a_display_off_screen_has_what_was_asked(void **state)
{
    struct tp_display *display = NULL;
    struct tp_error error;

    (void)state;
    assert_true(tp_display_open(
        &(struct tp_display_options){
            .offscreen = true, .width = 1280, .height = 800, .screen_width_mm = 217},
        &display, &error));
    assert_int_equal(tp_display_canvas(display)->w, 1280);
    assert_true(fabs(tp_display_screen(display).px_per_mm - 1280 / 217.0) < 1e-9);
    assert_null(tp_display_window(display));
    assert_true(tp_display_present(display, NULL, 0, &error));
    tp_display_close(display);
    assert_false(tp_display_open(
        &(struct tp_display_options){.offscreen = true, .width = 100000, .height = 10}, &display,
        &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
}

static void a_window_opens_resizes_and_shows(void **state)
{
    struct tp_display *display = NULL;
    struct tp_error error = {0};
    SDL_Rect changed = {10, 10, 50, 50};

    (void)state;
    if (!tp_display_open(
            &(struct tp_display_options){
                .width = 640, .height = 480, .screen_width_mm = 160, .video_driver = "dummy"},
            &display, &error))
        fail_msg("%s", error.text);
    assert_int_equal(tp_display_canvas(display)->w, 640);
    assert_int_equal(tp_display_canvas(display)->format->BytesPerPixel, 4);
    tp_fill(tp_display_canvas(display), NULL, 0x00443C);
    assert_true(tp_display_present(display, &changed, 1, &error));
    SDL_SetWindowSize(tp_display_window(display), 800, 600);
    assert_true(tp_display_resized(display, &error));
    assert_int_equal(tp_display_canvas(display)->w, 800);
    /* A window that grows shows more millimetres, not larger ones. */
    assert_true(fabs(tp_display_screen(display).px_per_mm - 4) < 1e-9);
    tp_display_close(display);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_those_of_geometry),
        cmocka_unit_test(fractions_of_pixels_are_shares),
        cmocka_unit_test(whole_pixels_are_crisp),
        cmocka_unit_test(a_frame_and_its_middle_make_the_whole),
        cmocka_unit_test(circles_rings_and_lines_have_their_areas),
        cmocka_unit_test(each_pixel_has_its_share_of_a_frame),
        cmocka_unit_test(everything_keeps_to_the_clip_rectangle),
        cmocka_unit_test(shapes_off_the_surface_draw_nothing),
        cmocka_unit_test(every_sign_has_ink_and_a_name_of_its_own),
        cmocka_unit_test(signs_that_point_turn_with_the_page),
        cmocka_unit_test(a_display_off_screen_has_what_was_asked),
        cmocka_unit_test(a_window_opens_resizes_and_shows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
