/*
 * talkpoint-survey's subcommands: one table (main.c), one file each.
 *
 * A command gets its own arguments (argv[0] is its name), writes what was asked for to standard
 * output and what went wrong to standard error, and returns the exit status.
 */
#ifndef TP_TOOL_COMMANDS_H
#define TP_TOOL_COMMANDS_H

#include "base/error.h"
#include "form/problem.h"

#define TP_EXIT_OK 0
#define TP_EXIT_FAILURE 1 /* it was understood, and could not be done or found errors */
#define TP_EXIT_MISUSE 2  /* the command line was not understood */

struct tp_command {
    const char *name;
    const char *arguments; /* for --help */
    const char *summary;
    const char *options; /* for --help; NULL: none */
    int (*run)(const struct tp_command *command, int argc, char **argv);
};

int tp_command_check(const struct tp_command *command, int argc, char **argv);
int tp_command_convert(const struct tp_command *command, int argc, char **argv);
int tp_command_eval(const struct tp_command *command, int argc, char **argv);
int tp_command_package(const struct tp_command *command, int argc, char **argv);
int tp_command_play(const struct tp_command *command, int argc, char **argv);
int tp_command_preview(const struct tp_command *command, int argc, char **argv);

/* Says what is wrong with the command line and how it is used; gives TP_EXIT_MISUSE. */
int tp_command_misuse(const struct tp_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints a command's own help to standard output; gives TP_EXIT_OK. */
int tp_command_help(const struct tp_command *command);

/* One line on standard error: "talkpoint-survey: ..."; gives TP_EXIT_FAILURE. */
int tp_command_fail(const struct tp_error *error);

/* Every problem as a line on standard error. */
void tp_print_problems(const struct tp_problems *problems);

#endif
