/* core/form/play: a session driven by JSON and told as JSON. */
#include "form/play.h"
#include "forms.h"

static const char survey[] = F_MODEL(
    "<name/><agree/><likes/><g><age/></g><child jr:template=\"\"><age/></child><sum/>",
    "<itext><translation lang=\"English (en)\"/><translation lang=\"Polski (pl)\"/></itext>"
    "<bind nodeset=\"/data/name\" required=\"true()\" constraint=\". != 'x'\"/>"
    "<bind nodeset=\"/data/g\" relevant=\"/data/name = 'Ada'\"/>"
    "<bind nodeset=\"/data/g/age\" type=\"int\"/><bind nodeset=\"/data/child/age\" type=\"int\"/>"
    "<bind nodeset=\"/data/sum\" type=\"int\" calculate=\"sum(/data/child/age)\"/>",
    "<input ref=\"/data/name\"><label>Name</label></input><trigger ref=\"/data/agree\"/>"
    "<select ref=\"/data/likes\"><item><label>A</label><value>a</value></item>"
    "<item><label>B</label><value>b</value></item></select>"
    "<group ref=\"/data/g\"><input ref=\"/data/g/age\"/></group>"
    "<group ref=\"/data/child\"><label>Child</label><repeat nodeset=\"/data/child\">"
    "<input ref=\"/data/child/age\"/></repeat></group>");

static struct tp_session *session;
static struct tp_error error;

static bool step(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    bool taken;

    assert_non_null(json);
    taken = tp_play_step(session, json, &error);
    json_decref(json);
    return taken;
}

/* The refs of all nodes, in order. */
static const char *refs(void)
{
    static char text[512];
    json_t *states = tp_play_state(session);

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(states); i++) {
        size_t length = strlen(text);

        (void)snprintf(text + length, sizeof(text) - length, "%s ",
                       json_string_value(json_object_get(json_array_get(states, i), "ref")));
    }
    json_decref(states);
    return text;
}

/* What is told of a node: its value, and the letters of what is true of it. */
static void assert_told(const char *ref, const char *value, const char *letters)
{
    static const struct {
        char letter;
        const char *name;
    } facts[] = {{'r', "relevant"},
                 {'o', "readonly"},
                 {'q', "required"},
                 {'c', "constraint_ok"},
                 {'k', "required_ok"}};
    json_t *states = tp_play_state(session);
    char told[8] = "";

    for (size_t i = 0; i < json_array_size(states); i++) {
        const json_t *node = json_array_get(states, i);
        size_t length = 0;

        if (strcmp(json_string_value(json_object_get(node, "ref")), ref) != 0)
            continue;
        for (size_t f = 0; f < sizeof(facts) / sizeof(facts[0]); f++)
            if (json_is_true(json_object_get(node, facts[f].name)))
                told[length++] = facts[f].letter;
        assert_string_equal(told, letters);
        assert_string_equal(json_string_value(json_object_get(node, "value")), value);
        json_decref(states);
        return;
    }
    fail_msg("nothing is told of %s", ref);
}

static int set_up(void **state)
{
    (void)state;
    session = open_form(survey);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close_form(session);
    return 0;
}

static void every_node_is_told_in_the_order_of_the_document(void **state)
{
    (void)state;
    assert_true(step("{\"op\":\"create_repeat\",\"ref\":\"/data/child\"}"));
    assert_string_equal(refs(), "/data /data/name /data/agree /data/likes /data/g /data/g/age "
                                "/data/child[1] /data/child[1]/age /data/child /data/sum "
                                "/data/orx:meta /data/orx:meta/orx:instanceID ");
}

static void a_node_is_told_with_what_holds_of_it(void **state)
{
    (void)state;
    assert_told("/data/name", "", "rqc");
    assert_told("/data/g/age", "", "ck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/name\",\"value\":\"x\"}"));
    assert_told("/data/name", "x", "rqk");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/name\",\"value\":\"Ada\"}"));
    assert_told("/data/name", "Ada", "rqck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/g/age\",\"value\":7}"));
    assert_told("/data/g/age", "7", "rck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/name\",\"value\":\"Bo\"}"));
    assert_told("/data/g/age", "", "ck");
}

static void answers_are_texts_numbers_truths_and_lists(void **state)
{
    (void)state;
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/agree\",\"value\":true}"));
    assert_told("/data/agree", "OK", "rck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/agree\",\"value\":false}"));
    assert_told("/data/agree", "", "rck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/likes\",\"value\":[\"a\",\"b\"]}"));
    assert_told("/data/likes", "a b", "rck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/likes\",\"value\":[\"b\"]}"));
    assert_told("/data/likes", "b", "rck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/name\",\"value\":2.5}"));
    assert_told("/data/name", "2.5", "rqck");
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/name\",\"value\":true}"));
    assert_told("/data/name", "1", "rqck");
}

static void repeats_come_and_go(void **state)
{
    (void)state;
    assert_true(step("{\"op\":\"create_repeat\",\"ref\":\"/data/child\"}"));
    assert_true(step("{\"op\":\"create_repeat\",\"ref\":\"/data/child\"}"));
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/child[1]/age\",\"value\":\"3\"}"));
    assert_true(step("{\"op\":\"answer\",\"ref\":\"/data/child[2]/age\",\"value\":\"4\"}"));
    assert_told("/data/sum", "7", "rck");
    assert_true(step("{\"op\":\"remove_repeat\",\"ref\":\"/data/child[1]\"}"));
    assert_told("/data/sum", "4", "rck");
}

static void a_step_that_is_none_says_why(void **state)
{
    static const struct {
        const char *step, *why;
    } cases[] = {
        {"{}", "has no 'op'"},
        {"{\"op\":\"dance\",\"ref\":\"/data/name\"}", "no step 'dance'"},
        {"{\"op\":\"answer\",\"value\":\"x\"}", "there is no ''"},
        {"{\"op\":\"answer\",\"ref\":\"/data/none\",\"value\":\"x\"}", "there is no '/data/none'"},
        {"{\"op\":\"language\",\"value\":\"fr\"}", "no language 'fr'"},
        {"{\"op\":\"language\"}", "no language ''"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(step(cases[i].step));
        assert_non_null(strstr(error.text, cases[i].why));
    }
    assert_true(step("{\"op\":\"language\",\"value\":\"Polski (pl)\"}"));
    assert_string_equal(tp_session_language(session)->tag, "pl");
    assert_true(step("{\"op\":\"language\",\"value\":\"en\"}"));
    assert_string_equal(tp_session_language(session)->tag, "en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(every_node_is_told_in_the_order_of_the_document),
        TEST(a_node_is_told_with_what_holds_of_it),
        TEST(answers_are_texts_numbers_truths_and_lists),
        TEST(repeats_come_and_go),
        TEST(a_step_that_is_none_says_why),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
