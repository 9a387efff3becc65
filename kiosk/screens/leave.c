/* Do you want to leave? Only asked where there are answers to lose. */
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){
                 .id = "leave", .title = tp_screen_title(app), .progress = -1, .centred = true});
    struct tp_node *body = tp_page_body(page);

    tp_screen_ideas(app, body, TP_STYLE_HUGE, _("Do you want to leave?"),
                    TP_IDEAS({"door-open.svg", _("An open door")}));
    tp_screen_ideas(
        app, body, TP_STYLE_LEAD, _("Your answers are not sent.\nIf you leave, they are not kept."),
        TP_IDEAS({"letter-no.svg", _("A letter and a cross")}, {"bin.svg", _("A bin")}));
    (void)tp_page_back(page, _("No, go back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Yes, leave"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_NEXT:
        tp_app_leave_now(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_leave = {.name = "leave", .build = build, .act = act};
