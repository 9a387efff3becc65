/* sync/agent/do/stick_surveys.c: surveys by USB stick. */
#include "tp_test.h"

#include "agent/do/packages.h"
#include "agent/do/stick_surveys.h"
#include "lib/files.h"
#include "lib/full_disk.h"
#include "store/minisign.h"
#include "store/settings.h"
#include "unit/agent/disk_says.h"
#include "unit/agent/fake_surveys.h"
#include "unit/agent/sticks.h"

#define MADE TP_SURVEY_LIST_MADE "2026-11-26T09:41:07.123Z"
#define LATER TP_SURVEY_LIST_MADE "2026-11-26T09:41:07.124Z"

static struct fake_surveys surveys; /* what the store has; nothing of it is served here */

static int set_up(void **state)
{
    disk_says(UINT64_MAX);
    memset(&surveys, 0, sizeof(surveys));
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    return sticks_set_up(state);
}

static int tear_down(void **state)
{
    surveys_stop(&surveys);
    return sticks_tear_down(state);
}

static void put_file(struct tp_buf *list, const struct survey_file *file)
{
    char sha256[TP_SHA256_TEXT_MAX];
    char md5[40];

    survey_md5(file->bytes, file->count, md5);
    tp_sha256_text(file->bytes, file->count, sha256);
    tp_buf_printf(list, "file\t%s\t%s\t%s\t%zu\n", file->name, md5 + 4, sha256, file->count);
    usb_write("surveys/files", sha256, file->bytes, file->count);
}

static void sign(const struct tp_receipt_pair *pair, const char *comment, const struct tp_buf *list)
{
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    struct tp_buf signature;

    tp_buf_init(&signature, TP_MINISIGN_TEXT_MAX);
    tp_minisign_digest(list->data, list->length, digest);
    assert_true(tp_minisign_sign(pair, digest, comment, &signature, NULL));
    usb_write("surveys", "list.tps.minisig", signature.data, signature.length);
    tp_buf_finish(&signature);
}

/* All surveys and their files, as the store puts them on a stick. */
static void office_writes_as(const struct tp_receipt_pair *pair, const char *comment)
{
    struct tp_buf list;

    tp_buf_init(&list, TP_SURVEY_LIST_MAX);
    tp_buf_puts(&list, TP_SURVEY_LIST_MAGIC "\n");
    for (size_t i = 0; i < surveys.count; i++) {
        const struct survey *survey = &surveys.surveys[i];
        char md5[40];

        survey_md5(survey->files[0].bytes, survey->files[0].count, md5);
        tp_buf_printf(&list, "form\t%s\t%s\t%s\n", survey->id, survey->version, md5 + 4);
        for (size_t k = 0; k < survey->count; k++)
            put_file(&list, &survey->files[k]);
    }
    usb_write("surveys", "list.tps", list.data, list.length);
    sign(pair, comment, &list);
    tp_buf_finish(&list);
}

static void office_writes(const char *comment)
{
    office_writes_as(&office, comment);
}

static struct survey *add_hours(const char *version, const char *form)
{
    struct survey *survey = survey_add(&surveys, "library-hours", version);

    survey_put(survey, "form.xml", form, strlen(form));
    survey_put(survey, "picture one.png", "PNG", 3);
    return survey;
}

/* forms/ID/NAME of the hall; "" where there is none. */
static const char *shown(const char *id, const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof(path), "%s/forms/%s/%s", hall.device.folder, id, name);
    return file_text(path);
}

/* Where a file of a survey lies on the stick. */
static const char *file_path(const char *bytes)
{
    char sha256[TP_SHA256_TEXT_MAX];

    tp_sha256_text(bytes, strlen(bytes), sha256);
    return usb_path("surveys/files", sha256);
}

static void assert_unchanged(const char *name, const char *why)
{
    struct tp_stick_report report = take_in(&hall);

    assert_refused(&report, name, why);
    assert_int_equal(report.surveys, 0);
}

static void surveys_come_with_all_their_files(void **state)
{
    struct survey *survey = add_hours("1", "<one/>");
    struct tp_stick_report report;

    (void)state;
    office_writes(MADE);
    assert_int_equal(take_in(&hall).surveys, 2);
    assert_string_equal(shown("library-hours", "form.xml"), "<one/>");
    assert_string_equal(shown("library-hours", "picture one.png"), "PNG");
    assert_string_equal(shown("library-hours", TP_PACKAGE_VERSION_FILE), "1");
    assert_string_equal(shown("equality", "form.xml"), "<e/>");
    /* What is here needs nothing of the stick. */
    assert_true(tp_dir_remove(usb_path("surveys", "files"), NULL));
    report = take_in(&hall);
    assert_int_equal(report.surveys + report.refused, 0);
    (void)snprintf(survey->version, sizeof(survey->version), "2");
    survey_put(survey, "form.xml", "<two/>", 6);
    office_writes(LATER);
    assert_int_equal(take_in(&hall).surveys, 1);
    assert_string_equal(shown("library-hours", "form.xml"), "<two/>");
    assert_string_equal(shown("library-hours", TP_PACKAGE_VERSION_FILE), "2");
}

static void a_survey_that_is_not_listed_goes_and_its_files_a_day_later(void **state)
{
    char path[TP_PACKAGE_PATH_MAX];
    char name[TP_PACKAGE_NAME_MAX];

    (void)state;
    add_hours("1", "<one/>");
    office_writes(MADE);
    (void)take_in(&hall);
    assert_true(tp_packages_current(hall.device.folder, "library-hours", name));
    assert_true(tp_packages_path(hall.device.folder, false, name, NULL, path, NULL));
    survey_remove(&surveys, "library-hours");
    office_writes(LATER);
    assert_int_equal(take_in(&hall).refused, 0);
    assert_string_equal(shown("library-hours", "form.xml"), "");
    assert_int_equal(access(path, F_OK), 0);
    /* A screen that only ever sees sticks has no other occasion. */
    time_now.wall += TP_PACKAGE_KEEP_MS + 60000;
    (void)take_in(&hall);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_string_equal(shown("equality", "form.xml"), "<e/>");
}

static void a_list_that_is_not_the_store_s_changes_nothing(void **state)
{
    static const struct {
        const char *comment;
        const char *why;
    } signatures[] = {
        {"talkpoint-notices made:2026-11-26T09:41:07.123Z", "not as a list of surveys"},
        {MADE "0", "not as a list of surveys"},
        {TP_SURVEY_LIST_MADE "2026-11-26T09:41:07.12Z", "not as a list of surveys"},
    };
    static const char junk[] = TP_SURVEY_LIST_MAGIC "\nform\tequality\n";
    struct tp_buf list = {.max = 4096};
    struct tp_receipt_pair other;

    (void)state;
    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
        office_writes(signatures[i].comment);
        assert_unchanged("'list.tps'", signatures[i].why);
    }
    assert_true(tp_receipt_pair_generate(&other, NULL));
    office_writes_as(&other, MADE);
    assert_unchanged("'list.tps'", "another central store");
    office_writes(MADE);
    usb_write("surveys", "list.tps", junk, sizeof(junk) - 1);
    assert_unchanged("'list.tps'", "altered");
    assert_true(tp_buf_puts(&list, junk));
    sign(&office, MADE, &list);
    tp_buf_finish(&list);
    assert_unchanged("'list.tps'", "not a list of surveys");
    assert_int_equal(unlink(usb_path("surveys", "list.tps.minisig")), 0);
    assert_unchanged("'list.tps'", "No such file");
    assert_string_equal(shown("equality", "form.xml"), "");
    office_writes(MADE);
    assert_int_equal(take_in(&hall).surveys, 1);
}

static void set_contact(int64_t contact_ms)
{
    struct tp_agent_status status = {.enrolled = true, .last_contact_ms = contact_ms};

    assert_true(tp_agent_status_set(hall.device.store, &status, NULL));
}

static void a_list_older_than_what_is_here_is_refused(void **state)
{
    static const char old[] = "older than what this screen has";

    (void)state;
    office_writes(LATER);
    (void)take_in(&hall);
    add_hours("1", "<one/>");
    office_writes(MADE);
    assert_unchanged("'list.tps'", old);
    office_writes(LATER);
    assert_int_equal(take_in(&hall).surveys, 1);
    survey_remove(&surveys, "library-hours");
    office_writes(LATER);
    set_contact(INT64_C(1795686067125)); /* 2026-11-26T09:41:07.125Z */
    assert_unchanged("'list.tps'", old);
    set_contact(INT64_C(1795686067124));
    assert_int_equal(take_in(&hall).refused, 0);
    assert_string_equal(shown("library-hours", "form.xml"), "");
}

/* Each in the place of the form that is new. */
static void a_survey_with_a_damaged_file_stays_as_it_was(void **state)
{
    static const char *const instead[] = {"<two /", "<two/>>", "<two/", "", NULL};
    struct survey *survey = add_hours("1", "<one/>");
    char kept[TP_SETTING_VALUE_MAX];

    (void)state;
    office_writes(MADE);
    (void)take_in(&hall);
    (void)snprintf(survey->version, sizeof(survey->version), "2");
    survey_put(survey, "form.xml", "<two/>", 6);
    survey_put(survey_add(&surveys, "comments", "1"), "form.xml", "<c/>", 4);
    office_writes(LATER);
    for (size_t i = 0; i < sizeof(instead) / sizeof(instead[0]); i++) {
        struct tp_stick_report report;

        if (instead[i])
            assert_true(tp_file_write_atomic(file_path("<two/>"), instead[i], strlen(instead[i]),
                                             0644, NULL));
        else
            assert_int_equal(unlink(file_path("<two/>")), 0);
        report = take_in(&hall);
        assert_refused(&report, "'library-hours'", instead[i] ? "altered" : "No such file");
        assert_int_equal(report.surveys, i ? 0 : 1); /* the other new one has come */
        assert_string_equal(shown("library-hours", "form.xml"), "<one/>");
        assert_string_equal(shown("comments", "form.xml"), "<c/>");
    }
    /* The list does not count as taken before the whole of it is. */
    assert_true(
        tp_setting_get(hall.device.store, TP_SETTING_STICK_SURVEYS, "", kept, sizeof(kept), NULL));
    assert_string_equal(kept, "2026-11-26T09:41:07.123Z");
    office_writes(LATER);
    assert_int_equal(take_in(&hall).surveys, 1);
    assert_string_equal(shown("library-hours", "form.xml"), "<two/>");
}

/* A pipe would hold whoever opens it for ever. */
static void what_is_no_file_is_not_opened(void **state)
{
    static const struct {
        const char *folder;
        const char *name;
        const char *why;
    } names[] = {
        {"surveys", "list.tps", "not a file"},
        {"surveys", "list.tps.minisig", "not a file"},
    };
    static const char secret[] = "<e/>";

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        office_writes(MADE);
        assert_int_equal(unlink(usb_path(names[i].folder, names[i].name)), 0);
        assert_int_equal(mkfifo(usb_path(names[i].folder, names[i].name), 0644), 0);
        assert_unchanged("'list.tps'", names[i].why);
        assert_int_equal(unlink(usb_path(names[i].folder, names[i].name)), 0);
    }
    office_writes(MADE);
    assert_int_equal(unlink(file_path("<e/>")), 0);
    assert_int_equal(mkfifo(file_path("<e/>"), 0644), 0);
    assert_unchanged("'equality'", "altered");
    assert_int_equal(unlink(file_path("<e/>")), 0);
    usb_write(".", "elsewhere", secret, sizeof(secret) - 1);
    assert_int_equal(symlink("../../elsewhere", file_path("<e/>")), 0);
    assert_unchanged("'equality'", "cannot copy");
    assert_int_equal(unlink(file_path("<e/>")), 0);
    assert_int_equal(mkdir(file_path("<e/>"), 0755), 0);
    assert_unchanged("'equality'", "Is a directory");
}

/* However much of it is read at a time. */
static void a_byte_behind_the_end_is_an_alteration(void **state)
{
    static char film[65537];
    char sha256[TP_SHA256_TEXT_MAX];

    (void)state;
    survey_put(&surveys.surveys[0], "film.mp4", film, sizeof(film) - 1);
    office_writes(MADE);
    tp_sha256_text(film, sizeof(film) - 1, sha256);
    usb_write("surveys/files", sha256, film, sizeof(film));
    assert_unchanged("'equality'", "altered");
}

/* ---- room ---- */

static void the_room_for_answers_is_not_filled_with_surveys(void **state)
{
    static const char form[DISK_BLOCK + 1];
    struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};

    (void)state;
    survey_put(&surveys.surveys[0], "form.xml", form, sizeof(form));
    office_writes(MADE);
    stick.free_min = 10 * DISK_BLOCK;
    disk_says(11 * DISK_BLOCK); /* and the form has more than a block */
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_refused(&report, "'equality'", "the room is kept for its own answers");
    assert_int_equal(report.surveys, 0);
    disk_says(12 * DISK_BLOCK);
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_int_equal(report.surveys, 1);
}

static void a_full_disk_leaves_the_survey_as_it_was(void **state)
{
    static char film[300000];
    struct tp_stick_report report;

    (void)state;
    survey_put(&surveys.surveys[0], "film.mp4", film, sizeof(film));
    office_writes(MADE);
    let_files_grow_to(200000);
    report = take_in(&hall);
    let_files_grow_to(RLIM_INFINITY);
    assert_refused(&report, "'equality'", "File too large");
    assert_string_equal(shown("equality", "form.xml"), "");
    assert_int_equal(take_in(&hall).surveys, 1);
}

static bool once(void *context)
{
    int *left = context;

    return (*left)-- > 0;
}

/* The form has been copied, and of the film a part: nothing is shown of it. */
static void an_agent_that_is_to_stop_does_not_copy_to_the_end(void **state)
{
    static char film[300000];
    struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    int left = 3;

    (void)state;
    survey_put(&surveys.surveys[0], "film.mp4", film, sizeof(film));
    office_writes(MADE);
    stick.may_go_on = once;
    stick.context = &left;
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_refused(&report, "'equality'", "is to stop");
    assert_int_equal(left, -1);
    assert_string_equal(shown("equality", "form.xml"), "");
    assert_int_equal(take_in(&hall).surveys, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(surveys_come_with_all_their_files),
        TEST(a_survey_that_is_not_listed_goes_and_its_files_a_day_later),
        TEST(a_list_that_is_not_the_store_s_changes_nothing),
        TEST(a_list_older_than_what_is_here_is_refused),
        TEST(a_survey_with_a_damaged_file_stays_as_it_was),
        TEST(what_is_no_file_is_not_opened),
        TEST(a_byte_behind_the_end_is_an_alteration),
        TEST(the_room_for_answers_is_not_filled_with_surveys),
        TEST(a_full_disk_leaves_the_survey_as_it_was),
        TEST(an_agent_that_is_to_stop_does_not_copy_to_the_end),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
