#include "form/play.h"

#include <string.h>

#include "form/session_internal.h"

/* ---- state ---- */

static const char *const control_names[] = {
    [TP_CONTROL_INPUT] = "input",   [TP_CONTROL_SELECT_ONE] = "select",
    [TP_CONTROL_RANGE] = "range",   [TP_CONTROL_SELECT_MULTIPLE] = "select",
    [TP_CONTROL_RANK] = "rank",     [TP_CONTROL_TRIGGER] = "trigger",
    [TP_CONTROL_NOTE] = "note",     [TP_CONTROL_REPEAT] = "repeat",
    [TP_CONTROL_UPLOAD] = "upload",
};

static const char *kind_of(const struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);

    if (node == 1)
        return "root";
    if (session->nodes[node].is_range)
        return body && !body->fixed ? "repeat-range:uncontrolled" : "repeat-range:controlled";
    if (tp_model_of(session, node)->is_repeat)
        return "repeat-instance";
    /* what has no words has nothing to say */
    if (body && body->kind == TP_BODY_QUESTION && !body->label.present && !body->hint.present)
        return control_names[body->control];
    if (body && body->kind == TP_BODY_QUESTION)
        return control_names[tp_node_control(session, node)];
    return tp_xml_first(session->nodes[node].element) ? "group" : "model-value";
}

static json_t *options_of(struct tp_session *session, uint32_t node)
{
    json_t *options = json_array();
    size_t count = tp_session_choice_count(session, node);

    for (size_t i = 0; i < count; i++) {
        struct tp_choice choice;

        if (tp_session_choice(session, node, i, &choice))
            (void)json_array_append_new(options,
                                        json_pack("[s, s?]", choice.value, choice.label.text));
    }
    return options;
}

static bool has_choices(const struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);

    return body && body->kind == TP_BODY_QUESTION &&
           (body->control == TP_CONTROL_SELECT_ONE || body->control == TP_CONTROL_SELECT_MULTIPLE ||
            body->control == TP_CONTROL_RANK);
}

static void add_leaf(struct tp_session *session, uint32_t node, json_t *state)
{
    const struct tp_bind *bind = tp_node_bind(session, node);
    /* what is not asked is not there */
    const char *value = session->nodes[node].relevant ? tp_node_value(session, node) : "";
    char number[TP_NUMBER_TEXT_MAX];
    bool required = session->nodes[node].required ||
                    (bind->required && bind->required->constant == TP_XPATH_TRUE);

    (void)json_object_set_new(state, "value",
                              json_string(tp_value_written(bind->type, value, number)));
    (void)json_object_set_new(state, "constraint_ok",
                              json_boolean(!*value || !bind->constraint ||
                                           !session->nodes[node].relevant ||
                                           tp_session_boolean(session, bind->constraint, node)));
    (void)json_object_set_new(state, "required_ok",
                              json_boolean(*value || !required || !session->nodes[node].relevant));
    if (has_choices(session, node))
        (void)json_object_set_new(state, "options", options_of(session, node));
}

/* An empty label is one, too. */
static const char *label_of(struct tp_session *session, uint32_t node)
{
    const struct tp_form *form = session->form;
    uint32_t model = session->nodes[node].model;
    uint32_t index = form->body_of[model] ? form->body_of[model] : form->group_of[model];
    const struct tp_text_source *source;
    struct tp_text label;
    const char *kept;
    xmlChar *raw;

    tp_session_label(session, node, &label);
    if (label.text || !index)
        return label.text;
    source = tp_body_label(session, &form->body[index]);
    if (!source->node)
        return source->present ? "" : NULL;
    raw = xmlNodeGetContent(source->node);
    kept = raw ? tp_session_keep(session, (const char *)raw, strlen((const char *)raw)) : NULL;
    xmlFree(raw);
    return kept;
}

static void add_node(struct tp_session *session, uint32_t node, json_t *states)
{
    const struct tp_bind *bind = tp_node_bind(session, node);
    const char *label = label_of(session, node);
    struct tp_buf path;
    json_t *state;
    const char *kind = kind_of(session, node);

    tp_buf_init(&path, 16384);
    tp_node_path(session, node, &path);
    state = json_pack("{s:s, s:s, s:b, s:b, s:b, s:s?}", "ref", tp_buf_text(&path), "node", kind,
                      "relevant", session->nodes[node].relevant, "readonly",
                      tp_node_readonly(session, node), "required",
                      session->nodes[node].required ||
                          (bind->required && bind->required->constant == TP_XPATH_TRUE),
                      "label", label);
    tp_buf_finish(&path);
    if (state && !session->nodes[node].is_range &&
        (tp_node_body(session, node) ? tp_node_body(session, node)->kind == TP_BODY_QUESTION
                                     : !strcmp(kind, "model-value")))
        add_leaf(session, node, state);
    (void)json_array_append_new(states, state);
}

static void add_tree(struct tp_session *session, uint32_t node, json_t *states)
{
    const struct tp_model *shape = &session->form->model;

    add_node(session, node, states);
    for (uint32_t child = tp_model_of(session, node)->first; child;
         child = shape->nodes[child].next) {
        uint32_t below = tp_node_in(session, session->nodes[node].instance, child);
        const struct tp_range *range;

        if (!session->nodes[below].model || shape->nodes[child].is_attribute)
            continue;
        if (!session->nodes[below].is_range) {
            add_tree(session, below, states);
            continue;
        }
        range = &session->ranges[session->nodes[below].range];
        for (uint32_t i = 0; i < range->count; i++)
            add_tree(session, session->repeats[range->instances[i]].base, states);
        add_node(session, below, states);
    }
}

json_t *tp_play_state(struct tp_session *session)
{
    json_t *states = json_array();

    if (states)
        add_tree(session, 1, states);
    return states;
}

/* ---- steps ---- */

static bool text_of_value(const json_t *value, struct tp_buf *out)
{
    if (json_is_string(value))
        return tp_buf_puts(out, json_string_value(value));
    if (json_is_integer(value))
        return tp_buf_printf(out, "%lld", (long long)json_integer_value(value));
    if (json_is_number(value))
        return tp_buf_printf(out, "%.15g", json_number_value(value));
    if (json_is_boolean(value))
        return tp_buf_puts(out, json_is_true(value) ? "1" : "0");
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
        if (i)
            (void)tp_buf_putc(out, ' ');
        (void)text_of_value(json_array_get(value, i), out);
    }
    return tp_buf_ok(out);
}

static bool is_trigger(const struct tp_session *session, tp_node node)
{
    const struct tp_body *body = tp_node_body(session, node);

    return body && body->kind == TP_BODY_QUESTION && body->control == TP_CONTROL_TRIGGER;
}

static bool answer(struct tp_session *session, tp_node node, const json_t *value,
                   struct tp_error *error)
{
    struct tp_buf text;
    bool ok;

    if (json_array_size(value) == 1)
        value = json_array_get(value, 0);
    /* "OK" is what a form keeps of a box that was ticked */
    if (json_is_boolean(value) && is_trigger(session, node))
        return tp_session_set(session, node, json_is_true(value) ? "OK" : "", error);

    tp_buf_init(&text, TP_ANSWER_MAX);
    ok = text_of_value(value, &text) && tp_session_set(session, node, tp_buf_text(&text), error);
    tp_buf_finish(&text);
    return ok;
}

static bool change_language(struct tp_session *session, const char *name, struct tp_error *error)
{
    size_t count = tp_form_language_count(session->form);

    for (size_t i = 0; name && i < count; i++) {
        const struct tp_form_language *language = tp_form_language(session->form, i);

        if (!strcmp(language->name, name) || !strcmp(language->tag, name)) {
            tp_session_use_language(session, language);
            return true;
        }
    }
    return tp_fail(error, TP_ERR_NOT_FOUND, "there is no language '%s'", name ? name : "");
}

bool tp_play_step(struct tp_session *session, const json_t *step, struct tp_error *error)
{
    const char *op = json_string_value(json_object_get(step, "op"));
    const char *ref = json_string_value(json_object_get(step, "ref"));
    const json_t *value = json_object_get(step, "value");
    tp_node node;
    tp_node made;

    if (!op)
        return tp_fail(error, TP_ERR_INVALID, "a step has no 'op'");
    if (!strcmp(op, "language"))
        return change_language(session, json_string_value(value), error);
    node = ref ? tp_session_find(session, ref) : TP_NODE_NONE;
    if (!node)
        return tp_fail(error, TP_ERR_NOT_FOUND, "there is no '%s'", ref ? ref : "");
    if (!strcmp(op, "answer"))
        return answer(session, node, value, error);
    if (!strcmp(op, "create_repeat"))
        return tp_session_repeat_add(session, node, &made, error);
    if (!strcmp(op, "remove_repeat"))
        return tp_session_repeat_remove(session, node, error);
    return tp_fail(error, TP_ERR_INVALID, "there is no step '%s'", op);
}
