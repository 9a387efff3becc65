/* See self_test.h. */
#include "kiosk/self_test.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unistr.h>

#include "base/buf.h"
#include "base/file.h"
#include "kiosk/app.h"
#include "kiosk/app_words.h"
#include "kiosk/gfx/faces.h"
#include "kiosk/gfx/fonts.h"
#include "kiosk/i18n/catalog.h"
#include "store/outbox.h"
#include "store/settings.h"

/* Lists of devices are a few kilobytes. */
#define LIST_MAX (256u * 1024u)
/* A day without contact is a night and a morning; after a week someone should look. */
#define DAY_MS INT64_C(86400000)
#define QUIET_DAYS_MAX 7
/* INPUT_PROP_DIRECT: a finger touches what it points at (linux/input-event-codes.h). */
#define PROP_DIRECT 0x2ul

struct report {
    struct tp_app *app;
    const char *system;
    struct tp_health *checks;
    size_t count;
};

__attribute__((format(printf, 4, 5))) static void
say(struct report *report, const char *what, enum tp_health_result result, const char *words, ...)
{
    struct tp_health *check = &report->checks[report->count++];
    va_list arguments;

    check->what = what;
    check->result = result;
    va_start(arguments, words);
    (void)vsnprintf(check->words, sizeof(check->words), words, arguments);
    va_end(arguments);
}

/* A file of the system as text; the buffer is empty where it cannot be read. */
static void read_system(const struct report *report, const char *name, struct tp_buf *text)
{
    char path[512];
    struct tp_error error;

    tp_buf_init(text, LIST_MAX);
    (void)snprintf(path, sizeof(path), "%s%s", report->system, name);
    if (!tp_file_read(path, text, &error))
        tp_buf_reset(text);
}

/* ---- the machine ---- */

static bool is_connected(const struct report *report, const char *connector)
{
    char name[320];
    struct tp_buf status;
    bool connected;

    (void)snprintf(name, sizeof(name), "/sys/class/drm/%s/status", connector);
    read_system(report, name, &status);
    connected = status.length >= 9 && memcmp(status.data, "connected", 9) == 0;
    tp_buf_finish(&status);
    return connected;
}

static bool has_screen(const struct report *report)
{
    char path[512];
    struct dirent *entry;
    bool found = false;
    DIR *folder;

    (void)snprintf(path, sizeof(path), "%s/sys/class/drm", report->system);
    folder = opendir(path);
    while (folder && !found && (entry = readdir(folder)))
        found = strchr(entry->d_name, '-') && is_connected(report, entry->d_name);
    if (folder)
        (void)closedir(folder);
    return found || getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");
}

/* What talkpoint-provision could not take of talkpoint.ini, one a line. */
static void check_settings(struct report *report)
{
    struct tp_buf mistakes;
    size_t more = 0;
    char *end;

    read_system(report, "/run/talkpoint/mistakes", &mistakes);
    end = mistakes.length ? strchr(mistakes.data, '\n') : NULL;
    if (end) {
        for (const char *at = end; (at = strchr(at + 1, '\n'));)
            more++;
        *end = '\0';
        if (more)
            say(report, "settings", TP_HEALTH_WRONG, "%s (and %zu more)", mistakes.data, more);
        else
            say(report, "settings", TP_HEALTH_WRONG, "%s", mistakes.data);
    }
    tp_buf_finish(&mistakes);
}

static void check_pin(struct report *report)
{
    if (report->app->settings.pin_is_open)
        say(report, "PIN", TP_HEALTH_NOTE,
            "everyone on this machine can read its hash in the configuration: set it again with "
            "--set-pin, and take that line out");
}

static void check_display(struct report *report)
{
    const struct tp_settings *settings = &report->app->settings;

    if (!has_screen(report))
        say(report, "display", TP_HEALTH_WRONG,
            "no screen is connected: check its cable and that it is switched on");
    else if (settings->width_mm > 0 && settings->width_mm < TP_SCREEN_SIDE_MM)
        say(report, "display", TP_HEALTH_WRONG,
            "%.0f mm wide, which is too small: use one of %.0f mm at least, or correct width_mm",
            settings->width_mm, TP_SCREEN_SIDE_MM);
    else if (settings->width_mm <= 0)
        say(report, "display", TP_HEALTH_NOTE,
            "its width is guessed, so sizes may be wrong: measure the picture, set width_mm");
    else
        say(report, "display", TP_HEALTH_OK, "%.0f mm wide, looked at from %.0f mm",
            settings->width_mm, report->app->screen.viewing_distance_mm);
}

/* In /proc/bus/input/devices each device is a paragraph with its name (N:) before its properties
 * (B: PROP=). */
static void check_touch(struct report *report)
{
    struct tp_buf devices;
    char name[80] = "";
    bool found = false;
    char *line, *rest;

    read_system(report, "/proc/bus/input/devices", &devices);
    line = strtok_r(devices.length ? devices.data : "", "\n", &rest);
    for (; line && !found; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "N: Name=", 8) == 0)
            (void)snprintf(name, sizeof(name), "%s", line + 8);
        else if (strncmp(line, "B: PROP=", 8) == 0)
            found = strtoul(line + 8, NULL, 16) & PROP_DIRECT;
    }
    tp_buf_finish(&devices);
    if (found && report->app->touch.kept) {
        char numbers[TP_TOUCH_MAP_TEXT_MAX];

        tp_touch_numbers(report->app, numbers);
        say(report, "touch", TP_HEALTH_OK, "%s, matched by staff: matrix = %s", name, numbers);
    } else if (found)
        say(report, "touch", TP_HEALTH_OK, "%s", name);
    else
        say(report, "touch", TP_HEALTH_WRONG,
            "no touchscreen is seen: check its USB cable, then start the machine again");
}

static void check_sound(struct report *report)
{
    struct tp_buf cards;
    char voice[512];
    bool card, speaks;

    read_system(report, "/proc/asound/cards", &cards);
    card = strchr(tp_buf_text(&cards), '[') != NULL;
    tp_buf_finish(&cards);
    (void)snprintf(voice, sizeof(voice), "%s/usr/bin/espeak-ng", report->system);
    speaks = access(voice, X_OK) == 0;
    if (!card)
        say(report, "sound", TP_HEALTH_WRONG,
            "no sound card is seen: nobody can listen; check the speaker or its USB cable");
    else if (!speaks)
        say(report, "sound", TP_HEALTH_NOTE,
            "only recordings can be heard: install the package espeak-ng");
    else
        say(report, "sound", TP_HEALTH_OK, "a sound card and a voice");
}

/* Has some face every character? */
static bool can_write(struct tp_app *app, const char *text)
{
    ucs4_t code;

    for (const uint8_t *at = (const uint8_t *)text; (at = u8_next(&code, at));) {
        bool has = false;

        for (size_t face = 0; !has && face < tp_face_count; face++)
            has = tp_font_has(app->fonts, (int)face, code);
        if (!has)
            return false;
    }
    return true;
}

static void check_fonts(struct report *report)
{
    const struct tp_settings *settings = &report->app->settings;

    for (size_t i = 0; i < settings->language_count; i++) {
        const char *tag = settings->languages[i];

        if (can_write(report->app, tp_language_name(tag)))
            continue;
        say(report, "fonts", TP_HEALTH_WRONG,
            "no face for the language %s: install fonts-sil-andika, fonts-noto-core and "
            "fonts-noto-cjk",
            tag);
        return;
    }
    say(report, "fonts", TP_HEALTH_OK, "for all %zu languages on offer", settings->language_count);
}

/* Every language has the same strings; one with fewer shows English in their place. */
static void check_words(struct report *report)
{
    const struct tp_settings *settings = &report->app->settings;
    const struct tp_catalog *catalog = report->app->catalog;
    char missing[120] = "";
    size_t most = tp_catalog_count(catalog, "en-simple");

    for (size_t i = 0; i < settings->language_count; i++) {
        size_t count = tp_catalog_count(catalog, settings->languages[i]);

        most = count > most ? count : most;
    }
    for (size_t i = 0; i < settings->language_count; i++) {
        const char *tag = settings->languages[i];
        size_t count = tp_catalog_count(catalog, tag), length = strlen(missing);

        if (count < most && strcmp(tag, "en") != 0)
            (void)snprintf(missing + length, sizeof(missing) - length, "%s%s %zu",
                           length ? ", " : "", tag, most - count);
    }
    if (missing[0])
        say(report, "words", TP_HEALTH_NOTE, "missing, and shown in English: %s of %zu", missing,
            most);
    else
        say(report, "words", TP_HEALTH_OK, "all %zu in every language on offer", most);
}

/* ---- what is kept ---- */

static void check_disk(struct report *report)
{
    struct tp_app *app = report->app;
    struct tp_error error;
    uint64_t bytes = 0;

    if (!app->store)
        say(report, "disk", TP_HEALTH_WRONG, "answers cannot be kept: %s", app->store_problem);
    else if (!tp_store_can_save(app->store, &error))
        say(report, "disk", TP_HEALTH_WRONG, "answers cannot be kept: %s", error.text);
    else if (!tp_store_disk_free(app->store, &bytes, &error))
        say(report, "disk", TP_HEALTH_NOTE, "its room is not known: %s", error.text);
    else
        say(report, "disk", TP_HEALTH_OK, "%" PRIu64 " MB free", bytes / 1000000);
}

static void check_damage(struct report *report)
{
    char damage[TP_STORE_DAMAGE_MAX] = "";

    if (report->app->store)
        (void)tp_store_damage(report->app->store, damage, NULL);
    if (damage[0])
        say(report, "store file", TP_HEALTH_NOTE, "%s", damage);
}

static void check_clock(struct report *report)
{
    struct tp_store_time now = {.trust = TP_CLOCK_UNCHECKED};
    struct tp_error error;

    if (report->app->store && !tp_store_now(report->app->store, &now, &error))
        now.trust = TP_CLOCK_UNCHECKED;
    switch (now.trust) {
    case TP_CLOCK_CHECKED:
        say(report, "clock", TP_HEALTH_OK, "as the store's");
        break;
    case TP_CLOCK_UNCHECKED:
        say(report, "clock", TP_HEALTH_NOTE,
            "not compared with the store's since the machine started");
        break;
    case TP_CLOCK_WRONG:
        say(report, "clock", TP_HEALTH_WRONG,
            "behind a time already seen: its battery may be empty; connect it to the network");
        break;
    }
}

static void check_key(struct report *report)
{
    if (report->app->has_key)
        say(report, "key", TP_HEALTH_OK, "answers are sealed to the council's key");
    else if (report->app->own_keys_only)
        say(report, "key", TP_HEALTH_OK, "answers are encrypted to each form's own key");
    else
        say(report, "key", TP_HEALTH_WRONG,
            "this screen is not enrolled, so nothing can be kept: run talkpoint-sync enrol");
}

static void check_surveys(struct report *report)
{
    struct tp_app *app = report->app;
    struct tp_survey *open[TP_LIBRARY_MAX];
    const char *problem;
    size_t count;

    (void)tp_library_refresh(app->library);
    count = tp_library_open(app->library, tp_app_today(app), open, TP_LIBRARY_MAX);
    problem = tp_library_problem(app->library, 0);
    if (problem)
        say(report, "surveys", TP_HEALTH_NOTE, "%zu open; one is left out: %s", count, problem);
    else if (count == 0)
        say(report, "surveys", TP_HEALTH_NOTE, "none is open");
    else
        say(report, "surveys", TP_HEALTH_OK, "%zu open", count);
}

static void check_contact(struct report *report)
{
    struct tp_app *app = report->app;
    struct tp_agent_status agent = {0};
    struct tp_outbox_counts counts = {0};
    int64_t days;

    if (app->store) {
        (void)tp_agent_status_get(app->store, &agent, NULL);
        (void)tp_outbox_counts(app->store, &counts, NULL);
    }
    days = (tp_app_now_ms(app) - agent.last_contact_ms) / DAY_MS;
    if (agent.last_contact_ms == 0)
        say(report, "contact", TP_HEALTH_NOTE, "never had with the store; %llu answers wait%s%s",
            (unsigned long long)counts.waiting, agent.last_error[0] ? ": " : "", agent.last_error);
    else if (days >= QUIET_DAYS_MAX)
        say(report, "contact", TP_HEALTH_WRONG,
            "none with the store for %" PRId64 " days; %llu answers wait%s%s", days,
            (unsigned long long)counts.waiting, agent.last_error[0] ? ": " : "", agent.last_error);
    else if (agent.last_error[0])
        say(report, "contact", TP_HEALTH_NOTE, "%llu answers wait: %s",
            (unsigned long long)counts.waiting, agent.last_error);
    else
        say(report, "contact", TP_HEALTH_OK, "with the store; %llu answers wait",
            (unsigned long long)counts.waiting);
}

size_t tp_self_test(struct tp_app *app, const char *system, struct tp_health checks[TP_HEALTH_MAX])
{
    struct report report = {.app = app, .system = system, .checks = checks};

    check_settings(&report);
    check_pin(&report);
    check_display(&report);
    check_touch(&report);
    check_sound(&report);
    check_fonts(&report);
    check_words(&report);
    check_disk(&report);
    check_damage(&report);
    check_clock(&report);
    check_key(&report);
    check_surveys(&report);
    check_contact(&report);
    return report.count;
}

const char *tp_health_word(enum tp_health_result result)
{
    switch (result) {
    case TP_HEALTH_OK:
        return "OK";
    case TP_HEALTH_NOTE:
        return "note";
    case TP_HEALTH_WRONG:
        break;
    }
    return "wrong";
}

bool tp_self_test_print(struct tp_app *app)
{
    struct tp_health checks[TP_HEALTH_MAX];
    size_t count = tp_self_test(app, "", checks);
    bool ready = true;

    (void)printf("talkpoint-kiosk %s, %s\n", TP_VERSION,
                 app->device_name[0] ? app->device_name : "a screen without a name");
    for (size_t i = 0; i < count; i++) {
        (void)printf("%-6s %-11s %s\n", tp_health_word(checks[i].result), checks[i].what,
                     checks[i].words);
        ready = ready && checks[i].result != TP_HEALTH_WRONG;
    }
    return ready;
}
