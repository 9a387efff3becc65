/*
 * Shapes on a 32-bit surface, with edges smoothed by the share of each pixel they cover.
 *
 * Coordinates are pixels and may be fractions; the surface's clip rectangle is kept to. Straight
 * edges on whole pixels stay crisp. Surfaces are XRGB8888 or ARGB8888 (the alpha byte is set).
 * Nothing is allocated. Thread: the surface's.
 */
#ifndef TP_KIOSK_GFX_DRAW_H
#define TP_KIOSK_GFX_DRAW_H

#include <SDL.h>
#include <stdint.h>

#include "kiosk/gfx/theme.h"

struct tp_box {
    double x, y, w, h;
};

static inline struct tp_box tp_box_of(SDL_Rect rect)
{
    return (struct tp_box){rect.x, rect.y, rect.w, rect.h};
}

/* Grows (or, with a negative `by`, shrinks) on all sides. */
static inline struct tp_box tp_box_grow(struct tp_box box, double by)
{
    return (struct tp_box){box.x - by, box.y - by, box.w + 2 * by, box.h + 2 * by};
}

/* Every pixel of `rect` (NULL: all within the clip rectangle). */
void tp_fill(SDL_Surface *surface, const SDL_Rect *rect, tp_rgb colour);

/* A filled rectangle with round corners; radius 0 is square, more than half a side is a pill. */
void tp_draw_round(SDL_Surface *surface, struct tp_box box, double radius, tp_rgb colour);

/* As tp_draw_round with a border of `border` pixels inside the box. */
void tp_draw_card(SDL_Surface *surface, struct tp_box box, double radius, double border,
                  tp_rgb fill, tp_rgb line);

/* Only the border, inside the box. */
void tp_draw_frame(SDL_Surface *surface, struct tp_box box, double radius, double border,
                   tp_rgb line);

void tp_draw_circle(SDL_Surface *surface, double cx, double cy, double radius, tp_rgb colour);

/* From radius - thickness to radius. */
void tp_draw_ring(SDL_Surface *surface, double cx, double cy, double radius, double thickness,
                  tp_rgb colour);

/* A line with round ends. */
void tp_draw_line(SDL_Surface *surface, double x1, double y1, double x2, double y2,
                  double thickness, tp_rgb colour);

/* A coverage mask (one byte a pixel, 255 is all) in a colour; clipped. */
void tp_draw_mask(SDL_Surface *surface, const uint8_t *mask, int mask_pitch, int x, int y, int w,
                  int h, tp_rgb colour);

#endif
