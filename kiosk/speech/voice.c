#include "kiosk/speech/voice.h"

#include <stddef.h>
#include <string.h>

#define USUAL_WORDS_A_MINUTE 175
#define FULL 32768

struct voice {
    const char *tag; /* matched whole, or up to a "-" */
    const char *name;
};

/* The languages of Oxfordshire that espeak-ng speaks. Bengali's voice is its own data, under "bn".
 */
static const struct voice voices[] = {
    {"en", "en-gb"}, {"pl", "pl"}, {"pt", "pt"}, {"ro", "ro"}, {"uk", "uk"},
    {"ar", "ar"},    {"ur", "ur"}, {"bn", "bn"}, {"pa", "pa"}, {"zh", "cmn"},
};

/* 10^(-dB/20) * 32768 for -21, -18, ... 0 dB. */
static const int32_t gains[TP_VOLUME_STEPS] = {2920, 4125, 5827, 8231, 11627, 16423, 23198, FULL};

static const int rates[TP_RATE_STEPS] = {50, 75, 100, 125, 150, 175, 200};

const char *tp_voice_for(const char *tag)
{
    for (size_t i = 0; i < sizeof(voices) / sizeof(voices[0]); i++) {
        size_t length = strlen(voices[i].tag);

        if (strncmp(tag, voices[i].tag, length) == 0 && (tag[length] == '\0' || tag[length] == '-'))
            return voices[i].name;
    }
    return NULL;
}

static int clamp(int step, int steps)
{
    if (step < 0)
        return 0;
    return step < steps ? step : steps - 1;
}

int32_t tp_volume_gain(int step)
{
    return gains[clamp(step, TP_VOLUME_STEPS)];
}

int tp_rate_percent(int step)
{
    return rates[clamp(step, TP_RATE_STEPS)];
}

int tp_rate_words(int step)
{
    return USUAL_WORDS_A_MINUTE * tp_rate_percent(step) / 100;
}

void tp_volume_apply(int16_t *samples, unsigned count, int32_t gain)
{
    for (unsigned i = 0; i < count; i++) {
        int32_t product = samples[i] * gain;

        samples[i] = (int16_t)((product + (product < 0 ? -FULL / 2 : FULL / 2)) / FULL);
    }
}
