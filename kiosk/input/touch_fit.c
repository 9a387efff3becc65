/* See touch_fit.h. */
#include "kiosk/input/touch_fit.h"

#include <math.h>

/* Touches in the corners of the glass spread by 0.02 and more, on glass that is five times too
 * large each way by 0.00005; less is one place, or one line. */
#define SPREAD_LEAST 0.00003
/* Nor is a glass fifty times larger or smaller than its picture. */
#define SCALE_LEAST 0.02
#define SCALE_MOST 50.0

struct sums {
    double x, y;               /* the middle of the touches */
    double xx, xy, yy;         /* how they spread around it */
    double px, py;             /* the middle of what was meant */
    double xpx, ypx, xpy, ypy; /* how that moves with the touches */
};

static struct sums sum(const struct tp_touch_pair *pairs, size_t count)
{
    struct sums s = {0};
    double n = (double)count;

    for (size_t i = 0; i < count; i++) {
        s.x += pairs[i].glass_x / n;
        s.y += pairs[i].glass_y / n;
        s.px += pairs[i].picture_x / n;
        s.py += pairs[i].picture_y / n;
    }
    for (size_t i = 0; i < count; i++) {
        double x = pairs[i].glass_x - s.x, y = pairs[i].glass_y - s.y;

        s.xx += x * x / n;
        s.xy += x * y / n;
        s.yy += y * y / n;
        s.xpx += x * (pairs[i].picture_x - s.px) / n;
        s.ypx += y * (pairs[i].picture_x - s.px) / n;
        s.xpy += x * (pairs[i].picture_y - s.py) / n;
        s.ypy += y * (pairs[i].picture_y - s.py) / n;
    }
    return s;
}

bool tp_touch_fit(const struct tp_touch_pair *pairs, size_t count, struct tp_touch_map *map)
{
    struct sums s = sum(pairs, count);
    double spread = s.xx * s.yy - s.xy * s.xy, scale;
    double *m = map->m;
    struct tp_touch_map fit;

    if (count < 3 || !(spread >= SPREAD_LEAST))
        return false;
    fit.m[0] = (s.xpx * s.yy - s.ypx * s.xy) / spread;
    fit.m[1] = (s.ypx * s.xx - s.xpx * s.xy) / spread;
    fit.m[2] = s.px - fit.m[0] * s.x - fit.m[1] * s.y;
    fit.m[3] = (s.xpy * s.yy - s.ypy * s.xy) / spread;
    fit.m[4] = (s.ypy * s.xx - s.xpy * s.xy) / spread;
    fit.m[5] = s.py - fit.m[3] * s.x - fit.m[4] * s.y;
    scale = fabs(fit.m[0] * fit.m[4] - fit.m[1] * fit.m[3]);
    if (!(scale >= SCALE_LEAST && scale <= SCALE_MOST))
        return false;
    for (int i = 0; i < 6; i++)
        m[i] = fit.m[i];
    return true;
}

double tp_touch_fit_worst_mm(const struct tp_touch_map *map, const struct tp_touch_pair *pairs,
                             size_t count, double width_mm, double height_mm)
{
    const double *m = map->m;
    double worst = 0;

    for (size_t i = 0; i < count; i++) {
        const struct tp_touch_pair *pair = &pairs[i];
        double x = m[0] * pair->glass_x + m[1] * pair->glass_y + m[2] - pair->picture_x;
        double y = m[3] * pair->glass_x + m[4] * pair->glass_y + m[5] - pair->picture_y;

        worst = fmax(worst, hypot(x * width_mm, y * height_mm));
    }
    return worst;
}
