/* See display.h. */
#include "kiosk/gfx/display.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "kiosk/gfx/console.h"

#define OFFSCREEN_WIDTH 1920
#define OFFSCREEN_HEIGHT 1080

struct tp_display {
    struct tp_console *console; /* owned; NULL but on a bare console */
    SDL_Window *window;  /* owned; NULL off screen; unseen on a bare console, for SDL's input */
    SDL_Surface *canvas; /* owned, unless it is the window's own */
    bool canvas_is_window;
    bool video;       /* SDL's video was started here */
    double px_per_mm; /* of a configured width; 0: guessed at each size */
    double viewing_distance_mm;
};

SDL_Surface *tp_surface_create(int width, int height)
{
    return SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_RGB888);
}

/* No windowing system, no driver asked for, and a graphics card. */
static bool is_bare_console(const struct tp_display_options *options)
{
    return options->full_screen && !(options->video_driver && options->video_driver[0]) &&
           !getenv("SDL_VIDEODRIVER") && !getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY") &&
           tp_console_is_there();
}

static void choose_driver(const struct tp_display_options *options, bool console)
{
    const char *driver = options->video_driver;
    const char *acceleration = options->acceleration ? options->acceleration : "0";

    if (console)
        driver = "evdev"; /* the input of a console; the picture is ours */
    if (driver && driver[0])
        (void)SDL_SetHint(SDL_HINT_VIDEODRIVER, driver);
    else
        driver = getenv("SDL_VIDEODRIVER");
    if (driver && strcasecmp(driver, "KMSDRM") == 0)
        acceleration = "1"; /* it shows nothing else */
    (void)SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, acceleration);
    /* A finger is a finger: the input module reads touches itself. */
    (void)SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    (void)SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    (void)SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
}

/* The window's own surface where it has our pixels, else one of ours that is copied to it. */
static bool take_canvas(struct tp_display *display, struct tp_error *error)
{
    SDL_Surface *surface = SDL_GetWindowSurface(display->window);

    if (!surface)
        return tp_fail(error, TP_ERR_IO, "cannot draw in the window: %s", SDL_GetError());
    if (surface->w > TP_DISPLAY_SIDE_MAX || surface->h > TP_DISPLAY_SIDE_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the screen has %d x %d pixels: %d a side at most",
                       surface->w, surface->h, TP_DISPLAY_SIDE_MAX);
    if (!display->canvas_is_window)
        SDL_FreeSurface(display->canvas);
    display->canvas_is_window = surface->format->format == SDL_PIXELFORMAT_RGB888 ||
                                surface->format->format == SDL_PIXELFORMAT_ARGB8888;
    display->canvas =
        display->canvas_is_window ? surface : tp_surface_create(surface->w, surface->h);
    return display->canvas || tp_fail_memory(error);
}

static bool open_window(struct tp_display *display, const struct tp_display_options *options,
                        struct tp_error *error)
{
    Uint32 flags = SDL_WINDOW_SHOWN;
    int width = options->width, height = options->height;
    bool console = is_bare_console(options);
    SDL_DisplayMode mode;

    choose_driver(options, console);
    if (console && !tp_console_open(options->rotation, &display->console, error))
        return false;
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        return tp_fail(error, TP_ERR_IO, "cannot open the screen: %s", SDL_GetError());
    display->video = true;
    if (console) {
        width = tp_console_width(display->console);
        height = tp_console_height(display->console);
    }
    if ((width <= 0 || height <= 0) && SDL_GetDesktopDisplayMode(0, &mode) == 0) {
        width = mode.w;
        height = mode.h;
    }
    if (options->full_screen && !console)
        flags |= SDL_WINDOW_FULLSCREEN_DESKTOP;
    else
        flags |= SDL_WINDOW_RESIZABLE;
    display->window =
        SDL_CreateWindow(options->title ? options->title : "Talkpoint", SDL_WINDOWPOS_CENTERED,
                         SDL_WINDOWPOS_CENTERED, width, height, flags);
    if (!display->window)
        return tp_fail(error, TP_ERR_IO, "cannot open a window of %d x %d pixels: %s", width,
                       height, SDL_GetError());
    if (!console)
        return take_canvas(display, error);
    display->canvas = tp_surface_create(width, height);
    /* The unseen window must have the mouse, or SDL drops what it does. */
    SDL_WarpMouseInWindow(display->window, width / 2, height / 2);
    SDL_FlushEvent(SDL_MOUSEMOTION);
    return display->canvas || tp_fail_memory(error);
}

bool tp_display_open(const struct tp_display_options *options, struct tp_display **display,
                     struct tp_error *error)
{
    struct tp_display *made;

    if (options->width < 0 || options->width > TP_DISPLAY_SIDE_MAX || options->height < 0 ||
        options->height > TP_DISPLAY_SIDE_MAX)
        return tp_fail(error, TP_ERR_LIMIT,
                       "a screen of %d x %d pixels is not supported: %d a side at most",
                       options->width, options->height, TP_DISPLAY_SIDE_MAX);
    made = tp_calloc(1, sizeof(*made));
    if (!made)
        return tp_fail_memory(error);
    made->viewing_distance_mm = options->viewing_distance_mm;
    if (options->offscreen) {
        made->canvas = tp_surface_create(options->width ? options->width : OFFSCREEN_WIDTH,
                                         options->height ? options->height : OFFSCREEN_HEIGHT);
        if (!made->canvas) {
            tp_display_close(made);
            return tp_fail_memory(error);
        }
    } else if (!open_window(made, options, error)) {
        tp_display_close(made);
        return false;
    }
    if (options->screen_width_mm > 0)
        made->px_per_mm = made->canvas->w / options->screen_width_mm;
    *display = made;
    return true;
}

void tp_display_close(struct tp_display *display)
{
    if (!display)
        return;
    if (!display->canvas_is_window)
        SDL_FreeSurface(display->canvas);
    if (display->window)
        SDL_DestroyWindow(display->window);
    if (display->video)
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    tp_console_close(display->console);
    tp_free(display);
}

SDL_Surface *tp_display_canvas(struct tp_display *display)
{
    return display->canvas;
}

struct tp_screen tp_display_screen(const struct tp_display *display)
{
    int width = display->canvas->w;

    return tp_screen_make(width, display->canvas->h,
                          display->px_per_mm > 0 ? width / display->px_per_mm : 0,
                          display->viewing_distance_mm);
}

SDL_Window *tp_display_window(struct tp_display *display)
{
    return display->window;
}

bool tp_display_resized(struct tp_display *display, struct tp_error *error)
{
    return !display->window || display->console || take_canvas(display, error);
}

bool tp_display_present(struct tp_display *display, const SDL_Rect *changed, int count,
                        struct tp_error *error)
{
    SDL_Rect whole = {0, 0, display->canvas->w, display->canvas->h};

    if (!display->window)
        return true;
    if (count <= 0) {
        changed = &whole;
        count = 1;
    }
    if (display->console) {
        tp_console_show(display->console, display->canvas, changed, count);
        return true;
    }
    if (!display->canvas_is_window) {
        SDL_Surface *surface = SDL_GetWindowSurface(display->window);

        for (int i = 0; surface && i < count; i++) {
            SDL_Rect to = changed[i];

            (void)SDL_BlitSurface(display->canvas, &changed[i], surface, &to);
        }
    }
    if (SDL_UpdateWindowSurfaceRects(display->window, changed, count) != 0)
        return tp_fail(error, TP_ERR_IO, "cannot show the picture: %s", SDL_GetError());
    return true;
}

bool tp_display_is_console(const struct tp_display *display)
{
    return display->console != NULL;
}

void tp_display_point(struct tp_display *display, int x, int y, bool seen)
{
    if (display->console)
        tp_console_point(display->console, display->canvas, x, y, seen);
}

void tp_display_sleep(struct tp_display *display, bool asleep)
{
    SDL_Rect whole = {0, 0, display->canvas->w, display->canvas->h};

    if (!display->console)
        return;
    tp_console_sleep(display->console, asleep);
    if (!asleep)
        tp_console_show(display->console, display->canvas, &whole, 1);
}

bool tp_surface_save_png(SDL_Surface *surface, const char *path, struct tp_error *error)
{
    /* Loaded for this alone: only tests and previews write pictures. */
    void *library = SDL_LoadObject("libSDL2_image-2.0.so.0");
    int (*save)(SDL_Surface *, const char *) = NULL;
    SDL_Surface *copy = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_RGB24, 0);
    bool ok;

    if (library)
        *(void **)&save = SDL_LoadFunction(library, "IMG_SavePNG");
    ok = copy && save && save(copy, path) == 0;
    if (!ok)
        (void)tp_fail(error, TP_ERR_IO, "cannot write '%s': %s", path, SDL_GetError());
    SDL_FreeSurface(copy);
    if (library)
        SDL_UnloadObject(library);
    return ok;
}
