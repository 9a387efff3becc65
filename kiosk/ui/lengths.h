/*
 * Inside kiosk/ui: the lengths of the design, drawn in millimetres, in pixels of one screen.
 *
 * On a screen whose short side is below 185 mm they shrink towards those of a 10-inch tablet, never
 * below what ACCESSIBILITY.md P1 asks of a target. `tight` 1 takes less for answers and gaps, which
 * is tried before a page is cut into parts, and 2 less again, for parts on a small screen. Thread:
 * any.
 */
#ifndef TP_KIOSK_UI_LENGTHS_H
#define TP_KIOSK_UI_LENGTHS_H

#include "kiosk/gfx/screen.h"

/* ACCESSIBILITY.md P1. */
#define TP_TARGET_MM 12.7
#define TP_TARGET_GAP_MM 2.54
#define TP_ANSWER_MM 16.0

struct tp_lengths {
    int margin;         /* at the sides */
    int top;            /* above the title line */
    int progress;       /* height of the bar */
    int section;        /* between the header, the body and the actions */
    int gap;            /* between answers */
    int text_gap;       /* between paragraphs */
    int action;         /* height of Back and Continue */
    int bar_button;     /* height of a button of the bar */
    int bar_pad;        /* around them */
    int answer;         /* least height of an answer */
    int picture_answer; /* of one with a picture */
    int picture;        /* side of that picture */
    int summary;        /* least height of a row of the check page */
    int change;         /* height of its button */
    int pad_x, pad_y;   /* within answers */
    int panel_pad;
    int radius;
    int key, key_least; /* height of a key */
    int key_aim;        /* below which keys get only when nothing else gives way */
    int key_width;      /* at most */
    int key_gap;
    int target, target_gap; /* P1 */
    double
        larger; /* of what headings have over the body: all of it, or a share on a small screen */
    double border, strong_border;
    double focus, focus_edge; /* the ring */
};

struct tp_lengths tp_lengths_of(const struct tp_screen *screen, int tight);

#endif
