#include "central/http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that wait to be accepted: a fleet that wakes at once. */
#define BACKLOG 1024

/* "127.0.0.1:8080", "[::1]:0" or ":8080". */
static bool split_address(const char *listen_on, char host[128], char port[16],
                          struct tp_error *error)
{
    const char *colon = strrchr(listen_on, ':');
    size_t length = colon ? (size_t)(colon - listen_on) : 0;

    if (!colon || length >= 128 || strlen(colon + 1) == 0 || strlen(colon + 1) >= 16 ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return tp_fail(error, TP_ERR_MISUSE,
                       "cannot listen on '%s'; write HOST:PORT, for example 127.0.0.1:8080",
                       listen_on);
    if (length >= 2 && listen_on[0] == '[' && listen_on[length - 1] == ']') {
        listen_on++;
        length -= 2;
    }
    memcpy(host, listen_on, length);
    host[length] = '\0';
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static int bind_first(const struct addrinfo *found)
{
    for (; found; found = found->ai_next) {
        int one = 1;
        int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd < 0)
            continue;
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
        if (bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
            return fd;
        (void)close(fd);
    }
    return -1;
}

/* What was really taken: port 0 becomes a free one. */
static bool name_socket(int fd, bool tls, char url[TP_LISTEN_URL_MAX], struct tp_error *error)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof(bound);
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];

    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return tp_fail(error, TP_ERR_IO, "cannot tell the address listened on");
    (void)snprintf(url, TP_LISTEN_URL_MAX,
                   bound.ss_family == AF_INET6 ? "%s://[%.90s]:%.10s" : "%s://%.90s:%.10s",
                   tls ? "https" : "http", host, port);
    return true;
}

bool tp_listen(const char *listen_on, bool tls, int *fd, char url[TP_LISTEN_URL_MAX],
               struct tp_error *error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char host[128] = "";
    char port[16] = "";
    int failed;
    int made;

    if (!split_address(listen_on, host, port, error))
        return false;
    failed = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (failed)
        return tp_fail(error, TP_ERR_NOT_FOUND, "cannot listen on '%s': %s", listen_on,
                       gai_strerror(failed));
    made = bind_first(found);
    freeaddrinfo(found);
    if (made < 0)
        return tp_fail_errno(error, errno, "cannot listen on '%s'", listen_on);
    if (!name_socket(made, tls, url, error)) {
        (void)close(made);
        return false;
    }
    *fd = made;
    return true;
}
