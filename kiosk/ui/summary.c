/* See page.h: a question, what was answered, and buttons to change or remove it. */
#include "kiosk/ui/leaf.h"

/* Buttons stand beside the words where they take at most this share of the width. */
#define BESIDE_SHARE 0.4
#define BESIDE_SHARE_TWO 0.5
/* The question's share of the row, and the least that the answer beside it has. */
#define QUESTION_SHARE 0.42
#define ANSWER_MM 100

static void add_button(struct tp_node *summary, const char *which, const char *label,
                       const char *spoken, struct tp_action action)
{
    struct tp_node *button =
        label ? tp_button_add(summary, which,
                              (struct tp_button){
                                  .label = tp_words(label), .spoken = spoken, .action = action})
              : NULL;

    if (button)
        button->wide = true;
}

struct tp_node *tp_ui_summary(struct tp_node *parent, const struct tp_summary *summary)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_SUMMARY, summary->id);

    if (!node)
        return NULL;
    (void)tp_lead_add(node, summary->picture, summary->picture_alt);
    (void)tp_ui_text(node, TP_STYLE_BOLD, summary->question);
    (void)tp_ui_text(node, TP_STYLE_BODY, summary->answer);
    add_button(node, "change", summary->change, summary->change_spoken, summary->action);
    add_button(node, "remove", summary->remove, summary->remove_spoken, summary->remove_action);
    return node;
}

/* The width of the buttons in a row; 0 without any. */
static int buttons_width(struct tp_arranger *arranger, struct tp_node *first, int *count)
{
    int width = 0;

    *count = 0;
    for (struct tp_node *button = first; button; button = button->next, ++*count)
        width += tp_natural_button(arranger, button) + (*count ? arranger->lengths.gap : 0);
    return width;
}

/* In a row from x on, or below one another where that is wider than `most`; returns the height. */
static int arrange_buttons(struct tp_arranger *arranger, struct tp_node *first, int x, int y,
                           int most)
{
    int gap = arranger->lengths.gap, at = 0, top = 0, tall = 0;

    for (struct tp_node *button = first; button; button = button->next) {
        int natural = tp_natural_button(arranger, button), height;

        natural = natural > most ? most : natural;
        if (at > 0 && at + natural > most) {
            top += tall + gap;
            at = tall = 0;
        }
        height = tp_arrange(arranger, button, x + at, y + top, natural);
        tall = height > tall ? height : tall;
        at += natural + gap;
    }
    return top + tall;
}

/* Question and answer beside each other with the buttons at the end; below one another, and then
 * the buttons below both, where there is less room. The picture stands before all of them. */
static int arrange_summary(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_node *lead = tp_lead_of(node), *question = lead ? lead->next : node->first;
    struct tp_node *answer = question ? question->next : NULL;
    struct tp_node *button = answer ? answer->next : NULL;
    int pad = lengths->pad_x, picture = lead ? tp_lead_side(arranger) : 0;
    int at = x + pad + (lead ? picture + pad : 0), inner = x + width - pad - at, words = inner;
    int tall, height, count;
    int natural = buttons_width(arranger, button, &count), buttons = 0;
    bool below =
        button && (node->stack || natural > inner * (count > 1 ? BESIDE_SHARE_TWO : BESIDE_SHARE));

    if (!answer)
        return 0;
    if (button && !below)
        words -= natural + pad;
    /* Answers stand in one line, whatever the buttons of their rows. */
    int asked = (int)(inner * QUESTION_SHARE), from = asked + pad;
    bool side = !node->stack && words - from > tp_grown(arranger, ANSWER_MM);
    int first = tp_arrange(arranger, question, at, y, side ? asked : words);
    int second =
        tp_arrange(arranger, answer, at + (side ? from : 0), y, side ? words - from : words);

    if (button)
        buttons = arrange_buttons(arranger, button, below ? at : x + width - pad - natural, y,
                                  below ? inner : natural);
    tall = side ? (first > second ? first : second) : first + second;
    height = (tall > picture ? tall : picture) + 2 * lengths->pad_y +
             (below ? buttons + lengths->pad_y : 0);
    if (height < lengths->summary)
        height = lengths->summary;
    if (button && height < buttons + lengths->pad_y)
        height = buttons + lengths->pad_y;
    int room = below ? height - buttons - lengths->pad_y : height;

    if (lead)
        tp_lead_arrange(arranger, lead, x + pad, y + (room - picture) / 2);
    tp_move(question, 0, side ? (room - first) / 2 : (room - tall) / 2);
    tp_move(answer, 0, side ? (room - second) / 2 : (room - tall) / 2 + first);
    for (; button; button = button->next)
        tp_move(button, 0, below ? height - lengths->pad_y - buttons : (height - buttons) / 2);
    return height;
}

const struct tp_leaf tp_leaf_summary = {arrange_summary, NULL};
