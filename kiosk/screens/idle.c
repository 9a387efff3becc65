/*
 * Are you still there? One large button goes on; nothing of the answers shows. A person who finds
 * someone else's survey here can clear it (ACCESSIBILITY.md S1).
 */
#include "kiosk/app_answer.h"
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app,
        (struct tp_page_spec){
            .id = "idle", .title = app->settings.organisation, .progress = -1, .centred = true});
    struct tp_node *body = tp_page_body(page);

    tp_screen_ideas(app, body, TP_STYLE_HUGE, _("Are you still there?"),
                    TP_IDEAS({"clock.svg", _("A clock")}));
    tp_screen_ideas(
        app, body, TP_STYLE_LEAD,
        _("Touch the button to go on.\nIn 45 seconds this screen clears your answers."),
        TP_IDEAS({"touch-screen.svg", _("A hand on a screen")}, {"bin.svg", _("A bin")}));
    (void)tp_ui_button(body, &(struct tp_button){.id = "still-here",
                                                 .label = tp_words(_("I'm still here")),
                                                 .kind = TP_BUTTON_PRIMARY,
                                                 .large = true,
                                                 .action = {.id = TP_ACT_STILL_HERE}});
    (void)tp_page_extra(page, _("Clear and start again"), TP_ICON_NONE,
                        (struct tp_action){.id = TP_ACT_EXTRA});
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_STILL_HERE:
        tp_idle_activity(&app->idle, tp_clock_monotonic_ms(&app->clock));
        tp_app_back(app);
        return true;
    case TP_ACT_EXTRA:
        tp_answer_count_left(app, "timeout");
        tp_app_home(app);
        return true;
    default:
        return true; /* Escape and what else a keyboard says is no answer */
    }
}

const struct tp_screen_row tp_screen_idle = {.name = "idle", .build = build, .act = act};
