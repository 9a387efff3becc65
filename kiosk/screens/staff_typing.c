/* The venue's or the event's name, on the on-screen keyboard. */
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/keyboard.h"

static void build(struct tp_app *app)
{
    bool venue = app->staff.typing == TP_STAFF_VENUE;
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "staff-typing", .title = _("For staff"), .progress = -1});
    struct tp_node *dock = tp_page_dock(page);

    (void)tp_ui_heading(tp_page_body(page),
                        tp_words(venue ? _("Name of the venue") : _("Name of the event")));
    (void)tp_ui_field(dock, &(struct tp_field){.id = "name",
                                               .text = tp_text_edit_text(&app->staff.edit),
                                               .caret = SIZE_MAX,
                                               .editing = true,
                                               .max_lines = 2,
                                               .spoken = venue ? _("Name of the venue")
                                                               : _("Name of the event")});
    tp_keyboard_build(app, dock, TP_KEYBOARD_TEXT);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Save"), (struct tp_action){.id = TP_ACT_NEXT});
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    bool done = action->id == TP_ACT_NEXT;

    if (action->id == TP_ACT_KEY) {
        done = action->argument / 16 == TP_KEY_NEXT_LINE;
        if (!done && tp_keyboard_press(app, &app->staff.edit, action))
            tp_keyboard_settle(app, tp_text_edit_text(&app->staff.edit), TP_KEYBOARD_TEXT);
        if (!done)
            return true;
    }
    if (!done)
        return false;
    tp_staff_keep(app);
    tp_app_back(app);
    return true;
}

const struct tp_screen_row tp_screen_staff_typing = {
    .name = "staff-typing", .build = build, .act = act};
