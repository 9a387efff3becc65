/* See parts.h. */
#include <string.h>

#include "base/mem.h"
#include "kiosk/ui/parts.h"

/* A text of fewer lines stays whole where it fits. */
#define LINES_WHOLE 3u
/* A last part lower than this share of the first is a thin one. */
#define THIN 3

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

/* Does the text lead in what follows, so that it must not stand alone at the end of a part? */
static bool leads(const struct tp_node *node)
{
    enum tp_style style = node->pieces[0].style;
    const struct tp_node *next = next_seen(node);

    return node->kind == TP_KIND_TEXT && next &&
           (style == TP_STYLE_HEADING || style == TP_STYLE_SUBHEAD || style == TP_STYLE_ALARM ||
            style == TP_STYLE_BOLD || next->kind != TP_KIND_TEXT);
}

/* The top of the text, with the heading over it. */
static int led_from(const struct tp_node *node)
{
    const struct tp_node *before = NULL;

    for (const struct tp_node *node_before = node->parent ? first_seen(node->parent) : NULL;
         node_before && node_before != node; node_before = next_seen(node_before))
        before = node_before;
    return before && leads(before) ? before->box.y : node->box.y;
}

/* Does the line end with its sentence, or with the author's line? */
static bool ends_sentence(const struct tp_piece *piece, size_t index)
{
    static const char *const ends[] = {".", "!", "?", ":", "。", "？", "！", "؟", "۔", "।"};
    struct tp_text_line line;
    const char *end;

    if (!tp_text_line_at(piece->layout, index, &line))
        return true;
    end = piece->text + line.start + line.length;
    if (*end == '\0' || *end == '\n')
        return true;
    while (end > piece->text + line.start && end[-1] == ' ')
        end--;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t length = strlen(ends[i]);

        if ((size_t)(end - piece->text) >= line.start + length &&
            memcmp(end - length, ends[i], length) == 0)
            return true;
    }
    return false;
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
                                         .keep = leads(node)});
        return;
    }
    for (size_t i = 0; i < lines; i++) {
        int top = node->box.y + (int)i * line;
        /* No single line of a paragraph stands alone on either side of a cut. */
        bool keep = i == 0 || i + 2 == lines || (i + 1 == lines && leads(node));

        add_band(parts, (struct tp_band){.node = node,
                                         .count = 1,
                                         .is_lines = true,
                                         .line = i,
                                         .top = top - pad,
                                         .bottom = top + line + pad,
                                         .pad = pad,
                                         .keep = keep && lines > 1,
                                         .runs_on = !ends_sentence(piece, i)});
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

/* The steps of a scale stay together where a part has room for all of them. */
static void keep_whole(struct tp_parts *parts, size_t from, int room)
{
    size_t end = parts->band_count;

    if (end - from < 2 || parts->bands[end - 1].bottom - parts->bands[from].top > room)
        return;
    parts->bands[from].steps = end - from;
    for (size_t i = from; i + 1 < end; i++)
        parts->bands[i].keep = true;
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
    again = collect_children(parts, body, room, 0);
    collect_beside(parts, body->page->picture_node);
    return again;
}

static int height_of(const struct tp_band *band)
{
    int height = band->bottom - band->top;
    int beside = band->beside ? band->beside->box.h + 2 * band->pad : 0;

    return beside > height ? beside : height;
}

int tp_bands_tallest(const struct tp_parts *parts)
{
    int tallest = 0;

    for (size_t i = 0; i < parts->band_count; i++) {
        const struct tp_band *band = &parts->bands[i];
        int height = band->steps ? band[band->steps - 1].bottom - band->top : 0;

        height = height_of(band) > height ? height_of(band) : height;
        tallest = height > tallest ? height : tallest;
    }
    return tallest;
}

static bool add_part(struct tp_parts *parts, struct tp_part part)
{
    if (parts->count == parts->part_room) {
        size_t room = parts->part_room ? parts->part_room * 2 : 8;
        struct tp_part *more =
            room <= 2 * TP_PARTS_MAX ? tp_realloc(parts->parts, room, sizeof(*more)) : NULL;

        if (!more) {
            parts->failed = true;
            return false;
        }
        parts->parts = more;
        parts->part_room = room;
    }
    parts->parts[parts->count++] = part;
    return true;
}

/* The end of the part that begins with band `first` and has `room`: at least one band. */
static size_t fill(const struct tp_parts *parts, size_t first, int room)
{
    int top = parts->bands[first].top, bottom = top;
    const struct tp_node *beside = NULL;
    size_t end = first;

    for (; end < parts->band_count; end++) {
        const struct tp_band *band = &parts->bands[end];
        bool begins = band->beside != beside;
        /* A picture that reaches below the last of its words keeps the next idea away. */
        int start = band->top, reach = begins ? start + height_of(band) : band->bottom;

        if (end > first && ((begins && start < bottom) || reach - top > room))
            break;
        bottom = reach > bottom ? reach : bottom;
        beside = band->beside;
    }
    return end;
}

/* Is it the button of a row of the check page? It stands with the answer that it changes. */
static bool changes(const struct tp_band *band)
{
    return band->node->kind == TP_KIND_BUTTON && band->node->parent->kind == TP_KIND_SUMMARY;
}

/* Is a cut before the band in the middle of a sentence? */
static bool parts_sentence(const struct tp_parts *parts, size_t at)
{
    return parts->bands[at - 1].runs_on && parts->bands[at - 1].node == parts->bands[at].node;
}

/* The last place up to `end` that leaves what leads with what it leads to; but a heading stands
 * alone sooner than it is cut in the middle of its words, or a scale between its steps. */
static size_t kept_before(const struct tp_parts *parts, size_t first, size_t end)
{
    size_t kept = end, alone = 0, scale = 0;

    while (kept > first && parts->bands[kept - 1].keep) {
        if (!alone && parts->bands[kept - 1].is_lines &&
            parts->bands[kept - 1].node != parts->bands[kept].node)
            alone = kept;
        kept--;
        if (parts->bands[kept].steps)
            scale = kept;
    }
    if (kept > first && alone && parts_sentence(parts, kept))
        return alone;
    if (kept > first)
        return kept;
    if (scale > first)
        return scale;
    return end - 1 > first && changes(&parts->bands[end]) ? end - 1 : end;
}

/* Where to cut at or before `end`: what leads goes with what it leads to, and a sentence with its
 * end, unless that would leave the part empty or half of it unused. */
static size_t cut_before(const struct tp_parts *parts, size_t first, size_t end)
{
    size_t kept = kept_before(parts, first, end), whole;
    int half = (parts->bands[first].top + parts->bands[end - 1].bottom) / 2;

    for (whole = kept; whole > first; whole--)
        if (!parts->bands[whole - 1].runs_on && !parts->bands[whole - 1].keep)
            break;
    return whole > first && parts->bands[whole - 1].bottom >= half ? whole : kept;
}

/* Cuts for parts that are `room` high, and stops where there are more than `most` of them; false
 * when out of memory. */
static bool cut(struct tp_parts *parts, int room, size_t most)
{
    size_t first = 0;
    bool heads = false; /* the heading stands on an earlier part */

    parts->count = 0;
    parts->heading_part = 0;
    while (first < parts->band_count && parts->count <= most) {
        size_t end = fill(parts, first, room - (heads ? parts->heading_space : 0));

        if (end < parts->band_count)
            end = cut_before(parts, first, end);
        if (!add_part(parts, (struct tp_part){first, end - first, parts->bands[first].top}))
            return false;
        for (size_t i = first; parts->heading && i < end; i++)
            if (parts->bands[i].node == parts->heading) {
                parts->heading_part = parts->count - 1;
                heads = true;
            }
        first = end;
    }
    return parts->count || add_part(parts, (struct tp_part){0, 0, 0});
}

/* Of what stands on a part; without the question and its hint where there is more than words. */
static int height_of_part(const struct tp_parts *parts, size_t index)
{
    const struct tp_part *part = &parts->parts[index];
    size_t first = part->first, end = part->first + part->count;

    while (first < end && parts->bands[first].node->kind == TP_KIND_TEXT)
        first++;
    if (first == end)
        first = part->first;
    return parts->bands[end - 1].bottom - parts->bands[first].top;
}

/* Is there so little on the last part that the others had better share with it? */
static bool ends_thin(const struct tp_parts *parts)
{
    return parts->count > 1 &&
           height_of_part(parts, parts->count - 1) < height_of_part(parts, 0) / THIN;
}

void tp_bands_cut(struct tp_parts *parts, int room)
{
    int low, high = room;
    size_t count;

    if (!cut(parts, room, TP_PARTS_MAX - 1) || parts->count == TP_PARTS_MAX || !ends_thin(parts))
        return;
    /* The least room that makes no more parts of it. */
    count = parts->count;
    low = tp_bands_tallest(parts) - 1;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;

        if (!cut(parts, middle, count))
            return;
        if (parts->count <= count)
            high = middle;
        else
            low = middle;
    }
    (void)cut(parts, high, count);
}

bool tp_bands_add_empty(struct tp_parts *parts)
{
    return add_part(parts, (struct tp_part){parts->band_count, 0, 0});
}
