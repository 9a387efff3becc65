#include "form/lint_facts.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "form/consultation_facts.h"

static struct tp_xf_table sheet_of(const struct tp_xf *xf)
{
    return (struct tp_xf_table){.sheet = tp_workbook_sheet(xf->workbook, "consultation")};
}

static const struct tp_workbook_row *header_of(const struct tp_xf_table *table)
{
    return table->sheet && table->sheet->count ? &table->sheet->rows[0] : NULL;
}

static size_t column_named(const struct tp_workbook_row *header, const char *name)
{
    for (size_t i = 0; header && i < header->count; i++) {
        if (strcmp(tp_workbook_cell(header, i), name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static const struct tp_workbook_row *find_row(const struct tp_xf_table *table, const char *name)
{
    size_t column = column_named(header_of(table), "name");

    for (size_t r = 1; column != SIZE_MAX && r < table->sheet->count; r++) {
        if (strcmp(tp_workbook_cell(&table->sheet->rows[r], column), name) == 0)
            return &table->sheet->rows[r];
    }
    return NULL;
}

static const char *value_of(const struct tp_xf_table *table, const char *name)
{
    const struct tp_workbook_row *row = find_row(table, name);
    size_t column = column_named(header_of(table), "value");

    return row && column != SIZE_MAX ? tp_workbook_cell(row, column) : "";
}

enum tp_consultation_kind tp_lint_kind(struct tp_xf *xf)
{
    struct tp_xf_table table = sheet_of(xf);
    const char *text = value_of(&table, "kind");

    for (unsigned kind = TP_KIND_EQUALITY; kind <= TP_KIND_COMMENTS; kind++) {
        if (strcmp(text, tp_consultation_kind_name((enum tp_consultation_kind)kind)) == 0)
            return (enum tp_consultation_kind)kind;
    }
    return TP_KIND_CONSULTATION;
}

/* Services that are always there have no dates, no results and no equality questions. */
static bool only_of_consultations(const char *name)
{
    static const char *const names[] = {"opens", "closes", "results_date", "minutes", "equality"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void check_present(struct tp_xf *xf, const struct tp_xf_table *table,
                          enum tp_consultation_kind kind)
{
    const struct tp_consultation_fact *fact;

    for (size_t i = 0; (fact = tp_consultation_fact_at(i)); i++) {
        const struct tp_workbook_row *row = find_row(table, fact->name);

        if (!fact->missing || *value_of(table, fact->name) ||
            (kind != TP_KIND_CONSULTATION && only_of_consultations(fact->name)))
            continue;
        if (row)
            tp_xf_error(xf, table, row->number, "value", fact->name, "'%s' is empty: %s",
                        fact->name, fact->missing);
        else
            tp_xf_error(xf, table, 0, NULL, fact->name, "'%s' is missing: %s; add a row for it",
                        fact->name, fact->missing);
    }
}

static void complain(struct tp_xf *xf, const struct tp_xf_table *table, const char *name,
                     const char *text)
{
    const struct tp_workbook_row *row = find_row(table, name);

    tp_xf_error(xf, table, row ? row->number : 0, "value", value_of(table, name), "%s", text);
}

static size_t digits(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += isdigit((unsigned char)*text) != 0;
    return count;
}

static void check_contact(struct tp_xf *xf, const struct tp_xf_table *table)
{
    const char *email = value_of(table, "contact_email");
    const char *at = strchr(email, '@');

    if (*email && (!at || at == email || !strchr(at, '.') || strchr(email, ' ')))
        complain(xf, table, "contact_email",
                 "this is not an email address; write it like libraries@example.gov.uk");
    /* The shortest number people can ring from outside a building has five digits. */
    if (*value_of(table, "contact_phone") && digits(value_of(table, "contact_phone")) < 5)
        complain(xf, table, "contact_phone",
                 "this is not a telephone number; write it like 01865 000000");
    if (*value_of(table, "contact_post") && !strpbrk(value_of(table, "contact_post"), " \n,"))
        complain(xf, table, "contact_post",
                 "this is not a postal address; write the team, the street, the town and the "
                 "postcode");
}

static void check_equality(struct tp_xf *xf, const struct tp_xf_table *table, const char *wanted)
{
    const char *version = value_of(table, "equality");

    if (strcmp(version, "none") == 0) {
        if (!*value_of(table, "equality_reason"))
            complain(xf, table, "equality",
                     "a survey without the equality questions says why: add 'equality_reason'");
    } else if (*version && wanted && strcmp(version, wanted) != 0) {
        complain(
            xf, table, "equality",
            tp_xf_printf(&xf->arena,
                         "the shared equality questions are at version '%.40s'; write that, or "
                         "'none' and an 'equality_reason'",
                         wanted));
    }
}

static void check_picture(struct tp_xf *xf, const struct tp_xf_table *table)
{
    if (*value_of(table, "picture") && !*value_of(table, "picture_alt"))
        complain(xf, table, "picture",
                 "the picture has no alternative text for people who cannot see it; add "
                 "'picture_alt'");
}

void tp_lint_facts(struct tp_xf *xf, enum tp_consultation_kind kind, const char *equality_version)
{
    struct tp_xf_table table = sheet_of(xf);

    if (!header_of(&table)) {
        tp_xf_error(xf, NULL, 0, NULL, NULL,
                    "the workbook has no sheet 'consultation'; add it, with the columns name and "
                    "value, and say who asks, why, what happens with the answers and whom to ask");
        return;
    }
    check_present(xf, &table, kind);
    check_contact(xf, &table);
    check_picture(xf, &table);
    check_equality(xf, &table, equality_version);
}

/* Names, numbers and addresses are not sentences. */
static bool is_words(const struct tp_consultation_fact *fact)
{
    static const char *const others[] = {"contact_name", "contact_phone",   "contact_email",
                                         "contact_post", "privacy_version", "equality",
                                         "results_date", "picture_alt"};

    if (!fact || fact->kind != TP_FACT_TEXT)
        return false;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (strcmp(fact->name, others[i]) == 0)
            return false;
    }
    return true;
}

void tp_lint_each_fact(struct tp_xf *xf, tp_lint_fact_visit *visit, void *context)
{
    struct tp_xf_table table = sheet_of(xf);
    const struct tp_workbook_row *header = header_of(&table);
    size_t names = column_named(header, "name");

    for (size_t r = 1; names != SIZE_MAX && r < table.sheet->count; r++) {
        const struct tp_workbook_row *row = &table.sheet->rows[r];
        const char *name = tp_workbook_cell(row, names);
        struct tp_xf_text text = {0};

        if (!is_words(tp_consultation_fact(name)))
            continue;
        for (size_t c = 0; c < row->count; c++) {
            const char *column = tp_workbook_cell(header, c);
            const char *value = tp_workbook_cell(row, c);

            if (!*value)
                continue;
            if (strcmp(column, "value") == 0)
                text.plain = value;
            else if (strncmp(column, "value::", 7) == 0 &&
                     !tp_xf_set_text(xf, &text, column + 7 + strspn(column + 7, " "), value))
                return;
        }
        visit(context, &table, row->number, name, &text);
    }
}
