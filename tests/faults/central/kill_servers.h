/*
 * The servers of the kill test, which come and go, and the screens that send to them until each
 * answer has its receipt. Header only: one program.
 */
#ifndef TP_FAULTS_CENTRAL_KILL_SERVERS_H
#define TP_FAULTS_CENTRAL_KILL_SERVERS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults/central/kill_answers.h"

#define SERVERS_MAX 2

/* The servers of the moment, as many as work on one database. */
static pid_t servers[SERVERS_MAX];
static size_t server_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ports[SERVERS_MAX]; /* under lock; 0 while there is none */
static int acknowledged;       /* requests; under lock */
static int finished;           /* screens that have sent all; under lock */

static inline void start_server(size_t which)
{
    const char *build = getenv("TP_BUILD");
    char program[512];
    char said[256] = "";
    const char *colon;
    size_t length = 0;
    int ends[2];

    (void)snprintf(program, sizeof(program), "%s/talkpoint-central", build ? build : "build/dev");
    assert_int_equal(pipe(ends), 0);
    servers[which] = fork();
    if (servers[which] == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)execl(program, program, "serve", "--data", folder, "--db", database, "--listen",
                    "127.0.0.1:0", (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    while (!strchr(said, '\n')) {
        ssize_t got = read(ends[0], said + length, sizeof(said) - 1 - length);

        if (got <= 0)
            fail_msg("%s did not start", program);
        length += (size_t)got;
        said[length] = '\0';
    }
    (void)close(ends[0]);
    colon = strrchr(said, ':');
    assert_non_null(colon);
    (void)pthread_mutex_lock(&lock);
    ports[which] = (int)strtol(colon + 1, NULL, 10);
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&lock);
}

static inline void kill_server(size_t which, int how)
{
    int status;

    (void)pthread_mutex_lock(&lock);
    ports[which] = 0;
    (void)pthread_mutex_unlock(&lock);
    assert_int_equal(kill(servers[which], how), 0);
    assert_int_equal(waitpid(servers[which], &status, 0), servers[which]);
    if (how == SIGTERM)
        assert_int_equal(status, 0);
}

/* ---- the screens ---- */

static inline int dial(int to)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)to),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* The whole of what comes back is there. */
static inline bool is_whole(const char *text)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");

    return end && length && strlen(end + 4) >= strtoul(length + 16, NULL, 10);
}

static inline bool is_held(const char *text, const struct answer *answer, int count)
{
    char line[80];

    if (count == 1)
        return strncmp(text, "HTTP/1.1 201", 12) == 0 && strstr(text, answer->id) &&
               strstr(text, "signature=");
    (void)snprintf(line, sizeof(line), "\n201\t%s\t", answer->id);
    return strncmp(text, "HTTP/1.1 200", 12) == 0 && strstr(text, line);
}

/* True when a whole answer came, with a receipt for each that was sent. */
static inline bool send_one(int fd, const struct answer *answer)
{
    char text[8192] = "";
    size_t length = 0;
    size_t sent = 0;

    while (sent < answer->length) {
        ssize_t put = send(fd, answer->request + sent, answer->length - sent, MSG_NOSIGNAL);

        if (put <= 0)
            return false;
        sent += (size_t)put;
    }
    while (!is_whole(text)) {
        ssize_t got = read(fd, text + length, sizeof(text) - 1 - length);

        if (got <= 0)
            return false;
        length += (size_t)got;
        text[length] = '\0';
    }
    for (int i = 0; i < answer->count; i++)
        if (!is_held(text, &answer[i], answer->count))
            return false;
    return true;
}

/* The port of a server, as soon as it has one. */
static inline int await_port(size_t which)
{
    int now;

    (void)pthread_mutex_lock(&lock);
    while (ports[which] == 0)
        (void)pthread_cond_wait(&changed, &lock);
    now = ports[which];
    (void)pthread_mutex_unlock(&lock);
    return now;
}

static inline void *screen(void *context)
{
    struct answer *own = context;
    size_t which = (size_t)(own - answers) / ANSWERS_EACH % server_count;
    int fd = -1;

    for (int i = 0; i < ANSWERS_EACH;) {
        if (fd < 0)
            fd = dial(await_port(which));
        if (fd < 0)
            continue;
        if (!send_one(fd, &own[i])) {
            (void)close(fd);
            fd = -1;
            continue;
        }
        for (int count = own[i].count; count > 0; count--)
            own[i++].acknowledged = true;
        (void)pthread_mutex_lock(&lock);
        acknowledged++;
        (void)pthread_cond_broadcast(&changed);
        (void)pthread_mutex_unlock(&lock);
    }
    if (fd >= 0)
        (void)close(fd);
    (void)pthread_mutex_lock(&lock);
    finished++;
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&lock);
    return NULL;
}

/* Waits for that many acknowledged requests in all, or for every screen to be done. */
static inline bool await(int wanted)
{
    bool more;

    (void)pthread_mutex_lock(&lock);
    while (acknowledged < wanted && finished < SCREENS)
        (void)pthread_cond_wait(&changed, &lock);
    more = finished < SCREENS;
    (void)pthread_mutex_unlock(&lock);
    return more;
}

#endif
