/* Easy Read: short sentences that say who does what, one word for one thing, a picture for each
 * idea (C1). */
#include <string.h>

#include "form/lint_internal.h"

/* ---- sentences ---- */

static void check_passive(struct lint *lint, const struct place *place,
                          const struct tp_sentence *sentence)
{
    char text[LINT_QUOTE_MAX + 8];
    struct tp_sentence passive;

    if (tp_find_passive(sentence, &passive))
        tp_xf_warn(lint->xf, place->table, place->row, place->column, NULL,
                   "'%.*s' does not say who does it; in Easy Read say who ('we keep', not 'is "
                   "kept'): '%s'",
                   (int)passive.length, passive.start, tp_lint_quote(sentence, text));
}

/* Told where the second word for a thing is met, once for each thing. */
static void check_same_things(struct lint *lint, const struct place *place,
                              const struct tp_sentence *sentence)
{
    for (size_t i = 0; i < tp_same_thing_count(); i++) {
        const char *const *words = tp_same_thing(i);
        uint32_t before = lint->met[i];
        const char *first = NULL;
        const char *second = NULL;

        for (unsigned w = 0; words[w]; w++) {
            if (tp_has_word(sentence, words[w]))
                lint->met[i] |= 1u << w;
            if (before & (1u << w))
                first = first ? first : words[w];
            else if (lint->met[i] & (1u << w))
                second = words[w];
        }
        if (first && second && !(before & (before - 1)))
            tp_xf_warn(lint->xf, place->table, place->row, place->column, second,
                       "Easy Read says '%s' here and '%s' before; use one word for one thing",
                       second, first);
    }
}

void tp_lint_easy_sentence(struct lint *lint, const struct place *place,
                           const struct tp_sentence *sentence)
{
    check_passive(lint, place, sentence);
    check_same_things(lint, place, sentence);
}

void tp_lint_has_easy_read(struct lint *lint)
{
    if (!lint->easy_read && lint->xf->survey.sheet)
        tp_xf_warn(lint->xf, &lint->xf->survey, 0, NULL, NULL,
                   "there is no Easy Read, so people who choose it are shown the standard words; "
                   "write them in a column 'label::Easy Read (en-simple)' beside the label");
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
    const char *picture = tp_lint_in_language(lint, &media[TP_XF_IMAGE], language);
    const char *fallback = lint->xf->default_language;

    if (!is_picture(picture) || tp_lint_in_language(lint, &media[TP_XF_ALT], language) ||
        tp_lint_in_language(lint, &media[TP_XF_ALT], fallback))
        return;
    tp_xf_error(lint->xf, table, row, tp_xf_header(table, "media", "image"), picture,
                "the picture '%.100s' has no alternative text for people who cannot see it; say "
                "what it shows in a column 'image_alt'",
                picture);
}

void tp_lint_pictures(struct lint *lint, const struct tp_xf_table *table, unsigned row,
                      const struct tp_xf_text *media, bool wanted)
{
    struct tp_xf *xf = lint->xf;
    bool easy_read = false;

    for (size_t i = 0; i < xf->language_count; i++) {
        const char *name = lint->languages[i].name;

        check_alternative(lint, table, row, media, name);
        if (lint->languages[i].rules == RULES_EASY_READ)
            easy_read = easy_read || tp_lint_in_language(lint, &media[TP_XF_IMAGE], name) ||
                        tp_lint_in_language(lint, &media[TP_XF_IMAGE], xf->default_language);
    }
    if (wanted && lint->easy_read && !easy_read)
        tp_xf_warn(xf, table, row, tp_xf_header(table, "media", "image"), NULL,
                   "Easy Read has no picture here; add one in a column 'media::image::Easy Read "
                   "(en-simple)'");
}
