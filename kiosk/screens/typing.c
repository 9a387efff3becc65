/*
 * One field and the keyboard, with nothing else in the way: for pages of several questions, and for
 * small displays and large text. Done goes back to the question with what was typed.
 */
#include <stdio.h>

#include "kiosk/screens/screens.h"
#include "kiosk/widgets/keyboard.h"

static void build(struct tp_app *app)
{
    struct tp_page *page;
    struct tp_question question;
    const struct tp_widget *widget;
    char id[48];

    (void)snprintf(id, sizeof(id), "typing:%u", (unsigned)app->person.field);
    page = tp_app_begin(
        app, (struct tp_page_spec){
                 .id = id, .title = tp_screen_title(app), .progress = -1, .dock_first = true});
    if (tp_screen_field(app, &question, &widget)) {
        struct tp_node *dock = tp_page_dock(page);
        struct tp_place_to_ask place = {
            .app = app, .page = page, .parent = dock, .alone = true, .typing = true};

        (void)tp_ui_text(tp_page_body(page), TP_STYLE_SUBHEAD,
                         tp_words_markdown(question.label.text ? question.label.text : ""));
        tp_keyboard_note(app, tp_page_body(page), widget->keyboard(&question));
        widget->build(&place, &question);
        tp_screen_keyboard(app, dock);
    }
    (void)tp_page_primary(page, _("Done"), (struct tp_action){.id = TP_ACT_NEXT});
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    struct tp_person *person = &app->person;

    switch (action->id) {
    case TP_ACT_KEY:
        if (tp_screen_key(app, action) || action->argument / 16 != TP_KEY_NEXT_LINE)
            return true;
        break;
    case TP_ACT_FIELD:
        person->field_part = (int)tp_app_argument_index(action->argument);
        return true;
    case TP_ACT_NEXT:
    case TP_ACT_BACK:
        break;
    default:
        return false;
    }
    person->field = TP_NODE_NONE;
    tp_app_back(app);
    return true;
}

const struct tp_screen_row tp_screen_typing = {.name = "typing", .build = build, .act = act};
