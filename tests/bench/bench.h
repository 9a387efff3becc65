/* What the benches share. Header only: each bench is one program. */
#ifndef TP_BENCH_BENCH_H
#define TP_BENCH_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"

/* Ends the bench with WHAT, and with the words of ERROR where it is not NULL. */
static inline void insist_told(bool holds, const char *what, const struct tp_error *error)
{
    if (holds)
        return;
    (void)fprintf(stderr, "bench: %s%s%s\n", what, error ? ": " : "", error ? error->text : "");
    exit(1);
}

static inline void insist(bool holds, const char *what)
{
    insist_told(holds, what, NULL);
}

static inline double now_ms(void)
{
    struct timespec read;

    (void)clock_gettime(CLOCK_MONOTONIC, &read);
    return (double)read.tv_sec * 1000.0 + (double)read.tv_nsec / 1e6;
}

/* One figure, as tests/bench/run says; BASELINE 0: there is none. */
static inline void report(const char *name, const char *unit, double value, double baseline)
{
    printf("{\"name\":\"%s\",\"value\":%.4f,\"unit\":\"%s\",\"baseline\":%.4f,\"ratio\":%.3f}\n",
           name, value, unit, baseline, baseline > 0 ? value / baseline : 0);
}

/* What this process holds of the memory, its share of what others use too (proc(5), Pss), in KiB.
 */
static inline double memory_kib(void)
{
    FILE *in = fopen("/proc/self/smaps_rollup", "re");
    char line[256];
    double value = 0;

    while (in && fgets(line, sizeof(line), in))
        if (strncmp(line, "Pss:", 4) == 0)
            value = strtod(line + 4, NULL);
    if (in)
        (void)fclose(in);
    return value;
}

/* For qsort of doubles. */
static inline int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

#endif
