/* See page.h: answers that are pictures, each with its words below. */
#include "kiosk/ui/leaf.h"

/* The least width of such an answer, in millimetres at the default size, and the most columns. */
#define CELL_MM 54
#define COLUMNS_MOST 4
/* Words of more lines than this get a wider answer. */
#define LINES_MOST 3u
/* A picture is at most this share of its width high. */
#define TALL_SHARE 0.7

struct tp_node *tp_ui_picture_choices(struct tp_node *parent)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_GRID, NULL);

    if (node) {
        node->picture_choices = true;
        node->min_item_mm = CELL_MM;
        node->max_columns = COLUMNS_MOST;
    }
    return node;
}

/* What an answer of `width` has beside its words. */
struct card {
    int mark, space, words;
};

static struct card card_of(const struct tp_arranger *arranger, const struct tp_node *node,
                           int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct card card = {.space = lengths->pad_x / 2};

    if (node->mark != TP_MARK_NONE)
        card.mark = tp_mark_side(arranger, tp_capital_of(arranger, &node->pieces[0])) + card.space;
    card.words = width - 2 * lengths->pad_x - card.mark;
    return card;
}

static bool words_fit(struct tp_arranger *arranger, const struct tp_node *node, int width)
{
    struct card card = card_of(arranger, node, width);
    const struct tp_piece *piece = &node->pieces[0];
    struct tp_text_layout *layout;
    bool fits;

    if (card.words < arranger->lengths.target)
        return false;
    layout = tp_lay_out(arranger, piece, tp_capital_of(arranger, piece), card.words);
    fits = layout && tp_text_lines(layout) <= LINES_MOST && !tp_text_split_word(layout);
    tp_text_free(layout);
    return fits;
}

int tp_picture_columns(struct tp_arranger *arranger, const struct tp_node *grid, int width,
                       int columns)
{
    for (; columns > 1; columns--) {
        int cell = (width - arranger->lengths.gap * (columns - 1)) / columns;
        const struct tp_node *child = grid->first;

        while (child && words_fit(arranger, child, cell))
            child = child->next;
        if (!child)
            break;
    }
    return columns;
}

int tp_arrange_picture_choice(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                              int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct card card = card_of(arranger, node, width);
    int pad = lengths->pad_x, inner = width - 2 * pad;
    int picture = node->path ? tp_answer_picture(arranger) * 3 / 2 : 0, top = y + lengths->pad_y;
    int mark = card.mark ? card.mark - card.space : 0, words, hint, height;

    if (picture > inner * TALL_SHARE)
        picture = (int)(inner * TALL_SHARE);
    node->rects[TP_RECT_PICTURE] = (SDL_Rect){x + pad, y + pad, inner, picture};
    top = picture ? y + pad + picture + lengths->pad_y : top;
    words = tp_lay(arranger, &node->pieces[0], x + pad + card.mark, top, card.words, 0);
    hint = tp_lay(arranger, &node->pieces[1], x + pad + card.mark, top + words, card.words, 0);
    height = words + hint > mark ? words + hint : mark;
    /* The mark stands at the first line of the words. */
    int line = node->pieces[0].layout ? tp_text_line_height(node->pieces[0].layout) : mark;

    if (line < mark) {
        node->pieces[0].box.y += (mark - line) / 2;
        node->pieces[1].box.y += (mark - line) / 2;
        height = words + hint + mark - line > height ? words + hint + mark - line : height;
        line = mark;
    }
    node->rects[TP_RECT_MARK] = (SDL_Rect){x + pad, top + (line - mark) / 2, mark, mark};
    height = top - y + height + lengths->pad_y;
    return height < lengths->answer ? lengths->answer : height;
}
