/* One notice: what it is and of which day, its words in the person's language or what stands in for
 * it, and the survey that it is about. */
#include <stdio.h>
#include <string.h>

#include "kiosk/app_answer.h"
#include "kiosk/app_notices.h"
#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"
#include "store/notice_pictures.h"

#define FILE_MAX (TP_NOTICE_PICTURE_MAX + 8)

const char *tp_notice_sign(const struct tp_notice *notice)
{
    return notice->kind == TP_NOTICE_OUTCOME ? "yes.svg" : "information.svg";
}

const char *tp_notice_sign_words(const struct tp_notice *notice)
{
    return notice->kind == TP_NOTICE_OUTCOME ? _("A tick") : _("The sign for information");
}

/* The languages of Easy Read are their own: "en-simple" is English. */
static bool is_in(const char *tag, const char *language)
{
    size_t length = strlen(language);

    return strncmp(tag, language, length) == 0 &&
           (tag[length] == '\0' || strcmp(tag + length, "-simple") == 0);
}

static bool is_easy(const char *tag)
{
    const char *end = strrchr(tag, '-');

    return end && strcmp(end, "-simple") == 0;
}

/* What the person asked for and the notice does not have. */
static void build_missing(struct tp_app *app, struct tp_node *body,
                          const struct tp_notice_words *words)
{
    char text[256];

    if (!is_in(words->tag, app->person.language)) {
        (void)snprintf(text, sizeof(text), _("This is not in your language. It is in: %.100s"),
                       tp_language_name(words->tag));
        tp_screen_idea(app, tp_ui_panel(body, true), "information.svg",
                       _("The sign for information"), NULL, text);
    }
    if (app->person.look.easy_read && !is_easy(words->tag) &&
        strncmp(app->person.language, "en", 2) == 0)
        tp_screen_idea(app, tp_ui_panel(body, true), "information.svg",
                       _("The sign for information"), NULL,
                       _("This is not in Easy Read. It is in standard words."));
}

/* In Easy Read in another language: its words, with the pictures of the Easy Read. */
static const char *chosen_picture(const struct tp_notice *notice,
                                  const struct tp_notice_words *words, size_t index)
{
    const struct tp_notice_words *easy = tp_notice_words_for(notice, "en", true);

    if (!is_easy(words->tag) && easy->count == words->count)
        return easy->parts[index].picture;
    return words->parts[index].picture;
}

/* A file and its words; where the office chose none, the sign of its kind: each idea has one. */
static const char *picture_of(const struct tp_notice *notice, const struct tp_notice_words *words,
                              size_t index, char file[FILE_MAX])
{
    const char *name = chosen_picture(notice, words, index);
    const char *alt = tp_notice_picture_words(name);

    if (!alt) {
        (void)snprintf(file, FILE_MAX, "%s", tp_notice_sign(notice));
        return tp_notice_sign_words(notice);
    }
    (void)snprintf(file, FILE_MAX, "%s.svg", name);
    return tp_translate(alt);
}

static void build_part(struct tp_app *app, struct tp_node *body,
                       const struct tp_notice_words *words, size_t index)
{
    char file[FILE_MAX];
    const char *alt = picture_of(app->person.notice, words, index, file);
    struct tp_node *parent =
        app->person.look.easy_read ? tp_screen_beside(app, body, file, alt) : body;

    (void)tp_ui_text(parent, TP_STYLE_BODY, tp_words_written(words->parts[index].text));
}

/* The survey, where people can still answer it. */
static struct tp_survey *open_survey(struct tp_app *app)
{
    struct tp_survey *survey = *app->person.notice->survey
                                   ? tp_library_find(app->library, app->person.notice->survey)
                                   : NULL;

    if (!survey || survey->broken ||
        (survey->facts && tp_consultation_phase(survey->facts, tp_app_today(app)) != TP_PHASE_OPEN))
        return NULL;
    return survey;
}

static void build_about(struct tp_app *app, struct tp_node *body)
{
    const struct tp_notice *notice = app->person.notice;
    const struct tp_survey *survey =
        *notice->survey ? tp_library_find(app->library, notice->survey) : NULL;
    const char *title = survey ? tp_app_fact(app, survey, "title") : "";
    char text[TP_NOTICE_TITLE_MAX + 128];

    if (!*title)
        title = notice->about;
    if (!*title)
        return;
    (void)snprintf(text, sizeof(text), _("It is about: %.590s"), title);
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words(text));
}

static void build(struct tp_app *app)
{
    const struct tp_notice *notice = app->person.notice;
    const struct tp_notice_words *words = tp_app_notice_words(app, notice);
    char day[TP_DAY_WORDS_MAX], dated[TP_DAY_WORDS_MAX + 160];
    struct tp_day from = {0};
    struct tp_page *page =
        tp_app_begin(app, (struct tp_page_spec){.id = "notice",
                                                .title = app->settings.organisation,
                                                .progress = -1,
                                                .more = _("Read more")});
    struct tp_node *body = tp_page_body(page);

    (void)tp_day_parse(notice->from, &from);
    tp_day_words(from, day);
    (void)snprintf(dated, sizeof(dated), "%s, %s", tp_app_notice_kind(notice), day);
    (void)tp_ui_heading(body, tp_words_written(words->title));
    (void)tp_ui_text(body, TP_STYLE_HINT, tp_words(dated));
    build_about(app, body);
    build_missing(app, body, words);
    for (size_t i = 0; i < words->count; i++)
        build_part(app, body, words, i);
    (void)tp_page_back(page, _("Back"), (struct tp_action){.id = TP_ACT_BACK});
    if (open_survey(app))
        (void)tp_page_primary(page, _("Answer the questions"),
                              (struct tp_action){.id = TP_ACT_NEXT});
    tp_app_bar(app, page);
}

static bool act(struct tp_app *app, const struct tp_action *action)
{
    struct tp_survey *survey;

    if (action->id != TP_ACT_NEXT)
        return false;
    survey = open_survey(app);
    if (survey)
        tp_answer_open(app, survey);
    return true;
}

const struct tp_screen_row tp_screen_notice = {.name = "notice", .build = build, .act = act};
