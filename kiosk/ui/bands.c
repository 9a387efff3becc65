/* See parts.h: what of a body must stay together, and what a cut beside it costs. */
#include <string.h>

#include "base/mem.h"
#include "kiosk/ui/parts.h"

/* A text of fewer lines stays whole where it fits. */
#define LINES_WHOLE 3u

/* What a cut costs (cut.c). */
#define CUT_SCALE 5000   /* between two steps of a scale */
#define CUT_TITLE 1500   /* within a title */
#define CUT_CHANGE 1000  /* between an answer and the button that changes it */
#define CUT_LEAD 500     /* after a title, or before the question */
#define CUT_PARTED 200   /* between two steps of a scale that no part has room for */
#define CUT_WORD 150     /* within an email address */
#define CUT_SENTENCE 110 /* in the middle of a sentence */
#define CUT_LINE 30      /* where a line of a text is then alone */
#define CUT_HINT 30      /* between words and what they are about */
#define CUT_TEXT 10      /* within a text */

static void add_band(struct tp_parts *parts, struct tp_band band)
{
    if (parts->band_count == parts->band_room) {
        size_t room = parts->band_room ? parts->band_room * 2 : 32;
        struct tp_band *more =
            room <= 2 * TP_BANDS_MAX ? tp_realloc(parts->bands, room, sizeof(*more)) : NULL;

        if (!more) {
            parts->failed = true;
            return;
        }
        parts->bands = more;
        parts->band_room = room;
    }
    parts->bands[parts->band_count++] = band;
}

static struct tp_node *next_seen(const struct tp_node *node)
{
    struct tp_node *next = node->next;

    while (next && next->hidden)
        next = next->next;
    return next;
}

static struct tp_node *first_seen(const struct tp_node *node)
{
    struct tp_node *first = node->first;

    return first && first->hidden ? next_seen(first) : first;
}

static bool is_title(const struct tp_node *node)
{
    enum tp_style style = node->pieces[0].style;

    return style == TP_STYLE_HEADING || style == TP_STYLE_SUBHEAD || style == TP_STYLE_ALARM ||
           style == TP_STYLE_BOLD;
}

/* What a cut after the text costs: it leads in what follows, or helps with it. */
static int cut_after(const struct tp_node *node)
{
    const struct tp_node *next = next_seen(node);

    if (!next)
        return 0;
    if (next->sticky)
        return CUT_LEAD;
    if (is_title(node) && !node->sticky)
        return CUT_LEAD;
    return node->sticky || next->kind != TP_KIND_TEXT ? CUT_HINT : 0;
}

/* The top of the text, with the heading over it. */
static int led_from(const struct tp_node *node)
{
    const struct tp_node *before = NULL;

    for (const struct tp_node *node_before = node->parent ? first_seen(node->parent) : NULL;
         node_before && node_before != node; node_before = next_seen(node_before))
        before = node_before;
    return before && before->kind == TP_KIND_TEXT && cut_after(before) ? before->box.y
                                                                       : node->box.y;
}

/* Does what ends at `end` end with a sentence? */
static bool ends_sentence(const char *start, const char *end)
{
    static const char *const ends[] = {".", "!", "?", ":", "。", "？", "！", "؟", "۔", "।"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t length = strlen(ends[i]);

        if ((size_t)(end - start) >= length && memcmp(end - length, ends[i], length) == 0)
            return true;
    }
    return false;
}

/* What a cut after a line of a text costs. */
static int cut_after_line(const struct tp_node *node, size_t index, size_t lines)
{
    const struct tp_piece *piece = &node->pieces[0];
    int cost = index == 0 || index + 2 == lines ? CUT_TEXT + CUT_LINE : CUT_TEXT;
    struct tp_text_line line;
    const char *start, *end;

    if (index + 1 == lines || !tp_text_line_at(piece->layout, index, &line))
        return cut_after(node);
    if (is_title(node))
        return CUT_TITLE;
    start = piece->text + line.start;
    end = start + line.length;
    if (*end != '\0' && *end != '\n' && !ends_sentence(start, end))
        cost += CUT_SENTENCE;
    /* Scripts that are written without spaces go on after any sign. */
    if (isgraph((unsigned char)*end) && end > start && isgraph((unsigned char)end[-1]))
        cost += CUT_WORD;
    return cost;
}

static void collect_text(struct tp_parts *parts, struct tp_node *node, int room, int pad)
{
    const struct tp_piece *piece = &node->pieces[0];
    size_t lines = piece->layout ? tp_text_lines(piece->layout) : 0;
    int line = piece->layout ? tp_text_line_height(piece->layout) : 0;

    if (lines <= LINES_WHOLE && node->box.y + node->box.h - led_from(node) + 2 * pad <= room) {
        add_band(parts, (struct tp_band){.node = node,
                                         .count = 1,
                                         .top = node->box.y - pad,
                                         .bottom = node->box.y + node->box.h + pad,
                                         .pad = pad,
                                         .cut = cut_after(node)});
        return;
    }
    for (size_t i = 0; i < lines; i++) {
        int top = node->box.y + (int)i * line;

        add_band(parts, (struct tp_band){.node = node,
                                         .count = 1,
                                         .is_lines = true,
                                         .line = i,
                                         .top = top - pad,
                                         .bottom = top + line + pad,
                                         .pad = pad,
                                         .cut = cut_after_line(node, i, lines)});
    }
}

static bool collect(struct tp_parts *parts, struct tp_node *node, int room, int pad);

static bool collect_children(struct tp_parts *parts, struct tp_node *node, int room, int pad)
{
    bool again = false;

    for (struct tp_node *child = first_seen(node); child; child = next_seen(child))
        again = collect(parts, child, room, pad) || again;
    return again;
}

/* Children that begin at the same height are one band. */
static bool collect_rows(struct tp_parts *parts, struct tp_node *node, int room, int pad)
{
    bool again = false;

    for (struct tp_node *child = first_seen(node); child;) {
        struct tp_band band = {.node = child, .top = child->box.y, .bottom = child->box.y};
        struct tp_node *start = child;

        while (child && child->box.y == band.top) {
            int end = child->box.y + child->box.h;

            band.bottom = end > band.bottom ? end : band.bottom;
            band.count++;
            child = next_seen(child);
        }
        if (band.count == 1 && band.bottom - band.top > room) {
            again = collect(parts, start, room, pad) || again;
            continue;
        }
        band.top -= pad;
        band.bottom += pad;
        band.pad = pad;
        add_band(parts, band);
    }
    return again;
}

/* An idea (a picture and its words) that is taller than a part: the words are cut, and the picture
 * stands beside each part of them. False where the row is of another kind. */
static bool collect_idea(struct tp_parts *parts, struct tp_node *row, int room, int pad)
{
    struct tp_node *picture = first_seen(row);
    struct tp_node *words = picture ? next_seen(picture) : NULL;
    size_t from = parts->band_count;

    if (!words || next_seen(words) || picture->kind != TP_KIND_PICTURE || picture->weight > 0 ||
        words->kind != TP_KIND_COLUMN || picture->box.h + 2 * pad > room ||
        picture->box.y + picture->box.h <= words->box.y)
        return false;
    (void)collect_children(parts, words, room, pad);
    for (size_t i = from; i < parts->band_count; i++)
        parts->bands[i].beside = picture;
    return parts->band_count > from;
}

/* A box with words that is taller than a part: the picture that it begins with stands beside each
 * part of them. */
static bool collect_box(struct tp_parts *parts, struct tp_node *box, int room, int pad)
{
    struct tp_node *lead = tp_lead_of(box);
    size_t from = parts->band_count;
    bool again = false;

    for (struct tp_node *child = first_seen(box); child; child = next_seen(child))
        if (child != lead)
            again = collect(parts, child, room, pad) || again;
    for (size_t i = from; i < parts->band_count && lead; i++)
        parts->bands[i].beside = lead;
    return again;
}

/* The steps of a scale stay together where a part has room for all of them; else on as few as can
 * be. */
static void keep_whole(struct tp_parts *parts, size_t from, int room)
{
    size_t end = parts->band_count;
    bool whole;

    if (end - from < 2)
        return;
    whole = parts->bands[end - 1].bottom - parts->bands[from].top <= room;
    parts->scale_parted = parts->scale_parted || !whole;
    parts->bands[from].steps = whole ? end - from : 0;
    for (size_t i = from; i + 1 < end; i++)
        parts->bands[i].cut = whole ? CUT_SCALE : CUT_PARTED;
}

static bool collect_kind(struct tp_parts *parts, struct tp_node *node, int room, int pad)
{
    bool tall = node->box.h + 2 * pad > room;

    switch (node->kind) {
    case TP_KIND_TEXT:
        collect_text(parts, node, room, pad);
        return false;
    case TP_KIND_COLUMN:
        return collect_children(parts, node, room, pad);
    case TP_KIND_ROW:
        if (node->stacked)
            return collect_children(parts, node, room, pad);
        if (!tall)
            break;
        if (collect_idea(parts, node, room, pad))
            return false;
        node->stack = true;
        return true;
    case TP_KIND_GRID:
    case TP_KIND_FLOW:
        return collect_rows(parts, node, room, pad);
    case TP_KIND_PANEL:
        if (!tall)
            break;
        return collect_children(parts, node, room, pad + parts->panel_pad);
    case TP_KIND_SUMMARY:
        if (!tall)
            break;
        if (!node->stack) {
            node->stack = true;
            return true;
        }
        return collect_box(parts, node, room, pad + parts->summary_pad);
    case TP_KIND_PROBLEM:
        if (!tall)
            break;
        return collect_box(parts, node, room, pad + parts->panel_pad * 4 / 5);
    case TP_KIND_ALARM:
        if (!tall)
            break;
        return collect_children(parts, node, room, pad);
    default:
        break;
    }
    if (node->kind == TP_KIND_BUTTON && parts->band_count)
        parts->bands[parts->band_count - 1].cut =
            node->parent->kind == TP_KIND_SUMMARY ? CUT_CHANGE : CUT_HINT;
    add_band(parts, (struct tp_band){.node = node,
                                     .count = 1,
                                     .top = node->box.y - pad,
                                     .bottom = node->box.y + node->box.h + pad,
                                     .pad = pad});
    return false;
}

static bool collect(struct tp_parts *parts, struct tp_node *node, int room, int pad)
{
    size_t from = parts->band_count;
    bool again = collect_kind(parts, node, room, pad);

    if (node->scale)
        keep_whole(parts, from, room);
    return again;
}

bool tp_parts_is_beside(const struct tp_parts *parts, const struct tp_node *node)
{
    for (const struct tp_node *beside = parts->picture_words;
         beside && beside != parts->picture_after; beside = beside->next)
        if (beside == node)
            return true;
    return false;
}

/* The words beside the Easy Read picture are one idea with it, and as tall as it. */
static void collect_beside(struct tp_parts *parts, struct tp_node *picture)
{
    bool first = true;

    for (size_t i = 0; i < parts->band_count; i++) {
        struct tp_band *band = &parts->bands[i];
        int bottom = parts->picture_y + parts->picture_height;

        if (!tp_parts_is_beside(parts, band->node))
            continue;
        band->beside = picture;
        if (!first)
            continue;
        band->top = parts->picture_y;
        band->bottom = band->bottom > bottom ? band->bottom : bottom;
        first = false;
    }
}

bool tp_bands_collect(struct tp_parts *parts, struct tp_node *body, int room)
{
    bool again;

    parts->band_count = 0;
    parts->scale_parted = false;
    again = collect_children(parts, body, room, 0);
    collect_beside(parts, body->page->picture_node);
    return again;
}
