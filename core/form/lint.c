#include "form/lint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "form/consultation.h"
#include "form/lint_facts.h"
#include "form/lint_form.h"
#include "form/lint_words.h"
#include "form/xlsform_parts.h"

/* Words in a sentence: C1, C2. */
#define EASY_READ_WORDS_MAX 15u
#define WORDS_MAX 25u
#define WORDS_AVERAGE_MAX 20.0
#define READING_AGE_MAX 9.0
/* Fewer words say nothing about the average or the reading age. */
#define WORDS_TO_JUDGE 100u
/* A sentence in a problem is cut here. */
#define QUOTE_MAX 160

enum rules { RULES_NONE, RULES_STANDARD, RULES_EASY_READ };

struct language {
    const char *name;
    enum rules rules;
    size_t texts;   /* that the default language has */
    size_t missing; /* of these, in this one */
    struct tp_xf_table first_table;
    unsigned first_row;
};

struct lint {
    struct tp_xf *xf;
    struct tp_lint_options options;
    enum tp_consultation_kind kind;
    bool easy_read; /* the survey has Easy Read */
    bool converts;  /* without an error */
    struct language *languages;
    unsigned long sentences;
    unsigned long words;
    unsigned long syllables;
};

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

/* ---- sentences ---- */

struct place {
    const struct tp_xf_table *table;
    unsigned row;
    const char *column;
};

static const char *quote(const struct tp_sentence *sentence, char *text, size_t size)
{
    size_t length = sentence->length;

    if (length > QUOTE_MAX) {
        length = QUOTE_MAX;
        while (length && ((unsigned char)sentence->start[length] & 0xC0u) == 0x80u)
            length--;
    }
    (void)snprintf(text, size, "%.*s%s", (int)length, sentence->start,
                   length < sentence->length ? "..." : "");
    return text;
}

static void check_sentence(struct lint *lint, const struct place *place,
                           const struct tp_sentence *sentence, bool easy)
{
    unsigned limit = easy ? EASY_READ_WORDS_MAX : WORDS_MAX;
    char text[QUOTE_MAX + 8];

    if (sentence->words > limit)
        tp_xf_warn(lint->xf, place->table, place->row, place->column, NULL,
                   "this sentence has %u words; use at most %u%s: '%s'", sentence->words, limit,
                   easy ? " in Easy Read" : "", quote(sentence, text, sizeof(text)));
}

static void check_words(struct lint *lint, const struct place *place, const char *text, bool easy)
{
    const struct tp_avoided *found = tp_find_avoided(text, easy);

    if (found)
        tp_xf_warn(lint->xf, place->table, place->row, place->column, NULL,
                   "avoid '%s'; instead: %s", found->phrase, found->instead);
}

static void check_text(struct lint *lint, const struct place *place, const char *text,
                       enum rules rules)
{
    struct tp_sentence sentence = {0};
    const char *from = text;

    if (rules == RULES_NONE)
        return;
    check_words(lint, place, text, rules == RULES_EASY_READ);
    while (tp_next_sentence(&from, &sentence)) {
        check_sentence(lint, place, &sentence, rules == RULES_EASY_READ);
        if (rules == RULES_STANDARD) {
            lint->sentences++;
            lint->words += sentence.words;
            lint->syllables += sentence.syllables;
        }
    }
}

/* ---- texts by language ---- */

static const char *in_language(const struct lint *lint, const struct tp_xf_text *text,
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

/* One text in all its languages: sentences, and what is missing. */
static void check_all(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                      const char *first, const char *second, const struct tp_xf_text *text)
{
    struct tp_xf *xf = lint->xf;

    if (!tp_xf_has_text(text))
        return;
    for (size_t i = 0; i < xf->language_count; i++) {
        struct language *language = &lint->languages[i];
        const char *words = in_language(lint, text, language->name);
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

static void check_fact(void *context, const struct tp_xf_table *table, unsigned row,
                       const char *name, const struct tp_xf_text *text)
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

/* ---- pictures ---- */

static bool is_picture(const char *name)
{
    return name && strcmp(name, "-") != 0;
}

/* A picture without alternative text is an error; the text may be in the default language. */
static void check_alternative(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                              const struct tp_xf_text *media, const char *language)
{
    const char *picture = in_language(lint, &media[TP_XF_IMAGE], language);
    const char *fallback = lint->xf->default_language;

    if (!is_picture(picture) || in_language(lint, &media[TP_XF_ALT], language) ||
        in_language(lint, &media[TP_XF_ALT], fallback))
        return;
    tp_xf_error(lint->xf, table, row, tp_xf_header(table, "media", "image"), picture,
                "the picture '%.100s' has no alternative text for people who cannot see it; say "
                "what it shows in a column 'image_alt'",
                picture);
}

static void check_pictures(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                           const struct tp_xf_text *media, bool wanted)
{
    struct tp_xf *xf = lint->xf;
    bool easy_read = false;

    for (size_t i = 0; i < xf->language_count; i++) {
        const char *name = lint->languages[i].name;

        check_alternative(lint, table, row, media, name);
        if (lint->languages[i].rules == RULES_EASY_READ)
            easy_read = easy_read || in_language(lint, &media[TP_XF_IMAGE], name) ||
                        in_language(lint, &media[TP_XF_IMAGE], xf->default_language);
    }
    if (wanted && lint->easy_read && !easy_read)
        tp_xf_warn(xf, table, row, tp_xf_header(table, "media", "image"), NULL,
                   "Easy Read has no picture here; add one in a column 'media::image::Easy Read "
                   "(en-simple)'");
}

/* ---- questions and choices ---- */

static void check_rules(struct lint *lint, const struct tp_xf_element *element)
{
    struct tp_xf *xf = lint->xf;
    const char *required = tp_xf_attribute(&element->bind, "required");

    if (tp_xf_attribute(&element->bind, "constraint") &&
        !(element->type && element->type->constraint) &&
        !tp_xf_has_text(&element->constraint_message))
        tp_xf_warn(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "bind", "constraint"),
                   NULL,
                   "there is a constraint and no constraint_message; say what to do: 'Enter a "
                   "number from 0 to 100'");
    if (required && lint->kind == TP_KIND_EQUALITY && tp_xf_yes_no(required) != 0)
        tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "bind", "required"),
                    required, "equality questions are never required; remove 'required'");
}

static bool lets_skip(const struct tp_xf_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->choices[i].name, "not_say") == 0)
            return true;
    }
    return false;
}

/* Names of the shared equality block (surveys/equality); its codes are the Census's. */
static bool is_equality_name(const char *name)
{
    static const char *const names[] = {
        "age_band",           "sex",
        "gender_identity",    "gender_identity_text",
        "ethnic_group",       "ethnic_group_5",
        "ethnic_white",       "ethnic_mixed",
        "ethnic_asian",       "ethnic_black",
        "ethnic_other",       "long_term_condition",
        "condition_effect",   "religion",
        "sexual_orientation", "carer",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static void check_equality(struct lint *lint, const struct tp_xf_element *element)
{
    struct tp_xf *xf = lint->xf;
    const struct tp_xf_list *list;

    if (lint->kind != TP_KIND_EQUALITY) {
        if (is_equality_name(element->name))
            tp_xf_error(xf, &xf->survey, element->row, tp_xf_header(&xf->survey, "name", NULL),
                        element->name,
                        "'%.60s' is a question of the shared equality block, which follows every "
                        "survey; remove it here and name the block's version on the consultation "
                        "sheet",
                        element->name);
        return;
    }
    list = element->itemset ? tp_xf_list(xf, element->itemset, false) : NULL;
    if (list && !lets_skip(list))
        tp_xf_error(xf, &xf->choices, list->choices[0].row, NULL, list->name,
                    "the list '%.60s' has no choice 'not_say' (Prefer not to say); every equality "
                    "question needs it",
                    list->name);
}

static void check_element(struct lint *lint, const struct tp_xf_element *element)
{
    struct tp_xf *xf = lint->xf;
    const struct tp_xf_table *table = &xf->survey;
    bool shown = tp_xf_is_shown(element);

    if (element->row) {
        check_all(lint, table, element->row, "label", NULL, &element->label);
        check_all(lint, table, element->row, "hint", NULL, &element->hint);
        check_all(lint, table, element->row, "bind", "jr:constraintMsg",
                  &element->constraint_message);
        check_all(lint, table, element->row, "bind", "jr:requiredMsg", &element->required_message);
        check_pictures(lint, table, element->row, element->media, shown);
        check_rules(lint, element);
        check_equality(lint, element);
    }
    for (size_t i = 0; i < element->child_count; i++)
        check_element(lint, element->children[i]);
}

static void check_lists(struct lint *lint)
{
    struct tp_xf *xf = lint->xf;

    for (size_t i = 0; i < xf->list_count; i++) {
        const struct tp_xf_list *list = &xf->lists[i];
        const struct tp_xf_table *table = list->external ? &xf->external : &xf->choices;

        for (size_t k = 0; list->used && k < list->count; k++) {
            const struct tp_xf_choice *choice = &list->choices[k];

            if (!choice->row)
                continue;
            check_all(lint, table, choice->row, "label", NULL, &choice->label);
            check_pictures(lint, table, choice->row, choice->media, true);
        }
    }
}

/* ---- the whole ---- */

static void check_average(struct lint *lint)
{
    double age = tp_reading_age(lint->sentences, lint->words, lint->syllables);
    double average = lint->sentences ? (double)lint->words / (double)lint->sentences : 0.0;

    if (lint->words < WORDS_TO_JUDGE)
        return;
    if (average > WORDS_AVERAGE_MAX)
        tp_xf_warn(lint->xf, &lint->xf->survey, 0, NULL, NULL,
                   "sentences have %.1f words on average; aim for 15 to %.0f", average,
                   WORDS_AVERAGE_MAX);
    if (age > READING_AGE_MAX)
        tp_xf_warn(
            lint->xf, &lint->xf->survey, 0, NULL, NULL,
            "the words ask for a reading age of %.1f (Flesch and Kincaid); aim for %.0f with "
            "shorter words and sentences",
            age, READING_AGE_MAX);
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

static bool prepare(struct lint *lint)
{
    struct tp_xf *xf = lint->xf;

    if (!tp_xf_read_settings(xf) || !tp_xf_read_choices(xf) || !tp_xf_read_survey(xf) ||
        !tp_xf_check_tree(xf) || !tp_xf_collect_resources(xf))
        return false;
    lint->languages = tp_xf_alloc(&xf->arena, xf->language_count + 1, sizeof(*lint->languages));
    if (!lint->languages)
        return false;
    for (size_t i = 0; i < xf->language_count; i++) {
        lint->languages[i] =
            (struct language){.name = xf->languages[i], .rules = rules_of(xf->languages[i])};
        lint->easy_read = lint->easy_read || lint->languages[i].rules == RULES_EASY_READ;
    }
    return true;
}

/* The survey's own mistakes were said by the converter; here they go into a list that is dropped.
 */
static bool parse(struct lint *lint, struct tp_problems *problems)
{
    struct tp_problems dropped;
    bool parsed;

    tp_problems_init(&dropped);
    lint->xf->problems = &dropped;
    parsed = prepare(lint);
    if (parsed)
        tp_xf_check_formulas(lint->xf);
    lint->xf->problems = problems;
    lint->converts = parsed && !dropped.errors;
    tp_problems_finish(&dropped);
    return parsed;
}

void tp_lint(const struct tp_workbook *workbook, const struct tp_lint_options *options,
             struct tp_problems *problems)
{
    struct tp_xf xf = {.workbook = workbook, .problems = problems};
    struct lint lint = {.xf = &xf, .options = {.sum_translations = true}};

    if (options)
        lint.options = *options;
    lint.kind = tp_lint_kind(&xf);
    tp_lint_facts(&xf, lint.kind, lint.options.equality_version);
    if (parse(&lint, problems)) {
        if (lint.converts)
            tp_lint_form(&xf);
        check_element(&lint, xf.root);
        check_lists(&lint);
        tp_lint_each_fact(&xf, check_fact, &lint);
        check_average(&lint);
        report_translations(&lint);
    }
    tp_xf_arena_finish(&xf.arena);
}
