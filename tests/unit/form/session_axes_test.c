/* core/form/xpath_rewrite_path: what is read along any axis is known, and calculated again. */
#include "forms.h"

static const struct {
    const char *expression, *before, *after;
} cases[] = {
    {"concat(../group/mark/ancestor::group/name, '')", "", "Ada"},
    {"count(../group/mark/ancestor-or-self::group[name = 'Ada'])", "0", "1"},
    {"concat(../group/mark/preceding-sibling::name, '')", "", "Ada"},
    {"concat(../group/mark/following-sibling::last, '')", "", "Bo"},
    {"count(../group/mark/preceding::name[. = 'Ada'])", "0", "1"},
    {"count(../group/mark/following::last[. = 'Bo'])", "0", "1"},
    {"count(../group/mark/parent::group[name = 'Ada'])", "0", "1"},
    {"string-length(/data/descendant::name)", "0", "3"},
    {"count(//name[string-length(.) &gt; 0])", "0", "1"},
    {"count(/data/descendant-or-self::group[last = 'Bo'])", "0", "1"},
    {"count(/data/group/self::group[last = 'Bo'])", "0", "1"},
    {"string-length(/data/group/child::node()[1])", "0", "3"},
    {"string-length(/data/group/name/text())", "0", "3"},
};

static void what_is_read_along_an_axis_is_calculated_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tp_session *session;
        char xml[2048];

        (void)snprintf(xml, sizeof(xml),
                       F("<group><name/><mark/><last/></group><it/>",
                         "<bind nodeset=\"/data/it\" calculate=\"%s\"/>",
                         "<input ref=\"/data/group/name\"/><input ref=\"/data/group/last\"/>"),
                       cases[i].expression);
        session = open_form(xml);
        if (strcmp(value_at(session, "/data/it"), cases[i].before) != 0)
            fail_msg("%s: '%s' before", cases[i].expression, value_at(session, "/data/it"));
        answer(session, "/data/group/name", "Ada");
        answer(session, "/data/group/last", "Bo");
        if (strcmp(value_at(session, "/data/it"), cases[i].after) != 0)
            fail_msg("%s: '%s' after", cases[i].expression, value_at(session, "/data/it"));
        close_form(session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_along_an_axis_is_calculated_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
