/* How fast the focus moves for someone with one switch (ACCESSIBILITY.md P8). Reached from Help. */
#include <stdio.h>

#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "scan", .title = tp_screen_title(app), .progress = -1});
    struct tp_node *body = tp_page_body(page);
    char words[64];

    (void)tp_ui_heading(body, tp_words(_("Speed of the switch")));
    tp_screen_ideas(app, body, TP_STYLE_BODY, _("This is how long the switch waits on each thing."),
                    TP_IDEAS({"switch.svg", _("A switch")}));
    (void)snprintf(words, sizeof(words), _("%1$d of %2$d"), tp_scan_step(app) + 1, TP_SCAN_STEPS);
    (void)tp_ui_stepper(body,
                        &(struct tp_stepper){.id = "pace",
                                             .value = tp_words(words),
                                             .less = _("Slower"),
                                             .more = _("Faster"),
                                             .at_least = tp_scan_step(app) == 0,
                                             .at_most = tp_scan_step(app) == TP_SCAN_STEPS - 1,
                                             .less_action = {.id = TP_ACT_STEP, .argument = -1},
                                             .more_action = {.id = TP_ACT_STEP, .argument = 1}});
    (void)tp_page_primary(page, _("Done"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    if (action->id != TP_ACT_STEP)
        return false;
    tp_scan_set_step(app, tp_scan_step(app) + (int)action->argument);
    return true;
}

const struct tp_screen_row tp_screen_scan = {.name = "scan", .build = build, .act = act};
