/*
 * What this screen cannot ask. The engine refuses such forms at load (form/form.h); should one get
 * here all the same, the person is told and can go on.
 */
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

static bool serves(const struct tp_question *question)
{
    (void)question;
    return true;
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    (void)question;
    (void)tp_ui_text(place->parent, TP_STYLE_BODY,
                     tp_words(_("This question cannot be answered on this screen.")));
}

const struct tp_widget tp_widget_other = {.name = "other", .serves = serves, .build = build};
