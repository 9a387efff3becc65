/* See ui.h: looking at a page that is laid out. */

#include "kiosk/ui/state.h"

static const char *const kind_names[TP_KIND_COUNT] = {
    [TP_KIND_COLUMN] = "column",   [TP_KIND_ROW] = "row",           [TP_KIND_GRID] = "grid",
    [TP_KIND_FLOW] = "flow",       [TP_KIND_PANEL] = "panel",       [TP_KIND_ALARM] = "alarm",
    [TP_KIND_TEXT] = "text",       [TP_KIND_PICTURE] = "picture",   [TP_KIND_ICON] = "icon",
    [TP_KIND_CHOICE] = "choice",   [TP_KIND_BUTTON] = "button",     [TP_KIND_SAMPLE] = "sample",
    [TP_KIND_FIELD] = "field",     [TP_KIND_KEYBOARD] = "keyboard", [TP_KIND_KEY_ROW] = "key row",
    [TP_KIND_KEY] = "key",         [TP_KIND_PROBLEM] = "problem",   [TP_KIND_SUMMARY] = "summary",
    [TP_KIND_STEPPER] = "stepper", [TP_KIND_PROGRESS] = "progress", [TP_KIND_RANKED] = "ranked",
    [TP_KIND_PIN] = "pin",
};

const char *tp_kind_name(enum tp_kind kind)
{
    return kind >= 0 && kind < TP_KIND_COUNT ? kind_names[kind] : "none";
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void see_text(const struct tp_ui *ui, const struct tp_node *node, size_t index,
                     struct tp_seen *seen)
{
    const struct tp_piece *piece = &node->pieces[index];
    struct tp_seen_text *text = &seen->texts[seen->text_count];
    struct tp_text_line line;

    if (!piece->layout)
        return;
    *text = (struct tp_seen_text){
        .text = piece->text,
        .style = piece->style,
        .align = piece->align,
        .box = piece->at,
        .width = tp_text_width(piece->layout),
        .capital_mm = piece->capital_mm,
        .first_line = piece->first_line,
        .lines = piece->line_count,
        .all_lines = tp_text_lines(piece->layout),
        .split_word = tp_text_split_word(piece->layout),
        .fitted = piece->fitted,
        .truncated = tp_text_truncated(piece->layout),
        .rtl = tp_text_is_rtl(piece->layout),
        .fore = tp_piece_ink(ui, node, index),
        .back = tp_node_inks(ui, node).under,
    };
    for (size_t i = 0; i < piece->line_count; i++)
        if (tp_text_line_at(piece->layout, piece->first_line + i, &line) &&
            line.characters > text->characters)
            text->characters = line.characters;
    seen->text_count++;
}

/* What is said for a node: its own spoken words, else its label, else its picture's words. */
static const char *spoken_of(const struct tp_node *node)
{
    if (node->spoken && node->spoken[0])
        return node->spoken;
    if (node->pieces[0].text && node->pieces[0].text[0])
        return node->pieces[0].text;
    return or_empty(node->alt);
}

static struct tp_seen see(const struct tp_ui *ui, const struct tp_node *node, int depth)
{
    const struct tp_screen *screen = &ui->options.screen;
    struct tp_inks inks = tp_node_inks(ui, node);
    struct tp_seen seen = {
        .id = node->id,
        .target = tp_node_is_live(node) ? node->target : 0,
        .kind = node->kind,
        .place = node->place,
        .box = node->at,
        .x_mm = tp_px_to_mm(screen, node->at.x),
        .y_mm = tp_px_to_mm(screen, node->at.y),
        .width_mm = tp_px_to_mm(screen, node->at.w),
        .height_mm = tp_px_to_mm(screen, node->at.h),
        .label = or_empty(node->pieces[0].text),
        .spoken = spoken_of(node),
        .alt = or_empty(node->alt),
        .clip = node->clip,
        .marked = node->mark != TP_MARK_NONE || node->kind == TP_KIND_SAMPLE,
        .authored = node->authored,
        .touchable = node->target != 0,
        .enabled = !node->disabled,
        .chosen = node->chosen,
        .focused = node->target && node->target == ui->focus,
        .pressed = node->target && node->target == ui->pressed,
        .answer = node->answer,
        .scale = node->parent && node->parent->scale ? node->parent->id : NULL,
        .icon = node->icon,
        .mark = node->mark != TP_MARK_NONE ? node->rects_at[TP_RECT_MARK] : (SDL_Rect){0},
        .picture = node->path ? node->rects_at[TP_RECT_PICTURE] : (SDL_Rect){0},
        .sign = node->rects_at[TP_RECT_ICON],
        .fill = inks.fill,
        .line = inks.line,
        .depth = depth,
    };

    for (size_t i = 0; i < TP_NODE_TEXTS; i++)
        see_text(ui, node, i, &seen);
    return seen;
}

static int depth_of(const struct tp_node *node)
{
    int depth = 0;

    for (; node->parent; node = node->parent)
        depth++;
    return depth;
}

static void walk(const struct tp_ui *ui, bool all,
                 void (*visit)(void *context, const struct tp_seen *seen), void *context)
{
    struct tp_node *roots[TP_PAGE_ROOTS];

    if (!ui->page)
        return;
    tp_page_roots(ui->page, roots);
    for (size_t i = 0; i < TP_PAGE_ROOTS; i++)
        for (const struct tp_node *node = roots[i]; node; node = tp_node_after(roots[i], node)) {
            struct tp_seen seen;

            if (node == roots[i] || node->hidden || (!all && !node->shown))
                continue;
            seen = see(ui, node, depth_of(node) - 1);
            /* The words of a problem are nodes of their own. */
            if (!all || (seen.spoken[0] && node->kind != TP_KIND_PROBLEM))
                visit(context, &seen);
        }
}

void tp_ui_walk(const struct tp_ui *ui, void (*visit)(void *context, const struct tp_seen *seen),
                void *context)
{
    walk(ui, false, visit, context);
}

void tp_ui_walk_spoken(const struct tp_ui *ui,
                       void (*visit)(void *context, const struct tp_seen *seen), void *context)
{
    walk(ui, true, visit, context);
}
