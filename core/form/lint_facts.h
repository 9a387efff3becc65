/*
 * The consultation sheet against the minimum standards: facts that must be there (C5). For
 * core/form/lint*.c only.
 */
#ifndef TP_FORM_LINT_FACTS_H
#define TP_FORM_LINT_FACTS_H

#include "form/consultation.h"
#include "form/xlsform_parts.h"

/* What kind of survey the sheet says it is; "consultation" where it says nothing. */
enum tp_consultation_kind tp_lint_kind(struct tp_xf *xf);

/* Adds an error for every fact that must be there and is not, or is not what it should be. */
void tp_lint_facts(struct tp_xf *xf, enum tp_consultation_kind kind, const char *equality_version);

/* Calls `visit` for each fact made of words that people read; its languages are as the headers
 * spell them, its plain text is the default. */
typedef void tp_lint_fact_visit(void *context, const struct tp_xf_table *table, unsigned row,
                                const char *name, const struct tp_xf_text *text);
void tp_lint_each_fact(struct tp_xf *xf, tp_lint_fact_visit *visit, void *context);

#endif
