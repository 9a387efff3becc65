/*
 * A formula of a workbook while it is looked at. For core/form/xlsform_formula*.c only.
 *
 * It is parsed with each ${name} as a plain name, so that what is said about it reads like what
 * the author wrote; where those names stand in the parsed text is remembered. Everything is in the
 * conversion's arena. Thread: one at a time.
 */
#ifndef TP_FORM_XLSFORM_FORMULA_H
#define TP_FORM_XLSFORM_FORMULA_H

#include "form/xlsform_parts.h"
#include "form/xpath_ast.h"

struct tp_xf_formula {
    struct tp_xf *xf;
    const struct tp_xf_table *table;
    const struct tp_xf_element *element; /* whose formula it is; NULL on the settings sheet */
    unsigned row;
    const char *column;
    const char *text;   /* as the author wrote it */
    const char *parsed; /* what the tree points into */
    size_t *references; /* where in `parsed` a name stands for ${name}; from left to right */
    size_t reference_count;
    size_t reference_capacity;
    bool filter; /* a choice_filter: other names are columns of its list */
};

/* xlsform_formula_names.c: tells of lists, choices and columns that a formula names and that are
 * not there. */
void tp_xf_check_names(const struct tp_xf_formula *formula, const struct tp_xpath_node *tree);

#endif
