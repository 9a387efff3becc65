#include "kiosk/preview_walk.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "kiosk/app_answer.h"
#include "kiosk/screens/screens.h"

/* How often the whole survey is walked: with another choice each time. */
#define WALKS_MAX 24

struct walk {
    struct tp_app *app;
    tp_preview_step_visit *visit;
    void *context;
    size_t number;
    char **shown; /* owned: ids of pages already shown */
    size_t shown_count, shown_capacity;
};

/* ---- one page ---- */

static bool was_shown(const struct walk *walk, const char *id)
{
    for (size_t i = 0; i < walk->shown_count; i++)
        if (strcmp(walk->shown[i], id) == 0)
            return true;
    return false;
}

static bool remember(struct walk *walk, const char *id, struct tp_error *error)
{
    if (walk->shown_count == TP_PREVIEW_PAGES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "the survey has more than %d pages",
                       TP_PREVIEW_PAGES_MAX);
    if (walk->shown_count == walk->shown_capacity) {
        size_t capacity = walk->shown_capacity ? 2 * walk->shown_capacity : 64;
        char **shown = tp_realloc(walk->shown, capacity, sizeof(*shown));

        if (!shown)
            return tp_fail_memory(error);
        walk->shown = shown;
        walk->shown_capacity = capacity;
    }
    walk->shown[walk->shown_count] = tp_strdup(id);
    if (!walk->shown[walk->shown_count])
        return tp_fail_memory(error);
    walk->shown_count++;
    return true;
}

static bool show_built(struct walk *walk, const struct tp_preview_step *step,
                       struct tp_error *error)
{
    return tp_app_build(walk->app, error) && walk->visit(walk->context, walk->app, step, error);
}

/* Shows the screen that the app is on, once for each id. */
static bool show(struct walk *walk, const char *id, const char *title, struct tp_error *error)
{
    const struct tp_preview_step step = {.number = walk->number + 1, .id = id, .title = title};

    if (was_shown(walk, id))
        return true;
    walk->number++;
    return remember(walk, id, error) && show_built(walk, &step, error);
}

static bool show_screen(struct walk *walk, enum tp_screen_id screen, const char *title,
                        struct tp_error *error)
{
    bool ok;

    tp_app_go(walk->app, screen);
    ok = show(walk, tp_screens[screen]->name, title, error);
    tp_app_back(walk->app);
    return ok;
}

/* ---- questions ---- */

/* Answers what can be touched: the walk-th choice, so that each way through comes up in turn. */
static void answer(struct tp_session *session, tp_node node, size_t walk)
{
    struct tp_question question;
    struct tp_choice choice;

    if (!tp_session_question(session, node, &question) || question.readonly)
        return;
    switch (question.control) {
    case TP_CONTROL_SELECT_ONE:
    case TP_CONTROL_SELECT_MULTIPLE:
        if (question.choice_count > 0 &&
            tp_session_choice(session, node, walk % question.choice_count, &choice) &&
            !choice.chosen)
            (void)tp_session_toggle_choice(session, node, choice.value, NULL);
        break;
    case TP_CONTROL_TRIGGER:
        (void)tp_session_set(session, node, "OK", NULL);
        break;
    case TP_CONTROL_INPUT:
        if (question.type == TP_TYPE_INTEGER || question.type == TP_TYPE_DECIMAL)
            (void)tp_session_set(session, node, walk % 2 ? "40" : "2", NULL);
        break;
    default:
        break;
    }
}

/* What the page asks, copied: answering one question may change the list. */
static size_t copy_questions(struct tp_session *session, tp_node copy[TP_DRAFTS_MAX])
{
    const tp_node *nodes;
    size_t count;

    tp_session_page_questions(session, &nodes, &count);
    count = count < TP_DRAFTS_MAX ? count : TP_DRAFTS_MAX;
    if (count > 0)
        memcpy(copy, nodes, count * sizeof(copy[0]));
    return count;
}

static void answer_page(struct tp_session *session, size_t walk, size_t *longest)
{
    tp_node nodes[TP_DRAFTS_MAX];
    size_t count = copy_questions(session, nodes);

    for (size_t i = 0; i < count; i++) {
        struct tp_question question;

        if (tp_session_question(session, nodes[i], &question) && question.choice_count > *longest)
            *longest = question.choice_count;
        answer(session, nodes[i], walk);
    }
}

/* Of its section, else of its first question, which a picture alone may ask. */
static const char *title_of(const struct tp_text *section, const struct tp_question *question)
{
    if (section->text)
        return section->text;
    return question->label.text ? question->label.text : question->name;
}

/* The page as it is asked, and once more answered. */
static bool show_question(struct walk *walk, size_t round, size_t *longest, struct tp_error *error)
{
    struct tp_session *session = walk->app->person.session;
    struct tp_question question;
    struct tp_text label = {0};
    char id[512];
    char *title = NULL;
    const tp_node *nodes;
    size_t count;
    bool ok = true, fresh = false;

    tp_session_page_questions(session, &nodes, &count);
    tp_person_clear_page(&walk->app->person);
    if (count > 0 && tp_session_question(session, nodes[0], &question)) {
        tp_session_label(session, tp_session_page(session), &label);
        (void)snprintf(id, sizeof(id), "question:%.500s", question.name);
        fresh = !was_shown(walk, id);
        if (fresh) {
            title = tp_strdup(title_of(&label, &question));
            ok = show(walk, id, title, error);
        }
    }
    answer_page(session, round, longest);
    if (ok && fresh)
        ok = show_built(walk,
                        &(struct tp_preview_step){
                            .number = walk->number, .id = id, .title = title, .answered = true},
                        error);
    tp_free(title);
    return ok;
}

/* One way through; `longest` becomes the most choices met. */
static bool walk_once(struct walk *walk, size_t round, size_t *longest, struct tp_error *error)
{
    struct tp_session *session = walk->app->person.session;

    while (!tp_session_at_end(session)) {
        if (!show_question(walk, round, longest, error))
            return false;
        if (!tp_session_next(session) && !tp_session_at_end(session))
            break;
    }
    return true;
}

static bool walk_all(struct walk *walk, struct tp_survey *survey, struct tp_error *error)
{
    struct tp_app *app = walk->app;
    size_t longest = 1;

    for (size_t round = 0; round < longest && round < WALKS_MAX; round++) {
        tp_person_drop_answers(&app->person);
        app->person.survey = survey;
        tp_answer_start(app);
        if (!app->person.session)
            return tp_fail(error, TP_ERR_INVALID, "'%s' does not open", survey->id);
        if (!walk_once(walk, round, &longest, error))
            return false;
    }
    (void)tp_session_goto(app->person.session, TP_NODE_NONE);
    tp_person_clear_page(&app->person);
    (void)tp_person_pop_to(&app->person, TP_SCREEN_FRONT);
    return show_screen(walk, TP_SCREEN_CHECK, _("Check your answers"), error);
}

/* ---- the survey ---- */

static bool walk_survey(struct walk *walk, struct tp_survey *survey, struct tp_error *error)
{
    struct tp_app *app = walk->app;
    struct tp_form *form;

    if (!tp_survey_form(survey, &form, error))
        return false;
    tp_answer_open(app, survey);
    if (!show(walk, "front", tp_app_fact(app, survey, "title"), error) ||
        !show_screen(walk, TP_SCREEN_PRIVACY, _("Your privacy"), error) ||
        !walk_all(walk, survey, error))
        return false;
    tp_person_drop_answers(&app->person);
    app->person.answered = survey;
    (void)snprintf(app->person.receipt, sizeof(app->person.receipt), "%s", "Maple 47 River");
    return show_screen(walk, TP_SCREEN_THANKS, _("Thank you"), error);
}

bool tp_preview_walk(struct tp_app *app, struct tp_survey *survey, tp_preview_step_visit *visit,
                     void *context, struct tp_error *error)
{
    struct walk walk = {.app = app, .visit = visit, .context = context};
    bool ok = walk_survey(&walk, survey, error);

    for (size_t i = 0; i < walk.shown_count; i++)
        tp_free(walk.shown[i]);
    tp_free(walk.shown);
    return ok;
}
