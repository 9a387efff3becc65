/* Thank you: it is safe, what happens next, and a code to have it taken out again (sketch 7). */
#include <stdio.h>

#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"

#define SIGN_MM 66.0
#define TEXT_MM 120.0

/* What happens next: in the author's words, else when there will be something to see. */
static void build_next(struct tp_app *app, struct tp_node *column)
{
    const struct tp_survey *survey = app->person.answered;
    const char *thanks = tp_app_fact(app, survey, "thanks");
    const char *date = tp_app_fact(app, survey, "results_date");
    char day[TP_DAY_WORDS_MAX], words[200];

    (void)tp_ui_text(tp_screen_beside(app, column, "council.svg", _("The council")), TP_STYLE_BODY,
                     tp_words_markdown(*thanks ? thanks : _("The council reads every answer.")));
    if (*thanks || !*date)
        return;
    tp_value_words(date, day);
    (void)snprintf(words, sizeof(words), _("You can see what changed from %s."), day);
    (void)tp_ui_text(tp_screen_beside(app, column, "calendar.svg", _("A calendar")), TP_STYLE_BODY,
                     tp_words(words));
}

static void build_receipt(struct tp_app *app, struct tp_node *column)
{
    struct tp_node *panel;

    if (!app->person.receipt[0] || app->practice)
        return;
    panel = tp_ui_panel(column, true);
    (void)tp_ui_text(tp_screen_beside(app, panel, "speech.svg", _("A speech bubble")),
                     TP_STYLE_BODY,
                     tp_words(_("Your receipt code, if you want your answers taken out later")));
    (void)tp_ui_text(tp_screen_beside(app, panel, "receipt.svg", _("A slip of paper")),
                     TP_STYLE_HUGE, tp_words(app->person.receipt));
}

static void build(struct tp_app *app)
{
    bool low = tp_app_is_low(app);
    const char *title = tp_app_fact(app, app->person.answered, "title");
    struct tp_page *page = tp_app_begin(
        app,
        (struct tp_page_spec){.id = "thanks", .title = title, .progress = -1, .centred = true});
    struct tp_node *row = tp_ui_row(tp_page_body(page), 12, TEXT_MM);
    struct tp_node *column;

    if (!low)
        (void)tp_ui_weight(tp_ui_icon(row, TP_ICON_CHECK, SIGN_MM, true, _("A tick")), 0);
    column = tp_ui_column(row, 0);
    (void)tp_ui_heading(column,
                        tp_words(app->practice ? _("Thank you. This was practice: nothing is kept.")
                                               : _("Thank you. Your answers are safe.")));
    /* The code is there for a moment only: where not all fits, it comes first. */
    if (low)
        build_receipt(app, column);
    build_next(app, column);
    if (!low)
        build_receipt(app, column);
    (void)tp_page_back(page, _("Answer another"), (struct tp_action){.id = TP_ACT_EXTRA});
    (void)tp_page_primary(page, _("I have finished"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static void answer_another(struct tp_app *app)
{
    struct tp_person *person = &app->person;

    person->receipt[0] = '\0';
    person->about[0] = '\0';
    person->answered = NULL;
    if (tp_person_pop_to(person, TP_SCREEN_SURVEYS))
        return;
    (void)tp_person_pop_to(person, TP_SCREEN_WELCOME);
    tp_app_go(app, TP_SCREEN_READ);
    tp_app_go(app, TP_SCREEN_SURVEYS);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_EXTRA:
        answer_another(app);
        return true;
    case TP_ACT_NEXT:
    case TP_ACT_BACK:
        tp_app_home(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_thanks = {.name = "thanks", .build = build, .act = act};
