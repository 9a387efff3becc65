/* Checking answers: required, constraint, type. */

#include "form/session_internal.h"

static bool is_required(const struct tp_session *session, uint32_t node)
{
    const struct tp_bind *bind = tp_node_bind(session, node);

    return session->nodes[node].required ||
           (bind->required && bind->required->constant == TP_XPATH_TRUE);
}

static bool is_of_type(const struct tp_session *session, uint32_t node)
{
    struct tp_buf out;
    bool fits;

    tp_buf_init(&out, TP_ANSWER_MAX + 64);
    fits = tp_value_canonical(tp_node_bind(session, node)->type, tp_node_value(session, node),
                              session, &out);
    tp_buf_finish(&out);
    return fits;
}

static enum tp_validity validity_of(struct tp_session *session, uint32_t node)
{
    const struct tp_bind *bind = tp_node_bind(session, node);
    const char *value = tp_node_value(session, node);

    if (!session->nodes[node].relevant)
        return TP_VALID;
    if (!*value)
        return is_required(session, node) ? TP_REQUIRED_MISSING : TP_VALID;
    if (!is_of_type(session, node))
        return TP_WRONG_TYPE;
    if (bind->constraint && !tp_session_boolean(session, bind->constraint, node))
        return TP_CONSTRAINT_FAILED;
    return TP_VALID;
}

static const char *message_of(struct tp_session *session, uint32_t node, enum tp_validity validity)
{
    const struct tp_bind *bind = tp_node_bind(session, node);
    struct tp_text text;

    if (validity == TP_REQUIRED_MISSING)
        tp_session_texts(session, &bind->required_message, node, &text, NULL);
    else if (validity == TP_CONSTRAINT_FAILED)
        tp_session_texts(session, &bind->constraint_message, node, &text, NULL);
    else
        return NULL;
    return text.text;
}

bool tp_session_check(struct tp_session *session, tp_node node, struct tp_check *check)
{
    enum tp_validity validity = TP_VALID;

    if (tp_node_exists(session, node) && !session->nodes[node].is_range)
        validity = validity_of(session, node);
    *check = (struct tp_check){.validity = validity};
    if (validity == TP_VALID)
        return true;
    check->node = node;
    check->message = message_of(session, node, validity);
    return false;
}

bool tp_session_first_problem(struct tp_session *session, struct tp_check *check)
{
    const tp_node *nodes;
    size_t count;

    *check = (struct tp_check){.validity = TP_VALID};
    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        if (!tp_session_check(session, nodes[i], check))
            return false;
    return true;
}
