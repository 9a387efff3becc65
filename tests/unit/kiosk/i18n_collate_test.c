/* kiosk/i18n/collate: each language's alphabet. */
#include "tp_test.h"

#include <stddef.h>

#include "kiosk/i18n/collate.h"

static void assert_order(const char *language, const char *const *words, size_t count)
{
    struct tp_collator *collator = tp_collator_open(language);

    assert_non_null(collator);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tp_collate(collator, words[i], words[i]), 0);
        for (size_t j = i + 1; j < count; j++) {
            assert_true(tp_collate(collator, words[i], words[j]) < 0);
            assert_true(tp_collate(collator, words[j], words[i]) > 0);
        }
    }
    tp_collator_close(collator);
}
#define ASSERT_ORDER(language, ...)                                                                \
    do {                                                                                           \
        static const char *const words[] = {__VA_ARGS__};                                          \
        assert_order(language, words, sizeof(words) / sizeof(words[0]));                           \
    } while (0)

static void capitals_and_accents_do_not_part_a_word_from_its_neighbours(void **state)
{
    (void)state;
    ASSERT_ORDER("en", "apple", "Bicester", "café", "Cage", "zoo");
}

static void each_language_has_its_own_alphabet(void **state)
{
    (void)state;
    ASSERT_ORDER("pl", "lato", "lód", "luty", "łąka", "zima", "źle", "żaba");
    ASSERT_ORDER("en", "łąka", "lato", "zima");
    ASSERT_ORDER("ro", "sat", "suta", "șapte", "tara", "țara");
    ASSERT_ORDER("uk", "гора", "ґанок", "дім", "єдність");
    ASSERT_ORDER("ar", "أحمد", "بيت", "تمر");
    ASSERT_ORDER("ur", "آم", "بات", "پانی", "تار");
    ASSERT_ORDER("bn", "আম", "ইট", "কলা");
    ASSERT_ORDER("pa", "ਅੰਬ", "ਸੜਕ", "ਕਿਤਾਬ");
    ASSERT_ORDER("zh-Hans", "北", "图", "中"); /* bei, tu, zhong */
}

static void a_language_that_nobody_knows_has_an_order_too(void **state)
{
    (void)state;
    ASSERT_ORDER("qqx", "apple", "Bicester");
    ASSERT_ORDER("", "apple", "Bicester");
    assert_true(tp_collate(NULL, "a", "b") < 0);
    tp_collator_close(NULL);
}

/* Two titles of one rank still stand in one order, whichever came first. */
static void what_the_alphabet_does_not_part_goes_by_bytes(void **state)
{
    struct tp_collator *collator = tp_collator_open("en");

    (void)state;
    assert_true(tp_collate(collator, "a\xcc\x81", "\xc3\xa1") < 0);
    assert_true(tp_collate(collator, "\xc3\xa1", "a\xcc\x81") > 0);
    tp_collator_close(collator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_and_accents_do_not_part_a_word_from_its_neighbours),
        cmocka_unit_test(each_language_has_its_own_alphabet),
        cmocka_unit_test(a_language_that_nobody_knows_has_an_order_too),
        cmocka_unit_test(what_the_alphabet_does_not_part_goes_by_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
