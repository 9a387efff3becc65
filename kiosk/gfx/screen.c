/* See screen.h. */
#include "kiosk/gfx/screen.h"

#include <math.h>

#define MM_PER_INCH 25.4
#define GUESSED_DPI 96.0
#define GUESSED_WIDE_PX 1920
/* The picture area of a 24-inch monitor of 16:9. */
#define GUESSED_WIDE_MM 531.0

struct tp_screen tp_screen_make(int width, int height, double width_mm, double viewing_distance_mm)
{
    if (width_mm <= 0)
        width_mm = width <= GUESSED_WIDE_PX ? width * MM_PER_INCH / GUESSED_DPI : GUESSED_WIDE_MM;
    if (viewing_distance_mm <= 0)
        viewing_distance_mm = TP_VIEWING_DISTANCE_MM;
    return (struct tp_screen){.width = width,
                              .height = height,
                              .px_per_mm = width / width_mm,
                              .viewing_distance_mm = viewing_distance_mm};
}

bool tp_screen_has_room(const struct tp_screen *screen, struct tp_error *error)
{
    double width = tp_px_to_mm(screen, screen->width), height = tp_px_to_mm(screen, screen->height);
    double least = width > height ? TP_SCREEN_WIDE_MM : TP_SCREEN_SIDE_MM;

    if (width >= least && height >= TP_SCREEN_SIDE_MM)
        return true;
    return tp_fail(error, TP_ERR_MISUSE,
                   "a screen of %.0f x %.0f mm is too small: it needs %.0f x %.0f mm at least; use "
                   "a larger one, or correct the width if it is not %.0f mm",
                   width, height, least, TP_SCREEN_SIDE_MM, width);
}

int tp_mm_ceil(const struct tp_screen *screen, double mm)
{
    /* A hair of tolerance, so that 12.7 mm at exactly 10 px/mm is 127 pixels and not 128. */
    return (int)ceil(mm * screen->px_per_mm - 1e-6);
}

int tp_mm_round(const struct tp_screen *screen, double mm)
{
    int px = (int)lround(mm * screen->px_per_mm);

    return mm > 0 && px < 1 ? 1 : px;
}

double tp_screen_degrees(const struct tp_screen *screen, double mm)
{
    return 2.0 * atan2(mm / 2.0, screen->viewing_distance_mm) * 180.0 / M_PI;
}

double tp_screen_mm_of(const struct tp_screen *screen, double degrees)
{
    return 2.0 * screen->viewing_distance_mm * tan(degrees * M_PI / 180.0 / 2.0);
}
