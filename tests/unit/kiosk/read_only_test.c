/*
 * Questions that tell rather than ask, and those that have no label: what a person sees of them on
 * their page and on the check page.
 */
#include "kiosk/app_answer.h"
#include "resident.h"

static const char form[] =
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head>"
    "<h:title>A meal</h:title><model><instance><data id='meal'><day>2026-11-26</day><people/>"
    "</data></instance><bind nodeset='/data/day' type='date' readonly='true()'/>"
    "<bind nodeset='/data/people' type='int'/></model></h:head><h:body>"
    "<input ref='/data/day'><label>The day of the meal</label></input>"
    "<input ref='/data/people'><hint>How many came?</hint></input></h:body></h:html>";
static const char facts[] = "{\"title\":{\"default\":\"A meal\"}}";

static int set_up_meal(void **state)
{
    static char meals[64];
    char path[128];

    (void)snprintf(meals, sizeof(meals), "%s/meals", folder);
    (void)snprintf(path, sizeof(path), "%s/meal", meals);
    if (!tp_dir_make(meals, 0700, NULL) || !tp_dir_make(path, 0700, NULL))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/meal/form.xml", meals);
    if (!tp_file_write_atomic(path, form, strlen(form), 0600, NULL))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/meal/consultation.json", meals);
    if (!tp_file_write_atomic(path, facts, strlen(facts), 0600, NULL))
        return -1;
    surveys = meals;
    return set_up(state);
}

static void go_to(const char *path)
{
    struct tp_session *session = app->person.session;

    assert_true(tp_session_goto(session, tp_session_find(session, path)));
    tp_answer_show(app);
    assert_true(tp_app_build(app, NULL));
}

static void start_meal(void)
{
    struct tp_survey *survey = tp_library_find(app->library, "meal");

    assert_non_null(survey);
    tp_answer_open(app, survey);
    tp_answer_start(app);
    assert_non_null(app->person.session);
}

static void a_day_that_is_told_is_in_words(void **state)
{
    (void)state;
    start_meal();
    go_to("/data/day");
    see("The day of the meal");
    see("26 November 2026");
    assert_false(says("2026-11-26"));
}

static void a_hint_asks_where_there_is_no_label(void **state)
{
    (void)state;
    start_meal();
    go_to("/data/people");
    see("How many came?");
    (void)tp_session_set(app->person.session, tp_session_find(app->person.session, "/data/people"),
                         "4", NULL);
    tp_person_visit(&app->person, tp_session_page(app->person.session));
    (void)tp_session_goto(app->person.session, TP_NODE_NONE);
    tp_answer_show(app);
    assert_true(tp_app_build(app, NULL));
    on("check");
    see("How many came?");
    see("4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_day_that_is_told_is_in_words, set_up_meal, tear_down),
        cmocka_unit_test_setup_teardown(a_hint_asks_where_there_is_no_label, set_up_meal,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
