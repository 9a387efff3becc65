#include "kiosk/screens/screens.h"

#include "kiosk/widgets/keyboard.h"

const struct tp_screen_row *const tp_screens[TP_SCREEN_COUNT] = {
    [TP_SCREEN_WELCOME] = &tp_screen_welcome,
    [TP_SCREEN_READ] = &tp_screen_read,
    [TP_SCREEN_LANGUAGE] = &tp_screen_language,
    [TP_SCREEN_SURVEYS] = &tp_screen_surveys,
    [TP_SCREEN_FRONT] = &tp_screen_front,
    [TP_SCREEN_PRIVACY] = &tp_screen_privacy,
    [TP_SCREEN_QUESTION] = &tp_screen_question,
    [TP_SCREEN_TYPING] = &tp_screen_typing,
    [TP_SCREEN_CHECK] = &tp_screen_check,
    [TP_SCREEN_REMOVE] = &tp_screen_remove,
    [TP_SCREEN_UNSAVED] = &tp_screen_unsaved,
    [TP_SCREEN_EQUALITY] = &tp_screen_equality,
    [TP_SCREEN_THANKS] = &tp_screen_thanks,
    [TP_SCREEN_HELP] = &tp_screen_help,
    [TP_SCREEN_LEAVE] = &tp_screen_leave,
    [TP_SCREEN_IDLE] = &tp_screen_idle,
    [TP_SCREEN_LISTEN] = &tp_screen_listen,
    [TP_SCREEN_ALOUD] = &tp_screen_aloud,
    [TP_SCREEN_SCAN] = &tp_screen_scan,
    [TP_SCREEN_BROKEN] = &tp_screen_broken,
    [TP_SCREEN_STAFF_PIN] = &tp_screen_staff_pin,
    [TP_SCREEN_STAFF] = &tp_screen_staff,
    [TP_SCREEN_STAFF_TYPING] = &tp_screen_staff_typing,
    [TP_SCREEN_STAFF_CHECK] = &tp_screen_staff_check,
    [TP_SCREEN_STAFF_TOUCH] = &tp_screen_staff_touch,
    [TP_SCREEN_NEWS] = &tp_screen_news,
    [TP_SCREEN_NOTICE] = &tp_screen_notice,
};

const char *tp_screen_title(struct tp_app *app)
{
    if (app->person.survey)
        return tp_app_fact(app, app->person.survey, "title");
    return app->settings.organisation;
}

bool tp_screen_field(struct tp_app *app, struct tp_question *question,
                     const struct tp_widget **widget)
{
    struct tp_person *person = &app->person;

    if (!person->session || person->field == TP_NODE_NONE ||
        !tp_session_question(person->session, person->field, question))
        return false;
    *widget = tp_widget_for(question);
    return (*widget)->keyboard != NULL;
}

/* What a draft begins with: the answer, where the whole of it is what is typed. */
static const char *initial_of(const struct tp_widget *widget, const struct tp_question *question)
{
    return widget->parts > 1 || widget->searches ? "" : question->value;
}

void tp_screen_open_field(struct tp_app *app, const struct tp_question *question, int part)
{
    const struct tp_widget *widget = tp_widget_for(question);

    app->person.field = question->node;
    app->person.field_part = part;
    app->person.layer = TP_LAYER_LETTERS;
    if (widget->keyboard)
        tp_keyboard_settle(app,
                           tp_widget_typed(app, question->node, part, initial_of(widget, question)),
                           widget->keyboard(question));
}

/* After two digits of a day or a month the next number is meant. */
static void go_to_next_part(struct tp_app *app, const struct tp_widget *widget,
                            const struct tp_draft *draft)
{
    if (widget->parts > 1 && draft->part + 1 < widget->parts && draft->edit.text.length >= 2)
        app->person.field_part = draft->part + 1;
}

bool tp_screen_key(struct tp_app *app, const struct tp_action *action)
{
    struct tp_question question;
    const struct tp_widget *widget;
    struct tp_draft *draft;
    enum tp_keyboard_kind kind;

    if (action->id != TP_ACT_KEY || !tp_screen_field(app, &question, &widget))
        return false;
    draft = tp_person_draft(&app->person, question.node, app->person.field_part,
                            initial_of(widget, &question));
    if (!draft)
        return true;
    kind = widget->keyboard(&question);
    /* Enter on a keyboard beside the screen ends a single line. */
    if (action->argument / 16 == TP_KEY_NEXT_LINE && kind != TP_KEYBOARD_MULTILINE)
        return false;
    /* Delete in an empty part of a date goes back to the part before it. */
    if (action->argument / 16 == TP_KEY_DELETE && draft->part > tp_widget_first_part(&question) &&
        draft->edit.text.length == 0) {
        app->person.field_part = draft->part - 1;
        return true;
    }
    if (tp_keyboard_press(app, &draft->edit, action)) {
        tp_keyboard_settle(app, tp_text_edit_text(&draft->edit), kind);
        if (action->argument / 16 == TP_KEY_TYPE)
            go_to_next_part(app, widget, draft);
    }
    return true;
}

void tp_screen_keyboard(struct tp_app *app, struct tp_node *parent)
{
    struct tp_question question;
    const struct tp_widget *widget;

    if (tp_screen_field(app, &question, &widget))
        tp_keyboard_build(app, parent, widget->keyboard(&question));
}
