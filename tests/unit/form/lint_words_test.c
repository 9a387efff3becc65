/* core/form/lint_words: sentences, syllables and words, as the minimum standards count them. */
#include "tp_test.h"

#include <string.h>

#include "form/lint_words.h"

static void sentences_end_where_people_end_them(void **state)
{
    static const char text[] =
        "It costs 3.50 a day, e.g. on Sunday. \"Why?\" Ask Mr. Smith (now).\n"
        "**Bold.** ${q} times\n\n1. Open it. Is it 12. No";
    static const char *const wanted[] = {"It costs 3.50 a day, e.g. on Sunday.",
                                         "\"Why?\"",
                                         "Ask Mr. Smith (now).",
                                         "**Bold.**",
                                         "${q} times",
                                         "1. Open it.",
                                         "Is it 12.",
                                         "No"};
    static const bool starts[] = {true, false, false, true, false, true, false, false};
    static const unsigned words[] = {8, 1, 4, 1, 2, 3, 3, 1};
    struct tp_sentence sentence = {0};
    const char *from = text;

    (void)state;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        assert_true(tp_next_sentence(&from, &sentence));
        assert_int_equal(sentence.length, strlen(wanted[i]));
        assert_memory_equal(sentence.start, wanted[i], sentence.length);
        assert_int_equal(sentence.words, words[i]);
        assert_int_equal(sentence.starts_line, starts[i]);
    }
    assert_false(tp_next_sentence(&from, &sentence));
}

static void syllables_are_near_enough(void **state)
{
    static const struct {
        const char *word;
        unsigned count;
    } cases[] = {{"a", 1},       {"the", 1},      {"make", 1},   {"table", 2}, {"library", 3},
                 {"council", 2}, {"answered", 2}, {"wanted", 2}, {"free", 1},  {"rhythm", 1}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(tp_syllables(cases[i].word, strlen(cases[i].word)), cases[i].count);
}

static void reading_age_is_flesch_and_kincaids(void **state)
{
    (void)state;
    /* 100 words of 150 syllables in 10 sentences: grade 3.9 + 17.7 - 15.59 = 6.01. */
    assert_true(tp_reading_age(10, 100, 150) > 11.0 && tp_reading_age(10, 100, 150) < 11.02);
    assert_true(tp_reading_age(0, 0, 0) == 0);
}

static const char *first_avoided(const char *text, bool easy_read)
{
    const struct tp_avoided *found = tp_next_avoided(&text, text + strlen(text), easy_read);

    return found ? found->phrase : "";
}

static void words_are_avoided_whole(void **state)
{
    (void)state;
    assert_string_equal(first_avoided("SORRY, no", false), "sorry");
    assert_string_equal(first_avoided("pleased", false), "");
    assert_string_equal(first_avoided("a trivial viaduct", false), "");
    assert_string_equal(first_avoided("shops etc. are", false), "etc.");
    assert_string_equal(first_avoided("However", false), "");
    assert_string_equal(first_avoided("However", true), "however");
    assert_string_equal(first_avoided("we utilised it", false), "utilise");
    assert_string_equal(first_avoided("with regard to it", false), "with regard to");
    assert_string_equal(first_avoided("in partnership with us", false), "in partnership with");
    assert_string_equal(first_avoided("${via} and (via)", false), "via");
    assert_string_equal(first_avoided("${via} ${prior to", false), "prior to");
    assert_string_equal(first_avoided("", false), "");
}

static void easy_read_says_who_does_it(void **state)
{
    static const struct {
        const char *text;
        const char *passive; /* NULL: none */
    } cases[] = {
        {"Your words are kept safe.", "are kept"},
        {"It will not be sent on.", "be sent"},
        {"They were always printed.", "were always printed"},
        {"Are you interested?", NULL},
        {"It is red.", NULL},
        {"We kept it.", NULL},
        {"You are ${kept} here.", NULL},
        {"This is", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tp_sentence sentence = {.start = cases[i].text, .length = strlen(cases[i].text)};
        struct tp_sentence found = {0};

        assert_int_equal(tp_find_passive(&sentence, &found), cases[i].passive != NULL);
        if (cases[i].passive)
            assert_memory_equal(found.start, cases[i].passive, found.length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_end_where_people_end_them),
        cmocka_unit_test(syllables_are_near_enough),
        cmocka_unit_test(reading_age_is_flesch_and_kincaids),
        cmocka_unit_test(words_are_avoided_whole),
        cmocka_unit_test(easy_read_says_who_does_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
