/* The full privacy notice, with the rights and how long answers are kept. */
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    const struct tp_survey *survey = app->person.survey;
    struct tp_page *page = tp_app_begin(app, (struct tp_page_spec){.id = "privacy",
                                                                   .title = tp_screen_title(app),
                                                                   .progress = -1,
                                                                   .more = _("Read more")});
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words(_("Your privacy")));
    tp_screen_idea(app, body, "padlock.svg", _("A padlock"), NULL,
                   tp_app_fact(app, survey, "privacy_full"));
    tp_screen_idea(app, body, "bin.svg", _("A bin"), _("How long we keep your answers"),
                   tp_app_fact(app, survey, "retention"));
    tp_screen_idea(app, body, "person-reading.svg", _("A person reading"), _("Your rights"),
                   tp_app_fact(app, survey, "rights"));
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

const struct tp_screen_row tp_screen_privacy = {.name = "privacy", .build = build};
