/* The consultation sheet: name, value and value::LANGUAGE (tag) become consultation.json. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/consultation.h"
#include "form/consultation_facts.h"
#include "form/xlsform_parts.h"

struct sheet {
    struct tp_xf *xf;
    struct tp_xf_table table;
    const char **tags; /* by column: "default", "pl" ...; NULL where it is no value */
    size_t name_column;
    json_t *facts;
};

static bool read_header(struct sheet *sheet)
{
    struct tp_xf *xf = sheet->xf;
    const struct tp_workbook_row *row = &sheet->table.sheet->rows[0];
    bool named = false;

    sheet->tags = tp_xf_alloc(&xf->arena, row->count, sizeof(const char *));
    if (!sheet->tags)
        return false;
    for (size_t i = 0; i < row->count; i++) {
        const char *header = tp_workbook_cell(row, i);

        if (strcmp(header, "name") == 0) {
            sheet->name_column = i;
            named = true;
        } else if (strcmp(header, "value") == 0) {
            sheet->tags[i] = "default";
        } else if (strncmp(header, "value::", 7) == 0) {
            sheet->tags[i] = tp_xf_tag(xf, header + 7 + strspn(header + 7, " "));
        } else if (*header && *header != '_') {
            tp_xf_warn(xf, &sheet->table, row->number, header, header,
                       "the column '%.60s' is passed by; use name, value and value::LANGUAGE (tag)",
                       header);
        }
    }
    if (!named)
        tp_xf_error(xf, &sheet->table, row->number, NULL, NULL,
                    "the sheet has no column 'name'; its columns are name and value");
    return named;
}

static void check_value(struct sheet *sheet, unsigned row, const struct tp_consultation_fact *fact,
                        const char *value)
{
    struct tp_xf *xf = sheet->xf;
    struct tp_day day;

    switch (fact->kind) {
    case TP_FACT_TEXT:
        tp_xf_check_failed_formula(xf, &sheet->table, row, "value", value);
        return;
    case TP_FACT_DAY:
        if (!tp_day_parse(value, &day))
            tp_xf_error(xf, &sheet->table, row, "value", value,
                        "'%.40s' is not a day; write year-month-day: 2026-11-30", value);
        return;
    case TP_FACT_MINUTES:
        if (strspn(value, "0123456789") != strlen(value) || strlen(value) > 3 ||
            strtol(value, NULL, 10) < 1 || strtol(value, NULL, 10) > TP_CONSULTATION_MINUTES_MAX)
            tp_xf_error(xf, &sheet->table, row, "value", value,
                        "minutes must be a whole number from 1 to %d", TP_CONSULTATION_MINUTES_MAX);
        return;
    case TP_FACT_KIND:
        if (!tp_consultation_kind_is(value))
            tp_xf_error(xf, &sheet->table, row, "value", value,
                        "'%.40s' is not a kind of consultation; use consultation, equality, "
                        "format_request or comments",
                        value);
        return;
    case TP_FACT_FILE:
        (void)tp_xf_add_file(xf, &sheet->table, row, "value", value);
        return;
    }
}

static void unknown_fact(struct sheet *sheet, unsigned row, const char *name)
{
    const char *nearest = tp_consultation_fact_nearest(name);

    if (nearest)
        tp_xf_error(sheet->xf, &sheet->table, row, "name", name,
                    "'%.60s' is not a known fact; did you mean '%s'?", name, nearest);
    else
        tp_xf_warn(sheet->xf, &sheet->table, row, "name", name,
                   "'%.60s' is not a known fact and is shown nowhere", name);
}

static bool read_row(struct sheet *sheet, const struct tp_workbook_row *row)
{
    struct tp_xf *xf = sheet->xf;
    const char *name = tp_workbook_cell(row, sheet->name_column);
    const struct tp_consultation_fact *fact = tp_consultation_fact(name);
    json_t *texts;

    if (!*name)
        return true;
    if (!fact)
        unknown_fact(sheet, row->number, name);
    if (json_object_get(sheet->facts, name)) {
        tp_xf_error(xf, &sheet->table, row->number, "name", name,
                    "'%.60s' is there twice; remove one", name);
        return true;
    }
    texts = json_object();
    if (!texts || json_object_set_new_nocheck(sheet->facts, name, texts) != 0)
        return false;
    for (size_t i = 0; i < row->count && i < sheet->table.sheet->rows[0].count; i++) {
        const char *value = tp_workbook_cell(row, i);

        if (!*value || !sheet->tags[i])
            continue;
        if (fact)
            check_value(sheet, row->number, fact, value);
        if (json_object_set_new_nocheck(
                texts, sheet->tags[i],
                json_string_nocheck(tp_xf_easy_read(xf, sheet->tags[i], value))) != 0)
            return false;
    }
    return json_object_size(texts) || json_object_del(sheet->facts, name) == 0;
}

static const char *default_text(const struct sheet *sheet, const char *name)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(sheet->facts, name), "default"));

    return text ? text : "";
}

static void check_days(struct sheet *sheet)
{
    struct tp_day opens;
    struct tp_day closes;

    if (tp_day_parse(default_text(sheet, "opens"), &opens) &&
        tp_day_parse(default_text(sheet, "closes"), &closes) && tp_day_compare(opens, closes) > 0)
        tp_xf_error(sheet->xf, &sheet->table, 0, "value", default_text(sheet, "closes"),
                    "the consultation closes before it opens; check 'opens' and 'closes'");
}

static bool write_json(struct sheet *sheet, char **json)
{
    char *text = json_dumps(sheet->facts, JSON_INDENT(2) | JSON_SORT_KEYS);

    if (!text)
        return false;
    *json = tp_strdup(text);
    free(text);
    return *json;
}

/* The package says what it lacks, so that no screen falls back without a word. */
static bool add_warnings(struct sheet *sheet)
{
    if (json_object_get(sheet->facts, "warnings") || tp_xf_has_easy_read(sheet->xf))
        return true;
    return json_object_set_new_nocheck(
               sheet->facts, "warnings",
               json_pack("{s:s}", "default",
                         "no Easy Read: people who choose it are shown the standard words")) == 0;
}

bool tp_xf_consultation(struct tp_xf *xf, char **json)
{
    struct sheet sheet = {.xf = xf,
                          .table = {.sheet = tp_workbook_sheet(xf->workbook, "consultation")}};
    bool good = true;

    if (!sheet.table.sheet || !sheet.table.sheet->count)
        return true;
    if (!read_header(&sheet))
        return !xf->arena.failed;
    sheet.facts = json_object();
    if (!sheet.facts)
        return false;
    for (size_t i = 1; good && i < sheet.table.sheet->count; i++)
        good = read_row(&sheet, &sheet.table.sheet->rows[i]);
    if (good) {
        check_days(&sheet);
        good = add_warnings(&sheet) && write_json(&sheet, json);
    }
    json_decref(sheet.facts);
    return good;
}
