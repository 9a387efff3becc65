/*
 * An answer as a person reads it back: on the check page, in the rows of a repeat.
 *
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_WIDGETS_ANSWER_WORDS_H
#define TP_KIOSK_WIDGETS_ANSWER_WORDS_H

#include "base/buf.h"
#include "form/session.h"

/* Appends the answer in the language shown: choices by their labels, a rank with its places, days
 * and times in words, large numbers parted; "Not answered" where there is none. What is masked is
 * not said. */
void tp_answer_words(struct tp_session *session, const struct tp_question *question,
                     struct tp_buf *words);

/* A tp_session_show_day, with the app as its context: a day, a time or both in words, where the
 * survey is shown in the language of the person; else as stored. */
void tp_show_day(void *context, const char *value, const char *appearance, struct tp_buf *out);

/* "12,500" of "12500", as the language parts thousands; anything that is no number as it stands. */
void tp_thousands(const char *number, struct tp_buf *words);

#endif
