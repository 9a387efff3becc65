/* C1: Easy Read: a picture beside each idea, one short sentence a line. */
#include <string.h>

#include "audit/pixels.h"
#include "audit/rules.h"
#include "kiosk/i18n/catalog.h"

/* DH 2010: short sentences. */
#define WORDS_MOST 15
/* A picture that takes less of its place than this was not drawn. */
#define DRAWN_LEAST 0.02
/* WCAG 1.4.11, of what has to be made out. */
#define CONTRAST_LEAST 3.0

/* Staff read no Easy Read, and the names of languages are words of their own. */
static bool is_asked(const struct audit_page *page)
{
    return page->variant->easy_read && !strstr(page->name, "/staff") &&
           !strstr(page->name, "/language");
}

/* ---- pictures ---- */

/* What says an idea, and is not a label, a title or the hint of another. A question is the idea of
 * its page. */
static bool is_idea(const struct audit_page *page, const struct audit_box *box)
{
    const struct tp_seen *seen = &box->seen;
    enum tp_style style = seen->text_count ? seen->texts[0].style : TP_STYLE_BAR;
    bool asks = strstr(page->name, "/question:");

    if (seen->place != TP_PLACE_BODY)
        return false;
    if (seen->kind == TP_KIND_CHOICE || seen->kind == TP_KIND_SUMMARY)
        return true;
    if (seen->kind != TP_KIND_TEXT || seen->texts[0].first_line > 0)
        return false;
    for (long up = box->parent; up >= 0; up = page->boxes[up].parent)
        if (page->boxes[up].seen.kind == TP_KIND_SUMMARY)
            return false;
    return style == TP_STYLE_BODY || style == TP_STYLE_LEAD || style == TP_STYLE_HUGE ||
           (style == TP_STYLE_HEADING && asks);
}

static bool is_beside(const struct audit_page *page, SDL_Rect picture, SDL_Rect words)
{
    bool rtl = tp_tag_is_rtl(audit_languages[page->variant->language]);
    bool before = rtl ? picture.x >= words.x + words.w : picture.x + picture.w <= words.x;

    return picture.w > 0 && before && picture.y < words.y + words.h &&
           words.y < picture.y + picture.h;
}

/* All the words of a box; of a question, all that stand one below the other beside its picture. */
static SDL_Rect texts_of(const struct audit_page *page, const struct audit_box *box)
{
    SDL_Rect words = box->seen.texts[0].box;
    bool rtl = tp_tag_is_rtl(audit_languages[page->variant->language]);

    for (size_t t = 1; t < box->seen.text_count; t++)
        SDL_UnionRect(&words, &box->seen.texts[t].box, &words);
    if (box->seen.kind != TP_KIND_TEXT || !strstr(page->name, "/question:"))
        return words;
    for (size_t i = page->first[box->part]; i < page->first[box->part + 1]; i++) {
        const struct tp_seen *other = &page->boxes[i].seen;

        if (other->kind == TP_KIND_TEXT && other->place == TP_PLACE_BODY &&
            (rtl ? other->box.x + other->box.w == words.x + words.w : other->box.x == words.x))
            SDL_UnionRect(&words, &other->box, &words);
    }
    return words;
}

/* What the picture stands before: the words of the box itself, or all that a row of the check page
 * says on this part. */
static SDL_Rect words_of(const struct audit_page *page, const struct audit_box *box)
{
    size_t at = (size_t)(box - page->boxes);
    SDL_Rect words = {0};

    if (box->seen.text_count)
        return texts_of(page, box);
    for (size_t i = at + 1; i < page->first[box->part + 1] && audit_holds(page, at, i); i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        if (seen->kind != TP_KIND_PICTURE && words.w > 0)
            SDL_UnionRect(&words, &seen->box, &words);
        else if (seen->kind != TP_KIND_PICTURE)
            words = seen->box;
    }
    return words.w > 0 ? words : box->seen.box;
}

static bool has_picture(const struct audit_page *page, const struct audit_box *box)
{
    const struct tp_seen *seen = &box->seen;
    SDL_Rect words = words_of(page, box);

    if (is_beside(page, seen->picture, words) || is_beside(page, seen->sign, words))
        return true;
    for (size_t i = page->first[box->part]; i < page->first[box->part + 1]; i++) {
        const struct tp_seen *other = &page->boxes[i].seen;

        if ((other->kind == TP_KIND_PICTURE || other->kind == TP_KIND_ICON) &&
            is_beside(page, other->box, words))
            return true;
    }
    return false;
}

void audit_rule_beside(struct audit_page *page)
{
    for (size_t i = 0; i < page->count && is_asked(page); i++) {
        const struct audit_box *box = &page->boxes[i];

        if (is_idea(page, box) && !has_picture(page, box))
            audit_fault(page, audit_thing(&box->seen), box->part, &box->seen.box,
                        "no picture stands before '%.60s'", box->seen.label);
        if (box->seen.picture.w > 0 && !*box->seen.alt)
            audit_fault(page, box->seen.id, box->part, &box->seen.box,
                        "its picture has no words for who does not see it");
    }
}

void audit_rule_picture_drawn(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;
        struct audit_colours colours;

        if (seen->picture.w <= 0)
            continue;
        colours = audit_colours_of(page->canvas, seen->picture);
        if ((double)colours.inks < (double)colours.all * DRAWN_LEAST ||
            colours.contrast < CONTRAST_LEAST)
            audit_fault(page, seen->id, page->part, &seen->picture,
                        "its picture stands out by %.1f:1 on %.1f %% of its place",
                        colours.contrast, 100.0 * (double)colours.inks / (double)colours.all);
    }
}

/* ---- sentences ---- */

static bool ends(const char *at)
{
    return (*at == '.' || *at == '!' || *at == '?') &&
           (at[1] == '\0' || at[1] == '\n' || at[1] == ' ');
}

/* "1. Open the door": the number of a list. */
static bool is_list_number(const char *text, const char *point)
{
    return point > text && strspn(text, "0123456789") == (size_t)(point - text);
}

struct sentence {
    const char *start;
    size_t length, words;
    bool first_of_line;
};

/* The sentence at `text`; returns where the next begins. */
static const char *take(const char *text, struct sentence *sentence)
{
    const char *at = text;
    bool word = false;

    sentence->start = text;
    sentence->words = 0;
    for (; *at && *at != '\n'; at++) {
        bool letter = *at != ' ';

        sentence->words += letter && !word;
        word = letter;
        if (ends(at) && !is_list_number(text, at)) {
            at++;
            break;
        }
    }
    sentence->length = (size_t)(at - text);
    return at + strspn(at, " ");
}

static void check_sentences(struct audit_page *page, const struct audit_box *box,
                            const struct tp_seen_text *text)
{
    const char *at = text->text;
    size_t on_line = 0;

    while (*at) {
        struct sentence sentence;

        if (*at == '\n') {
            at++;
            on_line = 0;
            continue;
        }
        at = take(at, &sentence);
        if (sentence.words == 0)
            continue;
        if (++on_line > 1)
            audit_fault(page, box->seen.id, box->part, &text->box,
                        "'%.*s' is not on a line of its own", (int)sentence.length, sentence.start);
        if (sentence.words > WORDS_MOST)
            audit_fault(page, box->seen.id, box->part, &text->box,
                        "'%.*s' has %zu words, wanted %d at most", (int)sentence.length,
                        sentence.start, sentence.words, WORDS_MOST);
    }
}

/* Only the English has Easy Read words of its own everywhere. What was typed is the person's. */
void audit_rule_sentence(struct audit_page *page)
{
    if (!is_asked(page) || strstr(page->name, "+long") ||
        strcmp(audit_languages[page->variant->language], "en") != 0)
        return;
    for (size_t i = 0; i < page->count; i++) {
        const struct audit_box *box = &page->boxes[i];

        for (size_t t = 0; t < box->seen.text_count; t++)
            if (box->seen.place == TP_PLACE_BODY && box->seen.kind != TP_KIND_FIELD &&
                box->seen.kind != TP_KIND_SUMMARY)
                check_sentences(page, box, &box->seen.texts[t]);
    }
}
