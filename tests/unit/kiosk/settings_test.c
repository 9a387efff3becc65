/* kiosk/app_settings and app_options: the configuration file and the command line. */
#include "tp_test.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/app_options.h"

static char path[] = "/tmp/tp-settings-XXXXXX";

static int set_up(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static bool read_text(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
    tp_settings_default(settings);
    return tp_settings_read(settings, path, error);
}

static bool run(struct tp_settings *settings, enum tp_task *task, struct tp_error *error,
                size_t count, char **arguments)
{
    char *argv[16] = {"talkpoint-kiosk", "--config", path};

    for (size_t i = 0; i < count; i++)
        argv[3 + i] = arguments[i];
    tp_settings_default(settings);
    return tp_options_read(settings, (int)count + 3, argv, task, error);
}
#define RUN(settings, task, error, ...)                                                            \
    run(settings, task, error, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *),                   \
        (char *[]){__VA_ARGS__})

static void the_example_file_says_the_defaults(void **state)
{
    struct tp_settings defaults, read;
    struct tp_error error;

    (void)state;
    memset(&defaults, 0, sizeof(defaults));
    memset(&read, 0, sizeof(read));
    tp_settings_default(&defaults);
    tp_settings_default(&read);
    if (!tp_settings_read(&read, "deploy/config/kiosk.ini", &error))
        fail_msg("%s", error.text);
    assert_memory_equal(&read, &defaults, sizeof(read));
}

static void a_file_sets_what_it_names(void **state)
{
    struct tp_settings settings;
    struct tp_error error;

    (void)state;
    assert_true(read_text(&settings,
                          "[screen]\nwidth_mm = 476\nfull_screen = no\n"
                          "[place]\nchannel = outreach\nvenue = Didcot\n"
                          "[reading]\nlanguages = pl, en ar\nsize = largest\n"
                          "colours = yellow-on-black\nwords = easy-read\n"
                          "[sound]\nvolume = 7\n",
                          &error));
    assert_true(settings.width_mm == 476);
    assert_false(settings.full_screen);
    assert_string_equal(settings.venue, "Didcot");
    assert_int_equal(settings.language_count, 3);
    assert_string_equal(settings.languages[0], "pl");
    assert_string_equal(settings.languages[2], "ar");
    assert_int_equal(settings.look.size, TP_SIZE_LARGEST);
    assert_ptr_equal(settings.look.theme, &tp_themes[TP_THEME_YELLOW_ON_BLACK]);
    assert_true(settings.look.easy_read);
    assert_int_equal(settings.volume, 7);
    assert_true(tp_settings_idle_minutes(&settings) == 2);
}

static void a_wrong_setting_is_named_and_changes_nothing(void **state)
{
    static const char *const wrong[][2] = {
        {"[screen]\nwidht_mm = 476\n", "widht_mm"},
        {"[screen]\nwidth_mm = wide\n", "width_mm"},
        {"[screen]\nwidth_mm = 5\n", "width_mm"},
        {"[place]\nchannel = pub\n", "pub"},
        {"[reading]\nlanguages = ,\n", "languages"},
        {"[reading]\nlanguages = averyveryverylongtag\n", "averyveryverylongtag"},
        {"[reading]\nsize = huge\n", "huge"},
        {"[reading]\ncolours = pink\n", "pink"},
        {"[reading]\nwords = short\n", "short"},
        {"[idle]\nminutes = 1\n", "minutes"},
        {"[idle]\nminutes = 11\n", "minutes"},
        {"[sound]\nvolume = 8\n", "volume"},
        {"[staff]\npin_hash = 1234\n", "pin_hash"},
        {"[screen]\nrotation = 45\n", "45"},
        {"[hours]\nopen = Monday 9-5\n", "Monday 9-5"},
        {"[touch]\nmatrix = 1 0\n", "matrix"},
        {"[sound]\nheadphones = loud\n", "loud"},
        {"[keys]\nnext = Any Key\n", "Any Key"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct tp_settings settings, defaults;
        struct tp_error error;

        memset(&settings, 0, sizeof(settings));
        memset(&defaults, 0, sizeof(defaults));
        tp_settings_default(&defaults);
        if (read_text(&settings, wrong[i][0], &error))
            fail_msg("taken: %s", wrong[i][0]);
        if (!strstr(error.text, wrong[i][1]))
            fail_msg("'%s' does not name %s", error.text, wrong[i][1]);
        if (!strstr(error.text, "' line 2: "))
            fail_msg("'%s' does not say where", error.text);
        assert_memory_equal(&settings, &defaults, sizeof(settings));
    }
}

static void the_command_line_overrules_the_file(void **state)
{
    struct tp_settings settings;
    enum tp_task task;
    struct tp_error error;

    (void)state;
    assert_true(read_text(&settings, "[screen]\nwidth_mm = 476\n[place]\nvenue = A\n", &error));
    assert_true(RUN(&settings, &task, &error, "--width-mm", "217", "--windowed", "1280x800",
                    "--surveys", "surveys", "--offscreen", "--script", "x", "--fake-clock"));
    assert_int_equal(task, TP_TASK_RUN);
    assert_true(settings.width_mm == 217);
    assert_int_equal(settings.window_width, 1280);
    assert_int_equal(settings.window_height, 800);
    assert_false(settings.full_screen);
    assert_true(settings.offscreen && settings.fake_clock);
    assert_string_equal(settings.surveys, "surveys");
    assert_string_equal(settings.venue, "A");
    assert_true(RUN(&settings, &task, &error, "--version"));
    assert_int_equal(task, TP_TASK_VERSION);
}

static void a_wrong_option_is_misuse(void **state)
{
    struct tp_settings settings;
    enum tp_task task;
    struct tp_error error;

    (void)state;
    assert_true(read_text(&settings, "", &error));
    assert_false(RUN(&settings, &task, &error, "--fullscreen"));
    assert_int_equal(error.code, TP_ERR_MISUSE);
    assert_false(RUN(&settings, &task, &error, "--state"));
    assert_false(RUN(&settings, &task, &error, "--windowed", "1280"));
    assert_false(RUN(&settings, &task, &error, "--windowed", "1280x800x2"));
    assert_false(RUN(&settings, &task, &error, "--windowed", "10x10"));
    assert_false(RUN(&settings, &task, &error, "--width-mm", "wide"));
    assert_false(RUN(&settings, &task, &error, "--fake-clock"));
}

static void idle_time_follows_the_channel(void **state)
{
    struct tp_settings settings;
    struct tp_error error;

    (void)state;
    tp_settings_default(&settings);
    assert_true(tp_settings_idle_minutes(&settings) == 5);
    assert_true(
        read_text(&settings, "[place]\nchannel = outreach\n[idle]\nminutes = 10\n", &error));
    assert_true(tp_settings_idle_minutes(&settings) == 10);
}

static void a_pin_that_everyone_can_read_is_known(void **state)
{
    static const char text[] = "[staff]\npin_hash = $argon2id$v=19$m=65536,t=2,p=1$x$y\n";
    struct tp_settings settings;
    struct tp_error error;

    (void)state;
    assert_true(read_text(&settings, text, &error));
    assert_false(settings.pin_is_open);
    assert_int_equal(chmod(path, 0644), 0);
    assert_true(tp_settings_read(&settings, path, &error));
    assert_true(settings.pin_is_open);
    assert_true(read_text(&settings, "", &error));
    assert_int_equal(chmod(path, 0644), 0);
    assert_true(tp_settings_read(&settings, path, &error));
    assert_false(settings.pin_is_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_file_says_the_defaults),
        cmocka_unit_test(a_file_sets_what_it_names),
        cmocka_unit_test(a_wrong_setting_is_named_and_changes_nothing),
        cmocka_unit_test(the_command_line_overrules_the_file),
        cmocka_unit_test(a_wrong_option_is_misuse),
        cmocka_unit_test(idle_time_follows_the_channel),
        cmocka_unit_test(a_pin_that_everyone_can_read_is_known),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
