/*
 * Recalculation: a queue of what has to be calculated again, in the form's order.
 *
 * Because every calculation comes after all it reads, each is done at most once for an answer,
 * unless an action or a dropped choice changes something on the way.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"

/* Calculations one answer may cause: a form of the largest size, several times over. */
#define CALCULATIONS_MAX 20000000u

/* ---- the queue: a binary heap ---- */

static void push(struct tp_session *session, uint64_t key)
{
    size_t at = session->queue_count;

    if (at == session->queue_capacity) {
        size_t capacity = session->queue_capacity ? session->queue_capacity * 2 : 256;
        uint64_t *more = tp_realloc(session->queue, capacity, sizeof(*more));

        if (!more) {
            session->out_of_memory = true;
            return;
        }
        session->queue = more;
        session->queue_capacity = capacity;
    }
    session->queue_count++;
    while (at && session->queue[(at - 1) / 2] > key) {
        session->queue[at] = session->queue[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    session->queue[at] = key;
}

static uint64_t pop(struct tp_session *session)
{
    uint64_t *heap = session->queue;
    uint64_t first = heap[0];
    uint64_t last = heap[--session->queue_count];
    size_t count = session->queue_count;
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= count)
            break;
        if (child + 1 < count && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= last)
            break;
        heap[at] = heap[child];
        at = child;
    }
    if (count)
        heap[at] = last;
    return first;
}

/* ---- marking ---- */

static void mark(struct tp_session *session, uint32_t node, enum tp_calculation_kind kind)
{
    struct tp_inode *at = &session->nodes[node];
    uint32_t rank = session->form->dag.rank[at->model][kind];
    uint8_t bit = (uint8_t)(1u << kind);

    if (!rank || (at->dirty & bit))
        return;
    at->dirty |= bit;
    push(session, (uint64_t)rank << 32 | node);
}

static void mark_one(struct tp_session *session, uint32_t node, void *state)
{
    const enum tp_calculation_kind *kind = state;

    mark(session, node, *kind);
}

/* Marks every instance of a calculation that shares `bound` repeats with `repeat`. */
static void mark_calculation(struct tp_session *session, uint32_t rank, uint32_t bound,
                             uint32_t repeat)
{
    const struct tp_calculation *calculation = &session->form->dag.order[rank];
    const struct tp_model_node *model = &session->form->model.nodes[calculation->model];
    enum tp_calculation_kind kind = calculation->kind;
    bool ranges = kind == TP_CALC_COUNT;
    uint32_t depth = session->repeats[repeat].depth;
    uint32_t most = ranges ? model->repeats - 1u : model->repeats;

    if (bound > most)
        bound = most;
    if (bound > depth)
        bound = depth;
    /* whether a repeat is relevant is asked of its range, too */
    if (kind == TP_CALC_RELEVANT && model->is_repeat)
        tp_session_each(
            session,
            tp_repeat_at_depth(session, repeat, bound < model->repeats ? bound : bound - 1u),
            calculation->model, true, mark_one, &kind);
    tp_session_each(session, tp_repeat_at_depth(session, repeat, bound), calculation->model, ranges,
                    mark_one, &kind);
}

static void mark_dependents(struct tp_session *session, uint32_t model, uint32_t repeat)
{
    const struct tp_dag *dag = &session->form->dag;

    for (uint32_t i = dag->first_dependent[model]; i < dag->first_dependent[model + 1]; i++)
        mark_calculation(session, dag->dependents[i].calculation, dag->dependents[i].bound, repeat);
}

static void mark_readers(struct tp_session *session, uint32_t node)
{
    const struct tp_inode *at = &session->nodes[node];

    mark_dependents(session, at->model, at->instance);
}

static void mark_node(struct tp_session *session, uint32_t node, void *state)
{
    (void)state;
    for (unsigned kind = 0; kind <= TP_CALC_ITEMSET; kind++) {
        bool of_range = kind == TP_CALC_COUNT;

        if (kind == TP_CALC_RELEVANT || session->nodes[node].is_range == of_range)
            mark(session, node, (enum tp_calculation_kind)kind);
    }
}

void tp_recalc_mark_block(struct tp_session *session, uint32_t repeat)
{
    tp_session_each_within(session, repeat, mark_node, NULL);
}

void tp_recalc_mark_all(struct tp_session *session)
{
    tp_recalc_mark_block(session, 0);
}

/* An instance came or went: what reads anything of the repeat reads something else now, and what
 * asks for its place may stand elsewhere. */
void tp_recalc_mark_structure(struct tp_session *session, uint32_t range)
{
    const struct tp_dag *dag = &session->form->dag;
    uint32_t model = session->ranges[range].model;
    uint32_t parent = session->ranges[range].parent;
    uint32_t end = model + session->form->model.nodes[model].size;

    for (uint32_t m = model; m < end; m++)
        mark_dependents(session, m, parent);
    for (uint32_t rank = 1; rank < dag->count; rank++) {
        const struct tp_calculation *calculation = &dag->order[rank];

        if (calculation->expr && calculation->expr->uses_position && calculation->model >= model &&
            calculation->model < end)
            mark_calculation(session, rank, session->repeats[parent].depth, parent);
    }
    session->structure++;
}

/* ---- calculating ---- */

static void mark_below(struct tp_session *session, uint32_t node)
{
    const struct tp_model *shape = &session->form->model;
    uint32_t repeat = session->nodes[node].instance;

    for (uint32_t child = shape->nodes[session->nodes[node].model].first; child;
         child = shape->nodes[child].next) {
        uint32_t below = tp_node_in(session, repeat, child);
        const struct tp_inode *at = &session->nodes[below];

        if (!at->model)
            continue;
        mark(session, below, TP_CALC_RELEVANT);
        for (uint32_t i = 0; at->is_range && i < session->ranges[at->range].count; i++)
            mark(session, session->repeats[session->ranges[at->range].instances[i]].base,
                 TP_CALC_RELEVANT);
    }
}

static void calculate_relevant(struct tp_session *session, uint32_t node,
                               struct tp_xpath_expr *expr)
{
    uint32_t parent = tp_node_parent(session, node);
    bool own = !expr || tp_session_boolean(session, expr, node);
    bool relevant = own && (!parent || session->nodes[parent].relevant);
    struct tp_inode *at = &session->nodes[node];

    at->relevant_own = own;
    if (relevant == at->relevant)
        return;
    at->relevant = relevant;
    session->structure++;
    if (!at->is_range)
        mark_below(session, node);
    if (relevant && !at->is_range)
        mark(session, node, TP_CALC_VALUE);
    mark_readers(session, node);
}

static void calculate_value(struct tp_session *session, uint32_t node, struct tp_xpath_expr *expr)
{
    struct tp_buf text;

    tp_buf_init(&text, TP_ANSWER_MAX);
    tp_session_text_of(session, expr, node, &text);
    /* NaN is what is calculated of questions not yet answered */
    if (tp_buf_ok(&text) && !strcmp(tp_buf_text(&text), "NaN"))
        tp_buf_reset(&text);
    if (tp_buf_ok(&text))
        tp_session_give(session, node, tp_buf_text(&text));
    tp_buf_finish(&text);
}

static double wanted_count(struct tp_session *session, uint32_t node, struct tp_xpath_expr *expr)
{
    xmlXPathObjectPtr value = tp_session_eval(session, expr, node);
    double wanted = value ? tp_xpath_to_number(&session->env, value) : 0;

    xmlXPathFreeObject(value);
    return wanted > TP_REPEAT_MAX ? TP_REPEAT_MAX : trunc(wanted);
}

/* Makes or puts aside instances until there are as many as the count says. */
static void calculate_count(struct tp_session *session, uint32_t node, struct tp_xpath_expr *expr)
{
    uint32_t range = session->nodes[node].range;
    bool circular = session->form->dag.circular[session->nodes[node].model];
    double number;
    uint32_t wanted;
    bool changed = false;

    /* a count that depends on what it counts grows by one for an answer, or "one more than there
     * are" would never end */
    if (circular && session->ranges[range].run == session->run)
        return;
    number = wanted_count(session, node, expr);
    wanted = number >= 1 ? (uint32_t)number : 0;
    if (circular && wanted > session->ranges[range].count) {
        wanted = session->ranges[range].count + 1;
        session->ranges[range].run = session->run;
    }
    while (session->ranges[range].count > wanted) {
        tp_session_shrink(session, range, session->ranges[range].count - 1, true);
        changed = true;
    }
    while (session->ranges[range].count < wanted) {
        bool parked = session->ranges[range].parked > 0;
        uint32_t repeat = tp_session_grow(session, range, true, NULL);

        if (!repeat)
            break;
        changed = true;
        if (!parked) {
            session->counting++;
            tp_session_preload(session, repeat);
            tp_session_dispatch(session, TP_EVENT_NEW_REPEAT, repeat);
            session->counting--;
        }
        tp_recalc_mark_block(session, repeat);
    }
    if (changed)
        tp_recalc_mark_structure(session, range);
}

static void calculate(struct tp_session *session, uint32_t rank, uint32_t node)
{
    const struct tp_calculation *calculation = &session->form->dag.order[rank];
    struct tp_inode *at = &session->nodes[node];

    at->dirty &= (uint8_t) ~(1u << calculation->kind);
    if (!at->model || at->gone)
        return;
    switch (calculation->kind) {
    case TP_CALC_RELEVANT:
        calculate_relevant(session, node, calculation->expr);
        break;
    case TP_CALC_VALUE:
        calculate_value(session, node, calculation->expr);
        break;
    case TP_CALC_COUNT:
        calculate_count(session, node, calculation->expr);
        break;
    case TP_CALC_READONLY:
        at->readonly = tp_session_boolean(session, calculation->expr, node);
        break;
    case TP_CALC_REQUIRED:
        at->required = tp_session_boolean(session, calculation->expr, node);
        break;
    case TP_CALC_ITEMSET:
        (void)tp_session_offer_choices(session, node);
        break;
    }
}

static bool note_changed(struct tp_session *session, uint32_t node)
{
    if (!session->form->changed_actions[session->nodes[node].model])
        return true;
    if (session->changed_count == session->changed_capacity) {
        size_t capacity = session->changed_capacity ? session->changed_capacity * 2 : 16;
        uint32_t *more = tp_realloc(session->changed, capacity, sizeof(*more));

        if (!more)
            return false;
        session->changed = more;
        session->changed_capacity = capacity;
    }
    session->changed[session->changed_count++] = node;
    return true;
}

void tp_recalc_settle(struct tp_session *session, size_t first)
{
    size_t acted = first;

    for (;;) {
        while (session->queue_count && session->calculations++ < CALCULATIONS_MAX) {
            uint64_t key = pop(session);

            calculate(session, (uint32_t)(key >> 32), (uint32_t)key);
        }
        if (acted >= session->changed_count)
            break;
        tp_session_value_changed(session, session->changed[acted++]);
    }
    session->changed_count = first;
}

void tp_recalc_run(struct tp_session *session)
{
    session->run++;
    session->calculations = 0;
    tp_recalc_settle(session, 0);
    session->queue_count = 0;
}

/* ---- storing ---- */

/* That of the bind; of choices, words, where the bind says no more than that it is text. */
static enum tp_type stored_type(const struct tp_session *session, uint32_t node)
{
    enum tp_type type = tp_node_bind(session, node)->type;

    return type == TP_TYPE_STRING ? tp_node_type(session, node) : type;
}

bool tp_session_store(struct tp_session *session, uint32_t node, const char *value)
{
    struct tp_buf text;
    bool changed;

    if (!tp_node_holds_value(session, node))
        return false;
    tp_buf_init(&text, TP_ANSWER_MAX + 64);
    (void)tp_value_canonical(stored_type(session, node), value, session, &text);
    if (!tp_buf_ok(&text)) {
        session->out_of_memory = true;
        tp_buf_finish(&text);
        return false;
    }
    changed = strcmp(tp_buf_text(&text), tp_node_value(session, node)) != 0;
    if (changed && !tp_node_set_value(session, node, tp_buf_text(&text))) {
        session->out_of_memory = true;
        changed = false;
    }
    tp_buf_finish(&text);
    if (!changed)
        return false;
    session->revision++;
    mark_readers(session, node);
    if (!note_changed(session, node))
        session->out_of_memory = true;
    return true;
}

void tp_session_give(struct tp_session *session, uint32_t node, const char *value)
{
    tp_session_drop_aside(session, node);
    if (tp_session_store(session, node, value))
        mark(session, node, TP_CALC_ITEMSET);
}
