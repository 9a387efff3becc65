/*
 * The window, the full screen, or a surface in memory, as one canvas of 32-bit pixels.
 *
 * The canvas is always XRGB8888 and always software: text and flat shapes need no GPU, and a window
 * surface without SDL's OpenGL path starts four times faster in a tenth of the memory. Everything
 * is drawn on the canvas, then tp_display_present shows what changed. The display owns the canvas.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_DISPLAY_H
#define TP_KIOSK_GFX_DISPLAY_H

#include <SDL.h>
#include <stdbool.h>

#include "base/error.h"
#include "kiosk/gfx/screen.h"

/* Larger screens are refused: nothing sold for a desk or a wall has more pixels than 8K. */
#define TP_DISPLAY_SIDE_MAX 8192

struct tp_display;

struct tp_display_options {
    const char *title;          /* of the window */
    int width, height;          /* pixels; 0: the whole screen, or 1920 x 1080 off screen */
    double screen_width_mm;     /* of the picture area; 0: guessed (kiosk/gfx/screen.h) */
    double viewing_distance_mm; /* 0: TP_VIEWING_DISTANCE_MM */
    bool full_screen;
    int rotation;   /* degrees clockwise (0, 90, 180, 270), on a bare console only: elsewhere the
                       desktop turns the picture */
    bool offscreen; /* a surface in memory; no window, and SDL's video is not started */
    const char *video_driver; /* SDL's name; NULL: $SDL_VIDEODRIVER, else the bare console
                                 (kiosk/gfx/console.h), else SDL's choice */
    const char *acceleration; /* SDL_HINT_FRAMEBUFFER_ACCELERATION; NULL: "0", software */
};

/* Opens what the options say; SDL's video is started where it is needed. */
bool tp_display_open(const struct tp_display_options *options, struct tp_display **display,
                     struct tp_error *error);
void tp_display_close(struct tp_display *display);

/* The canvas to draw on; lasts until the display is closed or resized. */
SDL_Surface *tp_display_canvas(struct tp_display *display);

struct tp_screen tp_display_screen(const struct tp_display *display);

/* The window, for SDL calls that want one; NULL off screen. */
SDL_Window *tp_display_window(struct tp_display *display);

/* After SDL_WINDOWEVENT_SIZE_CHANGED: takes the new size. The canvas is a new one; lay the page out
 * again and draw it whole. A configured screen_width_mm keeps its pixels per millimetre. */
bool tp_display_resized(struct tp_display *display, struct tp_error *error);

/* Shows the given rectangles of the canvas; count 0 shows it whole. */
bool tp_display_present(struct tp_display *display, const SDL_Rect *changed, int count,
                        struct tp_error *error);

/* Is this a bare console's whole screen? SDL then holds the keyboard. */
bool tp_display_is_console(const struct tp_display *display);

/* Where a mouse's pointer is, in pixels of the canvas. Does something on a bare console only:
 * elsewhere SDL draws it. */
void tp_display_point(struct tp_display *display, int x, int y, bool seen);

/* Turns the screen off outside opening hours, or on. On a bare console only. */
void tp_display_sleep(struct tp_display *display, bool asleep);

/* A canvas without a display: for tests, previews and pictures. SDL_FreeSurface releases it. */
SDL_Surface *tp_surface_create(int width, int height);

/* Writes a PNG (24-bit). */
bool tp_surface_save_png(SDL_Surface *surface, const char *path, struct tp_error *error);

#endif
