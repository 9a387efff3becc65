/* kiosk/app_notify: what the service manager is told, and when its watchdog is fed. */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kiosk/app_notify.h"

static char folder[] = "/tmp/tp-notify-XXXXXX";
static int manager = -1;

/* The service manager's end, at a path or (from '@') an abstract name. */
static void listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));

    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(manager >= 0);
    assert_int_equal(bind(manager, (struct sockaddr *)&address, length), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
}

static void expect_told(const char *state)
{
    char told[64] = "";

    assert_int_equal(recv(manager, told, sizeof(told) - 1, 0), (ssize_t)strlen(state));
    assert_string_equal(told, state);
}

static void expect_nothing(void)
{
    char told[64];

    assert_int_equal(recv(manager, told, sizeof(told), 0), -1);
}

static int stop(void **state)
{
    (void)state;
    (void)close(manager);
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    return 0;
}

static void the_manager_is_told_at_its_path(void **state)
{
    char path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/socket", folder);
    listen_at(path);
    tp_notify("READY=1");
    expect_told("READY=1");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void the_manager_is_told_at_an_abstract_name(void **state)
{
    char name[64];

    (void)state;
    (void)snprintf(name, sizeof(name), "@talkpoint-notify-test-%d", (int)getpid());
    listen_at(name);
    tp_notify("STOPPING=1");
    expect_told("STOPPING=1");
}

static void without_a_manager_nothing_happens(void **state)
{
    (void)state;
    (void)unsetenv("NOTIFY_SOCKET");
    tp_notify("READY=1");
    assert_int_equal(setenv("NOTIFY_SOCKET", "relative", 1), 0);
    tp_notify("READY=1");
    assert_int_equal(tp_notify_next_ms(1000), -1);
}

static void the_watchdog_is_fed_twice_in_its_time(void **state)
{
    char name[64];

    (void)state;
    (void)snprintf(name, sizeof(name), "@talkpoint-watchdog-test-%d", (int)getpid());
    listen_at(name);
    assert_int_equal(setenv("WATCHDOG_USEC", "20000000", 1), 0);
    tp_notify_alive(50000);
    expect_told("WATCHDOG=1");
    assert_true(tp_notify_next_ms(50000) > 0);
    assert_true(tp_notify_next_ms(50000) <= 10001);
    tp_notify_alive(50001);
    expect_nothing();
    tp_notify_alive(60001);
    expect_told("WATCHDOG=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_manager_is_told_at_its_path, stop),
        cmocka_unit_test_teardown(the_manager_is_told_at_an_abstract_name, stop),
        cmocka_unit_test_teardown(without_a_manager_nothing_happens, stop),
        cmocka_unit_test_teardown(the_watchdog_is_fed_twice_in_its_time, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
