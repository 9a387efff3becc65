/* core/form/session: the values that come with a form, at first, in new repeats, in expressions. */
#include "forms.h"

#define SELECT(control, name)                                                                      \
    "<" control " ref=\"/data/" name "\"><item><label>A</label><value>a</value></item>"            \
    "<item><label>B</label><value>b</value></item></" control ">"
#define REPEAT(inside)                                                                             \
    "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\">" inside "</repeat></group>"

static const char *added(struct tp_session *session, const char *repeat, const char *path)
{
    struct tp_error error = {0};
    tp_node made = 0;

    if (!tp_session_repeat_add(session, at(session, repeat), &made, &error))
        fail_msg("%s", error.text);
    return value_at(session, path);
}

static void what_is_not_of_its_type_goes(void **state)
{
    static const struct {
        const char *type, *given, *kept;
    } cases[] = {
        {"int", " 12 ", "12"},
        {"int", "5.7", "5"},
        {"int", "many", ""},
        {"int", "1,5", ""},
        {"int", "2147483647", "2147483647"},
        {"int", "2147483648", ""},
        {"long", "2147483648", "2147483648"},
        {"decimal", "1.50", "1.5"},
        {"decimal", "1 2", ""},
        {"date", "2026-2-3", "2026-02-03"},
        {"date", "2026-02-30", ""},
        {"date", "2026-02-03T10:00:00", "2026-02-03"},
        {"date", "2026-02-03T10:00:00.000Z", ""},
        {"time", "2026-02-03T10:00:00", ""},
        {"dateTime", "2026-02-03 10:00:00", ""},
        {"date", "10:00", ""},
        {"time", "noon", ""},
        {"dateTime", "10:00:00.000Z", ""},
        {"boolean", "perhaps", "perhaps"},
        {"string", " as it is ", " as it is "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tp_session *session;
        struct tp_buf xml;
        const char *form = F("<q>@GIVEN@</q>", "<bind nodeset=\"/data/q\" type=\"@TYPE@\"/>",
                             "<input ref=\"/data/q\"/>");
        const char *given = strstr(form, "@GIVEN@");
        const char *type = strstr(form, "@TYPE@");

        tp_buf_init(&xml, 100000);
        (void)tp_buf_add(&xml, form, (size_t)(given - form));
        (void)tp_buf_puts(&xml, cases[i].given);
        (void)tp_buf_add(&xml, given + 7, (size_t)(type - given - 7));
        (void)tp_buf_puts(&xml, cases[i].type);
        (void)tp_buf_puts(&xml, type + 6);
        session = open_form(tp_buf_text(&xml));
        if (strcmp(value_at(session, "/data/q"), cases[i].kept) != 0)
            fail_msg("%s '%s': got '%s'", cases[i].type, cases[i].given,
                     value_at(session, "/data/q"));
        close_form(session);
        tp_buf_finish(&xml);
    }
}

static void what_is_no_choice_goes(void **state)
{
    struct tp_session *session =
        open_form(F("<one>z</one><kept> b </kept><many> b  z a </many>",
                    "<bind nodeset=\"/data/many\" type=\"string\"/>",
                    SELECT("select1", "one") SELECT("select1", "kept") SELECT("select", "many")));

    (void)state;
    assert_string_equal(value_at(session, "/data/one"), "");
    assert_string_equal(value_at(session, "/data/kept"), "b");
    assert_string_equal(value_at(session, "/data/many"), "b a");
    close_form(session);
}

static void a_template_is_for_every_new_instance(void **state)
{
    struct tp_session *session =
        open_form(F("<r jr:template=\"\"><a>given</a><n>x</n></r><r><a>own</a></r>",
                    "<bind nodeset=\"/data/r/n\" type=\"int\"/>",
                    REPEAT("<input ref=\"/data/r/a\"/><input ref=\"/data/r/n\"/>")));

    (void)state;
    assert_string_equal(value_at(session, "/data/r[1]/a"), "own");
    assert_string_equal(added(session, "/data/r", "/data/r[2]/a"), "given");
    assert_string_equal(value_at(session, "/data/r[2]/n"), "");
    close_form(session);
}

static void without_a_template_new_instances_are_empty(void **state)
{
    struct tp_session *session =
        open_form(F("<r x=\"1\"><a>first</a><g><b>first</b></g><c/></r><r><d>second</d></r>",
                    "<bind nodeset=\"/data/r/c\" calculate=\"concat(../a, '!')\"/>",
                    REPEAT("<input ref=\"/data/r/a\"/><input ref=\"/data/r/g/b\"/>")));

    (void)state;
    assert_string_equal(value_at(session, "/data/r[1]/g/b"), "first");
    assert_string_equal(value_at(session, "/data/r[1]/d"), "");
    assert_string_equal(value_at(session, "/data/r[2]/d"), "second");
    assert_string_equal(value_at(session, "/data/r[2]/a"), "");
    assert_string_equal(added(session, "/data/r", "/data/r[3]/a"), "");
    assert_string_equal(value_at(session, "/data/r[3]/g/b"), "");
    assert_string_equal(value_at(session, "/data/r[3]/c"), "!");
    assert_string_equal(value_at(session, "/data/r[3]/d"), "");
    close_form(session);
}

static void a_template_is_the_repeats_own(void **state)
{
    struct tp_session *session =
        open_form(F("<r jr:template=\"\"><i><b>given</b></i></r><r><i><b>own</b></i></r>", "",
                    REPEAT("<group ref=\"/data/r/i\"><repeat nodeset=\"/data/r/i\">"
                           "<input ref=\"/data/r/i/b\"/></repeat></group>")));

    (void)state;
    assert_string_equal(added(session, "/data/r", "/data/r[2]/i[1]/b"), "given");
    assert_string_equal(added(session, "/data/r[2]/i", "/data/r[2]/i[2]/b"), "");
    close_form(session);
}

static void nought_and_false_say_no(void **state)
{
    struct tp_session *session =
        open_form(F("<n>0</n><b>false</b><s>0</s><by-n/><by-b/><by-s/><is/>",
                    "<bind nodeset=\"/data/n\" type=\"int\"/>"
                    "<bind nodeset=\"/data/b\" type=\"boolean\"/>"
                    "<bind nodeset=\"/data/by-n\" relevant=\"/data/n\"/>"
                    "<bind nodeset=\"/data/by-b\" relevant=\"/data/b\"/>"
                    "<bind nodeset=\"/data/by-s\" relevant=\"/data/s\"/>"
                    "<bind nodeset=\"/data/is\" calculate=\"/data/b = false()\"/>",
                    "<input ref=\"/data/n\"/><input ref=\"/data/b\"/><input ref=\"/data/by-n\"/>"
                    "<input ref=\"/data/by-b\"/><input ref=\"/data/by-s\"/>"));

    (void)state;
    assert_false(is_asked(session, "/data/by-n"));
    assert_false(is_asked(session, "/data/by-b"));
    assert_true(is_asked(session, "/data/by-s"));
    assert_string_equal(value_at(session, "/data/is"), "true");
    answer(session, "/data/n", "7");
    answer(session, "/data/b", "true");
    assert_true(is_asked(session, "/data/by-n"));
    assert_true(is_asked(session, "/data/by-b"));
    assert_string_equal(value_at(session, "/data/is"), "false");
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_of_its_type_goes),
        cmocka_unit_test(what_is_no_choice_goes),
        cmocka_unit_test(a_template_is_for_every_new_instance),
        cmocka_unit_test(without_a_template_new_instances_are_empty),
        cmocka_unit_test(a_template_is_the_repeats_own),
        cmocka_unit_test(nought_and_false_say_no),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
