#include "form/model.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "form/form.h"
#include "form/xml.h"

#define NS_JAVAROSA "http://openrosa.org/javarosa"

/* ---- the hash of (parent, name) ---- */

static uint32_t hash(uint32_t parent, const char *name)
{
    uint64_t mixed = (uint64_t)(uintptr_t)name * UINT64_C(0x9E3779B97F4A7C15) ^
                     (uint64_t)parent * UINT64_C(0xC2B2AE3D27D4EB4F);

    return (uint32_t)(mixed >> 32);
}

static void insert(struct tp_model *model, uint32_t index)
{
    const struct tp_model_node *node = &model->nodes[index];
    uint32_t at = hash(node->parent, node->name) & (model->table_size - 1);

    while (model->table[at])
        at = (at + 1) & (model->table_size - 1);
    model->table[at] = index;
}

/* `name` is the dictionary's own pointer. */
static uint32_t look_up(const struct tp_model *model, uint32_t parent, const char *name,
                        bool attribute)
{
    uint32_t at = hash(parent, name) & (model->table_size - 1);

    for (; model->table[at]; at = (at + 1) & (model->table_size - 1)) {
        const struct tp_model_node *node = &model->nodes[model->table[at]];

        if (node->name == name && node->parent == parent && node->is_attribute == attribute)
            return model->table[at];
    }
    return 0;
}

static uint32_t find_name(const struct tp_model *model, uint32_t parent, const char *name,
                          size_t length, bool attribute)
{
    const char *colon = memchr(name, ':', length);
    const char *known;

    if (colon) {
        length -= (size_t)(colon + 1 - name);
        name = colon + 1;
    }
    if (!length || length > INT32_MAX)
        return 0;
    known = (const char *)xmlDictExists(model->dict, (const xmlChar *)name, (int)length);
    return known ? look_up(model, parent, known, attribute) : 0;
}

uint32_t tp_model_child(const struct tp_model *model, uint32_t parent, const char *name,
                        size_t length)
{
    return find_name(model, parent, name, length, false);
}

uint32_t tp_model_attribute(const struct tp_model *model, uint32_t parent, const char *name,
                            size_t length)
{
    return find_name(model, parent, name, length, true);
}

/* ---- building: first a tree in any order, then numbered in document order ---- */

struct draft {
    struct tp_model model; /* nodes and table owned */
    uint32_t capacity;
    uint32_t *last;       /* owned; each node's last child */
    const xmlNode **seen; /* owned; the parent in which each node was last met */
    struct tp_error *error;
};

static bool grow(struct draft *draft)
{
    struct tp_model *model = &draft->model;
    uint32_t capacity = draft->capacity ? draft->capacity * 2 : 64;
    struct tp_model_node *nodes;
    const xmlNode **seen;
    uint32_t *last;
    uint32_t *table;

    nodes = tp_realloc(model->nodes, capacity, sizeof(*nodes));
    if (nodes)
        model->nodes = nodes;
    last = tp_realloc(draft->last, capacity, sizeof(*last));
    if (last)
        draft->last = last;
    seen = tp_realloc(draft->seen, capacity, sizeof(const xmlNode *));
    if (seen)
        draft->seen = seen;
    table = tp_calloc((size_t)capacity * 2, sizeof(*table));
    if (!nodes || !last || !seen || !table) {
        tp_free(table);
        (void)tp_fail_memory(draft->error);
        return false;
    }
    draft->capacity = capacity;
    tp_free(model->table);
    model->table = table;
    model->table_size = capacity * 2;
    for (uint32_t i = 1; i < model->count; i++)
        insert(model, i);
    return true;
}

static const char *qualified(struct draft *draft, const xmlNode *node)
{
    char text[512];

    if (!node->ns || !node->ns->prefix)
        return (const char *)xmlDictLookup(draft->model.dict, node->name, -1);
    (void)snprintf(text, sizeof(text), "%s:%s", (const char *)node->ns->prefix,
                   (const char *)node->name);
    return (const char *)xmlDictLookup(draft->model.dict, (const xmlChar *)text, -1);
}

/* 0 when it cannot be. */
static uint32_t add_node(struct draft *draft, uint32_t parent, const xmlNode *source)
{
    struct tp_model *model = &draft->model;
    uint32_t index = model->count;
    struct tp_model_node *node;

    if (index > TP_FORM_QUESTIONS_MAX) {
        (void)tp_fail(draft->error, TP_ERR_LIMIT, "more than %u questions", TP_FORM_QUESTIONS_MAX);
        return 0;
    }
    if (index == draft->capacity && !grow(draft))
        return 0;
    node = &model->nodes[index];
    *node = (struct tp_model_node){
        .name = (const char *)xmlDictLookup(model->dict, source->name, -1),
        .qname = qualified(draft, source),
        .source = source,
        .parent = parent,
        .is_attribute = source->type == XML_ATTRIBUTE_NODE,
    };
    draft->last[index] = 0;
    if (!node->name || !node->qname) {
        (void)tp_fail_memory(draft->error);
        return 0;
    }
    if (draft->last[parent])
        model->nodes[draft->last[parent]].next = index;
    else
        model->nodes[parent].first = index;
    draft->last[parent] = index;
    model->count++;
    insert(model, index);
    return index;
}

static bool add_attributes(struct draft *draft, uint32_t node, const xmlNode *source)
{
    for (const xmlAttr *attr = source->properties; attr; attr = attr->next) {
        const char *name = (const char *)xmlDictLookup(draft->model.dict, attr->name, -1);

        if (attr->ns && attr->ns->href && !strcmp((const char *)attr->ns->href, NS_JAVAROSA))
            continue;
        if (!look_up(&draft->model, node, name, true) &&
            !add_node(draft, node, (const xmlNode *)attr))
            return false;
    }
    return true;
}

/* Adds what `source` has below it to the node that stands for it. */
static bool merge(struct draft *draft, uint32_t parent, const xmlNode *source)
{
    if (!add_attributes(draft, parent, source))
        return false;
    for (const xmlNode *child = tp_xml_first(source); child; child = tp_xml_next(child)) {
        const char *name = (const char *)xmlDictLookup(draft->model.dict, child->name, -1);
        uint32_t node = name ? look_up(&draft->model, parent, name, false) : 0;

        if (node && draft->seen[node] == source)
            draft->model.nodes[node].is_repeat = true;
        if (!node)
            node = add_node(draft, parent, child);
        if (!node)
            return false;
        draft->seen[node] = source;
        if (tp_xml_attr(child, "template", NS_JAVAROSA)) {
            draft->model.nodes[node].is_repeat = true;
            draft->model.nodes[node].source = child;
        }
        if (!merge(draft, node, child))
            return false;
    }
    return true;
}

/* Copies `from` and what is below it to the end of `model`; gives its number. */
static uint32_t number_nodes(struct tp_model *model, const struct tp_model *draft, uint32_t from,
                             uint32_t parent)
{
    uint32_t index = model->count++;
    uint32_t last = 0;

    model->nodes[index] = draft->nodes[from];
    model->nodes[index].parent = parent;
    model->nodes[index].first = 0;
    model->nodes[index].next = 0;
    for (uint32_t child = draft->nodes[from].first; child; child = draft->nodes[child].next) {
        uint32_t made = number_nodes(model, draft, child, index);

        if (last)
            model->nodes[last].next = made;
        else
            model->nodes[index].first = made;
        last = made;
    }
    model->nodes[index].size = model->count - index;
    return index;
}

static bool settle_draft(struct tp_model *model, struct tp_arena *arena,
                         const struct tp_model *draft)
{
    struct tp_model made = {.dict = draft->dict, .table_size = 16};

    while (made.table_size < draft->count * 2)
        made.table_size *= 2;
    made.nodes = tp_arena_alloc(arena, draft->count, sizeof(*made.nodes));
    made.table = tp_arena_alloc(arena, made.table_size, sizeof(*made.table));
    if (!made.nodes || !made.table)
        return false;
    (void)number_nodes(&made, draft, 0, 0);
    for (uint32_t i = 1; i < made.count; i++)
        insert(&made, i);
    *model = made;
    return true;
}

bool tp_model_build(struct tp_model *model, struct tp_arena *arena, const xmlNode *root,
                    struct tp_error *error)
{
    struct draft draft = {.model = {.dict = root->doc->dict}, .error = error};
    uint32_t first;
    bool ok;

    ok = grow(&draft);
    if (ok) {
        draft.model.nodes[0] = (struct tp_model_node){.name = "", .qname = ""};
        draft.last[0] = 0;
        draft.model.count = 1;
        first = add_node(&draft, 0, root);
        ok = first && merge(&draft, first, root);
    }
    if (ok && !settle_draft(model, arena, &draft.model))
        ok = tp_fail_memory(error);
    tp_free(draft.model.nodes);
    tp_free(draft.model.table);
    tp_free(draft.last);
    tp_free(draft.seen);
    return ok;
}

void tp_model_settle(struct tp_model *model)
{
    for (uint32_t i = 1; i < model->count; i++) {
        struct tp_model_node *node = &model->nodes[i];
        const struct tp_model_node *parent = &model->nodes[node->parent];

        node->repeat = node->is_repeat ? i : parent->repeat;
        node->repeats = (uint16_t)(parent->repeats + node->is_repeat);
    }
}

/* ---- paths ---- */

uint32_t tp_model_find_from(const struct tp_model *model, uint32_t context, const char *path)
{
    path += strspn(path, " \t\r\n");
    if (!strncmp(path, "current()/", 10))
        path += 10;
    if (*path == '/') {
        context = 0;
        path++;
    }
    for (;;) {
        size_t length = strcspn(path, "/ \t\r\n");

        if (length == 2 && !strncmp(path, "..", 2))
            context = model->nodes[context].parent;
        else if (length && *path == '@')
            context = tp_model_attribute(model, context, path + 1, length - 1);
        else if (length && !(length == 1 && *path == '.'))
            context = tp_model_child(model, context, path, length);
        if (!length || !context)
            return 0;
        path += length;
        if (*path != '/')
            break;
        path++;
    }
    return path[strspn(path, " \t\r\n")] ? 0 : context;
}

void tp_model_path(const struct tp_model *model, uint32_t node, char *text, size_t size)
{
    size_t used = 0;

    if (model->nodes[node].parent) {
        tp_model_path(model, model->nodes[node].parent, text, size);
        used = strlen(text);
    }
    (void)snprintf(text + used, size - used, "/%s%s", model->nodes[node].is_attribute ? "@" : "",
                   model->nodes[node].qname);
}

uint32_t tp_model_common(const struct tp_model *model, uint32_t a, uint32_t b)
{
    while (a && !tp_model_within(model, b, a))
        a = model->nodes[a].parent;
    return a;
}
