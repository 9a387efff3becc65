/* T2: nothing is cut, nothing stands over another, nothing leaves the screen sideways. */
#include <math.h>
#include <string.h>

#include "audit/pixels.h"
#include "audit/rects.h"
#include "audit/rules.h"
#include "kiosk/ui/lengths.h"

/* A field shows the lines around the caret: what is above them was typed and is still there. */
static bool scrolls(const struct tp_seen *seen)
{
    return seen->kind == TP_KIND_FIELD;
}

static void check_text(struct audit_page *page, const struct audit_box *box,
                       const struct tp_seen_text *text)
{
    const struct tp_seen *seen = &box->seen;

    if (text->truncated)
        audit_fault(page, audit_thing(seen), box->part, &text->box, "'%.60s' is cut off",
                    text->text);
    else if (seen->kind != TP_KIND_TEXT && text->lines > 0 && !rect_holds(seen->box, text->box))
        audit_fault(page, audit_thing(seen), box->part, &text->box,
                    "'%.60s' (%d x %d px) leaves its box (%d x %d px)", text->text, text->box.w,
                    text->box.h, seen->box.w, seen->box.h);
    else if (!scrolls(seen) && text->lines < text->all_lines && seen->kind != TP_KIND_TEXT)
        audit_fault(page, audit_thing(seen), box->part, &text->box,
                    "%zu of %zu lines of '%.60s' show", text->lines, text->all_lines, text->text);
}

void audit_rule_cut(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct audit_box *box = &page->boxes[i];
        const struct tp_seen *seen = &box->seen;

        for (size_t t = 0; t < seen->text_count; t++)
            check_text(page, box, &seen->texts[t]);
        if (seen->picture.w > 0 && !rect_holds(seen->box, seen->picture))
            audit_fault(page, audit_thing(seen), box->part, &seen->picture,
                        "the picture leaves its box");
        if (seen->sign.w > 0 && seen->kind == TP_KIND_BUTTON && !rect_holds(seen->box, seen->sign))
            audit_fault(page, audit_thing(seen), box->part, &seen->sign, "the sign leaves its box");
        if (seen->box.y < 0 || seen->box.y + seen->box.h > page->screen.height)
            audit_fault(page, audit_thing(seen), box->part, &seen->box,
                        "it ends at %d px of a screen of %d px", seen->box.y + seen->box.h,
                        page->screen.height);
    }
}

void audit_rule_sideways(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct audit_box *box = &page->boxes[i];
        const struct tp_seen *seen = &box->seen;

        if (seen->box.x < 0 || seen->box.x + seen->box.w > page->screen.width)
            audit_fault(page, audit_thing(seen), box->part, &seen->box,
                        "it reaches from %d to %d px of a screen of %d px", seen->box.x,
                        seen->box.x + seen->box.w, page->screen.width);
        for (size_t t = 0; t < seen->text_count; t++)
            if (seen->texts[t].width > seen->texts[t].box.w)
                audit_fault(page, audit_thing(seen), box->part, &seen->texts[t].box,
                            "'%.60s' is %d px wide in %d px", seen->texts[t].text,
                            seen->texts[t].width, seen->texts[t].box.w);
    }
}

/* What fills its box with something of its own; the others only hold. */
static bool is_solid(const struct tp_seen *seen)
{
    switch (seen->kind) {
    case TP_KIND_COLUMN:
    case TP_KIND_ROW:
    case TP_KIND_GRID:
    case TP_KIND_FLOW:
    case TP_KIND_KEYBOARD:
    case TP_KIND_KEY_ROW:
        return false;
    default:
        return seen->box.w > 0 && seen->box.h > 0;
    }
}

void audit_rule_overlap(struct audit_page *page)
{
    for (size_t part = 0; part < page->parts; part++)
        for (size_t i = page->first[part]; i < page->first[part + 1]; i++) {
            const struct tp_seen *one = &page->boxes[i].seen;

            for (size_t k = i + 1; is_solid(one) && k < page->first[part + 1]; k++) {
                const struct tp_seen *two = &page->boxes[k].seen;
                SDL_Rect both;

                if (!is_solid(two) || !SDL_IntersectRect(&one->box, &two->box, &both) ||
                    audit_holds(page, i, k))
                    continue;
                audit_fault(page, two->id, part, &both, "it stands over '%.60s' by %d x %d px",
                            one->id, both.w, both.h);
            }
        }
}

/* ---- what was drawn ---- */

/* Right above the border at the bottom of a box, away from its round corners. */
static SDL_Rect inside_bottom(const struct audit_page *page, const struct tp_seen *seen)
{
    struct tp_lengths lengths = tp_lengths_of(&page->screen, 0);
    bool thin = seen->place == TP_PLACE_BAR || seen->kind == TP_KIND_CHOICE;
    double border = seen->fill == seen->line ? 0 : thin ? lengths.border : lengths.strong_border;
    int above = (int)ceil(border) + 1;

    return (SDL_Rect){seen->box.x + lengths.radius, seen->box.y + seen->box.h - above,
                      seen->box.w - 2 * lengths.radius, 1};
}

/* Letters reach below the box that their line is laid out in, in some scripts far below. */
void audit_rule_ink(struct audit_page *page)
{
    for (size_t i = page->first[page->part]; i < page->first[page->part + 1]; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;
        SDL_Rect strip = inside_bottom(page, seen);

        if (!seen->target || seen->focused || !seen->text_count || strip.w <= 0 ||
            (seen->kind != TP_KIND_BUTTON && seen->kind != TP_KIND_CHOICE))
            continue;
        if (audit_colours_of(page->canvas, strip).inks > 0)
            audit_fault(page, seen->id, page->part, &seen->box,
                        "'%.60s' reaches into the border below it", seen->label);
    }
}

/* ---- scales ---- */

/* The least of an answer besides its words or its picture, and the lines of actions there are at
 * most above or below the answers, with what keeps them apart, in millimetres. */
#define AROUND_MM 3.5
#define PICTURE_LEAST_MM 16.0
#define ACTIONS_MM (2 * 16.5 + 4)

/* What a step takes at least, in millimetres. */
static double least_of(const struct audit_page *page, const struct tp_seen *seen)
{
    double words = 0, picture = seen->picture.w > 0 ? PICTURE_LEAST_MM : 0;

    for (size_t t = 0; t < seen->text_count; t++)
        words += tp_px_to_mm(&page->screen, seen->texts[t].box.h);
    return fmax(fmax(words, picture) + AROUND_MM, TP_ANSWER_MM);
}

/* What the screen has above its bar. */
static double above_bar(const struct audit_page *page)
{
    int top = page->screen.height;

    for (size_t i = 0; i < page->count; i++)
        if (page->boxes[i].seen.place == TP_PLACE_BAR && page->boxes[i].seen.box.y < top)
            top = page->boxes[i].seen.box.y;
    return tp_px_to_mm(&page->screen, top);
}

/* The steps of a scale are chosen by comparing them: where they go on on another part there is no
 * room for them on one, however they stand. */
void audit_rule_scale(struct audit_page *page)
{
    const struct audit_box *first = NULL, *parted = NULL;
    double least = 0;

    for (size_t i = 0; i <= page->count; i++) {
        const struct audit_box *box = i < page->count ? &page->boxes[i] : NULL;

        if (box && !box->seen.scale)
            continue;
        if (first && (!box || strcmp(first->seen.scale, box->seen.scale) != 0)) {
            if (parted && least <= above_bar(page) - ACTIONS_MM)
                audit_fault(page, first->seen.scale, parted->part, &parted->seen.box,
                            "the scale goes on from part %zu on part %zu; it takes %.0f of %.0f mm",
                            parted->part, parted->part + 1, least, above_bar(page) - ACTIONS_MM);
            first = NULL;
        }
        if (!box)
            break;
        if (!first) {
            first = box;
            parted = NULL;
            least = -TP_TARGET_GAP_MM;
        }
        least += least_of(page, &box->seen) + TP_TARGET_GAP_MM;
        parted = box->part != first->part ? box : parted;
    }
}
