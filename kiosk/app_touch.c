#include "kiosk/app_touch.h"

#include <math.h>
#include <string.h>

#include "kiosk/app.h"
#include "store/settings.h"

/* The map that staff kept, and the configuration's at the time. */
#define SETTING_KEPT "touch_matrix"
#define SETTING_OVER "touch_matrix_over"
/* Fingers are broad: touches that the best map misses by more were not of the crosses. */
#define MISS_MM 6.0
/* A finger that slid further was not held still. */
#define SLID_MM 4.0

static int64_t now_ms(const struct tp_app *app)
{
    return tp_clock_monotonic_ms(&app->clock);
}

/* ---- what is kept ---- */

static bool read_kept(struct tp_app *app, struct tp_touch_map *map)
{
    char kept[TP_TOUCH_MAP_TEXT_MAX], over[TP_TOUCH_MAP_TEXT_MAX], ours[TP_TOUCH_MAP_TEXT_MAX];

    tp_touch_map_format(&app->settings.touch_map, ours);
    return app->store && tp_setting_get(app->store, SETTING_KEPT, "", kept, sizeof(kept), NULL) &&
           kept[0] && tp_setting_get(app->store, SETTING_OVER, "", over, sizeof(over), NULL) &&
           strcmp(over, ours) == 0 && tp_touch_map_parse(kept, map, NULL);
}

void tp_touch_start(struct tp_app *app, int rotation)
{
    struct tp_touch_map map = app->settings.touch_map;

    app->touch = (struct tp_touch){.rotation = rotation};
    app->touch.kept = read_kept(app, &map);
    app->touch.map = tp_touch_map_turned(&map, rotation);
}

void tp_touch_numbers(const struct tp_app *app, char text[TP_TOUCH_MAP_TEXT_MAX])
{
    struct tp_touch_map map =
        tp_touch_map_turned(&app->touch.map, (360 - app->touch.rotation) % 360);

    tp_touch_map_format(&map, text);
}

void tp_touch_keep(struct tp_app *app)
{
    char numbers[TP_TOUCH_MAP_TEXT_MAX], over[TP_TOUCH_MAP_TEXT_MAX];

    if (app->touch.stage != TP_TOUCH_TRY)
        return;
    tp_touch_numbers(app, numbers);
    tp_touch_map_format(&app->settings.touch_map, over);
    tp_app_keep(app, SETTING_OVER, over);
    tp_app_keep(app, SETTING_KEPT, numbers);
    app->touch.kept = true;
    app->touch.stage = TP_TOUCH_IDLE;
}

void tp_touch_forget(struct tp_app *app)
{
    tp_app_keep(app, SETTING_KEPT, NULL);
    tp_app_keep(app, SETTING_OVER, NULL);
    tp_touch_start(app, app->touch.rotation);
}

/* ---- the crosses ---- */

void tp_touch_begin(struct tp_app *app)
{
    struct tp_touch *touch = &app->touch;

    tp_touch_end(app);
    touch->before = touch->map;
    touch->stage = TP_TOUCH_CROSS;
    touch->count = 0;
    touch->down = false;
    touch->since_ms = now_ms(app);
}

void tp_touch_end(struct tp_app *app)
{
    if (app->touch.stage == TP_TOUCH_TRY)
        app->touch.map = app->touch.before;
    app->touch.stage = TP_TOUCH_IDLE;
}

void tp_touch_cross(const struct tp_app *app, size_t cross, double *x, double *y)
{
    double inset = tp_mm_to_px(&app->screen, TP_TOUCH_INSET_MM);
    double across = inset / app->screen.width, down = inset / app->screen.height;

    /* Clockwise from the top left, so that the hand has the shortest way. */
    *x = cross == 0 || cross == 3 ? across : 1 - across;
    *y = cross < 2 ? down : 1 - down;
}

static double width_mm(const struct tp_app *app)
{
    return tp_px_to_mm(&app->screen, app->screen.width);
}

static double height_mm(const struct tp_app *app)
{
    return tp_px_to_mm(&app->screen, app->screen.height);
}

/* The map that fits all crosses is tried; or says that there is none. */
static void try_map(struct tp_app *app)
{
    struct tp_touch *touch = &app->touch;
    struct tp_touch_map map;

    touch->since_ms = now_ms(app);
    touch->stage = TP_TOUCH_FAILED;
    if (!tp_touch_fit(touch->pairs, TP_TOUCH_CROSSES, &map) ||
        tp_touch_fit_worst_mm(&map, touch->pairs, TP_TOUCH_CROSSES, width_mm(app), height_mm(app)) >
            MISS_MM)
        return;
    touch->map = map;
    touch->stage = TP_TOUCH_TRY;
}

static void lift(struct tp_app *app, double x, double y)
{
    struct tp_touch *touch = &app->touch;
    struct tp_touch_pair *pair = &touch->pairs[touch->count];

    touch->down = false;
    if (hypot((x - touch->down_x) * width_mm(app), (y - touch->down_y) * height_mm(app)) > SLID_MM)
        return;
    pair->glass_x = (x + touch->down_x) / 2;
    pair->glass_y = (y + touch->down_y) / 2;
    tp_touch_cross(app, touch->count, &pair->picture_x, &pair->picture_y);
    if (++touch->count == TP_TOUCH_CROSSES)
        try_map(app);
}

bool tp_touch_take(struct tp_app *app, const SDL_Event *event)
{
    struct tp_touch *touch = &app->touch;
    double x = (double)event->tfinger.x, y = (double)event->tfinger.y;

    if (touch->stage != TP_TOUCH_CROSS ||
        (event->type != SDL_FINGERDOWN && event->type != SDL_FINGERUP &&
         event->type != SDL_FINGERMOTION) ||
        event->tfinger.touchId == SDL_MOUSE_TOUCHID)
        return false;
    touch->since_ms = now_ms(app);
    if (event->type == SDL_FINGERDOWN && !touch->down) {
        touch->down = true;
        touch->finger = event->tfinger.fingerId;
        touch->down_x = x;
        touch->down_y = y;
    } else if (event->type == SDL_FINGERUP && touch->down &&
               event->tfinger.fingerId == touch->finger) {
        lift(app, x, y);
    }
    return true;
}

/* ---- the clock ---- */

static int64_t left_ms(const struct tp_app *app)
{
    int64_t all = app->touch.stage == TP_TOUCH_CROSS ? TP_TOUCH_WAIT_MS : TP_TOUCH_TRY_MS;
    int64_t left = app->touch.since_ms + all - now_ms(app);

    return left > 0 ? left : 0;
}

int tp_touch_seconds(const struct tp_app *app)
{
    return (int)((left_ms(app) + 999) / 1000);
}

int64_t tp_touch_tick(struct tp_app *app, bool *moved)
{
    if (app->touch.stage != TP_TOUCH_CROSS && app->touch.stage != TP_TOUCH_TRY)
        return -1;
    if (left_ms(app) > 0)
        return (left_ms(app) - 1) % 1000 + 1; /* when the seconds change */
    tp_touch_end(app);
    if (tp_app_screen(app) == TP_SCREEN_STAFF_TOUCH)
        tp_app_back(app);
    *moved = true;
    return -1;
}
