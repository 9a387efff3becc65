#include "kiosk/app_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "kiosk/app_repeat.h"
#include "kiosk/app_save.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/answer_words.h"
#include "kiosk/widgets/widgets.h"

/* ---- opening ---- */

void tp_answer_open(struct tp_app *app, struct tp_survey *survey)
{
    struct tp_error error;
    struct tp_form *form;

    tp_person_drop_answers(&app->person);
    if (!tp_survey_form(survey, &form, &error)) {
        (void)fprintf(stderr, "talkpoint-kiosk: %s\n", error.text);
        tp_app_go(app, TP_SCREEN_BROKEN);
        return;
    }
    app->person.survey = survey;
    tp_app_go(app, TP_SCREEN_FRONT);
}

void tp_answer_set_reading(struct tp_app *app)
{
    struct tp_session *session = app->person.session;
    char tag[TP_LANGUAGE_TAG_MAX + 8];

    if (!session)
        return;
    tp_person_tag(&app->person, tag);
    (void)tp_session_set_language(session, tag);
    tp_session_set_reading_mode(session, app->person.look.easy_read ? "easy-read" : "standard");
}

static bool create_session(struct tp_app *app, struct tp_error *error)
{
    char tag[TP_LANGUAGE_TAG_MAX + 8];
    struct tp_session_params params = {
        .clock = tp_app_clock(app),
        .random = app->random,
        .zone = app->zone,
        .device_id = app->device_id[0] ? app->device_id : NULL,
        .language = tag,
        .reading_mode = app->person.look.easy_read ? "easy-read" : "standard",
        .show_day = tp_show_day,
        .show_context = app,
    };
    struct tp_form *form;

    tp_person_tag(&app->person, tag);
    return tp_survey_form(app->person.survey, &form, error) &&
           tp_session_create(form, &params, &app->person.session, error);
}

void tp_answer_show(struct tp_app *app)
{
    struct tp_person *person = &app->person;
    bool at_end = tp_session_at_end(person->session);

    tp_person_clear_page(person);
    while (tp_app_screen(app) == TP_SCREEN_QUESTION || tp_app_screen(app) == TP_SCREEN_TYPING ||
           tp_app_screen(app) == TP_SCREEN_CHECK)
        tp_person_pop(person);
    if (at_end) {
        person->changing = false;
        person->within_count = 0;
    } else {
        tp_person_visit(person, tp_session_page(person->session));
    }
    tp_app_go(app, at_end ? TP_SCREEN_CHECK : TP_SCREEN_QUESTION);
}

void tp_answer_start(struct tp_app *app)
{
    struct tp_person *person = &app->person;
    struct tp_error error;

    if (!person->session && !create_session(app, &error)) {
        (void)fprintf(stderr, "talkpoint-kiosk: %s\n", error.text);
        tp_app_go(app, TP_SCREEN_BROKEN);
        return;
    }
    if (!person->opened) {
        tp_save_count(app, "open");
        tp_pace_begin(&app->pace, tp_clock_monotonic_ms(&app->clock));
    }
    person->opened = true;
    tp_answer_show(app);
}

/* ---- this page ---- */

static void add_fault(struct tp_person *person, tp_node node, const char *words)
{
    struct tp_fault *fault;

    if (person->fault_count == TP_FAULTS_MAX)
        return;
    fault = &person->faults[person->fault_count++];
    fault->node = node;
    (void)snprintf(fault->words, sizeof(fault->words), "%s", words);
}

const char *tp_answer_fault(const struct tp_app *app, tp_node node)
{
    for (size_t i = 0; i < app->person.fault_count; i++)
        if (app->person.faults[i].node == node)
            return app->person.faults[i].words;
    return NULL;
}

/* The questions of the page, copied: answering one may change the list. */
static tp_node *copy_questions(struct tp_app *app, size_t *count)
{
    const tp_node *nodes;
    tp_node *copy;

    tp_session_page_questions(app->person.session, &nodes, count);
    copy = tp_calloc(*count, sizeof(*copy));
    if (!copy)
        *count = 0;
    else if (*count > 0)
        memcpy(copy, nodes, *count * sizeof(*copy));
    return copy;
}

/* Puts what was typed on this page into the session. True where all of it fits; else the faults
 * say what does not. */
static bool commit(struct tp_app *app)
{
    struct tp_person *person = &app->person;
    size_t count;
    tp_node *nodes = copy_questions(app, &count);

    tp_wipe(person->faults, sizeof(person->faults));
    person->fault_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct tp_widget *widget;
        struct tp_question question;
        char words[TP_FAULT_WORDS_MAX];

        if (!tp_session_question(person->session, nodes[i], &question))
            continue;
        widget = tp_widget_for(&question);
        if (widget->commit && !question.readonly && !widget->commit(app, &question, words))
            add_fault(person, nodes[i], words);
    }
    tp_free(nodes);
    return person->fault_count == 0;
}

static const char *fault_words(const struct tp_question *question, const struct tp_check *check)
{
    const struct tp_widget *widget = tp_widget_for(question);

    if (check->message)
        return check->message;
    if (check->validity != TP_REQUIRED_MISSING)
        return _("Check this answer");
    return widget->missing ? widget->missing(question) : _("Choose an answer");
}

/* Every question of the page that is not right, not only the first. */
static bool check_page(struct tp_app *app)
{
    struct tp_session *session = app->person.session;
    size_t count;
    tp_node *nodes = copy_questions(app, &count);

    for (size_t i = 0; i < count; i++) {
        struct tp_question question;
        struct tp_check check;

        if (tp_answer_fault(app, nodes[i]) || tp_session_check(session, nodes[i], &check) ||
            !tp_session_question(session, nodes[i], &question))
            continue;
        add_fault(&app->person, nodes[i], fault_words(&question, &check));
    }
    tp_free(nodes);
    return app->person.fault_count == 0;
}

/* ---- from page to page ---- */

/* After a change: to the first page that was not there before, else back to the check page. */
static void return_to_check(struct tp_app *app)
{
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count;

    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++) {
        tp_node page = tp_session_page_of(session, nodes[i]);

        if (page != TP_NODE_NONE && !tp_person_visited(&app->person, page) &&
            tp_session_goto(session, page))
            return;
    }
    (void)tp_session_goto(session, TP_NODE_NONE);
}

void tp_answer_continue(struct tp_app *app)
{
    bool typed = commit(app);

    if (!check_page(app) || !typed) {
        /* Out of the typing page: the fault stands beside the question. */
        if (tp_app_screen(app) == TP_SCREEN_TYPING)
            tp_app_back(app);
        return;
    }
    if (!tp_repeat_next(app)) {
        if (app->person.changing)
            return_to_check(app);
        else
            (void)tp_session_next(app->person.session);
    }
    tp_answer_show(app);
}

void tp_answer_back(struct tp_app *app)
{
    struct tp_person *person = &app->person;

    /* Going back is never refused: what fits is kept, the rest was not an answer yet. */
    (void)commit(app);
    if (tp_repeat_previous(app)) {
        tp_answer_show(app);
    } else if (person->changing) {
        (void)tp_session_goto(person->session, TP_NODE_NONE);
        tp_answer_show(app);
    } else if (tp_session_previous(person->session)) {
        tp_answer_show(app);
    } else {
        tp_person_clear_page(person);
        tp_app_back(app);
    }
}

void tp_answer_change(struct tp_app *app, tp_node node)
{
    if (!tp_session_goto(app->person.session, node))
        return;
    app->person.within_count = 0;
    tp_answer_show(app);
    app->person.changing = true;
}

/* ---- the end ---- */

static bool asks_equality(struct tp_app *app, const struct tp_survey *survey)
{
    const char *version = tp_survey_text(survey, "equality", NULL);

    return survey->kind == TP_KIND_CONSULTATION && *version && strcmp(version, "none") != 0 &&
           tp_library_of_kind(app->library, TP_KIND_EQUALITY, tp_app_today(app));
}

/* After saving there is no way back: the answers are sealed. */
static void show_after(struct tp_app *app, enum tp_screen_id screen)
{
    if (!tp_person_pop_to(&app->person, TP_SCREEN_SURVEYS))
        (void)tp_person_pop_to(&app->person, TP_SCREEN_WELCOME);
    tp_app_go(app, screen);
}

static void show_problem_of(struct tp_app *app, const struct tp_check *check)
{
    struct tp_question question;

    tp_answer_change(app, check->node);
    if (tp_session_question(app->person.session, check->node, &question))
        add_fault(&app->person, check->node, fault_words(&question, check));
}

void tp_answer_send(struct tp_app *app)
{
    struct tp_survey *survey = app->person.survey;
    struct tp_check check;
    struct tp_error error;

    if (!tp_session_first_problem(app->person.session, &check)) {
        show_problem_of(app, &check);
        return;
    }
    if (!tp_save_answers(app, &error)) {
        (void)fprintf(stderr, "talkpoint-kiosk: an answer could not be saved: %s\n", error.text);
        tp_app_go(app, TP_SCREEN_UNSAVED);
        return;
    }
    if (asks_equality(app, survey)) {
        app->person.survey = tp_library_of_kind(app->library, TP_KIND_EQUALITY, tp_app_today(app));
        show_after(app, TP_SCREEN_EQUALITY);
        return;
    }
    show_after(app, TP_SCREEN_THANKS);
}

void tp_answer_equality(struct tp_app *app, bool wanted)
{
    struct tp_error error;
    struct tp_form *form;

    if (wanted && tp_survey_form(app->person.survey, &form, &error)) {
        tp_answer_start(app);
        return;
    }
    tp_person_drop_answers(&app->person);
    show_after(app, TP_SCREEN_THANKS);
}

/* ---- leaving ---- */

bool tp_answer_to_lose(struct tp_app *app)
{
    const struct tp_person *person = &app->person;

    for (size_t i = 0; i < person->draft_count; i++)
        if (*tp_text_edit_text(&person->drafts[i].edit))
            return true;
    return person->session && tp_session_touched(person->session);
}

void tp_answer_count_left(struct tp_app *app, const char *how)
{
    struct tp_person *person = &app->person;
    const char *question = "check";
    struct tp_question asked;
    const tp_node *nodes;
    char name[400];
    size_t count;

    if (!person->session || !person->opened)
        return;
    tp_session_page_questions(person->session, &nodes, &count);
    if (count > 0 && tp_session_question(person->session, nodes[0], &asked))
        question = asked.name;
    (void)snprintf(name, sizeof(name), "%s:%.256s", how, question);
    tp_save_count(app, name);
}
