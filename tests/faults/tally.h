/* What a program of faults did, and its last line, which tests/faults/run adds up. Header only. */
#ifndef TP_FAULTS_TALLY_H
#define TP_FAULTS_TALLY_H

#include "tp_test.h"

#include <stdint.h>
#include <stdio.h>

/* Counted while it runs. What a test asserts instead, it need not count. */
static struct {
    uint64_t injected;
    uint64_t lost;
    uint64_t doubled;
    uint64_t exposed;
    uint64_t broken; /* a store that did not open, or was not whole */
} faults;

static inline uint64_t faults_wrong(void)
{
    return faults.lost + faults.doubled + faults.exposed + faults.broken;
}

static inline void faults_expect_none_wrong(void)
{
    assert_int_equal(faults.lost, 0);
    assert_int_equal(faults.doubled, 0);
    assert_int_equal(faults.exposed, 0);
    assert_int_equal(faults.broken, 0);
}

/* Says the last line; the program's result, with how many of its tests failed. */
static inline int faults_end(int failed)
{
    printf("faults: %llu injected, %llu lost, %llu doubled, %llu exposed\n",
           (unsigned long long)faults.injected, (unsigned long long)faults.lost,
           (unsigned long long)faults.doubled, (unsigned long long)faults.exposed);
    return failed || faults_wrong() || !faults.injected;
}

#endif
