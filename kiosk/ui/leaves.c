/* See arrange.h: the nodes that hold words, pictures and signs. */
#include <math.h>

#include "kiosk/ui/arrange.h"

/* The most of the screen's height that one picture takes. */
#define PICTURE_MOST 0.4

/* The capital of a key's letter in key heights; and how much smaller than they could be words get
 * before an icon stands for the longest. */
#define KEY_CAPITAL 0.46
#define KEY_SHRINK 0.8

/* A line measured at one size can be this much wider than that at another. */
#define LINE_SLACK 1.02

/* Headings of up to this many lines are balanced; longer ones are read as paragraphs. */
#define BALANCED_LINES 4u

/* Between an icon and its words, in capitals. */
#define ICON_SPACE 0.9
/* In the bar, whose icons fill more of their square than a chevron does. */
#define BAR_ICON_SPACE 0.6

static int px(const struct tp_arranger *arranger, double mm)
{
    return tp_mm_round(&arranger->ui->options.screen, mm);
}

/* ---- words ---- */

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
    if (is_of_frame(piece->style))
        return arranger->frame_max_mm > 0 && piece->grow <= 0
                   ? fmin(capital, arranger->frame_max_mm)
                   : capital;
    return fmax(capital * arranger->shrink, tp_sizes[TP_SIZE_SMALL].capital_mm);
}

static struct tp_text_layout *lay_out(struct tp_arranger *arranger, const struct tp_piece *piece,
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
        struct tp_text_layout *tried = lay_out(arranger, piece, capital_mm, middle);

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

/* Lays the piece out, unless it is already so: a page is tried in several ways. */
static bool set_layout(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm,
                       int width)
{
    if (!piece->layout || piece->capital_mm != capital_mm || piece->asked != width) {
        tp_text_free(piece->layout);
        piece->layout = lay_out(arranger, piece, capital_mm, width);
        piece->asked = piece->given = width;
        piece->capital_mm = capital_mm;
        if (is_heading(piece->style) && piece->align == TP_ALIGN_START)
            piece->given = balance(arranger, piece, capital_mm, width);
    }
    piece->first_line = 0;
    piece->line_count = piece->layout ? tp_text_lines(piece->layout) : 0;
    return piece->layout != NULL;
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
    if (!set_layout(arranger, piece, capital, measure))
        return 0;
    piece->box = (SDL_Rect){x, y, piece->given, tp_text_height(piece->layout)};
    /* Words of the other direction (an English name on an Arabic page) stay where the line begins
     * instead of going to their own end of the box. */
    if (piece->align == TP_ALIGN_START && tp_text_is_rtl(piece->layout) != arranger->ui->rtl)
        piece->box.w = tp_text_width(piece->layout);
    return piece->box.h;
}

int tp_line_width(struct tp_arranger *arranger, struct tp_piece *piece, double capital_mm)
{
    struct tp_text_layout *layout;

    if (!piece->text || !piece->text[0])
        return 0;
    if (piece->measured_mm <= 0) {
        layout = lay_out(arranger, piece, capital_mm, 0);
        piece->measured_mm = capital_mm;
        piece->measured = layout ? tp_text_width(layout) : 0;
        tp_text_free(layout);
    }
    if (piece->measured_mm == capital_mm)
        return piece->measured;
    /* At another size it is wider or narrower by as much, and a little for rounding. */
    return (int)ceil(piece->measured * capital_mm / piece->measured_mm * LINE_SLACK) + 1;
}

int tp_icon_side(const struct tp_arranger *arranger, double capital_mm)
{
    return px(arranger, capital_mm * 1.55);
}

int tp_mark_side(const struct tp_arranger *arranger, double capital_mm)
{
    return px(arranger, 3.0 + capital_mm * 1.2);
}

static void centre_vertically(struct tp_piece *piece, int top, int height)
{
    piece->box.y = top + (height - piece->box.h) / 2;
}

/* ---- answers ---- */

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
        frame.picture = lengths->picture;
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
    const struct tp_lengths *lengths = &arranger->lengths;
    struct choice_frame frame = choice_frame(arranger, node, width);
    int words = tp_lay(arranger, &node->pieces[0], x + frame.before, 0, frame.words, 0);
    int hint = tp_lay(arranger, &node->pieces[1], x + frame.before, 0, frame.words, 0);
    int least = node->path ? lengths->picture_answer : lengths->answer;
    int height = words + hint + 2 * lengths->pad_y, at = x + lengths->pad_x;

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

int tp_choice_columns(struct tp_arranger *arranger, const struct tp_node *grid, int width)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    int gap = arranger->lengths.gap, cell = (width - gap) / 2;
    size_t most_lines = 1;
    int count = 0;

    if (screen->width < screen->height)
        return 1;
    for (const struct tp_node *child = grid->first; child; child = child->next) {
        struct choice_frame frame = choice_frame(arranger, child, cell);
        const struct tp_piece *piece = &child->pieces[0];
        struct tp_text_layout *layout;
        bool fits;

        count++;
        most_lines = arranger->two_columns || child->path ? 3 : 1;
        if (child->kind != TP_KIND_CHOICE || frame.words < arranger->lengths.target)
            return 1;
        layout = lay_out(arranger, piece, tp_capital_of(arranger, piece), frame.words);
        fits = layout && tp_text_lines(layout) <= most_lines && !tp_text_split_word(layout);
        tp_text_free(layout);
        if (!fits)
            return 1;
    }
    return count > 1 ? 2 : 1;
}

/* ---- buttons ---- */

static double button_capital(const struct tp_arranger *arranger, const struct tp_node *node,
                             double most_mm)
{
    double capital = tp_capital_of(arranger, &node->pieces[0]);

    return most_mm > 0 ? fmin(capital, most_mm) : capital;
}

static int icon_space(const struct tp_arranger *arranger, const struct tp_node *node,
                      double capital_mm)
{
    return px(arranger, capital_mm * (node->bar ? BAR_ICON_SPACE : ICON_SPACE));
}

int tp_button_content_width(struct tp_arranger *arranger, struct tp_node *node, double capital_mm)
{
    int icon = tp_icon_side(arranger, capital_mm), space = icon_space(arranger, node, capital_mm);
    int words = node->plain ? 0 : tp_line_width(arranger, &node->pieces[0], capital_mm);

    return words + (node->icon ? icon + (words ? space : 0) : 0) + (node->after ? icon + space : 0);
}

/* Icon over words: for the bar where the words need the width. */
static void stack_content(struct tp_arranger *arranger, struct tp_node *node, double capital)
{
    int icon = px(arranger, capital * TP_ICON_ABOVE), seen = px(arranger, capital * TP_ICON_WORDS);
    int words = tp_lay(arranger, &node->pieces[0], node->box.x, 0, node->box.w, capital);
    int top = node->box.y + (node->box.h - icon - seen) / 2;
    /* What shows of a line is a capital and a little below it; above that is leading. */
    int line_top =
        top + icon + seen - px(arranger, capital * 0.3) - (words + px(arranger, capital)) / 2;

    node->rects[TP_RECT_ICON] = (SDL_Rect){node->box.x + (node->box.w - icon) / 2, top, icon, icon};
    node->pieces[0].box.y = line_top;
}

void tp_arrange_button_content(struct tp_arranger *arranger, struct tp_node *node, double most_mm)
{
    double capital = button_capital(arranger, node, most_mm);
    int icon = tp_icon_side(arranger, capital), space = icon_space(arranger, node, capital);
    bool as_answer = node->button == TP_BUTTON_PLAIN && node->wide && !node->bar;
    int content = tp_button_content_width(arranger, node, capital);
    int pad = as_answer   ? arranger->lengths.pad_x
              : node->bar ? px(arranger, TP_BAR_INSET_MM)
                          : arranger->lengths.pad_x / 2;
    int room = node->box.w - 2 * pad, at;

    for (size_t i = 0; i < TP_NODE_RECTS; i++)
        node->rects[i] = (SDL_Rect){0};
    if (node->icon_above) {
        stack_content(arranger, node, capital);
        return;
    }
    content = content > room ? room : content;
    at = node->box.x + (as_answer ? pad : (node->box.w - content) / 2);
    int end = at + content, top = node->box.y + (node->box.h - icon) / 2;

    if (node->icon) {
        node->rects[TP_RECT_ICON] = (SDL_Rect){at, top, icon, icon};
        at += icon + space;
    }
    if (node->after) {
        end -= icon;
        node->rects[TP_RECT_AFTER] = (SDL_Rect){end, top, icon, icon};
        end -= space;
    }
    if (as_answer)
        end = node->box.x + node->box.w - pad - (node->after ? icon + space : 0);
    if (as_answer && node->after)
        node->rects[TP_RECT_AFTER].x = node->box.x + node->box.w - pad - icon;
    if (node->plain) {
        tp_text_free(node->pieces[0].layout);
        node->pieces[0].layout = NULL;
        return;
    }
    (void)tp_lay(arranger, &node->pieces[0], at, 0, end - at > 0 ? end - at : 1, capital);
    centre_vertically(&node->pieces[0], node->box.y, node->box.h);
}

static int button_height(const struct tp_arranger *arranger, const struct tp_node *node)
{
    const struct tp_lengths *lengths = &arranger->lengths;

    if (node->parent->kind == TP_KIND_SUMMARY)
        return lengths->change;
    if (node->large)
        return lengths->action * 5 / 3;
    return node->button == TP_BUTTON_PLAIN ? lengths->answer : lengths->action;
}

static int natural_button(struct tp_arranger *arranger, struct tp_node *node)
{
    double capital = button_capital(arranger, node, 0);
    int content = tp_button_content_width(arranger, node, capital);
    int pad = node->large ? px(arranger, capital * 3.5) : px(arranger, capital * 1.8);
    int least = button_height(arranger, node);

    return content + 2 * pad > least ? content + 2 * pad : least;
}

static int arrange_button(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    int natural = node->wide ? width : natural_button(arranger, node);
    int height = button_height(arranger, node);

    natural = natural > width ? width : natural;
    node->box = (SDL_Rect){node->centred ? x + (width - natural) / 2 : x, y, natural, height};
    tp_arrange_button_content(arranger, node, 0);
    /* Words that need more lines make the button taller. */
    if (node->pieces[0].box.h + arranger->lengths.pad_y > height) {
        node->box.h = node->pieces[0].box.h + arranger->lengths.pad_y;
        tp_arrange_button_content(arranger, node, 0);
    }
    return node->box.h;
}

/* ---- pictures and signs ---- */

static int arrange_picture(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    double aspect = 1;
    int wide = node->width_mm > 0 ? px(arranger, node->width_mm) : width, high, inset;

    if (node->path)
        (void)tp_image_aspect(arranger->ui->options.images, node->path, &aspect, NULL);
    wide = wide > width ? width : wide;
    if (node->height_mm > 0)
        high = px(arranger, node->height_mm);
    else
        high = node->border ? (int)(wide * 0.92) : (int)(wide / aspect);
    inset = node->border ? (wide < high ? wide : high) * 14 / 100 : 0;
    int most = (int)(arranger->ui->options.screen.height * PICTURE_MOST);

    if (high > most) {
        wide = (int)((int64_t)wide * most / high);
        high = most;
    }
    node->box = (SDL_Rect){node->centred ? x + (width - wide) / 2 : x, y, wide, high};
    node->rects[TP_RECT_PICTURE] =
        (SDL_Rect){node->box.x + inset, y + inset, wide - 2 * inset, high - 2 * inset};
    return high;
}

static int arrange_icon(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width)
{
    int side = px(arranger, node->width_mm), sign;

    side = side > width ? width : side;
    sign = node->filled ? side * 62 / 100 : side;
    node->box = (SDL_Rect){node->centred ? x + (width - side) / 2 : x, y, side, side};
    node->rects[TP_RECT_ICON] =
        (SDL_Rect){node->box.x + (side - sign) / 2, y + (side - sign) / 2, sign, sign};
    return side;
}

/* ---- samples, fields, keys ---- */

static int arrange_sample(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                          int width)
{
    struct tp_piece *piece = &node->pieces[0];
    double capital = tp_sizes[node->has_size ? node->size : arranger->ui->look.size].capital_mm;
    int height = arranger->lengths.answer * 11 / 12;

    if (!set_layout(arranger, piece, capital, width))
        return 0;
    piece->box = (SDL_Rect){x, y, width, tp_text_height(piece->layout)};
    height = height < piece->box.h + arranger->lengths.pad_y
                 ? piece->box.h + arranger->lengths.pad_y
                 : height;
    node->box = (SDL_Rect){x, y, width, height};
    centre_vertically(piece, y, height);
    return height;
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
    int room = wide - 2 * lengths->pad_x - px(arranger, 2);

    if (!set_layout(arranger, piece, capital, room))
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

static bool key_words_fit(struct tp_arranger *arranger, struct tp_node *key, double capital_mm)
{
    int room = key->box.w - arranger->lengths.pad_x / 2;

    return tp_line_width(arranger, &key->pieces[0], capital_mm) <= room;
}

/* Words of keys are of one size: the largest with which all fit that have no icon to stand for
 * them, and those that have one and nearly fit. */
static double key_word_capital(struct tp_arranger *arranger, const struct tp_node *keyboard,
                               double most)
{
    double capital = most, least = tp_sizes[TP_SIZE_SMALL].capital_mm;

    for (struct tp_node *row = keyboard->first; row; row = row->next)
        for (struct tp_node *key = row->first; key; key = key->next) {
            int room = key->box.w - arranger->lengths.pad_x / 2;
            int own = key->word ? tp_line_width(arranger, &key->pieces[0], most) : 0;
            double fits = own > room ? most * room / own / LINE_SLACK : most;

            if (fits < capital && (!key->icon || fits > most * KEY_SHRINK))
                capital = fits;
        }
    return fmax(capital, least);
}

void tp_arrange_keys(struct tp_arranger *arranger, struct tp_node *keyboard)
{
    double tallest = tp_px_to_mm(&arranger->ui->options.screen, arranger->key_height) * KEY_CAPITAL;
    double letters = 0, words = 0;

    for (struct tp_node *row = keyboard->first; row; row = row->next)
        for (struct tp_node *key = row->first; key; key = key->next) {
            struct tp_piece *piece = &key->pieces[0];
            double most = fmin(tp_capital_of(arranger, piece), tallest);
            double *shared = key->word ? &words : &letters, capital;

            if (*shared <= 0)
                *shared = key->word ? key_word_capital(arranger, keyboard, most) : most;
            capital = *shared;
            key->rects[TP_RECT_ICON] = (SDL_Rect){0};
            if (key->icon && !key_words_fit(arranger, key, capital)) {
                int side = tp_icon_side(arranger, fmax(capital, letters));

                key->rects[TP_RECT_ICON] =
                    (SDL_Rect){key->box.x + (key->box.w - side) / 2,
                               key->box.y + (key->box.h - side) / 2, side, side};
                tp_text_free(piece->layout);
                piece->layout = NULL;
                continue;
            }
            /* A letter key with a word on it, such as the space bar of a long language. */
            if (!key_words_fit(arranger, key, capital))
                capital = fmax(tp_sizes[TP_SIZE_SMALL].capital_mm,
                               capital * (key->box.w - arranger->lengths.pad_x / 2) /
                                   tp_line_width(arranger, piece, capital));
            (void)tp_lay(arranger, piece, key->box.x, 0, key->box.w, capital);
            centre_vertically(piece, key->box.y, key->box.h);
        }
}

/* ---- boxes with more than one paragraph ---- */

static int arrange_problem(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    struct tp_node *title = node->first, *words = title ? title->next : NULL;
    int pad = arranger->lengths.panel_pad * 4 / 5;

    if (!words)
        return 0;
    int icon = tp_icon_side(arranger, tp_capital_of(arranger, &title->pieces[0]) * 1.7);
    int at = x + pad + icon + pad, room = width - 3 * pad - icon;
    int tall = tp_arrange(arranger, title, at, y + pad, room);
    int height = tall + tp_arrange(arranger, words, at, y + pad + tall, room) + 2 * pad;

    node->rects[TP_RECT_ICON] = (SDL_Rect){x + pad, y + (height - icon) / 2, icon, icon};
    return height;
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
    int natural = change ? natural_button(arranger, change) : 0;
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

/* The room for a stepper's value: the same for short ones, so that the buttons stand still. */
static int stepper_value(struct tp_arranger *arranger, struct tp_node *node)
{
    int value =
        tp_line_width(arranger, &node->pieces[0], tp_capital_of(arranger, &node->pieces[0])) +
        4 * arranger->lengths.pad_x;
    int least = tp_grown(arranger, 60);

    return value > least ? value : least;
}

static int arrange_stepper(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                           int width)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_node *less = node->first, *more = less ? less->next : NULL;
    int side = lengths->action, gap = lengths->gap;
    int value = stepper_value(arranger, node);
    int most = width - 2 * (side + gap), height;

    value = value > most ? most : value;
    height = tp_lay(arranger, &node->pieces[0], x + side + gap, 0, value, 0) + lengths->pad_y;
    height = height < side ? side : height;
    centre_vertically(&node->pieces[0], y, height);
    if (less && more) {
        (void)tp_arrange(arranger, less, x, y + (height - side) / 2, side);
        (void)tp_arrange(arranger, more, x + side + value + 2 * gap, y + (height - side) / 2, side);
    }
    node->box.w = value + 2 * (side + gap);
    return height;
}

/* ---- any leaf ---- */

int tp_arrange_leaf(struct tp_arranger *arranger, struct tp_node *node, int x, int y, int width)
{
    switch (node->kind) {
    case TP_KIND_TEXT: {
        int height = tp_lay(arranger, &node->pieces[0], x, y, width, 0);

        node->box.w = node->pieces[0].box.w;
        return height;
    }
    case TP_KIND_CHOICE:
        return arrange_choice(arranger, node, x, y, width);
    case TP_KIND_BUTTON:
        return arrange_button(arranger, node, x, y, width);
    case TP_KIND_PICTURE:
        return arrange_picture(arranger, node, x, y, width);
    case TP_KIND_ICON:
        return arrange_icon(arranger, node, x, y, width);
    case TP_KIND_SAMPLE:
        return arrange_sample(arranger, node, x, y, width);
    case TP_KIND_FIELD:
        return arrange_field(arranger, node, x, y, width);
    case TP_KIND_PROBLEM:
        return arrange_problem(arranger, node, x, y, width);
    case TP_KIND_SUMMARY:
        return arrange_summary(arranger, node, x, y, width);
    case TP_KIND_STEPPER:
        return arrange_stepper(arranger, node, x, y, width);
    case TP_KIND_SPACER:
        return px(arranger, node->height_mm);
    default:
        return 0;
    }
}

int tp_natural_leaf(struct tp_arranger *arranger, struct tp_node *node)
{
    switch (node->kind) {
    case TP_KIND_TEXT:
        /* A pixel more: words set together can be wider than words counted. */
        return tp_line_width(arranger, &node->pieces[0],
                             tp_capital_of(arranger, &node->pieces[0])) +
               2;
    case TP_KIND_BUTTON:
        return natural_button(arranger, node);
    case TP_KIND_PICTURE:
    case TP_KIND_ICON:
        return px(arranger, node->width_mm > 0 ? node->width_mm : 40);
    case TP_KIND_SAMPLE:
        return tp_grown(arranger, 40);
    case TP_KIND_STEPPER:
        return stepper_value(arranger, node) +
               2 * (arranger->lengths.action + arranger->lengths.gap);
    case TP_KIND_FIELD:
        return node->width_mm > 0 ? tp_grown(arranger, node->width_mm) : tp_grown(arranger, 80);
    case TP_KIND_CHOICE: {
        struct choice_frame frame = choice_frame(arranger, node, 0);

        return frame.before + arranger->lengths.pad_x + 2 +
               tp_line_width(arranger, &node->pieces[0], tp_capital_of(arranger, &node->pieces[0]));
    }
    default:
        return tp_grown(arranger, 80);
    }
}
