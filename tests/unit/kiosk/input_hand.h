/* A finger and keys on two targets, with a clock that stands still until moved. */
#ifndef TP_TESTS_UNIT_KIOSK_INPUT_HAND_H
#define TP_TESTS_UNIT_KIOSK_INPUT_HAND_H

#include "tp_test.h"

#include <string.h>

#include "kiosk/input/input.h"

/* Two targets side by side on a screen of 1000 x 500; the rest is empty ground. */
enum { LEFT = 11, RIGHT = 22 };
#define LEFT_X 200
#define RIGHT_X 700
#define GROUND_X 450
#define Y 250

struct hand {
    struct tp_input input;
    struct tp_clock_fake time;
    struct tp_clock clock;
    struct tp_intent intent;
};

static inline uint32_t at(void *context, int x, int y)
{
    (void)context;
    if (y < 100 || y >= 400)
        return 0;
    if (x >= 100 && x < 400)
        return LEFT;
    return x >= 500 && x < 900 ? RIGHT : 0;
}

static inline void start(struct hand *hand)
{
    struct tp_input_options options = tp_input_options_default();

    memset(hand, 0, sizeof(*hand));
    hand->time.monotonic = 100000;
    hand->clock = tp_clock_from_fake(&hand->time);
    tp_input_init(&hand->input, &options, &hand->clock, at, NULL);
    tp_input_set_size(&hand->input, 1000, 500, 0, 0);
}

static inline enum tp_intent_kind step(struct hand *hand, enum tp_input_step_kind kind, int x,
                                       int finger)
{
    memset(&hand->intent, 0, sizeof(hand->intent));
    return tp_input_inject(&hand->input,
                           (struct tp_input_step){.kind = kind, .x = x, .y = Y, .finger = finger},
                           &hand->intent)
               ? hand->intent.kind
               : TP_INTENT_NONE;
}

static inline enum tp_intent_kind press(struct hand *hand, int x)
{
    return step(hand, TP_STEP_DOWN, x, 0);
}

static inline enum tp_intent_kind release(struct hand *hand, int x)
{
    return step(hand, TP_STEP_UP, x, 0);
}

static inline enum tp_intent_kind tap(struct hand *hand, int x)
{
    (void)press(hand, x);
    return release(hand, x);
}

static inline enum tp_intent_kind key(struct hand *hand, SDL_Keycode code)
{
    memset(&hand->intent, 0, sizeof(hand->intent));
    return tp_input_inject(&hand->input,
                           (struct tp_input_step){.kind = TP_STEP_KEY_DOWN, .key = code},
                           &hand->intent)
               ? hand->intent.kind
               : TP_INTENT_NONE;
}

static inline void wait(struct hand *hand, int64_t ms)
{
    tp_clock_fake_advance(&hand->time, ms);
}

#endif
