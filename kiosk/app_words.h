/*
 * Words that need more than a look-up: days, and what languages call themselves.
 *
 * Texts are in the catalog's language. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_WORDS_H
#define TP_KIOSK_APP_WORDS_H

#include <stdbool.h>

#include "form/consultation.h"

/* A day in any of the languages, with room to spare. */
#define TP_DAY_WORDS_MAX 128

/* "12 March 2027" as the language writes it. A day that is not said gives "". */
void tp_day_words(struct tp_day day, char words[TP_DAY_WORDS_MAX]);

/* A day and a time as it is spoken of here: "12 March 2027, 9:30 am". */
void tp_moment_words(struct tp_day day, int hour, int minute, char words[TP_DAY_WORDS_MAX]);

/* The hour alone, 0 to 23: "9 am". */
void tp_hour_words(int hour, char words[TP_DAY_WORDS_MAX]);

/* "March 1958". */
void tp_month_of_year_words(struct tp_day day, char words[TP_DAY_WORDS_MAX]);

/* Reads a stored time ("09:30:00.000+00:00"). False where it is none. */
bool tp_time_parse(const char *value, int *hour, int *minute);

/* An answer's canonical date, time or both as words; anything else as it stands. */
void tp_value_words(const char *value, char words[TP_DAY_WORDS_MAX]);

struct tp_language {
    const char *tag;     /* BCP 47 */
    const char *name;    /* its own name: "Polski" */
    const char *english; /* for staff */
    const char *start;   /* "Touch to start" in it */
};

/* The language of a tag: exactly, else by its first subtag; NULL where the table has none. */
const struct tp_language *tp_language_find(const char *tag);

/* What to call a language on a button: its own name, or the tag. */
const char *tp_language_name(const char *tag);

#endif
