/* core/base/state_folder: the device's folder when nobody says where it is. */
#include "tp_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/state_folder.h"

static void it_is_where_systemd_or_the_desktop_says(void **state)
{
    static const char *const cases[][4] = {
        {"/var/lib/a:/var/lib/b", "/x", "/h", "/var/lib/a"},
        {"/var/lib/a", NULL, NULL, "/var/lib/a"},
        {"", "/x", "/h", "/x/talkpoint"},
        {NULL, "/x", NULL, "/x/talkpoint"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *found = tp_state_folder(cases[i][0], cases[i][1], cases[i][2]);

        assert_string_equal(found, cases[i][3]);
        tp_free(found);
    }
}

static void else_it_is_in_the_home_or_of_root_the_machines(void **state)
{
    bool of_machine = geteuid() == 0 && access(TP_STATE_OF_MACHINE, F_OK) == 0;
    char home[] = "/tmp/tp-home-XXXXXX", own[64];
    char *found;

    (void)state;
    assert_non_null(mkdtemp(home));
    (void)snprintf(own, sizeof(own), "%s/.local/state/talkpoint", home);
    /* The XDG base directory specification: a relative path is to be passed by. */
    found = tp_state_folder(NULL, "relative", home);
    assert_string_equal(found, of_machine ? TP_STATE_OF_MACHINE : own);
    tp_free(found);
    assert_true(tp_dir_make(own, 0700, NULL));
    found = tp_state_folder(NULL, NULL, home);
    assert_string_equal(found, own);
    tp_free(found);
    assert_true(tp_dir_remove(home, NULL));
}

static void another_persons_is_not_ours(void **state)
{
    struct tp_error error;

    (void)state;
    assert_true(tp_state_folder_is_ours("/nobody/here", "talkpoint-kiosk", &error));
    if (geteuid() == 0) {
        char folder[] = "/tmp/tp-state-XXXXXX";

        assert_non_null(mkdtemp(folder));
        assert_true(tp_state_folder_is_ours(folder, "talkpoint-kiosk", &error));
        assert_int_equal(chown(folder, 54321, 54321), 0);
        assert_false(tp_state_folder_is_ours(folder, "talkpoint-kiosk", &error));
        assert_non_null(strstr(error.text, "belongs to user 54321"));
        assert_int_equal(rmdir(folder), 0);
    } else {
        assert_false(tp_state_folder_is_ours("/", "talkpoint-kiosk", &error));
        assert_non_null(strstr(error.text, "runuser -u root -- talkpoint-kiosk --state / ..."));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_where_systemd_or_the_desktop_says),
        cmocka_unit_test(else_it_is_in_the_home_or_of_root_the_machines),
        cmocka_unit_test(another_persons_is_not_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
