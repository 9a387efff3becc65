/* What the benches of the central store share. Header only: each bench is one program. */
#ifndef TP_BENCH_CENTRAL_BENCH_H
#define TP_BENCH_CENTRAL_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void insist(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static inline double now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000.0 + (double)now.tv_nsec / 1e6;
}

#endif
