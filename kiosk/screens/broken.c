/* A survey that does not open: said plainly, with the way back. */
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app,
        (struct tp_page_spec){
            .id = "broken", .title = app->settings.organisation, .progress = -1, .centred = true});
    struct tp_node *body = tp_page_body(page);

    tp_screen_problem(app, body, _("This survey does not open on this screen"),
                      _("You can choose another one. You can also tell a member of staff."),
                      TP_IDEAS({"touch-screen.svg", _("A hand on a screen")},
                               {"front-desk.svg", _("A person at a desk")}));
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

const struct tp_screen_row tp_screen_broken = {.name = "broken", .build = build};
