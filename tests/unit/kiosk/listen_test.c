/*
 * kiosk/app_listen and app_say: what is said and in which language, recordings, going on from where
 * it stopped, what is said when nothing can be heard, the warning, and headphones. Words are heard
 * in place of sound, with a clock that stands still until moved.
 */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/app.h"
#include "kiosk/screens/screens.h"
#include "kiosk/speech/ear.h"

static char folder[] = "/tmp/tp-listen-XXXXXX";
static struct tp_settings settings;
static struct tp_clock_fake now;
static struct tp_clock clock_of_now;
static uint64_t seed;
static struct tp_ear ear;
static struct tp_speech_sink sink;
static struct tp_app *app;
static char clips[4096]; /* of what was said, a line each */

/* A survey in English only, its first question and one answer with a recording. */
static const char survey[] =
    "| survey |\n| | type | name | label | media::audio |\n"
    "| | select_one often | often | How often do you swim? | often.wav |\n"
    "| | text | secret | What is your code? | |\n"
    "| choices |\n| | list_name | name | label | media::audio |\n"
    "| | often | daily | Every day | daily.wav |\n| | often | never | Never | gone.wav |\n"
    "| settings |\n| | form_title | form_id | version |\n| | Swimming | swim | 1 |\n"
    "| consultation |\n| | name | value |\n| | title | Swimming |\n| | who | The council asks. |\n";

static void write_file(const char *name, const char *text)
{
    char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
}

static void say(void *context, const struct tp_utterance *utterance)
{
    size_t length = strlen(clips);

    if (utterance->clip)
        (void)snprintf(clips + length, sizeof(clips) - length, "%s\n",
                       strrchr(utterance->clip, '/') + 1);
    tp_ear_sink(context).say(context, utterance);
}

static int set_up_all(void **state)
{
    char path[256];

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/surveys/swim/media", folder);
    if (!tp_dir_make(path, 0700, NULL))
        return -1;
    write_file("surveys/swim/swim.md", survey);
    write_file("surveys/swim/media/often.wav", "x");
    write_file("surveys/swim/media/daily.wav", "x");
    return 0;
}

static int tear_down_all(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static int set_up(void **state)
{
    struct tp_app_params params = {.settings = &settings,
                                   .random = tp_random_seeded(&seed),
                                   .screen = tp_screen_make(1920, 1080, 476, 0),
                                   .ear = &sink};
    struct tp_error error;

    (void)state;
    seed = 3;
    clips[0] = '\0';
    now = (struct tp_clock_fake){.wall = 1795426867123, .monotonic = 1000000};
    clock_of_now = tp_clock_from_fake(&now);
    tp_ear_init(&ear, &clock_of_now, NULL);
    sink = tp_ear_sink(&ear);
    sink.say = say;
    tp_settings_default(&settings);
    (void)snprintf(settings.state, sizeof(settings.state), "%s/state", folder);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "%s/surveys", folder);
    (void)snprintf(settings.zone, sizeof(settings.zone), "UTC");
    params.clock = clock_of_now;
    if (!tp_app_create(&params, &app, &error))
        return -1;
    app->practice = true;
    tp_app_refresh(app);
    return tp_app_build(app, &error) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tp_app_destroy(app);
    tp_ear_finish(&ear);
    return 0;
}

/* ---- a person ---- */

static void pass(int64_t ms)
{
    struct tp_error error;

    for (; ms > 0; ms -= 40) {
        bool moved;

        tp_clock_fake_advance(&now, 40);
        (void)tp_app_tick(app, &moved);
        if (moved)
            assert_true(tp_app_build(app, &error));
    }
}

/* Until it is silent, at most ten minutes. */
static void hear_out(void)
{
    pass(40);
    for (int i = 0; i < 15000 && tp_listen_busy(app); i++)
        pass(40);
    assert_false(tp_listen_busy(app));
}

static void press(enum tp_intent_kind kind)
{
    struct tp_error error;

    assert_true(tp_app_handle(app, &(struct tp_intent){.kind = kind, .by_key = true}, &error));
    pass(40);
}

static void touch(const char *id)
{
    uint32_t target = tp_ui_target_of(app->ui, id);
    struct tp_error error;

    if (!target)
        fail_msg("'%s' is not on the page '%s'", id, tp_screens[tp_app_screen(app)]->name);
    tp_ear_forget(&ear);
    assert_true(tp_app_handle(
        app, &(struct tp_intent){.kind = TP_INTENT_ACTIVATE, .target = target}, &error));
    pass(40);
}

static bool was_said(const char *line)
{
    return strstr(tp_ear_heard(&ear), line) != NULL;
}

static void to_question(void)
{
    touch("start");
    touch("page:primary");
    touch("swim");
    touch("page:primary");
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
}

/* ---- tests ---- */

static void nothing_is_said_until_someone_asks(void **state)
{
    (void)state;
    to_question();
    hear_out();
    assert_string_equal(tp_ear_heard(&ear), "");
    touch("bar:listen");
    hear_out();
    assert_true(was_said("en\tHow often do you swim?\n"));
}

static void recordings_of_the_survey_are_played(void **state)
{
    (void)state;
    touch("bar:listen");
    to_question();
    clips[0] = '\0';
    hear_out();
    /* The one that is not there is spoken. */
    assert_string_equal(clips, "often.wav\ndaily.wav\n");
    assert_true(was_said("en\tNever\n"));
    clips[0] = '\0';
    press(TP_INTENT_NEXT);
    hear_out();
    assert_string_equal(clips, "daily.wav\n");
    assert_true(was_said("en\tNot chosen\n"));
}

static void each_part_is_said_in_its_own_language(void **state)
{
    struct tp_error error;

    (void)state;
    to_question();
    tp_app_set_language(app, "pl");
    assert_true(tp_app_build(app, &error));
    touch("bar:listen");
    hear_out();
    assert_true(was_said("en\tHow often do you swim?\n"));
    assert_true(was_said("en\tEvery day\n"));
    assert_true(was_said("pl\tKontynuuj\n") || was_said("pl\tDalej\n"));
}

static void it_goes_on_from_where_it_stopped(void **state)
{
    (void)state;
    touch("bar:listen");
    to_question();
    while (!was_said("Every day"))
        pass(40);
    touch("bar:listen");
    assert_int_equal(tp_app_screen(app), TP_SCREEN_LISTEN);
    assert_true(was_said("en\tReading is paused.\n"));
    hear_out();
    touch("page:primary");
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
    hear_out();
    assert_false(was_said("How often"));
    assert_true(was_said("Every day"));
    assert_true(was_said("Never"));
    touch("bar:listen");
    touch("again");
    hear_out();
    assert_true(was_said("How often"));
    touch("bar:listen");
    touch("stop");
    hear_out();
    assert_false(app->person.listening);
    assert_false(was_said("How often"));
}

static void pausing_is_no_sign_of_life(void **state)
{
    (void)state;
    touch("bar:listen");
    to_question();
    press(TP_INTENT_PAUSE);
    tp_ear_forget(&ear);
    pass(4 * 60000);
    assert_string_equal(tp_ear_heard(&ear), "");
    assert_int_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
    press(TP_INTENT_PAUSE);
    hear_out();
    assert_true(was_said("Never"));
    press(TP_INTENT_AGAIN);
    press(TP_INTENT_PAUSE);
    pass(6 * 60000);
    assert_int_not_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
}

static void the_warning_is_said_to_everyone(void **state)
{
    (void)state;
    to_question();
    pass(300200);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_IDLE);
    hear_out();
    assert_true(was_said("en\tAre you still there?\n"));
    pass(46000);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_WELCOME);
    assert_int_equal(tp_person_hash(&app->person), app->fresh_hash);
    assert_null(app->listen.speech);
}

static void a_language_without_a_voice_is_said_in_words(void **state)
{
    struct tp_error error;

    (void)state;
    (void)snprintf(settings.languages[0], sizeof(settings.languages[0]), "tlh");
    tp_app_set_language(app, "tlh");
    (void)snprintf(app->settings.languages[0], sizeof(app->settings.languages[0]), "tlh");
    touch("start");
    assert_true(tp_app_build(app, &error));
    touch("bar:listen");
    pass(200);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_LISTEN);
    assert_true(app->listen.mute);
    assert_int_not_equal(tp_ui_target_of(app->ui, "page:primary"), 0);
    touch("page:primary");
    pass(400);
    /* Once: it does not stand in the way again. */
    assert_int_equal(tp_app_screen(app), TP_SCREEN_READ);
}

static void headphones_talk_at_once_and_a_hidden_screen_shows_nothing(void **state)
{
    struct tp_intent show = {.kind = TP_INTENT_ACTIVATE};
    struct tp_error error;

    (void)state;
    tp_listen_plug(app, true);
    assert_true(tp_app_build(app, &error));
    hear_out();
    assert_true(was_said("You can use this screen by listening."));
    assert_true(was_said("Touch to start"));
    touch("start");
    app->person.hidden = true;
    assert_true(tp_app_build(app, &error));
    assert_ptr_not_equal(tp_app_shown(app), app->ui);
    assert_int_equal(tp_ui_target_of(tp_app_shown(app), "page:primary"), 0);
    show.target = tp_ui_target_of(tp_app_shown(app), "show");
    assert_int_not_equal(show.target, 0);
    /* Keys go to the page behind it. */
    tp_ear_forget(&ear);
    press(TP_INTENT_NEXT);
    assert_true(was_said("Small text"));
    assert_true(tp_app_handle(app, &show, &error));
    assert_ptr_equal(tp_app_shown(app), app->ui);
    /* Pulled out with the screen hidden: nobody sees whether someone is there. */
    app->person.hidden = true;
    tp_listen_plug(app, false);
    pass(80);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_IDLE);
    assert_false(app->person.hidden);
    assert_false(app->person.listening);
}

static void no_person_is_louder_than_the_limit(void **state)
{
    (void)state;
    app->settings.volume_limit = 6;
    touch("bar:listen");
    hear_out();
    tp_ear_forget(&ear);
    press(TP_INTENT_LOUDER);
    assert_int_equal(app->person.volume, 6);
    hear_out();
    assert_true(was_said("en\tVolume\nen\t7 of 8\n"));
    press(TP_INTENT_LOUDER);
    assert_int_equal(app->person.volume, 6);
    /* Nor by touch. */
    press(TP_INTENT_LISTEN);
    assert_int_equal(tp_app_screen(app), TP_SCREEN_LISTEN);
    tp_app_act(app, &(struct tp_action){.id = TP_ACT_VOLUME, .argument = 7});
    assert_int_equal(app->person.volume, 6);
    press(TP_INTENT_BACK);
    hear_out();
    press(TP_INTENT_SLOWER);
    assert_int_equal(app->person.rate, 1);
    hear_out();
    assert_true(was_said("en\tSpeed\nen\t2 of 7\n"));
    tp_app_home(app);
    assert_int_equal(app->person.volume, 5);
    assert_int_equal(tp_person_hash(&app->person), app->fresh_hash);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_said_until_someone_asks),
        TEST(recordings_of_the_survey_are_played),
        TEST(each_part_is_said_in_its_own_language),
        TEST(it_goes_on_from_where_it_stopped),
        TEST(pausing_is_no_sign_of_life),
        TEST(the_warning_is_said_to_everyone),
        TEST(a_language_without_a_voice_is_said_in_words),
        TEST(headphones_talk_at_once_and_a_hidden_screen_shows_nothing),
        TEST(no_person_is_louder_than_the_limit),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
