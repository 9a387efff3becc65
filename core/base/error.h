/*
 * Errors as values: what a person should read when something could not be done.
 *
 * A function that can fail for more than one reason takes a `struct tp_error *` last, returns false
 * and fills it. The text is one line, lower case, problem first, the subject quoted, no full stop.
 * The caller owns the struct; it holds no pointers and needs no release. Passing NULL is allowed
 * and drops the text. Thread: any; one struct belongs to one thread at a time.
 */
#ifndef TP_BASE_ERROR_H
#define TP_BASE_ERROR_H

#include <stdbool.h>

/* Long enough for a problem, a file, a place and what to do; longer text is cut. */
#define TP_ERROR_TEXT_MAX 1024

enum tp_error_code {
    TP_OK = 0,
    TP_ERR_MISUSE,      /* the caller or the person at the command line asked for what cannot be */
    TP_ERR_INVALID,     /* a file or message is not what it should be */
    TP_ERR_UNSUPPORTED, /* well formed, and refused by name */
    TP_ERR_LIMIT,       /* larger than a cap allows */
    TP_ERR_NOT_FOUND,   /* what was named is not there */
    TP_ERR_CONFLICT,    /* the same name with other content */
    TP_ERR_MEMORY,      /* no memory */
    TP_ERR_IO,          /* a file, disk or database failed */
    TP_ERR_NETWORK,     /* no answer, or not from whom it should be */
    TP_ERR_CRYPTO,      /* a key, a seal or a signature does not fit */
};

struct tp_error {
    enum tp_error_code code;
    char text[TP_ERROR_TEXT_MAX];
};

/* Sets code and text (printf format; the arguments may point into error->text). Always returns
 * false, so that `return tp_fail(...)` reads well. */
bool tp_fail(struct tp_error *error, enum tp_error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As tp_fail, and adds ": " and the words of errno value `err`. Code TP_ERR_IO, or TP_ERR_NOT_FOUND
 * for ENOENT. */
bool tp_fail_errno(struct tp_error *error, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts a prefix and ": " before the text already there; keeps the code. Returns false. */
bool tp_fail_prefix(struct tp_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Code TP_ERR_MEMORY and "out of memory". Returns false. */
bool tp_fail_memory(struct tp_error *error);

#endif
