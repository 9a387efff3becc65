/*
 * The main loop: waits for events, draws when something changed, and does what is due by the clock.
 *
 * Nothing is animated: an idle screen waits in the kernel (or naps, where SDL's driver cannot wait)
 * and costs no power. SIGTERM and SIGINT end it cleanly; systemd is told when the first page is up
 * (Type=notify). Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_LOOP_H
#define TP_KIOSK_APP_LOOP_H

#include <SDL.h>
#include <stdbool.h>

#include "kiosk/app.h"
#include "kiosk/gfx/display.h"
#include "kiosk/input/input.h"

struct tp_ear;
struct tp_script;

struct tp_loop {
    struct tp_app *app;
    struct tp_display *display; /* borrowed */
    struct tp_input input;
    struct tp_clock_fake *fake; /* NULL: the clock runs by itself */
    struct tp_script *script;   /* borrowed; NULL: nobody is scripted */
    struct tp_ear *ear;         /* borrowed; hears what is read aloud; NULL: none */
    unsigned page_serial;
    int64_t active_ms; /* when somebody last did something */
    int64_t woken_ms;  /* when it was last woken */
    bool asleep;       /* out of hours; the screen is off */
    bool can_wait;     /* SDL's driver waits for events without polling */
};

/* From here on SIGTERM and SIGINT end the loop instead of the process, also one that comes before
 * the loop has begun. */
void tp_loop_catch_signals(void);

/* Builds and shows the first page. */
bool tp_loop_start(struct tp_loop *loop, struct tp_app *app, struct tp_display *display,
                   struct tp_clock_fake *fake, struct tp_error *error);

/* Runs until someone quits, a signal comes, or the script ends. False when drawing or the script
 * failed. */
bool tp_loop_run(struct tp_loop *loop, struct tp_error *error);

/* ---- for the script ---- */

/* Takes one event as SDL reports it: a finger's place is that on the glass. */
bool tp_loop_glass(struct tp_loop *loop, SDL_Event *event, struct tp_error *error);

/* Takes one event; a finger's place is that on the picture. */
bool tp_loop_event(struct tp_loop *loop, const SDL_Event *event, struct tp_error *error);

/* Does what is due, and draws what changed. */
bool tp_loop_settle(struct tp_loop *loop, struct tp_error *error);

#endif
