/* Preloads and actions: what sets values without anybody answering. */
#include <string.h>

#include "form/datetime.h"
#include "form/session_internal.h"

/* Actions that set each other off, on the stack. */
#define ACTIONS_DEEP 32u
/* Calculations between actions, for one answer: far more than any form needs, and done at once. */
#define CALCULATIONS_BETWEEN 200000u

/* ---- preloads ---- */

static void preload_node(struct tp_session *session, uint32_t node, void *state)
{
    const struct tp_bind *bind = tp_node_bind(session, node);
    char text[TP_DATETIME_TEXT_MAX + TP_UUID_TEXT_MAX + 8] = "uuid:";
    struct tp_datetime now;
    enum tp_preload preload = bind->preload;
    const char *property;

    (void)state;
    if (session->nodes[node].is_range)
        return;
    if (session->form->added_instance_id && node == session->form->instance_id)
        preload = TP_PRELOAD_UID;
    tp_datetime_from_ms(tp_clock_wall_ms(&session->env.clock), session->env.zone, &now);
    switch (preload) {
    case TP_PRELOAD_UID:
        if (*tp_node_value(session, node))
            return;
        tp_random_uuid(&session->env.random, text + strlen(text));
        break;
    case TP_PRELOAD_START:
        tp_datetime_text(&now, text);
        break;
    case TP_PRELOAD_TODAY:
        tp_date_text(&now, text);
        break;
    case TP_PRELOAD_PROPERTY:
        property = session->env.hooks->property(&session->env, bind->preload_params);
        if (property)
            (void)tp_session_store(session, node, property);
        return;
    default:
        return;
    }
    (void)tp_session_store(session, node, text);
}

void tp_session_preload(struct tp_session *session, uint32_t repeat)
{
    tp_session_each_within(session, repeat, preload_node, NULL);
}

/* ---- actions ---- */

/* An action that gives what is not of the target's type gives nothing. */
static void give(struct tp_session *session, uint32_t node, const char *text)
{
    struct tp_buf stored;
    bool fits;

    tp_buf_init(&stored, TP_ANSWER_MAX + 64);
    fits = strcmp(text, "NaN") != 0 &&
           tp_value_canonical(tp_node_bind(session, node)->type, text, session, &stored);
    tp_buf_finish(&stored);
    tp_session_give(session, node, fits ? text : "");
}

static void run_at(struct tp_session *session, uint32_t node, void *state)
{
    const struct tp_action *action = state;
    struct tp_buf text;

    if (session->actions_run++ >= TP_SESSION_ACTIONS_MAX)
        return;
    if (!action->value) {
        give(session, node, action->literal);
        return;
    }
    tp_buf_init(&text, TP_ANSWER_MAX);
    tp_session_text_of(session, action->value, node, &text);
    if (tp_buf_ok(&text))
        give(session, node, tp_buf_text(&text));
    tp_buf_finish(&text);
}

/* The target is a path with predicates, from where the action was set off. */
static void run_at_path(struct tp_session *session, struct tp_action *action, uint32_t node)
{
    xmlXPathObjectPtr value = tp_session_eval(session, action->target_expr, node);
    uint32_t target = 0;

    if (value && value->type == XPATH_NODESET && value->nodesetval && value->nodesetval->nodeNr)
        target = tp_node_of_element(value->nodesetval->nodeTab[0]);
    xmlXPathFreeObject(value);
    if (tp_node_exists(session, target))
        run_at(session, target, action);
}

/* On the target in the repeat instance where the action was set off, as far as they share one. */
static void act(struct tp_session *session, struct tp_action *action, uint32_t repeat,
                uint32_t node)
{
    const struct tp_model *shape = &session->form->model;
    uint32_t common = tp_model_common(shape, session->repeats[repeat].model, action->target);
    uint32_t depth = shape->nodes[common].repeats;

    if (action->target_expr) {
        run_at_path(session, action, node);
        return;
    }
    if (depth > session->repeats[repeat].depth)
        depth = session->repeats[repeat].depth;
    tp_session_each(session, tp_repeat_at_depth(session, repeat, depth), action->target, false,
                    run_at, action);
}

/* What an action changes is calculated, and sets off its own actions, before the next action: as in
 * JavaRosa. Where that goes very deep or takes very long, and while a count makes instances, it
 * waits for the rest. */
static void run_action(struct tp_session *session, struct tp_action *action, uint32_t repeat,
                       uint32_t node)
{
    size_t changed = session->changed_count;

    act(session, action, repeat, node);
    if (session->counting || session->acting >= ACTIONS_DEEP ||
        session->calculations >= CALCULATIONS_BETWEEN)
        return;
    session->acting++;
    tp_recalc_settle(session, changed);
    session->acting--;
}

void tp_session_dispatch(struct tp_session *session, unsigned event, uint32_t repeat)
{
    const struct tp_form *form = session->form;
    uint32_t model = session->repeats[repeat].model;

    for (uint32_t i = 1; i < form->action_count; i++) {
        struct tp_action *action = &form->actions[i];

        if (!(action->events & event))
            continue;
        /* a new repeat sets off what stands in it, or in the model for what is in it */
        if (event == TP_EVENT_NEW_REPEAT &&
            !tp_model_within(&form->model, action->source ? action->source : action->target, model))
            continue;
        run_action(session, action, repeat, session->repeats[repeat].base);
    }
}

void tp_session_value_changed(struct tp_session *session, uint32_t node)
{
    const struct tp_form *form = session->form;
    const struct tp_inode *at = &session->nodes[node];

    for (uint32_t i = form->changed_actions[at->model]; i; i = form->actions[i].next_of_source)
        run_action(session, &form->actions[i], at->instance, node);
}
