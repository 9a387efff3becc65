/*
 * Recordings at another rate and the same pitch.
 *
 * Overlap-add of short stretches of the recording: each is taken from near where the new rate says,
 * at the place where it fits what was given last (WSOLA). Samples go in and come out in any pieces.
 * Thread: one at a time.
 */
#ifndef TP_KIOSK_SPEECH_STRETCH_H
#define TP_KIOSK_SPEECH_STRETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Samples that it holds: a third of a second at 48,000 a second. */
#define TP_STRETCH_HELD_MAX 16384u

struct tp_stretch {
    int16_t held[TP_STRETCH_HELD_MAX];
    size_t count;   /* of held */
    size_t hop;     /* samples given at a time */
    size_t search;  /* how far to look for a place that fits */
    double step;    /* samples taken for a hop */
    double at;      /* in held: where the next hop is due */
    size_t goes_on; /* in held: what would follow the last hop by itself */
    bool begun, ended;
};

/* `rate`: samples a second, 8,000 to 48,000; `percent`: 50 to 200 of the usual pace. */
void tp_stretch_init(struct tp_stretch *stretch, int rate, int percent);

/* Takes samples; returns how many. All of them, if tp_stretch_take gave 0 before and there are at
 * most TP_STRETCH_HELD_MAX / 2. */
size_t tp_stretch_put(struct tp_stretch *stretch, const int16_t *samples, size_t count);

/* No more are put. */
void tp_stretch_end(struct tp_stretch *stretch);

/* Gives up to `max` samples; 0: more have to be put first, or that was all. */
size_t tp_stretch_take(struct tp_stretch *stretch, int16_t *samples, size_t max);

#endif
