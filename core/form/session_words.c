/* What is chosen, a list of words, as a set that each choice is looked up in. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/session_internal.h"

static int by_text(const void *a, const void *b)
{
    const struct tp_word *left = a;
    const struct tp_word *right = b;
    size_t shorter = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->text, right->text, shorter);

    return order ? order : (left->length > right->length) - (left->length < right->length);
}

bool tp_words_read(struct tp_words *words, const char *text)
{
    size_t capacity = 1;

    *words = (struct tp_words){0};
    for (const char *p = text; *p; p++)
        capacity += strchr(TP_WORD_SPACE, *p) != NULL;
    words->items = tp_calloc(capacity, sizeof(*words->items));
    if (!words->items)
        return false;
    for (const char *p = text + strspn(text, TP_WORD_SPACE); *p; p += strspn(p, TP_WORD_SPACE)) {
        size_t length = strcspn(p, TP_WORD_SPACE);

        words->items[words->count++] = (struct tp_word){.text = p, .length = length};
        p += length;
    }
    qsort(words->items, words->count, sizeof(*words->items), by_text);
    return true;
}

struct tp_word *tp_words_find(const struct tp_words *words, const char *text, size_t length)
{
    const struct tp_word wanted = {.text = text, .length = length};
    size_t low = 0;
    size_t high = words->count;

    /* the first of those that are alike, so that all ask the same one */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_text(&words->items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < words->count && by_text(&words->items[low], &wanted) == 0 ? &words->items[low]
                                                                           : NULL;
}

void tp_words_finish(struct tp_words *words)
{
    tp_free(words->items);
    *words = (struct tp_words){0};
}
