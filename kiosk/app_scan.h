/*
 * One switch: the focus moves by itself, and the switch takes what it stands on (ACCESSIBILITY.md
 * P8).
 *
 * The first press starts it. It goes through the page in the order of the focus, at a pace that the
 * person chooses, a keyboard by rows and then by the keys of a row; what is being read aloud is
 * heard to its end before it moves on. It starts again on every page and after every answer, and
 * rests after some rounds in which nothing was taken: the next press starts it. A touch ends it.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_SCAN_H
#define TP_KIOSK_APP_SCAN_H

#include <stdbool.h>
#include <stdint.h>

struct tp_app;
struct tp_intent;

/* From a quick hand to one that needs its time, in steps; the last is the quickest. */
#define TP_SCAN_STEPS 14
#define TP_SCAN_PACE_MIN 400
#define TP_SCAN_PACE_MAX 8000
#define TP_SCAN_PACE_MS 1500
#define TP_SCAN_ROUNDS 3
/* Once round the keys of a row, twice; then it goes back to the rows. */
#define TP_SCAN_ROW_ROUNDS 2

struct tp_scan {
    bool on;       /* this person uses the switch */
    bool rests;    /* after its rounds, until the next press */
    int64_t due;   /* when it moves on */
    int rounds;    /* since the last press */
    unsigned page; /* serial of the page that it goes through */
};

/* The switch was pressed. True: `intent` has become the selection of what has the focus. */
bool tp_scan_press(struct tp_app *app, struct tp_intent *intent);

/* The page was touched: someone does without. */
void tp_scan_end(struct tp_app *app);

/* Something was taken, or the page was built: goes on from here. */
void tp_scan_again(struct tp_app *app);

/* Moves on where that is due. Milliseconds until it is; -1: never. */
int64_t tp_scan_tick(struct tp_app *app);

/* The person's pace as a step, 0 to TP_SCAN_STEPS - 1; a step past the ends does nothing. */
int tp_scan_step(const struct tp_app *app);
void tp_scan_set_step(struct tp_app *app, int step);

#endif
