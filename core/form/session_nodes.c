/* The nodes of an instance: where each stands, and what it holds. */
#include "form/session_internal.h"

static const struct tp_model *model_of(const struct tp_session *session)
{
    return &session->form->model;
}

/* ---- looking ---- */

uint32_t tp_node_parent(const struct tp_session *session, uint32_t node)
{
    const struct tp_inode *at = &session->nodes[node];
    uint32_t model = at->model;
    uint32_t repeat = at->instance;

    if (model <= 1)
        return 0;
    if (!at->is_range && session->repeats[repeat].base == node)
        repeat = session->repeats[repeat].parent;
    return tp_node_in(session, repeat, model_of(session)->nodes[model].parent);
}

uint32_t tp_repeat_at_depth(const struct tp_session *session, uint32_t repeat, uint32_t depth)
{
    while (session->repeats[repeat].depth > depth)
        repeat = session->repeats[repeat].parent;
    return repeat;
}

void tp_session_each(struct tp_session *session, uint32_t repeat, uint32_t model, bool ranges,
                     void (*each)(struct tp_session *session, uint32_t node, void *state),
                     void *state)
{
    const struct tp_model *shape = model_of(session);
    uint32_t depth = session->repeats[repeat].depth;
    uint32_t inner = model;
    uint32_t range;

    /* the repeat around `model` that is right inside this instance */
    for (uint32_t r = shape->nodes[model].repeat; r && shape->nodes[r].repeats > depth;
         r = shape->nodes[shape->nodes[r].parent].repeat)
        inner = r;
    if (shape->nodes[model].repeats <= depth || (ranges && inner == model)) {
        uint32_t node = tp_node_in(session, repeat, model);

        if (session->nodes[node].model && !session->nodes[node].gone)
            each(session, node, state);
        return;
    }
    range = session->nodes[tp_node_in(session, repeat, inner)].range;
    if (!session->nodes[tp_node_in(session, repeat, inner)].is_range)
        return;
    for (uint32_t i = 0; i < session->ranges[range].count; i++)
        tp_session_each(session, session->ranges[range].instances[i], model, ranges, each, state);
}

void tp_session_each_within(struct tp_session *session, uint32_t repeat,
                            void (*each)(struct tp_session *session, uint32_t node, void *state),
                            void *state)
{
    uint32_t base = session->repeats[repeat].base;
    uint32_t size = model_of(session)->nodes[session->repeats[repeat].model].size;

    for (uint32_t node = base; node < base + size; node++) {
        const struct tp_inode *at = &session->nodes[node];

        if (!at->model)
            continue;
        each(session, node, state);
        for (uint32_t i = 0; at->is_range && i < session->ranges[at->range].count; i++)
            tp_session_each_within(session, session->ranges[at->range].instances[i], each, state);
    }
}

bool tp_node_exists(const struct tp_session *session, uint32_t node)
{
    return node && node < session->node_count && session->nodes[node].model &&
           !session->nodes[node].gone;
}

uint32_t tp_node_of_element(const xmlNode *element)
{
    /* libxml2 keeps a namespace in another struct behind the same pointer */
    return element->type == XML_NAMESPACE_DECL ? 0 : (uint32_t)(uintptr_t)element->_private;
}

/* ---- values ---- */

const char *tp_node_value(const struct tp_session *session, uint32_t node)
{
    const xmlNode *element = session->nodes[node].element;

    if (session->nodes[node].is_range || !element->children ||
        element->children->type != XML_TEXT_NODE || !element->children->content)
        return "";
    return (const char *)element->children->content;
}

bool tp_node_holds_value(const struct tp_session *session, uint32_t node)
{
    const struct tp_model *shape = model_of(session);

    if (session->nodes[node].is_range)
        return false;
    for (uint32_t child = shape->nodes[session->nodes[node].model].first; child;
         child = shape->nodes[child].next)
        if (!shape->nodes[child].is_attribute)
            return false;
    return true;
}

bool tp_node_set_value(struct tp_session *session, uint32_t node, const char *value)
{
    xmlNodePtr element;
    xmlNodePtr old;
    xmlNodePtr text = NULL;

    if (!tp_node_holds_value(session, node))
        return true;
    element = session->nodes[node].element;
    old = element->children;
    if (*value) {
        text = xmlNewDocText(session->doc, (const xmlChar *)value);
        if (!text)
            return false;
    }
    if (old) {
        xmlUnlinkNode(old);
        xmlFreeNode(old);
    }
    if (!text)
        return true;
    /* by hand: libxml2 would merge neighbours, and for attributes it has no function */
    text->parent = element;
    element->children = text;
    element->last = text;
    return true;
}
