/*
 * See frame.h: the bar at the bottom of every page.
 *
 * On a wide screen it is one row, words beside the icons, or below them where they would get too
 * small so, on two lines if need be; on a tall screen two rows. Where the words cannot be as large
 * as they must, and on a quiet page, the bar is folded (tp_page_fold): one row, on a narrow tall
 * screen two.
 */
#include <math.h>

#include "kiosk/ui/frame.h"
#include "kiosk/ui/leaf.h"

/* The bar may take this share of a wide screen's height. */
#define BAR_SHARE 0.2
/* A button grows to at most this many times its height for icons above words. */
#define TALLEST 1.5
/* Above and below what stands in a button. */
#define PAD_MM 1.6
/* Words this much larger are worth another arrangement, and words this much smaller than the
 * frame's are worth a second row. */
#define WORTH_IT 1.1
#define NEARLY 0.95
#define TOO_SMALL 0.75
#define SHRINK_MM 0.2
/* Room beside the words of a folded bar's buttons, in capitals. */
#define FOLDED_AIR 1.2
#define FOLDED_LITTLE_AIR 0.7
#define FOLDED_LEAST_AIR 0.35
/* Arabic letters reach further below their line than others: half of this, above and below them. */
#define BELOW_RTL 0.8

struct plan {
    int rows, columns, width, height; /* of a button */
    size_t lines;                     /* of words below their icon; 0: beside it */
    bool low;                         /* no taller than a button is without icons above words */
    double capital;                   /* 0: the words do not fit */
    bool folded;
};

static bool shows(const struct tp_page *page, const struct tp_node *node, bool folded)
{
    return folded ? node == page->fold || node->stays : node != page->fold;
}

static int count_of(const struct tp_page *page, bool folded)
{
    int count = 0;

    for (const struct tp_node *node = page->bar->first; node; node = node->next)
        count += shows(page, node, folded);
    return count;
}

static int words_room(const struct tp_arranger *arranger, int width)
{
    return width - 2 * tp_bar_inset(arranger);
}

/* ---- how large the words can be ---- */

/* What an icon above so many lines of words takes, in capitals. */
static double capitals_of(const struct tp_arranger *arranger, size_t lines)
{
    return TP_ICON_ABOVE_ALL(lines) + (arranger->ui->rtl ? BELOW_RTL : 0);
}

/* A bar that cannot be folded has to do with the smallest size. */
static double least_of(const struct tp_arranger *arranger)
{
    return arranger->page->fold ? arranger->frame_least_mm : tp_sizes[TP_SIZE_SMALL].capital_mm;
}

static double one_line_capital(struct tp_arranger *arranger, const struct plan *plan, double most)
{
    int room = words_room(arranger, plan->width);
    double capital = most;

    for (struct tp_node *node = arranger->page->bar->first; node; node = node->next) {
        int content;

        if (!shows(arranger->page, node, false))
            continue;
        content = plan->lines ? tp_line_width(arranger, &node->pieces[0], most)
                              : tp_button_content_width(arranger, node, most);
        if (content > room)
            capital = fmin(capital, most * room / content * 0.98);
    }
    return capital;
}

static bool lines_fit(struct tp_arranger *arranger, const struct plan *plan, double capital)
{
    int room = words_room(arranger, plan->width);

    for (struct tp_node *node = arranger->page->bar->first; node; node = node->next) {
        struct tp_text_layout *layout;
        bool fits;

        if (!shows(arranger->page, node, false) ||
            tp_line_width(arranger, &node->pieces[0], capital) <= room)
            continue;
        layout = tp_lay_out(arranger, &node->pieces[0], capital, room);
        fits = layout && tp_text_lines(layout) <= plan->lines && !tp_text_split_word(layout);
        tp_text_free(layout);
        if (!fits)
            return false;
    }
    return true;
}

/* The largest capital with which every button's words fit; 0 where not even the least do. */
static double plan_capital(struct tp_arranger *arranger, const struct plan *plan, double most)
{
    double least = least_of(arranger), tall, capital = most;

    if (plan->lines) {
        tall = tp_px_to_mm(&arranger->ui->options.screen,
                           arranger->lengths.bar_button * (plan->low ? 1 : TALLEST) -
                               tp_px(arranger, PAD_MM));
        capital = fmin(capital, tall / capitals_of(arranger, plan->lines));
    }
    if (plan->lines < 2)
        capital = fmin(capital, one_line_capital(arranger, plan, most));
    else
        while (capital >= least && !lines_fit(arranger, plan, capital))
            capital = capital > least ? fmax(capital - SHRINK_MM, least) : 0;
    return capital < least ? 0 : capital;
}

static struct plan make_plan(struct tp_arranger *arranger, int rows, size_t lines, bool low,
                             double most)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int room = arranger->ui->options.screen.width - 2 * lengths->margin;
    int count = count_of(arranger->page, false);
    struct plan plan = {
        .rows = rows, .columns = (count + rows - 1) / rows, .height = lengths->bar_button};
    int content;

    if (plan.columns < 1)
        plan.columns = 1;
    plan.lines = lines;
    plan.low = low;
    plan.width = (room - lengths->gap * (plan.columns - 1)) / plan.columns;
    plan.capital = plan_capital(arranger, &plan, most);
    content = tp_px(arranger, plan.capital * capitals_of(arranger, lines) + PAD_MM);
    if (lines && content > plan.height)
        plan.height = content;
    return plan;
}

/* ---- choosing ---- */

static int height_of(const struct tp_arranger *arranger, const struct plan *plan)
{
    return plan->rows * plan->height + 2 * arranger->lengths.bar_pad +
           (plan->rows - 1) * arranger->lengths.target_gap;
}

/* The arrangement of this many rows with the largest words; the plainer of two that differ little.
 */
static struct plan best_of(struct tp_arranger *arranger, int rows, bool low, double most)
{
    struct plan best = make_plan(arranger, rows, 0, low, most);

    for (size_t lines = 1; lines <= 2 && best.capital < most * NEARLY; lines++) {
        struct plan other = make_plan(arranger, rows, lines, low, most);

        if (other.capital > best.capital * WORTH_IT)
            best = other;
    }
    return best;
}

static struct plan choose(struct tp_arranger *arranger, bool squeeze)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    double most = tp_frame_capital(arranger, TP_STYLE_BAR);
    int count = count_of(arranger->page, false);
    bool tall = screen->height > screen->width && count > 3, can_fold = arranger->page->fold;
    struct plan best, other;

    if (count == 0 || (can_fold && arranger->ui->look.quiet))
        return (struct plan){.folded = true};
    best = best_of(arranger, tall ? 2 : 1, squeeze, most);
    if (best.capital >= most * TOO_SMALL || count < 3)
        return best;
    other = best_of(arranger, tall ? 3 : 2, squeeze, most);
    if (!squeeze && other.capital > best.capital &&
        (tall || height_of(arranger, &other) <= screen->height * BAR_SHARE))
        best = other;
    if (best.capital > 0)
        return best;
    if (can_fold)
        return (struct plan){.folded = true};
    other.capital = other.capital > 0 ? other.capital : least_of(arranger);
    return other;
}

/* ---- placing ---- */

static void place(struct tp_arranger *arranger, struct tp_node *node, SDL_Rect box, size_t lines,
                  double capital)
{
    node->box = box;
    node->icon_above = lines > 0;
    tp_arrange_button_content(arranger, node, capital);
}

static void place_rows(struct tp_arranger *arranger, const struct plan *plan, int top)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int index = 0;

    for (struct tp_node *node = arranger->page->bar->first; node; node = node->next) {
        int row = index / plan->columns, column = index % plan->columns;

        node->hidden = !shows(arranger->page, node, false);
        if (node->hidden)
            continue;
        index++;
        place(arranger, node,
              (SDL_Rect){lengths->margin + column * (plan->width + lengths->gap),
                         top + row * (plan->height + lengths->target_gap), plan->width,
                         plan->height},
              plan->lines, plan->capital);
    }
}

/* How a folded bar is shown: the room beside its words, the words on up to two lines, the icons
 * above them, and on how many rows at most. */
struct manner {
    double air;
    bool two_lines, above;
    int rows;
};

/* The folded bar: the width of each button that shows, in the order of the bar. */
struct folded {
    int widths[TP_BAR_MAX + 1], count, height; /* of a button */
    int rows, widest, gap;                     /* the widest of the rows; between the buttons */
    double capital;
    bool above;
};

/* Where nothing else fits the buttons and their words stand as near each other as they may. */
static bool is_close(const struct manner *manner)
{
    return manner->air <= FOLDED_LEAST_AIR;
}

/* The least width in which the words take no more than two lines. */
static int two_line_width(struct tp_arranger *arranger, const struct tp_node *node, double capital,
                          int one_line)
{
    int low = one_line / 2, high = one_line;

    while (high - low > one_line / 32 + 1) {
        int middle = (low + high) / 2;
        struct tp_text_layout *layout = tp_lay_out(arranger, &node->pieces[0], capital, middle);

        if (layout && tp_text_lines(layout) <= 2 && !tp_text_split_word(layout))
            high = middle;
        else
            low = middle;
        tp_text_free(layout);
    }
    return high;
}

static int folded_height(const struct tp_arranger *arranger, double capital,
                         const struct manner *manner)
{
    double words = manner->above       ? capitals_of(arranger, 1)
                   : manner->two_lines ? TP_ICON_LINE * 2
                                       : 0;
    int tall = tp_px(arranger, capital * words + PAD_MM);

    return tall > arranger->lengths.bar_button ? tall : arranger->lengths.bar_button;
}

static int folded_width(struct tp_arranger *arranger, struct tp_node *node, double capital,
                        const struct manner *manner)
{
    int words = tp_line_width(arranger, &node->pieces[0], capital);
    int own = manner->above ? words : tp_button_content_width(arranger, node, capital);
    int air = tp_px(arranger, manner->air * capital);
    int inset = is_close(manner) ? 0 : 2 * tp_bar_inset(arranger);

    /* The width of two lines has some to spare; that of one has none. */
    if (manner->two_lines)
        return own - words + two_line_width(arranger, node, capital, words) + air;
    return own + (air > inset ? air : inset);
}

static int bar_room(const struct tp_arranger *arranger)
{
    return arranger->ui->options.screen.width - 2 * arranger->lengths.margin;
}

static bool is_tall(const struct tp_arranger *arranger)
{
    return arranger->ui->options.screen.height > arranger->ui->options.screen.width;
}

static struct folded fold(struct tp_arranger *arranger, double capital, const struct manner *manner)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    bool close = is_close(manner);
    int room = bar_room(arranger), line = 0, gap = close ? lengths->target_gap : lengths->gap;
    int least = close ? lengths->target : room / (is_tall(arranger) ? 3 : TP_BAR_MAX) - gap;
    struct folded folded = {.height = folded_height(arranger, capital, manner),
                            .rows = 1,
                            .gap = gap,
                            .capital = capital,
                            .above = manner->above};

    for (struct tp_node *node = arranger->page->bar->first; node; node = node->next) {
        int own;

        node->hidden = !shows(arranger->page, node, true);
        if (node->hidden)
            continue;
        own = folded_width(arranger, node, capital, manner);
        own = own > least ? own : least;
        if (line > 0 && line + gap + own > room && folded.rows < manner->rows) {
            folded.rows++;
            line = 0;
        }
        line += own + (line ? gap : 0);
        folded.widest = line > folded.widest ? line : folded.widest;
        folded.widths[folded.count++] = own;
    }
    return folded;
}

/* Buttons that stand close share what is left of their row. */
static void spread(struct folded *folded, int room)
{
    int more = folded->count ? (room - folded->widest) / folded->count : 0;

    for (int i = 0; more > 0 && i < folded->count; i++)
        folded->widths[i] += more;
}

/* Words on one line, closer and smaller, then on two lines, until the row fits. A tall screen has
 * room for icons above the words instead, and at last for a second row. */
static struct folded fit_folded(struct tp_arranger *arranger)
{
    static const struct manner wide[] = {{FOLDED_AIR, false, false, 1},
                                         {FOLDED_LITTLE_AIR, false, false, 1},
                                         {FOLDED_LITTLE_AIR, true, false, 1},
                                         {FOLDED_LEAST_AIR, true, false, 1}};
    static const struct manner tall[] = {{FOLDED_AIR, false, false, 1},
                                         {FOLDED_LITTLE_AIR, false, false, 1},
                                         {FOLDED_LITTLE_AIR, false, true, 1},
                                         {FOLDED_LEAST_AIR, false, true, 1},
                                         {FOLDED_LITTLE_AIR, false, true, 2}};
    const struct manner *tries = is_tall(arranger) ? tall : wide;
    size_t count =
        is_tall(arranger) ? sizeof(tall) / sizeof(tall[0]) : sizeof(wide) / sizeof(wide[0]);
    int room = bar_room(arranger);
    double full = tp_frame_capital(arranger, TP_STYLE_BAR), least = arranger->frame_least_mm;
    struct folded folded = {0};

    for (size_t i = 0; i < count; i++) {
        double capital = full;

        folded = fold(arranger, capital, &tries[i]);
        while (folded.widest > room && capital > least) {
            capital = fmax(capital - SHRINK_MM, least);
            folded = fold(arranger, capital, &tries[i]);
        }
        if (folded.widest > room)
            continue;
        if (is_close(&tries[i]))
            spread(&folded, room);
        break;
    }
    return folded;
}

/* The last, Help, stands at the end of the line, as it does when the bar is whole. */
static void place_folded(struct tp_arranger *arranger, const struct folded *folded, int top)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int start = lengths->margin, end = start + bar_room(arranger), at = start, index = 0;

    for (struct tp_node *node = arranger->page->bar->first; node; node = node->next) {
        int own;

        if (node->hidden)
            continue;
        own = folded->widths[index];
        if (folded->rows > 1 && at > start && at + own > end) {
            at = start;
            top += folded->height + lengths->target_gap;
        }
        if (index > 0 && index + 1 == folded->count && at + own < end)
            at = end - own;
        place(arranger, node, (SDL_Rect){at, top, own, folded->height}, folded->above,
              folded->capital);
        at += own + folded->gap;
        index++;
    }
}

int tp_bar_arrange(struct tp_arranger *arranger, bool squeeze)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_node *bar = arranger->page->bar;
    int top, height;

    bar->hidden = !bar->first;
    if (bar->hidden) {
        bar->box = (SDL_Rect){0, screen->height, screen->width, 0};
        return screen->height;
    }
    struct plan plan = choose(arranger, squeeze);
    struct folded folded = {0};

    if (plan.folded) {
        folded = fit_folded(arranger);
        plan = (struct plan){.rows = folded.rows, .height = folded.height, .folded = true};
    }
    height = height_of(arranger, &plan);
    top = screen->height - height;
    bar->box = (SDL_Rect){0, top, screen->width, height};
    if (plan.folded)
        place_folded(arranger, &folded, top + lengths->bar_pad);
    else
        place_rows(arranger, &plan, top + lengths->bar_pad);
    return top;
}
