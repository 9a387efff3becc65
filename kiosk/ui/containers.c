/* See page.h: the builders of what holds other nodes, and of how a node stands in it. */
#include "kiosk/ui/node.h"

struct tp_node *tp_ui_column(struct tp_node *parent, double gap_mm)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_COLUMN, NULL);

    if (node)
        node->gap_mm = gap_mm;
    return node;
}

struct tp_node *tp_ui_row(struct tp_node *parent, double gap_mm, double min_item_mm)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_ROW, NULL);

    if (node) {
        node->gap_mm = gap_mm;
        node->min_item_mm = min_item_mm;
    }
    return node;
}

struct tp_node *tp_ui_grid(struct tp_node *parent, double min_item_mm, int max_columns)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_GRID, NULL);

    if (node) {
        node->min_item_mm = min_item_mm;
        node->max_columns = max_columns;
    }
    return node;
}

struct tp_node *tp_ui_flow(struct tp_node *parent, double gap_mm)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_FLOW, NULL);

    if (node)
        node->gap_mm = gap_mm;
    return node;
}

struct tp_node *tp_ui_filling(struct tp_node *flow)
{
    if (flow)
        flow->wide = true;
    return flow;
}

struct tp_node *tp_ui_choices(struct tp_node *parent)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_GRID, NULL);

    if (node) {
        node->choices = true;
        node->max_columns = 2;
    }
    return node;
}

struct tp_node *tp_ui_panel(struct tp_node *parent, bool strong)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_PANEL, NULL);

    if (node)
        node->strong = strong;
    return node;
}

struct tp_node *tp_ui_alarm(struct tp_node *parent, struct tp_words message)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_ALARM, NULL);

    (void)tp_ui_text(node, TP_STYLE_ALARM, message);
    return node;
}

struct tp_node *tp_ui_weight(struct tp_node *node, double weight)
{
    if (node)
        node->weight = weight;
    return node;
}

struct tp_node *tp_ui_optional(struct tp_node *node)
{
    if (node)
        node->optional = true;
    return node;
}

struct tp_node *tp_ui_scale(struct tp_node *node)
{
    if (node)
        node->scale = true;
    return node;
}

struct tp_node *tp_ui_centred(struct tp_node *node)
{
    if (node) {
        node->centred = true;
        if (node->kind == TP_KIND_TEXT)
            node->pieces[0].align = TP_ALIGN_CENTRE;
    }
    return node;
}
