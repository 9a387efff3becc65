/*
 * A small HTTP server on loopback for the agent's tests: a thread a connection, answers raw bytes
 * that a handler made, and can cut, stall or never end them. Not for anything else.
 */
#ifndef TP_TEST_AGENT_SERVER_H
#define TP_TEST_AGENT_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"

#define SERVER_REQUEST_MAX (16u * 1024u * 1024u)
#define SERVER_CONNECTIONS_MAX 4096

struct server_request {
    char method[16];
    char path[1024];
    const char *headers; /* the whole head, NUL-ended */
    const char *body;
    size_t body_count;
};

struct server_reply {
    struct tp_buf bytes; /* the whole answer, head and body */
    size_t cut_at;       /* so many bytes are sent, then the connection is cut; SIZE_MAX: all */
    bool stall;          /* after the bytes nothing more comes, and nothing is closed */
    bool endless;        /* after the bytes more come until the other side goes */
};

struct server;
typedef void server_handler(void *context, const struct server_request *request,
                            struct server_reply *reply);

struct server_connection {
    struct server *server;
    int fd;
    pthread_t thread;
    atomic_bool over;
};

struct server {
    int fd;
    unsigned port;
    char url[64];
    pthread_t thread;
    server_handler *handler;
    void *context;
    atomic_bool stop;
    atomic_size_t cut_request_at; /* the connection is cut after so many bytes; SIZE_MAX: never */
    atomic_size_t accepted;
    struct server_connection *connections[SERVER_CONNECTIONS_MAX];
    size_t connection_count;
};

static inline bool server_write(int fd, const char *bytes, size_t count)
{
    while (count) {
        ssize_t put = send(fd, bytes, count, MSG_NOSIGNAL);

        if (put <= 0)
            return false;
        bytes += put;
        count -= (size_t)put;
    }
    return true;
}

/* Reads one request into `in`; its head ends at *head. False where the connection ended. */
static inline bool server_read(struct server_connection *connection, struct tp_buf *in,
                               size_t *head, size_t *body)
{
    char block[65536];

    for (;;) {
        const char *end = in->length ? strstr(in->data, "\r\n\r\n") : NULL;
        size_t limit = atomic_load(&connection->server->cut_request_at);
        size_t want = sizeof(block);
        ssize_t got;

        if (end) {
            const char *length = strcasestr(in->data, "\r\nContent-Length:");

            *head = (size_t)(end - in->data) + 4;
            *body = length && length < end ? (size_t)strtoul(length + 17, NULL, 10) : 0;
            if (in->length >= *head + *body && in->length < limit)
                return true;
        }
        if (in->length >= limit)
            return false;
        if (limit != SIZE_MAX && want > limit - in->length)
            want = limit - in->length;
        got = recv(connection->fd, block, want, 0);
        if (got <= 0 || !tp_buf_add(in, block, (size_t)got))
            return false;
    }
}

static inline bool server_answer(struct server_connection *connection, struct server_reply *reply)
{
    static const char filler[] =
        "0123456789012345678901234567890123456789012345678901234567890\r\n";
    bool cut = reply->cut_at < reply->bytes.length;
    char drop;

    if (!server_write(connection->fd, tp_buf_text(&reply->bytes),
                      cut ? reply->cut_at : reply->bytes.length) ||
        cut)
        return false;
    if (reply->endless)
        while (server_write(connection->fd, filler, sizeof(filler) - 1))
            ;
    if (reply->stall)
        while (recv(connection->fd, &drop, 1, 0) > 0)
            ;
    return !reply->endless && !reply->stall;
}

static inline void *server_serve(void *argument)
{
    struct server_connection *connection = argument;
    struct server *server = connection->server;
    struct tp_buf in;
    size_t head;
    size_t body;
    bool go_on = true;
    int one = 1;

    (void)setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    tp_buf_init(&in, SERVER_REQUEST_MAX);
    while (go_on && server_read(connection, &in, &head, &body)) {
        struct server_request request = {.body = in.data + head, .body_count = body};
        struct server_reply reply = {.cut_at = SIZE_MAX};
        char *headers = strndup(in.data, head);

        tp_buf_init(&reply.bytes, SERVER_REQUEST_MAX);
        request.headers = headers;
        (void)sscanf(headers, "%15s %1023s", request.method, request.path);
        server->handler(server->context, &request, &reply);
        go_on = server_answer(connection, &reply);
        tp_buf_finish(&reply.bytes);
        free(headers);
        memmove(in.data, in.data + head + body, in.length - head - body);
        in.length -= head + body;
        in.data[in.length] = '\0';
    }
    tp_buf_finish(&in);
    (void)shutdown(connection->fd, SHUT_RDWR);
    atomic_store(&connection->over, true);
    return NULL;
}

static inline void server_reap(struct server *server, bool all)
{
    size_t kept = 0;

    for (size_t i = 0; i < server->connection_count; i++) {
        struct server_connection *connection = server->connections[i];

        if (!all && !atomic_load(&connection->over)) {
            server->connections[kept++] = connection;
            continue;
        }
        (void)shutdown(connection->fd, SHUT_RDWR);
        (void)pthread_join(connection->thread, NULL);
        (void)close(connection->fd);
        free(connection);
    }
    server->connection_count = kept;
}

static inline void *server_accept(void *argument)
{
    struct server *server = argument;

    while (!atomic_load(&server->stop)) {
        int fd = accept(server->fd, NULL, NULL);
        struct server_connection *connection;

        if (fd < 0)
            continue;
        server_reap(server, false);
        connection = calloc(1, sizeof(*connection));
        if (!connection || server->connection_count == SERVER_CONNECTIONS_MAX)
            abort();
        connection->server = server;
        connection->fd = fd;
        server->connections[server->connection_count++] = connection;
        atomic_fetch_add(&server->accepted, 1);
        if (pthread_create(&connection->thread, NULL, server_serve, connection) != 0)
            abort();
    }
    server_reap(server, true);
    return NULL;
}

/* `port` 0: any. */
static inline void server_start_on(struct server *server, server_handler *handler, void *context,
                                   unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((in_port_t)port)};
    socklen_t size = sizeof(address);
    int one = 1;

    memset(server, 0, sizeof(*server));
    server->handler = handler;
    server->context = context;
    atomic_store(&server->cut_request_at, SIZE_MAX);
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (server->fd < 0 || bind(server->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(server->fd, 128) != 0 ||
        getsockname(server->fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    server->port = ntohs(address.sin_port);
    (void)snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%u", server->port);
    if (pthread_create(&server->thread, NULL, server_accept, server) != 0)
        abort();
}

static inline void server_start(struct server *server, server_handler *handler, void *context)
{
    server_start_on(server, handler, context, 0);
}

static inline void server_stop(struct server *server)
{
    atomic_store(&server->stop, true);
    (void)shutdown(server->fd, SHUT_RDWR);
    (void)pthread_join(server->thread, NULL);
    (void)close(server->fd);
}

/* The first text between two marks, into out. `from` in any case: it may be a header's name. */
static inline bool server_between(const char *text, const char *from, const char *to, char *out,
                                  size_t size)
{
    const char *start = strcasestr(text, from);
    const char *end = start ? strstr(start + strlen(from), to) : NULL;

    if (!end || (size_t)(end - start) - strlen(from) >= size)
        return false;
    start += strlen(from);
    memcpy(out, start, (size_t)(end - start));
    out[end - start] = '\0';
    return true;
}

/* Writes an answer; `extra` are header lines, each ended by \r\n. */
static inline void server_reply(struct server_reply *reply, int status, const char *extra,
                                const void *body, size_t count)
{
    tp_buf_printf(&reply->bytes, "HTTP/1.1 %d Reason\r\n%sContent-Length: %zu\r\n\r\n", status,
                  extra, count);
    tp_buf_add(&reply->bytes, body, count);
}

#endif
