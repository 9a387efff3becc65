/* core/form/markdown: XLSForm's label markdown as plain text and styled spans. */
#include "tp_test.h"

#include <string.h>

#include "base/buf.h"
#include "form/markdown.h"

/* The plain text with its spans written back as {bold}, {h1:...} and {b1:...}. */
static const char *shown(const char *source)
{
    static struct tp_buf buf;
    struct tp_markdown markdown;
    size_t at = 0;

    tp_buf_finish(&buf);
    tp_buf_init(&buf, 1 << 20);
    assert_true(tp_markdown_parse(source, &markdown));
    for (size_t i = 0; i < markdown.span_count; i++) {
        const struct tp_markdown_span *span = &markdown.spans[i];

        assert_true(span->start >= at);
        (void)tp_buf_add(&buf, markdown.text + at, span->start - at);
        if (span->heading)
            (void)tp_buf_printf(&buf, "{%c%u:", span->bold ? 'b' : 'h', span->heading);
        else
            (void)tp_buf_puts(&buf, "{");
        (void)tp_buf_add(&buf, markdown.text + span->start, span->length);
        (void)tp_buf_puts(&buf, "}");
        at = span->start + span->length;
    }
    (void)tp_buf_puts(&buf, markdown.text + at);
    tp_markdown_finish(&markdown);
    return tp_buf_text(&buf);
}

static void emphasis_of_every_kind_is_bold(void **state)
{
    (void)state;
    assert_string_equal(shown("a **b c** d"), "a {b c} d");
    assert_string_equal(shown("a __b__ _c_ *d*"), "a {b} {c} {d}");
    assert_string_equal(shown("**all _of_ it**"), "{all of it}");
    assert_string_equal(shown("***both***"), "{both}");
    assert_string_equal(shown("**two\nlines**"), "{two}\n{lines}");
}

static void what_is_not_markdown_stands_as_written(void **state)
{
    (void)state;
    assert_string_equal(shown("snake_case_name and 2 * 3 * 4"), "snake_case_name and 2 * 3 * 4");
    assert_string_equal(shown("2 * 3 &lt; 7"), "2 * 3 < 7");
    assert_string_equal(shown("** not ** bold"), "** not ** bold");
    assert_string_equal(shown("**open"), "**open");
    assert_string_equal(shown("*"), "*");
    assert_string_equal(shown("a < b, c > d, <3, 5<6"), "a < b, c > d, <3, 5<6");
    assert_string_equal(shown("#hashtag"), "#hashtag");
    assert_string_equal(shown("[no link] (here)"), "[no link] (here)");
    assert_string_equal(shown("AT&T; R&D"), "AT&T; R&D");
    assert_string_equal(shown("**a\n\nb**"), "**a\n\nb**");
    assert_string_equal(shown(NULL), "");
}

static void headings_links_and_breaks(void **state)
{
    (void)state;
    assert_string_equal(shown("# Title\ntext\n### Third **b**"),
                        "{h1:Title}\ntext\n{h3:Third }{b3:b}");
    assert_string_equal(shown("# Title\n**b**"), "{h1:Title}\n{b}");
    assert_string_equal(shown("see [the *plan*](https://example.org/a) now"), "see the {plan} now");
    assert_string_equal(shown("one<br>two<br />three"), "one\ntwo\nthree");
    assert_string_equal(shown("<p>one</p><p>two</p>"), "one\ntwo\n");
}

static void escapes_and_html(void **state)
{
    (void)state;
    assert_string_equal(shown("\\*not\\* \\_it\\_ \\# \\\\"), "*not* _it_ # \\");
    assert_string_equal(shown("<span style=\"color:red\">red</span> <b>b</b> <i>i</i>"),
                        "red {b} {i}");
    assert_string_equal(shown("&lt;b&gt; &amp; &#8364; &#x20AC; &#55296;"),
                        "<b> & \u20AC \u20AC &#55296;");
}

static void many_spans_and_deep_nesting_keep_every_word(void **state)
{
    struct tp_buf source;
    struct tp_markdown markdown;

    (void)state;
    tp_buf_init(&source, 1 << 20);
    for (int i = 0; i < 1000; i++)
        (void)tp_buf_puts(&source, "**b** ");
    for (int i = 0; i < 20000; i++)
        (void)tp_buf_puts(&source, "_*");
    assert_true(tp_markdown_parse(tp_buf_text(&source), &markdown));
    assert_int_equal(markdown.span_count, TP_MARKDOWN_SPANS_MAX);
    assert_true(strlen(markdown.text) >= 2000);
    tp_markdown_finish(&markdown);
    tp_buf_finish(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emphasis_of_every_kind_is_bold),
        cmocka_unit_test(what_is_not_markdown_stands_as_written),
        cmocka_unit_test(headings_links_and_breaks),
        cmocka_unit_test(escapes_and_html),
        cmocka_unit_test(many_spans_and_deep_nesting_keep_every_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
