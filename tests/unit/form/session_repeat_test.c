/* core/form/session: repeats, actions, and what is calculated again. */
#include "forms.h"

static const char household[] = F_MODEL(
    "<people/><person jr:template=\"\"><name/><age/><adult/><place/></person>"
    "<total/><adults/><names/>",
    "<bind nodeset=\"/data/people\" type=\"int\"/>"
    "<bind nodeset=\"/data/person/age\" type=\"int\"/>"
    "<bind nodeset=\"/data/person/adult\" relevant=\"../age &gt; 17\" "
    "calculate=\"concat(../name, '!')\"/>"
    "<bind nodeset=\"/data/person/place\" calculate=\"position(..)\"/>"
    "<bind nodeset=\"/data/total\" calculate=\"sum(/data/person/age)\"/>"
    "<bind nodeset=\"/data/adults\" calculate=\"count(/data/person[age &gt; 17])\"/>"
    "<bind nodeset=\"/data/names\" calculate=\"join(' ', /data/person/adult)\"/>",
    "<group ref=\"/data/person\"><label>Person</label><repeat nodeset=\"/data/person\">"
    "<input ref=\"/data/person/name\"><label>Name</label></input>"
    "<input ref=\"/data/person/age\"><label>Age of <output value=\"../name\"/></label></input>"
    "</repeat></group>"
    "<input ref=\"/data/people\"><label>People</label></input>");

static tp_node add(struct tp_session *session, const char *path)
{
    struct tp_error error = {0};
    tp_node made = 0;

    if (!tp_session_repeat_add(session, at(session, path), &made, &error))
        fail_msg("%s", error.text);
    return made;
}

static void repeats_are_added_removed_and_counted(void **state)
{
    struct tp_session *session = open_form(household);
    tp_node repeat = at(session, "/data/person");
    struct tp_question question;
    struct tp_error error;
    tp_node first;
    tp_node second;

    (void)state;
    assert_int_equal(tp_session_page(session), repeat);
    assert_true(tp_session_question(session, repeat, &question));
    assert_int_equal(question.control, TP_CONTROL_REPEAT);
    assert_int_equal(question.repeat_count, 0);
    assert_true(question.can_add && !question.can_remove);
    assert_string_equal(question.label.text, "Person");
    first = add(session, "/data/person");
    second = add(session, "/data/person");
    answer(session, "/data/person[1]/name", "Ada");
    answer(session, "/data/person[1]/age", "36");
    answer(session, "/data/person[2]/name", "Bo");
    answer(session, "/data/person[2]/age", "7");
    assert_string_equal(value_at(session, "/data/total"), "43");
    assert_string_equal(value_at(session, "/data/adults"), "1");
    assert_string_equal(value_at(session, "/data/names"), "Ada!");
    assert_string_equal(value_at(session, "/data/person[2]/place"), "2");
    assert_false(is_asked(session, "/data/person[2]/adult"));
    assert_true(tp_session_question(session, at(session, "/data/person[2]/age"), &question));
    assert_string_equal(question.label.text, "Age of Bo");
    assert_string_equal(question.path, "/data/person[2]/age");
    assert_int_equal(tp_session_repeat_instance(session, repeat, 1), second);
    assert_true(tp_session_repeat_remove(session, first, &error));
    assert_string_equal(value_at(session, "/data/total"), "7");
    assert_string_equal(value_at(session, "/data/person[1]/name"), "Bo");
    assert_string_equal(value_at(session, "/data/person[1]/place"), "1");
    assert_int_equal(at(session, "/data/person[1]"), second);
    assert_null(tp_session_value(session, first + 1));
    assert_false(tp_session_question(session, first + 1, &question));
    assert_false(tp_session_repeat_remove(session, first, &error));
    assert_int_equal(error.code, TP_ERR_MISUSE);
    close_form(session);
}

static void pages_of_a_repeat_come_before_its_summary(void **state)
{
    struct tp_session *session = open_form(household);
    size_t index;
    size_t total;

    (void)state;
    add(session, "/data/person");
    tp_session_progress(session, &index, &total);
    assert_int_equal(total, 4);
    assert_true(tp_session_goto(session, at(session, "/data/person[1]/name")));
    assert_true(tp_session_next(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/person[1]/age"));
    assert_int_equal(tp_session_section(session, tp_session_page(session)),
                     at(session, "/data/person[1]"));
    assert_true(tp_session_next(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/person"));
    close_form(session);
}

/* What the pages show one after the other, as names with a line after each page. */
static void pages_in_words(struct tp_session *session, struct tp_buf *out)
{
    tp_buf_init(out, 4096);
    do {
        const tp_node *nodes;
        size_t count;

        tp_session_page_questions(session, &nodes, &count);
        for (size_t i = 0; i < count; i++) {
            struct tp_question question;

            assert_true(tp_session_question(session, nodes[i], &question));
            (void)tp_buf_printf(out, "%s ", question.name);
        }
        (void)tp_buf_puts(out, "| ");
    } while (tp_session_next(session));
}

static void a_repeat_breaks_the_page_around_it_and_nothing_is_lost(void **state)
{
    struct tp_session *session = open_form(
        F("<g><a/><r><b/></r><c/><d/></g><e/>", "",
          "<group ref=\"/data/g\" appearance=\"field-list\"><input ref=\"/data/g/a\"/>"
          "<group><repeat nodeset=\"/data/g/r\"><input ref=\"/data/g/r/b\"/></repeat></group>"
          "<input ref=\"/data/g/c\"/><input ref=\"/data/g/d\"/></group>"
          "<input ref=\"/data/e\"/>"));
    struct tp_buf words;

    (void)state;
    pages_in_words(session, &words);
    assert_string_equal(tp_buf_text(&words), "a | b | r | c d | e | ");
    tp_buf_finish(&words);
    assert_true(tp_session_goto(session, at(session, "/data/g/d")));
    assert_int_equal(tp_session_page(session), at(session, "/data/g/c"));
    close_form(session);
}

static void a_question_knows_the_instances_around_it(void **state)
{
    struct tp_session *session = open_form(F_MODEL(
        "<house jr:template=\"\"><person jr:template=\"\"><name/></person></house><end/>", "",
        "<group ref=\"/data/house\"><repeat nodeset=\"/data/house\">"
        "<group ref=\"/data/house/person\"><repeat nodeset=\"/data/house/person\">"
        "<input ref=\"/data/house/person/name\"><label>Name</label></input>"
        "</repeat></group></repeat></group>"
        "<input ref=\"/data/end\"><label>End</label></input>"));
    tp_node person, house, repeat = 77;
    size_t index = 77;

    (void)state;
    assert_int_equal(tp_session_instance_of(session, at(session, "/data/end"), &repeat, &index), 0);
    assert_int_equal(tp_session_instance_of(session, at(session, "/data/house"), &repeat, &index),
                     0);
    assert_int_equal(repeat, 77);
    add(session, "/data/house");
    house = add(session, "/data/house");
    add(session, "/data/house[2]/person");
    person = add(session, "/data/house[2]/person");
    assert_int_equal(tp_session_instance_of(session, at(session, "/data/house[2]/person[2]/name"),
                                            &repeat, &index),
                     person);
    assert_int_equal(repeat, at(session, "/data/house[2]/person"));
    assert_int_equal(index, 1);
    assert_int_equal(tp_session_instance_of(session, person, &repeat, &index), person);
    assert_int_equal(tp_session_instance_of(session, repeat, &repeat, &index), house);
    assert_int_equal(repeat, at(session, "/data/house"));
    assert_int_equal(index, 1);
    assert_int_equal(tp_session_instance_of(session, repeat, &repeat, &index), 0);
    close_form(session);
}

static void a_repeat_may_hang_on_its_own_place(void **state)
{
    struct tp_session *session = open_form(
        F("<r><a>1</a></r><r><a>2</a></r><r><a>3</a></r><all/>",
          "<bind nodeset=\"/data/r\" relevant=\"position(current()) &gt; 1\"/>"
          "<bind nodeset=\"/data/all\" calculate=\"concat(/data/r/a)\"/>",
          "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat>"
          "</group>"));
    struct tp_error error;

    (void)state;
    assert_false(is_asked(session, "/data/r[1]"));
    assert_string_equal(value_at(session, "/data/all"), "23");
    assert_true(tp_session_repeat_remove(session, at(session, "/data/r[1]"), &error));
    assert_false(is_asked(session, "/data/r[1]"));
    assert_string_equal(value_at(session, "/data/all"), "3");
    close_form(session);
}

static void a_count_makes_as_many_and_keeps_what_it_puts_aside(void **state)
{
    static const char xml[] =
        F_MODEL("<n/><r jr:template=\"\"><a/></r><sum/>",
                "<bind nodeset=\"/data/n\" type=\"int\"/>"
                "<bind nodeset=\"/data/sum\" calculate=\"sum(/data/r/a)\"/>",
                "<input ref=\"/data/n\"><label>N</label></input>"
                "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\" jr:count=\"/data/n\">"
                "<input ref=\"/data/r/a\"><label>A</label></input></repeat></group>");
    struct tp_session *session = open_form(xml);
    struct tp_question question;
    struct tp_error error;
    tp_node made;

    (void)state;
    answer(session, "/data/n", "3");
    answer(session, "/data/r[3]/a", "5");
    answer(session, "/data/r[1]/a", "1");
    assert_string_equal(value_at(session, "/data/sum"), "6");
    answer(session, "/data/n", "1");
    assert_string_equal(value_at(session, "/data/sum"), "1");
    assert_int_equal(tp_session_find(session, "/data/r[2]"), 0);
    answer(session, "/data/n", "4");
    assert_string_equal(value_at(session, "/data/r[3]/a"), "5");
    assert_string_equal(value_at(session, "/data/sum"), "6");
    assert_true(tp_session_question(session, at(session, "/data/r"), &question));
    assert_int_equal(question.repeat_count, 4);
    assert_false(question.can_add || question.can_remove);
    assert_false(tp_session_repeat_add(session, at(session, "/data/r"), &made, &error));
    answer(session, "/data/n", "999999");
    assert_true(tp_session_question(session, at(session, "/data/r"), &question));
    assert_int_equal(question.repeat_count, TP_REPEAT_MAX);
    close_form(session);
}

static void nested_repeats_keep_to_their_own(void **state)
{
    static const char xml[] = F_MODEL(
        "<o jr:template=\"\"><m/><i jr:template=\"\"><v/><own/></i><sum/></o><all/>",
        "<bind nodeset=\"/data/o/i/own\" calculate=\"/data/o/m * ../v\"/>"
        "<bind nodeset=\"/data/o/sum\" calculate=\"sum(../i/own)\"/>"
        "<bind nodeset=\"/data/all\" calculate=\"sum(/data/o/i/v)\"/>",
        "<group ref=\"/data/o\"><repeat nodeset=\"/data/o\"><input ref=\"/data/o/m\"/>"
        "<group ref=\"/data/o/i\"><repeat nodeset=\"/data/o/i\"><input ref=\"/data/o/i/v\"/>"
        "</repeat></group></repeat></group>");
    struct tp_session *session = open_form(xml);

    (void)state;
    add(session, "/data/o");
    add(session, "/data/o");
    add(session, "/data/o[1]/i");
    add(session, "/data/o[2]/i");
    add(session, "/data/o[2]/i");
    answer(session, "/data/o[1]/m", "10");
    answer(session, "/data/o[2]/m", "100");
    answer(session, "/data/o[1]/i[1]/v", "1");
    answer(session, "/data/o[2]/i[1]/v", "2");
    answer(session, "/data/o[2]/i[2]/v", "3");
    assert_string_equal(value_at(session, "/data/o[1]/sum"), "10");
    assert_string_equal(value_at(session, "/data/o[2]/sum"), "500");
    assert_string_equal(value_at(session, "/data/all"), "6");
    answer(session, "/data/o[2]/m", "1000");
    assert_string_equal(value_at(session, "/data/o[1]/sum"), "10");
    assert_string_equal(value_at(session, "/data/o[2]/i[2]/own"), "3000");
    close_form(session);
}

static void actions_run_on_their_events(void **state)
{
    static const char xml[] =
        F_MODEL("<start/><a/><log/><double/><r jr:template=\"\"><n/></r>",
                "<setvalue event=\"odk-instance-first-load\" ref=\"/data/start\" value=\"2 * 21\"/>"
                "<bind nodeset=\"/data/double\" type=\"int\" calculate=\"/data/a * 2\"/>",
                "<input ref=\"/data/a\"><setvalue event=\"xforms-value-changed\" ref=\"/data/log\" "
                "value=\"concat(/data/log, /data/double, ';')\"/></input>"
                "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\">"
                "<setvalue event=\"odk-new-repeat\" ref=\"/data/r/n\" value=\"position(..)\"/>"
                "<input ref=\"/data/r/n\"/></repeat></group>");
    struct tp_session *session = open_form(xml);

    (void)state;
    assert_string_equal(value_at(session, "/data/start"), "42");
    answer(session, "/data/a", "1");
    answer(session, "/data/a", "1");
    answer(session, "/data/a", "5");
    assert_string_equal(value_at(session, "/data/log"), "2;10;");
    add(session, "/data/r");
    add(session, "/data/r");
    assert_string_equal(value_at(session, "/data/r[2]/n"), "2");
    close_form(session);
}

#define NUMBERED(name)                                                                             \
    "<group ref=\"/data/" name "\"><repeat nodeset=\"/data/" name "\">"                            \
    "<setvalue event=\"odk-new-repeat\" ref=\"/data/" name "/n\" value=\"position(..)\"/>"         \
    "<input ref=\"/data/" name "/n\"/></repeat></group>"

static void a_new_repeat_sets_off_what_stands_in_it_alone(void **state)
{
    struct tp_session *session =
        open_form(F("<r jr:template=\"\"><n/></r><s jr:template=\"\"><n/></s>", "",
                    NUMBERED("r") NUMBERED("s")));

    (void)state;
    add(session, "/data/s");
    assert_string_equal(value_at(session, "/data/s[1]/n"), "1");
    answer(session, "/data/s[1]/n", "9");
    add(session, "/data/r");
    assert_string_equal(value_at(session, "/data/r[1]/n"), "1");
    assert_string_equal(value_at(session, "/data/s[1]/n"), "9");
    answer(session, "/data/r[1]/n", "8");
    add(session, "/data/r");
    assert_string_equal(value_at(session, "/data/r[1]/n"), "8");
    close_form(session);
}

static void actions_that_set_each_other_off_come_to_an_end(void **state)
{
    static const char xml[] =
        F_MODEL("<a/><b/>", "",
                "<input ref=\"/data/a\"><setvalue event=\"xforms-value-changed\" ref=\"/data/b\" "
                "value=\"number(/data/a) + 1\"/></input>"
                "<input ref=\"/data/b\"><setvalue event=\"xforms-value-changed\" ref=\"/data/a\" "
                "value=\"number(/data/b) + 1\"/></input>");
    struct tp_session *session = open_form(xml);

    (void)state;
    answer(session, "/data/a", "1");
    assert_true(strtol(value_at(session, "/data/a"), NULL, 10) > 1);
    close_form(session);
}

static void what_is_not_asked_is_not_read(void **state)
{
    static const char xml[] = F_MODEL(
        "<on>1</on><g><a>5</a></g><sum/><count/><text/>",
        "<bind nodeset=\"/data/g\" relevant=\"/data/on = 1\"/>"
        "<bind nodeset=\"/data/sum\" calculate=\"coalesce(/data/g/a, 0) + 1\"/>"
        "<bind nodeset=\"/data/count\" calculate=\"count(/data/g/a)\"/>"
        "<bind nodeset=\"/data/text\" calculate=\"/data/g/a = ''\"/>",
        "<input ref=\"/data/on\"/><group ref=\"/data/g\"><input ref=\"/data/g/a\"/></group>");
    struct tp_session *session = open_form(xml);

    (void)state;
    assert_string_equal(value_at(session, "/data/sum"), "6");
    answer(session, "/data/on", "0");
    assert_false(is_asked(session, "/data/g/a"));
    assert_string_equal(value_at(session, "/data/sum"), "1");
    assert_string_equal(value_at(session, "/data/count"), "0");
    assert_string_equal(value_at(session, "/data/text"), "true");
    answer(session, "/data/on", "1");
    assert_string_equal(value_at(session, "/data/sum"), "6");
    close_form(session);
}

static void all_instances_are_counted_from_within_one(void **state)
{
    struct tp_session *session =
        open_form(F("<r jr:template=\"\"><q/><all/><one/><last/></r>",
                    "<bind nodeset=\"/data/r/all\" calculate=\"count(/data/r)\"/>"
                    "<bind nodeset=\"/data/r/one\" calculate=\"count(..) + count(../../r)\"/>"
                    "<bind nodeset=\"/data/r/last\" calculate=\"position(..) = count(/data/r)\"/>",
                    "<repeat nodeset=\"/data/r\"><input ref=\"/data/r/q\"/></repeat>"));
    struct tp_error error;

    (void)state;
    (void)add(session, "/data/r");
    (void)add(session, "/data/r");
    assert_string_equal(value_at(session, "/data/r[1]/all"), "2");
    assert_string_equal(value_at(session, "/data/r[1]/one"), "3");
    assert_string_equal(value_at(session, "/data/r[1]/last"), "false");
    assert_string_equal(value_at(session, "/data/r[2]/last"), "true");
    assert_true(tp_session_repeat_remove(session, at(session, "/data/r[2]"), &error));
    assert_string_equal(value_at(session, "/data/r[1]/all"), "1");
    assert_string_equal(value_at(session, "/data/r[1]/last"), "true");
    close_form(session);
}

/* Found with AddressSanitizer: the list of choices kept nodes that were gone. */
static void choices_that_are_instances_go_with_them(void **state)
{
    struct tp_session *session =
        open_form(F("<r jr:template=\"\"><n/></r><s/>", "",
                    "<repeat nodeset=\"/data/r\"><input ref=\"/data/r/n\"/></repeat>"
                    "<select1 ref=\"/data/s\"><itemset nodeset=\"/data/r[n != '']\">"
                    "<value ref=\"n\"/><label ref=\"n\"/></itemset></select1>"));
    tp_node list = at(session, "/data/s");
    struct tp_choice choice;
    struct tp_error error;

    (void)state;
    (void)add(session, "/data/r");
    answer(session, "/data/r[1]/n", "x");
    (void)add(session, "/data/r");
    answer(session, "/data/r[2]/n", "y");
    answer(session, "/data/s", "y");
    assert_int_equal(tp_session_choice_find(session, list, "y"), 1); /* as a screen asks */
    assert_true(tp_session_repeat_remove(session, at(session, "/data/r[2]"), &error));
    assert_string_equal(value_at(session, "/data/s"), "");
    assert_true(tp_session_choice(session, list, 0, &choice));
    assert_string_equal(choice.value, "x");
    assert_false(tp_session_choice(session, list, 1, &choice));
    close_form(session);
}

static void an_action_may_name_a_bind(void **state)
{
    struct tp_session *session =
        open_form(F("<q/>",
                    "<bind id=\"b\" nodeset=\"/data/q\"/>"
                    "<setvalue bind=\"b\" event=\"odk-instance-first-load\">words</setvalue>",
                    ""));

    (void)state;
    assert_string_equal(value_at(session, "/data/q"), "words");
    close_form(session);
}

static void what_an_action_gives_is_of_the_targets_type(void **state)
{
    struct tp_session *session = open_form(
        F("<q/><n/>", "<bind nodeset=\"/data/n\" type=\"int\"/>",
          "<input ref=\"/data/q\"><setvalue event=\"xforms-value-changed\" ref=\"/data/n\" "
          "value=\"/data/q\"/></input>"));

    (void)state;
    answer(session, "/data/q", "3.7");
    assert_string_equal(value_at(session, "/data/n"), "3");
    answer(session, "/data/q", "three");
    assert_string_equal(value_at(session, "/data/n"), "");
    close_form(session);
}

static void names_of_choices_are_in_the_language_of_the_answer(void **state)
{
    static const char xml[] = F_MODEL(
        "<day/><said/>",
        "<itext><translation lang=\"English (en)\"><text id=\"m\"><value>Monday</value></text>"
        "</translation><translation lang=\"Polski (pl)\"><text id=\"m\">"
        "<value>poniedzia\u0142ek</value></text></translation></itext>"
        "<bind nodeset=\"/data/said\" calculate=\"jr:choice-name(/data/day, '/data/day')\"/>",
        "<select1 ref=\"/data/day\"><label>Day</label><item><label ref=\"jr:itext('m')\"/>"
        "<value>mon</value></item></select1>");
    struct tp_session *session = open_form(xml);

    (void)state;
    answer(session, "/data/day", "mon");
    assert_string_equal(value_at(session, "/data/said"), "Monday");
    /* what is calculated stays until what it reads changes, as in the other engines */
    assert_true(tp_session_set_language(session, "pl"));
    assert_string_equal(value_at(session, "/data/said"), "Monday");
    answer(session, "/data/day", "");
    answer(session, "/data/day", "mon");
    assert_string_equal(value_at(session, "/data/said"), "poniedzia\u0142ek");
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_are_added_removed_and_counted),
        cmocka_unit_test(pages_of_a_repeat_come_before_its_summary),
        cmocka_unit_test(a_repeat_breaks_the_page_around_it_and_nothing_is_lost),
        cmocka_unit_test(a_question_knows_the_instances_around_it),
        cmocka_unit_test(a_repeat_may_hang_on_its_own_place),
        cmocka_unit_test(a_count_makes_as_many_and_keeps_what_it_puts_aside),
        cmocka_unit_test(nested_repeats_keep_to_their_own),
        cmocka_unit_test(all_instances_are_counted_from_within_one),
        cmocka_unit_test(choices_that_are_instances_go_with_them),
        cmocka_unit_test(an_action_may_name_a_bind),
        cmocka_unit_test(what_an_action_gives_is_of_the_targets_type),
        cmocka_unit_test(actions_run_on_their_events),
        cmocka_unit_test(a_new_repeat_sets_off_what_stands_in_it_alone),
        cmocka_unit_test(actions_that_set_each_other_off_come_to_an_end),
        cmocka_unit_test(what_is_not_asked_is_not_read),
        cmocka_unit_test(names_of_choices_are_in_the_language_of_the_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
