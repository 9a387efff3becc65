#include "audit/pixels.h"

#include <math.h>
#include <string.h>

#include "kiosk/gfx/display.h"

/* Colours of one box: a text has a ground, an ink and some dozens between; a picture has more than
 * anyone counts, and the rest are then left out. */
#define COLOURS 256u

static double luminance(tp_rgb colour)
{
    static double linear[256];

    if (linear[255] <= 0)
        for (unsigned i = 0; i < 256; i++)
            linear[i] =
                i / 255.0 <= 0.04045 ? i / 255.0 / 12.92 : pow((i / 255.0 + 0.055) / 1.055, 2.4);
    return 0.2126 * linear[colour >> 16 & 0xFF] + 0.7152 * linear[colour >> 8 & 0xFF] +
           0.0722 * linear[colour & 0xFF];
}

double audit_contrast(tp_rgb a, tp_rgb b)
{
    double one = luminance(a) + 0.05, two = luminance(b) + 0.05;

    return one > two ? one / two : two / one;
}

tp_rgb audit_pixel(const SDL_Surface *canvas, int x, int y)
{
    const Uint32 *row = (const Uint32 *)(const void *)((const Uint8 *)canvas->pixels +
                                                       (ptrdiff_t)y * canvas->pitch);

    return row[x] & 0xFFFFFF;
}

struct tally {
    tp_rgb colour;
    size_t count;
};

static void tally_add(struct tally tallies[COLOURS], tp_rgb colour)
{
    size_t at = (colour * 2654435761u >> 8) % COLOURS;

    for (size_t tried = 0; tried < 8; tried++, at = (at + 1) % COLOURS) {
        if (tallies[at].count && tallies[at].colour != colour)
            continue;
        tallies[at].colour = colour;
        tallies[at].count++;
        return;
    }
}

static SDL_Rect within(const SDL_Surface *canvas, SDL_Rect box)
{
    SDL_Rect whole = {0, 0, canvas->w, canvas->h}, inside = {0};

    (void)SDL_IntersectRect(&whole, &box, &inside);
    return inside;
}

struct audit_colours audit_colours_of(const SDL_Surface *canvas, SDL_Rect box)
{
    struct tally tallies[COLOURS];
    struct audit_colours colours = {.contrast = 1};
    size_t most = 0;

    box = within(canvas, box);
    memset(tallies, 0, sizeof(tallies));
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++)
            tally_add(tallies, audit_pixel(canvas, x, y));
    for (size_t i = 0; i < COLOURS; i++)
        if (tallies[i].count > most) {
            most = tallies[i].count;
            colours.ground = tallies[i].colour;
        }
    colours.ink = colours.ground;
    colours.all = (size_t)box.w * (size_t)box.h;
    colours.inks = colours.all - most;
    for (size_t i = 0; i < COLOURS; i++) {
        double contrast = tallies[i].count >= AUDIT_INK_LEAST
                              ? audit_contrast(tallies[i].colour, colours.ground)
                              : 1;

        if (contrast > colours.contrast) {
            colours.contrast = contrast;
            colours.ink = tallies[i].colour;
        }
    }
    return colours;
}

double audit_capital_px(struct tp_fonts *fonts, double capital_px, bool bold)
{
    struct tp_text_spec spec = {.text = "H", .capital_px = capital_px, .bold = bold};
    struct tp_text_layout *layout = tp_text_layout(fonts, &spec);
    SDL_Surface *surface = NULL;
    double height = 0;

    if (layout)
        surface = tp_surface_create(tp_text_width(layout) + 4, tp_text_height(layout) + 4);
    if (surface) {
        (void)SDL_FillRect(surface, NULL, 0xFFFFFF);
        tp_text_draw(fonts, layout, surface, 2, 2, tp_text_width(layout), 0, 0, 1);
        for (int y = 0; y < surface->h; y++) {
            unsigned darkest = 255;

            for (int x = 0; x < surface->w; x++) {
                unsigned green = audit_pixel(surface, x, y) >> 8 & 0xFF;

                darkest = green < darkest ? green : darkest;
            }
            height += 1 - darkest / 255.0;
        }
    }
    SDL_FreeSurface(surface);
    tp_text_free(layout);
    return height;
}

bool audit_ink_edges(const SDL_Surface *canvas, SDL_Rect box, tp_rgb ground, int *left, int *right)
{
    bool any = false;

    box = within(canvas, box);
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++) {
            if (audit_pixel(canvas, x, y) == ground)
                continue;
            if (!any || x < *left)
                *left = x;
            if (!any || x > *right)
                *right = x;
            any = true;
        }
    return any;
}
