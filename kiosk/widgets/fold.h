/*
 * Looking for an answer by its first letters, as people type them: without capitals, without
 * accents, in any order of the words.
 *
 * Texts are folded once (Unicode case folding and compatibility decomposition, marks dropped; and
 * letters such as the Polish l with a stroke by their plain one) and then compared. Thread: the
 * main thread only, for what is kept of letters.
 */
#ifndef TP_KIOSK_WIDGETS_FOLD_H
#define TP_KIOSK_WIDGETS_FOLD_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends the folded text, its words parted by one space. What is not UTF-8 folds to nothing. */
bool tp_fold(const char *text, struct tp_buf *folded);

/* From worst to best. */
enum tp_fit {
    TP_FIT_NONE,
    TP_FIT_INSIDE, /* each word is somewhere in the text; only words of three bytes and more */
    TP_FIT_WORD,   /* each word begins one of the text's */
    TP_FIT_START,  /* the text begins with all of it */
};

/* How the folded words `wanted` fit the folded `text`; no words fit everything. */
enum tp_fit tp_fold_fit(const char *text, const char *wanted);

#endif
