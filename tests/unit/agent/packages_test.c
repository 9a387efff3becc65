/* sync/agent/do/packages.h: what each step does to the folders, step by step. */
#include "tp_test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/do/packages.h"
#include "base/file.h"

#define MD5 "0123456789abcdef0123456789abcdef"
#define OTHER_MD5 "1123456789abcdef0123456789abcdef"
#define HOUR_MS INT64_C(3600000)
#define NOW_MS INT64_C(1795686067000)

static char state_folder[64];
static struct tp_error error;

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(state_folder, sizeof(state_folder), "/tmp/tp-packages-XXXXXX");
    return mkdtemp(state_folder) && tp_packages_init(state_folder, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return tp_dir_remove(state_folder, NULL) ? 0 : -1;
}

/* A path below the state folder, in one of two static buffers. */
static const char *in(const char *name)
{
    static char paths[2][512];
    static size_t next;
    char *path = paths[next++ % 2];

    (void)snprintf(path, sizeof(paths[0]), "%s/%s", state_folder, name);
    return path;
}

static bool is_there(const char *name)
{
    struct stat status;

    return lstat(in(name), &status) == 0;
}

static const char *target_of(const char *link)
{
    static char target[512];
    ssize_t length = readlink(in(link), target, sizeof(target) - 1);

    target[length < 0 ? 0 : length] = '\0';
    return target;
}

/* A package, as tp_packages_finish leaves it, last used at a time. */
static void put_package(const char *name, int64_t left_ms)
{
    const struct timespec times[2] = {{.tv_sec = left_ms / 1000}, {.tv_sec = left_ms / 1000}};
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/packages/%s", state_folder, name);
    assert_true(tp_dir_make(path, 0755, NULL));
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void use(const char *id, const char *name)
{
    if (!tp_packages_switch(state_folder, id, name, NOW_MS, &error))
        fail_msg("%s", error.text);
}

static void sweep(int64_t now_ms)
{
    assert_true(tp_packages_sweep(state_folder, now_ms, NULL));
}

/* Everybody on the machine may read them: the kiosk is another user. */
static void the_folders_are_open_to_readers(void **state)
{
    struct stat status;

    (void)state;
    assert_int_equal(stat(in("forms"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
    assert_int_equal(stat(in("packages"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
}

static void a_path_is_as_long_as_it_may_be_or_is_said(void **state)
{
    char deep[TP_PACKAGE_PATH_MAX];
    char path[TP_PACKAGE_PATH_MAX];
    const size_t rest = sizeof("/packages/hours-1") - 1;

    (void)state;
    memset(deep, 'd', sizeof(deep));
    deep[TP_PACKAGE_PATH_MAX - 1 - rest] = '\0';
    assert_true(tp_packages_path(deep, false, "hours-1", NULL, path, &error));
    assert_int_equal(strlen(path), TP_PACKAGE_PATH_MAX - 1);
    deep[TP_PACKAGE_PATH_MAX - 1 - rest] = 'd';
    deep[TP_PACKAGE_PATH_MAX - rest] = '\0';
    assert_false(tp_packages_path(deep, false, "hours-1", NULL, path, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    assert_false(tp_packages_init(deep, &error));
}

static void name_of(const char *version, const char *md5, struct tp_listed_media *media,
                    size_t count, char name[TP_PACKAGE_NAME_MAX])
{
    struct tp_listed_form form = {.id = (char *)"hours", .version = (char *)version};
    const struct tp_manifest manifest = {.media = media, .count = count};

    (void)snprintf(form.md5, sizeof(form.md5), "%s", md5);
    assert_true(tp_package_name(&form, &manifest, name, NULL));
    assert_int_equal(strncmp(name, "hours-", 6), 0);
    assert_int_equal(strlen(name), sizeof("hours-0123456789abcdef") - 1);
}

static void a_name_is_that_of_the_very_files(void **state)
{
    struct tp_listed_media a = {.name = (char *)"a.png", .md5 = MD5};
    struct tp_listed_media b = {.name = (char *)"b.png", .md5 = OTHER_MD5};
    struct tp_listed_media as[] = {a, b}, turned[] = {b, a}, renamed[] = {a, b}, other[] = {a, b};
    char names[6][TP_PACKAGE_NAME_MAX];
    char same[TP_PACKAGE_NAME_MAX];

    (void)state;
    renamed[1].name = (char *)"c.png";
    memcpy(other[1].md5, MD5, sizeof(MD5));
    name_of("1", MD5, as, 2, names[0]);
    name_of("2", MD5, as, 2, names[1]);
    name_of("1", OTHER_MD5, as, 2, names[2]);
    name_of("1", MD5, renamed, 2, names[3]);
    name_of("1", MD5, other, 2, names[4]);
    name_of("1", MD5, as, 1, names[5]);
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(names[i], names[k]);
    name_of("1", MD5, turned, 2, same);
    assert_string_equal(same, names[0]);
}

static void the_largest_manifest_has_a_name(void **state)
{
    static struct tp_listed_media media[TP_MEDIA_MAX];
    static char texts[TP_MEDIA_MAX][TP_MEDIA_NAME_MAX + 1];
    char version[TP_FORM_TEXT_MAX + 1];
    char name[TP_PACKAGE_NAME_MAX];

    (void)state;
    memset(version, 'v', TP_FORM_TEXT_MAX);
    version[TP_FORM_TEXT_MAX] = '\0';
    for (size_t i = 0; i < TP_MEDIA_MAX; i++) {
        (void)snprintf(texts[i], sizeof(texts[i]), "%0*zu", TP_MEDIA_NAME_MAX, i);
        media[i] = (struct tp_listed_media){.name = texts[i], .md5 = MD5};
    }
    name_of(version, MD5, media, TP_MEDIA_MAX, name);
}

static void only_a_link_to_a_package_is_one(void **state)
{
    char long_name[TP_PACKAGE_NAME_MAX + 1];
    char longest[TP_PACKAGE_NAME_MAX + 32];
    char far[400];
    const char *const bad[] = {"../packages/", "../packages/.partial-hours-1", longest, far};
    char name[TP_PACKAGE_NAME_MAX];

    (void)state;
    memset(long_name, 'n', sizeof(long_name));
    long_name[TP_PACKAGE_NAME_MAX - 1] = '\0';
    use("hours", long_name); /* the longest that one may have */
    assert_true(tp_packages_current(state_folder, "hours", name));
    assert_string_equal(name, long_name);
    (void)snprintf(longest, sizeof(longest), "../packages/n%s", long_name);
    memset(far, '/', sizeof(far));
    memcpy(far + sizeof(far) - 8, "hours-1", 8);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(unlink(in("forms/hours")), 0);
        assert_int_equal(symlink(bad[i], in("forms/hours")), 0);
        assert_false(tp_packages_current(state_folder, "hours", name));
    }
    assert_false(tp_packages_current(state_folder, "equality", name));
    assert_int_equal(mkdir(in("forms/equality"), 0755), 0);
    assert_false(tp_packages_current(state_folder, "equality", name));
}

static void a_package_is_there_with_every_file(void **state)
{
    static const char *const files[] = {"form.xml", "a.png", "b.png"};
    struct tp_listed_media media[] = {{.name = (char *)"a.png"}, {.name = (char *)"b.png"}};
    const struct tp_manifest manifest = {.media = media, .count = 2};

    (void)state;
    put_package("hours-1", NOW_MS);
    for (size_t i = 0; i < 3; i++) {
        char path[256];

        assert_false(tp_packages_has(state_folder, "hours-1", &manifest));
        (void)snprintf(path, sizeof(path), "%s/packages/hours-1/%s", state_folder, files[i]);
        assert_true(tp_file_write_atomic(path, "x", 1, 0644, NULL));
    }
    assert_true(tp_packages_has(state_folder, "hours-1", &manifest));
    for (size_t i = 0; i < 3; i++) {
        char path[256];

        (void)snprintf(path, sizeof(path), "%s/packages/hours-1/%s", state_folder, files[i]);
        assert_int_equal(unlink(path), 0);
        assert_false(tp_packages_has(state_folder, "hours-1", &manifest));
        assert_true(tp_file_write_atomic(path, "x", 1, 0644, NULL));
    }
}

static void the_package_before_the_current_is_kept_by_a_link(void **state)
{
    (void)state;
    put_package("hours-1", NOW_MS);
    put_package("hours-2", NOW_MS);
    use("hours", "hours-1");
    assert_string_equal(target_of("forms/hours"), "../packages/hours-1");
    assert_false(is_there("packages/.previous-hours"));
    use("hours", "hours-2");
    assert_string_equal(target_of("forms/hours"), "../packages/hours-2");
    assert_string_equal(target_of("packages/.previous-hours"), "hours-1");
    use("hours", "hours-2"); /* again */
    assert_string_equal(target_of("packages/.previous-hours"), "hours-1");
}

static void what_a_power_cut_left_does_not_stop_a_switch(void **state)
{
    (void)state;
    assert_int_equal(symlink("../packages/hours-0", in("forms/.hours.new")), 0);
    use("hours", "hours-1");
    assert_string_equal(target_of("forms/hours"), "../packages/hours-1");
    assert_false(is_there("forms/.hours.new"));
    /* What is no link does not go, and no link is left beside it. */
    assert_int_equal(mkdir(in("forms/equality"), 0755), 0);
    assert_false(tp_packages_switch(state_folder, "equality", "equality-1", NOW_MS, &error));
    assert_non_null(strstr(error.text, "cannot replace"));
    assert_false(is_there("forms/.equality.new"));
    assert_int_equal(mkdir(in("forms/.comments.new"), 0755), 0);
    assert_false(tp_packages_switch(state_folder, "comments", "comments-1", NOW_MS, &error));
    assert_non_null(strstr(error.text, "cannot replace"));
}

static void only_what_is_not_listed_is_retired(void **state)
{
    struct tp_listed_form listed = {.id = (char *)"equality"};
    const struct tp_form_list list = {.forms = &listed, .count = 1};

    (void)state;
    put_package("hours-1", NOW_MS - 100 * HOUR_MS);
    use("hours", "hours-1");
    use("equality", "equality-1");
    assert_int_equal(symlink("../packages/hours-1", in("forms/.hours.new")), 0);
    assert_int_equal(symlink("../packages/hours-1", in("forms/not ours")), 0);
    assert_int_equal(mkdir(in("forms/folder"), 0755), 0);
    assert_true(tp_packages_retire(state_folder, &list, NOW_MS, &error));
    assert_false(is_there("forms/hours"));
    assert_true(is_there("forms/equality"));
    assert_true(is_there("forms/.hours.new"));
    assert_true(is_there("forms/not ours"));
    assert_true(is_there("forms/folder"));
    /* A resident may be in the middle of it: its day begins now, however long it was in use. */
    sweep(NOW_MS + 23 * HOUR_MS);
    assert_true(is_there("packages/hours-1"));
    sweep(NOW_MS + 25 * HOUR_MS);
    assert_false(is_there("packages/hours-1"));
    sweep(NOW_MS + 25 * HOUR_MS); /* now it is seen to lead nowhere */
    assert_false(is_there("packages/.previous-hours"));
}

static void what_nothing_leads_to_goes_after_a_day(void **state)
{
    (void)state;
    put_package("hours-1", NOW_MS - 100 * HOUR_MS); /* in use */
    use("hours", "hours-1");
    put_package("hours-2", NOW_MS - TP_PACKAGE_KEEP_MS);
    put_package("hours-3", NOW_MS - TP_PACKAGE_KEEP_MS - 1000);
    put_package(".partial-hours-4", NOW_MS - TP_PACKAGE_KEEP_MS - 1000);
    put_package("nothing", NOW_MS - TP_PACKAGE_KEEP_MS - 1000);
    put_package("-nothing", NOW_MS - TP_PACKAGE_KEEP_MS - 1000);
    sweep(NOW_MS);
    assert_true(is_there("packages/hours-1"));
    assert_true(is_there("packages/hours-2"));
    assert_false(is_there("packages/hours-3"));
    assert_false(is_there("packages/.partial-hours-4"));
    assert_false(is_there("packages/nothing"));
    assert_false(is_there("packages/-nothing"));
}

/* Left in the future: a little is the clock's drift, and counts; more is a clock that was wrong. */
static void a_clock_that_went_back_removes_nothing(void **state)
{
    (void)state;
    put_package("hours-1", NOW_MS + 12 * HOUR_MS);
    put_package("hours-2", NOW_MS + 48 * HOUR_MS);
    sweep(NOW_MS);
    sweep(NOW_MS + 23 * HOUR_MS);
    assert_true(is_there("packages/hours-2"));
    sweep(NOW_MS + 30 * HOUR_MS);
    assert_true(is_there("packages/hours-1"));
    assert_false(is_there("packages/hours-2"));
    sweep(NOW_MS + 37 * HOUR_MS);
    assert_false(is_there("packages/hours-1"));
}

#define SEEN_MAX 2048u

static void note(void *context, const char *id, const char *version)
{
    char *text = context;
    size_t length = strlen(text);

    (void)snprintf(text + length, SEEN_MAX - length, "%s=%s;", id, version);
}

static void the_forms_in_use_are_told_with_their_versions(void **state)
{
    char version[TP_FORM_TEXT_MAX + 1];
    char expected[SEEN_MAX];
    char seen[SEEN_MAX] = "";

    (void)state;
    memset(version, 'v', TP_FORM_TEXT_MAX);
    version[TP_FORM_TEXT_MAX] = '\0';
    (void)snprintf(expected, sizeof(expected), "hours=%s;", version);
    put_package("hours-1", NOW_MS);
    assert_true(tp_file_write_atomic(in("packages/hours-1/.version"), version, strlen(version),
                                     0644, NULL));
    use("hours", "hours-1");
    assert_int_equal(symlink("../packages/hours-1", in("forms/.comments.new")), 0);
    tp_packages_each(state_folder, note, seen);
    assert_string_equal(seen, expected);
    assert_int_equal(unlink(in("packages/hours-1/.version")), 0);
    seen[0] = '\0';
    tp_packages_each(state_folder, note, seen);
    assert_string_equal(seen, "hours=;");
    assert_true(tp_dir_remove(in("forms"), NULL));
    seen[0] = '\0';
    tp_packages_each(state_folder, note, seen);
    assert_string_equal(seen, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_folders_are_open_to_readers),
        TEST(a_path_is_as_long_as_it_may_be_or_is_said),
        TEST(a_name_is_that_of_the_very_files),
        TEST(the_largest_manifest_has_a_name),
        TEST(only_a_link_to_a_package_is_one),
        TEST(a_package_is_there_with_every_file),
        TEST(the_package_before_the_current_is_kept_by_a_link),
        TEST(what_a_power_cut_left_does_not_stop_a_switch),
        TEST(only_what_is_not_listed_is_retired),
        TEST(what_nothing_leads_to_goes_after_a_day),
        TEST(a_clock_that_went_back_removes_nothing),
        TEST(the_forms_in_use_are_told_with_their_versions),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
