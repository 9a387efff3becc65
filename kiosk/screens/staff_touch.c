/*
 * Touch and picture are matched: a cross in each corner to be touched, then whether touches land
 * where they are meant now (app_touch.h). The crosses need no button, since none can be hit yet.
 */
#include <stdio.h>

#include "kiosk/screens/screens.h"

static struct tp_page *begin(struct tp_app *app, const char *id)
{
    return tp_app_begin(app, (struct tp_page_spec){.id = id, .progress = -1, .centred = true});
}

/* The last touch, where it is seen with the map in force. */
static void pin_seen(struct tp_app *app, struct tp_page *page)
{
    const struct tp_touch_pair *pair = &app->touch.pairs[app->touch.count - 1];
    SDL_Event event = {
        .tfinger = {.type = SDL_FINGERDOWN, .x = (float)pair->glass_x, .y = (float)pair->glass_y}};

    tp_touch_map_apply(&app->touch.map, &event);
    (void)tp_page_pin(page, TP_PIN_SEEN, (double)event.tfinger.x, (double)event.tfinger.y);
}

static void build_cross(struct tp_app *app)
{
    char id[32], words[64];
    struct tp_page *page;
    struct tp_node *body;
    double x, y;

    (void)snprintf(id, sizeof(id), "staff-touch:%zu", app->touch.count);
    page = begin(app, id);
    body = tp_page_body(page);
    tp_touch_cross(app, app->touch.count, &x, &y);
    if (app->touch.count > 0)
        pin_seen(app, page);
    (void)tp_page_pin(page, TP_PIN_CROSS, x, y);
    (void)snprintf(words, sizeof(words), _("%1$d of %2$d"), (int)app->touch.count + 1,
                   TP_TOUCH_CROSSES);
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words(words));
    (void)tp_ui_heading(body, tp_words(_("Touch the middle of the cross")));
    (void)tp_ui_text(
        body, TP_STYLE_BODY,
        tp_words(_("Use one finger, and hold it still. To stop, wait for 30 seconds.")));
}

static void build_failed(struct tp_app *app)
{
    struct tp_page *page = begin(app, "staff-touch:failed");
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words(_("The touches do not fit together")));
    (void)tp_ui_text(body, TP_STYLE_BODY,
                     tp_words(_("Nothing was changed. Touch the middle of each cross.")));
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Try again"), (struct tp_action){.id = TP_ACT_EXTRA});
}

static void build_try(struct tp_app *app)
{
    struct tp_page *page = begin(app, "staff-touch:try");
    struct tp_node *body = tp_page_body(page);
    char words[256];

    (void)tp_ui_heading(body, tp_words(_("Do touches land in the right place now?")));
    /* Translators: a number of seconds, 15 or less. */
    (void)snprintf(words, sizeof(words),
                   _("If so, touch “Keep it”. If nobody does, all is as before. Seconds left: %d"),
                   tp_touch_seconds(app));
    (void)tp_ui_text(body, TP_STYLE_BODY, tp_words(words));
    (void)tp_ui_button(body, &(struct tp_button){.id = "keep",
                                                 .label = tp_words(_("Keep it")),
                                                 .kind = TP_BUTTON_PRIMARY,
                                                 .action = {.id = TP_ACT_NEXT}});
}

static void build(struct tp_app *app)
{
    switch (app->touch.stage) {
    case TP_TOUCH_CROSS:
        build_cross(app);
        break;
    case TP_TOUCH_TRY:
        build_try(app);
        break;
    case TP_TOUCH_IDLE:
    case TP_TOUCH_FAILED:
        build_failed(app);
        break;
    }
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_EXTRA:
        tp_touch_begin(app);
        return true;
    case TP_ACT_NEXT:
        tp_touch_keep(app);
        tp_app_back(app);
        return true;
    case TP_ACT_BACK:
        tp_touch_end(app);
        tp_app_back(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_staff_touch = {
    .name = "staff-touch", .build = build, .act = act};
