#include <stdio.h>
#include <string.h>

#include "store/db.h"

/* How many bytes the UTF-8 character at `text` has (Unicode, table 3-7); 0 where it is none. */
static size_t character(const unsigned char *text)
{
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    size_t more;

    if (text[0] < 0x80)
        return 1;
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    more = text[0] < 0xe0 ? 1 : text[0] < 0xf0 ? 2 : 3;
    if (text[0] == 0xe0)
        low = 0xa0;
    else if (text[0] == 0xed)
        high = 0x9f;
    else if (text[0] == 0xf0)
        low = 0x90;
    else if (text[0] == 0xf4)
        high = 0x8f;
    for (size_t i = 1; i <= more; i++) {
        if (text[i] < low || text[i] > high)
            return 0;
        low = 0x80;
        high = 0xbf;
    }
    return more + 1;
}

static bool is_control(const unsigned char *text)
{
    return text[0] < 0x20 || text[0] == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}

bool tp_text_is_words(const char *text, size_t max)
{
    const unsigned char *at = (const unsigned char *)text;

    if (strnlen(text, max) == max)
        return false;
    while (*at) {
        size_t bytes = character(at);

        if (!bytes || is_control(at))
            return false;
        at += bytes;
    }
    return true;
}

bool tp_text_is_name(const char *text, size_t max)
{
    return text && *text && tp_text_is_words(text, max);
}

void tp_text_to_words(const char *text, char *words, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t length = 0;

    while (*at) {
        size_t bytes = character(at);
        bool plain = bytes && !is_control(at);
        size_t put = plain ? bytes : 1;

        if (length + put >= size)
            break;
        if (plain)
            memcpy(words + length, at, bytes);
        else
            words[length] = bytes ? ' ' : '?';
        length += put;
        at += bytes ? bytes : 1;
    }
    words[length] = '\0';
}

void tp_day_text(int64_t ms, char day[TP_DAY_MAX])
{
    char text[TP_TIME_TEXT_MAX];

    tp_time_utc(ms, text);
    (void)snprintf(day, TP_DAY_MAX, "%.10s", text);
}
