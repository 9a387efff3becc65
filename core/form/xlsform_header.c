/* Column headers: their older names, languages and groups ("bind::relevant", "label::Polish (pl)"),
 * taken apart as pyxform does. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* A header longer than this is a cell of text in the wrong row. */
#define HEADER_MAX 512u

struct alias {
    const char *name;
    const char *first;
    const char *second; /* NULL: one token */
};

static const struct alias survey_aliases[] = {
    {"read_only", "bind", "readonly"},
    {"readonly", "bind", "readonly"},
    {"relevant", "bind", "relevant"},
    {"relevance", "bind", "relevant"},
    {"required", "bind", "required"},
    {"constraint", "bind", "constraint"},
    {"constraining_message", "bind", "jr:constraintMsg"},
    {"constraint_message", "bind", "jr:constraintMsg"},
    {"required_message", "bind", "jr:requiredMsg"},
    {"requiredmsg", "bind", "jr:requiredMsg"},
    {"noapperrorstring", "bind", "jr:noAppErrorString"},
    {"no_app_error_string", "bind", "jr:noAppErrorString"},
    {"calculation", "bind", "calculate"},
    {"calculate", "bind", "calculate"},
    {"save_to", "bind", "entities:saveto"},
    {"caption", "label", NULL},
    {"command", "type", NULL},
    {"tag", "name", NULL},
    {"value", "name", NULL},
    {"appearance", "control", "appearance"},
    {"autoplay", "control", "autoplay"},
    {"rows", "control", "rows"},
    {"count", "control", "jr:count"},
    {"repeat_count", "control", "jr:count"},
    {"jr:count", "control", "jr:count"},
    {"body", "control", NULL},
    {"compact_tag", "instance", "odk:tag"},
    {"image", "media", "image"},
    {"big-image", "media", "big-image"},
    {"audio", "media", "audio"},
    {"video", "media", "video"},
};

static const struct alias choice_aliases[] = {
    {"caption", "label", NULL},  {"list_name", "list name", NULL},    {"value", "name", NULL},
    {"image", "media", "image"}, {"big-image", "media", "big-image"}, {"audio", "media", "audio"},
    {"video", "media", "video"},
};

static const struct alias settings_aliases[] = {
    {"form_title", "title", NULL},  {"set_form_title", "title", NULL},
    {"form_id", "id_string", NULL}, {"set_form_id", "id_string", NULL},
    {"prefix", "prefix", NULL},
};

/* Columns known by their own name. */
static const char *const survey_columns[] = {
    "type",          "name",    "label",      "hint",      "guidance_hint", "default",
    "choice_filter", "trigger", "parameters", "disabled",  "bind",          "control",
    "media",         "query",   "instance",   "image_alt", "intent",        "sms_field",
    "sms_option",    "itemset", "list_name",  "choices",   "extra_data",
};

static const char *const choice_columns[] = {
    "name", "label", "list name", "media", "image_alt", "sms_option", "extra_data",
};

static const char *const settings_columns[] = {
    "name",
    "title",
    "id_string",
    "version",
    "label",
    "default_language",
    "style",
    "submission_url",
    "public_key",
    "auto_send",
    "auto_delete",
    "client_editable",
    "instance_name",
    "instance_xmlns",
    "instance_id",
    "omit_instanceID",
    "namespaces",
    "attribute",
    "add_none_option",
    "clean_text_values",
    "flat",
    "delimiter",
    "allow_choice_duplicates",
    "sms_keyword",
    "sms_separator",
    "sms_allow_media",
    "sms_date_format",
    "sms_datetime_format",
    "sms_response",
};

/* Names authors use, for near misses. */
static const char *const survey_suggestions[] = {
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "default",
    "choice_filter",
    "trigger",
    "parameters",
    "appearance",
    "relevant",
    "required",
    "required_message",
    "constraint",
    "constraint_message",
    "calculation",
    "readonly",
    "repeat_count",
    "media::image",
    "media::audio",
    "image_alt",
};
static const char *const choice_suggestions[] = {
    "list_name", "name", "label", "media::image", "media::audio", "image_alt", "exclusive",
};
static const char *const settings_suggestions[] = {
    "form_title",
    "form_id",
    "version",
    "default_language",
    "instance_name",
    "style",
    "allow_choice_duplicates",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct sheet_kind {
    const char *name;
    const struct alias *aliases;
    size_t alias_count;
    const char *const *columns;
    size_t column_count;
    const char *const *suggestions;
    size_t suggestion_count;
};

static const struct sheet_kind sheet_kinds[] = {
    [TP_XF_SURVEY] = {"survey", survey_aliases, COUNT(survey_aliases), survey_columns,
                      COUNT(survey_columns), survey_suggestions, COUNT(survey_suggestions)},
    [TP_XF_CHOICES] = {"choices", choice_aliases, COUNT(choice_aliases), choice_columns,
                       COUNT(choice_columns), choice_suggestions, COUNT(choice_suggestions)},
    [TP_XF_SETTINGS] = {"settings", settings_aliases, COUNT(settings_aliases), settings_columns,
                        COUNT(settings_columns), settings_suggestions, COUNT(settings_suggestions)},
    [TP_XF_EXTERNAL] = {"external_choices", choice_aliases, COUNT(choice_aliases), choice_columns,
                        COUNT(choice_columns), choice_suggestions, COUNT(choice_suggestions)},
};

static const struct alias *find_alias(const struct sheet_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->alias_count; i++) {
        if (strcmp(kind->aliases[i].name, name) == 0)
            return &kind->aliases[i];
    }
    return NULL;
}

static bool is_column(const struct sheet_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->column_count; i++) {
        if (strcmp(kind->columns[i], name) == 0)
            return true;
    }
    return false;
}

/* "Constraint  Message" -> "constraint_message". */
static const char *snake_case(struct tp_xf_arena *arena, const char *text)
{
    char *out = tp_xf_alloc(arena, strlen(text) + 1, 1);
    size_t n = 0;

    if (!out)
        return "";
    for (; *text; text++) {
        if (!isspace((unsigned char)*text))
            out[n++] = (char)tolower((unsigned char)*text);
        else if (n && out[n - 1] != '_')
            out[n++] = '_';
    }
    out[n] = '\0';
    return out;
}

static void add_token(struct tp_xf *xf, struct tp_xf_column *column, const char *text,
                      size_t length)
{
    while (length && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length && isspace((unsigned char)text[length - 1]))
        length--;
    if (column->count < TP_XF_TOKENS_MAX)
        column->tokens[column->count++] = tp_xf_copy(&xf->arena, text, length);
}

/* Splits at "::", or at ":" where no header of the sheet has "::" (an older way); then "jr:count"
 * is put together again. */
static void split(struct tp_xf *xf, struct tp_xf_column *column, const char *header, bool doubled)
{
    const char *separator = doubled || strstr(header, "::") ? "::" : ":";
    const char *p = header;
    const char *next;

    while ((next = strstr(p, separator))) {
        if (separator[1] == '\0' && next - p == 2 && strncmp(p, "jr", 2) == 0) {
            const char *after = strstr(next + 1, separator);

            next = after ? after : next + strlen(next);
            add_token(xf, column, p, (size_t)(next - p));
            if (!*next)
                return;
        } else {
            add_token(xf, column, p, (size_t)(next - p));
        }
        p = next + strlen(separator);
    }
    add_token(xf, column, p, strlen(p));
}

static void replace_first(struct tp_xf_column *column, const struct alias *alias)
{
    column->tokens[0] = alias->first;
    if (!alias->second)
        return;
    if (column->count < TP_XF_TOKENS_MAX)
        column->count++;
    for (size_t i = column->count - 1; i > 1; i--)
        column->tokens[i] = column->tokens[i - 1];
    column->tokens[1] = alias->second;
}

static void parse(struct tp_xf *xf, const struct sheet_kind *kind, struct tp_xf_column *column,
                  bool doubled)
{
    const char *snake = snake_case(&xf->arena, column->header);
    const struct alias *alias = find_alias(kind, snake);

    if (is_column(kind, column->header) && !find_alias(kind, column->header)) {
        column->tokens[column->count++] = column->header;
        return;
    }
    if (is_column(kind, snake) && !alias) {
        column->tokens[column->count++] = snake;
        return;
    }
    if (alias) {
        column->tokens[column->count++] = snake;
        replace_first(column, alias);
        return;
    }
    split(xf, column, column->header, doubled);
    snake = snake_case(&xf->arena, column->tokens[0]);
    alias = find_alias(kind, snake);
    if (alias)
        replace_first(column, alias);
    else if (is_column(kind, snake))
        column->tokens[0] = snake;
}

static bool same_meaning(const struct tp_xf_column *a, const struct tp_xf_column *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->tokens[i], b->tokens[i]) != 0)
            return false;
    }
    return true;
}

static void check_twins(struct tp_xf *xf, const struct tp_xf_table *table, size_t index)
{
    const struct tp_xf_column *column = &table->columns[index];

    for (size_t i = 0; i < index; i++) {
        if (!table->columns[i].header || !same_meaning(column, &table->columns[i]))
            continue;
        /* Two names of the form's ID are an old mishap that does no harm. */
        if (strcmp(column->tokens[0], "id_string") == 0)
            tp_xf_warn(xf, table, table->sheet->rows[0].number, column->header, column->header,
                       "the form's ID is there twice, as id_string and as form_id; form_id counts");
        else if (strcmp(column->header, table->columns[i].header) == 0)
            tp_xf_error(xf, table, table->sheet->rows[0].number, column->header, column->header,
                        "the column '%.100s' is there twice; remove or rename one", column->header);
        else
            tp_xf_error(xf, table, table->sheet->rows[0].number, column->header, column->header,
                        "the columns '%.100s' and '%.100s' mean the same; remove or rename one",
                        table->columns[i].header, column->header);
        return;
    }
}

static void check_spelling(struct tp_xf *xf, const struct sheet_kind *kind,
                           const struct tp_xf_table *table, const struct tp_xf_column *column)
{
    const char *nearest;

    if (strcmp(column->tokens[0], "media") == 0 && column->count == 1)
        tp_xf_warn(xf, table, table->sheet->rows[0].number, column->header, column->header,
                   "the column 'media' does not say which, so it is passed by; use media::image, "
                   "media::audio or media::video");
    if (is_column(kind, column->tokens[0]) || *column->header == '_')
        return;
    for (size_t i = 0; i < kind->alias_count; i++) {
        if (strcmp(kind->aliases[i].first, column->tokens[0]) == 0)
            return;
    }
    nearest = tp_xf_nearest(column->tokens[0], kind->suggestions, kind->suggestion_count);
    if (nearest && strcmp(nearest, column->tokens[0]) != 0)
        tp_xf_warn(xf, table, table->sheet->rows[0].number, column->header, column->header,
                   "the column '%.100s' is not known and is passed by; did you mean '%s'?",
                   column->header, nearest);
}

const char *tp_xf_clean(struct tp_xf *xf, const char *text, bool spaces)
{
    size_t length = strlen(text);
    char *out;
    size_t n = 0;

    if (!strstr(text, "\xE2\x80") && !(spaces && strstr(text, "  ")))
        return text;
    out = tp_xf_alloc(&xf->arena, length + 1, 1);
    if (!out)
        return "";
    for (size_t i = 0; i < length; i++) {
        if (strncmp(text + i, "\xE2\x80\x98", 3) == 0 ||
            strncmp(text + i, "\xE2\x80\x99", 3) == 0) {
            out[n++] = '\'';
            i += 2;
        } else if (strncmp(text + i, "\xE2\x80\x9C", 3) == 0 ||
                   strncmp(text + i, "\xE2\x80\x9D", 3) == 0) {
            out[n++] = '"';
            i += 2;
        } else if (!(spaces && text[i] == ' ' && n && out[n - 1] == ' ')) {
            out[n++] = text[i];
        }
    }
    return out;
}

/* A workbook with a single sheet needs no name for it; one that has the name of another kind is
 * that kind. NULL: there are more, or it is. */
static const struct tp_workbook_sheet *only_sheet(const struct tp_workbook *workbook)
{
    if (workbook->count != 1)
        return NULL;
    for (size_t i = 0; i < COUNT(sheet_kinds); i++) {
        if (tp_workbook_sheet(workbook, sheet_kinds[i].name))
            return NULL;
    }
    return &workbook->sheets[0];
}

bool tp_xf_read_headers(struct tp_xf *xf, enum tp_xf_sheet which, struct tp_xf_table *table)
{
    const struct sheet_kind *kind = &sheet_kinds[which];
    const struct tp_workbook_row *row;
    bool doubled = false;

    *table = (struct tp_xf_table){.sheet = tp_workbook_sheet(xf->workbook, kind->name)};
    if (!table->sheet && which == TP_XF_SURVEY)
        table->sheet = only_sheet(xf->workbook);
    if (!table->sheet || !table->sheet->count)
        return true;
    row = &table->sheet->rows[0];
    table->count = row->count;
    table->columns = tp_xf_alloc(&xf->arena, row->count, sizeof(*table->columns));
    if (!table->columns)
        return false;
    for (size_t i = 0; i < row->count; i++)
        doubled = doubled || strstr(tp_workbook_cell(row, i), "::");
    for (size_t i = 0; i < row->count; i++) {
        struct tp_xf_column *column = &table->columns[i];
        const char *header = tp_xf_clean(xf, tp_workbook_cell(row, i), true);

        if (!*header)
            continue;
        column->header =
            strlen(header) > HEADER_MAX ? tp_xf_copy(&xf->arena, header, HEADER_MAX) : header;
        parse(xf, kind, column, doubled);
        check_twins(xf, table, i);
        check_spelling(xf, kind, table, column);
    }
    return !xf->arena.failed;
}

const char *tp_xf_header(const struct tp_xf_table *table, const char *first, const char *second)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct tp_xf_column *column = &table->columns[i];

        if (column->count && strcmp(column->tokens[0], first) == 0 &&
            (!second || (column->count > 1 && strcmp(column->tokens[1], second) == 0)))
            return column->header;
    }
    return second ? second : first;
}

static struct tp_place place(const struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                             const char *column)
{
    return (struct tp_place){.file = xf->workbook->file,
                             .sheet = table && table->sheet ? table->sheet->name : NULL,
                             .row = row,
                             .column = column};
}

#define SAY(add)                                                                                   \
    struct tp_place where = place(xf, table, row, column);                                         \
    char text[2 * TP_PROBLEM_TEXT_MAX];                                                            \
    va_list args;                                                                                  \
    va_start(args, format);                                                                        \
    (void)vsnprintf(text, sizeof(text), format, args);                                             \
    va_end(args);                                                                                  \
    add

void tp_xf_error(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                 const char *column, const char *value, const char *format, ...)
{
    SAY(tp_problems_add(xf->problems, TP_SEVERITY_ERROR, &where, value, "%s", text));
}

void tp_xf_warn(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row, const char *column,
                const char *value, const char *format, ...)
{
    SAY(tp_problems_add(xf->problems, TP_SEVERITY_WARNING, &where, value, "%s", text));
}

void tp_xf_refuse(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                  const char *column, const char *value, const char *format, ...)
{
    SAY(tp_problems_refuse(xf->problems, &where, value, "%s", text));
}

void tp_xf_no_languages(struct tp_xf *xf, const struct tp_xf_table *table, unsigned row,
                        const struct tp_xf_column *column, const char *value)
{
    tp_xf_error(xf, table, row, column->header, value,
                "this column cannot differ by language; use one column '%.100s'",
                column->tokens[column->count - 2]);
}
