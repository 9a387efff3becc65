/* See parts.h: what stands around the body: the title line and progress above, Back and Continue
 * and the bar below. */
#include <math.h>

#include "kiosk/ui/parts.h"

/* Steps in which words of the frame shrink until they fit. */
#define SHRINK_MM 0.2
/* The most a capital of the frame has where room is short. */
#define SQUEEZED_MM 5.2
/* Two rows of the bar may take this share of a wide screen's height. */
#define BAR_SHARE 0.2

static double least_mm(void)
{
    return tp_sizes[TP_SIZE_SMALL].capital_mm;
}

/* ---- the title line ---- */

/* The progress bar below the title line; returns its bottom. */
static int arrange_progress(struct tp_arranger *arranger, int y)
{
    struct tp_page *page = arranger->page;
    int x = arranger->lengths.margin, width = arranger->ui->options.screen.width - 2 * x;

    if (!page->progress_node)
        return y;
    page->progress_node->hidden = false;
    y += tp_px(arranger, 1);
    page->progress_node->box = (SDL_Rect){x, y, width, arranger->lengths.progress};
    return y + arranger->lengths.progress;
}

static int arrange_header(struct tp_arranger *arranger)
{
    struct tp_page *page = arranger->page;
    const struct tp_screen *screen = &arranger->ui->options.screen;
    int x = arranger->lengths.margin, width = screen->width - 2 * x, y = arranger->lengths.top;
    struct tp_piece *title = page->title_node ? &page->title_node->pieces[0] : NULL;
    struct tp_piece *status = page->status_node ? &page->status_node->pieces[0] : NULL;
    double capital = tp_type_of(TP_STYLE_TITLE, arranger->ui->look.size).capital_mm;
    int gap = tp_px(arranger, 8), status_width = 0, height = 0, tall = 0;

    if (arranger->frame_max_mm > 0)
        capital = fmin(capital, arranger->frame_max_mm);
    if (title && status)
        while (capital > least_mm() && tp_line_width(arranger, title, capital) +
                                               tp_line_width(arranger, status, capital) + gap >
                                           width)
            capital = fmax(capital - SHRINK_MM, least_mm());
    if (status) {
        page->status_node->hidden = false;
        status_width = tp_line_width(arranger, status, capital) + 2;
        if (status_width > (title ? width / 2 : width))
            status_width = title ? width / 2 : width;
        tall = tp_lay(arranger, status, x + width - status_width, y, status_width, capital);
        page->status_node->box = status->box;
    }
    if (title) {
        page->title_node->hidden = false;
        height =
            tp_lay(arranger, title, x, y, width - (status_width ? status_width + gap : 0), capital);
        page->title_node->box = title->box;
    }
    return arrange_progress(arranger, y + (height > tall ? height : tall));
}

/* ---- the bar ---- */

struct bar_plan {
    int rows, columns, width, height; /* of a button */
    bool icon_above;
    double capital;
};

/* The largest capital with which every button's words fit; 0 where not even the smallest do. */
static double bar_capital(struct tp_arranger *arranger, const struct bar_plan *plan, double most)
{
    int room = plan->width - 2 * tp_px(arranger, TP_BAR_INSET_MM);
    double capital = most;

    if (plan->icon_above)
        capital = fmin(capital, tp_px_to_mm(&arranger->ui->options.screen,
                                            plan->height - tp_px(arranger, 1.6)) /
                                    (TP_ICON_ABOVE + TP_ICON_WORDS));
    for (struct tp_node *node = arranger->page->bar->first; node; node = node->next) {
        int content = plan->icon_above ? tp_line_width(arranger, &node->pieces[0], most)
                                       : tp_button_content_width(arranger, node, most);

        if (content > room)
            capital = fmin(capital, most * room / content * 0.98);
    }
    return capital < least_mm() ? 0 : capital;
}

static struct bar_plan bar_plan(struct tp_arranger *arranger, int count, int rows, bool icon_above,
                                double most)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int room = arranger->ui->options.screen.width - 2 * lengths->margin;
    struct bar_plan plan = {.rows = rows,
                            .columns = (count + rows - 1) / rows,
                            .height = lengths->bar_button,
                            .icon_above = icon_above};
    int gap = lengths->gap;

    plan.width = (room - gap * (plan.columns - 1)) / plan.columns;
    plan.capital = bar_capital(arranger, &plan, most);
    return plan;
}

static int bar_height(const struct tp_arranger *arranger, const struct bar_plan *plan)
{
    return plan->rows * plan->height + 2 * arranger->lengths.bar_pad +
           (plan->rows - 1) * arranger->lengths.target_gap;
}

/* One row on a wide screen, its words beside the icons or, where they would get too small, below
 * them; two rows on a tall screen and where one row has no room for the words. */
static struct bar_plan choose_bar(struct tp_arranger *arranger, int count, bool squeeze)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    double most = tp_type_of(TP_STYLE_BAR, arranger->ui->look.size).capital_mm;
    struct bar_plan best, other;
    bool tall = screen->height > screen->width && count > 3;

    if (arranger->frame_max_mm > 0)
        most = fmin(most, arranger->frame_max_mm);
    best = bar_plan(arranger, count, tall ? 2 : 1, false, most);
    if (best.capital >= most * 0.95)
        return best;
    other = bar_plan(arranger, count, tall ? 2 : 1, true, most);
    if (other.capital > best.capital * 1.1)
        best = other;
    if (best.capital >= most * 0.75 || tall || count < 3)
        return best;
    other = bar_plan(arranger, count, 2, false, most);
    if (best.capital <= 0 || (!squeeze && other.capital > best.capital &&
                              bar_height(arranger, &other) <= screen->height * BAR_SHARE))
        best = other;
    return best;
}

static int arrange_bar(struct tp_arranger *arranger, bool squeeze)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_node *bar = arranger->page->bar;
    int count = 0, index = 0, top, height;

    for (const struct tp_node *node = bar->first; node; node = node->next)
        count++;
    bar->hidden = count == 0;
    if (!count) {
        bar->box = (SDL_Rect){0, screen->height, screen->width, 0};
        return screen->height;
    }
    struct bar_plan plan = choose_bar(arranger, count, squeeze);

    height = bar_height(arranger, &plan);
    top = screen->height - height;
    bar->box = (SDL_Rect){0, top, screen->width, height};
    for (struct tp_node *node = bar->first; node; node = node->next, index++) {
        int row = index / plan.columns, column = index % plan.columns;

        node->box = (SDL_Rect){lengths->margin + column * (plan.width + lengths->gap),
                               top + lengths->bar_pad + row * (plan.height + lengths->target_gap),
                               plan.width, plan.height};
        node->icon_above = plan.icon_above;
        tp_arrange_button_content(arranger, node, plan.capital > 0 ? plan.capital : least_mm());
    }
    return top;
}

/* ---- Back, More, Continue ---- */

struct action_row {
    struct tp_node *nodes[4];
    int widths[4];
    int count, total;
};

static void add_action(struct tp_arranger *arranger, struct action_row *row, struct tp_node *node,
                       double most_mm, int least)
{
    double capital = tp_type_of(TP_STYLE_BUTTON, arranger->ui->look.size).capital_mm;
    int width;

    if (!node)
        return;
    capital = most_mm > 0 ? fmin(capital, most_mm) : capital;
    width = tp_button_content_width(arranger, node, capital) + 2 * tp_px(arranger, capital * 1.8);
    if (width < least)
        width = least;
    if (row->count)
        row->total += arranger->lengths.gap;
    row->nodes[row->count] = node;
    row->widths[row->count++] = width;
    row->total += width;
}

static void place_action(struct tp_arranger *arranger, struct tp_node *node, int x, int y,
                         int width, double most_mm)
{
    node->box = (SDL_Rect){x, y, width, arranger->action_height};
    tp_arrange_button_content(arranger, node, most_mm);
}

/* From `x` on, one after the other. */
static int place_row(struct tp_arranger *arranger, const struct action_row *row, int x, int y,
                     double most_mm)
{
    for (int i = 0; i < row->count; i++) {
        place_action(arranger, row->nodes[i], x, y, row->widths[i], most_mm);
        x += row->widths[i] + arranger->lengths.gap;
    }
    return x;
}

struct action_plan {
    struct action_row back, middle, primary;
    double most_mm;
};

/* How Up is shown: with its words, or as its sign alone where the row has no room for them. */
static struct action_plan plan_actions(struct tp_arranger *arranger, bool turning, double most_mm,
                                       bool plain_up)
{
    struct tp_page *page = arranger->page;
    struct action_plan plan = {.most_mm = most_mm};
    bool small = arranger->lengths.action < tp_px(arranger, 20);
    int wide = tp_px(arranger, small ? 40 : 70), narrow = tp_px(arranger, small ? 30 : 44);

    add_action(arranger, &plan.back, page->back, most_mm, narrow);
    if (turning) {
        page->up_node->plain = plain_up;
        add_action(arranger, &plan.middle, page->up_node, most_mm,
                   plain_up ? arranger->lengths.action : narrow);
        add_action(arranger, &plan.middle, page->more_node, most_mm, narrow);
    }
    add_action(arranger, &plan.middle, page->extra, most_mm, narrow);
    add_action(arranger, &plan.primary, page->primary, most_mm, wide);
    return plan;
}

static int total_of(const struct tp_arranger *arranger, const struct action_plan *plan)
{
    int groups = (plan->back.count > 0) + (plan->middle.count > 0) + (plan->primary.count > 0);

    return plan->back.total + plan->middle.total + plan->primary.total +
           (groups > 1 ? groups - 1 : 0) * arranger->lengths.gap;
}

/* Smaller words until the row fits, and then Up without its words. */
static struct action_plan fit_actions(struct tp_arranger *arranger, bool turning, int width)
{
    double full = tp_type_of(TP_STYLE_BUTTON, arranger->ui->look.size).capital_mm, most;
    struct action_plan plan;

    if (arranger->frame_max_mm > 0)
        full = fmin(full, arranger->frame_max_mm);
    for (int plain = 0; plain < 2; plain++) {
        double floor_mm = plain ? least_mm() : fmax(least_mm(), full * 0.85);

        most = full;
        plan = plan_actions(arranger, turning, most, plain);
        while (total_of(arranger, &plan) > width && most > floor_mm + 1e-9) {
            most = fmax(most - SHRINK_MM, floor_mm);
            plan = plan_actions(arranger, turning, most, plain);
        }
        if (total_of(arranger, &plan) <= width)
            break;
    }
    return plan;
}

/* The middle group stands in the middle of the screen where the others let it. */
static int middle_x(const struct tp_arranger *arranger, const struct action_plan *plan, int x,
                    int width)
{
    int gap = arranger->lengths.gap, at = x + (width - plan->middle.total) / 2;
    int from = plan->back.count ? x + plan->back.total + gap : x;
    int to = x + width - (plan->primary.count ? plan->primary.total + gap : 0) - plan->middle.total;

    return at < from ? from : at > to ? to : at;
}

static int arrange_actions(struct tp_arranger *arranger, int bottom, bool turning)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int x = lengths->margin, width = arranger->ui->options.screen.width - 2 * x;
    struct action_plan plan = fit_actions(arranger, turning, width);
    int y = bottom - lengths->action, at;

    if (total_of(arranger, &plan) == 0)
        return bottom + lengths->section;
    (void)place_row(arranger, &plan.back, x, y, plan.most_mm);
    (void)place_row(arranger, &plan.primary, x + width - plan.primary.total, y, plan.most_mm);
    if (!plan.middle.count)
        return y;
    at = middle_x(arranger, &plan, x, width);
    if (total_of(arranger, &plan) > width) {
        y -= lengths->action + lengths->gap;
        at = x + (width - plan.middle.total) / 2;
    }
    (void)place_row(arranger, &plan.middle, at, y, plan.most_mm);
    return y;
}

/* Back, what turns, and Continue in the place of the title line and the progress; the status
 * between them where there is room for it. */
static void place_status(struct tp_arranger *arranger, int from, int to, int y)
{
    struct tp_node *node = arranger->page->status_node;
    struct tp_piece *status = node ? &node->pieces[0] : NULL;
    int own = status ? tp_line_width(arranger, status, least_mm()) + 2 : 0;

    if (!node)
        return;
    node->hidden = own > to - from;
    if (node->hidden)
        return;
    int tall = tp_lay(arranger, status, from + (to - from - own) / 2, y, own, least_mm());

    status->box.y = y + (arranger->action_height - tall) / 2;
    node->box = status->box;
}

static int arrange_lifted(struct tp_arranger *arranger, bool turning)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_page *page = arranger->page;
    int x = lengths->margin, width = arranger->ui->options.screen.width - 2 * x;
    struct action_plan plan = fit_actions(arranger, turning, width);
    bool two_rows = total_of(arranger, &plan) > width;
    int y = lengths->top / 2, middle = middle_x(arranger, &plan, x, width);
    int from = x + plan.back.total + lengths->gap, end = x + width - plan.primary.total;

    (void)place_row(arranger, &plan.back, x, y, plan.most_mm);
    (void)place_row(arranger, &plan.primary, end, y, plan.most_mm);
    if (page->title_node)
        page->title_node->hidden = true;
    if (page->progress_node)
        page->progress_node->hidden = true;
    place_status(arranger, from, (plan.middle.count && !two_rows ? middle : end) - lengths->gap, y);
    if (two_rows) {
        y += arranger->action_height + lengths->target_gap;
        middle = x + (width - plan.middle.total) / 2;
    }
    (void)place_row(arranger, &plan.middle, middle, y, plan.most_mm);
    return y + arranger->action_height;
}

struct tp_frame tp_frame_arrange(struct tp_arranger *arranger, struct tp_frame_mode mode)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_frame frame;
    int bar_top;

    arranger->frame_max_mm = mode.squeeze ? SQUEEZED_MM : 0;
    arranger->action_height =
        mode.lifted ? lengths->target + lengths->target / 16 : lengths->action;
    bar_top = arrange_bar(arranger, mode.squeeze);
    if (mode.lifted) {
        /* The gaps within the body and the padding of the bar keep targets apart. */
        frame.body_top = arrange_lifted(arranger, mode.turning) + lengths->target_gap;
        frame.body_bottom = bar_top - lengths->target_gap / 2;
        return frame;
    }
    frame.body_top = arrange_header(arranger) + lengths->section;
    frame.body_bottom =
        arrange_actions(arranger, bar_top - lengths->section, mode.turning) - lengths->section;
    return frame;
}
