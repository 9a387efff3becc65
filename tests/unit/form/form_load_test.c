/* core/form/form: what loads, what is refused, and in which words. */
#include "form/problem.h"
#include "forms.h"

#define NOTHING F("<q/>", "", "<input ref=\"/data/q\"><label>Q</label></input>")

static void what_a_form_is_called(void **state)
{
    struct tp_form *form = load_form(NOTHING, NULL);

    (void)state;
    assert_string_equal(tp_form_id(form), "test");
    assert_string_equal(tp_form_version(form), "7");
    assert_string_equal(tp_form_title(form), "Test");
    assert_int_equal(tp_form_language_count(form), 0);
    tp_form_destroy(form);
    tp_form_destroy(NULL);
}

static void files_that_are_no_forms_are_refused(void **state)
{
    (void)state;
    refused("", TP_ERR_INVALID, "not well-formed XML");
    refused("<h:html>", TP_ERR_INVALID, "line 1: not well-formed XML");
    refused("<html/>", TP_ERR_INVALID, "not an XForm");
    refused("<html><head/><body/></html>", TP_ERR_INVALID, "<model>");
    refused("<!DOCTYPE html><html/>", TP_ERR_UNSUPPORTED, "document type declaration");
    refused("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>", TP_ERR_UNSUPPORTED,
            "document type declaration");
}

static void caps_hold(void **state)
{
    struct tp_buf xml;

    (void)state;
    tp_buf_init(&xml, 1 << 24);
    for (unsigned i = 0; i < TP_FORM_DEPTH_MAX + 1; i++)
        (void)tp_buf_puts(&xml, "<a>");
    refused(tp_buf_text(&xml), TP_ERR_LIMIT, "nested more than 100 deep");
    tp_buf_finish(&xml);
}

static void expressions_are_checked_at_once(void **state)
{
    (void)state;
    refused(F("<q/>", "<bind nodeset=\"/data/q\" relevant=\"1 +\"/>", ""), TP_ERR_INVALID,
            "relevant of /data/q: a value is missing at the end: 1 +");
    refused(F("<q/>", "<bind nodeset=\"/data/q\" calculate=\"slected(/data/q, 'a')\"/>", ""),
            TP_ERR_INVALID, "there is no function slected(); did you mean selected()?");
    refused(F("<q/>", "<bind nodeset=\"/data/q\" constraint=\"regex(.)\"/>", ""), TP_ERR_INVALID,
            "regex() takes 2 arguments, not 1");
    refused(F("<q/>", "", "<input ref=\"/data/r\"/>"), TP_ERR_INVALID,
            "<input> refers to '/data/r', which the instance does not have");
    refused(F("<q/>", "", "<input ref=\"/data/q\"><label ref=\"jr:itext('x')\"/></input>"),
            TP_ERR_INVALID, "refers to the text 'x'");
    refused(F("<q/>", "", "<select1 ref=\"/data/q\"><item><label>A</label></item></select1>"),
            TP_ERR_INVALID, "an <item> has no <value>");
}

static void cycles_are_named_link_by_link(void **state)
{
    (void)state;
    refused(F("<a/><b/><c/>",
              "<bind nodeset=\"/data/a\" calculate=\"/data/b + 1\"/>"
              "<bind nodeset=\"/data/b\" calculate=\"/data/c + 1\"/>"
              "<bind nodeset=\"/data/c\" calculate=\"/data/a + 1\"/>",
              ""),
            TP_ERR_INVALID,
            "a cycle: calculate of /data/a reads /data/b, so calculate of /data/b reads /data/c, "
            "so calculate of /data/c reads /data/a");
    refused(F("<a/>", "<bind nodeset=\"/data/a\" relevant=\"/data/a = 1\"/>", ""), TP_ERR_INVALID,
            "relevant of /data/a reads /data/a");
    refused(F("<g><a/></g>", "<bind nodeset=\"/data/g\" relevant=\"/data/g/a = 1\"/>", ""),
            TP_ERR_INVALID,
            "a cycle: relevant of /data/g reads /data/g/a, so relevant of /data/g/a needs /data/g");
    tp_form_destroy(load_form(
        F("<a/><b/>",
          "<bind nodeset=\"/data/a\" constraint=\". &lt; /data/b\" required=\"/data/b = ''\"/>"
          "<bind nodeset=\"/data/b\" constraint=\". &gt; /data/a\" required=\"/data/a = ''\"/>",
          ""),
        NULL));
}

/* Other devices keep a log there; it asks nobody for a file. */
static void an_audit_stays_empty(void **state)
{
    static const char xml[] =
        "<html><head><title/><model><instance><data id=\"x\"><q/><meta><audit/></meta></data>"
        "</instance><bind nodeset=\"/data/meta/audit\" type=\"binary\"/></model></head>"
        "<body><input ref=\"/data/q\"/></body></html>";
    struct tp_session *session = open_form(xml);

    (void)state;
    assert_string_equal(value_at(session, "/data/meta/audit"), "");
    close_form(session);
}

/* The problems of a form that must not load. */
static void problems_of(const char *xml, struct tp_problems *problems)
{
    const struct tp_form_params params = {.problems = problems};
    struct tp_form *form = NULL;
    struct tp_error error = {0};

    tp_problems_init(problems);
    assert_false(tp_form_load("test.xml", xml, strlen(xml), &params, &form, &error));
    assert_null(form);
    assert_string_equal(error.text, problems->items[0].text);
}

static void every_cycle_is_named_with_its_line(void **state)
{
    struct tp_problems problems;

    (void)state;
    problems_of(F("<a/><b/><c/><d/><e/>",
                  "\n<bind nodeset=\"/data/a\" calculate=\"/data/b\"/>"
                  "\n<bind nodeset=\"/data/b\" calculate=\"/data/a\"/>"
                  "\n<bind nodeset=\"/data/c\" calculate=\"/data/d\"/>"
                  "\n<bind nodeset=\"/data/d\" relevant=\"/data/c = 1\"/>"
                  "\n<bind nodeset=\"/data/e\" calculate=\"/data/a\"/>",
                  ""),
                &problems);
    assert_int_equal(problems.count, 2);
    assert_string_equal(problems.items[0].text,
                        "test.xml: line 2: a cycle: calculate of /data/a reads /data/b, so "
                        "calculate of /data/b reads /data/a");
    assert_string_equal(problems.items[1].text,
                        "test.xml: line 4: a cycle: calculate of /data/c reads /data/d, so "
                        "relevant of /data/d reads /data/c");
    tp_problems_finish(&problems);
}

static void a_wrong_expression_is_named_with_its_line(void **state)
{
    (void)state;
    refused(F("<q/>", "\n<bind nodeset=\"/data/q\"\n relevant=\"1 +\"/>", ""), TP_ERR_INVALID,
            "test.xml: line 3: relevant of /data/q: a value is missing at the end: 1 +");
    refused(F("<q/>", "",
              "<select1 ref=\"/data/q\">\n<itemset nodeset=\"instance('a')/b[\">"
              "<value ref=\"c\"/></itemset></select1>"),
            TP_ERR_INVALID, "test.xml: line 2: choices of /data/q: ");
}

static void what_no_screen_can_ask_is_refused_by_name(void **state)
{
    static const struct {
        const char *model, *body, *words;
    } cases[] = {
        {"", "<upload ref=\"/data/q\" mediatype=\"image/*\"/>", "photo, sound, video and file"},
        {"<bind nodeset=\"/data/q\" type=\"geopoint\"/>", "", "location capture"},
        {"<bind nodeset=\"/data/q\" type=\"xsd:barcode\"/>", "", "barcodes"},
        {"<bind nodeset=\"/data/q\" type=\"binary\"/>", "", "file answers"},
        {"<bind nodeset=\"/data/meta/audit\" type=\"binary\" odk:location-priority=\"balanced\"/>",
         "", "location capture"},
        {"", "<input ref=\"/data/q\" appearance=\"numbers ex:org.app\"/>", "external apps"},
        {"", "<input ref=\"/data/q\" appearance=\"ethiopian\"/>", "non-Gregorian calendars"},
        {"<instance id=\"l\" src=\"jr://instance/last-saved\"/>", "", "the person before"},
        {"<odk:setgeopoint event=\"odk-instance-first-load\" ref=\"/data/q\"/>", "",
         "location capture"},
        {"<odk:recordaudio event=\"odk-instance-load\" ref=\"/data/q\"/>", "", "background audio"},
        {"<bind nodeset=\"/data/q\" odk:saveto=\"p\"/>", "", "entities"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tp_buf xml;
        const char *form = F("<q/>", "@MODEL@", "@BODY@");
        const char *model = strstr(form, "@MODEL@");
        const char *body = strstr(form, "@BODY@");

        tp_buf_init(&xml, 100000);
        (void)tp_buf_add(&xml, form, (size_t)(model - form));
        (void)tp_buf_puts(&xml, cases[i].model);
        (void)tp_buf_add(&xml, model + 7, (size_t)(body - model - 7));
        (void)tp_buf_puts(&xml, cases[i].body);
        (void)tp_buf_puts(&xml, body + 6);
        refused(tp_buf_text(&xml), TP_ERR_UNSUPPORTED, cases[i].words);
        tp_buf_finish(&xml);
    }
}

static void entities_are_refused_wherever_they_are_declared(void **state)
{
    (void)state;
    refused(F("<q/><meta><entity dataset=\"trees\"/></meta>", "", "<input ref=\"/data/q\"/>"),
            TP_ERR_UNSUPPORTED, "'entity': a public screen does not do entities");
    refused(F("<r><q/><meta><entity dataset=\"trees\"/></meta></r>", "",
              "<repeat nodeset=\"/data/r\"><input ref=\"/data/r/q\"/></repeat>"),
            TP_ERR_UNSUPPORTED, "'entity': a public screen does not do entities");
    /* a question of that name is none */
    tp_form_destroy(load_form(F("<entity/>", "", "<input ref=\"/data/entity\"/>"), NULL));
}

static void a_form_without_meta_gets_an_instance_id(void **state)
{
    static const char xml[] =
        "<html><head><title/><model><instance><data id=\"x\"><q/></data></instance></model></head>"
        "<body><input ref=\"/data/q\"/></body></html>";
    struct tp_session *session = open_form(xml);

    (void)state;
    assert_memory_equal(value_at(session, "/data/meta/instanceID"), "uuid:", 5);
    close_form(session);
}

/* Found by the fuzzer: a second <meta> made a repeat of it, and the answers had no name. */
static void of_two_binds_the_last_says_what_always_holds(void **state)
{
    struct tp_session *session =
        open_form(F("<q/><w/>",
                    "<bind nodeset=\"/data/q\" required=\"true()\" calculate=\"1 + 1\"/>"
                    "<bind nodeset=\"/data/q\" readonly=\"true()\"/>"
                    "<bind nodeset=\"/data/w\" required=\"/data/q = 2\"/>"
                    "<bind nodeset=\"/data/w\" type=\"int\"/>",
                    "<input ref=\"/data/q\"/><input ref=\"/data/w\"/>"));
    struct tp_question question;

    (void)state;
    assert_true(tp_session_question(session, at(session, "/data/q"), &question));
    assert_false(question.required);
    assert_string_equal(question.value, "2");
    assert_true(tp_session_question(session, at(session, "/data/w"), &question));
    assert_true(question.required);
    close_form(session);
}

static void a_form_has_one_instance_id(void **state)
{
    (void)state;
    refused(F("<q/><meta><instanceID/></meta>", "", "<input ref=\"/data/q\"/>"), TP_ERR_INVALID,
            "<meta> is there more than once");
    refused(F("<q/>", "", "<repeat nodeset=\"/data/meta\"/>"), TP_ERR_INVALID,
            "there more than once");
    refused(F("<q/><meta><instanceID><a/></instanceID></meta>", "", ""), TP_ERR_INVALID,
            "<instanceID> holds <a>");
}

/* One of each part of loading, and what is right beside them stays unmentioned. */
static void all_problems_are_named_at_once(void **state)
{
    static const char xml[] = F_MODEL(
        "<q/><r/><s/><place/>",
        "<itext><translation lang=\"en\"><text><value>T</value></text></translation></itext>"
        "<instance id=\"gone\" src=\"jr://file-csv/gone.csv\"/>"
        "<instance id=\"last\" src=\"jr://instance/last-saved\"/>"
        "<bind nodeset=\"/data/q\" relevant=\"1 +\" constraint=\"wobble(.)\"/>"
        "<bind nodeset=\"/data/r\" calculate=\"/data/s\"/>"
        "<bind nodeset=\"/data/s\" calculate=\"/data/r\"/>"
        "<bind nodeset=\"/data/place\" type=\"geopoint\"/>"
        "<setvalue event=\"odk-instance-first-load\" ref=\"/data/nowhere\" value=\"1\"/>",
        "<input ref=\"/data/q\"/><input ref=\"/data/missing\"/>"
        "<select1 ref=\"/data/r\"><item><label>no value</label></item><itemset "
        "nodeset=\"instance('gone')/root/item[\"><value ref=\"name\"/></itemset></select1>");
    static const char *const said[] = {
        "does not do answers of the person before",
        "does not do location capture",
        "a <text> has no id",
        "instance 'gone': ",
        "refers to '/data/missing'",
        "relevant of /data/q",
        "constraint of /data/q",
        "choices of /data/r",
        "<item> has no <value>",
        "'/data/nowhere'",
        "a cycle: ",
    };
    const size_t count = sizeof(said) / sizeof(said[0]);
    struct tp_problems problems;

    (void)state;
    problems_of(xml, &problems);
    for (size_t i = 0; i < count; i++) {
        bool found = false;

        for (size_t k = 0; k < problems.count; k++)
            found |= strstr(problems.items[k].text, said[i]) != NULL;
        if (!found)
            fail_msg("nothing said of: %s", said[i]);
    }
    for (size_t k = 0; problems.count != count && k < problems.count; k++)
        print_message("said: %s\n", problems.items[k].text);
    assert_int_equal(problems.count, count);
    assert_true(problems.items[0].unsupported);
    tp_problems_finish(&problems);
}

/* A screen passes by what it cannot read of a text; an author is told. */
static void an_output_that_cannot_be_read_is_named_with_its_line(void **state)
{
    static const char xml[] = F_MODEL(
        "<q/>",
        "<itext><translation lang=\"en\"><text id=\"q\">\n<value>A <output value=\"no()\"/></value>"
        "</text><text id=\"c\">\n<value><output value=\"1 +\"/></value></text></translation>"
        "<translation lang=\"pl\"><text id=\"q\">\n<value><output ref=\"/data/\"/></value></text>"
        "</translation></itext><instance id=\"i\"><root><item><n>1</n><t>c</t></item></root>"
        "</instance>",
        "<select1 ref=\"/data/q\"><label ref=\"jr:itext('q')\"/>\n<hint><output "
        "value=\"]\"/></hint>"
        "<itemset nodeset=\"instance('i')/root/item\"><value ref=\"n\"/><label "
        "ref=\"jr:itext(t)\"/></itemset></select1>");
    static const char *const said[] = {
        "test.xml: line 2: output of /data/q: there is no function no()",
        "test.xml: line 4: output of /data/q: ",
        "test.xml: line 5: output of /data/q: ",
        "test.xml: line 3: a choice of /data: ",
    };
    struct tp_form *form = load_form(xml, NULL);
    struct tp_problems problems;

    (void)state;
    tp_form_destroy(form);
    problems_of(xml, &problems);
    assert_int_equal(problems.count, 4);
    for (size_t i = 0; i < problems.count; i++)
        assert_memory_equal(problems.items[i].text, said[i], strlen(said[i]));
    tp_problems_finish(&problems);
}

static void a_file_that_is_no_form_has_one_problem(void **state)
{
    struct tp_problems problems;

    (void)state;
    problems_of("<h:html", &problems);
    assert_int_equal(problems.count, 1);
    tp_problems_finish(&problems);
}

static void every_allocation_may_fail(void **state)
{
    static const char xml[] = F_MODEL(
        "<q/><r jr:template=\"\"><a/></r>",
        "<itext><translation lang=\"en\"><text id=\"t\"><value>T</value></text></translation>"
        "</itext><instance id=\"i\"><root><item><n>1</n></item></root></instance>"
        "<bind nodeset=\"/data/q\" relevant=\"/data/r/a = 1 or 1.5 &gt; 1\"/>",
        "<select1 ref=\"/data/q\"><label ref=\"jr:itext('t')\"/><itemset "
        "nodeset=\"instance('i')/root/item\"><value ref=\"n\"/></itemset></select1>"
        "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat>"
        "</group>");
    bool loaded = false;

    (void)state;
    for (uint64_t nth = 1; !loaded; nth++) {
        struct tp_form *form = NULL;
        struct tp_error error = {0};

        tp_mem_fail_at(nth);
        loaded = tp_form_load("test.xml", xml, strlen(xml), NULL, &form, &error);
        tp_mem_fail_at(0);
        if (!loaded && error.code != TP_ERR_MEMORY && error.code != TP_ERR_INVALID)
            fail_msg("allocation %llu: %s", (unsigned long long)nth, error.text);
        tp_form_destroy(form);
        assert_true(nth < 100000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_form_is_called),
        cmocka_unit_test(files_that_are_no_forms_are_refused),
        cmocka_unit_test(caps_hold),
        cmocka_unit_test(expressions_are_checked_at_once),
        cmocka_unit_test(cycles_are_named_link_by_link),
        cmocka_unit_test(an_audit_stays_empty),
        cmocka_unit_test(every_cycle_is_named_with_its_line),
        cmocka_unit_test(a_wrong_expression_is_named_with_its_line),
        cmocka_unit_test(what_no_screen_can_ask_is_refused_by_name),
        cmocka_unit_test(entities_are_refused_wherever_they_are_declared),
        cmocka_unit_test(a_form_without_meta_gets_an_instance_id),
        cmocka_unit_test(of_two_binds_the_last_says_what_always_holds),
        cmocka_unit_test(a_form_has_one_instance_id),
        cmocka_unit_test(all_problems_are_named_at_once),
        cmocka_unit_test(an_output_that_cannot_be_read_is_named_with_its_line),
        cmocka_unit_test(a_file_that_is_no_form_has_one_problem),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
