/* core/form/session: pages, views, answering, checking. */
#include "forms.h"

static const char survey[] = F_MODEL(
    "<age/><lives/><reason/><uses/><rating/><agree/><thanks/><hidden/>"
    "<about><first/><second/></about>",
    "<instance id=\"uses\"><root>"
    "<item><name>books</name><label>Books</label></item>"
    "<item><name>pc</name><label>Computers</label></item>"
    "<item><name>none</name><label>None of these</label><exclusive>yes</exclusive></item>"
    "</root></instance>"
    "<bind nodeset=\"/data/age\" type=\"int\" required=\"true()\" constraint=\". &gt; 0 and . "
    "&lt; 120\" jr:constraintMsg=\"Between 1 and 119\" jr:requiredMsg=\"How old?\"/>"
    "<bind nodeset=\"/data/lives\" type=\"string\"/>"
    "<bind nodeset=\"/data/reason\" type=\"string\" relevant=\"/data/lives = 'no'\" "
    "required=\"/data/age &gt; 17\"/>"
    "<bind nodeset=\"/data/thanks\" readonly=\"true()\" type=\"string\"/>"
    "<bind nodeset=\"/data/rating\" type=\"int\"/>"
    "<bind nodeset=\"/data/hidden\" calculate=\"/data/age * 2\" type=\"int\"/>",
    "<input ref=\"/data/age\"><label>How old are you?</label><hint>In years</hint></input>"
    "<select1 ref=\"/data/lives\" appearance=\"likert columns-3\"><label>Do you live here?</label>"
    "<item><label>Yes</label><value>yes</value></item>"
    "<item><label>No</label><value>no</value></item></select1>"
    "<input ref=\"/data/reason\" appearance=\"multiline\"><label>Why <output "
    "value=\"/data/lives\"/>?</label></input>"
    "<select ref=\"/data/uses\"><label>What do you use?</label>"
    "<itemset nodeset=\"instance('uses')/root/item\"><value ref=\"name\"/><label "
    "ref=\"label\"/></itemset></select>"
    "<range ref=\"/data/rating\" start=\"1\" end=\"5\" step=\"2\"><label>Rate it</label></range>"
    "<trigger ref=\"/data/agree\"><label>I agree</label></trigger>"
    "<input ref=\"/data/thanks\"><label>Thank you</label></input>"
    "<group ref=\"/data/about\" appearance=\"field-list\"><label>About you</label>"
    "<input ref=\"/data/about/first\"><label>First</label></input>"
    "<input ref=\"/data/about/second\"><label>Second</label></input></group>");

static void pages_follow_what_is_relevant(void **state)
{
    struct tp_session *session = open_form(survey);
    const tp_node *nodes;
    size_t index;
    size_t total;
    size_t count;

    (void)state;
    assert_int_equal(tp_session_page(session), at(session, "/data/age"));
    tp_session_progress(session, &index, &total);
    assert_int_equal(index, 1);
    assert_int_equal(total, 7);
    assert_true(tp_session_next(session));
    answer(session, "/data/lives", "no");
    tp_session_progress(session, &index, &total);
    assert_int_equal(index, 2);
    assert_int_equal(total, 8);
    assert_true(tp_session_next(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/reason"));
    assert_true(tp_session_goto(session, at(session, "/data/about/second")));
    assert_int_equal(tp_session_page(session), at(session, "/data/about"));
    tp_session_page_questions(session, &nodes, &count);
    assert_int_equal(count, 2);
    assert_int_equal(nodes[1], at(session, "/data/about/second"));
    assert_false(tp_session_next(session));
    assert_true(tp_session_at_end(session));
    tp_session_page_questions(session, &nodes, &count);
    assert_int_equal(count, 0);
    tp_session_progress(session, &index, &total);
    assert_int_equal(index, 9);
    assert_true(tp_session_previous(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/about"));
    tp_session_questions_all(session, &nodes, &count);
    assert_int_equal(count, 9);
    assert_false(tp_session_goto(session, at(session, "/data/hidden")));
    close_form(session);
}

static void a_page_that_goes_away_leaves_the_next_one(void **state)
{
    struct tp_session *session = open_form(survey);

    (void)state;
    answer(session, "/data/lives", "no");
    assert_true(tp_session_goto(session, at(session, "/data/reason")));
    answer(session, "/data/lives", "yes");
    assert_int_equal(tp_session_page(session), at(session, "/data/uses"));
    close_form(session);
}

static void a_hint_asks_where_there_is_no_label(void **state)
{
    struct tp_session *session =
        open_form(F("<q/>", "", "<input ref=\"/data/q\"><hint>How many came?</hint></input>"));
    struct tp_question question;

    (void)state;
    assert_true(tp_session_question(session, at(session, "/data/q"), &question));
    assert_string_equal(question.label.text, "How many came?");
    assert_null(question.hint.text);
    close_form(session);
}

static void a_view_has_all_a_screen_shows(void **state)
{
    struct tp_session *session = open_form(survey);
    struct tp_question question;

    (void)state;
    assert_true(tp_session_question(session, at(session, "/data/age"), &question));
    assert_string_equal(question.name, "age");
    assert_string_equal(question.path, "/data/age");
    assert_int_equal(question.control, TP_CONTROL_INPUT);
    assert_int_equal(question.type, TP_TYPE_INTEGER);
    assert_string_equal(question.label.text, "How old are you?");
    assert_string_equal(question.hint.text, "In years");
    assert_true(question.required);
    assert_false(question.readonly);
    assert_string_equal(question.value, "");
    answer(session, "/data/lives", "no");
    assert_true(tp_session_question(session, at(session, "/data/lives"), &question));
    assert_int_equal(question.choice_count, 2);
    assert_true(tp_appearance_has(question.appearance, "likert"));
    assert_false(tp_appearance_has(question.appearance, "columns"));
    assert_true(tp_session_question(session, at(session, "/data/reason"), &question));
    assert_string_equal(question.label.text, "Why no?");
    assert_int_equal(question.rows, 5);
    assert_true(tp_session_question(session, at(session, "/data/rating"), &question));
    assert_int_equal(question.control, TP_CONTROL_RANGE);
    assert_true(question.range_start == 1 && question.range_end == 5 && question.range_step == 2);
    assert_true(tp_session_question(session, at(session, "/data/thanks"), &question));
    assert_int_equal(question.control, TP_CONTROL_NOTE);
    assert_false(tp_session_question(session, at(session, "/data/hidden"), &question));
    assert_false(tp_session_question(session, 0, &question));
    assert_false(tp_session_question(session, 99999, &question));
    close_form(session);
}

static void answers_are_held_to_their_type(void **state)
{
    static const struct {
        const char *path, *value;
        enum tp_error_code code;
    } wrong[] = {
        {"/data/age", "twelve", TP_ERR_INVALID},    {"/data/age", "1.5", TP_ERR_INVALID},
        {"/data/lives", "maybe", TP_ERR_INVALID},   {"/data/uses", "books cars", TP_ERR_INVALID},
        {"/data/rating", "2", TP_ERR_INVALID},      {"/data/rating", "7", TP_ERR_INVALID},
        {"/data/agree", "yes", TP_ERR_INVALID},     {"/data/thanks", "x", TP_ERR_MISUSE},
        {"/data/reason", "because", TP_ERR_MISUSE}, {"/data/about", "x", TP_ERR_MISUSE},
        {"/data/hidden", "3", TP_ERR_MISUSE},
    };
    struct tp_session *session = open_form(survey);
    struct tp_error error;

    (void)state;
    answer(session, "/data/age", " 042 ");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(tp_session_set(session, at(session, wrong[i].path), wrong[i].value, &error));
        assert_int_equal(error.code, wrong[i].code);
    }
    assert_string_equal(value_at(session, "/data/age"), "42");
    assert_string_equal(value_at(session, "/data/hidden"), "84");
    answer(session, "/data/agree", "OK");
    answer(session, "/data/rating", "3");
    assert_true(tp_session_clear(session, at(session, "/data/age"), &error));
    assert_string_equal(value_at(session, "/data/hidden"), "");
    close_form(session);
}

static void exclusive_answers_stand_alone(void **state)
{
    struct tp_session *session = open_form(survey);
    tp_node uses = at(session, "/data/uses");
    struct tp_choice choice;
    struct tp_buf shown;
    struct tp_error error;

    (void)state;
    assert_true(tp_session_toggle_choice(session, uses, "pc", &error));
    assert_true(tp_session_toggle_choice(session, uses, "books", &error));
    assert_string_equal(tp_session_value(session, uses), "books pc");
    tp_buf_init(&shown, 1000);
    assert_true(tp_session_display(session, uses, &shown));
    assert_string_equal(tp_buf_text(&shown), "Books, Computers");
    tp_buf_finish(&shown);
    assert_true(tp_session_toggle_choice(session, uses, "none", &error));
    assert_string_equal(tp_session_value(session, uses), "none");
    assert_true(tp_session_choice(session, uses, 2, &choice));
    assert_true(choice.exclusive && choice.chosen);
    assert_true(tp_session_choice(session, uses, 0, &choice));
    assert_false(choice.exclusive || choice.chosen);
    assert_true(tp_session_toggle_choice(session, uses, "books", &error));
    assert_string_equal(tp_session_value(session, uses), "books");
    assert_true(tp_session_toggle_choice(session, uses, "books", &error));
    assert_string_equal(tp_session_value(session, uses), "");
    assert_false(tp_session_toggle_choice(session, uses, "cars", &error));
    assert_true(tp_session_toggle_choice(session, at(session, "/data/lives"), "yes", &error));
    for (size_t i = 0; tp_session_choice(session, at(session, "/data/lives"), i, &choice); i++)
        assert_int_equal(choice.chosen, strcmp(choice.value, "yes") == 0);
    assert_true(tp_session_toggle_choice(session, at(session, "/data/lives"), "yes", &error));
    assert_string_equal(value_at(session, "/data/lives"), "");
    close_form(session);
}

static void an_exclusive_answer_may_stand_anywhere(void **state)
{
    static const char xml[] =
        F_MODEL("<q/>",
                "<instance id=\"l\"><root><item><n>none</n><exclusive>yes</exclusive></item>"
                "<item><n>a</n></item><item><n>b</n></item></root></instance>",
                "<select ref=\"/data/q\"><itemset nodeset=\"instance('l')/root/item\">"
                "<value ref=\"n\"/><label ref=\"n\"/></itemset></select>");
    struct tp_session *session = open_form(xml);
    tp_node node = at(session, "/data/q");
    struct tp_error error;

    (void)state;
    assert_true(tp_session_toggle_choice(session, node, "a", &error));
    assert_true(tp_session_toggle_choice(session, node, "b", &error));
    assert_true(tp_session_toggle_choice(session, node, "none", &error));
    assert_string_equal(tp_session_value(session, node), "none");
    assert_true(tp_session_toggle_choice(session, node, "b", &error));
    assert_string_equal(tp_session_value(session, node), "b");
    close_form(session);
}

static void problems_come_in_the_forms_own_words(void **state)
{
    struct tp_session *session = open_form(survey);
    struct tp_check check;

    (void)state;
    assert_false(tp_session_check(session, at(session, "/data/age"), &check));
    assert_int_equal(check.validity, TP_REQUIRED_MISSING);
    assert_string_equal(check.message, "How old?");
    answer(session, "/data/age", "150");
    assert_false(tp_session_first_problem(session, &check));
    assert_int_equal(check.validity, TP_CONSTRAINT_FAILED);
    assert_int_equal(check.node, at(session, "/data/age"));
    assert_string_equal(check.message, "Between 1 and 119");
    answer(session, "/data/age", "18");
    assert_true(tp_session_first_problem(session, &check));
    answer(session, "/data/lives", "no");
    assert_false(tp_session_first_problem(session, &check));
    assert_int_equal(check.node, at(session, "/data/reason"));
    assert_null(check.message);
    answer(session, "/data/age", "17");
    assert_true(tp_session_first_problem(session, &check));
    close_form(session);
}

static void ranks_move_by_one_place(void **state)
{
    static const char xml[] =
        F("<r/>", "",
          "<odk:rank ref=\"/data/r\"><label>Rank</label>"
          "<item><label>A</label><value>a</value></item><item><label>B</label><value>b</value>"
          "</item><item><label>C</label><value>c</value></item></odk:rank>");
    struct tp_session *session = open_form(xml);
    tp_node node = at(session, "/data/r");
    struct tp_buf shown;
    struct tp_error error;

    (void)state;
    assert_true(tp_session_set(session, node, "c a b", &error));
    assert_true(tp_session_rank_move(session, node, "b", -1, &error));
    assert_string_equal(tp_session_value(session, node), "c b a");
    assert_true(tp_session_rank_move(session, node, "c", 1, &error));
    assert_string_equal(tp_session_value(session, node), "b c a");
    assert_true(tp_session_rank_move(session, node, "b", -1, &error));
    assert_true(tp_session_rank_move(session, node, "a", 1, &error));
    assert_string_equal(tp_session_value(session, node), "b c a");
    assert_false(tp_session_rank_move(session, node, "d", 1, &error));
    tp_buf_init(&shown, 100);
    assert_true(tp_session_display(session, node, &shown));
    assert_string_equal(tp_buf_text(&shown), "B, C, A");
    tp_buf_finish(&shown);
    assert_true(tp_session_toggle_choice(session, node, "c", &error));
    assert_true(tp_session_toggle_choice(session, node, "c", &error));
    assert_string_equal(tp_session_value(session, node), "b a c");
    close_form(session);
}

/* The shorter path of Easy Read, taken and left again in the middle of a survey. */
static void a_form_sees_the_reading_mode_and_routes_by_it(void **state)
{
    struct tp_session *session =
        open_form(F("<tp_reading_mode/><a/><b/><c/>",
                    "<bind nodeset=\"/data/b\" relevant=\"/data/tp_reading_mode != 'easy-read'\"/>",
                    "<input ref=\"/data/a\"><label>A</label></input>"
                    "<input ref=\"/data/b\"><label>B</label></input>"
                    "<input ref=\"/data/c\"><label>C</label></input>"));

    (void)state;
    assert_string_equal(value_at(session, "/data/tp_reading_mode"), "standard");
    assert_true(tp_session_next(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/b"));
    answer(session, "/data/b", "kept");
    tp_session_set_reading_mode(session, "easy-read");
    assert_false(tp_session_relevant(session, at(session, "/data/b")));
    assert_int_equal(tp_session_page(session), at(session, "/data/c"));
    assert_true(tp_session_previous(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/a"));
    tp_session_set_reading_mode(session, "standard");
    assert_true(tp_session_next(session));
    assert_int_equal(tp_session_page(session), at(session, "/data/b"));
    assert_string_equal(value_at(session, "/data/b"), "kept");
    close_form(session);
}

/* Found by the fuzzer: a value that was written over a group took its questions away. */
static void what_has_elements_below_it_holds_no_value(void **state)
{
    struct tp_session *session = open_form(
        F("<g><a>1</a></g><r><v>1</v><v>2</v></r><q/>",
          "<bind nodeset=\"/data/g\" calculate=\"1 + 1\"/>"
          "<setvalue event=\"odk-instance-first-load\" ref=\"/data/g\">x</setvalue>",
          "<input ref=\"/data/g\"/><input ref=\"/data/g/a\"/><input ref=\"/data/r/v\"/>"
          "<input ref=\"/data/q\"><setvalue event=\"xforms-value-changed\" ref=\"/data/g\" "
          "value=\"'y'\"/></input>"));
    struct tp_error error;

    (void)state;
    assert_string_equal(value_at(session, "/data/g/a"), "1");
    assert_false(tp_session_set(session, at(session, "/data/g"), "x", &error));
    assert_int_equal(error.code, TP_ERR_MISUSE);
    assert_false(tp_session_set(session, at(session, "/data/r/v"), "x", &error));
    answer(session, "/data/q", "1");
    answer(session, "/data/g/a", "2");
    assert_string_equal(value_at(session, "/data/g/a"), "2");
    close_form(session);
}

static void touched_tells_of_answers(void **state)
{
    struct tp_session *session = open_form(survey);

    (void)state;
    assert_false(tp_session_touched(session));
    answer(session, "/data/age", "5");
    assert_true(tp_session_touched(session));
    close_form(session);
}

/* ---- days in labels ---- */

static void show_day(void *context, const char *value, const char *appearance, struct tp_buf *out)
{
    (void)tp_buf_printf(out, "<%s%s%s>", (const char *)context, value, appearance);
}

static void a_day_is_shown_in_words_and_calculated_as_stored(void **state)
{
    static const char form[] =
        F("<day/><at/><text/><copy/><said/>",
          "<itext><translation lang=\"English (en)\"><text id=\"t\"><value>It is <output "
          "value=\"/data/day\"/></value></text></translation></itext>"
          "<bind nodeset=\"/data/day\" type=\"date\"/><bind nodeset=\"/data/at\" type=\"time\"/>"
          "<bind nodeset=\"/data/copy\" calculate=\"concat('on ', /data/day)\"/>"
          "<bind nodeset=\"/data/said\" calculate=\"concat(jr:itext('t'), ', ', "
          "/data/day)\"/>",
          "<input ref=\"/data/day\" appearance=\"year\"><label>Which day?</label></input>"
          "<input ref=\"/data/at\"><label ref=\"jr:itext('t')\"/></input>"
          "<input ref=\"/data/said\"><label>Said</label></input>"
          "<input ref=\"/data/text\"><label><output value=\"/data/day\"/>, <output "
          "value=\"/data/at\"/>, <output value=\"format-date(/data/day, '%d.%m.')\"/>, <output "
          "value=\"/data/copy\"/>, <output value=\"string(/data/day)\"/></label></input>");
    struct tp_form *loaded = load_form(form, NULL);
    struct tp_session_params params = {.show_day = show_day, .show_context = "d"};
    struct tp_session *session;
    struct tp_question question;

    (void)state;
    the_clock = (struct tp_clock_fake){.wall = FORM_NOW};
    the_seed = 1;
    params.clock = tp_clock_from_fake(&the_clock);
    params.random = tp_random_seeded(&the_seed);
    assert_true(tp_session_create(loaded, &params, &session, NULL));
    assert_true(tp_session_set(session, tp_session_find(session, "/data/day"), "2026-11-26", NULL));
    assert_true(tp_session_question(session, tp_session_find(session, "/data/text"), &question));
    assert_string_equal(question.label.text,
                        "<d2026-11-26year>, , 26.11., on 2026-11-26, 2026-11-26");
    assert_true(tp_session_question(session, tp_session_find(session, "/data/at"), &question));
    assert_string_equal(question.label.text, "It is <d2026-11-26year>");
    assert_true(tp_session_question(session, tp_session_find(session, "/data/said"), &question));
    assert_string_equal(question.value, "It is 2026-11-26, 2026-11-26");
    tp_session_destroy(session);
    tp_form_destroy(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_shown_in_words_and_calculated_as_stored),
        cmocka_unit_test(pages_follow_what_is_relevant),
        cmocka_unit_test(a_page_that_goes_away_leaves_the_next_one),
        cmocka_unit_test(a_view_has_all_a_screen_shows),
        cmocka_unit_test(a_hint_asks_where_there_is_no_label),
        cmocka_unit_test(answers_are_held_to_their_type),
        cmocka_unit_test(exclusive_answers_stand_alone),
        cmocka_unit_test(an_exclusive_answer_may_stand_anywhere),
        cmocka_unit_test(problems_come_in_the_forms_own_words),
        cmocka_unit_test(ranks_move_by_one_place),
        cmocka_unit_test(a_form_sees_the_reading_mode_and_routes_by_it),
        cmocka_unit_test(what_has_elements_below_it_holds_no_value),
        cmocka_unit_test(touched_tells_of_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
