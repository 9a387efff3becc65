/* What a formula names: lists in instance('...'), choices in selected(...) and comparisons, and the
 * columns in a choice_filter. A name that is not there makes a formula that is never true. */
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_formula.h"

/* Choices of a longer list are not written into formulas by hand, and no sheet has more columns;
 * keeps a hostile form cheap. */
#define LIST_MAX 200u
#define COLUMNS_MAX 200u

static const char *text_of(const struct tp_xf_formula *formula, const struct tp_xpath_node *node)
{
    return tp_xf_copy(&formula->xf->arena, node->text, node->length);
}

/* Room for names to suggest from; NULL where the problem is not kept and needs no suggestion. */
static const char **names_of(const struct tp_xf_formula *formula, size_t count)
{
    return formula->xf->problems->count < TP_PROBLEMS_MAX
               ? tp_xf_alloc(&formula->xf->arena, count, sizeof(const char *))
               : NULL;
}

/* "; did you mean 'x'?", or `otherwise`. `names` may be NULL. */
static const char *advice(const struct tp_xf_formula *formula, const char *word,
                          const char *const *names, size_t count, const char *otherwise)
{
    const char *nearest = names ? tp_xf_nearest(word, names, count) : NULL;

    return nearest ? tp_xf_printf(&formula->xf->arena, "; did you mean '%.100s'?", nearest)
                   : otherwise;
}

/* ---- lists ---- */

static int by_id(const void *id, const void *instance)
{
    return strcmp(id, ((const struct tp_xf_instance *)instance)->id);
}

static void check_instance(const struct tp_xf_formula *formula, const struct tp_xpath_node *name)
{
    const struct tp_xf *xf = formula->xf;
    const char *id = text_of(formula, name);
    const char **ids;

    if (xf->instance_count &&
        bsearch(id, xf->instances, xf->instance_count, sizeof(*xf->instances), by_id))
        return;
    ids = names_of(formula, xf->instance_count);
    for (size_t i = 0; ids && i < xf->instance_count; i++)
        ids[i] = xf->instances[i].id;
    tp_xf_error(formula->xf, formula->table, formula->row, formula->column, formula->text,
                "instance('%.100s') names no list of choices and no file%s", id,
                advice(formula, id, ids, xf->instance_count, "; check its name"));
}

/* ---- choices ---- */

static int by_place(const void *a, const void *b)
{
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;

    return (x > y) - (x < y);
}

/* The step of a path that is ${name} and nothing more. */
static const struct tp_xpath_node *only_reference(const struct tp_xf_formula *formula,
                                                  const struct tp_xpath_node *path)
{
    const struct tp_xpath_node *step = path->kind == TP_XPATH_PATH ? path->first : NULL;
    size_t at;

    if (!step || path->start != TP_XPATH_RELATIVE || step->next || step->first || !step->text ||
        !formula->reference_count)
        return NULL;
    at = (size_t)(step->text - formula->parsed);
    return bsearch(&at, formula->references, formula->reference_count, sizeof(at), by_place) ? step
                                                                                             : NULL;
}

static bool has_choice(const struct tp_xf_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->choices[i].name, name) == 0)
            return true;
    }
    return false;
}

/* `path` is asked whether it is the choice `value`: ${colour} = 'green'. */
static void check_choice(const struct tp_xf_formula *formula, const struct tp_xpath_node *path,
                         const struct tp_xpath_node *value)
{
    const struct tp_xpath_node *step = only_reference(formula, path);
    const struct tp_xf_element *question;
    const struct tp_xf_list *list;
    const char **names;
    const char *name;

    if (!step || value->kind != TP_XPATH_STRING || !value->length)
        return;
    question = tp_xf_find(formula->xf, step->text, step->length);
    list = question && question->itemset
               ? tp_xf_list(formula->xf, question->itemset, question->external)
               : NULL;
    name = text_of(formula, value);
    if (!list || question->searches || list->count > LIST_MAX || has_choice(list, name))
        return;
    names = names_of(formula, list->count);
    for (size_t i = 0; names && i < list->count; i++)
        names[i] = list->choices[i].name;
    tp_xf_warn(formula->xf, formula->table, formula->row, formula->column, formula->text,
               "'%.100s' is no choice of '%.100s'%s", name, question->name,
               advice(formula, name, names, list->count, "; check its name"));
}

/* ---- columns ---- */

static void check_column(const struct tp_xf_formula *formula, const struct tp_xf_table *table,
                         const struct tp_xpath_node *step)
{
    const char *otherwise = "; add it to the sheet with the choices";
    const char *name = text_of(formula, step);
    const char **names;

    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].count && strcmp(table->columns[i].tokens[0], name) == 0)
            return;
    }
    names = names_of(formula, table->count);
    for (size_t i = 0; names && i < table->count; i++)
        names[i] = table->columns[i].count ? table->columns[i].tokens[0] : "";
    if (tp_xf_find(formula->xf, name, strlen(name))) {
        otherwise = tp_xf_printf(&formula->xf->arena, "; write '${%.100s}' for the question", name);
        names = NULL;
    }
    tp_xf_warn(formula->xf, formula->table, formula->row, formula->column, formula->text,
               "'%.100s' is no column of the choices%s", name,
               advice(formula, name, names, table->count, otherwise));
}

/* Names at the start of a path stand on the choice; what follows, or stands in [], does not. */
static void check_columns(const struct tp_xf_formula *formula, const struct tp_xf_table *table,
                          const struct tp_xpath_node *node)
{
    for (; node; node = node->next) {
        const struct tp_xpath_node *first = node->first;

        if (node->kind != TP_XPATH_PATH && node->kind != TP_XPATH_FILTER)
            check_columns(formula, table, first);
        else if (node->kind == TP_XPATH_PATH && node->start == TP_XPATH_RELATIVE &&
                 first->axis == TP_AXIS_CHILD && first->test == TP_TEST_NAME &&
                 !memchr(first->text, ':', first->length) && !only_reference(formula, node))
            check_column(formula, table, first);
    }
}

/* ---- */

static void check_node(const struct tp_xf_formula *formula, const struct tp_xpath_node *node)
{
    const struct tp_xpath_node *a = node->first;
    const struct tp_xpath_node *b = a ? a->next : NULL;

    if (node->kind == TP_XPATH_CALL && a && a->kind == TP_XPATH_STRING &&
        tp_xpath_text_is(node, "instance")) {
        check_instance(formula, a);
    } else if (node->kind == TP_XPATH_CALL && b && tp_xpath_text_is(node, "selected")) {
        check_choice(formula, a, b);
    } else if (node->kind == TP_XPATH_EQ || node->kind == TP_XPATH_NE) {
        check_choice(formula, a, b);
        check_choice(formula, b, a);
    }
}

static void check_nodes(const struct tp_xf_formula *formula, const struct tp_xpath_node *node)
{
    for (; node; node = node->next) {
        check_node(formula, node);
        check_nodes(formula, node->first);
    }
}

void tp_xf_check_names(const struct tp_xf_formula *formula, const struct tp_xpath_node *tree)
{
    const struct tp_xf_element *element = formula->element;
    const struct tp_xf_table *table;

    check_nodes(formula, tree);
    if (!formula->filter || !element->itemset ||
        !tp_xf_list(formula->xf, element->itemset, element->external))
        return;
    table = element->external ? &formula->xf->external : &formula->xf->choices;
    if (table->count <= COLUMNS_MAX)
        check_columns(formula, table, tree);
}
