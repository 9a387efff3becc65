/* Evaluation: what XPath asks a session for. */
#include <libxml/xpathInternals.h>
#include <string.h>

#include "form/session_internal.h"
#include "form/xml.h"
#include "form/xpath_value.h"

static struct tp_session *session_of(const struct tp_xpath_env *env)
{
    return env->owner;
}

/* ---- references ---- */

static void push_node(struct tp_session *session, uint32_t node, void *state)
{
    const struct tp_inode *at = &session->nodes[node];

    if (at->relevant && !at->is_range)
        (void)xmlXPathNodeSetAddUnique(state, at->element);
}

static void resolve(struct tp_xpath_env *env, const struct tp_xpath_ref *ref, xmlNodeSetPtr nodes)
{
    struct tp_session *session = session_of(env);
    const struct tp_model_node *model = &session->form->model.nodes[ref->model];
    uint32_t repeat = env->origin_handle ? session->nodes[env->origin_handle].instance : 0;
    uint32_t bound = ref->bound;

    if (bound > model->repeats)
        bound = model->repeats;
    /* a range stands outside the repeat whose instance it may refer to: there is none yet */
    if (bound > session->repeats[repeat].depth)
        return;
    tp_session_each(session, tp_repeat_at_depth(session, repeat, bound), ref->model, false,
                    push_node, nodes);
}

static bool is_relevant(struct tp_xpath_env *env, xmlNodePtr node)
{
    struct tp_session *session = session_of(env);

    if (node->type == XML_NAMESPACE_DECL || node->doc != session->doc)
        return true;
    while (node && node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE)
        node = node->parent;
    return !node || !tp_node_of_element(node) || session->nodes[tp_node_of_element(node)].relevant;
}

/* What a node's bind says it is; text, where it is none of the instance's. */
static enum tp_type type_of(struct tp_xpath_env *env, xmlNodePtr node)
{
    struct tp_session *session = session_of(env);

    if (node->type != XML_ELEMENT_NODE || node->doc != session->doc || !tp_node_of_element(node))
        return TP_TYPE_STRING;
    return tp_node_bind(session, tp_node_of_element(node))->type;
}

static bool is_numeric(struct tp_xpath_env *env, xmlNodePtr node)
{
    enum tp_type type = type_of(env, node);

    return type == TP_TYPE_INTEGER || type == TP_TYPE_DECIMAL;
}

static bool says_no(struct tp_xpath_env *env, xmlNodePtr node, const char *answer)
{
    if (type_of(env, node) == TP_TYPE_BOOLEAN)
        return !strcmp(answer, "false") || !strcmp(answer, "0");
    return is_numeric(env, node) && tp_numbers_equal(tp_text_number(env, answer), 0);
}

/* ---- data and texts ---- */

static xmlNodePtr instance(struct tp_xpath_env *env, const char *id)
{
    const struct tp_form *form = session_of(env)->form;
    const struct tp_instance *found = tp_form_instance(form, id);
    const char *own = tp_xml_attr(form->instance_root->parent, "id", NULL);

    if (found)
        return found->parent;
    /* the primary instance may be named, too */
    if ((own && !strcmp(own, id)) || !strcmp(form->id, id))
        return (xmlNodePtr)session_of(env)->doc;
    return NULL;
}

struct picking {
    const char *name; /* of the items wanted */
    xmlNodeSetPtr nodes;
};

static void pick_item(xmlNodePtr item, void *state)
{
    const struct picking *picking = state;

    if (!strcmp((const char *)item->name, picking->name))
        (void)xmlXPathNodeSetAddUnique(picking->nodes, item);
}

static void lookup(struct tp_xpath_env *env, const char *id, const char *root, const char *item,
                   const char *column, const char *text, xmlNodeSetPtr nodes)
{
    struct picking picking = {.name = item, .nodes = nodes};
    const struct tp_form *form = session_of(env)->form;
    xmlNodePtr parent = instance(env, id);
    xmlNodePtr top = parent ? tp_xml_first(parent) : NULL;

    if (!parent)
        tp_xpath_fail(env, "there is no instance '%.80s'", id);
    if (!top || strcmp((const char *)top->name, root) != 0)
        return;
    if (text && tp_form_instance(form, id)) {
        tp_instance_each(form, id, column, text, pick_item, &picking);
        return;
    }
    for (xmlNodePtr each = tp_xml_first(top); each; each = tp_xml_next(each))
        pick_item(each, &picking);
}

static bool itext(struct tp_xpath_env *env, const char *id, struct tp_buf *out)
{
    struct tp_session *session = session_of(env);
    struct tp_text_source source = {.itext = tp_itext_find(&session->form->itext, id),
                                    .context = env->expr ? env->expr->context : 0};

    return source.itext && tp_session_words(session, &source, env->origin_handle, out);
}

static void take_node(struct tp_session *session, uint32_t node, void *state)
{
    (void)session;
    if (!*(uint32_t *)state)
        *(uint32_t *)state = node;
}

static bool choice_name(struct tp_xpath_env *env, const char *value, const char *path,
                        struct tp_buf *out)
{
    struct tp_session *session = session_of(env);
    const struct tp_model *shape = &session->form->model;
    uint32_t context = env->expr ? env->expr->context : 1;
    uint32_t model = tp_model_find_from(shape, context, path);
    uint32_t repeat = env->origin_handle ? session->nodes[env->origin_handle].instance : 0;
    uint32_t node = 0;
    uint32_t depth;

    if (!model) {
        tp_xpath_fail(env, "jr:choice-name() names the question '%.80s', which is not there", path);
        return false;
    }
    depth = shape->nodes[tp_model_common(shape, session->repeats[repeat].model, model)].repeats;
    if (depth > session->repeats[repeat].depth)
        depth = session->repeats[repeat].depth;
    tp_session_each(session, tp_repeat_at_depth(session, repeat, depth), model, false, take_node,
                    &node);
    return node && tp_session_choice_words(session, node, value, out);
}

/* pulldata('towns', 'name', 'code', key): the cell `name` of the row whose `code` is the key. */
static bool pulldata(struct tp_xpath_env *env, const char *const arguments[4], struct tp_buf *out)
{
    const struct tp_form *form = session_of(env)->form;
    const struct tp_instance *data = tp_form_instance(form, arguments[0]);
    xmlNodePtr item;
    const char *text;

    if (!data || !data->parent) {
        tp_xpath_fail(env, "pulldata() names the file '%.80s', which is not there", arguments[0]);
        return false;
    }
    item = tp_instance_find(form, arguments[0], arguments[2], arguments[3]);
    text = item ? tp_item_text(item, arguments[1]) : NULL;
    return text && tp_buf_puts(out, text);
}

static const char *property(struct tp_xpath_env *env, const char *name)
{
    const struct tp_session *session = session_of(env);

    if (!strcmp(name, "deviceid"))
        return session->device_id;
    return NULL;
}

static const struct tp_xpath_hooks hooks = {
    .resolve = resolve,
    .relevant = is_relevant,
    .numeric = is_numeric,
    .says_no = says_no,
    .instance = instance,
    .lookup = lookup,
    .itext = itext,
    .choice_name = choice_name,
    .pulldata = pulldata,
    .property = property,
};

/* ---- evaluating ---- */

/* A choice's name may ask for the name of another choice, and so on: on the stack, and in all. */
#define EVALUATING_MAX 100u
#define EVALUATIONS_MAX 1000000u

bool tp_session_open_env(struct tp_session *session, const struct tp_session_params *params,
                         struct tp_error *error)
{
    session->env.clock = params->clock;
    session->env.random = params->random;
    session->env.zone = params->zone;
    session->env.version = session->form->version;
    session->env.in_form = true;
    session->env.hooks = &hooks;
    session->env.owner = session;
    return tp_xpath_env_init(&session->env, session->doc, error);
}

xmlXPathObjectPtr tp_session_eval(struct tp_session *session, struct tp_xpath_expr *expr,
                                  uint32_t node)
{
    const struct tp_inode *at = &session->nodes[node];
    uint32_t element = at->is_range ? tp_node_parent(session, node) : node;
    xmlXPathObjectPtr value;

    if (!session->evaluating)
        session->evaluations = 0;
    if (session->evaluating >= EVALUATING_MAX || session->evaluations++ >= EVALUATIONS_MAX) {
        tp_xpath_fail(&session->env, "'%.120s' asks for itself", expr->source);
        return NULL;
    }
    session->evaluating++;
    value = tp_xpath_eval(&session->env, expr, session->nodes[element].element, node);
    session->evaluating--;
    return value;
}

bool tp_session_boolean(struct tp_session *session, struct tp_xpath_expr *expr, uint32_t node)
{
    xmlXPathObjectPtr value;
    bool result;

    if (expr->constant != TP_XPATH_VARIES)
        return expr->constant == TP_XPATH_TRUE;
    value = tp_session_eval(session, expr, node);
    result = value && tp_xpath_to_boolean(&session->env, value);
    xmlXPathFreeObject(value);
    return result;
}

void tp_session_text_of(struct tp_session *session, struct tp_xpath_expr *expr, uint32_t node,
                        struct tp_buf *out)
{
    xmlXPathObjectPtr value = tp_session_eval(session, expr, node);

    if (value)
        tp_xpath_to_text(&session->env, value, out);
    xmlXPathFreeObject(value);
}
