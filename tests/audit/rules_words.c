/* T3: clear print. */
#include <ctype.h>
#include <string.h>

#include "audit/pixels.h"
#include "audit/rules.h"
#include "kiosk/i18n/catalog.h"

/* ACCESSIBILITY.md T3. */
#define SPACING_LEAST_EM 1.5
/* Two words of this many letters in capitals, one after the other, are a block of them. */
#define CAPITALS_LETTERS 4
/* An em is rounded to whole pixels. */
#define HAIR_EM 0.03

/* Words that are read as a paragraph, not those on a button. */
static bool is_read(const struct tp_seen *seen)
{
    return (seen->place == TP_PLACE_BODY || seen->place == TP_PLACE_DOCK) &&
           (seen->kind == TP_KIND_TEXT || seen->kind == TP_KIND_CHOICE ||
            seen->kind == TP_KIND_SUMMARY);
}

void audit_rule_split(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        for (size_t t = 0; t < seen->text_count; t++)
            if (seen->texts[t].split_word && !audit_is_fitted(page, &seen->texts[t]) &&
                seen->kind != TP_KIND_FIELD)
                audit_fault(page, seen->id, page->boxes[i].part, &seen->texts[t].box,
                            "a word of '%.80s' is split over lines", seen->texts[t].text);
    }
}

void audit_rule_characters(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        for (size_t t = 0; t < seen->text_count; t++)
            if (seen->texts[t].characters > TP_LINE_CHARACTERS_MAX)
                audit_fault(page, seen->id, page->boxes[i].part, &seen->texts[t].box,
                            "a line has %zu characters, wanted %d at most",
                            seen->texts[t].characters, TP_LINE_CHARACTERS_MAX);
    }
}

static bool is_paragraph(enum tp_style style)
{
    return style == TP_STYLE_BODY || style == TP_STYLE_BOLD || style == TP_STYLE_HINT ||
           style == TP_STYLE_ALARM || style == TP_STYLE_LEAD;
}

void audit_rule_spacing(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        for (size_t t = 0; t < seen->text_count && is_read(seen); t++) {
            const struct tp_seen_text *text = &seen->texts[t];
            double em =
                tp_text_em(page->audit->app->fonts, tp_mm_to_px(&page->screen, text->capital_mm));
            double line = text->lines ? (double)text->box.h / (double)text->lines / em : 0;

            if (text->lines > 1 && is_paragraph(text->style) && line < SPACING_LEAST_EM - HAIR_EM)
                audit_fault(page, seen->id, page->boxes[i].part, &text->box,
                            "a line is %.2f em, wanted %.1f", line, SPACING_LEAST_EM);
        }
    }
}

/* The first block of capitals; NULL where there is none. */
static const char *capitals(const char *text)
{
    const char *before = NULL;

    while (*text) {
        size_t length = strcspn(text, " \n"), letters = 0;

        while (letters < length && isupper((unsigned char)text[letters]))
            letters++;
        if (letters >= CAPITALS_LETTERS && letters == length) {
            if (before)
                return before;
            before = text;
        } else {
            before = NULL;
        }
        text += length;
        text += strspn(text, " \n");
    }
    return NULL;
}

void audit_rule_capitals(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        for (size_t t = 0; t < seen->text_count && seen->kind != TP_KIND_FIELD; t++) {
            const char *block = capitals(seen->texts[t].text);

            if (block)
                audit_fault(page, seen->id, page->boxes[i].part, &seen->texts[t].box,
                            "'%.40s' is a block of capitals", block);
        }
    }
}

/* ---- the reading edge, as drawn ---- */

/* How far the ink of one line begins from the edge where it is read from, in pixels. Words of the
 * other direction may keep to the page's edge. */
static bool edge_of(const struct audit_page *page, const struct tp_seen_text *text, size_t line,
                    tp_rgb ground, int *edge)
{
    int high = text->box.h / (int)text->lines, left = 0, right = 0;
    SDL_Rect row = {text->box.x, text->box.y + (int)line * high, text->box.w, high};

    if (!audit_ink_edges(page->canvas, row, ground, &left, &right))
        return false;
    left -= text->box.x;
    right = text->box.x + text->box.w - 1 - right;
    *edge = text->rtl ? right : left;
    if (text->rtl != tp_tag_is_rtl(audit_languages[page->variant->language]) &&
        (left < right ? left : right) < *edge)
        *edge = left < right ? left : right;
    return true;
}

static void check_edge(struct audit_page *page, const struct audit_box *box,
                       const struct tp_seen_text *text)
{
    double capital = tp_mm_to_px(&page->screen, text->capital_mm);
    struct audit_colours colours = audit_colours_of(page->canvas, text->box);

    for (size_t line = 0; line < text->lines; line++) {
        int edge;

        if (edge_of(page, text, line, colours.ground, &edge) && edge > capital) {
            audit_fault(page, box->seen.id, box->part, &text->box,
                        "line %zu of '%.40s' begins %d px from the edge where it is read from",
                        line + 1, text->text, edge);
            return;
        }
    }
}

void audit_rule_edge(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct audit_box *box = &page->boxes[i];

        for (size_t t = 0; t < box->seen.text_count && is_read(&box->seen); t++)
            if (box->seen.texts[t].lines > 0)
                check_edge(page, box, &box->seen.texts[t]);
    }
}
