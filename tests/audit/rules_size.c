/* T1 and T2: how large words and signs are, as they are rasterised. */
#include <math.h>

#include "audit/pixels.h"
#include "audit/rules.h"

/* EN 301 549 5.1.4. */
#define DEGREES_LEAST 0.7
/* VVSG 2.0 7.1-G: below the least of its ranges nothing is drawn. */
#define CAPITAL_LEAST_MM 3.5
#define MEASURES 64
/* Of an edge's grey. */
#define HAIR_PX 0.05

/* VVSG 2.0 7.1-G: the ranges in which the main text of each size stands. */
static const struct {
    double least, most;
} ranges[TP_SIZE_COUNT] = {
    [TP_SIZE_SMALL] = {3.5, 4.2},
    [TP_SIZE_MEDIUM] = {4.8, 5.6},
    [TP_SIZE_LARGE] = {6.4, 7.1},
    [TP_SIZE_LARGEST] = {8.5, 9.0},
};

/* Rasterising a letter each time would take longer than the page: the last few are kept. */
static double measured_mm(const struct audit_page *page, const struct tp_seen_text *text)
{
    static struct {
        double px, high;
        bool bold;
    } kept[MEASURES];
    static size_t next;
    double px = tp_mm_to_px(&page->screen, text->capital_mm);
    bool bold = tp_type_of(text->style, page->variant->size).bold;

    for (size_t i = 0; i < MEASURES; i++)
        if (kept[i].bold == bold && fabs(kept[i].px - px) < 1e-6)
            return tp_px_to_mm(&page->screen, kept[i].high);
    kept[next].px = px;
    kept[next].bold = bold;
    kept[next].high = audit_capital_px(page->audit->app->fonts, px, bold);
    px = kept[next].high;
    next = (next + 1) % MEASURES;
    return tp_px_to_mm(&page->screen, px);
}

/* "Aa" on the button of a text size is as large as that size, whatever the page's. */
static bool shows_another_size(const struct tp_seen *seen)
{
    return seen->kind == TP_KIND_SAMPLE;
}

void audit_rule_angle(struct audit_page *page)
{
    if (page->variant->size != TP_SIZE_LARGEST)
        return;
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        for (size_t t = 0; t < seen->text_count && !shows_another_size(seen); t++) {
            double mm = measured_mm(page, &seen->texts[t]);
            double degrees = tp_screen_degrees(&page->screen, mm);

            if (tp_screen_degrees(&page->screen, mm + tp_px_to_mm(&page->screen, HAIR_PX)) <
                DEGREES_LEAST)
                audit_fault(page, audit_thing(seen), page->boxes[i].part, &seen->box,
                            "a capital is %.2f degrees at %.0f mm (%.1f mm), wanted %.2f", degrees,
                            page->screen.viewing_distance_mm, mm, DEGREES_LEAST);
        }
    }
}

/* The main text: questions, answers, what is read. The frame around it has its own size. */
static bool is_main(enum tp_style style)
{
    return style == TP_STYLE_BODY || style == TP_STYLE_BOLD || style == TP_STYLE_HINT ||
           style == TP_STYLE_ALARM || style == TP_STYLE_HEADING || style == TP_STYLE_SUBHEAD ||
           style == TP_STYLE_LEAD || style == TP_STYLE_FIELD;
}

static bool is_body(const struct tp_seen *seen, enum tp_style style)
{
    return style == TP_STYLE_BODY && (seen->kind == TP_KIND_TEXT || seen->kind == TP_KIND_CHOICE);
}

static void check_capital(struct audit_page *page, const struct audit_box *box,
                          const struct tp_seen_text *text)
{
    double mm = measured_mm(page, text);
    double least = ranges[page->variant->size].least, most = ranges[page->variant->size].most;

    if (mm < CAPITAL_LEAST_MM)
        audit_fault(page, audit_thing(&box->seen), box->part, &box->seen.box,
                    "a capital is %.2f mm, wanted %.1f mm at least", mm, CAPITAL_LEAST_MM);
    else if (is_main(text->style) && mm < least && !audit_is_fitted(page, text))
        audit_fault(page, audit_thing(&box->seen), box->part, &box->seen.box,
                    "a capital is %.2f mm, wanted %.1f to %.1f mm in this size", mm, least, most);
    else if (is_body(&box->seen, text->style) && mm > most)
        audit_fault(page, audit_thing(&box->seen), box->part, &box->seen.box,
                    "a capital is %.2f mm, wanted %.1f to %.1f mm in this size", mm, least, most);
}

void audit_rule_capital(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        for (size_t t = 0; t < page->boxes[i].seen.text_count; t++)
            if (!shows_another_size(&page->boxes[i].seen))
                check_capital(page, &page->boxes[i], &page->boxes[i].seen.texts[t]);
}

/* Signs grow with the words that they stand by. */
void audit_rule_icon(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;
        double side = tp_px_to_mm(&page->screen, seen->sign.h);
        double capital = seen->text_count ? seen->texts[0].capital_mm : CAPITAL_LEAST_MM;

        if (seen->sign.w > 0 && side < capital)
            audit_fault(page, seen->id, page->boxes[i].part, &seen->sign,
                        "the sign is %.1f mm high, wanted %.1f mm as its words' capitals", side,
                        capital);
    }
}
