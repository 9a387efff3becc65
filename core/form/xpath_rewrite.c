/* From an expression's tree to what libxml2 evaluates, and to what it depends on. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/form.h"
#include "form/model.h"
#include "form/xpath.h"
#include "form/xpath_ast.h"
#include "form/xpath_functions.h"
#include "form/xpath_value.h"

/* Rewriting makes an expression longer, by a name and brackets for each operator. */
#define REWRITTEN_MAX ((size_t)TP_FORM_EXPRESSION_MAX * 24)
/* Things one expression reads. */
#define REFS_MAX 100000u
/* Digits that libxml2 reads as exactly as anyone. */
#define PLAIN_DIGITS_MAX 15u

/* Model nodes a path may lead to. Without a form, and in secondary instances, not known. */
struct models {
    bool known;
    uint32_t *node;
    uint32_t count, capacity;
};

struct writer {
    const struct tp_xpath_scope *scope;
    struct tp_buf out;
    struct tp_xpath_ref *variables; /* owned */
    uint32_t variable_count, variable_capacity;
    struct tp_xpath_ref *others; /* owned; read in other ways */
    uint32_t other_count, other_capacity;
    double *numbers; /* owned */
    uint32_t number_count, number_capacity;
    uint32_t bound_limit; /* of the paths in indexed-repeat() */
    bool changes_by_itself, uses_position;
    struct tp_error *error;
};

/* Where an expression stands: in a form's bind or body (`inside` NULL), or in a predicate on the
 * nodes `inside`. */
struct place {
    const struct models *inside;
};

static bool write_any(struct writer *writer, const struct tp_xpath_node *node,
                      const struct place *place, enum tp_xpath_type *type, struct models *models);

static bool write_value(struct writer *writer, const struct tp_xpath_node *node,
                        const struct place *place, enum tp_xpath_type *type)
{
    return write_any(writer, node, place, type, NULL);
}

static bool put(struct writer *writer, const char *text)
{
    if (tp_buf_puts(&writer->out, text))
        return true;
    return tp_fail(writer->error, TP_ERR_LIMIT, "the expression is too long");
}

static bool put_bytes(struct writer *writer, const char *bytes, size_t count)
{
    if (tp_buf_add(&writer->out, bytes, count))
        return true;
    return tp_fail(writer->error, TP_ERR_LIMIT, "the expression is too long");
}

/* ---- what is read ---- */

static bool add_ref(struct writer *writer, struct tp_xpath_ref **refs, uint32_t *count,
                    uint32_t *capacity, const struct tp_xpath_ref *ref, uint32_t *index)
{
    for (uint32_t i = 0; i < *count && i < 64; i++) {
        if ((*refs)[i].model == ref->model && (*refs)[i].bound == ref->bound) {
            *index = i;
            return true;
        }
    }
    if (*count >= REFS_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "reads more than %u questions", REFS_MAX);
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

static bool put_variable(struct writer *writer, uint32_t model, uint32_t bound)
{
    struct tp_xpath_ref ref = {model, bound < writer->bound_limit ? bound : writer->bound_limit};
    uint32_t index;

    if (!add_ref(writer, &writer->variables, &writer->variable_count, &writer->variable_capacity,
                 &ref, &index))
        return false;
    return tp_buf_printf(&writer->out, "$r%u", index) || put(writer, "");
}

static bool reads(struct writer *writer, uint32_t model, uint32_t bound)
{
    struct tp_xpath_ref ref = {model, bound < writer->bound_limit ? bound : writer->bound_limit};
    uint32_t index;

    if (!model)
        return true;
    return add_ref(writer, &writer->others, &writer->other_count, &writer->other_capacity, &ref,
                   &index);
}

/* ---- where steps lead in the model ---- */

static bool models_add(struct writer *writer, struct models *models, uint32_t node)
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
    if (models->count >= REFS_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "reads more than %u questions", REFS_MAX);
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

static bool add_below(struct writer *writer, uint32_t top, const struct tp_xpath_node *step,
                      struct models *to)
{
    const struct tp_model *model = writer->scope->model;

    for (uint32_t i = top + 1; i < top + model->nodes[top].size; i++)
        if (!model->nodes[i].is_attribute && step_matches(model, i, step) &&
            !models_add(writer, to, i))
            return false;
    return true;
}

static bool add_above(struct writer *writer, uint32_t node, const struct tp_xpath_node *step,
                      struct models *to)
{
    const struct tp_model *model = writer->scope->model;

    while (node) {
        node = model->nodes[node].parent;
        if (step_matches(model, node, step) && !models_add(writer, to, node))
            return false;
    }
    return true;
}

static bool add_children(struct writer *writer, uint32_t parent, const struct tp_xpath_node *step,
                         bool attributes, struct models *to)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t child;

    if (step->test == TP_TEST_NAME) {
        child = attributes ? tp_model_attribute(model, parent, step->text, step->length)
                           : tp_model_child(model, parent, step->text, step->length);
        return !child || models_add(writer, to, child);
    }
    for (child = model->nodes[parent].first; child; child = model->nodes[child].next)
        if (model->nodes[child].is_attribute == attributes && !models_add(writer, to, child))
            return false;
    return true;
}

static bool follow_one(struct writer *writer, uint32_t node, const struct tp_xpath_node *step,
                       struct models *to)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t parent = model->nodes[node].parent;

    switch ((enum tp_xpath_axis)step->axis) {
    case TP_AXIS_CHILD:
        return add_children(writer, node, step, false, to);
    case TP_AXIS_ATTRIBUTE:
        return add_children(writer, node, step, true, to);
    case TP_AXIS_SELF:
        return !step_matches(model, node, step) || models_add(writer, to, node);
    case TP_AXIS_PARENT:
        return !node || !step_matches(model, parent, step) || models_add(writer, to, parent);
    case TP_AXIS_DESCENDANT_OR_SELF:
        if (step_matches(model, node, step) && !models_add(writer, to, node))
            return false;
        return add_below(writer, node, step, to);
    case TP_AXIS_DESCENDANT:
        return add_below(writer, node, step, to);
    case TP_AXIS_ANCESTOR_OR_SELF:
        if (step_matches(model, node, step) && !models_add(writer, to, node))
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

static bool follow(struct writer *writer, const struct models *from,
                   const struct tp_xpath_node *step, struct models *to)
{
    *to = (struct models){.known = from->known};
    if (step->test == TP_TEST_TEXT || step->test == TP_TEST_COMMENT || step->test == TP_TEST_PI) {
        /* text() reads the node it stands in */
        for (uint32_t i = 0; from->known && i < from->count; i++)
            if (!models_add(writer, to, from->node[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; from->known && i < from->count; i++)
        if (!follow_one(writer, from->node[i], step, to))
            return false;
    return true;
}

/* ---- steps, for libxml2 ---- */

static bool put_test(struct writer *writer, const struct tp_xpath_node *step)
{
    const char *colon = memchr(step->text, ':', step->length);
    size_t prefix = colon ? (size_t)(colon + 1 - step->text) : 0;

    switch ((enum tp_xpath_test)step->test) {
    case TP_TEST_NAME:
        /* in a form's instance names have no namespaces */
        if (!writer->scope->model)
            prefix = 0;
        return put_bytes(writer, step->text + prefix, step->length - prefix);
    case TP_TEST_ANY:
        if (step->length && !writer->scope->model)
            return put_bytes(writer, step->text, step->length) && put(writer, ":*");
        return put(writer, "*");
    case TP_TEST_NODE:
        return put(writer, "node()");
    case TP_TEST_TEXT:
        return put(writer, "text()");
    case TP_TEST_COMMENT:
        return put(writer, "comment()");
    case TP_TEST_PI:
        if (!step->length)
            return put(writer, "processing-instruction()");
        return put(writer, "processing-instruction(") &&
               put_bytes(writer, step->text - 1, step->length + 2) && put(writer, ")");
    }
    return true;
}

static bool put_predicates(struct writer *writer, const struct tp_xpath_node *first,
                           const struct models *inside)
{
    struct place place = {.inside = inside};
    enum tp_xpath_type type;

    for (const struct tp_xpath_node *p = first; p; p = p->next)
        if (!put(writer, "[") || !write_value(writer, p, &place, &type) || !put(writer, "]"))
            return false;
    return true;
}

static bool put_step(struct writer *writer, const struct tp_xpath_node *step,
                     const struct models *here)
{
    bool dot = step->test == TP_TEST_NODE && !step->first;

    if (dot && step->axis == TP_AXIS_SELF)
        return put(writer, ".");
    if (dot && step->axis == TP_AXIS_PARENT)
        return put(writer, "..");
    return put(writer, tp_xpath_axis_name(step->axis)) && put(writer, "::") &&
           put_test(writer, step) && put_predicates(writer, step->first, here);
}

/* The rest of a path from `step` on, `*here` being where it starts and, after, where it ends. */
static bool put_steps(struct writer *writer, const struct tp_xpath_node *step, struct models *here,
                      bool slash)
{
    for (; step; step = step->next) {
        struct models next;

        if ((slash && !put(writer, "/")) || !follow(writer, here, step, &next) ||
            !put_step(writer, step, &next))
            return false;
        slash = true;
        *here = next;
    }
    return true;
}

/* ---- paths in a form ---- */

struct walk {
    uint32_t node;    /* where the steps so far lead */
    uint32_t highest; /* the highest node a relative path went up to */
    bool absolute;
    bool nowhere; /* a step names what the instance does not have */
};

/* Follows steps that name one node; returns the first that does not. */
static const struct tp_xpath_node *walk_steps(const struct tp_model *model, struct walk *walk,
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
static uint32_t bound_of(const struct writer *writer, const struct walk *walk)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t shared =
        walk->absolute ? tp_model_common(model, writer->scope->context, walk->node) : walk->highest;

    return model->nodes[shared].repeats;
}

static bool give_models(struct writer *writer, uint32_t node, struct models *models)
{
    *models = (struct models){.known = true};
    return models_add(writer, models, node);
}

/* What is read at the end of a path whose first part is bound. */
static bool read_all(struct writer *writer, const struct models *models, uint32_t from,
                     uint32_t bound)
{
    const struct tp_model *model = writer->scope->model;

    for (uint32_t i = 0; models->known && i < models->count; i++) {
        uint32_t shared = model->nodes[tp_model_common(model, from, models->node[i])].repeats;

        if (!reads(writer, models->node[i], shared < bound ? shared : bound))
            return false;
    }
    return true;
}

static bool write_form_path(struct writer *writer, const struct tp_xpath_node *step,
                            struct walk *walk, struct models *models)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t bound;

    step = walk_steps(model, walk, step);
    bound = bound_of(writer, walk);
    if (walk->nowhere) {
        *models = (struct models){.known = true};
        return put(writer, "$none");
    }
    if (!give_models(writer, walk->node, models))
        return false;
    if (!step)
        return walk->node ? put_variable(writer, walk->node, bound) : put(writer, "$d");
    if (!put(writer, "_relevant("))
        return false;
    if (walk->node ? !put_variable(writer, walk->node, bound) : !put(writer, "$d"))
        return false;
    return put_steps(writer, step, models, true) && put(writer, ")") &&
           read_all(writer, models, walk->node, bound);
}

/* A relative path in a predicate: libxml2's alone, but what it reads is noted. */
static bool write_path_inside(struct writer *writer, const struct tp_xpath_node *path,
                              const struct place *place, struct models *models)
{
    bool main = place->inside->known && writer->scope->model;

    *models = *place->inside;
    if (main && !put(writer, "_relevant("))
        return false;
    if (!put_steps(writer, path->first, models, false))
        return false;
    return !main || (put(writer, ")") && read_all(writer, models, 0, 0));
}

static bool is_call(const struct tp_xpath_node *node, const char *name)
{
    return node->kind == TP_XPATH_CALL && tp_xpath_text_is(node, name);
}

static bool write_path(struct writer *writer, const struct tp_xpath_node *path,
                       const struct place *place, struct models *models)
{
    const struct tp_xpath_scope *scope = writer->scope;
    struct walk walk = {.node = scope->context, .highest = scope->context};
    enum tp_xpath_type type;

    if (path->start == TP_XPATH_EXPR) {
        if (scope->model && is_call(path->first, "current") && !path->first->first)
            return write_form_path(writer, path->first->next, &walk, models);
        if (!write_any(writer, path->first, place, &type, models))
            return false;
        if (type != TP_XPATH_TYPE_NODESET && type != TP_XPATH_TYPE_ANY)
            return tp_fail(writer->error, TP_ERR_INVALID,
                           "a path starts at something that is no "
                           "set of nodes");
        if (!put_steps(writer, path->first->next, models, true))
            return false;
        return !scope->model || read_all(writer, models, 0, 0);
    }
    if (path->start == TP_XPATH_ROOT) {
        if (!scope->model) {
            *models = (struct models){0};
            return put(writer, "$d") && put_steps(writer, path->first, models, true);
        }
        walk = (struct walk){.absolute = true};
        return write_form_path(writer, path->first, &walk, models);
    }
    if (place->inside)
        return write_path_inside(writer, path, place, models);
    if (!scope->model) {
        *models = (struct models){0};
        return put_steps(writer, path->first, models, false);
    }
    return write_form_path(writer, path->first, &walk, models);
}

/* ---- calls ---- */

static int count_children(const struct tp_xpath_node *node)
{
    int count = 0;

    for (const struct tp_xpath_node *p = node->first; p; p = p->next)
        count++;
    return count;
}

/* indexed-repeat(field, repeat, number, repeat, number...): the paths reach out of the repeat that
 * the expression stands in, the numbers do not. */
static bool write_indexed(struct writer *writer, const struct tp_xpath_node *call,
                          const struct place *place, uint32_t limit, enum tp_xpath_type *first_type)
{
    uint32_t own = writer->bound_limit;
    enum tp_xpath_type type;
    int index = 0;

    for (const struct tp_xpath_node *p = call->first; p; p = p->next, index++) {
        bool path = !index || index % 2;
        bool ok;

        writer->bound_limit = path ? limit : own;
        ok = (!index || put(writer, ",")) &&
             write_value(writer, p, place, index ? &type : first_type);
        writer->bound_limit = own;
        if (!ok)
            return false;
    }
    return true;
}

static bool write_arguments(struct writer *writer, const struct tp_xpath_node *first,
                            const struct place *place, enum tp_xpath_type *first_type,
                            struct models *first_models)
{
    enum tp_xpath_type type;

    for (const struct tp_xpath_node *p = first; p; p = p->next) {
        bool leading = p == first;

        if ((!leading && !put(writer, ",")) ||
            !write_any(writer, p, place, leading ? first_type : &type,
                       leading ? first_models : NULL))
            return false;
    }
    return true;
}

static bool check_count(struct writer *writer, const struct tp_xpath_function *function,
                        const struct tp_xpath_node *call)
{
    int count = count_children(call);

    if (count > TP_XPATH_ARGS_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "%s() has more than %d arguments",
                       function->name, TP_XPATH_ARGS_MAX);
    if (count < function->min || (function->max >= 0 && count > function->max)) {
        if (function->max == function->min)
            return tp_fail(writer->error, TP_ERR_INVALID, "%s() takes %d argument%s, not %d",
                           function->name, function->min, function->min == 1 ? "" : "s", count);
        if (function->max < 0)
            return tp_fail(writer->error, TP_ERR_INVALID,
                           "%s() takes at least %d argument%s, not %d", function->name,
                           function->min, function->min == 1 ? "" : "s", count);
        return tp_fail(writer->error, TP_ERR_INVALID, "%s() takes %d to %d arguments, not %d",
                       function->name, function->min, function->max, count);
    }
    if ((function->flags & TP_FN_PAIRS) && count % 2 == 0)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "%s() takes a path, then pairs of a repeat and its number", function->name);
    if ((function->flags & TP_FN_EVEN) && count % 2)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "%s() takes a least, a most, then pairs of a value and its weight",
                       function->name);
    return true;
}

static bool refuse_unknown(struct writer *writer, const struct tp_xpath_node *call)
{
    const char *nearest = tp_xpath_function_suggest(call->text, call->length);

    if (nearest)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "there is no function %.*s(); did you mean %s()?", (int)call->length,
                       call->text, nearest);
    return tp_fail(writer->error, TP_ERR_INVALID, "there is no function %.*s()", (int)call->length,
                   call->text);
}

/* A call that cannot be, in a place that may never be reached. */
static bool write_wrong_call(struct writer *writer, const struct tp_xpath_node *call,
                             const struct place *place, enum tp_xpath_type *type)
{
    enum tp_xpath_type first;

    *type = TP_XPATH_TYPE_ANY;
    return put(writer, "_unknown('") && put_bytes(writer, call->text, call->length) &&
           put(writer, call->first ? "'," : "'") &&
           write_arguments(writer, call->first, place, &first, NULL) && put(writer, ")");
}

/* The outermost repeat that indexed-repeat() names decides how far its paths stay bound. */
static uint32_t limit_of_indexed(struct writer *writer, const struct tp_xpath_node *call)
{
    const struct tp_model *model = writer->scope->model;
    uint32_t limit = writer->bound_limit;

    if (!model)
        return limit;
    for (const struct tp_xpath_node *p = call->first->next; p; p = p->next ? p->next->next : NULL) {
        struct walk walk = {.node = writer->scope->context, .highest = writer->scope->context};

        if (p->kind != TP_XPATH_PATH)
            continue;
        if (p->start == TP_XPATH_ROOT)
            walk = (struct walk){.absolute = true};
        (void)walk_steps(model, &walk, p->first);
        if (!walk.nowhere && model->nodes[walk.node].repeats &&
            model->nodes[walk.node].repeats - 1u < limit)
            limit = model->nodes[walk.node].repeats - 1u;
    }
    return limit;
}

static bool write_call(struct writer *writer, const struct tp_xpath_node *call,
                       const struct place *place, enum tp_xpath_type *type, struct models *models)
{
    const struct tp_xpath_function *function = tp_xpath_function_find(call->text, call->length);
    enum tp_xpath_type first = TP_XPATH_TYPE_ANY;
    struct models first_models = {0};
    bool ok;

    if (function ? !check_count(writer, function, call) : !refuse_unknown(writer, call))
        return writer->scope->lenient && write_wrong_call(writer, call, place, type);
    *type = function->type;
    if (writer->scope->model && is_call(call, "current")) {
        struct walk walk = {.node = writer->scope->context, .highest = writer->scope->context};

        return write_form_path(writer, NULL, &walk, models);
    }
    writer->changes_by_itself |= (function->flags & TP_FN_CHANGES) != 0;
    writer->uses_position |= (function->flags & TP_FN_POSITION) != 0 && !place->inside;
    ok = put(writer, function->inner ? function->inner : function->name) && put(writer, "(");
    if (ok && is_call(call, "indexed-repeat"))
        ok = write_indexed(writer, call, place, limit_of_indexed(writer, call), &first);
    else if (ok)
        ok = write_arguments(writer, call->first, place, &first, &first_models);
    if (!ok || !put(writer, ")"))
        return false;
    if ((function->flags & TP_FN_NODES) && call->first && first != TP_XPATH_TYPE_NODESET &&
        first != TP_XPATH_TYPE_ANY)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "%s() needs a question or a set of nodes, not a value", function->name);
    /* randomize() gives the nodes it was given */
    if (function->flags & TP_FN_NODES)
        *models = first_models;
    return true;
}

/* ---- operators and values ---- */

static const struct {
    const char *function;
    enum tp_xpath_type type;
} operators[] = {
    [TP_XPATH_EQ] = {"_eq", TP_XPATH_TYPE_BOOLEAN},
    [TP_XPATH_NE] = {"_ne", TP_XPATH_TYPE_BOOLEAN},
    [TP_XPATH_LT] = {"_lt", TP_XPATH_TYPE_BOOLEAN},
    [TP_XPATH_LE] = {"_le", TP_XPATH_TYPE_BOOLEAN},
    [TP_XPATH_GT] = {"_gt", TP_XPATH_TYPE_BOOLEAN},
    [TP_XPATH_GE] = {"_ge", TP_XPATH_TYPE_BOOLEAN},
    [TP_XPATH_ADD] = {"_add", TP_XPATH_TYPE_NUMBER},
    [TP_XPATH_SUB] = {"_sub", TP_XPATH_TYPE_NUMBER},
    [TP_XPATH_MUL] = {"_mul", TP_XPATH_TYPE_NUMBER},
    [TP_XPATH_DIV] = {"_div", TP_XPATH_TYPE_NUMBER},
    [TP_XPATH_MOD] = {"_mod", TP_XPATH_TYPE_NUMBER},
    [TP_XPATH_NEG] = {"_neg", TP_XPATH_TYPE_NUMBER},
};

static bool write_operator(struct writer *writer, const struct tp_xpath_node *node,
                           const struct place *place, enum tp_xpath_type *type)
{
    enum tp_xpath_type first;

    *type = operators[node->kind].type;
    return put(writer, operators[node->kind].function) && put(writer, "(") &&
           write_arguments(writer, node->first, place, &first, NULL) && put(writer, ")");
}

/* An operand of "and" or "or": libxml2's own, which leaves out what need not be evaluated, but
 * with ODK's idea of what is true. */
static bool write_truth(struct writer *writer, const struct tp_xpath_node *node,
                        const struct place *place)
{
    size_t start = writer->out.length;
    enum tp_xpath_type type;
    char *inside;
    bool ok;

    if (!write_value(writer, node, place, &type))
        return false;
    if (type == TP_XPATH_TYPE_BOOLEAN)
        return true;
    inside = tp_strdup(tp_buf_text(&writer->out) + start);
    if (!inside)
        return tp_fail_memory(writer->error);
    writer->out.length = start;
    ok = put(writer, "_bool(") && put(writer, inside) && put(writer, ")");
    tp_free(inside);
    return ok;
}

static bool write_logic(struct writer *writer, const struct tp_xpath_node *node,
                        const struct place *place, enum tp_xpath_type *type)
{
    *type = TP_XPATH_TYPE_BOOLEAN;
    return put(writer, "(") && write_truth(writer, node->first, place) &&
           put(writer, node->kind == TP_XPATH_AND ? " and " : " or ") &&
           write_truth(writer, node->first->next, place) && put(writer, ")");
}

static bool write_union(struct writer *writer, const struct tp_xpath_node *node,
                        const struct place *place, enum tp_xpath_type *type, struct models *models)
{
    struct models other = {0};
    enum tp_xpath_type left;
    enum tp_xpath_type right;

    *type = TP_XPATH_TYPE_NODESET;
    if (!put(writer, "(") || !write_any(writer, node->first, place, &left, models) ||
        !put(writer, " | ") || !write_any(writer, node->first->next, place, &right, &other) ||
        !put(writer, ")"))
        return false;
    if (left != TP_XPATH_TYPE_NODESET || right != TP_XPATH_TYPE_NODESET)
        return tp_fail(writer->error, TP_ERR_INVALID, "'|' joins paths, not values");
    for (uint32_t i = 0; i < other.count; i++)
        if (!models_add(writer, models, other.node[i]))
            return false;
    models->known = models->known && other.known;
    return true;
}

static bool write_filter(struct writer *writer, const struct tp_xpath_node *node,
                         const struct place *place, enum tp_xpath_type *type, struct models *models)
{
    if (!put(writer, "(") || !write_any(writer, node->first, place, type, models) ||
        !put(writer, ")"))
        return false;
    if (*type != TP_XPATH_TYPE_NODESET && *type != TP_XPATH_TYPE_ANY)
        return tp_fail(writer->error, TP_ERR_INVALID, "a predicate follows a value, not a path");
    *type = TP_XPATH_TYPE_NODESET;
    return put_predicates(writer, node->first->next, models);
}

static bool write_number(struct writer *writer, const struct tp_xpath_node *node)
{
    char text[TP_NUMBER_TEXT_MAX];
    bool plain = node->length <= PLAIN_DIGITS_MAX && !memchr(node->text, '.', node->length);
    double *more;

    if (plain)
        return put_bytes(writer, node->text, node->length);
    if (node->length >= sizeof(text))
        return tp_fail(writer->error, TP_ERR_LIMIT, "a number has more than %zu digits",
                       sizeof(text) - 1);
    if (writer->number_count == writer->number_capacity) {
        writer->number_capacity += 16;
        more = tp_realloc(writer->numbers, writer->number_capacity, sizeof(*more));
        if (!more)
            return tp_fail_memory(writer->error);
        writer->numbers = more;
    }
    memcpy(text, node->text, node->length);
    text[node->length] = '\0';
    writer->numbers[writer->number_count] = strtod(text, NULL);
    return tp_buf_printf(&writer->out, "$c%u", writer->number_count++) || put(writer, "");
}

static bool write_any(struct writer *writer, const struct tp_xpath_node *node,
                      const struct place *place, enum tp_xpath_type *type, struct models *models)
{
    struct models ignored = {0};

    if (!models)
        models = &ignored;
    *models = (struct models){0};
    switch ((enum tp_xpath_kind)node->kind) {
    case TP_XPATH_OR:
    case TP_XPATH_AND:
        return write_logic(writer, node, place, type);
    case TP_XPATH_UNION:
        return write_union(writer, node, place, type, models);
    case TP_XPATH_NUMBER:
        *type = TP_XPATH_TYPE_NUMBER;
        return write_number(writer, node);
    case TP_XPATH_STRING:
        *type = TP_XPATH_TYPE_STRING;
        return put_bytes(writer, node->text - 1, (size_t)node->length + 2);
    case TP_XPATH_CALL:
        return write_call(writer, node, place, type, models);
    case TP_XPATH_FILTER:
        return write_filter(writer, node, place, type, models);
    case TP_XPATH_PATH:
        *type = TP_XPATH_TYPE_NODESET;
        return write_path(writer, node, place, models);
    case TP_XPATH_STEP:
        return tp_fail(writer->error, TP_ERR_INVALID, "a step on its own");
    default:
        return write_operator(writer, node, place, type);
    }
}

/* ---- the whole ---- */

static bool keep_refs(struct writer *writer, struct tp_xpath_expr *expr)
{
    struct tp_arena *arena = writer->scope->arena;

    expr->variable_count = writer->variable_count;
    expr->ref_count = writer->variable_count + writer->other_count;
    expr->number_count = writer->number_count;
    if (expr->ref_count) {
        expr->refs = tp_arena_alloc(arena, expr->ref_count, sizeof(*expr->refs));
        if (!expr->refs)
            return false;
        if (writer->variable_count)
            memcpy(expr->refs, writer->variables, writer->variable_count * sizeof(*expr->refs));
        if (writer->other_count)
            memcpy(expr->refs + writer->variable_count, writer->others,
                   writer->other_count * sizeof(*expr->refs));
    }
    if (expr->number_count) {
        expr->numbers = tp_arena_alloc(arena, expr->number_count, sizeof(*expr->numbers));
        if (!expr->numbers)
            return false;
        memcpy(expr->numbers, writer->numbers, writer->number_count * sizeof(*expr->numbers));
    }
    expr->rewritten = tp_arena_strndup(arena, tp_buf_text(&writer->out), writer->out.length);
    return expr->rewritten != NULL;
}

static struct tp_xpath_expr *make(struct writer *writer, const char *source,
                                  const struct tp_xpath_node *tree, enum tp_xpath_type type)
{
    struct tp_arena *arena = writer->scope->arena;
    struct tp_xpath_expr *expr = tp_arena_alloc(arena, 1, sizeof(*expr));

    if (!expr)
        return NULL;
    expr->source = tp_arena_strndup(arena, source, strlen(source));
    if (!expr->source || !keep_refs(writer, expr))
        return NULL;
    expr->context = writer->scope->context;
    expr->type = type;
    expr->changes_by_itself = writer->changes_by_itself;
    expr->uses_position = writer->uses_position;
    if (is_call(tree, "true"))
        expr->constant = TP_XPATH_TRUE;
    else if (is_call(tree, "false"))
        expr->constant = TP_XPATH_FALSE;
    return expr;
}

bool tp_xpath_compile(const struct tp_xpath_scope *scope, const char *source,
                      struct tp_xpath_expr **expr, struct tp_error *error)
{
    struct writer writer = {.scope = scope, .bound_limit = UINT32_MAX, .error = error};
    const struct models choice = {0};
    struct place place = {.inside = scope->in_choice ? &choice : NULL};
    struct tp_xpath_node *tree;
    struct tp_xpath_expr *made;
    enum tp_xpath_type type;
    bool ok;

    if (strlen(source) > TP_FORM_EXPRESSION_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "longer than %u KiB", TP_FORM_EXPRESSION_MAX >> 10);
    tp_buf_init(&writer.out, REWRITTEN_MAX);
    ok = tp_xpath_parse(scope->scratch, source, &tree, error) &&
         write_value(&writer, tree, &place, &type);
    if (ok) {
        made = make(&writer, source, tree, type);
        if (made)
            *expr = made;
        else
            ok = tp_fail_memory(error);
    }
    tp_buf_finish(&writer.out);
    tp_free(writer.variables);
    tp_free(writer.others);
    tp_free(writer.numbers);
    tp_arena_reset(scope->scratch);
    return ok;
}
