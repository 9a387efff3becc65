/*
 * See draw.h. One shape does most of the work: a rectangle with round corners, with or without a
 * smaller one cut out of it. How much of a pixel it covers is taken from the signed distance of the
 * pixel's middle to its edge; whole spans inside are filled without asking.
 */
#include "kiosk/gfx/draw.h"

#include <math.h>
#include <string.h>
#include <wchar.h>

/* A rounded rectangle by its edges. */
struct shape {
    double x0, y0, x1, y1, radius;
};

static struct shape shape_of(struct tp_box box, double radius)
{
    double most = fmin(box.w, box.h) / 2.0;

    return (struct shape){box.x, box.y, box.x + box.w, box.y + box.h,
                          radius < 0 ? 0 : fmin(radius, most)};
}

/* 0..1: the share of the pixel whose middle is x, y. */
static double covered(const struct shape *shape, double x, double y)
{
    double hx = (shape->x1 - shape->x0) / 2.0, hy = (shape->y1 - shape->y0) / 2.0;
    double dx = fabs(x - (shape->x0 + shape->x1) / 2.0) - hx;
    double dy = fabs(y - (shape->y0 + shape->y1) / 2.0) - hy;
    double r = shape->radius;

    if (dx <= -r || dy <= -r || r <= 0) {
        /* A straight edge: the share is exact in each direction. */
        double cx = 0.5 - dx, cy = 0.5 - dy;

        cx = cx < 0 ? 0 : cx > 1 ? 1 : cx;
        cy = cy < 0 ? 0 : cy > 1 ? 1 : cy;
        return cx * cy;
    }
    dx += r;
    dy += r;
    double inside = 0.5 - (sqrt(dx * dx + dy * dy) - r);

    return inside < 0 ? 0 : inside > 1 ? 1 : inside;
}

static inline uint32_t mix(uint32_t under, uint32_t over, unsigned share)
{
    /* share is 0..256; red and blue are mixed together, green alone */
    uint32_t rb = under & 0xFF00FFu, g = under & 0x00FF00u;

    rb += (((over & 0xFF00FFu) - rb) * share) >> 8;
    g += (((over & 0x00FF00u) - g) * share) >> 8;
    return 0xFF000000u | (rb & 0xFF00FFu) | (g & 0x00FF00u);
}

static inline uint32_t *row_of(SDL_Surface *surface, int y)
{
    return (uint32_t *)(void *)((uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch);
}

static void fill_span(uint32_t *pixels, int count, uint32_t colour)
{
    /* 32-bit wide characters: the C library's fastest fill of such units. */
    _Static_assert(sizeof(wchar_t) == sizeof(*pixels), "wmemset fills 32-bit units");
    if (count > 0)
        (void)wmemset((wchar_t *)(void *)pixels, (wchar_t)colour, (size_t)count);
}

static void blend_span(uint32_t *row, int from, int to, unsigned weight, uint32_t colour)
{
    if (from >= to || weight == 0)
        return;
    if (weight >= 256) {
        fill_span(row + from, to - from, colour);
        return;
    }
    for (int x = from; x < to; x++)
        row[x] = mix(row[x], colour, weight);
}

void tp_fill(SDL_Surface *surface, const SDL_Rect *rect, tp_rgb colour)
{
    SDL_Rect area = surface->clip_rect;

    if (rect && !SDL_IntersectRect(rect, &surface->clip_rect, &area))
        return;
    for (int y = area.y; y < area.y + area.h; y++)
        fill_span(row_of(surface, y) + area.x, area.w, 0xFF000000u | colour);
}

static int clamp_int(double value, int low, int high)
{
    return value < low ? low : value > high ? high : (int)value;
}

/* `outer` without `inner` (NULL: the whole of it), in one colour. */
struct figure {
    SDL_Surface *surface;
    const struct shape *outer, *inner;
    uint32_t colour;
};

/* 0..256: how much of the pixel whose middle is x, y takes the colour. */
static unsigned weight_at(const struct figure *figure, double x, double y)
{
    double share = covered(figure->outer, x, y);

    if (figure->inner && share > 0)
        share *= 1 - covered(figure->inner, x, y);
    return (unsigned)(share * 256.0 + 0.5);
}

/* Where a row enters a shape, as distances in from its left and right edges to the middles of
 * pixels: none is touched before `begins`, all are covered wholly from `whole` on. */
struct entry {
    double begins, whole; /* HUGE_VAL: nowhere */
};

static struct entry entry_of(const struct shape *shape, double y)
{
    double r = shape->radius;
    double above = fabs(y - (shape->y0 + shape->y1) / 2.0) - (shape->y1 - shape->y0) / 2.0;
    double rise = above + r; /* over the middle of the corner's circle */
    struct entry entry = {-0.5, 0.5};

    if (above >= 0.5)
        return (struct entry){HUGE_VAL, HUGE_VAL};
    if (rise > 0 && r > 0) {
        entry.begins = r - sqrt((r + 0.5) * (r + 0.5) - rise * rise);
        entry.whole = r;
        if (rise < r - 0.5)
            entry.whole -= sqrt((r - 0.5) * (r - 0.5) - rise * rise);
    }
    if (above > -0.5)
        entry.whole = HUGE_VAL;
    return entry;
}

static void blend_columns(const struct figure *figure, int top, int bottom, int from, int to)
{
    for (int x = from; x < to; x++) {
        unsigned weight = weight_at(figure, x + 0.5, top + 0.5);

        for (int y = top; weight > 0 && y < bottom; y++)
            blend_span(row_of(figure->surface, y), x, x + 1, weight, figure->colour);
    }
}

static void blend_block(const struct figure *figure, int top, int bottom, int from, int to,
                        unsigned weight)
{
    for (int y = top; y < bottom; y++)
        blend_span(row_of(figure->surface, y), from, to, weight, figure->colour);
}

/* Rows that all look like the first: only the pixels an edge runs through are asked one by one. */
static void draw_rows(const struct figure *figure, int top, int bottom, int left, int right,
                      double zone)
{
    const struct shape *outer = figure->outer, *inner = figure->inner;
    double middle_x = (outer->x0 + outer->x1) / 2.0;
    struct entry out = entry_of(outer, top + 0.5);
    struct entry in = inner ? entry_of(inner, top + 0.5) : (struct entry){HUGE_VAL, HUGE_VAL};
    double inset = inner ? inner->x0 - outer->x0 : 0;
    /* One pixel to spare on either side of each edge. */
    const double at[4] = {out.begins - 2, out.whole + 2, in.begins + inset - 2,
                          in.whole + inset + 2};
    int in_from = clamp_int(ceil(outer->x0 + zone), left, right);
    int in_to = clamp_int(floor(outer->x1 - zone), left, right);
    int from[4], to[4];

    if (in_to < in_from)
        in_from = in_to = clamp_int(middle_x, left, right);
    for (size_t i = 0; i < 4; i++) {
        from[i] = clamp_int(outer->x0 + at[i], left, in_from);
        to[i] = clamp_int(outer->x1 - at[i], in_to, right);
    }
    if (from[2] < from[1])
        from[1] = from[2];
    if (to[2] > to[1])
        to[1] = to[2];
    blend_columns(figure, top, bottom, from[0], from[1]);
    blend_block(figure, top, bottom, from[1], from[2], 256);
    blend_columns(figure, top, bottom, from[2], from[3]);
    blend_block(figure, top, bottom, in_from, in_to, weight_at(figure, middle_x, top + 0.5));
    blend_columns(figure, top, bottom, to[3], to[2]);
    blend_block(figure, top, bottom, to[2], to[1], 256);
    blend_columns(figure, top, bottom, to[1], to[0]);
}

static void draw_shape(SDL_Surface *surface, const struct shape *outer, const struct shape *inner,
                       tp_rgb rgb)
{
    const struct figure figure = {surface, outer, inner, 0xFF000000u | rgb};
    SDL_Rect clip = surface->clip_rect;
    int top = clamp_int(floor(outer->y0), clip.y, clip.y + clip.h);
    int bottom = clamp_int(ceil(outer->y1), clip.y, clip.y + clip.h);
    int left = clamp_int(floor(outer->x0), clip.x, clip.x + clip.w);
    int right = clamp_int(ceil(outer->x1), clip.x, clip.x + clip.w);
    double border = inner ? fmax(inner->x0 - outer->x0, outer->x1 - inner->x1) : 0;
    double bend = fmax(outer->radius, border) + 1;
    /* Between the bends of the corners every row is the same. */
    int straight = clamp_int(ceil(outer->y0 + bend), top, bottom);
    int bends = clamp_int(floor(outer->y1 - bend), straight, bottom);

    for (int y = top; y < straight; y++)
        draw_rows(&figure, y, y + 1, left, right, bend);
    if (straight < bends)
        draw_rows(&figure, straight, bends, left, right, border + 1);
    for (int y = bends; y < bottom; y++)
        draw_rows(&figure, y, y + 1, left, right, bend);
}

void tp_draw_round(SDL_Surface *surface, struct tp_box box, double radius, tp_rgb colour)
{
    struct shape shape = shape_of(box, radius);

    draw_shape(surface, &shape, NULL, colour);
}

void tp_draw_frame(SDL_Surface *surface, struct tp_box box, double radius, double border,
                   tp_rgb line)
{
    struct shape outer = shape_of(box, radius);
    struct shape inner = shape_of(tp_box_grow(box, -border), outer.radius - border);

    if (inner.x1 <= inner.x0 || inner.y1 <= inner.y0)
        draw_shape(surface, &outer, NULL, line);
    else
        draw_shape(surface, &outer, &inner, line);
}

void tp_draw_card(SDL_Surface *surface, struct tp_box box, double radius, double border,
                  tp_rgb fill, tp_rgb line)
{
    struct shape shape = shape_of(box, radius);

    if (border <= 0 || fill == line) {
        draw_shape(surface, &shape, NULL, fill);
        return;
    }
    /* The fill reaches half under the border, so that no ground shows between the two. */
    struct tp_box within = tp_box_grow(box, -border / 2);

    tp_draw_round(surface, within, shape.radius - border / 2, fill);
    tp_draw_frame(surface, box, shape.radius, border, line);
}

void tp_draw_circle(SDL_Surface *surface, double cx, double cy, double radius, tp_rgb colour)
{
    tp_draw_round(surface, (struct tp_box){cx - radius, cy - radius, 2 * radius, 2 * radius},
                  radius, colour);
}

void tp_draw_ring(SDL_Surface *surface, double cx, double cy, double radius, double thickness,
                  tp_rgb colour)
{
    tp_draw_frame(surface, (struct tp_box){cx - radius, cy - radius, 2 * radius, 2 * radius},
                  radius, thickness, colour);
}

void tp_draw_line(SDL_Surface *surface, double x1, double y1, double x2, double y2,
                  double thickness, tp_rgb colour)
{
    SDL_Rect clip = surface->clip_rect;
    double r = thickness / 2, dx = x2 - x1, dy = y2 - y1, length = dx * dx + dy * dy;
    int left = clamp_int(floor(fmin(x1, x2) - r - 1), clip.x, clip.x + clip.w);
    int right = clamp_int(ceil(fmax(x1, x2) + r + 1), clip.x, clip.x + clip.w);
    int top = clamp_int(floor(fmin(y1, y2) - r - 1), clip.y, clip.y + clip.h);
    int bottom = clamp_int(ceil(fmax(y1, y2) + r + 1), clip.y, clip.y + clip.h);

    for (int y = top; y < bottom; y++) {
        uint32_t *row = row_of(surface, y);

        for (int x = left; x < right; x++) {
            double px = x + 0.5 - x1, py = y + 0.5 - y1;
            double t = length > 0 ? (px * dx + py * dy) / length : 0;

            t = t < 0 ? 0 : t > 1 ? 1 : t;
            double share = 0.5 - (hypot(px - t * dx, py - t * dy) - r);

            if (share > 0)
                blend_span(row, x, x + 1, (unsigned)(fmin(share, 1) * 256.0 + 0.5),
                           0xFF000000u | colour);
        }
    }
}

/* How many of the next `count` bytes are 0, in eights: most of a mask is. */
static int bare(const uint8_t *cover, int count)
{
    int at = 0;
    uint64_t eight;

    while (at + 8 <= count) {
        memcpy(&eight, cover + at, sizeof(eight));
        if (eight)
            break;
        at += 8;
    }
    return at;
}

void tp_draw_mask(SDL_Surface *surface, const uint8_t *mask, int mask_pitch, int x, int y, int w,
                  int h, tp_rgb colour)
{
    SDL_Rect area;
    uint32_t over = 0xFF000000u | colour;

    if (!SDL_IntersectRect(&(SDL_Rect){x, y, w, h}, &surface->clip_rect, &area))
        return;
    for (int py = area.y; py < area.y + area.h; py++) {
        uint32_t *row = row_of(surface, py);
        const uint8_t *cover = mask + (ptrdiff_t)(py - y) * mask_pitch - x;

        for (int px = area.x; px < area.x + area.w; px++) {
            unsigned share = cover[px];

            if (share == 255)
                row[px] = over;
            else if (share)
                row[px] = mix(row[px], over, share + (share >> 7));
            else
                px += bare(cover + px + 1, area.x + area.w - px - 1);
        }
    }
}
