/*
 * Golden pictures: what is drawn against what was looked at and found right.
 *
 * golden_check(surface, "module/name") compares with tests/golden/module/name.png, which is a
 * quarter of the size each way: small to keep, and forgiving of a font's hinting while a shifted
 * box or a missing word still shows. A missing picture fails. TP_GOLDEN_UPDATE=1 writes them
 * instead: look at every one before committing it. What differed is left in build/golden.
 */
#ifndef TP_TESTS_GOLDEN_H
#define TP_TESTS_GOLDEN_H

#include <SDL.h>
#include <SDL_image.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "kiosk/gfx/display.h"

/* Pixels on a side that become one. */
#define GOLDEN_SHARE 4
/* A channel may differ by this much, of 255; more in this share of the pixels is a difference. */
#define GOLDEN_TOLERANCE 36
#define GOLDEN_PIXELS 0.0006

static inline uint32_t golden_mean(SDL_Surface *surface, int x, int y)
{
    uint32_t sum[3] = {0};

    for (int dy = 0; dy < GOLDEN_SHARE; dy++)
        for (int dx = 0; dx < GOLDEN_SHARE; dx++) {
            const uint32_t *row =
                (const uint32_t *)(const void *)((const uint8_t *)surface->pixels +
                                                 (ptrdiff_t)(y + dy) * surface->pitch);

            for (int c = 0; c < 3; c++)
                sum[c] += row[x + dx] >> (8 * c) & 0xFF;
        }
    for (int c = 0; c < 3; c++)
        sum[c] /= GOLDEN_SHARE * GOLDEN_SHARE;
    return sum[0] | sum[1] << 8 | sum[2] << 16;
}

static inline SDL_Surface *golden_reduce(SDL_Surface *surface)
{
    SDL_Surface *small = tp_surface_create(surface->w / GOLDEN_SHARE, surface->h / GOLDEN_SHARE);

    for (int y = 0; small && y < small->h; y++) {
        uint32_t *row =
            (uint32_t *)(void *)((uint8_t *)small->pixels + (ptrdiff_t)y * small->pitch);

        for (int x = 0; x < small->w; x++)
            row[x] = golden_mean(surface, x * GOLDEN_SHARE, y * GOLDEN_SHARE);
    }
    return small;
}

/* Thirty-two shades a channel: far fewer bytes, and within the tolerance. */
static inline void golden_coarsen(SDL_Surface *small)
{
    uint8_t *bytes = small->pixels;

    for (size_t i = 0; i < (size_t)small->pitch * (size_t)small->h; i++)
        bytes[i] = (uint8_t)((bytes[i] & 0xF8) | bytes[i] >> 5);
}

/* The share of pixels that differ by more than the tolerance; 1 for another size. */
static inline double golden_difference(SDL_Surface *a, SDL_Surface *b)
{
    size_t differ = 0;

    if (a->w != b->w || a->h != b->h)
        return 1;
    for (int y = 0; y < a->h; y++) {
        const uint8_t *one = (const uint8_t *)a->pixels + (ptrdiff_t)y * a->pitch;
        const uint8_t *two = (const uint8_t *)b->pixels + (ptrdiff_t)y * b->pitch;

        for (int x = 0; x < a->w; x++) {
            bool far = false;

            for (int c = 0; c < 3; c++)
                far = far || abs(one[x * 4 + c] - two[x * 4 + c]) > GOLDEN_TOLERANCE;
            differ += far;
        }
    }
    return (double)differ / ((double)a->w * a->h);
}

/* True where the picture is the golden one (or was written as such); says why not. */
static inline bool golden_check(SDL_Surface *surface, const char *name)
{
    SDL_Surface *drawn = golden_reduce(surface), *read = NULL, *golden = NULL;
    char path[512], left[512];
    struct tp_error error = {0};
    double difference = 1;

    (void)snprintf(path, sizeof(path), "tests/golden/%s.png", name);
    if (getenv("TP_GOLDEN_UPDATE")) {
        bool written;

        if (drawn)
            golden_coarsen(drawn);
        written = drawn && tp_surface_save_png(drawn, path, &error);

        SDL_FreeSurface(drawn);
        return written;
    }
    read = IMG_Load(path);
    if (read)
        golden = SDL_ConvertSurfaceFormat(read, SDL_PIXELFORMAT_RGB888, 0);
    if (golden && drawn)
        difference = golden_difference(drawn, golden);
    if (difference > GOLDEN_PIXELS) {
        (void)snprintf(left, sizeof(left), "build/golden/%s.png", name);
        for (char *slash = left; *slash; slash++)
            *slash = *slash == '/' && slash > left + 12 ? '-' : *slash;
        (void)tp_dir_make("build/golden", 0755, &error);
        (void)tp_surface_save_png(surface, left, &error);
        (void)fprintf(stderr, "%s %s: %.2f %% of the pixels differ; drawn: %s\n",
                      golden ? "golden" : "missing golden", path, difference * 100, left);
    }
    SDL_FreeSurface(golden);
    SDL_FreeSurface(read);
    SDL_FreeSurface(drawn);
    return difference <= GOLDEN_PIXELS;
}

#endif
