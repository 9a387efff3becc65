/* Near misses: what an author may have meant. */
#include <ctype.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* Longer words are not slips of a finger; keeps the work small. */
#define WORD_MAX 48u

/* Levenshtein's distance, letter case ignored, neighbours swapped counted as one slip. */
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
            int ca = tolower((unsigned char)a[i - 1]);
            int cb = tolower((unsigned char)b[j - 1]);
            unsigned best = before[j - 1] + (ca != cb);

            best = before[j] + 1 < best ? before[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
                cb == tolower((unsigned char)a[i - 2]) && two[j - 2] + 1 < best)
                best = two[j - 2] + 1;
            now[j] = best;
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
        if (distance <= limit) {
            best = names[i];
            if (!distance)
                break;
            limit = distance - (distance > 1);
            if (distance == 1)
                break;
        }
    }
    return best;
}
