/*
 * See icon.h. A path is flattened into short lines; a stroke is the union of their capsules, a fill
 * the signed area under its edges. Both go into a coverage mask that is kept and drawn in a colour.
 */
#include "kiosk/gfx/icon.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "kiosk/gfx/draw.h"

#define GRID 24.0
#define STROKE 1.9
/* Signs of two sizes and two directions on one page. */
#define CACHE_MAX 64u
/* The largest: the thank-you page's sign on a 4K screen. */
#define SIDE_MAX 1024
/* Lines that a curve is cut into; at 60 mm on a 4K screen the error is a fifth of a pixel. */
#define CURVE_STEPS 24

/*
 * M x y: move. L x y: line. C x y x y x y: curve. Z: close. O x y r: a circle. D x y r: a dot,
 * filled. F: what follows is filled, S: stroked (as it is at the start).
 */
static const struct {
    const char *name, *path;
    bool turns; /* mirrored on a right-to-left page */
} signs[TP_ICON_COUNT] = {
    [TP_ICON_NONE] = {"none", "", false},
    [TP_ICON_TEXT_SIZE] = {"text-size",
                           "M1.6 18.5 L5.2 9.5 L8.8 18.5 M2.8 15.6 L7.6 15.6 "
                           "M10.4 18.5 L16.4 4 L22.4 18.5 M12.4 13.8 L20.4 13.8",
                           false},
    [TP_ICON_COLOURS] = {"colours",
                         "O12 12 9 F M12 3 C16.97 3 21 7.03 21 12 C21 16.97 16.97 21 12 21 Z",
                         false},
    [TP_ICON_EASY_READ] = {"easy-read",
                           "M2.5 4.5 L11.5 4.5 L11.5 13.5 L2.5 13.5 Z M4.6 11.2 L6.7 8.4 L9.4 11.4 "
                           "D8.9 7.2 0.9 M15 6 L21.5 6 M15 12 L21.5 12 M2.5 18.8 L21.5 18.8",
                           true},
    [TP_ICON_LISTEN] =
        {"listen",
         "M2.5 9.5 L6.5 9.5 L11.8 5 L11.8 19 L6.5 14.5 L2.5 14.5 Z "
         "M15.2 9 C16.8 10.8 16.8 13.2 15.2 15 M18.4 6.4 C21.9 9.7 21.9 14.3 18.4 17.6",
         true},
    [TP_ICON_SILENT] = {"silent",
                        "M2.5 9.5 L6.5 9.5 L11.8 5 L11.8 19 L6.5 14.5 L2.5 14.5 Z "
                        "M16 9.2 L21.6 14.8 M21.6 9.2 L16 14.8",
                        true},
    [TP_ICON_LANGUAGE] = {"language",
                          "O12 12 9 M3 12 L21 12 M12 3 C7 8 7 16 12 21 M12 3 C17 8 17 16 12 21",
                          false},
    [TP_ICON_HELP] = {"help",
                      "O12 12 9 M9.2 9.6 C9.2 7.8 10.4 6.7 12 6.7 C13.6 6.7 14.8 7.8 14.8 9.3 "
                      "C14.8 11.5 12 11.6 12 13.7 D12 17.1 1.2",
                      false},
    [TP_ICON_BACK] = {"back", "M15 5 L8 12 L15 19", true},
    [TP_ICON_FORWARD] = {"forward", "M9 5 L16 12 L9 19", true},
    [TP_ICON_DOWN] = {"down", "M5 8.5 L12 15.5 L19 8.5", false},
    [TP_ICON_UP] = {"up", "M5 15.5 L12 8.5 L19 15.5", false},
    [TP_ICON_CHECK] = {"check", "M4.5 12.6 L9.7 18 L19.5 6.5", false},
    [TP_ICON_CROSS] = {"cross", "M5.5 5.5 L18.5 18.5 M18.5 5.5 L5.5 18.5", false},
    [TP_ICON_PROBLEM] = {"problem", "M12 3.2 L22 20.8 L2 20.8 Z M12 10 L12 14.4 D12 17.5 1.15",
                         false},
    [TP_ICON_INFORMATION] = {"information", "O12 12 9 M12 11 L12 16.8 D12 7.4 1.2", false},
    [TP_ICON_DELETE] = {"delete",
                        "M8.2 5 L21.8 5 L21.8 19 L8.2 19 L2.2 12 Z "
                        "M11.8 9 L17.8 15 M17.8 9 L11.8 15",
                        true},
    [TP_ICON_DELETE_WORD] = {"delete-word",
                             "M11 5 L22.4 5 L22.4 19 L11 19 L6.2 12 Z M5.8 5 L1.4 12 L5.8 19 "
                             "M13.6 9 L19 15 M19 9 L13.6 15",
                             true},
    [TP_ICON_SHIFT] = {"shift", "M12 3.5 L20.5 12 L16 12 L16 20 L8 20 L8 12 L3.5 12 Z", false},
    [TP_ICON_SPACE] = {"space", "M3.5 10 L3.5 15.5 L20.5 15.5 L20.5 10", false},
    [TP_ICON_RETURN] = {"return", "M20.5 5.5 L20.5 13.5 L4 13.5 M9 8.5 L4 13.5 L9 18.5", true},
    [TP_ICON_PLUS] = {"plus", "M12 4 L12 20 M4 12 L20 12", false},
    [TP_ICON_MINUS] = {"minus", "M4 12 L20 12", false},
    [TP_ICON_CLOCK] = {"clock", "O12 12 9 M12 6.8 L12 12 L16 14.4", false},
    [TP_ICON_LOCK] = {"lock",
                      "M5 11 L19 11 L19 21 L5 21 Z M8 11 L8 7.5 C8 2 16 2 16 7.5 L16 11 D12 16 1.5",
                      false},
    [TP_ICON_PAUSE] = {"pause", "M8.5 5 L8.5 19 M15.5 5 L15.5 19", false},
    [TP_ICON_PLAY] = {"play", "M7 4.5 L19.5 12 L7 19.5 Z", true},
    [TP_ICON_REPEAT] = {"repeat",
                        "M20 12 C20 16.4 16.4 20 12 20 C7.6 20 4 16.4 4 12 C4 7.6 7.6 4 12 4 "
                        "C14.8 4 17.2 5.4 18.7 7.6 M19.4 3 L19.4 8.2 L14.2 8.2",
                        false},
    [TP_ICON_SETTINGS] = {"settings",
                          "M3 7 L6 7 M11.6 7 L21 7 O8.8 7 2.6 M3 17 L12.4 17 M18 17 L21 17 "
                          "O15.2 17 2.6",
                          true},
    [TP_ICON_HOME] = {"home",
                      "M3 12 L12 4 L21 12 M5.8 9.8 L5.8 20.5 L18.2 20.5 L18.2 9.8 "
                      "M10 20.5 L10 14.5 L14 14.5 L14 20.5",
                      false},
    [TP_ICON_STAR] = {"star",
                      "M12 3.0 L14.6 9.0 L21.1 9.6 L16.2 14.0 L17.6 20.4 "
                      "L12 17.0 L6.4 20.4 L7.8 14.0 L2.9 9.6 L9.4 9.0 "
                      "L12 3.0",
                      false},
    [TP_ICON_LEAVE] = {"leave",
                       "M13 3.5 L4.5 3.5 L4.5 20.5 L13 20.5 M10 12 L21.5 12 M16.8 7 L21.5 12 "
                       "L16.8 17",
                       true},
};

const char *tp_icon_name(enum tp_icon icon)
{
    return icon >= 0 && icon < TP_ICON_COUNT ? signs[icon].name : "none";
}

struct kept {
    enum tp_icon icon;
    int side;
    bool mirror;
    uint8_t *mask; /* owned; NULL: free */
    uint64_t used;
};

struct tp_icons {
    struct kept kept[CACHE_MAX];
    uint64_t turn;
};

struct tp_icons *tp_icons_create(void)
{
    return tp_calloc(1, sizeof(struct tp_icons));
}

void tp_icons_destroy(struct tp_icons *icons)
{
    for (size_t i = 0; icons && i < CACHE_MAX; i++)
        tp_free(icons->kept[i].mask);
    tp_free(icons);
}

/* ---- drawing a path into a mask ---- */

struct pen {
    uint8_t *mask;
    float *area; /* signed area for fills, side x side + 1 */
    int side;
    double scale;
    bool mirror, filling;
    double x, y, start_x, start_y; /* in pixels */
};

static double share_of(double distance)
{
    return distance <= -0.5 ? 1 : distance >= 0.5 ? 0 : 0.5 - distance;
}

static void cover(struct pen *pen, int x, int y, double share)
{
    uint8_t *at = &pen->mask[(ptrdiff_t)y * pen->side + x];
    uint8_t value = (uint8_t)lround(share * 255);

    if (value > *at)
        *at = value;
}

static int within(const struct pen *pen, double value)
{
    return value < 0 ? 0 : value > pen->side ? pen->side : (int)value;
}

/* A capsule of radius `r` along the line. */
static void stroke(struct pen *pen, double x1, double y1, double x2, double y2, double r)
{
    double dx = x2 - x1, dy = y2 - y1, length = dx * dx + dy * dy;
    int left = within(pen, floor(fmin(x1, x2) - r - 1));
    int right = within(pen, ceil(fmax(x1, x2) + r + 1));
    int top = within(pen, floor(fmin(y1, y2) - r - 1));
    int bottom = within(pen, ceil(fmax(y1, y2) + r + 1));

    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            double px = x + 0.5 - x1, py = y + 0.5 - y1;
            double t = length > 0 ? (px * dx + py * dy) / length : 0;

            t = t < 0 ? 0 : t > 1 ? 1 : t;
            cover(pen, x, y, share_of(hypot(px - t * dx, py - t * dy) - r));
        }
}

static void ring(struct pen *pen, double cx, double cy, double radius, double half)
{
    double out = radius + half + 1;

    for (int y = within(pen, cy - out); y < within(pen, cy + out + 1); y++)
        for (int x = within(pen, cx - out); x < within(pen, cx + out + 1); x++)
            cover(pen, x, y, share_of(fabs(hypot(x + 0.5 - cx, y + 0.5 - cy) - radius) - half));
}

/* Adds to each pixel right of the edge the share of its height that the edge passes. */
static void edge(struct pen *pen, double x1, double y1, double x2, double y2)
{
    double sign = 1;

    if (y1 == y2)
        return;
    if (y1 > y2) {
        double swap = y1;

        y1 = y2;
        y2 = swap;
        swap = x1;
        x1 = x2;
        x2 = swap;
        sign = -1;
    }
    for (int y = within(pen, floor(y1)); y < within(pen, ceil(y2)); y++) {
        double top = fmax(y1, y), bottom = fmin(y2, y + 1), height = bottom - top;
        double x = x1 + (x2 - x1) * ((top + bottom) / 2 - y1) / (y2 - y1);
        int column = within(pen, floor(x));
        double part = x - column; /* of the pixel that the edge leaves uncovered */
        float *row = &pen->area[(ptrdiff_t)y * (pen->side + 2)];

        if (height <= 0)
            continue;
        row[column] += (float)(sign * height * (1 - part));
        row[column + 1] += (float)(sign * height * part);
    }
}

static void line_to(struct pen *pen, double x, double y)
{
    if (pen->filling)
        edge(pen, pen->x, pen->y, x, y);
    else
        stroke(pen, pen->x, pen->y, x, y, STROKE / 2 * pen->scale);
    pen->x = x;
    pen->y = y;
}

static void curve_to(struct pen *pen, const double p[6])
{
    double x0 = pen->x, y0 = pen->y;

    for (int i = 1; i <= CURVE_STEPS; i++) {
        double t = (double)i / CURVE_STEPS, u = 1 - t;
        double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;

        line_to(pen, a * x0 + b * p[0] + c * p[2] + d * p[4],
                a * y0 + b * p[1] + c * p[3] + d * p[5]);
    }
}

static size_t numbers_of(char command)
{
    switch (command) {
    case 'M':
    case 'L':
        return 2;
    case 'C':
        return 6;
    case 'O':
    case 'D':
        return 3;
    default:
        return 0;
    }
}

static void command(struct pen *pen, char name, const double *p)
{
    switch (name) {
    case 'M':
        pen->x = pen->start_x = p[0];
        pen->y = pen->start_y = p[1];
        break;
    case 'L':
        line_to(pen, p[0], p[1]);
        break;
    case 'C':
        curve_to(pen, p);
        break;
    case 'Z':
        line_to(pen, pen->start_x, pen->start_y);
        break;
    case 'O':
        ring(pen, p[0], p[1], p[2] * pen->scale, STROKE / 2 * pen->scale);
        break;
    case 'D':
        stroke(pen, p[0], p[1], p[0], p[1], p[2] * pen->scale);
        break;
    case 'F':
        pen->filling = true;
        break;
    default:
        pen->filling = false;
        break;
    }
}

static void run_path(struct pen *pen, const char *path)
{
    while (*path) {
        char name = *path++;
        double p[6] = {0};

        if (name == ' ')
            continue;
        for (size_t i = 0; i < numbers_of(name); i++) {
            char *end;

            p[i] = strtod(path, &end);
            path = end;
            if (name != 'O' && name != 'D' ? i % 2 == 0 : i == 0)
                p[i] = pen->mirror ? GRID - p[i] : p[i];
            if (!((name == 'O' || name == 'D') && i == 2))
                p[i] *= pen->scale;
        }
        command(pen, name, p);
    }
    for (int y = 0; y < pen->side; y++) {
        double sum = 0;

        for (int x = 0; x < pen->side; x++) {
            sum += pen->area[(ptrdiff_t)y * (pen->side + 2) + x];
            cover(pen, x, y, fmin(fabs(sum), 1));
        }
    }
}

static uint8_t *make_mask(enum tp_icon icon, int side, bool mirror)
{
    struct pen pen = {.side = side, .scale = side / GRID, .mirror = mirror};

    pen.mask = tp_calloc((size_t)side, (size_t)side);
    pen.area = tp_calloc((size_t)side * (size_t)(side + 2), sizeof(*pen.area));
    if (!pen.mask || !pen.area) {
        tp_free(pen.mask);
        pen.mask = NULL;
    } else {
        run_path(&pen, signs[icon].path);
    }
    tp_free(pen.area);
    return pen.mask;
}

void tp_icon_draw(struct tp_icons *icons, SDL_Surface *surface, enum tp_icon icon, double x,
                  double y, double side, bool mirror, tp_rgb colour)
{
    int size = (int)lround(side);
    struct kept *place = &icons->kept[0];

    if (icon <= TP_ICON_NONE || icon >= TP_ICON_COUNT || size < 1)
        return;
    size = size > SIDE_MAX ? SIDE_MAX : size;
    mirror = mirror && signs[icon].turns;
    icons->turn++;
    for (size_t i = 0; i < CACHE_MAX; i++) {
        struct kept *kept = &icons->kept[i];

        if (kept->mask && kept->icon == icon && kept->side == size && kept->mirror == mirror) {
            place = kept;
            break;
        }
        if (!kept->mask || (place->mask && kept->used < place->used))
            place = kept;
    }
    if (!place->mask || place->icon != icon || place->side != size || place->mirror != mirror) {
        uint8_t *mask = make_mask(icon, size, mirror);

        if (!mask)
            return;
        tp_free(place->mask);
        *place = (struct kept){icon, size, mirror, mask, 0};
    }
    place->used = icons->turn;
    tp_draw_mask(surface, place->mask, size, (int)lround(x), (int)lround(y), size, size, colour);
}
