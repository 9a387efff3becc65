/* See arrange.h: the containers. */
#include "kiosk/ui/arrange.h"

#include <math.h>

int tp_grown(const struct tp_arranger *arranger, double mm)
{
    const struct tp_size_row *size = &tp_sizes[arranger->ui->look.size];
    double more = size->capital_mm * arranger->shrink / tp_sizes[TP_SIZE_DEFAULT].capital_mm;

    return tp_px(arranger, mm * fmax(1, more));
}

void tp_move(struct tp_node *node, int dx, int dy)
{
    node->box.x += dx;
    node->box.y += dy;
    for (size_t i = 0; i < TP_NODE_TEXTS; i++) {
        node->pieces[i].box.x += dx;
        node->pieces[i].box.y += dy;
    }
    for (size_t i = 0; i < TP_NODE_RECTS; i++) {
        node->rects[i].x += dx;
        node->rects[i].y += dy;
    }
    for (struct tp_node *child = node->first; child; child = child->next)
        tp_move(child, dx, dy);
}

static struct tp_node *first_seen(struct tp_node *node)
{
    while (node && node->hidden)
        node = node->next;
    return node;
}

static bool is_words(const struct tp_node *node)
{
    return node->kind == TP_KIND_TEXT;
}

/* The space between two neighbours of a column. Lines of text bring space of their own. */
static int space_between(const struct tp_arranger *arranger, const struct tp_node *column,
                         const struct tp_node *above, const struct tp_node *below)
{
    const struct tp_lengths *lengths = &arranger->lengths;

    /* That of a row is for what stands side by side. */
    if (column->gap_mm > 0 && column->kind != TP_KIND_ROW)
        return tp_px(arranger, column->gap_mm);
    if (is_words(above) && is_words(below)) {
        enum tp_style style = above->pieces[0].style;
        bool heads =
            style == TP_STYLE_HEADING || style == TP_STYLE_SUBHEAD || style == TP_STYLE_ALARM;

        return heads ? lengths->text_gap / 3 : lengths->text_gap;
    }
    if (below->kind == TP_KIND_FLOW && !is_words(above))
        return 2 * lengths->section;
    if (above->kind == TP_KIND_PANEL || below->kind == TP_KIND_PANEL)
        return lengths->section;
    if (below->kind == TP_KIND_BUTTON && below->large)
        return 2 * lengths->section;
    /* Arabic reaches further below its line than others. */
    if (is_words(above) && above->pieces[0].style == TP_STYLE_ALARM)
        return arranger->ui->rtl ? lengths->text_gap : lengths->text_gap / 2;
    if (is_words(above))
        return lengths->section * 9 / 10;
    /* What belongs together stands nearer than what comes next. */
    if (is_words(below))
        return below->pieces[0].style == TP_STYLE_SUBHEAD ? lengths->section * 3 / 2
                                                          : lengths->section;
    return lengths->gap;
}

/* The words from `child` on, beside the picture; returns the first node after them. */
static struct tp_node *arrange_beside(struct tp_arranger *arranger, struct tp_node *child, int y,
                                      int *height)
{
    struct tp_beside *beside = &arranger->beside;
    struct tp_node *first = child, *last = NULL;
    int tall = 0;

    beside->first = child;
    beside->y = y;
    for (; child && is_words(child); child = first_seen(child->next)) {
        if (last)
            tall += space_between(arranger, child->parent, last, child);
        tall += tp_arrange(arranger, child, beside->x, y + tall, beside->width);
        last = child;
    }
    for (struct tp_node *done = first; done != child && tall < beside->height; done = done->next)
        if (!done->hidden)
            tp_move(done, 0, (beside->height - tall) / 2);
    beside->after = child;
    *height =
        (tall > beside->height ? tall : beside->height) + (child ? arranger->lengths.section : 0);
    return child;
}

/* The Easy Read picture stands at the first words, or first of all where there are none. */
static struct tp_node *picture_place(const struct tp_arranger *arranger, struct tp_node *column)
{
    struct tp_node *first = first_seen(column->first), *child = first;

    if (column != arranger->page->body || arranger->beside.width <= 0)
        return NULL;
    while (child && !is_words(child))
        child = first_seen(child->next);
    return child ? child : first;
}

static int arrange_column(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    struct tp_node *last = NULL, *place = picture_place(arranger, node);
    int height = 0;

    for (struct tp_node *child = first_seen(node->first); child;) {
        if (last)
            height += space_between(arranger, node, last, child);
        if (child == place) {
            int beside;

            child = arrange_beside(arranger, child, y + height, &beside);
            height += beside;
            place = last = NULL;
            continue;
        }
        height += tp_arrange(arranger, child, x, y + height, width);
        last = child;
        child = first_seen(child->next);
    }
    return height;
}

/* The width the node would take by itself. */
static int natural_width(struct tp_arranger *arranger, struct tp_node *node)
{
    int widest = 0;

    switch (node->kind) {
    case TP_KIND_COLUMN:
    case TP_KIND_PANEL:
    case TP_KIND_ALARM:
    case TP_KIND_GRID:
        for (struct tp_node *child = node->first; child; child = child->next) {
            int own = natural_width(arranger, child);

            widest = own > widest ? own : widest;
        }
        return widest + (node->kind == TP_KIND_PANEL ? 2 * arranger->lengths.panel_pad : 0);
    case TP_KIND_ROW:
    case TP_KIND_FLOW:
        for (struct tp_node *child = node->first; child; child = child->next)
            widest += natural_width(arranger, child) + (child->next ? arranger->lengths.gap : 0);
        return widest;
    default:
        return tp_natural_leaf(arranger, node);
    }
}

/* ---- rows ---- */

struct shares {
    int fixed; /* pixels of the children that take their own width, and of the gaps */
    double weight;
    int count;
};

static struct shares shares_of(struct tp_arranger *arranger, struct tp_node *row, int gap,
                               int width)
{
    struct shares shares = {.fixed = -gap};

    for (struct tp_node *child = row->first; child; child = child->next) {
        if (child->hidden)
            continue;
        shares.count++;
        shares.fixed += gap;
        if (child->weight > 0) {
            shares.weight += child->weight;
        } else {
            int natural = natural_width(arranger, child);

            shares.fixed += natural > width ? width : natural;
        }
    }
    return shares;
}

static bool is_too_narrow(struct tp_arranger *arranger, const struct tp_node *row,
                          const struct shares *shares, int width)
{
    int least =
        row->min_item_mm > 0 ? tp_grown(arranger, row->min_item_mm) : arranger->lengths.target;

    if (shares->count < 2)
        return false;
    if (shares->weight <= 0)
        return shares->fixed > width;
    for (const struct tp_node *child = row->first; child; child = child->next) {
        int own = (int)((width - shares->fixed) * child->weight / shares->weight);

        if (!child->hidden && child->weight > 0 &&
            (own < least ||
             (child->kind == TP_KIND_CHOICE && tp_choice_splits(arranger, child, own))))
            return true;
    }
    return false;
}

/* Makes a cell as tall as its row; what is in it stays in the middle. */
static void stretch(struct tp_node *node, int height)
{
    int more = height - node->box.h;

    if (more <= 0)
        return;
    /* Words and pictures that stand side by side begin on one line. */
    if (node->kind == TP_KIND_COLUMN || node->kind == TP_KIND_TEXT || node->parent->above) {
        node->box.h = height;
        return;
    }
    tp_move(node, 0, more / 2);
    node->box.y -= more / 2;
    node->box.h = height;
    if (node->kind == TP_KIND_PANEL)
        for (struct tp_node *child = node->first; child; child = child->next)
            tp_move(child, 0, -(more / 2));
}

/* The words of a row that are no title. */
static const struct tp_node *said_in(const struct tp_node *row)
{
    for (const struct tp_node *node = row; node; node = tp_node_after(row, node))
        if (node->kind == TP_KIND_TEXT && node->pieces[0].layout &&
            node->pieces[0].style != TP_STYLE_BOLD && node->pieces[0].style != TP_STYLE_SUBHEAD)
            return node;
    return NULL;
}

/* Where a picture stands beside words that make the row `height` tall: at their top, so that
 * pictures side by side are in one line; in the middle where that is about the same; and not above
 * the first line of what is said, in the middle of a line that is taller. */
static int picture_top(const struct tp_node *row, const struct tp_node *picture, int height)
{
    const struct tp_node *said = said_in(row);
    int tall = picture->box.h, line, top;

    if (!said || height * 3 <= tall * 4)
        return (height - tall) / 2;
    line = tp_text_line_height(said->pieces[0].layout);
    top = said->box.y - row->box.y + (line > tall ? (line - tall) / 2 : line - tall);
    return top > 0 ? top : 0;
}

static int arrange_row(struct tp_arranger *arranger, struct tp_node *row, int x, int y, int width)
{
    int gap = row->gap_mm > 0 ? tp_px(arranger, row->gap_mm) : arranger->lengths.gap;
    struct shares shares = shares_of(arranger, row, gap, width);
    int height = 0, at = x;

    row->stacked = row->stack || is_too_narrow(arranger, row, &shares, width);
    if (row->stacked)
        return arrange_column(arranger, row, x, y, width);
    for (struct tp_node *child = first_seen(row->first); child; child = first_seen(child->next)) {
        int natural = child->weight > 0 ? 0 : natural_width(arranger, child);
        int own = child->weight > 0
                      ? (int)floor((width - shares.fixed) * child->weight / shares.weight)
                      : natural;
        int tall = tp_arrange(arranger, child, at, y, own > width ? width : own);

        height = tall > height ? tall : height;
        at += own + gap;
    }
    for (struct tp_node *child = first_seen(row->first); child; child = first_seen(child->next)) {
        if (row->centred)
            tp_move(child, 0,
                    child->kind == TP_KIND_PICTURE ? picture_top(row, child, height)
                                                   : (height - child->box.h) / 2);
        else if (child->kind == TP_KIND_PANEL)
            child->box.h = height;
        else if (child->kind == TP_KIND_CHOICE || child->kind == TP_KIND_SAMPLE ||
                 (child->kind == TP_KIND_BUTTON && child->wide))
            stretch(child, height);
    }
    return height;
}

/* ---- grids ---- */

static int columns_of(struct tp_arranger *arranger, const struct tp_node *grid, int width)
{
    int gap = arranger->lengths.gap, count = 0, columns;
    int least = grid->min_item_mm > 0 ? tp_grown(arranger, grid->min_item_mm) : width;

    if (grid->choices || (grid->picture_choices && arranger->pictures_beside))
        return tp_choice_columns(arranger, grid, width);
    for (const struct tp_node *child = grid->first; child; child = child->next)
        count += !child->hidden;
    columns = (width + gap) / (least + gap);
    columns = columns < 1 ? 1 : columns;
    if (grid->max_columns > 0 && columns > grid->max_columns)
        columns = grid->max_columns;
    if (count && columns > count)
        columns = count;
    if (grid->picture_choices)
        columns = tp_picture_columns(arranger, grid, width, columns);
    /* As many rows, evenly filled: 3 and 2, not 4 and 1. */
    int rows = count ? (count + columns - 1) / columns : 1;

    return count ? (count + rows - 1) / rows : columns;
}

static int arrange_grid(struct tp_arranger *arranger, struct tp_node *grid, int x, int y, int width)
{
    int gap = arranger->lengths.gap, columns = columns_of(arranger, grid, width);
    int cell = (width - gap * (columns - 1)) / columns, column = 0, top = y, tall = 0;
    struct tp_node *row_start = first_seen(grid->first);

    grid->columns = columns;
    grid->above = grid->picture_choices && !arranger->pictures_beside && columns > 1;
    for (struct tp_node *child = row_start; child;) {
        struct tp_node *next = first_seen(child->next);
        int height = tp_arrange(arranger, child, x + column * (cell + gap), top, cell);

        tall = height > tall ? height : tall;
        if (++column == columns || !next) {
            for (struct tp_node *done = row_start; done != next; done = first_seen(done->next))
                stretch(done, tall);
            top += tall + (next ? gap : 0);
            row_start = next;
            column = tall = 0;
        }
        child = next;
    }
    return top - y;
}

/* ---- flows ---- */

struct flow_row {
    struct tp_node *after; /* the first node of the next row */
    int taken, count;      /* of the width, and nodes */
};

static int flow_width(struct tp_arranger *arranger, struct tp_node *child, int width)
{
    int own = natural_width(arranger, child);

    return own > width ? width : own;
}

/* The row that begins with `child`: as many as there is room for. */
static struct flow_row flow_row(struct tp_arranger *arranger, struct tp_node *child, int gap,
                                int width)
{
    struct flow_row row = {.after = child, .taken = -gap};

    while (row.after) {
        int own = flow_width(arranger, row.after, width);

        if (row.count && row.taken + gap + own > width)
            break;
        row.taken += gap + own;
        row.count++;
        row.after = first_seen(row.after->next);
    }
    return row;
}

static int flow_rows(struct tp_arranger *arranger, const struct tp_node *flow, int gap, int width)
{
    int rows = 0;

    for (struct tp_node *child = first_seen(flow->first); child; rows++)
        child = flow_row(arranger, child, gap, width).after;
    return rows;
}

/* The least width that takes no more rows: theirs are then about equally long. */
static int fair_width(struct tp_arranger *arranger, const struct tp_node *flow, int gap, int width)
{
    int rows = flow_rows(arranger, flow, gap, width), low = 0, high = width;

    while (high - low > 1) {
        int middle = (low + high) / 2;

        if (flow_rows(arranger, flow, gap, middle) > rows)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static int arrange_flow(struct tp_arranger *arranger, struct tp_node *flow, int x, int y, int width)
{
    int gap = flow->gap_mm > 0 ? tp_px(arranger, flow->gap_mm) : arranger->lengths.gap, top = 0;
    bool fills = flow->wide && flow_rows(arranger, flow, gap, width) > 1;
    int fair = fills ? fair_width(arranger, flow, gap, width) : width;

    for (struct tp_node *child = first_seen(flow->first); child;) {
        struct flow_row row = flow_row(arranger, child, gap, fair);
        int more = fills ? (width - row.taken) / row.count : 0, at = x, tall = 0;

        for (; child != row.after; child = first_seen(child->next)) {
            int own = flow_width(arranger, child, width) + more;
            int height = tp_arrange(arranger, child, at, y + top, own);

            tall = height > tall ? height : tall;
            at += own + gap;
        }
        top += tall + (child ? arranger->lengths.target_gap : 0);
    }
    return top;
}

/* ---- boxes around a column ---- */

static int arrange_panel(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                         int width)
{
    int pad = arranger->lengths.panel_pad;
    int natural = node->strong ? natural_width(arranger, node) : width;

    if (natural < width)
        node->box.w = width = natural;

    return 2 * pad + arrange_column(arranger, node, x + pad, y + pad, width - 2 * pad);
}

static int arrange_alarm(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                         int width)
{
    int edge = tp_px(arranger, 3), space = arranger->lengths.panel_pad * 4 / 5;
    int height = arrange_column(arranger, node, x + edge + space, y, width - edge - space);

    node->rects[TP_RECT_MARK] = (SDL_Rect){x, y, edge, height};
    return height;
}

/* ---- any node ---- */

static bool is_pictures_only(const struct tp_node *root)
{
    for (const struct tp_node *node = root; node; node = tp_node_after(root, node))
        if (!node->first && node->kind != TP_KIND_PICTURE && node->kind != TP_KIND_ICON)
            return false;
    return true;
}

static bool is_dropped(const struct tp_arranger *arranger, const struct tp_node *node)
{
    if (!node->optional || (arranger->drop == TP_DROP_NOTHING && !arranger->ui->look.quiet))
        return false;
    return arranger->ui->look.quiet || arranger->drop == TP_DROP_ALL || is_pictures_only(node);
}

int tp_arrange(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width)
{
    int height;

    node->hidden = is_dropped(arranger, node);
    if (node->hidden)
        return 0;
    node->box = (SDL_Rect){x, y, width, 0};
    switch (node->kind) {
    case TP_KIND_COLUMN:
        height = arrange_column(arranger, node, x, y, width);
        break;
    case TP_KIND_ROW:
        height = arrange_row(arranger, node, x, y, width);
        break;
    case TP_KIND_GRID:
        height = arrange_grid(arranger, node, x, y, width);
        break;
    case TP_KIND_FLOW:
        height = arrange_flow(arranger, node, x, y, width);
        break;
    case TP_KIND_PANEL:
        height = arrange_panel(arranger, node, x, y, width);
        break;
    case TP_KIND_ALARM:
        height = arrange_alarm(arranger, node, x, y, width);
        break;
    default:
        height = tp_arrange_leaf(arranger, node, x, y, width);
        break;
    }
    node->box.h = height;
    return height;
}
