/* A time of day by large steps: hours, and quarters of an hour. */
#include <stdio.h>

#include "kiosk/app_words.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

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

/* Minutes since midnight; -1 where there is no answer. */
static int minutes_of(const struct tp_question *question)
{
    int hour, minute;

    return tp_time_parse(question->value, &hour, &minute) ? hour * 60 + minute : -1;
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

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *row = tp_ui_flow(place->parent, 8);
    int at = minutes_of(question);
    char words[TP_DAY_WORDS_MAX];
    tp_node node = question->node;

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

static void touch(struct tp_app *app, const struct tp_question *question, size_t index)
{
    int at = stepped(minutes_of(question), index);
    char value[16];

    (void)snprintf(value, sizeof(value), "%02d:%02d", at / 60 % 24, at % 60);
    (void)tp_session_set(app->person.session, question->node, index == CLEAR ? "" : value, NULL);
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Choose a time");
}

const struct tp_widget tp_widget_time = {
    .name = "time", .serves = serves, .build = build, .touch = touch, .missing = missing};
