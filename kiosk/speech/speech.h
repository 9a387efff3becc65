/*
 * Speech: what the page says, aloud.
 *
 * A list of utterances is spoken in order; a new list stops the old one at once (ACCESSIBILITY.md
 * A1). An utterance is a recording (16-bit mono WAV) where the survey has one, else the
 * synthesiser's (synth.h), kept for a repeat (cache.h). There are no threads: the main loop calls
 * tp_speech_tick. Volume is applied here, so that it can be measured; rate is the synthesiser's,
 * and of recordings stretch.h's, both at constant pitch.
 *
 * The struct copies what it is given and wipes it when it is done: pages can hold answers.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_SPEECH_SPEECH_H
#define TP_KIOSK_SPEECH_SPEECH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "kiosk/speech/synth.h"

/* More than one page ever says. */
#define TP_SPEECH_UTTERANCES_MAX 128u
/* One utterance; a longer one is cut at a character. */
#define TP_SPEECH_TEXT_MAX TP_SYNTH_TEXT_MAX

struct tp_utterance {
    const char *text; /* what to say; also where there is a recording, in case it cannot be read */
    const char *language; /* BCP 47 */
    const char *clip;     /* path of a recording, or NULL */
};

/* Where samples go. SDL's is tp_speech_sink_sdl; tests bring their own. */
struct tp_speech_sink {
    bool (*start)(void *context, int rate); /* mono 16-bit */
    void (*queue)(void *context, const int16_t *samples, size_t count);
    size_t (*queued)(void *context); /* samples not yet heard */
    void (*clear)(void *context);
    void (*pause)(void *context, bool paused);
    /* Takes each utterance as words, one after the other, in place of samples (ear.h); `start` and
     * `queue` are then not called. NULL: samples. */
    void (*say)(void *context, const struct tp_utterance *utterance);
    void *context;
};

struct tp_speech;

/* `synthesiser`: the program to run; NULL is "espeak-ng" on the path. */
bool tp_speech_create(const struct tp_speech_sink *sink, const char *synthesiser,
                      struct tp_speech **speech, struct tp_error *error);
/* Stops, wipes and frees. NULL is safe. */
void tp_speech_destroy(struct tp_speech *speech);

/* Speaks these in place of whatever was being spoken. Those without a voice and a recording are
 * passed over and counted (tp_speech_missing). False when out of memory. */
bool tp_speech_say(struct tp_speech *speech, const struct tp_utterance *utterances, size_t count);

/* Silence, and forgets what was said. */
void tp_speech_stop(struct tp_speech *speech);
void tp_speech_pause(struct tp_speech *speech, bool paused);
bool tp_speech_paused(const struct tp_speech *speech);

/* Says the last list again from the start. */
void tp_speech_repeat(struct tp_speech *speech);

/* Which utterance of the list is being heard, from 0; the number of them at the end. */
size_t tp_speech_at(const struct tp_speech *speech);

/* Steps of kiosk/speech/voice.h; heard within a second. Rate from the next utterance. */
void tp_speech_set_volume(struct tp_speech *speech, int step);
void tp_speech_set_rate(struct tp_speech *speech, int step);

/* Moves samples along. Returns milliseconds until it wants to be called again; -1: nothing to do.
 */
int tp_speech_tick(struct tp_speech *speech);

/* Whether something is being said or is still to be heard; pausing keeps it busy. */
bool tp_speech_busy(const struct tp_speech *speech);

/* Utterances that could not be spoken since creation: no voice, no recording, or a synthesiser that
 * failed. */
size_t tp_speech_missing(const struct tp_speech *speech);

/* Has the list come to its end without a sound, though there was something to say? */
bool tp_speech_is_mute(const struct tp_speech *speech);

/* SDL's default playback device, opened when first used and closed by tp_speech_sink_sdl_finish.
 * Without a device `start` returns false and speech is silently skipped. */
struct tp_speech_sink tp_speech_sink_sdl(void);
void tp_speech_sink_sdl_finish(const struct tp_speech_sink *sink);

#endif
