/*
 * The facts a consultation may state: one table, shared by the converter, the reader and the
 * checks. For core/form only.
 */
#ifndef TP_FORM_CONSULTATION_FACTS_H
#define TP_FORM_CONSULTATION_FACTS_H

#include <stdbool.h>
#include <stddef.h>

/* A survey that takes longer is not one for a public screen. */
#define TP_CONSULTATION_MINUTES_MAX 240

enum tp_fact_kind {
    TP_FACT_TEXT,
    TP_FACT_DAY,
    TP_FACT_MINUTES,
    TP_FACT_KIND,
    TP_FACT_FILE,
};

struct tp_consultation_fact {
    const char *name;
    enum tp_fact_kind kind;
    const char *missing; /* what to do where it is missing; NULL: it may be */
};

/* NULL where the name is not known. */
const struct tp_consultation_fact *tp_consultation_fact(const char *name);
const struct tp_consultation_fact *tp_consultation_fact_at(size_t index); /* NULL at the end */
const char *tp_consultation_fact_nearest(const char *name);
bool tp_consultation_kind_is(const char *text);

#endif
