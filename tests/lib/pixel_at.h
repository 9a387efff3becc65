/* One pixel of a picture, as a test sees it. */
#ifndef TP_TESTS_LIB_PIXEL_AT_H
#define TP_TESTS_LIB_PIXEL_AT_H

#include <SDL.h>
#include <stdint.h>

/* 0xRRGGBB of a surface of 32 bits a pixel. */
static inline unsigned pixel_at(SDL_Surface *surface, int x, int y)
{
    const uint32_t *row =
        (const uint32_t *)(const void *)((uint8_t *)surface->pixels + y * surface->pitch);

    return row[x] & 0xFFFFFF;
}

#endif
