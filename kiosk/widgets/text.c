/* Words: one line or several. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

#define LINES 3     /* of a multiline box at rest */
#define LINES_MAX 4 /* above the keyboard: the lines around the caret show */
#define CODE_MM 120.0

static bool is_multiline(const struct tp_question *question)
{
    return question->rows > 1 || tp_appearance_has(question->appearance, "multiline");
}

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_INPUT && question->type == TP_TYPE_STRING;
}

static enum tp_keyboard_kind keyboard(const struct tp_question *question)
{
    if (tp_appearance_has(question->appearance, "numbers"))
        return TP_KEYBOARD_INTEGER;
    return is_multiline(question) ? TP_KEYBOARD_MULTILINE : TP_KEYBOARD_TEXT;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    bool several = is_multiline(question) && !tp_app_is_low(place->app);

    (void)tp_widget_field(place, place->parent, question,
                          &(struct tp_field_spec){
                              .initial = question->value,
                              .lines = several ? LINES : 1,
                              .max_lines = several ? LINES_MAX : 2,
                              .width_mm = keyboard(question) == TP_KEYBOARD_INTEGER ? CODE_MM : 0});
}

static bool commit(struct tp_app *app, const struct tp_question *question,
                   char words[TP_FAULT_WORDS_MAX])
{
    return tp_widget_set(app, question, tp_widget_typed(app, question->node, 0, question->value),
                         _("Write your answer in another way"), words);
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Write an answer");
}

const struct tp_widget tp_widget_text = {.name = "text",
                                         .serves = serves,
                                         .build = build,
                                         .commit = commit,
                                         .keyboard = keyboard,
                                         .missing = missing};
