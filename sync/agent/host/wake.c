#include "agent/host/wake.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agent/identity.h"

enum { FD_SIGNALS, FD_FOLDER };

#define WATCHED (IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE)
/* One read of many events; those that do not fit come with the next. */
#define EVENTS_BYTES 4096

bool tp_wake_open(struct tp_wake *wake, const char *state, struct tp_error *error)
{
    sigset_t signals;

    *wake = (struct tp_wake){.fds = {-1, -1}, .identity_touched = true, .store_touched = true};
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    wake->fds[FD_SIGNALS] = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (wake->fds[FD_SIGNALS] < 0)
        return tp_fail_errno(error, errno, "cannot wait for signals");
    wake->fds[FD_FOLDER] = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (wake->fds[FD_FOLDER] < 0 ||
        inotify_add_watch(wake->fds[FD_FOLDER], state, WATCHED | IN_ONLYDIR) < 0) {
        tp_fail_errno(error, errno, "cannot watch '%s'", state);
        tp_wake_close(wake);
        return false;
    }
    return true;
}

void tp_wake_close(struct tp_wake *wake)
{
    for (int i = 0; i < TP_WAKE_FDS; i++) {
        if (wake->fds[i] >= 0)
            (void)close(wake->fds[i]);
        wake->fds[i] = -1;
    }
}

static void take_name(struct tp_wake *wake, const char *name)
{
    if (strcmp(name, TP_IDENTITY_FILE) == 0 || strcmp(name, TP_IDENTITY_TOKEN_FILE) == 0 ||
        strcmp(name, TP_IDENTITY_PENDING_FILE) == 0)
        wake->identity_touched = true;
    else if (strncmp(name, TP_IDENTITY_STORE_FILE, strlen(TP_IDENTITY_STORE_FILE)) == 0)
        wake->store_touched = true;
}

static void read_folder(struct tp_wake *wake)
{
    _Alignas(struct inotify_event) char bytes[EVENTS_BYTES];
    ssize_t got;

    while ((got = read(wake->fds[FD_FOLDER], bytes, sizeof(bytes))) > 0) {
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *event = (const struct inotify_event *)(bytes + at);

            if (event->mask & IN_Q_OVERFLOW)
                wake->store_touched = wake->identity_touched = true;
            else if (event->len)
                take_name(wake, event->name);
            at += (ssize_t)(sizeof(*event) + event->len);
        }
    }
}

void tp_wake_read(struct tp_wake *wake)
{
    struct signalfd_siginfo info;

    while (read(wake->fds[FD_SIGNALS], &info, sizeof(info)) == (ssize_t)sizeof(info))
        wake->stop = true;
    read_folder(wake);
}

void tp_wake_wait(struct tp_wake *wake, int64_t timeout_ms)
{
    struct pollfd polled[TP_WAKE_FDS];

    for (int i = 0; i < TP_WAKE_FDS; i++)
        polled[i] = (struct pollfd){.fd = wake->fds[i], .events = POLLIN};
    if (timeout_ms < 0)
        timeout_ms = 0;
    (void)poll(polled, TP_WAKE_FDS, timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX);
    tp_wake_read(wake);
}
