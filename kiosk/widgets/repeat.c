/*
 * The summary of a repeat: what was added so far, each with Change and Remove, and "Add another"
 * (kiosk/app_repeat.h has the way through them).
 */
#include <stdio.h>

#include "kiosk/app_picture.h"
#include "kiosk/app_repeat.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/widgets.h"

/* What a touch asks for: to add one, or something of the index-th: Change, then Remove. */
#define ADD 0
#define CHANGE(index) (1 + 2 * (index))
#define REMOVE(index) (2 + 2 * (index))

#define NAME_MAX_BYTES 400

static bool serves(const struct tp_question *question)
{
    return question->control == TP_CONTROL_REPEAT;
}

static struct tp_action act_on(const struct tp_question *question, size_t what)
{
    return (struct tp_action){.id = TP_ACT_ANSWER,
                              .argument = tp_app_argument(question->node, what)};
}

static void add_row(const struct tp_place_to_ask *place, const struct tp_question *question,
                    size_t index)
{
    tp_node instance =
        tp_session_repeat_instance(place->app->person.session, question->node, index);
    char change[NAME_MAX_BYTES + 32], remove[NAME_MAX_BYTES + 32];
    bool may_remove = question->can_remove && !question->readonly;
    struct tp_shown_picture picture;
    struct tp_buf name, answers;

    tp_buf_init(&name, NAME_MAX_BYTES);
    tp_buf_init(&answers, TP_ANSWER_MAX);
    tp_repeat_name(place->app, instance, &name);
    tp_repeat_answers(place->app, instance, &answers);
    tp_picture_of_question(place->app, question, &picture);
    /* Translators: read aloud on the button: "Change: How often do you come?" */
    (void)snprintf(change, sizeof(change), _("Change: %.400s"), tp_buf_text(&name));
    /* Translators: read aloud on the button: "Remove: A journey 2" */
    (void)snprintf(remove, sizeof(remove), _("Remove: %.400s"), tp_buf_text(&name));
    (void)tp_ui_summary(place->parent,
                        &(struct tp_summary){.id = tp_widget_id("repeat", question->node, index),
                                             .question = tp_words_markdown(tp_buf_text(&name)),
                                             .answer = tp_words(tp_buf_text(&answers)),
                                             .picture = tp_picture_path(&picture),
                                             .picture_alt = picture.alt,
                                             .change = question->readonly ? NULL : _("Change"),
                                             .change_spoken = change,
                                             .action = act_on(question, CHANGE(index)),
                                             .remove = may_remove ? _("Remove") : NULL,
                                             .remove_spoken = remove,
                                             .remove_action = act_on(question, REMOVE(index))});
    tp_buf_finish(&answers);
    tp_buf_finish(&name);
}

/* Between Back and Continue, on every part of the page; on a low display that would take a line of
 * its own from the rows, and it stands above them. */
static void build_add(const struct tp_place_to_ask *place, const struct tp_question *question,
                      struct tp_node *row)
{
    const char *label = question->repeat_count ? _("Add another") : _("Add one");

    if (!question->can_add || question->readonly)
        return;
    if (row)
        (void)tp_ui_button(row, &(struct tp_button){.id = "repeat:add",
                                                    .label = tp_words(label),
                                                    .icon = TP_ICON_PLUS,
                                                    .action = act_on(question, ADD)});
    else
        (void)tp_page_extra(place->page, label, TP_ICON_PLUS, act_on(question, ADD));
}

static void build(const struct tp_place_to_ask *place, const struct tp_question *question)
{
    struct tp_node *row = tp_app_is_low(place->app) ? tp_ui_flow(place->parent, 0) : NULL;
    char words[96];

    build_add(place, question, row);
    (void)snprintf(words, sizeof(words), _("Added so far: %d"), (int)question->repeat_count);
    (void)tp_ui_text(row ? row : place->parent, TP_STYLE_HINT,
                     tp_words(question->repeat_count ? words : _("You have not added one yet.")));
    for (size_t i = 0; i < question->repeat_count; i++)
        add_row(place, question, i);
}

static void touch(struct tp_app *app, const struct tp_question *question, size_t what)
{
    tp_node instance;

    if (what == ADD) {
        tp_repeat_add(app, question->node);
        return;
    }
    instance = tp_session_repeat_instance(app->person.session, question->node, (what - 1) / 2);
    if (instance == TP_NODE_NONE)
        return;
    if (what == CHANGE((what - 1) / 2))
        tp_repeat_change(app, instance);
    else
        tp_repeat_ask_remove(app, instance);
}

const struct tp_widget tp_widget_repeat = {
    .name = "repeat", .serves = serves, .build = build, .touch = touch};
