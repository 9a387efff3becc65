/* T2: nothing is cut, nothing stands over another, nothing leaves the screen sideways. */
#include "audit/rects.h"
#include "audit/rules.h"

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
