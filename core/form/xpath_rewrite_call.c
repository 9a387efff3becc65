/* Function calls: the name, the number of arguments, and what is special about some. */

#include "form/xpath_functions.h"
#include "form/xpath_value.h"
#include "form/xpath_writer.h"

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
static bool write_indexed(struct tp_writer *writer, const struct tp_xpath_node *call,
                          const struct tp_place *place, uint32_t limit,
                          enum tp_xpath_type *first_type)
{
    uint32_t own = writer->bound_limit;
    enum tp_xpath_type type;
    int index = 0;

    for (const struct tp_xpath_node *p = call->first; p; p = p->next, index++) {
        bool path = !index || index % 2;
        bool ok;

        writer->bound_limit = path ? limit : own;
        ok = (!index || tp_write_put(writer, ",")) &&
             tp_write_value(writer, p, place, index ? &type : first_type);
        writer->bound_limit = own;
        if (!ok)
            return false;
    }
    return true;
}

static bool write_arguments(struct tp_writer *writer, const struct tp_xpath_node *first,
                            const struct tp_place *place, enum tp_xpath_type *first_type,
                            struct tp_models *first_models)
{
    enum tp_xpath_type type;

    for (const struct tp_xpath_node *p = first; p; p = p->next) {
        bool leading = p == first;

        if ((!leading && !tp_write_put(writer, ",")) ||
            !tp_write_any(writer, p, place, leading ? first_type : &type,
                          leading ? first_models : NULL))
            return false;
    }
    return true;
}

static bool refuse_count(struct tp_writer *writer, const struct tp_xpath_function *function,
                         int count)
{
    const char *many = function->min == 1 ? "" : "s";

    if (function->max == function->min)
        return tp_fail(writer->error, TP_ERR_INVALID, "%s() takes %d argument%s, not %d",
                       function->name, function->min, many, count);
    if (function->max < 0)
        return tp_fail(writer->error, TP_ERR_INVALID, "%s() takes at least %d argument%s, not %d",
                       function->name, function->min, many, count);
    return tp_fail(writer->error, TP_ERR_INVALID, "%s() takes %d to %d arguments, not %d",
                   function->name, function->min, function->max, count);
}

static bool check_count(struct tp_writer *writer, const struct tp_xpath_function *function,
                        const struct tp_xpath_node *call)
{
    int count = count_children(call);

    if (count > TP_XPATH_ARGS_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "%s() has more than %d arguments",
                       function->name, TP_XPATH_ARGS_MAX);
    if (count < function->min || (function->max >= 0 && count > function->max))
        return refuse_count(writer, function, count);
    if ((function->flags & TP_FN_PAIRS) && count % 2 == 0)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "%s() takes a path, then pairs of a repeat and its number", function->name);
    if ((function->flags & TP_FN_EVEN) && count % 2)
        return tp_fail(writer->error, TP_ERR_INVALID,
                       "%s() takes a least, a most, then pairs of a value and its weight",
                       function->name);
    return true;
}

static bool refuse_unknown(struct tp_writer *writer, const struct tp_xpath_node *call)
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
static bool write_wrong_call(struct tp_writer *writer, const struct tp_xpath_node *call,
                             const struct tp_place *place, enum tp_xpath_type *type)
{
    enum tp_xpath_type first;

    *type = TP_XPATH_TYPE_ANY;
    return tp_write_put(writer, "_unknown('") && tp_write_bytes(writer, call->text, call->length) &&
           tp_write_put(writer, call->first ? "'," : "'") &&
           write_arguments(writer, call->first, place, &first, NULL) && tp_write_put(writer, ")");
}

/* The model node that a path in a form leads to, whatever its predicates; 0: none. */
static uint32_t end_of_path(const struct tp_writer *writer, const struct tp_xpath_node *path)
{
    struct tp_walk walk = {.node = writer->scope->context, .highest = writer->scope->context};

    if (path->kind != TP_XPATH_PATH)
        return 0;
    if (path->start == TP_XPATH_ROOT)
        walk = (struct tp_walk){.absolute = true};
    (void)tp_walk_steps(writer->scope->model, &walk, path->first);
    return walk.nowhere ? 0 : walk.node;
}

/* The limit that leaves a repeat, and what is in it, unbound. */
static uint32_t limit_outside(const struct tp_writer *writer, uint32_t repeat, uint32_t limit)
{
    uint32_t depth = writer->scope->model->nodes[repeat].repeats;

    return repeat && depth && depth - 1u < limit ? depth - 1u : limit;
}

/* The outermost repeat that indexed-repeat() names decides how far its paths stay bound. */
static uint32_t limit_of_indexed(const struct tp_writer *writer, const struct tp_xpath_node *call)
{
    uint32_t limit = writer->bound_limit;

    if (!writer->scope->model)
        return limit;
    for (const struct tp_xpath_node *p = call->first->next; p; p = p->next ? p->next->next : NULL)
        limit = limit_outside(writer, end_of_path(writer, p), limit);
    return limit;
}

/* Whether a path ends on its way up, as ".." does, and so at one node. */
static bool ends_upwards(const struct tp_xpath_node *path)
{
    const struct tp_xpath_node *last = path->first;

    while (last && last->next)
        last = last->next;
    return last && (last->axis == TP_AXIS_PARENT || last->axis == TP_AXIS_SELF);
}

/* count() of a repeat counts all its instances, also from within one. */
static uint32_t limit_of_count(const struct tp_writer *writer, const struct tp_xpath_node *call)
{
    uint32_t end = writer->scope->model ? end_of_path(writer, call->first) : 0;

    if (!end || !writer->scope->model->nodes[end].is_repeat || ends_upwards(call->first))
        return writer->bound_limit;
    return limit_outside(writer, end, writer->bound_limit);
}

bool tp_write_call(struct tp_writer *writer, const struct tp_xpath_node *call,
                   const struct tp_place *place, enum tp_xpath_type *type, struct tp_models *models)
{
    const struct tp_xpath_function *function = tp_xpath_function_find(call->text, call->length);
    enum tp_xpath_type first = TP_XPATH_TYPE_ANY;
    struct tp_models first_models = {0};
    uint32_t own = writer->bound_limit;
    bool ok;

    if (!function)
        (void)refuse_unknown(writer, call);
    if (!function || !check_count(writer, function, call))
        return writer->scope->lenient && write_wrong_call(writer, call, place, type);
    *type = function->type;
    if (writer->scope->model && tp_xpath_is_call(call, "current")) {
        struct tp_walk walk = {.node = writer->scope->context, .highest = writer->scope->context};

        return tp_write_form_path(writer, NULL, &walk, models);
    }
    writer->changes_by_itself |= (function->flags & TP_FN_CHANGES) != 0;
    writer->uses_position |= (function->flags & TP_FN_POSITION) != 0 && !place->inside;
    ok = tp_write_put(writer, function->inner ? function->inner : function->name) &&
         tp_write_put(writer, "(");
    if (tp_xpath_is_call(call, "count"))
        writer->bound_limit = limit_of_count(writer, call);
    if (ok && tp_xpath_is_call(call, "indexed-repeat"))
        ok = write_indexed(writer, call, place, limit_of_indexed(writer, call), &first);
    else if (ok)
        ok = write_arguments(writer, call->first, place, &first, &first_models);
    writer->bound_limit = own;
    if (!ok || !tp_write_put(writer, ")"))
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
