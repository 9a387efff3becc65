/* A whole number or a decimal, typed on large digits. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/answer_words.h"
#include "kiosk/widgets/widgets.h"

#define FIELD_MM 110.0

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_INPUT &&
           (question->type == TP_TYPE_INTEGER || question->type == TP_TYPE_DECIMAL);
}

static enum tp_keyboard_kind keyboard(const struct tp_question *question)
{
    return question->type == TP_TYPE_INTEGER ? TP_KEYBOARD_INTEGER : TP_KEYBOARD_DECIMAL;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    const char *typed = tp_widget_typed(place->app, question->node, 0, question->value);
    struct tp_buf parted;

    tp_buf_init(&parted, TP_TEXT_EDIT_MAX);
    if (tp_appearance_has(question->appearance, "thousands-sep"))
        tp_thousands(typed, &parted);
    (void)tp_widget_field(
        place, place->parent, question,
        &(struct tp_field_spec){.initial = question->value,
                                .shown = parted.length ? tp_buf_text(&parted) : NULL,
                                .width_mm = FIELD_MM});
    tp_buf_finish(&parted);
}

static bool commit(struct tp_app *app, const struct tp_question *question,
                   char words[TP_FAULT_WORDS_MAX])
{
    return tp_widget_set(app, question, tp_widget_typed(app, question->node, 0, question->value),
                         question->type == TP_TYPE_INTEGER ? _("Enter a whole number, like 3")
                                                           : _("Enter a number, like 3 or 2.5"),
                         words);
}

static const char *missing(const struct tp_question *question)
{
    return question->type == TP_TYPE_INTEGER ? _("Enter a whole number, like 3")
                                             : _("Enter a number, like 3 or 2.5");
}

const struct tp_widget tp_widget_number = {.name = "number",
                                           .serves = serves,
                                           .build = build,
                                           .commit = commit,
                                           .keyboard = keyboard,
                                           .missing = missing};
