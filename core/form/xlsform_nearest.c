/* Near misses: what an author may have meant. */
#include <ctype.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* Longer words are not slips of a finger; keeps the work small. */
#define WORD_MAX 48u

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Levenshtein's distance, letter case ignored, neighbours swapped counted as one slip: row i of the
 * table has the distances of the first i letters of `a` from the beginnings of `b`. */
unsigned tp_xf_distance(const char *a, const char *b)
{
    unsigned rows[3][WORD_MAX + 1];
    size_t la = strlen(a);
    size_t lb = strlen(b);

    if (la > WORD_MAX || lb > WORD_MAX)
        return WORD_MAX;
    for (unsigned j = 0; j <= lb; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= la; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *before = rows[(i - 1) % 3];
        const unsigned *two = rows[(i + 1) % 3];

        now[0] = i;
        for (unsigned j = 1; j <= lb; j++) {
            now[j] = before[j - 1] + !same(a[i - 1], b[j - 1]);
            now[j] = least(now[j], least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                now[j] = least(now[j], two[j - 2] + 1);
        }
    }
    return rows[la % 3][lb];
}

const char *tp_xf_nearest(const char *word, const char *const *names, size_t count)
{
    size_t length = strlen(word);
    unsigned limit = length <= 3 ? 1 : 2;
    const char *best = NULL;

    if (length < 2 || length > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(names[i]);
        unsigned distance;

        if ((other > length ? other - length : length - other) > limit)
            continue;
        distance = tp_xf_distance(word, names[i]);
        if (distance > limit)
            continue;
        if (distance <= 1)
            return names[i];
        best = names[i];
        limit = distance - 1;
    }
    return best;
}
