/* A time of day by large steps: hours, and quarters of an hour. */
#include "kiosk/widgets/time.h"

#include <stdio.h>

#include "kiosk/app_words.h"
#include "kiosk/i18n/catalog.h"

/* Steps that a touch asks for. */
enum { HOUR_LESS, HOUR_MORE, MINUTE_LESS, MINUTE_MORE, CLEAR };

#define MINUTES_OF_DAY (24 * 60)
#define QUARTER 15
/* Where the first touch begins: the middle of most people's day. */
#define FIRST_HOUR 12

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_INPUT && question->type == TP_TYPE_TIME;
}

int tp_time_minutes(const char *value)
{
    int hour, minute;

    return tp_time_parse(value, &hour, &minute) ? hour * 60 + minute : TP_TIME_NONE;
}

static int stepped(int at, size_t step)
{
    if (at < 0)
        return FIRST_HOUR * 60;
    switch (step) {
    case HOUR_LESS:
        at -= 60;
        break;
    case HOUR_MORE:
        at += 60;
        break;
    case MINUTE_LESS: /* to the quarter before, within the hour */
        at = at / 60 * 60 + (at % 60 == 0 ? 60 - QUARTER : (at % 60 - 1) / QUARTER * QUARTER);
        break;
    default:
        at = at / 60 * 60 + (at % 60 / QUARTER + 1) * QUARTER % 60;
        break;
    }
    return (at + MINUTES_OF_DAY) % MINUTES_OF_DAY;
}

static void build_minutes(struct tp_node *row, tp_node node, int minute)
{
    char words[TP_DAY_WORDS_MAX];

    /* Translators: the minutes of a time, as on a stepper: "30 minutes". */
    (void)snprintf(words, sizeof(words), _("%02d minutes"), minute);
    (void)tp_ui_stepper(
        row,
        &(struct tp_stepper){
            .id = tp_widget_id("minute", node, 0),
            .value = tp_words(words),
            .less = _("A quarter of an hour earlier"),
            .more = _("A quarter of an hour later"),
            .less_action = {.id = TP_ACT_ANSWER, .argument = tp_app_argument(node, MINUTE_LESS)},
            .more_action = {.id = TP_ACT_ANSWER, .argument = tp_app_argument(node, MINUTE_MORE)}});
    (void)tp_ui_button(row,
                       &(struct tp_button){.id = tp_widget_id("clear", node, 0),
                                           .label = tp_words(_("Clear")),
                                           .action = {.id = TP_ACT_ANSWER,
                                                      .argument = tp_app_argument(node, CLEAR)}});
}

void tp_time_steps(struct tp_node *parent, tp_node node, int at)
{
    struct tp_node *row = tp_ui_flow(parent, 8);
    char words[TP_DAY_WORDS_MAX];

    if (at < 0)
        (void)snprintf(words, sizeof(words), "%s", _("Not answered"));
    else
        tp_hour_words(at / 60, words);
    (void)tp_ui_stepper(
        row,
        &(struct tp_stepper){
            .id = tp_widget_id("hour", node, 0),
            .value = tp_words(words),
            .less = _("One hour earlier"),
            .more = _("One hour later"),
            .less_action = {.id = TP_ACT_ANSWER, .argument = tp_app_argument(node, HOUR_LESS)},
            .more_action = {.id = TP_ACT_ANSWER, .argument = tp_app_argument(node, HOUR_MORE)}});
    if (at >= 0)
        build_minutes(row, node, at % 60);
}

void tp_time_step(int at, size_t index, char value[TP_STEP_TEXT_MAX])
{
    value[0] = '\0';
    if (index == CLEAR)
        return;
    at = stepped(at, index);
    (void)snprintf(value, TP_STEP_TEXT_MAX, "%02d:%02d", at / 60 % 24, at % 60);
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    tp_time_steps(place->parent, question->node, tp_time_minutes(question->value));
}

static void touch(struct tp_app *app, const struct tp_question *question, size_t index)
{
    char value[TP_STEP_TEXT_MAX];

    tp_time_step(tp_time_minutes(question->value), index, value);
    (void)tp_session_set(app->person.session, question->node, value, NULL);
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Choose a time");
}

const struct tp_widget tp_widget_time = {
    .name = "time", .serves = serves, .build = build, .touch = touch, .missing = missing};
