/* Formulas: whether the screen can work them out, said where the author wrote them. */
#include "form/xlsform_formula.h"

#include <string.h>

#include "form/arena.h"
#include "form/xpath_functions.h"

static bool note_reference(struct tp_xf_formula *formula, size_t at)
{
    void *items = formula->references;

    if (!tp_xf_grow(&formula->xf->arena, &items, formula->reference_count,
                    &formula->reference_capacity, sizeof(*formula->references)))
        return false;
    formula->references = items;
    formula->references[formula->reference_count++] = at;
    return true;
}

/* ${name} as a plain name. */
static bool plain_names(struct tp_xf_formula *formula)
{
    struct tp_xf_reference reference;
    const char *text = formula->text;
    bool noted = true;
    struct tp_buf out;

    formula->parsed = text;
    if (!tp_xf_any_reference(text))
        return true;
    tp_buf_init(&out, TP_WORKBOOK_CELL_MAX);
    while (noted && tp_xf_next_reference(text, &reference)) {
        (void)tp_buf_add(&out, text, (size_t)(reference.start - text));
        (void)tp_buf_putc(&out, ' ');
        noted = note_reference(formula, out.length);
        (void)tp_buf_add(&out, reference.name, reference.name_length);
        (void)tp_buf_putc(&out, ' ');
        text = reference.end;
    }
    (void)tp_buf_puts(&out, text);
    formula->parsed = tp_xf_copy(&formula->xf->arena, tp_buf_text(&out), out.length);
    tp_buf_finish(&out);
    return noted;
}

/* regex(., '[a-') would refuse every answer. */
static void check_pattern(const struct tp_xf_formula *formula, const struct tp_xpath_node *call)
{
    const struct tp_xpath_node *pattern = call->first ? call->first->next : NULL;

    if (!tp_xpath_text_is(call, "regex") || !pattern || pattern->kind != TP_XPATH_STRING ||
        tp_xpath_is_pattern(pattern->text, pattern->length))
        return;
    tp_xf_error(formula->xf, formula->table, formula->row, formula->column, formula->text,
                "'%.*s' is no regular expression; check its brackets",
                (int)(pattern->length > 100 ? 100 : pattern->length), pattern->text);
}

static void check_call(const struct tp_xf_formula *formula, const struct tp_xpath_node *call)
{
    const struct tp_xpath_function *function = tp_xpath_function_find(call->text, call->length);
    const char *nearest;
    int arguments = 0;

    for (const struct tp_xpath_node *child = call->first; child; child = child->next)
        arguments++;
    if (!function) {
        nearest = tp_xpath_function_suggest(call->text, call->length);
        tp_xf_error(formula->xf, formula->table, formula->row, formula->column, formula->text,
                    "'%.*s()' is not a function%s%s%s",
                    (int)(call->length > 60 ? 60 : call->length), call->text,
                    nearest ? "; did you mean '" : "; check its name", nearest ? nearest : "",
                    nearest ? "()'?" : "");
    } else if (arguments < function->min || (function->max >= 0 && arguments > function->max)) {
        tp_xf_error(formula->xf, formula->table, formula->row, formula->column, formula->text,
                    "'%s()' has %d argument%s here, which is too %s; check the commas and brackets",
                    function->name, arguments, arguments == 1 ? "" : "s",
                    arguments < function->min ? "few" : "many");
    } else {
        check_pattern(formula, call);
    }
}

static void check_calls(const struct tp_xf_formula *formula, const struct tp_xpath_node *node)
{
    for (; node; node = node->next) {
        if (node->kind == TP_XPATH_CALL)
            check_call(formula, node);
        check_calls(formula, node->first);
    }
}

static void check(struct tp_xf_formula *formula)
{
    struct tp_arena arena = {0};
    struct tp_xpath_node *tree;
    struct tp_error error;

    if (!plain_names(formula))
        return;
    if (tp_xpath_parse(&arena, formula->parsed, &tree, &error)) {
        check_calls(formula, tree);
        tp_xf_check_names(formula, tree);
    } else if (!tp_xf_malformed(formula->parsed)) {
        tp_xf_error(formula->xf, formula->table, formula->row, formula->column, formula->text,
                    "this is not a formula the screen can work out: %s", error.text);
    }
    tp_arena_finish(&arena);
}

static void check_cell(struct tp_xf *xf, const struct tp_xf_element *element, const char *first,
                       const char *second, const char *text)
{
    struct tp_xf_formula formula = {.xf = xf,
                                    .table = &xf->survey,
                                    .element = element,
                                    .row = element->row,
                                    .text = text,
                                    .filter = strcmp(first, "choice_filter") == 0};

    if (!text || !element->row || tp_xf_yes_no(text) >= 0 || !text[strspn(text, " ")] ||
        tp_xf_is_failed_formula(text))
        return;
    formula.column = tp_xf_header(&xf->survey, first, second);
    check(&formula);
}

static void check_element(struct tp_xf *xf, const struct tp_xf_element *element)
{
    static const char *const binds[] = {"relevant", "required", "readonly", "constraint",
                                        "calculate"};

    for (size_t i = 0; i < sizeof(binds) / sizeof(binds[0]); i++) {
        const char *text = tp_xf_attribute(&element->bind, binds[i]);

        /* What ready-made types bring is right. */
        if (text && !(element->type && element->type->constraint == text))
            check_cell(xf, element, "bind", binds[i], text);
    }
    check_cell(xf, element, "choice_filter", NULL, element->choice_filter);
    check_cell(xf, element, "control", "jr:count", element->repeat_count);
    if (element->dynamic_default)
        check_cell(xf, element, "default", NULL, element->default_value);
    for (size_t i = 0; i < element->child_count; i++)
        check_element(xf, element->children[i]);
}

/* ---- instance('list')/... in what people read ---- */

static bool is_text(const struct tp_xf_column *column)
{
    static const char *const texts[] = {"label", "hint", "guidance_hint"};
    const char *second = column->count > 1 ? column->tokens[1] : "";

    for (size_t i = 0; column->count && i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(column->tokens[0], texts[i]) == 0)
            return true;
    }
    return strcmp(second, "jr:constraintMsg") == 0 || strcmp(second, "jr:requiredMsg") == 0;
}

static void check_text(struct tp_xf_formula formula, const char *text)
{
    const char *start;
    const char *end;

    while (tp_xf_next_instance(text, &start, &end)) {
        formula.text = tp_xf_copy(&formula.xf->arena, start, (size_t)(end - start));
        formula.reference_count = 0;
        check(&formula);
        text = end;
    }
}

static void check_texts(struct tp_xf *xf, const struct tp_xf_table *table)
{
    for (size_t r = 1; table->sheet && r < table->sheet->count; r++) {
        const struct tp_workbook_row *row = &table->sheet->rows[r];

        for (size_t c = 0; c < row->count && c < table->count; c++) {
            if (is_text(&table->columns[c]))
                check_text((struct tp_xf_formula){.xf = xf,
                                                  .table = table,
                                                  .row = row->number,
                                                  .column = table->columns[c].header},
                           tp_workbook_cell(row, c));
        }
    }
}

/* ---- */

void tp_xf_check_formulas(struct tp_xf *xf)
{
    const char *name = tp_xf_setting(xf, "instance_name");
    struct tp_xf_table settings = {.sheet = tp_workbook_sheet(xf->workbook, "settings")};
    struct tp_xf_formula formula = {
        .xf = xf, .table = &settings, .column = "instance_name", .text = name};

    check_element(xf, xf->root);
    check_texts(xf, &xf->survey);
    check_texts(xf, &xf->choices);
    if (name && settings.sheet && settings.sheet->count > 1) {
        formula.row = settings.sheet->rows[1].number;
        check(&formula);
    }
}
