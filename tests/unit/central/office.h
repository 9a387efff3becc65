/*
 * Somebody in the office, at the administrators' pages of the test's one world. Header only: each
 * test is one program.
 */
#ifndef TP_TEST_CENTRAL_OFFICE_H
#define TP_TEST_CENTRAL_OFFICE_H

#include "unit/central/world.h"

static struct world world;

/* Setups and the teardown of a test: nobody has signed in, or the administrator has. */
static inline int office_make(void **state)
{
    (void)state;
    world_make(&world);
    return 0;
}

static inline int office_make_signed_in(void **state)
{
    (void)office_make(state);
    world_sign_in(&world);
    return 0;
}

static inline int office_end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static inline int get(const char *target, struct tp_exchange *exchange)
{
    return world_get(&world, target, exchange);
}

static inline int get_status(const char *target)
{
    return world_get_status(&world, target);
}

static inline int post(const char *target, const char *fields)
{
    struct tp_exchange exchange;
    int status = world_post(&world, target, fields, true, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

static inline bool page_says(const char *target, const char *words)
{
    struct tp_exchange exchange;
    bool says;

    assert_int_equal(get(target, &exchange), 200);
    says = strstr(world_body(&exchange), words) != NULL;
    tp_exchange_finish(&exchange);
    return says;
}

#endif
