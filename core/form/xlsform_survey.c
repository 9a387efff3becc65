/* The survey sheet: rows become a tree of questions, groups and repeats. */
#include <string.h>

#include "form/xlsform_row.h"

struct tp_xf_element *tp_xf_add_element(struct tp_xf *xf, struct tp_xf_element *parent,
                                        enum tp_xf_kind kind, const char *name, unsigned row)
{
    struct tp_xf_element *element = tp_xf_alloc(&xf->arena, 1, sizeof(*element));
    void *children = parent ? parent->children : NULL;

    if (!element)
        return NULL;
    *element = (struct tp_xf_element){.kind = kind, .name = name, .row = row, .parent = parent};
    if (!parent)
        return element;
    /* a repeat stands in a group of its own */
    element->depth = parent->depth + (kind == TP_XF_IS_REPEAT ? 2 : 1);
    if (!tp_xf_grow(&xf->arena, &children, parent->child_count, &parent->child_capacity,
                    sizeof(struct tp_xf_element *)))
        return NULL;
    parent->children = children;
    parent->children[parent->child_count++] = element;
    return element;
}

static const char *header(const struct tp_xf_survey *survey, const char *name)
{
    return tp_xf_header(&survey->table[0], name, NULL);
}

/* ---- rows ---- */

static struct tp_xf_element *add(struct tp_xf_survey *survey, const struct tp_xf_row *row,
                                 enum tp_xf_kind kind)
{
    struct tp_xf_element *parent = survey->parent;
    struct tp_xf_element *element =
        tp_xf_add_element(survey->xf, parent, kind, row->name, row->number);

    if (!element)
        return NULL;
    element->label = row->cells.label;
    element->hint = row->cells.hint;
    /* A group has no hint that guidance could stand behind. */
    if (kind == TP_XF_IS_QUESTION)
        element->guidance = row->cells.guidance;
    element->constraint_message = row->cells.constraint_message;
    element->required_message = row->cells.required_message;
    element->no_app_message = row->cells.no_app_message;
    memcpy(element->media, row->cells.media, sizeof(element->media));
    element->vague_media = row->cells.vague_media;
    element->bind = row->cells.bind;
    element->control = row->cells.control;
    element->instance = row->cells.instance;
    element->default_value = row->cells.default_value;
    element->choice_filter = row->cells.choice_filter;
    element->trigger = row->trigger;
    element->type_text = row->type;
    return element;
}

static bool check_name(struct tp_xf_survey *survey, struct tp_xf_row *row)
{
    if (!row->name && strcmp(row->type, "note") == 0)
        row->name = tp_xf_printf(&survey->xf->arena, "generated_note_name_%u", row->number);
    if (!row->name) {
        tp_xf_error(survey->xf, survey->table, row->number, header(survey, "name"), row->type,
                    "this row has no name; give it a short one without spaces (library_visits)");
        return false;
    }
    if (!tp_xf_is_name(row->name)) {
        tp_xf_error(survey->xf, survey->table, row->number, header(survey, "name"), row->name,
                    "'%.100s' cannot be a name; start with a letter and use letters, digits, '_', "
                    "'-' and '.', without spaces",
                    row->name);
        return false;
    }
    if (strcmp(row->name, "meta") == 0) {
        tp_xf_error(survey->xf, survey->table, row->number, header(survey, "name"), row->name,
                    "the name 'meta' is kept for the form itself; choose another");
        return false;
    }
    return true;
}

/* A count that is not simply ${question} gets a calculated node of its own. */
static bool repeat_count(struct tp_xf_survey *survey, const struct tp_xf_row *row)
{
    struct tp_xf *xf = survey->xf;
    const char *count = tp_xf_attribute(&row->cells.control, "jr:count");
    struct tp_xf_element *node;

    if (!count || tp_xf_only_reference(count))
        return true;
    node = tp_xf_add_element(xf, survey->parent, TP_XF_IS_QUESTION,
                             tp_xf_printf(&xf->arena, "%s_count", row->name), 0);
    if (!node)
        return false;
    node->type = tp_xf_type("calculate");
    node->made_in = row->number;
    return tp_xf_set(xf, &node->bind, "readonly", "true()") &&
           tp_xf_set(xf, &node->bind, "calculate", count);
}

static bool use_count_node(struct tp_xf *xf, struct tp_xf_element *repeat)
{
    const char *count = tp_xf_attribute(&repeat->control, "jr:count");

    if (!count || tp_xf_only_reference(count))
        return true;
    repeat->repeat_count = count;
    return tp_xf_set(xf, &repeat->control, "jr:count",
                     tp_xf_printf(&xf->arena, "${%s_count}", repeat->name));
}

/* appearance "table-list w1": the group becomes a field-list whose label is a note in it. */
static bool table_list(struct tp_xf_survey *survey, struct tp_xf_element *group)
{
    struct tp_xf *xf = survey->xf;
    const char *appearance = tp_xf_attribute(&group->control, "appearance");
    const char *found = appearance ? strstr(appearance, "table-list") : NULL;
    struct tp_xf_element *note;
    const char *rest;

    if (!found || (found != appearance && found[-1] != ' ') || (found[10] && found[10] != ' '))
        return true;
    xf->in_table = true;
    xf->table_list = NULL;
    rest = tp_xf_printf(&xf->arena, "field-list %.*s%s", (int)(found - appearance), appearance,
                        found[10] ? found + 11 : "");
    if (!tp_xf_set(xf, &group->control, "appearance",
                   tp_xf_copy(&xf->arena, rest, strlen(rest) - (rest[strlen(rest) - 1] == ' '))))
        return false;
    if (!tp_xf_has_text(&group->label) && !tp_xf_has_text(&group->hint))
        return true;
    note =
        tp_xf_add_element(xf, group, TP_XF_IS_QUESTION,
                          tp_xf_printf(&xf->arena, "generated_table_list_label_%u", group->row), 0);
    if (!note)
        return false;
    note->made_in = group->row;
    note->type = tp_xf_type("note");
    note->type_text = "note";
    note->label = group->label;
    note->hint = group->hint;
    group->label = (struct tp_xf_text){0};
    group->hint = (struct tp_xf_text){0};
    return tp_xf_set(xf, &note->bind, "readonly", "true()");
}

static void check_loop(struct tp_xf_survey *survey, struct tp_xf_element *element, const char *list)
{
    element->loop = list ? list : "";
    if (!list || !tp_xf_list(survey->xf, list, false))
        tp_xf_error(survey->xf, survey->table, element->row, header(survey, "type"),
                    element->type_text,
                    "a loop names a list of the choices sheet: begin_loop over cities");
}

static bool begin(struct tp_xf_survey *survey, struct tp_xf_row *row, enum tp_xf_control control,
                  const char *list)
{
    struct tp_xf *xf = survey->xf;
    struct tp_xf_element *element;

    if (!check_name(survey, row))
        row->name = tp_xf_printf(&xf->arena, "unnamed_%u", row->number);
    if (survey->parent->depth >= TP_XF_DEPTH_MAX) {
        tp_xf_error(xf, survey->table, row->number, header(survey, "type"), row->type,
                    "groups are nested more than %u deep; use fewer levels", TP_XF_DEPTH_MAX);
        return false;
    }
    if (control == TP_XF_REPEAT && !repeat_count(survey, row))
        return false;
    element = add(survey, row, control == TP_XF_REPEAT ? TP_XF_IS_REPEAT : TP_XF_IS_GROUP);
    if (!element)
        return false;
    if (control == TP_XF_REPEAT && !use_count_node(xf, element))
        return false;
    tp_xf_check_appearance(xf, element);
    survey->parent = element;
    if (control == TP_XF_LOOP)
        check_loop(survey, element, list);
    return table_list(survey, element);
}

static enum tp_xf_control control_of(const struct tp_xf_element *element)
{
    if (element->loop)
        return TP_XF_LOOP;
    return element->kind == TP_XF_IS_REPEAT ? TP_XF_REPEAT : TP_XF_GROUP;
}

static bool end(struct tp_xf_survey *survey, const struct tp_xf_row *row,
                enum tp_xf_control control)
{
    struct tp_xf_element *parent = survey->parent;
    const struct tp_xf_list *list;

    if (!parent->parent) {
        tp_xf_error(survey->xf, survey->table, row->number, header(survey, "type"), row->type,
                    "'%.40s' ends nothing; remove it, or add the begin row that is missing",
                    row->type);
        return true;
    }
    if (control_of(parent) != control)
        tp_xf_error(survey->xf, survey->table, row->number, header(survey, "type"), row->type,
                    "'%.40s' does not fit '%.40s' of '%.100s' in row %u; end that first", row->type,
                    parent->type_text, parent->name, parent->row);
    survey->parent = parent->parent;
    survey->xf->in_table = false;
    list = parent->loop ? tp_xf_list(survey->xf, parent->loop, false) : NULL;
    return !list || tp_xf_expand_loop(survey->xf, parent, list);
}

/* Types that are settings in disguise: form_title, form_id. */
static bool is_setting(struct tp_xf_survey *survey, const struct tp_xf_row *row)
{
    struct tp_xf *xf = survey->xf;

    if (strcmp(row->type, "form_title") == 0 || strcmp(row->type, "set_form_title") == 0 ||
        strcmp(row->type, "set form title") == 0)
        return tp_xf_set(xf, &xf->settings, "title", row->name ? row->name : "");
    if (strcmp(row->type, "form_id") == 0 || strcmp(row->type, "set_form_id") == 0 ||
        strcmp(row->type, "set form id") == 0)
        return tp_xf_set(xf, &xf->settings, "id_string", row->name ? row->name : "");
    return false;
}

static bool check_audit(struct tp_xf_survey *survey, const struct tp_xf_row *row,
                        const struct tp_xf_attribute *parameter)
{
    struct tp_xf *xf = survey->xf;
    bool reasons = strcmp(parameter->name, "track-changes-reasons") == 0;
    bool yes_no = strcmp(parameter->name, "track-changes") == 0 ||
                  strcmp(parameter->name, "identify-user") == 0;
    const char *value = parameter->value;

    if (strncmp(parameter->name, "location", 8) == 0) {
        tp_xf_refuse(xf, survey->table, row->number, header(survey, "parameters"), row->parameters,
                     "'%.60s=%.60s': %s", parameter->name, value,
                     tp_xf_refusal_text(TP_XF_NO_LOCATION));
        return false;
    }
    if ((reasons && strcmp(value, "on-form-edit") == 0) ||
        (yes_no && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)))
        return true;
    tp_xf_error(xf, survey->table, row->number, header(survey, "parameters"), row->parameters,
                "'%.60s=%.60s' is not a parameter of audit; remove it", parameter->name, value);
    return false;
}

/* Kept as the empty node that other tools expect; nothing is ever recorded in it. */
static bool audit(struct tp_xf_survey *survey, const struct tp_xf_row *row)
{
    struct tp_xf *xf = survey->xf;
    struct tp_xf_element *element = tp_xf_alloc(&xf->arena, 1, sizeof(*element));

    if (!element)
        return false;
    *element = (struct tp_xf_element){.kind = TP_XF_IS_QUESTION,
                                      .type = tp_xf_type("audit"),
                                      .name = "audit",
                                      .row = row->number,
                                      .bind = row->cells.bind};
    if (row->name && strcmp(row->name, "audit") != 0)
        tp_xf_error(xf, survey->table, row->number, header(survey, "name"), row->name,
                    "an audit is always named 'audit'; leave its name empty");
    tp_xf_warn(xf, survey->table, row->number, header(survey, "type"), row->type,
               "'audit' stays empty: Talkpoint keeps no record of when a person touched what");
    if (xf->audit)
        tp_xf_error(xf, survey->table, row->number, header(survey, "type"), row->type,
                    "row %u is an audit already; remove one of them", xf->audit->row);
    if (!tp_xf_parse_parameters(xf, element, row->parameters))
        return false;
    for (size_t i = 0; i < element->parameters.count; i++) {
        const struct tp_xf_attribute *parameter = &element->parameters.items[i];

        if (!check_audit(survey, row, parameter))
            continue;
        if (!tp_xf_set(xf, &element->bind, tp_xf_printf(&xf->arena, "odk:%s", parameter->name),
                       parameter->value))
            return false;
    }
    xf->audit = element;
    return true;
}

static bool question(struct tp_xf_survey *survey, struct tp_xf_row *row)
{
    struct tp_xf *xf = survey->xf;
    struct tp_xf_element *element;

    if (strcmp(row->type, "audit") == 0)
        return audit(survey, row);
    if (!check_name(survey, row))
        return true;
    element = add(survey, row, TP_XF_IS_QUESTION);
    if (!element || !tp_xf_parse_parameters(xf, element, row->parameters))
        return false;
    return tp_xf_question(xf, element);
}

static bool read_row(struct tp_xf_survey *survey, const struct tp_workbook_row *from)
{
    struct tp_xf *xf = survey->xf;
    enum tp_xf_control control;
    const char *list;
    struct tp_xf_row row;

    if (!tp_xf_read_cells(survey, from, &row))
        return false;
    if (!row.any || (row.disabled && tp_xf_yes_no(row.disabled) == 1))
        return true;
    if (!row.type) {
        if (row.name || tp_xf_has_text(&row.cells.label))
            tp_xf_error(xf, survey->table, row.number, header(survey, "type"), NULL,
                        "this row has no type; say what kind of question it is (text, select_one "
                        "..., note)");
        return true;
    }
    if (is_setting(survey, &row))
        return true;
    control = tp_xf_end(row.type);
    if (control)
        return end(survey, &row, control);
    control = tp_xf_begin(&xf->arena, row.type, &list);
    if (control)
        return begin(survey, &row, control, list);
    return question(survey, &row);
}

static bool check_columns(struct tp_xf *xf, const struct tp_xf_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].count && strcmp(table->columns[i].tokens[0], "type") == 0)
            return true;
    }
    tp_xf_error(xf, table, table->sheet->count ? table->sheet->rows[0].number : 0, NULL, NULL,
                "the sheet has no column 'type'; its first row must name the columns: type, name, "
                "label");
    return false;
}

static bool no_survey(struct tp_xf *xf)
{
    const char *file = xf->workbook->file;
    bool csv = strlen(file) > 4 && strcmp(file + strlen(file) - 4, ".csv") == 0;
    const char *nearest = NULL;

    for (size_t i = 0; i < xf->workbook->count && !nearest; i++) {
        if (tp_xf_distance(xf->workbook->sheets[i].name, "survey") <= 2)
            nearest = xf->workbook->sheets[i].name;
    }
    tp_xf_error(
        xf, NULL, 0, NULL, NULL,
        "the workbook has no sheet named 'survey'%s%.100s%s; name the sheet with the "
        "questions so%s",
        nearest ? " (there is '" : "", nearest ? nearest : "", nearest ? "')" : "",
        csv ? ": in a .csv its name stands alone in the first column, above the sheet's rows" : "");
    return true;
}

bool tp_xf_read_survey(struct tp_xf *xf)
{
    struct tp_xf_survey survey = {.xf = xf, .table = &xf->survey};

    xf->root = tp_xf_add_element(xf, NULL, TP_XF_IS_GROUP, xf->root_name, 0);
    if (!xf->root || !tp_xf_read_headers(xf, TP_XF_SURVEY, &xf->survey))
        return false;
    survey.parent = xf->root;
    if (!xf->survey.sheet)
        return no_survey(xf);
    if (!check_columns(xf, &xf->survey))
        return true;
    for (size_t i = 1; i < xf->survey.sheet->count; i++) {
        if (!read_row(&survey, &xf->survey.sheet->rows[i]))
            return false;
    }
    for (; survey.parent->parent; survey.parent = survey.parent->parent)
        tp_xf_error(xf, &xf->survey, survey.parent->row, header(&survey, "type"),
                    survey.parent->type_text,
                    "'%.40s' of '%.100s' is never ended; add a row with the type '%s'",
                    survey.parent->type_text, survey.parent->name,
                    survey.parent->kind == TP_XF_IS_REPEAT ? "end_repeat"
                    : survey.parent->loop                  ? "end_loop"
                                                           : "end_group");
    return true;
}
