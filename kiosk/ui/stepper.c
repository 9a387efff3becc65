/* See page.h: a number by large steps. */
#include "kiosk/ui/leaf.h"

struct tp_node *tp_ui_stepper(struct tp_node *parent, const struct tp_stepper *stepper)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_STEPPER, stepper->id);

    if (!node)
        return NULL;
    tp_node_words(node, 0, TP_STYLE_SUBHEAD, stepper->value);
    node->pieces[0].align = TP_ALIGN_CENTRE;
    tp_step_add(node, "less", stepper->less, TP_ICON_MINUS, stepper->at_least,
                stepper->less_action);
    tp_step_add(node, "more", stepper->more, TP_ICON_PLUS, stepper->at_most, stepper->more_action);
    return node;
}

/* The room for a stepper's value: the same for short ones, so that the buttons stand still. */
static int stepper_value(struct tp_arranger *arranger, struct tp_node *node)
{
    int value =
        tp_line_width(arranger, &node->pieces[0], tp_capital_of(arranger, &node->pieces[0])) +
        4 * arranger->lengths.pad_x;
    int least = tp_grown(arranger, 60);

    return value > least ? value : least;
}

static int arrange_stepper(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_node *less = node->first, *more = less ? less->next : NULL;
    int side = lengths->action, gap = lengths->gap;
    int value = stepper_value(arranger, node);
    int most = width - 2 * (side + gap), height;

    value = value > most ? most : value;
    height = tp_lay(arranger, &node->pieces[0], x + side + gap, 0, value, 0) + lengths->pad_y;
    height = height < side ? side : height;
    tp_centre_piece(&node->pieces[0], y, height);
    if (less && more) {
        (void)tp_arrange(arranger, less, x, y + (height - side) / 2, side);
        (void)tp_arrange(arranger, more, x + side + value + 2 * gap, y + (height - side) / 2, side);
    }
    node->box.w = value + 2 * (side + gap);
    return height;
}

static int natural_stepper(struct tp_arranger *arranger, struct tp_node *node)
{
    return stepper_value(arranger, node) + 2 * (arranger->lengths.action + arranger->lengths.gap);
}

const struct tp_leaf tp_leaf_stepper = {arrange_stepper, natural_stepper};
