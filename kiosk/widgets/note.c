/* A note: words to read, nothing to answer. */
#include "kiosk/widgets/answer_words.h"
#include "kiosk/widgets/widgets.h"

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_NOTE;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_buf shown;

    /* What is calculated, or there at first and not to be changed, stands under the words. */
    if (!*question->value)
        return;
    tp_buf_init(&shown, TP_ANSWER_MAX);
    tp_answer_words(place->app->person.session, question, &shown);
    (void)tp_ui_text(place->parent, TP_STYLE_LEAD, tp_words(tp_buf_text(&shown)));
    tp_buf_finish(&shown);
}

const struct tp_widget tp_widget_note = {.name = "note", .serves = serves, .build = build};
