/* What was really drawn: colours of a box on the canvas, and letters as they come out. */
#ifndef TP_AUDIT_PIXELS_H
#define TP_AUDIT_PIXELS_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>

#include "kiosk/gfx/text.h"
#include "kiosk/gfx/theme.h"

/* tp_contrast with the powers looked up: a page has a hundred thousand of them. */
double audit_contrast(tp_rgb a, tp_rgb b);

tp_rgb audit_pixel(const SDL_Surface *canvas, int x, int y);

/* The colours of a box: the ground is the commonest; the ink is, of those that take at least
 * AUDIT_INK_LEAST pixels, the one that stands out most. Equal where the box is empty. */
#define AUDIT_INK_LEAST 3
struct audit_colours {
    tp_rgb ground, ink;
    double contrast; /* of the two, 1 to 21 */
    size_t inks;     /* pixels that are not the ground */
    size_t all;
};
struct audit_colours audit_colours_of(const SDL_Surface *canvas, SDL_Rect box);

/* The height in pixels of a capital H as it is rasterised at a capital height, from its coverage:
 * a half covered row counts half. */
double audit_capital_px(struct tp_fonts *fonts, double capital_px, bool bold);

/* The first pixel from the left or the right of the box that is not its ground; false where all
 * is. */
bool audit_ink_edges(const SDL_Surface *canvas, SDL_Rect box, tp_rgb ground, int *left, int *right);

#endif
