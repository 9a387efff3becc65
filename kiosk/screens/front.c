/*
 * The front page of a consultation: who asks, why, what happens with it, how long it takes, whom to
 * ask, what happens to what they say (ACCESSIBILITY.md C5, S2; the council's standard front
 * paragraph).
 */
#include <stdio.h>
#include <string.h>

#include "kiosk/app_answer.h"
#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"

#define CELL_MM 130.0
#define COLUMN_GAP_MM 12.0

static void idea(struct tp_app *app, struct tp_node *parent, const char *picture, const char *alt,
                 const char *heading, const char *fact)
{
    tp_screen_idea(app, parent, picture, alt, heading, tp_app_fact(app, app->person.survey, fact));
}

static void build_contact(struct tp_app *app, struct tp_node *parent)
{
    const struct tp_survey *survey = app->person.survey;
    char text[1200];

    (void)snprintf(
        text, sizeof(text), "%.250s\n%.250s\n%.250s\n%.400s",
        tp_app_fact(app, survey, "contact_name"), tp_app_fact(app, survey, "contact_phone"),
        tp_app_fact(app, survey, "contact_email"), tp_app_fact(app, survey, "contact_post"));
    tp_screen_idea(app, parent, "phone.svg", _("A telephone"), _("Who to ask"), text);
}

static void build_closing(struct tp_app *app, struct tp_node *parent)
{
    const struct tp_survey *survey = app->person.survey;
    char day[TP_DAY_WORDS_MAX], text[TP_DAY_WORDS_MAX + 64];

    if (!survey->facts)
        return;
    tp_day_words(tp_consultation_closes(survey->facts), day);
    if (!*day)
        return;
    (void)snprintf(text, sizeof(text), _("You can take part until %s."), day);
    tp_screen_idea(app, parent, "calendar.svg", _("A calendar"), _("When it ends"), text);
}

/* Two ideas side by side, where the display has room for both. */
static struct tp_node *pair(struct tp_node *body)
{
    return tp_ui_row(body, COLUMN_GAP_MM, CELL_MM);
}

/* What is said in short, and the way to all of it. */
static void build_privacy(struct tp_app *app, struct tp_node *row)
{
    struct tp_node *column = tp_ui_column(row, 0);

    idea(app, column, "padlock.svg", _("A padlock"), _("Your privacy"), "privacy_short");
    if (*tp_app_fact(app, app->person.survey, "privacy_full"))
        (void)tp_ui_button(
            column, &(struct tp_button){.id = "privacy",
                                        .label = tp_words(_("Read the whole privacy notice")),
                                        .action = {.id = TP_ACT_PRIVACY}});
}

static void build_facts(struct tp_app *app, struct tp_node *body)
{
    struct tp_node *row = pair(body);

    idea(app, row, "council.svg", _("The council"), _("Who is asking"), "who");
    idea(app, row, "information.svg", _("The sign for information"), _("Why"), "why");
    row = pair(body);
    idea(app, row, "checklist.svg", _("A list"), _("What happens next"), "what_happens");
    build_privacy(app, row);
    row = pair(body);
    build_contact(app, row);
    idea(app, row, "large-print.svg", _("Large print"), _("Other formats"), "alternative_formats");
    row = pair(body);
    build_closing(app, row);
    idea(app, row, "bin.svg", _("A bin"), _("How long we keep your answers"), "retention");
}

static void build_time(struct tp_app *app, struct tp_node *parent)
{
    const struct tp_survey *survey = app->person.survey;
    int minutes = survey->facts ? tp_consultation_minutes(survey->facts) : 0;
    char text[200];

    (void)snprintf(text, sizeof(text), _("Takes about %d minutes."), minutes);
    tp_screen_idea(app, parent, "clock.svg", _("A clock"), NULL, minutes > 0 ? text : "");
    tp_screen_idea(app, parent, "bin.svg", _("A bin"), NULL,
                   _("If you leave before the end, your answers are not kept."));
}

static void build_more(struct tp_app *app, struct tp_node *parent)
{
    struct tp_node *flow = tp_ui_flow(parent, 0);
    const struct tp_survey *survey = app->person.survey;
    struct tp_day today = tp_app_today(app);

    if (survey->kind != TP_KIND_FORMAT_REQUEST &&
        tp_library_of_kind(app->library, TP_KIND_FORMAT_REQUEST, today))
        (void)tp_ui_button(
            flow, &(struct tp_button){.id = "format",
                                      .label = tp_words(_("Ask for this in another format")),
                                      .action = {.id = TP_ACT_FORMAT_REQUEST}});
    if (survey->kind != TP_KIND_COMMENTS &&
        tp_library_of_kind(app->library, TP_KIND_COMMENTS, today))
        (void)tp_ui_button(
            flow, &(struct tp_button){.id = "comments",
                                      .label = tp_words(_("Comments, compliments and complaints")),
                                      .action = {.id = TP_ACT_COMMENTS}});
}

/* What the person asked for and this survey does not have: said before the first question, never
 * left for them to find out. */
static void build_missing(struct tp_app *app, struct tp_node *body)
{
    char tag[TP_LANGUAGE_TAG_MAX + 8], words[256];
    const struct tp_form_language *language;
    const char *own = app->person.language;
    struct tp_form *form;

    tp_person_tag(&app->person, tag);
    if (!tp_survey_form(app->person.survey, &form, NULL))
        return;
    language = tp_form_language_find(form, tag);
    if (app->person.look.easy_read && (!language || strcmp(language->tag, tag) != 0))
        tp_screen_idea(app, tp_ui_panel(body, true), "easy-read-no.svg", _("Easy Read and a cross"),
                       NULL,
                       _("This survey is not in Easy Read. Its questions are in standard words."));
    language = tp_form_language_find(form, own);
    if (language || tp_form_language_count(form) == 0)
        return;
    for (size_t i = 0; i < tp_form_language_count(form); i++)
        if (tp_form_language(form, i)->is_default)
            language = tp_form_language(form, i);
    (void)snprintf(words, sizeof(words), _("This survey is not in your language. It is in: %.100s"),
                   language ? tp_language_name(language->tag) : "English");
    tp_screen_idea(app, tp_ui_panel(body, true), "languages-no.svg", _("Two languages and a cross"),
                   NULL, words);
}

static void build(struct tp_app *app)
{
    struct tp_survey *survey = app->person.survey;
    char path[TP_MEDIA_PATH_MAX];
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){
                 .id = "front",
                 .title = app->settings.organisation,
                 .progress = -1,
                 .picture = tp_survey_media(survey, tp_app_fact(app, survey, "picture"), path),
                 .picture_alt = tp_app_fact(app, survey, "picture_alt"),
                 .more = _("Read more")});
    struct tp_node *body = tp_page_body(page);

    (void)tp_ui_heading(body, tp_words_markdown(tp_app_fact(app, survey, "title")));
    build_missing(app, body);
    tp_screen_idea(app, body, "checklist.svg", _("A list"), NULL,
                   tp_app_fact(app, survey, "summary"));
    build_time(app, body);
    build_facts(app, body);
    build_more(app, body);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    (void)tp_page_primary(page, tp_answer_to_lose(app) ? _("Carry on") : _("Start"),
                          (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    switch (action->id) {
    case TP_ACT_NEXT:
        tp_answer_start(app);
        return true;
    case TP_ACT_BACK:
        if (tp_answer_to_lose(app)) {
            tp_app_leave(app, NULL);
            return true;
        }
        tp_answer_count_left(app, "abandon");
        tp_person_drop_answers(&app->person);
        tp_app_back(app);
        return true;
    default:
        return false;
    }
}

const struct tp_screen_row tp_screen_front = {.name = "front", .build = build, .act = act};
