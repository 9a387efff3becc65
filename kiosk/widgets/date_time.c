/*
 * A day and a time: the day as three numbers, typed; the time by large steps under it. Neither is
 * an answer without the other, so until Continue the time waits among the drafts.
 */
#include <stdio.h>
#include <string.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/date.h"
#include "kiosk/widgets/time.h"

/* After the parts of the date. */
#define TIME_PART TP_DATE_PARTS

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_INPUT && question->type == TP_TYPE_DATETIME;
}

static enum tp_keyboard_kind keyboard(const struct tp_question *question)
{
    (void)question;
    return TP_KEYBOARD_PIN; /* digits only */
}

static const char *stored_time(const struct tp_question *question)
{
    const char *time = strchr(question->value, 'T');

    return time ? time + 1 : "";
}

static const char *time_of(struct tp_app *app, const struct tp_question *question)
{
    return tp_widget_typed(app, question->node, TIME_PART, stored_time(question));
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    tp_date_fields(place, question);
    if (place->typing)
        return;
    (void)tp_ui_text(place->parent, TP_STYLE_BOLD, tp_words(_("Time")));
    tp_time_steps(place->parent, question->node, tp_time_minutes(time_of(place->app, question)));
}

static void touch(struct tp_app *app, const struct tp_question *question, size_t index)
{
    struct tp_draft *draft =
        tp_person_draft(&app->person, question->node, TIME_PART, stored_time(question));
    char value[TP_STEP_TEXT_MAX];

    tp_time_step(tp_time_minutes(time_of(app, question)), index, value);
    if (draft)
        (void)tp_text_edit_set(&draft->edit, value);
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Enter a day, a month and a year, and choose a time");
}

static bool commit(struct tp_app *app, const struct tp_question *question,
                   char words[TP_FAULT_WORDS_MAX])
{
    const char *time = time_of(app, question);
    char date[TP_DATE_TEXT_MAX], value[TP_DATE_TEXT_MAX + 64];
    enum tp_date_typed typed = tp_date_read(app, question, date);

    if (typed == TP_DATE_EMPTY && !*time)
        return tp_widget_set(app, question, "", missing(question), words);
    if (typed != TP_DATE_RIGHT || !*time) {
        (void)snprintf(words, TP_FAULT_WORDS_MAX, "%s",
                       typed == TP_DATE_RIGHT   ? _("Choose a time")
                       : typed == TP_DATE_WRONG ? tp_date_how(question)
                                                : missing(question));
        return false;
    }
    (void)snprintf(value, sizeof(value), "%sT%.40s", date, time);
    return tp_widget_set(app, question, value, missing(question), words);
}

const struct tp_widget tp_widget_date_time = {.name = "date-time",
                                              .serves = serves,
                                              .build = build,
                                              .touch = touch,
                                              .commit = commit,
                                              .keyboard = keyboard,
                                              .missing = missing,
                                              .first = tp_date_first,
                                              .parts = TP_DATE_PARTS,
                                              .apart = true};
