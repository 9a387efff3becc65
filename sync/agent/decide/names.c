#include "agent/decide/names.h"

#include <string.h>

#include "base/utf8.h"

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
    size_t length = strnlen(name, TP_MEDIA_NAME_MAX + 1);

    if (length == 0 || length > TP_MEDIA_NAME_MAX || name[0] == '.')
        return false;
    for (const char *p = name; *p;) {
        size_t bytes = tp_utf8_size(p, TP_UTF8_MAX);

        if (bytes == 0 || tp_utf8_is_control(p) || strchr("/\\:", *p))
            return false;
        p += bytes;
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
