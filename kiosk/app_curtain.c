#include "kiosk/app_curtain.h"

bool tp_curtain_build(struct tp_app *app, struct tp_error *error)
{
    struct tp_ui_options options = {
        .screen = app->screen, .fonts = app->fonts, .images = app->images, .icons = app->icons};
    struct tp_node *body;

    if (!app->curtain)
        app->curtain = tp_ui_create(&options);
    if (!app->curtain)
        return tp_fail_memory(error);
    tp_ui_set_screen(app->curtain, app->screen);
    tp_ui_set_look(app->curtain, app->person.look);
    tp_ui_set_language(app->curtain, app->person.language);
    body = tp_page_body(
        tp_ui_begin(app->curtain, &(struct tp_page_spec){.id = "curtain",
                                                         .title = app->settings.organisation,
                                                         .progress = -1,
                                                         .centred = true}));
    (void)tp_ui_text(body, TP_STYLE_HUGE, tp_words(_("The screen is hidden")));
    (void)tp_ui_text(body, TP_STYLE_LEAD, tp_words(_("Someone is using it by listening.")));
    (void)tp_ui_button(body, &(struct tp_button){.id = "show",
                                                 .label = tp_words(_("Show the screen")),
                                                 .large = true,
                                                 .action = {.id = TP_ACT_HIDE}});
    return tp_ui_end(app->curtain, error);
}

bool tp_curtain_handle(struct tp_app *app, const struct tp_intent *intent)
{
    struct tp_action action;

    if (!app->person.hidden || !app->curtain || intent->by_key ||
        intent->kind > TP_INTENT_ACTIVATE || !tp_ui_handle(app->curtain, intent, &action) ||
        action.id != TP_ACT_HIDE)
        return false;
    app->person.hidden = false;
    tp_ui_redraw_all(app->ui);
    return true;
}
