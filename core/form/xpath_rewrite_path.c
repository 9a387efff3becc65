/* Paths: what they read of the form, and what is left of them for libxml2. */
#include <string.h>

#include "base/mem.h"
#include "form/xpath_writer.h"

/* ---- what is read ---- */

static bool add_ref(struct tp_writer *writer, struct tp_xpath_ref **refs, uint32_t *count,
                    uint32_t *capacity, const struct tp_xpath_ref *ref, uint32_t *index)
{
    for (uint32_t i = 0; i < *count && i < 64; i++) {
        if ((*refs)[i].model == ref->model && (*refs)[i].bound == ref->bound) {
            *index = i;
            return true;
        }
    }
    if (*count >= TP_WRITER_REFS_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "reads more than %u questions",
                       TP_WRITER_REFS_MAX);
    if (*count == *capacity) {
        uint32_t wanted = *capacity ? *capacity * 2 : 8;
        struct tp_xpath_ref *more = tp_realloc(*refs, wanted, sizeof(*more));

        if (!more)
            return tp_fail_memory(writer->error);
        *refs = more;
        *capacity = wanted;
    }
    (*refs)[*count] = *ref;
    *index = (*count)++;
    return true;
}

static bool tp_write_variable(struct tp_writer *writer, uint32_t model, uint32_t bound)
{
    struct tp_xpath_ref ref = {model, bound < writer->bound_limit ? bound : writer->bound_limit};
    uint32_t index = 0;

    if (!add_ref(writer, &writer->variables, &writer->variable_count, &writer->variable_capacity,
                 &ref, &index))
        return false;
    return tp_buf_printf(&writer->out, "$r%u", index) || tp_write_put(writer, "");
}

static bool tp_write_reads(struct tp_writer *writer, uint32_t model, uint32_t bound)
{
    struct tp_xpath_ref ref = {model, bound < writer->bound_limit ? bound : writer->bound_limit};
    uint32_t index = 0;

    if (!model)
        return true;
    return add_ref(writer, &writer->others, &writer->other_count, &writer->other_capacity, &ref,
                   &index);
}

/* ---- where steps lead in the model ---- */

bool tp_models_add(struct tp_writer *writer, struct tp_models *models, uint32_t node)
{
    for (uint32_t i = models->count; i-- > 0 && models->count - i < 16;)
        if (models->node[i] == node)
            return true;
    if (models->count == models->capacity) {
        uint32_t capacity = models->capacity ? models->capacity * 2 : 4;
        uint32_t *more = tp_arena_alloc(writer->scope->scratch, capacity, sizeof(*more));

        if (!more)
            return tp_fail_memory(writer->error);
        if (models->count)
            memcpy(more, models->node, models->count * sizeof(*more));
        models->node = more;
        models->capacity = capacity;
    }
    if (models->count >= TP_WRITER_REFS_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "reads more than %u questions",
                       TP_WRITER_REFS_MAX);
    models->node[models->count++] = node;
    return true;
}

static bool step_matches(const struct tp_model *model, uint32_t node,
                         const struct tp_xpath_node *step)
{
    const char *name = model->nodes[node].name;
    const char *colon;
    size_t length = step->length;
    const char *text = step->text;

    if (step->test != TP_TEST_NAME)
        return true;
    if ((colon = memchr(text, ':', length))) {
        length -= (size_t)(colon + 1 - text);
        text = colon + 1;
    }
    return strlen(name) == length && !memcmp(name, text, length);
}

static bool add_below(struct tp_writer *writer, uint32_t top, const struct tp_xpath_node *step,
                      struct tp_models *to)
{
    const struct tp_model *model = writer->scope->model;

    for (uint32_t i = top + 1; i < top + model->nodes[top].size; i++)
        if (!model->nodes[i].is_attribute && step_matches(model, i, step) &&
            !tp_models_add(writer, to, i))
            return false;
    return true;
}

static bool add_above(struct tp_writer *writer, uint32_t node, const struct tp_xpath_node *step,
                      struct tp_models *to)
{
    const struct tp_model *model = writer->scope->model;

    while (node) {
        node = model->nodes[node].parent;
        if (step_matches(model, node, step) && !tp_models_add(writer, to, node))
            return false;
    }
    return true;
}

static bool add_children(struct tp_writer *writer, uint32_t parent,
                         const struct tp_xpath_node *step, bool attributes, struct tp_models *to)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t child;

    if (step->test == TP_TEST_NAME) {
        child = attributes ? tp_model_attribute(model, parent, step->text, step->length)
                           : tp_model_child(model, parent, step->text, step->length);
        return !child || tp_models_add(writer, to, child);
    }
    for (child = model->nodes[parent].first; child; child = model->nodes[child].next)
        if (model->nodes[child].is_attribute == attributes && !tp_models_add(writer, to, child))
            return false;
    return true;
}

static bool follow_one(struct tp_writer *writer, uint32_t node, const struct tp_xpath_node *step,
                       struct tp_models *to)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t parent = model->nodes[node].parent;

    switch ((enum tp_xpath_axis)step->axis) {
    case TP_AXIS_CHILD:
        return add_children(writer, node, step, false, to);
    case TP_AXIS_ATTRIBUTE:
        return add_children(writer, node, step, true, to);
    case TP_AXIS_SELF:
        return !step_matches(model, node, step) || tp_models_add(writer, to, node);
    case TP_AXIS_PARENT:
        return !node || !step_matches(model, parent, step) || tp_models_add(writer, to, parent);
    case TP_AXIS_DESCENDANT_OR_SELF:
        if (step_matches(model, node, step) && !tp_models_add(writer, to, node))
            return false;
        return add_below(writer, node, step, to);
    case TP_AXIS_DESCENDANT:
        return add_below(writer, node, step, to);
    case TP_AXIS_ANCESTOR_OR_SELF:
        if (step_matches(model, node, step) && !tp_models_add(writer, to, node))
            return false;
        return add_above(writer, node, step, to);
    case TP_AXIS_ANCESTOR:
        return add_above(writer, node, step, to);
    case TP_AXIS_FOLLOWING_SIBLING:
    case TP_AXIS_PRECEDING_SIBLING:
        return !node || add_children(writer, parent, step, false, to);
    case TP_AXIS_FOLLOWING:
    case TP_AXIS_PRECEDING:
        return add_below(writer, 0, step, to);
    case TP_AXIS_NAMESPACE:
        return true;
    }
    return true;
}

static bool tp_models_follow(struct tp_writer *writer, const struct tp_models *from,
                             const struct tp_xpath_node *step, struct tp_models *to)
{
    *to = (struct tp_models){.known = from->known};
    if (step->test == TP_TEST_TEXT || step->test == TP_TEST_COMMENT || step->test == TP_TEST_PI) {
        /* text() reads the node it stands in */
        for (uint32_t i = 0; from->known && i < from->count; i++)
            if (!tp_models_add(writer, to, from->node[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; writer->scope->model && from->known && i < from->count; i++)
        if (!follow_one(writer, from->node[i], step, to))
            return false;
    return true;
}

/* ---- steps, for libxml2 ---- */

static bool put_test(struct tp_writer *writer, const struct tp_xpath_node *step)
{
    const char *colon = memchr(step->text, ':', step->length);
    size_t prefix = colon ? (size_t)(colon + 1 - step->text) : 0;

    switch ((enum tp_xpath_test)step->test) {
    case TP_TEST_NAME:
        /* in a form's instance names have no namespaces */
        if (!writer->scope->model)
            prefix = 0;
        return tp_write_bytes(writer, step->text + prefix, step->length - prefix);
    case TP_TEST_ANY:
        if (step->length && !writer->scope->model)
            return tp_write_bytes(writer, step->text, step->length) && tp_write_put(writer, ":*");
        return tp_write_put(writer, "*");
    case TP_TEST_NODE:
        return tp_write_put(writer, "node()");
    case TP_TEST_TEXT:
        return tp_write_put(writer, "text()");
    case TP_TEST_COMMENT:
        return tp_write_put(writer, "comment()");
    case TP_TEST_PI:
        if (!step->length)
            return tp_write_put(writer, "processing-instruction()");
        return tp_write_put(writer, "processing-instruction(") &&
               tp_write_bytes(writer, step->text - 1, step->length + 2) &&
               tp_write_put(writer, ")");
    }
    return true;
}

bool tp_write_predicates(struct tp_writer *writer, const struct tp_xpath_node *first,
                         const struct tp_models *inside)
{
    struct tp_place place = {.inside = inside};
    enum tp_xpath_type type;

    for (const struct tp_xpath_node *p = first; p; p = p->next)
        if (!tp_write_put(writer, "[") || !tp_write_value(writer, p, &place, &type) ||
            !tp_write_put(writer, "]"))
            return false;
    return true;
}

static bool put_step(struct tp_writer *writer, const struct tp_xpath_node *step,
                     const struct tp_models *here)
{
    bool dot = step->test == TP_TEST_NODE && !step->first;

    if (dot && step->axis == TP_AXIS_SELF)
        return tp_write_put(writer, ".");
    if (dot && step->axis == TP_AXIS_PARENT)
        return tp_write_put(writer, "..");
    return tp_write_put(writer, tp_xpath_axis_name(step->axis)) && tp_write_put(writer, "::") &&
           put_test(writer, step) && tp_write_predicates(writer, step->first, here);
}

/* The rest of a path from `step` on, `*here` being where it starts and, after, where it ends. */
static bool put_steps(struct tp_writer *writer, const struct tp_xpath_node *step,
                      struct tp_models *here, bool slash)
{
    for (; step; step = step->next) {
        struct tp_models next;

        if ((slash && !tp_write_put(writer, "/")) || !tp_models_follow(writer, here, step, &next) ||
            !put_step(writer, step, &next))
            return false;
        slash = true;
        *here = next;
    }
    return true;
}

/* ---- paths in a form ---- */

const struct tp_xpath_node *tp_walk_steps(const struct tp_model *model, struct tp_walk *walk,
                                          const struct tp_xpath_node *step)
{
    for (; step && !step->first; step = step->next) {
        bool any = step->test == TP_TEST_NODE;
        uint32_t next;

        if (step->axis == TP_AXIS_SELF && any)
            continue;
        if (step->axis == TP_AXIS_PARENT && any) {
            if (!walk->node)
                walk->nowhere = true;
            walk->node = model->nodes[walk->node].parent;
            if (tp_model_within(model, walk->highest, walk->node))
                walk->highest = walk->node;
            continue;
        }
        if (step->test != TP_TEST_NAME)
            break;
        if (step->axis == TP_AXIS_CHILD)
            next = tp_model_child(model, walk->node, step->text, step->length);
        else if (step->axis == TP_AXIS_ATTRIBUTE)
            next = tp_model_attribute(model, walk->node, step->text, step->length);
        else
            break;
        if (!next)
            walk->nowhere = true;
        if (walk->nowhere)
            break;
        walk->node = next;
    }
    return step;
}

/* How many repeats around the expression's own node stay the same instance on this path: for an
 * absolute path all that it shares with the node's own path, for a relative one those around the
 * highest node it goes through. */
static uint32_t bound_of(const struct tp_writer *writer, const struct tp_walk *walk)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t shared =
        walk->absolute ? tp_model_common(model, writer->scope->context, walk->node) : walk->highest;

    return model->nodes[shared].repeats;
}

static bool give_models(struct tp_writer *writer, uint32_t node, struct tp_models *models)
{
    *models = (struct tp_models){.known = true};
    return tp_models_add(writer, models, node);
}

/* What is read at the end of a path whose first part is bound. */
static bool read_all(struct tp_writer *writer, const struct tp_models *models, uint32_t from,
                     uint32_t bound)
{
    const struct tp_model *model = writer->scope->model;

    for (uint32_t i = 0; models->known && i < models->count; i++) {
        uint32_t shared = model->nodes[tp_model_common(model, from, models->node[i])].repeats;

        if (!tp_write_reads(writer, models->node[i], shared < bound ? shared : bound))
            return false;
    }
    return true;
}

bool tp_write_form_path(struct tp_writer *writer, const struct tp_xpath_node *step,
                        struct tp_walk *walk, struct tp_models *models)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t bound;

    step = tp_walk_steps(model, walk, step);
    bound = bound_of(writer, walk);
    if (walk->nowhere) {
        *models = (struct tp_models){.known = true};
        return tp_write_put(writer, "$none");
    }
    if (!give_models(writer, walk->node, models))
        return false;
    if (!step)
        return walk->node ? tp_write_variable(writer, walk->node, bound)
                          : tp_write_put(writer, "$d");
    if (!tp_write_put(writer, "_relevant("))
        return false;
    if (walk->node ? !tp_write_variable(writer, walk->node, bound) : !tp_write_put(writer, "$d"))
        return false;
    return put_steps(writer, step, models, true) && tp_write_put(writer, ")") &&
           read_all(writer, models, walk->node, bound);
}

/* A relative path in a predicate: libxml2's alone, but what it reads is noted. */
static bool write_path_inside(struct tp_writer *writer, const struct tp_xpath_node *path,
                              const struct tp_place *place, struct tp_models *models)
{
    bool main = place->inside->known && writer->scope->model;

    *models = *place->inside;
    if (main && !tp_write_put(writer, "_relevant("))
        return false;
    if (!put_steps(writer, path->first, models, false))
        return false;
    return !main || (tp_write_put(writer, ")") && read_all(writer, models, 0, 0));
}

bool tp_xpath_is_call(const struct tp_xpath_node *node, const char *name)
{
    return node->kind == TP_XPATH_CALL && tp_xpath_text_is(node, name);
}

/* A path from what an expression gives. */
static bool write_expr_path(struct tp_writer *writer, const struct tp_xpath_node *path,
                            const struct tp_place *place, struct tp_models *models)
{
    const struct tp_xpath_node *rest = path->first->next;
    const struct tp_xpath_node *predicates = NULL;
    enum tp_xpath_type type = TP_XPATH_TYPE_NODESET;
    bool looked_up;

    *models = (struct tp_models){0};
    if (!tp_write_lookup(writer, path, place, &rest, &predicates, &looked_up) ||
        !tp_write_predicates(writer, predicates, models))
        return false;
    if (!looked_up && !tp_write_nodes(writer, path->first, place, &type, models))
        return false;
    if (type != TP_XPATH_TYPE_NODESET && type != TP_XPATH_TYPE_ANY)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "a path starts at something that is no set of nodes");
    if (!put_steps(writer, rest, models, true))
        return false;
    return !writer->scope->model || read_all(writer, models, 0, 0);
}

bool tp_write_path(struct tp_writer *writer, const struct tp_xpath_node *path,
                   const struct tp_place *place, struct tp_models *models)
{
    const struct tp_xpath_scope *scope = writer->scope;
    struct tp_walk walk = {.node = scope->context, .highest = scope->context};

    if (path->start == TP_XPATH_EXPR) {
        if (scope->model && tp_xpath_is_call(path->first, "current") && !path->first->first)
            return tp_write_form_path(writer, path->first->next, &walk, models);
        return write_expr_path(writer, path, place, models);
    }
    if (path->start == TP_XPATH_ROOT) {
        if (!scope->model) {
            *models = (struct tp_models){0};
            return tp_write_put(writer, "$d") && put_steps(writer, path->first, models, true);
        }
        walk = (struct tp_walk){.absolute = true};
        return tp_write_form_path(writer, path->first, &walk, models);
    }
    if (place->inside)
        return write_path_inside(writer, path, place, models);
    if (!scope->model) {
        *models = (struct tp_models){0};
        return put_steps(writer, path->first, models, false);
    }
    return tp_write_form_path(writer, path->first, &walk, models);
}
