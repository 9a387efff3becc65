/*
 * The controls of reading aloud: reached by the bar's Listen once that is on, while reading waits.
 * Volume and speed by large steps, carry on, from the start, no more, and a hidden screen (A1, A3).
 */
#include <stdio.h>

#include "kiosk/screens/screens.h"
#include "kiosk/speech/voice.h"

/* Two controls side by side, where the display has room for both. */
#define CELL_MM 120.0
#define COLUMN_GAP_MM 12.0

struct step {
    const char *id, *name, *less, *more;
    int at, count, most; /* steps; the last that can be set */
    enum tp_act act;
};

static void add_step(struct tp_node *parent, const struct step *step)
{
    struct tp_node *column = tp_ui_column(parent, 0);
    char words[64];

    (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words(step->name));
    (void)snprintf(words, sizeof(words), _("%1$d of %2$d"), step->at + 1, step->count);
    (void)tp_ui_stepper(
        column,
        &(struct tp_stepper){.id = step->id,
                             .value = tp_words(words),
                             .less = step->less,
                             .more = step->more,
                             .at_least = step->at == 0,
                             .at_most = step->at == step->most,
                             .less_action = {.id = (int)step->act, .argument = step->at - 1},
                             .more_action = {.id = (int)step->act, .argument = step->at + 1}});
}

static void add_button(struct tp_node *flow, const char *id, const char *label, enum tp_icon icon,
                       enum tp_act act)
{
    (void)tp_ui_button(
        flow, &(struct tp_button){
                  .id = id, .label = tp_words(label), .icon = icon, .action = {.id = (int)act}});
}

static void build_paused(struct tp_app *app, struct tp_node *body)
{
    if (app->person.look.easy_read)
        tp_screen_ideas(app, body, TP_STYLE_BODY, _("Reading is paused."),
                        TP_IDEAS({"sound-pause.svg", _("A loudspeaker that waits")}));
    else
        (void)tp_ui_optional(tp_ui_text(body, TP_STYLE_BODY, tp_words(_("Reading is paused."))));
}

static void build(struct tp_app *app)
{
    const struct tp_person *person = &app->person;
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "listen", .title = tp_screen_title(app), .progress = -1});
    struct tp_node *body = tp_page_body(page), *row, *flow;

    (void)tp_ui_heading(body, tp_words(_("Listen")));
    build_paused(app, body);
    if (app->listen.mute || !tp_voice_for(person->language))
        tp_screen_problem(app, body, _("This page cannot be read aloud"),
                          _("There is no voice for this language here."),
                          TP_IDEAS({"sound-no.svg", _("A loudspeaker and a cross")}));
    row = tp_ui_row(body, COLUMN_GAP_MM, CELL_MM);
    add_step(row, &(struct step){"volume", _("Volume"), _("Quieter"), _("Louder"), person->volume,
                                 TP_VOLUME_STEPS, (int)app->settings.volume_limit, TP_ACT_VOLUME});
    add_step(row, &(struct step){"speed", _("Speed"), _("Slower"), _("Faster"), person->rate,
                                 TP_RATE_STEPS, TP_RATE_STEPS - 1, TP_ACT_RATE});
    flow = tp_ui_flow(body, 0);
    add_button(flow, "again", _("Read from the start"), TP_ICON_REPEAT, TP_ACT_EXTRA);
    add_button(flow, "stop", _("Stop reading aloud"), TP_ICON_SILENT, TP_ACT_STEP);
    add_button(flow, "hide", person->hidden ? _("Show the screen") : _("Hide the screen"),
               TP_ICON_NONE, TP_ACT_HIDE);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Carry on reading"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_VOLUME:
        tp_listen_set_volume(app, (int)action->argument);
        return true;
    case TP_ACT_RATE:
        tp_listen_set_rate(app, (int)action->argument);
        return true;
    case TP_ACT_NEXT:
    case TP_ACT_BACK:
        tp_listen_resume(app, false);
        return true;
    case TP_ACT_EXTRA:
        tp_listen_resume(app, true);
        return true;
    case TP_ACT_STEP:
        tp_listen_turn_off(app);
        tp_app_back(app);
        return true;
    case TP_ACT_HIDE:
        app->person.hidden = !app->person.hidden;
        tp_listen_resume(app, false);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_listen = {.name = "listen", .build = build, .act = act};
