/*
 * The whole screen of a bare console: the kernel's graphics driver (DRM/KMS) shows one plain buffer
 * that we write to. No windowing system, no OpenGL.
 *
 * SDL's own KMSDRM driver can only show what OpenGL drew: on a small machine that is Mesa's
 * software renderer, a hundred megabytes to copy a picture that is ready. SDL still reads keyboard,
 * mouse and touch there (its "evdev" driver). The pointer of a mouse is drawn here, since not every
 * driver has one. The console owns its buffer; the kernel gives the text console back when it is
 * closed, or when the program dies. Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_CONSOLE_H
#define TP_KIOSK_GFX_CONSOLE_H

#include <SDL.h>
#include <stdbool.h>

#include "base/error.h"

struct tp_console;

/* Is there a graphics card that could show a screen? Opens nothing. */
bool tp_console_is_there(void);

/* Takes the first connected screen in the size it likes best. `rotation` is 0, 90, 180 or 270:
 * degrees clockwise that the picture is turned by, for a panel that is mounted turned the other
 * way. Fails where no screen is connected, or where another program holds it. */
bool tp_console_open(int rotation, struct tp_console **console, struct tp_error *error);
void tp_console_close(struct tp_console *console);

/* The picture's size in pixels, as it is looked at: after the turn. */
int tp_console_width(const struct tp_console *console);
int tp_console_height(const struct tp_console *console);

/* Copies these parts of the canvas, which is of the console's size and XRGB8888. */
void tp_console_show(struct tp_console *console, const SDL_Surface *canvas, const SDL_Rect *rects,
                     int count);

/* Moves the mouse's pointer; `seen` false hides it. */
void tp_console_point(struct tp_console *console, const SDL_Surface *canvas, int x, int y,
                      bool seen);

/* Turns the screen off (it goes to sleep by itself) or on again. */
void tp_console_sleep(struct tp_console *console, bool asleep);

/* Copies `rect` of a canvas of `width` x `height` pixels to a buffer with `pitch` bytes a line,
 * turned clockwise by `rotation`. The buffer has the turned size. For tp_console_show and its test.
 */
void tp_console_turn(const void *canvas, int canvas_pitch, int width, int height,
                     const SDL_Rect *rect, int rotation, void *buffer, int pitch);

#endif
