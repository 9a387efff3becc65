/* kiosk/app_words: days and times as each language on offer writes them, with the digits 0 to 9. */
#include "tp_test.h"

#include <string.h>

#include "kiosk/app_words.h"
#include "kiosk/i18n/catalog.h"

static const struct {
    const char *tag, *day, *month, *moment;
} languages[] = {
    {"en", "26 November 2026", "March 1958", "26 November 2026, 9:05 am"},
    {"en-simple", "26 November 2026", "March 1958", "26 November 2026, 9:05 am"},
    {"pl", "26 listopada 2026", "marzec 1958", NULL},
    {"pt", "26 de novembro de 2026", "março de 1958", NULL},
    {"ro", "26 noiembrie 2026", "martie 1958", NULL},
    {"uk", "26 листопада 2026", "березень 1958", NULL},
    {"ar", "26 نوفمبر 2026", "مارس 1958", NULL},
    {"ur", "26 نومبر 2026", "مارچ 1958", NULL},
    {"bn", "26 নভেম্বর 2026", "মার্চ 1958", NULL},
    {"pa", "26 ਨਵੰਬਰ 2026", "ਮਾਰਚ 1958", NULL},
    {"zh-Hans", "2026年11月26日", "1958年3月", NULL},
};

static void each_language_writes_its_days_in_words(void **state)
{
    struct tp_catalog *catalog = tp_catalog_create(NULL);
    struct tp_day day = {.year = 2026, .month = 11, .day = 26};
    struct tp_day born = {.year = 1958, .month = 3, .day = 1};

    (void)state;
    assert_non_null(catalog);
    tp_catalog_use(catalog);
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        char words[TP_DAY_WORDS_MAX];

        assert_true(tp_catalog_choose(catalog, languages[i].tag, NULL));
        tp_day_words(day, words);
        assert_string_equal(words, languages[i].day);
        tp_value_words("2026-11-26", words);
        assert_string_equal(words, languages[i].day);
        tp_month_of_year_words(born, words);
        assert_string_equal(words, languages[i].month);
        tp_value_words("2026-11-26T09:05:00.000+00:00", words);
        assert_non_null(strstr(words, languages[i].day));
        assert_non_null(strstr(words, "9:05"));
        if (languages[i].moment)
            assert_string_equal(words, languages[i].moment);
        tp_value_words("not a day", words);
        assert_string_equal(words, "not a day");
        if (strcmp(languages[i].tag, "en") != 0)
            assert_int_equal(tp_catalog_missing(catalog), 0);
    }
    tp_catalog_use(NULL);
    tp_catalog_destroy(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_language_writes_its_days_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
