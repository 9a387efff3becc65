/* The world of a test program that has one at a time. Header only. */
#ifndef TP_TEST_CENTRAL_ONE_WORLD_H
#define TP_TEST_CENTRAL_ONE_WORLD_H

#include "unit/central/world.h"

static struct world world;

static inline int make_world(void **state)
{
    (void)state;
    world_make(&world);
    return 0;
}

static inline int end_world(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

#endif
