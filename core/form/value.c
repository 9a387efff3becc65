/* Answers in the form that each type is stored in. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "form/session_internal.h"
#include "form/xpath_value.h"

#define INTEGER_DIGITS_MAX 18u

/* What is no character of XML goes; so does what is no UTF-8. */
static void put_clean(const char *text, struct tp_buf *out)
{
    while (*text) {
        int size = (int)strnlen(text, 4);
        int code = xmlGetUTF8Char((const unsigned char *)text, &size);

        if (code < 0) {
            text++;
            continue;
        }
        if (code >= 0x20 ? code != 0xFFFE && code != 0xFFFF : strchr("\t\n\r", code) != NULL)
            (void)tp_buf_add(out, text, (size_t)size);
        text += size;
    }
}

static const char *skip(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* A number and nothing else, in the ways of XML and not of C (0x1F, nan, inf). */
static bool read_number(const char *text, double *number)
{
    char *end;

    *number = strtod(text, &end);
    return end != text && !*skip(end) && !strpbrk(text, "xXnNiI") && isfinite(*number);
}

/* A calculation's 3.0 is the integer 3; 3.7 is cut to 3, as JavaRosa does. A person is held to
 * whole numbers before (session_answer.c). */
static bool put_integer(const char *text, struct tp_buf *out)
{
    char plain[TP_NUMBER_TEXT_MAX];
    double number;

    text = skip(text);
    if (!read_number(text, &number))
        return false;
    if (strspn(text, "-0123456789") == strlen(text) && strlen(text) <= INTEGER_DIGITS_MAX)
        return tp_buf_printf(out, "%lld", strtoll(text, NULL, 10));
    tp_number_text(trunc(number), plain);
    return tp_buf_puts(out, plain);
}

static bool put_decimal(const char *text, struct tp_buf *out)
{
    char plain[TP_NUMBER_TEXT_MAX];
    double number;

    text = skip(text);
    if (!read_number(text, &number))
        return false;
    tp_number_text(number, plain);
    return tp_buf_puts(out, plain);
}

static bool put_boolean(const char *text, struct tp_buf *out)
{
    text = skip(text);
    if (strcmp(text, "1") != 0 && strcmp(text, "0") != 0 && strcmp(text, "true") != 0 &&
        strcmp(text, "false") != 0)
        return false;
    return tp_buf_puts(out, text);
}

static bool put_date(const char *text, const struct tp_session *session, struct tp_buf *out)
{
    struct tp_datetime value;
    char plain[TP_DATETIME_TEXT_MAX];

    if (!tp_datetime_parse(text, &value) || !value.has_date)
        return false;
    if (value.has_time && value.has_offset)
        tp_datetime_from_ms(tp_datetime_to_ms(&value, session->env.zone, 0), session->env.zone,
                            &value);
    tp_date_text(&value, plain);
    return tp_buf_puts(out, plain);
}

static bool put_time(const char *text, const struct tp_session *session, struct tp_buf *out)
{
    struct tp_datetime value;
    char plain[TP_DATETIME_TEXT_MAX];
    int64_t ms;

    if (!tp_datetime_parse(text, &value) || !value.has_time)
        return false;
    if (!value.has_date && strspn(skip(text), "0123456789:.+-Z") == strlen(skip(text)) &&
        strlen(skip(text)) >= strlen("HH:MM:SS"))
        return tp_buf_puts(out, skip(text)); /* whole already, with a zone or without */
    if (!value.has_offset) {
        struct tp_datetime now;

        tp_datetime_from_ms(tp_clock_wall_ms(&session->env.clock), session->env.zone, &now);
        value.has_offset = true;
        value.offset = now.offset;
    } else if (value.has_date) {
        ms = tp_datetime_to_ms(&value, session->env.zone, 0);
        tp_datetime_from_ms(ms, session->env.zone, &value);
    }
    tp_time_text(&value, plain);
    return tp_buf_puts(out, plain);
}

static bool put_datetime(const char *text, const struct tp_session *session, struct tp_buf *out)
{
    struct tp_datetime value;
    char plain[TP_DATETIME_TEXT_MAX];

    if (!tp_datetime_parse(text, &value) || !value.has_date)
        return false;
    tp_datetime_from_ms(tp_datetime_to_ms(&value, session->env.zone, 0), session->env.zone, &value);
    tp_datetime_text(&value, plain);
    return tp_buf_puts(out, plain);
}

/* Words parted by single spaces. */
static bool put_choices(const char *text, struct tp_buf *out)
{
    bool first = true;

    for (;;) {
        size_t length;

        text = skip(text);
        length = strcspn(text, " \t\r\n");
        if (!length)
            return true;
        if (!first)
            (void)tp_buf_putc(out, ' ');
        first = false;
        (void)tp_buf_add(out, text, length);
        text += length;
    }
}

static bool put_typed(enum tp_type type, const char *text, const struct tp_session *session,
                      struct tp_buf *out)
{
    switch (type) {
    case TP_TYPE_INTEGER:
        return put_integer(text, out);
    case TP_TYPE_DECIMAL:
        return put_decimal(text, out);
    case TP_TYPE_BOOLEAN:
        return put_boolean(text, out);
    case TP_TYPE_DATE:
        return put_date(text, session, out);
    case TP_TYPE_TIME:
        return put_time(text, session, out);
    case TP_TYPE_DATETIME:
        return put_datetime(text, session, out);
    case TP_TYPE_CHOICE:
        return put_choices(text, out);
    default:
        put_clean(text, out);
        return true;
    }
}

bool tp_value_canonical(enum tp_type type, const char *text, const struct tp_session *session,
                        struct tp_buf *out)
{
    size_t start = out->length;

    if (!*text)
        return true;
    if (put_typed(type, text, session, out))
        return true;
    out->length = start;
    put_clean(text, out);
    return false;
}

bool tp_value_is_written(enum tp_type type, const char *text)
{
    struct tp_datetime value = {0};
    double number;

    (void)tp_datetime_parse(text, &value);
    switch (type) {
    case TP_TYPE_INTEGER:
        number = strtod(text, NULL);
        return number >= INT32_MIN && number <= INT32_MAX;
    case TP_TYPE_DATE:
        return !value.has_time || !value.has_offset;
    case TP_TYPE_TIME:
        return !value.has_date;
    case TP_TYPE_DATETIME:
        text = skip(text);
        return !*skip(text + strcspn(text, " "));
    default:
        return true;
    }
}

const char *tp_value_written(enum tp_type type, const char *value, char room[TP_NUMBER_TEXT_MAX])
{
    size_t digits = strspn(value, "-0123456789");

    if (type != TP_TYPE_DECIMAL || digits == 0 || value[digits] != '\0' ||
        digits + sizeof(".0") > TP_NUMBER_TEXT_MAX)
        return value;
    memcpy(room, value, digits);
    memcpy(room + digits, ".0", sizeof(".0"));
    return room;
}
