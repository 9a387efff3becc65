/* Likert: the steps of a scale in their order, beside one another where every word has room. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

/* Narrower cells would break the words of a usual scale ("Strongly disagree"). */
#define CELL_MM 62.0
#define STEPS_MAX 7

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_SELECT_ONE &&
           tp_appearance_has(question->appearance, "likert");
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *list = question->choice_count <= STEPS_MAX
                               ? tp_ui_row(place->parent, 0, CELL_MM)
                               : tp_ui_column(place->parent, 0);

    tp_widget_choices(place, question, list, TP_MARK_RADIO);
}

static const char *hint(const struct tp_question *question)
{
    (void)question;
    return _("Choose one answer.");
}

const struct tp_widget tp_widget_likert = {
    .name = "likert", .serves = serves, .build = build, .touch = tp_widget_toggle, .hint = hint};
