/*
 * What is wrong with a workbook, in words an officer who knows Excel can act on.
 *
 * Reading, converting and checking a workbook collect every problem in one list, each with its
 * place, so that a person mends the file once. The list owns its strings and holds at most
 * TP_PROBLEMS_MAX; what comes after is counted, not kept. Adding never fails: without memory the
 * list remembers that (and counts an error). Thread: one at a time.
 */
#ifndef TP_FORM_PROBLEM_H
#define TP_FORM_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Nobody reads more; a hostile file could make millions. */
#define TP_PROBLEMS_MAX 500u
/* One value or text is cut to this many bytes (at a character). */
#define TP_PROBLEM_TEXT_MAX 600u

enum tp_severity {
    TP_SEVERITY_ERROR,   /* the file is refused */
    TP_SEVERITY_WARNING, /* it works, and could be better */
};

/* Where: each part may be NULL or 0 where it does not apply. Borrowed. */
struct tp_place {
    const char *file;
    const char *sheet;
    unsigned row; /* as the spreadsheet program numbers it: 1 is the header */
    const char *column;
};

struct tp_problem {
    enum tp_severity severity;
    bool unsupported; /* right in itself, and not built here (an error) */
    char *file;       /* owned; NULL where unknown, as are the next four */
    char *sheet;      /* as the author spelt it */
    char *column;     /* as the author spelt it */
    char *value;      /* the cell's text that is wrong, cut */
    unsigned row;     /* 0: the whole sheet */
    char *text;       /* what is wrong and what to do; never NULL */
};

struct tp_problems {
    struct tp_problem *items; /* owned */
    size_t count;
    size_t capacity;
    size_t errors;   /* found, kept or not */
    size_t warnings; /* found, kept or not */
};

void tp_problems_init(struct tp_problems *problems);
void tp_problems_finish(struct tp_problems *problems);

/* Adds one. `value` may be NULL. The text says what is wrong and what to do, without the place. */
void tp_problems_add(struct tp_problems *problems, enum tp_severity severity,
                     const struct tp_place *place, const char *value, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Adds an error about something that is right elsewhere and refused here by name. */
void tp_problems_refuse(struct tp_problems *problems, const struct tp_place *place,
                        const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Appends one line without a line end: "hours.xlsx, sheet survey, row 7, column type: 'select_on
 * yes_no' is not a question type; did you mean 'select_one yes_no'?". A warning says so. False when
 * the buffer is full. */
bool tp_problem_line(const struct tp_problem *problem, struct tp_buf *out);

#endif
