/*
 * A store under load, for the benches: messages made beforehand, clients that keep their
 * connections open and wait on each for its answer before they send the next, and the server in a
 * process of its own. Header only: each bench is one program.
 */
#ifndef TP_BENCH_CENTRAL_LOAD_H
#define TP_BENCH_CENTRAL_LOAD_H

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "central/data/devices.h"
#include "central/data/forms.h"
#include "central/http/server.h"
#include "form/xml.h"
#include "store/several.h"

#define MESSAGES_MAX 10000
#define XML_BYTES 3000
#define CONNECTIONS_MAX 64
#define CLIENT_THREADS 2

static const char token_secret[] = "a secret of forty-three characters, or more";

/* A request as it goes over the wire, and how many answers it brings. */
struct message {
    char *bytes;
    size_t length;
    size_t answers;
};

static struct message messages[MESSAGES_MAX];
static char token[TP_BASE64_MAX(32)];
static char store_folder[64];
static char database[256]; /* its URL; "": central.db in the folder */

/* ---- a store with one form and one enrolled screen ---- */

struct making {
    struct tp_package package;
    const struct tp_keys *keys;
    struct tp_claim claim;
};

static inline bool make_content(struct tp_sql *db, struct making *making)
{
    struct tp_random random = tp_random_system();
    unsigned char digest[TP_SHA256_BYTES];
    char name[TP_DEVICE_NAME_MAX + 1];
    enum tp_publish_result published;
    enum tp_enrolment_result result;
    int64_t id;

    tp_token_digest(token_secret, digest);
    return tp_forms_publish(db, &making->package, 1, &published, NULL) &&
           tp_enrolment_add(db, "K7QM-4TXB", digest, "Bench", "1", 1, &result, &id, NULL) &&
           tp_enrolment_approve(db, "K7QM-4TXB", NULL, &random, 1, &result, name, NULL) &&
           tp_enrolment_claim(db, making->keys, id, token_secret, 1, &making->claim, NULL);
}

static inline void make_store(struct tp_keys *keys)
{
    struct making making = {.keys = keys};
    struct tp_sql *db;
    char path[256];

    (void)snprintf(store_folder, sizeof(store_folder), "/tmp/tp-bench-XXXXXX");
    insist(mkdtemp(store_folder) != NULL, "no folder");
    (void)snprintf(path, sizeof(path), "%s/central.db", store_folder);
    if (*database)
        memcpy(path, database, sizeof(path));
    insist(tp_keys_make(store_folder, NULL, NULL) && tp_keys_read(store_folder, keys, NULL),
           "no keys");
    tp_package_init(&making.package);
    (void)snprintf(making.package.id, sizeof(making.package.id), "hours");
    (void)snprintf(making.package.version, sizeof(making.package.version), "1");
    (void)tp_buf_puts(&making.package.xml, "<x/>");
    insist(tp_sql_open(path, true, &db, NULL) && tp_sql_migrate(db, 1, NULL) &&
               make_content(db, &making),
           "no store");
    tp_sql_close(db);
    tp_package_finish(&making.package);
    memcpy(token, making.claim.token, sizeof(token));
}

/* ---- sealed answers as requests ---- */

/* One answer, sealed as screens do it. */
struct sealed_answer {
    char id[TP_UUID_TEXT_MAX + sizeof("uuid:")];
    char sha256[TP_SHA256_TEXT_MAX];
    struct tp_buf bytes;
};

static inline void seal_answer(const struct tp_keys *keys, struct sealed_answer *answer)
{
    struct tp_random random = tp_random_system();
    char uuid[TP_UUID_TEXT_MAX];
    char xml[XML_BYTES];

    memset(xml, 'x', sizeof(xml));
    tp_buf_init(&answer->bytes, 65536);
    insist(tp_seal(&keys->sealing, xml, sizeof(xml), &answer->bytes, NULL), "cannot seal");
    tp_sha256_text(tp_buf_text(&answer->bytes), answer->bytes.length, answer->sha256);
    tp_random_uuid(&random, uuid);
    (void)snprintf(answer->id, sizeof(answer->id), "uuid:%s", uuid);
}

static inline void put_message(const char *path, const char *type, const struct tp_buf *body,
                               struct message *message)
{
    struct tp_buf request;

    tp_buf_init(&request, body->length + 4096);
    (void)tp_buf_printf(&request,
                        "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                        "X-OpenRosa-Version: 1.0\r\nX-Talkpoint-Receipt: 2\r\n"
                        "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                        path, token, type, body->length);
    (void)tp_buf_add(&request, tp_buf_text(body), body->length);
    message->length = request.length;
    message->bytes = tp_buf_take(&request);
}

static inline void make_single(const struct sealed_answer *answer, struct message *message)
{
    struct tp_buf body;

    tp_buf_init(&body, 65536);
    (void)tp_buf_printf(
        &body,
        "--XBOUNDARYX\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; "
        "filename=\"s.xml\"\r\nContent-Type: text/xml\r\n\r\n"
        "<data xmlns=\"http://opendatakit.org/submissions\" id=\"hours\" version=\"1\" "
        "encrypted=\"yes\"><tps:sealed xmlns:tps=\"urn:talkpoint:submission:1\" "
        "algorithm=\"sealedbox-1\" sha256=\"%s\">submission.tpsealed</tps:sealed>"
        "<meta xmlns=\"http://openrosa.org/xforms\"><instanceID>%s</instanceID></meta></data>"
        "\r\n--XBOUNDARYX\r\n"
        "Content-Disposition: form-data; name=\"submission.tpsealed\"; "
        "filename=\"submission.tpsealed\"\r\nContent-Type: application/octet-stream\r\n\r\n",
        answer->sha256, answer->id);
    (void)tp_buf_add(&body, tp_buf_text(&answer->bytes), answer->bytes.length);
    (void)tp_buf_puts(&body, "\r\n--XBOUNDARYX--\r\n");
    put_message("/submission", "multipart/form-data; boundary=XBOUNDARYX", &body, message);
    tp_buf_finish(&body);
}

static inline void make_several(const struct sealed_answer *answers, size_t count,
                                struct message *message)
{
    struct tp_carried carried[TP_SEVERAL_ANSWERS_MAX];
    struct tp_buf body;

    for (size_t i = 0; i < count; i++)
        carried[i] = (struct tp_carried){.instance_id = answers[i].id,
                                         .form_id = "hours",
                                         .form_version = "1",
                                         .sha256 = answers[i].sha256,
                                         .sealed = tp_buf_text(&answers[i].bytes),
                                         .sealed_count = answers[i].bytes.length};
    tp_buf_init(&body, TP_SEVERAL_BYTES_MAX);
    insist(tp_several_write(carried, count, &body, NULL), "cannot write");
    put_message("/talkpoint/submissions", "application/octet-stream", &body, message);
    tp_buf_finish(&body);
}

/* ---- the two servers ---- */

/* SIGTERM was blocked before any thread was made. */
static inline void wait_for_stop(void)
{
    sigset_t stop;
    int got;

    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigwait(&stop, &got);
}

static inline enum MHD_Result only_201(void *context, struct MHD_Connection *connection,
                                       const char *url, const char *method, const char *version,
                                       const char *bytes, size_t *count, void **state)
{
    static int begun;
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)context;
    (void)url;
    (void)method;
    (void)version;
    (void)bytes;
    if (!*state) {
        *state = &begun;
        return MHD_YES;
    }
    if (*count) {
        *count = 0;
        return MHD_YES;
    }
    response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    result = MHD_queue_response(connection, 201, response);
    MHD_destroy_response(response);
    return result;
}

static inline void serve_bare(const struct tp_settings *settings, int ready)
{
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, only_201, NULL, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)settings->workers, MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536, MHD_OPTION_END);
    const union MHD_DaemonInfo *info;

    insist(daemon != NULL, "no bare server");
    info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    (void)dprintf(ready, "%u\n", info->port);
    wait_for_stop();
    (void)dprintf(ready, "0\n");
}

static inline void serve_store(const struct tp_settings *settings, int ready)
{
    static struct tp_central central;
    struct tp_clock clock = tp_clock_system();
    struct tp_random random = tp_random_system();
    struct tp_server *server;
    struct tp_error error;
    uint64_t transactions;
    uint64_t jobs;

    tp_xml_init();
    insist(tp_central_open(settings, &clock, &random, &central, &error) &&
               tp_server_start(&central, &server, &error),
           "no store server");
    (void)dprintf(ready, "%s\n", strrchr(tp_server_url(server), ':') + 1);
    wait_for_stop();
    tp_committer_count(central.committer, &transactions, &jobs);
    (void)dprintf(ready, "%llu\n", (unsigned long long)transactions);
}

static inline pid_t start(void (*serve)(const struct tp_settings *, int),
                          const struct tp_settings *settings, int *port, int *says)
{
    int ends[2];
    char text[16] = "";
    sigset_t stop;
    pid_t child;

    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
    insist(pipe(ends) == 0, "no pipe");
    child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        serve(settings, ends[1]);
        _exit(0);
    }
    (void)close(ends[1]);
    insist(child > 0 && read(ends[0], text, sizeof(text) - 1) > 0, "the server did not start");
    *says = ends[0];
    *port = (int)strtol(text, NULL, 10);
    return child;
}

/* ---- the client ---- */

static int message_count;
static _Atomic int next_message;
static _Atomic int refused;

static inline int dial_port(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    insist(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "no dial");
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

/* How many answers a whole response says are held: by its status, or by its lines. */
static inline size_t held_by(const char *text)
{
    size_t held = 0;

    if (strncmp(text + 9, "201", 3) == 0)
        return 1;
    for (const char *line = strstr(text, "\n201\t"); line; line = strstr(line + 1, "\n201\t"))
        held++;
    return held;
}

/* Reads one whole response; how many answers it says are held. */
static inline size_t read_response(int fd)
{
    char text[TP_SEVERAL_REPLY_MAX + 4096];
    size_t length = 0;
    const char *head_end = NULL;
    const char *body;
    size_t whole = 0;

    while (!head_end || length < whole) {
        ssize_t got = read(fd, text + length, sizeof(text) - 1 - length);

        insist(got > 0, "the server hung up");
        length += (size_t)got;
        text[length] = '\0';
        if (head_end || !(head_end = strstr(text, "\r\n\r\n")))
            continue;
        body = strstr(text, "Content-Length: ");
        whole = (size_t)(head_end + 4 - text) + (body ? strtoul(body + 16, NULL, 10) : 0);
    }
    return held_by(text);
}

static inline void write_message(int fd, const struct message *message)
{
    for (size_t done = 0; done < message->length;) {
        ssize_t put = write(fd, message->bytes + done, message->length - done);

        insist(put > 0, "cannot send");
        done += (size_t)put;
    }
}

/* A client's thread and its connections: a message on each that was not answered yet. */
struct sender {
    pthread_t thread;
    int port;
    int connections;
    int answered; /* epoll's */
    int fds[CONNECTIONS_MAX];
    const struct message *messages[CONNECTIONS_MAX];
};

/* The next message, if there is one, on the sender's connection `i`. */
static inline bool send_next(struct sender *sender, int i)
{
    int number = next_message++;

    if (number >= message_count)
        return false;
    sender->messages[i] = &messages[number];
    write_message(sender->fds[i], sender->messages[i]);
    return true;
}

static inline bool begin_connection(struct sender *sender, int i)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = i};

    sender->fds[i] = dial_port(sender->port);
    insist(epoll_ctl(sender->answered, EPOLL_CTL_ADD, sender->fds[i], &event) == 0, "no epoll");
    return send_next(sender, i);
}

static inline void *send_all(void *context)
{
    struct sender *sender = context;
    int open = 0;

    sender->answered = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < sender->connections; i++)
        open += begin_connection(sender, i);
    while (open) {
        struct epoll_event events[CONNECTIONS_MAX];
        int count = epoll_wait(sender->answered, events, CONNECTIONS_MAX, -1);

        for (int e = 0; e < count; e++) {
            int i = events[e].data.fd;

            if (read_response(sender->fds[i]) != sender->messages[i]->answers)
                refused++;
            open -= !send_next(sender, i);
        }
    }
    for (int i = 0; i < sender->connections; i++)
        (void)close(sender->fds[i]);
    (void)close(sender->answered);
    return NULL;
}

/* In as many threads as pgbench has here. */
static inline double drain(int port, int connections)
{
    static struct sender senders[CLIENT_THREADS];
    int threads = connections < CLIENT_THREADS ? connections : CLIENT_THREADS;
    double before = now_ms();

    next_message = 0;
    for (int i = 0; i < threads; i++) {
        senders[i].port = port;
        senders[i].connections = (connections + i) / threads;
        insist(pthread_create(&senders[i].thread, NULL, send_all, &senders[i]) == 0, "no thread");
    }
    for (int i = 0; i < threads; i++)
        (void)pthread_join(senders[i].thread, NULL);
    insist(refused == 0, "an answer was refused");
    return now_ms() - before;
}

static inline double run(void (*serve)(const struct tp_settings *, int), int connections,
                         double *transactions)
{
    struct tp_settings settings;
    char text[32] = "";
    double took;
    pid_t child;
    int port;
    int says;

    tp_settings_init(&settings);
    (void)snprintf(settings.data, sizeof(settings.data), "%s", store_folder);
    (void)snprintf(settings.db, sizeof(settings.db), "%s", database);
    (void)snprintf(settings.listen, sizeof(settings.listen), "127.0.0.1:0");
    child = start(serve, &settings, &port, &says);
    took = drain(port, connections);
    (void)kill(child, SIGTERM);
    insist(read(says, text, sizeof(text) - 1) > 0, "the server did not stop");
    (void)close(says);
    *transactions = strtod(text, NULL);
    (void)waitpid(child, NULL, 0);
    return took;
}

/* `count` answers, `each` in a request (1: in a form that every OpenRosa client sends). */
static inline void make_answers(const struct tp_keys *keys, int count, int each)
{
    struct sealed_answer *answers = tp_calloc((size_t)each, sizeof(*answers));

    insist(answers != NULL, "no memory");
    for (message_count = 0; count > 0; count -= each) {
        struct message *message = &messages[message_count++];

        message->answers = (size_t)(count < each ? count : each);
        for (size_t i = 0; i < message->answers; i++)
            seal_answer(keys, &answers[i]);
        if (each == 1)
            make_single(answers, message);
        else
            make_several(answers, message->answers, message);
        for (size_t i = 0; i < message->answers; i++)
            tp_buf_finish(&answers[i].bytes);
    }
    tp_free(answers);
}

static inline void free_messages(void)
{
    for (int i = 0; i < message_count; i++)
        tp_free(messages[i].bytes);
    message_count = 0;
}

#endif
