/*
 * Put these in order: touching an answer puts it next in the order, two buttons move it up and
 * down, a third takes it out again. Nothing is dragged (P5). Those that are never touched stay out
 * of the order: a person who only knows what comes first has said so.
 */
#include <stdio.h>
#include <string.h>

#include "kiosk/app_picture.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

/* What a touch asks for: of the index-th choice, and for the whole order. */
#define TASKS 3
enum task { PLACE, UP, DOWN }; /* PLACE again takes it out */
#define CLEAR UINT32_MAX

#define SPOKEN_MAX 512

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_RANK;
}

static struct tp_action act_on(const struct tp_question *question, size_t index, enum task task)
{
    return (struct tp_action){.id = TP_ACT_ANSWER,
                              .argument =
                                  tp_app_argument(question->node, index * TASKS + (size_t)task)};
}

/* The index of the choice at a place of the order; -1 after the last. */
static long choice_at(struct tp_app *app, const struct tp_question *question, size_t place)
{
    const char *at = question->value;
    char value[1024];
    size_t length;

    for (length = strcspn(at, " "); place > 0 && *at; place--, length = strcspn(at, " ")) {
        at += length;
        at += strspn(at, " ");
    }
    if (!*at || length >= sizeof(value))
        return -1;
    memcpy(value, at, length);
    value[length] = '\0';
    return tp_session_choice_find(app->person.session, question->node, value);
}

static void build_placed(const struct tp_place_to_ask *place, const struct tp_question *question,
                         struct tp_node *list, size_t at, bool last)
{
    struct tp_app *app = place->app;
    long index = choice_at(app, question, at);
    char spoken[SPOKEN_MAX], up[SPOKEN_MAX], down[SPOKEN_MAX], out[SPOKEN_MAX], number[16];
    struct tp_shown_picture picture;
    struct tp_choice choice;
    const char *label;

    if (index < 0 ||
        !tp_session_choice(app->person.session, question->node, (size_t)index, &choice))
        return;
    label = choice.label.text ? choice.label.text : choice.value;
    tp_picture_of_choice(app, question, &choice, &picture);
    (void)snprintf(number, sizeof(number), "%zu", at + 1);
    /* Translators: read aloud for one thing in an order: "Place 1: longer hours" */
    (void)snprintf(spoken, sizeof(spoken), _("Place %1$d: %2$.400s"), (int)at + 1, label);
    /* Translators: read aloud on a button: "Move up: longer hours" */
    (void)snprintf(up, sizeof(up), _("Move up: %.400s"), label);
    (void)snprintf(down, sizeof(down), _("Move down: %.400s"), label);
    (void)snprintf(out, sizeof(out), _("Take out: %.400s"), label);
    (void)tp_ui_ranked(
        list, &(struct tp_ranked){.id = tp_widget_id("rank", question->node, (size_t)index),
                                  .place = number,
                                  .label = tp_words_markdown(label),
                                  .spoken = spoken,
                                  .picture = tp_picture_path(&picture),
                                  .picture_alt = picture.alt,
                                  .up = up,
                                  .down = down,
                                  .out = question->readonly ? NULL : out,
                                  .first = at == 0 || question->readonly,
                                  .last = last || question->readonly,
                                  .up_action = act_on(question, (size_t)index, UP),
                                  .down_action = act_on(question, (size_t)index, DOWN),
                                  .out_action = act_on(question, (size_t)index, PLACE)});
}

/* Those that are not in the order. */
static void build_others(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *list = NULL;

    for (size_t i = 0; i < question->choice_count; i++) {
        struct tp_choice choice;

        if (!tp_session_choice(place->app->person.session, question->node, i, &choice) ||
            choice.chosen)
            continue;
        if (!list && *question->value)
            (void)tp_ui_text(place->parent, TP_STYLE_BOLD, tp_words(_("Touch what comes next")));
        if (!list)
            list = tp_ui_choices(place->parent);
        tp_widget_choice(place, question, list, TP_MARK_NONE, i, i * TASKS + PLACE);
    }
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *list;

    if (*question->value) {
        (void)tp_ui_text(place->parent, TP_STYLE_BOLD, tp_words(_("Your order")));
        list = tp_ui_column(place->parent, 0);
        for (size_t at = 0; choice_at(place->app, question, at) >= 0; at++)
            build_placed(place, question, list, at, choice_at(place->app, question, at + 1) < 0);
    }
    build_others(place, question);
    if (*question->value && !question->readonly)
        (void)tp_ui_button(
            place->parent,
            &(struct tp_button){.id = tp_widget_id("clear", question->node, 0),
                                .label = tp_words(_("Start the order again")),
                                .action = {.id = TP_ACT_ANSWER,
                                           .argument = tp_app_argument(question->node, CLEAR)}});
}

static void touch(struct tp_app *app, const struct tp_question *question, size_t index)
{
    struct tp_session *session = app->person.session;
    struct tp_choice choice;

    if (index == CLEAR) {
        (void)tp_session_clear(session, question->node, NULL);
        return;
    }
    if (!tp_session_choice(session, question->node, index / TASKS, &choice))
        return;
    switch ((enum task)(index % TASKS)) {
    case PLACE:
        (void)tp_session_toggle_choice(session, question->node, choice.value, NULL);
        break;
    case UP:
        (void)tp_session_rank_move(session, question->node, choice.value, -1, NULL);
        break;
    case DOWN:
        (void)tp_session_rank_move(session, question->node, choice.value, 1, NULL);
        break;
    }
}

static const char *hint(const struct tp_question *question)
{
    (void)question;
    return _("Touch first what comes first.");
}

static const char *missing(const struct tp_question *question)
{
    (void)question;
    return _("Touch the answers in your order");
}

const struct tp_widget tp_widget_rank = {.name = "rank",
                                         .serves = serves,
                                         .build = build,
                                         .touch = touch,
                                         .hint = hint,
                                         .missing = missing};
