/*
 * One answer, taken apart: a value for each question of a schema, and the facts of where and how it
 * was given. It is read from its seal here, or from what was kept of it (flat.h). What was in it is
 * wiped. Thread: one at a time.
 */
#ifndef TP_CENTRAL_EXPORT_ANSWER_H
#define TP_CENTRAL_EXPORT_ANSWER_H

#include "central/data/submissions.h"
#include "central/export/schema.h"
#include "central/keys.h"

/* One value: what one question may hold, a repeat's instances together. */
#define TP_ANSWER_VALUE_MAX (1024u * 1024u)
#define TP_CONTEXT_TEXT_MAX 256u

/* The facts in tp:context, in the order of the columns. Their numbers stand in what is kept of
 * answers: a new one comes last there, and needs a new version of flat.h. */
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

/* Why an answer could not be read, in whole or in part. Numbered as the facts are. */
enum tp_problem {
    TP_PROBLEM_NONE,
    TP_PROBLEM_NOT_XML,
    TP_PROBLEM_OTHER_ID,
    TP_PROBLEM_TOO_LONG,
    TP_PROBLEM_NO_KEY,      /* its seal does not open with the keys that are here */
    TP_PROBLEM_NO_FORM_KEY, /* the same, of what is encrypted to its form's own key */
    TP_PROBLEM_NOT_WHOLE,   /* of such, the encrypted file has not come yet */
};
/* "" where there is none. */
const char *tp_problem_text(enum tp_problem problem);

/* Ended by a NUL; "" and never NULL where there is nothing. Borrowed. */
struct tp_text {
    const char *text;
    size_t length;
};

struct tp_scan;

struct tp_answer {
    struct tp_text *values; /* one a question; valid until the next answer is read */
    size_t count;
    struct tp_text facts[TP_FACT_COUNT];
    enum tp_problem problem;

    /* Private: where the texts stand that were read from a seal. */
    struct tp_scan *scan;
    struct tp_buf *read; /* one a question */
    char read_facts[TP_FACT_COUNT][TP_CONTEXT_TEXT_MAX];
    bool has_read;
    struct tp_schema *learns; /* NULL: what the schema does not know is passed by */
    enum tp_error_code failed;
};

bool tp_answer_init(struct tp_answer *answer, const struct tp_schema *schema);
void tp_answer_finish(struct tp_answer *answer);

/* The schema learns (tp_schema_learn) every path that has a value; it is the one that answers are
 * read by from then on. */
void tp_answer_learn(struct tp_answer *answer, struct tp_schema *schema);

/* Back to an answer that has nothing. */
void tp_answer_empty(struct tp_answer *answer);

/* Unseals and reads. Never fails for what is in the answer: that is a problem of its own row.
 * TP_ERR_MEMORY; TP_ERR_LIMIT where it has more paths than can be learnt. */
bool tp_answer_read(struct tp_answer *answer, const struct tp_schema *schema,
                    const struct tp_keys *keys, const struct tp_kept *kept, struct tp_error *error);

/* Given to try the screen, and no part of what people said. */
bool tp_answer_is_practice(const struct tp_answer *answer);

#endif
