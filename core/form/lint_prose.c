#include "form/lint_prose.h"

#include <stdio.h>

#include "form/lint_internal.h"

/* Who mends these finds the rest. */
#define ADVICE_COUNT_MAX 6u

struct prose {
    void (*found)(void *context, const char *advice);
    void *context;
    size_t told;
    char advice[TP_PROSE_ADVICE_MAX];
};

/* What prose->advice holds now. */
static void tell(struct prose *prose)
{
    if (prose->told++ < ADVICE_COUNT_MAX)
        prose->found(prose->context, prose->advice);
}

static void check_length(struct prose *prose, const struct tp_sentence *sentence, bool easy_read)
{
    unsigned max = easy_read ? TP_EASY_READ_WORDS_MAX : TP_WORDS_MAX;
    char quote[LINT_QUOTE_MAX + 8];

    if (sentence->words <= max)
        return;
    (void)snprintf(prose->advice, sizeof(prose->advice),
                   "This sentence has %u words. Use at most %u: '%s'", sentence->words, max,
                   tp_lint_quote(sentence, quote));
    tell(prose);
}

static void check_words(struct prose *prose, const struct tp_sentence *sentence, bool easy_read)
{
    const char *from = sentence->start;
    const char *end = sentence->start + sentence->length;
    const struct tp_avoided *avoided;
    char quote[LINT_QUOTE_MAX + 8];

    while ((avoided = tp_next_avoided(&from, end, easy_read))) {
        (void)snprintf(prose->advice, sizeof(prose->advice), "Avoid '%s'. Instead: %s: '%s'",
                       avoided->phrase, avoided->instead, tp_lint_quote(sentence, quote));
        tell(prose);
    }
}

static void check_passive(struct prose *prose, const struct tp_sentence *sentence)
{
    struct tp_sentence passive;
    char quote[LINT_QUOTE_MAX + 8];

    if (!tp_find_passive(sentence, &passive))
        return;
    (void)snprintf(prose->advice, sizeof(prose->advice),
                   "'%.*s' does not say who does it. Say who ('we keep', not 'is kept'): '%s'",
                   (int)(passive.length < 60 ? passive.length : 60), passive.start,
                   tp_lint_quote(sentence, quote));
    tell(prose);
}

void tp_lint_prose(const char *text, bool easy_read,
                   void (*found)(void *context, const char *advice), void *context)
{
    struct prose prose = {.found = found, .context = context};
    unsigned long sentences = 0, words = 0, syllables = 0;
    struct tp_sentence sentence = {0};
    double age;

    for (const char *from = text; tp_next_sentence(&from, &sentence); sentences++) {
        check_length(&prose, &sentence, easy_read);
        check_words(&prose, &sentence, easy_read);
        if (easy_read)
            check_passive(&prose, &sentence);
        words += sentence.words;
        syllables += sentence.syllables;
    }
    if (words < TP_WORDS_TO_JUDGE)
        return;
    age = tp_reading_age(sentences, words, syllables);
    if (age <= TP_READING_AGE_MAX)
        return;
    (void)snprintf(prose.advice, sizeof(prose.advice),
                   "The words are as hard as those for an age of %.0f; aim for %.0f. Use shorter "
                   "sentences and shorter words.",
                   age, TP_READING_AGE_MAX);
    tell(&prose);
}
