/* Formulas: whether the screen can work them out, said where the author wrote them. */
#include <string.h>

#include "form/arena.h"
#include "form/xlsform_parts.h"
#include "form/xpath_ast.h"
#include "form/xpath_functions.h"

struct formula {
    struct tp_xf *xf;
    const struct tp_xf_table *table;
    unsigned row;
    const char *column;
    const char *text; /* as the author wrote it */
};

/* ${name} as a plain name, so that what is said about the formula reads like it. */
static const char *without_references(struct tp_xf *xf, const char *text)
{
    struct tp_xf_reference reference;
    struct tp_buf out;

    if (!tp_xf_any_reference(text))
        return text;
    tp_buf_init(&out, TP_WORKBOOK_CELL_MAX);
    while (tp_xf_next_reference(text, &reference)) {
        (void)tp_buf_add(&out, text, (size_t)(reference.start - text));
        (void)tp_buf_putc(&out, ' ');
        (void)tp_buf_add(&out, reference.name, reference.name_length);
        (void)tp_buf_putc(&out, ' ');
        text = reference.end;
    }
    (void)tp_buf_puts(&out, text);
    text = tp_xf_copy(&xf->arena, tp_buf_text(&out), out.length);
    tp_buf_finish(&out);
    return text;
}

static void check_call(const struct formula *formula, const struct tp_xpath_node *call)
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
    }
}

static void check_calls(const struct formula *formula, const struct tp_xpath_node *node)
{
    for (; node; node = node->next) {
        if (node->kind == TP_XPATH_CALL)
            check_call(formula, node);
        check_calls(formula, node->first);
    }
}

static void check(const struct formula *formula)
{
    struct tp_arena arena = {0};
    struct tp_xpath_node *tree;
    struct tp_error error;

    if (tp_xpath_parse(&arena, without_references(formula->xf, formula->text), &tree, &error))
        check_calls(formula, tree);
    else
        tp_xf_error(formula->xf, formula->table, formula->row, formula->column, formula->text,
                    "this is not a formula the screen can work out: %s", error.text);
    tp_arena_finish(&arena);
}

static void check_cell(struct tp_xf *xf, const struct tp_xf_element *element, const char *first,
                       const char *second, const char *text)
{
    struct formula formula = {.xf = xf, .table = &xf->survey, .row = element->row, .text = text};

    if (!text || !element->row || tp_xf_yes_no(text) >= 0 || !text[strspn(text, " ")])
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
    if (element->dynamic_default)
        check_cell(xf, element, "default", NULL, element->default_value);
    for (size_t i = 0; i < element->child_count; i++)
        check_element(xf, element->children[i]);
}

void tp_xf_check_formulas(struct tp_xf *xf)
{
    const char *name = tp_xf_setting(xf, "instance_name");
    struct tp_xf_table settings = {.sheet = tp_workbook_sheet(xf->workbook, "settings")};
    struct formula formula = {
        .xf = xf, .table = &settings, .column = "instance_name", .text = name};

    check_element(xf, xf->root);
    if (name && settings.sheet && settings.sheet->count > 1) {
        formula.row = settings.sheet->rows[1].number;
        check(&formula);
    }
}
