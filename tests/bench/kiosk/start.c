/*
 * How long until a resident sees the first page, and what an idle screen costs.
 *
 * The kiosk is started with SDL's dummy driver at 1920x1080, once with five surveys as the agent
 * keeps them (packages) and once with the folder of workbooks that `make run` and authors use,
 * which are converted at each start; it says READY=1 on $NOTIFY_SOCKET once its first page is
 * drawn. The baseline, in the same run, is the least an SDL program can do: open a window of that
 * size, fill it, show it, say READY=1. Each is the median of RUNS.
 */
#include <SDL.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/bench.h"

#define RUNS 9
#define READY_LIMIT_MS 20000
#define IDLE_MS 5000
/* What is done after the first page is not idling, nor are the seconds in which the kiosk waits for
 * the next touch of somebody who has just touched. */
#define SETTLE_MS 3500

struct measure {
    double ready_ms, pss_kb, idle_cpu_ms;
};

static char socket_path[] = "/tmp/tp-bench-XXXXXX/notify";

/* ---- the baseline program ---- */

static int bare_program(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    SDL_Window *window;
    SDL_Surface *surface;
    int fd;

    if (!path || SDL_Init(SDL_INIT_VIDEO) != 0)
        return 1;
    (void)SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    window = SDL_CreateWindow("bare", 0, 0, 1920, 1080, SDL_WINDOW_SHOWN);
    surface = window ? SDL_GetWindowSurface(window) : NULL;
    if (!surface)
        return 1;
    (void)SDL_FillRect(surface, NULL, 0xfffbfaf6);
    (void)SDL_UpdateWindowSurface(window);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (sendto(fd, "READY=1", 7, 0, (struct sockaddr *)&address, sizeof(address)) < 0)
        return 1;
    for (;;) {
        SDL_Event event;

        (void)SDL_WaitEvent(&event);
        if (event.type == SDL_QUIT)
            return 0;
    }
}

/* ---- measuring ---- */

static double read_number(pid_t pid, const char *file, const char *format)
{
    char path[64];
    char line[256];
    double value = -1;
    FILE *in;

    (void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
    in = fopen(path, "re");
    while (in && fgets(line, sizeof(line), in))
        if (value < 0 && strncmp(line, format, strlen(format)) == 0)
            value = strtod(line + strlen(format), NULL);
    if (in)
        (void)fclose(in);
    return value;
}

static bool wait_ready(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    char text[512];
    ssize_t got;

    while (poll(&poll_fd, 1, READY_LIMIT_MS) > 0) {
        got = recv(fd, text, sizeof(text) - 1, 0);
        text[got > 0 ? got : 0] = '\0';
        if (strstr(text, "READY=1"))
            return true;
    }
    return false;
}

static bool run(char **arguments, bool idle, struct measure *measure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    double start;
    double cpu;
    bool ok;
    pid_t pid;

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);
    (void)unlink(socket_path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        return false;
    start = now_ms();
    pid = fork();
    if (pid == 0) {
        (void)execv(arguments[0], arguments);
        _exit(127);
    }
    ok = wait_ready(fd);
    measure->ready_ms = now_ms() - start;
    if (ok && idle) {
        (void)usleep(SETTLE_MS * 1000);
        cpu = read_number(pid, "schedstat", "");
        (void)usleep(IDLE_MS * 1000);
        measure->idle_cpu_ms = (read_number(pid, "schedstat", "") - cpu) / 1e6;
        measure->pss_kb = read_number(pid, "smaps_rollup", "Pss:");
    }
    (void)kill(pid, SIGTERM);
    (void)waitpid(pid, NULL, 0);
    (void)close(fd);
    return ok;
}

static bool measure_all(char **arguments, struct measure *result)
{
    double ready[RUNS];
    struct measure one = {0};

    for (int i = 0; i < RUNS; i++) {
        if (!run(arguments, i == RUNS - 1, &one))
            return false;
        ready[i] = one.ready_ms;
    }
    qsort(ready, RUNS, sizeof(*ready), ascending);
    *result = one;
    result->ready_ms = ready[RUNS / 2];
    return true;
}

/* ---- five surveys as the agent keeps them ---- */

static bool call(const char *const *arguments)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        (void)execv(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool make_packages(const char *build, const char *state)
{
    static const char *const surveys[] = {"library-hours", "village-20mph", "young-people",
                                          "format-request", "comments"};
    char tool[512], workbook[256], package[256], link[256], target[256];

    (void)snprintf(tool, sizeof(tool), "%s/talkpoint-survey", build);
    (void)snprintf(package, sizeof(package), "%s/packages", state);
    (void)snprintf(link, sizeof(link), "%s/forms", state);
    if (!tp_dir_make(package, 0700, NULL) || !tp_dir_make(link, 0700, NULL))
        return false;
    for (size_t i = 0; i < sizeof(surveys) / sizeof(surveys[0]); i++) {
        (void)snprintf(workbook, sizeof(workbook), "surveys/%s/%s.md", surveys[i], surveys[i]);
        (void)snprintf(package, sizeof(package), "%s/packages/%s-1", state, surveys[i]);
        (void)snprintf(target, sizeof(target), "../packages/%s-1", surveys[i]);
        (void)snprintf(link, sizeof(link), "%s/forms/%s", state, surveys[i]);
        if (!call((const char *[]){tool, "package", workbook, package, NULL}) ||
            symlink(target, link) != 0)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    const char *build = getenv("TP_BUILD");
    char kiosk[512];
    char empty[64];
    char state[64];
    char *workbook_arguments[] = {kiosk,        "--state",   empty,        "--surveys", "surveys",
                                  "--windowed", "1920x1080", "--width-mm", "476",       NULL};
    char *package_arguments[] = {kiosk,       "--state",    state, "--windowed",
                                 "1920x1080", "--width-mm", "476", NULL};
    char *bare_arguments[] = {argv[0], "bare", NULL};
    struct measure workbooks;
    struct measure packages;
    struct measure bare;

    if (argc > 1)
        return bare_program();
    (void)setenv("SDL_VIDEODRIVER", "dummy", 1);
    socket_path[strlen("/tmp/tp-bench-XXXXXX")] = '\0';
    if (!build || !mkdtemp(socket_path))
        return 1;
    (void)snprintf(empty, sizeof(empty), "%s/empty", socket_path);
    (void)snprintf(state, sizeof(state), "%s/state", socket_path);
    (void)snprintf(kiosk, sizeof(kiosk), "%s/talkpoint-kiosk", build);
    if (!make_packages(build, state)) {
        (void)fprintf(stderr, "start: the surveys could not be packaged\n");
        return 1;
    }
    socket_path[strlen("/tmp/tp-bench-XXXXXX")] = '/';
    (void)setenv("NOTIFY_SOCKET", socket_path, 1);
    if (!measure_all(bare_arguments, &bare) || !measure_all(package_arguments, &packages) ||
        !measure_all(workbook_arguments, &workbooks)) {
        (void)fprintf(stderr, "start: a program did not get ready\n");
        return 1;
    }
    report("kiosk cold start, five surveys", "ms", packages.ready_ms, bare.ready_ms);
    report("kiosk cold start, a folder of eight workbooks", "ms", workbooks.ready_ms,
           bare.ready_ms);
    report("kiosk memory on the welcome page (PSS)", "KiB", packages.pss_kb, bare.pss_kb);
    report("kiosk CPU while idle for 5 s", "ms", packages.idle_cpu_ms, bare.idle_cpu_ms);
    socket_path[strlen("/tmp/tp-bench-XXXXXX")] = '\0';
    return tp_dir_remove(socket_path, NULL) ? 0 : 1;
}
