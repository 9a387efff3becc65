/*
 * Inside kiosk/ui: gives nodes their size and their place, for a width, from left to right.
 *
 * Heights follow from the words; nothing is squeezed below what its words and the lengths need.
 * Cutting into parts is parts.h. Thread: the main thread only.
 */
#ifndef TP_KIOSK_UI_ARRANGE_H
#define TP_KIOSK_UI_ARRANGE_H

#include "kiosk/ui/lengths.h"
#include "kiosk/ui/state.h"

/* The first words of the body stand beside the Easy Read picture on a tall screen. */
struct tp_beside {
    int x, width, height;        /* of the room beside it; width 0: none */
    int y;                       /* where it was placed in the body */
    const struct tp_node *first; /* of the words beside it */
    const struct tp_node *after; /* the first node that stands below both; NULL: none */
};

/* What is left out of the optional nodes. */
enum tp_drop { TP_DROP_NOTHING, TP_DROP_PICTURES, TP_DROP_ALL };

struct tp_arranger {
    struct tp_ui *ui;
    struct tp_page *page;
    struct tp_lengths lengths;
    double pictures; /* share of the side that pictures in answers have */
    double shrink;   /* of body text; 1 unless a word or an answer is too large for the display */
    double frame_max_mm;   /* the most a capital of the frame may have; 0: what the size says */
    double frame_least_mm; /* and the least */
    int key_height, key_least, action_height;
    enum tp_drop drop;
    bool two_columns;     /* answers in two columns though their words then take two lines */
    bool one_column;      /* answers in one, where two are so narrow that they get too tall */
    bool pictures_beside; /* the words of pictures to choose, instead of below them */
    bool small_dock;      /* one line to type in, the heading no larger than the body */
    bool picture_above;   /* the Easy Read picture above the body on a wide screen too */
    struct tp_beside beside;
    bool failed; /* out of memory */
};

static inline int tp_px(const struct tp_arranger *arranger, double mm)
{
    return tp_mm_round(&arranger->ui->options.screen, mm);
}

/* Places `node` and all in it at x, y; returns its height. */
int tp_arrange(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width);

/* Moves the node and all in it. */
void tp_move(struct tp_node *node, int dx, int dy);

/* Lengths that a page gives per item (grids, rows) are for the default size; they grow with it. */
int tp_grown(const struct tp_arranger *arranger, double mm);

/* ---- leaves (leaves.c) ---- */

/* As tp_arrange, for a node without children (or with its own buttons and words only). */
int tp_arrange_leaf(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width);
int tp_natural_leaf(struct tp_arranger *arranger, struct tp_node *node);

/* ---- words (words.c) ---- */

/* Lays a piece out at x, y in `width`; `most_mm` limits its capital height (0: none); returns its
 * height. */
int tp_lay(struct tp_arranger *arranger, struct tp_piece *piece, int x, int y, int width,
           double most_mm);

/* The capital height a piece gets. */
double tp_capital_of(const struct tp_arranger *arranger, const struct tp_piece *piece);

/* The width of a piece on one line, at a capital height. */
int tp_line_width(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm);

/* Other words, which last as long as the page: it is laid out and measured anew. */
void tp_piece_say(struct tp_piece *piece, const char *text);

/* The side of an icon beside words of this capital height, and of a mark. */
int tp_icon_side(const struct tp_arranger *arranger, double capital_mm);
int tp_mark_side(const struct tp_arranger *arranger, double capital_mm);

/* ---- pictures before words (picture.c) ---- */

/* Where a picture of `height` stands beside words from `top` to `bottom`: in their middle, but at
 * the start of a long text. */
int tp_beside_top(int top, int bottom, int height);

/* A smaller picture says nothing. */
#define TP_PICTURE_LEAST_MM 16.0

/* Adds the Easy Read picture that stands before the words of a box, as its first child; NULL
 * without a path. */
struct tp_node *tp_lead_add(struct tp_node *box, const char *path, const char *alt);
/* The picture that a box begins with; NULL where it has none. */
struct tp_node *tp_lead_of(const struct tp_node *box);
int tp_lead_side(const struct tp_arranger *arranger);
void tp_lead_arrange(struct tp_arranger *arranger, struct tp_node *lead, int x, int y);

/* ---- answers (choice.c) ---- */

/* The side of a picture in an answer. */
int tp_answer_picture(const struct tp_arranger *arranger);

/* How many columns answers stand in; on one line each, or on a few with `two_columns`. */
int tp_choice_columns(struct tp_arranger *arranger, const struct tp_node *grid, int width);

/* Would a word of the answer be split over lines in this width? */
bool tp_choice_splits(struct tp_arranger *arranger, const struct tp_node *node, int width);

/* The most columns, `columns` at most, in which the words of every answer have room below its
 * picture; 1 where they have not: pictures then stand beside the words. */
int tp_picture_columns(struct tp_arranger *arranger, const struct tp_node *grid, int width,
                       int columns);

/* ---- buttons (button.c) ---- */

/* Between the edge of a button of the bar and its words. */
static inline int tp_bar_inset(const struct tp_arranger *arranger)
{
    return arranger->lengths.pad_x / 3;
}

/* An icon that stands above its words, what shows of those with the space between, and what each
 * further line takes, in capitals. */
#define TP_ICON_ABOVE 1.35
#define TP_ICON_WORDS 1.85
#define TP_ICON_LINE 1.7
#define TP_ICON_ABOVE_ALL(lines)                                                                   \
    (TP_ICON_ABOVE + TP_ICON_WORDS + ((double)(lines)-1) * TP_ICON_LINE)

/* Places icon, words and sign of a button within node->box, its words no larger than `most_mm`. */
void tp_arrange_button_content(struct tp_arranger *arranger, struct tp_node *node, double most_mm);

/* The width of a button's content. */
int tp_button_content_width(struct tp_arranger *arranger, struct tp_node *node, double capital_mm);

#endif
