/*
 * The form that a workbook makes, loaded as a screen would load it: what only shows there (formulas
 * that wait for each other in a circle, groups too deep) is told with its row. For
 * core/form/lint*.c only.
 */
#ifndef TP_FORM_LINT_FORM_H
#define TP_FORM_LINT_FORM_H

#include "form/xlsform_parts.h"

/* Adds an error where the form does not load. For a conversion that has no mistakes of its own. */
void tp_lint_form(struct tp_xf *xf);

#endif
