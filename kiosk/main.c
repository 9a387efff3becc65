/* talkpoint-kiosk: the touchscreen. Options: kiosk/app_options.h; settings: kiosk/app_settings.h.
 */
#include <SDL.h>
#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/state_folder.h"
#include "kiosk/app.h"
#include "kiosk/app_loop.h"
#include "kiosk/app_options.h"
#include "kiosk/app_pin_file.h"
#include "kiosk/app_script.h"
#include "kiosk/self_test.h"
#include "kiosk/speech/ear.h"

/* Memory that is freed is filled with this, so that no answer stays in it (ACCESSIBILITY.md S4):
 * the libraries under us free what they copied without wiping it. */
#define FREED_BYTE 0xa5

static void complain(const struct tp_error *error)
{
    (void)fprintf(stderr, "talkpoint-kiosk: %s\n", error->text);
}

/* A crash must not leave answers in a core file. */
static void keep_to_ourselves(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)mallopt(M_PERTURB, FREED_BYTE);
}

static bool find_state(struct tp_settings *settings, struct tp_error *error)
{
    size_t size = sizeof(settings->state);
    char *found;
    bool fits;

    if (settings->state[0])
        return true;
    found = tp_state_folder(getenv("STATE_DIRECTORY"), getenv("XDG_STATE_HOME"), getenv("HOME"));
    if (!found)
        return tp_fail_memory(error);
    fits = (size_t)snprintf(settings->state, size, "%s", found) < size;
    tp_free(found);
    return fits || tp_fail(error, TP_ERR_LIMIT,
                           "the device's folder has a name of more than %zu bytes", size - 1);
}

static bool open_display(const struct tp_settings *settings, struct tp_display **display,
                         struct tp_error *error)
{
    struct tp_display_options options = {
        .title = "Talkpoint",
        .width = settings->window_width,
        .height = settings->window_height,
        .screen_width_mm = settings->width_mm,
        .viewing_distance_mm = settings->viewing_distance_mm,
        .rotation = settings->rotation,
        .full_screen = settings->full_screen && !settings->offscreen,
        .offscreen = settings->offscreen,
        .acceleration = settings->acceleration ? "" : NULL,
    };

    /* Our own handlers end the loop; SDL's would come between. */
    (void)SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    (void)SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    if (SDL_InitSubSystem(SDL_INIT_EVENTS) != 0)
        return tp_fail(error, TP_ERR_IO, "SDL does not start: %s", SDL_GetError());
    return tp_display_open(&options, display, error);
}

static bool run_loop(struct tp_loop *loop, const struct tp_settings *settings,
                     struct tp_error *error)
{
    struct tp_script *script = NULL;
    bool ok;

    if (settings->screenshot[0])
        return tp_surface_save_png(tp_display_canvas(loop->display), settings->screenshot, error);
    if (settings->script[0] && !tp_script_open(loop, settings->script, &script, error))
        return false;
    loop->script = script;
    ok = tp_loop_run(loop, error);
    tp_script_close(script);
    return ok;
}

/* A scripted resident hears words, not sounds. */
static bool open_ear(const struct tp_settings *settings, const struct tp_clock *clock,
                     struct tp_ear *ear, struct tp_error *error)
{
    FILE *log = NULL;

    if (settings->speech_log[0] && !(log = fopen(settings->speech_log, "we")))
        return tp_fail_errno(error, errno, "the speech log '%s'", settings->speech_log);
    tp_ear_init(ear, clock, log);
    return true;
}

static void close_ear(struct tp_ear *ear)
{
    if (ear->log)
        (void)fclose(ear->log);
    tp_ear_finish(ear);
}

static bool run(const struct tp_settings *settings, struct tp_error *error)
{
    struct tp_clock_fake fake = {0};
    struct tp_clock clock = tp_clock_system();
    struct tp_app_params params = {.settings = settings, .random = tp_random_system()};
    struct tp_display *display = NULL;
    struct tp_app *app = NULL;
    struct tp_ear ear = {0};
    struct tp_speech_sink heard = tp_ear_sink(&ear);
    struct tp_loop loop;
    bool ok;

    tp_loop_catch_signals();
    if (settings->fake_clock) {
        fake.wall = tp_clock_wall_ms(&clock);
        fake.monotonic = tp_clock_monotonic_ms(&clock);
        clock = tp_clock_from_fake(&fake);
    }
    ok = open_display(settings, &display, error);
    if (!ok)
        goto quit_sdl;
    params.screen = tp_display_screen(display);
    ok = tp_screen_has_room(&params.screen, error) && open_ear(settings, &clock, &ear, error);
    if (!ok)
        goto close_display;
    params.ear = settings->speech_log[0] ? &heard : NULL;
    params.clock = clock;
    ok = tp_app_create(&params, &app, error);
    if (!ok)
        goto close_display;
    ok = tp_loop_start(&loop, app, display, settings->fake_clock ? &fake : NULL, error);
    loop.ear = params.ear ? &ear : NULL;
    ok = ok && run_loop(&loop, settings, error);
    tp_app_destroy(app);
close_display:
    close_ear(&ear);
    tp_display_close(display);
quit_sdl:
    SDL_Quit();
    return ok;
}

/* Without a display: the kiosk itself may be holding it. */
static bool self_test(const struct tp_settings *settings, struct tp_error *error)
{
    struct tp_app_params params = {
        .settings = settings,
        .clock = tp_clock_system(),
        .random = tp_random_system(),
        .screen = tp_screen_make(1920, 1080, settings->width_mm, settings->viewing_distance_mm)};
    struct tp_app *app;
    bool ready;

    if (!tp_app_create(&params, &app, error))
        return false;
    ready = tp_self_test_print(app);
    tp_app_destroy(app);
    return ready || tp_fail(error, TP_ERR_IO, "this screen is not ready; the lines above say why");
}

int main(int argc, char **argv)
{
    static struct tp_settings settings;
    enum tp_task task = TP_TASK_RUN;
    struct tp_error error;
    bool ok = true;

    (void)setlocale(LC_ALL, "C.UTF-8");
    keep_to_ourselves();
    tp_settings_default(&settings);
    if (!tp_options_read(&settings, argc, argv, &task, &error))
        goto misuse;
    if (!find_state(&settings, &error))
        goto misuse;
    switch (task) {
    case TP_TASK_HELP:
        (void)fputs(tp_options_help, stdout);
        break;
    case TP_TASK_VERSION:
        (void)puts("talkpoint-kiosk " TP_VERSION);
        break;
    case TP_TASK_SELF_TEST:
        ok = tp_pin_file_read(&settings, &error) && self_test(&settings, &error);
        break;
    case TP_TASK_SET_PIN:
        ok = tp_set_pin(settings.state, &error);
        break;
    case TP_TASK_RUN:
        ok = tp_pin_file_read(&settings, &error) && run(&settings, &error);
        break;
    }
    if (ok)
        return 0;
    if (error.code == TP_ERR_MISUSE)
        goto misuse;
    complain(&error);
    return 1;
misuse:
    complain(&error);
    return 2;
}
