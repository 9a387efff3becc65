/* See parts.h: everything in its place on the screen, for one part of the page. */
#include <limits.h>

#include "kiosk/ui/parts.h"

struct shower {
    const struct tp_ui *ui;
    int dy;
};

/* From the layout's place to the screen's: down, and mirrored on a right-to-left page. */
static SDL_Rect on_screen(const struct shower *shower, SDL_Rect rect)
{
    rect.y += shower->dy;
    if (shower->ui->rtl)
        rect.x = shower->ui->options.screen.width - rect.x - rect.w;
    return rect;
}

static void show_own(const struct shower *shower, struct tp_node *node)
{
    node->shown = !node->hidden;
    node->at = on_screen(shower, node->box);
    for (size_t i = 0; i < TP_NODE_RECTS; i++)
        node->rects_at[i] = on_screen(shower, node->rects[i]);
    for (size_t i = 0; i < TP_NODE_TEXTS; i++) {
        struct tp_piece *piece = &node->pieces[i];

        piece->at = on_screen(shower, piece->box);
        if (piece->layout && node->kind != TP_KIND_FIELD) {
            piece->first_line = 0;
            piece->line_count = tp_text_lines(piece->layout);
        }
    }
}

static void show_tree(const struct shower *shower, struct tp_node *node)
{
    if (node->hidden)
        return;
    show_own(shower, node);
    for (struct tp_node *child = node->first; child; child = child->next)
        show_tree(shower, child);
}

/* One more line of a text whose lines stand on more than one part. */
static void show_line(const struct shower *shower, struct tp_node *node, size_t line)
{
    struct tp_piece *piece = &node->pieces[0];
    int height = tp_text_line_height(piece->layout);

    if (!node->shown) {
        SDL_Rect first = piece->box;

        show_own(shower, node);
        first.y += (int)line * height;
        first.h = 0;
        piece->first_line = line;
        piece->line_count = 0;
        piece->at = on_screen(shower, first);
        node->at = piece->at;
    }
    piece->line_count++;
    piece->at.h += height;
    node->at.h = piece->at.h;
}

static void show_band(const struct shower *shower, const struct tp_band *band)
{
    struct tp_node *node = band->node;

    if (band->is_lines) {
        show_line(shower, node, band->line);
        return;
    }
    for (size_t i = 0; i < band->count && node; node = node->next) {
        if (node->hidden)
            continue;
        show_tree(shower, node);
        i++;
    }
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Is the band words that only lead to others, or help with them? */
static bool is_aside(const struct tp_band *band)
{
    enum tp_style style = band->node->pieces[0].style;

    return band->node->kind == TP_KIND_TEXT && (style == TP_STYLE_HINT || style == TP_STYLE_BOLD);
}

/* Where a picture of `height` stands beside `count` bands: in the middle of what they say, titles
 * and hints aside, and not above the first or below the last of them. */
static int beside_top(const struct tp_band *bands, size_t count, int height)
{
    int top = bands[0].top + bands[0].pad, bottom = top, first = INT_MAX, last = INT_MIN, at;

    for (size_t i = 0; i < count; i++) {
        int start = bands[i].top + bands[i].pad, end = bands[i].bottom - bands[i].pad;

        bottom = larger(bottom, end);
        if (is_aside(&bands[i]))
            continue;
        first = start < first ? start : first;
        last = larger(last, end);
    }
    if (first > last)
        return tp_beside_top(top, bottom, height);
    at = tp_beside_top(first, last, height);
    if (last - first < height)
        at = first - (height - (last - first)) / 2;
    return larger(top, at + height > bottom ? bottom - height : at);
}

/* The picture of an idea beside those of its words that are on this part, `left` bands from `band`
 * on; returns where it ends with the padding of its box. */
static int show_beside(const struct shower *shower, const struct tp_band *band, size_t left)
{
    struct shower beside = {shower->ui, shower->dy - band->beside->box.y};
    size_t count = 1;

    while (count < left && band[count].beside == band->beside)
        count++;
    beside.dy += beside_top(band, count, band->beside->box.h);
    show_tree(&beside, band->beside);
    return band->beside->at.y + band->beside->at.h + band->pad;
}

/* What a container that was cut keeps between its edge and what shows of it. */
static int padding_of(const struct tp_parts *parts, enum tp_kind kind)
{
    switch (kind) {
    case TP_KIND_PANEL:
        return parts->panel_pad;
    case TP_KIND_PROBLEM:
        return parts->panel_pad * 4 / 5;
    case TP_KIND_SUMMARY:
        return parts->summary_pad;
    default:
        return 0;
    }
}

/* Containers reach around what shows of them. */
static void wrap(const struct shower *shower, struct tp_node *node, const struct tp_parts *parts)
{
    SDL_Rect around = {0};
    bool any = false;

    for (struct tp_node *child = node->first; child; child = child->next) {
        if (!child->shown)
            wrap(shower, child, parts);
        if (!child->shown)
            continue;
        if (any)
            SDL_UnionRect(&around, &child->at, &around);
        else
            around = child->at;
        any = true;
    }
    if (node->shown || !any)
        return;
    show_own(shower, node);
    node->at.y = around.y;
    node->at.h = around.h;
    if (node->kind != TP_KIND_COLUMN) {
        int pad = padding_of(parts, node->kind);
        SDL_Rect *icon = &node->rects_at[TP_RECT_ICON];

        node->at.y -= pad;
        node->at.h += 2 * pad;
        icon->y = node->at.y + (node->at.h - icon->h) / 2;
    }
    node->rects_at[TP_RECT_MARK].y = node->at.y;
    node->rects_at[TP_RECT_MARK].h = node->at.h;
}

static void hide_all(struct tp_page *page)
{
    struct tp_node *roots[TP_PAGE_ROOTS];

    tp_page_roots(page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (struct tp_node *node = roots[i]; node;
             node = (struct tp_node *)tp_node_after(roots[i], node))
            node->shown = false;
}

/* Where a picture of `height` at the side of a part stands: at the first words that are on it. */
static int side_top(const struct tp_parts *parts, size_t part, int height)
{
    const struct tp_part *shown = &parts->parts[part];
    const struct tp_band *bands = &parts->bands[shown->first];
    size_t first = 0, count = 0;
    int at;

    while (first < shown->count && bands[first].node->kind != TP_KIND_TEXT)
        first++;
    while (first + count < shown->count && bands[first + count].node->kind == TP_KIND_TEXT)
        count++;
    if (count == 0)
        return 0;
    at = beside_top(&bands[first], count, height) - shown->top;
    at = at + height > parts->room ? parts->room - height : at;
    /* Keys leave less room than it is high, and stand beside it too. */
    return larger(at, 0);
}

/* At the side of every part, or with the heading that stands again; else with the words that it
 * stands beside. */
static void show_picture(const struct tp_ui *ui, struct tp_page *page, size_t part)
{
    struct tp_parts *parts = page->parts;
    struct shower shower = {ui, parts->top};
    bool repeated =
        part > parts->heading_part && parts->heading && tp_parts_is_beside(parts, parts->heading);

    page->picture_node->shown = false;
    if (parts->dock_apart && part + 1 == parts->count)
        return;
    if (!parts->picture_words)
        shower.dy += side_top(parts, part, page->picture_node->box.h);
    if (!parts->picture_words || repeated)
        show_tree(&shower, page->picture_node);
}

static void show_frame(struct tp_ui *ui, struct tp_page *page, size_t part)
{
    struct tp_parts *parts = page->parts;
    struct shower shower = {ui, 0};

    if (page->more_node)
        page->more_node->hidden = part + 1 >= parts->count;
    if (page->up_node)
        page->up_node->hidden = part == 0;
    show_tree(&shower, page->header);
    show_tree(&shower, page->actions);
    show_tree(&shower, page->bar);
    if (page->picture_node)
        show_picture(ui, page, part);
}

void tp_parts_show(struct tp_ui *ui, struct tp_page *page, size_t part)
{
    struct tp_parts *parts = page->parts;
    struct shower shower = {ui, 0};
    int top = parts->top, bottom;

    if (part >= parts->count)
        part = parts->count - 1;
    const struct tp_part *shown = &parts->parts[part];

    hide_all(page);
    show_frame(ui, page, part);
    if (page->centred && parts->count == 1 && parts->height < parts->room)
        top += (parts->room - parts->height) / 2;
    if (parts->heading && part > parts->heading_part &&
        !(parts->dock_apart && part + 1 == parts->count)) {
        shower.dy = top + parts->heading_top - parts->heading->box.y;
        show_tree(&shower, parts->heading);
        top += parts->heading_space;
    }
    if (parts->dock_apart && part + 1 == parts->count) {
        shower.dy = parts->top;
        show_tree(&shower, page->dock);
        page->body->shown = true;
        return;
    }
    shower.dy = top - shown->top;
    bottom = top;
    for (size_t i = 0; i < shown->count; i++) {
        const struct tp_band *band = &parts->bands[shown->first + i];

        show_band(&shower, band);
        bottom = larger(bottom, band->bottom + shower.dy);
        if (band->beside && !band->beside->shown)
            bottom = larger(bottom, show_beside(&shower, band, shown->count - i));
    }
    wrap(&shower, page->body, parts);
    if (page->dock->first && !parts->dock_apart) {
        shower.dy = bottom + (bottom > parts->top ? parts->dock_gap : 0);
        show_tree(&shower, page->dock);
    }
    page->body->shown = true;
}

size_t tp_parts_of(const struct tp_page *page, const struct tp_node *node)
{
    const struct tp_parts *parts = page->parts;

    if (parts->dock_apart && node->place == TP_PLACE_DOCK)
        return parts->count - 1;
    for (size_t p = 0; p < parts->count; p++)
        for (size_t i = 0; i < parts->parts[p].count; i++) {
            const struct tp_band *band = &parts->bands[parts->parts[p].first + i];
            const struct tp_node *top = band->node;

            for (size_t n = 0; n < band->count && top; top = top->next) {
                if (top->hidden)
                    continue;
                if (tp_node_holds(top, node))
                    return p;
                n++;
            }
        }
    return SIZE_MAX;
}
