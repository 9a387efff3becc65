/*
 * One answer, unsealed and taken apart: a value for each question of a schema, and the facts of
 * where and how it was given. What was in it is wiped. Thread: one at a time.
 */
#ifndef TP_CENTRAL_EXPORT_ANSWER_H
#define TP_CENTRAL_EXPORT_ANSWER_H

#include "central/data/submissions.h"
#include "central/export/schema.h"
#include "central/opening.h"

/* One value: what one question may hold, a repeat's instances together. */
#define TP_ANSWER_VALUE_MAX (1024u * 1024u)
#define TP_CONTEXT_TEXT_MAX 256u

/* The facts in tp:context, in the order of the columns. */
enum tp_fact {
    TP_FACT_VENUE,
    TP_FACT_EVENT,
    TP_FACT_CHANNEL,
    TP_FACT_LANGUAGE,
    TP_FACT_READING_MODE,
    TP_FACT_PRIVACY_VERSION,
    TP_FACT_CLOCK,
    TP_FACT_PACE,
    TP_FACT_RECEIPT_CODE,
    TP_FACT_PRACTICE,
    TP_FACT_ABOUT,
    TP_FACT_COUNT,
};
/* "readingMode" and so on, as in the XML. */
const char *tp_fact_name(enum tp_fact fact);

struct tp_scan;

struct tp_answer {
    struct tp_buf *values; /* one a question; empty where it was not answered */
    size_t count;
    struct tp_scan *scan; /* owned */
    char facts[TP_FACT_COUNT][TP_CONTEXT_TEXT_MAX];
    bool practice;
    const char *problem; /* a literal: why it could not be read; NULL where it could */
};

bool tp_answer_init(struct tp_answer *answer, const struct tp_schema *schema);
void tp_answer_finish(struct tp_answer *answer);

/* Never fails for what is in the answer: that is a problem of its own row. False only without
 * memory. */
bool tp_answer_read(struct tp_answer *answer, const struct tp_schema *schema,
                    const struct tp_keys *keys, const struct tp_kept *kept, struct tp_error *error);

#endif
