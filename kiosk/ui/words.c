/* See leaf.h: words: how large they are, how they are laid out, and the nodes that are words only.
 */
#include <math.h>

#include "kiosk/ui/leaf.h"

/* Headings of up to this many lines are balanced; longer ones are read as paragraphs. */
#define BALANCED_LINES 4u
/* Steps in which words get smaller. */
#define WORD_STEP 0.94

static bool is_of_frame(enum tp_style style)
{
    return style == TP_STYLE_TITLE || style == TP_STYLE_STATUS || style == TP_STYLE_BUTTON ||
           style == TP_STYLE_BAR || style == TP_STYLE_KEY || style == TP_STYLE_KEY_WORD;
}

static bool is_heading(enum tp_style style)
{
    return style == TP_STYLE_HEADING || style == TP_STYLE_HUGE || style == TP_STYLE_SUBHEAD;
}

double tp_capital_of(const struct tp_arranger *arranger, const struct tp_piece *piece)
{
    double capital = tp_type_of(piece->style, arranger->ui->look.size).capital_mm;
    double body = tp_sizes[arranger->ui->look.size].capital_mm;

    if (capital > body && (is_heading(piece->style) || piece->style == TP_STYLE_LEAD))
        capital = body + (capital - body) * arranger->lengths.larger;
    if (piece->grow > 0)
        capital *= piece->grow;
    if (arranger->small_dock && piece->style == TP_STYLE_HEADING)
        capital = tp_type_of(TP_STYLE_BOLD, arranger->ui->look.size).capital_mm;
    if (is_of_frame(piece->style) && piece->grow <= 0 && arranger->frame_max_mm > 0)
        capital = fmin(capital, arranger->frame_max_mm);
    if (is_of_frame(piece->style))
        return fmax(capital, arranger->frame_least_mm);
    return fmax(capital * arranger->shrink, tp_sizes[TP_SIZE_SMALL].capital_mm);
}

struct tp_text_layout *tp_lay_out(struct tp_arranger *arranger, const struct tp_piece *piece,
                                  double capital_mm, int width)
{
    struct tp_type_style type = tp_type_of(piece->style, arranger->ui->look.size);
    struct tp_text_spec spec = {
        .text = piece->text,
        .spans = piece->spans,
        .span_count = piece->span_count,
        .capital_px = tp_mm_to_px(&arranger->ui->options.screen, capital_mm),
        .line = type.line,
        .bold = type.bold,
        .typed = piece->style == TP_STYLE_FIELD,
        .width = width,
        .page = arranger->ui->rtl ? TP_DIRECTION_RTL : TP_DIRECTION_LTR,
        .align = piece->align,
    };
    struct tp_text_layout *layout = tp_text_layout(arranger->ui->options.fonts, &spec);

    if (!layout)
        arranger->failed = true;
    return layout;
}

/* Makes the lines of a heading about equally long: the least width that takes no more lines. */
static int balance(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm,
                   int width)
{
    size_t lines = piece->layout ? tp_text_lines(piece->layout) : 0;
    int low = width / 2, high = width;

    if (lines < 2 || lines > BALANCED_LINES)
        return width;
    while (high - low > width / 64 + 1) {
        int middle = (low + high) / 2;
        struct tp_text_layout *tried = tp_lay_out(arranger, piece, capital_mm, middle);

        if (tried && tp_text_lines(tried) == lines && !tp_text_split_word(tried)) {
            tp_text_free(piece->layout);
            piece->layout = tried;
            high = middle;
        } else {
            tp_text_free(tried);
            low = middle;
        }
    }
    return high;
}

bool tp_set_layout(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm,
                   int width)
{
    if (!piece->layout || piece->capital_mm != capital_mm || piece->asked != width) {
        tp_text_free(piece->layout);
        piece->layout = tp_lay_out(arranger, piece, capital_mm, width);
        piece->asked = piece->given = width;
        piece->capital_mm = capital_mm;
        if (is_heading(piece->style) && piece->align == TP_ALIGN_START)
            piece->given = balance(arranger, piece, capital_mm, width);
    }
    piece->first_line = 0;
    piece->line_count = piece->layout ? tp_text_lines(piece->layout) : 0;
    return piece->layout != NULL;
}

/* A word that is wider than its column: the words get smaller until it is not, or cannot get
 * smaller. False when out of memory. */
static bool lay_unsplit(struct tp_arranger *arranger, struct tp_piece *piece, double capital,
                        int width)
{
    double least = arranger->frame_least_mm;

    piece->fitted = true;
    while (tp_text_split_word(piece->layout) && capital > least) {
        capital = fmax(capital * WORD_STEP, least);
        if (!tp_set_layout(arranger, piece, capital, width))
            return false;
    }
    return true;
}

int tp_lay(struct tp_arranger *arranger, struct tp_piece *piece, int x, int y, int width,
           double most_mm)
{
    double capital = tp_capital_of(arranger, piece);
    int measure;

    if (!piece->text || !piece->text[0]) {
        piece->box = (SDL_Rect){x, y, width, 0};
        return 0;
    }
    if (most_mm > 0)
        capital = fmin(capital, most_mm);
    measure = (int)(tp_text_em(arranger->ui->options.fonts,
                               tp_mm_to_px(&arranger->ui->options.screen, capital)) *
                    TP_MEASURE_EM);
    measure = piece->align == TP_ALIGN_CENTRE || width < measure ? width : measure;
    measure = measure < 1 ? 1 : measure;
    if (!tp_set_layout(arranger, piece, capital, measure))
        return 0;
    piece->fitted = false;
    if (tp_text_split_word(piece->layout) && piece->style != TP_STYLE_FIELD &&
        !lay_unsplit(arranger, piece, capital, measure))
        return 0;
    piece->box = (SDL_Rect){x, y, piece->given, tp_text_height(piece->layout)};
    return piece->box.h;
}

void tp_piece_say(struct tp_piece *piece, const char *text)
{
    if (piece->text == text)
        return;
    tp_text_free(piece->layout);
    piece->layout = NULL;
    piece->measured_mm = 0;
    piece->text = text;
}

int tp_line_width(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm)
{
    struct tp_text_layout *layout;

    if (!piece->text || !piece->text[0])
        return 0;
    if (piece->measured_mm <= 0) {
        layout = tp_lay_out(arranger, piece, capital_mm, 0);
        piece->measured_mm = capital_mm;
        piece->measured = layout ? tp_text_width(layout) : 0;
        tp_text_free(layout);
    }
    if (piece->measured_mm == capital_mm)
        return piece->measured;
    /* At another size it is wider or narrower by as much, and a little for rounding. */
    return (int)ceil(piece->measured * capital_mm / piece->measured_mm * TP_LINE_SLACK) + 1;
}

int tp_icon_side(const struct tp_arranger *arranger, double capital_mm)
{
    return tp_px(arranger, capital_mm * 1.55);
}

int tp_mark_side(const struct tp_arranger *arranger, double capital_mm)
{
    return tp_px(arranger, 3.0 + capital_mm * 1.2);
}

void tp_centre_piece(struct tp_piece *piece, int top, int height)
{
    piece->box.y = top + (height - piece->box.h) / 2;
}

struct tp_node *tp_ui_text(struct tp_node *parent, enum tp_style style, struct tp_words words)
{
    struct tp_node *node = tp_node_add(parent, TP_KIND_TEXT, NULL);

    if (node)
        tp_node_words(node, 0, style, words);
    return node;
}

struct tp_node *tp_ui_heading(struct tp_node *parent, struct tp_words words)
{
    struct tp_node *node = tp_ui_text(parent, TP_STYLE_HEADING, words);

    if (node)
        node->sticky = true;
    return node;
}

static int arrange_text(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width)
{
    int height = tp_lay(arranger, &node->pieces[0], x, y, width, 0);

    node->box.w = node->pieces[0].box.w;
    return height;
}

static int natural_text(struct tp_arranger *arranger, struct tp_node *node)
{
    /* A pixel more: words set together can be wider than words counted. */
    return tp_line_width(arranger, &node->pieces[0], tp_capital_of(arranger, &node->pieces[0])) + 2;
}

const struct tp_leaf tp_leaf_text = {arrange_text, natural_text};
