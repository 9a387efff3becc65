/*
 * What the layout knows of a screen: its pixels and its true width in millimetres.
 *
 * A plain value, so that a test can lay a page out for any display without opening one. Reported
 * DPI is often wrong; `screen_width_mm` is configured, and guessed only where it is not.
 * Thread: any.
 */
#ifndef TP_KIOSK_GFX_SCREEN_H
#define TP_KIOSK_GFX_SCREEN_H

#include "base/error.h"

/* Where the person's eyes are when nothing is configured: an arm's length. */
#define TP_VIEWING_DISTANCE_MM 500.0

/* The least that holds every page. The smallest display that is laid out for is a tablet of
 * 217 x 135.6 mm, held either way. On a wide one the keyboard's rows of 12.9 keys (12.7 mm each and
 * 2.54 between, ACCESSIBILITY.md P1) and the margins take 213 mm; on a tall one they are laid anew.
 */
#define TP_SCREEN_SIDE_MM 135.0
#define TP_SCREEN_WIDE_MM 213.0

/* EN 301 549 5.1.4: the angle of a capital H in the largest size. */
#define TP_CAPITAL_DEGREES 0.7

struct tp_screen {
    int width, height;          /* pixels */
    double px_per_mm;           /* the same both ways */
    double viewing_distance_mm; /* for rules in degrees (EN 301 549 5.1.4) */
};

/* `width_mm` 0 guesses: 96 pixels to the inch up to 1920 pixels across, and the width of a 24-inch
 * monitor beyond. `viewing_distance_mm` 0 is TP_VIEWING_DISTANCE_MM. */
struct tp_screen tp_screen_make(int width, int height, double width_mm, double viewing_distance_mm);

/* Is there room for every page? False says in the error how large the picture is and should be. */
bool tp_screen_has_room(const struct tp_screen *screen, struct tp_error *error);

static inline double tp_mm_to_px(const struct tp_screen *screen, double mm)
{
    return mm * screen->px_per_mm;
}

static inline double tp_px_to_mm(const struct tp_screen *screen, double px)
{
    return px / screen->px_per_mm;
}

/* Millimetres to whole pixels, rounded up: what a rule asks for at least is never lost by
 * rounding. */
int tp_mm_ceil(const struct tp_screen *screen, double mm);

/* Millimetres to whole pixels, to the nearest, at least 1 for more than 0. */
int tp_mm_round(const struct tp_screen *screen, double mm);

/* The angle in degrees that `mm` on the screen subtends at the eye. */
double tp_screen_degrees(const struct tp_screen *screen, double mm);

/* And how many millimetres it takes to subtend `degrees`. */
double tp_screen_mm_of(const struct tp_screen *screen, double degrees);

#endif
