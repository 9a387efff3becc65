/* See page.h: "There is a problem". */
#include "kiosk/ui/leaf.h"

struct tp_node *tp_ui_problem(struct tp_node *parent, const struct tp_problem_box *problem)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_PROBLEM, problem->id);

    if (!node)
        return NULL;
    (void)tp_ui_text(node, TP_STYLE_SUBHEAD, problem->title);
    (void)tp_ui_text(node, TP_STYLE_BODY, problem->message);
    node->icon = TP_ICON_PROBLEM;
    if (problem->action.id)
        tp_node_act(node, problem->action, problem->message.text);
    return node;
}

static int arrange_problem(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    struct tp_node *title = node->first, *words = title ? title->next : NULL;
    int pad = arranger->lengths.panel_pad * 4 / 5;

    if (!words)
        return 0;
    int icon = tp_icon_side(arranger, tp_capital_of(arranger, &title->pieces[0]) * 1.7);
    int at = x + pad + icon + pad, room = width - 3 * pad - icon;
    int tall = tp_arrange(arranger, title, at, y + pad, room);
    int height = tall + tp_arrange(arranger, words, at, y + pad + tall, room) + 2 * pad;

    node->rects[TP_RECT_ICON] = (SDL_Rect){x + pad, y + (height - icon) / 2, icon, icon};
    return height;
}

const struct tp_leaf tp_leaf_problem = {arrange_problem, NULL};
