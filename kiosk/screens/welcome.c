/* The page that attracts: one thing to do, said in every language on offer (sketch 1). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/app_answer.h"
#include "kiosk/app_notices.h"
#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"

#define PICTURES_MAX 4
#define PICTURE_MM 66.0
#define PICTURE_GAP_MM 4.0
/* What stands above and below the pictures, and the least that still shows what they are. */
#define AROUND_PICTURES_MM 108.0
#define PICTURE_LEAST_MM 30.0
#define TEXT_MM 110.0
/* Buttons for ten languages want a display this large, at the default text size. */
#define BUTTONS_MM2 100000.0
#define WIDE_MM 320.0
#define TALL_MM 300.0

/* "Takes about 5 minutes.", or "5 to 8" where the consultations differ; "" where none says. */
static void minutes_words(struct tp_survey **surveys, size_t count, char words[160])
{
    int least = 0, most = 0;

    for (size_t i = 0; i < count; i++) {
        int minutes = surveys[i]->facts ? tp_consultation_minutes(surveys[i]->facts) : 0;

        if (minutes > 0 && (least == 0 || minutes < least))
            least = minutes;
        most = minutes > most ? minutes : most;
    }
    words[0] = '\0';
    if (least > 0 && least == most)
        (void)snprintf(words, 160, _("Takes about %d minutes."), least);
    else if (least > 0)
        (void)snprintf(words, 160, _("Takes about %1$d to %2$d minutes."), least, most);
}

/* Is there room for buttons in ten languages, and for larger words beside them? */
static bool is_roomy(const struct tp_app *app)
{
    double grown =
        tp_sizes[app->person.look.size].capital_mm / tp_sizes[TP_SIZE_DEFAULT].capital_mm;

    return tp_app_room_mm(app) * tp_px_to_mm(&app->screen, app->screen.width) / grown >=
           BUTTONS_MM2;
}

static void build_lead(struct tp_app *app, struct tp_node *column, struct tp_survey **surveys,
                       size_t count)
{
    const struct tp_idea ideas[] = {{"clock.svg", _("A clock")},
                                    {"name-card-no.svg", _("A name card and a cross")},
                                    {"computer-help.svg", _("Help with a computer")}};
    char words[160], lead[640];
    size_t first;

    minutes_words(surveys, count, words);
    first = *words ? 0 : 1;
    (void)snprintf(lead, sizeof(lead), "%s%s%s\n%s", words, *words ? "\n" : "",
                   _("You do not have to give your name."),
                   _("You do not need to be good with computers."));
    tp_screen_ideas(app, column, is_roomy(app) ? TP_STYLE_LEAD : TP_STYLE_BODY, lead, ideas + first,
                    3 - first);
}

/* Pictures stand beside the words on a wide display and under them on a tall one. */
static bool has_room_for_pictures(const struct tp_app *app)
{
    double width = tp_px_to_mm(&app->screen, app->screen.width);
    double height = tp_px_to_mm(&app->screen, app->screen.height);

    return !tp_app_is_low(app) && (width > WIDE_MM || height > TALL_MM);
}

/* Their pictures in two columns; of three the first is as wide as both. */
static void build_pictures(struct tp_app *app, struct tp_node *row, struct tp_survey **surveys,
                           size_t count)
{
    double height = tp_px_to_mm(&app->screen, app->screen.height);
    double side = fmin(PICTURE_MM, fmax(PICTURE_LEAST_MM, (height - AROUND_PICTURES_MM) / 2));
    struct tp_picture pictures[PICTURES_MAX];
    char paths[PICTURES_MAX][TP_MEDIA_PATH_MAX];
    struct tp_node *column, *pair = NULL;
    size_t shown = 0;

    for (size_t i = 0; i < count && shown < PICTURES_MAX; i++)
        if (tp_survey_media(surveys[i], tp_app_fact(app, surveys[i], "picture"), paths[shown])) {
            pictures[shown] =
                (struct tp_picture){.path = paths[shown],
                                    .alt = tp_app_fact(app, surveys[i], "picture_alt"),
                                    .width_mm = side,
                                    .height_mm = side,
                                    .border = true};
            shown++;
        }
    if (!shown)
        return;
    column = tp_ui_weight(tp_ui_column(row, 0), 0);
    if (shown == 3)
        pictures[0].width_mm = 2 * side + PICTURE_GAP_MM;
    for (size_t i = 0; i < shown; i++) {
        if (i == 0 || (i + shown) % 2 == 0)
            pair = tp_ui_row(column, PICTURE_GAP_MM, 0);
        (void)tp_ui_weight(tp_ui_picture(pair, &pictures[i]), 0);
    }
}

/* Easy Read is offered beside the start, where it is read aloud too; on a small display by the bar
 * alone. */
static void build_offer(const struct tp_app *app, struct tp_node *flow)
{
    if (app->person.look.easy_read || !is_roomy(app))
        return;
    (void)tp_ui_button(flow, &(struct tp_button){.id = "start:easy-read",
                                                 .label = tp_words(_("Easy Read")),
                                                 .spoken = _("Easy Read, with pictures"),
                                                 .kind = TP_BUTTON_PLAIN,
                                                 .icon = TP_ICON_EASY_READ,
                                                 .large = !tp_app_is_low(app),
                                                 .action = {.id = TP_ACT_START_EASY}});
}

/* News is offered where there is some, and room for it or nothing else to do. */
static void build_news(const struct tp_app *app, struct tp_node *parent, bool stopped)
{
    const struct tp_notice *due[TP_NOTICES_MAX];

    if ((!stopped && !is_roomy(app)) || tp_app_news(app, due) == 0)
        return;
    (void)tp_ui_button(parent, &(struct tp_button){.id = "news",
                                                   .label = tp_words(_("News")),
                                                   .kind = TP_BUTTON_PLAIN,
                                                   .large = !stopped && !tp_app_is_low(app),
                                                   .action = {.id = TP_ACT_NEWS}});
}

/* Each greeting starts in its own language; where there is no room for buttons, the words alone say
 * which languages there are. */
static void build_greetings(struct tp_app *app, struct tp_node *parent)
{
    bool words_only = !is_roomy(app);
    struct tp_node *flow = tp_ui_flow(parent, words_only ? 8 : 0);

    if (!words_only)
        (void)tp_ui_filling(flow);

    for (size_t i = 0; i < app->settings.language_count; i++) {
        const struct tp_language *language = tp_language_find(app->settings.languages[i]);

        if (!language || strcmp(language->tag, app->person.language) == 0)
            continue;
        if (words_only) {
            (void)tp_ui_text(flow, TP_STYLE_HINT, tp_words(language->start));
            continue;
        }
        (void)tp_ui_button(
            flow, &(struct tp_button){.id = language->tag,
                                      .label = tp_words(language->start),
                                      .kind = TP_BUTTON_PLAIN,
                                      .action = {.id = TP_ACT_START_IN, .argument = (int64_t)i}});
    }
}

/* In place of "Touch to start", said so that nobody answers for nothing. */
static void build_stopped(struct tp_app *app, struct tp_node *column, bool can_save)
{
    bool comments =
        can_save && tp_library_of_kind(app->library, TP_KIND_COMMENTS, tp_app_today(app));
    struct tp_node *panel = tp_ui_panel(column, true);

    (void)tp_ui_text(panel, TP_STYLE_SUBHEAD,
                     tp_words(can_save ? _("No consultations are open now")
                                       : _("This screen cannot take answers now")));
    if (comments)
        tp_screen_ideas(app, panel, TP_STYLE_BODY,
                        _("You can still tell us what you think of our services."),
                        TP_IDEAS({"speech.svg", _("A speech bubble")}));
    else if (!can_save)
        tp_screen_ideas(app, panel, TP_STYLE_BODY,
                        _("Answers cannot be saved. Tell a member of staff."),
                        TP_IDEAS({"front-desk.svg", _("A person at a desk")}));
    if (comments)
        (void)tp_ui_button(column, &(struct tp_button){
                                       .id = "comments",
                                       .label = tp_words(_("Comments, compliments and complaints")),
                                       .kind = TP_BUTTON_PRIMARY,
                                       .after = TP_ICON_FORWARD,
                                       .action = {.id = TP_ACT_COMMENTS}});
}

static void build(struct tp_app *app)
{
    struct tp_survey *surveys[TP_LIBRARY_MAX];
    size_t count = tp_library_open(app->library, tp_app_today(app), surveys, TP_LIBRARY_MAX);
    bool can_save = app->preview || app->practice || !app->store_problem[0];
    struct tp_page *page = tp_app_begin(
        app,
        (struct tp_page_spec){
            .id = "welcome", .title = app->settings.organisation, .progress = -1, .centred = true});
    struct tp_node *row = tp_ui_row(tp_page_body(page), 12, TEXT_MM);
    struct tp_node *column = tp_ui_column(row, 0);

    tp_screen_ideas(app, column, TP_STYLE_HUGE, _("Tell the council what you think"),
                    TP_IDEAS({"council.svg", _("The council")}));
    if (count > 0 && can_save) {
        if (!tp_app_is_low(app))
            build_lead(app, column, surveys, count);
        struct tp_node *starts = is_roomy(app) ? tp_ui_flow(column, 0) : column;

        (void)tp_ui_button(starts, &(struct tp_button){.id = "start",
                                                       .label = tp_words(_("Touch to start")),
                                                       .kind = TP_BUTTON_PRIMARY,
                                                       .after = TP_ICON_FORWARD,
                                                       .large = !tp_app_is_low(app),
                                                       .action = {.id = TP_ACT_NEXT}});
        build_offer(app, starts);
        build_news(app, starts, false);
    } else {
        build_stopped(app, column, can_save);
        build_news(app, column, true);
    }
    /* In Easy Read each idea has its own, and no picture stands without words. */
    if (has_room_for_pictures(app) && !app->person.look.easy_read)
        build_pictures(app, row, surveys, count < TP_LIBRARY_MAX ? count : TP_LIBRARY_MAX);
    if (count > 0 && can_save)
        build_greetings(app, tp_page_body(page));
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    struct tp_survey *survey;

    switch (action->id) {
    case TP_ACT_START_IN:
        tp_app_set_language(app, app->settings.languages[action->argument]);
        tp_app_go(app, TP_SCREEN_READ);
        return true;
    case TP_ACT_START_EASY:
        app->person.look.easy_read = true;
        tp_app_apply_look(app);
        tp_app_go(app, TP_SCREEN_READ);
        return true;
    case TP_ACT_NEXT:
        tp_app_go(app, TP_SCREEN_READ);
        return true;
    case TP_ACT_COMMENTS:
        survey = tp_library_of_kind(app->library, TP_KIND_COMMENTS, tp_app_today(app));
        if (survey)
            tp_answer_open(app, survey);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_welcome = {.name = "welcome", .build = build, .act = act};
