/* See page.h: a button: its sign, its words, what stands after them. */
#include <math.h>
#include <stdio.h>

#include "kiosk/ui/leaf.h"

/* The words of a large button. */
#define LARGE_GROW 1.5

/* Between an icon and its words, in capitals. */
#define ICON_SPACE 0.9
/* In the bar, whose icons fill more of their square than a chevron does. */
#define BAR_ICON_SPACE 0.6
/* How much higher Arabic stands in a low button, in capitals. */
#define RAISED 0.15

struct tp_node *tp_ui_button(struct tp_node *parent, const struct tp_button *button)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_BUTTON, button->id);

    if (!node)
        return NULL;
    tp_node_words(node, 0, button->kind == TP_BUTTON_PLAIN ? TP_STYLE_BODY : TP_STYLE_BUTTON,
                  button->label);
    tp_node_act(node, button->action, button->spoken);
    node->button = button->kind;
    node->icon = button->icon;
    node->after = button->after;
    node->chosen = button->chosen;
    node->disabled = button->disabled;
    node->large = button->large;
    if (button->large)
        node->pieces[0].grow = LARGE_GROW;
    node->wide = button->wide;
    return node;
}

struct tp_node *tp_button_add(struct tp_node *node, const char *which, struct tp_button button)
{
    char id[512];

    (void)snprintf(id, sizeof(id), "%s:%s", node->id, which);
    button.id = id;
    return tp_ui_button(node, &button);
}

void tp_step_add(struct tp_node *node, const char *which, const char *spoken, enum tp_icon icon,
                 bool at_end, struct tp_action action)
{
    struct tp_node *button = tp_button_add(node, which,
                                           (struct tp_button){.label = tp_words(""),
                                                              .spoken = spoken,
                                                              .icon = icon,
                                                              .disabled = at_end,
                                                              .action = action});

    if (button)
        button->answer = true;
}

static double button_capital(const struct tp_arranger *arranger, const struct tp_node *node,
                             double most_mm)
{
    double capital = tp_capital_of(arranger, &node->pieces[0]);

    return most_mm > 0 ? fmin(capital, most_mm) : capital;
}

static int icon_space(const struct tp_arranger *arranger, const struct tp_node *node,
                      double capital_mm)
{
    return tp_px(arranger, capital_mm * (node->bar ? BAR_ICON_SPACE : ICON_SPACE));
}

int tp_button_content_width(struct tp_arranger *arranger, struct tp_node *node, double capital_mm)
{
    int icon = tp_icon_side(arranger, capital_mm), space = icon_space(arranger, node, capital_mm);
    int words = node->plain ? 0 : tp_line_width(arranger, &node->pieces[0], capital_mm);

    if (node->bare)
        return words;
    return words + (node->icon ? icon + (words ? space : 0) : 0) + (node->after ? icon + space : 0);
}

/* Icon over words: for the bar where the words need the width. */
static void stack_content(struct tp_arranger *arranger, struct tp_node *node, double capital)
{
    int icon = tp_px(arranger, capital * TP_ICON_ABOVE),
        seen = tp_px(arranger, capital * TP_ICON_WORDS), inset = tp_bar_inset(arranger);

    /* What fits on one line may come nearer to the edges. */
    if (tp_line_width(arranger, &node->pieces[0], capital) > node->box.w - 2 * inset)
        inset /= 2;
    int words = tp_lay(arranger, &node->pieces[0], node->box.x + inset, 0, node->box.w - 2 * inset,
                       capital);
    int line = node->pieces[0].layout ? tp_text_line_height(node->pieces[0].layout) : 0;
    int more = words - line, top = node->box.y + (node->box.h - icon - seen - more) / 2;
    /* What shows of a line is a capital and a little below it; above that is leading. */
    int line_top =
        top + icon + seen - tp_px(arranger, capital * 0.3) - (line + tp_px(arranger, capital)) / 2;

    node->rects[TP_RECT_ICON] = (SDL_Rect){node->box.x + (node->box.w - icon) / 2, top, icon, icon};
    node->pieces[0].box.y = line_top;
}

/* Words of several lines are narrower than what they were given: they stand in the middle, the
 * signs beside them. */
static void gather(struct tp_node *node, int given)
{
    struct tp_piece *piece = &node->pieces[0];
    int spare = piece->layout ? given - tp_text_width(piece->layout) : 0;

    if (spare <= 0 || tp_text_lines(piece->layout) < 2)
        return;
    piece->box.x += spare / 2;
    piece->box.w -= spare;
    node->rects[TP_RECT_ICON].x += spare / 2;
    node->rects[TP_RECT_AFTER].x -= spare / 2;
}

/* Arabic reaches further below its line than others: in a low button its words stand higher. */
static void raise_words(const struct tp_arranger *arranger, struct tp_node *node, double capital)
{
    struct tp_piece *piece = &node->pieces[0];
    int spare = (node->box.h - piece->box.h) / 2, up = tp_px(arranger, capital * RAISED);

    piece->box.y -= up < spare ? up : spare > 0 ? spare : 0;
}

void tp_arrange_button_content(struct tp_arranger *arranger, struct tp_node *node, double most_mm)
{
    double capital = button_capital(arranger, node, most_mm);
    int icon = tp_icon_side(arranger, capital), space = icon_space(arranger, node, capital);
    bool as_answer = node->button == TP_BUTTON_PLAIN && node->wide && !node->bar;
    int content = tp_button_content_width(arranger, node, capital);
    int pad = as_answer   ? arranger->lengths.pad_x
              : node->bar ? tp_bar_inset(arranger)
                          : arranger->lengths.pad_x / 2;
    int room, at;

    /* What fits on one line may come nearer to the edges. */
    if (!as_answer && !node->bar && content <= node->box.w - arranger->lengths.pad_x / 2)
        pad = arranger->lengths.pad_x / 4;
    room = node->box.w - 2 * pad;

    for (size_t i = 0; i < TP_NODE_RECTS; i++)
        node->rects[i] = (SDL_Rect){0};
    if (node->icon_above) {
        stack_content(arranger, node, capital);
        return;
    }
    content = content > room ? room : content;
    at = node->box.x + (as_answer ? pad : (node->box.w - content) / 2);
    int end = at + content, top = node->box.y + (node->box.h - icon) / 2;

    if (node->icon && !node->bare) {
        node->rects[TP_RECT_ICON] = (SDL_Rect){at, top, icon, icon};
        at += icon + space;
    }
    if (node->after && !node->bare) {
        end -= icon;
        node->rects[TP_RECT_AFTER] = (SDL_Rect){end, top, icon, icon};
        end -= space;
    }
    if (as_answer)
        end = node->box.x + node->box.w - pad - (node->after ? icon + space : 0);
    if (as_answer && node->after)
        node->rects[TP_RECT_AFTER].x = node->box.x + node->box.w - pad - icon;
    if (node->plain) {
        tp_text_free(node->pieces[0].layout);
        node->pieces[0].layout = NULL;
        return;
    }
    (void)tp_lay(arranger, &node->pieces[0], at, 0, end - at > 0 ? end - at : 1, capital);
    tp_centre_piece(&node->pieces[0], node->box.y, node->box.h);
    if (arranger->ui->rtl && node->place != TP_PLACE_BAR && node->box.h < arranger->lengths.action)
        raise_words(arranger, node, capital);
    if (!as_answer)
        gather(node, end - at);
}

static int button_height(const struct tp_arranger *arranger, const struct tp_node *node)
{
    const struct tp_lengths *lengths = &arranger->lengths;

    if (node->parent->kind == TP_KIND_SUMMARY)
        return lengths->change;
    if (node->large)
        return lengths->action * 5 / 3;
    return node->button == TP_BUTTON_PLAIN ? lengths->answer : lengths->action;
}

int tp_natural_button(struct tp_arranger *arranger, struct tp_node *node)
{
    double capital = button_capital(arranger, node, 0);
    int content = tp_button_content_width(arranger, node, capital);
    int pad = node->large ? tp_px(arranger, capital * 3.5) : tp_px(arranger, capital * 1.8);
    int least = button_height(arranger, node);

    return content + 2 * pad > least ? content + 2 * pad : least;
}

static int arrange_button(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    bool fills = node->wide || node->parent->wide;
    int natural = fills ? width : tp_natural_button(arranger, node);
    int height = button_height(arranger, node);

    natural = natural > width ? width : natural;
    node->box = (SDL_Rect){node->centred ? x + (width - natural) / 2 : x, y, natural, height};
    tp_arrange_button_content(arranger, node, 0);
    /* Words that need more lines make the button taller. */
    if (node->pieces[0].box.h + arranger->lengths.pad_y > height) {
        node->box.h = node->pieces[0].box.h + arranger->lengths.pad_y;
        tp_arrange_button_content(arranger, node, 0);
    }
    return node->box.h;
}

const struct tp_leaf tp_leaf_button = {arrange_button, tp_natural_button};
