/*
 * Inside kiosk/ui: the leaves: nodes without children, or with buttons and words of their own only.
 *
 * A leaf is one file: its builder (declared in page.h), its layout, and one line in the table of
 * leaves.c; paint.c has its colours. Thread: the main thread only.
 */
#ifndef TP_KIOSK_UI_LEAF_H
#define TP_KIOSK_UI_LEAF_H

#include "kiosk/ui/arrange.h"

struct tp_leaf {
    /* As tp_arrange. */
    int (*arrange)(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width);
    /* The width the node would take by itself; NULL: the usual. */
    int (*natural)(struct tp_arranger *arranger, struct tp_node *node);
};

extern const struct tp_leaf tp_leaf_text, tp_leaf_picture, tp_leaf_icon, tp_leaf_choice,
    tp_leaf_button, tp_leaf_sample, tp_leaf_field, tp_leaf_keyboard, tp_leaf_problem,
    tp_leaf_summary, tp_leaf_stepper, tp_leaf_ranked;

/* ---- words (words.c) ---- */

/* A line measured at one size can be this much wider than that at another. */
#define TP_LINE_SLACK 1.02

/* The piece as a paragraph of a width (0: one line); NULL when out of memory. */
struct tp_text_layout *tp_lay_out(struct tp_arranger *arranger, const struct tp_piece *piece,
                                  double capital_mm, int width);

/* Sets piece->layout for a width, unless it is already so: a page is tried in several ways. False
 * when out of memory. */
bool tp_set_layout(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm,
                   int width);

/* Puts the piece in the middle of a height. */
void tp_centre_piece(struct tp_piece *piece, int top, int height);

/* ---- answers that are pictures (picture_choice.c) ---- */

int tp_arrange_picture_choice(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                              int width);

/* ---- buttons in other leaves (button.c) ---- */

/* A button of the leaf `node`, with the id "ID OF THE LEAF:WHICH"; `button` is the rest of it. */
struct tp_node *tp_button_add(struct tp_node *node, const char *which, struct tp_button button);
/* One that is a sign alone, and as large as an answer; at the end of the steps it rests. */
void tp_step_add(struct tp_node *node, const char *which, const char *spoken, enum tp_icon icon,
                 bool at_end, struct tp_action action);

/* The width of a button with its words and the room around them. */
int tp_natural_button(struct tp_arranger *arranger, struct tp_node *node);

#endif
