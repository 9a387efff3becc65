/*
 * The command line, the environment and the configuration file, read once at the start. Thread:
 * the main one.
 */
#ifndef TP_AGENT_OPTIONS_H
#define TP_AGENT_OPTIONS_H

#include <stdbool.h>

#include "agent/decide/line.h"
#include "base/error.h"

#define TP_OPTIONS_CONFIG "/etc/talkpoint/talkpoint-sync.ini"
/* Where sticks appear, unless the configuration says otherwise. */
#define TP_OPTIONS_STICK_FOLDER "/media/talkpoint"

enum tp_command {
    TP_COMMAND_RUN, /* the daemon */
    TP_COMMAND_ONCE,
    TP_COMMAND_ENROL,
    TP_COMMAND_CONNECT,
    TP_COMMAND_STATUS,
    TP_COMMAND_RETRY,
    TP_COMMAND_EXPORT,
    TP_COMMAND_IMPORT,
    TP_COMMAND_HELP,
    TP_COMMAND_VERSION,
};

struct tp_options {
    enum tp_command command;
    char *state;        /* owned; the state folder */
    const char *store;  /* enrol: --store; borrowed from the arguments */
    const char *name;   /* enrol, connect: --name */
    bool wait;          /* enrol: until an administrator has decided */
    bool replace;       /* enrol: although the screen is enrolled already; connect: although answers
                           wait for another server */
    const char *source; /* connect: an address, or a file of ODK settings */
    const char *user;   /* connect: --user */
    const char *password_file; /* connect: --password-file */
    const char *auth;          /* connect: --auth */
    bool plain;                /* connect: --plain */
    bool json;                 /* status */
    const char *folder;        /* export, import: where the stick is */
    /* From the environment; NULL where not set. */
    const char *credentials;   /* $CREDENTIALS_DIRECTORY */
    const char *notify_socket; /* $NOTIFY_SOCKET */
    const char *watchdog_usec; /* $WATCHDOG_USEC */
    /* From the configuration file, section [sync]. */
    long contact_s;               /* regular contact */
    long connections;             /* sends at once */
    bool insecure_http;           /* http to another machine is allowed */
    char *ca_file;                /* owned; NULL is the system's */
    char *proxy;                  /* owned; NULL is none */
    long bytes_per_second;        /* section [line]: cap; 0 is none */
    struct tp_line_window window; /* section [line]: the hours that the line may be used */
    char *stick_folder;           /* owned; section [stick]: where sticks appear */
};

/* Fails with TP_ERR_MISUSE for what the caller got wrong. Finish in either case. */
bool tp_options_read(int argc, char **argv, struct tp_options *options, struct tp_error *error);
void tp_options_finish(struct tp_options *options);

extern const char *const tp_options_help;

#endif
