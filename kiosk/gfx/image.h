/*
 * Pictures: SVG, PNG and JPEG by path, at the exact size they are shown.
 *
 * An SVG is drawn at its size on the screen; a PNG or JPEG is scaled down by area. A file is
 * refused before it is decoded when it is larger than the caps. Decoded pictures are kept in a
 * cache with a cap in bytes; the oldest go first. The library that decodes is loaded with the first
 * picture (image.c says why). Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_IMAGE_H
#define TP_KIOSK_GFX_IMAGE_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "kiosk/gfx/theme.h"

/* An SVG of flat shapes has a few kilobytes; a photograph for a screen a few megabytes. */
#define TP_IMAGE_SVG_MAX (256u * 1024u)
#define TP_IMAGE_FILE_MAX (16u * 1024u * 1024u)
/* Pixels before scaling: 48 MB when decoded. */
#define TP_IMAGE_PIXELS_MAX (12u * 1024u * 1024u)
/* Decoded pictures kept: a page of nine at full size on a 1080p screen. */
#define TP_IMAGE_CACHE_MAX (16u * 1024u * 1024u)

struct tp_images;

/* NULL when out of memory. */
struct tp_images *tp_images_create(void);
void tp_images_destroy(struct tp_images *images);

/* Drops every decoded picture. */
void tp_images_forget(struct tp_images *images);

/* Width through height of the picture, without decoding it. */
bool tp_image_aspect(struct tp_images *images, const char *path, double *aspect,
                     struct tp_error *error);

/* Draws the picture as large as fits in `box`, centred, its proportions kept, over what is there. A
 * picture that cannot be read draws nothing and returns false. */
bool tp_image_draw(struct tp_images *images, SDL_Surface *surface, const char *path, SDL_Rect box,
                   struct tp_error *error);

/* Bytes of decoded pictures held. */
size_t tp_images_held(const struct tp_images *images);

#endif
