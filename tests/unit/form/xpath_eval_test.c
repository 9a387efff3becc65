/* core/form/eval: of which node an expression speaks, and what it is stopped at. */
#include "tp_test.h"

#include <string.h>

#include "form/eval.h"

static const char document[] = "<data><a>1</a><b><c/></b><d><e/></d></data>";

/* Each level of predicates asks all elements again for each element: without a cap, for years. */
static void predicates_within_predicates_are_given_up(void **state)
{
    struct tp_eval_request request = {.name = "t", .xml = document, .length = strlen(document)};
    struct tp_eval_result result;
    struct tp_buf expression;
    struct tp_error error;

    (void)state;
    tp_buf_init(&expression, 1 << 12);
    for (int i = 0; i < 40; i++)
        (void)tp_buf_puts(&expression, "//*[");
    (void)tp_buf_puts(&expression, "false()");
    for (int i = 0; i < 40; i++)
        (void)tp_buf_puts(&expression, "]");
    request.expression = tp_buf_text(&expression);
    assert_false(tp_eval(&request, &result, &error));
    assert_non_null(strstr(error.text, "cannot be evaluated"));
    tp_buf_finish(&expression);
}

static void depth_and_length_are_capped(void **state)
{
    struct tp_buf expression;
    struct tp_eval_request request = {.name = "t", .xml = document, .length = strlen(document)};
    struct tp_eval_result result;
    struct tp_error error;

    (void)state;
    tp_buf_init(&expression, 1 << 20);
    for (int i = 0; i < 5000; i++)
        (void)tp_buf_putc(&expression, '(');
    request.expression = tp_buf_text(&expression);
    assert_false(tp_eval(&request, &result, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_buf_reset(&expression);
    (void)tp_buf_puts(&expression, "1");
    for (int i = 0; i < 990; i++)
        (void)tp_buf_puts(&expression, " + 1");
    request.expression = tp_buf_text(&expression);
    assert_true(tp_eval(&request, &result, &error));
    assert_true(result.number == 991);
    tp_eval_finish(&result);
    for (int i = 0; i < 30000; i++)
        (void)tp_buf_puts(&expression, " + 1");
    request.expression = tp_buf_text(&expression);
    assert_false(tp_eval(&request, &result, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_buf_finish(&expression);
}

static void text_of(const struct tp_eval_request *request, const char *wanted)
{
    struct tp_eval_result result;
    struct tp_error error = {0};

    if (!tp_eval(request, &result, &error))
        fail_msg("%s: %s", request->expression, error.text);
    if (result.failed)
        fail_msg("%s: %s", request->expression, result.failure);
    assert_string_equal(tp_buf_text(&result.text), wanted);
    tp_eval_finish(&result);
}

static void texts_of_a_form_are_found_by_language(void **state)
{
    static const char form[] =
        "<h:html xmlns:h='http://www.w3.org/1999/xhtml' xmlns='http://www.w3.org/2002/xforms' "
        "xmlns:jr='http://openrosa.org/javarosa'><h:head><model><itext>"
        "<translation lang='en'><text id='a'><value>One</value></text></translation>"
        "<translation lang='pl' default='true()'><text id='a'><value form='image'>x</value>"
        "<value>Jeden</value></text><text id='b'><value form='short'>x</value></text></translation>"
        "</itext><instance><data><q>1</q></data></instance></model></h:head><h:body/></h:html>";
    struct tp_eval_request request = {
        .name = "f", .xml = form, .length = strlen(form), .expression = "jr:itext('a')"};
    struct tp_eval_result result;
    struct tp_error error;

    (void)state;
    text_of(&request, "Jeden");
    request.language = "en";
    text_of(&request, "One");
    request.language = "ar";
    text_of(&request, "Jeden");
    request.expression = "jr:itext('b')";
    assert_true(tp_eval(&request, &result, &error));
    assert_true(result.failed);
    tp_eval_finish(&result);
}

static void number_needs_a_node(void **state)
{
    struct tp_eval_request request = {.name = "t", .expression = "number()"};
    struct tp_eval_result result;
    struct tp_error error;

    (void)state;
    assert_true(tp_eval(&request, &result, &error));
    assert_true(result.failed);
    tp_eval_finish(&result);
    request.xml = "<a>5</a>";
    request.length = strlen(request.xml);
    text_of(&request, "5");
}

static void cdata_counts_as_text(void **state)
{
    static const char words[] = "<a>one<![CDATA[two]]><b/>three</a>";
    struct tp_eval_request request = {.name = "c",
                                      .xml = words,
                                      .length = strlen(words),
                                      .context = "/*[1]/text()[2]",
                                      .expression = "."};
    struct tp_eval_result result;
    struct tp_error error;

    (void)state;
    text_of(&request, "two");
    request.context = "/*[1]";
    request.expression = "text()";
    assert_true(tp_eval(&request, &result, &error));
    assert_string_equal(tp_buf_text(&result.nodes), "/*[1]/text()[1]\tone\n/*[1]/text()[2]\ttwo\n"
                                                    "/*[1]/text()[3]\tthree\n");
    tp_eval_finish(&result);
}

static void a_context_is_a_path_of_places_or_of_names(void **state)
{
    static const char data[] = "<d><a>1</a><text>2</text><r><v>3</v></r><r><v>4</v></r></d>";
    static const char form[] = "<h:html xmlns='http://www.w3.org/2002/xforms'"
                               " xmlns:h='http://www.w3.org/1999/xhtml'><h:head><model><instance>"
                               "<data><q/><x>5</x></data></instance></model></h:head></h:html>";
    static const struct {
        const char *xml, *context, *wanted;
    } found[] = {
        {data, "/d/text", "2"},           {data, "/d/r[2]/v", "4"}, {data, "/*[1]/r/v", "3"},
        {data, "/*[1]/*[4]/*[1]", "4"},   {form, "/data/x", "5"},   {form, "/data[1]/*[2]", "5"},
        {form, "/h:html/head[1]/*", "5"},
    };
    static const char *const missing[] = {"/d/b", "/d/r[3]", "d/a", "/d//a"};
    struct tp_eval_request request = {.name = "c", .expression = "."};

    (void)state;
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        request.xml = found[i].xml;
        request.length = strlen(found[i].xml);
        request.context = found[i].context;
        text_of(&request, found[i].wanted);
    }
    request.xml = data;
    request.length = strlen(data);
    for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
        struct tp_eval_result result;

        request.context = missing[i];
        assert_false(tp_eval(&request, &result, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predicates_within_predicates_are_given_up),
        cmocka_unit_test(depth_and_length_are_capped),
        cmocka_unit_test(texts_of_a_form_are_found_by_language),
        cmocka_unit_test(number_needs_a_node),
        cmocka_unit_test(cdata_counts_as_text),
        cmocka_unit_test(a_context_is_a_path_of_places_or_of_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
