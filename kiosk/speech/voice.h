/*
 * What speech can be set to: the voice for a language, the steps of volume and rate.
 *
 * Tables only; nothing here makes sound. Sources: EN 301 549 8.2.1 (volume over at least 18 dB, a
 * step 12 dB over the lowest), VVSG 2.0 7.1-K (rate 50 to 200 %), ACCESSIBILITY.md A3. Thread: any.
 */
#ifndef TP_KIOSK_SPEECH_VOICE_H
#define TP_KIOSK_SPEECH_VOICE_H

#include <stdint.h>

/* 8 steps of 3 dB: 21 dB from the quietest to the loudest; step 4 is 12 dB over step 0. */
#define TP_VOLUME_STEPS 8
#define TP_VOLUME_DEFAULT 5
/* 50, 75, 100, 125, 150, 175 and 200 per cent. */
#define TP_RATE_STEPS 7
#define TP_RATE_DEFAULT 2

/* espeak-ng's name of a voice for a BCP 47 tag ("en-simple" speaks as English); NULL: there is
 * none. */
const char *tp_voice_for(const char *tag);

/* Factor in 1/32768 by which samples are multiplied at a step (clamped to the table): 32768 is
 * full. */
int32_t tp_volume_gain(int step);

/* Per cent of the usual rate at a step (clamped). */
int tp_rate_percent(int step);

/* Words a minute for espeak-ng at a step: its usual 175 at 100 per cent. Pitch stays. */
int tp_rate_words(int step);

/* Multiplies samples in place, rounding to nearest. */
void tp_volume_apply(int16_t *samples, unsigned count, int32_t gain);

#endif
