/* The words of a survey: sentences (C2), languages, recorded clips. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "form/lint_internal.h"

#define WORDS_AVERAGE_MAX 20.0
/* Findings about the words of one text; who mends these finds the rest. */
#define AVOIDED_MAX 4

/* ---- languages ---- */

/* "Easy Read (en-simple)" -> "en-simple". */
static void tag_of(const char *name, char *tag, size_t size)
{
    const char *open = strrchr(name, '(');
    const char *close = open ? strchr(open, ')') : NULL;

    if (close)
        (void)snprintf(tag, size, "%.*s", (int)(close - open - 1), open + 1);
    else
        (void)snprintf(tag, size, "%s", name);
}

/* Only English is measured; a text without a language is taken for it. */
static enum rules rules_of(const char *name)
{
    char tag[64];

    if (strcmp(name, "default") == 0)
        return RULES_STANDARD;
    tag_of(name, tag, sizeof(tag));
    if (strcasecmp(tag, "en-simple") == 0)
        return RULES_EASY_READ;
    if (strncasecmp(tag, "en", 2) == 0 && (!tag[2] || tag[2] == '-'))
        return RULES_STANDARD;
    return strcasecmp(tag, "English") == 0 ? RULES_STANDARD : RULES_NONE;
}

bool tp_lint_languages(struct lint *lint)
{
    struct tp_xf *xf = lint->xf;

    lint->languages = tp_xf_alloc(&xf->arena, xf->language_count + 1, sizeof(*lint->languages));
    lint->met = tp_xf_alloc(&xf->arena, tp_same_thing_count(), sizeof(*lint->met));
    if (!lint->languages || !lint->met)
        return false;
    for (size_t i = 0; i < xf->language_count; i++) {
        lint->languages[i] =
            (struct language){.name = xf->languages[i], .rules = rules_of(xf->languages[i])};
        lint->easy_read = lint->easy_read || lint->languages[i].rules == RULES_EASY_READ;
    }
    return true;
}

/* ---- sentences ---- */

const char *tp_lint_quote(const struct tp_sentence *sentence, char text[LINT_QUOTE_MAX + 8])
{
    size_t length = sentence->length;

    if (length > LINT_QUOTE_MAX)
        length = tp_utf8_cut(sentence->start, LINT_QUOTE_MAX);
    (void)snprintf(text, LINT_QUOTE_MAX + 8, "%.*s%s", (int)length, sentence->start,
                   length < sentence->length ? "..." : "");
    return text;
}

/* What was said about one text. */
struct told {
    const struct tp_avoided *words[AVOIDED_MAX];
    size_t count;
};

static bool was_told(const struct told *told, const struct tp_avoided *found)
{
    for (size_t i = 0; i < told->count; i++) {
        if (told->words[i] == found)
            return true;
    }
    return false;
}

static void check_words(struct lint *lint, const struct place *place,
                        const struct tp_sentence *sentence, bool easy, struct told *told)
{
    const char *from = sentence->start;
    const struct tp_avoided *found;
    char text[LINT_QUOTE_MAX + 8];

    while (told->count < AVOIDED_MAX &&
           (found = tp_next_avoided(&from, sentence->start + sentence->length, easy))) {
        if (was_told(told, found))
            continue;
        told->words[told->count++] = found;
        tp_xf_warn(lint->xf, place->table, place->row, place->column, NULL,
                   "avoid '%s'; instead: %s: '%s'", found->phrase, found->instead,
                   tp_lint_quote(sentence, text));
    }
}

static void check_length(struct lint *lint, const struct place *place,
                         const struct tp_sentence *sentence, bool easy)
{
    unsigned most = easy ? TP_EASY_READ_WORDS_MAX : TP_WORDS_MAX;
    char text[LINT_QUOTE_MAX + 8];

    if (sentence->words > most)
        tp_xf_warn(lint->xf, place->table, place->row, place->column, NULL,
                   "this sentence has %u words; use at most %u%s: '%s'", sentence->words, most,
                   easy ? " in Easy Read" : "", tp_lint_quote(sentence, text));
}

/* Towards the averages of the whole. */
static void add_up(struct lint *lint, const struct tp_sentence *sentence)
{
    lint->sentences++;
    lint->words += sentence->words;
    lint->syllables += sentence->syllables;
}

static void check_text(struct lint *lint, const struct place *place, const char *text,
                       enum rules rules)
{
    struct tp_sentence sentence = {0};
    const char *from = text;
    struct told told = {0};
    bool easy = rules == RULES_EASY_READ;

    while (rules != RULES_NONE && tp_next_sentence(&from, &sentence)) {
        check_words(lint, place, &sentence, easy, &told);
        check_length(lint, place, &sentence, easy);
        if (easy)
            tp_lint_easy_sentence(lint, place, &sentence);
        else
            add_up(lint, &sentence);
    }
}

/* ---- texts by language ---- */

const char *tp_lint_in_language(const struct lint *lint, const struct tp_xf_text *text,
                                const char *language)
{
    if (text->plain)
        return strcmp(language, lint->xf->default_language) == 0 ? text->plain : NULL;
    for (size_t i = 0; i < text->count; i++) {
        if (strcmp(text->items[i].language, language) == 0)
            return text->items[i].text;
    }
    return NULL;
}

/* The header of the column for this text in this language. */
static const char *column_of(const struct tp_xf_table *table, const char *first, const char *second,
                             const char *language)
{
    size_t n = second ? 2 : 1;

    for (size_t i = 0; i < table->count; i++) {
        const struct tp_xf_column *column = &table->columns[i];

        if (column->count <= n || strcmp(column->tokens[0], first) != 0 ||
            (second && strcmp(column->tokens[1], second) != 0))
            continue;
        if (strcmp(column->tokens[n], language) == 0)
            return column->header;
    }
    return tp_xf_header(table, first, second);
}

static void count_missing(struct lint *lint, struct language *language, const struct place *place,
                          const char *column)
{
    if (!language->missing) {
        language->first_table = *place->table;
        language->first_row = place->row;
    }
    language->missing++;
    if (!lint->options.sum_translations)
        tp_xf_warn(lint->xf, place->table, place->row, column, NULL,
                   "there is no %s text here; people would see %s", language->name,
                   lint->xf->default_language);
}

void tp_lint_text(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                  const char *first, const char *second, const struct tp_xf_text *text)
{
    struct tp_xf *xf = lint->xf;

    if (!tp_xf_has_text(text))
        return;
    for (size_t i = 0; i < xf->language_count; i++) {
        struct language *language = &lint->languages[i];
        const char *words = tp_lint_in_language(lint, text, language->name);
        struct place place = {table, row, column_of(table, first, second, language->name)};

        language->texts++;
        if (words)
            check_text(lint, &place, words, language->rules);
        else
            count_missing(lint, language, &place, place.column);
    }
    /* A plain text in a form that has no translations at all. */
    if (!xf->language_count && text->plain) {
        struct place place = {table, row, column_of(table, first, second, "")};

        check_text(lint, &place, text->plain, RULES_STANDARD);
    }
}

/* A fact of the consultation sheet. Its languages are matched by tag, so that "Polish (pl)" and
 * "Polski (pl)" are the same. */
static const char *fact_in_language(const struct lint *lint, const struct tp_xf_text *text,
                                    const char *language, const char **column)
{
    char wanted[64];
    char tag[64];

    *column = "value";
    tag_of(language, wanted, sizeof(wanted));
    for (size_t i = 0; i < text->count; i++) {
        tag_of(text->items[i].language, tag, sizeof(tag));
        if (strcasecmp(tag, wanted) != 0)
            continue;
        *column = tp_xf_printf(&lint->xf->arena, "value::%s", text->items[i].language);
        return text->items[i].text;
    }
    return strcmp(language, lint->xf->default_language) == 0 ? text->plain : NULL;
}

void tp_lint_fact(void *context, const struct tp_xf_table *table, unsigned row, const char *name,
                  const struct tp_xf_text *text)
{
    struct lint *lint = context;

    (void)name;
    for (size_t i = 0; i < lint->xf->language_count; i++) {
        struct language *language = &lint->languages[i];
        struct place place = {table, row, NULL};
        const char *words = fact_in_language(lint, text, language->name, &place.column);

        language->texts++;
        if (words)
            check_text(lint, &place, words, language->rules);
        else
            count_missing(lint, language, &place, place.column);
    }
    if (!lint->xf->language_count && text->plain)
        check_text(lint, &(struct place){table, row, "value"}, text->plain, RULES_STANDARD);
}

/* ---- recorded clips ---- */

/* By its name: the kinds that kiosk/speech/clip.h plays. */
static bool is_playable(const char *name)
{
    static const char *const kinds[] = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3"};
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcasecmp(dot, kinds[i]) == 0)
            return true;
    return false;
}

static void check_playable(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                           const char *name)
{
    if (name && !is_playable(name))
        tp_xf_warn(
            lint->xf, table, row, tp_xf_header(table, "media", "audio"), name,
            "'%.100s' is no recording that the screen plays: save it as .mp3, .ogg, .flac or "
            ".wav",
            name);
}

void tp_lint_clips(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                   const struct tp_xf_text *label, const struct tp_xf_text *clip)
{
    for (size_t i = 0; i < lint->xf->language_count; i++) {
        struct language *language = &lint->languages[i];
        const char *name = tp_lint_in_language(lint, clip, language->name);

        if (!tp_lint_in_language(lint, label, language->name))
            continue;
        language->labels++;
        language->silent += !name;
        check_playable(lint, table, row, name);
    }
    if (lint->xf->language_count == 0)
        check_playable(lint, table, row, clip->plain);
    lint->recorded = lint->recorded || tp_xf_has_text(clip);
}

/* ---- the whole ---- */

static void check_average(struct lint *lint)
{
    double age = tp_reading_age(lint->sentences, lint->words, lint->syllables);
    double average = lint->sentences ? (double)lint->words / (double)lint->sentences : 0.0;

    if (lint->words < TP_WORDS_TO_JUDGE)
        return;
    if (average > WORDS_AVERAGE_MAX)
        tp_xf_warn(lint->xf, &lint->xf->survey, 0, NULL, NULL,
                   "sentences have %.1f words on average; aim for 15 to %.0f", average,
                   WORDS_AVERAGE_MAX);
    if (age > TP_READING_AGE_MAX)
        tp_xf_warn(
            lint->xf, &lint->xf->survey, 0, NULL, NULL,
            "the words ask for a reading age of %.1f (Flesch and Kincaid); aim for %.0f with "
            "shorter words and sentences",
            age, TP_READING_AGE_MAX);
}

static void report_translations(struct lint *lint)
{
    for (size_t i = 0; i < lint->xf->language_count; i++) {
        const struct language *language = &lint->languages[i];

        if (language->missing && lint->options.sum_translations)
            tp_xf_warn(lint->xf, &language->first_table, language->first_row, NULL, language->name,
                       "%s: %zu of %zu texts are missing, the first one here; people would see %s",
                       language->name, language->missing, language->texts,
                       lint->xf->default_language);
    }
}

/* A survey without any recording is read aloud by the screen's own voice, and that is that. */
static void report_clips(struct lint *lint)
{
    for (size_t i = 0; lint->recorded && i < lint->xf->language_count; i++) {
        const struct language *language = &lint->languages[i];

        if (language->silent)
            tp_xf_warn(lint->xf, &lint->xf->survey, 0, NULL, language->name,
                       "%s: %zu of %zu questions and choices have no recording; the screen reads "
                       "them with its own voice",
                       language->name, language->silent, language->labels);
    }
}

void tp_lint_sums(struct lint *lint)
{
    check_average(lint);
    report_translations(lint);
    report_clips(lint);
}
