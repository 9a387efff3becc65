/* The answers could not be saved. They are still here: try again, or fetch someone. */
#include "kiosk/app_answer.h"
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){
                 .id = "unsaved", .title = tp_screen_title(app), .progress = -1, .centred = true});
    struct tp_node *body = tp_page_body(page);

    tp_screen_problem(app, body, _("Your answers are not sent yet"),
                      _("This screen could not save them. They are still here.\nTry again. If it "
                        "does not work, tell a member of staff before you leave."),
                      TP_IDEAS({"checklist.svg", _("A list")},
                               {"again.svg", _("An arrow that goes round")},
                               {"front-desk.svg", _("A person at a desk")}));
    (void)tp_page_back(page, _("Back to your answers"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Try again"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    if (action->id != TP_ACT_NEXT)
        return false;
    tp_app_back(app);
    tp_answer_send(app);
    return true;
}

const struct tp_screen_row tp_screen_unsaved = {.name = "unsaved", .build = build, .act = act};
