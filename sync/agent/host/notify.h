/*
 * Words to the service manager (sd_notify(3)): ready, alive, what it is doing, stopping. Sent to
 * the socket that $NOTIFY_SOCKET names; without one every call does nothing. Thread: the main one.
 */
#ifndef TP_AGENT_HOST_NOTIFY_H
#define TP_AGENT_HOST_NOTIFY_H

#include <stdint.h>

struct tp_notify {
    int fd;              /* -1: nobody listens */
    int64_t watchdog_ms; /* how often to say "alive"; 0: not asked for */
};

/* `socket_path` is $NOTIFY_SOCKET ("@name" is abstract), `watchdog_usec` $WATCHDOG_USEC; either may
 * be NULL. */
void tp_notify_open(struct tp_notify *notify, const char *socket_path, const char *watchdog_usec);
void tp_notify_close(struct tp_notify *notify);

/* One message, e.g. "READY=1" or "WATCHDOG=1". */
void tp_notify_send(const struct tp_notify *notify, const char *message);
void tp_notify_status(const struct tp_notify *notify, const char *words);

#endif
