/*
 * Where touches land: the map from the glass to the picture, and the page on which staff match one
 * to the other.
 *
 * Four crosses are touched one after another. The touches are taken as the glass reports them, so
 * that it works however far they are off, and the map that fits them all is tried at once. It goes
 * back by itself unless it is confirmed, by a touch that had to land where it was meant. What is
 * confirmed is kept in the store's settings, over [touch] matrix; a matrix that is changed in the
 * configuration later counts again. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_TOUCH_H
#define TP_KIOSK_APP_TOUCH_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "kiosk/input/touch_fit.h"
#include "kiosk/input/touch_map.h"

struct tp_app;

#define TP_TOUCH_CROSSES 4
/* Middle of a cross from both edges of the picture: a finger finds it beside the frame. */
#define TP_TOUCH_INSET_MM 11.0
/* Nobody touches a cross for this long: nothing is changed. */
#define TP_TOUCH_WAIT_MS 30000
/* Not confirmed for this long: it goes back. */
#define TP_TOUCH_TRY_MS 15000

enum tp_touch_stage {
    TP_TOUCH_IDLE,
    TP_TOUCH_CROSS,  /* waits for a touch of a cross */
    TP_TOUCH_FAILED, /* the touches fit no map */
    TP_TOUCH_TRY,    /* the new map is in force, until it is confirmed or its time is up */
};

struct tp_touch {
    struct tp_touch_map map; /* in force; the picture's turn is in it */
    int rotation;            /* of the picture, degrees clockwise */
    bool kept;               /* it is one that staff kept, not the configuration's */

    enum tp_touch_stage stage;
    struct tp_touch_map before; /* to go back to */
    struct tp_touch_pair pairs[TP_TOUCH_CROSSES];
    size_t count;     /* how many crosses were touched */
    int64_t since_ms; /* monotonic; the stage or the last touch */
    bool down;        /* a finger is on the glass */
    SDL_FingerID finger;
    double down_x, down_y; /* where it came down, as a share of the glass */
};

/* What is in force at start: what staff kept, else the configuration's. */
void tp_touch_start(struct tp_app *app, int rotation);

/* Begins with the first cross. */
void tp_touch_begin(struct tp_app *app);

/* Where a cross stands, as shares of the picture. */
void tp_touch_cross(const struct tp_app *app, size_t cross, double *x, double *y);

/* A finger's event as the glass reports it. True: a cross was waiting for it, and it is nobody
 * else's. */
bool tp_touch_take(struct tp_app *app, const SDL_Event *event);

/* Keeps the map that is tried. */
void tp_touch_keep(struct tp_app *app);

/* Ends: what was not kept is as before. */
void tp_touch_end(struct tp_app *app);

/* Forgets what staff kept; the configuration's counts. */
void tp_touch_forget(struct tp_app *app);

/* Seconds until it goes back by itself. */
int tp_touch_seconds(const struct tp_app *app);

/* What is due by the clock; `moved` becomes true where the page changed. Returns milliseconds until
 * it wants to be called again; below 0: never. */
int64_t tp_touch_tick(struct tp_app *app, bool *moved);

/* The six numbers of [touch] matrix that mean what is in force. */
void tp_touch_numbers(const struct tp_app *app, char text[TP_TOUCH_MAP_TEXT_MAX]);

#endif
