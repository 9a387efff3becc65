#include "kiosk/app_say.h"

#include <string.h>

#include "kiosk/app.h"
#include "kiosk/app_notices.h"
#include "kiosk/app_words.h"
#include "kiosk/screens/screens.h"

#define NO_CLIP SIZE_MAX
/* What a secret is shown as. */
#define DOT "\xE2\x97\x8F"

void tp_say_init(struct tp_say *say)
{
    say->count = 0;
    tp_buf_init(&say->words, TP_SAY_BYTES_MAX);
}

void tp_say_finish(struct tp_say *say)
{
    tp_buf_finish(&say->words);
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static struct tp_say_item *add(struct tp_say *say, const char *words, const char *language)
{
    struct tp_say_item *item;

    if (!words || !*words || say->count == TP_SPEECH_UTTERANCES_MAX)
        return NULL;
    item = &say->items[say->count];
    *item = (struct tp_say_item){
        .text = say->words.length, .clip = NO_CLIP, .language = language, .is = hash_of(words)};
    /* With the NUL: each stands by itself. */
    if (!tp_buf_add(&say->words, words, strlen(words) + 1))
        return NULL;
    say->count++;
    return item;
}

/* The last utterance goes on: "By bus. Chosen". */
static void go_on(struct tp_say *say, const char *words)
{
    if (!words || !*words || say->count == 0 || say->words.length == 0)
        return;
    say->words.length--;
    (void)tp_buf_puts(&say->words, ". ");
    (void)tp_buf_add(&say->words, words, strlen(words) + 1);
}

void tp_say_in(const char *words, const char *language, struct tp_say *say)
{
    (void)add(say, words, language);
}

void tp_say_words(struct tp_app *app, const char *words, struct tp_say *say)
{
    (void)add(say, words, app->person.language);
}

size_t tp_say_utterances(const struct tp_say *say, size_t from,
                         struct tp_utterance utterances[TP_SPEECH_UTTERANCES_MAX])
{
    size_t count = 0;

    for (size_t i = from; i < say->count; i++) {
        const struct tp_say_item *item = &say->items[i];

        utterances[count++] = (struct tp_utterance){
            .text = say->words.data + item->text,
            .language = item->language,
            .clip = item->clip == NO_CLIP ? NULL : say->words.data + item->clip};
    }
    return count;
}

/* ---- what is private ---- */

static bool is_private_kind(const struct tp_survey *survey)
{
    return survey && (survey->kind == TP_KIND_EQUALITY || survey->kind == TP_KIND_FORMAT_REQUEST);
}

static bool has_sensitive(struct tp_app *app, bool whole)
{
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count;

    if (whole)
        tp_session_questions_all(session, &nodes, &count);
    else
        tp_session_page_questions(session, &nodes, &count);
    for (size_t i = 0; i < count; i++) {
        struct tp_question question;

        if (tp_session_question(session, nodes[i], &question) && question.sensitive)
            return true;
    }
    return false;
}

bool tp_say_is_private(struct tp_app *app)
{
    enum tp_screen_id screen = tp_app_screen(app);

    if (screen != TP_SCREEN_QUESTION && screen != TP_SCREEN_TYPING && screen != TP_SCREEN_CHECK)
        return false;
    return app->person.session &&
           (is_private_kind(app->person.survey) || has_sensitive(app, screen == TP_SCREEN_CHECK));
}

/* ---- a node ---- */

struct telling {
    struct tp_app *app;
    struct tp_say *say;
    const char *survey_language;
    bool focused;  /* only what has the focus, with its state whatever it is */
    bool turned;   /* without the header */
    bool withheld; /* answers are not to be read aloud here */
    bool said_so;
};

/* A notice has languages of its own, each button of the list too. */
static const char *authored_language(const struct telling *telling, const struct tp_seen *seen)
{
    const struct tp_app *app = telling->app;
    const struct tp_notice *notice = NULL;

    if (tp_app_screen(app) == TP_SCREEN_NOTICE)
        notice = app->person.notice;
    else if (seen->id && strncmp(seen->id, TP_NOTICE_NODE, sizeof(TP_NOTICE_NODE) - 1) == 0)
        notice = tp_app_notice(app, seen->id + sizeof(TP_NOTICE_NODE) - 1);
    return notice ? tp_app_notice_words(app, notice)->tag : telling->survey_language;
}

/* A language's own name and greeting are in it, whatever the page is in. */
static const char *language_of(const struct telling *telling, const struct tp_seen *seen)
{
    const struct tp_settings *settings = &telling->app->settings;

    for (size_t i = 0; i < settings->language_count; i++) {
        const struct tp_language *language = tp_language_find(settings->languages[i]);

        if (language &&
            (strcmp(seen->label, language->name) == 0 || strcmp(seen->label, language->start) == 0))
            return settings->languages[i];
    }
    return seen->authored ? authored_language(telling, seen) : telling->app->person.language;
}

static void add_clip(struct tp_say *say, struct tp_say_item *item, const char *clip)
{
    size_t at = say->words.length;

    /* After the words, whose NUL parts them. */
    if (item && clip && *clip && tp_buf_add(&say->words, clip, strlen(clip) + 1))
        item->clip = at;
}

/* Is this what the person answered, or could answer? */
static bool is_answer(const struct telling *telling, const struct tp_seen *seen)
{
    return seen->answer || seen->kind == TP_KIND_STEPPER ||
           (seen->kind == TP_KIND_BUTTON && seen->place == TP_PLACE_BODY &&
            tp_app_screen(telling->app) == TP_SCREEN_QUESTION);
}

static void withhold(struct telling *telling)
{
    if (!telling->said_so)
        tp_say_words(telling->app, _("The answers are not read aloud here."), telling->say);
    telling->said_so = true;
}

static void say_field(struct telling *telling, const struct tp_seen *seen)
{
    bool secret = strncmp(seen->label, DOT, strlen(DOT)) == 0;

    if (strcmp(seen->spoken, seen->label) != 0)
        tp_say_in(seen->spoken, language_of(telling, seen), telling->say);
    if (secret)
        return;
    if (telling->withheld && *seen->label)
        withhold(telling);
    else if (*seen->label)
        tp_say_words(telling->app, seen->label, telling->say);
    else
        tp_say_words(telling->app, _("Not answered"), telling->say);
}

static const char *state_of(const struct telling *telling, const struct tp_seen *seen)
{
    if (seen->chosen)
        return _("Chosen");
    return telling->focused && seen->marked ? _("Not chosen") : NULL;
}

/* What is said after the words of a node; a recording says only those, so it stands apart. */
static void say_more(struct telling *telling, const struct tp_seen *seen, const char *words)
{
    if (seen->clip)
        tp_say_words(telling->app, words, telling->say);
    else
        go_on(telling->say, words);
}

static void say_node(struct telling *telling, const struct tp_seen *seen)
{
    struct tp_say *say = telling->say;
    const char *language = language_of(telling, seen);
    struct tp_say_item *item;

    if (seen->kind == TP_KIND_FIELD) {
        say_field(telling, seen);
        return;
    }
    if (telling->withheld && is_answer(telling, seen)) {
        withhold(telling);
        return;
    }
    item = add(say, seen->spoken, language);
    if (!item)
        return;
    add_clip(say, item, seen->clip);
    for (size_t i = 1; seen->kind == TP_KIND_CHOICE && i < seen->text_count; i++)
        say_more(telling, seen, seen->texts[i].text);
    if (!telling->focused && seen->kind == TP_KIND_CHOICE && *seen->alt &&
        !strstr(seen->spoken, seen->alt))
        say_more(telling, seen, seen->alt);
    say_more(telling, seen, state_of(telling, seen));
}

/* ---- a page ---- */

static bool is_passed_over(const struct telling *telling, const struct tp_seen *seen)
{
    if (!seen->spoken[0] && seen->kind != TP_KIND_FIELD)
        return true;
    if (telling->focused)
        return !seen->focused;
    /* The words of a problem are nodes of their own; an answer is its row's, with Change after it.
     */
    return seen->place == TP_PLACE_BAR || seen->kind == TP_KIND_KEY ||
           seen->kind == TP_KIND_PROBLEM || (seen->touchable && !seen->enabled) ||
           (telling->turned && seen->place == TP_PLACE_HEADER);
}

/* The words of a row of the check page that are an answer: the second of its texts. */
static bool is_withheld_text(const struct telling *telling, const struct tp_seen *seen)
{
    return telling->withheld && tp_app_screen(telling->app) == TP_SCREEN_CHECK &&
           seen->kind == TP_KIND_TEXT && seen->place == TP_PLACE_BODY && seen->depth > 0 &&
           !seen->authored;
}

static void tell(void *context, const struct tp_seen *seen)
{
    struct telling *telling = context;

    if (is_passed_over(telling, seen))
        return;
    if (is_withheld_text(telling, seen))
        withhold(telling);
    else
        say_node(telling, seen);
}

/* The language that a survey's own words come in: the person's, or what stands in for it. */
static const char *survey_language(const struct tp_app *app)
{
    const struct tp_person *person = &app->person;
    const struct tp_survey *survey = person->survey;

    if (person->session) {
        const struct tp_form_language *language = tp_session_language(person->session);

        return language && *language->tag ? language->tag : app->settings.languages[0];
    }
    if (survey && survey->facts && !tp_consultation_has(survey->facts, "title", person->language))
        return app->settings.languages[0];
    return person->language;
}

static struct telling telling_of(struct tp_app *app, struct tp_say *say)
{
    return (struct telling){.app = app,
                            .say = say,
                            .survey_language = survey_language(app),
                            .withheld = tp_say_is_private(app) && !tp_listen_may_say(app)};
}

void tp_say_page(struct tp_app *app, bool turned, struct tp_say *say)
{
    struct telling telling = telling_of(app, say);
    const char *title = tp_screens[tp_app_screen(app)]->title;

    telling.turned = turned;
    if (title && !turned)
        tp_say_words(app, _(title), say);
    tp_ui_walk(app->ui, tell, &telling);
}

void tp_say_focus(struct tp_app *app, struct tp_say *say)
{
    struct telling telling = telling_of(app, say);

    telling.focused = true;
    tp_ui_walk(app->ui, tell, &telling);
}
