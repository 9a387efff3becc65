#include "agent/host/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define STATUS_MAX 400

static int64_t half_of_usec(const char *text)
{
    char *end;
    long long usec;

    if (!text)
        return 0;
    errno = 0;
    usec = strtoll(text, &end, 10);
    if (errno || end == text || *end || usec <= 0)
        return 0;
    return usec / 2000 > 0 ? usec / 2000 : 1;
}

void tp_notify_open(struct tp_notify *notify, const char *socket_path, const char *watchdog_usec)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = socket_path ? strlen(socket_path) : 0;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);

    *notify = (struct tp_notify){.fd = -1};
    if (length < 2 || length >= sizeof(address.sun_path) ||
        (socket_path[0] != '/' && socket_path[0] != '@'))
        return;
    memcpy(address.sun_path, socket_path, length);
    if (socket_path[0] == '@')
        address.sun_path[0] = '\0';
    notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (notify->fd >= 0 && connect(notify->fd, (struct sockaddr *)&address, size) != 0)
        tp_notify_close(notify);
    if (notify->fd >= 0)
        notify->watchdog_ms = half_of_usec(watchdog_usec);
}

void tp_notify_close(struct tp_notify *notify)
{
    if (notify->fd >= 0)
        (void)close(notify->fd);
    *notify = (struct tp_notify){.fd = -1};
}

void tp_notify_send(const struct tp_notify *notify, const char *message)
{
    /* Nobody can be told that the service manager does not listen. */
    if (notify->fd >= 0)
        (void)!send(notify->fd, message, strlen(message), MSG_NOSIGNAL);
}

void tp_notify_status(const struct tp_notify *notify, const char *words)
{
    char message[STATUS_MAX];

    (void)snprintf(message, sizeof(message), "STATUS=%s", words);
    tp_notify_send(notify, message);
}
