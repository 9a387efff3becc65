/*
 * A date as three numbers, day, month and year, each typed on large digits. There is no calendar:
 * people know their dates by number, and a calendar is many small targets.
 */
#include "kiosk/widgets/date.h"

#include <stdio.h>
#include <stdlib.h>

#include "form/consultation.h"
#include "kiosk/i18n/catalog.h"

/* Two digits and four with room around them: the three stand in one row in the largest size on a
 * display 217 mm wide. */
#define FIELD_MM 32.0
#define YEAR_MM 44.0
/* On a display narrower than this they are this much smaller, so that the three stay side by side.
 */
#define NARROW_MM 150.0
#define NARROW_SHARE 0.85

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_INPUT && question->type == TP_TYPE_DATE;
}

/* "month-year" and "year" leave parts out; they are then 1. */
static bool asks(const struct tp_question *question, int part)
{
    if (tp_appearance_has(question->appearance, "year"))
        return part == 2;
    if (tp_appearance_has(question->appearance, "month-year"))
        return part >= 1;
    return true;
}

int tp_date_first(const struct tp_question *question)
{
    int part = 0;

    while (part + 1 < TP_DATE_PARTS && !asks(question, part))
        part++;
    return part;
}

static enum tp_keyboard_kind keyboard(const struct tp_question *question)
{
    (void)question;
    return TP_KEYBOARD_PIN; /* digits only */
}

/* The stored answer's part as digits; "" where there is none. */
static void stored(const struct tp_question *question, int part, char text[12])
{
    struct tp_day day = {0};
    char date[11];

    text[0] = '\0';
    (void)snprintf(date, sizeof(date), "%s", question->value);
    if (tp_day_parse(date, &day))
        (void)snprintf(text, 12, "%d", part == 0 ? day.day : part == 1 ? day.month : day.year);
}

void tp_date_fields(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    const char *names[TP_DATE_PARTS] = {_("Day"), _("Month"), _("Year")};
    struct tp_node *row = tp_ui_flow(place->parent, 0);
    const struct tp_screen *screen = &place->app->screen;
    double share = tp_px_to_mm(screen, screen->width) < NARROW_MM ? NARROW_SHARE : 1;

    for (int part = 0; part < TP_DATE_PARTS; part++) {
        struct tp_node *column;
        char initial[12], spoken[400];

        if (!asks(question, part))
            continue;
        stored(question, part, initial);
        column = tp_ui_column(row, 2);
        (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words(names[part]));
        (void)snprintf(spoken, sizeof(spoken), "%.300s %s",
                       question->label.text ? question->label.text : "", names[part]);
        (void)tp_widget_field(
            place, column, question,
            &(struct tp_field_spec){.part = part,
                                    .initial = initial,
                                    .width_mm = share * (part == 2 ? YEAR_MM : FIELD_MM),
                                    .spoken = spoken});
    }
}

static int part_of(struct tp_app *app, const struct tp_question *question, int part)
{
    char initial[12];

    if (!asks(question, part))
        return 1;
    stored(question, part, initial);
    return (int)strtol(tp_widget_typed(app, question->node, part, initial), NULL, 10);
}

static bool all_empty(struct tp_app *app, const struct tp_question *question)
{
    for (int part = 0; part < TP_DATE_PARTS; part++) {
        char initial[12];

        stored(question, part, initial);
        if (asks(question, part) && *tp_widget_typed(app, question->node, part, initial))
            return false;
    }
    return true;
}

const char *tp_date_how(const struct tp_question *question)
{
    if (tp_appearance_has(question->appearance, "year"))
        return _("Enter a year, like 1958");
    if (tp_appearance_has(question->appearance, "month-year"))
        return _("Enter a month and a year, like 3 1958");
    return _("Enter a day, a month and a year, like 27 3 1958");
}

enum tp_date_typed tp_date_read(struct tp_app *app, const struct tp_question *question,
                                char date[TP_DATE_TEXT_MAX])
{
    struct tp_day day;

    if (all_empty(app, question))
        return TP_DATE_EMPTY;
    (void)snprintf(date, TP_DATE_TEXT_MAX, "%04d-%02d-%02d", part_of(app, question, 2),
                   part_of(app, question, 1), part_of(app, question, 0));
    return tp_day_parse(date, &day) ? TP_DATE_RIGHT : TP_DATE_WRONG;
}

static bool commit(struct tp_app *app, const struct tp_question *question,
                   char words[TP_FAULT_WORDS_MAX])
{
    const char *wrong = tp_date_how(question);
    char date[TP_DATE_TEXT_MAX];

    switch (tp_date_read(app, question, date)) {
    case TP_DATE_EMPTY:
        return tp_widget_set(app, question, "", wrong, words);
    case TP_DATE_RIGHT:
        return tp_widget_set(app, question, date, wrong, words);
    case TP_DATE_WRONG:
        break;
    }
    (void)snprintf(words, TP_FAULT_WORDS_MAX, "%s", wrong);
    return false;
}

const struct tp_widget tp_widget_date = {.name = "date",
                                         .serves = serves,
                                         .build = tp_date_fields,
                                         .commit = commit,
                                         .keyboard = keyboard,
                                         .missing = tp_date_how,
                                         .first = tp_date_first,
                                         .parts = TP_DATE_PARTS};
