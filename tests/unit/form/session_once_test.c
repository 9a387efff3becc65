/* core/form/session: once() keeps what a question holds; a group holds nothing. */
#include "forms.h"

static void a_question_keeps_what_it_was_first_given(void **state)
{
    struct tp_session *session =
        open_form(F("<a/><b/>", "<bind nodeset=\"/data/b\" calculate=\"once(/data/a)\"/>",
                    "<input ref=\"/data/a\"/>"));

    (void)state;
    assert_string_equal(value_at(session, "/data/b"), "");
    answer(session, "/data/a", "1");
    assert_string_equal(value_at(session, "/data/b"), "1");
    answer(session, "/data/a", "2");
    assert_string_equal(value_at(session, "/data/b"), "1");
    close_form(session);
}

static void a_group_is_asked_afresh(void **state)
{
    struct tp_session *session = open_form(
        F("<a/><g><b>held</b></g>", "<bind nodeset=\"/data/g\" relevant=\"once(/data/a = 1)\"/>",
          "<input ref=\"/data/a\"/><group ref=\"/data/g\"><input ref=\"/data/g/b\"/>"
          "</group>"));

    (void)state;
    assert_false(is_asked(session, "/data/g/b"));
    answer(session, "/data/a", "1");
    assert_true(is_asked(session, "/data/g/b"));
    answer(session, "/data/a", "2");
    assert_false(is_asked(session, "/data/g/b"));
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_keeps_what_it_was_first_given),
        cmocka_unit_test(a_group_is_asked_afresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
