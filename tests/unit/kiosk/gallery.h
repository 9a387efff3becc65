/*
 * The resident of resident.h at a question of surveys/gallery, which has each kind of question.
 */
#ifndef TP_TESTS_UNIT_KIOSK_GALLERY_H
#define TP_TESTS_UNIT_KIOSK_GALLERY_H

#include "kiosk/app_answer.h"
#include "resident.h"

/* 10 January 2099: the gallery is open. */
#define GALLERY_NOW INT64_C(4071722400000)

static inline int set_up_gallery(void **state)
{
    surveys = "surveys";
    today_ms = GALLERY_NOW;
    return set_up(state);
}

/* Straight to the page of a question: what comes before it is other tests' matter. */
static inline void go_into(const char *id, const char *path)
{
    struct tp_survey *survey = tp_library_find(app->library, id);
    tp_node node;

    assert_non_null(survey);
    tp_answer_open(app, survey);
    tp_answer_start(app);
    node = tp_session_find(app->person.session, path);
    assert_true(tp_session_goto(app->person.session, node));
    tp_answer_show(app);
    assert_true(tp_app_build(app, NULL));
    on("question");
}

static inline void go_to(const char *path)
{
    go_into("gallery", path);
}

/* The check page, as one who saw every page of the survey comes to it. */
static inline void go_to_the_end(void)
{
    struct tp_session *session = app->person.session;
    const tp_node *nodes;
    size_t count;

    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        tp_person_visit(&app->person, tp_session_page_of(session, nodes[i]));
    (void)tp_session_goto(session, TP_NODE_NONE);
    tp_answer_show(app);
    assert_true(tp_app_build(app, NULL));
    on("check");
}

static inline void answered(const char *path, const char *value)
{
    const char *given =
        tp_session_value(app->person.session, tp_session_find(app->person.session, path));

    assert_string_equal(given ? given : "(none)", value);
}

static inline void reply(const char *text)
{
    type(text);
    touch("Continue");
}

static inline void choose(const char *answer)
{
    touch(answer);
    touch("Continue");
}

#endif
