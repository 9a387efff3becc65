/* Which language? Each by its own name. Touching one goes back to where the person was. */
#include <string.h>

#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(app, (struct tp_page_spec){.id = "language",
                                                                   .title = tp_screen_title(app),
                                                                   .progress = -1,
                                                                   .more = _("More languages")});
    struct tp_node *body = tp_page_body(page);
    struct tp_node *list;

    (void)tp_ui_heading(body, tp_words(_("Which language?")));
    list = tp_ui_choices(body);
    for (size_t i = 0; i < app->settings.language_count; i++) {
        const char *tag = app->settings.languages[i];

        (void)tp_ui_choice(
            list, &(struct tp_answer){.id = tag,
                                      .label = tp_words(tp_language_name(tag)),
                                      .mark = TP_MARK_RADIO,
                                      .chosen = strcmp(tag, app->person.language) == 0,
                                      .action = {.id = TP_ACT_SPEAK, .argument = (int64_t)i}});
    }
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    if (action->id != TP_ACT_SPEAK)
        return false;
    tp_app_set_language(app, app->settings.languages[action->argument]);
    tp_app_back(app);
    return true;
}

const struct tp_screen_row tp_screen_language = {.name = "language", .build = build, .act = act};
