/*
 * Staff: getting in with a PIN, and what they set.
 *
 * The way in is hidden from residents: five touches in the top corner where the line begins, or
 * F12. Wrong tries make the wait before the next one grow; the count outlives a restart. What staff
 * set (venue, event, volume) is kept in the store's settings. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_STAFF_H
#define TP_KIOSK_APP_STAFF_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/self_test.h"
#include "kiosk/widgets/text_edit.h"

struct tp_app;

/* Touches that open the PIN page, and the time they have to follow one another in. */
#define TP_STAFF_TAPS 5
#define TP_STAFF_TAP_MS 1500
/* The corner: no target reaches into it. */
#define TP_STAFF_CORNER_MM 14.0
/* Cells of the touch check. */
#define TP_STAFF_CELLS 40

enum tp_staff_task {
    TP_STAFF_SEND = 1,
    TP_STAFF_STICK,
    TP_STAFF_VENUE,
    TP_STAFF_EVENT,
    TP_STAFF_PRACTICE,
    TP_STAFF_CHECK_SCREEN,
    TP_STAFF_MATCH_TOUCH,
    TP_STAFF_FORGET_TOUCH,
    TP_STAFF_QUIT,
};

struct tp_staff {
    int taps;
    int64_t last_tap_ms;
    int failures;          /* wrong PINs in a row */
    int64_t wait_until_ms; /* monotonic; no PIN is looked at before */
    bool wrong;            /* the last one was wrong */
    bool asked_to_send;    /* the agent has been asked */
    bool asked_for_stick;  /* likewise, to use the USB stick */
    enum tp_staff_task typing;
    struct tp_text_edit edit; /* the PIN, or the venue or event being typed */
    bool cells[TP_STAFF_CELLS];
    struct tp_health health[TP_HEALTH_MAX]; /* as it was when the page was opened */
    size_t health_count;
};

/* Reads what is kept from before. */
void tp_staff_start(struct tp_app *app);

/* A touch at a place in millimetres from the start corner; true when it was the fifth. */
bool tp_staff_tap(struct tp_app *app, double x_mm, double y_mm);

/* Shows the PIN page, where there is a PIN and nobody is in the middle of a survey. */
void tp_staff_enter(struct tp_app *app);

/* Looks at the PIN typed: goes to the menu, or counts the failure. */
void tp_staff_try(struct tp_app *app);

/* Seconds until the next try may be made; 0: now. */
int tp_staff_wait_seconds(const struct tp_app *app);

/* Keeps a new venue, event or volume. */
void tp_staff_keep(struct tp_app *app);
void tp_staff_set_volume(struct tp_app *app, int step);

#endif
