/*
 * The commands of talkpoint-central: one table in main.c, one function each. A command reports an
 * error once, in one line, and returns the exit status: 0 done, 1 failed, 2 misused.
 * Thread: the main one.
 */
#ifndef TP_CENTRAL_CLI_CLI_H
#define TP_CENTRAL_CLI_CLI_H

#include <getopt.h>

#include "central/central.h"

enum {
    TP_EXIT_DONE = 0,
    TP_EXIT_FAILED = 1,
    TP_EXIT_MISUSE = 2,
};

/* What every command may be told. */
struct tp_cli {
    struct tp_settings settings;
    int argc; /* what is left after the options */
    char **argv;
};

/* An option of one command: its long name, and where its value goes. */
struct tp_cli_option {
    const char *name;
    const char **value; /* takes a value */
    bool *flag;         /* takes none */
};

/* Reads --data, --config, --db and the command's own options (ended by a NULL name), then checks
 * that `least`..`most` arguments follow; `usage` says what they are. False after having said what
 * is wrong. */
bool tp_cli_read(int argc, char **argv, const struct tp_cli_option *options, int least, int most,
                 const char *usage, struct tp_cli *cli);

/* "talkpoint-central: the problem" on stderr. Returns the exit status for it. */
int tp_cli_fail(const struct tp_error *error);
int tp_cli_misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Opens the database of the store, brought up to date. */
bool tp_cli_open(const struct tp_cli *cli, struct tp_sql **db, struct tp_error *error);
/* Runs one writing function in a transaction. */
bool tp_cli_write(struct tp_sql *db,
                  bool (*run)(struct tp_sql *db, void *context, struct tp_error *error),
                  void *context, struct tp_error *error);

int tp_cli_init(int argc, char **argv);
int tp_cli_serve(int argc, char **argv);
int tp_cli_approve(int argc, char **argv);
int tp_cli_devices(int argc, char **argv);
int tp_cli_revoke(int argc, char **argv);
int tp_cli_publish(int argc, char **argv);
int tp_cli_close(int argc, char **argv);
int tp_cli_reopen(int argc, char **argv);
int tp_cli_export(int argc, char **argv);
int tp_cli_backup(int argc, char **argv);
int tp_cli_adopt(int argc, char **argv);
int tp_cli_import(int argc, char **argv);
int tp_cli_seal(int argc, char **argv);
int tp_cli_unseal(int argc, char **argv);
int tp_cli_rotate(int argc, char **argv);
int tp_cli_withdraw(int argc, char **argv);
int tp_cli_tidy(int argc, char **argv);
int tp_cli_password(int argc, char **argv);

#endif
