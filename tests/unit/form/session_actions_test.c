/* core/form/session: actions, in JavaRosa's order. */
#include "forms.h"

#define LOAD(name, value)                                                                          \
    "<setvalue event=\"odk-instance-first-load\" ref=\"/data/" name "\" value=\"" value "\"/>"
#define CHANGED(name, value)                                                                       \
    "<setvalue event=\"xforms-value-changed\" ref=\"/data/" name "\" value=\"" value "\"/>"
#define INPUT(name, inside) "<input ref=\"/data/" name "\">" inside "</input>"

static void an_action_sees_what_the_one_before_it_changed(void **state)
{
    struct tp_session *session = open_form(F(
        "<q>1</q><k/><g>x</g><a/><b/><c/><d/>",
        "<bind nodeset=\"/data/k\" calculate=\"/data/q + 1\"/>"
        "<bind nodeset=\"/data/g\" relevant=\"/data/q = 1\"/>" LOAD("a", "/data/k")
            LOAD("b", "/data/g") LOAD("q", "5") LOAD("c", "/data/k") LOAD("d", "/data/g"),
        INPUT("q", "") INPUT("g", "") INPUT("a", "") INPUT("b", "") INPUT("c", "") INPUT("d", "")));

    (void)state;
    assert_string_equal(value_at(session, "/data/a"), "");
    assert_string_equal(value_at(session, "/data/b"), "x");
    assert_string_equal(value_at(session, "/data/c"), "6");
    assert_string_equal(value_at(session, "/data/d"), "");
    close_form(session);
}

static void what_an_action_sets_off_comes_before_the_next(void **state)
{
    struct tp_session *session =
        open_form(F("<q/><k/><a/><b/><c/>", "<bind nodeset=\"/data/k\" calculate=\"/data/a + 1\"/>",
                    INPUT("q", CHANGED("a", "/data/q") CHANGED("b", "concat(/data/k, '.')"))
                        INPUT("a", CHANGED("c", "concat(/data/b, '/', /data/k)")) INPUT("b", "")
                            INPUT("c", "")));

    (void)state;
    answer(session, "/data/q", "1");
    assert_string_equal(value_at(session, "/data/b"), "2.");
    assert_string_equal(value_at(session, "/data/c"), "/2");
    answer(session, "/data/q", "2");
    assert_string_equal(value_at(session, "/data/b"), "3.");
    assert_string_equal(value_at(session, "/data/c"), "2./3");
    close_form(session);
}

static void a_long_row_of_actions_comes_to_its_end(void **state)
{
    const unsigned count = 5000;
    struct tp_session *session;
    struct tp_buf xml;
    char last[32];

    (void)state;
    tp_buf_init(&xml, 16u * 1024 * 1024);
    (void)tp_buf_puts(&xml, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                            "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                            "<data id='x'>");
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&xml, "<q%u/>", i);
    (void)tp_buf_puts(&xml, "</data></instance></model></h:head><h:body>");
    for (unsigned i = 0; i + 1 < count; i++)
        (void)tp_buf_printf(&xml,
                            "<input ref='/data/q%u'><setvalue event='xforms-value-changed' "
                            "ref='/data/q%u' value='/data/q%u + 1'/></input>",
                            i, i + 1, i);
    (void)tp_buf_puts(&xml, "</h:body></h:html>");
    session = open_form(tp_buf_text(&xml));
    answer(session, "/data/q0", "1");
    (void)snprintf(last, sizeof(last), "/data/q%u", count - 1);
    assert_string_equal(value_at(session, last), "5000");
    close_form(session);
    tp_buf_finish(&xml);
}

/* Each action has thousands of readers, which are calculated a bounded number of times. */
static void many_actions_on_what_much_depends_on_come_to_their_end(void **state)
{
    const unsigned count = 8000;
    struct tp_session *session;
    struct tp_buf xml;

    (void)state;
    tp_buf_init(&xml, 16u * 1024 * 1024);
    (void)tp_buf_puts(&xml, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                            "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                            "<data id='x'><hub/>");
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&xml, "<q%u/>", i);
    (void)tp_buf_puts(&xml, "</data></instance>");
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&xml,
                            "<bind nodeset='/data/q%u' calculate='/data/hub + 1'/>"
                            "<setvalue event='odk-instance-first-load' ref='/data/hub' "
                            "value='%u'/>",
                            i, i);
    (void)tp_buf_puts(&xml, "</model></h:head><h:body><input ref='/data/hub'/></h:body></h:html>");
    session = open_form(tp_buf_text(&xml));
    assert_string_equal(value_at(session, "/data/hub"), "7999");
    assert_string_equal(value_at(session, "/data/q0"), "8000");
    assert_string_equal(value_at(session, "/data/q7999"), "8000");
    close_form(session);
    tp_buf_finish(&xml);
}

static void actions_that_set_each_other_off_for_ever_are_stopped(void **state)
{
    struct tp_session *session =
        open_form(F("<a/><b/>", "",
                    INPUT("a", CHANGED("b", "/data/a + 1")) INPUT("b", CHANGED("a", "/data/b"))));

    (void)state;
    answer(session, "/data/a", "1");
    assert_string_not_equal(value_at(session, "/data/b"), "");
    answer(session, "/data/a", "7");
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_action_sees_what_the_one_before_it_changed),
        cmocka_unit_test(what_an_action_sets_off_comes_before_the_next),
        cmocka_unit_test(a_long_row_of_actions_comes_to_its_end),
        cmocka_unit_test(many_actions_on_what_much_depends_on_come_to_their_end),
        cmocka_unit_test(actions_that_set_each_other_off_for_ever_are_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
