#include "central/http/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/http/app.h"
#include "central/http/body.h"
#include "central/http/deadline.h"
#include "central/http/framing.h"
#include "central/http/listen.h"

/* Headers and one read of the body. More makes large uploads quicker, and every small request
 * slower: the library clears all of it after each. */
#define CONNECTION_MEMORY (16u * 1024u)
/* What is dropped after a refusal so that the client reads the answer and not a reset; more than
 * this and the connection is cut. */
#define DROPPED_MAX (64u * 1024u * 1024u)
/* A chain of certificates. */
#define CERTIFICATE_MAX (256u * 1024u)
/* TLS 1.2 and later, with keys that a later theft does not open (RFC 9325). */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-SHA1"

struct tp_server {
    struct tp_central *central; /* borrowed */
    struct MHD_Daemon *daemon;
    struct tp_deadlines *deadlines;
    struct tp_buf certificate; /* PEM; empty: no TLS here */
    struct tp_buf certificate_key;
    int socket;
    char url[TP_LISTEN_URL_MAX];
    _Atomic int active;  /* requests that have begun and not ended */
    _Atomic int waiting; /* of these, suspended until the committer is done */
    pthread_mutex_t lock;
    pthread_cond_t idle; /* active fell to 0 */
};

struct request {
    struct tp_exchange exchange; /* first: `done` finds the request by its exchange's job */
    struct tp_server *server;
    struct MHD_Connection *connection;
    bool begun;
    bool waiting;  /* handed to the committer */
    bool answered; /* the response is queued */
    size_t dropped;
};

/* Connections of the worker whose thread this is. */
static _Thread_local int served;

/* What this connection's time limit is kept in; NULL where it has none. */
static struct tp_deadline *deadline_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode code)
{
    struct tp_server *server = context;
    const union MHD_ConnectionInfo *info;

    served += code == MHD_CONNECTION_NOTIFY_CLOSED ? -1 : 1;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        tp_deadline_remove(*state);
        *state = NULL;
        return;
    }
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!info)
        return;
    *state = tp_deadline_add(server->deadlines, info->connect_fd);
    tp_deadline_set(*state, TP_HEAD_DEADLINE_MS);
}

static const char *find_header(const struct tp_exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->source, MHD_HEADER_KIND, name);
}

/* Called with the request line, before anything else. What it returns is *state later. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct tp_server *server = context;
    struct request *request = tp_calloc(1, sizeof(*request));

    if (!request)
        return NULL;
    tp_exchange_init(&request->exchange);
    request->server = server;
    request->connection = connection;
    request->exchange.target = tp_strdup(target);
    request->exchange.header = find_header;
    request->exchange.source = connection;
    request->exchange.started_ms = tp_clock_monotonic_ms(&server->central->clock);
    request->exchange.started_wall_ms = tp_clock_wall_ms(&server->central->clock);
    (void)atomic_fetch_add(&server->active, 1);
    return request;
}

/* Paths are decoded by http/decode.h from the raw target, not by the library. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void log_request(const struct request *request)
{
    const struct tp_exchange *exchange = &request->exchange;
    const struct tp_route *route = exchange->route;
    static const char *const methods[] = {"GET", "HEAD", "POST", "other"};
    int64_t took = tp_clock_monotonic_ms(&request->server->central->clock) - exchange->started_ms;

    /* The route's pattern, not the path: a path may name a person's answer. */
    (void)fprintf(stderr, "%s %s %d %lld ms\n", methods[exchange->method],
                  route ? route->pattern : "(no such address)", exchange->response.status,
                  (long long)took);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct tp_server *server = context;
    struct request *request = *state;

    (void)code;
    if (!request)
        return;
    /* The next request on it may begin within the idle time, and must then have its head here. */
    tp_deadline_set(deadline_of(connection), TP_IDLE_SECONDS * 1000LL + TP_HEAD_DEADLINE_MS);
    /* The client went away while the committer had the request: it was never answered. */
    if (request->waiting)
        (void)atomic_fetch_sub(&server->waiting, 1);
    if (server->central->settings.verbose && request->begun)
        log_request(request);
    tp_app_over(server->central, &request->exchange);
    tp_exchange_finish(&request->exchange);
    tp_free(request);
    *state = NULL;
    (void)pthread_mutex_lock(&server->lock);
    (void)atomic_fetch_sub(&server->active, 1);
    (void)pthread_cond_signal(&server->idle);
    (void)pthread_mutex_unlock(&server->lock);
}

static enum tp_method method_of(const char *method)
{
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0)
        return TP_GET;
    if (strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        return TP_HEAD;
    if (strcmp(method, MHD_HTTP_METHOD_POST) == 0)
        return TP_POST;
    return TP_OTHER_METHOD;
}

/* A proxy writes behind what its client sent, on the same line or on one of its own. */
static enum MHD_Result find_last(void *last, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    const char *comma = value ? strrchr(value, ',') : NULL;

    (void)kind;
    if (value && strcasecmp(name, "X-Forwarded-For") == 0)
        *(const char **)last = comma ? comma + 1 : value;
    return MHD_YES;
}

/* Of IPv4, as a socket for both kinds names it: "::ffff:192.0.2.7". */
static void unmap(char *address)
{
    static const char mapped[] = "::ffff:";

    if (strncmp(address, mapped, sizeof(mapped) - 1) == 0 && strchr(address, '.'))
        memmove(address, address + sizeof(mapped) - 1, strlen(address) - sizeof(mapped) + 2);
}

/* The peer's address; where that is this machine, the last one its proxy names. */
static void find_remote(struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct tp_exchange *exchange = &request->exchange;
    const char *last = NULL;

    exchange->remote = exchange->remote_text;
    if (!info || !info->client_addr ||
        getnameinfo(info->client_addr,
                    info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                             : sizeof(struct sockaddr_in),
                    exchange->remote_text, sizeof(exchange->remote_text), NULL, 0,
                    NI_NUMERICHOST) != 0)
        exchange->remote_text[0] = '\0';
    unmap(exchange->remote_text);
    if (strcmp(exchange->remote_text, "127.0.0.1") == 0 ||
        strcmp(exchange->remote_text, "::1") == 0)
        (void)MHD_get_connection_values(request->connection, MHD_HEADER_KIND, find_last, &last);
    if (!last)
        return;
    last += strspn(last, " ");
    if (strlen(last) < sizeof(exchange->remote_text))
        memcpy(exchange->remote_text, last, strlen(last) + 1);
}

static enum MHD_Result answer(struct request *request)
{
    struct tp_response *response = &request->exchange.response;
    struct MHD_Response *made = tp_body_make(response);
    enum MHD_Result result = MHD_YES;

    if (!made)
        return MHD_NO;
    if (response->type)
        result = MHD_add_response_header(made, MHD_HTTP_HEADER_CONTENT_TYPE, response->type);
    for (size_t i = 0; result == MHD_YES && i < response->header_count; i++)
        result =
            MHD_add_response_header(made, response->headers[i].name, response->headers[i].value);
    if (result == MHD_YES)
        result = MHD_queue_response(request->connection, (unsigned)response->status, made);
    MHD_destroy_response(made);
    request->answered = true;
    tp_deadline_set(deadline_of(request->connection), 0);
    return result;
}

/* On the committer's thread. */
static void on_committed(struct tp_job *job)
{
    struct request *request =
        (struct request *)((char *)job - offsetof(struct request, exchange.job));

    MHD_resume_connection(request->connection);
}

/* Everything has arrived: the handler runs, and the request is answered or waits. */
static enum MHD_Result finish_request(struct request *request)
{
    struct tp_central *central = request->server->central;

    if (tp_app_end(central, &request->exchange) == TP_RESPOND)
        return answer(request);
    /* Nobody waits for a worker that serves one connection. */
    if (served == 1 && tp_app_write_here(central, &request->exchange)) {
        tp_app_resume(central, &request->exchange);
        return answer(request);
    }
    request->waiting = true;
    (void)atomic_fetch_add(&request->server->waiting, 1);
    request->exchange.job.done = on_committed;
    MHD_suspend_connection(request->connection);
    tp_app_submit(central, &request->exchange);
    return MHD_YES;
}

/* Whether to answer now rather than drop what the client would send. */
static bool answer_early(const struct tp_exchange *exchange)
{
    const char *expect = find_header(exchange, "Expect");
    const char *length = find_header(exchange, "Content-Length");

    return exchange->refused && ((expect && strcasecmp(expect, "100-continue") == 0) ||
                                 (length && strtoull(length, NULL, 10) > DROPPED_MAX));
}

/* At once, and the connection with it: what follows on it cannot be told apart. */
static enum MHD_Result refuse_framing(struct request *request)
{
    request->exchange.refused = true;
    tp_respond_text(&request->exchange, 400, "the head of this request can be read in two ways");
    tp_respond_header(&request->exchange, MHD_HTTP_HEADER_CONNECTION, "close");
    return finish_request(request);
}

static enum MHD_Result begin_request(struct request *request, const char *method,
                                     const char *version)
{
    request->begun = true;
    tp_deadline_set(deadline_of(request->connection), TP_REQUEST_DEADLINE_MS);
    request->exchange.method = method_of(method);
    if (!tp_framing_is_plain(request->connection, version))
        return refuse_framing(request);
    find_remote(request);
    tp_app_begin(request->server->central, &request->exchange);
    return answer_early(&request->exchange) ? finish_request(request) : MHD_YES;
}

static enum MHD_Result take_body(struct request *request, const char *bytes, size_t *count)
{
    struct tp_central *central = request->server->central;
    struct tp_exchange *exchange = &request->exchange;

    if (exchange->refused) {
        request->dropped += *count;
        if (request->dropped > DROPPED_MAX)
            return MHD_NO;
    }
    tp_app_body(central, exchange, bytes, *count);
    *count = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *count, void **state)
{
    struct request *request = *state;

    (void)context;
    (void)connection;
    (void)url;
    if (!request || request->answered)
        return MHD_NO;
    if (!request->begun)
        return begin_request(request, method, version);
    if (*count)
        return take_body(request, bytes, count);
    if (!request->waiting)
        return finish_request(request);
    request->waiting = false;
    (void)atomic_fetch_sub(&request->server->waiting, 1);
    tp_app_resume(request->server->central, &request->exchange);
    return answer(request);
}

/* The library's own words could quote a request. */
static void log_nothing(void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

static void free_server(struct tp_server *server)
{
    if (server->socket >= 0)
        (void)close(server->socket);
    tp_deadlines_destroy(server->deadlines);
    tp_buf_finish(&server->certificate);
    tp_buf_finish(&server->certificate_key);
    (void)pthread_cond_destroy(&server->idle);
    (void)pthread_mutex_destroy(&server->lock);
    tp_free(server);
}

static bool read_certificate(struct tp_server *server, struct tp_error *error)
{
    const struct tp_settings *settings = &server->central->settings;

    return !*settings->certificate ||
           (tp_file_read(settings->certificate, &server->certificate, error) &&
            tp_file_read(settings->certificate_key, &server->certificate_key, error));
}

static bool start_daemon(struct tp_server *server, struct tp_error *error)
{
    const struct tp_settings *settings = &server->central->settings;
    bool tls = server->certificate.length > 0;
    struct MHD_OptionItem more[8] = {{MHD_OPTION_END, 0, NULL}};
    size_t count = 0;

    if (settings->connections_each)
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                                                (intptr_t)settings->connections_each, NULL};
    if (tls) {
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0,
                                                (char *)tp_buf_text(&server->certificate)};
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0,
                                                (char *)tp_buf_text(&server->certificate_key)};
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES};
    }
    more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
            (tls ? MHD_USE_TLS : 0),
        0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)settings->workers, MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections,
        MHD_OPTION_CONNECTION_TIMEOUT, TP_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_ARRAY,
        more, MHD_OPTION_END);
    if (server->daemon)
        return true;
    return tp_fail(error, TP_ERR_IO,
                   tls ? "cannot start the HTTPS server; look at the certificate and its key"
                       : "cannot start the HTTP server");
}

bool tp_server_start(struct tp_central *central, struct tp_server **server, struct tp_error *error)
{
    struct tp_server *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->central = central;
    made->socket = -1;
    tp_buf_init(&made->certificate, CERTIFICATE_MAX);
    tp_buf_init(&made->certificate_key, CERTIFICATE_MAX);
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->idle, NULL);
    if (!read_certificate(made, error) ||
        !tp_deadlines_create(&central->clock, &made->deadlines, error) ||
        !tp_listen(central->settings.listen, made->certificate.length > 0, &made->socket, made->url,
                   error) ||
        !start_daemon(made, error)) {
        free_server(made);
        return false;
    }
    *server = made;
    return true;
}

const char *tp_server_url(const struct tp_server *server)
{
    return server->url;
}

static void wait_until_idle(struct tp_server *server, int64_t grace_ms)
{
    struct tp_clock *clock = &server->central->clock;
    int64_t until_ms = tp_clock_wall_ms(clock) + grace_ms;
    struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                             .tv_nsec = (long)(until_ms % 1000) * 1000000L};

    (void)pthread_mutex_lock(&server->lock);
    while (atomic_load(&server->active) > 0) {
        if (pthread_cond_timedwait(&server->idle, &server->lock, &until) == ETIMEDOUT)
            break;
    }
    /* Whatever the patience, the library must not be stopped with a request suspended. */
    while (atomic_load(&server->waiting) > 0)
        (void)pthread_cond_wait(&server->idle, &server->lock);
    (void)pthread_mutex_unlock(&server->lock);
}

void tp_server_stop(struct tp_server *server, int64_t grace_ms)
{
    MHD_socket socket_left;

    if (!server)
        return;
    socket_left = MHD_quiesce_daemon(server->daemon);
    wait_until_idle(server, grace_ms);
    MHD_stop_daemon(server->daemon);
    server->socket = socket_left;
    free_server(server);
}
