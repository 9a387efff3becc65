#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec now;

    if (clock_gettime(id, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall(void *context)
{
    (void)context;
    return read_ms(CLOCK_REALTIME);
}

/* Counts the time asleep too, so that a screen that slept knows how long nobody touched it. */
static int64_t system_monotonic(void *context)
{
    (void)context;
    return read_ms(CLOCK_BOOTTIME);
}

struct tp_clock tp_clock_system(void)
{
    return (struct tp_clock){.wall_ms = system_wall, .monotonic_ms = system_monotonic};
}

static int64_t fake_wall(void *context)
{
    return ((struct tp_clock_fake *)context)->wall;
}

static int64_t fake_monotonic(void *context)
{
    return ((struct tp_clock_fake *)context)->monotonic;
}

struct tp_clock tp_clock_from_fake(struct tp_clock_fake *fake)
{
    return (struct tp_clock){.wall_ms = fake_wall, .monotonic_ms = fake_monotonic, .context = fake};
}

void tp_clock_fake_advance(struct tp_clock_fake *fake, int64_t ms)
{
    fake->wall += ms;
    fake->monotonic += ms;
}

int64_t tp_clock_wall_ms(const struct tp_clock *clock)
{
    return clock->wall_ms(clock->context);
}

int64_t tp_clock_monotonic_ms(const struct tp_clock *clock)
{
    return clock->monotonic_ms(clock->context);
}

int64_t tp_clock_work_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void tp_time_utc(int64_t wall_ms, char text[TP_TIME_TEXT_MAX])
{
    int64_t ms = wall_ms % 1000;
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm = {0};

    if (ms < 0) {
        ms += 1000;
        seconds--;
    }
    (void)gmtime_r(&seconds, &tm);
    (void)snprintf(text, TP_TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                   (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100, tm.tm_mday % 100,
                   tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100, (int)ms % 1000);
}
