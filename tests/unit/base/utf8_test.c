/* core/base/utf8: what is a character, and what may be shown. */
#include "tp_test.h"

#include <string.h>

#include "base/utf8.h"

/* One scalar value as UTF-8 by the table of RFC 3629, 3; how many bytes. */
static size_t encode(uint32_t code, char bytes[TP_UTF8_MAX])
{
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(first[size] | code);
    return size;
}

static void every_character_has_its_bytes(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[TP_UTF8_MAX + 1] = "";
        size_t size = encode(code, bytes);

        if (code >= 0xD800 && code <= 0xDFFF)
            assert_int_equal(tp_utf8_size(bytes, size), 0);
        else
            assert_int_equal(tp_utf8_size(bytes, size), size);
        assert_int_equal(tp_utf8_size(bytes, size - 1), 0);
    }
}

/* With the test above: nothing but characters, where as many are taken as there are. */
static void nothing_else_is_a_character(void **state)
{
    static const unsigned char edges[] = {0x7F, 0x80, 0xBF, 0xC0};
    size_t taken[TP_UTF8_MAX + 1] = {0};

    (void)state;
    for (unsigned n = 0; n < 0x1000000; n++) {
        char bytes[TP_UTF8_MAX] = {(char)(n >> 16), (char)(n >> 8), (char)n, 0};
        size_t size = tp_utf8_size(bytes, 3);

        taken[size]++;
    }
    assert_int_equal(taken[1], 0x80u * 0x10000);
    assert_int_equal(taken[2], (0x800u - 0x80) * 0x100);
    assert_int_equal(taken[3], 0x10000 - 0x800 - 0x800);
    for (unsigned n = 0; n < 0x100000; n++) {
        char bytes[TP_UTF8_MAX] = {(char)(n >> 12), (char)(n >> 4), (char)edges[n >> 2 & 3],
                                   (char)edges[n & 3]};

        taken[4] += tp_utf8_size(bytes, 4) == 4;
    }
    /* The last two bytes: two of four are taken, instead of 64. */
    assert_int_equal(taken[4], 0x100000 / 0x1000 * 2 * 2);
}

static void controls_are_those_of_ascii_and_of_latin_1(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        char bytes[TP_UTF8_MAX + 1] = "";

        (void)encode(code, bytes);
        assert_int_equal(tp_utf8_is_control(bytes), code < 0x20 || (code >= 0x7F && code < 0xA0));
    }
}

static void characters_are_counted_and_not_parted(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";

    (void)state;
    assert_int_equal(tp_utf8_count(text, strlen(text)), 4);
    assert_int_equal(tp_utf8_count(text, 0), 0);
    assert_int_equal(tp_utf8_cut(text, 0), 0);
    assert_int_equal(tp_utf8_cut(text, 1), 1);
    assert_int_equal(tp_utf8_cut(text, 2), 1);
    assert_int_equal(tp_utf8_cut(text, 3), 3);
    assert_int_equal(tp_utf8_cut(text, 9), 6);
}

static void words_from_anywhere_are_made_fit_to_print(void **state)
{
    char words[8];

    (void)state;
    tp_utf8_to_words("a\x1b[2J\n\xff\xc2\x9bz", words, sizeof(words));
    assert_string_equal(words, "a [2J ?");
    tp_utf8_to_words("\xc2\x9bz\x7f", words, sizeof(words));
    assert_string_equal(words, " z ");
    tp_utf8_to_words("abcde\xc3\xa9\xc3\xa9", words, sizeof(words));
    assert_string_equal(words, "abcde\xc3\xa9");
    tp_utf8_to_words("", words, sizeof(words));
    assert_string_equal(words, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_has_its_bytes),
        cmocka_unit_test(nothing_else_is_a_character),
        cmocka_unit_test(controls_are_those_of_ascii_and_of_latin_1),
        cmocka_unit_test(characters_are_counted_and_not_parted),
        cmocka_unit_test(words_from_anywhere_are_made_fit_to_print),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
