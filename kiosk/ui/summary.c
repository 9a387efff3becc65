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

struct parts {
    struct tp_node *lead, *question, *answer, *button; /* any but the answer may be NULL */
    int picture;       /* the side of the lead's square; 0: there is none */
    int at, inner;     /* where the words begin, and the width of words and buttons */
    int natural;       /* of the buttons beside each other; 0: there are none */
    bool below;        /* the buttons stand below the words */
    bool beside;       /* the answer stands beside the question */
    int first, second; /* the heights of question and answer */
    int words, buttons;
};

static struct parts take_parts(struct tp_arranger *arranger, struct tp_node *node, int x, int width)
{
    struct parts parts = {.lead = tp_lead_of(node)};
    int pad = arranger->lengths.pad_x, count;

    parts.question = parts.lead ? parts.lead->next : node->first;
    parts.answer = parts.question ? parts.question->next : NULL;
    parts.button = parts.answer ? parts.answer->next : NULL;
    parts.picture = parts.lead ? tp_lead_side(arranger) : 0;
    parts.at = x + pad + (parts.lead ? parts.picture + pad : 0);
    parts.inner = x + width - pad - parts.at;
    parts.natural = buttons_width(arranger, parts.button, &count);
    parts.below = parts.button &&
                  (node->stack ||
                   parts.natural > parts.inner * (count > 1 ? BESIDE_SHARE_TWO : BESIDE_SHARE));
    return parts;
}

static void arrange_words(struct tp_arranger *arranger, const struct tp_node *node,
                          struct parts *parts, int y)
{
    int pad = arranger->lengths.pad_x;
    int width = parts->inner - (parts->button && !parts->below ? parts->natural + pad : 0);
    /* Answers stand in one line, whatever the buttons of their rows. */
    int asked = (int)(parts->inner * QUESTION_SHARE), from = asked + pad;

    parts->beside = !node->stack && width - from > tp_grown(arranger, ANSWER_MM);
    if (parts->beside) {
        parts->first = tp_arrange(arranger, parts->question, parts->at, y, asked);
        parts->second = tp_arrange(arranger, parts->answer, parts->at + from, y, width - from);
        parts->words = parts->first > parts->second ? parts->first : parts->second;
    } else {
        parts->first = tp_arrange(arranger, parts->question, parts->at, y, width);
        parts->second = tp_arrange(arranger, parts->answer, parts->at, y, width);
        parts->words = parts->first + parts->second;
    }
}

static int at_least(int height, int least)
{
    return height < least ? least : height;
}

/* Question and answer beside each other with the buttons at the end; below one another, and then
 * the buttons below both, where there is less room. The picture stands before all of them. */
static int arrange_summary(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct parts parts = take_parts(arranger, node, x, width);
    int end = x + width - lengths->pad_x, height, under, room;

    if (!parts.answer)
        return 0;
    arrange_words(arranger, node, &parts, y);
    if (parts.below)
        parts.buttons = arrange_buttons(arranger, parts.button, parts.at, y, parts.inner);
    else if (parts.button)
        parts.buttons =
            arrange_buttons(arranger, parts.button, end - parts.natural, y, parts.natural);
    under = parts.below ? parts.buttons + lengths->pad_y : 0;
    height = at_least(parts.words, parts.picture) + 2 * lengths->pad_y + under;
    height = at_least(height, lengths->summary);
    if (parts.button)
        height = at_least(height, parts.buttons + lengths->pad_y);
    room = height - under;
    if (parts.lead)
        tp_lead_arrange(arranger, parts.lead, x + lengths->pad_x, y + (room - parts.picture) / 2);
    tp_move(parts.question, 0, (room - (parts.beside ? parts.first : parts.words)) / 2);
    tp_move(parts.answer, 0,
            parts.beside ? (room - parts.second) / 2 : (room - parts.words) / 2 + parts.first);
    for (struct tp_node *button = parts.button; button; button = button->next)
        tp_move(button, 0, parts.below ? room : (height - parts.buttons) / 2);
    return height;
}

const struct tp_leaf tp_leaf_summary = {arrange_summary, NULL};
