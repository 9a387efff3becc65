#include "kiosk/app.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/file.h"
#include "base/mem.h"
#include "kiosk/app_answer.h"
#include "kiosk/app_notices.h"
#include "kiosk/screens/screens.h"
#include "store/settings.h"

/* A display lower than this, at the default text size, holds a question but little beside it. */
#define LOW_MM 175.0

/* How often the welcome page looks for other surveys, a new day or a full disk. */
#define REFRESH_MS 60000

/* ---- the machine ---- */

/* Who this device is and whom answers are sealed for; enrolment may come while the kiosk runs. */
static void read_device(struct tp_app *app)
{
    struct tp_config *config = tp_config_create();
    char path[sizeof(app->settings.state) + 16];
    struct tp_error error;
    const char *key;

    (void)snprintf(path, sizeof(path), "%s/device.ini", app->settings.state);
    app->has_key = app->own_keys_only = app->has_receipt_key = false;
    if (!config || !tp_config_read(config, path, &error))
        goto destroy_config;
    (void)snprintf(app->device_id, sizeof(app->device_id), "%s",
                   tp_config_text(config, "device", "id", ""));
    (void)snprintf(app->device_name, sizeof(app->device_name), "%s",
                   tp_config_text(config, "device", "name", ""));
    key = tp_config_text(config, "store", "sealing_key", "");
    app->has_key = tp_seal_key_from_text(key, &app->key, NULL);
    key = tp_config_text(config, "store", "receipt_key", "");
    app->has_receipt_key = tp_receipt_key_from_text(key, &app->receipt_key, NULL);
    app->own_keys_only =
        !app->has_key &&
        strcmp(tp_config_text(config, "store", "kind", "talkpoint"), "openrosa") == 0;
destroy_config:
    tp_library_want_own_keys(app->library, app->own_keys_only);
    tp_config_destroy(config);
}

static void read_setting(struct tp_app *app, const char *name, const char *fallback, char *value,
                         size_t size)
{
    if (!app->store || !tp_setting_get(app->store, name, fallback, value, size, NULL))
        (void)snprintf(value, size, "%s", fallback);
}

static void open_store(struct tp_app *app)
{
    struct tp_store_params params = {.clock = app->clock};
    struct tp_error error = {.text = ""};
    char path[sizeof(app->settings.state) + 16];

    (void)snprintf(path, sizeof(path), "%s/device.db", app->settings.state);
    if (tp_dir_make(app->settings.state, 0700, &error))
        app->store = tp_store_open(path, &params, &error);
    if (!app->store)
        (void)snprintf(app->store_problem, sizeof(app->store_problem), "%s", error.text);
}

static void read_place(struct tp_app *app)
{
    const char *venue = app->settings.venue[0] ? app->settings.venue : app->device_name;

    read_setting(app, TP_SETTING_VENUE, venue, app->venue, sizeof(app->venue));
    read_setting(app, TP_SETTING_EVENT, app->settings.event, app->event, sizeof(app->event));
}

/* The interface's own Easy Read pictures come with the surveys. */
static void find_pictures(struct tp_app *app)
{
    const char *places[] = {app->settings.surveys, TP_PREFIX "/share/talkpoint/surveys", "surveys"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !app->pictures[0]; i++) {
        char path[sizeof(app->pictures)];
        int length = snprintf(path, sizeof(path), "%s/pictures", places[i]);

        if (places[i][0] && length > 0 && (size_t)length < sizeof(path) &&
            access(path, R_OK | X_OK) == 0)
            memcpy(app->pictures, path, sizeof(path));
    }
}

static bool open_drawing(struct tp_app *app, struct tp_error *error)
{
    struct tp_ui_options options = {.screen = app->screen};

    app->catalog = tp_catalog_create(app->settings.locale[0] ? app->settings.locale : NULL);
    app->images = tp_images_create();
    app->icons = tp_icons_create();
    if (!app->catalog || !app->images || !app->icons)
        return tp_fail_memory(error);
    if (!tp_fonts_create(&app->fonts, error))
        return false;
    options.fonts = app->fonts;
    options.images = app->images;
    options.icons = app->icons;
    app->ui = tp_ui_create(&options);
    if (!app->ui)
        return tp_fail_memory(error);
    tp_catalog_use(app->catalog);
    return true;
}

bool tp_app_create(const struct tp_app_params *params, struct tp_app **out, struct tp_error *error)
{
    struct tp_app *app = tp_calloc(1, sizeof(*app));
    char forms[sizeof(app->settings.state) + 8];
    const char *surveys;

    if (!app)
        return tp_fail_memory(error);
    app->settings = *params->settings;
    app->clock = params->clock;
    app->random = params->random;
    app->screen = params->screen;
    app->preview = params->preview;
    tp_idle_init(&app->idle, (int64_t)(tp_settings_idle_minutes(&app->settings) * 60000.0));
    if (!tp_zone_load(app->settings.zone[0] ? app->settings.zone : NULL, &app->zone, error) ||
        !open_drawing(app, error))
        goto destroy;
    (void)snprintf(forms, sizeof(forms), "%s/forms", app->settings.state);
    surveys = app->settings.surveys[0] ? app->settings.surveys : NULL;
    app->library = tp_library_create(app->preview ? NULL : forms, surveys);
    if (!app->library) {
        (void)tp_fail_memory(error);
        goto destroy;
    }
    find_pictures(app);
    if (!app->preview) {
        open_store(app);
        read_device(app);
        read_place(app);
        tp_staff_start(app);
    }
    tp_touch_start(app, 0);
    tp_listen_start(app, params->ear);
    tp_person_init(&app->person, &app->settings);
    tp_app_learn_fresh(app);
    tp_app_apply_look(app);
    app->refreshed_ms = tp_clock_monotonic_ms(&app->clock) - REFRESH_MS;
    *out = app;
    return true;
destroy:
    tp_app_destroy(app);
    return false;
}

void tp_app_destroy(struct tp_app *app)
{
    if (!app)
        return;
    tp_person_finish(&app->person);
    tp_text_edit_finish(&app->staff.edit);
    tp_listen_close(app);
    tp_ui_destroy(app->curtain);
    tp_ui_destroy(app->ui);
    tp_catalog_use(NULL);
    tp_catalog_destroy(app->catalog);
    tp_icons_destroy(app->icons);
    tp_images_destroy(app->images);
    tp_fonts_destroy(app->fonts);
    tp_library_destroy(app->library);
    tp_notices_finish(&app->notices);
    tp_store_close(app->store);
    tp_zone_destroy(app->zone);
    tp_free(app);
}

void tp_app_learn_fresh(struct tp_app *app)
{
    struct tp_person fresh;

    tp_person_init(&fresh, &app->settings);
    app->fresh_hash = tp_person_hash(&fresh);
    tp_person_finish(&fresh);
}

/* ---- moving about ---- */

enum tp_screen_id tp_app_screen(const struct tp_app *app)
{
    return tp_person_screen(&app->person);
}

void tp_app_go(struct tp_app *app, enum tp_screen_id screen)
{
    tp_person_push(&app->person, screen);
}

void tp_app_back(struct tp_app *app)
{
    tp_person_pop(&app->person);
}

/* Freed memory is filled by the allocator (kiosk/main.c), but what calls left on the stack is not:
 * this goes over it. */
__attribute__((noinline)) static void wipe_stack(void)
{
    char below[192 * 1024];

    tp_wipe(below, sizeof(below));
}

void tp_app_home(struct tp_app *app)
{
    tp_person_reset(&app->person, &app->settings);
    tp_text_edit_finish(&app->staff.edit);
    tp_text_edit_init(&app->staff.edit);
    app->staff.wrong = false;
    app->staff.asked_to_send = false;
    app->staff.asked_for_stick = false;
    memset(app->staff.cells, 0, sizeof(app->staff.cells));
    tp_idle_disarm(&app->idle);
    tp_listen_reset(app);
    tp_scan_end(app);
    tp_touch_end(app);
    app->pace = (struct tp_pace){0};
    tp_ui_destroy(app->curtain);
    app->curtain = NULL;
    tp_ui_forget(app->ui);
    tp_fonts_forget(app->fonts);
    tp_app_apply_look(app);
    wipe_stack();
    /* What the person's pages took goes back to the system, pages that held answers among it. */
    (void)malloc_trim(0);
    app->refreshed_ms = tp_clock_monotonic_ms(&app->clock) - REFRESH_MS;
}

void tp_app_leave_now(struct tp_app *app)
{
    struct tp_survey *next = app->person.next_survey;

    tp_answer_count_left(app, "abandon");
    if (!next) {
        tp_app_home(app);
        return;
    }
    app->person.next_survey = NULL;
    tp_person_drop_answers(&app->person);
    if (!tp_person_pop_to(&app->person, TP_SCREEN_SURVEYS))
        (void)tp_person_pop_to(&app->person, TP_SCREEN_WELCOME);
    tp_answer_open(app, next);
}

void tp_app_leave(struct tp_app *app, struct tp_survey *next)
{
    app->person.next_survey = next;
    if (tp_answer_to_lose(app))
        tp_app_go(app, TP_SCREEN_LEAVE);
    else
        tp_app_leave_now(app);
}

/* Why no answer can be saved, for staff; without a store, open_store has said. */
static void look_at_store(struct tp_app *app)
{
    struct tp_error error = {.text = ""};

    if (app->practice || !app->store)
        return;
    if (!app->has_key && !app->own_keys_only)
        (void)tp_fail(&error, TP_ERR_MISUSE, "this screen is not enrolled yet");
    else if (tp_store_can_save(app->store, &error))
        error.text[0] = '\0';
    (void)snprintf(app->store_problem, sizeof(app->store_problem), "%s", error.text);
}

void tp_app_refresh(struct tp_app *app)
{
    if (tp_app_screen(app) != TP_SCREEN_WELCOME || app->person.session)
        return;
    app->refreshed_ms = tp_clock_monotonic_ms(&app->clock);
    if (!app->preview)
        read_device(app); /* enrolment may have come, or a new sealing key */
    (void)tp_library_refresh(app->library);
    if (app->preview)
        return;
    if (!app->store)
        open_store(app);
    read_place(app);
    tp_app_notices_refresh(app);
    look_at_store(app);
}

void tp_app_keep(struct tp_app *app, const char *setting, const char *value)
{
    struct tp_error error;

    if (app->store && !tp_setting_set(app->store, setting, value, &error))
        (void)fprintf(stderr, "talkpoint-kiosk: %s was not kept: %s\n", setting, error.text);
}

/* ---- the clock ---- */

void tp_app_activity(struct tp_app *app)
{
    /* The warning is answered by its button: a touch elsewhere may be another person's. */
    if (!app->idle.warning)
        tp_idle_activity(&app->idle, tp_clock_monotonic_ms(&app->clock));
}

static void watch(struct tp_app *app, int64_t now)
{
    if (tp_person_hash(&app->person) == app->fresh_hash)
        tp_idle_disarm(&app->idle);
    else
        tp_idle_arm(&app->idle, now);
    if (tp_listen_busy(app) && !app->idle.warning)
        tp_idle_activity(&app->idle, now);
}

static void warn_or_wipe(struct tp_app *app, int64_t now, bool *moved)
{
    switch (tp_idle_tick(&app->idle, now)) {
    case TP_IDLE_WARN:
        *moved = true;
        /* On the welcome page only the settings are another's: no need to ask. */
        if (tp_app_screen(app) == TP_SCREEN_WELCOME)
            tp_app_home(app);
        else
            tp_app_go(app, TP_SCREEN_IDLE);
        break;
    case TP_IDLE_WIPE:
        *moved = true;
        tp_answer_count_left(app, "timeout");
        tp_app_home(app);
        break;
    case TP_IDLE_NOTHING:
        break;
    }
}

static int64_t sooner(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

int64_t tp_app_tick(struct tp_app *app, bool *moved)
{
    int64_t now = tp_clock_monotonic_ms(&app->clock);
    int64_t next, refresh;

    *moved = false;
    next = tp_listen_tick(app, moved);
    watch(app, now);
    warn_or_wipe(app, now, moved);
    next = sooner(next, tp_idle_next_ms(&app->idle, now));
    next = sooner(next, tp_scan_tick(app));
    next = sooner(next, tp_touch_tick(app, moved));
    refresh = app->refreshed_ms + REFRESH_MS - now;
    if (tp_app_screen(app) != TP_SCREEN_WELCOME)
        return next;
    if (refresh <= 0) {
        tp_app_refresh(app);
        *moved = true;
        refresh = REFRESH_MS;
    }
    return sooner(next, refresh);
}

/* ---- for screens ---- */

void tp_app_set_language(struct tp_app *app, const char *tag)
{
    (void)snprintf(app->person.language, sizeof(app->person.language), "%s", tag);
    tp_app_apply_look(app);
    tp_answer_set_reading(app);
}

void tp_app_apply_look(struct tp_app *app)
{
    char tag[TP_LANGUAGE_TAG_MAX + 8];

    tp_person_tag(&app->person, tag);
    if (strcmp(tp_catalog_tag(app->catalog), tag) != 0)
        (void)tp_catalog_choose(app->catalog, tag, NULL);
    tp_ui_set_language(app->ui, app->person.language);
    tp_ui_set_look(app->ui, app->person.look);
}

int64_t tp_app_now_ms(const struct tp_app *app)
{
    struct tp_store_time now;

    return app->store && tp_store_now(app->store, &now, NULL) ? now.ms
                                                              : tp_clock_wall_ms(&app->clock);
}

static int64_t clock_wall(void *context)
{
    return tp_app_now_ms(context);
}

static int64_t clock_monotonic(void *context)
{
    return tp_clock_monotonic_ms(&((struct tp_app *)context)->clock);
}

struct tp_clock tp_app_clock(struct tp_app *app)
{
    return (struct tp_clock){
        .wall_ms = clock_wall, .monotonic_ms = clock_monotonic, .context = app};
}

struct tp_day tp_app_today(const struct tp_app *app)
{
    int64_t now = tp_app_now_ms(app);

    return tp_day_at(now, tp_zone_offset_at(app->zone, now / 1000));
}

double tp_app_room_mm(const struct tp_app *app)
{
    double grown =
        tp_sizes[app->person.look.size].capital_mm / tp_sizes[TP_SIZE_DEFAULT].capital_mm;

    return tp_px_to_mm(&app->screen, app->screen.height) / (grown > 1 ? grown : 1);
}

bool tp_app_is_low(const struct tp_app *app)
{
    return tp_app_room_mm(app) < LOW_MM;
}

const char *tp_app_fact(struct tp_app *app, const struct tp_survey *survey, const char *name)
{
    char tag[TP_LANGUAGE_TAG_MAX + 8];

    tp_person_tag(&app->person, tag);
    return survey ? tp_survey_text(survey, name, tag) : "";
}

const char *tp_app_picture(struct tp_app *app, const char *name)
{
    static char path[sizeof(app->pictures) + 64];

    if (!app->pictures[0] || !name)
        return NULL;
    (void)snprintf(path, sizeof(path), "%s/%.60s", app->pictures, name);
    return access(path, R_OK) == 0 ? path : NULL;
}
