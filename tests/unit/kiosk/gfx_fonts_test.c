/* What faces and shaped words are kept: within caps, and nothing of a person. */
#include <stdio.h>

#include "gfx_fonts.h"
#include "kiosk/gfx/display.h"
#include "kiosk/gfx/fonts.h"
#include "kiosk/gfx/runs.h"

static void the_caches_stay_within_their_caps_and_forget(void **state)
{
    SDL_Surface *surface = tp_surface_create(1600, 200);
    struct tp_fonts_use use;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        char text[64];
        struct tp_text_layout *layout;

        (void)snprintf(text, sizeof(text), "Answer number %d, typed by somebody", i);
        layout = lay(text, 0);
        tp_text_draw(fonts, layout, surface, 0, 0, 0, 0xFFFFFF, 0, 1);
        tp_text_free(layout);
    }
    use = tp_fonts_used(fonts);
    assert_true(use.words > 100);
    assert_true(use.words <= TP_RUNS_WIDTHS_MAX);
    assert_true(use.runs > 50);
    assert_true(use.runs <= TP_RUNS_MAX);
    assert_true(use.run_bytes <= TP_RUNS_BYTES_MAX);
    for (int size = 10; size < 120; size++) {
        struct tp_text_layout *layout =
            tp_text_layout(fonts, &(struct tp_text_spec){.text = "size", .capital_px = size});

        tp_text_free(layout);
    }
    assert_true(tp_fonts_used(fonts).faces_open <= TP_FONTS_OPEN_MAX);
    tp_fonts_forget(fonts);
    use = tp_fonts_used(fonts);
    assert_int_equal(use.words, 0);
    assert_int_equal(use.runs, 0);
    assert_int_equal(use.run_bytes, 0);
    SDL_FreeSurface(surface);
}

static void draw_line(SDL_Surface *surface, const char *text)
{
    struct tp_text_layout *layout = lay(text, 0);

    tp_text_draw(fonts, layout, surface, 0, 0, 0, 0xFFFFFF, 0, 1);
    tp_text_free(layout);
}

static void what_is_everybodys_outlives_a_person(void **state)
{
    SDL_Surface *surface = tp_surface_create(600, 100);
    struct tp_fonts_use welcome, use;

    (void)state;
    tp_fonts_forget(fonts);
    tp_fonts_set_public(fonts, true);
    draw_line(surface, "Touch to start");
    tp_fonts_set_public(fonts, false);
    welcome = tp_fonts_used(fonts);
    assert_true(welcome.runs > 0 && welcome.words > 0);
    draw_line(surface, "I am Rosalind, and I live at number nine");
    draw_line(surface, "Touch to start");
    tp_fonts_forget(fonts);
    use = tp_fonts_used(fonts);
    assert_int_equal(use.runs, welcome.runs);
    assert_int_equal(use.run_bytes, welcome.run_bytes);
    assert_int_equal(use.words, welcome.words);
    SDL_FreeSurface(surface);
}

static size_t faces_after_chinese(SDL_Surface *surface)
{
    draw_line(surface, "轻触开始 (touch)");
    return tp_fonts_used(fonts).faces_open;
}

static void a_large_face_is_kept_for_its_readers_only(void **state)
{
    SDL_Surface *surface = tp_surface_create(600, 100);
    size_t open, runs;

    (void)state;
    tp_fonts_forget(fonts);
    tp_fonts_rest(fonts, "en");
    open = faces_after_chinese(surface);
    tp_fonts_rest(fonts, "zh-Hans");
    assert_int_equal(tp_fonts_used(fonts).faces_open, open);
    runs = tp_fonts_used(fonts).runs;
    tp_fonts_rest(fonts, "pl");
    assert_true(tp_fonts_used(fonts).faces_open < open);
    /* Drawn again it needs no face, and is the same. */
    assert_true(faces_after_chinese(surface) < open);
    assert_int_equal(tp_fonts_used(fonts).runs, runs);
    tp_fonts_forget(fonts);
    assert_int_equal(faces_after_chinese(surface), open);
    SDL_FreeSurface(surface);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caches_stay_within_their_caps_and_forget),
        cmocka_unit_test(a_large_face_is_kept_for_its_readers_only),
        cmocka_unit_test(what_is_everybodys_outlives_a_person),
    };

    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
