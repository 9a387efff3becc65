/* The surveys that come with Talkpoint, answered by hundreds of random residents in each language:
 * every page can be passed, every question is asked of somebody, every text and picture is there,
 * Easy Read is never the longer way, and the answers make a well-formed instance. */
#include "tp_test.h"

#include <dirent.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "form/session.h"
#include "form/xlsform.h"

#define RESIDENTS 150u /* a language and reading mode */
#define TRIES 400u     /* random answers to one page before it counts as a dead end */
#define PAGES_MAX 400u
#define NAMES_MAX 256u
#define PATH_SIZE 1024

static const char *const words[] = {
    "A few words", "OX4", "01632 960001", "name@example.com", "Bampton",
};
static const char *const days[] = {"2026-11-01", "2026-11-23", "2026-12-01"};
static const char *const times[] = {"08:30", "17:00", "21:15"};

struct survey {
    const char *name;
    char media[PATH_SIZE];
    struct tp_form *form;
    char *asked[NAMES_MAX]; /* names of the questions that somebody came to */
    size_t asked_count;
    size_t longest[2]; /* questions one resident was asked: standard, Easy Read */
};

static uint64_t seed = 20261123;
static struct tp_random chance;
static struct tp_clock_fake clock_fake = {.wall = 1795426867123};

static uint32_t below(size_t bound)
{
    return tp_random_below(&chance, (uint32_t)bound);
}
#define PICK(items) (items)[below(sizeof(items) / sizeof((items)[0]))]

static void load(struct survey *survey)
{
    char path[PATH_SIZE];
    struct tp_problems problems;
    struct tp_xlsform workbook = {0};
    struct tp_error error;
    struct tp_form_params params = {.media_dir = survey->media};

    snprintf(path, sizeof(path), "surveys/%s/%s.md", survey->name, survey->name);
    snprintf(survey->media, sizeof(survey->media), "surveys/%s/media", survey->name);
    tp_problems_init(&problems);
    if (!tp_xlsform_read(path, &problems, &workbook))
        fail_msg("%s: %s", path, problems.items[0].text);
    assert_string_equal(workbook.form_id, survey->name);
    if (!tp_form_load(path, workbook.xml, workbook.xml_length, &params, &survey->form, &error))
        fail_msg("%s: %s", path, error.text);
    tp_xlsform_finish(&workbook);
    tp_problems_finish(&problems);
}

static void unload(struct survey *survey)
{
    tp_form_destroy(survey->form);
    for (size_t i = 0; i < survey->asked_count; i++)
        free(survey->asked[i]);
}

static bool was_asked(const struct survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->asked_count; i++) {
        if (strcmp(survey->asked[i], name) == 0)
            return true;
    }
    return false;
}

/* A text is there and filled in; a picture is there with its alternative text, and where wanted. */
static void look(const struct survey *survey, const char *name, const struct tp_text *text,
                 bool pictures)
{
    char path[PATH_SIZE * 2];

    if (!text->text || !*text->text || strstr(text->text, "${"))
        fail_msg("%s, %s: '%s' is no text", survey->name, name, text->text ? text->text : "");
    if (pictures && !text->image)
        fail_msg("%s, %s: no picture beside '%s'", survey->name, name, text->text);
    if (text->image && (!text->image_alt || !*text->image_alt))
        fail_msg("%s, %s: %s has no alternative text", survey->name, name, text->image);
    if (!text->image)
        return;
    snprintf(path, sizeof(path), "%s/%s", survey->media, text->image);
    if (access(path, R_OK) != 0)
        fail_msg("%s, %s: no file %s", survey->name, name, path);
}

static void look_at(struct survey *survey, struct tp_session *session,
                    const struct tp_question *question, bool pictures)
{
    struct tp_choice choice;

    /* "Add another" is no question of its own. */
    look(survey, question->name, &question->label,
         pictures && question->control != TP_CONTROL_REPEAT);
    for (size_t i = 0; i < question->choice_count; i++) {
        assert_true(tp_session_choice(session, question->node, i, &choice));
        look(survey, question->name, &choice.label, pictures);
    }
    if (!was_asked(survey, question->name)) {
        assert_true(survey->asked_count < NAMES_MAX);
        survey->asked[survey->asked_count++] = strdup(question->name);
    }
}

static void choose(struct tp_session *session, const struct tp_question *question)
{
    size_t times_touched = question->control == TP_CONTROL_SELECT_ONE ? 1 : below(4);
    struct tp_choice choice;
    struct tp_error error;

    for (size_t i = 0; i < times_touched && question->choice_count; i++) {
        assert_true(
            tp_session_choice(session, question->node, below(question->choice_count), &choice));
        assert_true(tp_session_toggle_choice(session, question->node, choice.value, &error));
    }
}

static void type_in(struct tp_session *session, const struct tp_question *question)
{
    char number[32];
    const char *value = number;
    struct tp_error error;

    switch (question->type) {
    case TP_TYPE_INTEGER:
        snprintf(number, sizeof(number), "%u", below(25));
        break;
    case TP_TYPE_DECIMAL:
        snprintf(number, sizeof(number), "%u.5", below(25));
        break;
    case TP_TYPE_DATE:
        value = PICK(days);
        break;
    case TP_TYPE_TIME:
        value = PICK(times);
        break;
    case TP_TYPE_DATETIME:
        value = "2026-11-23T09:41";
        break;
    default:
        value = PICK(words);
    }
    if (!tp_session_set(session, question->node, value, &error))
        fail_msg("%s: '%s': %s", question->name, value, error.text);
}

static void answer(struct tp_session *session, const struct tp_question *question)
{
    char number[32];
    unsigned steps;
    tp_node instance;
    struct tp_error error;

    if (question->readonly)
        return;
    if (question->control != TP_CONTROL_REPEAT)
        assert_true(tp_session_clear(session, question->node, &error));
    if (below(5) == 0)
        return;
    switch (question->control) {
    case TP_CONTROL_INPUT:
        type_in(session, question);
        break;
    case TP_CONTROL_SELECT_ONE:
    case TP_CONTROL_SELECT_MULTIPLE:
    case TP_CONTROL_RANK:
        choose(session, question);
        break;
    case TP_CONTROL_RANGE:
        steps = (unsigned)((question->range_end - question->range_start) / question->range_step);
        snprintf(number, sizeof(number), "%g",
                 question->range_start + question->range_step * below(steps + 1));
        assert_true(tp_session_set(session, question->node, number, &error));
        break;
    case TP_CONTROL_TRIGGER:
        assert_true(tp_session_set(session, question->node, "OK", &error));
        break;
    case TP_CONTROL_REPEAT:
        if (question->can_add && question->repeat_count < 2)
            assert_true(tp_session_repeat_add(session, question->node, &instance, &error));
        break;
    case TP_CONTROL_NOTE:
    case TP_CONTROL_UPLOAD:
        break;
    }
}

static bool may_leave(struct tp_session *session, struct tp_check *check)
{
    const tp_node *nodes;
    size_t count;

    tp_session_page_questions(session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        if (!tp_session_check(session, nodes[i], check))
            return false;
    return true;
}

/* Answers the page at random until it may be left. Its questions can come and go meanwhile. */
static void pass_page(struct survey *survey, struct tp_session *session)
{
    const tp_node *nodes;
    struct tp_question question;
    struct tp_check check = {0};
    size_t count;

    for (unsigned i = 0; i < TRIES; i++) {
        tp_session_page_questions(session, &nodes, &count);
        for (size_t k = 0; k < count; k++) {
            assert_true(tp_session_question(session, nodes[k], &question));
            answer(session, &question);
            tp_session_page_questions(session, &nodes, &count);
        }
        if (may_leave(session, &check))
            return;
        assert_non_null(check.message); /* each rule says in the author's words what to do */
        assert_true(*check.message);
    }
    assert_true(tp_session_question(session, check.node, &question));
    fail_msg("%s: %s cannot be passed: %s", survey->name, question.name, check.message);
}

/* How many questions the page asks; looks at all that stands on it. */
static size_t look_at_page(struct survey *survey, struct tp_session *session, bool pictures)
{
    const tp_node *nodes;
    struct tp_question question;
    size_t count, asked = 0;

    tp_session_page_questions(session, &nodes, &count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(tp_session_question(session, nodes[i], &question));
        look_at(survey, session, &question, pictures);
        asked += question.control != TP_CONTROL_NOTE;
    }
    return asked;
}

static size_t walk(struct survey *survey, struct tp_session *session, bool pictures)
{
    size_t answers = 0;

    for (unsigned page = 0; !tp_session_at_end(session); page++) {
        assert_true(page < PAGES_MAX);
        (void)look_at_page(survey, session, pictures);
        pass_page(survey, session);
        /* An answer may have brought another question onto the page. */
        answers += look_at_page(survey, session, pictures);
        (void)tp_session_next(session);
    }
    return answers;
}

static void finish(struct tp_session *session, const char *language)
{
    struct tp_context context = {.channel = "practice", .language = language, .practice = true};
    char instance_id[TP_SESSION_ID_MAX];
    struct tp_error error;
    struct tp_buf xml;
    xmlDocPtr document;

    tp_buf_init(&xml, TP_INSTANCE_MAX);
    assert_true(tp_session_first_problem(session, &(struct tp_check){0}));
    assert_true(tp_session_finish(session, &context, &xml, instance_id, &error));
    document = xmlReadMemory(xml.data, (int)xml.length, "instance.xml", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    xmlFreeDoc(document);
    tp_buf_finish(&xml);
}

static void residents(struct survey *survey, const char *language)
{
    bool easy_read = strcmp(language, "en-simple") == 0;
    struct tp_session_params params = {.clock = tp_clock_from_fake(&clock_fake),
                                       .random = chance,
                                       .language = language,
                                       .reading_mode = easy_read ? "easy-read" : "standard"};

    /* The gallery shows or_other, whose words come without a picture. */
    bool pictures = easy_read && strcmp(survey->name, "gallery") != 0;

    for (unsigned i = 0; i < RESIDENTS; i++) {
        struct tp_session *session;
        struct tp_error error;
        size_t answers;

        assert_true(tp_session_create(survey->form, &params, &session, &error));
        answers = walk(survey, session, pictures);
        if (answers > survey->longest[easy_read])
            survey->longest[easy_read] = answers;
        finish(session, language);
        tp_session_destroy(session);
    }
}

static size_t column_of(const struct tp_workbook_sheet *sheet, const char *name)
{
    size_t column = 0;

    while (column < sheet->rows[0].count &&
           strcmp(tp_workbook_cell(&sheet->rows[0], column), name) != 0)
        column++;
    return column;
}

/* Every question of the form, relevant or not: asked of somebody. The head of a table (appearance
 * `label`) is what its rows share, not a question. */
static void all_were_asked(const struct survey *survey)
{
    char path[PATH_SIZE];
    struct tp_problems problems;
    struct tp_workbook workbook = {0};
    const struct tp_workbook_sheet *sheet;
    struct tp_error error;
    size_t appearance;

    snprintf(path, sizeof(path), "surveys/%s/%s.md", survey->name, survey->name);
    tp_problems_init(&problems);
    assert_true(tp_workbook_read(path, &workbook, &error));
    sheet = tp_workbook_sheet(&workbook, "survey");
    assert_non_null(sheet);
    appearance = column_of(sheet, "appearance");
    for (size_t i = 1; i < sheet->count; i++) {
        const char *type = tp_workbook_cell(&sheet->rows[i], 1 - 1);
        const char *name = tp_workbook_cell(&sheet->rows[i], 2 - 1);
        const char *label = tp_workbook_cell(&sheet->rows[i], 3 - 1);

        if (*label && strncmp(type, "begin", 5) != 0 && !was_asked(survey, name) &&
            strcmp(tp_workbook_cell(&sheet->rows[i], appearance), "label") != 0)
            fail_msg("%s: nobody was asked %s", survey->name, name);
    }
    tp_workbook_finish(&workbook);
    tp_problems_finish(&problems);
}

static int is_survey(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "pictures") != 0 &&
           strcmp(entry->d_name, "tool") != 0 && !strchr(entry->d_name, '.');
}

static void random_residents_finish_every_survey(void **state)
{
    struct dirent **entries;
    int count = scandir("surveys", &entries, is_survey, alphasort);

    (void)state;
    assert_true(count >= 7);
    for (int i = 0; i < count; i++) {
        struct survey survey = {.name = entries[i]->d_name};

        load(&survey);
        assert_true(tp_form_language_count(survey.form) >= 2);
        for (size_t k = 0; k < tp_form_language_count(survey.form); k++)
            residents(&survey, tp_form_language(survey.form, k)->tag);
        all_were_asked(&survey);
        print_message("%-16s at most %zu answers, %zu in Easy Read\n", survey.name,
                      survey.longest[0], survey.longest[1]);
        /* How long the gallery is, is for the person who answers its repeats. */
        if (strcmp(survey.name, "gallery") != 0)
            assert_true(survey.longest[1] <= survey.longest[0]);
        unload(&survey);
        free(entries[i]);
    }
    free(entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_residents_finish_every_survey),
    };

    chance = tp_random_seeded(&seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
