/* talkpoint-sync as a daemon: its ears, its signals, the service manager. Its commands are in
 * program_commands_test.c. */
#include "tp_test.h"

#include <poll.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "store/settings.h"
#include "unit/agent/program_rounds.h"

static void stop(int signal_number, int expected)
{
    assert_int_equal(kill(program.pid, signal_number), 0);
    assert_int_equal(program_wait(&program), expected);
}

/* The service manager's end. */
static int listen_for_notes(char path[108])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)snprintf(path, 108, "%s.sock", device.folder);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static bool note_is(int fd, const char *wanted)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    char text[1024];

    while (poll(&polled, 1, PROGRAM_DEADLINE_S * 1000) == 1) {
        ssize_t got = recv(fd, text, sizeof(text) - 1, 0);

        text[got > 0 ? got : 0] = '\0';
        if (strcmp(text, wanted) == 0)
            return true;
    }
    return false;
}

static void the_service_manager_hears_ready_alive_and_stopping(void **state)
{
    static const char *const none[] = {NULL};
    char path[108];
    int fd = listen_for_notes(path);

    (void)state;
    enrol();
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "100000", 1), 0);
    program_start(&program, &device, none);
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
    assert_true(note_is(fd, "READY=1"));
    assert_true(note_is(fd, "WATCHDOG=1"));
    assert_true(note_is(fd, "WATCHDOG=1")); /* idle, too */
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    assert_true(note_is(fd, "STOPPING=1"));
    assert_int_equal(program_wait(&program), 0);
    (void)close(fd);
    (void)unlink(path);
}

static void the_daemon_sends_a_new_answer_at_once(void **state)
{
    static const char *const none[] = {NULL};

    (void)state;
    enrol();
    device_put(&device, 1, NULL);
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 1));
    /* Its next regular contact is minutes away: only the saving itself can wake it in time. */
    for (size_t i = 2; i < 6; i++) {
        device_put(&device, 1, NULL);
        assert_true(fake_await(&fake, i));
    }
    stop(SIGINT, 0);
    assert_int_equal(device_counts(&device).waiting, 0);
    assert_int_equal(fake.submissions, 5);
}

static int (*true_sync)(sqlite3_file *, int);
static int (*true_open)(sqlite3_vfs *, sqlite3_filename, sqlite3_file *, int, int *);

/* A disk on which a sync takes its time: the other process sees the bytes long before the commit.
 */
static int slow_sync(sqlite3_file *file, int flags)
{
    struct timespec pause = {.tv_nsec = 300000000};

    (void)nanosleep(&pause, NULL);
    return true_sync(file, flags);
}

static int slow_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                     int *out_flags)
{
    static sqlite3_io_methods slow;
    int code = true_open(vfs, name, file, flags, out_flags);

    if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL)) {
        slow = *file->pMethods;
        true_sync = slow.xSync;
        slow.xSync = slow_sync;
        file->pMethods = &slow;
    }
    return code;
}

static void an_answer_whose_commit_comes_long_after_its_bytes_is_sent_too(void **state)
{
    static const char *const none[] = {NULL};
    static sqlite3_vfs slow;
    char path[108];
    int fd = listen_for_notes(path);
    struct tp_store_params params = {.clock = tp_clock_system(), .free_min = 1, .vfs = "slow"};

    (void)state;
    slow = *sqlite3_vfs_find(NULL);
    slow.zName = "slow";
    true_open = slow.xOpen;
    slow.xOpen = slow_open;
    assert_int_equal(sqlite3_vfs_register(&slow, 0), SQLITE_OK);
    enrol();
    tp_store_close(device.store);
    device.store = tp_store_open(device.store_path, &params, NULL);
    assert_non_null(device.store);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    program_start(&program, &device, none);
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    for (size_t i = 1; i < 4; i++) {
        /* The round is over: from now on only the saving can wake it. */
        assert_true(note_is(fd, "STATUS=0 wait"));
        device_put(&device, 1, NULL);
        assert_true(fake_await_for(&fake, i, 30));
    }
    stop(SIGTERM, 0);
    (void)close(fd);
    (void)unlink(path);
    tp_store_close(device.store);
    (void)sqlite3_vfs_unregister(&slow);
    params.vfs = NULL;
    device.store = tp_store_open(device.store_path, &params, NULL);
    assert_non_null(device.store);
    assert_int_equal(device_counts(&device).waiting, 0);
}

static void send_now_ends_a_wait_that_the_store_asked_for(void **state)
{
    static const char *const none[] = {NULL};

    (void)state;
    enrol();
    fake.trouble = TROUBLE_STATUS;
    fake.status = 503;
    fake.extra = "Retry-After: 3600\r\n";
    fake.trouble_left = 1;
    device_put(&device, 1, NULL);
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 1));
    assert_true(tp_agent_request_send(device.store, NULL));
    assert_true(fake_await(&fake, 2));
    stop(SIGTERM, 0);
    assert_int_equal(device_counts(&device).sent, 1);
}

static void send_now_and_a_start_offer_again_what_the_store_refused(void **state)
{
    static const char *const none[] = {NULL};

    (void)state;
    enrol();
    fake.trouble = TROUBLE_STATUS;
    fake.status = 404;
    fake.trouble_left = 2;
    device_put(&device, 1, NULL);
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 1));
    stop(SIGTERM, 0);
    assert_int_equal(device_counts(&device).quarantined, 1);
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 2));
    assert_true(tp_agent_request_send(device.store, NULL));
    assert_true(fake_await(&fake, 3));
    stop(SIGTERM, 0);
    assert_int_equal(device_counts(&device).sent, 1);
}

/* What the agent writes there. */
static const char *await_setting(const char *name)
{
    static char said[TP_SETTING_VALUE_MAX];
    struct timespec pause = {.tv_nsec = 10000000};

    *said = '\0';
    for (int left = PROGRAM_DEADLINE_S * 100; left > 0 && !*said; left--) {
        (void)nanosleep(&pause, NULL);
        assert_true(tp_setting_get(device.store, name, "", said, sizeof(said), NULL));
    }
    return said;
}

/* The agent has looked at the store, and then gone on to what is due. */
static void await_a_look(void)
{
    assert_true(tp_agent_request_stick(device.store, NULL, NULL));
    assert_non_null(strstr(await_setting(TP_SETTING_STICK_SAID), "no USB stick"));
}

/* The device's own clock is a day behind. */
static void the_next_try_is_told_in_the_store_s_time(void **state)
{
    static const char *const none[] = {NULL};
    struct tp_store_time now;
    int64_t next_ms;

    (void)state;
    surveys.time_ms += INT64_C(24) * 60 * 60 * 1000;
    enrol();
    program_start(&program, &device, none);
    next_ms = strtoll(await_setting(TP_SETTING_NEXT_TRY), NULL, 10);
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_in_range(next_ms - now.ms, 1, 330000);
    stop(SIGTERM, 0);
}

static void a_line_is_left_alone_outside_its_hours(void **state)
{
    int hour = (int)(tp_clock_wall_ms(&device.clock) / 3600000 % 24);
    char path[128];
    char text[128];

    (void)state;
    enrol();
    (void)snprintf(path, sizeof(path), "%s/sync.ini", device.folder);
    /* Half a day away in any zone's hour that differs by less than eight. */
    (void)snprintf(text, sizeof(text),
                   "[line]\nwindow = %02d:00-%02d:00\n[stick]\nfolder = /nonexistent\n",
                   (hour + 11) % 24, (hour + 13) % 24);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
    device_put(&device, 3, NULL);
    program_start(&program, &device, (const char *const[]){"--config", path, NULL});
    await_a_look();
    await_a_look();
    assert_int_equal(fake.submissions, 0);
    assert_true(tp_agent_request_send(device.store, NULL));
    assert_true(fake_await(&fake, 3));
    stop(SIGTERM, 0);
    assert_int_equal(device_counts(&device).waiting, 0);
}

static void a_daemon_that_waits_to_be_enrolled_begins_when_it_is(void **state)
{
    static const char *const none[] = {NULL};
    char path[108];
    int fd = listen_for_notes(path);

    (void)state;
    device_put(&device, 1, NULL);
    assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
    program_start(&program, &device, none);
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_true(note_is(fd, "READY=1"));
    enrol();
    assert_true(fake_await(&fake, 1));
    stop(SIGTERM, 0);
    (void)close(fd);
    (void)unlink(path);
}

static void two_agents_do_not_work_on_one_outbox(void **state)
{
    static const char *const none[] = {NULL};
    struct program first;

    (void)state;
    enrol();
    device_put(&device, 1, NULL);
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 1));
    first = program;
    assert_int_equal(RUN(&program, &device, "--once"), 1);
    assert_non_null(strstr(file_text(program.err), "another talkpoint-sync is at work"));
    /* Looking and asking are always possible. */
    assert_int_equal(RUN(&program, &device, "status"), 0);
    assert_int_equal(RUN(&program, &device, "retry"), 0);
    program = first;
    stop(SIGTERM, 0);
}

static void a_signal_does_not_cut_what_is_on_its_way(void **state)
{
    static const char *const none[] = {NULL};

    (void)state;
    enrol();
    device_put(&device, 1, NULL);
    fake.hold_until = 2; /* the answer comes only when it is let go */
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 1));
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    (void)pthread_mutex_lock(&fake.mutex);
    fake.hold_until = 0;
    (void)pthread_cond_broadcast(&fake.changed);
    (void)pthread_mutex_unlock(&fake.mutex);
    assert_int_equal(program_wait(&program), 0);
    assert_int_equal(device_counts(&device).waiting, 0);
    assert_int_equal(device_counts(&device).sent, 1);
}

static void a_signal_ends_even_a_store_that_never_answers(void **state)
{
    static const char *const none[] = {NULL};

    (void)state;
    enrol();
    device_put(&device, 1, NULL);
    fake.trouble = TROUBLE_STALL;
    fake.trouble_left = SIZE_MAX;
    program_start(&program, &device, none);
    assert_true(fake_await(&fake, 1));
    stop(SIGTERM, 0);
    assert_int_equal(device_counts(&device).waiting, 1);
    fake.trouble_left = 0;
    assert_int_equal(RUN(&program, &device, "--once"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_service_manager_hears_ready_alive_and_stopping),
        TEST(the_daemon_sends_a_new_answer_at_once),
        TEST(an_answer_whose_commit_comes_long_after_its_bytes_is_sent_too),
        TEST(send_now_ends_a_wait_that_the_store_asked_for),
        TEST(send_now_and_a_start_offer_again_what_the_store_refused),
        TEST(the_next_try_is_told_in_the_store_s_time),
        TEST(a_line_is_left_alone_outside_its_hours),
        TEST(a_daemon_that_waits_to_be_enrolled_begins_when_it_is),
        TEST(two_agents_do_not_work_on_one_outbox),
        TEST(a_signal_does_not_cut_what_is_on_its_way),
        TEST(a_signal_ends_even_a_store_that_never_answers),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
