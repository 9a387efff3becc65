/*
 * What reading aloud costs: from a key that moves the focus to the first sample at the loudspeaker,
 * new and again; from a touch to its frame; and memory with speech on.
 *
 * The focus's words go through the app, the synthesiser as a child, and a sink that says when the
 * first samples come. The baseline of the first sound is the bare synthesiser: espeak-ng run for
 * the same words until its first bytes, in the same run; of a repeat, the first sound. Medians of
 * RUNS.
 */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "bench/bench.h"
#include "kiosk/app_loop.h"
#include "kiosk/speech/synth.h"
#include "kiosk/speech/voice.h"

#define RUNS 21
#define LIMIT_MS 5000.0
#define AGAIN_KEY SDLK_F5

static double first_sample; /* when it came; 0: not yet */

static bool start(void *context, int rate)
{
    (void)context;
    return rate > 0;
}

static void queue(void *context, const int16_t *samples, size_t count)
{
    (void)context;
    (void)samples;
    if (count > 0 && first_sample == 0)
        first_sample = now_ms();
}

static size_t queued(void *context)
{
    (void)context;
    return 0;
}

static void clear(void *context)
{
    (void)context;
}

static void pause_sound(void *context, bool paused)
{
    (void)context;
    (void)paused;
}

static double median(double *times, size_t count)
{
    qsort(times, count, sizeof(*times), ascending);
    return times[count / 2];
}

/* ---- the bare synthesiser ---- */

static double bare_synth(const char *words)
{
    struct tp_synth synth;
    struct pollfd sound;
    double began = now_ms(), came;

    if (!tp_synth_start(&synth, "espeak-ng", tp_voice_for("en"), tp_rate_words(TP_RATE_DEFAULT),
                        words, false))
        return 0;
    sound = (struct pollfd){.fd = synth.sound, .events = POLLIN};
    (void)poll(&sound, 1, (int)LIMIT_MS);
    came = now_ms();
    tp_synth_stop(&synth);
    return came - began;
}

/* ---- the kiosk ---- */

static struct tp_loop loop;
static struct tp_app *app;

static bool event(struct tp_input_step step)
{
    SDL_Event made = tp_input_step_event(&loop.input, step);
    struct tp_error error;

    return tp_loop_event(&loop, &made, &error) && tp_loop_settle(&loop, &error);
}

/* A key, and on until the first sample of what it makes the screen say. */
static double key_to_sound(SDL_Keycode key)
{
    struct tp_error error;
    double began = now_ms();

    first_sample = 0;
    if (!event((struct tp_input_step){.kind = TP_STEP_KEY_DOWN, .key = key}))
        return -1;
    while (first_sample == 0 && now_ms() - began < LIMIT_MS) {
        (void)usleep(1000);
        (void)tp_loop_settle(&loop, &error);
    }
    return first_sample - began;
}

/* Lets what is said come to its end, so that it is kept. */
static void hear_out(void)
{
    struct tp_error error;
    double began = now_ms();

    while (tp_listen_busy(app) && now_ms() - began < LIMIT_MS) {
        (void)usleep(1000);
        (void)tp_loop_settle(&loop, &error);
    }
}

static void measure_sound(double before_kb)
{
    double fresh[RUNS], again[RUNS], bare[RUNS], repeat;

    for (int i = 0; i < RUNS; i++) {
        tp_listen_reset(app);
        fresh[i] = key_to_sound(SDLK_TAB);
        hear_out();
        bare[i] = bare_synth("Medium text. Chosen");
        again[i] = key_to_sound(AGAIN_KEY);
        hear_out();
    }
    repeat = median(fresh, RUNS);
    report("kiosk focus to first sound, new words", "ms", repeat, median(bare, RUNS));
    report("kiosk focus to first sound, a repeat", "ms", median(again, RUNS), repeat);
    report("kiosk memory with speech on (PSS)", "KiB", memory_kib(), before_kb);
}

static void measure_touch(void)
{
    double times[RUNS], fills[RUNS];
    SDL_Surface *canvas = tp_display_canvas(loop.display);
    int x = 0, y = 0;

    for (int i = 0; i < RUNS; i++) {
        double began = now_ms();

        (void)SDL_FillRect(canvas, NULL, 0);
        fills[i] = now_ms() - began;
        (void)usleep(500000 / RUNS);
        (void)tp_ui_centre_of(app->ui, tp_ui_target_of(app->ui, i % 2 ? "large" : "small"), &x, &y);
        (void)event((struct tp_input_step){.kind = TP_STEP_DOWN, .x = x, .y = y});
        began = now_ms();
        (void)event((struct tp_input_step){.kind = TP_STEP_UP, .x = x, .y = y});
        times[i] = now_ms() - began;
    }
    report("kiosk touch to frame, a page built again (P7: 100)", "ms", median(times, RUNS),
           median(fills, RUNS));
}

static bool open_kiosk(const char *state, const struct tp_speech_sink *sink,
                       struct tp_display **display)
{
    static struct tp_settings settings;
    const struct tp_display_options options = {
        .width = 1920, .height = 1080, .screen_width_mm = 476, .offscreen = true};
    struct tp_app_params params = {.settings = &settings,
                                   .clock = tp_clock_system(),
                                   .random = tp_random_system(),
                                   .ear = sink};
    struct tp_error error;

    tp_settings_default(&settings);
    settings.repeat_ms = settings.settle_ms = 0;
    settings.keys[settings.key_count++] = (struct tp_key_binding){AGAIN_KEY, TP_INTENT_AGAIN};
    (void)snprintf(settings.state, sizeof(settings.state), "%s", state);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "surveys");
    if (!tp_display_open(&options, display, &error))
        return false;
    params.screen = tp_display_screen(*display);
    return tp_app_create(&params, &app, &error) &&
           tp_loop_start(&loop, app, *display, NULL, &error);
}

int main(void)
{
    const struct tp_speech_sink sink = {
        .start = start, .queue = queue, .queued = queued, .clear = clear, .pause = pause_sound};
    char folder[] = "/tmp/tp-bench-XXXXXX";
    struct tp_display *display = NULL;
    struct tp_error error;
    double before;

    if (!mkdtemp(folder) || !open_kiosk(folder, &sink, &display))
        return 1;
    tp_app_go(app, TP_SCREEN_READ);
    if (!tp_app_build(app, &error) || !tp_loop_settle(&loop, &error))
        return 1;
    measure_touch();
    before = memory_kib();
    app->person.listening = true;
    measure_sound(before);
    tp_app_destroy(app);
    tp_display_close(display);
    return tp_dir_remove(folder, NULL) ? 0 : 1;
}
