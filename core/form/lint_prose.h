/*
 * Plain words outside a survey: a notice's title and paragraphs in English, held against C1 and C2
 * of docs/ACCESSIBILITY.md as the texts of a workbook are (lint.h). Thread: any.
 */
#ifndef TP_FORM_LINT_PROSE_H
#define TP_FORM_LINT_PROSE_H

#include <stdbool.h>

#define TP_PROSE_ADVICE_MAX 400

/* Calls `found` with each piece of advice, a line of plain words that quotes the sentence; at most
 * a few for one text. `easy_read`: as Easy Read, else as standard English. */
void tp_lint_prose(const char *text, bool easy_read,
                   void (*found)(void *context, const char *advice), void *context);

#endif
