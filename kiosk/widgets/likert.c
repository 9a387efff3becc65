/* Likert: the steps of a scale in their order, beside one another where every word has room. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

/* The least width of a step; a row stacks sooner than it splits a word of one. */
#define CELL_MM 60.0
#define STEPS_MAX 7

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_SELECT_ONE &&
           tp_appearance_has(question->appearance, "likert");
}

/* A picture beside the words leaves them no room in a row. */
static bool has_pictures(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_choice choice;

    for (size_t i = 0; i < question->choice_count; i++)
        if (tp_session_choice(place->app->person.session, question->node, i, &choice) &&
            choice.label.image)
            return true;
    return false;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *list;

    if (place->app->person.look.easy_read || has_pictures(place, question))
        list = tp_ui_choices(place->parent);
    else if (question->choice_count <= STEPS_MAX)
        list = tp_ui_row(place->parent, 0, CELL_MM);
    else
        list = tp_ui_column(place->parent, 0);
    tp_widget_choices(place, question, tp_ui_scale(list), TP_MARK_RADIO);
}

static const char *hint(const struct tp_question *question)
{
    (void)question;
    return _("Choose one answer.");
}

const struct tp_widget tp_widget_likert = {
    .name = "likert", .serves = serves, .build = build, .touch = tp_widget_toggle, .hint = hint};
