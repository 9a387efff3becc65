/*
 * What was synthesised lately, so that a repeat is heard at once.
 *
 * Samples before volume, found by voice, words a minute and text. Bounded; the oldest go first. It
 * holds words that may be answers: it lasts as long as one person's speech, and is wiped when it is
 * destroyed. Thread: the main thread only.
 */
#ifndef TP_KIOSK_SPEECH_CACHE_H
#define TP_KIOSK_SPEECH_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* About three minutes of speech at 22,050 samples a second: a survey's pages, far below the memory
 * that the screen itself takes. */
#define TP_SPEECH_CACHE_MAX (8u * 1024u * 1024u)
/* About half a minute: what is longer is a notice, heard once. */
#define TP_SPEECH_CACHE_ONE_MAX (1536u * 1024u)

/* Mono 16-bit samples of something said. */
struct tp_sound {
    const int16_t *samples;
    size_t count;
    int rate; /* samples a second */
};

/* What was said, and how. */
struct tp_said {
    const char *voice; /* the synthesiser's name of it */
    int words;         /* a minute */
    const char *text;
};

struct tp_speech_cache;

/* `max`: bytes of samples and text it holds at most. NULL when out of memory. */
struct tp_speech_cache *tp_speech_cache_create(size_t max);
/* Wipes and frees. NULL is safe. */
void tp_speech_cache_destroy(struct tp_speech_cache *cache);

/* The sound lasts until the next put. */
bool tp_speech_cache_find(struct tp_speech_cache *cache, const struct tp_said *said,
                          struct tp_sound *sound);

/* Copies. What is too long, or finds no memory, is not kept. */
void tp_speech_cache_put(struct tp_speech_cache *cache, const struct tp_said *said,
                         const struct tp_sound *sound);

size_t tp_speech_cache_bytes(const struct tp_speech_cache *cache);

#endif
