#include "base/xml_text.h"

#include <string.h>

static const char *entity(char c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return in_attribute ? "&quot;" : NULL;
    case '\n':
        return in_attribute ? "&#10;" : NULL;
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

/* Bytes at `p` that are no character of XML: a control, U+FFFE or U+FFFF; 0 for a character. */
static size_t no_character(const char *p, const char *end)
{
    if ((unsigned char)*p < 0x20)
        return *p != '\t' && *p != '\n' && *p != '\r';
    return end - p >= 3 && memcmp(p, "\xEF\xBF", 2) == 0 && (unsigned char)p[2] >= 0xBE ? 3 : 0;
}

static bool put(struct tp_buf *out, const char *p, size_t length, bool in_attribute)
{
    const char *end = p + length;
    const char *run = p;

    while (p < end) {
        size_t skipped = no_character(p, end);
        const char *written = skipped ? "" : entity(*p, in_attribute);

        if (!written) {
            p++;
            continue;
        }
        (void)tp_buf_add(out, run, (size_t)(p - run));
        (void)tp_buf_puts(out, written);
        p += skipped ? skipped : 1;
        run = p;
    }
    return tp_buf_add(out, run, (size_t)(end - run));
}

bool tp_xml_put_text(struct tp_buf *out, const char *text, size_t length)
{
    return put(out, text, length, false);
}

bool tp_xml_put_attr(struct tp_buf *out, const char *text, size_t length)
{
    return put(out, text, length, true);
}

bool tp_xml_put_name(struct tp_buf *out, const char *name)
{
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20)
            return false;
    (void)put(out, name, strlen(name), true);
    return true;
}
