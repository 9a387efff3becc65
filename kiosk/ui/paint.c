/* See ui.h: draws what shows, all of it or within the rectangles that changed. */
#include <math.h>

#include "kiosk/gfx/draw.h"
#include "kiosk/ui/arrange.h"

static tp_rgb colour(const struct tp_ui *ui, enum tp_colour role)
{
    return ui->look.theme->colours[role];
}

static double mm(const struct tp_ui *ui, double value)
{
    return tp_mm_to_px(&ui->options.screen, value);
}

/* ---- colours ---- */

static bool is_pressed(const struct tp_ui *ui, const struct tp_node *node)
{
    return node->target && node->target == ui->pressed && !node->disabled;
}

static struct tp_inks filled(const struct tp_ui *ui, enum tp_colour fill, enum tp_colour text)
{
    return (struct tp_inks){.fill = colour(ui, fill),
                            .line = colour(ui, fill),
                            .text = colour(ui, text),
                            .has_box = true};
}

static struct tp_inks card(const struct tp_ui *ui, enum tp_colour fill, enum tp_colour line,
                           enum tp_colour text, double border_mm)
{
    return (struct tp_inks){.fill = colour(ui, fill),
                            .line = colour(ui, line),
                            .text = colour(ui, text),
                            .border = fmax(1, mm(ui, border_mm)),
                            .has_box = true};
}

static struct tp_inks button_inks(const struct tp_ui *ui, const struct tp_node *node)
{
    if (node->disabled)
        return card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE_QUIET, TP_COLOUR_INK_2, 0.5);
    if (node->chosen || node->button == TP_BUTTON_PRIMARY)
        return filled(ui, TP_COLOUR_KEY, TP_COLOUR_ON_KEY);
    if (node->button == TP_BUTTON_SECONDARY)
        return card(ui, TP_COLOUR_CARD, TP_COLOUR_KEY, TP_COLOUR_KEY, 0.7);
    return card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE, TP_COLOUR_INK, 0.5);
}

static struct tp_inks sample_inks(const struct tp_ui *ui, const struct tp_node *node)
{
    if (!node->theme)
        return node->chosen ? filled(ui, TP_COLOUR_KEY, TP_COLOUR_ON_KEY)
                            : card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE, TP_COLOUR_INK, 0.5);
    return (struct tp_inks){.fill = node->theme->colours[TP_COLOUR_CARD],
                            .line = colour(ui, node->chosen ? TP_COLOUR_KEY : TP_COLOUR_LINE),
                            .text = node->theme->colours[TP_COLOUR_INK],
                            .border = mm(ui, node->chosen ? 1.6 : 0.5),
                            .has_box = true};
}

static struct tp_inks plain_inks(const struct tp_ui *ui, const struct tp_node *node)
{
    switch (node->kind) {
    case TP_KIND_CHOICE:
        if (node->disabled)
            return card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE_QUIET, TP_COLOUR_INK_2, 0.5);
        return node->chosen ? filled(ui, TP_COLOUR_KEY, TP_COLOUR_ON_KEY)
                            : card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE, TP_COLOUR_INK, 0.5);
    case TP_KIND_BUTTON:
        return button_inks(ui, node);
    case TP_KIND_SAMPLE:
        return sample_inks(ui, node);
    case TP_KIND_KEY:
        if (node->disabled)
            return card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE_QUIET, TP_COLOUR_INK_2, 0.5);
        if (node->chosen)
            return filled(ui, TP_COLOUR_KEY, TP_COLOUR_ON_KEY);
        return card(ui, node->word ? TP_COLOUR_SOFT : TP_COLOUR_CARD, TP_COLOUR_LINE, TP_COLOUR_INK,
                    0.5);
    case TP_KIND_FIELD:
        return card(ui, TP_COLOUR_CARD, node->editing ? TP_COLOUR_INK : TP_COLOUR_LINE,
                    TP_COLOUR_INK, node->editing ? 1.0 : 0.7);
    case TP_KIND_PROBLEM:
        return card(ui, TP_COLOUR_CARD, TP_COLOUR_ALARM, TP_COLOUR_INK, 1.3);
    case TP_KIND_PANEL:
        return card(ui, TP_COLOUR_CARD, node->strong ? TP_COLOUR_KEY : TP_COLOUR_LINE_QUIET,
                    TP_COLOUR_INK, node->strong ? 0.7 : 0.5);
    case TP_KIND_SUMMARY:
    case TP_KIND_RANKED:
        return card(ui, TP_COLOUR_CARD, TP_COLOUR_LINE_QUIET, TP_COLOUR_INK, 0.5);
    case TP_KIND_PICTURE:
        if (node->border)
            return card(ui, TP_COLOUR_PICTURE, TP_COLOUR_LINE_QUIET, TP_COLOUR_INK, 0.5);
        break;
    default:
        break;
    }
    return (struct tp_inks){.fill = colour(ui, TP_COLOUR_GROUND),
                            .line = colour(ui, TP_COLOUR_GROUND),
                            .text = colour(ui, TP_COLOUR_INK)};
}

struct tp_inks tp_node_inks(const struct tp_ui *ui, const struct tp_node *node)
{
    struct tp_inks inks = plain_inks(ui, node);

    if (is_pressed(ui, node)) {
        inks = card(ui, TP_COLOUR_PRESSED, TP_COLOUR_ON_PRESSED, TP_COLOUR_ON_PRESSED, 1.3);
    }
    inks.under = inks.fill;
    if (!inks.has_box)
        for (const struct tp_node *up = node->parent; up; up = up->parent)
            if (up->kind == TP_KIND_PANEL || up->kind == TP_KIND_SUMMARY ||
                up->kind == TP_KIND_PROBLEM) {
                inks.under = colour(ui, TP_COLOUR_CARD);
                break;
            }
    return inks;
}

tp_rgb tp_piece_ink(const struct tp_ui *ui, const struct tp_node *node, size_t piece)
{
    struct tp_inks inks = tp_node_inks(ui, node);
    enum tp_style style = node->pieces[piece].style;

    if (node->kind == TP_KIND_TEXT)
        return colour(ui, tp_type_of(style, ui->look.size).colour);
    if (node->kind == TP_KIND_CHOICE && piece == 1 && !node->chosen && !is_pressed(ui, node))
        return colour(ui, TP_COLOUR_INK_2);
    return inks.text;
}

/* ---- pieces of a node ---- */

static void draw_pieces(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    for (size_t i = 0; i < TP_NODE_TEXTS; i++) {
        const struct tp_piece *piece = &node->pieces[i];

        if (piece->layout)
            tp_text_draw(ui->options.fonts, piece->layout, canvas, piece->at.x, piece->at.y,
                         piece->at.w, tp_piece_ink(ui, node, i), piece->first_line,
                         piece->line_count);
    }
}

static void draw_sign(struct tp_ui *ui, SDL_Surface *canvas, enum tp_icon icon, SDL_Rect at,
                      tp_rgb ink)
{
    if (at.w > 0)
        tp_icon_draw(ui->options.icons, canvas, icon, at.x, at.y, at.w, ui->rtl, ink);
}

static void draw_radio(struct tp_ui *ui, SDL_Surface *canvas, SDL_Rect at, bool chosen,
                       struct tp_inks inks)
{
    double cx = at.x + at.w / 2.0, cy = at.y + at.h / 2.0, r = at.w / 2.0;

    if (chosen) {
        tp_draw_circle(canvas, cx, cy, r, inks.text);
        tp_draw_circle(canvas, cx, cy, r * 0.46, inks.fill);
    } else {
        tp_draw_ring(canvas, cx, cy, r, fmax(1, mm(ui, 0.75)), inks.text);
    }
}

static void draw_checkbox(struct tp_ui *ui, SDL_Surface *canvas, SDL_Rect at, bool chosen,
                          struct tp_inks inks)
{
    struct tp_box box = tp_box_grow(tp_box_of(at), -at.w * 0.03);
    double radius = at.w * 0.2;

    if (chosen) {
        tp_draw_round(canvas, box, radius, inks.text);
        double thick = at.w * 0.13, x = at.x + at.w * 0.42, y = at.y + at.h * 0.72;

        tp_draw_line(canvas, at.x + at.w * 0.24, at.y + at.h * 0.53, x, y, thick, inks.fill);
        tp_draw_line(canvas, x, y, at.x + at.w * 0.77, at.y + at.h * 0.3, thick, inks.fill);
    } else {
        tp_draw_frame(canvas, box, radius, fmax(1, mm(ui, 0.75)), inks.text);
    }
}

static void draw_picture(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    SDL_Rect at = node->rects_at[TP_RECT_PICTURE];
    tp_rgb white = colour(ui, TP_COLOUR_PICTURE);

    if (!node->path || at.w <= 0)
        return;
    /* Pictures are drawn for a white ground and keep it on any other. */
    if (node->kind == TP_KIND_CHOICE && tp_node_inks(ui, node).fill != white) {
        int pad = (int)mm(ui, 1.5);

        tp_draw_round(canvas, tp_box_of(at), mm(ui, 2.5), white);
        at = (SDL_Rect){at.x + pad, at.y + pad, at.w - 2 * pad, at.h - 2 * pad};
    }
    (void)tp_image_draw(ui->options.images, canvas, node->path, at, NULL);
}

static void draw_caret(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    const struct tp_piece *piece = &node->pieces[0];
    double capital = mm(ui, piece->capital_mm), thick = fmax(2, mm(ui, 1.0));
    int line = node->caret_at.height, x = node->caret_at.x;
    int y = piece->at.y + node->caret_at.y - node->scroll * line;

    if (!node->editing || !piece->layout)
        return;
    x += piece->at.x + 1;
    if (x + thick > node->at.x + node->at.w)
        x = node->at.x + node->at.w - (int)thick - 2;
    tp_fill(canvas,
            &(SDL_Rect){x, y + (int)((line - capital * 1.9) / 2), (int)thick, (int)(capital * 1.9)},
            colour(ui, TP_COLOUR_INK));
}

static void draw_progress(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    struct tp_box box = tp_box_of(node->at), done = box;
    double share = node->page->progress;

    tp_draw_round(canvas, box, box.h / 2, colour(ui, TP_COLOUR_TRACK));
    done.w *= share > 1 ? 1 : share;
    if (ui->rtl)
        done.x += box.w - done.w;
    if (share > 0)
        tp_draw_round(canvas, done, box.h / 2, colour(ui, TP_COLOUR_KEY));
}

static double radius_of(const struct tp_ui *ui, const struct tp_node *node)
{
    bool roomy = node->kind == TP_KIND_PANEL || node->kind == TP_KIND_PICTURE ||
                 node->kind == TP_KIND_PROBLEM;
    double radius = tp_lengths_of(&ui->options.screen, 0).radius;

    return roomy ? radius * 1.6 : radius;
}

static void draw_box(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    struct tp_inks inks = tp_node_inks(ui, node);

    if (inks.has_box)
        tp_draw_card(canvas, tp_box_of(node->at), radius_of(ui, node), inks.border, inks.fill,
                     inks.line);
    /* A disabled answer differs by more than its colour: its border is quiet, its mark is gone. */
}

static void draw_icon(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    struct tp_box box = tp_box_of(node->at);
    tp_rgb ink = colour(ui, TP_COLOUR_KEY);

    if (node->filled) {
        tp_draw_circle(canvas, box.x + box.w / 2, box.y + box.h / 2, box.w / 2, ink);
        ink = colour(ui, TP_COLOUR_ON_KEY);
    }
    draw_sign(ui, canvas, node->icon, node->rects_at[TP_RECT_ICON], ink);
}

/* A ring with a cross through it, or the dot of a touch. */
static void draw_pin(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    struct tp_box box = tp_box_of(node->at);
    double cx = box.x + box.w / 2, cy = box.y + box.h / 2, r = box.w / 2;
    double thick = fmax(1, mm(ui, 0.7));
    tp_rgb ink = colour(ui, TP_COLOUR_INK);

    if (node->filled) {
        tp_draw_circle(canvas, cx, cy, r, colour(ui, TP_COLOUR_KEY));
        return;
    }
    tp_draw_ring(canvas, cx, cy, r * 0.7, thick, ink);
    tp_draw_line(canvas, cx - r, cy, cx + r, cy, thick, ink);
    tp_draw_line(canvas, cx, cy - r, cx, cy + r, thick, ink);
}

static void draw_node(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    struct tp_inks inks = tp_node_inks(ui, node);
    SDL_Rect mark = node->rects_at[TP_RECT_MARK];

    switch (node->kind) {
    case TP_KIND_PROGRESS:
        draw_progress(ui, canvas, node);
        return;
    case TP_KIND_ALARM:
        tp_fill(canvas, &mark, colour(ui, TP_COLOUR_ALARM));
        return;
    case TP_KIND_ICON:
        draw_icon(ui, canvas, node);
        return;
    case TP_KIND_PIN:
        draw_pin(ui, canvas, node);
        return;
    default:
        break;
    }
    draw_box(ui, canvas, node);
    draw_picture(ui, canvas, node);
    if (mark.w > 0 && node->mark == TP_MARK_RADIO)
        draw_radio(ui, canvas, mark, node->chosen, inks);
    if (mark.w > 0 && node->mark == TP_MARK_CHECKBOX)
        draw_checkbox(ui, canvas, mark, node->chosen, inks);
    draw_sign(ui, canvas, node->icon, node->rects_at[TP_RECT_ICON],
              node->kind == TP_KIND_PROBLEM ? colour(ui, TP_COLOUR_ALARM) : inks.text);
    draw_sign(ui, canvas, node->after, node->rects_at[TP_RECT_AFTER], inks.text);
    draw_pieces(ui, canvas, node);
    if (node->kind == TP_KIND_FIELD)
        draw_caret(ui, canvas, node);
}

/* Yellow inside ink, around the node, parted from it by a thin line of ink. */
static void draw_focus(struct tp_ui *ui, SDL_Surface *canvas, const struct tp_node *node)
{
    struct tp_lengths lengths = tp_lengths_of(&ui->options.screen, 0);
    double radius = radius_of(ui, node), inner = lengths.focus_edge / 2;
    double both = inner + lengths.focus + lengths.focus_edge;

    tp_draw_frame(canvas, tp_box_grow(tp_box_of(node->at), both), radius + both,
                  lengths.focus_edge + 1, colour(ui, TP_COLOUR_FOCUS_EDGE));
    tp_draw_frame(canvas, tp_box_grow(tp_box_of(node->at), inner), radius + inner, inner + 1,
                  colour(ui, TP_COLOUR_FOCUS_EDGE));
    tp_draw_frame(canvas, tp_box_grow(tp_box_of(node->at), inner + lengths.focus),
                  radius + inner + lengths.focus, lengths.focus, colour(ui, TP_COLOUR_FOCUS));
}

/* ---- the page ---- */

/* How far a node's ring reaches beyond its box. */
static int reach(const struct tp_ui *ui)
{
    struct tp_lengths lengths = tp_lengths_of(&ui->options.screen, 0);

    return (int)ceil(lengths.focus + 1.5 * lengths.focus_edge) + 1;
}

static void draw_roots(struct tp_ui *ui, SDL_Surface *canvas)
{
    struct tp_node *roots[TP_PAGE_ROOTS];
    const struct tp_node *focused = NULL;
    int out = reach(ui);

    tp_page_roots(ui->page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (const struct tp_node *node = roots[i]; node; node = tp_node_after(roots[i], node)) {
            SDL_Rect area = {node->at.x - out, node->at.y - out, node->at.w + 2 * out,
                             node->at.h + 2 * out};

            if (!node->shown || !SDL_HasIntersection(&area, &canvas->clip_rect))
                continue;
            draw_node(ui, canvas, node);
            if (node->target && node->target == ui->focus && (ui->focus_shows || ui->focus_always))
                focused = node;
        }
    if (focused)
        draw_focus(ui, canvas, tp_ui_ringed(ui, focused));
}

static void draw_area(struct tp_ui *ui, SDL_Surface *canvas, const SDL_Rect *area)
{
    (void)SDL_SetClipRect(canvas, area);
    tp_fill(canvas, NULL, colour(ui, TP_COLOUR_GROUND));
    if (ui->page && ui->page->bar->shown && ui->page->bar->at.h > 0) {
        SDL_Rect bar = ui->page->bar->at;

        tp_fill(canvas, &bar, colour(ui, TP_COLOUR_SOFT));
        if (colour(ui, TP_COLOUR_BAR_LINE) != colour(ui, TP_COLOUR_SOFT)) {
            bar.h = (int)lround(fmax(1, mm(ui, 0.5)));
            tp_fill(canvas, &bar, colour(ui, TP_COLOUR_BAR_LINE));
        }
    }
    if (ui->page)
        draw_roots(ui, canvas);
    (void)SDL_SetClipRect(canvas, NULL);
}

void tp_ui_mark_dirty(struct tp_ui *ui, const struct tp_node *node)
{
    int out = reach(ui);

    if (!node || !node->shown || ui->all_dirty)
        return;
    if (ui->dirty_count == TP_UI_DIRTY_MAX) {
        ui->all_dirty = true;
        return;
    }
    ui->dirty[ui->dirty_count++] =
        (SDL_Rect){node->at.x - out, node->at.y - out, node->at.w + 2 * out, node->at.h + 2 * out};
}

void tp_ui_draw(struct tp_ui *ui, SDL_Surface *canvas, SDL_Rect rects[TP_UI_DIRTY_MAX], int *count)
{
    SDL_Rect whole = {0, 0, canvas->w, canvas->h};

    *count = 0;
    if (ui->all_dirty) {
        draw_area(ui, canvas, &whole);
        rects[(*count)++] = whole;
    }
    for (int i = 0; i < ui->dirty_count && !ui->all_dirty; i++) {
        SDL_Rect area;

        if (!SDL_IntersectRect(&ui->dirty[i], &whole, &area))
            continue;
        draw_area(ui, canvas, &area);
        rects[(*count)++] = area;
    }
    ui->all_dirty = false;
    ui->dirty_count = 0;
}
