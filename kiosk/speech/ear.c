#include "kiosk/speech/ear.h"

#include <string.h>
#include <unistr.h>

/* More than nothing is left to hear. */
#define SOME_SAMPLES 1

void tp_ear_init(struct tp_ear *ear, const struct tp_clock *clock, FILE *log)
{
    *ear = (struct tp_ear){.clock = *clock, .log = log, .paused_at = -1};
    tp_buf_init(&ear->heard, TP_EAR_WORDS_MAX);
}

void tp_ear_finish(struct tp_ear *ear)
{
    tp_buf_finish(&ear->heard);
}

static void say(void *context, const struct tp_utterance *utterance)
{
    struct tp_ear *ear = context;
    size_t length = u8_mbsnlen((const uint8_t *)utterance->text, strlen(utterance->text));

    (void)tp_buf_printf(&ear->heard, "%s\t%s\n", utterance->language, utterance->text);
    if (ear->log) {
        (void)fprintf(ear->log, "%s\t%s\n", utterance->language, utterance->text);
        (void)fflush(ear->log);
    }
    ear->until = tp_clock_monotonic_ms(&ear->clock) + (int64_t)length * TP_EAR_CHARACTER_MS;
}

static size_t queued(void *context)
{
    struct tp_ear *ear = context;
    int64_t now = ear->paused_at >= 0 ? ear->paused_at : tp_clock_monotonic_ms(&ear->clock);

    return now < ear->until ? SOME_SAMPLES : 0;
}

static void clear(void *context)
{
    struct tp_ear *ear = context;

    ear->until = 0;
}

static void pause_words(void *context, bool paused)
{
    struct tp_ear *ear = context;
    int64_t now = tp_clock_monotonic_ms(&ear->clock);

    if (!paused && ear->paused_at >= 0)
        ear->until += now - ear->paused_at;
    ear->paused_at = paused ? now : -1;
}

struct tp_speech_sink tp_ear_sink(struct tp_ear *ear)
{
    return (struct tp_speech_sink){
        .queued = queued, .clear = clear, .pause = pause_words, .say = say, .context = ear};
}

const char *tp_ear_heard(const struct tp_ear *ear)
{
    return tp_buf_text(&ear->heard);
}

void tp_ear_forget(struct tp_ear *ear)
{
    tp_buf_reset(&ear->heard);
}
