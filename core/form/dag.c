/*
 * The order of recalculation: every calculation after all that it reads, found once at load.
 *
 * The graph is of model nodes, not of instances, so it is as large as the form is written. Cycles
 * are refused, each with its chain named.
 */

#include "base/mem.h"
#include "form/form_internal.h"

/* Besides the calculations: "all that must be known before a node can be read". */
#define READ ((unsigned)TP_CALC_ITEMSET + 1)
#define KINDS (READ + 1)

enum { WHITE, GREY, BLACK };

struct frame {
    uint32_t vertex; /* model * KINDS + kind */
    uint32_t next;   /* neighbour to look at */
};

struct sorter {
    struct tp_form *form;
    unsigned char *colour; /* owned */
    struct frame *stack;   /* owned; deep enough for all vertices */
    size_t depth;
    struct tp_error *error;
};

static struct tp_xpath_expr *expr_of(const struct tp_form *form, uint32_t model, unsigned kind)
{
    const struct tp_bind *bind = tp_form_bind(form, model);
    const struct tp_body *body = &form->body[form->body_of[model]];

    switch (kind) {
    case TP_CALC_RELEVANT:
        return bind->relevant;
    case TP_CALC_VALUE:
        return bind->calculate;
    case TP_CALC_READONLY:
        return bind->readonly;
    case TP_CALC_REQUIRED:
        return bind->required;
    case TP_CALC_COUNT:
        return form->body_of[model] ? body->count : NULL;
    case TP_CALC_ITEMSET:
        return form->body_of[model] && body->itemset ? body->itemset->nodes : NULL;
    default:
        return NULL;
    }
}

static bool exists(const struct tp_form *form, uint32_t model, unsigned kind)
{
    return kind == TP_CALC_RELEVANT || kind == READ || expr_of(form, model, kind) != NULL;
}

static uint32_t vertex(uint32_t model, unsigned kind)
{
    return model * (uint32_t)KINDS + kind;
}

/* ---- neighbours: what must come before ---- */

/* The index-th repeat at or above a node; 0: there are fewer. */
static uint32_t repeat_above(const struct tp_model *model, uint32_t node, uint32_t index)
{
    uint32_t repeat = model->nodes[node].repeat;

    while (repeat && index--)
        repeat = model->nodes[model->nodes[repeat].parent].repeat;
    return repeat;
}

/* The index-th neighbour of reading `model`; false past the last. *other 0: pass over. */
static bool neighbour_of_read(const struct tp_form *form, uint32_t model, uint32_t index,
                              uint32_t *other)
{
    uint32_t repeat;

    *other = 0;
    if (index == 0) {
        if (exists(form, model, TP_CALC_VALUE))
            *other = vertex(model, TP_CALC_VALUE);
        return true;
    }
    if (index == 1) {
        *other = vertex(model, TP_CALC_RELEVANT);
        return true;
    }
    repeat = repeat_above(&form->model, model, index - 2);
    if (repeat && exists(form, repeat, TP_CALC_COUNT))
        *other = vertex(repeat, TP_CALC_COUNT);
    return repeat != 0;
}

/* relevant="position(current()) > 2" of a repeat: its place among the others is no value of its. */
static bool is_own_place(const struct tp_form *form, uint32_t model, unsigned kind,
                         const struct tp_xpath_expr *expr, uint32_t read)
{
    return kind == TP_CALC_RELEVANT && read == model && form->model.nodes[model].is_repeat &&
           expr->uses_position;
}

static bool neighbour(const struct tp_form *form, uint32_t from, uint32_t index, uint32_t *other)
{
    uint32_t model = from / (uint32_t)KINDS;
    unsigned kind = from % KINDS;
    const struct tp_xpath_expr *expr;

    if (kind == READ)
        return neighbour_of_read(form, model, index, other);
    if (kind == TP_CALC_RELEVANT || kind == TP_CALC_VALUE) {
        uint32_t above = kind == TP_CALC_VALUE ? model : form->model.nodes[model].parent;

        if (index == 0) {
            *other = above ? vertex(above, TP_CALC_RELEVANT) : 0;
            return true;
        }
        index--;
    }
    expr = expr_of(form, model, kind);
    if (!expr || index >= expr->ref_count)
        return false;
    *other = expr->refs[index].model ? vertex(expr->refs[index].model, READ) : 0;
    if (is_own_place(form, model, kind, expr, expr->refs[index].model))
        *other = 0;
    return true;
}

/* ---- sorting ---- */

static const char *const kind_names[] = {
    [TP_CALC_RELEVANT] = "relevant", [TP_CALC_VALUE] = "calculate",   [TP_CALC_COUNT] = "count",
    [TP_CALC_READONLY] = "readonly", [TP_CALC_REQUIRED] = "required",
};

/* Where the author wrote what a vertex stands for; NULL: nowhere, it is inherited. */
static const xmlNode *written_at(const struct tp_form *form, uint32_t model, unsigned kind)
{
    if (kind == TP_CALC_COUNT || kind == TP_CALC_ITEMSET)
        return form->body_sources[form->body_of[model]];
    return kind != READ && expr_of(form, model, kind) ? tp_form_bind(form, model)->element : NULL;
}

/* "a cycle: calculate of /data/a reads /data/b, so calculate of /data/b reads /data/a": noted for
 * the author; false where the first problem ends it. */
static bool note_cycle(struct sorter *sorter, uint32_t again)
{
    struct tp_form *form = sorter->form;
    const xmlNode *place = NULL;
    size_t start = sorter->depth;
    bool read_last = false;
    struct tp_buf chain;
    char path[256];

    while (start && sorter->stack[start - 1].vertex != again)
        start--;
    start -= start > 0;
    tp_buf_init(&chain, 700);
    for (size_t i = start; i < sorter->depth; i++) {
        uint32_t model = sorter->stack[i].vertex / (uint32_t)KINDS;
        unsigned kind = sorter->stack[i].vertex % KINDS;
        const char *joint = i == start ? "" : kind == READ ? " reads " : ", so ";

        tp_model_path(&form->model, model, path, sizeof(path));
        if (kind == READ)
            (void)tp_buf_printf(&chain, "%s%s", joint, path);
        else
            (void)tp_buf_printf(&chain, "%s%s of %s", joint, kind_names[kind], path);
        if (!place)
            place = written_at(form, model, kind);
        read_last = kind == READ && model == again / (uint32_t)KINDS;
    }
    tp_model_path(&form->model, again / (uint32_t)KINDS, path, sizeof(path));
    (void)tp_form_fail(form, place, sorter->error, TP_ERR_INVALID,
                       read_last ? "a cycle: %s" : "a cycle: %s needs %s", tp_buf_text(&chain),
                       path);
    tp_buf_finish(&chain);
    return tp_form_note(form, sorter->error);
}

static void give_rank(struct sorter *sorter, uint32_t at)
{
    struct tp_form *form = sorter->form;
    uint32_t model = at / (uint32_t)KINDS;
    unsigned kind = at % KINDS;
    struct tp_dag *dag = &form->dag;

    if (kind == READ || !model)
        return;
    dag->order[dag->count] = (struct tp_calculation){
        .kind = (enum tp_calculation_kind)kind, .model = model, .expr = expr_of(form, model, kind)};
    dag->rank[model][kind] = dag->count++;
}

/* Whether the cycle that closes at `again` goes through the number of a repeat. */
static bool passes_count(struct sorter *sorter, uint32_t again)
{
    for (size_t i = sorter->depth; i-- > 0;) {
        if (sorter->stack[i].vertex % KINDS == TP_CALC_COUNT) {
            sorter->form->dag.circular[sorter->stack[i].vertex / (uint32_t)KINDS] = true;
            return true;
        }
        if (sorter->stack[i].vertex == again)
            break;
    }
    return false;
}

static bool visit(struct sorter *sorter, uint32_t first)
{
    if (sorter->colour[first] != WHITE)
        return true;
    sorter->depth = 0;
    sorter->stack[sorter->depth++] = (struct frame){.vertex = first};
    sorter->colour[first] = GREY;
    while (sorter->depth) {
        struct frame *top = &sorter->stack[sorter->depth - 1];
        uint32_t other;

        if (!neighbour(sorter->form, top->vertex, top->next++, &other)) {
            sorter->colour[top->vertex] = BLACK;
            give_rank(sorter, top->vertex);
            sorter->depth--;
        } else if (other && sorter->colour[other] == GREY) {
            /* how many repeats there are may depend on what is in them: the count then follows,
             * one round at a time (session_recalc.c) */
            if (!passes_count(sorter, other) && !note_cycle(sorter, other))
                return false;
        } else if (other && sorter->colour[other] == WHITE) {
            sorter->colour[other] = GREY;
            sorter->stack[sorter->depth++] = (struct frame){.vertex = other};
        }
    }
    return true;
}

static bool sort(struct sorter *sorter)
{
    struct tp_form *form = sorter->form;

    for (uint32_t model = 1; model < form->model.count; model++)
        for (unsigned kind = 0; kind < READ; kind++)
            if (exists(form, model, kind) && !visit(sorter, vertex(model, kind)))
                return false;
    return true;
}

/* ---- who reads what ---- */

static bool build_dependents(struct tp_form *form)
{
    struct tp_dag *dag = &form->dag;
    uint32_t *first;
    uint32_t total = 0;

    first = tp_arena_alloc(&form->arena, (size_t)form->model.count + 2, sizeof(*first));
    if (!first)
        return false;
    for (uint32_t i = 1; i < dag->count; i++)
        for (uint32_t r = 0; dag->order[i].expr && r < dag->order[i].expr->ref_count; r++)
            first[dag->order[i].expr->refs[r].model + 2]++;
    for (uint32_t i = 2; i < form->model.count + 2; i++) {
        total += first[i];
        first[i] = total;
    }
    dag->dependents = tp_arena_alloc(&form->arena, total, sizeof(*dag->dependents));
    if (!dag->dependents)
        return false;
    /* first[m + 1] runs from the start of m's part to its end, where m + 1's begins */
    for (uint32_t i = 1; i < dag->count; i++) {
        const struct tp_xpath_expr *expr = dag->order[i].expr;

        for (uint32_t r = 0; expr && r < expr->ref_count; r++)
            dag->dependents[first[expr->refs[r].model + 1]++] =
                (struct tp_dependent){.calculation = i, .bound = expr->refs[r].bound};
    }
    dag->first_dependent = first;
    return true;
}

bool tp_form_build_dag(struct tp_form *form, struct tp_error *error)
{
    struct sorter sorter = {.form = form, .error = error};
    size_t vertices = (size_t)form->model.count * KINDS;
    size_t calculations = 1;
    bool ok;

    for (uint32_t model = 1; model < form->model.count; model++)
        for (unsigned kind = 0; kind < READ; kind++)
            calculations += exists(form, model, kind);
    form->dag.order = tp_arena_alloc(&form->arena, calculations, sizeof(*form->dag.order));
    form->dag.rank = tp_arena_alloc(&form->arena, form->model.count, sizeof(*form->dag.rank));
    form->dag.circular = tp_arena_alloc(&form->arena, form->model.count, 1);
    form->dag.count = 1;
    sorter.colour = tp_calloc(vertices, 1);
    sorter.stack = tp_calloc(vertices, sizeof(*sorter.stack));
    if (!form->dag.order || !form->dag.rank || !form->dag.circular || !sorter.colour ||
        !sorter.stack)
        ok = tp_fail_memory(error);
    else
        ok = sort(&sorter) && (build_dependents(form) || tp_fail_memory(error));
    tp_free(sorter.colour);
    tp_free(sorter.stack);
    return ok;
}
