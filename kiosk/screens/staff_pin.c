/* The PIN before the staff menu: dots for digits, and a wait that grows with wrong tries. */
#include <stdio.h>

#include "kiosk/screens/screens.h"
#include "kiosk/widgets/keyboard.h"

#define FIELD_MM 110.0
#define DIGITS_MM 80.0

static void build(struct tp_app *app)
{
    const struct tp_staff *staff = &app->staff;
    int wait = tp_staff_wait_seconds(app);
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "staff-pin", .title = _("For staff"), .progress = -1});
    struct tp_node *body = tp_page_body(page);
    struct tp_node *row;
    char words[96];

    (void)tp_ui_heading(body, tp_words(_("Staff PIN")));
    if (wait > 0) {
        (void)snprintf(words, sizeof(words), _("Wait %d seconds before you try again."), wait);
        (void)tp_ui_text(body, TP_STYLE_BODY, tp_words(words));
    } else if (staff->wrong) {
        (void)tp_ui_text(body, TP_STYLE_ALARM, tp_words(_("That is not the PIN.")));
    }
    row = tp_ui_row(tp_page_dock(page), 12, DIGITS_MM);
    (void)tp_ui_field(tp_ui_column(row, 0),
                      &(struct tp_field){.id = "pin",
                                         .text = tp_text_edit_text(&staff->edit),
                                         .caret = SIZE_MAX,
                                         .editing = true,
                                         .width_mm = FIELD_MM,
                                         .secret = true,
                                         .spoken = _("Staff PIN")});
    tp_keyboard_build(app, row, TP_KEYBOARD_PIN);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Open the menu"), (struct tp_action){.id = TP_ACT_NEXT});
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_KEY:
        if (action->argument / 16 == TP_KEY_NEXT_LINE)
            tp_staff_try(app);
        else
            (void)tp_keyboard_press(app, &app->staff.edit, action);
        return true;
    case TP_ACT_NEXT:
        tp_staff_try(app);
        return true;
    case TP_ACT_BACK:
        tp_app_home(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_staff_pin = {.name = "staff-pin", .build = build, .act = act};
