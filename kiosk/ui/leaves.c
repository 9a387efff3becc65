/* See leaf.h: which leaf has which layout. */
#include "kiosk/ui/leaf.h"

/* The width of what says nothing about it, in millimetres. */
#define NATURAL_MM 80

static const struct tp_leaf *const leaves[TP_KIND_COUNT] = {
    [TP_KIND_TEXT] = &tp_leaf_text,       [TP_KIND_PICTURE] = &tp_leaf_picture,
    [TP_KIND_ICON] = &tp_leaf_icon,       [TP_KIND_CHOICE] = &tp_leaf_choice,
    [TP_KIND_BUTTON] = &tp_leaf_button,   [TP_KIND_SAMPLE] = &tp_leaf_sample,
    [TP_KIND_FIELD] = &tp_leaf_field,     [TP_KIND_KEYBOARD] = &tp_leaf_keyboard,
    [TP_KIND_PROBLEM] = &tp_leaf_problem, [TP_KIND_SUMMARY] = &tp_leaf_summary,
    [TP_KIND_STEPPER] = &tp_leaf_stepper, [TP_KIND_RANKED] = &tp_leaf_ranked,
};

int tp_arrange_leaf(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width)
{
    const struct tp_leaf *leaf = leaves[node->kind];

    return leaf ? leaf->arrange(arranger, node, x, y, width) : 0;
}

int tp_natural_leaf(struct tp_arranger *arranger, struct tp_node *node)
{
    const struct tp_leaf *leaf = leaves[node->kind];

    return leaf && leaf->natural ? leaf->natural(arranger, node) : tp_grown(arranger, NATURAL_MM);
}
