#include <stdio.h>

#include "kiosk/app.h"
#include "kiosk/app_answer.h"
#include "kiosk/app_curtain.h"
#include "kiosk/screens/screens.h"

/* ---- the frame of every page ---- */

struct tp_page *tp_app_begin(struct tp_app *app, struct tp_page_spec spec)
{
    char title[TP_SETTING_TEXT_MAX + 64];
    const char *said = spec.title ? spec.title : "";

    if (!app->practice)
        return tp_ui_begin(app->ui, &spec);
    (void)snprintf(title, sizeof(title), "%s%s%s", _("Practice: nothing is counted"),
                   *said ? " · " : "", said);
    spec.title = title;
    return tp_ui_begin(app->ui, &spec);
}

void tp_app_bar(struct tp_app *app, struct tp_page *page)
{
    const struct tp_person *person = &app->person;
    bool other_size = person->look.size != app->settings.look.size;
    bool other_theme = person->look.theme != app->settings.look.theme;
    const struct tp_button settings = {.id = "bar:settings",
                                       .label = tp_words(_("Settings")),
                                       .icon = TP_ICON_SETTINGS,
                                       .action = {.id = TP_ACT_BAR_SIZE}};
    const struct tp_button buttons[] = {
        {.id = "bar:size",
         .label = tp_words(_("Text size")),
         .icon = TP_ICON_TEXT_SIZE,
         .chosen = other_size,
         .action = {.id = TP_ACT_BAR_SIZE}},
        {.id = "bar:colours",
         .label = tp_words(_("Colours")),
         .icon = TP_ICON_COLOURS,
         .chosen = other_theme,
         .action = {.id = TP_ACT_BAR_COLOURS}},
        {.id = "bar:easy-read",
         .label = tp_words(_("Easy Read")),
         .icon = TP_ICON_EASY_READ,
         .chosen = person->look.easy_read,
         .action = {.id = TP_ACT_BAR_EASY_READ}},
        {.id = "bar:listen",
         .label = tp_words(_("Listen")),
         .icon = TP_ICON_LISTEN,
         .chosen = person->listening,
         /* Who is read to has to be able to stop it. */
         .stays = !person->look.quiet || person->listening,
         .action = {.id = TP_ACT_LISTEN}},
        {.id = "bar:language",
         .label = tp_words(_("Language")),
         .icon = TP_ICON_LANGUAGE,
         .action = {.id = TP_ACT_BAR_LANGUAGE}},
        {.id = "bar:help",
         .label = tp_words(_("Help")),
         .icon = TP_ICON_HELP,
         .stays = true,
         .action = {.id = TP_ACT_BAR_HELP}},
    };

    (void)tp_page_fold(page, &settings);
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++)
        (void)tp_page_bar(page, &buttons[i]);
}

struct tp_ui *tp_app_shown(const struct tp_app *app)
{
    return app->person.hidden && app->curtain ? app->curtain : app->ui;
}

/* The welcome page as everyone finds it. */
static bool is_fresh(const struct tp_app *app)
{
    return tp_app_screen(app) == TP_SCREEN_WELCOME && !app->person.session &&
           tp_person_hash(&app->person) == app->fresh_hash;
}

bool tp_app_build(struct tp_app *app, struct tp_error *error)
{
    if (tp_listen_must_ask(app))
        tp_app_go(app, TP_SCREEN_ALOUD);
    if (app->person.hidden && !tp_curtain_build(app, error))
        return false;
    tp_fonts_set_public(app->fonts, is_fresh(app));
    tp_screens[tp_app_screen(app)]->build(app);
    if (!tp_ui_end(app->ui, error))
        return false;
    tp_listen_page(app);
    return true;
}

/* ---- what is reached from every page ---- */

static void open_kind(struct tp_app *app, enum tp_consultation_kind kind)
{
    struct tp_survey *survey = tp_library_of_kind(app->library, kind, tp_app_today(app));

    if (survey && survey != app->person.survey)
        tp_app_leave(app, survey);
}

/* Comes up over any page; its own button closes it again, another's takes its place. The first step
 * after the welcome page is a page of its own and stays. */
static bool is_over(const struct tp_app *app)
{
    enum tp_screen_id screen = tp_app_screen(app);

    return screen == TP_SCREEN_HELP || screen == TP_SCREEN_LANGUAGE || screen == TP_SCREEN_LISTEN ||
           screen == TP_SCREEN_SCAN || (screen == TP_SCREEN_READ && app->person.depth > 2);
}

static void toggle_screen(struct tp_app *app, enum tp_screen_id screen)
{
    bool same = tp_app_screen(app) == screen;

    if (is_over(app))
        tp_app_back(app);
    if (!same)
        tp_app_go(app, screen);
}

static void set_easy_read(struct tp_app *app, bool easy_read)
{
    app->person.look.easy_read = easy_read;
    tp_app_apply_look(app);
    tp_answer_set_reading(app);
}

static void common_act(struct tp_app *app, const struct tp_action *action)
{
    switch ((enum tp_act)action->id) {
    case TP_ACT_BACK:
        tp_app_back(app);
        break;
    case TP_ACT_SIZE:
        app->person.look.size = (enum tp_size)action->argument;
        tp_app_apply_look(app);
        break;
    case TP_ACT_THEME:
        app->person.look.theme = &tp_themes[action->argument];
        tp_app_apply_look(app);
        break;
    case TP_ACT_WORDS:
        set_easy_read(app, action->argument == 1);
        break;
    case TP_ACT_QUIET:
        app->person.look.quiet = !app->person.look.quiet;
        tp_app_apply_look(app);
        break;
    case TP_ACT_LOWER:
        app->person.look.lower = !app->person.look.lower;
        tp_app_apply_look(app);
        break;
    case TP_ACT_BAR_EASY_READ:
        set_easy_read(app, !app->person.look.easy_read);
        break;
    case TP_ACT_LISTEN:
        tp_listen_touch(app);
        break;
    case TP_ACT_SCAN:
        toggle_screen(app, TP_SCREEN_SCAN);
        break;
    case TP_ACT_BAR_SIZE:
    case TP_ACT_BAR_COLOURS:
        toggle_screen(app, TP_SCREEN_READ);
        break;
    case TP_ACT_BAR_LANGUAGE:
        toggle_screen(app, TP_SCREEN_LANGUAGE);
        break;
    case TP_ACT_BAR_HELP:
        toggle_screen(app, TP_SCREEN_HELP);
        break;
    case TP_ACT_PRIVACY:
        tp_app_go(app, TP_SCREEN_PRIVACY);
        break;
    case TP_ACT_FORMAT_REQUEST:
        open_kind(app, TP_KIND_FORMAT_REQUEST);
        break;
    case TP_ACT_COMMENTS:
        open_kind(app, TP_KIND_COMMENTS);
        break;
    case TP_ACT_NEWS:
        tp_app_go(app, TP_SCREEN_NEWS);
        break;
    case TP_ACT_LEAVE:
        tp_app_leave(app, NULL);
        break;
    default:
        break;
    }
}

void tp_app_act(struct tp_app *app, const struct tp_action *action)
{
    const struct tp_screen_row *screen = tp_screens[tp_app_screen(app)];

    tp_listen_before(app, action);
    if (!screen->act || !screen->act(app, action))
        common_act(app, action);
}

/* ---- keys ---- */

static bool typed(struct tp_app *app, const struct tp_intent *intent)
{
    struct tp_action key = {.id = TP_ACT_KEY};

    switch (intent->kind) {
    case TP_INTENT_TEXT:
        key.text = intent->text;
        key.argument = TP_KEY_TYPE * 16;
        break;
    case TP_INTENT_BACKSPACE:
        key.argument = TP_KEY_DELETE * 16;
        break;
    case TP_INTENT_RETURN:
        key.argument = TP_KEY_NEXT_LINE * 16;
        break;
    default:
        return false;
    }
    tp_app_act(app, &key);
    return true;
}

/* What the one switch and the keys for sound and help mean, and a touch of the curtain. True: it
 * was one, and the page may have changed. */
static bool handled(struct tp_app *app, const struct tp_intent *intent)
{
    if (intent->kind == TP_INTENT_HELP) {
        tp_app_act(app, &(struct tp_action){.id = TP_ACT_BAR_HELP});
        return true;
    }
    return tp_listen_key(app, intent) || tp_curtain_handle(app, intent);
}

static bool is_touch(const struct tp_intent *intent)
{
    return intent->kind == TP_INTENT_PRESS || intent->kind == TP_INTENT_CANCEL ||
           intent->kind == TP_INTENT_ACTIVATE;
}

bool tp_app_handle(struct tp_app *app, const struct tp_intent *given, struct tp_error *error)
{
    struct tp_intent scanned = *given;
    const struct tp_intent *intent = &scanned;
    struct tp_action action;

    if (handled(app, intent))
        return tp_app_build(app, error);
    if (is_touch(intent) && app->person.hidden)
        return true;
    if (is_touch(intent))
        tp_scan_end(app);
    if (intent->kind == TP_INTENT_SCAN && !tp_scan_press(app, &scanned))
        return true;
    if (intent->kind == TP_INTENT_BACK) {
        action = (struct tp_action){.id = TP_ACT_BACK};
        tp_app_act(app, &action);
        return tp_app_build(app, error);
    }
    if (typed(app, intent))
        return tp_app_build(app, error);
    if (!tp_ui_handle(app->ui, intent, &action)) {
        tp_listen_focus(app, intent);
        return true;
    }
    tp_app_act(app, &action);
    if (!tp_app_build(app, error))
        return false;
    /* What is wrong is seen, and by keys comes next. */
    if (action.id == TP_ACT_NEXT && app->person.fault_count > 0) {
        tp_ui_show_problem(app->ui);
        tp_ui_focus(app->ui, 0);
    } else if (action.id == TP_ACT_FAULT) {
        tp_ui_focus_problem(app->ui);
    }
    tp_scan_again(app);
    return true;
}
