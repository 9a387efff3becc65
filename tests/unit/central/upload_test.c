/* Publishing on the page of surveys: a workbook, or an XForm with its facts, and the files beside
 * it. */
#include "unit/central/databases.h"
#include "unit/central/office.h"

#define FORMS "SELECT count(*) FROM form_version"
#define FACTS "{\"kind\":{\"default\":\"comments\"},\"title\":{\"default\":\"Hours, again\"}}"
#define COUNT(files) (sizeof(files) / sizeof((files)[0]))

/* The world's form with a version of its own. */
static const char *form_of_version(char digit)
{
    static char form[sizeof(world_form)];
    char *version;

    memcpy(form, world_form, sizeof(world_form));
    version = strstr(form, "version=\"1\"");
    assert_non_null(version);
    version[strlen("version=\"")] = digit;
    return form;
}

/* What the page says is in it, and nothing was published. */
static void check_refused(const struct upload_file *files, size_t count, const char *words)
{
    int64_t before = world_number(&world, FORMS);
    struct tp_exchange exchange;

    assert_int_equal(upload_files(files, count, &exchange), 422);
    if (!strstr(world_body(&exchange), words))
        fail_msg("the page does not say '%s': %s", words, world_body(&exchange));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, FORMS), before);
}

#define REFUSED(words, ...)                                                                        \
    do {                                                                                           \
        const struct upload_file files[] = {__VA_ARGS__};                                          \
        check_refused(files, COUNT(files), words);                                                 \
    } while (0)

static void a_workbook_with_errors_is_refused_in_plain_words(void **state)
{
    static const char bad[] = "| survey | | | |\n| | type | name | label |\n"
                              "| | select_on yes_no | q1 | Do you <b>use</b> it? |\n";

    (void)state;
    REFUSED("Nothing was published", {"bad.md", bad});
    REFUSED("select_on yes_no", {"bad.md", bad});
    REFUSED("data-label=\"Sheet\">survey<", {"bad.md", bad});
    REFUSED("There is a problem", {"old.xls", "\xd0\xcf\x11\xe0"});
}

static void what_is_no_survey_is_told_what_to_choose(void **state)
{
    (void)state;
    REFUSED("No survey was chosen. Choose a workbook", {"", ""});
    REFUSED("No survey was chosen. Choose a workbook", {"bus.svg", "<svg/>"}, {"list.csv", "a,b"});
    REFUSED("Choose one workbook at a time.", {"a.md", "| survey |"}, {"b.md", "| survey |"});
}

static void an_xform_is_published_with_what_is_beside_it(void **state)
{
    const struct upload_file files[] = {{"towns.csv", "name,label\na,A\n"},
                                        {"my hours.XML", form_of_version('2')},
                                        {"consultation.json", FACTS}};
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(upload_files(files, COUNT(files), &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "Hours, again is published (version 2)."));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM form WHERE id = 'hours' AND "
                                          "version = '2' AND kind = 'comments'"),
                     1);
    assert_int_equal(
        world_number(&world, "SELECT count(*) FROM media WHERE form = 'hours' AND version = '2'"),
        2);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM media WHERE version = '2' AND "
                                          "name IN ('towns.csv', 'consultation.json')"),
                     2);
}

static void of_several_xml_files_the_form_has_its_name(void **state)
{
    const struct upload_file named[] = {{"kinds.xml", "<root><item><name>a</name></item></root>"},
                                        {"form.xml", form_of_version('3')},
                                        {"consultation.json", FACTS}};
    struct tp_exchange exchange;

    (void)state;
    REFUSED("the form is the one named form.xml", {"kinds.xml", "<root/>"},
            {"hours.xml", form_of_version('3')}, {"consultation.json", FACTS});
    assert_int_equal(upload_files(named, COUNT(named), &exchange), 200);
    tp_exchange_finish(&exchange);
    assert_int_equal(
        world_number(&world,
                     "SELECT count(*) FROM media WHERE version = '3' AND name = 'kinds.xml'"),
        1);
}

static void an_xform_without_its_facts_or_with_errors_is_refused(void **state)
{
    (void)state;
    REFUSED("There is no consultation.json beside the form", {"form.xml", form_of_version('4')});
    REFUSED(" does not say", {"form.xml", form_of_version('4')},
            {"consultation.json", "{\"kind\":{\"default\":\"consultation\"}}"});
    REFUSED("There is a problem", {"form.xml", "<h:html"}, {"consultation.json", FACTS});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make_signed_in, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_workbook_with_errors_is_refused_in_plain_words),
        TEST(what_is_no_survey_is_told_what_to_choose),
        TEST(an_xform_is_published_with_what_is_beside_it),
        TEST(of_several_xml_files_the_form_has_its_name),
        TEST(an_xform_without_its_facts_or_with_errors_is_refused),
    };

    return databases_run(tests);
}
