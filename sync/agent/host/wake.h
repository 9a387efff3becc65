/*
 * What wakes the agent: SIGTERM and SIGINT (by a signalfd, so that nothing runs in a handler), and
 * changes in the state folder (by inotify): the kiosk's writes to the store, a new identity.
 * Thread: the main one; open it before any other thread starts, for the signals are blocked.
 */
#ifndef TP_AGENT_HOST_WAKE_H
#define TP_AGENT_HOST_WAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define TP_WAKE_FDS 2

struct tp_wake {
    int fds[TP_WAKE_FDS];  /* readable when there is something for tp_wake_read */
    bool stop;             /* asked to end; stays set */
    bool store_touched;    /* somebody wrote to the store; the reader clears it */
    bool identity_touched; /* device.ini, token or a pending enrolment; the reader clears it */
};

bool tp_wake_open(struct tp_wake *wake, const char *state, struct tp_error *error);
void tp_wake_close(struct tp_wake *wake);

/* Takes in what happened, without waiting. */
void tp_wake_read(struct tp_wake *wake);
/* Waits until something happens or `timeout_ms` have passed, and takes it in. */
void tp_wake_wait(struct tp_wake *wake, int64_t timeout_ms);

#endif
