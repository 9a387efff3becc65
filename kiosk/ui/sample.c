/* See page.h: a button that shows what it sets. */
#include "kiosk/ui/leaf.h"

struct tp_node *tp_ui_sample(struct tp_node *parent, const struct tp_sample *sample)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_SAMPLE, sample->id);

    if (!node)
        return NULL;
    tp_node_words(node, 0, TP_STYLE_BODY, tp_words(sample->text));
    node->pieces[0].align = TP_ALIGN_CENTRE;
    tp_node_act(node, sample->action, sample->spoken);
    node->theme = sample->theme;
    node->has_size = sample->has_size;
    node->size = sample->size;
    node->chosen = sample->chosen;
    return node;
}

static int arrange_sample(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    struct tp_piece *piece = &node->pieces[0];
    double capital = tp_sizes[node->has_size ? node->size : arranger->ui->look.size].capital_mm;
    int height = arranger->lengths.answer * 11 / 12;

    if (!tp_set_layout(arranger, piece, capital, width))
        return 0;
    piece->box = (SDL_Rect){x, y, width, tp_text_height(piece->layout)};
    height = height < piece->box.h + arranger->lengths.pad_y
                 ? piece->box.h + arranger->lengths.pad_y
                 : height;
    node->box = (SDL_Rect){x, y, width, height};
    tp_centre_piece(piece, y, height);
    return height;
}

static int natural_sample(struct tp_arranger *arranger, struct tp_node *node)
{
    (void)node;
    return tp_grown(arranger, 40);
}

const struct tp_leaf tp_leaf_sample = {arrange_sample, natural_sample};
