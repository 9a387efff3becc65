/*
 * What drawing costs: a whole 1080p frame, a pressed answer, a page from nothing to pixels.
 *
 * The baseline is the least that any frame costs: filling its pixels once, in the same run. Medians
 * of RUNS.
 */
#include <stdlib.h>
#include <unistd.h>

#include "../../unit/kiosk/ui_pages.h"
#include "base/clock.h"
#include "bench/bench.h"
#include "kiosk/gfx/draw.h"

#define RUNS 41
/* Repeats within a run, so that a clock of milliseconds can tell. */
#define REPEATS 20

static struct stage stage;

static void fill_frame(void)
{
    tp_fill(stage.canvas, NULL, 0xFBFAF6);
}

static void draw_frame(void)
{
    tp_ui_redraw_all(stage.ui);
    (void)stage_draw(&stage);
}

static void build_and_draw(void)
{
    struct tp_error error;

    page_question(&stage);
    if (tp_ui_end(stage.ui, &error))
        (void)stage_draw(&stage);
}

/* As for a new person: nothing is kept of the last page's words. */
static void draw_cold(void)
{
    tp_fonts_forget(stage.fonts);
    build_and_draw();
}

static void draw_press(void)
{
    struct tp_action action;
    uint32_t target = tp_ui_target_of(stage.ui, "choice:2");

    (void)tp_ui_handle(stage.ui, &(struct tp_intent){.kind = TP_INTENT_PRESS, .target = target},
                       &action);
    (void)stage_draw(&stage);
    (void)tp_ui_handle(stage.ui, &(struct tp_intent){.kind = TP_INTENT_CANCEL, .target = target},
                       &action);
    (void)stage_draw(&stage);
}

static double median_ms(void (*work)(void))
{
    struct tp_clock clock = tp_clock_system();
    double times[RUNS];

    for (int i = 0; i < RUNS; i++) {
        int64_t start = tp_clock_monotonic_ms(&clock);

        for (int k = 0; k < REPEATS; k++)
            work();
        times[i] = (double)(tp_clock_monotonic_ms(&clock) - start) / REPEATS;
    }
    qsort(times, RUNS, sizeof(times[0]), ascending);
    return times[RUNS / 2];
}

int main(void)
{
    double fill;

    if (!stage_open(&stage, 0))
        return 1;
    build_and_draw();
    fill = median_ms(fill_frame);
    build_and_draw();
    report("kiosk frame, 1920x1080, whole", "ms", median_ms(draw_frame), fill);
    report("kiosk frame, 1920x1080, a press and its end", "ms", median_ms(draw_press), fill);
    report("kiosk page, built and drawn", "ms", median_ms(build_and_draw), fill);
    report("kiosk page, built and drawn with cold caches", "ms", median_ms(draw_cold), fill);
    stage_look(&stage, TP_SIZE_LARGEST, TP_THEME_YELLOW_ON_BLACK, false, "en");
    report("kiosk page, largest size, cold caches", "ms", median_ms(draw_cold), fill);
    stage_close(&stage);
    return 0;
}
