#include "kiosk/speech/speech.h"

#include <string.h>

#include "base/mem.h"
#include "kiosk/speech/track.h"
#include "kiosk/speech/voice.h"

/* Ask to be called again this often while something is spoken, and while the first sound of it is
 * awaited: someone listens for it. */
#define TICK_MS 40
#define FIRST_TICK_MS 4
/* At most this much is queued ahead, so that a change of volume is heard within a second. */
#define AHEAD_SECONDS 1

struct item {
    char *text;        /* owned, wiped */
    char *language;    /* owned */
    char *clip;        /* owned or NULL */
    const char *voice; /* static or NULL */
    uint64_t begins;   /* samples of the list given before it */
};

struct tp_speech {
    struct tp_speech_sink sink;
    char *synthesiser;             /* owned */
    struct tp_speech_cache *cache; /* owned */
    struct item *items;            /* owned, `count` of them */
    size_t count, next;            /* next: the first not begun */
    struct tp_track track;         /* of the item before `next` */
    bool heard;                    /* that item gave a sample */
    uint64_t given;                /* samples of this list; utterances, where words are taken */
    size_t failed;                 /* of this list: could not be spoken */
    bool paused;
    int volume, rate;
    size_t missing;
};

bool tp_speech_create(const struct tp_speech_sink *sink, const char *synthesiser,
                      struct tp_speech **speech, struct tp_error *error)
{
    struct tp_speech *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->synthesiser = tp_strdup(synthesiser ? synthesiser : "espeak-ng");
    made->cache = tp_speech_cache_create(TP_SPEECH_CACHE_MAX);
    if (!made->synthesiser || !made->cache) {
        tp_speech_cache_destroy(made->cache);
        tp_free(made->synthesiser);
        tp_free(made);
        return tp_fail_memory(error);
    }
    made->sink = *sink;
    tp_track_init(&made->track);
    made->volume = TP_VOLUME_DEFAULT;
    made->rate = TP_RATE_DEFAULT;
    *speech = made;
    return true;
}

/* ---- the list ---- */

static void free_items(struct item *items, size_t count)
{
    for (size_t i = 0; items && i < count; i++) {
        tp_free_secret(items[i].text);
        tp_free(items[i].language);
        tp_free(items[i].clip);
    }
    tp_free(items);
}

/* Silence, with the list kept. */
static void rewind_list(struct tp_speech *speech)
{
    tp_track_close(&speech->track);
    speech->sink.clear(speech->sink.context);
    speech->next = speech->failed = 0;
    speech->given = 0;
    if (speech->paused)
        tp_speech_pause(speech, false);
}

void tp_speech_stop(struct tp_speech *speech)
{
    rewind_list(speech);
    free_items(speech->items, speech->count);
    speech->items = NULL;
    speech->count = 0;
}

void tp_speech_destroy(struct tp_speech *speech)
{
    if (!speech)
        return;
    tp_speech_stop(speech);
    tp_speech_cache_destroy(speech->cache);
    tp_free(speech->synthesiser);
    tp_free(speech);
}

/* The longest prefix of at most TP_SPEECH_TEXT_MAX bytes that ends between characters. */
static size_t cut_length(const char *text)
{
    size_t length = strnlen(text, TP_SPEECH_TEXT_MAX + 1);

    if (length <= TP_SPEECH_TEXT_MAX)
        return length;
    length = TP_SPEECH_TEXT_MAX;
    while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

static bool copy_item(struct item *item, const struct tp_utterance *utterance)
{
    item->text = tp_strndup(utterance->text, cut_length(utterance->text));
    item->language = tp_strdup(utterance->language);
    item->clip = utterance->clip ? tp_strdup(utterance->clip) : NULL;
    item->voice = tp_voice_for(utterance->language);
    return item->text && item->language && (item->clip || !utterance->clip);
}

bool tp_speech_say(struct tp_speech *speech, const struct tp_utterance *utterances, size_t count)
{
    struct item *items;

    if (count > TP_SPEECH_UTTERANCES_MAX)
        count = TP_SPEECH_UTTERANCES_MAX;
    tp_speech_stop(speech);
    items = tp_calloc(count, sizeof(*items));
    if (!items)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy_item(&items[i], &utterances[i])) {
            free_items(items, count);
            return false;
        }
    speech->items = items;
    speech->count = count;
    return true;
}

void tp_speech_repeat(struct tp_speech *speech)
{
    rewind_list(speech);
}

size_t tp_speech_at(const struct tp_speech *speech)
{
    size_t ahead = speech->sink.queued(speech->sink.context);
    uint64_t heard = speech->given > ahead ? speech->given - ahead : 0;
    size_t at = speech->next > 0 ? speech->next - 1 : 0;

    if (!tp_speech_busy(speech))
        return speech->count;
    while (!speech->sink.say && at > 0 && speech->items[at].begins > heard)
        at--;
    return at;
}

void tp_speech_pause(struct tp_speech *speech, bool paused)
{
    speech->paused = paused;
    speech->sink.pause(speech->sink.context, paused);
}

bool tp_speech_paused(const struct tp_speech *speech)
{
    return speech->paused;
}

static int within(int step, int steps)
{
    if (step < 0)
        return 0;
    return step < steps ? step : steps - 1;
}

void tp_speech_set_volume(struct tp_speech *speech, int step)
{
    speech->volume = within(step, TP_VOLUME_STEPS);
}

void tp_speech_set_rate(struct tp_speech *speech, int step)
{
    speech->rate = within(step, TP_RATE_STEPS);
}

/* ---- saying it ---- */

static void count_missing(struct tp_speech *speech)
{
    speech->missing++;
    speech->failed++;
}

/* Begins the next item that can be begun; false at the end of the list. */
static bool start_next(struct tp_speech *speech)
{
    while (speech->next < speech->count) {
        struct item *item = &speech->items[speech->next++];

        speech->heard = false;
        item->begins = speech->given;
        if (tp_track_open(&speech->track,
                          &(struct tp_track_spec){.text = item->text,
                                                  .voice = item->voice,
                                                  .clip = item->clip,
                                                  .rate_step = speech->rate,
                                                  .synthesiser = speech->synthesiser,
                                                  .cache = speech->cache}))
            return true;
        count_missing(speech);
    }
    return false;
}

/* False where nothing can be heard on this machine. */
static bool give(struct tp_speech *speech, int16_t *samples, size_t count)
{
    const struct tp_speech_sink *sink = &speech->sink;

    if (!speech->heard && !sink->start(sink->context, tp_track_rate(&speech->track)))
        return false;
    tp_volume_apply(samples, (unsigned)count, tp_volume_gain(speech->volume));
    sink->queue(sink->context, samples, count);
    speech->heard = true;
    speech->given += count;
    return true;
}

static bool is_far_ahead(const struct tp_speech *speech)
{
    return speech->heard && tp_track_is_open(&speech->track) &&
           speech->sink.queued(speech->sink.context) >=
               (size_t)tp_track_rate(&speech->track) * AHEAD_SECONDS;
}

/* Gets on by one block. False where it has to wait, or all is done. */
static bool go_on(struct tp_speech *speech)
{
    int16_t samples[TP_TRACK_BLOCK];
    size_t count = 0;
    bool moved = true;

    if (is_far_ahead(speech) || (!tp_track_is_open(&speech->track) && !start_next(speech)))
        return false;
    switch (tp_track_read(&speech->track, samples, &count)) {
    case TP_TRACK_SAMPLES:
        if (!give(speech, samples, count)) {
            tp_track_close(&speech->track);
            count_missing(speech);
        }
        break;
    case TP_TRACK_WAITS:
        moved = false;
        break;
    case TP_TRACK_ENDED:
        break;
    case TP_TRACK_FAILED:
        count_missing(speech);
        break;
    }
    tp_wipe(samples, sizeof(samples));
    return moved;
}

/* Words, one utterance after the other. False where the last is still being said. */
static bool say_on(struct tp_speech *speech)
{
    const struct item *item;

    if (speech->sink.queued(speech->sink.context) > 0 || speech->next == speech->count)
        return false;
    item = &speech->items[speech->next++];
    if (!item->voice && !item->clip) {
        count_missing(speech);
        return true;
    }
    speech->sink.say(speech->sink.context,
                     &(struct tp_utterance){item->text, item->language, item->clip});
    speech->given++;
    return true;
}

int tp_speech_tick(struct tp_speech *speech)
{
    if (speech->paused)
        return -1;
    while (speech->sink.say ? say_on(speech) : go_on(speech))
        ;
    if (!tp_speech_busy(speech))
        return -1;
    return tp_track_is_open(&speech->track) && !speech->heard ? FIRST_TICK_MS : TICK_MS;
}

bool tp_speech_busy(const struct tp_speech *speech)
{
    return tp_track_is_open(&speech->track) || speech->next < speech->count ||
           (speech->count && speech->sink.queued(speech->sink.context) > 0);
}

size_t tp_speech_missing(const struct tp_speech *speech)
{
    return speech->missing;
}

bool tp_speech_is_mute(const struct tp_speech *speech)
{
    return speech->failed > 0 && speech->given == 0 && !tp_speech_busy(speech);
}
