/*
 * Inside kiosk/ui: what stands around the body: the title line and progress above, Back and
 * Continue and the bar below.
 *
 * The words of the frame are as large as the size says (tp_sizes), smaller where they have no room,
 * and never smaller than arranger->frame_least_mm: the smallest size, and in the largest size 0.7
 * degrees (EN 301 549 5.1.4). Thread: the main thread only.
 */
#ifndef TP_KIOSK_UI_FRAME_H
#define TP_KIOSK_UI_FRAME_H

#include "kiosk/ui/arrange.h"

struct tp_frame {
    int body_top, body_bottom; /* of the room between header and actions */
};
struct tp_frame_mode {
    bool squeeze; /* smaller words */
    bool turning; /* with More and Up */
    bool lifted;  /* the actions stand in the title line: where keys need all the height */
};
/* Header, bar and actions. */
struct tp_frame tp_frame_arrange(struct tp_arranger *arranger, struct tp_frame_mode mode);

/* Is the screen nearer to a small tablet than to a library's? */
static inline bool tp_is_small(const struct tp_arranger *arranger)
{
    return arranger->lengths.action < tp_px(arranger, 20);
}

/* The capital height that a style of the frame has where there is room. */
double tp_frame_capital(const struct tp_arranger *arranger, enum tp_style style);

/* ---- marks at places of the glass (pin.c) ---- */

void tp_pins_arrange(struct tp_arranger *arranger);

/* ---- the bar (bar.c) ---- */

/* At the bottom of the screen; returns its top. `squeeze`: as low as it can be. */
int tp_bar_arrange(struct tp_arranger *arranger, bool squeeze);

/* ---- the actions (actions.c) ---- */

/* On a page that is cut the primary button of the body ("I'm still here") becomes its primary
 * action, which stands on every part; false where there is none, or a primary action already. */
bool tp_actions_raise(struct tp_page *page);
/* Above `bottom`; returns their top. */
int tp_actions_arrange(struct tp_arranger *arranger, int bottom, bool turning);
/* In the place of the title line from `top` on, with the status between them where it has room;
 * returns their bottom. */
int tp_actions_lift(struct tp_arranger *arranger, int top, bool turning);

#endif
