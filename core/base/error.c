#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool tp_fail(struct tp_error *error, enum tp_error_code code, const char *format, ...)
{
    char text[TP_ERROR_TEXT_MAX];
    va_list args;

    if (!error)
        return false;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    error->code = code;
    memcpy(error->text, text, sizeof(text));
    return false;
}

bool tp_fail_errno(struct tp_error *error, int err, const char *format, ...)
{
    char text[TP_ERROR_TEXT_MAX];
    char words[128];
    va_list args;

    if (!error)
        return false;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return tp_fail(error, err == ENOENT ? TP_ERR_NOT_FOUND : TP_ERR_IO, "%s: %s", text,
                   strerror_r(err, words, sizeof(words)));
}

bool tp_fail_prefix(struct tp_error *error, const char *format, ...)
{
    char text[TP_ERROR_TEXT_MAX];
    va_list args;

    if (!error)
        return false;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return tp_fail(error, error->code, "%s: %s", text, error->text);
}

bool tp_fail_memory(struct tp_error *error)
{
    return tp_fail(error, TP_ERR_MEMORY, "out of memory");
}
