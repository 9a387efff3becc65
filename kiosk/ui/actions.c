/* See frame.h: Back, what turns a long page, and Continue. */
#include <math.h>

#include "kiosk/ui/frame.h"

/* Steps in which words shrink until they fit. */
#define SHRINK_MM 0.2

/* Room at each side of the words, in capitals: usually, and before words get smaller. */
#define AIR 1.8
#define LITTLE_AIR 0.8
/* Words get this much smaller before Up loses its words. */
#define SMALLER 0.85

/* How the actions are shown: how large their words, how much room beside those, Back and Continue
 * without their signs, Up with its words or as its sign alone. */
struct manner {
    double most_mm, air;
    bool bare, plain_up;
};

struct action_row {
    struct tp_node *nodes[4];
    int widths[4];
    int count, total;
};

static void add_action(struct tp_arranger *arranger, struct action_row *row, struct tp_node *node,
                       const struct manner *manner, int least)
{
    int width;

    if (!node)
        return;
    width = tp_button_content_width(arranger, node, manner->most_mm) +
            2 * tp_px(arranger, manner->most_mm * manner->air);
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

static struct action_plan plan_actions(struct tp_arranger *arranger, bool turning,
                                       const struct manner *manner)
{
    struct tp_page *page = arranger->page;
    struct action_plan plan = {.most_mm = manner->most_mm};
    bool small = tp_is_small(arranger);
    int wide = tp_px(arranger, small ? 40 : 70), narrow = tp_px(arranger, small ? 30 : 44);

    if (page->back)
        page->back->bare = manner->bare;
    if (page->primary)
        page->primary->bare = manner->bare;
    add_action(arranger, &plan.back, page->back, manner, narrow);
    if (turning) {
        page->up_node->plain = manner->plain_up;
        add_action(arranger, &plan.middle, page->up_node, manner,
                   manner->plain_up ? arranger->lengths.action : narrow);
        add_action(arranger, &plan.middle, page->more_node, manner, narrow);
    }
    add_action(arranger, &plan.middle, page->extra, manner, narrow);
    add_action(arranger, &plan.primary, page->primary, manner, wide);
    return plan;
}

static int total_of(const struct tp_arranger *arranger, const struct action_plan *plan)
{
    int groups = (plan->back.count > 0) + (plan->middle.count > 0) + (plan->primary.count > 0);

    return plan->back.total + plan->middle.total + plan->primary.total +
           (groups > 1 ? groups - 1 : 0) * arranger->lengths.gap;
}

/* Closer words, smaller ones, Up without its words, and then the others without their signs, until
 * the row fits. */
static struct action_plan fit_actions(struct tp_arranger *arranger, bool turning, int width)
{
    double full = tp_frame_capital(arranger, TP_STYLE_BUTTON), least = arranger->frame_least_mm;
    const struct {
        double air, smallest;
        bool bare, plain_up;
    } tries[] = {{AIR, full, false, false},
                 {LITTLE_AIR, full * SMALLER, false, false},
                 {LITTLE_AIR, full * SMALLER, false, true},
                 {LITTLE_AIR, least, true, true}};
    struct action_plan plan = {0};

    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        struct manner manner = {full, tries[i].air, tries[i].bare, tries[i].plain_up};
        double smallest = fmax(tries[i].smallest, least);

        plan = plan_actions(arranger, turning, &manner);
        while (total_of(arranger, &plan) > width && manner.most_mm > smallest + 1e-9) {
            manner.most_mm = fmax(manner.most_mm - SHRINK_MM, smallest);
            plan = plan_actions(arranger, turning, &manner);
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

int tp_actions_arrange(struct tp_arranger *arranger, int bottom, bool turning)
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

/* The status between the actions where there is room for it. */
static void place_status(struct tp_arranger *arranger, int from, int to, int y)
{
    struct tp_node *node = arranger->page->status_node;
    struct tp_piece *status = node ? &node->pieces[0] : NULL;
    int own = status ? tp_line_width(arranger, status, arranger->frame_least_mm) + 2 : 0;

    if (!node)
        return;
    node->hidden = own > to - from;
    if (node->hidden)
        return;
    int tall =
        tp_lay(arranger, status, from + (to - from - own) / 2, y, own, arranger->frame_least_mm);

    status->box.y = y + (arranger->action_height - tall) / 2;
    node->box = status->box;
}

int tp_actions_lift(struct tp_arranger *arranger, int top, bool turning)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int x = lengths->margin, width = arranger->ui->options.screen.width - 2 * x;
    struct action_plan plan = fit_actions(arranger, turning, width);
    bool two_rows = total_of(arranger, &plan) > width;
    int y = top + lengths->top / 2, middle = middle_x(arranger, &plan, x, width);
    int from = x + plan.back.total + lengths->gap, end = x + width - plan.primary.total;

    (void)place_row(arranger, &plan.back, x, y, plan.most_mm);
    (void)place_row(arranger, &plan.primary, end, y, plan.most_mm);
    place_status(arranger, from, (plan.middle.count && !two_rows ? middle : end) - lengths->gap, y);
    if (two_rows) {
        y += arranger->action_height + lengths->target_gap;
        middle = x + (width - plan.middle.total) / 2;
    }
    (void)place_row(arranger, &plan.middle, middle, y, plan.most_mm);
    return y + arranger->action_height;
}
