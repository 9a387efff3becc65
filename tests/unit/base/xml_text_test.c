/* core/base/xml_text: what is written is read back. */
#include "tp_test.h"

#include <string.h>

#include "base/xml_text.h"

typedef bool put(struct tp_buf *out, const char *text, size_t length);

static void assert_written(put *how, const char *text, const char *wanted)
{
    struct tp_buf out;

    tp_buf_init(&out, 1000);
    assert_true(how(&out, text, strlen(text)));
    assert_string_equal(tp_buf_text(&out), wanted);
    tp_buf_finish(&out);
}

static void marks_are_escaped(void **state)
{
    (void)state;
    assert_written(tp_xml_put_text, "a<b>&\"'c", "a&lt;b&gt;&amp;\"'c");
    assert_written(tp_xml_put_attr, "a<b>&\"'c", "a&lt;b&gt;&amp;&quot;'c");
    assert_written(tp_xml_put_text, "", "");
}

/* A parser makes one line end of another in text, and spaces of all in an attribute. */
static void line_ends_come_back_as_they_were(void **state)
{
    (void)state;
    assert_written(tp_xml_put_text, "\t1\r\n2\n", "\t1&#13;\n2\n");
    assert_written(tp_xml_put_attr, "\t1\r\n2\n", "&#9;1&#13;&#10;2&#10;");
}

static void what_is_no_character_of_xml_is_left_out(void **state)
{
    (void)state;
    assert_written(tp_xml_put_text, "\x01o\x1Fn\x0B", "on");
    assert_written(tp_xml_put_text, "\xEF\xBF\xBE<\xEF\xBF\xBF", "&lt;");
    assert_written(tp_xml_put_attr, "\xEF\xBF\xBD\xC3\xA9\x7F", "\xEF\xBF\xBD\xC3\xA9\x7F");
    assert_written(tp_xml_put_text, "\xEF\xBF", "\xEF\xBF");
}

static void a_name_is_written_whole_or_not_at_all(void **state)
{
    struct tp_buf out;

    (void)state;
    tp_buf_init(&out, 1000);
    assert_false(tp_xml_put_name(&out, "two\nlines"));
    assert_false(tp_xml_put_name(&out, "\x01"));
    assert_int_equal(out.length, 0);
    assert_true(tp_xml_put_name(&out, "R&D \"é\""));
    assert_string_equal(tp_buf_text(&out), "R&amp;D &quot;é&quot;");
    tp_buf_finish(&out);
}

static void a_full_buffer_says_so(void **state)
{
    struct tp_buf out;

    (void)state;
    tp_buf_init(&out, 4);
    assert_false(tp_xml_put_text(&out, "a&b", 3));
    assert_true(tp_xml_put_name(&out, "a name")); /* nothing is wrong with it */
    assert_false(tp_buf_ok(&out));
    tp_buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_escaped),
        cmocka_unit_test(line_ends_come_back_as_they_were),
        cmocka_unit_test(what_is_no_character_of_xml_is_left_out),
        cmocka_unit_test(a_name_is_written_whole_or_not_at_all),
        cmocka_unit_test(a_full_buffer_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
