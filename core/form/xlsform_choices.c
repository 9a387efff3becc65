/* The choices and external_choices sheets: rows grouped into lists, each list in the sheet's order.
 */
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

struct entry {
    const char *list;
    struct tp_xf_choice choice;
    size_t order;
};

static int by_list(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = strcmp(x->list, y->list);

    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool media_cell(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                       const struct tp_xf_column *column, struct tp_xf_choice *choice,
                       const char *value)
{
    const char *language = column->count > 2 ? column->tokens[2] : NULL;

    for (unsigned m = 0; m < TP_XF_ALT && column->count > 1; m++) {
        if (strcmp(column->tokens[1], tp_xf_media_name(m)) == 0)
            return tp_xf_set_text(xf, &choice->media[m], language, value);
    }
    tp_xf_error(xf, table, row, column->header, value,
                "'%.100s' is not a kind of media; use media::image, media::audio or media::video",
                column->header);
    return true;
}

static bool extra_cell(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                       const struct tp_xf_column *column, struct tp_xf_choice *choice,
                       const char *value)
{
    /* Columns of notes ("my notes") and of languages nobody reads here are passed by. */
    if (column->count != 1 || strchr(column->tokens[0], ' '))
        return true;
    if (!tp_xf_is_name(column->tokens[0])) {
        tp_xf_error(xf, table, row, column->header, value,
                    "'%.100s' cannot be a column's name on this sheet; start with a letter and use "
                    "letters, digits, '_', '-' and '.', or start it with '_' to keep notes",
                    column->header);
        return true;
    }
    return tp_xf_set(xf, &choice->extra, column->tokens[0], value);
}

static bool read_cell(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                      const struct tp_xf_column *column, const char *value, struct entry *entry)
{
    const char *language = column->count > 1 ? column->tokens[1] : NULL;

    bool single =
        strcmp(column->tokens[0], "list name") == 0 || strcmp(column->tokens[0], "name") == 0;

    if (single && language)
        tp_xf_no_languages(xf, table, row, column, value);
    if (strcmp(column->tokens[0], "list name") == 0)
        entry->list = value;
    else if (strcmp(column->tokens[0], "name") == 0)
        entry->choice.name = value;
    else if (strcmp(column->tokens[0], "label") == 0)
        return tp_xf_set_text(xf, &entry->choice.label, language, value);
    else if (strcmp(column->tokens[0], "image_alt") == 0)
        return tp_xf_set_text(xf, &entry->choice.media[TP_XF_ALT], language, value);
    else if (strcmp(column->tokens[0], "media") == 0)
        return media_cell(xf, table, row, column, &entry->choice, value);
    else
        return extra_cell(xf, table, row, column, &entry->choice, value);
    return true;
}

static bool read_row(struct tp_xf *xf, const struct tp_xf_table *table,
                     const struct tp_workbook_row *row, struct entry *entry)
{
    size_t count = row->count < table->count ? row->count : table->count;

    entry->choice.row = row->number;
    for (size_t i = 0; i < count; i++) {
        const char *value = tp_workbook_cell(row, i);

        if (*value && table->columns[i].count &&
            !read_cell(xf, table, row->number, &table->columns[i], tp_xf_clean(xf, value, false),
                       entry))
            return false;
    }
    tp_xf_settle(xf, &entry->choice.label);
    for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++)
        tp_xf_settle(xf, &entry->choice.media[m]);
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct tp_xf_choice *x = *(const struct tp_xf_choice *const *)a;
    const struct tp_xf_choice *y = *(const struct tp_xf_choice *const *)b;
    int order = strcmp(x->name, y->name);

    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static bool check_twins(struct tp_xf *xf, const struct tp_xf_table *table,
                        const struct tp_xf_list *list)
{
    const struct tp_xf_choice **sorted =
        tp_xf_alloc(&xf->arena, list->count, sizeof(struct tp_xf_choice *));
    size_t count = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        if (*list->choices[i].name)
            sorted[count++] = &list->choices[i];
    }
    qsort(sorted, count, sizeof(struct tp_xf_choice *), by_name);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i]->name, sorted[i - 1]->name) == 0)
            tp_xf_error(xf, table, sorted[i]->row, tp_xf_header(table, "name", NULL),
                        sorted[i]->name,
                        "the list '%.100s' has '%.100s' twice (also in row %u); give each choice a "
                        "name of its own, or set allow_choice_duplicates to yes on the settings "
                        "sheet",
                        list->name, sorted[i]->name, sorted[i - 1]->row);
    }
    return true;
}

static bool finish_list(struct tp_xf *xf, const struct tp_xf_table *table, struct tp_xf_list *list,
                        bool twins)
{
    for (size_t i = 0; i < list->count; i++) {
        struct tp_xf_choice *choice = &list->choices[i];

        if (!choice->name) {
            tp_xf_error(xf, table, choice->row, tp_xf_header(table, "name", NULL), NULL,
                        "this choice of the list '%.100s' has no name; give it a short code",
                        list->name);
            choice->name = "";
        }
        if (!tp_xf_has_text(&choice->label) && !list->external)
            tp_xf_warn(xf, table, choice->row, tp_xf_header(table, "label", NULL), choice->name,
                       "this choice has no label, so people see nothing; give it one");
        if (choice->label.count || tp_xf_any_reference(choice->label.plain))
            list->needs_itext = true;
        for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++)
            list->needs_itext = list->needs_itext || tp_xf_has_text(&choice->media[m]);
    }
    return twins || check_twins(xf, table, list);
}

static bool make_lists(struct tp_xf *xf, const struct tp_xf_table *table, struct entry *entries,
                       size_t count, bool external)
{
    const char *allowed = tp_xf_setting(xf, "allow_choice_duplicates");
    bool twins = external || (allowed && tp_xf_yes_no(allowed) == 1);
    size_t end;

    qsort(entries, count, sizeof(*entries), by_list);
    for (size_t i = 0; i < count; i = end) {
        struct tp_xf_list *list = &xf->lists[xf->list_count++];

        for (end = i; end < count && strcmp(entries[end].list, entries[i].list) == 0; end++)
            ;
        *list = (struct tp_xf_list){
            .name = entries[i].list, .count = end - i, .capacity = end - i, .external = external};
        list->choices = tp_xf_alloc(&xf->arena, list->count, sizeof(*list->choices));
        if (!list->choices)
            return false;
        for (size_t k = 0; k < list->count; k++)
            list->choices[k] = entries[i + k].choice;
        if (!finish_list(xf, table, list, twins))
            return false;
    }
    return true;
}

static bool check_columns(struct tp_xf *xf, const struct tp_xf_table *table)
{
    bool named = false;
    bool listed = false;

    for (size_t i = 0; i < table->count; i++) {
        const struct tp_xf_column *column = &table->columns[i];

        if (!column->count)
            continue;
        named = named || strcmp(column->tokens[0], "name") == 0;
        listed = listed || strcmp(column->tokens[0], "list name") == 0;
        if (strchr(column->tokens[0], ' ') && strcmp(column->tokens[0], "list name") != 0)
            tp_xf_warn(xf, table, table->sheet->rows[0].number, column->header, column->header,
                       "the column '%.100s' is passed by, because its name has a space",
                       column->header);
    }
    if (!named)
        tp_xf_error(xf, table, table->sheet->rows[0].number, NULL, NULL,
                    "the sheet has no column 'name'; add it, with a short code for each choice");
    if (!listed)
        tp_xf_error(xf, table, table->sheet->rows[0].number, NULL, NULL,
                    "the sheet has no column 'list_name'; add it, with the list each choice is of");
    return named && listed;
}

static bool read_sheet(struct tp_xf *xf, enum tp_xf_sheet which, struct tp_xf_table *table)
{
    struct entry *entries;
    size_t rows;
    size_t count = 0;

    if (!tp_xf_read_headers(xf, which, table))
        return false;
    if (!table->sheet || table->sheet->count < 2 || !check_columns(xf, table))
        return true;
    rows = table->sheet->count - 1;
    entries = tp_xf_alloc(&xf->arena, rows, sizeof(*entries));
    if (!entries)
        return false;
    for (size_t i = 0; i < rows; i++) {
        entries[count] = (struct entry){.order = i};
        if (!read_row(xf, table, &table->sheet->rows[i + 1], &entries[count]))
            return false;
        /* A row without a list is a note. */
        count += entries[count].list != NULL;
    }
    return make_lists(xf, table, entries, count, which == TP_XF_EXTERNAL);
}

static int list_order(const void *a, const void *b)
{
    const struct tp_xf_list *x = a;
    const struct tp_xf_list *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : (int)x->external - (int)y->external;
}

bool tp_xf_read_choices(struct tp_xf *xf)
{
    const struct tp_workbook_sheet *choices = tp_workbook_sheet(xf->workbook, "choices");
    const struct tp_workbook_sheet *external = tp_workbook_sheet(xf->workbook, "external_choices");
    size_t most = (choices ? choices->count : 0) + (external ? external->count : 0);

    xf->lists = tp_xf_alloc(&xf->arena, most + 1, sizeof(*xf->lists));
    if (!xf->lists || !read_sheet(xf, TP_XF_CHOICES, &xf->choices) ||
        !read_sheet(xf, TP_XF_EXTERNAL, &xf->external))
        return false;
    qsort(xf->lists, xf->list_count, sizeof(*xf->lists), list_order);
    return true;
}

struct tp_xf_list *tp_xf_list(const struct tp_xf *xf, const char *name, bool external)
{
    struct tp_xf_list key = {.name = name, .external = external};

    if (!xf->list_count)
        return NULL;
    return bsearch(&key, xf->lists, xf->list_count, sizeof(*xf->lists), list_order);
}
