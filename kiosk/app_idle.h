/*
 * When nobody has touched the screen for a while: a warning, then a wipe.
 *
 * The watch knows only times, so that a test can run through hours at once. It never looks at the
 * clock itself: every call says what time it is (monotonic milliseconds). While it is not armed
 * (the welcome page with everything at its default) it never fires. Source: ACCESSIBILITY.md S1,
 * WCAG 2.2.1. Thread: one at a time.
 */
#ifndef TP_KIOSK_APP_IDLE_H
#define TP_KIOSK_APP_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#define TP_IDLE_MINUTES_MIN 2
#define TP_IDLE_MINUTES_MAX 10
#define TP_IDLE_MINUTES_LIBRARY 5
#define TP_IDLE_MINUTES_EVENT 2
/* Time to find the button after the warning, for someone who moves slowly. */
#define TP_IDLE_WARNING_MS 45000

enum tp_idle_event {
    TP_IDLE_NOTHING,
    TP_IDLE_WARN, /* show and say the warning */
    TP_IDLE_WIPE, /* nobody is there: forget everything */
};

struct tp_idle {
    int64_t limit_ms;    /* quiet time before the warning */
    int64_t last_ms;     /* the last sign of life */
    int64_t warned_ms;   /* when the warning was shown */
    bool armed, warning; /* warning: shown and not answered */
};

void tp_idle_init(struct tp_idle *idle, int64_t limit_ms);

/* Starts watching from `now`; does nothing when it watches already. */
void tp_idle_arm(struct tp_idle *idle, int64_t now);
void tp_idle_disarm(struct tp_idle *idle);

/* A touch, a key or speech playing: the quiet time starts again, and a warning is over. */
void tp_idle_activity(struct tp_idle *idle, int64_t now);

/* As if the quiet time were over now: headphones were pulled out of a hidden screen. */
void tp_idle_ask(struct tp_idle *idle, int64_t now);

/* What is due. Each of WARN and WIPE is given once. */
enum tp_idle_event tp_idle_tick(struct tp_idle *idle, int64_t now);

/* Milliseconds until tp_idle_tick has something to say; -1 for never. */
int64_t tp_idle_next_ms(const struct tp_idle *idle, int64_t now);

#endif
