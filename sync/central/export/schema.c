#include "central/export/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "central/export/labels.h"

#define PATH_MAX_BYTES 1024u
#define LABEL_MAX 4096u

/* One version of a form while it is read. */
struct reading {
    struct tp_schema *schema;
    const xmlNode *model;
    const xmlNode *body;
    const xmlNode *translation; /* NULL: the form has none */
    const char *root;           /* the main instance's name */
    bool failed;                /* out of memory */
};

void tp_schema_finish(struct tp_schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        struct tp_schema_question *question = &schema->questions[i];

        for (size_t k = 0; k < question->choice_count; k++) {
            tp_free(question->choices[k].value);
            tp_free(question->choices[k].label);
        }
        tp_free(question->choices);
        tp_free(question->path);
        tp_free(question->label);
    }
    tp_free(schema->questions);
    tp_free(schema->by_path);
    *schema = (struct tp_schema){.count = 0};
}

/* ---- questions ---- */

static char *take_label(struct tp_buf *text, const char *fallback)
{
    char *label = text->length ? tp_buf_take(text) : tp_strdup(fallback);

    tp_buf_finish(text);
    return label;
}

static struct tp_schema_question *find_question(struct tp_schema *schema, const char *path)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (strcmp(schema->questions[i].path, path) == 0)
            return &schema->questions[i];
    }
    return NULL;
}

static struct tp_schema_question *add_question(struct reading *reading, const char *path)
{
    struct tp_schema *schema = reading->schema;
    struct tp_schema_question *questions =
        tp_realloc(schema->questions, schema->count + 1, sizeof(*questions));
    struct tp_schema_question *question;

    if (!questions) {
        reading->failed = true;
        return NULL;
    }
    schema->questions = questions;
    question = &questions[schema->count];
    *question = (struct tp_schema_question){.path = tp_strdup(path), .kind = TP_COLUMN_TEXT};
    if (!question->path) {
        reading->failed = true;
        return NULL;
    }
    schema->count++;
    return question;
}

static void add_choice(struct reading *reading, struct tp_schema_question *question,
                       const char *value, struct tp_buf *label)
{
    struct tp_schema_choice *choices;

    for (size_t i = 0; i < question->choice_count; i++) {
        if (strcmp(question->choices[i].value, value) == 0) {
            tp_buf_finish(label);
            return;
        }
    }
    choices = tp_realloc(question->choices, question->choice_count + 1, sizeof(*choices));
    if (!choices) {
        reading->failed = true;
        tp_buf_finish(label);
        return;
    }
    question->choices = choices;
    choices[question->choice_count].value = tp_strdup(value);
    choices[question->choice_count].label = take_label(label, value);
    if (!choices[question->choice_count].value || !choices[question->choice_count].label)
        reading->failed = true;
    question->choice_count++;
}

/* Items written in the question itself. */
static void inline_choices(struct reading *reading, struct tp_schema_question *question,
                           const xmlNode *control)
{
    for (const xmlNode *item = tp_tree_child(control, "item"); item; item = tp_tree_next(item)) {
        const xmlNode *value = tp_tree_child(item, "value");
        struct tp_buf label;

        if (!tp_tree_is(item, "item") || !value)
            continue;
        tp_buf_init(&label, LABEL_MAX);
        tp_labels_of(reading->translation, item, &label);
        add_choice(reading, question, tp_tree_text(value), &label);
    }
}

static const xmlNode *find_instance(const struct reading *reading, const char *id, size_t length)
{
    for (const xmlNode *one = tp_tree_child(reading->model, "instance"); one;
         one = tp_tree_next(one)) {
        const char *its_id = tp_tree_attribute(one, "id");

        if (tp_tree_is(one, "instance") && its_id && strlen(its_id) == length &&
            memcmp(its_id, id, length) == 0)
            return one;
    }
    return NULL;
}

/* The text of an item's child, or what the child says by jr:itext(child). */
static void item_label(const struct reading *reading, const xmlNode *item, const char *ref,
                       struct tp_buf *out)
{
    bool by_id = strncmp(ref, "jr:itext(", 9) == 0;
    char name[128];
    const xmlNode *child;

    (void)snprintf(name, sizeof(name), "%.*s", by_id ? (int)strcspn(ref + 9, ")") : 120,
                   by_id ? ref + 9 : ref);
    child = tp_tree_child(item, name);
    if (!child)
        return;
    if (by_id)
        (void)tp_labels_by_id(reading->translation, tp_tree_text(child),
                              strlen(tp_tree_text(child)), out);
    else
        tp_labels_plain(child, out);
}

/* Choices that stand in an instance of their own: instance('id')/root/item[...]. */
static void listed_choices(struct reading *reading, struct tp_schema_question *question,
                           const xmlNode *itemset)
{
    const char *nodeset = tp_tree_attribute(itemset, "nodeset");
    const char *id = nodeset ? strstr(nodeset, "instance('") : NULL;
    const xmlNode *value = tp_tree_child(itemset, "value");
    const xmlNode *label = tp_tree_child(itemset, "label");
    const char *value_ref = value ? tp_tree_attribute(value, "ref") : NULL;
    const char *label_ref = label ? tp_tree_attribute(label, "ref") : NULL;
    const xmlNode *instance;

    if (!id || !value_ref)
        return;
    id += 10;
    instance = find_instance(reading, id, strcspn(id, "'"));
    if (!instance)
        return;
    for (const xmlNode *item = tp_tree_child(tp_tree_child(instance, NULL), NULL); item;
         item = tp_tree_next(item)) {
        const xmlNode *its_value = tp_tree_child(item, value_ref);
        struct tp_buf text;

        if (!its_value)
            continue;
        tp_buf_init(&text, LABEL_MAX);
        if (label_ref)
            item_label(reading, item, label_ref, &text);
        add_choice(reading, question, tp_tree_text(its_value), &text);
    }
}

/* "/data/group/name" or, relative to a group's ref, "name"; without the root. */
static bool control_path(const struct reading *reading, const char *ref, char path[PATH_MAX_BYTES])
{
    size_t root = strlen(reading->root);

    if (!ref || ref[0] != '/' || strncmp(ref + 1, reading->root, root) != 0 ||
        ref[1 + root] != '/' || strlen(ref) >= PATH_MAX_BYTES)
        return false;
    (void)snprintf(path, PATH_MAX_BYTES, "%s", ref + root + 2);
    return true;
}

static void read_control(struct reading *reading, const xmlNode *control)
{
    bool many = tp_tree_is(control, "select") || tp_tree_is(control, "rank");
    bool select = many || tp_tree_is(control, "select1");
    struct tp_schema_question *question;
    const xmlNode *itemset;
    struct tp_buf label;
    char path[PATH_MAX_BYTES];

    if (!control_path(reading, tp_tree_attribute(control, "ref"), path))
        return;
    question = find_question(reading->schema, path);
    if (!question)
        return;
    if (select)
        question->kind = many ? TP_COLUMN_SELECT_MULTIPLE : TP_COLUMN_SELECT_ONE;
    if (!question->label) {
        tp_buf_init(&label, LABEL_MAX);
        tp_labels_of(reading->translation, control, &label);
        question->label = take_label(&label, path);
        reading->failed = reading->failed || !question->label;
    }
    if (!select)
        return;
    inline_choices(reading, question, control);
    itemset = tp_tree_child(control, "itemset");
    if (itemset)
        listed_choices(reading, question, itemset);
}

static void read_body(struct reading *reading, const xmlNode *parent, int depth)
{
    if (depth > TP_TREE_DEPTH_MAX)
        return;
    for (const xmlNode *node = tp_tree_child(parent, NULL); node; node = tp_tree_next(node)) {
        if (tp_tree_is(node, "group") || tp_tree_is(node, "repeat"))
            read_body(reading, node, depth + 1);
        else
            read_control(reading, node);
    }
}

static const xmlNode *find_bind(const struct reading *reading, const char *path)
{
    for (const xmlNode *bind = tp_tree_child(reading->model, "bind"); bind;
         bind = tp_tree_next(bind)) {
        char its_path[PATH_MAX_BYTES];

        if (tp_tree_is(bind, "bind") &&
            control_path(reading, tp_tree_attribute(bind, "nodeset"), its_path) &&
            strcmp(its_path, path) == 0)
            return bind;
    }
    return NULL;
}

/* A note answers nothing: read-only text that nothing calculates. */
static bool is_note(const xmlNode *bind)
{
    const char *readonly = bind ? tp_tree_attribute(bind, "readonly") : NULL;

    return readonly && strcmp(readonly, "true()") == 0 && !tp_tree_attribute(bind, "calculate") &&
           !tp_tree_attribute(bind, "preload");
}

static void read_leaf(struct reading *reading, const char *path)
{
    const xmlNode *bind = find_bind(reading, path);
    const char *type = bind ? tp_tree_attribute(bind, "type") : NULL;
    struct tp_schema_question *question = find_question(reading->schema, path);

    if (question || is_note(bind))
        return;
    question = add_question(reading, path);
    if (question && type &&
        (strcmp(type, "int") == 0 || strcmp(type, "decimal") == 0 || strcmp(type, "integer") == 0))
        question->kind = TP_COLUMN_NUMBER;
}

/* Every leaf of the main instance but what is in meta, in order. */
static void read_instance(struct reading *reading, const xmlNode *parent, const char *before,
                          int depth)
{
    if (depth > TP_TREE_DEPTH_MAX)
        return;
    for (const xmlNode *node = tp_tree_child(parent, NULL); node; node = tp_tree_next(node)) {
        char path[PATH_MAX_BYTES];
        int length;

        if (depth == 0 && tp_tree_is(node, "meta"))
            continue;
        length = snprintf(path, sizeof(path), "%s%s%s", before, *before ? "/" : "",
                          (const char *)node->name);
        if (length < 0 || (size_t)length >= sizeof(path))
            continue;
        if (tp_tree_child(node, NULL))
            read_instance(reading, node, path, depth + 1);
        else
            read_leaf(reading, path);
    }
}

static bool find_parts(struct reading *reading, xmlDocPtr doc, const char *language)
{
    const xmlNode *html = xmlDocGetRootElement(doc);
    const xmlNode *main_instance;
    const xmlNode *root;

    reading->model = tp_tree_child(tp_tree_child(html, "head"), "model");
    reading->body = tp_tree_child(html, "body");
    main_instance = tp_tree_child(reading->model, "instance");
    root = tp_tree_child(main_instance, NULL);
    if (!reading->body || !root)
        return false;
    reading->root = (const char *)root->name;
    reading->translation = tp_labels_find(tp_tree_child(reading->model, "itext"), language);
    read_instance(reading, root, "", 0);
    read_body(reading, reading->body, 0);
    return true;
}

/* Questions that no control shows (calculations, times) are named by their path. */
static bool name_the_rest(struct tp_schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (!schema->questions[i].label)
            schema->questions[i].label = tp_strdup(schema->questions[i].path);
        if (!schema->questions[i].label)
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct tp_schema *schema = context;

    return strcmp(schema->questions[*(const size_t *)a].path,
                  schema->questions[*(const size_t *)b].path);
}

static bool sort_paths(struct tp_schema *schema)
{
    size_t *sorted = tp_realloc(schema->by_path, schema->count + 1, sizeof(*sorted));

    if (!sorted)
        return false;
    schema->by_path = sorted;
    for (size_t i = 0; i < schema->count; i++)
        sorted[i] = i;
    qsort_r(sorted, schema->count, sizeof(*sorted), compare, schema);
    return true;
}

bool tp_schema_add(struct tp_schema *schema, const void *xml, size_t length, const char *language,
                   struct tp_error *error)
{
    struct reading reading = {.schema = schema};
    xmlDocPtr doc = tp_tree_read("the form", xml, length, error);
    bool found;

    if (!doc)
        return false;
    found = find_parts(&reading, doc, language);
    xmlFreeDoc(doc);
    if (!found)
        return tp_fail(error, TP_ERR_INVALID, "it is not an XForm");
    if (reading.failed || !name_the_rest(schema) || !sort_paths(schema))
        return tp_fail_memory(error);
    return true;
}

/* Where a path stands in by_path, or would. */
static size_t place_of(const struct tp_schema *schema, const char *path, bool *found)
{
    size_t low = 0;
    size_t high = schema->count;

    *found = false;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(path, schema->questions[schema->by_path[middle]].path);

        *found = order == 0;
        if (*found)
            low = middle;
        else if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

long tp_schema_find(const struct tp_schema *schema, const char *path)
{
    bool found;
    size_t place = place_of(schema, path, &found);

    return found ? (long)schema->by_path[place] : -1;
}

long tp_schema_learn(struct tp_schema *schema, const char *path)
{
    struct reading reading = {.schema = schema};
    size_t *sorted = tp_realloc(schema->by_path, schema->count + 1, sizeof(*sorted));
    bool found;
    size_t place;

    if (!sorted)
        return -1;
    schema->by_path = sorted;
    place = place_of(schema, path, &found);
    if (!found) {
        if (!add_question(&reading, path))
            return -1;
        memmove(sorted + place + 1, sorted + place, (schema->count - 1 - place) * sizeof(*sorted));
        sorted[place] = schema->count - 1;
    }
    return (long)sorted[place];
}

const char *tp_schema_choice_label(const struct tp_schema_question *question, const char *value,
                                   size_t length)
{
    for (size_t i = 0; i < question->choice_count; i++) {
        if (strlen(question->choices[i].value) == length &&
            memcmp(question->choices[i].value, value, length) == 0)
            return question->choices[i].label;
    }
    return NULL;
}
