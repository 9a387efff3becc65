#include "form/lint.h"

void tp_lint(const struct tp_workbook *workbook, const struct tp_lint_options *options,
             struct tp_problems *problems)
{
    (void)workbook;
    (void)options;
    (void)problems;
}
