/* The settings sheet: its header and the first row under it. */
#include <libxml/tree.h>
#include <string.h>

#include "form/xlsform_parts.h"

const char *tp_xf_setting(const struct tp_xf *xf, const char *name)
{
    return tp_xf_attribute(&xf->settings, name);
}

/* The file's name without its ending, as an XML name and a form ID want it. */
static const char *stem(struct tp_xf *xf)
{
    const char *dot = strrchr(xf->workbook->file, '.');
    size_t length = dot && dot != xf->workbook->file ? (size_t)(dot - xf->workbook->file)
                                                     : strlen(xf->workbook->file);

    return tp_xf_copy(&xf->arena, xf->workbook->file, length);
}

static void read_cell(struct tp_xf *xf, const struct tp_xf_column *column, const char *value)
{
    if (strcmp(column->tokens[0], "attribute") == 0 && column->count == 2)
        (void)tp_xf_set(xf, &xf->root_attributes, column->tokens[1], value);
    else if (column->count == 1)
        (void)tp_xf_set(xf, &xf->settings, column->tokens[0], value);
}

/* Where both are there, form_id counts and not its older name id_string. */
static bool is_older_id(const struct tp_xf_table *table, size_t index)
{
    if (strcmp(table->columns[index].header, "id_string") != 0)
        return false;
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].header && strcmp(table->columns[i].header, "form_id") == 0)
            return true;
    }
    return false;
}

static void check(struct tp_xf *xf, unsigned row)
{
    const struct tp_xf_table *table =
        &(struct tp_xf_table){.sheet = tp_workbook_sheet(xf->workbook, "settings")};
    const char *name = tp_xf_setting(xf, "name");
    const char *text;

    if (name && !tp_xf_is_name(name))
        tp_xf_error(xf, table, row, "name", name,
                    "'%.100s' cannot be a name; start with a letter and use letters, digits, "
                    "'_', '-' and '.'",
                    name);
    text = tp_xf_setting(xf, "flat");
    if (text && tp_xf_yes_no(text) != 0)
        tp_xf_refuse(xf, table, row, "flat", text,
                     "flat forms are not built here; remove the column 'flat'");
    text = tp_xf_setting(xf, "add_none_option");
    if (text && tp_xf_yes_no(text) != 0)
        tp_xf_refuse(
            xf, table, row, "add_none_option", text,
            "add 'None of these' to the choices yourself, with 'exclusive' set to yes, and "
            "remove the column 'add_none_option'");
    text = tp_xf_setting(xf, "omit_instanceID");
    if (text && tp_xf_yes_no(text) == 1 && tp_xf_setting(xf, "public_key"))
        tp_xf_error(xf, table, row, "omit_instanceID", text,
                    "an encrypted form needs its instanceID; remove 'omit_instanceID'");
}

bool tp_xf_read_settings(struct tp_xf *xf)
{
    struct tp_xf_table table;
    const char *language;
    const char *id;

    xf->default_language = "default";
    xf->root_name = "data";
    if (!tp_xf_read_headers(xf, TP_XF_SETTINGS, &table))
        return false;
    if (table.sheet && table.sheet->count > 1) {
        const struct tp_workbook_row *row = &table.sheet->rows[1];

        for (size_t i = 0; i < table.count; i++) {
            const char *value = tp_workbook_cell(row, i);

            if (table.columns[i].count && *value && !is_older_id(&table, i))
                read_cell(xf, &table.columns[i], tp_xf_clean(xf, value, false));
        }
        check(xf, row->number);
    }
    id = tp_xf_setting(xf, "id_string");
    if (!id && !tp_xf_set(xf, &xf->settings, "id_string", id = stem(xf)))
        return false;
    if (!tp_xf_setting(xf, "title") && !tp_xf_set(xf, &xf->settings, "title", id))
        return false;
    language = tp_xf_setting(xf, "default_language");
    if (language)
        xf->default_language = language;
    if (tp_xf_setting(xf, "name"))
        xf->root_name = tp_xf_setting(xf, "name");
    xf->keep_blanks = tp_xf_setting(xf, "clean_text_values") &&
                      tp_xf_yes_no(tp_xf_setting(xf, "clean_text_values")) == 0;
    return true;
}
