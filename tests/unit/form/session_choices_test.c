/* core/form/session: choices that come and go, and what is chosen of them. */
#include "forms.h"

static void choices_that_leave_come_back_with_their_answer(void **state)
{
    static const char xml[] = F_MODEL(
        "<county/><town/>",
        "<instance id=\"towns\"><root>"
        "<item><c>ox</c><name>witney</name><label>Witney</label></item>"
        "<item><c>ox</c><name>bicester</name><label>Bicester</label></item>"
        "<item><c>bu</c><name>slough</name><label>Slough</label></item></root></instance>"
        "<bind nodeset=\"/data/town\" required=\"true()\"/>",
        "<input ref=\"/data/county\"><label>County</label></input>"
        "<select1 ref=\"/data/town\"><label>Town</label>"
        "<itemset nodeset=\"instance('towns')/root/item[c = /data/county]\"><value ref=\"name\"/>"
        "<label ref=\"label\"/></itemset></select1>");
    struct tp_session *session = open_form(xml);
    struct tp_question question;

    (void)state;
    answer(session, "/data/county", "ox");
    answer(session, "/data/town", "bicester");
    answer(session, "/data/county", "bu");
    assert_true(tp_session_question(session, at(session, "/data/town"), &question));
    assert_int_equal(question.choice_count, 1);
    assert_string_equal(question.value, "");
    answer(session, "/data/county", "ox");
    assert_string_equal(value_at(session, "/data/town"), "bicester");
    answer(session, "/data/county", "bu");
    answer(session, "/data/town", "slough");
    answer(session, "/data/county", "ox");
    assert_string_equal(value_at(session, "/data/town"), "");
    close_form(session);
}

static void filters_by_index_mean_what_filters_mean(void **state)
{
    static const char xml[] = F_MODEL(
        "<key/><number/><all/><by_number/><none/><rest/><day/>",
        "<instance id=\"i\"><root>"
        "<item><c>1</c><n>a</n></item><item><c>2</c><c>1</c><n>b</n></item>"
        "<item><c>1.0</c><n>c</n></item><item><n>d</n></item><other><c>1</c><n>e</n></other>"
        "<item><c>2026-11-23</c><n>f</n></item></root></instance>"
        "<bind nodeset=\"/data/number\" type=\"int\"/>"
        "<bind nodeset=\"/data/all\" calculate=\"join(' ', instance('i')/root/item[c = "
        "/data/key]/n)\"/>"
        "<bind nodeset=\"/data/by_number\" calculate=\"join(' ', instance('i')/root/item"
        "[/data/number = c]/n)\"/>"
        "<bind nodeset=\"/data/rest\" calculate=\"join(' ', instance('i')/root/item[c = "
        "/data/key][2]/n)\"/>"
        "<bind nodeset=\"/data/day\" calculate=\"join(' ', instance('i')/root/item[c = "
        "date('2026-11-23')]/n)\"/>",
        "<input ref=\"/data/key\"/><input ref=\"/data/number\"/>");
    struct tp_session *session = open_form(xml);

    (void)state;
    assert_string_equal(value_at(session, "/data/all"), "d");
    assert_string_equal(value_at(session, "/data/day"), "f");
    answer(session, "/data/key", "1");
    assert_string_equal(value_at(session, "/data/all"), "a b");
    assert_string_equal(value_at(session, "/data/rest"), "b");
    answer(session, "/data/number", "1");
    assert_string_equal(value_at(session, "/data/by_number"), "a b c");
    answer(session, "/data/key", "2026-11-23");
    assert_string_equal(value_at(session, "/data/all"), "f");
    close_form(session);
}

/* What an action or a calculation gives is held against the list as an answer is. */
static void an_itemset_keeps_of_what_it_is_given_what_it_offers(void **state)
{
    static const char xml[] = F_MODEL(
        "<q/><one/><many/><worked/><read/>",
        "<instance id=\"l\"><root><item><n>a</n><f>1</f></item><item><n>b</n><f>2</f></item>"
        "</root></instance>"
        "<bind nodeset=\"/data/worked\" calculate=\"if(/data/q = 2, 'a', 'b')\"/>"
        "<bind nodeset=\"/data/read\" calculate=\"concat(/data/one, /data/many)\"/>",
        "<input ref=\"/data/q\">"
        "<setvalue event=\"xforms-value-changed\" ref=\"/data/one\" value=\"'a'\"/>"
        "<setvalue event=\"xforms-value-changed\" ref=\"/data/many\" value=\"' a  b'\"/></input>"
        "<select1 ref=\"/data/one\"><itemset nodeset=\"instance('l')/root/item[f = /data/q]\">"
        "<value ref=\"n\"/><label ref=\"n\"/></itemset></select1>"
        "<select ref=\"/data/many\"><itemset nodeset=\"instance('l')/root/item[f = 2]\">"
        "<value ref=\"n\"/><label ref=\"n\"/></itemset></select>"
        "<select1 ref=\"/data/worked\"><itemset nodeset=\"instance('l')/root/item[f = 2]\">"
        "<value ref=\"n\"/><label ref=\"n\"/></itemset></select1>");
    struct tp_session *session = open_form(xml);

    (void)state;
    assert_string_equal(value_at(session, "/data/worked"), "b");
    answer(session, "/data/q", "2");
    assert_string_equal(value_at(session, "/data/one"), "");
    assert_string_equal(value_at(session, "/data/many"), "b");
    assert_string_equal(value_at(session, "/data/worked"), "");
    assert_string_equal(value_at(session, "/data/read"), "b");
    answer(session, "/data/q", "1");
    assert_string_equal(value_at(session, "/data/one"), "a");
    assert_string_equal(value_at(session, "/data/worked"), "b");
    close_form(session);
}

#define NAMED(name, whose)                                                                         \
    "<select1 ref=\"/data/" name "\"><itemset nodeset=\"instance('l')/root/item[n = "              \
    "jr:choice-name('a', '/data/" whose "')]\"><value ref=\"n\"/><label ref=\"n\"/></itemset>"     \
    "</select1>"

/* Found by a hostile form: it went down the stack. */
static void a_list_that_asks_for_itself_is_empty(void **state)
{
    struct tp_session *session = open_form(F_MODEL(
        "<own/><one/><other/><said/>",
        "<instance id=\"l\"><root><item><n>a</n></item></root></instance>",
        NAMED("own", "own") NAMED("one", "other")
            NAMED("other",
                  "one") "<select1 ref=\"/data/said\"><item><value>a</value><label>A <output "
                         "value=\"jr:choice-name('a', '/data/said')\"/></label></item></select1>"));
    struct tp_choice choice;

    (void)state;
    assert_false(tp_session_choice(session, at(session, "/data/own"), 0, &choice));
    assert_false(tp_session_choice(session, at(session, "/data/one"), 0, &choice));
    assert_true(tp_session_choice(session, at(session, "/data/said"), 0, &choice));
    assert_memory_equal(choice.label.text, "A A ", 4);
    close_form(session);
}

/* Lists that are asked for while another is made; AddressSanitizer sees whether one stays where it
 * was. */
static void lists_may_ask_for_one_another(void **state)
{
    static const char xml[] = F_MODEL(
        "<a/><b/><c/><d/><e/><f/><g/><h/><i/><j/><k>a</k>",
        "<instance id=\"l\"><root><item><n>a</n></item><item><n>b</n></item></root></instance>",
        NAMED("a", "b") NAMED("b", "c") NAMED("c", "d") NAMED("d", "e") NAMED("e", "f")
            NAMED("f", "g") NAMED("g", "h") NAMED("h", "i") NAMED("i", "j")
                NAMED("j", "k") "<select1 ref=\"/data/k\"><itemset "
                                "nodeset=\"instance('l')/root/item\"><value ref=\"n\"/>"
                                "<label ref=\"n\"/></itemset></select1>");
    struct tp_session *session = open_form(xml);
    struct tp_choice choice;

    (void)state;
    assert_true(tp_session_choice(session, at(session, "/data/a"), 0, &choice));
    assert_string_equal(choice.value, "a");
    assert_false(tp_session_choice(session, at(session, "/data/a"), 1, &choice));
    close_form(session);
}

/* Whatever calculates it, and though the form says that it is text. */
static void a_list_of_choices_has_single_spaces(void **state)
{
    struct tp_session *session =
        open_form(F("<m/><t/>",
                    "<bind nodeset=\"/data/m\" type=\"string\" calculate=\"'  b   a '\"/>"
                    "<bind nodeset=\"/data/t\" type=\"string\" calculate=\"'  b   a '\"/>",
                    "<select ref=\"/data/m\"><item><label>A</label><value>a</value></item>"
                    "<item><label>B</label><value>b</value></item></select>"
                    "<input ref=\"/data/t\"/>"));

    (void)state;
    assert_string_equal(value_at(session, "/data/m"), "b a");
    assert_string_equal(value_at(session, "/data/t"), "  b   a ");
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_that_leave_come_back_with_their_answer),
        cmocka_unit_test(filters_by_index_mean_what_filters_mean),
        cmocka_unit_test(an_itemset_keeps_of_what_it_is_given_what_it_offers),
        cmocka_unit_test(a_list_that_asks_for_itself_is_empty),
        cmocka_unit_test(lists_may_ask_for_one_another),
        cmocka_unit_test(a_list_of_choices_has_single_spaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
