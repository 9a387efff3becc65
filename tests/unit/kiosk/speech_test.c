/* kiosk/speech: tables of INCLUSION.md A3, WAV heads in any pieces, and a synthesiser that may
 * misbehave. */
#include "tp_test.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "kiosk/speech/speech.h"
#include "kiosk/speech/voice.h"
#include "kiosk/speech/wav.h"

/* A sink that remembers: what was queued, and how often it was cleared. */
struct heard {
    int rate;
    size_t samples, starts, clears;
    double energy;
    bool paused;
};

static bool hear_start(void *context, int rate)
{
    struct heard *heard = context;

    heard->rate = rate;
    heard->starts++;
    return true;
}

static void hear(void *context, const int16_t *samples, size_t count)
{
    struct heard *heard = context;

    for (size_t i = 0; i < count; i++)
        heard->energy += (double)samples[i] * samples[i];
    heard->samples += count;
}

static size_t hear_queued(void *context)
{
    (void)context;
    return 0; /* plays at once */
}

static void hear_clear(void *context)
{
    ((struct heard *)context)->clears++;
}

static void hear_pause(void *context, bool paused)
{
    ((struct heard *)context)->paused = paused;
}

static struct tp_speech_sink sink_into(struct heard *heard)
{
    return (struct tp_speech_sink){hear_start, hear, hear_queued, hear_clear, hear_pause, heard};
}

/* Ticks until silence; the synthesiser is another process, so real time passes, with a limit. */
static void speak_to_the_end(struct tp_speech *speech)
{
    struct tp_clock clock = tp_clock_system();
    int64_t limit = tp_clock_monotonic_ms(&clock) + 20000;

    while (tp_speech_tick(speech) >= 0) {
        assert_true(tp_clock_monotonic_ms(&clock) < limit);
        (void)usleep(1000);
    }
}

static struct heard say(struct tp_utterance utterance, const char *synthesiser, int volume,
                        int rate, size_t *missing)
{
    struct heard heard = {0};
    struct tp_speech_sink sink = sink_into(&heard);
    struct tp_speech *speech = NULL;
    struct tp_error error;

    assert_true(tp_speech_create(&sink, synthesiser, &speech, &error));
    tp_speech_set_volume(speech, volume);
    tp_speech_set_rate(speech, rate);
    assert_true(tp_speech_say(speech, &utterance, 1));
    speak_to_the_end(speech);
    *missing = tp_speech_missing(speech);
    tp_speech_destroy(speech);
    return heard;
}

static void volume_spans_18_db_with_a_step_12_db_over_the_lowest(void **state)
{
    double lowest = tp_volume_gain(0);
    bool twelve = false;

    (void)state;
    for (int step = 1; step < TP_VOLUME_STEPS; step++) {
        assert_true(tp_volume_gain(step) > tp_volume_gain(step - 1));
        twelve = twelve || fabs(20 * log10(tp_volume_gain(step) / lowest) - 12) < 0.1;
    }
    assert_true(twelve);
    assert_true(20 * log10(tp_volume_gain(TP_VOLUME_STEPS - 1) / lowest) >= 18);
    assert_int_equal(tp_volume_gain(99), 32768);
    assert_int_equal(tp_volume_gain(-3), tp_volume_gain(0));
}

static void rate_spans_50_to_200_per_cent_in_6_to_8_steps(void **state)
{
    (void)state;
    assert_in_range(TP_RATE_STEPS, 6, 8);
    assert_int_equal(tp_rate_percent(0), 50);
    assert_int_equal(tp_rate_percent(TP_RATE_STEPS - 1), 200);
    assert_int_equal(tp_rate_percent(TP_RATE_DEFAULT), 100);
}

static void every_language_on_offer_has_a_voice(void **state)
{
    static const char *const tags[] = {"en", "en-simple", "pl", "pt", "ro",     "uk",
                                       "ar", "ur",        "bn", "pa", "zh-Hans"};

    (void)state;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        assert_non_null(tp_voice_for(tags[i]));
    assert_null(tp_voice_for("english"));
    assert_null(tp_voice_for(""));
}

static void gain_never_wraps(void **state)
{
    int16_t samples[] = {INT16_MIN, INT16_MAX, 0, -1, 1};

    (void)state;
    tp_volume_apply(samples, 5, 32768);
    assert_int_equal(samples[0], INT16_MIN);
    assert_int_equal(samples[1], INT16_MAX);
    assert_int_equal(samples[3], -1);
}

static const uint8_t good_wav[] = {'R',  'I',  'F', 'F', 0,    0,    0, 0, 'W', 'A', 'V', 'E',
                                   'L',  'I',  'S', 'T', 3,    0,    0, 0, 'a', 'b', 'c', 0,
                                   'f',  'm',  't', ' ', 16,   0,    0, 0, 1,   0,   1,   0,
                                   0x22, 0x56, 0,   0,   0x44, 0xac, 0, 0, 2,   0,   16,  0,
                                   'd',  'a',  't', 'a', 0,    0,    0, 0, 1,   2,   3,   4};

static void wav_head_is_read_in_any_pieces(void **state)
{
    (void)state;
    for (size_t split = 0; split <= sizeof(good_wav); split++) {
        struct tp_wav wav;
        size_t taken;

        tp_wav_init(&wav);
        taken = tp_wav_feed(&wav, good_wav, split);
        if (taken == split)
            taken += tp_wav_feed(&wav, good_wav + split, sizeof(good_wav) - split);
        assert_int_equal(wav.state, TP_WAV_DATA);
        assert_int_equal(wav.rate, 22050);
        assert_int_equal(taken, sizeof(good_wav) - 4);
    }
}

static void stereo_is_refused(void **state)
{
    uint8_t stereo[sizeof(good_wav)];
    struct tp_wav wav;

    (void)state;
    memcpy(stereo, good_wav, sizeof(stereo));
    stereo[34] = 2;
    tp_wav_init(&wav);
    (void)tp_wav_feed(&wav, stereo, sizeof(stereo));
    assert_int_equal(wav.state, TP_WAV_BAD);
}

static void louder_is_louder_and_slower_is_longer(void **state)
{
    struct tp_utterance words = {.text = "How often do you come to the library?", .language = "en"};
    size_t missing = 0;
    struct heard quiet = say(words, NULL, 0, TP_RATE_DEFAULT, &missing);
    struct heard loud = say(words, NULL, 4, TP_RATE_DEFAULT, &missing);
    struct heard slow = say(words, NULL, 4, 0, &missing);
    struct heard fast = say(words, NULL, 4, TP_RATE_STEPS - 1, &missing);

    (void)state;
    assert_int_equal(missing, 0);
    assert_true(quiet.samples > 10000);
    assert_int_equal(quiet.samples, loud.samples);
    assert_true(fabs(10 * log10(loud.energy / quiet.energy) - 12) < 0.3);
    assert_true(slow.samples > loud.samples * 3 / 2);
    assert_true(fast.samples < loud.samples * 3 / 4);
}

static void a_synthesiser_that_is_missing_or_dies_is_counted_and_silent(void **state)
{
    struct tp_utterance words = {.text = "Hello", .language = "en"};
    size_t missing = 0;
    struct heard heard = say(words, "/nonexistent/synthesiser", 4, 2, &missing);

    (void)state;
    assert_int_equal(heard.samples, 0);
    assert_int_equal(missing, 1);
    heard = say(words, "/bin/false", 4, 2, &missing);
    assert_int_equal(heard.samples, 0);
    assert_int_equal(missing, 1);
    words.language = "tlh";
    heard = say(words, NULL, 4, 2, &missing);
    assert_int_equal(heard.samples, 0);
    assert_int_equal(missing, 1);
}

static void a_recording_comes_before_the_synthesiser(void **state)
{
    char path[] = "/tmp/tp-speech-XXXXXX";
    int fd = mkstemp(path);
    struct tp_utterance words = {.text = "Hello", .language = "tlh", .clip = path};
    size_t missing = 0;
    struct heard heard;

    (void)state;
    assert_int_equal(write(fd, good_wav, sizeof(good_wav)), sizeof(good_wav));
    (void)close(fd);
    heard = say(words, "/bin/false", 4, 2, &missing);
    assert_int_equal(heard.samples, 2);
    assert_int_equal(missing, 0);
    assert_int_equal(unlink(path), 0);
    /* A recording that is gone is spoken instead. */
    words.language = "pl";
    heard = say(words, NULL, 4, 2, &missing);
    assert_true(heard.samples > 1000);
    assert_int_equal(missing, 0);
}

static void new_words_stop_the_old_and_the_next_person_starts_at_the_default(void **state)
{
    struct heard heard = {0};
    struct tp_speech_sink sink = sink_into(&heard);
    struct tp_speech *speech = NULL;
    struct tp_error error;
    struct tp_utterance words[] = {{.text = "One", .language = "en"},
                                   {.text = "Two", .language = "en"}};
    size_t before;

    (void)state;
    assert_true(tp_speech_create(&sink, NULL, &speech, &error));
    assert_true(tp_speech_say(speech, words, 2));
    (void)tp_speech_tick(speech);
    assert_true(tp_speech_busy(speech));
    before = heard.clears;
    assert_true(tp_speech_say(speech, words + 1, 1));
    assert_true(heard.clears > before);
    tp_speech_pause(speech, true);
    assert_int_equal(tp_speech_tick(speech), -1);
    assert_true(tp_speech_busy(speech));
    tp_speech_pause(speech, false);
    speak_to_the_end(speech);
    assert_int_equal(heard.starts, 1);
    tp_speech_repeat(speech);
    speak_to_the_end(speech);
    assert_int_equal(heard.starts, 2);
    tp_speech_set_volume(speech, 0);
    tp_speech_set_rate(speech, 6);
    tp_speech_reset(speech);
    assert_int_equal(tp_speech_volume(speech), TP_VOLUME_DEFAULT);
    assert_int_equal(tp_speech_rate(speech), TP_RATE_DEFAULT);
    assert_false(tp_speech_busy(speech));
    tp_speech_destroy(speech);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(volume_spans_18_db_with_a_step_12_db_over_the_lowest),
        cmocka_unit_test(rate_spans_50_to_200_per_cent_in_6_to_8_steps),
        cmocka_unit_test(every_language_on_offer_has_a_voice),
        cmocka_unit_test(gain_never_wraps),
        cmocka_unit_test(wav_head_is_read_in_any_pieces),
        cmocka_unit_test(stereo_is_refused),
        cmocka_unit_test(louder_is_louder_and_slower_is_longer),
        cmocka_unit_test(a_synthesiser_that_is_missing_or_dies_is_counted_and_silent),
        cmocka_unit_test(a_recording_comes_before_the_synthesiser),
        cmocka_unit_test(new_words_stop_the_old_and_the_next_person_starts_at_the_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
