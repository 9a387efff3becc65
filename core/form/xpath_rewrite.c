/* From an expression's tree to what libxml2 evaluates, and to what it depends on. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/form.h"
#include "form/xpath_value.h"
#include "form/xpath_writer.h"

/* Rewriting makes an expression longer, by a name and brackets for each operator. */
#define REWRITTEN_MAX ((size_t)TP_FORM_EXPRESSION_MAX * 24)
/* Brackets within each other in what is written. libxml2 takes some ten steps for each of its own,
 * of which there may be two for one of ours, and stops at 5,000. */
#define DEPTH_MAX 200u
/* Digits that libxml2 reads as exactly as anyone. */
#define PLAIN_DIGITS_MAX 15u

bool tp_write_value(struct tp_writer *writer, const struct tp_xpath_node *node,
                    const struct tp_place *place, enum tp_xpath_type *type)
{
    return tp_write_any(writer, node, place, type, NULL);
}

bool tp_write_put(struct tp_writer *writer, const char *text)
{
    if (tp_buf_puts(&writer->out, text))
        return true;
    return tp_fail(writer->error, TP_ERR_LIMIT, "the expression is too long");
}

bool tp_write_bytes(struct tp_writer *writer, const char *bytes, size_t count)
{
    if (tp_buf_add(&writer->out, bytes, count))
        return true;
    return tp_fail(writer->error, TP_ERR_LIMIT, "the expression is too long");
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

/* An operand of "and" or "or": libxml2's own, which leaves out what need not be evaluated, but
 * with ODK's idea of what is true. */
static bool write_truth(struct tp_writer *writer, const struct tp_xpath_node *node,
                        const struct tp_place *place)
{
    size_t start = writer->out.length;
    enum tp_xpath_type type;
    char *inside;
    bool ok;

    if (!tp_write_value(writer, node, place, &type))
        return false;
    if (type == TP_XPATH_TYPE_BOOLEAN)
        return true;
    inside = tp_strdup(tp_buf_text(&writer->out) + start);
    if (!inside)
        return tp_fail_memory(writer->error);
    writer->out.length = start;
    ok =
        tp_write_put(writer, "_bool(") && tp_write_put(writer, inside) && tp_write_put(writer, ")");
    tp_free(inside);
    return ok;
}

/* The operands of a row of operators (a + b - c), first one first. `other` is an operator that may
 * stand in the same row. */
struct row {
    const struct tp_xpath_node **operand; /* in scratch */
    uint8_t *kind;                        /* of the operator before each; of the first, none */
    uint32_t count;
};

static bool collect_row(struct tp_writer *writer, const struct tp_xpath_node *node, int other,
                        struct row *row)
{
    const struct tp_xpath_node *left = node;
    uint32_t count = 1;

    for (; left->kind == node->kind || left->kind == other; left = left->first)
        count++;
    row->count = count;
    row->operand = tp_arena_alloc(writer->scope->scratch, count, sizeof(*row->operand));
    row->kind = tp_arena_alloc(writer->scope->scratch, count, 1);
    if (!row->operand || !row->kind)
        return tp_fail_memory(writer->error);
    for (left = node; count > 1; left = left->first) {
        row->operand[--count] = left->first->next;
        row->kind[count] = left->kind;
    }
    row->operand[0] = left;
    return true;
}

static bool write_logic(struct tp_writer *writer, const struct tp_xpath_node *node,
                        const struct tp_place *place, enum tp_xpath_type *type)
{
    struct row row;

    *type = TP_XPATH_TYPE_BOOLEAN;
    if (!collect_row(writer, node, node->kind, &row) || !tp_write_put(writer, "("))
        return false;
    for (uint32_t i = 0; i < row.count; i++)
        if ((i && !tp_write_put(writer, node->kind == TP_XPATH_AND ? " and " : " or ")) ||
            !write_truth(writer, row.operand[i], place))
            return false;
    return tp_write_put(writer, ")");
}

/* _add(a, b, _neg(c)) for a + b - c, in parts of as many arguments as a call may have. */
static bool write_row(struct tp_writer *writer, const struct tp_xpath_node *node,
                      const struct tp_place *place, int other, const char *function)
{
    const uint32_t part = TP_XPATH_ARGS_MAX - 1;
    struct row row;
    enum tp_xpath_type type;

    if (!collect_row(writer, node, other, &row))
        return false;
    for (uint32_t i = row.count; i > 1; i = i > part ? i - part : 0)
        if (!tp_write_put(writer, function) || !tp_write_put(writer, "("))
            return false;
    for (uint32_t i = 0; i < row.count; i++) {
        bool minus = row.kind[i] == TP_XPATH_SUB;

        /* a part that is full closes, and is the first argument of the next */
        if (i && (row.count - i) % part == 0 && i > 1 && !tp_write_put(writer, ")"))
            return false;
        if ((i && !tp_write_put(writer, ",")) || (minus && !tp_write_put(writer, "_neg(")) ||
            !tp_write_value(writer, row.operand[i], place, &type) ||
            (minus && !tp_write_put(writer, ")")))
            return false;
    }
    return tp_write_put(writer, ")");
}

static bool write_operator(struct tp_writer *writer, const struct tp_xpath_node *node,
                           const struct tp_place *place, enum tp_xpath_type *type)
{
    enum tp_xpath_type operand;

    *type = operators[node->kind].type;
    if (node->kind == TP_XPATH_ADD || node->kind == TP_XPATH_SUB)
        return write_row(writer, node, place,
                         node->kind == TP_XPATH_ADD ? TP_XPATH_SUB : TP_XPATH_ADD, "_add");
    if (node->kind == TP_XPATH_MUL)
        return write_row(writer, node, place, TP_XPATH_MUL, "_mul");
    if (!tp_write_put(writer, operators[node->kind].function) || !tp_write_put(writer, "("))
        return false;
    for (const struct tp_xpath_node *p = node->first; p; p = p->next)
        if ((p != node->first && !tp_write_put(writer, ",")) ||
            !tp_write_value(writer, p, place, &operand))
            return false;
    return tp_write_put(writer, ")");
}

bool tp_write_nodes(struct tp_writer *writer, const struct tp_xpath_node *node,
                    const struct tp_place *place, enum tp_xpath_type *type,
                    struct tp_models *models)
{
    return tp_write_put(writer, tp_xpath_is_call(node, "randomize") ? "_nodes(" : "(") &&
           tp_write_any(writer, node, place, type, models) && tp_write_put(writer, ")");
}

static bool write_union(struct tp_writer *writer, const struct tp_xpath_node *node,
                        const struct tp_place *place, enum tp_xpath_type *type,
                        struct tp_models *models)
{
    struct tp_models other = {0};
    enum tp_xpath_type left;
    enum tp_xpath_type right;

    *type = TP_XPATH_TYPE_NODESET;
    if (!tp_write_put(writer, "(") || !tp_write_nodes(writer, node->first, place, &left, models) ||
        !tp_write_put(writer, " | ") ||
        !tp_write_nodes(writer, node->first->next, place, &right, &other) ||
        !tp_write_put(writer, ")"))
        return false;
    if (left != TP_XPATH_TYPE_NODESET || right != TP_XPATH_TYPE_NODESET)
        return tp_fail(writer->error, TP_ERR_INVALID, "'|' joins paths, not values");
    for (uint32_t i = 0; i < other.count; i++)
        if (!tp_models_add(writer, models, other.node[i]))
            return false;
    models->known = models->known && other.known;
    return true;
}

static bool write_filter(struct tp_writer *writer, const struct tp_xpath_node *node,
                         const struct tp_place *place, enum tp_xpath_type *type,
                         struct tp_models *models)
{
    if (!tp_write_nodes(writer, node->first, place, type, models))
        return false;
    if (*type != TP_XPATH_TYPE_NODESET && *type != TP_XPATH_TYPE_ANY)
        return tp_fail(writer->error, TP_ERR_INVALID, "a predicate follows a value, not a path");
    *type = TP_XPATH_TYPE_NODESET;
    return tp_write_predicates(writer, node->first->next, models);
}

static bool write_number(struct tp_writer *writer, const struct tp_xpath_node *node)
{
    char text[TP_NUMBER_TEXT_MAX];
    bool plain = node->length <= PLAIN_DIGITS_MAX && !memchr(node->text, '.', node->length);
    double *more;

    if (plain)
        return tp_write_bytes(writer, node->text, node->length);
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
    return tp_buf_printf(&writer->out, "$c%u", writer->number_count++) || tp_write_put(writer, "");
}

static bool write_kind(struct tp_writer *writer, const struct tp_xpath_node *node,
                       const struct tp_place *place, enum tp_xpath_type *type,
                       struct tp_models *models)
{
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
        return tp_write_bytes(writer, node->text - 1, (size_t)node->length + 2);
    case TP_XPATH_CALL:
        return tp_write_call(writer, node, place, type, models);
    case TP_XPATH_FILTER:
        return write_filter(writer, node, place, type, models);
    case TP_XPATH_PATH:
        *type = TP_XPATH_TYPE_NODESET;
        return tp_write_path(writer, node, place, models);
    case TP_XPATH_STEP:
        return tp_fail(writer->error, TP_ERR_INVALID, "a step on its own");
    default:
        return write_operator(writer, node, place, type);
    }
}

bool tp_write_any(struct tp_writer *writer, const struct tp_xpath_node *node,
                  const struct tp_place *place, enum tp_xpath_type *type, struct tp_models *models)
{
    struct tp_models ignored = {0};
    bool ok;

    if (!models)
        models = &ignored;
    *models = (struct tp_models){0};
    if (writer->depth == DEPTH_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT, "nested more than %u deep", DEPTH_MAX);
    writer->depth++;
    ok = write_kind(writer, node, place, type, models);
    writer->depth--;
    return ok;
}

/* ---- the whole ---- */

static bool keep_refs(struct tp_writer *writer, struct tp_xpath_expr *expr)
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

static struct tp_xpath_expr *make(struct tp_writer *writer, const char *source,
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
    if (tp_xpath_is_call(tree, "true"))
        expr->constant = TP_XPATH_TRUE;
    else if (tp_xpath_is_call(tree, "false"))
        expr->constant = TP_XPATH_FALSE;
    return expr;
}

bool tp_xpath_compile(const struct tp_xpath_scope *scope, const char *source,
                      struct tp_xpath_expr **expr, struct tp_error *error)
{
    struct tp_writer writer = {.scope = scope, .bound_limit = UINT32_MAX, .error = error};
    const struct tp_models choice = {0};
    struct tp_place place = {.inside = scope->in_choice ? &choice : NULL};
    struct tp_xpath_node *tree = NULL;
    struct tp_xpath_expr *made;
    enum tp_xpath_type type = TP_XPATH_TYPE_ANY;
    bool ok;

    if (strlen(source) > TP_FORM_EXPRESSION_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "longer than %u KiB", TP_FORM_EXPRESSION_MAX >> 10);
    tp_buf_init(&writer.out, REWRITTEN_MAX);
    ok = tp_xpath_parse(scope->scratch, source, &tree, error) &&
         tp_write_value(&writer, tree, &place, &type);
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
