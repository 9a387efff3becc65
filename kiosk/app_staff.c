#include "kiosk/app_staff.h"

#include <stdio.h>
#include <stdlib.h>

#include "kiosk/app.h"
#include "kiosk/app_pin.h"
#include "store/settings.h"

#define SETTING_FAILURES "staff_pin_failures"
#define SETTING_VOLUME "volume"

static long kept_number(struct tp_app *app, const char *name, long fallback)
{
    char text[TP_SETTING_VALUE_MAX];

    if (!app->store || !tp_setting_get(app->store, name, "", text, sizeof(text), NULL) || !*text)
        return fallback;
    return strtol(text, NULL, 10);
}

static void keep_number(struct tp_app *app, const char *name, long value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%ld", value);
    tp_app_keep(app, name, text);
}

static void wait_after_failure(struct tp_app *app)
{
    app->staff.wait_until_ms =
        tp_clock_monotonic_ms(&app->clock) + tp_pin_delay_ms(app->staff.failures);
}

void tp_staff_start(struct tp_app *app)
{
    long failures = kept_number(app, SETTING_FAILURES, 0);
    long volume = kept_number(app, SETTING_VOLUME, app->settings.volume);

    tp_text_edit_init(&app->staff.edit);
    app->staff.failures = failures > 0 && failures < 1000 ? (int)failures : 0;
    wait_after_failure(app);
    if (volume >= 0 && volume <= app->settings.volume_limit)
        app->settings.volume = volume;
}

bool tp_staff_tap(struct tp_app *app, double x_mm, double y_mm)
{
    int64_t now = tp_clock_monotonic_ms(&app->clock);

    if (x_mm > TP_STAFF_CORNER_MM || y_mm > TP_STAFF_CORNER_MM) {
        app->staff.taps = 0;
        return false;
    }
    if (now - app->staff.last_tap_ms > TP_STAFF_TAP_MS)
        app->staff.taps = 0;
    app->staff.last_tap_ms = now;
    if (++app->staff.taps < TP_STAFF_TAPS)
        return false;
    app->staff.taps = 0;
    return true;
}

void tp_staff_enter(struct tp_app *app)
{
    /* Staff never come upon somebody's answers: they wait, or the person leaves. */
    if (!app->settings.pin_hash[0] || app->person.session || app->preview)
        return;
    tp_app_home(app);
    tp_app_go(app, TP_SCREEN_STAFF_PIN);
}

int tp_staff_wait_seconds(const struct tp_app *app)
{
    int64_t left = app->staff.wait_until_ms - tp_clock_monotonic_ms(&app->clock);

    return left > 0 ? (int)((left + 999) / 1000) : 0;
}

void tp_staff_try(struct tp_app *app)
{
    struct tp_staff *staff = &app->staff;
    bool right;

    if (tp_staff_wait_seconds(app) > 0)
        return;
    right = tp_pin_check(app->settings.pin_hash, tp_text_edit_text(&staff->edit));
    tp_text_edit_finish(&staff->edit);
    tp_text_edit_init(&staff->edit);
    staff->wrong = !right;
    staff->failures = right ? 0 : staff->failures + 1;
    keep_number(app, SETTING_FAILURES, staff->failures);
    wait_after_failure(app);
    if (!right)
        return;
    tp_app_back(app);
    tp_app_go(app, TP_SCREEN_STAFF);
}

void tp_staff_keep(struct tp_app *app)
{
    bool venue = app->staff.typing == TP_STAFF_VENUE;
    char *name = venue ? app->venue : app->event;

    (void)snprintf(name, TP_SETTING_TEXT_MAX, "%.*s", TP_SETTING_TEXT_MAX - 1,
                   tp_text_edit_text(&app->staff.edit));
    tp_app_keep(app, venue ? TP_SETTING_VENUE : TP_SETTING_EVENT, name);
}

void tp_staff_set_volume(struct tp_app *app, int step)
{
    if (step < 0 || step > app->settings.volume_limit)
        return;
    app->settings.volume = step;
    tp_app_learn_fresh(app);
    keep_number(app, SETTING_VOLUME, step);
}
