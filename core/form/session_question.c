/* Views: what a screen shows of a question, a choice, a group. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form/session_internal.h"

/* ---- what a node is ---- */

bool tp_node_readonly(const struct tp_session *session, uint32_t node)
{
    for (; node; node = tp_node_parent(session, node)) {
        const struct tp_bind *bind = tp_node_bind(session, node);

        if (bind->readonly && bind->readonly->constant == TP_XPATH_TRUE)
            return true;
        if (session->nodes[node].readonly)
            return true;
    }
    return false;
}

/* A text field that can never be written in is a note. */
enum tp_control tp_node_control(const struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);
    const struct tp_bind *bind = tp_node_bind(session, node);

    if (body->kind == TP_BODY_QUESTION && body->control == TP_CONTROL_INPUT && bind->readonly &&
        bind->readonly->constant == TP_XPATH_TRUE)
        return TP_CONTROL_NOTE;
    return body->control;
}

enum tp_type tp_node_type(const struct tp_session *session, uint32_t node)
{
    const struct tp_body *body = tp_node_body(session, node);

    if (body && body->kind != TP_BODY_QUESTION)
        return TP_TYPE_STRING;
    if (body && (body->control == TP_CONTROL_SELECT_ONE ||
                 body->control == TP_CONTROL_SELECT_MULTIPLE || body->control == TP_CONTROL_RANK))
        return TP_TYPE_CHOICE;
    return tp_node_bind(session, node)->type;
}

/* "/data/household[2]/age": a number for each repeat around it. */
void tp_node_path(const struct tp_session *session, uint32_t node, struct tp_buf *out)
{
    const struct tp_model_node *model = tp_model_of(session, node);
    const struct tp_inode *at = &session->nodes[node];
    uint32_t parent = tp_node_parent(session, node);

    if (parent)
        tp_node_path(session, parent, out);
    (void)tp_buf_printf(out, "/%s%s", model->is_attribute ? "@" : "", model->qname);
    if (model->is_repeat && !at->is_range) {
        uint32_t up = session->repeats[at->instance].parent;
        const struct tp_range *range =
            &session->ranges[session->nodes[tp_node_in(session, up, at->model)].range];

        for (uint32_t i = 0; i < range->count; i++)
            if (range->instances[i] == at->instance)
                (void)tp_buf_printf(out, "[%u]", i + 1);
    }
}

#define PATH_TEXT_MAX ((size_t)16 * 1024)

static const char *path_of(struct tp_session *session, uint32_t node)
{
    struct tp_buf path;
    const char *kept;

    tp_buf_init(&path, PATH_TEXT_MAX);
    tp_node_path(session, node, &path);
    kept = tp_session_keep(session, tp_buf_text(&path), path.length);
    tp_buf_finish(&path);
    return kept ? kept : "";
}

/* ---- questions ---- */

static double number_of(const char *text, double otherwise)
{
    char *end;
    double number = text ? strtod(text, &end) : otherwise;

    return text && (end == text || !isfinite(number)) ? otherwise : number;
}

static void fill_repeat(const struct tp_session *session, uint32_t node, const struct tp_body *body,
                        struct tp_question *question)
{
    const struct tp_range *range = &session->ranges[session->nodes[node].range];

    question->repeat_count = range->count;
    question->can_add = !body->fixed && range->count < TP_REPEAT_MAX;
    question->can_remove = !body->fixed && range->count > 0;
}

/* A repeat has no label; that of the group around it is its own. */
const struct tp_text_source *tp_body_label(const struct tp_session *session,
                                           const struct tp_body *body)
{
    static const struct tp_text_source none = {0};
    const struct tp_body *around = &session->form->body[body->parent];

    if (body->kind != TP_BODY_REPEAT)
        return &body->label;
    return body->parent && around->model == body->model ? &around->label : &none;
}

bool tp_session_question(struct tp_session *session, tp_node node, struct tp_question *question)
{
    const struct tp_body *body;
    const struct tp_bind *bind;

    if (!tp_node_exists(session, node) || !(body = tp_node_body(session, node)) ||
        (body->kind == TP_BODY_REPEAT) != session->nodes[node].is_range)
        return false;
    bind = tp_node_bind(session, node);
    *question = (struct tp_question){
        .node = node,
        .name = tp_model_of(session, node)->name,
        .path = path_of(session, node),
        .control = tp_node_control(session, node),
        .type = tp_node_type(session, node),
        .appearance = body->appearance,
        .required = session->nodes[node].required ||
                    (bind->required && bind->required->constant == TP_XPATH_TRUE),
        .readonly = tp_node_readonly(session, node),
        .sensitive = tp_appearance_has(body->appearance, "masked"),
        .value = tp_node_value(session, node),
        .choice_count = tp_session_choice_count(session, node),
        .rows = body->rows,
        .range_start = number_of(body->range_start, 0),
        .range_end = number_of(body->range_end, 10),
        .range_step = number_of(body->range_step, 1),
    };
    if (body->kind == TP_BODY_REPEAT)
        fill_repeat(session, node, body, question);
    tp_session_texts(session, tp_body_label(session, body), node, &question->label, NULL);
    tp_session_texts(session, &body->hint, node, &question->hint, &question->guidance);
    /* a question must be asked somehow */
    if (!question->label.text) {
        question->label.text = question->hint.text;
        question->hint.text = NULL;
    }
    return true;
}

/* ---- groups ---- */

void tp_session_label(struct tp_session *session, tp_node node, struct tp_text *label)
{
    const struct tp_form *form = session->form;
    uint32_t model;
    uint32_t index;

    *label = (struct tp_text){0};
    if (!tp_node_exists(session, node))
        return;
    model = session->nodes[node].model;
    index = form->body_of[model];
    if (index)
        tp_session_texts(session, tp_body_label(session, &form->body[index]), node, label, NULL);
    else if ((index = form->group_of[model]))
        tp_session_texts(session, &form->body[index].label, node, label, NULL);
}

tp_node tp_session_section(struct tp_session *session, tp_node node)
{
    struct tp_text label;

    if (!tp_node_exists(session, node))
        return TP_NODE_NONE;
    for (node = tp_node_parent(session, node); node; node = tp_node_parent(session, node)) {
        tp_session_label(session, node, &label);
        if (label.text || label.image)
            return node;
    }
    return TP_NODE_NONE;
}

tp_node tp_session_instance_of(const struct tp_session *session, tp_node node, tp_node *repeat,
                               size_t *index)
{
    const struct tp_range *range;
    uint32_t parent, at, place = 0;

    if (!tp_node_exists(session, node))
        return TP_NODE_NONE;
    while (node && (session->nodes[node].is_range || !tp_model_of(session, node)->is_repeat))
        node = tp_node_parent(session, node);
    if (!node)
        return TP_NODE_NONE;
    at = session->nodes[node].instance;
    parent = session->repeats[at].parent;
    *repeat = tp_node_in(session, parent, session->repeats[at].model);
    range = &session->ranges[session->nodes[*repeat].range];
    while (place < range->count && range->instances[place] != at)
        place++;
    *index = place;
    return node;
}

tp_node tp_session_together(struct tp_session *session, tp_node node)
{
    const struct tp_body *body = tp_node_exists(session, node) ? tp_node_body(session, node) : NULL;
    const struct tp_body *group;

    if (!session->singly || !body || body->kind != TP_BODY_QUESTION || !body->field_list)
        return TP_NODE_NONE;
    group = &session->form->body[body->page];
    return group->kind == TP_BODY_GROUP && group->has_ref
               ? tp_node_in(session, session->nodes[node].instance, group->model)
               : TP_NODE_NONE;
}

/* ---- tables ---- */

tp_node tp_session_table_lead(struct tp_session *session, tp_node node, size_t index)
{
    const struct tp_form *form = session->form;
    const struct tp_body *body = tp_node_exists(session, node) ? tp_node_body(session, node) : NULL;
    const struct tp_body *group;

    if (!body || !body->is_row)
        return TP_NODE_NONE;
    group = &form->body[body->parent];
    for (uint32_t at = group->first; at && at != group->first_row; at = form->body[at].next) {
        uint32_t lead = tp_node_in(session, session->nodes[node].instance, form->body[at].model);

        if (tp_node_is_lead(session, lead, at) && session->nodes[lead].relevant && index-- == 0)
            return lead;
    }
    return TP_NODE_NONE;
}

/* ---- answers as people read them ---- */

static void put_label(struct tp_session *session, uint32_t node, size_t index, struct tp_buf *out)
{
    struct tp_choice choice;

    if (tp_session_choice(session, node, index, &choice))
        (void)tp_buf_puts(out, choice.label.text ? choice.label.text : choice.value);
}

static void put_chosen(struct tp_session *session, uint32_t node, struct tp_buf *out)
{
    size_t count = tp_session_choice_count(session, node);
    const char *value = tp_node_value(session, node);
    bool one = tp_node_body(session, node)->control == TP_CONTROL_SELECT_ONE;
    size_t start = out->length;

    for (size_t i = 0; i < count; i++) {
        const char *choice = tp_session_choice_value(session, node, i);

        if (one ? strcmp(value, choice) != 0 : !tp_appearance_has(value, choice))
            continue;
        if (out->length > start)
            (void)tp_buf_puts(out, ", ");
        put_label(session, node, i, out);
    }
}

static void put_ranked(struct tp_session *session, uint32_t node, struct tp_buf *out)
{
    const char *value = tp_node_value(session, node);
    size_t start = out->length;

    while (*value) {
        size_t length = strcspn(value, " ");
        char word[256];
        long index;

        (void)snprintf(word, sizeof(word), "%.*s", (int)length, value);
        index = tp_session_choice_find(session, node, word);
        if (out->length > start)
            (void)tp_buf_puts(out, ", ");
        if (index >= 0)
            put_label(session, node, (size_t)index, out);
        value += length;
        value += strspn(value, " ");
    }
}

bool tp_session_display(struct tp_session *session, tp_node node, struct tp_buf *out)
{
    const struct tp_body *body;

    if (!tp_node_exists(session, node) || session->nodes[node].is_range)
        return tp_buf_ok(out);
    body = tp_node_body(session, node);
    if (!body || (!body->itemset && !body->item_count))
        (void)tp_buf_puts(out, tp_node_value(session, node));
    else if (body->control == TP_CONTROL_RANK)
        put_ranked(session, node, out);
    else
        put_chosen(session, node, out);
    return tp_buf_ok(out);
}

/* ---- finding ---- */

/* One step "name[3]" from *path, below `node`. */
static uint32_t step_down(const struct tp_session *session, uint32_t node, const char *step,
                          size_t length)
{
    const struct tp_model *shape = &session->form->model;
    const char *bracket = memchr(step, '[', length);
    size_t name = bracket ? (size_t)(bracket - step) : length;
    unsigned long index = bracket ? strtoul(bracket + 1, NULL, 10) : 1;
    uint32_t model = session->nodes[node].model;
    uint32_t child = *step == '@' ? tp_model_attribute(shape, model, step + 1, name - 1)
                                  : tp_model_child(shape, model, step, name);
    uint32_t below;

    if (!child)
        return 0;
    below = tp_node_in(session, session->nodes[node].instance, child);
    if (session->nodes[below].is_range && bracket) {
        const struct tp_range *range = &session->ranges[session->nodes[below].range];

        if (index < 1 || index > range->count)
            return 0;
        return session->repeats[range->instances[index - 1]].base;
    }
    return session->nodes[below].model ? below : 0;
}

/* A range on the way means its first instance. */
static uint32_t enter(const struct tp_session *session, uint32_t node)
{
    const struct tp_range *range;

    if (!node || !session->nodes[node].is_range)
        return node;
    range = &session->ranges[session->nodes[node].range];
    return range->count ? session->repeats[range->instances[0]].base : 0;
}

tp_node tp_session_find(struct tp_session *session, const char *path)
{
    const char *root = session->form->model.nodes[1].name;
    size_t length;
    uint32_t node = 1;

    if (*path++ != '/')
        return TP_NODE_NONE;
    length = strcspn(path, "/");
    if (length != strlen(root) || strncmp(path, root, length) != 0)
        return TP_NODE_NONE;
    for (path += length; *path == '/' && node; path += length) {
        path++;
        length = strcspn(path, "/");
        node = enter(session, node);
        node = node ? step_down(session, node, path, length) : 0;
    }
    return tp_node_exists(session, node) ? node : TP_NODE_NONE;
}

const char *tp_session_value(const struct tp_session *session, tp_node node)
{
    if (!tp_node_exists(session, node) || session->nodes[node].is_range)
        return NULL;
    return tp_model_of(session, node)->first && !tp_node_body(session, node)
               ? NULL
               : tp_node_value(session, node);
}

bool tp_session_relevant(const struct tp_session *session, tp_node node)
{
    return tp_node_exists(session, node) && session->nodes[node].relevant;
}
