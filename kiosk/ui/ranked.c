/* See page.h: one thing of a list that is put in order, with buttons that move it or take it out.
 */
#include "kiosk/ui/leaf.h"

/* Buttons stand below the words where those would have less than this, in millimetres at the
 * default size. */
#define WORDS_LEAST_MM 60

struct tp_node *tp_ui_ranked(struct tp_node *parent, const struct tp_ranked *ranked)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_RANKED, ranked->id);

    if (!node)
        return NULL;
    tp_node_words(node, 0, TP_STYLE_BODY, ranked->label);
    tp_node_words(node, 1, TP_STYLE_SUBHEAD, tp_words(ranked->place));
    node->pieces[1].align = TP_ALIGN_CENTRE;
    node->spoken = tp_page_text(node->page, ranked->spoken);
    node->path = tp_page_text(node->page, ranked->picture);
    node->alt = tp_page_text(node->page, ranked->picture_alt);
    tp_step_add(node, "up", ranked->up, TP_ICON_UP, ranked->first, ranked->up_action);
    tp_step_add(node, "down", ranked->down, TP_ICON_DOWN, ranked->last, ranked->down_action);
    if (ranked->out)
        tp_step_add(node, "out", ranked->out, TP_ICON_CROSS, false, ranked->out_action);
    return node;
}

/* The room for the place: the same for one figure and two, so that the words of a list begin at one
 * line. */
static int place_width(struct tp_arranger *arranger, const struct tp_node *node)
{
    return tp_px(arranger, tp_capital_of(arranger, &node->pieces[1]) * 2.2);
}

static int buttons_of(const struct tp_node *node)
{
    int count = 0;

    for (const struct tp_node *button = node->first; button; button = button->next)
        count++;
    return count;
}

static int arrange_ranked(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int count = buttons_of(node), side = lengths->action, gap = lengths->gap,
        space = lengths->pad_x * 3 / 4;
    int place = place_width(arranger, node), picture = node->path ? tp_answer_picture(arranger) : 0;
    int before = lengths->pad_x + place + space + (picture ? picture + space : 0);
    int steps = count * (side + gap) - gap, words = width - before - 2 * lengths->pad_x - steps,
        height, tall;
    bool below = words < tp_grown(arranger, WORDS_LEAST_MM);

    words += below ? lengths->pad_x + steps : 0;
    tall = tp_lay(arranger, &node->pieces[0], x + before, y, words, 0);
    tall = picture > tall ? picture : tall;
    height = (below || tall > side ? tall : side) + 2 * lengths->pad_y;
    (void)tp_lay(arranger, &node->pieces[1], x + lengths->pad_x, y, place, 0);
    tp_centre_piece(&node->pieces[0], y, height);
    tp_centre_piece(&node->pieces[1], y, height);
    node->rects[TP_RECT_PICTURE] = (SDL_Rect){x + lengths->pad_x + place + space,
                                              y + (height - picture) / 2, picture, picture};
    int at = x + width - lengths->pad_x - steps;
    int top = below ? y + height : y + (height - side) / 2;

    for (struct tp_node *button = node->first; button; button = button->next) {
        (void)tp_arrange(arranger, button, at, top, side);
        at += side + gap;
    }
    return height + (below ? side + lengths->pad_y : 0);
}

const struct tp_leaf tp_leaf_ranked = {arrange_ranked, NULL};
