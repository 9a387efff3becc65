/* Help on every page: how to use the screen, whom to ask by phone, email and post, and the way out.
 */

#include "kiosk/screens/screens.h"

#define CELL_MM 120.0
#define COLUMN_GAP_MM 12.0

/* The survey's contact; with no survey open, the comments survey's; else the settings'. */
static const char *contact(struct tp_app *app, const char *fact, const char *fallback)
{
    const struct tp_survey *survey = app->person.survey;
    const char *text;

    if (!survey)
        survey = app->person.answered;
    if (!survey)
        survey = tp_library_of_kind(app->library, TP_KIND_COMMENTS, tp_app_today(app));
    text = tp_app_fact(app, survey, fact);
    return *text ? text : fallback;
}

/* Two ideas side by side, where the display has room for both. */
static struct tp_node *pair(struct tp_node *body)
{
    return tp_ui_row(body, COLUMN_GAP_MM, CELL_MM);
}

static void build_contact(struct tp_app *app, struct tp_node *body)
{
    const struct tp_settings *settings = &app->settings;
    struct tp_node *row;

    (void)tp_ui_text(body, TP_STYLE_SUBHEAD, tp_words(_("Ask someone")));
    row = pair(body);
    tp_screen_idea(app, row, "front-desk.svg", _("A person at a desk"), _("Name"),
                   contact(app, "contact_name", settings->contact_name));
    tp_screen_idea(app, row, "phone.svg", _("A telephone"), _("Phone"),
                   contact(app, "contact_phone", settings->contact_phone));
    row = pair(body);
    tp_screen_idea(app, row, "email.svg", _("An email"), _("Email"),
                   contact(app, "contact_email", settings->contact_email));
    tp_screen_idea(app, row, "letter.svg", _("A letter"), _("Post"),
                   contact(app, "contact_post", settings->contact_post));
}

static void build_how(struct tp_app *app, struct tp_node *body)
{
    struct tp_node *row = pair(body);

    tp_screen_idea(app, row, "touch-screen.svg", _("A hand on a screen"), NULL,
                   _("Touch an answer to choose it. Touch it again to take it back."));
    tp_screen_idea(app, row, "yes.svg", _("A tick"), NULL,
                   _("Touch Continue to go on. You can leave a question empty."));
    row = pair(body);
    tp_screen_idea(app, row, "large-print.svg", _("Large print"), NULL,
                   _("The buttons at the bottom change the text size, the colours and the "
                     "language."));
    tp_screen_idea(app, row, "clock.svg", _("A clock"), NULL,
                   _("Take your time. If you stop for a few minutes, the screen asks if you are "
                     "still there."));
}

static void build_ways(struct tp_app *app, struct tp_node *body)
{
    struct tp_node *flow = tp_ui_flow(body, 0);
    struct tp_day today = tp_app_today(app);
    const struct tp_survey *survey = app->person.survey;

    if (tp_library_of_kind(app->library, TP_KIND_FORMAT_REQUEST, today) &&
        (!survey || survey->kind != TP_KIND_FORMAT_REQUEST))
        (void)tp_ui_button(
            flow, &(struct tp_button){.id = "format",
                                      .label = tp_words(_("Ask for this in another format")),
                                      .action = {.id = TP_ACT_FORMAT_REQUEST}});
    if (tp_library_of_kind(app->library, TP_KIND_COMMENTS, today) &&
        (!survey || survey->kind != TP_KIND_COMMENTS))
        (void)tp_ui_button(
            flow, &(struct tp_button){.id = "comments",
                                      .label = tp_words(_("Comments, compliments and complaints")),
                                      .action = {.id = TP_ACT_COMMENTS}});
    if (app->scan.on)
        (void)tp_ui_button(flow, &(struct tp_button){.id = "scan",
                                                     .label = tp_words(_("Speed of the switch")),
                                                     .icon = TP_ICON_CLOCK,
                                                     .action = {.id = TP_ACT_SCAN}});
    if (app->person.depth > 2)
        (void)tp_ui_button(flow, &(struct tp_button){.id = "leave",
                                                     .label = tp_words(_("Stop and leave")),
                                                     .icon = TP_ICON_LEAVE,
                                                     .action = {.id = TP_ACT_LEAVE}});
}

static void build(struct tp_app *app)
{
    struct tp_page *page = tp_app_begin(app, (struct tp_page_spec){.id = "help",
                                                                   .title = tp_screen_title(app),
                                                                   .progress = -1,
                                                                   .more = _("More help")});
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words(_("Help")));
    build_how(app, body);
    build_contact(app, body);
    build_ways(app, body);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

const struct tp_screen_row tp_screen_help = {.name = "help", .build = build};
