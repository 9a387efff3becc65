/* kiosk/speech: tables of ACCESSIBILITY.md A3, WAV heads in any pieces, and a synthesiser that may
 * misbehave. */
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "kiosk/speech/cache.h"
#include "kiosk/speech/ear.h"
#include "kiosk/speech/speech.h"
#include "kiosk/speech/voice.h"
#include "kiosk/speech/wav.h"
#include "speech_heard.h"

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

static bool start_nothing(void *context, int rate)
{
    (void)context;
    (void)rate;
    return false;
}

static void a_machine_without_sound_is_counted_and_done(void **state)
{
    struct tp_utterance words[] = {{.text = "One", .language = "en"},
                                   {.text = "Two", .language = "en"}};
    struct heard heard = {0};
    struct tp_speech_sink sink = sink_into(&heard);
    struct tp_speech *speech = NULL;
    struct tp_error error;

    (void)state;
    sink.start = start_nothing;
    assert_true(tp_speech_create(&sink, NULL, &speech, &error));
    assert_true(tp_speech_say(speech, words, 2));
    speak_to_the_end(speech);
    assert_int_equal(heard.samples, 0);
    assert_int_equal(tp_speech_missing(speech), 2);
    assert_true(tp_speech_is_mute(speech));
    tp_speech_destroy(speech);
}

static void new_words_stop_the_old(void **state)
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
    assert_false(tp_speech_busy(speech));
    tp_speech_destroy(speech);
}

/* ---- a repeat ---- */

/* A synthesiser that can be used up: it works while `path` is there, and counts its runs. */
static void write_program(char *path, const char *body)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, body, strlen(body)), (ssize_t)strlen(body));
    assert_int_equal(fchmod(fd, 0700), 0);
    (void)close(fd);
}

static void a_repeat_needs_no_synthesiser(void **state)
{
    char path[] = "/tmp/tp-voice-XXXXXX";
    struct tp_utterance words = {.text = "By bus", .language = "en"};
    struct heard heard = {0};
    struct tp_speech_sink sink = sink_into(&heard);
    struct tp_speech *speech = NULL;
    struct tp_error error;
    size_t first;

    (void)state;
    write_program(path, "#!/bin/sh\nexec espeak-ng \"$@\"\n");
    assert_true(tp_speech_create(&sink, path, &speech, &error));
    assert_true(tp_speech_say(speech, &words, 1));
    speak_to_the_end(speech);
    first = heard.samples;
    assert_true(first > 1000);
    assert_int_equal(unlink(path), 0);
    assert_true(tp_speech_say(speech, &words, 1));
    speak_to_the_end(speech);
    assert_int_equal(heard.samples, 2 * first);
    assert_int_equal(tp_speech_missing(speech), 0);
    /* At another rate it is another sound. */
    tp_speech_set_rate(speech, 0);
    assert_true(tp_speech_say(speech, &words, 1));
    speak_to_the_end(speech);
    assert_int_equal(tp_speech_missing(speech), 1);
    assert_true(tp_speech_is_mute(speech));
    tp_speech_destroy(speech);
}

static void what_a_synthesiser_did_not_finish_is_not_kept(void **state)
{
    char path[] = "/tmp/tp-voice-XXXXXX";
    struct tp_utterance words = {.text = "By bus", .language = "en"};
    struct heard heard = {0};
    struct tp_speech_sink sink = sink_into(&heard);
    struct tp_speech *speech = NULL;
    struct tp_error error;

    (void)state;
    write_program(path, "#!/bin/sh\nespeak-ng \"$@\"\nexit 1\n");
    assert_true(tp_speech_create(&sink, path, &speech, &error));
    assert_true(tp_speech_say(speech, &words, 1));
    speak_to_the_end(speech);
    assert_true(heard.samples > 1000);
    assert_int_equal(unlink(path), 0);
    assert_true(tp_speech_say(speech, &words, 1));
    speak_to_the_end(speech);
    assert_int_equal(tp_speech_missing(speech), 1);
    tp_speech_destroy(speech);
}

static void the_cache_is_bounded_and_the_oldest_go_first(void **state)
{
    struct tp_speech_cache *cache = tp_speech_cache_create(2500);
    int16_t samples[500] = {1, 2, 3};
    const struct tp_sound sound = {samples, 500, 22050};
    struct tp_said a = {"en-gb", 175, "a"}, b = {"en-gb", 175, "b"}, c = {"en-gb", 175, "c"};
    struct tp_sound found;

    (void)state;
    tp_speech_cache_put(cache, &a, &sound);
    tp_speech_cache_put(cache, &b, &sound);
    assert_true(tp_speech_cache_find(cache, &a, &found));
    assert_int_equal(found.count, 500);
    assert_int_equal(found.samples[2], 3);
    tp_speech_cache_put(cache, &c, &sound);
    assert_true(tp_speech_cache_bytes(cache) <= 2500);
    assert_false(tp_speech_cache_find(cache, &b, &found));
    assert_true(tp_speech_cache_find(cache, &a, &found));
    assert_true(tp_speech_cache_find(cache, &c, &found));
    a.voice = "pl";
    assert_false(tp_speech_cache_find(cache, &a, &found));
    tp_speech_cache_destroy(cache);
}

/* ---- measured on the samples ---- */

static void each_step_of_volume_is_three_decibels_and_each_rate_is_shorter(void **state)
{
    struct tp_utterance words = {.text = "How often do you come to the library?", .language = "en"};
    size_t missing = 0;
    struct heard last = say(words, NULL, 0, TP_RATE_DEFAULT, &missing), usual = last;

    (void)state;
    for (int step = 1; step < TP_VOLUME_STEPS; step++) {
        struct heard heard = say(words, NULL, step, TP_RATE_DEFAULT, &missing);

        assert_true(fabs(10 * log10(heard.energy / last.energy) - 3) < 0.3);
        last = heard;
    }
    last.samples = SIZE_MAX;
    for (int step = 0; step < TP_RATE_STEPS; step++) {
        struct heard heard = say(words, NULL, TP_VOLUME_DEFAULT, step, &missing);

        assert_true(heard.samples < last.samples);
        assert_true(
            fabs((double)usual.samples / (double)heard.samples * 100 / tp_rate_percent(step) - 1) <
            0.15);
        last = heard;
    }
    assert_int_equal(missing, 0);
}

static void a_sign_is_said_by_its_name(void **state)
{
    struct tp_utterance stop = {.text = ".", .language = "en"};
    size_t missing = 0;

    (void)state;
    assert_true(say(stop, NULL, 4, TP_RATE_DEFAULT, &missing).samples > 5000);
}

/* ---- words instead of samples ---- */

static void an_ear_hears_words_one_after_the_other_by_its_clock(void **state)
{
    struct tp_clock_fake time = {.monotonic = 1000};
    struct tp_clock clock = tp_clock_from_fake(&time);
    struct tp_utterance words[] = {{.text = "One", .language = "en"},
                                   {.text = "nuqneH", .language = "tlh"},
                                   {.text = "Two", .language = "en"}};
    struct tp_speech *speech = NULL;
    struct tp_speech_sink sink;
    struct tp_error error;
    struct tp_ear ear;

    (void)state;
    tp_ear_init(&ear, &clock, NULL);
    sink = tp_ear_sink(&ear);
    assert_true(tp_speech_create(&sink, "/nonexistent", &speech, &error));
    assert_true(tp_speech_say(speech, words, 3));
    (void)tp_speech_tick(speech);
    assert_string_equal(tp_ear_heard(&ear), "en\tOne\n");
    assert_int_equal(tp_speech_at(speech), 0);
    tp_speech_pause(speech, true);
    tp_clock_fake_advance(&time, 60000);
    (void)tp_speech_tick(speech);
    tp_speech_pause(speech, false);
    (void)tp_speech_tick(speech);
    assert_string_equal(tp_ear_heard(&ear), "en\tOne\n");
    tp_clock_fake_advance(&time, 3 * TP_EAR_CHARACTER_MS);
    (void)tp_speech_tick(speech);
    assert_string_equal(tp_ear_heard(&ear), "en\tOne\nen\tTwo\n");
    assert_int_equal(tp_speech_at(speech), 2);
    assert_int_equal(tp_speech_missing(speech), 1);
    tp_clock_fake_advance(&time, 3 * TP_EAR_CHARACTER_MS);
    assert_int_equal(tp_speech_tick(speech), -1);
    assert_int_equal(tp_speech_at(speech), 3);
    tp_speech_destroy(speech);
    tp_ear_finish(&ear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeat_needs_no_synthesiser),
        cmocka_unit_test(what_a_synthesiser_did_not_finish_is_not_kept),
        cmocka_unit_test(the_cache_is_bounded_and_the_oldest_go_first),
        cmocka_unit_test(each_step_of_volume_is_three_decibels_and_each_rate_is_shorter),
        cmocka_unit_test(a_sign_is_said_by_its_name),
        cmocka_unit_test(an_ear_hears_words_one_after_the_other_by_its_clock),
        cmocka_unit_test(volume_spans_18_db_with_a_step_12_db_over_the_lowest),
        cmocka_unit_test(rate_spans_50_to_200_per_cent_in_6_to_8_steps),
        cmocka_unit_test(every_language_on_offer_has_a_voice),
        cmocka_unit_test(gain_never_wraps),
        cmocka_unit_test(wav_head_is_read_in_any_pieces),
        cmocka_unit_test(stereo_is_refused),
        cmocka_unit_test(louder_is_louder_and_slower_is_longer),
        cmocka_unit_test(a_synthesiser_that_is_missing_or_dies_is_counted_and_silent),
        cmocka_unit_test(a_machine_without_sound_is_counted_and_done),
        cmocka_unit_test(new_words_stop_the_old),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
