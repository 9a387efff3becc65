/*
 * Screen check: colours to look at, a box to hold a ruler against, and a grid whose cells fill when
 * they are touched, so that a dead place on the glass shows; and what the self-test says.
 */
#include <stdio.h>

#include "kiosk/screens/screens.h"

#define RULER_MM 100.0
#define CELL_MM 20.0

static void build_colours(struct tp_node *body)
{
    struct tp_node *grid = tp_ui_row(body, 0, 0);

    for (int theme = 0; theme < TP_THEME_COUNT; theme++)
        (void)tp_ui_sample(grid,
                           &(struct tp_sample){.id = tp_themes[theme].id,
                                               .text = "Aa",
                                               .spoken = _(tp_themes[theme].name),
                                               .theme = &tp_themes[theme],
                                               .action = {.id = TP_ACT_THEME, .argument = theme}});
}

static void build_grid(struct tp_app *app, struct tp_node *body)
{
    struct tp_node *grid = tp_ui_grid(body, CELL_MM, 10);

    for (size_t i = 0; i < TP_STAFF_CELLS; i++) {
        char id[32], label[8];

        (void)snprintf(id, sizeof(id), "cell:%zu", i);
        (void)snprintf(label, sizeof(label), "%zu", i + 1);
        (void)tp_ui_button(
            grid, &(struct tp_button){.id = id,
                                      .label = tp_words(label),
                                      .kind = TP_BUTTON_SECONDARY,
                                      .chosen = app->staff.cells[i],
                                      .wide = true,
                                      .action = {.id = TP_ACT_CELL, .argument = (int64_t)i}});
    }
}

/* The self-test's lines, in English as support hears them: what is wrong first on the page, what is
 * right last. */
static void build_health(struct tp_app *app, struct tp_node *body, bool right)
{
    for (size_t i = 0; i < app->staff.health_count; i++) {
        const struct tp_health *health = &app->staff.health[i];
        char what[64], id[32];

        if ((health->result != TP_HEALTH_WRONG) != right)
            continue;
        (void)snprintf(id, sizeof(id), "health:%zu", i);
        (void)snprintf(what, sizeof(what), "%s: %s", health->what, tp_health_word(health->result));
        (void)tp_ui_summary(body, &(struct tp_summary){.id = id,
                                                       .question = tp_words(what),
                                                       .answer = tp_words(health->words)});
    }
}

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "staff-check", .title = _("For staff"), .progress = -1});
    struct tp_node *body = tp_page_body(page);
    char words[128];

    (void)tp_ui_heading(body, tp_words(_("Check the screen")));
    build_health(app, body, false);
    (void)tp_ui_text(body, TP_STYLE_BODY,
                     tp_words(_("This box is 100 mm wide. If it is not, set width_mm in the "
                                "settings.")));
    (void)tp_ui_field(
        body, &(struct tp_field){
                  .id = "ruler", .text = "100 mm", .width_mm = RULER_MM, .spoken = "100 mm"});
    (void)snprintf(words, sizeof(words), "%d × %d, %.0f mm", app->screen.width, app->screen.height,
                   tp_px_to_mm(&app->screen, app->screen.width));
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words(words));
    build_colours(body);
    (void)tp_ui_text(body, TP_STYLE_BODY, tp_words(_("Touch each box: it fills when it is felt.")));
    build_grid(app, body);
    build_health(app, body, true);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    if (action->id != TP_ACT_CELL)
        return false;
    app->staff.cells[action->argument] = true;
    return true;
}

const struct tp_screen_row tp_screen_staff_check = {
    .name = "staff-check", .build = build, .act = act};
