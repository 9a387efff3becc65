/* See page.h: a question, what was answered, and a button to change it. */
#include <stdio.h>

#include "kiosk/ui/leaf.h"

struct tp_node *tp_ui_summary(struct tp_node *parent, const struct tp_summary *summary)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_SUMMARY, summary->id), *change;
    char id[512];

    if (!node)
        return NULL;
    (void)tp_ui_text(node, TP_STYLE_BOLD, summary->question);
    (void)tp_ui_text(node, TP_STYLE_BODY, summary->answer);
    if (summary->change) {
        (void)snprintf(id, sizeof(id), "%s:change", node->id);
        change = tp_ui_button(node, &(struct tp_button){.id = id,
                                                        .label = tp_words(summary->change),
                                                        .spoken = summary->change_spoken,
                                                        .action = summary->action});
        if (change)
            change->wide = true;
    }
    return node;
}

/* Question and answer beside each other with the button at the end; below one another, and then the
 * button below both, where there is less room. */
static int arrange_summary(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_node *question = node->first, *answer = question ? question->next : NULL;
    struct tp_node *change = answer ? answer->next : NULL;
    int pad = lengths->pad_x, inner = width - 2 * pad, words = inner, tall, height;
    int natural = change ? tp_natural_button(arranger, change) : 0;
    bool below = change && (node->stack || natural > inner * 2 / 5);

    if (!answer)
        return 0;
    if (change && !below)
        words -= natural + pad;
    bool side = !node->stack && words > tp_grown(arranger, 220);
    int half = side ? (words - pad) / 2 : words;
    int first = tp_arrange(arranger, question, x + pad, y, half);
    int second = tp_arrange(arranger, answer, x + pad + (side ? half + pad : 0), y, half);

    tall = side ? (first > second ? first : second) : first + second;
    height = tall + 2 * lengths->pad_y;
    if (below)
        height += lengths->change + lengths->pad_y;
    if (height < lengths->summary)
        height = lengths->summary;
    if (change && height < lengths->change + lengths->pad_y)
        height = lengths->change + lengths->pad_y;
    int room = below ? tall + 2 * lengths->pad_y : height;

    tp_move(question, 0, side ? (room - first) / 2 : (room - tall) / 2);
    tp_move(answer, 0, side ? (room - second) / 2 : (room - tall) / 2 + first);
    if (change && below)
        (void)tp_arrange(arranger, change, x + pad, y + height - lengths->pad_y - lengths->change,
                         natural > inner ? inner : natural);
    else if (change)
        (void)tp_arrange(arranger, change, x + width - pad - natural,
                         y + (height - lengths->change) / 2, natural);
    return height;
}

const struct tp_leaf tp_leaf_summary = {arrange_summary, NULL};
