/* See ui.h. */
#include "kiosk/ui/ui.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/ui/parts.h"

struct tp_ui *tp_ui_create(const struct tp_ui_options *options)
{
    struct tp_ui *ui = tp_calloc(1, sizeof(*ui));

    if (!ui)
        return NULL;
    ui->options = *options;
    ui->look = tp_look_default();
    (void)snprintf(ui->tag, sizeof(ui->tag), "en");
    return ui;
}

void tp_ui_destroy(struct tp_ui *ui)
{
    if (!ui)
        return;
    tp_page_destroy(ui->page);
    tp_page_destroy(ui->building);
    tp_free(ui);
}

void tp_ui_set_screen(struct tp_ui *ui, struct tp_screen screen)
{
    ui->options.screen = screen;
    ui->all_dirty = true;
}

void tp_ui_set_look(struct tp_ui *ui, struct tp_look look)
{
    ui->look = look;
    ui->all_dirty = true;
}

struct tp_look tp_ui_look(const struct tp_ui *ui)
{
    return ui->look;
}

void tp_ui_set_language(struct tp_ui *ui, const char *tag)
{
    (void)snprintf(ui->tag, sizeof(ui->tag), "%s", tag);
    ui->rtl = tp_tag_is_rtl(tag);
    ui->all_dirty = true;
}

void tp_ui_forget(struct tp_ui *ui)
{
    tp_page_destroy(ui->page);
    tp_page_destroy(ui->building);
    ui->page = ui->building = NULL;
    ui->part = 0;
    ui->focus = ui->pressed = 0;
    ui->focus_shows = false;
    ui->reach = TP_REACH_ALL;
    ui->all_dirty = true;
}

unsigned tp_ui_page_serial(const struct tp_ui *ui)
{
    return ui->serial;
}

bool tp_ui_is_dirty(const struct tp_ui *ui)
{
    return ui->all_dirty || ui->dirty_count > 0;
}

void tp_ui_redraw_all(struct tp_ui *ui)
{
    ui->all_dirty = true;
}

void tp_page_roots(const struct tp_page *page, struct tp_node *roots[TP_PAGE_ROOTS])
{
    roots[0] = page->header;
    roots[1] = page->body;
    roots[2] = page->dock;
    roots[3] = page->actions;
    roots[4] = page->bar;
}

/* ---- building ---- */

struct tp_page *tp_ui_begin(struct tp_ui *ui, const struct tp_page_spec *spec)
{
    tp_page_destroy(ui->building);
    ui->building = tp_page_create(ui, spec);
    return ui->building;
}

/* The buttons that turn a long page; they show only where there is something to turn to. */
static void add_turning(struct tp_page *page)
{
    page->up_node = tp_ui_button(
        page->actions,
        &(struct tp_button){.id = "page:up", .label = tp_words(page->earlier), .icon = TP_ICON_UP});
    page->more_node = tp_ui_button(page->actions, &(struct tp_button){.id = "page:more",
                                                                      .label = tp_words(page->more),
                                                                      .spoken = page->more,
                                                                      .after = TP_ICON_DOWN});
}

/* Two nodes of one id would be pressed and focused together: the later ones get a number. */
static void part_twins(struct tp_page *page)
{
    struct tp_node *roots[TP_PAGE_ROOTS];
    uint32_t *seen = tp_calloc(page->node_count, sizeof(*seen));
    size_t count = 0;

    if (!seen) {
        page->failed = true;
        return;
    }
    tp_page_roots(page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (struct tp_node *node = roots[i]; node;
             node = (struct tp_node *)tp_node_after(roots[i], node)) {
            if (!node->target)
                continue;
            for (size_t k = 0; k < count; k++)
                if (seen[k] == node->target) {
                    node->target = node->target * 31 + 1;
                    node->target += node->target == 0;
                    k = (size_t)-1;
                }
            seen[count++] = node->target;
        }
    tp_free(seen);
}

bool tp_ui_end(struct tp_ui *ui, struct tp_error *error)
{
    struct tp_page *page = ui->building, *last = ui->page;
    bool same;

    if (!page)
        return tp_fail(error, TP_ERR_MISUSE, "no page was begun, or there was no memory for it");
    ui->building = NULL;
    if (!page->failed)
        add_turning(page);
    if (!page->failed)
        part_twins(page);
    if (page->failed || !tp_parts_make(ui, page)) {
        bool large = page->node_count >= TP_UI_NODES_MAX || page->bytes >= TP_PAGE_BYTES_MAX / 2;

        tp_page_destroy(page);
        return large ? tp_fail(error, TP_ERR_LIMIT, "the page is too large: %u nodes at most",
                               TP_UI_NODES_MAX)
                     : tp_fail_memory(error);
    }
    same = last && strcmp(last->id, page->id) == 0;
    ui->page = page;
    tp_page_destroy(last);
    if (!same) {
        ui->serial++;
        ui->part = page->dock_first && page->parts->dock_apart ? page->parts->count - 1 : 0;
        ui->focus = 0;
        ui->pressed = 0;
        ui->reach = TP_REACH_ALL;
    }
    if (ui->part >= page->parts->count)
        ui->part = page->parts->count - 1;
    tp_parts_show(ui, page, ui->part);
    ui->all_dirty = true;
    return true;
}

/* ---- targets ---- */

struct tp_node *tp_ui_node_of(const struct tp_ui *ui, uint32_t target)
{
    struct tp_node *roots[TP_PAGE_ROOTS];

    if (!ui->page || !target)
        return NULL;
    tp_page_roots(ui->page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (struct tp_node *node = roots[i]; node;
             node = (struct tp_node *)tp_node_after(roots[i], node))
            if (node->target == target)
                return node;
    return NULL;
}

uint32_t tp_ui_target_at(void *context, int x, int y)
{
    const struct tp_ui *ui = context;
    struct tp_node *roots[TP_PAGE_ROOTS];
    SDL_Point point = {x, y};

    if (!ui->page)
        return 0;
    tp_page_roots(ui->page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (const struct tp_node *node = roots[i]; node; node = tp_node_after(roots[i], node))
            if (node->shown && tp_node_is_live(node) && SDL_PointInRect(&point, &node->at))
                return node->target;
    return 0;
}

uint32_t tp_ui_target_of(const struct tp_ui *ui, const char *id)
{
    struct tp_node *roots[TP_PAGE_ROOTS];

    if (!ui->page)
        return 0;
    tp_page_roots(ui->page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (const struct tp_node *node = roots[i]; node; node = tp_node_after(roots[i], node))
            if (node->target && strcmp(node->id, id) == 0)
                return node->target;
    return 0;
}

bool tp_ui_action_of(const struct tp_ui *ui, uint32_t target, struct tp_action *action)
{
    const struct tp_node *node = tp_ui_node_of(ui, target);

    if (!node || !tp_node_is_live(node) || !node->action.id)
        return false;
    *action = node->action;
    return true;
}

bool tp_ui_centre_of(const struct tp_ui *ui, uint32_t target, int *x, int *y)
{
    const struct tp_node *node = tp_ui_node_of(ui, target);

    if (!node || !node->shown)
        return false;
    *x = node->at.x + node->at.w / 2;
    *y = node->at.y + node->at.h / 2;
    return true;
}

bool tp_ui_shrunk(const struct tp_ui *ui)
{
    return ui->page && ui->page->shrunk;
}

/* ---- parts ---- */

size_t tp_ui_parts(const struct tp_ui *ui)
{
    return ui->page ? ui->page->parts->count : 0;
}

size_t tp_ui_part(const struct tp_ui *ui)
{
    return ui->part;
}

void tp_ui_show_part(struct tp_ui *ui, size_t part)
{
    if (!ui->page || part >= ui->page->parts->count || part == ui->part)
        return;
    ui->part = part;
    ui->pressed = 0;
    ui->serial++;
    tp_parts_show(ui, ui->page, part);
    ui->all_dirty = true;
}

/* ---- intents ---- */

static void set_pressed(struct tp_ui *ui, uint32_t target)
{
    tp_ui_mark_dirty(ui, tp_ui_node_of(ui, ui->pressed));
    ui->pressed = target;
    tp_ui_mark_dirty(ui, tp_ui_node_of(ui, target));
}

static void show_focus(struct tp_ui *ui, bool shows)
{
    if (ui->focus_shows != shows)
        tp_ui_mark_dirty(ui, tp_ui_node_of(ui, ui->focus));
    ui->focus_shows = shows;
}

/* Turns the part, or tells what the app has to do. */
static bool activate(struct tp_ui *ui, uint32_t target, struct tp_action *action)
{
    struct tp_page *page = ui->page;
    const struct tp_node *node = tp_ui_node_of(ui, target);

    if (!node || !node->shown || !tp_node_is_live(node))
        return false;
    if (node == page->more_node || node == page->up_node) {
        tp_ui_show_part(ui, node == page->more_node ? ui->part + 1 : ui->part - 1);
        /* By keys, go on with what has just come into sight. */
        ui->focus = 0;
        if (ui->focus_shows)
            tp_ui_focus_next(ui);
        return false;
    }
    return tp_ui_action_of(ui, target, action);
}

static bool touched(struct tp_ui *ui, const struct tp_intent *intent, struct tp_action *action)
{
    switch (intent->kind) {
    case TP_INTENT_PRESS:
        show_focus(ui, false);
        set_pressed(ui, intent->target);
        return false;
    case TP_INTENT_CANCEL:
        set_pressed(ui, 0);
        return false;
    default:
        set_pressed(ui, 0);
        tp_ui_focus(ui, intent->target);
        return activate(ui, intent->target, action);
    }
}

bool tp_ui_handle(struct tp_ui *ui, const struct tp_intent *intent, struct tp_action *action)
{
    if (!ui->page)
        return false;
    if (intent->by_key && intent->kind != TP_INTENT_TEXT)
        show_focus(ui, true);
    switch (intent->kind) {
    case TP_INTENT_PRESS:
    case TP_INTENT_CANCEL:
    case TP_INTENT_ACTIVATE:
        return touched(ui, intent, action);
    case TP_INTENT_NEXT:
        tp_ui_focus_next(ui);
        return false;
    case TP_INTENT_PREVIOUS:
        tp_ui_focus_previous(ui);
        return false;
    case TP_INTENT_UP:
        tp_ui_focus_move(ui, 0, -1);
        return false;
    case TP_INTENT_DOWN:
        tp_ui_focus_move(ui, 0, 1);
        return false;
    case TP_INTENT_LEFT:
        tp_ui_focus_move(ui, -1, 0);
        return false;
    case TP_INTENT_RIGHT:
        tp_ui_focus_move(ui, 1, 0);
        return false;
    case TP_INTENT_SELECT:
        return ui->focus && activate(ui, ui->focus, action);
    case TP_INTENT_BACK:
        return ui->page->back && activate(ui, ui->page->back->target, action);
    case TP_INTENT_REDRAW:
        ui->all_dirty = true;
        return false;
    default:
        return false;
    }
}
