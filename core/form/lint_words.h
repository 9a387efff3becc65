/*
 * Words and sentences, measured: what C1 and C2 of docs/ACCESSIBILITY.md ask of texts in English.
 *
 * A sentence ends at ".", "?" or "!" before a space, and at the end of a line; a point inside a
 * number or after an abbreviation does not end it. Markdown marks and ${references} are read as a
 * person would: a reference is one word. For core/form/lint*.c only. Thread: any.
 */
#ifndef TP_FORM_LINT_WORDS_H
#define TP_FORM_LINT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What is asked of texts in English: words in a sentence (C1, C2), and the reading age of a text
 * that is long enough to have one. */
#define TP_WORDS_MAX 25u
#define TP_EASY_READ_WORDS_MAX 15u
#define TP_READING_AGE_MAX 9.0
#define TP_WORDS_TO_JUDGE 100u

struct tp_sentence {
    const char *start; /* in the text; not NUL-terminated */
    size_t length;
    unsigned words;
    unsigned syllables;
    bool starts_line;
};

/* The next sentence at or after *from, which moves behind it; false at the end. The struct is
 * zeroed before the first call, and handed back for the next. */
bool tp_next_sentence(const char **from, struct tp_sentence *sentence);

/* Vowel groups, less a silent final e; at least 1. For English. */
unsigned tp_syllables(const char *word, size_t length);

/*
 * The reading age by Flesch and Kincaid (Kincaid and others, 1975): the school grade
 * 0.39 words/sentences + 11.8 syllables/words - 15.59, plus five years.
 */
double tp_reading_age(unsigned long sentences, unsigned long words, unsigned long syllables);

/* ---- plain words (lint_plain.c) ---- */

/* A word or phrase to avoid, and what to write. */
struct tp_avoided {
    const char *phrase;
    const char *instead;
    bool easy_read_only;
};

/* The next phrase to avoid at or after *from (the start of a word) and before `end`, as whole words
 * with or without an -s, -d or -ed; *from moves behind it. NULL: none. The longest wins. */
const struct tp_avoided *tp_next_avoided(const char **from, const char *end, bool easy_read);

/* ---- one word for one thing (lint_things.c) ---- */

/* Sets of words that mean one thing, of which Easy Read should use one; each ends with NULL. */
size_t tp_same_thing_count(void);
const char *const *tp_same_thing(size_t index);

/* Whether the sentence has the word or phrase, as whole words with or without an -s. */
bool tp_has_word(const struct tp_sentence *sentence, const char *word);

/* ---- who does it (lint_passive.c) ---- */

/* The first "is kept", "will be sent": something is done and nobody does it. */
bool tp_find_passive(const struct tp_sentence *sentence, struct tp_sentence *passive);

#endif
