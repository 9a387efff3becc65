/* See page.h: "There is a problem", with its sign or picture before the words. */
#include "kiosk/ui/leaf.h"

struct tp_node *tp_ui_problem(struct tp_node *parent, const struct tp_problem_box *problem)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_PROBLEM, problem->id);

    if (!node)
        return NULL;
    (void)tp_lead_add(node, problem->picture, problem->picture_alt);
    (void)tp_ui_text(node, TP_STYLE_SUBHEAD, problem->title);
    (void)tp_ui_text(node, TP_STYLE_BODY, problem->message);
    node->icon = problem->picture ? TP_ICON_NONE : TP_ICON_PROBLEM;
    if (problem->action.id)
        tp_node_act(node, problem->action, problem->message.text);
    return node;
}

static int arrange_problem(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    struct tp_node *lead = tp_lead_of(node), *title = lead ? lead->next : node->first;
    struct tp_node *words = title ? title->next : NULL;
    int pad = arranger->lengths.panel_pad * 4 / 5;

    if (!words)
        return 0;
    int sign = lead ? tp_lead_side(arranger)
                    : tp_icon_side(arranger, tp_capital_of(arranger, &title->pieces[0]) * 1.7);
    int at = x + pad + sign + pad, room = width - 3 * pad - sign;
    int first = tp_arrange(arranger, title, at, y, room);
    int tall = first + tp_arrange(arranger, words, at, y + first, room);
    int height = (tall > sign ? tall : sign) + 2 * pad;

    tp_move(title, 0, (height - tall) / 2);
    tp_move(words, 0, (height - tall) / 2);
    if (lead)
        tp_lead_arrange(arranger, lead, x + pad, y + (height - sign) / 2);
    else
        node->rects[TP_RECT_ICON] = (SDL_Rect){x + pad, y + (height - sign) / 2, sign, sign};
    return height;
}

const struct tp_leaf tp_leaf_problem = {arrange_problem, NULL};
