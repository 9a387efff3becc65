/* kiosk/widgets/fold: what is typed finds what is meant. */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/widgets/fold.h"

static const char *folded(const char *text)
{
    static struct tp_buf buf;

    tp_buf_finish(&buf);
    tp_buf_init(&buf, 4096);
    (void)tp_fold(text, &buf);
    return tp_buf_text(&buf);
}

static enum tp_fit fit(const char *text, const char *typed)
{
    struct tp_buf wanted;
    enum tp_fit found;

    tp_buf_init(&wanted, 4096);
    (void)tp_fold(typed, &wanted);
    found = tp_fold_fit(folded(text), tp_buf_text(&wanted));
    tp_buf_finish(&wanted);
    (void)folded("");
    return found;
}

static void capitals_accents_and_signs_do_not_matter(void **state)
{
    static const char *const same[][2] = {
        {"Hook Norton", "hook norton"},
        {"  St. John's  (Oxford) ", "st johns oxford"},
        {"St John’s", "st johns"},
        {"Łódź", "lodz"},
        {"Święty Krzyż", "swiety krzyz"},
        {"São João", "sao joao"},
        {"Timișoara", "timisoara"},
        {"Straße", "strasse"},
        {"Œuvre Æon Ørsted", "oeuvre aeon orsted"},
        {"Їжак і Йод", "іжак і иод"},
        {"أُكسفورد", "اكسفورد"},
        {"hook_norton", "hook norton"},
        {"bn বাংলা", "bn বাংলা"},
        {"ﬁne", "fine"},
        {"", ""},
        {"...", ""},
        {"caf\xC3", "caf"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        assert_string_equal(folded(same[i][0]), same[i][1]);
    (void)folded("");
}

/* Latin, Greek and Cyrillic letters are folded one by one; beside a combining mark, all together.
 */
static void a_letter_folds_alike_alone_and_in_company(void **state)
{
    (void)state;
    for (unsigned letter = 0x80; letter < 0x530; letter++) {
        char together[32], alone[32],
            bytes[3] = {(char)(0xC0 | letter >> 6), (char)(0x80 | (letter & 0x3F))};

        if (letter >= 0x300 && letter < 0x370)
            continue;
        (void)snprintf(alone, sizeof(alone), "x%sy %s z%s", bytes, bytes, bytes);
        (void)snprintf(together, sizeof(together), "x%sy %s z%s\xCC\x81", bytes, bytes, bytes);
        (void)snprintf(together, sizeof(together), "%s", folded(together));
        if (strcmp(folded(alone), together) != 0)
            fail_msg("U+%04X: '%s', and in company '%s'", letter, folded(alone), together);
    }
    assert_string_equal(folded("½ litre"), "1 2 litre");
    assert_string_equal(folded("ΣΊΣΥΦΟΣ"), "σισυφοσ");
    assert_string_equal(folded("Σίσυφος"), "σισυφοσ");
    (void)folded("");
}

static void the_start_counts_most_then_words_then_the_middle(void **state)
{
    (void)state;
    assert_int_equal(fit("Hook Norton", ""), TP_FIT_START);
    assert_int_equal(fit("Hook Norton", "hook"), TP_FIT_START);
    assert_int_equal(fit("Hook Norton", "Hook n"), TP_FIT_START);
    assert_int_equal(fit("Hook Norton", "nor"), TP_FIT_WORD);
    assert_int_equal(fit("Hook Norton", "norton hook"), TP_FIT_WORD);
    assert_int_equal(fit("Hook Norton", "orto"), TP_FIT_INSIDE);
    assert_int_equal(fit("Hook Norton", "or"), TP_FIT_NONE);
    assert_int_equal(fit("Hook Norton", "hook x"), TP_FIT_NONE);
    assert_int_equal(fit("牛津郡", "津"), TP_FIT_INSIDE);
    assert_int_equal(fit("", "a"), TP_FIT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_accents_and_signs_do_not_matter),
        cmocka_unit_test(a_letter_folds_alike_alone_and_in_company),
        cmocka_unit_test(the_start_counts_most_then_words_then_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
