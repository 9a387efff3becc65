/* Choose as many as apply; an exclusive answer ("None of these") stands alone. */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_SELECT_MULTIPLE;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    tp_widget_choices(place, question, tp_widget_list(place, question), TP_MARK_CHECKBOX);
}

static const char *hint(const struct tp_question *question)
{
    (void)question;
    return _("Choose as many as you like.");
}

const struct tp_widget tp_widget_select_multiple = {.name = "select-multiple",
                                                    .serves = serves,
                                                    .build = build,
                                                    .touch = tp_widget_toggle,
                                                    .hint = hint};
