/*
 * Before private questions are read aloud where others could hear: headphones, or a clear choice
 * (ACCESSIBILITY.md A2). Plugging in headphones answers it.
 */
#include "kiosk/app_answer.h"
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "aloud", .title = tp_screen_title(app), .progress = -1});
    struct tp_node *body = tp_page_body(page), *list;

    (void)tp_ui_heading(body, tp_words(_("These questions are private")));
    tp_screen_ideas(app, body, TP_STYLE_BODY,
                    _("Other people could hear the answers.\nYou can plug in headphones, or choose "
                      "here."),
                    TP_IDEAS({"people.svg", _("People")}, {"headphones.svg", _("Headphones")},
                             {"touch-screen.svg", _("A hand on a screen")}));
    list = tp_ui_choices(body);
    (void)tp_ui_choice(
        list, &(struct tp_answer){.id = "aloud:no",
                                  .label = tp_words(_("Do not read the answers aloud")),
                                  .icon = TP_ICON_SILENT,
                                  .action = {.id = TP_ACT_ALOUD, .argument = TP_ALOUD_NO}});
    (void)tp_ui_choice(
        list, &(struct tp_answer){.id = "aloud:yes",
                                  .label = tp_words(_("Read the answers aloud")),
                                  .icon = TP_ICON_LISTEN,
                                  .action = {.id = TP_ACT_ALOUD, .argument = TP_ALOUD_YES}});
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_ALOUD:
        app->person.aloud = (enum tp_aloud)action->argument;
        tp_app_back(app);
        return true;
    case TP_ACT_BACK:
        /* Behind it is the question that asked: back is the page before that. */
        tp_app_back(app);
        tp_answer_back(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_aloud = {.name = "aloud", .build = build, .act = act};
