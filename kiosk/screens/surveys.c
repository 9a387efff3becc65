/* The consultations that are open, and what can be said with none open. */
#include <stdio.h>

#include "kiosk/app_answer.h"
#include "kiosk/app_notices.h"
#include "kiosk/app_words.h"
#include "kiosk/i18n/collate.h"
#include "kiosk/screens/screens.h"

struct by_title {
    struct tp_app *app;
    struct tp_collator *collator;
};

static int in_order(const void *a, const void *b, void *context)
{
    const struct tp_survey *one = *(struct tp_survey *const *)a;
    const struct tp_survey *other = *(struct tp_survey *const *)b;
    const struct by_title *by = context;
    int order = tp_survey_compare_closing(one, other);

    return order ? order
                 : tp_collate(by->collator, tp_app_fact(by->app, one, "title"),
                              tp_app_fact(by->app, other, "title"));
}

/* The next to close first; those of one day by their titles, in the alphabet of the language. */
static void sort(struct tp_app *app, struct tp_survey **surveys, size_t count)
{
    struct by_title by = {.app = app, .collator = tp_collator_open(app->person.language)};

    qsort_r(surveys, count, sizeof(surveys[0]), in_order, &by);
    tp_collator_close(by.collator);
}

static void add_survey(struct tp_app *app, struct tp_node *list, struct tp_survey *survey)
{
    char path[TP_MEDIA_PATH_MAX], minutes[96] = "";
    const char *picture = tp_survey_media(survey, tp_app_fact(app, survey, "picture"), path);
    const char *alt = tp_app_fact(app, survey, "picture_alt");
    int count = survey->facts ? tp_consultation_minutes(survey->facts) : 0;

    if (count > 0)
        (void)snprintf(minutes, sizeof(minutes), _("About %d minutes"), count);
    if (!picture && app->person.look.easy_read) {
        picture = tp_app_picture(app, "checklist.svg");
        alt = _("A list");
    }
    (void)tp_ui_choice(
        list, &(struct tp_answer){.id = survey->id,
                                  .label = tp_words_markdown(tp_app_fact(app, survey, "title")),
                                  .hint = tp_words(minutes),
                                  .picture = picture,
                                  .picture_alt = alt,
                                  .action = {.id = TP_ACT_SURVEY, .text = survey->id}});
}

/* What the council has to say, where it has. */
static void add_news(struct tp_app *app, struct tp_node *body)
{
    const struct tp_notice *due[TP_NOTICES_MAX];
    size_t count = tp_app_news(app, due);
    char day[TP_DAY_WORDS_MAX];
    struct tp_day from = {0};

    if (count == 0)
        return;
    (void)tp_day_parse(due[0]->from, &from);
    tp_day_words(from, day);
    (void)tp_ui_text(body, TP_STYLE_SUBHEAD, tp_words(_("Or read what we have to tell you")));
    (void)tp_ui_choice(tp_ui_choices(body),
                       &(struct tp_answer){.id = "news",
                                           .label = tp_words(_("News")),
                                           .hint = tp_words(day),
                                           .picture = app->person.look.easy_read
                                                          ? tp_app_picture(app, "information.svg")
                                                          : NULL,
                                           .picture_alt = _("The sign for information"),
                                           .action = {.id = TP_ACT_NEWS}});
}

static void build(struct tp_app *app)
{
    struct tp_survey *surveys[TP_LIBRARY_MAX];
    struct tp_day today = tp_app_today(app);
    size_t count = tp_library_open(app->library, today, surveys, TP_LIBRARY_MAX);
    struct tp_survey *comments = tp_library_of_kind(app->library, TP_KIND_COMMENTS, today);
    struct tp_survey *format = tp_library_of_kind(app->library, TP_KIND_FORMAT_REQUEST, today);
    struct tp_page *page = tp_app_begin(
        app, (struct tp_page_spec){.id = "surveys",
                                   .title = app->settings.organisation,
                                   .status = app->person.depth == 3 ? _("Step 2 of 2") : NULL,
                                   .progress = -1,
                                   .more = _("More to choose from")});
    struct tp_node *body = tp_page_body(page);
    struct tp_node *list;

    count = count < TP_LIBRARY_MAX ? count : TP_LIBRARY_MAX;
    sort(app, surveys, count);
    (void)tp_ui_heading(body, tp_words(_("What would you like to tell us about?")));
    list = tp_ui_choices(body);
    for (size_t i = 0; i < count; i++)
        add_survey(app, list, surveys[i]);
    if (comments || format) {
        (void)tp_ui_text(body, TP_STYLE_SUBHEAD, tp_words(_("Or something else")));
        list = tp_ui_choices(body);
        if (comments)
            add_survey(app, list, comments);
        if (format)
            add_survey(app, list, format);
    }
    add_news(app, body);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    struct tp_survey *survey;

    if (action->id != TP_ACT_SURVEY)
        return false;
    survey = tp_library_find(app->library, action->text);
    if (survey)
        tp_answer_open(app, survey);
    return true;
}

const struct tp_screen_row tp_screen_surveys = {.name = "surveys", .build = build, .act = act};
