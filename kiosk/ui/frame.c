/* See frame.h: the title line, the progress below it, and where the body begins and ends. */
#include "kiosk/ui/frame.h"

#include <math.h>

/* Steps in which words of the frame shrink until they fit. */
#define SHRINK_MM 0.2
/* The most a capital of the frame has where room is short. */
#define SQUEEZED_MM 5.2
/* Lower controls: the share of a tall screen that stays empty above them. A person who sits reaches
 * about as far up as the rest (EN 301 549 8.3.2: 1,220 mm above the floor). */
#define LOWER_SHARE 0.38

double tp_frame_capital(const struct tp_arranger *arranger, enum tp_style style)
{
    double capital = tp_type_of(style, arranger->ui->look.size).capital_mm;

    if (arranger->frame_max_mm > 0)
        capital = fmin(capital, arranger->frame_max_mm);
    return fmax(capital, arranger->frame_least_mm);
}

/* ---- the title line ---- */

/* The progress bar below the title line; returns its bottom. */
static int arrange_progress(struct tp_arranger *arranger, int y)
{
    struct tp_page *page = arranger->page;
    int x = arranger->lengths.margin, width = arranger->ui->options.screen.width - 2 * x;

    if (!page->progress_node)
        return y;
    page->progress_node->hidden = arranger->ui->look.quiet;
    if (page->progress_node->hidden)
        return y;
    y += tp_px(arranger, 1);
    page->progress_node->box = (SDL_Rect){x, y, width, arranger->lengths.progress};
    return y + arranger->lengths.progress;
}

static int title_width(struct tp_arranger *arranger, struct tp_piece *title,
                       struct tp_piece *status, double capital)
{
    int words = tp_line_width(arranger, title, capital);

    return status ? words + tp_line_width(arranger, status, capital) + tp_px(arranger, 8) : words;
}

static int arrange_header(struct tp_arranger *arranger, int top, struct tp_frame_mode mode)
{
    struct tp_page *page = arranger->page;
    const struct tp_screen *screen = &arranger->ui->options.screen;
    int x = arranger->lengths.margin, width = screen->width - 2 * x,
        y = top + arranger->lengths.top;
    struct tp_piece *title = page->title_node ? &page->title_node->pieces[0] : NULL;
    struct tp_piece *status = page->status_node ? &page->status_node->pieces[0] : NULL;
    double capital = tp_frame_capital(arranger, TP_STYLE_TITLE), least = arranger->frame_least_mm;
    int gap = tp_px(arranger, 8), status_width = 0, height = 0, tall = 0;

    if (title)
        page->title_node->hidden = false;
    while (title && capital > least && title_width(arranger, title, status, capital) > width)
        capital = fmax(capital - SHRINK_MM, least);
    /* Where a second line of it would cost answers, where in the survey says more than its name;
     * where room is short on one of several parts, what is said there. */
    if (title && (status || (mode.turning && mode.squeeze)) && tp_is_small(arranger) &&
        title_width(arranger, title, status, capital) > width) {
        page->title_node->hidden = true;
        title = NULL;
    }
    if (status) {
        page->status_node->hidden = false;
        status_width = tp_line_width(arranger, status, capital) + 2;
        if (status_width > (title ? width / 2 : width))
            status_width = title ? width / 2 : width;
        tall = tp_lay(arranger, status, x + width - status_width, y, status_width, capital);
        page->status_node->box = status->box;
    }
    if (title) {
        height =
            tp_lay(arranger, title, x, y, width - (status_width ? status_width + gap : 0), capital);
        page->title_node->box = title->box;
    }
    return arrange_progress(arranger, y + (height > tall ? height : tall));
}

/* Where the page begins: at the top, or with lower controls within seated reach. */
static int page_top(const struct tp_arranger *arranger)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;

    return arranger->ui->look.lower && screen->height > screen->width
               ? (int)(screen->height * LOWER_SHARE)
               : 0;
}

/* The least capital of the frame's words: the smallest size, in the largest 0.7 degrees, in the
 * whole pixels in which a capital is drawn. */
static double least_capital(const struct tp_arranger *arranger)
{
    const struct tp_screen *screen = &arranger->ui->options.screen;
    enum tp_size size = arranger->ui->look.size;
    double degrees = tp_screen_mm_of(screen, TP_CAPITAL_DEGREES);
    double drawn = tp_px_to_mm(screen, tp_mm_ceil(screen, degrees));

    return size == TP_SIZE_LARGEST ? fmin(drawn, tp_sizes[size].capital_mm)
                                   : tp_sizes[TP_SIZE_SMALL].capital_mm;
}

struct tp_frame tp_frame_arrange(struct tp_arranger *arranger, struct tp_frame_mode mode)
{
    const struct tp_lengths *lengths = &arranger->lengths;
    struct tp_frame frame;
    int bar_top, top = page_top(arranger);

    tp_pins_arrange(arranger);
    arranger->frame_least_mm = least_capital(arranger);
    arranger->frame_max_mm = mode.squeeze ? SQUEEZED_MM : 0;
    arranger->action_height =
        mode.lifted ? lengths->target + lengths->target / 16 : lengths->action;
    bar_top = tp_bar_arrange(arranger, mode.squeeze);
    if (mode.lifted) {
        if (arranger->page->title_node)
            arranger->page->title_node->hidden = true;
        if (arranger->page->progress_node)
            arranger->page->progress_node->hidden = true;
        /* The gaps within the body and the padding of the bar keep targets apart. */
        frame.body_top = tp_actions_lift(arranger, top, mode.turning) + lengths->target_gap;
        frame.body_bottom = bar_top - lengths->target_gap / 2;
        return frame;
    }
    frame.body_top = arrange_header(arranger, top, mode) + lengths->section;
    frame.body_bottom =
        tp_actions_arrange(arranger, bar_top - lengths->section, mode.turning) - lengths->section;
    return frame;
}
