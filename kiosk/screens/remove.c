/* Do you want to remove this? Asked before one of a repeat goes, with what was said in it. */
#include "kiosk/app_repeat.h"
#include "kiosk/screens/screens.h"

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){
                 .id = "remove", .title = tp_screen_title(app), .progress = -1, .centred = true});
    struct tp_node *body = tp_page_body(page), *column;
    struct tp_buf name, answers;

    tp_buf_init(&name, TP_FAULT_WORDS_MAX);
    tp_buf_init(&answers, TP_ANSWER_MAX);
    tp_repeat_name(app, app->person.removing, &name);
    tp_repeat_answers(app, app->person.removing, &answers);
    tp_screen_ideas(app, body, TP_STYLE_HUGE, _("Do you want to remove this?"),
                    TP_IDEAS({"bin.svg", _("A bin")}));
    column = tp_screen_beside(app, body, "checklist.svg", _("A list"));
    (void)tp_ui_text(column, TP_STYLE_SUBHEAD, tp_words_markdown(tp_buf_text(&name)));
    (void)tp_ui_text(column, TP_STYLE_LEAD, tp_words(tp_buf_text(&answers)));
    tp_buf_finish(&answers);
    tp_buf_finish(&name);
    (void)tp_page_back(page, _("No, keep it"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, _("Yes, remove it"), (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_NEXT:
        tp_repeat_remove(app);
        return true;
    case TP_ACT_BACK:
        app->person.removing = TP_NODE_NONE;
        tp_app_back(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_remove = {.name = "remove", .build = build, .act = act};
