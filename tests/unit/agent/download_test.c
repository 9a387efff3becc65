/* sync/agent/do/download.h, packages.h, fetch.h: what is on the disk after each kind of download.
 */
#include "tp_test.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/do/download.h"
#include "agent/do/packages.h"
#include "lib/files.h"
#include "unit/agent/fake_surveys.h"

static char folder[64];
static struct fake_store fake;
static struct fake_surveys surveys;
static struct tp_clock_fake time_now;
static struct tp_clock clock_now;
static uint64_t free_min;

static int set_up(void **state)
{
    struct tp_clock system_now;

    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-agent-XXXXXX");
    /* Files get the system's time when they are made; the tests go on from there. */
    system_now = tp_clock_system();
    time_now = (struct tp_clock_fake){.wall = tp_clock_wall_ms(&system_now)};
    clock_now = tp_clock_from_fake(&time_now);
    free_min = 1;
    fake_start(&fake);
    surveys_start(&surveys, &fake);
    return mkdtemp(folder) && tp_http_global_init(NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fake_stop(&fake);
    surveys_stop(&surveys);
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static struct tp_download_end fetch(void)
{
    struct tp_http_options options = {
        .store_url = fake.server.url, .token = "secret-token", .stall_s = 1};
    struct tp_download download = {
        .http = tp_http_create(&options, NULL), .state = folder, .clock = &clock_now};
    struct tp_download_end end;

    download.free_min = free_min;
    tp_download_surveys(&download, &end);
    tp_http_destroy(download.http);
    return end;
}

/* The text of forms/ID/NAME through the link; "" where there is none. */
static const char *shown(const char *id, const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof(path), "%s/forms/%s/%s", folder, id, name);
    return file_text(path);
}

/* Entries of a folder below the device's, hidden ones too where `hidden`. */
static size_t entries(const char *name, bool hidden)
{
    char path[256];
    struct dirent *entry;
    size_t count = 0;
    DIR *dir;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    dir = opendir(path);
    while (dir && (entry = readdir(dir)))
        count += entry->d_name[0] != '.' ||
                 (hidden && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0);
    if (dir)
        (void)closedir(dir);
    return count;
}

static struct survey *add_hours(const char *version, const char *form)
{
    struct survey *survey = survey_add(&surveys, "library-hours", version);

    survey_put(survey, "form.xml", form, strlen(form));
    survey_put(survey, "consultation.json", "{}", 2);
    survey_put(survey, "picture one.png", "PNG", 3);
    return survey;
}

static void surveys_arrive_with_all_their_files(void **state)
{
    struct tp_download_end end;
    char target[256];
    char path[256];
    struct stat status;

    (void)state;
    add_hours("1", "<h:html/>");
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    end = fetch();
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(end.switched, 2);
    assert_int_equal(end.failed, 0);
    assert_string_equal(end.words, "");
    assert_string_equal(shown("library-hours", "form.xml"), "<h:html/>");
    assert_string_equal(shown("library-hours", "picture one.png"), "PNG");
    assert_string_equal(shown("equality", "form.xml"), "<e/>");
    (void)snprintf(path, sizeof(path), "%s/forms/equality", folder);
    assert_true(readlink(path, target, sizeof(target)) > 0);
    assert_memory_equal(target, "../packages/equality-", 21);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
    assert_int_equal(fake.unauthorised, 0);
    /* Nothing new: nothing is fetched. */
    surveys.file_requests = 0;
    end = fetch();
    assert_int_equal(end.switched, 0);
    assert_int_equal(surveys.file_requests, 0);
    /* A manifest in another order is the same. */
    surveys.backwards = true;
    assert_int_equal(fetch().switched, 0);
    assert_int_equal(surveys.file_requests, 0);
}

static void a_new_version_takes_over_in_one_step_and_fetches_only_what_changed(void **state)
{
    char old[TP_PACKAGE_NAME_MAX];
    char path[TP_PACKAGE_PATH_MAX];
    struct survey *survey;

    (void)state;
    survey = add_hours("1", "<one/>");
    (void)fetch();
    assert_true(tp_packages_current(folder, "library-hours", old));
    (void)snprintf(survey->version, sizeof(survey->version), "2");
    survey_put(survey, "form.xml", "<two/>", 6);
    surveys.file_requests = 0;
    assert_int_equal(fetch().switched, 1);
    assert_int_equal(surveys.file_requests, 1);
    assert_string_equal(shown("library-hours", "form.xml"), "<two/>");
    assert_string_equal(shown("library-hours", "picture one.png"), "PNG");
    /* The old one is whole: a resident may be in the middle of it. */
    assert_true(tp_packages_path(folder, false, old, "form.xml", path, NULL));
    assert_int_equal(access(path, R_OK), 0);
    /* Back to the first version: it is still here. */
    (void)snprintf(survey->version, sizeof(survey->version), "1");
    survey_put(survey, "form.xml", "<one/>", 6);
    surveys.file_requests = 0;
    assert_int_equal(fetch().switched, 1);
    assert_int_equal(surveys.file_requests, 0);
    assert_string_equal(shown("library-hours", "form.xml"), "<one/>");
}

static void a_new_picture_alone_is_a_new_package(void **state)
{
    struct survey *survey = add_hours("1", "<one/>");

    (void)state;
    (void)fetch();
    survey_put(survey, "picture one.png", "NEW", 3);
    assert_int_equal(fetch().switched, 1);
    assert_string_equal(shown("library-hours", "picture one.png"), "NEW");
}

static void old_packages_stay_a_day_and_the_previous_one_always(void **state)
{
    struct survey *survey = add_hours("0", "<zero/>");

    (void)state;
    for (char version = '0'; version < '5'; version++) {
        survey->version[0] = version;
        assert_int_equal(fetch().switched, 1);
    }
    assert_int_equal(entries("packages", false), 5);
    time_now.wall += TP_PACKAGE_KEEP_MS + 3600000;
    (void)fetch();
    assert_int_equal(entries("packages", false), 2);
    time_now.wall += 100 * TP_PACKAGE_KEEP_MS;
    (void)fetch();
    assert_int_equal(entries("packages", false), 2);
    /* A clock years back removes nothing, and the day runs from then. */
    time_now.wall += 365 * TP_PACKAGE_KEEP_MS;
    survey->version[0] = '8';
    (void)fetch();
    survey->version[0] = '9';
    (void)fetch();
    time_now.wall -= 3650 * TP_PACKAGE_KEEP_MS;
    (void)fetch();
    assert_int_equal(entries("packages", false), 3);
    time_now.wall += 2 * TP_PACKAGE_KEEP_MS;
    (void)fetch();
    assert_int_equal(entries("packages", false), 2);
    assert_string_equal(shown("library-hours", "form.xml"), "<zero/>");
}

static void a_form_no_longer_listed_loses_its_link_and_later_its_files(void **state)
{
    (void)state;
    add_hours("1", "<one/>");
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    (void)fetch();
    survey_remove(&surveys, "library-hours");
    assert_int_equal(fetch().failed, 0);
    assert_int_equal(entries("forms", false), 1);
    assert_int_equal(entries("packages", false), 2);
    time_now.wall += TP_PACKAGE_KEEP_MS + 3600000;
    (void)fetch();
    (void)fetch();
    assert_int_equal(entries("packages", false), 1);
    assert_string_equal(shown("equality", "form.xml"), "<e/>");
}

static void a_stranger_s_list_changes_nothing(void **state)
{
    static const char *const lists[] = {"<html>Sign in</html>", "", "<xforms/>",
                                        "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">"};
    struct tp_download_end end;

    (void)state;
    add_hours("1", "<one/>");
    (void)fetch();
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        surveys.list = lists[i];
        end = fetch();
        assert_int_equal(end.kind, TP_VERDICT_LATER);
        assert_string_equal(shown("library-hours", "form.xml"), "<one/>");
    }
    surveys.list = NULL;
    surveys.list_status = 503;
    assert_int_equal(fetch().kind, TP_VERDICT_PAUSE);
    surveys.list_status = 401;
    assert_int_equal(fetch().kind, TP_VERDICT_BARRED);
    surveys.list_status = 500;
    assert_int_equal(fetch().kind, TP_VERDICT_LATER);
    assert_string_equal(shown("library-hours", "form.xml"), "<one/>");
}

static void a_damaged_file_keeps_the_old_version_and_not_the_others_back(void **state)
{
    struct survey *survey;
    struct tp_download_end end;

    (void)state;
    survey = add_hours("1", "<one/>");
    (void)fetch();
    (void)snprintf(survey->version, sizeof(survey->version), "2");
    survey_put(survey, "picture one.png", "BETTER", 6);
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    (void)snprintf(surveys.broken, sizeof(surveys.broken), "picture one.png");
    end = fetch();
    assert_int_equal(end.failed, 1);
    assert_int_equal(end.switched, 1);
    assert_non_null(strstr(end.words, "arrived damaged"));
    assert_non_null(strstr(end.words, "'picture one.png' of 'library-hours'"));
    assert_string_equal(shown("library-hours", "picture one.png"), "PNG");
    assert_string_equal(shown("equality", "form.xml"), "<e/>");
    surveys.broken[0] = '\0';
    assert_int_equal(fetch().switched, 1);
    assert_string_equal(shown("library-hours", "picture one.png"), "BETTER");
    /* The folder it was built in is gone. */
    assert_int_equal(entries("packages", true), entries("packages", false) + 1);
}

static void a_refused_file_keeps_the_old_version(void **state)
{
    struct survey *survey = add_hours("1", "<one/>");
    struct tp_download_end end;

    (void)state;
    (void)fetch();
    survey_put(survey, "form.xml", "<two/>", 6);
    (void)snprintf(surveys.refused, sizeof(surveys.refused), "form.xml");
    surveys.refused_status = 404;
    end = fetch();
    assert_int_equal(end.failed, 1);
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_string_equal(shown("library-hours", "form.xml"), "<one/>");
    surveys.refused_status = 503;
    end = fetch();
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
    assert_int_equal(end.retry_after_s, 90);
}

/* A film of 300,000 bytes. */
static void put_film(struct survey *survey)
{
    char *film = malloc(300000);

    assert_non_null(film);
    for (size_t i = 0; i < 300000; i++)
        film[i] = (char)(i * 31 % 251);
    survey_put(survey, "film.mp4", film, 300000);
    free(film);
}

static void an_interrupted_download_goes_on_where_it_stopped(void **state)
{
    struct tp_download_end end;

    (void)state;
    for (int ranges = 0; ranges < 2; ranges++) {
        struct survey *survey = survey_add(&surveys, "film", ranges ? "2" : "1");

        surveys.ranges = ranges;
        survey_put(survey, "form.xml", "<f/>", 4);
        put_film(survey);
        (void)snprintf(surveys.cut_name, sizeof(surveys.cut_name), "film.mp4");
        surveys.cut_at = 200000;
        surveys.cut_left = 1;
        end = fetch();
        assert_int_equal(end.failed, 1);
        assert_string_equal(shown("film", "form.xml"), "");
        surveys.bytes_sent = surveys.range_requests = 0;
        end = fetch();
        assert_string_equal(end.words, "");
        assert_int_equal(end.switched, 1);
        assert_int_equal(surveys.range_requests, 1);
        if (ranges)
            assert_true(surveys.bytes_sent < 110000);
        else
            assert_int_equal(surveys.bytes_sent, 300000);
        assert_string_equal(shown("film", "form.xml"), "<f/>");
        survey_remove(&surveys, "film");
        (void)fetch();
        time_now.wall += 2 * TP_PACKAGE_KEEP_MS;
        (void)fetch();
        assert_int_equal(entries("packages", false), 0);
        time_now.wall -= 2 * TP_PACKAGE_KEEP_MS;
    }
}

/* Puts other bytes where half of the film was kept. */
static void put_half(const void *bytes, size_t count)
{
    char name[TP_PACKAGE_NAME_MAX] = "";
    char packages[128];
    char path[600];
    struct dirent *entry;
    DIR *dir;

    (void)snprintf(packages, sizeof(packages), "%s/packages", folder);
    dir = opendir(packages);
    assert_non_null(dir);
    while ((entry = readdir(dir)))
        if (strncmp(entry->d_name, ".partial-", 9) == 0)
            (void)snprintf(name, sizeof(name), "%.*s", (int)sizeof(name) - 1, entry->d_name);
    (void)closedir(dir);
    assert_string_not_equal(name, "");
    (void)snprintf(path, sizeof(path), "%s/%s/.film.mp4.part", packages, name);
    assert_true(tp_file_write_atomic(path, bytes, count, 0644, NULL));
}

static void fetch_half_a_film(void)
{
    struct survey *survey = survey_add(&surveys, "film", "1");

    survey_put(survey, "form.xml", "<f/>", 4);
    put_film(survey);
    (void)snprintf(surveys.cut_name, sizeof(surveys.cut_name), "film.mp4");
    surveys.cut_at = 200000;
    surveys.cut_left = 1;
    (void)fetch();
}

static void what_was_fetched_before_of_other_bytes_is_fetched_anew(void **state)
{
    (void)state;
    fetch_half_a_film();
    /* Half a file of a power cut: the right length so far, other bytes. */
    put_half("zzzzzzzz", 8);
    assert_int_equal(fetch().failed, 1);
    assert_int_equal(fetch().switched, 1);
}

/* The whole comes, from a server that knows no parts, and is shorter than what is here. */
static void of_what_was_fetched_before_nothing_stays_behind_the_whole(void **state)
{
    static char longer[400000];
    struct stat status;
    char path[256];

    (void)state;
    fetch_half_a_film();
    put_half(longer, sizeof(longer));
    surveys.ranges = false;
    assert_int_equal(fetch().switched, 1);
    (void)snprintf(path, sizeof(path), "%s/forms/film/film.mp4", folder);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 300000);
}

static void a_full_disk_is_left_to_the_answers(void **state)
{
    struct tp_download_end end;

    (void)state;
    add_hours("1", "<one/>");
    free_min = UINT64_MAX;
    end = fetch();
    assert_int_equal(end.failed, 1);
    assert_non_null(strstr(end.words, "kept for answers"));
    assert_string_equal(shown("library-hours", "form.xml"), "");
    free_min = 1;
    assert_int_equal(fetch().switched, 1);
}

static void a_package_that_lost_a_file_is_made_whole(void **state)
{
    char name[TP_PACKAGE_NAME_MAX];
    char path[TP_PACKAGE_PATH_MAX];

    (void)state;
    add_hours("1", "<one/>");
    (void)fetch();
    assert_true(tp_packages_current(folder, "library-hours", name));
    assert_true(tp_packages_path(folder, false, name, "picture one.png", path, NULL));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(fetch().failed, 0);
    assert_string_equal(shown("library-hours", "picture one.png"), "PNG");
}

static void names_and_addresses_of_a_hostile_list_reach_nothing(void **state)
{
    static const char list[] =
        "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">"
        "<xform><formID>../../evil</formID><name/><version/><hash>md5:"
        "0123456789abcdef0123456789abcdef</hash><downloadUrl>/x</downloadUrl></xform>"
        "<xform><formID>elsewhere</formID><name/><version/><hash>md5:"
        "0123456789abcdef0123456789abcdef</hash><downloadUrl>http://127.0.0.1:1/x"
        "</downloadUrl></xform></xforms>";
    struct tp_download_end end;
    size_t requests;

    (void)state;
    surveys.list = list;
    requests = surveys.file_requests;
    end = fetch();
    assert_int_equal(end.failed, 2);
    assert_int_equal(end.switched, 0);
    assert_int_equal(surveys.file_requests, requests);
    assert_int_equal(entries("forms", true), 0);
    assert_non_null(strstr(end.words, "not the store's"));
}

static void a_device_that_can_make_no_folder_says_so(void **state)
{
    char was[sizeof(folder)];
    struct tp_download_end end;

    (void)state;
    memcpy(was, folder, sizeof(was));
    (void)snprintf(folder, sizeof(folder), "/proc"); /* where not even root can */
    end = fetch();
    memcpy(folder, was, sizeof(was));
    assert_int_equal(end.failed, 1);
    assert_non_null(strstr(end.words, "/proc/forms"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(surveys_arrive_with_all_their_files),
        TEST(a_new_version_takes_over_in_one_step_and_fetches_only_what_changed),
        TEST(a_new_picture_alone_is_a_new_package),
        TEST(old_packages_stay_a_day_and_the_previous_one_always),
        TEST(a_form_no_longer_listed_loses_its_link_and_later_its_files),
        TEST(a_stranger_s_list_changes_nothing),
        TEST(a_damaged_file_keeps_the_old_version_and_not_the_others_back),
        TEST(a_refused_file_keeps_the_old_version),
        TEST(an_interrupted_download_goes_on_where_it_stopped),
        TEST(what_was_fetched_before_of_other_bytes_is_fetched_anew),
        TEST(of_what_was_fetched_before_nothing_stays_behind_the_whole),
        TEST(a_full_disk_is_left_to_the_answers),
        TEST(a_package_that_lost_a_file_is_made_whole),
        TEST(names_and_addresses_of_a_hostile_list_reach_nothing),
        TEST(a_device_that_can_make_no_folder_says_so),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
