/* Recordings: before the synthesiser, of each kind, and at the rate that is set. */
#include <math.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/speech/clip.h"
#include "kiosk/speech/stretch.h"
#include "kiosk/speech/voice.h"
#include "speech_heard.h"

#define TONE_HZ 200.0
#define TONE_RATE 22050

static size_t stretch_tone(int percent, int16_t *out, size_t room)
{
    static struct tp_stretch stretch;
    size_t given = 0, got;

    tp_stretch_init(&stretch, TONE_RATE, percent);
    for (size_t i = 0; i < TONE_RATE; i += 441) {
        int16_t tone[441];

        for (size_t k = 0; k < 441; k++)
            tone[k] = (int16_t)(10000 * sin(2 * M_PI * TONE_HZ * (double)(i + k) / TONE_RATE));
        assert_int_equal(tp_stretch_put(&stretch, tone, 441), 441);
        while ((got = tp_stretch_take(&stretch, out + given, room - given)) > 0)
            given += got;
    }
    tp_stretch_end(&stretch);
    while ((got = tp_stretch_take(&stretch, out + given, room - given)) > 0)
        given += got;
    return given;
}

static void a_recording_is_slower_or_faster_at_the_same_pitch(void **state)
{
    static int16_t out[3 * TONE_RATE];

    (void)state;
    for (int step = 0; step < TP_RATE_STEPS; step++) {
        int percent = tp_rate_percent(step);
        size_t count = stretch_tone(percent, out, 3 * TONE_RATE), rises = 0;
        double seconds = (double)count / TONE_RATE;

        for (size_t i = TONE_RATE / 10; i + TONE_RATE / 10 < count; i++)
            rises += out[i - 1] < 0 && out[i] >= 0;
        assert_true(fabs(seconds * percent / 100 - 1) < 0.06);
        assert_true(fabs((double)rises / (seconds - 0.2) / TONE_HZ - 1) < 0.03);
    }
}

/* A second of a tone in a file of this kind, the second channel upside down where there are two. */
static void record(const char *path, int format, int channels)
{
    SF_INFO info = {.samplerate = TONE_RATE, .channels = channels, .format = format};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);

    assert_non_null(file);
    for (size_t i = 0; i < TONE_RATE; i++) {
        double at = sin(2 * M_PI * TONE_HZ * (double)i / TONE_RATE);
        int16_t frame[2] = {(int16_t)(9000 * at), (int16_t)(-9000 * at)};

        assert_int_equal(sf_writef_short(file, frame, 1), 1);
    }
    assert_int_equal(sf_close(file), 0);
}

static void a_recording_comes_before_the_synthesiser(void **state)
{
    char path[] = "/tmp/tp-speech-XXXXXX";
    struct tp_utterance words = {.text = "Hello", .language = "tlh", .clip = path};
    size_t missing = 0;
    struct heard heard;

    (void)state;
    (void)close(mkstemp(path));
    record(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
    heard = say(words, "/bin/false", 4, 2, &missing);
    assert_int_equal(heard.samples, TONE_RATE);
    assert_int_equal(missing, 0);
    assert_int_equal(unlink(path), 0);
    /* A recording that is gone is spoken instead. */
    words.language = "pl";
    heard = say(words, NULL, 4, 2, &missing);
    assert_true(heard.samples > 1000);
    assert_int_equal(missing, 0);
}

static size_t read_clip(const char *path, size_t *rises, int *loudest)
{
    struct tp_clip clip;
    int16_t samples[1000], last = 0;
    size_t count = 0, got;

    *rises = 0;
    *loudest = 0;
    if (!tp_clip_open(&clip, path))
        return 0;
    assert_int_equal(clip.rate, TONE_RATE);
    while ((got = tp_clip_read(&clip, samples, 1000)) > 0) {
        for (size_t i = 0; i < got; i++) {
            *rises += last < 0 && samples[i] >= 0;
            *loudest = samples[i] > *loudest ? samples[i] : *loudest;
            last = samples[i];
        }
        count += got;
    }
    tp_clip_close(&clip);
    return count;
}

static void recordings_of_each_kind_are_read(void **state)
{
    static const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                                  SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                  SF_FORMAT_OGG | SF_FORMAT_VORBIS,
                                  SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III};
    char path[] = "/tmp/tp-speech-XXXXXX";
    size_t rises;
    int loudest;

    (void)state;
    (void)close(mkstemp(path));
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        record(path, formats[i], 1);
        /* MP3 comes with some silence around it. */
        assert_in_range(read_clip(path, &rises, &loudest), TONE_RATE - 10, TONE_RATE + 5000);
        assert_in_range(rises, TONE_HZ - 3, TONE_HZ + 3);
        assert_in_range(loudest, 8000, 10000);
    }
    record(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2);
    assert_int_equal(read_clip(path, &rises, &loudest), TONE_RATE);
    assert_in_range(loudest, 0, 1);
    /* Kinds that nobody sends are not tried. */
    record(path, SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1);
    assert_int_equal(read_clip(path, &rises, &loudest), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(read_clip(path, &rises, &loudest), 0);
    assert_int_equal(read_clip("/dev/zero", &rises, &loudest), 0);
}

static void a_recording_is_heard_at_the_rate_that_is_set(void **state)
{
    char path[] = "/tmp/tp-speech-XXXXXX";
    struct tp_utterance words = {.text = "Hello", .language = "en", .clip = path};
    size_t missing = 0, usual;

    (void)state;
    (void)close(mkstemp(path));
    record(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
    usual = say(words, "/bin/false", 4, TP_RATE_DEFAULT, &missing).samples;
    assert_int_equal(usual, TONE_RATE);
    assert_true(say(words, "/bin/false", 4, 0, &missing).samples > usual * 19 / 10);
    assert_true(say(words, "/bin/false", 4, TP_RATE_STEPS - 1, &missing).samples < usual * 11 / 20);
    assert_int_equal(missing, 0);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_is_slower_or_faster_at_the_same_pitch),
        cmocka_unit_test(a_recording_comes_before_the_synthesiser),
        cmocka_unit_test(recordings_of_each_kind_are_read),
        cmocka_unit_test(a_recording_is_heard_at_the_rate_that_is_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
