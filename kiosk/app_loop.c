#include "kiosk/app_loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/app_notify.h"
#include "kiosk/app_script.h"
#include "kiosk/screens/screens.h"

/* Signals, and a menu that shows what the agent does, are looked at this often. */
#define LONGEST_WAIT_MS 1000
/* Where SDL can only poll: naps short enough for a reply within 100 ms (ACCESSIBILITY.md P7), and
 * shorter still while someone is busy. */
#define NAP_MS 40
#define BUSY_NAP_MS 5
#define BUSY_FOR_MS 3000

static volatile sig_atomic_t stopping;

static void stop(int signal)
{
    (void)signal;
    stopping = 1;
}

void tp_loop_catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};

    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

/* ---- pages and pixels ---- */

static bool is_typing(struct tp_app *app)
{
    struct tp_question question;
    const struct tp_widget *widget;

    switch (tp_app_screen(app)) {
    case TP_SCREEN_STAFF_PIN:
    case TP_SCREEN_STAFF_TYPING:
        return true;
    case TP_SCREEN_QUESTION:
    case TP_SCREEN_TYPING:
        return tp_screen_field(app, &question, &widget);
    default:
        return false;
    }
}

/* After a page was built: the input learns what it is about. */
static void follow_page(struct tp_loop *loop)
{
    unsigned serial = tp_ui_page_serial(loop->app->ui);

    if (serial != loop->page_serial)
        tp_input_page_changed(&loop->input);
    loop->page_serial = serial;
    tp_input_set_typing(&loop->input,
                        is_typing(loop->app) && !tp_ui_focus_is_off_field(loop->app->ui));
}

static bool draw(struct tp_loop *loop, struct tp_error *error)
{
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count;

    follow_page(loop);
    if (!tp_ui_is_dirty(tp_app_shown(loop->app)))
        return true;
    tp_ui_draw(tp_app_shown(loop->app), tp_display_canvas(loop->display), rects, &count);
    if (count > 0 && !tp_display_present(loop->display, rects, count, error))
        return false;
    tp_fonts_rest(loop->app->fonts, loop->app->person.language);
    return true;
}

static void learn_size(struct tp_loop *loop)
{
    SDL_Window *window = tp_display_window(loop->display);
    int width = 0, height = 0;

    loop->app->screen = tp_display_screen(loop->display);
    if (window)
        SDL_GetWindowSize(window, &width, &height);
    tp_input_set_size(&loop->input, loop->app->screen.width, loop->app->screen.height, width,
                      height);
}

static bool resize(struct tp_loop *loop, struct tp_error *error)
{
    if (!tp_display_resized(loop->display, error))
        return false;
    learn_size(loop);
    tp_ui_set_screen(loop->app->ui, loop->app->screen);
    return tp_app_build(loop->app, error);
}

/* ---- events ---- */

/* Staff's way in: five touches in a corner where no target is, or F12. */
static bool is_staff(struct tp_loop *loop, const SDL_Event *event)
{
    const struct tp_screen *screen = &loop->app->screen;
    double x, y;

    switch (event->type) {
    case SDL_KEYDOWN:
        return event->key.keysym.sym == SDLK_F12;
    case SDL_FINGERDOWN:
        x = (double)event->tfinger.x * screen->width;
        y = (double)event->tfinger.y * screen->height;
        break;
    case SDL_MOUSEBUTTONDOWN:
        if (event->button.which == SDL_TOUCH_MOUSEID)
            return false;
        x = event->button.x;
        y = event->button.y;
        break;
    default:
        return false;
    }
    if (tp_tag_is_rtl(loop->app->person.language))
        x = screen->width - x;
    return tp_staff_tap(loop->app, tp_px_to_mm(screen, x), tp_px_to_mm(screen, y));
}

/* Someone who started the program by hand on a bare console, whose keyboard SDL holds, ends it with
 * Ctrl-C as in any terminal. A library's screen is started by systemd, and has no such way out. */
static bool is_interrupt(const struct tp_loop *loop, const SDL_Event *event)
{
    return event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_c &&
           event->key.keysym.mod & KMOD_CTRL && tp_display_is_console(loop->display) &&
           isatty(STDIN_FILENO) && !getenv("NOTIFY_SOCKET");
}

static bool is_somebody(const SDL_Event *event)
{
    return event->type == SDL_KEYDOWN || event->type == SDL_TEXTINPUT ||
           event->type == SDL_MOUSEBUTTONDOWN || event->type == SDL_FINGERDOWN;
}

/* The pointer is a mouse's: a finger has none. */
static void show_pointer(struct tp_loop *loop, const SDL_Event *event)
{
    if (event->type == SDL_FINGERDOWN) {
        (void)SDL_ShowCursor(SDL_DISABLE);
        tp_display_point(loop->display, 0, 0, false);
    } else if (event->type == SDL_MOUSEMOTION && event->motion.which != SDL_TOUCH_MOUSEID) {
        (void)SDL_ShowCursor(SDL_ENABLE);
        tp_display_point(loop->display, event->motion.x, event->motion.y, true);
    }
}

/* Out of hours, with nobody there and nobody's answers on the screen, it sleeps. */
static void rest(struct tp_loop *loop)
{
    struct tp_app *app = loop->app;
    int64_t wall_s = tp_app_now_ms(app) / 1000;
    int64_t quiet_ms = tp_clock_monotonic_ms(&app->clock) - loop->active_ms;
    bool asleep =
        quiet_ms >= TP_HOURS_QUIET_MS && tp_app_screen(app) == TP_SCREEN_WELCOME &&
        !tp_hours_open_at(&app->settings.hours, wall_s + tp_zone_offset_at(app->zone, wall_s));

    if (asleep != loop->asleep)
        tp_display_sleep(loop->display, asleep);
    loop->asleep = asleep;
}

/* What wakes the screen does nothing else, nor does what comes while the panel lights up: nobody
 * saw what they touched. */
static bool is_waking(struct tp_loop *loop)
{
    if (loop->asleep) {
        rest(loop);
        loop->woken_ms = loop->active_ms;
    }
    return loop->active_ms - loop->woken_ms < TP_HOURS_WAKING_MS;
}

/* What the input made of an event, counted: how a survey was answered shows in it. */
static bool take_event(struct tp_loop *loop, const SDL_Event *event, struct tp_intent *intent)
{
    uint32_t slips = loop->input.ignored;
    bool meant = tp_input_event(&loop->input, event, intent);

    if (loop->input.ignored != slips)
        loop->app->pace.slips++;
    if (meant && (intent->kind == TP_INTENT_ACTIVATE || intent->kind == TP_INTENT_SELECT))
        loop->app->pace.touches++;
    return meant;
}

bool tp_loop_event(struct tp_loop *loop, const SDL_Event *event, struct tp_error *error)
{
    struct tp_intent intent;

    if (tp_display_window(loop->display))
        show_pointer(loop, event);
    if (is_interrupt(loop, event)) {
        loop->app->quit = true;
        return true;
    }
    if (is_somebody(event)) {
        loop->active_ms = tp_clock_monotonic_ms(&loop->app->clock);
        tp_app_activity(loop->app);
        if (is_waking(loop))
            return true;
    }
    if (is_staff(loop, event)) {
        tp_staff_enter(loop->app);
        return tp_app_build(loop->app, error);
    }
    if (!take_event(loop, event, &intent))
        return true;
    switch (intent.kind) {
    case TP_INTENT_QUIT:
        loop->app->quit = true;
        return true;
    case TP_INTENT_REDRAW:
        tp_ui_redraw_all(tp_app_shown(loop->app));
        return true;
    case TP_INTENT_RESIZED:
        return resize(loop, error);
    default:
        return tp_app_handle(loop->app, &intent, error);
    }
}

bool tp_loop_glass(struct tp_loop *loop, SDL_Event *event, struct tp_error *error)
{
    if (tp_touch_take(loop->app, event)) {
        loop->active_ms = tp_clock_monotonic_ms(&loop->app->clock);
        tp_app_activity(loop->app);
        return tp_app_build(loop->app, error);
    }
    tp_touch_map_apply(&loop->app->touch.map, event);
    return tp_loop_event(loop, event, error);
}

bool tp_loop_settle(struct tp_loop *loop, struct tp_error *error)
{
    bool moved;

    (void)tp_app_tick(loop->app, &moved);
    rest(loop);
    return (!moved || tp_app_build(loop->app, error)) && draw(loop, error);
}

/* ---- waiting ---- */

static int64_t least(int64_t a, int64_t b)
{
    return b >= 0 && b < a ? b : a;
}

static int how_long(struct tp_loop *loop, int64_t next)
{
    int64_t wait = least(LONGEST_WAIT_MS, next);

    wait = least(wait, tp_notify_next_ms(tp_clock_monotonic_ms(&loop->app->clock)));
    return loop->script ? 0 : (int)wait;
}

static bool next_event(struct tp_loop *loop, int wait, SDL_Event *event)
{
    int64_t quiet = tp_clock_monotonic_ms(&loop->app->clock) - loop->active_ms;
    int nap = quiet < BUSY_FOR_MS ? BUSY_NAP_MS : NAP_MS;

    if (loop->can_wait && wait > 0)
        return SDL_WaitEventTimeout(event, wait) == 1;
    if (SDL_PollEvent(event))
        return true;
    if (wait > 0)
        SDL_Delay((Uint32)(wait < nap ? wait : nap));
    return SDL_PollEvent(event) == 1;
}

/* Drivers that wait in the kernel; the others poll every millisecond inside SDL. */
static bool driver_waits(const struct tp_display *display)
{
    const char *driver = SDL_GetCurrentVideoDriver();

    (void)display;
    return driver && (strcmp(driver, "x11") == 0 || strcmp(driver, "wayland") == 0);
}

/* ---- the loop ---- */

static uint32_t target_at(void *context, int x, int y)
{
    struct tp_loop *loop = context;

    return tp_ui_target_at(tp_app_shown(loop->app), x, y);
}

bool tp_loop_start(struct tp_loop *loop, struct tp_app *app, struct tp_display *display,
                   struct tp_clock_fake *fake, struct tp_error *error)
{
    struct tp_input_options options = tp_input_options_default();

    *loop = (struct tp_loop){.app = app, .display = display, .fake = fake};
    options.repeat_ms = (int)app->settings.repeat_ms;
    options.guard_ms = (int)app->settings.settle_ms;
    options.key_bounce_ms = (int)app->settings.key_bounce_ms;
    memcpy(options.bindings, app->settings.keys, sizeof(options.bindings));
    options.binding_count = app->settings.key_count;
    tp_input_init(&loop->input, &options, &app->clock, target_at, loop);
    loop->active_ms = tp_clock_monotonic_ms(&app->clock);
    loop->woken_ms = loop->active_ms - TP_HOURS_WAKING_MS;
    tp_touch_start(app, tp_display_is_console(display) ? app->settings.rotation : 0);
    loop->can_wait = driver_waits(display);
    learn_size(loop);
    tp_app_refresh(app);
    return tp_app_build(app, error) && draw(loop, error);
}

bool tp_loop_run(struct tp_loop *loop, struct tp_error *error)
{
    tp_notify("READY=1");
    while (!stopping && !loop->app->quit) {
        SDL_Event event;
        int64_t next;
        bool moved;

        next = tp_app_tick(loop->app, &moved);
        if (moved && !tp_app_build(loop->app, error))
            return false;
        rest(loop);
        if (!draw(loop, error))
            return false;
        tp_notify_alive(tp_clock_monotonic_ms(&loop->app->clock));
        if (next_event(loop, how_long(loop, next), &event)) {
            do {
                if (!tp_loop_glass(loop, &event, error))
                    return false;
            } while (SDL_PollEvent(&event));
        } else if (loop->script && !tp_script_step(loop->script, error)) {
            return false;
        }
        /* The staff pages show what goes on behind them. */
        if (tp_app_screen(loop->app) >= TP_SCREEN_STAFF_PIN && !tp_app_build(loop->app, error))
            return false;
    }
    tp_notify("STOPPING=1");
    return true;
}
