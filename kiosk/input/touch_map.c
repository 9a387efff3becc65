/* See touch_map.h. */
#include "kiosk/input/touch_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Glass that is stretched or squeezed a thousand times is a mistake in the numbers. */
#define FLAT 0.001
#define NUMBER_MAX 1000.0

struct tp_touch_map tp_touch_map_none(void)
{
    return (struct tp_touch_map){{1, 0, 0, 0, 1, 0}};
}

bool tp_touch_map_parse(const char *text, struct tp_touch_map *map, struct tp_error *error)
{
    struct tp_touch_map read;
    const char *at = text;

    for (int i = 0; i < 6; i++) {
        char *end;

        read.m[i] = strtod(at, &end);
        if (end == at || !(fabs(read.m[i]) <= NUMBER_MAX))
            goto refuse;
        at = end;
    }
    while (*at == ' ' || *at == '\t')
        at++;
    if (*at || fabs(read.m[0] * read.m[4] - read.m[1] * read.m[3]) < FLAT)
        goto refuse;
    *map = read;
    return true;
refuse:
    return tp_fail(error, TP_ERR_MISUSE,
                   "[touch] matrix '%s' is no six numbers of a map; without one write 1 0 0 0 1 0",
                   text);
}

void tp_touch_map_format(const struct tp_touch_map *map, char text[TP_TOUCH_MAP_TEXT_MAX])
{
    const double *m = map->m;

    (void)snprintf(text, TP_TOUCH_MAP_TEXT_MAX, "%.4f %.4f %.4f %.4f %.4f %.4f", m[0], m[1], m[2],
                   m[3], m[4], m[5]);
}

struct tp_touch_map tp_touch_map_turned(const struct tp_touch_map *map, int rotation)
{
    const double *m = map->m;

    switch (rotation) {
    case 90: /* (x, y) on the glass is (y, 1 - x) on the picture */
        return (struct tp_touch_map){{m[3], m[4], m[5], -m[0], -m[1], 1 - m[2]}};
    case 180:
        return (struct tp_touch_map){{-m[0], -m[1], 1 - m[2], -m[3], -m[4], 1 - m[5]}};
    case 270:
        return (struct tp_touch_map){{-m[3], -m[4], 1 - m[5], m[0], m[1], m[2]}};
    default:
        return *map;
    }
}

static float within(double value)
{
    return (float)(value < 0 ? 0 : value > 1 ? 1 : value);
}

void tp_touch_map_apply(const struct tp_touch_map *map, SDL_Event *event)
{
    double x, y;

    if (event->type != SDL_FINGERDOWN && event->type != SDL_FINGERUP &&
        event->type != SDL_FINGERMOTION)
        return;
    x = (double)event->tfinger.x;
    y = (double)event->tfinger.y;
    event->tfinger.x = within(map->m[0] * x + map->m[1] * y + map->m[2]);
    event->tfinger.y = within(map->m[3] * x + map->m[4] * y + map->m[5]);
}
