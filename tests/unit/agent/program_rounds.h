/* A device, the store it is enrolled at, and the talkpoint-sync that was built. Header only: each
 * test is one program. */
#ifndef TP_TEST_AGENT_PROGRAM_ROUNDS_H
#define TP_TEST_AGENT_PROGRAM_ROUNDS_H

#include "unit/agent/program.h"
#include "unit/agent/rounds.h"

static struct program program;

static inline int set_up(void **state)
{
    (void)state;
    if (rounds_start(NULL) != 0)
        return -1;
    surveys.time_ms = tp_clock_wall_ms(&device.clock);
    memset(&program, 0, sizeof(program));
    return 0;
}

static inline int tear_down(void **state)
{
    program_forget(&program);
    return rounds_stop(state);
}

static inline void enrol(void)
{
    program_enrol(&device, fake.server.url, &fake.pair.key);
}

#endif
