/*
 * Range: numbers from one end to the other. Up to eleven are shown all at once, to be touched; more
 * go by large steps (less, the number, more). There is no slider: nothing is dragged (P5).
 */
#include "kiosk/widgets/range.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

/* A square that a finger hits and two digits fit. */
#define CELL_MM 24.0
#define CELLS_MAX 11
/* Presses that bring a stepper from one end to the other, about. */
#define STEPS_AIM 20.0
/* More numbers than anybody steps through. */
#define COUNT_MAX 1e6

/* A step too small to count by is no scale: the ends alone. */
static double step_of(const struct tp_question *question)
{
    double step = fabs(question->range_step);
    double span = fabs(question->range_end - question->range_start);

    return step > 0 && span / step <= COUNT_MAX ? step : span;
}

/* The way from the start to the end. */
static double way_of(const struct tp_question *question)
{
    return question->range_end < question->range_start ? -1 : 1;
}

size_t tp_range_count(const struct tp_question *question)
{
    double step = step_of(question);
    double span = fabs(question->range_end - question->range_start);

    return step > 0 ? (size_t)floor(span / step + 1e-9) + 1 : 1;
}

void tp_range_text(const struct tp_question *question, size_t index, char text[TP_RANGE_TEXT_MAX])
{
    double way = way_of(question);
    double value = question->range_start + way * step_of(question) * (double)index;

    /* 0.1 + 0.2 is written 0.3: the step says how many decimals there are. */
    (void)snprintf(text, TP_RANGE_TEXT_MAX, "%.10g", value == 0 ? 0.0 : value);
}

long tp_range_find(const struct tp_question *question, const char *value)
{
    size_t count = tp_range_count(question);
    double step = step_of(question), index;
    char *end;
    double number = strtod(value, &end);

    if (end == value || *end)
        return -1;
    index = (number - question->range_start) * way_of(question);
    index = step > 0 ? round(index / step) : index;
    return index >= 0 && index < (double)count ? (long)index : -1;
}

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_RANGE;
}

static void build_cells(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *grid = tp_ui_scale(tp_ui_grid(place->parent, CELL_MM, CELLS_MAX));
    long chosen = tp_range_find(question, question->value);

    for (size_t i = 0; i < tp_range_count(question); i++) {
        char text[TP_RANGE_TEXT_MAX];

        tp_range_text(question, i, text);
        (void)tp_ui_button(
            grid, &(struct tp_button){.id = tp_widget_id("choice", question->node, i),
                                      .label = tp_words(text),
                                      .kind = TP_BUTTON_SECONDARY,
                                      .chosen = chosen == (long)i,
                                      .disabled = question->readonly,
                                      .wide = true,
                                      .action = {.id = TP_ACT_ANSWER,
                                                 .argument = tp_app_argument(question->node, i)}});
    }
}

/* Index after one press: the first press begins in the middle, later ones go by a fine step. */
static size_t step_to(const struct tp_question *question, bool more)
{
    size_t count = tp_range_count(question);
    long at = tp_range_find(question, question->value);
    size_t stride = (size_t)fmax(1.0, round((double)count / STEPS_AIM));

    if (at < 0)
        return count / 2;
    if (more)
        return (size_t)at + stride < count ? (size_t)at + stride : count - 1;
    return (size_t)at > stride ? (size_t)at - stride : 0;
}

static void build_stepper(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    long at = tp_range_find(question, question->value);
    bool answered = *question->value != '\0';

    (void)tp_ui_stepper(
        place->parent,
        &(struct tp_stepper){
            .id = tp_widget_id("stepper", question->node, 0),
            .value = tp_words(answered ? question->value : _("Not answered")),
            .less = _("Less"),
            .more = _("More of it"),
            .at_least = at == 0,
            .at_most = at >= 0 && (size_t)at + 1 == tp_range_count(question),
            .less_action = {.id = TP_ACT_ANSWER,
                            .argument = tp_app_argument(question->node, step_to(question, false))},
            .more_action = {.id = TP_ACT_ANSWER,
                            .argument = tp_app_argument(question->node, step_to(question, true))}});
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    if (tp_range_count(question) <= CELLS_MAX)
        build_cells(place, question);
    else
        build_stepper(place, question);
}

void tp_range_touch(struct tp_app *app, const struct tp_question *question, size_t index)
{
    char text[TP_RANGE_TEXT_MAX];
    bool again = tp_range_count(question) <= CELLS_MAX &&
                 tp_range_find(question, question->value) == (long)index;

    tp_range_text(question, index, text);
    (void)tp_session_set(app->person.session, question->node, again ? "" : text, NULL);
}

const struct tp_widget tp_widget_range = {
    .name = "range", .serves = serves, .build = build, .touch = tp_range_touch};
