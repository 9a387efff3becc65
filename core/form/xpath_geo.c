/* Functions on places: geopoints, traces and shapes as text ("lat lon alt acc; ..."). Distances
 * are on a sphere with the Earth's equatorial radius, as in JavaRosa. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "form/xpath_functions.h"
#include "form/xpath_value.h"

#define RADIUS 6378100.0
/* Points of one shape; a person draws some dozens. */
#define POINTS_MAX 2000u

struct point {
    double latitude, longitude;
};

struct shape {
    struct point point[POINTS_MAX];
    size_t count;
    bool nonsense;
};

static bool read_number(const char **at, double *number)
{
    char *end;

    *at += strspn(*at, " \t\n\r");
    if (!isdigit((unsigned char)**at) && !strchr("-+.", **at))
        return false;
    *number = strtod(*at, &end);
    if (end == *at || !isfinite(*number))
        return false;
    *at = end;
    return true;
}

/* One "lat lon [alt [acc]]" up to ";" or the end. */
static bool read_point(const char **at, struct point *point)
{
    double rest;

    if (!read_number(at, &point->latitude) || !read_number(at, &point->longitude))
        return false;
    for (int i = 0; i < 2; i++)
        (void)read_number(at, &rest);
    *at += strspn(*at, " \t\n\r");
    return (**at == ';' || **at == '\0') && fabs(point->latitude) <= 90 &&
           fabs(point->longitude) <= 180;
}

static void add_text(struct shape *shape, const char *text)
{
    for (;;) {
        text += strspn(text, " \t\n\r");
        if (!*text)
            return;
        if (shape->count == POINTS_MAX || !read_point(&text, &shape->point[shape->count])) {
            shape->nonsense = true;
            return;
        }
        shape->count++;
        if (*text == ';')
            text++;
    }
}

static void add_arg(struct tp_xpath_args *args, int index, struct shape *shape)
{
    size_t nodes;

    if (!tp_arg_is_nodes(args, index)) {
        if (!*tp_arg_text(args, index))
            shape->nonsense = true;
        add_text(shape, tp_arg_text(args, index));
        return;
    }
    nodes = tp_arg_node_count(args, index);
    for (size_t i = 0; i < nodes; i++) {
        xmlChar *owned;

        add_text(shape, tp_node_text(tp_arg_node(args, index, i), &owned));
        xmlFree(owned);
    }
}

static double radians(double degrees)
{
    return degrees * M_PI / 180;
}

/* Spherical law of cosines. */
static double distance_between(const struct point *a, const struct point *b)
{
    double cosine = sin(radians(a->latitude)) * sin(radians(b->latitude)) +
                    cos(radians(a->latitude)) * cos(radians(b->latitude)) *
                        cos(radians(a->longitude - b->longitude));

    return acos(fmax(-1, fmin(1, cosine))) * RADIUS;
}

/* The shoelace formula on a plane through the first point. */
static double area_of(const struct shape *shape)
{
    double metres = 2 * M_PI * RADIUS / 360;
    double sum = 0;
    double last_x = 0;
    double last_y = 0;

    if (shape->count < 3)
        return 0;
    for (size_t i = 1; i < shape->count; i++) {
        const struct point *p = &shape->point[i];
        double y = (p->latitude - shape->point[0].latitude) * metres;
        double x = (p->longitude - shape->point[0].longitude) * metres * cos(radians(p->latitude));

        if (i > 1)
            sum += (last_y * x - last_x * y) / 2;
        last_x = x;
        last_y = y;
    }
    return fabs(sum);
}

/* Whether a ray to the east crosses the border an odd number of times. */
static bool is_inside(const struct point *point, const struct shape *shape)
{
    bool inside = false;

    for (size_t i = 1; i < shape->count; i++) {
        const struct point *a = &shape->point[i - 1];
        const struct point *b = &shape->point[i];

        if ((b->latitude > point->latitude) != (a->latitude > point->latitude) &&
            point->longitude < (a->longitude - b->longitude) * (point->latitude - b->latitude) /
                                       (a->latitude - b->latitude) +
                                   b->longitude)
            inside = !inside;
    }
    return inside;
}

/* A shape ends where it began. */
static bool is_closed(const struct shape *shape)
{
    const struct point *last = &shape->point[shape->count ? shape->count - 1 : 0];

    return shape->count > 1 && last->latitude == shape->point[0].latitude &&
           last->longitude == shape->point[0].longitude;
}

static void refuse(struct tp_xpath_args *args)
{
    tp_xpath_fail(args->env, "'%.80s' is no place", tp_arg_text(args, 0));
}

void tp_fn_area(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct shape shape = {.count = 0};

    if (!tp_args_take(&args, parser, count))
        return;
    add_arg(&args, 0, &shape);
    if (shape.nonsense)
        refuse(&args);
    tp_give_number(&args, shape.nonsense ? (double)NAN : area_of(&shape));
}

void tp_fn_distance(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct shape shape = {.count = 0};
    double sum = 0;

    if (!tp_args_take(&args, parser, count))
        return;
    for (int i = 0; i < count; i++)
        add_arg(&args, i, &shape);
    for (size_t i = 1; i < shape.count; i++)
        sum += distance_between(&shape.point[i - 1], &shape.point[i]);
    if (shape.nonsense)
        refuse(&args);
    tp_give_number(&args, shape.nonsense ? (double)NAN : sum);
}

void tp_fn_geofence(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct shape place = {.count = 0};
    struct shape fence = {.count = 0};
    bool ok;

    if (!tp_args_take(&args, parser, count))
        return;
    add_arg(&args, 0, &place);
    add_arg(&args, 1, &fence);
    ok = !place.nonsense && !fence.nonsense && place.count == 1 && is_closed(&fence);
    if (!ok)
        refuse(&args);
    tp_give_boolean(&args, ok && is_inside(&place.point[0], &fence));
}
