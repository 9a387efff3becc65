#include "central/export/csv.h"

#include <string.h>

static void separate(struct tp_buf *out, bool *first)
{
    if (!*first)
        (void)tp_buf_putc(out, ',');
    *first = false;
}

static void cell(struct tp_buf *out, const char *before, const char *text)
{
    size_t length = strlen(text);
    bool quoted;

    /* Most cells are empty or plain. */
    if (length == 0)
        return;
    quoted = *before || text[0] == ' ' || text[length - 1] == ' ' || strpbrk(text, ",\"\r\n");
    if (!quoted) {
        (void)tp_buf_add(out, text, length);
        return;
    }
    (void)tp_buf_putc(out, '"');
    (void)tp_buf_puts(out, before);
    for (;;) {
        size_t plain = strcspn(text, "\"");

        (void)tp_buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        (void)tp_buf_puts(out, "\"\"");
        text++;
    }
    (void)tp_buf_putc(out, '"');
}

void tp_csv_text(struct tp_buf *out, bool *first, const char *text)
{
    separate(out, first);
    cell(out, *text && strchr("=+-@\t\r", *text) ? "'" : "", text);
}

bool tp_is_plain_number(const char *text)
{
    size_t whole;
    size_t part = 0;

    if (*text == '-')
        text++;
    whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        part = strspn(text + 1, "0123456789");
        text += part + 1;
        if (part == 0)
            return false;
    }
    return whole > 0 && whole + part < 40 && *text == '\0';
}

void tp_csv_number(struct tp_buf *out, bool *first, const char *text)
{
    if (!tp_is_plain_number(text)) {
        tp_csv_text(out, first, text);
        return;
    }
    separate(out, first);
    (void)tp_buf_puts(out, text);
}

void tp_csv_end_row(struct tp_buf *out)
{
    (void)tp_buf_puts(out, "\r\n");
}
