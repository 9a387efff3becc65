#include "base/utf8.h"

#include <string.h>

/* How many bytes follow the first; 4 where none begins a character. */
static size_t following(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first < 0xC2 || first > 0xF4)
        return TP_UTF8_MAX;
    return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

/* Overlong forms, surrogates and what is beyond U+10FFFF differ from characters in the second byte.
 */
static bool may_follow(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second < 0xA0;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second < 0x90;
    default:
        return true;
    }
}

size_t tp_utf8_size(const char *at, size_t room)
{
    size_t more = room ? following((unsigned char)*at) : TP_UTF8_MAX;

    if (more >= room || more == TP_UTF8_MAX)
        return 0;
    for (size_t i = 1; i <= more; i++)
        if (!tp_utf8_goes_on(at[i]))
            return 0;
    if (more && !may_follow((unsigned char)at[0], (unsigned char)at[1]))
        return 0;
    return more + 1;
}

bool tp_utf8_is_control(const char *at)
{
    unsigned char first = (unsigned char)*at;

    return first < 0x20 || first == 0x7F || (first == 0xC2 && (unsigned char)at[1] < 0xA0);
}

bool tp_utf8_goes_on(char byte)
{
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

size_t tp_utf8_count(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += !tp_utf8_goes_on(text[i]);
    return count;
}

size_t tp_utf8_cut(const char *text, size_t max)
{
    while (max && tp_utf8_goes_on(text[max]))
        max--;
    return max;
}

void tp_utf8_to_words(const char *text, char *words, size_t size)
{
    size_t length = 0;

    while (*text) {
        size_t bytes = tp_utf8_size(text, TP_UTF8_MAX);
        const char *shown = !bytes ? "?" : tp_utf8_is_control(text) ? " " : text;
        size_t put = shown == text ? bytes : 1;

        if (length + put >= size)
            break;
        memcpy(words + length, shown, put);
        length += put;
        text += bytes ? bytes : 1;
    }
    words[length] = '\0';
}
