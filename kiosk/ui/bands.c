/* See parts.h. */
#include <string.h>

#include "base/mem.h"
#include "kiosk/ui/parts.h"

/* A text of fewer lines stays whole where it fits. */
#define LINES_WHOLE 3u

static void add_band(struct tp_parts *parts, struct tp_band band)
{
    if (parts->band_count == parts->band_room) {
        size_t room = parts->band_room ? parts->band_room * 2 : 32;
        struct tp_band *more =
            room <= TP_BANDS_MAX ? tp_realloc(parts->bands, room, sizeof(*more)) : NULL;

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

static void collect_text(struct tp_parts *parts, struct tp_node *node, int room, int pad)
{
    const struct tp_piece *piece = &node->pieces[0];
    size_t lines = piece->layout ? tp_text_lines(piece->layout) : 0;
    int line = piece->layout ? tp_text_line_height(piece->layout) : 0;

    if (lines <= LINES_WHOLE && node->box.h + 2 * pad <= room) {
        add_band(parts, (struct tp_band){.node = node,
                                         .count = 1,
                                         .top = node->box.y - pad,
                                         .bottom = node->box.y + node->box.h + pad,
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
                                         .keep = keep && lines > 1});
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
        add_band(parts, band);
    }
    return again;
}

static bool collect(struct tp_parts *parts, struct tp_node *node, int room, int pad)
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
        return collect_children(parts, node, room, pad + parts->summary_pad);
    case TP_KIND_PROBLEM:
        if (!tall)
            break;
        return collect_children(parts, node, room, pad + parts->panel_pad * 4 / 5);
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
                                     .bottom = node->box.y + node->box.h + pad});
    return false;
}

bool tp_bands_collect(struct tp_parts *parts, struct tp_node *body, int room)
{
    bool again;

    parts->band_count = 0;
    again = collect_children(parts, body, room, 0);
    /* The words beside a picture are as tall as the picture. */
    for (size_t i = 0; i < parts->band_count; i++) {
        struct tp_band *band = &parts->bands[i];
        int bottom = parts->picture_y + parts->picture_height;

        if (band->node != parts->picture_words)
            continue;
        band->top = parts->picture_y;
        band->bottom = band->bottom > bottom ? band->bottom : bottom;
        break;
    }
    return again;
}

int tp_bands_tallest(const struct tp_parts *parts)
{
    int tallest = 0;

    for (size_t i = 0; i < parts->band_count; i++)
        if (parts->bands[i].bottom - parts->bands[i].top > tallest)
            tallest = parts->bands[i].bottom - parts->bands[i].top;
    return tallest;
}

static bool add_part(struct tp_parts *parts, struct tp_part part)
{
    if (parts->count == parts->part_room) {
        size_t room = parts->part_room ? parts->part_room * 2 : 8;
        struct tp_part *more =
            room <= TP_PARTS_MAX ? tp_realloc(parts->parts, room, sizeof(*more)) : NULL;

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

void tp_bands_cut(struct tp_parts *parts, int room)
{
    size_t first = 0;
    bool heads = false; /* the heading stands on an earlier part */

    parts->count = 0;
    parts->heading_part = 0;
    while (first < parts->band_count) {
        int own = room - (heads ? parts->heading_space : 0);
        int top = parts->bands[first].top;
        size_t end = first + 1;

        while (end < parts->band_count && parts->bands[end].bottom - top <= own)
            end++;
        /* What leads goes with what it leads to, unless that would leave the part empty. */
        if (end < parts->band_count) {
            size_t kept = end;

            while (kept > first && parts->bands[kept - 1].keep)
                kept--;
            if (kept > first)
                end = kept;
        }
        if (!add_part(parts, (struct tp_part){first, end - first, top}))
            return;
        for (size_t i = first; parts->heading && i < end; i++)
            if (parts->bands[i].node == parts->heading) {
                parts->heading_part = parts->count - 1;
                heads = true;
            }
        first = end;
    }
    if (!parts->count)
        (void)add_part(parts, (struct tp_part){0, 0, 0});
}

bool tp_bands_add_empty(struct tp_parts *parts)
{
    return add_part(parts, (struct tp_part){parts->band_count, 0, 0});
}
