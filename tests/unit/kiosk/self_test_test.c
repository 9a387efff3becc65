/* The self-test against a system made of files: a screen that is ready, and one where everything is
 * wrong. */
#include "tp_test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/app.h"
#include "kiosk/self_test.h"
#include "store/settings.h"

static char folder[] = "/tmp/tp-self-XXXXXX";
static char system_root[64];
static struct tp_settings settings;
static struct tp_clock_fake now;
static uint64_t seed = 1;

static void put(const char *under, const char *name, const char *text, mode_t mode)
{
    char path[256], parent[256];

    (void)snprintf(path, sizeof(path), "%s/%s/%s", folder, under, name);
    (void)snprintf(parent, sizeof(parent), "%s", path);
    *strrchr(parent, '/') = '\0';
    assert_true(tp_dir_make(parent, 0700, NULL));
    assert_true(tp_file_write_atomic(path, text, strlen(text), mode, NULL));
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-self-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    (void)unsetenv("DISPLAY");
    (void)unsetenv("WAYLAND_DISPLAY");
    (void)snprintf(system_root, sizeof(system_root), "%s/system", folder);
    tp_settings_default(&settings);
    (void)snprintf(settings.state, sizeof(settings.state), "%s/state", folder);
    now = (struct tp_clock_fake){.wall = INT64_C(1795680000000), .monotonic = 1000};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static struct tp_app *start(void)
{
    struct tp_app_params params = {.settings = &settings,
                                   .clock = tp_clock_from_fake(&now),
                                   .random = tp_random_seeded(&seed),
                                   .screen = tp_screen_make(1920, 1080, 476, 0)};
    struct tp_app *app = NULL;
    struct tp_error error;

    assert_true(tp_app_create(&params, &app, &error));
    return app;
}

static const struct tp_health *find(const struct tp_health *all, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].what, what) == 0)
            return &all[i];
    fail_msg("nothing was said of %s", what);
    return NULL;
}

static void a_ready_screen_says_ok(void **state)
{
    static const char device[] =
        "[device]\nid = uuid:device\nname = Cowley Library\n[store]\nurl = x\n"
        "sealing_key = 6pAT2Rt+lWPotWWpo5Y+aX0q0sOAZOJoUgwl+ygm1iM=\n";
    static const char *const ok[] = {"display", "touch", "sound", "fonts",
                                     "words",   "disk",  "key",   "contact"};
    struct tp_agent_status agent = {.enrolled = true};
    struct tp_health all[TP_HEALTH_MAX];
    struct tp_app *app;
    size_t count;

    (void)state;
    put("system", "sys/class/drm/card0-HDMI-A-1/status", "connected\n", 0600);
    put("system", "sys/class/drm/card0-DP-1/status", "disconnected\n", 0600);
    put("system", "proc/bus/input/devices",
        "I: Bus=0019\nN: Name=\"Power Button\"\nB: PROP=0\n\n"
        "I: Bus=0003\nN: Name=\"ILITEK Touch\"\nB: PROP=2\nB: EV=1b\n",
        0600);
    put("system", "proc/asound/cards", " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n", 0600);
    put("system", "usr/bin/espeak-ng", "", 0700);
    put("state", "device.ini", device, 0600);
    settings.width_mm = 476;
    app = start();
    agent.last_contact_ms = now.wall - 3600000;
    assert_true(tp_agent_status_set(app->store, &agent, NULL));
    count = tp_self_test(app, system_root, all);
    for (size_t i = 0; i < sizeof(ok) / sizeof(ok[0]); i++)
        assert_string_equal(tp_health_word(find(all, count, ok[i])->result), "OK");
    assert_string_equal(find(all, count, "touch")->words, "\"ILITEK Touch\"");
    assert_string_equal(find(all, count, "display")->words, "476 mm wide, looked at from 500 mm");
    app->settings.width_mm = 92;
    count = tp_self_test(app, system_root, all);
    assert_string_equal(tp_health_word(find(all, count, "display")->result), "wrong");
    assert_non_null(strstr(find(all, count, "display")->words, "135 mm at least"));
    /* Ten quiet days are too many. */
    now.wall += INT64_C(10) * 86400000;
    count = tp_self_test(app, system_root, all);
    assert_string_equal(tp_health_word(find(all, count, "contact")->result), "wrong");
    assert_non_null(strstr(find(all, count, "contact")->words, "10 days"));
    tp_app_destroy(app);
}

static void mistakes_in_the_settings_are_said(void **state)
{
    struct tp_health all[TP_HEALTH_MAX];
    const struct tp_health *settings_check;
    struct tp_app *app;
    size_t count;

    (void)state;
    put("system", "run/talkpoint/mistakes",
        "talkpoint.ini line 3: url is 'x'\ntalkpoint.ini line 9: b\ntalkpoint.ini line 12: c\n",
        0600);
    app = start();
    count = tp_self_test(app, system_root, all);
    settings_check = find(all, count, "settings");
    assert_string_equal(tp_health_word(settings_check->result), "wrong");
    assert_string_equal(settings_check->words, "talkpoint.ini line 3: url is 'x' (and 2 more)");
    tp_app_destroy(app);
}

static void a_pin_that_everyone_can_read_is_said(void **state)
{
    struct tp_health all[TP_HEALTH_MAX];
    struct tp_app *app;

    (void)state;
    settings.pin_is_open = true;
    app = start();
    assert_string_equal(
        tp_health_word(find(all, tp_self_test(app, system_root, all), "PIN")->result), "note");
    tp_app_destroy(app);
}

static void a_bare_machine_is_told_what_to_do(void **state)
{
    static const char *const wrong[] = {"display", "touch", "sound", "key"};
    struct tp_health all[TP_HEALTH_MAX];
    struct tp_app *app;
    size_t count;

    (void)state;
    app = start();
    count = tp_self_test(app, system_root, all);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_string_equal(tp_health_word(find(all, count, wrong[i])->result), "wrong");
    assert_non_null(strstr(find(all, count, "key")->words, "talkpoint-sync enrol"));
    assert_string_equal(tp_health_word(find(all, count, "surveys")->result), "note");
    tp_app_destroy(app);
}

static void a_language_without_a_face_is_named(void **state)
{
    struct tp_health all[TP_HEALTH_MAX];
    struct tp_app *app;
    size_t count;

    (void)state;
    /* Khitan small script: no face of Debian's has it, and the tag stands for its own name. */
    (void)snprintf(settings.languages[1], sizeof(settings.languages[1]), "\xf0\x98\xac\x80");
    settings.language_count = 2;
    app = start();
    count = tp_self_test(app, system_root, all);
    assert_string_equal(tp_health_word(find(all, count, "fonts")->result), "wrong");
    tp_app_destroy(app);
}

/* German was never begun. */
static void strings_that_are_missing_are_counted_by_language(void **state)
{
    struct tp_health all[TP_HEALTH_MAX];
    struct tp_app *app;
    size_t count;
    char words[200];
    size_t most;

    (void)state;
    (void)snprintf(settings.languages[1], sizeof(settings.languages[1]), "pl");
    (void)snprintf(settings.languages[2], sizeof(settings.languages[2]), "de");
    settings.language_count = 3;
    app = start();
    count = tp_self_test(app, system_root, all);
    assert_string_equal(tp_health_word(find(all, count, "words")->result), "note");
    most = tp_catalog_count(app->catalog, "pl");
    assert_true(most > 300);
    (void)snprintf(words, sizeof(words), "missing, and shown in English: de %zu of %zu", most,
                   most);
    assert_string_equal(find(all, count, "words")->words, words);
    tp_app_destroy(app);
}

static void a_disk_that_takes_nothing_is_wrong(void **state)
{
    struct tp_health all[TP_HEALTH_MAX];
    struct tp_app *app;
    size_t count;

    (void)state;
    put("", "state", "a file where the folder should be", 0600);
    app = start();
    count = tp_self_test(app, system_root, all);
    assert_string_equal(tp_health_word(find(all, count, "disk")->result), "wrong");
    tp_app_destroy(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(mistakes_in_the_settings_are_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pin_that_everyone_can_read_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_ready_screen_says_ok, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bare_machine_is_told_what_to_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_language_without_a_face_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strings_that_are_missing_are_counted_by_language, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_disk_that_takes_nothing_is_wrong, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
