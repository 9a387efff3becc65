/* select_one, select_multiple, rank, and their relatives that take choices from a file, from
 * another sheet or from earlier answers. */
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

static const char *type_header(const struct tp_xf *xf)
{
    return tp_xf_header(&xf->survey, "type", NULL);
}

/* ".csv", ".xml", ".geojson": a file of choices. */
static bool is_file(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && dot != name &&
           (strcmp(dot, ".csv") == 0 || strcmp(dot, ".xml") == 0 || strcmp(dot, ".geojson") == 0);
}

static bool missing_list(struct tp_xf *xf, const struct tp_xf_element *element, const char *name,
                         bool external)
{
    const char *sheet = external ? "external_choices" : "choices";
    const char **names = tp_xf_alloc(&xf->arena, xf->list_count + 1, sizeof(const char *));
    const char *nearest;
    size_t count = 0;

    if (!names)
        return false;
    for (size_t i = 0; i < xf->list_count && xf->problems->count < 40; i++) {
        if (xf->lists[i].external == external)
            names[count++] = xf->lists[i].name;
    }
    nearest = tp_xf_nearest(name, names, count);
    if (!tp_workbook_sheet(xf->workbook, sheet))
        tp_xf_error(xf, &xf->survey, element->row, type_header(xf), element->type_text,
                    "there is no sheet '%s' with the choices of '%.100s'; add it, with the columns "
                    "list_name, name and label",
                    sheet, name);
    else if (nearest)
        tp_xf_error(xf, &xf->survey, element->row, type_header(xf), element->type_text,
                    "the sheet '%s' has no list '%.100s'; did you mean '%.100s'?", sheet, name,
                    nearest);
    else
        tp_xf_error(xf, &xf->survey, element->row, type_header(xf), element->type_text,
                    "the sheet '%s' has no list '%.100s'; add its choices there", sheet, name);
    return true;
}

static void check_spaces(struct tp_xf *xf, const struct tp_xf_element *element,
                         const struct tp_xf_list *list)
{
    const struct tp_xf_table *table = list->external ? &xf->external : &xf->choices;

    for (size_t i = 0; i < list->count; i++) {
        if (strchr(list->choices[i].name, ' '))
            tp_xf_error(xf, table, list->choices[i].row, tp_xf_header(table, "name", NULL),
                        list->choices[i].name,
                        "'%.100s' has a space, but '%.100s' lets people choose several, and spaces "
                        "part their answers; write it without spaces",
                        list->choices[i].name, element->name);
    }
}

/* ---- "or_other" ---- */

static bool add_other_choice(struct tp_xf *xf, struct tp_xf_list *list)
{
    struct tp_xf_choice other = {.name = "other"};
    void *choices = list->choices;

    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->choices[i].name, "other") == 0)
            return true;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct tp_xf_text *label = &list->choices[i].label;

        for (size_t k = 0; k < label->count; k++) {
            if (!tp_xf_set_text(xf, &other.label, label->items[k].language, "Other"))
                return false;
        }
    }
    if (!other.label.count)
        other.label.plain = "Other";
    if (!tp_xf_grow(&xf->arena, &choices, list->count, &list->capacity, sizeof(*list->choices)))
        return false;
    list->choices = choices;
    list->choices[list->count++] = other;
    return true;
}

static bool add_other_question(struct tp_xf *xf, const struct tp_xf_element *select)
{
    struct tp_xf_element *question =
        tp_xf_add_element(xf, select->parent, TP_XF_IS_QUESTION,
                          tp_xf_printf(&xf->arena, "%s_other", select->name), 0);

    if (!question)
        return false;
    question->made_in = select->row;
    question->type = tp_xf_type("text");
    question->type_text = "text";
    question->label.plain = "Specify other.";
    return tp_xf_set(xf, &question->bind, "relevant",
                     tp_xf_printf(&xf->arena, "selected(../%s, 'other')", select->name));
}

static bool or_other(struct tp_xf *xf, struct tp_xf_element *element, struct tp_xf_list *list)
{
    if (element->choice_filter) {
        tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "choice_filter", NULL),
                    element->choice_filter,
                    "a choice_filter does not go with 'or_other'; add the choice 'other' to the "
                    "list and a text question after this one");
        return true;
    }
    if (!list) {
        tp_xf_error(xf, &xf->survey, element->row, type_header(xf), element->type_text,
                    "'or_other' needs a list of the choices sheet; add the other answer as a text "
                    "question after this one");
        return true;
    }
    return add_other_choice(xf, list) && add_other_question(xf, element);
}

/* ---- parameters, search(), tables ---- */

static void check_randomize(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const char *randomize = tp_xf_attribute(&element->parameters, "randomize");
    const char *seed = tp_xf_attribute(&element->parameters, "seed");
    const char *header = tp_xf_header(&xf->survey, "parameters", NULL);
    char *end;

    if (randomize && strcmp(randomize, "true") != 0 && strcmp(randomize, "false") != 0)
        tp_xf_error(xf, &xf->survey, element->row, header, randomize,
                    "randomize must be true or false: randomize=true");
    if (!seed)
        return;
    if (!randomize) {
        tp_xf_error(xf, &xf->survey, element->row, header, seed,
                    "seed goes with randomize=true; add that or remove seed");
        return;
    }
    if (tp_xf_only_reference(seed))
        return;
    (void)strtod(seed, &end);
    if (end == seed || *end)
        tp_xf_error(xf, &xf->survey, element->row, header, seed,
                    "seed must be a number or ${question}");
}

static void check_file_columns(struct tp_xf *xf, const struct tp_xf_element *element)
{
    static const char *const names[] = {"value", "label"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = tp_xf_attribute(&element->parameters, names[i]);

        if (value && !tp_xf_is_name(value))
            tp_xf_error(xf, &xf->survey, element->row,
                        tp_xf_header(&xf->survey, "parameters", NULL), value,
                        "'%.60s' cannot be a column of the file; %s=... takes a column's name",
                        value, names[i]);
    }
}

static bool uses_search(const struct tp_xf_element *element)
{
    const char *appearance = tp_xf_attribute(&element->control, "appearance");
    const char *call = appearance ? strstr(appearance, "search(") : NULL;

    return call && strchr(call, ')');
}

static bool make_table_header(struct tp_xf *xf, struct tp_xf_element *element)
{
    struct tp_xf_element *group = element->parent;
    struct tp_xf_element *header;

    if (element->choice_filter)
        tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "choice_filter", NULL),
                    element->choice_filter,
                    "a choice_filter does not go with table-list; remove one of them");
    header = tp_xf_add_element(
        xf, group, TP_XF_IS_QUESTION,
        tp_xf_printf(&xf->arena, "reserved_name_for_field_list_labels_%u", element->row), 0);
    if (!header)
        return false;
    header->made_in = element->row;
    header->type = element->type;
    header->type_text = element->type_text;
    header->itemset = element->itemset;
    header->external = element->external;
    /* It stands before the question that brought it. */
    group->children[group->child_count - 2] = header;
    group->children[group->child_count - 1] = element;
    xf->table_list = element->itemset;
    return tp_xf_set(xf, &header->control, "appearance", "label");
}

static bool table_row(struct tp_xf *xf, struct tp_xf_element *element)
{
    if (!xf->in_table)
        return true;
    if (!xf->table_list && !make_table_header(xf, element))
        return false;
    if (strcmp(xf->table_list, element->itemset) != 0)
        tp_xf_error(xf, &xf->survey, element->row, type_header(xf), element->type_text,
                    "the questions of a table-list share one list; this one has '%.60s', the first "
                    "has '%.60s'",
                    element->itemset, xf->table_list);
    if (uses_search(element))
        tp_xf_warn(xf, &xf->survey, element->row,
                   tp_xf_header(&xf->survey, "control", "appearance"),
                   tp_xf_attribute(&element->control, "appearance"),
                   "search() does not go with table-list and is passed by; remove one of them");
    return tp_xf_set(xf, &element->control, "appearance", "list-nolabel");
}

static bool set_type(struct tp_xf_element *element, const struct tp_xf_select *select)
{
    switch (select->command) {
    case TP_XF_SELECT_MULTIPLE:
        element->type = tp_xf_type("select all that apply");
        break;
    case TP_XF_RANK:
        element->type = tp_xf_type("rank");
        break;
    case TP_XF_SELECT_ONE:
    case TP_XF_SELECT_ONE_EXTERNAL:
    case TP_XF_NO_SELECT:
        element->type = tp_xf_type("select one");
        break;
    }
    element->itemset = select->list;
    element->external = select->command == TP_XF_SELECT_ONE_EXTERNAL;
    return true;
}

static void check_parameters(struct tp_xf *xf, const struct tp_xf_element *element, bool from_file)
{
    static const char *const of_list[] = {"randomize", "seed", NULL};
    static const char *const of_file[] = {"randomize", "seed", "label", "value", NULL};

    tp_xf_check_parameters(xf, element, from_file ? of_file : of_list);
    check_randomize(xf, element);
    if (from_file)
        check_file_columns(xf, element);
}

static void mark_search(struct tp_xf *xf, struct tp_xf_element *element, struct tp_xf_list *list)
{
    if (!uses_search(element)) {
        if (list)
            list->listed = true;
        return;
    }
    if (!list) {
        tp_xf_error(xf, &xf->survey, element->row,
                    tp_xf_header(&xf->survey, "control", "appearance"),
                    tp_xf_attribute(&element->control, "appearance"),
                    "search() does not go with choices from a file; remove one of them");
        return;
    }
    element->searches = true;
    list->searched = true;
}

bool tp_xf_finish_select(struct tp_xf *xf, struct tp_xf_element *element,
                         const struct tp_xf_select *select)
{
    /* The choices of select_one_external stand on its sheet, nowhere else. */
    bool elsewhere = select->command != TP_XF_SELECT_ONE_EXTERNAL;
    bool file = elsewhere && is_file(select->list);
    bool reference = elsewhere && tp_xf_any_reference(select->list);
    struct tp_xf_list *list;

    (void)set_type(element, select);
    if (tp_xf_attribute(&element->bind, "type"))
        tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "bind", "type"),
                    tp_xf_attribute(&element->bind, "type"),
                    "the data type of a choice is its name; remove the column");
    check_parameters(xf, element, select->from_file);
    list = file || reference ? NULL : tp_xf_list(xf, select->list, element->external);
    if (select->from_file && !file) {
        tp_xf_error(xf, &xf->survey, element->row, type_header(xf), element->type_text,
                    "'%.100s' is not a file of choices; its name must end in .csv, .xml or "
                    ".geojson",
                    select->list);
        return true;
    }
    if (!list && !file && !reference)
        return missing_list(xf, element, select->list, element->external);
    if (list && select->command == TP_XF_SELECT_MULTIPLE)
        check_spaces(xf, element, list);
    if (!table_row(xf, element))
        return false;
    mark_search(xf, element, list);
    if (list)
        list->used = true;
    return !select->or_other || or_other(xf, element, list);
}
