/* Runs the talkpoint-sync that was built, for the tests of the whole program. */
#ifndef TP_TEST_AGENT_PROGRAM_H
#define TP_TEST_AGENT_PROGRAM_H

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/files.h"
#include "store/seal.h"
#include "unit/agent/device.h"
#include "unit/agent/fake_store.h"

#define PROGRAM_ARGUMENTS_MAX 16
/* Far longer than anything here takes: a test that waits this long has failed. */
#define PROGRAM_DEADLINE_S 60

struct program {
    pid_t pid;
    char out[96]; /* files in the device's folder's parent: what it said */
    char err[96];
};

static inline const char *program_path(void)
{
    static char path[512];
    const char *build = getenv("TP_BUILD_ASAN");

    (void)snprintf(path, sizeof(path), "%s/talkpoint-sync", build ? build : "build/asan");
    return path;
}

/* `arguments` is NULL-ended; --state is added. */
static inline void program_start(struct program *program, const struct device *device,
                                 const char *const *arguments)
{
    const char *list[PROGRAM_ARGUMENTS_MAX] = {program_path(), "--state", device->folder};
    size_t count = 3;

    while (*arguments && count < PROGRAM_ARGUMENTS_MAX - 1)
        list[count++] = *arguments++;
    if (access(list[0], X_OK) != 0)
        fail_msg("there is no %s: TP_BUILD_ASAN names the folder that it was built in", list[0]);
    (void)snprintf(program->out, sizeof(program->out), "%s.out", device->folder);
    (void)snprintf(program->err, sizeof(program->err), "%s.err", device->folder);
    program->pid = fork();
    if (program->pid < 0)
        abort();
    if (program->pid == 0) {
        int out = open(program->out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int err = open(program->err, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        if (dup2(out, 1) < 0 || dup2(err, 2) < 0)
            _exit(99);
        (void)execv(program_path(), (char *const *)list);
        _exit(98);
    }
}

/* Its exit status; 128 and the signal's number where one ended it. */
static inline int program_wait(const struct program *program)
{
    int status = 0;

    if (waitpid(program->pid, &status, 0) != program->pid)
        abort();
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int program_run(struct program *program, const struct device *device,
                              const char *const *arguments)
{
    program_start(program, device, arguments);
    return program_wait(program);
}

#define RUN(program, device, ...)                                                                  \
    program_run(program, device, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static inline void program_forget(const struct program *program)
{
    (void)unlink(program->out);
    (void)unlink(program->err);
}

/* Enrols the device at this store by writing its files. */
static inline void program_enrol(const struct device *device, const char *url,
                                 const struct tp_receipt_key *receipt_key)
{
    char sealing[TP_SEAL_KEY_TEXT_MAX];
    char receipt[TP_RECEIPT_KEY_TEXT_MAX];
    char path[128];
    char ini[1024];

    tp_seal_key_to_text(&device->seal.key, sealing);
    tp_receipt_key_to_text(receipt_key, receipt);
    (void)snprintf(ini, sizeof(ini),
                   "[device]\nid = uuid:1\nname = Cowley\n[store]\nurl = %s\nsealing_key = %s\n"
                   "receipt_key = %s\n",
                   url, sealing, receipt);
    (void)snprintf(path, sizeof(path), "%s/token", device->folder);
    if (!tp_file_write_atomic(path, "secret-token\n", 13, 0600, NULL))
        abort();
    (void)snprintf(path, sizeof(path), "%s/device.ini", device->folder);
    if (!tp_file_write_atomic(path, ini, strlen(ini), 0644, NULL))
        abort();
}

/* Waits until the fake store has had so many submissions; false after so many seconds. */
static inline bool fake_await_for(struct fake_store *fake, size_t submissions, long seconds)
{
    struct timespec until;
    bool came = true;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    (void)pthread_mutex_lock(&fake->mutex);
    while (came && fake->submissions < submissions)
        came = pthread_cond_timedwait(&fake->changed, &fake->mutex, &until) == 0;
    (void)pthread_mutex_unlock(&fake->mutex);
    return came;
}

static inline bool fake_await(struct fake_store *fake, size_t submissions)
{
    return fake_await_for(fake, submissions, PROGRAM_DEADLINE_S);
}

#endif
