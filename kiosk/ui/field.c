/* See page.h: what is typed. */
#include <string.h>

#include "base/utf8.h"
#include "kiosk/ui/leaf.h"

/* One dot for each character of a secret. */
static const char *dots_for(struct tp_page *page, const char *text)
{
    static const char dot[] = "\xE2\x97\x8F";
    size_t count = tp_utf8_count(text, strlen(text));
    char *dots = tp_page_memory(page, count * 3 + 1);

    for (size_t i = 0; dots && i < count; i++)
        memcpy(dots + i * 3, dot, 3);
    return dots;
}

struct tp_node *tp_ui_field(struct tp_node *parent, const struct tp_field *field)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_FIELD, field->id);
    const char *text = field->text ? field->text : "";

    if (!node)
        return NULL;
    node->pieces[0].style = TP_STYLE_FIELD;
    node->pieces[0].text =
        field->secret ? dots_for(node->page, text) : tp_page_text(node->page, text);
    tp_node_act(node, field->action, field->spoken);
    node->target = field->action.id ? node->target : 0;
    node->caret = field->secret ? SIZE_MAX : field->caret;
    node->editing = field->editing;
    node->lines = field->lines > 0 ? field->lines : 1;
    node->max_lines = field->max_lines > node->lines ? field->max_lines : node->lines;
    node->width_mm = field->width_mm;
    return node;
}

static int arrange_field(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                         int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_piece *piece = &node->pieces[0];
    int wide = node->width_mm > 0 ? tp_grown(arranger, node->width_mm) : width, lines, line;
    double capital = tp_capital_of(arranger, piece);

    wide = wide > width ? width : wide;
    /* The caret needs room after the last letter. */
    int room = wide - 2 * lengths->pad_x - tp_px(arranger, 2);

    if (!tp_set_layout(arranger, piece, capital, room))
        return 0;
    node->caret_at = tp_text_caret_at(arranger->ui->options.fonts, piece->layout, node->caret);
    lines = (int)tp_text_lines(piece->layout);
    line = tp_text_line_height(piece->layout);
    int least = arranger->small_dock ? 1 : node->lines;
    int most = arranger->small_dock ? 1 : node->max_lines;
    int seen = lines < least ? least : lines > most ? most : lines;
    int caret_line = line ? node->caret_at.y / line : 0;

    node->scroll = caret_line >= seen ? caret_line - seen + 1 : 0;
    piece->first_line = (size_t)node->scroll;
    piece->line_count = (size_t)(lines - node->scroll < seen ? lines - node->scroll : seen);
    piece->box =
        (SDL_Rect){x + lengths->pad_x, y + lengths->pad_y, room, (int)piece->line_count * line};
    node->box = (SDL_Rect){x, y, wide, seen * line + 2 * lengths->pad_y};
    if (node->box.h < lengths->target)
        node->box.h = lengths->target;
    return node->box.h;
}

static int natural_field(struct tp_arranger *arranger, struct tp_node *node)
{
    return tp_grown(arranger, node->width_mm > 0 ? node->width_mm : 80);
}

const struct tp_leaf tp_leaf_field = {arrange_field, natural_field};
