/* kiosk/app_pin_file: the staff PIN is asked for, and its hash is its owner's alone. */
#include "tp_test.h"

#include <fcntl.h>
#include <pty.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/app_pin.h"
#include "kiosk/app_pin_file.h"

static struct tp_settings settings;
static char folder[64], file[96];

static int set_up(void **state)
{
    (void)state;
    tp_settings_default(&settings);
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-pin-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(settings.state, sizeof(settings.state), "%s/state", folder);
    (void)snprintf(file, sizeof(file), "%s/state/staff.ini", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

/* What is typed comes through a pipe. */
static bool set_pin(const char *typed, struct tp_error *error)
{
    int input = dup(STDIN_FILENO), ends[2];
    bool ok;

    assert_int_equal(pipe(ends), 0);
    assert_true(tp_write_all(ends[1], typed, strlen(typed)));
    (void)dup2(ends[0], STDIN_FILENO);
    (void)close(ends[0]);
    (void)close(ends[1]);
    ok = tp_set_pin(settings.state, error);
    clearerr(stdin);
    (void)dup2(input, STDIN_FILENO);
    (void)close(input);
    return ok;
}

static void write_file(const char *text)
{
    assert_true(tp_dir_make(settings.state, 0700, NULL));
    assert_true(tp_file_write_atomic(file, text, strlen(text), 0600, NULL));
}

static void the_pin_set_opens_the_menu(void **state)
{
    struct tp_error error;

    (void)state;
    assert_true(set_pin("135790\n", &error));
    assert_true(tp_pin_file_read(&settings, &error));
    assert_true(tp_pin_check(settings.pin_hash, "135790"));
    assert_false(tp_pin_check(settings.pin_hash, "135791"));
}

static void only_its_owner_can_read_it(void **state)
{
    struct stat status;
    mode_t mask = umask(0);

    (void)state;
    assert_true(set_pin("135790\n", NULL));
    (void)umask(mask);
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(stat(settings.state, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
}

static void it_counts_in_the_place_of_the_configurations(void **state)
{
    (void)state;
    (void)snprintf(settings.pin_hash, sizeof(settings.pin_hash), "the configuration's");
    assert_true(tp_pin_file_read(&settings, NULL));
    assert_string_equal(settings.pin_hash, "the configuration's");
    assert_true(set_pin("135790\n", NULL));
    assert_true(tp_pin_file_read(&settings, NULL));
    assert_true(tp_pin_check(settings.pin_hash, "135790"));
}

static void no_pin_changes_nothing(void **state)
{
    static const char *const wrong[][2] = {
        {"", "no PIN"}, {"\n", "4 to 12"}, {"123\n", "4 to 12"}, {"12345a\n", "4 to 12"}};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct tp_error error;

        assert_false(set_pin(wrong[i][0], &error));
        assert_int_equal(error.code, TP_ERR_MISUSE);
        assert_non_null(strstr(error.text, wrong[i][1]));
        assert_int_equal(access(settings.state, F_OK), -1);
    }
}

static void what_is_no_hash_is_named(void **state)
{
    static const char *const wrong[][2] = {
        {"[staff]\npin_hash = 1234\n", "' line 2: [staff] pin_hash"},
        {"[screen]\nwidth_mm = 476\n", "width_mm"}};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct tp_error error;

        write_file(wrong[i][0]);
        assert_false(tp_pin_file_read(&settings, &error));
        assert_non_null(strstr(error.text, wrong[i][1]));
        assert_string_equal(settings.pin_hash, "");
    }
    assert_true(set_pin("135790\n", NULL));
    assert_true(tp_pin_file_read(&settings, NULL));
}

static void another_persons_folder_is_left_alone(void **state)
{
    struct tp_error error;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_true(tp_dir_make(settings.state, 0700, NULL));
    assert_int_equal(chown(settings.state, 65534, 65534), 0);
    assert_false(set_pin("135790\n", &error));
    assert_non_null(strstr(error.text, "runuser -u nobody -- talkpoint-kiosk --state "));
    assert_int_equal(access(file, F_OK), -1);
}

/* At a terminal: what it shows, and how the program ended. */
static int at_a_terminal(const char *typed, char *shown, size_t size)
{
    size_t length = 0;
    int terminal, status;
    ssize_t got;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);

    if (child == 0) {
        struct tp_error error;
        bool ok = tp_set_pin(settings.state, &error);

        (void)fputs(ok ? "" : error.text, stderr);
        _exit(ok ? 0 : 1);
    }
    assert_true(child > 0);
    for (const char *at = typed; at;) {
        const char *next = strchr(at, '\n');

        /* Its question first: what is typed before it is thrown away. */
        while (!(length && shown[length - 1] == ' ') &&
               (got = read(terminal, shown + length, size - 1 - length)) > 0)
            shown[length += (size_t)got] = '\0';
        assert_true(tp_write_all(terminal, at, (size_t)(next + 1 - at)));
        shown[length++] = '|';
        at = next[1] ? next + 1 : NULL;
    }
    while ((got = read(terminal, shown + length, size - 1 - length)) > 0)
        length += (size_t)got;
    shown[length] = '\0';
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(terminal);
    return WEXITSTATUS(status);
}

static void at_a_terminal_it_is_typed_twice_and_not_shown(void **state)
{
    char shown[512] = "";

    (void)state;
    assert_int_equal(at_a_terminal("135790\n135790\n", shown, sizeof(shown)), 0);
    assert_non_null(strstr(shown, "New staff PIN (4 to 12 digits): "));
    assert_null(strstr(shown, "135790"));
    assert_true(tp_pin_file_read(&settings, NULL));
    assert_true(tp_pin_check(settings.pin_hash, "135790"));

    memset(shown, 0, sizeof(shown));
    assert_int_equal(at_a_terminal("2468\n2486\n", shown, sizeof(shown)), 1);
    assert_non_null(strstr(shown, "the two PINs differ"));
    assert_true(tp_pin_file_read(&settings, NULL));
    assert_true(tp_pin_check(settings.pin_hash, "135790"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_pin_set_opens_the_menu, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_its_owner_can_read_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_counts_in_the_place_of_the_configurations, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_pin_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_hash_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_persons_folder_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(at_a_terminal_it_is_typed_twice_and_not_shown, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
