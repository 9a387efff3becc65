/* core/form: data beside a form, in CSV, GeoJSON and XML. */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "form/problem.h"
#include "forms.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-media-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static void put_file(const char *name, const char *text)
{
    char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
}

#define SELECT_BY(src, value)                                                                      \
    F_MODEL("<q/><pulled/>",                                                                       \
            "<instance id=\"list\" src=\"" src "\"/>"                                              \
            "<bind nodeset=\"/data/pulled\" calculate=\"pulldata('list', 'label', 'name', "        \
            "/data/q)\"/>",                                                                        \
            "<select1 ref=\"/data/q\"><itemset nodeset=\"instance('list')/root/item\">"            \
            "<value ref=\"" value "\"/><label ref=\"label\"/></itemset></select1>")
#define SELECT(src) SELECT_BY(src, "name")

/* The choices as "value=label|...". */
static void choices_are(const char *xml, const char *wanted)
{
    const struct tp_form_params params = {.media_dir = folder};
    struct tp_form *form = load_form(xml, &params);
    struct tp_session *session = open_session(form, NULL);
    tp_node node = at(session, "/data/q");
    struct tp_question question;
    struct tp_buf got;

    tp_buf_init(&got, 10000);
    assert_true(tp_session_question(session, node, &question));
    for (size_t i = 0; i < question.choice_count; i++) {
        struct tp_choice choice;

        assert_true(tp_session_choice(session, node, i, &choice));
        (void)tp_buf_printf(&got, "%s%s=%s", i ? "|" : "", choice.value, choice.label.text);
    }
    assert_string_equal(tp_buf_text(&got), wanted);
    tp_buf_finish(&got);
    tp_session_destroy(session);
    tp_form_destroy(form);
}

static void media_refused(const char *xml, enum tp_error_code code, const char *words)
{
    const struct tp_form_params params = {.media_dir = folder};
    struct tp_form *form = NULL;
    struct tp_error error = {0};

    assert_false(tp_form_load("test.xml", xml, strlen(xml), &params, &form, &error));
    if (error.code != code || !strstr(error.text, words))
        fail_msg("wanted '%s', got '%s' (%d)", words, error.text, (int)error.code);
}

static void csv_of_every_kind(void **state)
{
    static const char *const files[] = {
        "\xEF\xBB\xBFname,label\na,A\nb,\"B, \"\"b\"\"\"\n",
        "name;label\na;A\nb;\"B, \"\"b\"\"\"",
        "name\tlabel\r\na\tA\r\nb\t\"B, \"\"b\"\"\"\r\n",
        "name|label\ra|A\rb|\"B, \"\"b\"\"\"\r",
        "other,name,label\n1,a,A,too many\n2,b,\"B, \"\"b\"\"\"\n",
        "name,label\n\na,A\n\n\nb,\"B, \"\"b\"\"\"\n\n",
        "name,label\r\n\r\na,A\r\nb,\"B, \"\"b\"\"\"\r\n\r\n",
        "\"name\" ,\"label\"\n\"a\" ,A\n\"b\"\t,\"B, \"\"b\"\"\"  \n",
        "name,label,label\na,A,2\nb,\"B, \"\"b\"\"\",2\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        put_file("list.csv", files[i]);
        choices_are(SELECT("jr://file-csv/list.csv"), "a=A|b=B, \"b\"");
    }
    put_file("list.csv", "name,label\na,\"A\" b\n");
    choices_are(SELECT("jr://file-csv/list.csv"), "a=A b");
    put_file("list.csv", "name,label\na,\"line\nbreak\"\n");
    choices_are(SELECT("jr://file-csv/list.csv"), "a=line\nbreak");
}

static void cells_that_a_row_lacks_are_empty(void **state)
{
    const struct tp_form_params params = {.media_dir = folder};
    struct tp_session *session;

    (void)state;
    put_file("list.csv", "name,label\na\nb,B\n,\n");
    the_form = load_form(F_MODEL("<q/><n/>",
                                 "<instance id=\"list\" src=\"jr://file-csv/list.csv\"/>"
                                 "<bind nodeset=\"/data/n\" "
                                 "calculate=\"count(instance('list')/root/item/label)\"/>",
                                 "<input ref=\"/data/q\"/>"),
                         &params);
    session = open_session(the_form, NULL);
    assert_string_equal(value_at(session, "/data/n"), "3");
    close_form(session);
}

static void broken_csv_is_refused_with_its_line(void **state)
{
    (void)state;
    put_file("list.csv", "name,label\na,A\nb,\"open\n");
    media_refused(SELECT("jr://file-csv/list.csv"), TP_ERR_INVALID,
                  "list.csv: line 3: a quotation mark without its partner");
    put_file("list.csv", "name,label\n\xFF,A\n");
    media_refused(SELECT("jr://file-csv/list.csv"), TP_ERR_INVALID, "not UTF-8");
}

static void geojson_and_xml(void **state)
{
    static const char geojson[] =
        "{\"type\":\"FeatureCollection\",\"features\":["
        "{\"type\":\"Feature\",\"id\":67,\"geometry\":{\"type\":\"Point\",\"coordinates\":[-1.2,51."
        "7]},"
        "\"properties\":{\"name\":\"spire\",\"label\":\"A spire\"}}]}";
    static const char xml[] = "<root><item><name>x</name><label>X</label></item></root>";
    static const char in_namespace[] =
        "<root xmlns=\"urn:other\"><item><name>n</name><label>N</label></item></root>";

    (void)state;
    put_file("list.geojson", geojson);
    choices_are(SELECT("jr://file/list.geojson"), "spire=A spire");
    put_file("list.geojson",
             "\xEF\xBB\xBF{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
             "\"id\":\"own\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]},"
             "\"properties\":{\"id\":\"other\",\"name\":\"n\",\"label\":\"L\"}}]}");
    choices_are(SELECT_BY("jr://file/list.geojson", "id"), "own=L");
    put_file("list.xml", xml);
    choices_are(SELECT("jr://file/list.xml"), "x=X");
    put_file("list.xml", in_namespace);
    choices_are(SELECT("jr://file/list.xml"), "n=N");
    put_file("list.geojson", "{\"type\":\"Feature\"}");
    media_refused(SELECT("jr://file/list.geojson"), TP_ERR_INVALID, "FeatureCollection");
    put_file("list.geojson", "{");
    media_refused(SELECT("jr://file/list.geojson"), TP_ERR_INVALID, "not JSON");
}

static void pulldata_finds_the_first_row(void **state)
{
    const struct tp_form_params params = {.media_dir = folder};
    struct tp_session *session;

    (void)state;
    put_file("list.csv", "name,label\na,First\na,Second\nb,Third\n");
    the_form = load_form(SELECT("jr://file-csv/list.csv"), &params);
    session = open_session(the_form, NULL);
    answer(session, "/data/q", "a");
    assert_string_equal(value_at(session, "/data/pulled"), "First");
    answer(session, "/data/q", "b");
    assert_string_equal(value_at(session, "/data/pulled"), "Third");
    answer(session, "/data/q", "");
    assert_string_equal(value_at(session, "/data/pulled"), "");
    close_form(session);
}

#define ITEM(value, label) "<item><label>" label "</label><value>" value "</value></item>"
#define SEARCH(call, items)                                                                        \
    F("<q/><county>BUCKS</county>", "",                                                            \
      "<select1 ref=\"/data/q\" appearance=\"minimal search(" call ")\">" items                    \
      "</select1><input ref=\"/data/county\"/>")
#define COLUMNS ITEM("code", "town, county")

static void search_looks_choices_up_in_a_file(void **state)
{
    (void)state;
    put_file("towns.csv",
             "code,town,county,size\na,Didcot,Oxon,1\nb,Thame,Oxon,2\nc,Tring,Bucks,2\n");
    choices_are(SEARCH("'towns'", COLUMNS), "a=Didcot, Oxon|b=Thame, Oxon|c=Tring, Bucks");
    choices_are(SEARCH("'towns.csv'", ITEM("code", "town")), "a=Didcot|b=Thame|c=Tring");
    choices_are(SEARCH("'towns', 'matches', 'county', 'Oxon'", COLUMNS),
                "a=Didcot, Oxon|b=Thame, Oxon");
    choices_are(SEARCH("'towns', 'contains', 'county', /data/county", COLUMNS), "c=Tring, Bucks");
    choices_are(SEARCH("'towns', 'startswith', 'town, county', 't'", ITEM("code", "town")),
                "b=Thame|c=Tring");
    choices_are(SEARCH("'towns', 'endswith', 'town', concat('', 'E')", ITEM("code", "town")),
                "b=Thame");
    choices_are(SEARCH("'towns', 'contains', 'town', 't', 'size', 2", ITEM("code", "town")),
                "b=Thame|c=Tring");
    choices_are(SEARCH("'towns', 'contains', 'town', ../county", ITEM("code", "town")), "");
}

static void choices_with_a_number_for_a_name_stay_where_they_are(void **state)
{
    (void)state;
    put_file("towns.csv", "code,town\na,Didcot\nb,Thame\n");
    choices_are(SEARCH("'towns'", ITEM("7", "First") ITEM("code", "town") ITEM("0", "None")),
                "7=First|a=Didcot|b=Thame|0=None");
    choices_are(SEARCH("'towns'", ITEM("7", "First") ITEM("0", "None")), "7=First|0=None");
}

static void search_lists_each_value_once_in_the_order_of_sortby(void **state)
{
    (void)state;
    put_file("towns.csv", "code,town,sortby\na,Didcot,10\nb,Thame,9\na,Again,1\nc,Tring,\n"
                          "d,Wallingford,-2\ne,Bampton,9\n");
    choices_are(SEARCH("'towns'", ITEM("7", "First") ITEM("code", "town")),
                "7=First|d=Wallingford|a=Again|b=Thame|e=Bampton|c=Tring");
    /* of those that match */
    choices_are(SEARCH("'towns', 'startswith', 'town', 'a'", ITEM("code", "town")), "a=Again");
    put_file("towns.csv", "code,town\nb,Thame\na,Didcot\nb,Again\n");
    choices_are(SEARCH("'towns'", ITEM("code", "town")), "b=Thame|a=Didcot");
}

static void a_search_that_is_wrong_is_told(void **state)
{
    static const struct {
        const char *xml;
        const char *words;
    } cases[] = {
        {SEARCH("'none'", COLUMNS), "none.csv"},
        {SEARCH("towns", COLUMNS), "its first part is the name of a file"},
        {SEARCH("'../towns'", COLUMNS), "its first part is the name of a file"},
        {SEARCH("'towns", COLUMNS), "a bracket or a quotation mark is missing"},
        {SEARCH("'towns', 'matches'", COLUMNS), "it has a file; or a file, a way"},
        {SEARCH("'towns', 'near', 'town', 'x'", COLUMNS), "'contains', 'startswith'"},
        {SEARCH("'towns', 'matches', 'to wn', 'x'", COLUMNS), "its third part is a column"},
        {SEARCH("'towns', 'matches', 'town', 'x', '1', 'y'", COLUMNS),
         "its fifth part is a column"},
        {SEARCH("'towns', 'matches', 'town', 'x', 'county', 'y', 'z'", COLUMNS), "more than six"},
        {SEARCH("'towns'", ITEM("the code", "town")), "the name of its choice is a column"},
        {SEARCH("'towns'", ITEM("code", "")), "its choice has no label"},
        {SEARCH("'towns'", ITEM("code", "town, 1x")), "names columns of the file"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        media_refused(cases[i].xml, i ? TP_ERR_INVALID : TP_ERR_NOT_FOUND, cases[i].words);
}

static void names_stay_in_the_folder(void **state)
{
    const struct tp_form_params missing = {.media_dir = folder, .media_may_be_missing = true};

    (void)state;
    media_refused(SELECT("jr://file-csv/../secret.csv"), TP_ERR_UNSUPPORTED, "no file beside");
    media_refused(SELECT("jr://file-csv/.hidden"), TP_ERR_UNSUPPORTED, "no file beside");
    media_refused(SELECT("http://example.org/list.csv"), TP_ERR_UNSUPPORTED, "no file beside");
    media_refused(SELECT("jr://file-csv/none.csv"), TP_ERR_NOT_FOUND, "none.csv");
    tp_form_destroy(load_form(SELECT("jr://file-csv/none.csv"), &missing));
}

#define SEVERAL(control, nodeset)                                                                  \
    F_MODEL("<q/>", "<instance id=\"list\" src=\"jr://file-csv/list.csv\"/>",                      \
            "<" control " ref=\"/data/q\"><itemset nodeset=\"" nodeset "\"><value ref=\"name\"/>"  \
            "<label ref=\"label\"/></itemset></" control ">")

static void names_that_spaces_would_part_are_told(void **state)
{
    static const struct {
        const char *xml;
        size_t problems;
    } forms[] = {
        {SEVERAL("select", "instance('list')/root/item"), 2},
        {SEVERAL("select", "randomize(instance(&quot;list&quot;)/root/item[label != ''])"), 2},
        {SEVERAL("odk:rank", "instance('list')/root/item"), 2},
        {SEVERAL("select1", "instance('list')/root/item"), 0},
    };
    const struct tp_form_params params = {.media_dir = folder};

    (void)state;
    put_file("list.csv", "name,label\na,A\nb c,B\nd\te,D\n");
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct tp_form *form = load_form(forms[i].xml, &params);
        struct tp_problems problems;

        tp_problems_init(&problems);
        tp_form_check_names(form, &problems);
        assert_int_equal(problems.errors, forms[i].problems);
        if (problems.errors) {
            assert_string_equal(problems.items[0].file, "list.csv");
            assert_int_equal(problems.items[0].row, 3);
            assert_string_equal(problems.items[0].column, "name");
            assert_string_equal(problems.items[0].value, "b c");
        }
        tp_problems_finish(&problems);
        tp_form_destroy(form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_of_every_kind),
        cmocka_unit_test(names_that_spaces_would_part_are_told),
        cmocka_unit_test(cells_that_a_row_lacks_are_empty),
        cmocka_unit_test(broken_csv_is_refused_with_its_line),
        cmocka_unit_test(geojson_and_xml),
        cmocka_unit_test(pulldata_finds_the_first_row),
        cmocka_unit_test(search_looks_choices_up_in_a_file),
        cmocka_unit_test(choices_with_a_number_for_a_name_stay_where_they_are),
        cmocka_unit_test(search_lists_each_value_once_in_the_order_of_sortby),
        cmocka_unit_test(a_search_that_is_wrong_is_told),
        cmocka_unit_test(names_stay_in_the_folder),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
