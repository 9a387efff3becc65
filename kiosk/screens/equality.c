/*
 * Before the equality questions: the main answers are safe, why we ask, and that each can be left
 * out (ACCESSIBILITY.md C4).
 */
#include "kiosk/app_answer.h"
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    const struct tp_survey *survey = app->person.survey;
    struct tp_page *page = tp_app_begin(app, (struct tp_page_spec){.id = "equality",
                                                                   .title = tp_screen_title(app),
                                                                   .progress = -1,
                                                                   .more = _("Read more")});
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words(_("Your answers are safe. Can we ask about you?")));
    tp_screen_idea(app, body, "yes.svg", _("A tick"), NULL,
                   _("You have sent your answers. These questions are extra."));
    tp_screen_idea(app, body, "people-different.svg", _("Different people"), NULL,
                   tp_app_fact(app, survey, "why"));
    tp_screen_idea(app, body, "checklist.svg", _("A list"), NULL,
                   tp_app_fact(app, survey, "what_happens"));
    tp_screen_idea(app, body, "padlock.svg", _("A padlock"), NULL,
                   tp_app_fact(app, survey, "privacy_short"));
    tp_screen_idea(app, body, "not-say.svg", _("A person who does not speak"), NULL,
                   _("You can leave out any question, or all of them."));
    (void)tp_page_back(page, _("No, finish now"), (struct tp_action){.id = TP_ACT_BACK});
    if (*tp_app_fact(app, survey, "privacy_full"))
        (void)tp_page_extra(page, _("Privacy notice"), TP_ICON_LOCK,
                            (struct tp_action){.id = TP_ACT_PRIVACY});
    (void)tp_page_primary(page, _("Yes, ask me"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_NEXT:
        tp_answer_equality(app, true);
        return true;
    case TP_ACT_BACK:
        tp_answer_equality(app, false);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_equality = {.name = "equality", .build = build, .act = act};
