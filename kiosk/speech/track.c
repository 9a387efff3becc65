#include "kiosk/speech/track.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "kiosk/speech/voice.h"

/* Half of what a block of samples takes: one byte may be left over from the last. */
#define BLOCK_BYTES ((TP_TRACK_BLOCK - 1) * 2)

void tp_track_init(struct tp_track *track)
{
    *track = (struct tp_track){.clip = TP_CLIP_NONE, .synth = TP_SYNTH_NONE};
}

static void drop_kept(struct tp_track *track)
{
    tp_wipe(track->kept, track->kept_count * sizeof(*track->kept));
    tp_free(track->kept);
    track->kept = NULL;
    track->kept_count = track->kept_room = 0;
    track->keeps = false;
}

void tp_track_close(struct tp_track *track)
{
    tp_clip_close(&track->clip);
    tp_synth_stop(&track->synth);
    drop_kept(track);
    if (track->stretch)
        tp_wipe(track->stretch, sizeof(*track->stretch));
    tp_free(track->stretch);
    tp_wipe(track, sizeof(*track));
    tp_track_init(track);
}

/* ---- opening ---- */

static struct tp_said said(const struct tp_track *track)
{
    return (struct tp_said){track->spec.voice, tp_rate_words(track->spec.rate_step),
                            track->spec.text};
}

/* A single sign, whose name is said: a key of the keyboard. */
static bool is_sign(const char *text)
{
    return strlen(text) == 1 && strchr(".,?!'\"-_@/:;()&+*#%=", *text);
}

static bool open_synth(struct tp_track *track)
{
    const struct tp_said what = said(track);

    if (!what.voice || !tp_synth_start(&track->synth, track->spec.synthesiser, what.voice,
                                       what.words, what.text, is_sign(what.text)))
        return false;
    track->kind = TP_TRACK_SYNTH;
    track->keeps = true;
    tp_wav_init(&track->wav);
    return true;
}

static bool open_kept(struct tp_track *track)
{
    const struct tp_said what = said(track);

    if (!what.voice || !tp_speech_cache_find(track->spec.cache, &what, &track->sound))
        return false;
    track->kind = TP_TRACK_KEPT;
    track->rate = track->sound.rate;
    return true;
}

/* The rate of a recording is changed here; the synthesiser is told. */
static bool open_recording(struct tp_track *track)
{
    int percent = tp_rate_percent(track->spec.rate_step);

    if (!track->spec.clip || !tp_clip_open(&track->clip, track->spec.clip))
        return false;
    track->kind = TP_TRACK_RECORDING;
    track->rate = track->clip.rate;
    if (percent == 100)
        return true;
    track->stretch = tp_calloc(1, sizeof(*track->stretch));
    if (track->stretch)
        tp_stretch_init(track->stretch, track->rate, percent);
    return true;
}

bool tp_track_open(struct tp_track *track, const struct tp_track_spec *spec)
{
    tp_track_close(track);
    track->spec = *spec;
    return open_recording(track) || open_kept(track) || open_synth(track);
}

int tp_track_rate(const struct tp_track *track)
{
    return track->rate;
}

/* ---- reading ---- */

/* Keeps what the synthesiser gives, as long as it is short enough to be worth it. */
static void keep(struct tp_track *track, const int16_t *samples, size_t count)
{
    size_t room = track->kept_room ? 2 * track->kept_room : 4 * (size_t)TP_TRACK_BLOCK;
    int16_t *larger;

    if (!track->keeps)
        return;
    if (track->kept_count + count > TP_SPEECH_CACHE_ONE_MAX / sizeof(*samples)) {
        drop_kept(track);
        return;
    }
    if (track->kept_count + count > track->kept_room) {
        larger = tp_calloc(room, sizeof(*larger));
        if (!larger) {
            drop_kept(track);
            return;
        }
        if (track->kept_count > 0)
            memcpy(larger, track->kept, track->kept_count * sizeof(*larger));
        tp_wipe(track->kept, track->kept_count * sizeof(*track->kept));
        tp_free(track->kept);
        track->kept = larger;
        track->kept_room = room;
    }
    memcpy(track->kept + track->kept_count, samples, count * sizeof(*samples));
    track->kept_count += count;
}

/* Bytes to samples; a byte that is left over waits for the next. */
static size_t to_samples(struct tp_track *track, const uint8_t *bytes, size_t count,
                         int16_t *samples)
{
    size_t made = 0;

    for (size_t i = 0; i < count; i++) {
        if (track->odd)
            samples[made++] = (int16_t)(uint16_t)(track->half | (unsigned)bytes[i] << 8);
        else
            track->half = bytes[i];
        track->odd = !track->odd;
    }
    return made;
}

/* What the synthesiser wrote. */
static size_t take(struct tp_track *track, const uint8_t *bytes, size_t count, int16_t *samples)
{
    size_t head = 0, made;

    if (track->wav.state == TP_WAV_HEAD) {
        head = tp_wav_feed(&track->wav, bytes, count);
        track->rate = track->wav.rate;
        if (track->wav.state == TP_WAV_BAD) {
            track->ended = true;
            return 0;
        }
    }
    made = to_samples(track, bytes + head, count - head, samples);
    keep(track, samples, made);
    return made;
}

/* The next of a recording, at the rate that is set. */
static size_t play_on(struct tp_track *track, int16_t *samples)
{
    size_t made = tp_clip_read(&track->clip, samples, TP_TRACK_BLOCK);

    track->ended = made == 0;
    if (!track->stretch)
        return made;
    if (made > 0)
        (void)tp_stretch_put(track->stretch, samples, made);
    else
        tp_stretch_end(track->stretch);
    return tp_stretch_take(track->stretch, samples, TP_TRACK_BLOCK);
}

/* All the synthesiser had to say is here: it is kept, if the synthesiser ended as it should. */
static void keep_for_later(struct tp_track *track)
{
    const struct tp_said what = said(track);
    const struct tp_sound sound = {track->kept, track->kept_count, track->rate};
    bool well = tp_synth_end(&track->synth);

    if (well && track->keeps)
        tp_speech_cache_put(track->spec.cache, &what, &sound);
}

static enum tp_track_got end(struct tp_track *track)
{
    const struct tp_track_spec spec = track->spec;
    bool instead = track->kind == TP_TRACK_RECORDING && !track->gave, gave = track->gave;

    if (track->kind == TP_TRACK_SYNTH && gave)
        keep_for_later(track);
    tp_track_close(track);
    track->spec = spec;
    if (instead && (open_kept(track) || open_synth(track)))
        return TP_TRACK_WAITS;
    return gave ? TP_TRACK_ENDED : TP_TRACK_FAILED;
}

/* Samples that are in memory already: kept from before, or still in the stretch. */
static size_t held(struct tp_track *track, int16_t *samples)
{
    size_t count = track->sound.count - track->sound_at;

    if (track->stretch)
        return tp_stretch_take(track->stretch, samples, TP_TRACK_BLOCK);
    if (track->kind != TP_TRACK_KEPT)
        return 0;
    if (count > TP_TRACK_BLOCK)
        count = TP_TRACK_BLOCK;
    memcpy(samples, track->sound.samples + track->sound_at, count * sizeof(*samples));
    track->sound_at += count;
    track->ended = count == 0;
    return count;
}

/* Reads on. False where nothing is to be had yet. */
static bool read_on(struct tp_track *track, int16_t *samples, size_t *count)
{
    uint8_t block[BLOCK_BYTES];
    ssize_t got;

    if (track->kind == TP_TRACK_RECORDING) {
        *count = play_on(track, samples);
        return true;
    }
    do {
        got = read(track->synth.sound, block, sizeof(block));
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN)
        return false;
    if (got > 0)
        *count = take(track, block, (size_t)got, samples);
    else
        track->ended = true;
    tp_wipe(block, sizeof(block));
    return true;
}

enum tp_track_got tp_track_read(struct tp_track *track, int16_t samples[TP_TRACK_BLOCK],
                                size_t *count)
{
    size_t made = held(track, samples);

    while (made == 0 && !track->ended)
        if (!read_on(track, samples, &made))
            return TP_TRACK_WAITS;
    if (made == 0)
        return end(track);
    track->gave = true;
    *count = made;
    return TP_TRACK_SAMPLES;
}
