/* The notices that there are: one button each. */
#include <stdio.h>

#include "kiosk/app_notices.h"
#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"

static void add_notice(struct tp_app *app, struct tp_node *list, const struct tp_notice *notice)
{
    char id[sizeof(TP_NOTICE_NODE) + TP_NOTICE_ID_MAX];
    char day[TP_DAY_WORDS_MAX];
    struct tp_day from = {0};

    (void)tp_day_parse(notice->from, &from);
    tp_day_words(from, day);
    (void)snprintf(id, sizeof(id), TP_NOTICE_NODE "%s", notice->id);
    (void)tp_ui_choice(list, &(struct tp_answer){
                                 .id = id,
                                 .label = tp_words_written(tp_app_notice_words(app, notice)->title),
                                 .hint = tp_words(day),
                                 .picture = app->person.look.easy_read
                                                ? tp_app_picture(app, tp_notice_sign(notice))
                                                : NULL,
                                 .picture_alt = tp_notice_sign_words(notice),
                                 .action = {.id = TP_ACT_NOTICE, .text = notice->id}});
}

static void build(struct tp_app *app)
{
    const struct tp_notice *due[TP_NOTICES_MAX];
    size_t count = tp_app_news(app, due);
    struct tp_page *page =
        tp_app_begin(app, (struct tp_page_spec){.id = "news",
                                                .title = app->settings.organisation,
                                                .progress = -1,
                                                .more = _("More to choose from")});
    struct tp_node *body = tp_page_body(page);
    struct tp_node *list;

    (void)tp_ui_heading(body, tp_words(_("News")));
    if (count == 0)
        tp_screen_idea(app, body, "information.svg", _("The sign for information"), NULL,
                       _("There is no news now."));
    list = tp_ui_choices(body);
    for (size_t i = 0; i < count; i++)
        add_notice(app, list, due[i]);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    if (action->id != TP_ACT_NOTICE)
        return false;
    app->person.notice = tp_app_notice(app, action->text);
    if (app->person.notice)
        tp_app_go(app, TP_SCREEN_NOTICE);
    return true;
}

const struct tp_screen_row tp_screen_news = {.name = "news", .build = build, .act = act};
