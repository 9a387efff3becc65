/*
 * The parts of the lint, shared by core/form/lint*.c only: one walk over a survey's texts, what it
 * counts by language, and where a finding stands. Thread: one at a time.
 */
#ifndef TP_FORM_LINT_INTERNAL_H
#define TP_FORM_LINT_INTERNAL_H

#include <stdint.h>

#include "form/consultation.h"
#include "form/lint.h"
#include "form/lint_words.h"
#include "form/xlsform_parts.h"

enum rules { RULES_NONE, RULES_STANDARD, RULES_EASY_READ };

struct language {
    const char *name;
    enum rules rules;
    size_t texts;   /* that the default language has */
    size_t missing; /* of these, in this one */
    size_t labels;  /* of questions and choices in this one */
    size_t silent;  /* of these, without a recorded clip */
    struct tp_xf_table first_table;
    unsigned first_row;
};

struct place {
    const struct tp_xf_table *table;
    unsigned row;
    const char *column;
};

struct lint {
    struct tp_xf *xf;
    struct tp_lint_options options;
    enum tp_consultation_kind kind;
    bool easy_read; /* the survey has Easy Read */
    bool converts;  /* without an error */
    bool recorded;  /* some text has a clip */
    struct language *languages;
    unsigned long sentences;
    unsigned long words;
    unsigned long syllables;
    uint32_t *met; /* of each set of tp_same_thing, a bit for each word met in Easy Read */
};

/* ---- lint_texts.c ---- */

/* Finds the languages and what is asked of each; false without memory. */
bool tp_lint_languages(struct lint *lint);
const char *tp_lint_in_language(const struct lint *lint, const struct tp_xf_text *text,
                                const char *language);
/* One text in all its languages: its sentences, and what is missing. The column is the one whose
 * meaning is `first` (and `second`, which may be NULL). */
void tp_lint_text(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                  const char *first, const char *second, const struct tp_xf_text *text);
/* The same for the consultation sheet (a tp_lint_fact_visit). */
void tp_lint_fact(void *context, const struct tp_xf_table *table, unsigned row, const char *name,
                  const struct tp_xf_text *text);
/* Which labels have a recorded clip beside them. */
void tp_lint_clips(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                   const struct tp_xf_text *label, const struct tp_xf_text *clip);
/* What only the whole shows: averages, the reading age, translations and clips by language. */
void tp_lint_sums(struct lint *lint);

/* ---- lint_easy_read.c ---- */

/* A sentence of Easy Read (C1): who does it, one word for one thing. */
void tp_lint_easy_sentence(struct lint *lint, const struct place *place,
                           const struct tp_sentence *sentence);
/* A picture for each idea, and its alternative text. `wanted`: it is shown to people. */
void tp_lint_pictures(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                      const struct tp_xf_text *media, bool wanted);
/* A survey without Easy Read says so. */
void tp_lint_has_easy_read(struct lint *lint);

/* A sentence as a finding shows it: cut at a character, with "..." where it goes on. */
#define LINT_QUOTE_MAX 160
const char *tp_lint_quote(const struct tp_sentence *sentence, char text[LINT_QUOTE_MAX + 8]);

#endif
