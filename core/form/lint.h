/*
 * The minimum standards of a consultation (docs/ACCESSIBILITY.md, C1 to C5), checked on the
 * workbook so that every finding has a row and a column.
 *
 * Facts that must be there before the first question are errors, as are pictures without
 * alternative text and a home-made equality block; sentences that are hard to read are warnings
 * that name the sentence. Thread: one at a time.
 */
#ifndef TP_FORM_LINT_H
#define TP_FORM_LINT_H

#include <stdbool.h>

#include "form/problem.h"
#include "form/workbook.h"

struct tp_lint_options {
    /* The shared equality block's version that surveys must name ("2026-1"); NULL: any. */
    const char *equality_version;
    /* Count what is not translated as one warning a language (true), or one a cell. */
    bool sum_translations;
};

/* Adds what it finds. Meant for a workbook that converts; on one that does not it finds less.
 * `options` may be NULL. */
void tp_lint(const struct tp_workbook *workbook, const struct tp_lint_options *options,
             struct tp_problems *problems);

#endif
