/* sync/agent/do/stick_out.c, stick_in.c, stick_files.c: a stick whose files are altered, cut, of
 * another fleet or no files at all; that is full, cannot be written, or is drawn out. */
#include "tp_test.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>

#include "lib/full_disk.h"
#include "unit/agent/disk_says.h"
#include "unit/agent/sticks.h"

static bool folders_fail; /* to be read */

/* In the C library's place. */
struct dirent *readdir(DIR *dir)
{
    struct dirent *(*next)(DIR *) = NULL;

    if (folders_fail) {
        errno = EIO;
        return NULL;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "readdir");
    return next(dir);
}

/* Puts a bundle of the hall's on the stick and gives its bytes. */
static const char *put_bundle(struct tp_buf *bytes)
{
    const char *path;

    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    path = usb_only("answers");
    usb_read(path, bytes);
    return path;
}

static void put_whole(const char *path, const struct tp_buf *bytes, size_t count)
{
    assert_true(tp_file_write_atomic(path, bytes->data, count, 0644, NULL));
}

/* The other bundle there, whichever way their names stand, is taken in all the same. */
static void assert_refused_bundle(const char *path, const char *why)
{
    struct tp_stick_report report = take_in(&library);

    assert_refused(&report, strrchr(path, '/') + 1, why);
    assert_int_equal(report.taken, 0);
}

static void a_bundle_is_taken_in_whole_or_not_at_all(void **state)
{
    struct tp_buf bytes;
    const char *path = put_bundle(&bytes);
    const size_t cuts[] = {0, 1, bytes.length / 2, bytes.length - 1};

    (void)state;
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        put_whole(path, &bytes, cuts[i]);
        assert_refused_bundle(path, "bundle");
    }
    for (size_t at = 0; at < bytes.length; at += bytes.length / 40) {
        bytes.data[at] ^= 1;
        put_whole(path, &bytes, bytes.length);
        bytes.data[at] ^= 1;
        assert_refused_bundle(path, "");
    }
    assert_int_equal(device_counts(&library.device).waiting, 0);
    put_whole(path, &bytes, bytes.length);
    assert_int_equal(take_in(&library).taken, 3);
    tp_buf_finish(&bytes);
}

static void one_that_is_damaged_does_not_hold_up_the_others(void **state)
{
    static const char junk[] = "talkpoint-bundle-1\nfleet\t";
    struct tp_stick_report report;
    struct tp_buf bytes;

    (void)state;
    (void)put_bundle(&bytes);
    tp_buf_finish(&bytes);
    usb_write("answers", "!first.tpb", junk, sizeof(junk) - 1);
    usb_write("answers", "~last.tpb", junk, sizeof(junk) - 1);
    report = take_in(&library);
    assert_int_equal(report.taken, 3);
    assert_int_equal(report.refused, 2);
    assert_non_null(strstr(report.words, "'~last.tpb': "));
    /* They stay for whoever can read them, and keep nothing from being put out. */
    device_put(&hall.device, 1, NULL);
    report = put_out(&hall);
    assert_int_equal(report.written, 1);
    assert_int_equal(report.on_stick, 3);
    assert_int_equal(usb_count("answers"), 4);
}

static void what_is_damaged_on_the_stick_is_put_there_again(void **state)
{
    struct tp_buf bytes;
    const char *path = put_bundle(&bytes);

    (void)state;
    put_whole(path, &bytes, bytes.length / 2);
    tp_buf_finish(&bytes);
    assert_int_equal(put_out(&hall).written, 3);
    assert_int_equal(take_in(&library).taken, 3);
}

static void another_fleet_s_bundle_is_refused_as_that(void **state)
{
    struct tp_receipt_pair theirs;
    struct tp_buf bytes;

    (void)state;
    assert_true(tp_receipt_pair_generate(&theirs, NULL));
    hall.identity.receipt_key = theirs.key;
    screen_certify(&hall, &theirs);
    assert_refused_bundle(put_bundle(&bytes), "for another central store");
    tp_buf_finish(&bytes);
    assert_int_equal(device_counts(&library.device).waiting, 0);
}

static void receipts_that_the_store_did_not_sign_delete_nothing(void **state)
{
    static const char junk[] = "talkpoint-receipts-2\n";
    struct tp_receipt_pair other;
    struct tp_stick_report report;

    (void)state;
    assert_true(tp_receipt_pair_generate(&other, NULL));
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    office_signs(&other, SIZE_MAX);
    report = take_in(&hall);
    assert_int_equal(report.done, 0);
    assert_int_equal(device_counts(&hall.device).waiting, 3);
    usb_write("receipts", "uuid_hall-0123456789abcdef.tpr", junk, sizeof(junk) - 1);
    report = take_in(&hall);
    assert_refused(&report, "'uuid_hall-0123456789abcdef.tpr'", "not a list of receipts");
    assert_int_equal(usb_count("receipts"), 1);
    office_signs(&office, SIZE_MAX);
    assert_int_equal(take_in(&hall).done, 3);
}

/* ---- names ---- */

/* A name from a stick is shown on a screen and in a terminal. */
static void a_hostile_name_is_fit_to_print(void **state)
{
    char name[256];
    struct tp_stick_report report;

    (void)state;
    memset(name, 'n', sizeof(name) - 1);
    memcpy(name, "\x1b[2J\n\xff", 6);
    memcpy(name + 58, "\xe2\x82\xac", 3); /* a character that the cut goes through */
    memcpy(name + 251, ".tpb", 5);
    assert_true(tp_dir_make(usb_path("answers", ""), 0755, NULL));
    assert_int_equal(close(creat(usb_path("answers", name), 0600)), 0);
    report = take_in(&library);
    assert_int_equal(report.refused, 1);
    assert_memory_equal(report.words, "' [2J ?nnn", 10);
    assert_non_null(strstr(report.words, "nn': "));
    assert_null(strpbrk(report.words, "\x1b\n\xff\xe2"));
}

/* A folder below the stick's whose whole path has so many bytes. */
static const char *deep_folder(size_t length)
{
    static char deep[TP_STICK_PATH_MAX];

    memset(deep, 'd', length);
    deep[length] = '\0';
    memcpy(deep, usb, strlen(usb));
    for (size_t at = strlen(usb); at < length - 1; at += 100)
        deep[at] = '/';
    assert_true(tp_dir_make(deep, 0755, NULL));
    return deep;
}

static void a_folder_of_too_long_a_name_is_said(void **state)
{
    struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error;

    (void)state;
    device_put(&hall.device, 1, NULL);
    stick.folder = deep_folder(TP_STICK_PATH_MAX - 128);
    assert_true(tp_stick_export(&stick, &report, &error));
    assert_int_equal(report.written, 1);
    stick.folder = deep_folder(TP_STICK_PATH_MAX - 127);
    assert_false(tp_stick_export(&stick, &report, &error));
    assert_non_null(strstr(error.text, "too long a name"));
    assert_false(tp_stick_import(&stick, &report, &error));
}

/* A stick must not lead a screen to write among its own files. */
static void a_folder_that_is_a_link_is_refused(void **state)
{
    static const char *const folders[] = {"",         "/answers",       "/receipts",
                                          "/surveys", "/surveys/files", "/notices"};
    const struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error;

    (void)state;
    device_put(&hall.device, 1, NULL);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char path[128];

        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "%s", usb, folders[i]);
        assert_true(tp_dir_make(path, 0755, NULL));
        assert_int_equal(rmdir(path), 0);
        assert_int_equal(symlink(library.device.folder, path), 0);
        assert_false(tp_stick_export(&stick, &report, &error));
        assert_non_null(strstr(error.text, "is a link"));
        assert_false(tp_stick_import(&stick, &report, &error));
        assert_non_null(strstr(error.text, "is a link"));
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(put_out(&hall).written, 1);
}

/* ---- no room, no stick ---- */

static void a_stick_that_cannot_be_written_or_read_is_said(void **state)
{
    struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error;

    (void)state;
    device_put(&hall.device, 1, NULL);
    stick.folder = usb_none();
    assert_false(tp_stick_export(&stick, &report, &error));
    assert_non_null(strstr(error.text, "/none', or it cannot be written"));
    assert_false(tp_stick_import(&stick, &report, &error));
    assert_non_null(strstr(error.text, "there is no USB stick at '/tmp/"));
    stick.folder = "/proc"; /* which nobody, root included, makes a folder in */
    assert_false(tp_stick_export(&stick, &report, &error));
    assert_non_null(strstr(error.text, "/proc"));
    assert_int_equal(report.written, 0);
    assert_int_equal(device_counts(&hall.device).waiting, 1);
    /* Where the folder should be there is a file. */
    usb_write("", "answers", "x", 1);
    stick.folder = usb;
    assert_false(tp_stick_import(&stick, &report, &error));
    assert_non_null(strstr(error.text, "/talkpoint/answers': Not a directory"));
}

static void a_stick_that_fails_is_not_one_with_nothing_on_it(void **state)
{
    const struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error;

    (void)state;
    device_put(&hall.device, 1, NULL);
    (void)put_out(&hall);
    folders_fail = true;
    assert_false(tp_stick_import(&stick, &report, &error));
    assert_non_null(strstr(error.text, "Input/output error"));
    assert_false(tp_stick_export(&stick, &report, &error));
    folders_fail = false;
    assert_int_equal(put_out(&hall).on_stick, 1);
}

static void a_full_stick_has_nothing_half_written(void **state)
{
    const struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error;
    bool ok;

    (void)state;
    device_put(&hall.device, 3, NULL);
    let_files_grow_to(700);
    ok = tp_stick_export(&stick, &report, &error);
    let_files_grow_to(RLIM_INFINITY);
    assert_false(ok);
    assert_non_null(strstr(error.text, "cannot write"));
    disk_says(DISK_BLOCK - 1);
    let_files_grow_to(700);
    ok = tp_stick_export(&stick, &report, &error);
    let_files_grow_to(RLIM_INFINITY);
    disk_says(UINT64_MAX);
    assert_false(ok);
    assert_non_null(strstr(error.text, "the USB stick is full: take other files off it"));
    assert_int_equal(report.written, 0);
    assert_int_equal(usb_count("answers"), 0);
    assert_int_equal(put_out(&hall).written, 3);
}

/* They are on the stick still; what residents say here comes first. */
static void another_s_answers_do_not_fill_the_disk(void **state)
{
    struct tp_stick stick = stick_of(&library);
    struct tp_stick_report report = {0};
    struct tp_buf bytes;
    const char *path = put_bundle(&bytes);

    (void)state;
    stick.free_min = 10 * DISK_BLOCK;
    assert_in_range(bytes.length, DISK_BLOCK + 1, 2 * DISK_BLOCK);
    disk_says(11 * DISK_BLOCK);
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_refused(&report, strrchr(path, '/') + 1, "the room is kept for its own answers");
    assert_int_equal(device_counts(&library.device).waiting, 0);
    disk_says(12 * DISK_BLOCK);
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_int_equal(report.taken, 3);
    /* A screen's own are no question of room. */
    report = (struct tp_stick_report){0};
    disk_says(0);
    stick = stick_of(&hall);
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_int_equal(report.refused, 0);
    disk_says(UINT64_MAX);
    tp_buf_finish(&bytes);
}

/* ---- drawn out ---- */

static int files_left; /* until the stick is drawn out */
static bool stops;     /* ... or until the agent is to stop */

static bool draw_out(void *context)
{
    (void)context;
    if (files_left-- > 0)
        return true;
    return !stops && tp_dir_remove(usb, NULL);
}

static void drawn_out_stick(struct tp_stick *stick, const struct screen *screen, int files,
                            bool stop)
{
    *stick = stick_of(screen);
    stick->may_go_on = draw_out;
    files_left = files;
    stops = stop;
}

static void put_three_bundles(void)
{
    for (int i = 0; i < 3; i++) {
        device_put(&hall.device, 2, NULL);
        (void)put_out(&hall);
    }
    assert_int_equal(usb_count("answers"), 3);
}

static void what_was_taken_in_before_it_was_drawn_out_stays(void **state)
{
    struct tp_stick_report report = {0};
    struct tp_error error = {0};
    struct tp_stick stick;

    (void)state;
    put_three_bundles();
    drawn_out_stick(&stick, &library, 1, false);
    assert_true(tp_stick_import(&stick, &report, &error));
    assert_int_equal(report.taken, 2);
    assert_int_equal(report.refused, 1);
    assert_non_null(strstr(report.words, "No such file"));
    assert_int_equal(device_counts(&library.device).waiting, 2);
    /* In again. */
    assert_int_equal(mkdir(usb, 0755), 0);
    assert_int_equal(put_out(&hall).written, 6);
    assert_int_equal(take_in(&library).taken, 4);
}

static void an_agent_that_is_to_stop_stops_between_two_files(void **state)
{
    struct tp_stick_report report = {0};
    struct tp_stick stick;

    (void)state;
    put_three_bundles();
    drawn_out_stick(&stick, &library, 2, true);
    assert_true(tp_stick_import(&stick, &report, NULL));
    assert_int_equal(report.taken, 4);
    assert_int_equal(report.refused, 0);
    assert_int_equal(take_in(&library).taken, 2);
    device_put(&hall.device, 1, NULL);
    drawn_out_stick(&stick, &hall, 3, true);
    assert_true(tp_stick_export(&stick, &report, NULL));
    assert_int_equal(report.written, 0);
    assert_int_equal(usb_count("answers"), 3);
}

static void a_stick_that_is_drawn_out_while_answers_go_there_is_said(void **state)
{
    struct tp_stick_report report = {0};
    struct tp_error error;
    struct tp_stick stick;

    (void)state;
    device_put(&hall.device, 2, NULL);
    drawn_out_stick(&stick, &hall, 0, false);
    assert_false(tp_stick_export(&stick, &report, &error));
    assert_non_null(strstr(error.text, "cannot write"));
    assert_int_equal(report.written, 0);
    assert_int_equal(device_counts(&hall.device).waiting, 2);
    assert_int_equal(mkdir(usb, 0755), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, sticks_set_up, sticks_tear_down)
        TEST(a_bundle_is_taken_in_whole_or_not_at_all),
        TEST(one_that_is_damaged_does_not_hold_up_the_others),
        TEST(what_is_damaged_on_the_stick_is_put_there_again),
        TEST(another_fleet_s_bundle_is_refused_as_that),
        TEST(receipts_that_the_store_did_not_sign_delete_nothing),
        TEST(a_hostile_name_is_fit_to_print),
        TEST(a_folder_of_too_long_a_name_is_said),
        TEST(a_folder_that_is_a_link_is_refused),
        TEST(a_stick_that_cannot_be_written_or_read_is_said),
        TEST(a_stick_that_fails_is_not_one_with_nothing_on_it),
        TEST(a_full_stick_has_nothing_half_written),
        TEST(another_s_answers_do_not_fill_the_disk),
        TEST(what_was_taken_in_before_it_was_drawn_out_stays),
        TEST(an_agent_that_is_to_stop_stops_between_two_files),
        TEST(a_stick_that_is_drawn_out_while_answers_go_there_is_said),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
