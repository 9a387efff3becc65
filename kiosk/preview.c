#include "kiosk/preview.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "kiosk/app.h"
#include "kiosk/app_answer.h"
#include "kiosk/gfx/display.h"
#include "kiosk/screens/screens.h"

/* How often the whole survey is walked: with another choice each time. */
#define WALKS_MAX 24

struct preview {
    struct tp_app *app;
    SDL_Surface *canvas;
    tp_preview_visit *visit;
    void *context;
    size_t number;
    char **drawn; /* owned: ids of pages already drawn */
    size_t drawn_count, drawn_capacity;
};

/* ---- drawing ---- */

static bool was_drawn(const struct preview *preview, const char *id)
{
    for (size_t i = 0; i < preview->drawn_count; i++)
        if (strcmp(preview->drawn[i], id) == 0)
            return true;
    return false;
}

static bool remember(struct preview *preview, const char *id, struct tp_error *error)
{
    if (preview->drawn_count == TP_PREVIEW_PAGES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the survey has more than %d pages",
                       TP_PREVIEW_PAGES_MAX);
    if (preview->drawn_count == preview->drawn_capacity) {
        size_t capacity = preview->drawn_capacity ? 2 * preview->drawn_capacity : 64;
        char **drawn = tp_realloc(preview->drawn, capacity, sizeof(*drawn));

        if (!drawn)
            return tp_fail_memory(error);
        preview->drawn = drawn;
        preview->drawn_capacity = capacity;
    }
    preview->drawn[preview->drawn_count] = tp_strdup(id);
    if (!preview->drawn[preview->drawn_count])
        return tp_fail_memory(error);
    preview->drawn_count++;
    return true;
}

static bool show_parts(struct preview *preview, const char *id, const char *title,
                       struct tp_error *error)
{
    struct tp_ui *ui = preview->app->ui;

    preview->number++;
    for (size_t part = 0; part < tp_ui_parts(ui); part++) {
        const struct tp_preview_page page = {
            .number = preview->number, .part = part + 1, .id = id, .title = title};
        SDL_Rect rects[TP_UI_DIRTY_MAX];
        int count;

        tp_ui_show_part(ui, part);
        tp_ui_redraw_all(ui);
        tp_ui_draw(ui, preview->canvas, rects, &count);
        if (!preview->visit(preview->context, &page, preview->canvas, error))
            return false;
    }
    return true;
}

/* Draws the screen that the app is on, once for each id. */
static bool show(struct preview *preview, const char *id, const char *title, struct tp_error *error)
{
    if (was_drawn(preview, id))
        return true;
    return tp_app_build(preview->app, error) && remember(preview, id, error) &&
           show_parts(preview, id, title, error);
}

static bool show_screen(struct preview *preview, enum tp_screen_id screen, const char *title,
                        struct tp_error *error)
{
    bool ok;

    tp_app_go(preview->app, screen);
    ok = show(preview, tp_screens[screen]->name, title, error);
    tp_app_back(preview->app);
    return ok;
}

/* ---- walking ---- */

/* Answers what can be touched: the walk-th choice, so that each way through comes up in turn. */
static void answer(struct tp_session *session, tp_node node, size_t walk)
{
    struct tp_question question;
    struct tp_choice choice;

    if (!tp_session_question(session, node, &question) || question.readonly)
        return;
    switch (question.control) {
    case TP_CONTROL_SELECT_ONE:
    case TP_CONTROL_SELECT_MULTIPLE:
        if (question.choice_count > 0 &&
            tp_session_choice(session, node, walk % question.choice_count, &choice) &&
            !choice.chosen)
            (void)tp_session_toggle_choice(session, node, choice.value, NULL);
        break;
    case TP_CONTROL_TRIGGER:
        (void)tp_session_set(session, node, "OK", NULL);
        break;
    case TP_CONTROL_INPUT:
        if (question.type == TP_TYPE_INTEGER || question.type == TP_TYPE_DECIMAL)
            (void)tp_session_set(session, node, walk % 2 ? "40" : "2", NULL);
        break;
    default:
        break;
    }
}

static bool show_question(struct preview *preview, struct tp_error *error)
{
    struct tp_session *session = preview->app->person.session;
    struct tp_question question;
    struct tp_text label = {0};
    char id[512];
    const tp_node *nodes;
    size_t count;

    tp_session_page_questions(session, &nodes, &count);
    if (count == 0 || !tp_session_question(session, nodes[0], &question))
        return true;
    tp_session_label(session, tp_session_page(session), &label);
    (void)snprintf(id, sizeof(id), "question:%.500s", question.name);
    return show(preview, id, label.text ? label.text : question.label.text, error);
}

/* One way through; `longest` becomes the most choices met. */
static bool walk_once(struct preview *preview, size_t walk, size_t *longest, struct tp_error *error)
{
    struct tp_session *session = preview->app->person.session;

    while (!tp_session_at_end(session)) {
        const tp_node *nodes;
        tp_node copy[TP_DRAFTS_MAX];
        size_t count;

        if (!show_question(preview, error))
            return false;
        tp_session_page_questions(session, &nodes, &count);
        count = count < TP_DRAFTS_MAX ? count : TP_DRAFTS_MAX;
        memcpy(copy, nodes, count * sizeof(copy[0]));
        for (size_t i = 0; i < count; i++) {
            struct tp_question question;

            if (tp_session_question(session, copy[i], &question) &&
                question.choice_count > *longest)
                *longest = question.choice_count;
            answer(session, copy[i], walk);
        }
        if (!tp_session_next(session) && !tp_session_at_end(session))
            break;
    }
    return true;
}

static bool walk_all(struct preview *preview, struct tp_survey *survey, struct tp_error *error)
{
    struct tp_app *app = preview->app;
    size_t longest = 1;

    for (size_t walk = 0; walk < longest && walk < WALKS_MAX; walk++) {
        tp_person_drop_answers(&app->person);
        app->person.survey = survey;
        tp_answer_start(app);
        if (!app->person.session)
            return tp_fail(error, TP_ERR_INVALID, "'%s' does not open", survey->id);
        if (!walk_once(preview, walk, &longest, error))
            return false;
    }
    (void)tp_session_goto(app->person.session, TP_NODE_NONE);
    (void)tp_person_pop_to(&app->person, TP_SCREEN_FRONT);
    return show_screen(preview, TP_SCREEN_CHECK, _("Check your answers"), error);
}

static bool draw_survey(struct preview *preview, struct tp_survey *survey, struct tp_error *error)
{
    struct tp_app *app = preview->app;
    struct tp_form *form;

    if (!tp_survey_form(survey, &form, error))
        return false;
    tp_answer_open(app, survey);
    if (!show(preview, "front", tp_app_fact(app, survey, "title"), error) ||
        !show_screen(preview, TP_SCREEN_PRIVACY, _("Your privacy"), error) ||
        !walk_all(preview, survey, error))
        return false;
    tp_person_drop_answers(&app->person);
    app->person.answered = survey;
    (void)snprintf(app->person.receipt, sizeof(app->person.receipt), "%s", "Maple 47 River");
    return show_screen(preview, TP_SCREEN_THANKS, _("Thank you"), error);
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
    if (!tp_app_create(&params, &preview.app, error))
        goto free_canvas;
    ok = draw_survey(&preview, survey, error);
    tp_app_destroy(preview.app);
    for (size_t i = 0; i < preview.drawn_count; i++)
        tp_free(preview.drawn[i]);
    tp_free(preview.drawn);
free_canvas:
    SDL_FreeSurface(preview.canvas);
close_survey:
    tp_survey_close(survey);
free_settings:
    tp_free(settings);
    return ok;
}
