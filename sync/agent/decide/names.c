#include "agent/decide/names.h"

#include <stdint.h>
#include <string.h>

/* The length in bytes of the UTF-8 character at `p` (1-4), or 0 where it is not one: overlong,
 * a surrogate, beyond U+10FFFF, or cut short. (RFC 3629, 4) */
static size_t utf8_length(const unsigned char *p)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4 || (p[1] & 0xC0) != 0x80)
        return 0;
    if (p[0] < 0xE0)
        return 2;
    if ((p[2] & 0xC0) != 0x80)
        return 0;
    if (p[0] < 0xF0)
        return (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ? 0 : 3;
    if ((p[3] & 0xC0) != 0x80 || (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return 4;
}

/* C0, DEL and C1 (U+0080 to U+009F, which is C2 80 to C2 9F). */
static bool is_control(const unsigned char *p)
{
    return p[0] < 0x20 || p[0] == 0x7F || (p[0] == 0xC2 && p[1] < 0xA0);
}

static bool is_id_character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c && strchr("._-", c));
}

bool tp_name_is_form_id(const char *name)
{
    size_t length = 0;

    if (name[0] == '.')
        return false;
    while (length <= TP_LISTED_ID_MAX && is_id_character(name[length]))
        length++;
    return length >= 1 && length <= TP_LISTED_ID_MAX && name[length] == '\0';
}

bool tp_name_is_media(const char *name)
{
    const unsigned char *p = (const unsigned char *)name;
    size_t length = strnlen(name, TP_MEDIA_NAME_MAX + 1);

    if (length == 0 || length > TP_MEDIA_NAME_MAX || name[0] == '.')
        return false;
    while (*p) {
        size_t step = utf8_length(p);

        if (step == 0 || is_control(p) || strchr("/\\:", *p))
            return false;
        p += step;
    }
    return strcmp(name, "form.xml") != 0;
}

bool tp_name_is_md5(const char *text, char digits[TP_MD5_TEXT_MAX])
{
    char copy[TP_MD5_TEXT_MAX];

    if (strncmp(text, "md5:", 4) != 0 || strnlen(text + 4, TP_MD5_TEXT_MAX) != TP_MD5_TEXT_MAX - 1)
        return false;
    for (size_t i = 0; i < TP_MD5_TEXT_MAX - 1; i++) {
        char c = text[4 + i];

        if (c >= 'A' && c <= 'F')
            c = (char)(c - 'A' + 'a');
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        copy[i] = c;
    }
    copy[TP_MD5_TEXT_MAX - 1] = '\0';
    memcpy(digits, copy, sizeof(copy));
    return true;
}

void tp_words_clean(const char *text, char *out, size_t size)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = 0;

    while (*p) {
        size_t step = utf8_length(p);
        size_t taken = step ? step : 1;
        const char *from = (const char *)p;

        if (step == 0)
            from = "?";
        else if (is_control(p))
            from = " ";
        if (step == 0 || is_control(p))
            step = 1;
        if (length + step >= size)
            break;
        memcpy(out + length, from, step);
        length += step;
        p += taken;
    }
    out[length] = '\0';
}
