#include "kiosk/speech/synth.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* It has closed its output: what is left to do is to exit. */
#define END_MS 50
#define ARGUMENTS_MAX 10

extern char **environ;

static bool send_text(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left) {
        ssize_t put = send(fd, text, left, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        text += put;
        left -= (size_t)put;
    }
    return true;
}

/* Runs it with both its ends wired up: standard input `in`, standard output `out`. */
static pid_t spawn(char **arguments, int in, int out)
{
    posix_spawn_file_actions_t actions;
    pid_t child = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0 ||
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1) != 0 ||
        posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0)
        child = 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    return child;
}

static pid_t spawn_voice(const char *program, const char *voice, int words, bool alone, int in,
                         int out)
{
    char pace[16];
    char *arguments[ARGUMENTS_MAX] = {(char *)program, "-v",      (char *)voice, "-s", pace,
                                      "--stdin",       "--stdout"};

    (void)snprintf(pace, sizeof(pace), "%d", words);
    if (alone)
        arguments[7] = "--punct";
    return spawn(arguments, in, out);
}

bool tp_synth_start(struct tp_synth *synth, const char *program, const char *voice, int words,
                    const char *text, bool alone)
{
    int in[2], out[2];
    bool sent = false;

    *synth = TP_SYNTH_NONE;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0)
        goto close_in;
    synth->child = spawn_voice(program, voice, words, alone, in[1], out[1]);
    (void)close(out[1]);
    synth->sound = out[0];
    (void)fcntl(synth->sound, F_SETFL, O_NONBLOCK);
    sent = synth->child && send_text(in[0], text);
close_in:
    (void)close(in[0]);
    (void)close(in[1]);
    if (!sent)
        tp_synth_stop(synth);
    return sent;
}

bool tp_synth_end(struct tp_synth *synth)
{
    struct pollfd ended = {.fd = -1, .events = POLLIN};
    int status = -1;
    bool well = false;

    if (synth->child > 0)
        ended.fd = pidfd_open(synth->child, 0);
    if (ended.fd >= 0) {
        well = poll(&ended, 1, END_MS) == 1 && waitpid(synth->child, &status, WNOHANG) > 0;
        (void)close(ended.fd);
    }
    if (well)
        synth->child = 0;
    tp_synth_stop(synth);
    return well && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void tp_synth_stop(struct tp_synth *synth)
{
    if (synth->sound >= 0)
        (void)close(synth->sound);
    if (synth->child > 0) {
        /* It has nothing to save, and waiting for a polite end could hold up the screen. */
        (void)kill(synth->child, SIGKILL);
        while (waitpid(synth->child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    *synth = TP_SYNTH_NONE;
}
