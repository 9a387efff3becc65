/* core/form: what no honest author writes is refused by a cap with a clear line, or worked through
 * in the memory and time that its size asks for. */
#include "form/lint.h"
#include "form/markdown.h"
#include "form/workbook.h"
#include "form/xlsform.h"
#include "forms.h"

#define MB ((size_t)1024 * 1024)
#define SURVEY "| survey |\n| | type | name | label | relevant | calculation |\n"

static struct tp_buf text;
static struct tp_problems problems;
static struct tp_xlsform converted;

static int begin(void **state)
{
    (void)state;
    tp_buf_init(&text, 256 * MB);
    tp_problems_init(&problems);
    converted = (struct tp_xlsform){0};
    return 0;
}

static int end(void **state)
{
    (void)state;
    tp_xlsform_finish(&converted);
    tp_problems_finish(&problems);
    tp_buf_finish(&text);
    return 0;
}

static void repeat(const char *words, size_t times)
{
    for (size_t i = 0; i < times; i++)
        (void)tp_buf_puts(&text, words);
}

/* Reads and converts the text as a Markdown workbook. */
static bool convert(struct tp_error *error)
{
    struct tp_workbook workbook;
    bool ok;

    if (!tp_workbook_parse("h.md", text.data, text.length, &workbook, error))
        return false;
    ok = tp_xlsform_convert(&workbook, &problems, &converted);
    tp_workbook_finish(&workbook);
    return ok;
}

static void lint(void)
{
    struct tp_workbook workbook;
    struct tp_error error;

    assert_true(tp_workbook_parse("h.md", text.data, text.length, &workbook, &error));
    tp_lint(&workbook, NULL, &problems);
    tp_workbook_finish(&workbook);
}

static void says(const char *wanted)
{
    struct tp_buf line;
    bool found = false;

    for (size_t i = 0; i < problems.count; i++) {
        tp_buf_init(&line, 8192);
        (void)tp_problem_line(&problems.items[i], &line);
        found = found || strstr(tp_buf_text(&line), wanted);
        tp_buf_finish(&line);
    }
    if (!found)
        fail_msg("not said: %s", wanted);
}

static void refused_to_load(enum tp_error_code code, const char *words)
{
    struct tp_form *form = NULL;
    struct tp_error error = {0};

    assert_false(tp_form_load("h.xml", text.data, text.length, NULL, &form, &error));
    if (error.code != code || !strstr(error.text, words))
        fail_msg("wanted '%s', got '%s'", words, error.text);
}

/* ---- XForms ---- */

static void a_label_of_four_megabytes_is_refused_with_its_line(void **state)
{
    (void)state;
    (void)tp_buf_puts(&text, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                             "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                             "<data id='x'><q/></data></instance></model></h:head><h:body>"
                             "<input ref='/data/q'>\n<label>");
    repeat("words   ", 4 * MB / 8);
    (void)tp_buf_puts(&text, "</label></input></h:body></h:html>");
    refused_to_load(TP_ERR_LIMIT, "line 2: a text of more than 64 KiB");
}

/* libxml2 alone would compare each with all the others, for a quarter of an hour. */
static void half_a_million_attributes_are_refused_with_their_line(void **state)
{
    (void)state;
    (void)tp_buf_puts(&text, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                             "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                             "<data id='x'><q/></data></instance></model></h:head><h:body>"
                             "\n<input ref='/data/q'");
    for (unsigned i = 0; i < 500000; i++)
        (void)tp_buf_printf(&text, " a%u='1'", i);
    (void)tp_buf_puts(&text, "/></h:body></h:html>");
    refused_to_load(TP_ERR_LIMIT, "line 2: an element with more than 1024 attributes");
}

static void texts_that_are_long_only_together_are_no_long_text(void **state)
{
    struct tp_form *form = NULL;
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                             "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                             "<data id='x'><q/></data></instance></model></h:head><h:body>"
                             "<select1 ref='/data/q'>");
    for (unsigned i = 0; i < 5000; i++)
        (void)tp_buf_printf(&text,
                            "<item><label>Some twenty-four letters</label>"
                            "<value>c%u</value></item>",
                            i);
    (void)tp_buf_puts(&text, "</select1></h:body></h:html>");
    assert_true(tp_form_load("h.xml", text.data, text.length, NULL, &form, &error));
    tp_form_destroy(form);
}

static void more_questions_than_anyone_asks_are_refused(void **state)
{
    (void)state;
    (void)tp_buf_puts(&text, "<html><head><model><instance><data id='x'>");
    for (unsigned i = 0; i < TP_FORM_QUESTIONS_MAX + 1; i++)
        (void)tp_buf_printf(&text, "<q%u/>", i);
    (void)tp_buf_puts(&text, "</data></instance></model></head><body/></html>");
    refused_to_load(TP_ERR_LIMIT, "more than 100000 questions");
}

static void entities_that_grow_are_not_read(void **state)
{
    (void)state;
    (void)tp_buf_puts(&text, "<!DOCTYPE h [<!ENTITY a \"aaaaaaaaaa\">");
    for (char c = 'b'; c < 'z'; c++)
        (void)tp_buf_printf(&text, "<!ENTITY %c \"&%c;&%c;&%c;&%c;&%c;\">", c, c - 1, c - 1, c - 1,
                            c - 1, c - 1);
    (void)tp_buf_puts(&text, "]><html><head>&y;</head><body/></html>");
    refused_to_load(TP_ERR_UNSUPPORTED, "document type declaration");
}

/* ---- workbooks ---- */

static void a_hundred_thousand_choices_are_offered(void **state)
{
    struct tp_error error = {0};
    struct tp_question question;
    struct tp_session *session;
    struct tp_form *form;

    (void)state;
    (void)tp_buf_puts(&text, SURVEY "| | select_one l | q | Q | | |\n| choices |\n"
                                    "| | list_name | name | label |\n");
    for (unsigned i = 0; i < 100000; i++)
        (void)tp_buf_printf(&text, "| | l | c%u | Choice %u |\n", i, i);
    assert_true(convert(&error));
    lint();
    form = NULL;
    assert_true(tp_form_load("h", converted.xml, converted.xml_length, NULL, &form, &error));
    session = open_session(form, NULL);
    assert_true(tp_session_question(session, at(session, "/data/q"), &question));
    assert_int_equal(question.choice_count, 100000);
    assert_true(tp_session_set(session, at(session, "/data/q"), "c99999", &error));
    tp_session_destroy(session);
    tp_form_destroy(form);
}

/* Each list is looked for by its name, and each question's choices by the question. */
static void ninety_thousand_lists_give_each_question_its_own(void **state)
{
    const unsigned count = 90000;
    struct tp_session *session;
    struct tp_choice choice;
    char path[32];

    (void)state;
    (void)tp_buf_puts(&text, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                             "xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                             "<data id='x'>");
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&text, "<q%u/>", i);
    (void)tp_buf_puts(&text, "</data></instance>");
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&text, "<instance id='l%u'><r><i><n>c%u</n></i></r></instance>", i, i);
    (void)tp_buf_puts(&text, "</model></h:head><h:body>");
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&text,
                            "<select1 ref='/data/q%u'><itemset nodeset=\"instance('l%u')/r/i\">"
                            "<value ref='n'/><label ref='n'/></itemset></select1>",
                            i, i);
    (void)tp_buf_puts(&text, "</h:body></h:html>");
    session = open_form(tp_buf_text(&text));
    for (unsigned i = 0; i < count; i++) {
        char value[16];

        (void)snprintf(path, sizeof(path), "/data/q%u", i);
        (void)snprintf(value, sizeof(value), "c%u", i);
        assert_true(tp_session_choice(session, at(session, path), 0, &choice));
        assert_string_equal(choice.value, value);
        assert_false(tp_session_choice(session, at(session, path), 1, &choice));
    }
    close_form(session);
}

static void a_cell_that_nobody_reads_is_told_with_its_row(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY "| | text | q | ");
    repeat("words to ", 100 * 1024 / 9);
    (void)tp_buf_puts(&text, " | | |\n");
    assert_false(convert(&error));
    says("h.md, sheet survey, row 2, column label: this cell has 99 KB of text");
}

static void a_cell_of_four_megabytes_is_not_even_read(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY "| | text | q | ");
    repeat("words to", 4 * MB / 8 + 1);
    (void)tp_buf_puts(&text, " | | |\n");
    assert_false(convert(&error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    assert_string_equal(error.text, "'h.md', row 2: a cell is longer than 4 MB; shorten it");
}

static void a_circle_of_formulas_is_told_with_its_row(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY "| | text | first | F | | |\n");
    for (unsigned i = 0; i < 5000; i++)
        (void)tp_buf_printf(&text, "| | text | q%u | Q | ${q%u} = 1 | |\n", i, i ? i - 1 : 4999);
    assert_true(convert(&error));
    lint();
    says("h.md, sheet survey, row 3, column relevant: formulas wait for each other in a circle: "
         "relevant of 'q0' reads 'q4999', so");
}

static void a_chain_of_formulas_is_followed_to_its_end(void **state)
{
    struct tp_error error = {0};
    struct tp_session *session;
    struct tp_form *form = NULL;

    (void)state;
    (void)tp_buf_puts(&text, SURVEY "| | integer | c0 | Q | | |\n");
    for (unsigned i = 1; i <= 5000; i++)
        (void)tp_buf_printf(&text, "| | calculate | c%u | | | ${c%u} + 1 |\n", i, i - 1);
    assert_true(convert(&error));
    assert_true(tp_form_load("h", converted.xml, converted.xml_length, NULL, &form, &error));
    session = open_session(form, NULL);
    answer(session, "/data/c0", "7");
    assert_string_equal(value_at(session, "/data/c5000"), "5007");
    tp_session_destroy(session);
    tp_form_destroy(form);
}

static void groups_too_deep_are_told_with_their_row(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY);
    for (unsigned i = 0; i < 40; i++)
        (void)tp_buf_printf(&text, "| | begin_repeat | r%u | R | | |\n", i);
    (void)tp_buf_puts(&text, "| | text | q | Q | | |\n");
    repeat("| | end_repeat | | | | |\n", 40);
    assert_false(convert(&error));
    says("row 32, column type: groups are nested more than 60 deep; use fewer levels");
}

static void groups_as_deep_as_they_may_be_load(void **state)
{
    struct tp_error error = {0};
    struct tp_form *form = NULL;

    (void)state;
    (void)tp_buf_puts(&text, SURVEY);
    for (unsigned i = 0; i < 30; i++)
        (void)tp_buf_printf(&text, "| | begin_repeat | r%u | R | | |\n", i);
    (void)tp_buf_puts(&text, "| | select_one l | q | Q | | |\n");
    repeat("| | end_repeat | | | | |\n", 30);
    (void)tp_buf_puts(&text, "| choices |\n| | list_name | name | label |\n| | l | a | A |\n");
    assert_true(convert(&error));
    if (!tp_form_load("h", converted.xml, converted.xml_length, NULL, &form, &error))
        fail_msg("%s", error.text);
    tp_form_destroy(form);
}

static void loops_within_loops_stop_at_the_memory_allowed(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY);
    for (unsigned i = 0; i < 12; i++)
        (void)tp_buf_printf(&text, "| | begin_loop over l | g%u | G | | |\n", i);
    (void)tp_buf_puts(&text, "| | text | q | Q | | |\n");
    repeat("| | end_loop | | | | |\n", 12);
    (void)tp_buf_puts(&text, "| choices |\n| | list_name | name | label |\n");
    for (unsigned i = 0; i < 20; i++)
        (void)tp_buf_printf(&text, "| | l | c%u | C |\n", i);
    assert_false(convert(&error));
    says("the workbook is too large to convert in the memory allowed; make it smaller");
}

static void a_hundred_thousand_mistakes_are_counted_and_few_kept(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY);
    for (unsigned i = 0; i < 100000; i++)
        (void)tp_buf_printf(&text, "| | txt%u | q%u | ${none%u} | | |\n", i, i, i);
    assert_false(convert(&error));
    assert_int_equal(problems.count, TP_PROBLEMS_MAX);
    assert_true(problems.errors >= 100000);
    says("row 2, column type: 'txt0' is not a question type; did you mean 'text'?");
}

/* Each name is looked for among all lists, columns and references. */
static void half_a_million_names_in_formulas_are_looked_up(void **state)
{
    struct tp_error error = {0};

    (void)state;
    (void)tp_buf_puts(&text, SURVEY "| | select_one l1 | q | Q | | |\n");
    for (unsigned i = 0; i < 1000; i++) {
        (void)tp_buf_printf(&text, "| | text | t%u | Q | 1", i);
        repeat(" or ${q} = 'none'", 400);
        repeat(" or instance('l9') = 1", 100);
        (void)tp_buf_puts(&text, " | |\n");
    }
    (void)tp_buf_puts(&text, "| choices |\n| | list_name | name | label |\n");
    for (unsigned i = 0; i < 20000; i++)
        (void)tp_buf_printf(&text, "| | l%u | a | A |\n", i);
    assert_true(convert(&error));
    assert_int_equal(problems.count, TP_PROBLEMS_MAX);
    assert_int_equal(problems.warnings, 1000 * 400);
    says("row 3, column relevant: warning: 'none' is no choice of 'q'; check its name");
}

/* ---- words ---- */

/* Lone marks, open links and open tags: each once looked for its end through the whole text. */
static void marks_without_end_stand_as_they_are(void **state)
{
    static const char *const marks[] = {"*a ", "_a ", "**a ", "[a](", "[", "<b ", "<span x=", "&a"};
    struct tp_markdown markdown;

    (void)state;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        tp_buf_reset(&text);
        repeat(marks[i], TP_MARKDOWN_TEXT_MAX / 8);
        assert_true(tp_markdown_parse(tp_buf_text(&text), &markdown));
        assert_int_equal(markdown.text[0], marks[i][0]);
        tp_markdown_finish(&markdown);
    }
    tp_buf_reset(&text);
    repeat("**a** ", TP_MARKDOWN_TEXT_MAX / 6 + 1);
    assert_true(tp_markdown_parse(tp_buf_text(&text), &markdown));
    assert_string_equal(markdown.text, tp_buf_text(&text));
    assert_int_equal(markdown.span_count, 0);
    tp_markdown_finish(&markdown);
}

#define HOSTILE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOSTILE(a_label_of_four_megabytes_is_refused_with_its_line),
        HOSTILE(half_a_million_attributes_are_refused_with_their_line),
        HOSTILE(texts_that_are_long_only_together_are_no_long_text),
        HOSTILE(more_questions_than_anyone_asks_are_refused),
        HOSTILE(entities_that_grow_are_not_read),
        HOSTILE(a_hundred_thousand_choices_are_offered),
        HOSTILE(ninety_thousand_lists_give_each_question_its_own),
        HOSTILE(a_cell_that_nobody_reads_is_told_with_its_row),
        HOSTILE(a_cell_of_four_megabytes_is_not_even_read),
        HOSTILE(a_circle_of_formulas_is_told_with_its_row),
        HOSTILE(a_chain_of_formulas_is_followed_to_its_end),
        HOSTILE(groups_too_deep_are_told_with_their_row),
        HOSTILE(groups_as_deep_as_they_may_be_load),
        HOSTILE(loops_within_loops_stop_at_the_memory_allowed),
        HOSTILE(a_hundred_thousand_mistakes_are_counted_and_few_kept),
        HOSTILE(half_a_million_names_in_formulas_are_looked_up),
        HOSTILE(marks_without_end_stand_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
