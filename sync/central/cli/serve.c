/* serve: runs until it is told to stop. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "central/chores.h"
#include "central/cli/cli.h"
#include "central/http/server.h"
#include "central/opener.h"

/* How long running requests may take to finish after the signal. */
#define GRACE_MS 10000

/* Tells systemd (sd_notify(3)), without its library: one datagram to $NOTIFY_SOCKET. */
static void notify(const char *message)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = name ? strlen(name) : 0;
    int fd;

    if (length < 2 || length >= sizeof(address.sun_path) || (*name != '/' && *name != '@'))
        return;
    memcpy(address.sun_path, name, length);
    if (*name == '@')
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)sendto(fd, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    (void)close(fd);
}

/* Stop signals wait for sigwait in this thread; the workers, started later, never see them. */
static void hold_signals(sigset_t *stop)
{
    (void)sigemptyset(stop);
    (void)sigaddset(stop, SIGTERM);
    (void)sigaddset(stop, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, stop, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static int serve(const struct tp_settings *settings)
{
    const struct tp_clock clock = tp_clock_system();
    const struct tp_random random = tp_random_system();
    static struct tp_central central;
    struct tp_server *server;
    struct tp_worker *chores;
    struct tp_worker *opener;
    struct tp_error error;
    sigset_t stop;
    int signal_got;

    hold_signals(&stop);
    if (!tp_central_open(settings, &clock, &random, &central, &error))
        return tp_cli_fail(&error);
    if (!tp_server_start(&central, &server, &error)) {
        tp_central_close(&central);
        return tp_cli_fail(&error);
    }
    (void)printf("talkpoint-central listens on %s\n", tp_server_url(server));
    (void)fflush(stdout);
    notify("READY=1");
    chores = tp_chores_start(&central);
    opener = tp_opener_start(&central);
    (void)sigwait(&stop, &signal_got);
    notify("STOPPING=1");
    tp_server_stop(server, GRACE_MS);
    tp_worker_stop(opener);
    tp_worker_stop(chores);
    tp_central_close(&central);
    return TP_EXIT_DONE;
}

/* An option overrules the configuration; one that was not given does not. */
static bool take(const char *value, char *to, size_t size)
{
    if (!value)
        return true;
    if (strlen(value) >= size)
        return false;
    memcpy(to, value, strlen(value) + 1);
    return true;
}

int tp_cli_serve(int argc, char **argv)
{
    const char *listen_on = NULL;
    const char *certificate = NULL;
    const char *certificate_key = NULL;
    bool verbose = false;
    const struct tp_cli_option options[] = {{"listen", &listen_on, NULL},
                                            {"certificate", &certificate, NULL},
                                            {"certificate-key", &certificate_key, NULL},
                                            {"verbose", NULL, &verbose},
                                            {NULL, NULL, NULL}};
    struct tp_cli cli;

    if (!tp_cli_read(argc, argv, options, 0, 0, "serve --data DIR [--listen HOST:PORT]", &cli))
        return TP_EXIT_MISUSE;
    if (!*cli.settings.data)
        return tp_cli_misuse("name the store's folder with --data DIR");
    if (!take(listen_on, cli.settings.listen, sizeof(cli.settings.listen)) ||
        !take(certificate, cli.settings.certificate, sizeof(cli.settings.certificate)) ||
        !take(certificate_key, cli.settings.certificate_key, sizeof(cli.settings.certificate_key)))
        return tp_cli_misuse("an option is too long");
    if (!*cli.settings.certificate != !*cli.settings.certificate_key)
        return tp_cli_misuse("--certificate and --certificate-key go together");
    cli.settings.verbose = cli.settings.verbose || verbose;
    return serve(&cli.settings);
}
