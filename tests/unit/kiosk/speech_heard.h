/* What a person would hear: a sink that remembers, and saying something to its end. */
#ifndef TP_TESTS_UNIT_KIOSK_SPEECH_HEARD_H
#define TP_TESTS_UNIT_KIOSK_SPEECH_HEARD_H

#include "tp_test.h"

#include <unistd.h>

#include "base/clock.h"
#include "kiosk/speech/speech.h"

/* A sink that remembers: what was queued, and how often it was cleared. */
struct heard {
    int rate;
    size_t samples, starts, clears;
    double energy;
    bool paused;
};

static inline bool hear_start(void *context, int rate)
{
    struct heard *heard = context;

    heard->rate = rate;
    heard->starts++;
    return true;
}

static inline void hear(void *context, const int16_t *samples, size_t count)
{
    struct heard *heard = context;

    for (size_t i = 0; i < count; i++)
        heard->energy += (double)samples[i] * samples[i];
    heard->samples += count;
}

static inline size_t hear_queued(void *context)
{
    (void)context;
    return 0; /* plays at once */
}

static inline void hear_clear(void *context)
{
    ((struct heard *)context)->clears++;
}

static inline void hear_pause(void *context, bool paused)
{
    ((struct heard *)context)->paused = paused;
}

static inline struct tp_speech_sink sink_into(struct heard *heard)
{
    return (struct tp_speech_sink){.start = hear_start,
                                   .queue = hear,
                                   .queued = hear_queued,
                                   .clear = hear_clear,
                                   .pause = hear_pause,
                                   .context = heard};
}

/* Ticks until silence; the synthesiser is another process, so real time passes, with a limit. */
static inline void speak_to_the_end(struct tp_speech *speech)
{
    struct tp_clock clock = tp_clock_system();
    int64_t limit = tp_clock_monotonic_ms(&clock) + 20000;

    while (tp_speech_tick(speech) >= 0) {
        assert_true(tp_clock_monotonic_ms(&clock) < limit);
        (void)usleep(1000);
    }
}

static inline struct heard say(struct tp_utterance utterance, const char *synthesiser, int volume,
                               int rate, size_t *missing)
{
    struct heard heard = {0};
    struct tp_speech_sink sink = sink_into(&heard);
    struct tp_speech *speech = NULL;
    struct tp_error error;

    assert_true(tp_speech_create(&sink, synthesiser, &speech, &error));
    tp_speech_set_volume(speech, volume);
    tp_speech_set_rate(speech, rate);
    assert_true(tp_speech_say(speech, &utterance, 1));
    speak_to_the_end(speech);
    *missing = tp_speech_missing(speech);
    tp_speech_destroy(speech);
    return heard;
}

#endif
