#include "form/lint_phrase.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_word(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || c == '\'' || c == '_';
}

size_t tp_phrase_at(const char *p, const char *end, const char *phrase)
{
    static const char *const endings[] = {"", "s", "d", "ed"};
    size_t length = strlen(phrase);

    if ((size_t)(end - p) < length || strncasecmp(p, phrase, length) != 0)
        return 0;
    if (!isalnum((unsigned char)phrase[length - 1]))
        return length;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t more = strlen(endings[i]);

        if ((size_t)(end - p) >= length + more && strncasecmp(p + length, endings[i], more) == 0 &&
            (p + length + more == end || !is_word((unsigned char)p[length + more])))
            return length + more;
    }
    return 0;
}

const char *tp_first_word(const char *p, const char *end)
{
    while (p < end && !is_word((unsigned char)*p)) {
        const char *close = *p == '$' ? memchr(p, '}', (size_t)(end - p)) : NULL;

        p = close ? close + 1 : p + 1;
    }
    return p;
}

const char *tp_next_word(const char *p, const char *end)
{
    while (p < end && is_word((unsigned char)*p))
        p++;
    return tp_first_word(p, end);
}

size_t tp_word_length(const char *p, const char *end)
{
    size_t length = 0;

    while (p + length < end && is_word((unsigned char)p[length]))
        length++;
    return length;
}
