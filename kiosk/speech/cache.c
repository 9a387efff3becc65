#include "kiosk/speech/cache.h"

#include <string.h>

#include "base/mem.h"

/* Phrases of a person's pages; a full table lets the oldest go. */
#define ENTRIES_MAX 256

struct entry {
    char *text;       /* owned, wiped; NULL: free */
    int16_t *samples; /* owned, wiped */
    size_t count;
    const char *voice; /* borrowed: names are static */
    int words, rate;
    uint64_t used;
};

struct tp_speech_cache {
    struct entry entries[ENTRIES_MAX];
    size_t bytes, max;
    uint64_t now; /* counts uses */
};

struct tp_speech_cache *tp_speech_cache_create(size_t max)
{
    struct tp_speech_cache *cache = tp_calloc(1, sizeof(*cache));

    if (cache)
        cache->max = max;
    return cache;
}

static size_t bytes_of(const struct entry *entry)
{
    return entry->count * sizeof(*entry->samples) + strlen(entry->text) + 1;
}

static void drop(struct tp_speech_cache *cache, struct entry *entry)
{
    if (!entry->text)
        return;
    cache->bytes -= bytes_of(entry);
    tp_wipe(entry->samples, entry->count * sizeof(*entry->samples));
    tp_free(entry->samples);
    tp_free_secret(entry->text);
    *entry = (struct entry){0};
}

void tp_speech_cache_destroy(struct tp_speech_cache *cache)
{
    for (size_t i = 0; cache && i < ENTRIES_MAX; i++)
        drop(cache, &cache->entries[i]);
    tp_free(cache);
}

static struct entry *find(struct tp_speech_cache *cache, const struct tp_said *said)
{
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        struct entry *entry = &cache->entries[i];

        if (entry->text && entry->words == said->words && strcmp(entry->voice, said->voice) == 0 &&
            strcmp(entry->text, said->text) == 0)
            return entry;
    }
    return NULL;
}

bool tp_speech_cache_find(struct tp_speech_cache *cache, const struct tp_said *said,
                          struct tp_sound *sound)
{
    struct entry *entry = find(cache, said);

    if (!entry)
        return false;
    entry->used = ++cache->now;
    *sound = (struct tp_sound){entry->samples, entry->count, entry->rate};
    return true;
}

/* A free place, or that of the one used longest ago. */
static struct entry *oldest(struct tp_speech_cache *cache, bool want_used)
{
    struct entry *best = NULL;

    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        struct entry *entry = &cache->entries[i];

        if (!entry->text && !want_used)
            return entry;
        if (entry->text && (!best || entry->used < best->used))
            best = entry;
    }
    return best;
}

void tp_speech_cache_put(struct tp_speech_cache *cache, const struct tp_said *said,
                         const struct tp_sound *sound)
{
    struct entry made = {
        .count = sound->count, .voice = said->voice, .words = said->words, .rate = sound->rate};
    size_t bytes = sound->count * sizeof(*sound->samples) + strlen(said->text) + 1;
    struct entry *place;

    if (!sound->count || bytes > TP_SPEECH_CACHE_ONE_MAX || bytes > cache->max || find(cache, said))
        return;
    while (cache->bytes + bytes > cache->max)
        drop(cache, oldest(cache, true));
    place = oldest(cache, false);
    made.text = tp_strdup(said->text);
    made.samples = tp_calloc(sound->count, sizeof(*sound->samples));
    if (!made.text || !made.samples) {
        tp_free_secret(made.text);
        tp_free(made.samples);
        return;
    }
    drop(cache, place);
    memcpy(made.samples, sound->samples, sound->count * sizeof(*sound->samples));
    made.used = ++cache->now;
    *place = made;
    cache->bytes += bytes;
}

size_t tp_speech_cache_bytes(const struct tp_speech_cache *cache)
{
    return cache->bytes;
}
