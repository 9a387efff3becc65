/*
 * A stage for tests that lay out, draw and compare pages: fonts, pictures and a canvas of the size
 * of one of the displays that are laid out for.
 */
#ifndef TP_TESTS_UNIT_KIOSK_UI_STAGE_H
#define TP_TESTS_UNIT_KIOSK_UI_STAGE_H

#include <stdio.h>
#include <string.h>

#include "kiosk/gfx/display.h"
#include "kiosk/ui/page.h"
#include "kiosk/ui/ui.h"

struct stage {
    struct tp_fonts *fonts;
    struct tp_images *images;
    struct tp_icons *icons;
    struct tp_ui *ui;
    SDL_Surface *canvas;
    struct tp_screen screen;
};

static const struct {
    const char *name;
    int width, height;
    double width_mm;
} displays[] = {
    {"wall", 1920, 1080, 476},   {"portrait", 1080, 1920, 268}, {"tablet", 1280, 800, 217},
    {"library", 1366, 768, 344}, {"4k", 3840, 2160, 597},
};
#define DISPLAYS (sizeof(displays) / sizeof(displays[0]))

static inline bool stage_open(struct stage *stage, size_t display)
{
    struct tp_error error = {0};

    memset(stage, 0, sizeof(*stage));
    stage->screen = tp_screen_make(displays[display].width, displays[display].height,
                                   displays[display].width_mm, 0);
    if (!tp_fonts_create(&stage->fonts, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return false;
    }
    stage->images = tp_images_create();
    stage->icons = tp_icons_create();
    stage->ui = tp_ui_create(&(struct tp_ui_options){.screen = stage->screen,
                                                     .fonts = stage->fonts,
                                                     .images = stage->images,
                                                     .icons = stage->icons});
    stage->canvas = tp_surface_create(stage->screen.width, stage->screen.height);
    return stage->images && stage->icons && stage->ui && stage->canvas;
}

static inline void stage_close(struct stage *stage)
{
    tp_ui_destroy(stage->ui);
    tp_icons_destroy(stage->icons);
    tp_images_destroy(stage->images);
    tp_fonts_destroy(stage->fonts);
    SDL_FreeSurface(stage->canvas);
}

static inline void stage_look(struct stage *stage, enum tp_size size, enum tp_theme_index theme,
                              bool easy_read, const char *tag)
{
    tp_ui_set_look(
        stage->ui,
        (struct tp_look){.theme = &tp_themes[theme], .size = size, .easy_read = easy_read});
    tp_ui_set_language(stage->ui, tag);
}

static inline bool stage_draw(struct stage *stage)
{
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count;

    tp_ui_draw(stage->ui, stage->canvas, rects, &count);
    return count > 0;
}

#endif
