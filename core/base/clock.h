/*
 * Time through one door, so that every behaviour can be replayed in a test.
 *
 * A program makes one clock (tp_clock_system) and passes it down. Tests pass a tp_clock_fake.
 * Nothing else in the project calls time(), gettimeofday() or clock_gettime(). Thread: any; a
 * fake clock may be read by some while one moves it.
 */
#ifndef TP_BASE_CLOCK_H
#define TP_BASE_CLOCK_H

#include <stdint.h>

struct tp_clock {
    int64_t (*wall_ms)(void *context);      /* Unix time in milliseconds, UTC; may jump */
    int64_t (*monotonic_ms)(void *context); /* never goes back; origin unspecified */
    void *context;
};

struct tp_clock tp_clock_system(void);

/* A clock that stands still until moved; context is the struct itself, which must outlive the
 * clock. */
struct tp_clock_fake {
    _Atomic int64_t wall;
    _Atomic int64_t monotonic;
};
struct tp_clock tp_clock_from_fake(struct tp_clock_fake *fake);
void tp_clock_fake_advance(struct tp_clock_fake *fake, int64_t ms);

int64_t tp_clock_wall_ms(const struct tp_clock *clock);
int64_t tp_clock_monotonic_ms(const struct tp_clock *clock);

/* Nanoseconds of the machine's own monotonic clock: only to measure how long a piece of work took,
 * or how long one thread waits for another. */
int64_t tp_clock_work_ns(void);

/* Writes "2026-11-23T09:41:07.123Z" (UTC, RFC 3339) of a Unix time in ms. `text` holds 32 bytes. */
#define TP_TIME_TEXT_MAX 32
void tp_time_utc(int64_t wall_ms, char text[TP_TIME_TEXT_MAX]);

#endif
