/*
 * What a whole survey costs the person who answers it and the machine that shows it.
 *
 * A resident answers "Your library" and the equality questions by touch, in the program's own loop
 * and on SDL's dummy driver at 1920x1080: once as the screen stands, once in Arabic in the largest
 * size. Timed are a press (touch to the frame that shows it pressed) and a page (release on an
 * action to the next page's frame), as p50 and p99, and the change of language and of size.
 * The baseline of each is the least a frame costs: filling it and presenting it whole. Memory is
 * this process's PSS after each; its baseline is what it was with an open display alone.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/bench.h"
#include "kiosk/app.h"
#include "kiosk/app_loop.h"
#include "kiosk/gfx/draw.h"
#include "store/seal.h"

#define TIMES_MAX 1024
/* Pages of a survey and its equality questions; a resident who takes more goes round in circles. */
#define STEPS_MAX 200
#define FILLS 101
#define CHANGES 30
/* Between two touches: longer than the guards against slips. */
#define PACE_MS 600

struct times {
    double ms[TIMES_MAX];
    size_t count;
};

static struct tp_clock_fake now = {.wall = 1795426867123, .monotonic = 1000000}; /* 2026-11-23 */
static struct tp_settings settings;
static struct tp_display *display;
static struct tp_app *app;
static struct tp_loop loop;
static struct tp_error error;
static char folder[] = "/tmp/tp-bench-XXXXXX";

static void note(struct times *times, double start)
{
    if (times->count < TIMES_MAX)
        times->ms[times->count++] = now_ms() - start;
}

static double percentile(struct times *times, double part)
{
    size_t at = (size_t)(part * (double)times->count);

    qsort(times->ms, times->count, sizeof(times->ms[0]), ascending);
    return times->count ? times->ms[at < times->count ? at : times->count - 1] : 0;
}

/* ---- the machine ---- */

static bool enrol(void)
{
    struct tp_seal_pair pair;
    char path[128], text[512], key[TP_SEAL_KEY_TEXT_MAX];

    if (!tp_seal_pair_generate(&pair, &error))
        return false;
    tp_seal_key_to_text(&pair.key, key);
    (void)snprintf(path, sizeof(path), "%s/device.ini", folder);
    (void)snprintf(text, sizeof(text),
                   "[device]\nid = uuid:device\nname = Bench\n[store]\nurl = x\nsealing_key = %s\n",
                   key);
    return tp_file_write_atomic(path, text, strlen(text), 0600, &error);
}

static bool open_machine(void)
{
    struct tp_app_params params = {
        .settings = &settings, .clock = tp_clock_from_fake(&now), .random = tp_random_system()};

    tp_settings_default(&settings);
    (void)snprintf(settings.state, sizeof(settings.state), "%s", folder);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "surveys");
    (void)snprintf(settings.zone, sizeof(settings.zone), "UTC");
    params.screen = tp_display_screen(display);
    return enrol() && tp_app_create(&params, &app, &error) &&
           tp_loop_start(&loop, app, display, &now, &error);
}

/* ---- the person ---- */

static struct times *pressing, *turning;

static bool send(enum tp_input_step_kind kind, int x, int y, struct times *times)
{
    struct tp_input_step step = {.kind = kind, .x = x, .y = y};
    SDL_Event event = tp_input_step_event(&loop.input, step);
    double start = now_ms();

    if (!tp_loop_event(&loop, &event, &error) || !tp_loop_settle(&loop, &error))
        return false;
    note(times, start);
    return true;
}

static bool touch(uint32_t target)
{
    int x, y;

    if (!target || !tp_ui_centre_of(app->ui, target, &x, &y))
        return tp_fail(&error, TP_ERR_NOT_FOUND, "nothing to touch on screen %d",
                       (int)tp_app_screen(app));
    tp_clock_fake_advance(&now, PACE_MS);
    return send(TP_STEP_DOWN, x, y, pressing) && send(TP_STEP_UP, x, y, turning);
}

static void find_answer(void *context, const struct tp_seen *seen)
{
    uint32_t *target = context;

    if (!*target && seen->answer && seen->touchable && seen->enabled && !seen->chosen)
        *target = seen->target;
}

static void find_survey(void *context, const struct tp_seen *seen)
{
    uint32_t *target = context;
    struct tp_action action;

    if (seen->target && tp_ui_action_of(app->ui, seen->target, &action) &&
        action.id == TP_ACT_SURVEY && action.text && strcmp(action.text, "library-hours") == 0)
        *target = seen->target;
}

static bool step(void)
{
    uint32_t target = 0;

    switch (tp_app_screen(app)) {
    case TP_SCREEN_WELCOME:
        target = tp_ui_target_of(app->ui, "start");
        break;
    case TP_SCREEN_SURVEYS:
        tp_ui_walk(app->ui, find_survey, &target);
        break;
    case TP_SCREEN_QUESTION:
        tp_ui_walk(app->ui, find_answer, &target);
        if (target && !touch(target))
            return false;
        target = 0;
        break;
    default:
        break;
    }
    if (!target)
        target = tp_ui_target_of(app->ui, "page:primary");
    /* On a long page Continue is on its last part, and the way there is More. */
    for (size_t part = 0; part < tp_ui_parts(app->ui); part++) {
        int x, y;

        if (tp_ui_centre_of(app->ui, target, &x, &y))
            break;
        if (!touch(tp_ui_target_of(app->ui, "page:more")))
            return false;
    }
    return touch(target);
}

/* From the welcome page until it shows again. */
static bool answer_all(struct times *presses, struct times *pages)
{
    pressing = presses;
    turning = pages;
    for (int i = 0; i < STEPS_MAX; i++) {
        if (!step())
            return false;
        if (tp_app_screen(app) == TP_SCREEN_WELCOME)
            return true;
    }
    return tp_fail(&error, TP_ERR_LIMIT, "the survey did not end");
}

static bool act(struct tp_action action)
{
    tp_app_act(app, &action);
    return tp_app_build(app, &error) && tp_loop_settle(&loop, &error);
}

static int64_t language_index(const char *tag)
{
    for (size_t i = 0; i < settings.language_count; i++)
        if (strcmp(settings.languages[i], tag) == 0)
            return (int64_t)i;
    return 0;
}

static bool time_changes(struct times *languages, struct times *sizes)
{
    const int64_t tags[] = {language_index("ar"), language_index("bn"), language_index("en")};

    for (int i = 0; i < CHANGES; i++) {
        double start = now_ms();

        if (!act((struct tp_action){.id = TP_ACT_SPEAK, .argument = tags[i % 3]}))
            return false;
        note(languages, start);
        start = now_ms();
        if (!act((struct tp_action){.id = TP_ACT_SIZE, .argument = i % TP_SIZE_COUNT}))
            return false;
        note(sizes, start);
    }
    return true;
}

/* ---- the floor ---- */

static double least_frame_ms(void)
{
    struct times times = {0};

    for (int i = 0; i < FILLS; i++) {
        double start = now_ms();

        tp_fill(tp_display_canvas(display), NULL, 0xFBFAF6);
        (void)tp_display_present(display, NULL, 0, &error);
        note(&times, start);
    }
    return percentile(&times, 0.5);
}

static bool measure(void)
{
    static struct times press, page, complex_press, complex_page, language, size;
    double floor = least_frame_ms();
    double empty = memory_kib();

    if (!open_machine() || !answer_all(&press, &page))
        return false;
    report("kiosk memory after a whole survey (PSS)", "KiB", memory_kib(), empty);
    if (!act((struct tp_action){.id = TP_ACT_SPEAK, .argument = language_index("ar")}) ||
        !act((struct tp_action){.id = TP_ACT_SIZE, .argument = TP_SIZE_LARGEST}) ||
        !answer_all(&complex_press, &complex_page))
        return false;
    report("kiosk memory after a second one in Arabic (PSS)", "KiB", memory_kib(), empty);
    if (!time_changes(&language, &size))
        return false;
    report("kiosk touch to frame, p50", "ms", percentile(&press, 0.5), floor);
    report("kiosk touch to frame, p99", "ms", percentile(&press, 0.99), floor);
    report("kiosk page change, p50", "ms", percentile(&page, 0.5), floor);
    report("kiosk page change, p99", "ms", percentile(&page, 0.99), floor);
    report("kiosk page change, Arabic in the largest size, p50", "ms",
           percentile(&complex_page, 0.5), floor);
    report("kiosk page change, Arabic in the largest size, p99", "ms",
           percentile(&complex_page, 0.99), floor);
    report("kiosk change of language, p99", "ms", percentile(&language, 0.99), floor);
    report("kiosk change of size, p99", "ms", percentile(&size, 0.99), floor);
    return true;
}

int main(void)
{
    struct tp_display_options options = {
        .title = "bench", .width = 1920, .height = 1080, .screen_width_mm = 476};
    bool ok = mkdtemp(folder) != NULL;

    (void)setenv("SDL_VIDEODRIVER", "dummy", 1);
    ok = ok && SDL_InitSubSystem(SDL_INIT_EVENTS) == 0 &&
         tp_display_open(&options, &display, &error) && measure();
    if (!ok)
        (void)fprintf(stderr, "person: %s\n", error.text);
    tp_app_destroy(app);
    tp_display_close(display);
    SDL_Quit();
    return tp_dir_remove(folder, NULL) && ok ? 0 : 1;
}
