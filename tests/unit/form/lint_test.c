/* core/form/lint: the minimum standards, each broken once. */
#include "tp_test.h"

#include <string.h>

#include "form/lint.h"
#include "form/lint_words.h"
#include "form/workbook.h"

/* A consultation sheet with all that must be there. */
#define FACTS                                                                                      \
    "| consultation |\n| | name | value | value::Easy Read (en-simple) |\n"                        \
    "| | kind | consultation | |\n| | title | Hours | Hours |\n| | minutes | 5 | |\n"              \
    "| | who | The council asks. | We ask. |\n| | why | We want to know. | We want to know. |\n"   \
    "| | what_happens | We count. | We count. |\n| | opens | 2026-11-01 | |\n"                     \
    "| | closes | 2026-12-01 | |\n| | contact_name | Ann | |\n| | contact_phone | 01865 1234 | "   \
    "|\n"                                                                                          \
    "| | contact_email | a@b.uk | |\n| | contact_post | County Hall, Oxford | |\n"                 \
    "| | privacy_short | It is private. | It is private. |\n"                                      \
    "| | privacy_full | All of it. | All of it. |\n| | privacy_version | 2026-1 | |\n"             \
    "| | retention | Two years. | Two years. |\n| | rights | You may ask. | You can ask. |\n"      \
    "| | alternative_formats | Ask us. | Ask us. |\n| | results_date | March | |\n"                \
    "| | equality | 2026-1 | |\n"

#define SETTINGS "| settings |\n| | default_language |\n| | English (en) |\n"
#define HEADER                                                                                     \
    "| survey |\n| | type | name | label::English (en) | label::Easy Read (en-simple) | "          \
    "media::image::Easy Read (en-simple) | image_alt::Easy Read (en-simple) |\n"
#define GOOD HEADER "| | text | q | What? | What? | a.svg | A thing |\n" SETTINGS FACTS

static struct tp_problems problems;

static void lint_with(const char *markdown, const struct tp_lint_options *options)
{
    struct tp_workbook workbook;
    struct tp_error error;

    tp_problems_finish(&problems);
    tp_problems_init(&problems);
    assert_true(tp_workbook_parse("t.md", markdown, strlen(markdown), &workbook, &error));
    tp_lint(&workbook, options, &problems);
    tp_workbook_finish(&workbook);
}

static int finish(void **state)
{
    (void)state;
    tp_problems_finish(&problems);
    return 0;
}

/* Some problem's line starts with this; counts errors and warnings. */
static void expect(size_t errors, size_t warnings, const char *wanted)
{
    struct tp_buf all;
    bool found = !wanted;

    tp_buf_init(&all, 1024u * 1024u);
    for (size_t i = 0; i < problems.count; i++) {
        size_t start = all.length;

        assert_true(tp_problem_line(&problems.items[i], &all));
        found = found || strncmp(tp_buf_text(&all) + start, wanted, strlen(wanted)) == 0;
        (void)tp_buf_putc(&all, '\n');
    }
    if (!found || problems.errors != errors || problems.warnings != warnings) {
        print_message("%s", tp_buf_text(&all));
        fail_msg("%zu errors, %zu warnings; wanted %zu, %zu and '%s'", problems.errors,
                 problems.warnings, errors, warnings, wanted ? wanted : "");
    }
    tp_buf_finish(&all);
}

/* The good workbook with `old` replaced once by `fresh`. */
static const char *with(const char *old, const char *fresh)
{
    static char text[8192];
    const char *at = strstr(GOOD, old);

    assert_non_null(at);
    (void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - GOOD), GOOD, fresh, at + strlen(old));
    return text;
}

static void a_good_survey_has_no_problems(void **state)
{
    (void)state;
    lint_with(GOOD, NULL);
    expect(0, 0, NULL);
}

static void each_missing_fact_is_an_error(void **state)
{
    static const char *const names[] = {
        "title",
        "minutes",
        "who",
        "why",
        "what_happens",
        "opens",
        "closes",
        "contact_name",
        "contact_phone",
        "contact_email",
        "contact_post",
        "privacy_short",
        "privacy_full",
        "privacy_version",
        "retention",
        "rights",
        "alternative_formats",
        "results_date",
        "equality",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char row[64];
        char line[128];
        char gone[64];

        (void)snprintf(row, sizeof(row), "| | %s |", names[i]);
        (void)snprintf(gone, sizeof(gone), "| | _%s |", names[i]);
        (void)snprintf(line, sizeof(line), "t.md, sheet consultation: '%s' is missing: ", names[i]);
        lint_with(with(row, gone), NULL);
        expect(1, 0, line);
    }
}

static void an_empty_fact_is_told_with_its_row(void **state)
{
    (void)state;
    lint_with(with("| | contact_phone | 01865 1234 |", "| | contact_phone | |"), NULL);
    expect(1, 0,
           "t.md, sheet consultation, row 11, column value: 'contact_phone' is empty: give a");
}

static void without_the_sheet_it_is_refused(void **state)
{
    (void)state;
    lint_with("| survey |\n| | type | name | label |\n| | text | q | Q |\n", NULL);
    expect(1, 1, "t.md: the workbook has no sheet 'consultation'; add it");
}

static void services_need_no_dates(void **state)
{
    char text[8192];
    const char *rows[] = {"| | opens | 2026-11-01 | |\n", "| | closes | 2026-12-01 | |\n",
                          "| | results_date | March | |\n", "| | equality | 2026-1 | |\n",
                          "| | minutes | 5 | |\n"};

    (void)state;
    (void)snprintf(text, sizeof(text), "%s",
                   with("| | kind | consultation |", "| | kind | comments |"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *at = strstr(text, rows[i]);

        assert_non_null(at);
        memmove(at, at + strlen(rows[i]), strlen(at + strlen(rows[i])) + 1);
    }
    lint_with(text, NULL);
    expect(0, 0, NULL);
}

static void contacts_must_be_such(void **state)
{
    (void)state;
    lint_with(with("a@b.uk", "ask us"), NULL);
    expect(1, 0, "t.md, sheet consultation, row 12, column value: this is not an email address");
    lint_with(with("01865 1234", "ask us"), NULL);
    expect(1, 0, "t.md, sheet consultation, row 11, column value: this is not a telephone number");
    lint_with(with("County Hall, Oxford", "Oxford"), NULL);
    expect(1, 0, "t.md, sheet consultation, row 13, column value: this is not a postal address");
}

static void the_equality_block_is_the_shared_one(void **state)
{
    struct tp_lint_options options = {.equality_version = "2026-2", .sum_translations = true};

    (void)state;
    lint_with(GOOD, &options);
    expect(1, 0,
           "t.md, sheet consultation, row 21, column value: the shared equality questions are "
           "at version '2026-2'");
    lint_with(with("| | equality | 2026-1 |", "| | equality | none |"), NULL);
    expect(1, 0, "t.md, sheet consultation, row 21, column value: a survey without the equality");
    lint_with(with("| | text | q |", "| | text | sexual_orientation |"), NULL);
    expect(1, 0,
           "t.md, sheet survey, row 2, column name: 'sexual_orientation' is a question of the "
           "shared equality block");
}

static void equality_questions_may_be_skipped(void **state)
{
    (void)state;
    lint_with(
        "| survey |\n| | type | name | label | required |\n| | select_one l | sex | Sex? | yes |\n"
        "| choices |\n| | list_name | name | label |\n| | l | 1 | Female |\n"
        "| consultation |\n| | name | value |\n| | kind | equality |\n",
        NULL);
    /* beside the facts that are missing and the Easy Read that is not there */
    expect(problems.errors, 1,
           "t.md, sheet survey, row 2, column required: equality questions are never required");
    expect(problems.errors, 1, "t.md, sheet choices, row 2: the list 'l' has no choice 'not_say'");
}

static void a_picture_needs_words(void **state)
{
    (void)state;
    lint_with(with("| a.svg | A thing |", "| a.svg | |"), NULL);
    expect(1, 0,
           "t.md, sheet survey, row 2, column media::image::Easy Read (en-simple): the picture "
           "'a.svg' has no alternative text");
    lint_with(with("| a.svg | A thing |", "| | |"), NULL);
    expect(0, 1,
           "t.md, sheet survey, row 2, column media::image::Easy Read (en-simple): warning: Easy "
           "Read has no picture here");
    lint_with(with("| | title | Hours | Hours |", "| | picture | a.svg | |\n| | title | H | H |"),
              NULL);
    expect(1, 0, "t.md, sheet consultation, row 3, column value: the picture has no alternative");
}

static void long_sentences_are_quoted(void **state)
{
    (void)state;
    lint_with(with("| What? | What? |",
                   "| What? | One two three four five six seven eight nine ten eleven twelve "
                   "thirteen fourteen fifteen sixteen? |"),
              NULL);
    expect(0, 1,
           "t.md, sheet survey, row 2, column label::Easy Read (en-simple): warning: this "
           "sentence has 16 words; use at most 15 in Easy Read: 'One two three");
    lint_with(with("| What? | What? |",
                   "| One two three four five six seven eight nine ten one two three four five six "
                   "seven eight nine ten one two three four five six? | What? |"),
              NULL);
    expect(0, 1,
           "t.md, sheet survey, row 2, column label::English (en): warning: this sentence has 26 "
           "words; use at most 25: 'One two");
}

static void words_to_avoid_are_named(void **state)
{
    (void)state;
    lint_with(with("| What? | What? |", "| Please say. | What? |"), NULL);
    expect(0, 1, "t.md, sheet survey, row 2, column label::English (en): warning: avoid 'please'");
    lint_with(with("We want to know. |", "We shall utilise it. |"), NULL);
    expect(0, 1,
           "t.md, sheet consultation, row 6, column value: warning: avoid 'utilise'; instead: "
           "use");
}

static void a_missing_translation_is_counted(void **state)
{
    struct tp_lint_options each = {.sum_translations = false};

    (void)state;
    lint_with(with("| What? | What? |", "| What? | |"), NULL);
    expect(0, 1, "t.md, sheet survey, row 2: warning: Easy Read (en-simple): 1 of ");
    lint_with(with("| What? | What? |", "| What? | |"), &each);
    expect(0, 1,
           "t.md, sheet survey, row 2, column label::Easy Read (en-simple): warning: there is no "
           "Easy Read (en-simple) text here");
}

static void a_constraint_needs_a_message(void **state)
{
    (void)state;
    lint_with("| survey |\n| | type | name | label | constraint |\n| | integer | q | What? | . > 1 "
              "|\n" FACTS,
              NULL);
    expect(0, 2,
           "t.md, sheet survey, row 2, column constraint: warning: there is a constraint and no "
           "constraint_message");
}

static void every_kind_of_question_has_a_page(void **state)
{
    (void)state;
    lint_with(
        "| survey |\n| | type | name | label |\n| | rank l | q | What? |\n| | dateTime | d | When? "
        "|\n| | begin_repeat | r | R |\n| | text | t | What? |\n| | end_repeat | | |\n"
        "| choices |\n| | list_name | name | label |\n| | l | a | A |\n" FACTS,
        NULL);
    expect(0, 1, "t.md, sheet survey: warning: there is no Easy Read");
}

static void hard_words_raise_the_reading_age(void **state)
{
    char text[8192];
    char row[2048] = "";

    (void)state;
    for (int i = 0; i < 12; i++)
        (void)snprintf(row + strlen(row), sizeof(row) - strlen(row),
                       "Municipal administration presupposes considerable organisational "
                       "responsibility regularly everywhere. ");
    (void)snprintf(text, sizeof(text),
                   "| survey |\n| | type | name | label |\n| | note | q | %s |\n" FACTS, row);
    lint_with(text, NULL);
    expect(0, 2, "t.md, sheet survey: warning: the words ask for a reading age of ");
}

/* ---- lint_words ---- */

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

static void every_word_of_a_text_is_told_with_its_sentence(void **state)
{
    (void)state;
    lint_with(with("| What? | What? |",
                   "| We utilise it. Tell us prior to May, via a stakeholder. | What? |"),
              NULL);
    expect(0, 4,
           "t.md, sheet survey, row 2, column label::English (en): warning: avoid 'prior to'; "
           "instead: before: 'Tell us prior to May, via a stakeholder.'");
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
    lint_with(with("| What? | What? |", "| It is kept. | It is kept. |"), NULL);
    expect(0, 1,
           "t.md, sheet survey, row 2, column label::Easy Read (en-simple): warning: 'is kept' "
           "does not say who does it");
}

static void easy_read_has_one_word_for_one_thing(void **state)
{
    (void)state;
    lint_with(with("| text | q | What? | What? |", "| text | q | What? | Was the trip good? |"),
              NULL);
    expect(0, 0, NULL);
    lint_with(with("| text | q | What? | What? | a.svg | A thing |\n",
                   "| text | q | A | A trip? | a.svg | A thing |\n"
                   "| | text | r | A | Two journeys? | a.svg | A thing |\n"
                   "| | text | s | A | A journey? | a.svg | A thing |\n"
                   "| | text | t | A | Is it stored? | a.svg | A thing |\n"
                   "| | text | u | A | Is it in the shop? | a.svg | A thing |\n"),
              NULL);
    expect(0, 1,
           "t.md, sheet survey, row 3, column label::Easy Read (en-simple): warning: Easy Read "
           "says 'journey' here and 'trip' before; use one word for one thing");
}

static void a_survey_without_easy_read_says_so(void **state)
{
    (void)state;
    lint_with("| survey |\n| | type | name | label |\n| | text | q | What? |\n" FACTS, NULL);
    expect(0, 1, "t.md, sheet survey: warning: there is no Easy Read, so people who choose it");
}

static void clips_that_are_missing_are_counted_by_language(void **state)
{
    static const char survey[] =
        "| survey |\n| | type | name | label::English (en) | label::Easy Read (en-simple) | "
        "media::image::Easy Read (en-simple) | image_alt::Easy Read (en-simple) | "
        "media::audio::English (en) |\n"
        "| | text | q | What? | What? | a.svg | A thing | q.mp3 |\n"
        "| | text | r | Who? | Who? | a.svg | A thing | |\n" SETTINGS FACTS;

    (void)state;
    lint_with(survey, NULL);
    expect(0, 2,
           "t.md, sheet survey: warning: English (en): 1 of 2 questions and choices have no "
           "recording");
    expect(0, 2, "t.md, sheet survey: warning: Easy Read (en-simple): 2 of 2 questions");
}

static void recordings_that_the_screen_cannot_play_are_named(void **state)
{
    static const char survey[] =
        "| survey |\n| | type | name | label | media::audio |\n"
        "| | text | q | What? | q.m4a |\n| | text | r | Who? | r.OGG |\n" FACTS;

    (void)state;
    lint_with(survey, NULL);
    expect(0, 2,
           "t.md, sheet survey, row 2, column media::audio: warning: 'q.m4a' is no recording that "
           "the screen plays: save it as .mp3, .ogg, .flac or .wav");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_good_survey_has_no_problems, finish),
        cmocka_unit_test_teardown(recordings_that_the_screen_cannot_play_are_named, finish),
        cmocka_unit_test_teardown(each_missing_fact_is_an_error, finish),
        cmocka_unit_test_teardown(an_empty_fact_is_told_with_its_row, finish),
        cmocka_unit_test_teardown(without_the_sheet_it_is_refused, finish),
        cmocka_unit_test_teardown(services_need_no_dates, finish),
        cmocka_unit_test_teardown(contacts_must_be_such, finish),
        cmocka_unit_test_teardown(the_equality_block_is_the_shared_one, finish),
        cmocka_unit_test_teardown(equality_questions_may_be_skipped, finish),
        cmocka_unit_test_teardown(a_picture_needs_words, finish),
        cmocka_unit_test_teardown(long_sentences_are_quoted, finish),
        cmocka_unit_test_teardown(words_to_avoid_are_named, finish),
        cmocka_unit_test_teardown(a_missing_translation_is_counted, finish),
        cmocka_unit_test_teardown(a_constraint_needs_a_message, finish),
        cmocka_unit_test_teardown(every_kind_of_question_has_a_page, finish),
        cmocka_unit_test_teardown(hard_words_raise_the_reading_age, finish),
        cmocka_unit_test(sentences_end_where_people_end_them),
        cmocka_unit_test(syllables_are_near_enough),
        cmocka_unit_test(reading_age_is_flesch_and_kincaids),
        cmocka_unit_test(words_are_avoided_whole),
        cmocka_unit_test_teardown(every_word_of_a_text_is_told_with_its_sentence, finish),
        cmocka_unit_test_teardown(easy_read_says_who_does_it, finish),
        cmocka_unit_test_teardown(easy_read_has_one_word_for_one_thing, finish),
        cmocka_unit_test_teardown(a_survey_without_easy_read_says_so, finish),
        cmocka_unit_test_teardown(clips_that_are_missing_are_counted_by_language, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
