#include "central/web/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#include "base/mem.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* How many bytes stand as they are, each a character of its own. */
static size_t plain_ascii(const char *text)
{
    size_t count = 0;

    while (text[count] >= ' ' && text[count] <= '~' && !entity(text[count]))
        count++;
    return count;
}

/* Appends one character, U+FFFD for what is none of XML (XML 1.0, 2.2); how many bytes it was. */
static size_t put_character(struct tp_buf *out, const char *text, const char *end)
{
    const char *as = entity(*text);
    int length = 1;

    if (!as) {
        ucs4_t code;

        length = u8_mbtoucr(&code, (const uint8_t *)text, (size_t)(end - text));
        if (length <= 0 || (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
            code == 0xfffe || code == 0xffff)
            as = REPLACEMENT;
    }
    if (as)
        (void)tp_buf_puts(out, as);
    else
        (void)tp_buf_add(out, text, (size_t)length);
    return length > 0 ? (size_t)length : 1;
}

void tp_html_escape(struct tp_buf *out, const char *text)
{
    const char *end = text + strlen(text);

    while (text < end) {
        size_t plain = plain_ascii(text);

        (void)tp_buf_add(out, text, plain);
        text += plain;
        if (text < end)
            text += put_character(out, text, end);
    }
}

void tp_html_init(struct tp_html *html, struct tp_buf *out)
{
    *html = (struct tp_html){.out = out};
}

void tp_html_prolog(struct tp_html *html, const char *literal)
{
    (void)tp_buf_puts(html->out, literal);
}

static void attributes(struct tp_html *html, va_list args)
{
    const char *name;

    while ((name = va_arg(args, const char *))) {
        const char *value = va_arg(args, const char *);

        if (!value)
            continue;
        (void)tp_buf_putc(html->out, ' ');
        (void)tp_buf_puts(html->out, name);
        (void)tp_buf_puts(html->out, "=\"");
        tp_html_escape(html->out, value);
        (void)tp_buf_putc(html->out, '"');
    }
}

static void start(struct tp_html *html, const char *element, va_list args)
{
    (void)tp_buf_putc(html->out, '<');
    (void)tp_buf_puts(html->out, element);
    attributes(html, args);
}

static void push(struct tp_html *html, const char *element)
{
    if (html->depth == TP_HTML_DEPTH_MAX) {
        html->out->failed = true;
        return;
    }
    html->open[html->depth++] = element;
    (void)tp_buf_putc(html->out, '>');
}

void tp_html_open(struct tp_html *html, const char *element, ...)
{
    va_list args;

    va_start(args, element);
    start(html, element, args);
    va_end(args);
    push(html, element);
}

void tp_html_close(struct tp_html *html)
{
    if (html->depth == 0)
        return;
    (void)tp_buf_puts(html->out, "</");
    (void)tp_buf_puts(html->out, html->open[--html->depth]);
    (void)tp_buf_putc(html->out, '>');
}

void tp_html_close_to(struct tp_html *html, size_t depth)
{
    while (html->depth > depth)
        tp_html_close(html);
}

void tp_html_void(struct tp_html *html, const char *element, ...)
{
    va_list args;

    va_start(args, element);
    start(html, element, args);
    va_end(args);
    (void)tp_buf_puts(html->out, " />");
}

void tp_html_element(struct tp_html *html, const char *element, const char *text, ...)
{
    va_list args;

    va_start(args, text);
    start(html, element, args);
    va_end(args);
    push(html, element);
    tp_html_text(html, text);
    tp_html_close(html);
}

void tp_html_text(struct tp_html *html, const char *text)
{
    tp_html_escape(html->out, text);
}

void tp_html_textf(struct tp_html *html, const char *format, ...)
{
    char small[512];
    char *text = small;
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (length >= (int)sizeof(small)) {
        text = tp_calloc((size_t)length + 1, 1);
        if (!text) {
            html->out->failed = true;
            return;
        }
        va_start(args, format);
        (void)vsnprintf(text, (size_t)length + 1, format, args);
        va_end(args);
    }
    tp_html_escape(html->out, text);
    if (text != small)
        tp_free(text);
}
