/* core/base/xml_gate: which bytes may be parsed. */
#include "tp_test.h"

#include "base/buf.h"
#include "base/xml_gate.h"

/* All at once and byte by byte, which must come to the same. */
static enum tp_xml_gate_verdict look(const char *bytes, size_t count)
{
    struct tp_xml_gate whole = {0};
    struct tp_xml_gate parts = {0};
    enum tp_xml_gate_verdict verdict = tp_xml_gate_look(&whole, bytes, count);
    enum tp_xml_gate_verdict other = TP_XML_PASSES;

    for (size_t i = 0; i < count && other == TP_XML_PASSES; i++)
        other = tp_xml_gate_look(&parts, bytes + i, 1);
    assert_int_equal(other, verdict);
    assert_int_equal(parts.passed, whole.passed);
    return verdict;
}

/* `before`, `count` times `attribute` with a number put into it, and the end of the tag. */
static enum tp_xml_gate_verdict tag(const char *before, const char *attribute, unsigned count)
{
    enum tp_xml_gate_verdict verdict;
    struct tp_buf text;

    tp_buf_init(&text, 1u << 20);
    (void)tp_buf_puts(&text, before);
    for (unsigned i = 0; i < count; i++)
        (void)tp_buf_printf(&text, "%s%u='>'", attribute, i);
    (void)tp_buf_puts(&text, "/></a>");
    assert_true(tp_buf_ok(&text));
    verdict = look(text.data, text.length);
    tp_buf_finish(&text);
    return verdict;
}

static void an_element_has_as_many_attributes_as_a_workbook_columns(void **state)
{
    (void)state;
    assert_int_equal(tag("<a><b", " x", TP_XML_ATTRIBUTES_MAX), TP_XML_PASSES);
    assert_int_equal(tag("<a><b", " x", TP_XML_ATTRIBUTES_MAX + 1), TP_XML_HAS_TOO_MANY_ATTRIBUTES);
    assert_int_equal(tag("<a><b", " xmlns:x", TP_XML_ATTRIBUTES_MAX + 1),
                     TP_XML_HAS_TOO_MANY_ATTRIBUTES);
    /* many elements may have a few each */
    assert_int_equal(tag("<a><b", "/><b x", 10 * TP_XML_ATTRIBUTES_MAX), TP_XML_PASSES);
}

/* What looks like a quotation that goes on does not hide the tag behind it. */
static void nothing_before_a_tag_hides_it(void **state)
{
    static const char *const befores[] = {
        "<!-- <a x=\" --><b",          "<![CDATA[<a x='>]]><b", "<?p <a x=\"?><b",
        "<!DOCTYPE a [<!-- ' -->]><b", "<a>it's \"<b",          "<a x='\"' y=\"'\"><b",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(befores) / sizeof(befores[0]); i++)
        assert_int_equal(tag(befores[i], " x", TP_XML_ATTRIBUTES_MAX + 1),
                         TP_XML_HAS_TOO_MANY_ATTRIBUTES);
}

static void signs_of_equality_outside_tags_are_words(void **state)
{
    struct tp_buf text;

    (void)state;
    tp_buf_init(&text, 1u << 20);
    (void)tp_buf_puts(&text, "<a b=\"");
    for (unsigned i = 0; i < 2 * TP_XML_ATTRIBUTES_MAX; i++)
        (void)tp_buf_puts(&text, "1=1 ");
    (void)tp_buf_puts(&text, "\">");
    for (unsigned i = 0; i < 2 * TP_XML_ATTRIBUTES_MAX; i++)
        (void)tp_buf_puts(&text, "1=1 ");
    (void)tp_buf_puts(&text, "</a>");
    assert_int_equal(look(text.data, text.length), TP_XML_PASSES);
    tp_buf_finish(&text);
}

static void only_utf8_passes(void **state)
{
    (void)state;
    assert_int_equal(look("\xEF\xBB\xBF<a>\xC3\xB6</a>", 12), TP_XML_PASSES);
    assert_int_equal(look("\xFF\xFE<\0a\0/\0>\0", 10), TP_XML_IS_NOT_UTF8);
    assert_int_equal(look("\xFE\xFF\0<\0a\0/\0>", 10), TP_XML_IS_NOT_UTF8);
    assert_int_equal(look("<\0a\0/\0>\0", 8), TP_XML_IS_NOT_UTF8);
    assert_int_equal(look("\0<\0a\0/\0>", 8), TP_XML_IS_NOT_UTF8);
    assert_int_equal(look("\x4C\x6F\xA7\x94", 4), TP_XML_IS_NOT_UTF8); /* EBCDIC */
    assert_int_equal(look("", 0), TP_XML_PASSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_has_as_many_attributes_as_a_workbook_columns),
        cmocka_unit_test(nothing_before_a_tag_hides_it),
        cmocka_unit_test(signs_of_equality_outside_tags_are_words),
        cmocka_unit_test(only_utf8_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
