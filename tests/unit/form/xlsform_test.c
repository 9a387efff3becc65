/* core/form/xlsform: what workbooks mean, seen in the XForm by XPath. */
#include "conversions.h"
#include "form/form.h"

#define BIND(name) "//x:bind[@nodeset='/data/" name "']"

static void settings_name_the_form(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | text | q | Q |\n"
            "| settings |\n| | form_title | form_id | version | style |\n"
            "| | Your library | library | 2026110101 | pages |\n");
    assert_string_equal(form.form_id, "library");
    assert_string_equal(form.title, "Your library");
    assert_string_equal(form.version, "2026110101");
    assert_null(form.consultation);
    assert_int_equal(form.media_count, 0);
    expect("//h:title", "Your library");
    expect("//x:instance/x:data/@id", "library");
    expect("//x:instance/x:data/@version", "2026110101");
    expect("//h:body/@class", "pages");
    expect(BIND("meta/instanceID") "/@jr:preload", "uid");
}

static void form_id_counts_before_its_older_name(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | text | q | Q |\n"
            "| settings |\n| | form_id | id_string |\n| | new | old |\n");
    assert_string_equal(form.form_id, "new");
}

static void without_settings_the_file_names_the_form(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | text | q | Q |\n");
    assert_string_equal(form.form_id, "t");
    assert_string_equal(form.title, "t");
    assert_string_equal(form.version, "");
}

struct type_case {
    const char *type;
    const char *control; /* "" where nothing is shown */
    const char *data;
};

static void types_have_their_control_and_data(void **state)
{
    static const struct type_case cases[] = {
        {"text", "input", "string"},
        {"integer", "input", "int"},
        {"int", "input", "int"},
        {"decimal", "input", "decimal"},
        {"date", "input", "date"},
        {"time", "input", "time"},
        {"dateTime", "input", "dateTime"},
        {"datetime", "input", "dateTime"},
        {"note", "input", "string"},
        {"acknowledge", "trigger", "string"},
        {"range", "range", "int"},
        {"hidden", "", "string"},
        {"start", "", "dateTime"},
        {"end", "", "dateTime"},
        {"today", "", "date"},
        {"deviceid", "", "string"},
        {"percentage", "input", "int"},
        {"select_one l", "select1", "string"},
        {"select one l", "select1", "string"},
        {"select1 l", "select1", "string"},
        {"select_multiple l", "select", "string"},
        {"select all that apply from l", "select", "string"},
        {"rank l", "odk:rank", "odk:rank"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char markdown[512];

        (void)snprintf(markdown, sizeof(markdown),
                       "| survey |\n| | type | name | label |\n| | %s | q | Q |\n"
                       "| choices |\n| | list_name | name | label |\n| | l | a | A |\n",
                       cases[i].type);
        convert(markdown);
        expect("name(//*[@ref='/data/q'])", cases[i].control);
        expect(BIND("q") "/@type", cases[i].data);
        (void)finish(NULL);
    }
}

static void logic_goes_to_the_bind(void **state)
{
    (void)state;
    convert("| survey |\n"
            "| | type | name | label | required | required_message | relevant | constraint | "
            "constraint_message | readonly | calculation | default |\n"
            "| | text | a | A | yes | Say it | | | | | | x |\n"
            "| | integer | b | B | | | ${a} = 'x' | . > 1 | More | | | |\n"
            "| | text | c | C | | | | | | TRUE | | today() |\n"
            "| | calculate | d | | | | | | | | ${b} * 2 | |\n");
    expect(BIND("a") "/@required", "true()");
    expect(BIND("a") "/@jr:requiredMsg", "Say it");
    expect("//x:instance/x:data/x:a", "x");
    expect(BIND("b") "/@relevant", "/data/a = 'x'");
    expect(BIND("b") "/@constraint", ". > 1");
    expect(BIND("b") "/@jr:constraintMsg", "More");
    expect(BIND("c") "/@readonly", "true()");
    expect("//x:model/x:setvalue[@ref='/data/c']/@value", "today()");
    expect("//x:model/x:setvalue[@ref='/data/c']/@event", "odk-instance-first-load");
    expect("//x:instance/x:data/x:c", "");
    expect(BIND("d") "/@calculate", "/data/b * 2");
    expect("count(//h:body/*)", "3");
}

static void translations_are_itext(void **state)
{
    (void)state;
    convert("| survey |\n"
            "| | type | name | label::English (en) | label::Polish (pl) | hint | "
            "media::image::English (en) | image_alt::English (en) | constraint | "
            "constraint_message::English (en) |\n"
            "| | integer | a | Age | Wiek | A hint | age.svg | A cake | . > 0 | More |\n"
            "| | note | b | Only English | | | | | | |\n"
            "| settings |\n| | default_language |\n| | English (en) |\n");
    expect("//x:input[@ref='/data/a']/x:label/@ref", "jr:itext('/data/a:label')");
    expect("//x:translation[@lang='English (en)']/@default", "true()");
    expect("//x:translation[@lang='Polish (pl)']/x:text[@id='/data/a:label']/x:value", "Wiek");
    expect(
        "//x:translation[@lang='English (en)']/x:text[@id='/data/a:label']/x:value[@form='image']",
        "jr://images/age.svg");
    expect("//x:translation[@lang='English (en)']/x:text[@id='/data/a:label']/x:value[@form='alt']",
           "A cake");
    expect("//x:input[@ref='/data/a']/x:hint", "A hint");
    expect(BIND("a") "/@jr:constraintMsg", "jr:itext('/data/a:jr:constraintMsg')");
    /* What is not translated is left out, so that the default stands in. */
    expect("count(//x:translation[@lang='Polish (pl)']/x:text[@id='/data/b:label'])", "0");
    assert_int_equal(form.media_count, 1);
    assert_string_equal(form.media[0], "age.svg");
}

static void a_text_without_a_language_is_the_defaults(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | label::Polish (pl) |\n"
            "| | note | a | Age | Wiek |\n");
    expect("//x:translation[@lang='default']/@default", "true()");
    expect("//x:translation[@lang='default']/x:text[@id='/data/a:label']/x:value", "Age");
    expect("//x:translation[@lang='Polish (pl)']/x:text/x:value", "Wiek");
}

static void the_default_s_own_text_counts_before_one_without_a_language(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | label::English (en) | label::Polish (pl) |\n"
            "| | note | a | Years | Age | Wiek |\n"
            "| settings |\n| | default_language |\n| | English (en) |\n");
    expect("//x:translation[@lang='English (en)']/x:text[@id='/data/a:label']/x:value", "Age");
    expect("count(//x:value[. = 'Years'])", "0");
}

static void easy_read_has_a_sentence_a_line(void **state)
{
    (void)state;
    convert(
        "| survey |\n| | type | name | label::English (en) | label::Easy Read (en-simple) |\n"
        "| | note | a | One. Two. | **We ask.** You answer, e.g. here. It is 3.5 miles! Done<br>"
        "<br>Next. |\n"
        "| consultation |\n| | name | value | value::Easy Read (en-simple) |\n"
        "| | who | We ask. You say. | We ask. You say. |\n");
    assert_non_null(strstr(
        form.xml,
        "<value>**We ask.**\nYou answer, e.g. here.\nIt is 3.5 miles!\nDone\n\nNext.</value>"));
    assert_non_null(strstr(form.xml, "<value>One. Two.</value>"));
    assert_non_null(strstr(form.consultation, "\"default\": \"We ask. You say.\""));
    assert_non_null(strstr(form.consultation, "\"en-simple\": \"We ask.\\nYou say.\""));
    assert_null(strstr(form.consultation, "warnings"));
}

static void a_package_without_easy_read_says_so(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | note | a | One. |\n"
            "| consultation |\n| | name | value |\n| | who | We ask. |\n");
    assert_non_null(strstr(form.consultation, "\"warnings\""));
    assert_non_null(strstr(form.consultation, "no Easy Read: people who choose it are shown"));
}

static void references_in_labels_are_outputs(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | text | a | A |\n"
            "| | note | b | You < said ${a} & more |\n");
    expect("//x:input[@ref='/data/b']/x:label/x:output/@value", "/data/a");
    expect("//x:input[@ref='/data/b']/x:label", "You < said & more");
}

static void references_inside_a_repeat_are_relative(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | calculation | default |\n"
            "| | begin_repeat | r | R | | |\n| | text | a | A | | |\n"
            "| | begin_group | g | G | | |\n| | calculate | b | | ${a} | |\n"
            "| | text | d | D | | now() |\n| | end_group | | | | |\n"
            "| | end_repeat | | | | |\n| | calculate | c | | count(${r}) | |\n");
    expect(BIND("r/g/b") "/@calculate", "../../a");
    expect(BIND("c") "/@calculate", "count( /data/r )");
    expect("count(//x:instance/x:data/x:r)", "2");
    expect("count(//x:instance/x:data/x:r[@jr:template])", "1");
    expect("//x:repeat/@nodeset", "/data/r");
    expect("//x:repeat/x:setvalue/@event", "odk-new-repeat");
    expect("//x:repeat/x:setvalue/@ref", "/data/r/g/d");
}

static void a_repeat_counts_by_a_node_of_its_own(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | repeat_count |\n"
            "| | begin_repeat | r | R | 3 |\n| | text | a | A | |\n| | end_repeat | | | |\n");
    expect("//x:repeat/@jr:count", "/data/r_count");
    expect(BIND("r_count") "/@calculate", "3");
}

static void groups_carry_appearance_and_label(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | appearance | relevant |\n"
            "| | begin group | g | G | field-list | 1 = 1 |\n| | text | a | A | multiline | |\n"
            "| | end group | | | | |\n");
    expect("//x:group/@appearance", "field-list");
    expect("//x:group/@ref", "/data/g");
    expect("//x:group/x:label", "G");
    expect(BIND("g") "/@relevant", "1 = 1");
    expect("//x:group/x:input/@appearance", "multiline");
}

static void what_the_form_says_itself_is_not_set_by_a_column(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | body::ref | body::rows |\n"
            "| | text | q | Q | /data/other | 3 |\n");
    expect("//x:input/@ref", "/data/q");
    expect("//x:input/@rows", "3");
}

/* Of each length: memory is given out in steps. */
static void words_of_any_length_are_whole(void **state)
{
    char workbook[256];

    for (int length = 1; length <= 40; length++) {
        char wanted[16];

        (void)snprintf(
            workbook, sizeof(workbook),
            "| survey |\n| | type | name | label | hint |\n| | text | q | %.*s | hint |\n", length,
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
        (void)snprintf(wanted, sizeof(wanted), "%d", length);
        convert(workbook);
        expect("string-length(//x:input/x:label)", wanted);
        (void)finish(state);
    }
}

/* An older way of headers, in which a name of JavaRosa's has a colon of its own. */
static void headers_may_be_parted_by_single_colons(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label:fr | bind:constraint | bind:jr:constraintMsg:fr | "
            "bind:jr:requiredMsg |\n| | integer | q | Q | . > 1 | Trop petit | Needed |\n");
    expect(BIND("q") "/@constraint", ". > 1");
    expect("//x:translation[@lang='fr']/x:text[@id='/data/q:jr:constraintMsg']/x:value",
           "Trop petit");
    expect(BIND("q") "/@jr:requiredMsg", "Needed");
}

static void a_trigger_sets_a_value(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | trigger | calculation |\n"
            "| | text | a | A | | |\n| | calculate | b | | ${a} | now() |\n");
    expect("//x:input[@ref='/data/a']/x:setvalue/@ref", "/data/b");
    expect("//x:input[@ref='/data/a']/x:setvalue/@event", "xforms-value-changed");
    expect("count(" BIND("b") "/@calculate)", "0");
}

/* Nobody changes a hidden question, so nothing is set when it does; the author is warned. */
static void a_trigger_that_is_not_shown_sets_nothing(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | trigger | calculation |\n"
            "| | hidden | a | | | |\n| | calculate | b | | ${a} | now() |\n");
    expect("count(//x:setvalue)", "0");
}

static void a_file_is_no_question(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label::Polish (pl) | label | trigger |\n"
            "| | text | a | | A | |\n| | csv-external | b | B | | ${a} |\n");
    expect("count(//x:setvalue)", "0");
    expect("count(//x:itext)", "0");
    expect("//x:instance[2]/@src", "jr://file-csv/b.csv");
}

static void a_table_list_ends_at_the_next_end(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | appearance |\n"
            "| | begin_group | t | | table-list |\n"
            "| | select_one l | a | A | search('l') |\n"
            "| | begin_group | g | | |\n| | select_one l | b | B | |\n| | end_group | | | |\n"
            "| | select_one l | c | C | |\n| | end_group | | | |\n"
            "| choices |\n| | list_name | name | label |\n| | l | x | X |\n");
    expect("//x:select1[@ref='/data/t/a']/@appearance", "list-nolabel");
    expect("//x:select1[@ref='/data/t/g/b']/@appearance", "list-nolabel");
    expect("count(//x:select1[@ref='/data/t/c']/@appearance)", "0");
    expect("count(//x:select1[@appearance='label'])", "1");
}

static void older_names_and_letter_case_are_understood(void **state)
{
    (void)state;
    convert("| SURVEY |\n| | Type | NAME | Caption | Relevance | bind:required |\n"
            "| | string | q | Q | 1=1 | true |\n| Notes for us |\n| | anything |\n");
    expect(BIND("q") "/@relevant", "1=1");
    expect(BIND("q") "/@required", "true()");
    expect("//x:input/x:label", "Q");
}

static void notes_to_authors_are_passed_by(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | _note | media |\n| | text | q | Q | Ask Ann | "
            "ann.png "
            "|\n| | | | | only a note | |\n");
    assert_null(strstr(form.xml, "Ask Ann"));
    assert_null(strstr(form.xml, "ann.png"));
    assert_null(strstr(form.xml, "only a note"));
}

static void odd_characters_stay_well_formed(void **state)
{
    (void)state;
    convert(
        "| survey |\n| | type | name | label | constraint_message | constraint |\n"
        "| | text | q | <b>&amp; \"x\" \x01\xEF\xBF\xBE ok | a \"b\"<br>c & <d> | . != \"<\" |\n");
    expect("//x:input/x:label", "<b>&amp; \"x\" ok");
    expect(BIND("q") "/@constraint", ". != \"<\"");
    expect(BIND("q") "/@jr:constraintMsg", "a \"b\" c & <d>");
}

static void the_engine_loads_what_comes_out(void **state)
{
    struct tp_form *loaded = NULL;
    struct tp_error error = {0};

    (void)state;
    convert("| survey |\n| | type | name | label::English (en) | relevant |\n"
            "| | select_one l | q | Q | |\n| | begin_repeat | r | R | ${q} = 'a' |\n"
            "| | text | t | T | |\n| | end_repeat | | | |\n"
            "| choices |\n| | list_name | name | label::English (en) |\n| | l | a | A |\n");
    if (!tp_form_load("t", form.xml, form.xml_length, NULL, &loaded, &error))
        fail_msg("%s", error.text);
    assert_string_equal(tp_form_id(loaded), "t");
    tp_form_destroy(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(settings_name_the_form, finish),
        cmocka_unit_test_teardown(without_settings_the_file_names_the_form, finish),
        cmocka_unit_test_teardown(types_have_their_control_and_data, finish),
        cmocka_unit_test_teardown(logic_goes_to_the_bind, finish),
        cmocka_unit_test_teardown(translations_are_itext, finish),
        cmocka_unit_test_teardown(a_text_without_a_language_is_the_defaults, finish),
        cmocka_unit_test_teardown(the_default_s_own_text_counts_before_one_without_a_language,
                                  finish),
        cmocka_unit_test_teardown(a_package_without_easy_read_says_so, finish),
        cmocka_unit_test_teardown(easy_read_has_a_sentence_a_line, finish),
        cmocka_unit_test_teardown(references_in_labels_are_outputs, finish),
        cmocka_unit_test_teardown(references_inside_a_repeat_are_relative, finish),
        cmocka_unit_test_teardown(a_repeat_counts_by_a_node_of_its_own, finish),
        cmocka_unit_test_teardown(groups_carry_appearance_and_label, finish),
        cmocka_unit_test_teardown(headers_may_be_parted_by_single_colons, finish),
        cmocka_unit_test_teardown(what_the_form_says_itself_is_not_set_by_a_column, finish),
        cmocka_unit_test(words_of_any_length_are_whole),
        cmocka_unit_test_teardown(a_trigger_sets_a_value, finish),
        cmocka_unit_test_teardown(a_trigger_that_is_not_shown_sets_nothing, finish),
        cmocka_unit_test_teardown(a_file_is_no_question, finish),
        cmocka_unit_test_teardown(a_table_list_ends_at_the_next_end, finish),
        cmocka_unit_test_teardown(form_id_counts_before_its_older_name, finish),
        cmocka_unit_test_teardown(older_names_and_letter_case_are_understood, finish),
        cmocka_unit_test_teardown(notes_to_authors_are_passed_by, finish),
        cmocka_unit_test_teardown(odd_characters_stay_well_formed, finish),
        cmocka_unit_test_teardown(the_engine_loads_what_comes_out, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
