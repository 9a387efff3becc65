/* See lengths.h. */
#include "kiosk/ui/lengths.h"

#include <math.h>
#include <stddef.h>

/* The short side of a screen that has room for every length in full, and of a small tablet. */
#define NORMAL_SIDE_MM 230.0
#define SMALL_SIDE_MM 130.0

/* A small screen gives headings this share of what they have over the body. */
#define SMALL_LARGER 0.45

/* Millimetres: on a small tablet, normally, and what a tight page takes of it. */
static const struct row {
    size_t offset;
    double small, normal, tight;
} rows[] = {
    {offsetof(struct tp_lengths, margin), 9, 16, 1},
    {offsetof(struct tp_lengths, top), 4, 9, 1},
    {offsetof(struct tp_lengths, progress), 1.5, 2, 1},
    {offsetof(struct tp_lengths, section), 3.5, 6, 0.8},
    {offsetof(struct tp_lengths, gap), 3, 4, 0.9},
    {offsetof(struct tp_lengths, text_gap), 2.5, 4, 0.8},
    {offsetof(struct tp_lengths, action), 16, 22, 1},
    {offsetof(struct tp_lengths, bar_button), 14, 19, 1},
    {offsetof(struct tp_lengths, bar_pad), 2.6, 3.5, 1},
    {offsetof(struct tp_lengths, answer), 18, 24, 0.84},
    {offsetof(struct tp_lengths, picture_answer), 30, 50, 0.84},
    {offsetof(struct tp_lengths, picture), 24, 36, 0.84},
    {offsetof(struct tp_lengths, summary), 18, 22, 0.9},
    {offsetof(struct tp_lengths, change), 13, 16, 0.9},
    {offsetof(struct tp_lengths, pad_x), 4.5, 6.6, 1},
    {offsetof(struct tp_lengths, pad_y), 2.5, 4, 0.8},
    {offsetof(struct tp_lengths, panel_pad), 5, 10, 0.9},
    {offsetof(struct tp_lengths, radius), 3.2, 4, 1},
    {offsetof(struct tp_lengths, key), 15, 21, 1},
    {offsetof(struct tp_lengths, key_least), 12.8, 12.8, 1},
    {offsetof(struct tp_lengths, key_aim), 14, 16, 1},
    {offsetof(struct tp_lengths, key_width), 24, 28, 1},
    {offsetof(struct tp_lengths, key_gap), 2.6, 3.5, 1},
    {offsetof(struct tp_lengths, target), TP_TARGET_MM, TP_TARGET_MM, 1},
    {offsetof(struct tp_lengths, target_gap), TP_TARGET_GAP_MM, TP_TARGET_GAP_MM, 1},
};

struct tp_lengths tp_lengths_of(const struct tp_screen *screen, int tight)
{
    struct tp_lengths lengths;
    double width = tp_px_to_mm(screen, screen->width), height = tp_px_to_mm(screen, screen->height);
    double share = (fmin(width, height) - SMALL_SIDE_MM) / (NORMAL_SIDE_MM - SMALL_SIDE_MM);

    share = share < 0 ? 0 : share > 1 ? 1 : share;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        double mm = rows[i].small + (rows[i].normal - rows[i].small) * share;
        int *length = (int *)(void *)((char *)&lengths + rows[i].offset);

        *length = tp_mm_ceil(screen, mm * pow(rows[i].tight, tight));
    }
    if (lengths.change < lengths.target)
        lengths.change = lengths.target;
    if (lengths.answer < tp_mm_ceil(screen, TP_ANSWER_MM))
        lengths.answer = tp_mm_ceil(screen, TP_ANSWER_MM);
    if (lengths.gap < lengths.target_gap)
        lengths.gap = lengths.target_gap;
    lengths.larger = SMALL_LARGER + (1 - SMALL_LARGER) * share;
    lengths.border = fmax(1, tp_mm_to_px(screen, 0.5));
    lengths.strong_border = fmax(1, tp_mm_to_px(screen, 0.8));
    lengths.focus = fmax(2, tp_mm_to_px(screen, 1.6));
    lengths.focus_edge = fmax(1, tp_mm_to_px(screen, 0.8));
    return lengths;
}
