/* Acknowledge: one box to tick. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_TRIGGER;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    (void)tp_ui_choice(
        tp_ui_choices(place->parent),
        &(struct tp_answer){
            .id = tp_widget_id("choice", question->node, 0),
            .label = tp_words(_("Yes, I have read this")),
            .picture =
                place->app->person.look.easy_read ? tp_app_picture(place->app, "yes.svg") : NULL,
            .picture_alt = _("A tick"),
            .mark = TP_MARK_CHECKBOX,
            .chosen = *question->value != '\0',
            .disabled = question->readonly,
            .action = {.id = TP_ACT_ANSWER, .argument = tp_app_argument(question->node, 0)}});
}

static void touch(struct tp_app *app, const struct tp_question *question, size_t index)
{
    (void)index;
    (void)tp_session_set(app->person.session, question->node, *question->value ? "" : "OK", NULL);
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Touch the box when you have read this");
}

const struct tp_widget tp_widget_acknowledge = {
    .name = "acknowledge", .serves = serves, .build = build, .touch = touch, .missing = missing};
