/* Who does it: "the form is kept" says that something is done, and not by whom. */
#include <string.h>
#include <strings.h>

#include "form/lint_phrase.h"
#include "form/lint_words.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool is_one_of(const char *word, size_t length, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == length && strncasecmp(word, list[i], length) == 0)
            return true;
    }
    return false;
}

/* "is", "will be", "was": after these a participle has nobody who does it. */
static bool is_being(const char *word, size_t length)
{
    static const char *const forms[] = {"is", "are", "was", "were", "be", "been", "being"};

    return is_one_of(word, length, forms, COUNT(forms));
}

static bool is_between(const char *word, size_t length)
{
    static const char *const words[] = {"not", "also", "always", "never", "only", "often"};

    return is_one_of(word, length, words, COUNT(words));
}

static bool is_participle(const char *word, size_t length)
{
    static const char *const irregular[] = {
        "made", "given", "taken", "told", "kept",   "sent",  "seen",  "done",   "held", "written",
        "paid", "found", "built", "sold", "chosen", "shown", "spent", "bought", "put"};
    /* these say how someone or something is, not what is done to it */
    static const char *const states[] = {
        "interested", "worried", "tired",    "disabled", "married",    "retired",  "confused",
        "pleased",    "excited", "scared",   "bored",    "allowed",    "supposed", "satisfied",
        "concerned",  "closed",  "finished", "limited",  "frightened", "need",     "unemployed"};

    if (is_one_of(word, length, irregular, COUNT(irregular)))
        return true;
    return length > 4 && strncasecmp(word + length - 2, "ed", 2) == 0 &&
           !is_one_of(word, length, states, COUNT(states));
}

bool tp_find_passive(const struct tp_sentence *sentence, struct tp_sentence *passive)
{
    const char *end = sentence->start + sentence->length;

    for (const char *p = tp_first_word(sentence->start, end); p < end; p = tp_next_word(p, end)) {
        const char *word = p;

        if (!is_being(p, tp_word_length(p, end)))
            continue;
        do
            word = tp_next_word(word, end);
        while (word < end && is_between(word, tp_word_length(word, end)));
        if (word < end && is_participle(word, tp_word_length(word, end))) {
            *passive = (struct tp_sentence){
                .start = p, .length = (size_t)(word - p) + tp_word_length(word, end)};
            return true;
        }
    }
    return false;
}
