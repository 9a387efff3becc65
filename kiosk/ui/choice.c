/* See page.h: an answer: its mark, its picture or sign, its words. */
#include "kiosk/ui/leaf.h"

/* The lines that words beside a picture may take in a column, and others where room is short. */
#define FEW_LINES 3u

struct tp_node *tp_ui_choice(struct tp_node *parent, const struct tp_answer *choice)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_CHOICE, choice->id);

    if (!node)
        return NULL;
    tp_node_words(node, 0, TP_STYLE_BODY, choice->label);
    if (choice->hint.text && choice->hint.text[0])
        tp_node_words(node, 1, TP_STYLE_HINT, choice->hint);
    tp_node_act(node, choice->action, choice->spoken);
    node->target = choice->action.id ? node->target : 0;
    node->path = tp_page_text(node->page, choice->picture);
    node->alt = tp_page_text(node->page, choice->picture_alt);
    node->icon = choice->icon;
    node->mark = choice->mark;
    node->chosen = choice->chosen;
    node->disabled = choice->disabled;
    node->answer = true;
    return node;
}

int tp_answer_picture(const struct tp_arranger *arranger)
{
    int side = (int)(arranger->lengths.picture * arranger->pictures);
    int least = tp_px(arranger, TP_PICTURE_LEAST_MM);

    return side > least ? side : least;
}

/* What stands before the words of an answer, and the room that its words have. */
struct choice_frame {
    int mark, picture, icon, space, before, words;
};

static struct choice_frame choice_frame(const struct tp_arranger *arranger,
                                        const struct tp_node *node, int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    double capital = tp_capital_of(arranger, &node->pieces[0]);
    struct choice_frame frame = {.space = lengths->pad_x * 3 / 4, .before = lengths->pad_x};

    if (node->mark != TP_MARK_NONE)
        frame.mark = tp_mark_side(arranger, capital);
    if (node->path)
        frame.picture = tp_answer_picture(arranger);
    else if (node->icon != TP_ICON_NONE)
        frame.icon = tp_icon_side(arranger, capital * 1.3);
    frame.before += frame.mark ? frame.mark + frame.space : 0;
    frame.before += frame.picture ? frame.picture + frame.space : 0;
    frame.before += frame.icon ? frame.icon + frame.space : 0;
    frame.words = width - frame.before - lengths->pad_x;
    return frame;
}

static int arrange_choice(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    if (node->parent->above)
        return tp_arrange_picture_choice(arranger, node, x, y, width);

    const struct tp_lengths *lengths = &arranger->lengths;
    struct choice_frame frame = choice_frame(arranger, node, width);
    int words = tp_lay(arranger, &node->pieces[0], x + frame.before, 0, frame.words, 0);
    int hint = tp_lay(arranger, &node->pieces[1], x + frame.before, 0, frame.words, 0);
    int least = lengths->answer;
    int height = words + hint + 2 * lengths->pad_y, at = x + lengths->pad_x;

    /* A smaller picture stands closer to the border. */
    if (frame.picture)
        least = frame.picture +
                (int)((lengths->picture_answer - lengths->picture) * arranger->pictures);
    least = least > lengths->answer ? least : lengths->answer;
    height = height < least ? least : height;
    node->pieces[0].box.y = y + (height - words - hint) / 2;
    node->pieces[1].box.y = node->pieces[0].box.y + words;
    if (frame.mark) {
        node->rects[TP_RECT_MARK] =
            (SDL_Rect){at, y + (height - frame.mark) / 2, frame.mark, frame.mark};
        at += frame.mark + frame.space;
    }
    if (frame.picture)
        node->rects[TP_RECT_PICTURE] =
            (SDL_Rect){at, y + (height - frame.picture) / 2, frame.picture, frame.picture};
    if (frame.icon)
        node->rects[TP_RECT_ICON] =
            (SDL_Rect){at, y + (height - frame.icon) / 2, frame.icon, frame.icon};
    return height;
}

/* In how many lines the words of the answer stand in a width; SIZE_MAX where one of them is split.
 */
static size_t choice_lines(struct tp_arranger *arranger, const struct tp_node *node, int width)
{
    struct choice_frame frame = choice_frame(arranger, node, width);
    const struct tp_piece *piece = &node->pieces[0];
    struct tp_text_layout *layout;
    size_t lines = SIZE_MAX;

    if (frame.words < arranger->lengths.target)
        return SIZE_MAX;
    layout = tp_lay_out(arranger, piece, tp_capital_of(arranger, piece), frame.words);
    if (layout && !tp_text_split_word(layout))
        lines = tp_text_lines(layout);
    tp_text_free(layout);
    return lines;
}

bool tp_choice_splits(struct tp_arranger *arranger, const struct tp_node *node, int width)
{
    return choice_lines(arranger, node, width) == SIZE_MAX;
}

/* Do the words of every answer stand in `most` lines in one of `columns`? */
static bool stand_in(struct tp_arranger *arranger, const struct tp_node *grid, int width,
                     int columns, size_t most)
{
    int cell = (width - arranger->lengths.gap * (columns - 1)) / columns;

    for (const struct tp_node *child = grid->first; child; child = child->next)
        if (child->kind != TP_KIND_CHOICE || choice_lines(arranger, child, cell) > most)
            return false;
    return true;
}

int tp_choice_columns(struct tp_arranger *arranger, const struct tp_node *grid, int width)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    size_t most = arranger->two_columns ? FEW_LINES : 1;
    int count = 0;

    if (screen->width < screen->height || arranger->one_column)
        return 1;
    for (const struct tp_node *child = grid->first; child; child = child->next) {
        most = child->path ? FEW_LINES : most;
        count++;
    }
    /* Three stand in one row sooner than the third alone in another. */
    if (count == 3 && stand_in(arranger, grid, width, 3, 1))
        return 3;
    return count > 1 && stand_in(arranger, grid, width, 2, most) ? 2 : 1;
}

static int natural_choice(struct tp_arranger *arranger, struct tp_node *node)
{
    struct choice_frame frame = choice_frame(arranger, node, 0);

    return frame.before + arranger->lengths.pad_x + 2 +
           tp_line_width(arranger, &node->pieces[0], tp_capital_of(arranger, &node->pieces[0]));
}

const struct tp_leaf tp_leaf_choice = {arrange_choice, natural_choice};
