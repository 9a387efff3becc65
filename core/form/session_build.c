/* Building the instance: its tree, the handles of its nodes, and the instances of repeats. */
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"
#include "form/xml.h"

/* ---- rooms ---- */

static bool grow_array(void **array, uint32_t *capacity, uint32_t wanted, size_t size)
{
    uint32_t bigger = *capacity ? *capacity : 16;
    void *moved;

    if (wanted <= *capacity)
        return true;
    while (bigger < wanted)
        bigger *= 2;
    moved = tp_realloc(*array, bigger, size);
    if (!moved)
        return false;
    *array = moved;
    *capacity = bigger;
    return true;
}

static const struct tp_model *model_of(const struct tp_session *session)
{
    return &session->form->model;
}

/* A block of handles for an instance of `model` (1: the form itself), not yet filled. */
static bool add_repeat(struct tp_session *session, uint32_t model, uint32_t parent,
                       uint32_t *repeat, struct tp_error *error)
{
    uint32_t size = model_of(session)->nodes[model].size;
    uint32_t at = session->repeat_count;

    if (size > TP_SESSION_NODES_MAX - session->node_count)
        return tp_fail(error, TP_ERR_LIMIT, "more repeats than one answer can hold");
    if (!grow_array((void **)&session->repeats, &session->repeat_capacity, at + 1,
                    sizeof(*session->repeats)) ||
        !grow_array((void **)&session->nodes, &session->node_capacity, session->node_count + size,
                    sizeof(*session->nodes)))
        return tp_fail_memory(error);
    session->repeats[at] = (struct tp_repeat){
        .model = model,
        .base = session->node_count,
        .parent = parent,
        .depth = at ? session->repeats[parent].depth + 1 : 0,
    };
    memset(session->nodes + session->node_count, 0, size * sizeof(*session->nodes));
    session->node_count += size;
    session->repeat_count++;
    *repeat = at;
    return true;
}

static void fill_node(struct tp_session *session, uint32_t repeat, uint32_t model,
                      xmlNodePtr element)
{
    uint32_t node = tp_node_in(session, repeat, model);

    session->nodes[node] = (struct tp_inode){.model = model,
                                             .instance = repeat,
                                             .element = element,
                                             .relevant_own = true,
                                             .relevant = true};
    /* libxml2 keeps a pointer for us; it never looks behind it */
    element->_private = (void *)(uintptr_t)node; /* NOLINT(performance-no-int-to-ptr) */
}

static bool add_range(struct tp_session *session, uint32_t repeat, uint32_t model)
{
    uint32_t node = tp_node_in(session, repeat, model);
    uint32_t at = session->range_count;

    if (!grow_array((void **)&session->ranges, &session->range_capacity, at + 1,
                    sizeof(*session->ranges)))
        return false;
    session->ranges[at] = (struct tp_range){.model = model, .parent = repeat, .handle = node};
    session->range_count++;
    session->nodes[node] = (struct tp_inode){.model = model,
                                             .instance = repeat,
                                             .is_range = true,
                                             .range = at,
                                             .relevant_own = true,
                                             .relevant = true};
    return true;
}

static bool append_instance(struct tp_range *range, uint32_t repeat)
{
    if (!grow_array((void **)&range->instances, &range->capacity, range->count + range->parked + 1,
                    sizeof(*range->instances)))
        return false;
    /* what is parked stays behind what is there */
    memmove(range->instances + range->count + 1, range->instances + range->count,
            range->parked * sizeof(*range->instances));
    range->instances[range->count++] = repeat;
    return true;
}

/* ---- the tree ---- */

/* The element a new instance of a range goes before; NULL: last in its parent. */
static xmlNodePtr place_after(const struct tp_session *session, const struct tp_range *range)
{
    const struct tp_model *shape = model_of(session);
    uint32_t model = range->model;

    if (range->count) {
        uint32_t last = range->instances[range->count - 1];

        return tp_xml_next(session->nodes[session->repeats[last].base].element);
    }
    for (uint32_t next = shape->nodes[model].next; next; next = shape->nodes[next].next) {
        const struct tp_inode *node = &session->nodes[tp_node_in(session, range->parent, next)];

        if (node->is_range && session->ranges[node->range].count)
            return session->nodes[session->repeats[session->ranges[node->range].instances[0]].base]
                .element;
        if (!node->is_range && node->model && !shape->nodes[next].is_attribute)
            return node->element;
    }
    return NULL;
}

struct builder {
    struct tp_session *session;
    bool blank; /* values are left out */
    struct tp_error *error;
};

static xmlNodePtr new_element(struct tp_session *session, const char *name)
{
    /* the name is the form's, in a dictionary both documents share */
    return xmlNewDocNodeEatName(session->doc, NULL, (xmlChar *)name, NULL);
}

static bool add_text(struct tp_session *session, xmlNodePtr parent, const xmlNode *source)
{
    const char *text;
    xmlNodePtr node;

    if (!source->children || source->children->type != XML_TEXT_NODE || source->children->next)
        return true;
    text = (const char *)source->children->content;
    if (!text || !text[strspn(text, " \t\r\n")])
        return true;
    node = xmlNewDocText(session->doc, (const xmlChar *)text);
    if (!node || !xmlAddChild(parent, node)) {
        xmlFreeNode(node);
        return false;
    }
    return true;
}

static bool build_attributes(struct tp_session *session, uint32_t repeat, uint32_t model,
                             xmlNodePtr element, const xmlNode *source)
{
    for (const xmlAttr *attr = source->properties; attr; attr = attr->next) {
        const char *name = (const char *)attr->name;
        uint32_t child = tp_model_attribute(model_of(session), model, name, strlen(name));
        const xmlChar *value = attr->children ? attr->children->content : NULL;
        xmlAttrPtr made;

        if (!child)
            continue;
        made = xmlNewProp(element, (const xmlChar *)model_of(session)->nodes[child].name,
                          value ? value : (const xmlChar *)"");
        if (!made)
            return false;
        fill_node(session, repeat, child, (xmlNodePtr)made);
    }
    return true;
}

static bool build_element(struct builder *builder, uint32_t repeat, uint32_t model,
                          xmlNodePtr parent, xmlNodePtr before, const xmlNode *source);

/* One instance of a repeat, from `source`, put before `before` (NULL: at the end of `parent`). */
static bool build_instance(struct builder *builder, uint32_t range, xmlNodePtr parent,
                           xmlNodePtr before, const xmlNode *source, uint32_t *repeat)
{
    struct tp_session *session = builder->session;
    uint32_t model = session->ranges[range].model;

    if (session->ranges[range].count + session->ranges[range].parked >= TP_REPEAT_MAX)
        return tp_fail(builder->error, TP_ERR_LIMIT, "more than %u repeats of '%s'", TP_REPEAT_MAX,
                       model_of(session)->nodes[model].name);
    if (!add_repeat(session, model, session->ranges[range].parent, repeat, builder->error) ||
        !build_element(builder, *repeat, model, parent, before, source))
        return false;
    return append_instance(&session->ranges[range], *repeat) || tp_fail_memory(builder->error);
}

/* Makes the ranges of the repeats right below `model`, before their instances are met. */
static bool build_ranges(struct builder *builder, uint32_t repeat, uint32_t model)
{
    const struct tp_model *shape = model_of(builder->session);

    for (uint32_t child = shape->nodes[model].first; child; child = shape->nodes[child].next)
        if (shape->nodes[child].is_repeat && !add_range(builder->session, repeat, child))
            return tp_fail_memory(builder->error);
    return true;
}

/* A repeat of a fixed number has at least the instance that its template stands for. */
static bool build_fixed(struct builder *builder, uint32_t repeat, uint32_t model,
                        xmlNodePtr element)
{
    struct tp_session *session = builder->session;
    const struct tp_model *shape = model_of(session);
    const struct tp_form *form = session->form;
    uint32_t made;

    for (uint32_t child = shape->nodes[model].first; child; child = shape->nodes[child].next) {
        const struct tp_body *body = &form->body[form->body_of[child]];
        uint32_t range;

        if (!shape->nodes[child].is_repeat || !form->body_of[child] || !body->fixed || body->count)
            continue;
        range = session->nodes[tp_node_in(session, repeat, child)].range;
        if (!session->ranges[range].count &&
            !build_instance(builder, range, element, place_after(session, &session->ranges[range]),
                            shape->nodes[child].source, &made))
            return false;
    }
    return true;
}

static bool build_children(struct builder *builder, uint32_t repeat, uint32_t model,
                           xmlNodePtr element, const xmlNode *source)
{
    struct tp_session *session = builder->session;
    uint32_t made;

    if (!build_ranges(builder, repeat, model))
        return false;
    for (const xmlNode *node = tp_xml_first(source); node; node = tp_xml_next(node)) {
        const char *name = (const char *)node->name;
        uint32_t child = tp_model_child(model_of(session), model, name, strlen(name));

        if (!child || tp_xml_attr(node, "template", TP_NS_JAVAROSA))
            continue;
        if (!model_of(session)->nodes[child].is_repeat) {
            if (!build_element(builder, repeat, child, element, NULL, node))
                return false;
        } else if (!build_instance(builder,
                                   session->nodes[tp_node_in(session, repeat, child)].range,
                                   element, NULL, node, &made)) {
            return false;
        }
    }
    return true;
}

/* What a repeat's template holds is for every new instance. Without one the first instance stands
 * for it, and what that holds is its own, as in JavaRosa and web-forms. */
static bool is_template(const xmlNode *repeat)
{
    return tp_xml_attr(repeat, "template", TP_NS_JAVAROSA) != NULL;
}

/* Nodes that an instance of a repeat lacks are as in its template, or empty. */
static bool complete(struct builder *builder, uint32_t repeat, uint32_t model, xmlNodePtr element)
{
    struct tp_session *session = builder->session;
    const struct tp_model *shape = model_of(session);
    uint32_t around = shape->nodes[model].repeat;
    bool blank = builder->blank;
    bool ok = true;

    builder->blank |= around && !is_template(shape->nodes[around].source);
    for (uint32_t child = shape->nodes[model].first; ok && child;
         child = shape->nodes[child].next) {
        if (shape->nodes[child].is_attribute || shape->nodes[child].is_repeat ||
            session->nodes[tp_node_in(session, repeat, child)].model)
            continue;
        ok = build_element(builder, repeat, child, element, NULL, shape->nodes[child].source);
    }
    builder->blank = blank;
    return ok;
}

static bool build_element(struct builder *builder, uint32_t repeat, uint32_t model,
                          xmlNodePtr parent, xmlNodePtr before, const xmlNode *source)
{
    struct tp_session *session = builder->session;
    xmlNodePtr element = new_element(session, model_of(session)->nodes[model].name);

    if (!element)
        return tp_fail_memory(builder->error);
    if (before)
        (void)xmlAddPrevSibling(before, element);
    else if (parent)
        (void)xmlAddChild(parent, element);
    else
        (void)xmlDocSetRootElement(session->doc, element);
    fill_node(session, repeat, model, element);
    if (!build_attributes(session, repeat, model, element, source) ||
        (!builder->blank && !add_text(session, element, source)))
        return tp_fail_memory(builder->error);
    if (!model_of(session)->nodes[model].first)
        return true;
    return build_children(builder, repeat, model, element, source) &&
           complete(builder, repeat, model, element) &&
           build_fixed(builder, repeat, model, element);
}

bool tp_session_build(struct tp_session *session, struct tp_error *error)
{
    struct builder builder = {.session = session, .error = error};
    uint32_t form = 0;

    session->node_count = 1; /* [0] is none */
    if (!grow_array((void **)&session->nodes, &session->node_capacity, 1, sizeof(*session->nodes)))
        return tp_fail_memory(error);
    memset(session->nodes, 0, sizeof(*session->nodes));
    session->doc = xmlNewDoc((const xmlChar *)"1.0");
    if (!session->doc)
        return tp_fail_memory(error);
    session->doc->dict = session->form->doc->dict;
    (void)xmlDictReference(session->doc->dict);
    return add_repeat(session, 1, 0, &form, error) &&
           build_element(&builder, form, 1, NULL, NULL, session->form->instance_root);
}

/* ---- repeats ---- */

static void set_node_gone(struct tp_session *session, uint32_t node, void *state)
{
    const bool *gone = state;
    struct tp_inode *at = &session->nodes[node];

    at->gone = *gone;
    session->repeats[at->instance].gone = *gone;
}

static void set_gone(struct tp_session *session, uint32_t repeat, bool gone)
{
    tp_session_each_within(session, repeat, set_node_gone, &gone);
}

static uint32_t unpark(struct tp_session *session, struct tp_range *range, xmlNodePtr parent,
                       xmlNodePtr before)
{
    uint32_t repeat = range->instances[range->count];
    xmlNodePtr element = session->nodes[session->repeats[repeat].base].element;

    if (before)
        (void)xmlAddPrevSibling(before, element);
    else
        (void)xmlAddChild(parent, element);
    range->count++;
    range->parked--;
    set_gone(session, repeat, false);
    return repeat;
}

uint32_t tp_session_grow(struct tp_session *session, uint32_t range, bool from_parked,
                         struct tp_error *error)
{
    struct tp_range *at = &session->ranges[range];
    const xmlNode *source = model_of(session)->nodes[at->model].source;
    struct builder builder = {.session = session, .blank = !is_template(source), .error = error};
    uint32_t above = tp_node_parent(session, at->handle);
    xmlNodePtr parent = session->nodes[above].element;
    xmlNodePtr before = place_after(session, at);
    uint32_t first = session->node_count;
    uint32_t repeat = 0;

    session->revision++; /* lists of choices that are instances of it are of the past */
    if (from_parked && at->parked)
        return unpark(session, at, parent, before);
    if (!build_instance(&builder, range, parent, before, source, &repeat))
        return 0;
    tp_session_settle(session, first);
    return repeat;
}

void tp_session_shrink(struct tp_session *session, uint32_t range, uint32_t index, bool park)
{
    struct tp_range *at = &session->ranges[range];
    uint32_t repeat = at->instances[index];
    xmlNodePtr element = session->nodes[session->repeats[repeat].base].element;

    session->revision++; /* as above: they point to nodes that go */
    xmlUnlinkNode(element);
    set_gone(session, repeat, true);
    memmove(at->instances + index, at->instances + index + 1,
            (at->count + at->parked - index - 1) * sizeof(*at->instances));
    at->count--;
    if (park) {
        memmove(at->instances + at->count + 1, at->instances + at->count,
                at->parked * sizeof(*at->instances));
        at->instances[at->count] = repeat;
        at->parked++;
        return;
    }
    xmlFreeNode(element);
}
