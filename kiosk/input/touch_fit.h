/*
 * From where touches were seen on the glass, and where they were meant on the picture, the map
 * between the two: the least squares over all of them.
 *
 * Four touches say more than the six numbers of a map, so that one that went wrong shows in how far
 * the map misses them. Plain values. Thread: any.
 */
#ifndef TP_KIOSK_INPUT_TOUCH_FIT_H
#define TP_KIOSK_INPUT_TOUCH_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/input/touch_map.h"

/* Both as shares, 0 to 1, of the glass and of the picture. */
struct tp_touch_pair {
    double glass_x, glass_y, picture_x, picture_y;
};

/* False, and `map` untouched, where the touches lie on one line, or where the map would turn
 * touches that are apart into one. */
bool tp_touch_fit(const struct tp_touch_pair *pairs, size_t count, struct tp_touch_map *map);

/* The furthest that the map puts a touch from where it was meant, in millimetres of a picture of
 * this size. */
double tp_touch_fit_worst_mm(const struct tp_touch_map *map, const struct tp_touch_pair *pairs,
                             size_t count, double width_mm, double height_mm);

#endif
