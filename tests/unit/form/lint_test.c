/* core/form/lint: the minimum standards, each broken once. */
#include "tp_test.h"

#include <string.h>

#include "form/lint.h"
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

static void what_the_converter_says_is_left_to_it(void **state)
{
    (void)state;
    lint_with(with("| | text | q |", "| | txt | q |"), NULL);
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

/* One thing in the good workbook is otherwise. */
static const struct {
    const char *old, *fresh;
    size_t errors, warnings;
    const char *line; /* NULL: nothing is wrong */
} changes[] = {
    /* facts */
    {"| | contact_phone | 01865 1234 |", "| | contact_phone | |", 1, 0,
     "t.md, sheet consultation, row 11, column value: 'contact_phone' is empty: give a"},
    {"a@b.uk", "ask us", 1, 0,
     "t.md, sheet consultation, row 12, column value: this is not an email address"},
    {"01865 1234", "ask us", 1, 0,
     "t.md, sheet consultation, row 11, column value: this is not a telephone number"},
    {"County Hall, Oxford", "Oxford", 1, 0,
     "t.md, sheet consultation, row 13, column value: this is not a postal address"},
    {"| | equality | 2026-1 |", "| | equality | none |", 1, 0,
     "t.md, sheet consultation, row 21, column value: a survey without the equality"},
    {"| | text | q |", "| | text | sexual_orientation |", 1, 0,
     "t.md, sheet survey, row 2, column name: 'sexual_orientation' is a question of the shared "
     "equality block"},
    /* pictures */
    {"| a.svg | A thing |", "| a.svg | |", 1, 0,
     "t.md, sheet survey, row 2, column media::image::Easy Read (en-simple): the picture 'a.svg' "
     "has no alternative text"},
    {"| a.svg | A thing |", "| | |", 0, 1,
     "t.md, sheet survey, row 2, column media::image::Easy Read (en-simple): warning: Easy Read "
     "has no picture here"},
    {"| | title | Hours | Hours |", "| | picture | a.svg | |\n| | title | H | H |", 1, 0,
     "t.md, sheet consultation, row 3, column value: the picture has no alternative"},
    /* sentences */
    {"| What? | What? |",
     "| What? | One two three four five six seven eight nine ten eleven twelve thirteen fourteen "
     "fifteen sixteen? |",
     0, 1,
     "t.md, sheet survey, row 2, column label::Easy Read (en-simple): warning: this sentence has "
     "16 words; use at most 15 in Easy Read: 'One two three"},
    {"| What? | What? |",
     "| One two three four five six seven eight nine ten one two three four five six seven eight "
     "nine ten one two three four five six? | What? |",
     0, 1,
     "t.md, sheet survey, row 2, column label::English (en): warning: this sentence has 26 words; "
     "use at most 25: 'One two"},
    {"| What? | What? |", "| It is kept. | It is kept. |", 0, 1,
     "t.md, sheet survey, row 2, column label::Easy Read (en-simple): warning: 'is kept' does not "
     "say who does it"},
    /* words */
    {"| What? | What? |", "| Please say. | What? |", 0, 1,
     "t.md, sheet survey, row 2, column label::English (en): warning: avoid 'please'"},
    {"We want to know. |", "We shall utilise it. |", 0, 1,
     "t.md, sheet consultation, row 6, column value: warning: avoid 'utilise'; instead: use"},
    {"| What? | What? |", "| We utilise it. Tell us prior to May, via a stakeholder. | What? |", 0,
     4,
     "t.md, sheet survey, row 2, column label::English (en): warning: avoid 'prior to'; instead: "
     "before: 'Tell us prior to May, via a stakeholder.'"},
    {"| text | q | What? | What? |", "| text | q | What? | Was the trip good? |", 0, 0, NULL},
    {"| text | q | What? | What? | a.svg | A thing |\n",
     "| text | q | A | A trip? | a.svg | A thing |\n"
     "| | text | r | A | Two journeys? | a.svg | A thing |\n"
     "| | text | s | A | A journey? | a.svg | A thing |\n"
     "| | text | t | A | Is it stored? | a.svg | A thing |\n"
     "| | text | u | A | Is it in the shop? | a.svg | A thing |\n",
     0, 1,
     "t.md, sheet survey, row 3, column label::Easy Read (en-simple): warning: Easy Read says "
     "'journey' here and 'trip' before; use one word for one thing"},
    /* translations */
    {"| What? | What? |", "| What? | |", 0, 1,
     "t.md, sheet survey, row 2: warning: Easy Read (en-simple): 1 of "},
};

static void each_standard_is_told_where_it_is_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        lint_with(with(changes[i].old, changes[i].fresh), NULL);
        expect(changes[i].errors, changes[i].warnings, changes[i].line);
    }
}

static const struct {
    const char *markdown;
    size_t errors, warnings;
    const char *line;
} surveys[] = {
    /* search() shows a file's rows, which have no pictures */
    {"| survey |\n| | type | name | label::English (en) | label::Easy Read (en-simple) | "
     "appearance | "
     "media::image::Easy Read (en-simple) | image_alt::Easy Read (en-simple) |\n"
     "| | select_one towns | q | What? | What? | search('towns') | a.svg | A thing |\n"
     "| choices |\n| | list_name | name | label::English (en) | label::Easy Read (en-simple) |\n"
     "| | towns | name | label | label |\n" SETTINGS FACTS,
     0, 0, NULL},
    {"| survey |\n| | type | name | label |\n| | text | q | Q |\n", 1, 1,
     "t.md: the workbook has no sheet 'consultation'; add it"},
    {"| survey |\n| | type | name | label |\n| | text | q | What? |\n" FACTS, 0, 1,
     "t.md, sheet survey: warning: there is no Easy Read, so people who choose it"},
    {"| survey |\n| | type | name | label | constraint |\n| | integer | q | What? | . > 1 "
     "|\n" FACTS,
     0, 2,
     "t.md, sheet survey, row 2, column constraint: warning: there is a constraint and no "
     "constraint_message"},
    /* every kind of question has a page */
    {"| survey |\n| | type | name | label |\n| | rank l | q | What? |\n| | dateTime | d | When? |\n"
     "| | begin_repeat | r | R |\n| | text | t | What? |\n| | end_repeat | | |\n"
     "| choices |\n| | list_name | name | label |\n| | l | a | A |\n" FACTS,
     0, 1, "t.md, sheet survey: warning: there is no Easy Read"},
    {"| survey |\n| | type | name | label | media::audio |\n"
     "| | text | q | What? | q.m4a |\n| | text | r | Who? | r.OGG |\n" FACTS,
     0, 2,
     "t.md, sheet survey, row 2, column media::audio: warning: 'q.m4a' is no recording that the "
     "screen plays: save it as .mp3, .ogg, .flac or .wav"},
    {"| survey |\n| | type | name | label |\n| | today | day | |\n" FACTS, 1, 1,
     "t.md, sheet survey: the survey asks nothing; add its questions"},
    /* what only the engine sees: "/data/r[ /data/r/n = 1 ]/ /data/r/n" */
    {"| survey |\n| | type | name | label | repeat_count |\n"
     "| | begin_repeat | r | R | |\n| | integer | n | What? | |\n| | end_repeat | | | |\n"
     "| | begin_repeat | s | S | count(${r}[${n} = 1]/${n}) |\n| | text | t | What? | |\n"
     "| | end_repeat | | | |\n" FACTS,
     1, 1, "t.md, sheet survey, row 5, column repeat_count: no screen could open this: "},
    {"| survey |\n| | type | name | label | calculation | relevant |\n"
     "| | calculate | a | | ${b} | |\n| | calculate | b | | ${a} | |\n"
     "| | text | c | What? | | ${c} = 1 |\n" FACTS,
     2, 1,
     "t.md, sheet survey, row 4, column relevant: formulas wait for each other in a circle: "
     "relevant of 'c' reads 'c'; take one"},
};

static void each_survey_is_told_what_it_lacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(surveys) / sizeof(surveys[0]); i++) {
        lint_with(surveys[i].markdown, NULL);
        expect(surveys[i].errors, surveys[i].warnings, surveys[i].line);
    }
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

static void the_equality_block_has_one_version(void **state)
{
    struct tp_lint_options options = {.equality_version = "2026-2", .sum_translations = true};

    (void)state;
    lint_with(GOOD, &options);
    expect(1, 0,
           "t.md, sheet consultation, row 21, column value: the shared equality questions are "
           "at version '2026-2'");
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

static void a_missing_translation_may_be_told_with_its_cell(void **state)
{
    struct tp_lint_options each = {.sum_translations = false};

    (void)state;
    lint_with(with("| What? | What? |", "| What? | |"), &each);
    expect(0, 1,
           "t.md, sheet survey, row 2, column label::Easy Read (en-simple): warning: there is no "
           "Easy Read (en-simple) text here");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, finish)
        TEST(a_good_survey_has_no_problems),
        TEST(what_the_converter_says_is_left_to_it),
        TEST(each_missing_fact_is_an_error),
        TEST(each_standard_is_told_where_it_is_broken),
        TEST(each_survey_is_told_what_it_lacks),
        TEST(services_need_no_dates),
        TEST(the_equality_block_has_one_version),
        TEST(equality_questions_may_be_skipped),
        TEST(a_missing_translation_may_be_told_with_its_cell),
        TEST(hard_words_raise_the_reading_age),
        TEST(clips_that_are_missing_are_counted_by_language),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
