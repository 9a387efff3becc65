/* kiosk/widgets/search_index: what is folded once is still what the question offers. */
#include "tp_test.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "kiosk/widgets/search_index.h"

static const char xml[] =
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head>"
    "<model><instance><data id='d'><county/><town/></data></instance><instance id='towns'><root>"
    "<item><c>n</c><name>lodz</name><label>Łódź</label></item>"
    "<item><c>s</c><name>sao</name><label>São João</label></item>"
    "<item><c>s</c><name>t_9</name><label>Thame</label></item></root></instance></model></h:head>"
    "<h:body><input ref='/data/county'/><select ref='/data/town'><itemset "
    "nodeset=\"instance('towns')/root/item[/data/county = '' or c = /data/county]\">"
    "<value ref='name'/><label ref='label'/></itemset></select></h:body></h:html>";

static struct tp_form *form;
static struct tp_session *session;
static struct tp_search_index *list;
static tp_node county, town;

static int set_up(void **state)
{
    static struct tp_clock_fake clock = {.wall = INT64_C(1795426867123)};
    static uint64_t seed = 1;
    const struct tp_session_params params = {.clock = tp_clock_from_fake(&clock),
                                             .random = tp_random_seeded(&seed)};

    (void)state;
    if (!tp_form_load("t", xml, strlen(xml), NULL, &form, NULL) ||
        !tp_session_create(form, &params, &session, NULL))
        return -1;
    county = tp_session_find(session, "/data/county");
    town = tp_session_find(session, "/data/town");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tp_search_index_destroy(list);
    list = NULL;
    tp_session_destroy(session);
    tp_form_destroy(form);
    return 0;
}

static void update(void)
{
    struct tp_question question;

    assert_true(tp_session_question(session, town, &question));
    assert_true(tp_search_index_update(&list, session, town, question.choice_count));
    assert_int_equal(tp_search_index_count(list), question.choice_count);
}

static bool fits(size_t choice, const char *wanted)
{
    return tp_search_index_fit(list, choice, wanted) != TP_FIT_NONE;
}

static void words_and_names_are_found_without_accents(void **state)
{
    (void)state;
    update();
    assert_int_equal(tp_search_index_count(list), 3);
    assert_true(fits(0, "lodz"));
    assert_true(fits(1, "joao"));
    assert_true(fits(2, "tham"));
    assert_true(fits(2, "t 9"));
    assert_false(fits(2, "joao"));
    assert_true(fits(2, ""));
}

static void another_list_is_read_again(void **state)
{
    (void)state;
    update();
    assert_true(tp_session_set(session, county, "s", NULL));
    update();
    assert_int_equal(tp_search_index_count(list), 2);
    assert_true(fits(0, "sao"));
    assert_false(fits(0, "lodz"));
    assert_true(fits(1, "thame"));
    assert_true(tp_session_set(session, county, "n", NULL));
    update();
    assert_int_equal(tp_search_index_count(list), 1);
    assert_true(fits(0, "lodz"));
    assert_true(tp_session_set(session, county, "", NULL));
    update();
    assert_int_equal(tp_search_index_count(list), 3);
    assert_true(fits(0, "lodz") && fits(1, "sao") && fits(2, "thame"));
}

static void what_is_chosen_is_known(void **state)
{
    (void)state;
    update();
    assert_false(tp_search_index_is_chosen(list, 1));
    assert_true(tp_session_set(session, town, "sao", NULL));
    update();
    assert_true(tp_search_index_is_chosen(list, 1));
    assert_false(tp_search_index_is_chosen(list, 0));
}

static void every_allocation_may_fail(void **state)
{
    bool done = false;

    (void)state;
    for (uint64_t nth = 1; !done; nth++) {
        tp_mem_fail_at(nth);
        done = tp_search_index_update(&list, session, town, 3) && fits(0, "lodz") && fits(2, "t 9");
        tp_mem_fail_at(0);
        if (!done) /* a session that ran out of memory is not asked again */
            assert_int_equal(tear_down(NULL) + set_up(NULL), 0);
        assert_true(nth < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_and_names_are_found_without_accents, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_list_is_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_chosen_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
