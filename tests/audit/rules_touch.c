/* P1 and P6: what is touched is large enough and far enough from the next; all of it is reached. */
#include <string.h>

#include "audit/rects.h"
#include "audit/rules.h"
#include "kiosk/ui/lengths.h"

/* ACCESSIBILITY.md P1: answers are larger than what else can be touched. */
#define ANSWER_LEAST_MM 16.0
/* Pixels are whole: a gap laid out as 2.54 mm may come out a hair smaller as floating point. */
#define HAIR_MM 0.005

void audit_rule_target(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        if (seen->target &&
            (seen->width_mm < TP_TARGET_MM - HAIR_MM || seen->height_mm < TP_TARGET_MM - HAIR_MM))
            audit_fault(page, seen->id, page->boxes[i].part, &seen->box,
                        "%.2f x %.2f mm, wanted %.1f mm both ways", seen->width_mm, seen->height_mm,
                        TP_TARGET_MM);
    }
}

void audit_rule_answer(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        if (seen->target && seen->answer &&
            (seen->width_mm < ANSWER_LEAST_MM - HAIR_MM ||
             seen->height_mm < ANSWER_LEAST_MM - HAIR_MM))
            audit_fault(page, audit_thing(seen), page->boxes[i].part, &seen->box,
                        "the answer is %.2f x %.2f mm, wanted %.0f mm both ways", seen->width_mm,
                        seen->height_mm, ANSWER_LEAST_MM);
    }
}

void audit_rule_gap(struct audit_page *page)
{
    for (size_t part = 0; part < page->parts; part++)
        for (size_t i = page->first[part]; i < page->first[part + 1]; i++) {
            const struct tp_seen *one = &page->boxes[i].seen;

            for (size_t k = i + 1; one->target && k < page->first[part + 1]; k++) {
                const struct tp_seen *two = &page->boxes[k].seen;
                double mm = tp_px_to_mm(&page->screen, rects_apart(one->box, two->box));

                if (two->target && mm < TP_TARGET_GAP_MM - HAIR_MM)
                    audit_fault(page, two->id, part, &two->box,
                                "%.2f mm from '%.60s', wanted %.2f mm", mm, one->id,
                                TP_TARGET_GAP_MM);
            }
        }
}

/* ---- More ---- */

static const struct audit_box *find(const struct audit_page *page, size_t part, const char *id)
{
    for (size_t i = page->first[part]; i < page->first[part + 1]; i++)
        if (strcmp(page->boxes[i].seen.id, id) == 0)
            return &page->boxes[i];
    return NULL;
}

void audit_rule_more(struct audit_page *page)
{
    for (size_t part = 0; part < page->parts; part++) {
        const struct audit_box *more = find(page, part, "page:more");
        const struct audit_box *up = find(page, part, "page:up");

        if ((more && more->seen.target) != (part + 1 < page->parts))
            audit_fault(page, "page:more", part, NULL, "part %zu of %zu has %s More", part + 1,
                        page->parts, more ? "a" : "no");
        if ((up && up->seen.target) != (part > 0))
            audit_fault(page, "page:up", part, NULL, "part %zu of %zu has %s way back up", part + 1,
                        page->parts, up ? "a" : "no");
    }
}

/* How many of the lines of a text show on some part: the heading stands on several. */
static size_t lines_shown(const struct audit_page *page, const struct tp_seen *wanted, size_t text)
{
    size_t shown = 0;

    for (size_t i = 0; i < page->count; i++) {
        const struct tp_seen *seen = &page->boxes[i].seen;

        if (seen->text_count > text && seen->texts[text].text == wanted->texts[text].text &&
            seen->texts[text].first_line <= shown &&
            seen->texts[text].first_line + seen->texts[text].lines > shown)
            shown = seen->texts[text].first_line + seen->texts[text].lines;
    }
    return shown;
}

static bool is_shown(const struct audit_page *page, const char *id)
{
    for (size_t i = 0; i < page->count; i++)
        if (page->boxes[i].seen.id == id)
            return true;
    return false;
}

/* What shows only where there is something to turn to. */
static bool turns(const char *id)
{
    return strcmp(id, "page:more") == 0 || strcmp(id, "page:up") == 0;
}

static void reach(void *context, const struct tp_seen *seen)
{
    struct audit_page *page = context;

    if (turns(seen->id))
        return;
    if (!is_shown(page, seen->id)) {
        audit_fault(page, seen->id, 0, NULL, "'%.60s' shows on none of %zu parts", seen->spoken,
                    page->parts);
        return;
    }
    for (size_t t = 0; t < seen->text_count && seen->kind != TP_KIND_FIELD; t++)
        if (lines_shown(page, seen, t) < seen->texts[t].all_lines)
            audit_fault(page, seen->id, 0, NULL, "%zu of %zu lines of '%.60s' are reached",
                        lines_shown(page, seen, t), seen->texts[t].all_lines, seen->texts[t].text);
}

void audit_rule_reach(struct audit_page *page)
{
    tp_ui_walk_spoken(page->audit->app->ui, reach, page);
}
