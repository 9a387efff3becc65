/* Paragraphs: sizes, order, shapes, carets. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "gfx_fonts.h"
#include "kiosk/gfx/display.h"
#include "kiosk/gfx/faces.h"
#include "kiosk/gfx/fonts.h"
#include "kiosk/gfx/runs.h"
#include "lib/pixel_at.h"

/* The ink of a text: how many pixels are dark, and between which columns. */
struct ink {
    int pixels, left, right, top, bottom;
};

static struct ink ink_of(const struct tp_text_layout *layout)
{
    SDL_Surface *surface = tp_surface_create(1200, 400);
    struct ink ink = {0, 1200, -1, 400, -1};

    assert_non_null(surface);
    (void)SDL_FillRect(surface, NULL, 0xFFFFFF);
    tp_text_draw(fonts, layout, surface, 20, 20, 0, 0x000000, 0, SIZE_MAX);
    for (int y = 0; y < 400; y++)
        for (int x = 0; x < 1200; x++) {
            if ((pixel_at(surface, x, y) & 0xFF) > 100)
                continue;
            ink.pixels++;
            ink.left = x < ink.left ? x : ink.left;
            ink.right = x > ink.right ? x : ink.right;
            ink.top = y < ink.top ? y : ink.top;
            ink.bottom = y > ink.bottom ? y : ink.bottom;
        }
    SDL_FreeSurface(surface);
    return ink;
}

/* ---- sizes ---- */

/* The height of a stem: the most that any column is covered, its grey ends counted by their share.
 */
static double stem_of(const struct tp_text_layout *layout)
{
    SDL_Surface *surface = tp_surface_create(300, 300);
    double tallest = 0;

    assert_non_null(surface);
    (void)SDL_FillRect(surface, NULL, 0xFFFFFF);
    tp_text_draw(fonts, layout, surface, 20, 20, 0, 0x000000, 0, SIZE_MAX);
    for (int x = 0; x < 300; x++) {
        double covered = 0;

        for (int y = 0; y < 300; y++) {
            const uint32_t *row =
                (const uint32_t *)(const void *)((uint8_t *)surface->pixels + y * surface->pitch);

            covered += (255 - (double)(row[x] & 0xFF)) / 255;
        }
        tallest = covered > tallest ? covered : tallest;
    }
    SDL_FreeSurface(surface);
    return tallest;
}

/* A rasterised H is as tall as asked for, in both weights: what every rule in millimetres rests
 * on. */
static void a_capital_is_as_tall_as_asked(void **state)
{
    (void)state;
    for (int bold = 0; bold < 2; bold++)
        for (double capital = 15; capital < 80; capital += 7.3) {
            struct tp_text_layout *layout = tp_text_layout(
                fonts,
                &(struct tp_text_spec){.text = "H", .capital_px = capital, .bold = bold == 1});
            double stem = stem_of(layout);

            if (fabs(stem - capital) > 1.0)
                fail_msg("an H of %.1f pixels is %.1f tall", capital, stem);
            tp_text_free(layout);
        }
}

static void lines_are_as_far_apart_as_asked(void **state)
{
    struct tp_text_layout *layout = tp_text_layout(
        fonts, &(struct tp_text_spec){.text = "a\nb", .capital_px = CAPITAL, .line = 1.5});
    double em = tp_text_em(fonts, CAPITAL);

    (void)state;
    assert_true(tp_text_line_height(layout) >= (int)(em * 1.5));
    assert_int_equal(tp_text_height(layout), 2 * tp_text_line_height(layout));
    tp_text_free(layout);
}

/* ---- order ---- */

static void the_paragraph_has_the_direction_of_its_first_letter(void **state)
{
    static const struct {
        const char *text;
        bool rtl;
    } cases[] = {{"library", false},    {"مكتبة", true},
                 {"01865 مكتبة", true}, {"(8A) library مكتبة", false},
                 {"\"מה\"", true},      {"123", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tp_text_layout *layout = lay(cases[i].text, 0);

        assert_int_equal(tp_text_is_rtl(layout), cases[i].rtl);
        tp_text_free(layout);
    }
}

static void right_to_left_lines_stand_at_the_right(void **state)
{
    struct tp_text_layout *layout = lay("مكتبة", 400);
    struct tp_text_line line;

    (void)state;
    assert_true(tp_text_line_at(layout, 0, &line));
    assert_int_equal(line.x + line.width, 400);
    tp_text_free(layout);
    layout = lay("library", 400);
    assert_true(tp_text_line_at(layout, 0, &line));
    assert_int_equal(line.x, 0);
    tp_text_free(layout);
}

/* An English address on an Arabic page, and an Arabic name on an English one (UKAAF: one edge). */
static void words_of_the_other_direction_stand_at_the_pages_edge(void **state)
{
    struct tp_text_spec spec = {.text = "County Hall, New Road, Oxford",
                                .capital_px = CAPITAL,
                                .width = 200,
                                .page = TP_DIRECTION_RTL};
    struct tp_text_layout *layout = tp_text_layout(fonts, &spec);
    struct tp_text_line line;

    (void)state;
    assert_true(tp_text_lines(layout) > 1);
    for (size_t i = 0; i < tp_text_lines(layout); i++) {
        assert_true(tp_text_line_at(layout, i, &line));
        assert_int_equal(line.x + line.width, 200);
    }
    tp_text_free(layout);
    spec.text = "مكتبة";
    spec.page = TP_DIRECTION_LTR;
    layout = tp_text_layout(fonts, &spec);
    assert_true(tp_text_line_at(layout, 0, &line));
    assert_int_equal(line.x, 0);
    tp_text_free(layout);
}

/* Before the first letter of a right-to-left line the caret stands at its right end; letters and
 * numbers inside run the other way. */
static void carets_follow_the_order(void **state)
{
    /* "abc " in Arabic letters, then 810, then Arabic again. */
    static const char text[] = "\xD8\xA3\xD8\xA8 810 \xD8\xAC\xD8\xAF";
    struct tp_text_layout *layout = lay(text, 0);
    int start = tp_text_caret_at(fonts, layout, 0).x;
    int before_number = tp_text_caret_at(fonts, layout, 5).x;
    int in_number = tp_text_caret_at(fonts, layout, 6).x;
    int late = tp_text_caret_at(fonts, layout, 9).x;
    int end = tp_text_caret_at(fonts, layout, strlen(text)).x;

    (void)state;
    assert_true(tp_text_is_rtl(layout));
    assert_int_equal(start, tp_text_width(layout));
    assert_true(in_number > before_number); /* the digits run from left to right */
    assert_true(start > in_number);
    assert_true(in_number > late);
    assert_int_equal(end, 0);
    tp_text_free(layout);
}

/* Where the caret stands before each digit group tells the order they are drawn in. */
static void a_telephone_number_stays_in_order_inside_arabic(void **state)
{
    static const char text[] = "\xD8\xA3\xD8\xA8 01865 810226";
    struct tp_text_layout *layout = lay(text, 0);
    int first = tp_text_caret_at(fonts, layout, 6).x;
    int second = tp_text_caret_at(fonts, layout, 12).x;

    (void)state;
    assert_true(first < second);
    tp_text_free(layout);
    /* Two numbers that are not one: in the order of the line, from right to left. */
    layout = lay("\xD8\xA3 5 10", 0);
    first = tp_text_caret_at(fonts, layout, 3).x;
    second = tp_text_caret_at(fonts, layout, 6).x;
    assert_true(first > second);
    tp_text_free(layout);
}

static void brackets_are_mirrored(void **state)
{
    /* An opening bracket in Arabic opens to the left: its ink is that of ")" in Latin. */
    struct tp_text_layout *arabic = tp_text_layout(
        fonts,
        &(struct tp_text_spec){.text = "(", .capital_px = 60, .direction = TP_DIRECTION_RTL});
    struct tp_text_layout *latin =
        tp_text_layout(fonts, &(struct tp_text_spec){.text = "(", .capital_px = 60});
    SDL_Surface *surface = tp_surface_create(200, 300);
    int share[2];
    const struct tp_text_layout *both[2] = {arabic, latin};

    (void)state;
    /* A bracket's middle row is dark on the side that it bulges to. */
    for (int i = 0; i < 2; i++) {
        int left = 200, right = 0, middle = 0, count = 0, y;

        (void)SDL_FillRect(surface, NULL, 0xFFFFFF);
        tp_text_draw(fonts, both[i], surface, 20, 20, 0, 0, 0, 1);
        y = 20 + tp_text_baseline(both[i]) - 20;
        for (int row = 20; row < 280; row++)
            for (int x = 0; x < 200; x++) {
                const uint32_t *pixels =
                    (const uint32_t *)(const void *)((uint8_t *)surface->pixels +
                                                     row * surface->pitch);
                if ((pixels[x] & 0xFF) > 100)
                    continue;
                left = x < left ? x : left;
                right = x > right ? x : right;
                if (row == y) {
                    middle += x;
                    count++;
                }
            }
        assert_true(count > 0);
        share[i] = middle / count - (left + right) / 2;
    }
    assert_true(share[0] > 0);
    assert_true(share[1] < 0);
    SDL_FreeSurface(surface);
    tp_text_free(arabic);
    tp_text_free(latin);
}

/* ---- shapes ---- */

static void every_script_on_offer_has_ink(void **state)
{
    static const char *const samples[] = {
        "library", "Zażółć",  "Торкніться", "اختر إجابة",   "براہ کرم", "একটি উত্তর", "ਇੱਕ ਜਵਾਬ",
        "એક જવાબ", "एक उत्तर", "ஒரு பதில்",   "选择一个答案", "תשובה",    "ตอบ",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        struct tp_text_layout *layout = lay(samples[i], 0);

        assert_true(tp_text_width(layout) > 20);
        if (ink_of(layout).pixels < 100)
            fail_msg("'%s' has no ink", samples[i]);
        tp_text_free(layout);
    }
}

/* Joined Arabic is narrower than its letters one by one. */
static void arabic_letters_join(void **state)
{
    struct tp_text_layout *joined = lay("\xD8\xA8\xD8\xA8\xD8\xA8\xD8\xA8", 0);
    struct tp_text_layout *apart =
        lay("\xD8\xA8\xE2\x80\x8C\xD8\xA8\xE2\x80\x8C\xD8\xA8\xE2\x80\x8C\xD8\xA8", 0);

    (void)state;
    assert_true(tp_text_width(joined) < tp_text_width(apart));
    tp_text_free(joined);
    tp_text_free(apart);
}

static void each_script_finds_an_installed_face(void **state)
{
    static const char *const scripts[] = {"Latn", "Cyrl", "Arab", "Beng", "Guru", "Hani"};

    (void)state;
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        int face = tp_face_for_script(scripts[i]);
        char path[4096];

        assert_true(face >= 0);
        assert_true(tp_face_path(&tp_faces[face], false, path, sizeof(path)));
        assert_true(tp_face_path(&tp_faces[face], true, path, sizeof(path)));
    }
    assert_int_equal(tp_face_for_script("Xxxx"), -1);
    assert_int_equal(tp_face_for_script("La"), -1);
}

static void bold_spans_are_wider(void **state)
{
    static const struct tp_text_span span = {0, 7};
    struct tp_text_layout *plain = lay("library", 0);
    struct tp_text_layout *bold = tp_text_layout(
        fonts, &(struct tp_text_spec){
                   .text = "library", .spans = &span, .span_count = 1, .capital_px = CAPITAL});

    (void)state;
    assert_true(tp_text_width(bold) > tp_text_width(plain));
    tp_text_free(plain);
    tp_text_free(bold);
}

/* ---- hostile and odd text ---- */

static void bad_bytes_show_as_a_sign(void **state)
{
    struct tp_text_layout *bad = lay("a\xFF\xC3(\xE2\x82 b\x01\x7F", 300);
    struct tp_text_layout *sign = lay("a\xEF\xBF\xBD", 300);

    (void)state;
    assert_true(ink_of(bad).pixels > ink_of(sign).pixels);
    tp_text_free(bad);
    tp_text_free(sign);
}

static void a_text_past_the_cap_is_cut(void **state)
{
    size_t size = TP_TEXT_MAX + 5000;
    char *text = tp_calloc(size + 1, 1);
    struct tp_text_layout *layout;
    struct tp_text_line line = {0};
    size_t last = 0;

    (void)state;
    memset(text, 'a', size);
    for (size_t i = 7; i < size; i += 8)
        text[i] = ' ';
    layout = lay(text, 2000);
    for (size_t i = 0; tp_text_line_at(layout, i, &line); i++)
        last = line.start + line.length;
    assert_true(last <= TP_TEXT_MAX);
    tp_text_free(layout);
    tp_free(text);
}

static void a_failed_allocation_gives_nothing(void **state)
{
    uint64_t before = tp_mem_count();
    struct tp_text_layout *layout = lay("one two three", 100);
    uint64_t count = tp_mem_count() - before;

    (void)state;
    tp_text_free(layout);
    assert_true(count > 3);
    for (uint64_t nth = 1; nth <= count; nth++) {
        tp_mem_fail_at(nth);
        layout = tp_text_layout(
            fonts,
            &(struct tp_text_spec){.text = "one two three", .capital_px = CAPITAL, .width = 100});
        tp_mem_fail_at(0);
        tp_text_free(layout);
    }
}

static void drawing_keeps_to_the_clip_rectangle(void **state)
{
    SDL_Surface *surface = tp_surface_create(400, 100);
    struct tp_text_layout *layout = lay("library library library", 0);

    (void)state;
    (void)SDL_FillRect(surface, NULL, 0xFFFFFF);
    (void)SDL_SetClipRect(surface, &(SDL_Rect){50, 0, 40, 100});
    tp_text_draw(fonts, layout, surface, -20, 0, 0, 0x000000, 0, 1);
    (void)SDL_SetClipRect(surface, NULL);
    for (int y = 0; y < 100; y++)
        for (int x = 0; x < 400; x++)
            if (x < 50 || x >= 90)
                assert_int_equal(pixel_at(surface, x, y), 0xFFFFFF);
    SDL_FreeSurface(surface);
    tp_text_free(layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capital_is_as_tall_as_asked),
        cmocka_unit_test(lines_are_as_far_apart_as_asked),
        cmocka_unit_test(the_paragraph_has_the_direction_of_its_first_letter),
        cmocka_unit_test(right_to_left_lines_stand_at_the_right),
        cmocka_unit_test(words_of_the_other_direction_stand_at_the_pages_edge),
        cmocka_unit_test(carets_follow_the_order),
        cmocka_unit_test(a_telephone_number_stays_in_order_inside_arabic),
        cmocka_unit_test(brackets_are_mirrored),
        cmocka_unit_test(every_script_on_offer_has_ink),
        cmocka_unit_test(arabic_letters_join),
        cmocka_unit_test(each_script_finds_an_installed_face),
        cmocka_unit_test(bold_spans_are_wider),
        cmocka_unit_test(bad_bytes_show_as_a_sign),
        cmocka_unit_test(a_text_past_the_cap_is_cut),
        cmocka_unit_test(a_failed_allocation_gives_nothing),
        cmocka_unit_test(drawing_keeps_to_the_clip_rectangle),
    };

    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
