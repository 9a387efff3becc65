/*
 * A bad line between a bridge and a host, for kernels without netem: two TAP devices, and what
 * comes from the bridge is late, out of order, doubled, damaged or lost on its way to the host, as
 * the seed has it; the other way it goes as it came, as it does with netem on the bridge's end.
 *
 * How bad the line is stands in a file, in the words of tc-netem(8):
 *     delay TIME [JITTER]  loss P [CORRELATION]  reorder P [CORRELATION]  duplicate P  corrupt P
 *     rate BITS            with ms, %, kbit
 * and is read again at SIGHUP. Usage: bad_line BRIDGE_TAP HOST_TAP FILE SEED
 * Says "ready" when both devices are there. Needs the right to make them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"

#define FRAME_MAX 2048u
/* As many as netem holds; what comes when it is full is lost. */
#define HELD_MAX 1000u
#define NS_A_MS 1000000

/* A chance in percent; the last outcome is kept as often as `correlation` says. */
struct chance {
    double percent;
    double correlation;
    bool last;
};

struct shape {
    double delay_ms, jitter_ms;
    double kbit; /* 0: as fast as it comes */
    struct chance loss, reorder, duplicate, corrupt;
};

struct frame {
    int64_t due_ns;
    size_t length; /* 0: this place is free */
    unsigned char bytes[FRAME_MAX];
};

static struct shape shape;
static struct frame held[HELD_MAX];
static uint64_t seed;
static struct tp_random source;
static int64_t line_free_ns; /* where there is a rate */
static volatile sig_atomic_t reread = 1;

static void at_hangup(int signal)
{
    (void)signal;
    reread = 1;
}

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 * NS_A_MS + now.tv_nsec;
}

/* Below 100 percent. */
static double draw(void)
{
    return (double)tp_random_below(&source, 1000000) / 10000;
}

static bool happens(struct chance *chance)
{
    if (draw() >= chance->correlation)
        chance->last = draw() < chance->percent;
    return chance->last;
}

/* ---- how bad it is ---- */

static bool read_words(FILE *file, struct shape *read)
{
    char word[16];
    double *last = NULL; /* where a second number belongs */
    double first;
    double second;

    while (fscanf(file, "%15s", word) == 1) {
        const struct {
            const char *name;
            double *first, *second;
        } words[] = {{"delay", &read->delay_ms, &read->jitter_ms},
                     {"loss", &read->loss.percent, &read->loss.correlation},
                     {"reorder", &read->reorder.percent, &read->reorder.correlation},
                     {"duplicate", &read->duplicate.percent, NULL},
                     {"corrupt", &read->corrupt.percent, NULL},
                     {"rate", &read->kbit, NULL}};
        bool known = false;

        if (last && sscanf(word, "%lf", &second) == 1) {
            *last = second;
            last = NULL;
            continue;
        }
        for (size_t i = 0; !known && i < sizeof(words) / sizeof(words[0]); i++) {
            known = strcmp(words[i].name, word) == 0;
            if (!known)
                continue;
            if (fscanf(file, "%lf%*s", &first) != 1)
                return false;
            *words[i].first = first;
            last = words[i].second;
        }
        if (!known)
            return false;
    }
    return true;
}

static void read_shape(const char *path)
{
    struct shape made = {.delay_ms = 0};
    FILE *file = fopen(path, "re");

    if (!file || !read_words(file, &made)) {
        (void)fprintf(stderr, "bad_line: %s cannot be read\n", path);
        exit(1);
    }
    (void)fclose(file);
    shape = made;
}

/* ---- frames ---- */

static void hold(const unsigned char *bytes, size_t length, int64_t due_ns)
{
    for (size_t i = 0; i < HELD_MAX; i++) {
        if (held[i].length)
            continue;
        memcpy(held[i].bytes, bytes, length);
        held[i].length = length;
        held[i].due_ns = due_ns;
        return;
    }
}

/* When a frame that comes now arrives: one that is out of order overtakes those that wait. */
static int64_t arrives_ns(size_t length)
{
    int64_t now = now_ns();
    int64_t sent = now;

    if (shape.kbit > 0) {
        sent = line_free_ns > now ? line_free_ns : now;
        sent += (int64_t)((double)length * 8 / shape.kbit * NS_A_MS);
        line_free_ns = sent;
    }
    if (happens(&shape.reorder))
        return sent;
    return sent + (int64_t)((shape.delay_ms + (draw() / 50 - 1) * shape.jitter_ms) * NS_A_MS);
}

static void take(unsigned char *bytes, size_t length)
{
    bool twice = happens(&shape.duplicate);

    if (happens(&shape.loss))
        return;
    if (happens(&shape.corrupt)) {
        uint32_t bit = tp_random_below(&source, (uint32_t)length * 8);

        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    hold(bytes, length, arrives_ns(length));
    if (twice)
        hold(bytes, length, arrives_ns(length));
}

static struct frame *next_due(void)
{
    struct frame *next = NULL;

    for (size_t i = 0; i < HELD_MAX; i++) {
        if (held[i].length && (!next || held[i].due_ns < next->due_ns))
            next = &held[i];
    }
    return next;
}

/* Hands over what is due; milliseconds until the next, -1 where none waits. */
static int hand_over(int host)
{
    struct frame *next;

    while ((next = next_due())) {
        int64_t left = next->due_ns - now_ns();

        if (left > 0)
            return (int)(left / NS_A_MS) + 1;
        (void)!write(host, next->bytes, next->length);
        next->length = 0;
    }
    return -1;
}

static int make_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

    (void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
        (void)fprintf(stderr, "bad_line: no device %s: %s\n", name, strerror(errno));
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv)
{
    const struct sigaction hangup = {.sa_handler = at_hangup};
    unsigned char bytes[FRAME_MAX];
    struct pollfd ends[2] = {{.events = POLLIN}, {.events = POLLIN}};
    ssize_t got;

    if (argc != 5)
        return 2;
    ends[0].fd = make_tap(argv[1]);
    ends[1].fd = make_tap(argv[2]);
    seed = strtoull(argv[4], NULL, 10);
    source = tp_random_seeded(&seed);
    (void)sigaction(SIGHUP, &hangup, NULL);
    (void)puts("ready");
    (void)fflush(stdout);
    for (;;) {
        if (reread) {
            reread = 0;
            read_shape(argv[3]);
        }
        (void)poll(ends, 2, hand_over(ends[1].fd));
        while ((got = read(ends[0].fd, bytes, sizeof(bytes))) > 0)
            take(bytes, (size_t)got);
        while ((got = read(ends[1].fd, bytes, sizeof(bytes))) > 0)
            (void)!write(ends[0].fd, bytes, (size_t)got);
    }
}
