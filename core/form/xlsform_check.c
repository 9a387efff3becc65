/* What only the whole tree shows: names that clash, labels that are missing, triggers, and the
 * form's own `meta`. */
#include <stdlib.h>
#include <string.h>

#include "form/form.h"
#include "form/xlsform_parts.h"

static const char *header(const struct tp_xf *xf, const char *first, const char *second)
{
    return tp_xf_header(&xf->survey, first, second);
}

/* ---- meta ---- */

static struct tp_xf_element *meta_node(struct tp_xf *xf, struct tp_xf_element *meta,
                                       const char *name)
{
    struct tp_xf_element *node = tp_xf_add_element(xf, meta, TP_XF_IS_QUESTION, name, 0);

    if (node)
        node->type = tp_xf_type("calculate");
    return node;
}

static bool add_meta(struct tp_xf *xf)
{
    const char *omit = tp_xf_setting(xf, "omit_instanceID");
    const char *preload = tp_xf_setting(xf, "instance_id");
    const char *instance_name = tp_xf_setting(xf, "instance_name");
    bool identified = !omit || tp_xf_yes_no(omit) != 1;
    struct tp_xf_element *meta;
    struct tp_xf_element *node;

    if (!identified && !instance_name && !xf->audit)
        return true;
    meta = tp_xf_add_element(xf, xf->root, TP_XF_IS_GROUP, "meta", 0);
    if (!meta)
        return false;
    meta->bodyless = true;
    if (xf->audit) {
        node = meta_node(xf, meta, "audit");
        if (!node)
            return false;
        node->type = tp_xf_type("audit");
        node->bind = xf->audit->bind;
    }
    if (identified) {
        node = meta_node(xf, meta, "instanceID");
        if (!node || !tp_xf_set(xf, &node->bind, "readonly", "true()") ||
            !tp_xf_set(xf, &node->bind, "jr:preload", preload ? preload : "uid"))
            return false;
    }
    if (instance_name) {
        node = meta_node(xf, meta, "instanceName");
        if (!node || !tp_xf_set(xf, &node->bind, "calculate", instance_name))
            return false;
    }
    return true;
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
    const struct tp_xf_element *x = *(const struct tp_xf_element *const *)a;
    const struct tp_xf_element *y = *(const struct tp_xf_element *const *)b;
    int order = strcmp(x->name, y->name);

    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static bool check_siblings(struct tp_xf *xf, const struct tp_xf_element *group)
{
    const struct tp_xf_element **sorted =
        tp_xf_alloc(&xf->arena, group->child_count, sizeof(struct tp_xf_element *));

    if (!sorted)
        return false;
    for (size_t i = 0; i < group->child_count; i++)
        sorted[i] = group->children[i];
    qsort(sorted, group->child_count, sizeof(struct tp_xf_element *), by_name);
    for (size_t i = 1; i < group->child_count; i++) {
        if (strcmp(sorted[i]->name, sorted[i - 1]->name) != 0)
            continue;
        if (!sorted[i - 1]->row)
            tp_xf_error(xf, &xf->survey, sorted[i]->row, header(xf, "name", NULL), sorted[i]->name,
                        "the name '%.100s' is taken by a part of the form that is made "
                        "automatically; choose another",
                        sorted[i]->name);
        else
            tp_xf_error(xf, &xf->survey, sorted[i]->row, header(xf, "name", NULL), sorted[i]->name,
                        "'%.100s' is also the name of row %u; give each question a name of its own",
                        sorted[i]->name, sorted[i - 1]->row);
    }
    for (size_t i = 0; i < group->child_count; i++) {
        if (group->children[i]->child_count && !check_siblings(xf, group->children[i]))
            return false;
    }
    return true;
}

static void check_repeats(struct tp_xf *xf)
{
    const struct tp_xf_element *before = NULL;

    for (size_t i = 0; i < xf->name_count; i++) {
        const struct tp_xf_element *element = xf->names[i].element;

        if (element->kind != TP_XF_IS_REPEAT)
            continue;
        if (strcmp(element->name, xf->root_name) == 0)
            tp_xf_error(xf, &xf->survey, element->row, header(xf, "name", NULL), element->name,
                        "a repeat cannot be named '%.100s' like the form itself; choose another",
                        element->name);
        if (before && strcmp(before->name, element->name) == 0)
            tp_xf_error(xf, &xf->survey, element->row, header(xf, "name", NULL), element->name,
                        "'%.100s' is also the repeat in row %u; give each repeat a name of its own",
                        element->name, before->row);
        before = element;
    }
}

/* ---- questions ---- */

bool tp_xf_is_shown(const struct tp_xf_element *element)
{
    if (element->kind != TP_XF_IS_QUESTION || !element->type || !element->type->tag)
        return false;
    if (!tp_xf_attribute(&element->bind, "calculate") && !element->trigger)
        return true;
    return tp_xf_has_text(&element->label) || tp_xf_has_text(&element->hint);
}

static bool has_media(const struct tp_xf_element *element)
{
    for (unsigned m = 0; m < TP_XF_ALT; m++) {
        if (tp_xf_has_text(&element->media[m]))
            return true;
    }
    return false;
}

static void check_label(struct tp_xf *xf, struct tp_xf_element *element)
{
    const char *appearance = tp_xf_attribute(&element->control, "appearance");

    if (appearance && strcmp(appearance, "label") == 0 && !tp_xf_has_text(&element->label))
        element->label.plain = " ";
    if (!tp_xf_is_shown(element))
        return;
    /* pyxform takes a column 'media' that does not say which for something to see */
    if (!tp_xf_has_text(&element->label) && !tp_xf_has_text(&element->hint) && !has_media(element))
        (element->vague_media ? tp_xf_warn : tp_xf_error)(
            xf, &xf->survey, element->row, header(xf, "label", NULL), element->name,
            "'%.100s' has no label, so people would see an empty question; give it one",
            element->name);
    if (tp_xf_has_text(&element->media[TP_XF_BIG_IMAGE]) &&
        !tp_xf_has_text(&element->media[TP_XF_IMAGE]))
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "media", "big-image"), element->name,
                    "a big-image needs an image too; give '%.100s' one", element->name);
}

static bool declared(const struct tp_xf *xf, const char *name, size_t length)
{
    static const char *const known[] = {"h", "ev", "xsd", "jr", "orx", "odk", "xml"};
    const char *namespaces = tp_xf_setting(xf, "namespaces");

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i]) == length && strncmp(known[i], name, length) == 0)
            return true;
    }
    for (const char *p = namespaces ? namespaces : ""; *p; p += strcspn(p, " ")) {
        p += strspn(p, " ");
        if (strncmp(p, name, length) == 0 && p[length] == '=')
            return true;
    }
    return false;
}

/* Columns like body::foo:bar become attributes; they must be such. */
static void check_attributes(struct tp_xf *xf, const struct tp_xf_element *element,
                             const struct tp_xf_attributes *attributes, const char *group)
{
    for (size_t i = 0; i < attributes->count; i++) {
        const char *name = attributes->items[i].name;
        const char *colon = strchr(name, ':');

        if (!tp_xf_is_name(name) || (colon && !declared(xf, name, (size_t)(colon - name))))
            tp_xf_error(xf, &xf->survey, element->row, header(xf, group, name), name,
                        "'%.100s' cannot be used as a column; check its spelling%s", name,
                        colon ? ", or declare its prefix in the settings' column 'namespaces'"
                              : "");
    }
}

static bool add_action(struct tp_xf *xf, struct tp_xf_element *question,
                       struct tp_xf_element *source)
{
    void *items = xf->actions;

    if (!tp_xf_grow(&xf->arena, &items, xf->action_count, &xf->action_capacity,
                    sizeof(*xf->actions)))
        return false;
    xf->actions = items;
    xf->actions[xf->action_count++] = (struct tp_xf_action){question, source};
    return true;
}

/* What is calculated changes unseen, and one may count on that; the rest never changes. */
static void unseen_trigger(struct tp_xf *xf, const struct tp_xf_element *element,
                           const struct tp_xf_element *question)
{
    bool labelled = tp_xf_has_text(&question->label) || tp_xf_has_text(&question->hint);
    bool calculated =
        strcmp(question->type->name, "calculate") == 0 ||
        (!labelled && (question->trigger || tp_xf_attribute(&question->bind, "calculate")));

    (calculated ? tp_xf_error : tp_xf_warn)(
        xf, &xf->survey, element->row, header(xf, "trigger", NULL), element->trigger,
        "'%.100s' is not shown to anyone, so it cannot be a trigger; choose a question that people "
        "answer",
        question->name);
}

static bool check_trigger(struct tp_xf *xf, struct tp_xf_element *element,
                          const struct tp_xf_reference *reference)
{
    struct tp_xf_element *question = tp_xf_find(xf, reference->name, reference->name_length);

    if (!question || question->kind != TP_XF_IS_QUESTION) {
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "trigger", NULL), element->trigger,
                    "'${%.*s}' names no question; check the name",
                    (int)(reference->name_length > 100 ? 100 : reference->name_length),
                    reference->name);
        return true;
    }
    if (!question->type)
        return true;
    if (!tp_xf_is_shown(question))
        unseen_trigger(xf, element, question);
    return element->kind != TP_XF_IS_QUESTION || add_action(xf, question, element);
}

/* "${a}, ${b}": between two commas stands one reference, or nothing. */
static bool check_triggers(struct tp_xf *xf, struct tp_xf_element *element)
{
    const char *p = element->trigger;
    size_t found = 0;
    bool good = true;

    while (good && *p) {
        struct tp_xf_reference reference;
        size_t length = strcspn(p, ",");
        const char *start = p + strspn(p, " ");

        if (start < p + length) {
            good = tp_xf_next_reference(start, &reference) && reference.start == start &&
                   reference.end + strspn(reference.end, " ") == p + length;
            if (good && !check_trigger(xf, element, &reference))
                return false;
            found++;
        }
        p += length + (p[length] == ',');
    }
    if (!good || !found)
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "trigger", NULL), element->trigger,
                    "a trigger is written ${question}; several are parted by commas");
    return true;
}

/* select_multiple ${name}: what was chosen could not be told apart. */
static void check_answers(struct tp_xf *xf, const struct tp_xf_element *element)
{
    if (element->itemset && tp_xf_any_reference(element->itemset) &&
        strcmp(element->type->tag, "select") == 0)
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "type", NULL), element->type_text,
                    "earlier answers may hold spaces, which part the answers of a select_multiple; "
                    "use select_one or rank");
}

/* "x:name" is an element of another namespace, which the form must know. */
static void check_prefix(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const char *colon = strchr(element->name, ':');

    if (colon && !declared(xf, element->name, (size_t)(colon - element->name)))
        tp_xf_error(xf, &xf->survey, element->row, header(xf, "name", NULL), element->name,
                    "the ':' in '%.100s' says that another standard owns this name; write '_' in "
                    "its place, or declare the prefix in the settings' column 'namespaces'",
                    element->name);
}

static bool check_element(struct tp_xf *xf, struct tp_xf_element *element)
{
    struct tp_xf_attributes instance = element->instance;

    check_prefix(xf, element);
    check_attributes(xf, element, &element->bind, "bind");
    check_attributes(xf, element, &element->control, "control");
    check_attributes(xf, element, &instance, "instance");
    if (element->kind == TP_XF_IS_QUESTION) {
        check_label(xf, element);
        check_answers(xf, element);
    }
    if (element->trigger && !check_triggers(xf, element))
        return false;
    for (size_t i = 0; i < element->child_count; i++) {
        if (!check_element(xf, element->children[i]))
            return false;
    }
    return true;
}

static int by_question(const void *a, const void *b)
{
    const struct tp_xf_action *x = a;
    const struct tp_xf_action *y = b;

    if (x->question != y->question)
        return (x->question > y->question) - (x->question < y->question);
    return (x->source->row > y->source->row) - (x->source->row < y->source->row);
}

/* ---- sheets ---- */

static void check_sheets(struct tp_xf *xf)
{
    static const char *const known[] = {"survey", "choices", "settings", "consultation",
                                        "external_choices"};
    const struct tp_workbook_sheet *entities = tp_workbook_sheet(xf->workbook, "entities");
    struct tp_xf_table table = {.sheet = entities};

    if (entities && entities->count > 1)
        tp_xf_refuse(xf, &table, 0, NULL, NULL, "entities are not built here; remove the sheet");
    for (size_t i = 0; i < xf->workbook->count; i++) {
        const char *name = xf->workbook->sheets[i].name;
        const char *nearest = tp_xf_nearest(name, known, sizeof(known) / sizeof(known[0]));

        if (nearest && *name != '_' && tp_xf_distance(name, nearest) > 0 &&
            !tp_workbook_sheet(xf->workbook, nearest))
            tp_xf_warn(xf, NULL, 0, NULL, name,
                       "the sheet '%.100s' is passed by; did you mean '%s'? Start its name with "
                       "'_' if not",
                       name, nearest);
    }
}

/* ECMA-376 Part 1, 18.17.3. */
bool tp_xf_is_failed_formula(const char *text)
{
    static const char *const values[] = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!",
                                         "#NAME?", "#NUM!",   "#N/A"};

    for (size_t i = 0; *text == '#' && i < sizeof(values) / sizeof(values[0]); i++) {
        if (strcmp(values[i], text) == 0)
            return true;
    }
    return false;
}

void tp_xf_check_failed_formula(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                                const char *column, const char *text)
{
    if (tp_xf_is_failed_formula(text))
        tp_xf_error(
            xf, table, row, column, text,
            "'%s' is what the spreadsheet shows of a formula that failed; mend it, or write "
            "the words themselves",
            text);
}

/* A cell that no screen could show, or that nobody wrote, told where the author can find it. */
static void check_cell(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                       const char *column, const char *text)
{
    size_t length = strlen(text);

    if (length > TP_FORM_TEXT_MAX)
        tp_xf_error(xf, table, row, column, NULL,
                    "this cell has %zu KB of text, which nobody reads; use at most %u KB",
                    length >> 10, TP_FORM_TEXT_MAX >> 10);
    tp_xf_check_failed_formula(xf, table, row, column, text);
}

static void check_cells(struct tp_xf *xf, const struct tp_xf_table *table)
{
    for (size_t r = 1; table->sheet && r < table->sheet->count; r++) {
        const struct tp_workbook_row *row = &table->sheet->rows[r];

        for (size_t c = 0; c < row->count && c < table->count; c++) {
            const char *column = table->columns[c].header;

            if (column && *column != '_')
                check_cell(xf, table, row->number, column, tp_workbook_cell(row, c));
        }
    }
}

bool tp_xf_check_tree(struct tp_xf *xf)
{
    check_sheets(xf);
    check_cells(xf, &xf->survey);
    check_cells(xf, &xf->choices);
    check_cells(xf, &xf->external);
    if (!add_meta(xf) || !tp_xf_index_names(xf) || !check_siblings(xf, xf->root))
        return false;
    check_repeats(xf);
    tp_xf_check_references(xf);
    if (!check_element(xf, xf->root))
        return false;
    if (xf->action_count)
        qsort(xf->actions, xf->action_count, sizeof(*xf->actions), by_question);
    return true;
}
