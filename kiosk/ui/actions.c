/* See frame.h: Back, what turns a long page, and Continue. */
#include <math.h>

#include "kiosk/ui/frame.h"

/* Steps in which words shrink until they fit. */
#define SHRINK_MM 0.2

/* Room at each side of the words, in capitals: usually, before words get smaller, and before a
 * group of them takes a line of its own. */
#define AIR 1.8
#define LITTLE_AIR 0.8
#define LEAST_AIR 0.3
/* Words get this much smaller before Up loses its words. */
#define SMALLER 0.85

/* Lines of actions: Back and Continue, and above them what turns the page; on a narrow screen Back
 * has a line of its own above Continue. */
#define LINES_MAX 3

/* How the actions are shown: how large their words, how much room beside those, Up with its words
 * or as its sign alone, More without what there is more of, the others without their signs. */
struct manner {
    double most_mm, air;
    bool plain_up, short_more, bare;
};

struct group {
    struct tp_node *nodes[3];
    int widths[3];
    int count, total;
};

/* Side by side: at the start of the line, in its middle and at its end. */
struct line {
    struct group start, middle, end;
};

/* From the bottom up. */
struct plan {
    struct line lines[LINES_MAX];
    int count;
    double most_mm;
};

static void add_action(struct tp_arranger *arranger, struct group *group, struct tp_node *node,
                       const struct manner *manner, int least)
{
    int width;

    if (!node)
        return;
    width = tp_button_content_width(arranger, node, manner->most_mm) +
            2 * tp_px(arranger, manner->most_mm * manner->air);
    if (width < least)
        width = least;
    if (group->count)
        group->total += arranger->lengths.gap;
    group->nodes[group->count] = node;
    group->widths[group->count++] = width;
    group->total += width;
}

/* ---- how they are shown ---- */

static void show_as(struct tp_page *page, const struct manner *manner)
{
    struct tp_node *const bare[] = {page->back, page->extra, page->primary};

    for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
        if (bare[i])
            bare[i]->bare = manner->bare;
    page->up_node->plain = manner->plain_up;
    tp_piece_say(&page->more_node->pieces[0], manner->short_more ? page->more_short : page->more);
}

static struct plan plan_actions(struct tp_arranger *arranger, bool turning, int lines,
                                const struct manner *manner)
{
    struct tp_page *page = arranger->page;
    struct plan plan = {.count = lines, .most_mm = manner->most_mm};
    struct line *last = &plan.lines[lines - 1];
    /* On a line of their own they stand at its ends, above Back and Continue. */
    struct group *up = lines > 1 ? &last->start : &last->middle;
    struct group *more = lines > 1 ? &last->end : &last->middle;
    bool small = tp_is_small(arranger);
    int wide = tp_px(arranger, small ? 40 : 70), narrow = tp_px(arranger, small ? 30 : 44);

    show_as(page, manner);
    add_action(arranger, &plan.lines[lines == LINES_MAX ? 1 : 0].start, page->back, manner, narrow);
    if (turning) {
        add_action(arranger, up, page->up_node, manner,
                   manner->plain_up ? arranger->lengths.action : narrow);
        add_action(arranger, more, page->more_node, manner, narrow);
    }
    add_action(arranger, &last->middle, page->extra, manner, narrow);
    add_action(arranger, &plan.lines[0].end, page->primary, manner, wide);
    return plan;
}

static int width_of(const struct tp_arranger *arranger, const struct line *line)
{
    int groups = (line->start.count > 0) + (line->middle.count > 0) + (line->end.count > 0);

    return line->start.total + line->middle.total + line->end.total +
           (groups > 1 ? groups - 1 : 0) * arranger->lengths.gap;
}

static int widest_of(const struct tp_arranger *arranger, const struct plan *plan)
{
    int widest = 0;

    for (int i = 0; i < plan->count; i++) {
        int own = width_of(arranger, &plan->lines[i]);

        widest = own > widest ? own : widest;
    }
    return widest;
}

static bool fits(const struct tp_arranger *arranger, const struct plan *plan, int width)
{
    return widest_of(arranger, plan) <= width;
}

/* On so many lines: closer words, smaller ones, Up without its words, More without what of, and
 * then the others without their signs, until each line fits. */
static struct plan fit_lines(struct tp_arranger *arranger, bool turning, int lines, int width)
{
    double full = tp_frame_capital(arranger, TP_STYLE_BUTTON), least = arranger->frame_least_mm;
    const struct {
        double air, smallest;
        bool plain_up, short_more, bare;
    } tries[] = {{AIR, full, false, false, false},
                 {LITTLE_AIR, full * SMALLER, false, false, false},
                 {LITTLE_AIR, full * SMALLER, true, false, false},
                 {LITTLE_AIR, least, true, true, false},
                 {LITTLE_AIR, least, true, true, true},
                 {LEAST_AIR, least, true, true, true}};
    struct plan plan = {0};

    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        struct manner manner = {full, tries[i].air, tries[i].plain_up, tries[i].short_more,
                                tries[i].bare};
        double smallest = fmax(tries[i].smallest, least);

        plan = plan_actions(arranger, turning, lines, &manner);
        while (!fits(arranger, &plan, width) && manner.most_mm > smallest + 1e-9) {
            manner.most_mm = fmax(manner.most_mm - SHRINK_MM, smallest);
            plan = plan_actions(arranger, turning, lines, &manner);
        }
        if (fits(arranger, &plan, width))
            break;
    }
    return plan;
}

/* The plainer action becomes the last thing of the body. */
static void lower_extra(struct tp_page *page)
{
    tp_node_move(page->extra, page->body);
    page->extra->bare = false;
    page->extra = NULL;
}

/* On as few lines as they fit on. Where that is more than one, the plainer action leaves them. */
static struct plan fit_actions(struct tp_arranger *arranger, bool turning, int width)
{
    struct plan plan = {0};

    for (int lines = 1; lines <= LINES_MAX; lines++) {
        plan = fit_lines(arranger, turning, lines, width);
        if (fits(arranger, &plan, width))
            break;
        if (arranger->page->extra) {
            lower_extra(arranger->page);
            lines = 0;
        }
    }
    return plan;
}

/* ---- where they stand ---- */

/* From `x` on, one after the other. */
static void place_group(struct tp_arranger *arranger, const struct group *group, int x, int y,
                        double most_mm)
{
    for (int i = 0; i < group->count; i++) {
        group->nodes[i]->box = (SDL_Rect){x, y, group->widths[i], arranger->action_height};
        tp_arrange_button_content(arranger, group->nodes[i], most_mm);
        x += group->widths[i] + arranger->lengths.gap;
    }
}

/* The middle group stands in the middle of the screen where the others let it; alone it begins with
 * the words above it. */
static int middle_x(const struct tp_arranger *arranger, const struct line *line, int x, int width)
{
    int gap = arranger->lengths.gap, at = x + (width - line->middle.total) / 2;
    int from = line->start.count ? x + line->start.total + gap : x;
    int to = x + width - (line->end.count ? line->end.total + gap : 0) - line->middle.total;

    if (!line->start.count && !line->end.count)
        return x;
    return at < from ? from : at > to ? to : at;
}

static void place_line(struct tp_arranger *arranger, const struct line *line, int y, double most_mm)
{
    int x = arranger->lengths.margin, width = arranger->ui->options.screen.width - 2 * x;

    place_group(arranger, &line->start, x, y, most_mm);
    place_group(arranger, &line->middle, middle_x(arranger, line, x, width), y, most_mm);
    place_group(arranger, &line->end, x + width - line->end.total, y, most_mm);
}

int tp_actions_arrange(struct tp_arranger *arranger, int bottom, bool turning)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    int width = arranger->ui->options.screen.width - 2 * lengths->margin;
    struct plan plan = fit_actions(arranger, turning, width);
    int top = bottom + lengths->gap;

    if (widest_of(arranger, &plan) == 0)
        return bottom + lengths->section;
    for (int i = 0; i < plan.count; i++) {
        if (width_of(arranger, &plan.lines[i]) == 0)
            continue;
        top -= lengths->gap + lengths->action;
        place_line(arranger, &plan.lines[i], top, plan.most_mm);
    }
    return top;
}

bool tp_actions_raise(struct tp_page *page)
{
    struct tp_node *node = page->body;

    while (node && (node->kind != TP_KIND_BUTTON || node->button != TP_BUTTON_PRIMARY))
        node = (struct tp_node *)tp_node_after(page->body, node);
    if (!node || page->primary)
        return false;
    tp_node_move(node, page->actions);
    node->large = node->wide = node->centred = false;
    node->pieces[0].grow = 0;
    page->primary = node;
    return true;
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
    struct plan plan = fit_actions(arranger, turning, width);
    const struct line *first = &plan.lines[0];
    int y = top + lengths->top / 2, below = y;
    int end =
        first->middle.count ? middle_x(arranger, first, x, width) : x + width - first->end.total;

    place_status(arranger, x + first->start.total + lengths->gap, end - lengths->gap, y);
    for (int i = 0; i < plan.count; i++) {
        if (width_of(arranger, &plan.lines[i]) == 0)
            continue;
        place_line(arranger, &plan.lines[i], below, plan.most_mm);
        below += arranger->action_height + lengths->target_gap;
    }
    return below - lengths->target_gap;
}
