/* Answering: what a person may give, and what becomes of it. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"

/* ---- what may be given ---- */

static bool refuse(struct tp_error *error, const char *what)
{
    return tp_fail(error, TP_ERR_INVALID, "%s", what);
}

/* A person is held to whole numbers, where a calculation is cut to one. */
static bool is_whole(const char *value)
{
    value += strspn(value, " ");
    value += *value == '-' || *value == '+';
    return isdigit((unsigned char)*value) && strspn(value, "0123456789 ") == strlen(value);
}

static bool fits_type(const struct tp_session *session, enum tp_type type, const char *value,
                      struct tp_error *error)
{
    struct tp_buf out;
    bool fits;

    tp_buf_init(&out, TP_ANSWER_MAX + 64);
    fits = tp_value_canonical(type, value, session, &out);
    tp_buf_finish(&out);
    if (type == TP_TYPE_INTEGER)
        fits = fits && is_whole(value);
    if (fits)
        return true;
    switch (type) {
    case TP_TYPE_INTEGER:
        return refuse(error, "not a whole number");
    case TP_TYPE_DECIMAL:
        return refuse(error, "not a number");
    case TP_TYPE_DATE:
        return refuse(error, "not a date");
    case TP_TYPE_TIME:
        return refuse(error, "not a time");
    case TP_TYPE_DATETIME:
        return refuse(error, "not a date and time");
    case TP_TYPE_BOOLEAN:
        return refuse(error, "not true or false");
    default:
        return refuse(error, "not of the question's type");
    }
}

static bool in_range(const struct tp_body *body, const char *value, struct tp_error *error)
{
    double number = strtod(value, NULL);
    double start = body->range_start ? strtod(body->range_start, NULL) : number;
    double end = body->range_end ? strtod(body->range_end, NULL) : number;
    double step = body->range_step ? fabs(strtod(body->range_step, NULL)) : 0;
    double steps;

    if (number < fmin(start, end) || number > fmax(start, end))
        return refuse(error, "outside the range");
    steps = step > 0 ? (number - start) / step : 0;
    return fabs(steps - round(steps)) < 1e-6 || refuse(error, "between the steps of the range");
}

/* Each word must be on offer. */
static bool on_offer(struct tp_session *session, uint32_t node, const char *value, bool one,
                     struct tp_error *error)
{
    char word[1024];

    for (;;) {
        size_t length;

        value += strspn(value, " ");
        length = one ? strlen(value) : strcspn(value, " ");
        if (!length)
            return true;
        if (length >= sizeof(word))
            return refuse(error, "not one of the choices");
        memcpy(word, value, length);
        word[length] = '\0';
        if (tp_session_choice_find(session, node, word) < 0)
            return refuse(error, "not one of the choices");
        value += length;
    }
}

static bool may_answer(const struct tp_session *session, uint32_t node, struct tp_error *error)
{
    const struct tp_body *body;

    if (!tp_node_exists(session, node))
        return tp_fail(error, TP_ERR_MISUSE, "there is no such question");
    body = tp_node_body(session, node);
    if (!body || body->kind != TP_BODY_QUESTION || !tp_node_holds_value(session, node))
        return tp_fail(error, TP_ERR_MISUSE, "'%s' is no question",
                       tp_model_of(session, node)->name);
    if (tp_node_readonly(session, node))
        return tp_fail(error, TP_ERR_MISUSE, "'%s' is read-only", tp_model_of(session, node)->name);
    if (!session->nodes[node].relevant)
        return tp_fail(error, TP_ERR_MISUSE, "'%s' is not asked", tp_model_of(session, node)->name);
    return true;
}

static bool fits(struct tp_session *session, uint32_t node, const char *value,
                 struct tp_error *error)
{
    const struct tp_body *body = tp_node_body(session, node);

    if (strlen(value) > TP_ANSWER_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "longer than %u KiB", TP_ANSWER_MAX >> 10);
    switch (body->control) {
    case TP_CONTROL_SELECT_ONE:
        return on_offer(session, node, value, true, error);
    case TP_CONTROL_SELECT_MULTIPLE:
    case TP_CONTROL_RANK:
        return on_offer(session, node, value, false, error);
    case TP_CONTROL_RANGE:
        return fits_type(session, TP_TYPE_DECIMAL, value, error) && in_range(body, value, error);
    case TP_CONTROL_TRIGGER:
        return !strcmp(value, "OK") || refuse(error, "only OK or nothing");
    default:
        return fits_type(session, tp_node_bind(session, node)->type, value, error);
    }
}

/* ---- giving ---- */

static bool finish_change(struct tp_session *session, struct tp_error *error)
{
    bool failed = session->out_of_memory;

    session->revision++;
    session->actions_run = 0;
    session->out_of_memory = false;
    return !failed || tp_fail_memory(error);
}

/* Several choices are kept in the order they are shown in. */
static void store_answer(struct tp_session *session, uint32_t node, const char *value)
{
    struct tp_buf ordered;

    if (tp_node_body(session, node)->control != TP_CONTROL_SELECT_MULTIPLE) {
        (void)tp_session_store(session, node, value);
        return;
    }
    tp_buf_init(&ordered, TP_ANSWER_MAX);
    tp_session_in_order(session, node, value, &ordered);
    if (tp_buf_ok(&ordered))
        (void)tp_session_store(session, node, tp_buf_text(&ordered));
    tp_buf_finish(&ordered);
}

bool tp_session_set(struct tp_session *session, tp_node node, const char *value,
                    struct tp_error *error)
{
    char *own;
    bool ok;

    if (!may_answer(session, node, error))
        return false;
    if (!value)
        value = "";
    if (*value && !fits(session, node, value, error))
        return false;
    /* the value may be a text the session itself handed out */
    own = tp_strdup(value);
    if (!own)
        return tp_fail_memory(error);
    session->nodes[node].answered = *own != '\0';
    session->touched = true;
    tp_session_drop_aside(session, node);
    store_answer(session, node, own);
    tp_recalc_run(session);
    ok = finish_change(session, error);
    tp_free_secret(own);
    return ok;
}

bool tp_session_clear(struct tp_session *session, tp_node node, struct tp_error *error)
{
    return tp_session_set(session, node, "", error);
}

/* ---- choices ---- */

static bool is_exclusive(struct tp_session *session, uint32_t node, const char *value)
{
    long index = tp_session_choice_find(session, node, value);
    struct tp_choice choice;

    return index >= 0 && tp_session_choice(session, node, (size_t)index, &choice) &&
           choice.exclusive;
}

/* A rank without `value`, in its order. */
static void put_other_ranks(struct tp_session *session, uint32_t node, const char *value,
                            struct tp_buf *out)
{
    const char *ranked = tp_node_value(session, node);

    while (*ranked) {
        size_t length = strcspn(ranked, " ");

        if (length != strlen(value) || strncmp(ranked, value, length) != 0) {
            if (out->length)
                (void)tp_buf_putc(out, ' ');
            (void)tp_buf_add(out, ranked, length);
        }
        ranked += length;
        ranked += strspn(ranked, " ");
    }
}

/* What is chosen after a touch of `value`, in the order the choices are shown. */
static void put_chosen(struct tp_session *session, uint32_t node, const char *value, bool adding,
                       struct tp_buf *out)
{
    bool alone = adding && is_exclusive(session, node, value);
    size_t count = tp_session_choice_count(session, node);

    for (size_t i = 0; i < count; i++) {
        struct tp_choice choice;
        bool touched;

        if (!tp_session_choice(session, node, i, &choice))
            continue;
        touched = !strcmp(choice.value, value);
        if (touched ? !adding : !choice.chosen || alone || (adding && choice.exclusive))
            continue;
        if (out->length)
            (void)tp_buf_putc(out, ' ');
        (void)tp_buf_puts(out, choice.value);
    }
}

static bool set_from(struct tp_session *session, uint32_t node, struct tp_buf *value,
                     struct tp_error *error)
{
    bool ok = tp_buf_ok(value) ? tp_session_set(session, node, tp_buf_text(value), error)
                               : tp_fail(error, TP_ERR_LIMIT, "too much chosen");

    tp_buf_finish(value);
    return ok;
}

bool tp_session_toggle_choice(struct tp_session *session, tp_node node, const char *value,
                              struct tp_error *error)
{
    enum tp_control control;
    struct tp_buf next;
    bool chosen;

    if (!may_answer(session, node, error))
        return false;
    control = tp_node_body(session, node)->control;
    if (control == TP_CONTROL_SELECT_ONE)
        return tp_session_set(session, node,
                              strcmp(tp_node_value(session, node), value) ? value : "", error);
    if (control != TP_CONTROL_SELECT_MULTIPLE && control != TP_CONTROL_RANK)
        return tp_fail(error, TP_ERR_MISUSE, "'%s' has no choices",
                       tp_model_of(session, node)->name);
    if (tp_session_choice_find(session, node, value) < 0)
        return refuse(error, "not one of the choices");
    chosen = tp_appearance_has(tp_node_value(session, node), value);
    tp_buf_init(&next, TP_ANSWER_MAX);
    if (control == TP_CONTROL_RANK) {
        put_other_ranks(session, node, value, &next);
        if (!chosen)
            (void)tp_buf_printf(&next, "%s%s", next.length ? " " : "", value);
    } else {
        put_chosen(session, node, value, !chosen, &next);
    }
    return set_from(session, node, &next, error);
}

bool tp_session_rank_move(struct tp_session *session, tp_node node, const char *value, int by,
                          struct tp_error *error)
{
    const char *ranked;
    const char *at;
    const char *other;
    size_t length = strlen(value);
    struct tp_buf next;

    if (!may_answer(session, node, error))
        return false;
    ranked = tp_node_value(session, node);
    if (tp_node_body(session, node)->control != TP_CONTROL_RANK ||
        !tp_appearance_has(ranked, value))
        return tp_fail(error, TP_ERR_MISUSE, "'%.100s' is not ranked", value);
    for (at = strstr(ranked, value);
         (at != ranked && at[-1] != ' ') || (at[length] != ' ' && at[length]);
         at = strstr(at + 1, value))
        ;
    tp_buf_init(&next, TP_ANSWER_MAX);
    if (by < 0) {
        if (at == ranked)
            return true;
        for (other = at - 1; other > ranked && other[-1] != ' '; other--)
            ;
        (void)tp_buf_printf(&next, "%.*s%s %.*s%s", (int)(other - ranked), ranked, value,
                            (int)(at - 1 - other), other, at + length);
    } else {
        if (!at[length])
            return true;
        other = at + length + 1;
        (void)tp_buf_printf(&next, "%.*s%.*s %s%s", (int)(at - ranked), ranked,
                            (int)strcspn(other, " "), other, value, other + strcspn(other, " "));
    }
    return set_from(session, node, &next, error);
}

/* ---- repeats ---- */

static bool may_change(const struct tp_session *session, uint32_t range_node,
                       struct tp_error *error)
{
    const struct tp_body *body;

    if (!tp_node_exists(session, range_node) || !session->nodes[range_node].is_range)
        return tp_fail(error, TP_ERR_MISUSE, "there is no such repeat");
    body = tp_node_body(session, range_node);
    if (!body || body->kind != TP_BODY_REPEAT || body->fixed)
        return tp_fail(error, TP_ERR_MISUSE, "the number of '%s' cannot be changed",
                       tp_model_of(session, range_node)->name);
    return true;
}

tp_node tp_session_repeat_instance(struct tp_session *session, tp_node repeat, size_t index)
{
    const struct tp_range *range;

    if (!tp_node_exists(session, repeat) || !session->nodes[repeat].is_range)
        return TP_NODE_NONE;
    range = &session->ranges[session->nodes[repeat].range];
    return index < range->count ? session->repeats[range->instances[index]].base : TP_NODE_NONE;
}

bool tp_session_repeat_add(struct tp_session *session, tp_node repeat, tp_node *instance,
                           struct tp_error *error)
{
    uint32_t range;
    uint32_t made;

    if (!may_change(session, repeat, error))
        return false;
    range = session->nodes[repeat].range;
    made = tp_session_grow(session, range, false, error);
    if (!made)
        return false;
    session->touched = true;
    tp_session_preload(session, made);
    tp_session_dispatch(session, TP_EVENT_NEW_REPEAT, made);
    tp_recalc_mark_block(session, made);
    tp_recalc_mark_structure(session, range);
    tp_recalc_run(session);
    *instance = session->repeats[made].base;
    return finish_change(session, error);
}

bool tp_session_repeat_remove(struct tp_session *session, tp_node instance, struct tp_error *error)
{
    uint32_t repeat;
    uint32_t node;
    uint32_t range;
    uint32_t index = 0;

    if (!tp_node_exists(session, instance) || session->nodes[instance].is_range ||
        !tp_model_of(session, instance)->is_repeat)
        return tp_fail(error, TP_ERR_MISUSE, "there is no such repeat");
    repeat = session->nodes[instance].instance;
    node = tp_node_in(session, session->repeats[repeat].parent, session->repeats[repeat].model);
    if (!may_change(session, node, error))
        return false;
    range = session->nodes[node].range;
    while (session->ranges[range].instances[index] != repeat)
        index++;
    session->touched = true;
    tp_session_shrink(session, range, index, false);
    tp_recalc_mark_structure(session, range);
    tp_recalc_run(session);
    return finish_change(session, error);
}
