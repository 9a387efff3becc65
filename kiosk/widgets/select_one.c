/* Choose one answer. Touching the chosen answer again takes it back. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_SELECT_ONE;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    tp_widget_choices(place, question, tp_widget_list(place, question), TP_MARK_RADIO);
}

static const char *hint(const struct tp_question *question)
{
    (void)question;
    return _("Choose one answer.");
}

const struct tp_widget tp_widget_select_one = {.name = "select-one",
                                               .serves = serves,
                                               .build = build,
                                               .touch = tp_widget_toggle,
                                               .hint = hint};
