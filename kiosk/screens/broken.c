/* A survey that does not open: said plainly, with the way back. */
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, tp_screen_pictured(app,
                                (struct tp_page_spec){.id = "broken",
                                                      .title = app->settings.organisation,
                                                      .progress = -1,
                                                      .centred = true},
                                "information.svg", _("The sign for information")));
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_problem(
        body, &(struct tp_problem_box){
                  .id = "problem",
                  .title = tp_words(_("This survey does not open on this screen")),
                  .message = tp_words(_("You can choose another one. You can also tell a member of "
                                        "staff."))});
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

const struct tp_screen_row tp_screen_broken = {.name = "broken", .build = build};
