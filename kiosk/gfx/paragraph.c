/* See paragraph.h. */
#include "kiosk/gfx/paragraph.h"

#include <fribidi.h>
#include <string.h>
#include <unictype.h>
#include <unigbrk.h>
#include <unilbrk.h>
#include <unistr.h>

#include "base/mem.h"
#include "kiosk/gfx/faces.h"

/* The scripts that faces.c has faces for; the rest are set as they come. */
static const struct {
    const char *name, *tag;
} scripts[] = {
    {"Common", "Zyyy"},   {"Latin", "Latn"},    {"Cyrillic", "Cyrl"},  {"Arabic", "Arab"},
    {"Bengali", "Beng"},  {"Gurmukhi", "Guru"}, {"Gujarati", "Gujr"},  {"Devanagari", "Deva"},
    {"Tamil", "Taml"},    {"Ethiopic", "Ethi"}, {"Hebrew", "Hebr"},    {"Thai", "Thai"},
    {"Greek", "Grek"},    {"Han", "Hani"},      {"Hiragana", "Hira"},  {"Katakana", "Kana"},
    {"Bopomofo", "Bopo"}, {"Hangul", "Hang"},   {"Inherited", "Zinh"}, {"Other", "Zyyy"},
};
#define SCRIPT_COUNT (sizeof(scripts) / sizeof(scripts[0]))
#define SCRIPT_COMMON 0
#define SCRIPT_LATIN 1
#define SCRIPT_INHERITED (SCRIPT_COUNT - 2)
#define SCRIPT_OTHER (SCRIPT_COUNT - 1)

const char *tp_paragraph_script(uint8_t script)
{
    return scripts[script].tag;
}

static uint8_t script_of(uint32_t code)
{
    if ((code | 0x20) >= 'a' && (code | 0x20) <= 'z')
        return SCRIPT_LATIN;
    const uc_script_t *script = uc_script(code);

    for (size_t i = 0; script && i < SCRIPT_OTHER; i++)
        if (strcmp(script->name, scripts[i].name) == 0)
            return (uint8_t)i;
    return SCRIPT_OTHER;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == 0x1680 || (code >= 0x2000 && code <= 0x200A && code != 0x2007) ||
           code == 0x205F || code == 0x3000;
}

/* What stands for a character of the text: no control characters; 0 where it is dropped. */
static uint32_t cleaned(uint32_t code)
{
    if (code == '\r' || code == 0xFEFF)
        return 0;
    if (code == 0x2028 || code == 0x2029)
        return '\n';
    if (code != '\n' && (code < 0x20 || (code >= 0x7F && code < 0xA0)))
        return ' ';
    return code;
}

static void add_character(struct tp_paragraph *paragraph, uint32_t code, bool bold)
{
    struct tp_character *c = &paragraph->characters[paragraph->count];
    int put = u8_uctomb((uint8_t *)paragraph->text + paragraph->length, code, 6);

    if (put <= 0)
        return;
    *c = (struct tp_character){.code = code,
                               .at = (uint32_t)paragraph->length,
                               .space = is_space(code),
                               .script = script_of(code),
                               .bold = bold,
                               .cluster =
                                   paragraph->count == 0 || uc_is_grapheme_break(c[-1].code, code)};
    paragraph->length += (size_t)put;
    paragraph->count++;
}

/* Takes the text character by character; bytes that are not UTF-8 become U+FFFD. */
static void decode(struct tp_paragraph *paragraph, const struct tp_text_spec *spec, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)spec->text;
    const struct tp_text_span *span = spec->spans, *end = span + spec->span_count;

    for (size_t at = 0; at < size;) {
        ucs4_t code;
        int used = u8_mbtouc(&code, bytes + at, size - at);

        while (span < end && at >= span->start + span->length)
            span++;
        code = cleaned(code);
        if (code)
            add_character(paragraph, code, spec->bold || (span < end && at >= span->start));
        at += used > 0 ? (size_t)used : 1;
    }
    paragraph->characters[paragraph->count].at = (uint32_t)paragraph->length;
}

/* Spaces, digits and marks take the script of the text around them. */
static void settle_scripts(struct tp_paragraph *paragraph)
{
    uint8_t last = SCRIPT_COMMON;

    for (size_t i = 0; i < paragraph->count && last == SCRIPT_COMMON; i++) {
        uint8_t script = paragraph->characters[i].script;

        if (script != SCRIPT_COMMON && script != SCRIPT_INHERITED)
            last = script;
    }
    if (last == SCRIPT_COMMON)
        last = SCRIPT_LATIN;
    for (size_t i = 0; i < paragraph->count; i++) {
        struct tp_character *c = &paragraph->characters[i];

        if (c->script == SCRIPT_COMMON || c->script == SCRIPT_INHERITED)
            c->script = last;
        else
            last = c->script;
    }
}

static uint8_t face_with(struct tp_fonts *fonts, uint32_t code, int first)
{
    if (first >= 0 && tp_font_has(fonts, first, code))
        return (uint8_t)first;
    for (size_t i = 0; i < tp_face_count; i++)
        if (tp_font_has(fonts, (int)i, code))
            return (uint8_t)i;
    return 0;
}

static bool needs_no_glyph(uint32_t code)
{
    return code == '\n' || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069) ||
           (code >= 0xFE00 && code <= 0xFE0F);
}

static void choose_faces(struct tp_fonts *fonts, struct tp_paragraph *paragraph)
{
    for (size_t i = 0; i < paragraph->count; i++) {
        struct tp_character *c = &paragraph->characters[i];
        int own = tp_face_for_script(scripts[c->script].tag);

        /* A mark stays with the letter it stands on. */
        if (i && (!c->cluster || needs_no_glyph(c->code)))
            c->face = paragraph->characters[i - 1].face;
        else
            c->face = face_with(fonts, c->code, own < 0 ? 0 : own);
    }
}

static void find_breaks(struct tp_paragraph *paragraph, char *scratch)
{
    u8_possible_linebreaks((const uint8_t *)paragraph->text, paragraph->length, "UTF-8", scratch);
    for (size_t i = 0; i < paragraph->count; i++) {
        struct tp_character *c = &paragraph->characters[i];
        char found = scratch[c->at];

        if (i && paragraph->characters[i - 1].code == '\n')
            c->before = TP_BREAK_MUST;
        else if (i && (found == UC_BREAK_POSSIBLE || found == UC_BREAK_HYPHENATION))
            c->before = TP_BREAK_MAY;
        else
            c->before = TP_BREAK_NO;
    }
}

static bool base_is_rtl(const struct tp_paragraph *paragraph, const FriBidiCharType *types,
                        const struct tp_text_spec *spec)
{
    if (spec->direction != TP_DIRECTION_AUTO)
        return spec->direction == TP_DIRECTION_RTL;
    for (size_t i = 0; i < paragraph->count; i++)
        if (FRIBIDI_IS_STRONG(types[i]) && FRIBIDI_IS_LETTER(types[i]))
            return FRIBIDI_IS_RTL(types[i]);
    return spec->page == TP_DIRECTION_RTL;
}

/* A telephone number has at least this many digits. */
#define NUMBER_DIGITS 7

/* Groups of digits of one telephone number would change places in a right-to-left line: a space or
 * hyphen between two digits of it joins them as a decimal point would (UAX #9, W4). */
static void join_numbers(const FriBidiChar *codes, FriBidiCharType *types, size_t n)
{
    for (size_t from = 0; from < n;) {
        size_t to = from, digits = 0;

        while (to < n && (FRIBIDI_IS_NUMBER(types[to]) ||
                          (to > from && to + 1 < n && FRIBIDI_IS_NUMBER(types[to - 1]) &&
                           FRIBIDI_IS_NUMBER(types[to + 1]) &&
                           (codes[to] == ' ' || codes[to] == 0xA0 || codes[to] == '-')))) {
            digits += FRIBIDI_IS_NUMBER(types[to]) != 0;
            to++;
        }
        for (size_t i = from; digits >= NUMBER_DIGITS && i < to; i++)
            if (!FRIBIDI_IS_NUMBER(types[i]))
                types[i] = FRIBIDI_TYPE_CS;
        from = to + 1;
    }
}

/* UAX #9 for each line of the text as it was written. */
static bool find_levels(struct tp_paragraph *paragraph, const struct tp_text_spec *spec)
{
    size_t n = paragraph->count;
    FriBidiChar *codes = tp_calloc(n + 1, sizeof(*codes));
    FriBidiCharType *types = tp_calloc(n + 1, sizeof(*types));
    FriBidiBracketType *brackets = tp_calloc(n + 1, sizeof(*brackets));
    FriBidiLevel *levels = tp_calloc(n + 1, sizeof(*levels));
    bool ok = codes && types && brackets && levels;

    for (size_t i = 0; ok && i < n; i++)
        codes[i] = paragraph->characters[i].code;
    if (ok) {
        fribidi_get_bidi_types(codes, (FriBidiStrIndex)n, types);
        fribidi_get_bracket_types(codes, (FriBidiStrIndex)n, types, brackets);
        paragraph->rtl = base_is_rtl(paragraph, types, spec);
        join_numbers(codes, types, n);
    }
    for (size_t from = 0; ok && from < n;) {
        FriBidiParType base = paragraph->rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
        size_t to = from;

        while (to < n && codes[to] != '\n')
            to++;
        if (to > from && !fribidi_get_par_embedding_levels_ex(types + from, brackets + from,
                                                              (FriBidiStrIndex)(to - from), &base,
                                                              levels + from))
            ok = false;
        for (size_t i = from; i < to; i++)
            paragraph->characters[i].level = (uint8_t)levels[i];
        from = to + 1;
    }
    if (codes)
        tp_wipe(codes, (n + 1) * sizeof(*codes));
    tp_free(codes);
    tp_free(types);
    tp_free(brackets);
    tp_free(levels);
    return ok;
}

bool tp_paragraph_make(struct tp_fonts *fonts, const struct tp_text_spec *spec,
                       struct tp_paragraph *paragraph)
{
    struct tp_paragraph made = {0};
    size_t size = spec->text ? strnlen(spec->text, TP_TEXT_MAX) : 0;
    char *scratch = NULL;
    bool ok = false;

    /* A bad byte grows to the three of U+FFFD. */
    made.text = tp_calloc(size * 3 + 1, 1);
    made.characters = tp_calloc(size + 1, sizeof(*made.characters));
    scratch = tp_calloc(size * 3 + 1, 1);
    if (!made.text || !made.characters || !scratch)
        goto free_made;
    decode(&made, spec, size);
    settle_scripts(&made);
    choose_faces(fonts, &made);
    find_breaks(&made, scratch);
    ok = find_levels(&made, spec);
free_made:
    tp_free(scratch);
    if (ok)
        *paragraph = made;
    else
        tp_paragraph_finish(&made);
    return ok;
}

void tp_paragraph_finish(struct tp_paragraph *paragraph)
{
    if (paragraph->text)
        tp_wipe(paragraph->text, paragraph->length);
    if (paragraph->characters)
        tp_wipe(paragraph->characters, (paragraph->count + 1) * sizeof(*paragraph->characters));
    tp_free(paragraph->text);
    tp_free(paragraph->characters);
    *paragraph = (struct tp_paragraph){0};
}
