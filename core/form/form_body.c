/* The body: groups, repeats and questions in their places. */
#include <string.h>

#include "form/form_internal.h"
#include "form/xml.h"

static const struct {
    const char *name;
    enum tp_body_kind kind;
    enum tp_control control;
} elements[] = {
    {"group", TP_BODY_GROUP, TP_CONTROL_NOTE},
    {"repeat", TP_BODY_REPEAT, TP_CONTROL_REPEAT},
    {"input", TP_BODY_QUESTION, TP_CONTROL_INPUT},
    {"secret", TP_BODY_QUESTION, TP_CONTROL_INPUT},
    {"select1", TP_BODY_QUESTION, TP_CONTROL_SELECT_ONE},
    {"select", TP_BODY_QUESTION, TP_CONTROL_SELECT_MULTIPLE},
    {"range", TP_BODY_QUESTION, TP_CONTROL_RANGE},
    {"rank", TP_BODY_QUESTION, TP_CONTROL_RANK},
    {"trigger", TP_BODY_QUESTION, TP_CONTROL_TRIGGER},
    {"upload", TP_BODY_QUESTION, TP_CONTROL_UPLOAD},
};

static int element_index(const xmlNode *node)
{
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
        if (!strcmp((const char *)node->name, elements[i].name))
            return (int)i;
    return -1;
}

/* ---- places ---- */

struct reader {
    struct tp_form *form;
    const xmlNode **sources; /* the element of each body entry; in scratch */
    uint32_t *last;          /* each one's last child; in scratch */
    struct tp_error *error;
};

static uint32_t count_elements(const xmlNode *parent)
{
    uint32_t count = 0;

    for (const xmlNode *node = tp_xml_first(parent); node; node = tp_xml_next(node))
        if (element_index(node) >= 0)
            count += 1 + count_elements(node);
    return count;
}

/* The node that the bind of this id is for. */
static const char *ref_of_bind(const struct tp_form *form, const char *id)
{
    const xmlNode *model = form->instance_root->parent->parent;

    for (const xmlNode *node = tp_xml_first(model); node; node = tp_xml_next(node)) {
        const char *found = tp_xml_attr(node, "id", NULL);

        if (tp_xml_is(node, "bind", NULL) && found && !strcmp(found, id))
            return tp_xml_attr(node, "nodeset", NULL);
    }
    return NULL;
}

const char *tp_form_ref(const struct tp_form *form, const xmlNode *element)
{
    const char *ref = tp_xml_attr(element, "ref", NULL);
    const char *bind;

    if (!ref)
        ref = tp_xml_attr(element, "nodeset", NULL);
    if (ref)
        return ref;
    bind = tp_xml_attr(element, "bind", NULL);
    return bind ? ref_of_bind(form, bind) : NULL;
}

static bool is_on_one_page(const char *appearance)
{
    return tp_appearance_has(appearance, "field-list") ||
           tp_appearance_has(appearance, "table-list");
}

static bool is_select(const struct tp_body *entry)
{
    return entry->control == TP_CONTROL_SELECT_ONE || entry->control == TP_CONTROL_SELECT_MULTIPLE;
}

static void place_on_page(struct tp_form *form, uint32_t index)
{
    struct tp_body *entry = &form->body[index];
    struct tp_body *parent = &form->body[entry->parent];

    if (parent->field_list && entry->kind != TP_BODY_REPEAT) {
        entry->field_list = true;
        entry->page = parent->page;
        entry->is_row = is_select(entry) && tp_appearance_has(entry->appearance, "list-nolabel");
        if (entry->is_row && !parent->first_row)
            parent->first_row = index;
        return;
    }
    entry->field_list = entry->kind != TP_BODY_QUESTION && is_on_one_page(entry->appearance);
    entry->page = entry->field_list ? index : 0;
}

static uint32_t add_entry(struct reader *reader, uint32_t parent, const xmlNode *node, int index)
{
    struct tp_form *form = reader->form;
    uint32_t at = form->body_count++;
    struct tp_body *entry = &form->body[at];
    const char *appearance = tp_xml_attr(node, "appearance", NULL);

    *entry = (struct tp_body){
        .kind = elements[index].kind,
        .control = elements[index].control,
        .parent = parent,
        .model = form->body[parent].model,
        .appearance = appearance ? appearance : "",
        .line = (int)xmlGetLineNo((xmlNodePtr)node),
    };
    if (reader->last[parent])
        form->body[reader->last[parent]].next = at;
    else
        form->body[parent].first = at;
    reader->last[parent] = at;
    reader->sources[at] = node;
    place_on_page(form, at);
    return at;
}

/* A question without a node to put its answer in; JavaRosa refuses it, web-forms passes over it. */
static bool refuse_ref(struct reader *reader, const xmlNode *node, const char *ref)
{
    if (reader->form->lenient)
        return true;
    (void)tp_form_fail(reader->form, node, reader->error, TP_ERR_INVALID,
                       "<%s> refers to '%s', which the instance does not have",
                       (const char *)node->name, ref ? ref : "");
    return tp_form_note(reader->form, reader->error);
}

/* Sets *skip where the element is to be passed over. */
static bool resolve(struct reader *reader, const xmlNode *node, uint32_t at, bool *skip)
{
    struct tp_form *form = reader->form;
    struct tp_body *entry = &form->body[at];
    const char *ref = tp_form_ref(form, node);
    uint32_t model;

    *skip = false;
    if (!ref && entry->kind == TP_BODY_GROUP)
        return true;
    model = ref ? tp_model_find_from(&form->model, entry->model, ref) : 0;
    if (!model) {
        *skip = true;
        return refuse_ref(reader, node, ref);
    }
    entry->model = model;
    entry->has_ref = true;
    if (entry->kind == TP_BODY_REPEAT)
        form->model.nodes[model].is_repeat = true;
    if (entry->kind != TP_BODY_GROUP && !form->body_of[model])
        form->body_of[model] = at;
    if (entry->kind == TP_BODY_GROUP && !form->group_of[model])
        form->group_of[model] = at;
    return true;
}

static void drop_last(struct reader *reader, uint32_t at)
{
    struct tp_form *form = reader->form;
    uint32_t parent = form->body[at].parent;
    uint32_t before = 0;

    for (uint32_t p = form->body[parent].first; p != at; p = form->body[p].next)
        before = p;
    if (before)
        form->body[before].next = 0;
    else
        form->body[parent].first = 0;
    reader->last[parent] = before;
    if (form->body[parent].first_row == at)
        form->body[parent].first_row = 0;
    form->body_count--;
}

static bool read_children(struct reader *reader, uint32_t parent, const xmlNode *element)
{
    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node)) {
        int index = element_index(node);
        bool skip;
        uint32_t at;

        if (index < 0)
            continue;
        at = add_entry(reader, parent, node, index);
        if (!resolve(reader, node, at, &skip))
            return false;
        if (skip)
            drop_last(reader, at);
        else if (!read_children(reader, at, node))
            return false;
    }
    return true;
}

bool tp_form_load_body(struct tp_form *form, const xmlNode *body, struct tp_error *error)
{
    struct reader reader = {.form = form, .error = error};
    uint32_t most = count_elements(body) + 1;

    form->body = tp_arena_alloc(&form->arena, most, sizeof(*form->body));
    form->body_of = tp_arena_alloc(&form->arena, form->model.count, sizeof(*form->body_of));
    form->group_of = tp_arena_alloc(&form->arena, form->model.count, sizeof(*form->group_of));
    form->body_sources = tp_arena_alloc(&form->arena, most, sizeof(*form->body_sources));
    reader.sources = form->body_sources;
    reader.last = tp_arena_alloc(&form->scratch, most, sizeof(*reader.last));
    if (!form->body || !form->body_of || !form->group_of || !reader.sources || !reader.last)
        return tp_fail_memory(error);
    form->body_count = 1;
    form->body[0] = (struct tp_body){.kind = TP_BODY_GROUP, .appearance = "", .model = 1};
    if (!read_children(&reader, 0, body))
        return false;
    tp_model_settle(&form->model);
    return true;
}

/* ---- appearances ---- */

bool tp_appearance_has(const char *appearance, const char *word)
{
    size_t length = strlen(word);

    while (*appearance) {
        size_t next;

        appearance += strspn(appearance, " \t\r\n");
        next = strcspn(appearance, " \t\r\n");
        if (next == length && !strncmp(appearance, word, length))
            return true;
        appearance += next;
    }
    return false;
}
