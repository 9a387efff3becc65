/*
 * The commands of talkpoint-sync. Each returns the exit status, having said on stderr what went
 * wrong. Thread: the main one.
 */
#ifndef TP_AGENT_COMMANDS_H
#define TP_AGENT_COMMANDS_H

#include <stdbool.h>

#include "agent/options.h"

#define TP_EXIT_DONE 0
#define TP_EXIT_FAILED 1
#define TP_EXIT_MISUSE 2

int tp_command_run(const struct tp_options *options);
int tp_command_once(const struct tp_options *options);
int tp_command_enrol(const struct tp_options *options);
int tp_command_connect(const struct tp_options *options);
int tp_command_status(const struct tp_options *options);
int tp_command_retry(const struct tp_options *options);
int tp_command_export(const struct tp_options *options);
int tp_command_import(const struct tp_options *options);

/* May a screen be called this? */
bool tp_command_check_name(const char *name, struct tp_error *error);

/* "talkpoint-sync: TEXT" on stderr; returns TP_EXIT_FAILED, or TP_EXIT_MISUSE for that code. */
int tp_command_fail(const struct tp_error *error);

#endif
