#include "kiosk/app_repeat.h"

#include <string.h>

#include "kiosk/app_answer.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/widgets/answer_words.h"

/* ---- what is in an instance ---- */

static bool is_within(const struct tp_session *session, tp_node node, tp_node instance)
{
    tp_node at = node, repeat;
    size_t index;

    while (at != TP_NODE_NONE) {
        at = tp_session_instance_of(session, at, &repeat, &index);
        if (at == instance)
            return true;
        at = at == TP_NODE_NONE ? TP_NODE_NONE : repeat;
    }
    return false;
}

/* The page is named by a group where its questions stand together: its first question tells. */
static bool is_page_within(struct tp_app *app, tp_node instance)
{
    const tp_node *nodes;
    size_t count;

    tp_session_page_questions(app->person.session, &nodes, &count);
    return count > 0 && is_within(app->person.session, nodes[0], instance);
}

static tp_node first_within(struct tp_app *app, tp_node instance)
{
    const tp_node *nodes;
    size_t count;

    tp_session_questions_all(app->person.session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        if (is_within(app->person.session, nodes[i], instance))
            return nodes[i];
    return TP_NODE_NONE;
}

static bool has_answers(struct tp_app *app, tp_node instance)
{
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count;

    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++) {
        struct tp_question question;

        if (is_within(session, nodes[i], instance) &&
            tp_session_question(session, nodes[i], &question) && !question.readonly &&
            *question.value)
            return true;
    }
    return false;
}

/* ---- in and out ---- */

static void enter(struct tp_app *app, tp_node repeat, tp_node instance, bool added)
{
    struct tp_person *person = &app->person;
    tp_node first = first_within(app, instance);

    if (first == TP_NODE_NONE || !tp_session_goto(person->session, first))
        return;
    /* Deeper than that, the survey's own order leads on: nothing is passed over. */
    if (person->within_count < TP_WITHIN_MAX)
        person->within[person->within_count++] =
            (struct tp_within){.repeat = repeat, .instance = instance, .added = added};
}

/* To the summary; where that went away meanwhile the page stays what it is. */
static void leave(struct tp_app *app, const struct tp_within *within)
{
    app->person.within_count--;
    (void)tp_session_goto(app->person.session, within->repeat);
}

void tp_repeat_add(struct tp_app *app, tp_node repeat)
{
    tp_node instance;

    if (tp_session_repeat_add(app->person.session, repeat, &instance, NULL))
        enter(app, repeat, instance, true);
    tp_answer_show(app);
}

void tp_repeat_change(struct tp_app *app, tp_node instance)
{
    tp_node repeat;
    size_t index;

    if (tp_session_instance_of(app->person.session, instance, &repeat, &index) == TP_NODE_NONE)
        return;
    enter(app, repeat, instance, false);
    tp_answer_show(app);
}

bool tp_repeat_next(struct tp_app *app)
{
    struct tp_person *person = &app->person;
    struct tp_within within;

    if (person->within_count == 0)
        return false;
    within = person->within[person->within_count - 1];
    (void)tp_session_next(person->session);
    if (!is_page_within(app, within.instance))
        leave(app, &within);
    return true;
}

bool tp_repeat_previous(struct tp_app *app)
{
    struct tp_person *person = &app->person;
    struct tp_within within;

    if (person->within_count == 0)
        return false;
    within = person->within[person->within_count - 1];
    (void)tp_session_previous(person->session);
    if (is_page_within(app, within.instance))
        return true;
    if (within.added && !has_answers(app, within.instance))
        (void)tp_session_repeat_remove(person->session, within.instance, NULL);
    leave(app, &within);
    return true;
}

/* ---- removing ---- */

void tp_repeat_ask_remove(struct tp_app *app, tp_node instance)
{
    app->person.removing = instance;
    tp_app_go(app, TP_SCREEN_REMOVE);
}

void tp_repeat_remove(struct tp_app *app)
{
    struct tp_person *person = &app->person;
    tp_node repeat;
    size_t index;

    if (tp_session_instance_of(person->session, person->removing, &repeat, &index) !=
        TP_NODE_NONE) {
        (void)tp_session_repeat_remove(person->session, person->removing, NULL);
        (void)tp_session_goto(person->session, repeat);
    }
    person->removing = TP_NODE_NONE;
    tp_app_back(app);
    tp_answer_show(app);
}

/* ---- in words ---- */

/* Whether another instance is called the same. */
static bool is_shared(struct tp_session *session, tp_node repeat, size_t index, const char *name)
{
    tp_node other;

    for (size_t i = 0; (other = tp_session_repeat_instance(session, repeat, i)); i++) {
        struct tp_text label;

        tp_session_label(session, other, &label);
        if (i != index && label.text && strcmp(label.text, name) == 0)
            return true;
    }
    return false;
}

void tp_repeat_name(struct tp_app *app, tp_node instance, struct tp_buf *name)
{
    struct tp_session *session = app->person.session;
    struct tp_text label;
    tp_node repeat;
    size_t index;

    tp_session_label(session, instance, &label);
    if (!label.text || tp_session_instance_of(session, instance, &repeat, &index) == TP_NODE_NONE)
        return;
    if (is_shared(session, repeat, index, label.text))
        /* Translators: one of several that are called the same: "A journey 2" */
        (void)tp_buf_printf(name, _("%1$s %2$d"), label.text, (int)index + 1);
    else
        (void)tp_buf_puts(name, label.text);
}

/* More would not fit a row, and the first say which one it is. */
#define ANSWERS_MAX 3

void tp_repeat_answers(struct tp_app *app, tp_node instance, struct tp_buf *words)
{
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count, said = 0;

    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count && said < ANSWERS_MAX; i++) {
        struct tp_question question;

        if (!is_within(session, nodes[i], instance) ||
            !tp_session_question(session, nodes[i], &question) || !*question.value ||
            question.control == TP_CONTROL_NOTE)
            continue;
        (void)tp_buf_puts(words, said++ ? ", " : "");
        tp_answer_words(session, &question, words);
    }
    if (said == 0)
        (void)tp_buf_puts(words, _("Not answered"));
}
