#include "kiosk/app_notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* When the watchdog was last fed; -1: never. */
static int64_t fed_ms = -1;

void tp_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length;
    int fd;

    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof(address.sun_path))
        return;
    memcpy(address.sun_path, path, strlen(path));
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* an abstract name */
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, length) < 0)
        (void)fprintf(stderr, "talkpoint-kiosk: systemd was not told '%s'\n", state);
    (void)close(fd);
}

/* Half of the watchdog's time in ms; 0: no watchdog. */
static int64_t interval_ms(void)
{
    const char *text = getenv("WATCHDOG_USEC");
    long long microseconds = text ? strtoll(text, NULL, 10) : 0;

    return microseconds > 0 ? (int64_t)(microseconds / 2000) + 1 : 0;
}

int64_t tp_notify_next_ms(int64_t now_ms)
{
    int64_t interval = interval_ms();

    if (interval == 0)
        return -1;
    if (fed_ms < 0 || now_ms - fed_ms >= interval)
        return 0;
    return fed_ms + interval - now_ms;
}

void tp_notify_alive(int64_t now_ms)
{
    if (tp_notify_next_ms(now_ms) != 0)
        return;
    fed_ms = now_ms;
    tp_notify("WATCHDOG=1");
}
