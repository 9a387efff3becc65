/*
 * Where the samples of one utterance come from: its recording, what was kept, or the synthesiser.
 *
 * The first that gives sound is taken; a recording that cannot be read is spoken instead. Samples
 * are before volume. Thread: the main thread only.
 */
#ifndef TP_KIOSK_SPEECH_TRACK_H
#define TP_KIOSK_SPEECH_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/speech/cache.h"
#include "kiosk/speech/clip.h"
#include "kiosk/speech/stretch.h"
#include "kiosk/speech/synth.h"
#include "kiosk/speech/wav.h"

/* What is read at once. */
#define TP_TRACK_BLOCK 4096u

/* One utterance. All is borrowed and outlives the track. */
struct tp_track_spec {
    const char *text;
    const char *voice; /* NULL: none speaks its language */
    const char *clip;  /* path of a recording; NULL: none */
    int rate_step;     /* of kiosk/speech/voice.h */
    const char *synthesiser;
    struct tp_speech_cache *cache;
};

enum tp_track_kind { TP_TRACK_NONE, TP_TRACK_RECORDING, TP_TRACK_SYNTH, TP_TRACK_KEPT };

struct tp_track {
    struct tp_track_spec spec;
    enum tp_track_kind kind;
    struct tp_clip clip; /* of a recording */
    struct tp_synth synth;
    struct tp_sound sound; /* the cache's */
    size_t sound_at;
    struct tp_wav wav; /* of the synthesiser */
    int rate;          /* samples a second; 0: not known yet */
    bool odd;          /* `half` is the first byte of a sample whose second is to come */
    uint8_t half;
    struct tp_stretch *stretch; /* owned; of a recording at another rate; NULL: as it is */
    int16_t *kept;              /* owned, wiped: what the synthesiser gave, for the cache */
    size_t kept_count, kept_room;
    bool keeps; /* all of it so far is in `kept` */
    bool gave;  /* a sample */
    bool ended; /* nothing more is read; the stretch may hold some */
};

void tp_track_init(struct tp_track *track);

/* False where there is nothing to speak with. */
bool tp_track_open(struct tp_track *track, const struct tp_track_spec *spec);

/* Stops and wipes. Safe on one that is not open. */
void tp_track_close(struct tp_track *track);

static inline bool tp_track_is_open(const struct tp_track *track)
{
    return track->kind != TP_TRACK_NONE;
}

enum tp_track_got {
    TP_TRACK_SAMPLES, /* *count of them, at tp_track_rate */
    TP_TRACK_WAITS,   /* nothing yet */
    TP_TRACK_ENDED,   /* all was given; it is closed */
    TP_TRACK_FAILED,  /* it ended without a sample; it is closed */
};

/* The next samples. Never waits. */
enum tp_track_got tp_track_read(struct tp_track *track, int16_t samples[TP_TRACK_BLOCK],
                                size_t *count);

/* Samples a second; known with the first ones. */
int tp_track_rate(const struct tp_track *track);

#endif
