/* XForms: loaded strictly and leniently, opened, answered, finished. What comes out is XML. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "form/form.h"
#include "form/problem.h"
#include "sessions.h"

#define ANSWERS_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(struct tp_session *session, tp_node node, unsigned turn)
{
    static const char *const values[] = {"1", "a", "2026-11-23", "yes", "0.5", "", "a b", "OK"};
    struct tp_question question;
    struct tp_choice choice;
    tp_node made;

    if (!tp_session_question(session, node, &question))
        return;
    if (question.control == TP_CONTROL_REPEAT) {
        (void)tp_session_repeat_add(session, node, &made, NULL);
        if (question.repeat_count > 1)
            (void)tp_session_repeat_remove(session, tp_session_repeat_instance(session, node, 0),
                                           NULL);
        return;
    }
    if (question.choice_count && tp_session_choice(session, node, 0, &choice))
        (void)tp_session_toggle_choice(session, node, choice.value, NULL);
    else
        (void)tp_session_set(session, node, values[turn % 8], NULL);
}

static void fill(struct tp_session *session)
{
    struct tp_check check;
    unsigned turn = 0;

    while (!tp_session_at_end(session) && turn++ < ANSWERS_MAX) {
        const tp_node *nodes;
        size_t count;

        tp_session_page_questions(session, &nodes, &count);
        if (count)
            answer(session, nodes[turn % count], turn);
        if (count)
            (void)tp_session_check(session, nodes[0], &check);
        (void)tp_session_next(session);
    }
    if (tp_form_language_count(tp_session_form(session)))
        (void)tp_session_set_language(session, tp_form_language(tp_session_form(session), 0)->tag);
    (void)tp_session_first_problem(session, &check);
}

static void run(const uint8_t *data, size_t size, bool lenient)
{
    struct tp_problems problems;
    const struct tp_form_params form_params = {
        .lenient = lenient, .media_may_be_missing = true, .problems = lenient ? NULL : &problems};
    struct tp_session *session;
    struct tp_form *form = NULL;

    tp_problems_init(&problems);
    if (!tp_form_load("fuzz", data, size, &form_params, &form, NULL) && !lenient &&
        !problems.errors)
        abort();
    tp_problems_finish(&problems);
    if (!form)
        return;
    session = session_of(form);
    if (session) {
        fill(session);
        session_end(session);
    }
    tp_form_destroy(form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run(data, size, false);
    run(data, size, true);
    return 0;
}
