/* Pictures: read at the size they are shown, refused before they can do harm. */
#include "tp_test.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "kiosk/gfx/display.h"
#include "kiosk/gfx/draw.h"
#include "kiosk/gfx/image.h"
#include "lib/pixel_at.h"

static char folder[] = "/tmp/tp-image-XXXXXX";
static struct tp_images *images;

static const char *path_of(const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
    struct tp_error error;

    assert_true(tp_file_write_atomic(path_of(name), bytes, size, 0644, &error));
}

static void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

#define SVG "<svg xmlns='http://www.w3.org/2000/svg' viewBox=\"0 0 200 100\">"

static int start(void **state)
{
    SDL_Surface *surface;
    struct tp_error error;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    images = tp_images_create();
    write_text("wide.svg", SVG "<rect width='200' height='100' fill='#00685C'/></svg>");
    surface = tp_surface_create(300, 300);
    tp_fill(surface, NULL, 0xB8480C);
    if (!tp_surface_save_png(surface, path_of("square.png"), &error))
        return -1;
    SDL_FreeSurface(surface);
    return images ? 0 : -1;
}

static int finish(void **state)
{
    struct tp_error error;

    (void)state;
    tp_images_destroy(images);
    return tp_dir_remove(folder, &error) ? 0 : -1;
}

static bool near(unsigned a, unsigned b)
{
    for (unsigned shift = 0; shift < 24; shift += 8)
        if (abs((int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF)) > 3)
            return false;
    return true;
}

static void pictures_keep_their_proportions_in_the_middle(void **state)
{
    SDL_Surface *surface = tp_surface_create(200, 200);
    struct tp_error error = {0};

    (void)state;
    tp_fill(surface, NULL, 0xFFFFFF);
    if (!tp_image_draw(images, surface, path_of("wide.svg"), (SDL_Rect){20, 20, 160, 160}, &error))
        fail_msg("%s", error.text);
    assert_true(near(pixel_at(surface, 100, 100), 0x00685C));
    assert_true(near(pixel_at(surface, 22, 100), 0x00685C));
    assert_true(near(pixel_at(surface, 100, 62), 0x00685C));
    assert_int_equal(pixel_at(surface, 100, 50), 0xFFFFFF);
    assert_int_equal(pixel_at(surface, 100, 150), 0xFFFFFF);
    assert_int_equal(pixel_at(surface, 10, 100), 0xFFFFFF);
    assert_true(
        tp_image_draw(images, surface, path_of("square.png"), (SDL_Rect){0, 0, 60, 30}, &error));
    assert_true(near(pixel_at(surface, 30, 15), 0xB8480C));
    assert_int_equal(pixel_at(surface, 10, 15), 0xFFFFFF);
    SDL_FreeSurface(surface);
}

static void proportions_are_known_without_decoding(void **state)
{
    static const unsigned char jpeg[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 4,    0,    0,    0xFF, 0xC0,
                                         0,    17,   8,    0x01, 0, 0x02, 0x80, 3,    1,    0x22,
                                         0,    2,    0x11, 1,    3, 0x11, 1,    0xFF, 0xD9};
    struct tp_error error;
    double aspect = 0;

    (void)state;
    assert_true(tp_image_aspect(images, path_of("wide.svg"), &aspect, &error));
    assert_true(fabs(aspect - 2) < 1e-9);
    assert_true(tp_image_aspect(images, path_of("square.png"), &aspect, &error));
    assert_true(fabs(aspect - 1) < 1e-9);
    write_file("photo.jpg", jpeg, sizeof(jpeg));
    assert_true(tp_image_aspect(images, path_of("photo.jpg"), &aspect, &error));
    assert_true(fabs(aspect - 640.0 / 256) < 1e-9);
    write_text("sized.svg", "<?xml version='1.0'?><svg width=\"30mm\" height=\"60mm\"></svg>");
    assert_true(tp_image_aspect(images, path_of("sized.svg"), &aspect, &error));
    assert_true(fabs(aspect - 0.5) < 1e-9);
}

static void what_is_no_picture_is_refused_by_name(void **state)
{
    struct tp_error error;
    double aspect = 7;

    (void)state;
    write_text("text.svg", "hello");
    assert_false(tp_image_aspect(images, path_of("text.svg"), &aspect, &error));
    assert_int_equal(error.code, TP_ERR_INVALID);
    assert_non_null(strstr(error.text, "text.svg"));
    assert_false(tp_image_aspect(images, path_of("nothing.svg"), &aspect, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    write_text("empty.svg", SVG);
    write_text("flat.svg", "<svg viewBox=\"0 0 0 0\"></svg>");
    assert_false(tp_image_aspect(images, path_of("flat.svg"), &aspect, &error));
    assert_true(fabs(aspect - 7) < 1e-9);
}

static void a_bomb_is_refused_before_it_is_decoded(void **state)
{
    unsigned char png[64] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0";
    char *large = tp_calloc(TP_IMAGE_SVG_MAX + 100, 1);
    SDL_Surface *surface = tp_surface_create(50, 50);
    struct tp_error error;

    (void)state;
    write_file("bomb.png", png, sizeof(png));
    assert_false(
        tp_image_draw(images, surface, path_of("bomb.png"), (SDL_Rect){0, 0, 50, 50}, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    memset(large, ' ', TP_IMAGE_SVG_MAX + 99);
    memcpy(large, SVG, strlen(SVG));
    write_text("large.svg", large);
    assert_false(
        tp_image_draw(images, surface, path_of("large.svg"), (SDL_Rect){0, 0, 50, 50}, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_free(large);
    SDL_FreeSurface(surface);
}

static void dashes_are_refused_and_none_is_not(void **state)
{
    struct tp_error error;
    double aspect;

    (void)state;
    write_text("dash.svg",
               SVG "<path d='M0 0L1e9 0' stroke='#000' stroke-dasharray = '0.001 0.001'/></svg>");
    assert_false(tp_image_aspect(images, path_of("dash.svg"), &aspect, &error));
    assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
    write_text("none.svg", SVG "<path style='stroke-dasharray:none' d='M0 0L9 9'/></svg>");
    assert_true(tp_image_aspect(images, path_of("none.svg"), &aspect, &error));
}

static void a_damaged_picture_draws_nothing(void **state)
{
    SDL_Surface *surface = tp_surface_create(50, 50);
    unsigned char png[64] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x20\x08\x02";
    struct tp_error error;

    (void)state;
    write_file("cut.png", png, sizeof(png));
    tp_fill(surface, NULL, 0xFFFFFF);
    for (int i = 0; i < 2; i++)
        assert_false(
            tp_image_draw(images, surface, path_of("cut.png"), (SDL_Rect){0, 0, 50, 50}, &error));
    assert_int_equal(pixel_at(surface, 25, 25), 0xFFFFFF);
    SDL_FreeSurface(surface);
}

static void the_cache_keeps_to_its_cap_and_forgets(void **state)
{
    SDL_Surface *surface = tp_surface_create(1200, 1200);
    struct tp_error error;

    (void)state;
    tp_images_forget(images);
    assert_int_equal(tp_images_held(images), 0);
    for (int side = 1200; side > 1000; side -= 10) {
        assert_true(tp_image_draw(images, surface, path_of("wide.svg"),
                                  (SDL_Rect){0, 0, side, side}, &error));
        assert_true(tp_images_held(images) <= TP_IMAGE_CACHE_MAX);
    }
    assert_true(tp_images_held(images) > TP_IMAGE_CACHE_MAX / 2);
    tp_images_forget(images);
    assert_int_equal(tp_images_held(images), 0);
    SDL_FreeSurface(surface);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_keep_their_proportions_in_the_middle),
        cmocka_unit_test(proportions_are_known_without_decoding),
        cmocka_unit_test(what_is_no_picture_is_refused_by_name),
        cmocka_unit_test(a_bomb_is_refused_before_it_is_decoded),
        cmocka_unit_test(dashes_are_refused_and_none_is_not),
        cmocka_unit_test(a_damaged_picture_draws_nothing),
        cmocka_unit_test(the_cache_keeps_to_its_cap_and_forgets),
    };

    return cmocka_run_group_tests(tests, start, finish);
}
