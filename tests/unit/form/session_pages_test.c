/* core/form/session: field-lists and tables, parted into pages. */
#include "forms.h"

static void easy_read_is_one_question_a_page(void **state)
{
    struct tp_session *session = open_form(
        F("<a/><g><b/><c/><d/></g><e/>", "<bind nodeset=\"/data/g/b\" readonly=\"true()\"/>",
          "<input ref=\"/data/a\"><label>A</label></input>"
          "<group ref=\"/data/g\" appearance=\"field-list\"><label>G</label>"
          "<input ref=\"/data/g/b\"><label>B</label></input>"
          "<input ref=\"/data/g/c\"><label>C</label></input>"
          "<input ref=\"/data/g/d\"><label>D</label></input></group>"
          "<input ref=\"/data/e\"><label>E</label></input>"));
    size_t index, total;

    (void)state;
    assert_true(tp_session_goto(session, at(session, "/data/g/d")));
    tp_session_progress(session, &index, &total);
    assert_int_equal(total, 3);
    assert_int_equal(tp_session_together(session, at(session, "/data/g/d")), 0);
    tp_session_set_reading_mode(session, "easy-read");
    tp_session_progress(session, &index, &total);
    assert_int_equal(total, 5);
    assert_int_equal(tp_session_page(session), at(session, "/data/g/b"));
    assert_int_equal(tp_session_together(session, at(session, "/data/g/d")),
                     at(session, "/data/g"));
    assert_int_equal(tp_session_together(session, at(session, "/data/e")), 0);
    assert_true(tp_session_goto(session, at(session, "/data/g/d")));
    tp_session_set_reading_mode(session, "standard");
    assert_int_equal(tp_session_page(session), at(session, "/data/g"));
    assert_true(tp_session_next(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/e"));
    tp_session_set_reading_mode(session, "easy-read");
    assert_int_equal(tp_session_page(session), at(session, "/data/e"));
    close_form(session);
}

static void a_table_is_one_question_a_page(void **state)
{
    struct tp_session *session = open_form(
        F("<t><words/><head/><x/><y/><after/></t>",
          "<bind nodeset=\"/data/t/words\" readonly=\"true()\"/>",
          "<group ref=\"/data/t\" appearance=\"field-list\">"
          "<input ref=\"/data/t/words\"><label>About these</label></input>"
          "<select1 ref=\"/data/t/head\" appearance=\"label\"><label>Have you used it?</label>"
          "<item><label>Yes</label><value>yes</value></item></select1>"
          "<select1 ref=\"/data/t/x\" appearance=\"w1 list-nolabel\"><label>X</label>"
          "<item><label>Yes</label><value>yes</value></item></select1>"
          "<select1 ref=\"/data/t/y\" appearance=\"list-nolabel\"><label>Y</label>"
          "<item><label>Yes</label><value>yes</value></item></select1>"
          "<input ref=\"/data/t/after\"><label>After</label></input></group>"));
    static const char *const pages[] = {"/data/t/x", "/data/t/y", "/data/t/after"};
    const tp_node *nodes;
    size_t count;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        tp_session_page_questions(session, &nodes, &count);
        assert_int_equal(count, 1);
        assert_int_equal(nodes[0], at(session, pages[i]));
        assert_int_equal(tp_session_next(session), i < 2);
    }
    assert_int_equal(tp_session_table_lead(session, at(session, "/data/t/y"), 0),
                     at(session, "/data/t/words"));
    assert_int_equal(tp_session_table_lead(session, at(session, "/data/t/y"), 1),
                     at(session, "/data/t/head"));
    assert_int_equal(tp_session_table_lead(session, at(session, "/data/t/y"), 2), 0);
    assert_int_equal(tp_session_table_lead(session, at(session, "/data/t/after"), 0), 0);
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(easy_read_is_one_question_a_page),
        cmocka_unit_test(a_table_is_one_question_a_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
