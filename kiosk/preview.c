#include "kiosk/preview.h"

#include <stdio.h>

#include "base/mem.h"
#include "kiosk/gfx/display.h"
#include "kiosk/preview_walk.h"

struct preview {
    SDL_Surface *canvas;
    tp_preview_visit *visit;
    void *context;
};

/* ---- drawing ---- */

static bool draw_parts(void *context, struct tp_app *app, const struct tp_preview_step *step,
                       struct tp_error *error)
{
    struct preview *preview = context;

    if (step->answered)
        return true;
    for (size_t part = 0; part < tp_ui_parts(app->ui); part++) {
        const struct tp_preview_page page = {
            .number = step->number, .part = part + 1, .id = step->id, .title = step->title};
        SDL_Rect rects[TP_UI_DIRTY_MAX];
        int count;

        tp_ui_show_part(app->ui, part);
        tp_ui_redraw_all(app->ui);
        tp_ui_draw(app->ui, preview->canvas, rects, &count);
        if (!preview->visit(preview->context, &page, preview->canvas, error))
            return false;
    }
    return true;
}

/* ---- opening ---- */

static void settings_of(const struct tp_preview_options *options, struct tp_settings *settings)
{
    tp_settings_default(settings);
    if (!options)
        return;
    if (options->look.theme)
        settings->look = options->look;
    settings->look.easy_read = options->look.easy_read;
    if (options->language)
        (void)snprintf(settings->languages[0], TP_LANGUAGE_TAG_MAX, "%s", options->language);
    if (options->locale)
        (void)snprintf(settings->locale, sizeof(settings->locale), "%s", options->locale);
}

bool tp_preview_draw(const char *path, const struct tp_preview_options *options,
                     tp_preview_visit *visit, void *context, struct tp_error *error)
{
    int width = options && options->width ? options->width : 1920;
    int height = options && options->height ? options->height : 1080;
    double width_mm = options && options->width_mm > 0 ? options->width_mm : 476;
    struct preview preview = {.visit = visit, .context = context};
    struct tp_survey *survey = NULL;
    struct tp_settings *settings = tp_calloc(1, sizeof(*settings));
    struct tp_app_params params = {.settings = settings,
                                   .clock = tp_clock_system(),
                                   .random = tp_random_system(),
                                   .screen = tp_screen_make(width, height, width_mm, 0),
                                   .preview = true};
    struct tp_app *app;
    bool ok = false;

    if (!settings)
        return tp_fail_memory(error);
    settings_of(options, settings);
    if (!tp_survey_open(path, &survey, error))
        goto free_settings;
    preview.canvas = tp_surface_create(width, height);
    if (!preview.canvas) {
        (void)tp_fail_memory(error);
        goto close_survey;
    }
    if (!tp_app_create(&params, &app, error))
        goto free_canvas;
    ok = tp_preview_walk(app, survey, draw_parts, &preview, error);
    tp_app_destroy(app);
free_canvas:
    SDL_FreeSurface(preview.canvas);
close_survey:
    tp_survey_close(survey);
free_settings:
    tp_free(settings);
    return ok;
}
