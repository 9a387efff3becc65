/* The sketches' pages as the toolkit draws them, against pictures that were looked at. */
#include "tp_test.h"

#include "golden.h"
#include "kiosk/gfx/draw.h"
#include "ui_pages.h"

/* A page, a display, a size, a theme; each display, size and theme is in it. */
static const struct {
    const char *page, *display;
    enum tp_size size;
    enum tp_theme_index theme;
    const char *focus;
} shown[] = {
    {"welcome", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"question", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, "choice:2"},
    {"question", "wall", TP_SIZE_LARGEST, TP_THEME_YELLOW_ON_BLACK, NULL},
    {"easy-read", "wall", TP_SIZE_LARGE, TP_THEME_CREAM, "choice:2"},
    {"check", "wall", TP_SIZE_MEDIUM, TP_THEME_SOFT, NULL},
    {"keyboard", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"thanks", "wall", TP_SIZE_MEDIUM, TP_THEME_WHITE_ON_BLACK, "page:primary"},
    {"reading", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"problem", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"arabic", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, "choice:1"},
    {"question", "portrait", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"easy-read", "portrait", TP_SIZE_LARGEST, TP_THEME_STANDARD, NULL},
    {"question", "tablet", TP_SIZE_LARGEST, TP_THEME_STANDARD, NULL},
    {"keyboard", "tablet", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"notice", "library", TP_SIZE_LARGE, TP_THEME_STANDARD, NULL},
    {"question", "4k", TP_SIZE_SMALL, TP_THEME_STANDARD, NULL},
    {"easy-read", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"easy-read", "tablet", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"picture-choices", "wall", TP_SIZE_MEDIUM, TP_THEME_STANDARD, NULL},
    {"ranked", "portrait", TP_SIZE_LARGE, TP_THEME_STANDARD, NULL},
    {"entries", "wall", TP_SIZE_LARGE, TP_THEME_CREAM, NULL},
};

static size_t named_page(const char *name)
{
    size_t i = 0;

    while (i < PAGES && strcmp(pages[i].name, name) != 0)
        i++;
    assert_true(i < PAGES);
    return i;
}

static size_t named_display(const char *name)
{
    size_t i = 0;

    while (i < DISPLAYS && strcmp(displays[i].name, name) != 0)
        i++;
    assert_true(i < DISPLAYS);
    return i;
}

static void pages_are_as_they_were_found_right(void **state)
{
    bool all = true;

    (void)state;
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        size_t page = named_page(shown[i].page);
        struct tp_error error = {0};
        struct stage stage;
        char name[128];

        assert_true(stage_open(&stage, named_display(shown[i].display)));
        stage_look(&stage, shown[i].size, shown[i].theme, pages[page].easy_read, pages[page].tag);
        pages[page].build(&stage);
        if (!tp_ui_end(stage.ui, &error))
            fail_msg("%s", error.text);
        if (shown[i].focus) {
            tp_ui_set_focus_visible(stage.ui, true);
            tp_ui_focus(stage.ui, tp_ui_target_of(stage.ui, shown[i].focus));
        }
        (void)stage_draw(&stage);
        (void)snprintf(name, sizeof(name), "kiosk/%s-%s-%s-%s", shown[i].page, shown[i].display,
                       tp_sizes[shown[i].size].id, tp_themes[shown[i].theme].id);
        all = golden_check(stage.canvas, name) && all;
        stage_close(&stage);
    }
    assert_true(all);
}

/* The comparison is not blind: a moved box, a missing word, another colour are seen. */
static void differences_are_seen(void **state)
{
    struct stage stage;
    struct tp_error error;
    SDL_Surface *before, *after;

    (void)state;
    assert_true(stage_open(&stage, 0));
    page_question(&stage);
    assert_true(tp_ui_end(stage.ui, &error));
    (void)stage_draw(&stage);
    before = golden_reduce(stage.canvas);
    assert_true(golden_difference(before, before) <= 0);
    tp_fill(stage.canvas, &(SDL_Rect){150, 290, 360, 40}, 0xFFFFFF);
    after = golden_reduce(stage.canvas);
    assert_true(golden_difference(before, after) > GOLDEN_PIXELS);
    SDL_FreeSurface(after);
    stage_look(&stage, TP_SIZE_MEDIUM, TP_THEME_SOFT, false, "en");
    page_question(&stage);
    assert_true(tp_ui_end(stage.ui, &error));
    (void)stage_draw(&stage);
    after = golden_reduce(stage.canvas);
    assert_true(golden_difference(before, after) > 0.02);
    SDL_FreeSurface(after);
    SDL_FreeSurface(before);
    stage_close(&stage);
}

static void a_missing_golden_picture_fails(void **state)
{
    SDL_Surface *surface = tp_surface_create(64, 64);

    (void)state;
    if (getenv("TP_GOLDEN_UPDATE"))
        skip();
    assert_false(golden_check(surface, "kiosk/there-is-no-such-picture"));
    SDL_FreeSurface(surface);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_as_they_were_found_right),
        cmocka_unit_test(differences_are_seen),
        cmocka_unit_test(a_missing_golden_picture_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
