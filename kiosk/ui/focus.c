/* See ui.h: the focus, for keys, tactile keypads and switches. */
#include <stdlib.h>

#include "kiosk/ui/parts.h"

/* Twice the drift across counts as much as the way along: a column is left last. */
#define DRIFT 3

static bool is_key(const struct tp_node *node)
{
    return node && node->kind == TP_KIND_KEY;
}

/* A key of another row than the focus's, or not the first of a row that is taken as one. */
static bool is_out_of_reach(const struct tp_ui *ui, const struct tp_node *last,
                            const struct tp_node *node)
{
    const struct tp_node *focused;

    if (ui->reach == TP_REACH_ROWS)
        return is_key(node) && is_key(last) && last->parent == node->parent;
    if (ui->reach == TP_REACH_ALL)
        return false;
    focused = tp_ui_node_of(ui, ui->focus);
    return is_key(focused) && (!is_key(node) || node->parent != focused->parent);
}

static void add(const struct tp_ui *ui, struct tp_node **ring, size_t *count, struct tp_node *node)
{
    if (node && node->shown && tp_node_is_live(node) &&
        !is_out_of_reach(ui, *count ? ring[*count - 1] : NULL, node))
        ring[(*count)++] = node;
}

/* The shown nodes in the order of the ring; `ring` holds TP_UI_NODES_MAX. */
static size_t collect(const struct tp_ui *ui, struct tp_node **ring)
{
    struct tp_page *page = ui->page;
    struct tp_node *roots[] = {page->body, page->dock};
    size_t count = 0;

    for (size_t i = 0; i < 2; i++)
        for (struct tp_node *node = roots[i]; node;
             node = (struct tp_node *)tp_node_after(roots[i], node))
            add(ui, ring, &count, node);
    add(ui, ring, &count, page->up_node);
    add(ui, ring, &count, page->more_node);
    add(ui, ring, &count, page->primary);
    add(ui, ring, &count, page->extra);
    add(ui, ring, &count, page->back);
    for (struct tp_node *node = page->bar->first; node; node = node->next)
        add(ui, ring, &count, node);
    return count;
}

const struct tp_node *tp_ui_ringed(const struct tp_ui *ui, const struct tp_node *node)
{
    return is_key(node) && ui->reach == TP_REACH_ROWS ? node->parent : node;
}

static void mark_ring(struct tp_ui *ui)
{
    tp_ui_mark_dirty(ui, tp_ui_ringed(ui, tp_ui_node_of(ui, ui->focus)));
}

static void set_focus(struct tp_ui *ui, struct tp_node *node)
{
    mark_ring(ui);
    ui->focus = node ? node->target : 0;
    mark_ring(ui);
}

void tp_ui_set_reach(struct tp_ui *ui, enum tp_ui_reach reach)
{
    mark_ring(ui);
    ui->reach = reach;
    mark_ring(ui);
}

enum tp_ui_reach tp_ui_reach(const struct tp_ui *ui)
{
    return ui->reach;
}

bool tp_ui_focus_is_key(const struct tp_ui *ui)
{
    return is_key(tp_ui_node_of(ui, ui->focus));
}

bool tp_ui_focus_is_off_field(const struct tp_ui *ui)
{
    const struct tp_node *node = ui->focus_shows ? tp_ui_node_of(ui, ui->focus) : NULL;

    return node && node->kind != TP_KIND_FIELD;
}

bool tp_ui_focus_is_first(const struct tp_ui *ui)
{
    struct tp_node *ring[TP_UI_NODES_MAX];

    return ui->page && ui->focus && collect(ui, ring) > 0 && ring[0]->target == ui->focus;
}

static void step(struct tp_ui *ui, bool forward)
{
    struct tp_node *ring[TP_UI_NODES_MAX];
    size_t count, at;

    if (!ui->page)
        return;
    count = collect(ui, ring);
    if (!count)
        return;
    for (at = 0; at < count; at++)
        if (ring[at]->target == ui->focus)
            break;
    if (at == count)
        at = forward ? 0 : count - 1;
    else
        at = forward ? (at + 1) % count : (at + count - 1) % count;
    set_focus(ui, ring[at]);
}

void tp_ui_focus_next(struct tp_ui *ui)
{
    step(ui, true);
}

void tp_ui_focus_previous(struct tp_ui *ui)
{
    step(ui, false);
}

/* How far `to` is that way; negative where it is not that way at all. */
static long distance(const SDL_Rect *from, const SDL_Rect *to, int dx, int dy)
{
    long across = dx ? (to->y + to->h / 2) - (from->y + from->h / 2)
                     : (to->x + to->w / 2) - (from->x + from->w / 2);
    long along = dx > 0   ? to->x - (from->x + from->w)
                 : dx < 0 ? from->x - (to->x + to->w)
                 : dy > 0 ? to->y - (from->y + from->h)
                          : from->y - (to->y + to->h);
    long half = dx ? (from->h + to->h) / 2 : (from->w + to->w) / 2;

    across = labs(across);
    across = across > half ? across - half : 0;
    return along < 0 ? -1 : along + DRIFT * across;
}

void tp_ui_focus_move(struct tp_ui *ui, int dx, int dy)
{
    struct tp_node *ring[TP_UI_NODES_MAX], *best = NULL;
    const struct tp_node *from = tp_ui_node_of(ui, ui->focus);
    long nearest = 0;
    size_t count;

    if (!ui->page)
        return;
    if (!from || !from->shown) {
        step(ui, dx + dy > 0);
        return;
    }
    count = collect(ui, ring);
    for (size_t i = 0; i < count; i++) {
        long far = ring[i] == from ? -1 : distance(&from->at, &ring[i]->at, dx, dy);

        if (far >= 0 && (!best || far < nearest)) {
            best = ring[i];
            nearest = far;
        }
    }
    if (best)
        set_focus(ui, best);
}

void tp_ui_focus(struct tp_ui *ui, uint32_t target)
{
    struct tp_node *node = tp_ui_node_of(ui, target);

    if (node && !tp_node_is_live(node))
        node = NULL;
    if (node && !node->shown) {
        size_t part = tp_parts_of(ui->page, node);

        if (part != SIZE_MAX)
            tp_ui_show_part(ui, part);
    }
    set_focus(ui, node);
}

uint32_t tp_ui_focused(const struct tp_ui *ui)
{
    return ui->focus;
}

void tp_ui_set_focus_visible(struct tp_ui *ui, bool always)
{
    ui->focus_always = always;
    tp_ui_mark_dirty(ui, tp_ui_node_of(ui, ui->focus));
}

/* ---- what is wrong ---- */

static bool says_problem(const struct tp_node *node)
{
    return node->kind == TP_KIND_PROBLEM || node->kind == TP_KIND_ALARM;
}

/* The first place where the page says what is wrong, or with `beside` says it beside a question. */
static const struct tp_node *first_problem(const struct tp_ui *ui, bool beside)
{
    struct tp_node *const roots[] = {ui->page->body, ui->page->dock};

    for (size_t i = 0; i < 2; i++)
        for (const struct tp_node *node = roots[i]; node; node = tp_node_after(roots[i], node))
            if (says_problem(node) && (!beside || node->kind == TP_KIND_ALARM))
                return node;
    return NULL;
}

/* Does it stand on the part that shows, or some of it where it is on several? */
static bool is_seen(const struct tp_node *problem)
{
    for (const struct tp_node *node = problem; node; node = tp_node_after(problem, node))
        if (node->shown)
            return true;
    return false;
}

void tp_ui_show_problem(struct tp_ui *ui)
{
    const struct tp_node *problem = ui->page ? first_problem(ui, false) : NULL;
    const struct tp_node *beside = problem ? first_problem(ui, true) : NULL;
    size_t part = SIZE_MAX;

    if (!problem || is_seen(problem) || (beside && is_seen(beside)))
        return;
    for (const struct tp_node *node = problem; node && part == SIZE_MAX;
         node = tp_node_after(problem, node))
        part = tp_parts_of(ui->page, node);
    tp_ui_show_part(ui, part);
}

void tp_ui_focus_problem(struct tp_ui *ui)
{
    const struct tp_node *problem = ui->page ? first_problem(ui, true) : NULL;

    for (const struct tp_node *node = problem; node; node = tp_node_after(problem, node))
        if (tp_node_is_live(node)) {
            tp_ui_focus(ui, node->target);
            return;
        }
}
