/*
 * Words and phrases in a text, one after the other as a person reads them. For core/form/lint*.c
 * only. Thread: any.
 */
#ifndef TP_FORM_LINT_PHRASE_H
#define TP_FORM_LINT_PHRASE_H

#include <stddef.h>

/* The first word at or after p, or `end`; what a ${reference} is called, people do not read. */
const char *tp_first_word(const char *p, const char *end);

/* The word after the one at p, or `end`. */
const char *tp_next_word(const char *p, const char *end);

/* Bytes of the word at p. */
size_t tp_word_length(const char *p, const char *end);

/* Bytes of the phrase at p, with an ending it may have (-s, -d, -ed); 0 where it does not stand
 * there whole. Any case of letters. */
size_t tp_phrase_at(const char *p, const char *end, const char *phrase);

#endif
