/*
 * Where on the picture a touch is: a panel may be mounted turned, and its glass may not fit it.
 *
 * An affine map of SDL's 0..1 on the glass to 0..1 on the picture. A plain value. Thread: any.
 */
#ifndef TP_KIOSK_INPUT_TOUCH_MAP_H
#define TP_KIOSK_INPUT_TOUCH_MAP_H

#include <SDL.h>
#include <stdbool.h>

#include "base/error.h"

/* x' = m[0] x + m[1] y + m[2]; y' = m[3] x + m[4] y + m[5]: the order of libinput's calibration
 * matrix, so that one measured elsewhere can be copied. */
struct tp_touch_map {
    double m[6];
};

/* Leaves touches where they are. */
struct tp_touch_map tp_touch_map_none(void);

/* Reads six numbers parted by spaces. Fails with TP_ERR_MISUSE where they are not, or where they
 * put every touch on one line. */
bool tp_touch_map_parse(const char *text, struct tp_touch_map *map, struct tp_error *error);

/* As tp_touch_map_parse reads it: six numbers of four decimals, under a tenth of a millimetre on
 * glass of half a metre. */
#define TP_TOUCH_MAP_TEXT_MAX 96
void tp_touch_map_format(const struct tp_touch_map *map, char text[TP_TOUCH_MAP_TEXT_MAX]);

/* After `map`, follows a picture that is turned clockwise by 0, 90, 180 or 270 degrees
 * (kiosk/gfx/console.h): the glass is turned with its panel. */
struct tp_touch_map tp_touch_map_turned(const struct tp_touch_map *map, int rotation);

/* Moves a finger's event; others stay. */
void tp_touch_map_apply(const struct tp_touch_map *map, SDL_Event *event);

#endif
