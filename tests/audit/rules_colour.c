/* T4: contrast of what was drawn, and that colour is never the only sign. */
#include <math.h>
#include <string.h>

#include "audit/pixels.h"
#include "audit/rules.h"
#include "kiosk/ui/lengths.h"

/* WCAG 1.4.11, 2.4.13. */
#define SIGN_LEAST 3.0
/* ACCESSIBILITY.md T4: the soft theme is for eyes that more contrast hurts. */
#define SOFT_MOST 8.0
/* WCAG 2.4.13: of the ring's thickness two CSS pixels have to differ from what was there. */
#define RING_LEAST_MM (2 * 25.4 / 96)
/* Words stand further than this from the edge of their box; its border and corners do not. */
#define BORDER_MM 2.0
/* Where a side of a box is looked at, as shares of it: away from round corners. */
static const double samples[] = {0.3, 0.5, 0.7};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))
/* From this far outside a box to this far inside, in millimetres. */
#define OUTSIDE_MM 1.0
#define INSIDE_MM 2.2
#define LINE_MAX 160
/* Colours are whole numbers: a ratio just at the figure may come out below it. */
#define HAIR 0.02

static bool says_something(const char *text)
{
    return text[strspn(text, " \n")] != '\0';
}

/* ---- words ---- */

static const struct tp_theme *theme_of(const struct audit_page *page, const struct tp_seen *seen)
{
    const struct tp_theme *shown = seen->kind == TP_KIND_SAMPLE ? tp_theme_find(seen->id) : NULL;

    return shown ? shown : &tp_themes[page->variant->theme];
}

/* Where the words are, without the border of the box that they stand in. */
static SDL_Rect words_of(const struct audit_page *page, const struct tp_seen *seen, SDL_Rect words)
{
    int border = tp_mm_round(&page->screen, BORDER_MM);
    SDL_Rect inside = {seen->box.x + border, seen->box.y + border, seen->box.w - 2 * border,
                       seen->box.h - 2 * border};

    if (seen->kind != TP_KIND_TEXT && SDL_IntersectRect(&words, &inside, &inside))
        return inside;
    return words;
}

void audit_rule_contrast(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;
        const struct tp_theme *theme = theme_of(page, seen);

        for (size_t t = 0; t < seen->text_count; t++) {
            const struct tp_seen_text *text = &seen->texts[t];
            struct audit_colours colours;

            if (text->lines == 0 || !says_something(text->text))
                continue;
            colours = audit_colours_of(page->canvas, words_of(page, seen, text->box));
            if (colours.contrast < theme->contrast - HAIR)
                audit_fault(page, seen->id, page->part, &text->box,
                            "'%.40s' is #%06X on #%06X, %.1f:1, wanted %.1f:1", text->text,
                            (unsigned)colours.ink, (unsigned)colours.ground, colours.contrast,
                            theme->contrast);
            else if (theme == &tp_themes[TP_THEME_SOFT] && colours.contrast > SOFT_MOST + HAIR)
                audit_fault(page, seen->id, page->part, &text->box,
                            "'%.40s' is %.1f:1 in the soft theme, wanted %.1f:1 at most",
                            text->text, colours.contrast, SOFT_MOST);
        }
    }
}

/* ---- signs ---- */

static void check_sign(struct audit_page *page, const struct tp_seen *seen, SDL_Rect place,
                       const char *what)
{
    struct audit_colours colours;

    if (place.w <= 0)
        return;
    colours = audit_colours_of(page->canvas, place);
    if (colours.contrast < SIGN_LEAST - HAIR)
        audit_fault(page, seen->id, page->part, &place,
                    "its %s is #%06X on #%06X, %.1f:1, wanted %.0f:1", what, (unsigned)colours.ink,
                    (unsigned)colours.ground, colours.contrast, SIGN_LEAST);
}

void audit_rule_sign(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        check_sign(page, seen, seen->sign, "sign");
        check_sign(page, seen, seen->mark, "mark");
        if (seen->kind == TP_KIND_PROGRESS && seen->box.w > 0)
            check_sign(page, seen, seen->box, "bar");
    }
}

/* ---- borders ---- */

/* Pixels on a line across one side of a box, from outside in. */
struct line {
    tp_rgb pixels[LINE_MAX];
    size_t count, edge; /* index of the first pixel of the box */
};

enum side { LEFT, RIGHT, TOP, BOTTOM, SIDES };

static struct line line_across(const struct audit_page *page, SDL_Rect box, enum side side,
                               double share, double outside_mm, double inside_mm)
{
    int out = tp_mm_round(&page->screen, outside_mm), in = tp_mm_round(&page->screen, inside_mm);
    struct line line = {0};

    for (int step = -out; step < in && line.count < LINE_MAX; step++) {
        int x = box.x + (int)(box.w * share), y = box.y + (int)(box.h * share);

        if (side == LEFT)
            x = box.x + step;
        else if (side == RIGHT)
            x = box.x + box.w - 1 - step;
        else if (side == TOP)
            y = box.y + step;
        else
            y = box.y + box.h - 1 - step;
        if (x < 0 || y < 0 || x >= page->canvas->w || y >= page->canvas->h)
            continue;
        if (step < 0)
            line.edge = line.count + 1;
        line.pixels[line.count++] = audit_pixel(page->canvas, x, y);
    }
    return line;
}

static double border_of(const struct audit_page *page, SDL_Rect box, enum side side, double share)
{
    struct line line = line_across(page, box, side, share, OUTSIDE_MM, INSIDE_MM);
    double best = 1;

    for (size_t i = 1; i < line.count; i++)
        best = fmax(best, audit_contrast(line.pixels[0], line.pixels[i]));
    return best;
}

void audit_rule_border(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;
        double worst = 21;

        if (!seen->target)
            continue;
        for (unsigned side = 0; side < SIDES; side++)
            for (size_t k = 0; k < SAMPLES; k++)
                worst = fmin(worst, border_of(page, seen->box, (enum side)side, samples[k]));
        if (worst < SIGN_LEAST - HAIR)
            audit_fault(page, seen->id, page->part, &seen->box,
                        "its edge stands out by %.1f:1, wanted %.0f:1", worst, SIGN_LEAST);
    }
}

/* ---- the focus ring ---- */

static void draw_changes(struct audit_page *page)
{
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count;

    tp_ui_draw(page->audit->app->ui, page->canvas, rects, &count);
}

static struct line ring_line(const struct audit_page *page, SDL_Rect box, enum side side)
{
    struct tp_lengths lengths = tp_lengths_of(&page->screen, false);
    double reach = tp_px_to_mm(&page->screen, lengths.focus + 2 * lengths.focus_edge);

    return line_across(page, box, side, 0.5, reach, 0.5);
}

/* The thickness of what changed by enough to be seen, on the side where it is least. */
static double ring_of(const struct audit_page *page, const struct line before[SIDES], SDL_Rect box)
{
    double least = 100;

    for (unsigned side = 0; side < SIDES; side++) {
        struct line after = ring_line(page, box, (enum side)side);
        size_t seen = 0;

        for (size_t i = 0; i < after.count && i < before[side].count; i++)
            seen += audit_contrast(before[side].pixels[i], after.pixels[i]) >= SIGN_LEAST;
        least = fmin(least, tp_px_to_mm(&page->screen, (double)seen));
    }
    return least;
}

static void check_focus(struct audit_page *page, const struct tp_seen *seen)
{
    struct tp_ui *ui = page->audit->app->ui;
    struct line before[SIDES];
    double ring;

    for (unsigned side = 0; side < SIDES; side++)
        before[side] = ring_line(page, seen->box, (enum side)side);
    tp_ui_focus(ui, seen->target);
    draw_changes(page);
    ring = ring_of(page, before, seen->box);
    /* Pixels are whole: the half of one is given. */
    if (ring + tp_px_to_mm(&page->screen, 0.5) < RING_LEAST_MM)
        audit_fault(page, seen->id, page->part, &seen->box,
                    "the focus changes %.2f mm around it by %.0f:1, wanted %.2f mm", ring,
                    SIGN_LEAST, RING_LEAST_MM);
    tp_ui_focus(ui, 0);
    draw_changes(page);
}

/* The first, the middle and the last target of the first part: the ring is the same around all. */
void audit_rule_focus(struct audit_page *page)
{
    struct tp_ui *ui = page->audit->app->ui;
    size_t targets = 0, at = 0;

    if (page->part > 0)
        return;
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++)
        targets += page->boxes[i].seen.target != 0;
    tp_ui_set_focus_visible(ui, true);
    draw_changes(page);
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        if (!page->boxes[i].seen.target)
            continue;
        if (at == 0 || at == targets / 2 || at + 1 == targets)
            check_focus(page, &page->boxes[i].seen);
        at++;
    }
    tp_ui_set_focus_visible(ui, false);
    draw_changes(page);
}

/* ---- what is chosen, in grey ---- */

/* The share of a mark's place that is drawn otherwise than in another, seen as ink and ground. */
static double differs(const struct audit_page *page, SDL_Rect a, SDL_Rect b)
{
    struct audit_colours one = audit_colours_of(page->canvas, a);
    struct audit_colours two = audit_colours_of(page->canvas, b);
    size_t differ = 0;

    for (int y = 0; y < a.h && y < b.h; y++)
        for (int x = 0; x < a.w && x < b.w; x++) {
            bool first = audit_pixel(page->canvas, a.x + x, a.y + y) == one.ground;
            bool second = audit_pixel(page->canvas, b.x + x, b.y + y) == two.ground;

            differ += first != second;
        }
    return (double)differ / ((double)a.w * a.h);
}

/* A chosen thing differs from one that is not by its mark, or by how light it is. */
static bool is_told_apart(const struct audit_page *page, const struct tp_seen *chosen,
                          const struct tp_seen *other)
{
    return (chosen->mark.w > 0 && other->mark.w > 0 &&
            differs(page, chosen->mark, other->mark) > 0.1) ||
           audit_contrast(chosen->fill, other->fill) >= SIGN_LEAST ||
           audit_contrast(chosen->line, other->line) >= SIGN_LEAST ||
           chosen->kind == TP_KIND_SAMPLE;
}

void audit_rule_chosen(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct tp_seen *chosen = &page->boxes[i].seen;

        for (size_t k = page->first[page->part]; chosen->chosen && k < page->first[page->part + 1];
             k++) {
            const struct tp_seen *other = &page->boxes[k].seen;

            if (other->kind != chosen->kind || other->chosen || other->place != chosen->place ||
                !other->enabled || page->boxes[k].parent != page->boxes[i].parent)
                continue;
            if (!is_told_apart(page, chosen, other))
                audit_fault(page, chosen->id, page->part, &chosen->box,
                            "only its colour says that it is chosen and '%.60s' is not", other->id);
            break;
        }
    }
}
