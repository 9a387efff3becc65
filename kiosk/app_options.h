/*
 * The command line: which settings file is read, what overrules it, and what is to be done.
 *
 * Thread: any.
 */
#ifndef TP_KIOSK_APP_OPTIONS_H
#define TP_KIOSK_APP_OPTIONS_H

#include "kiosk/app_settings.h"

enum tp_task {
    TP_TASK_RUN,
    TP_TASK_HELP,
    TP_TASK_VERSION,
    TP_TASK_SELF_TEST, /* say whether this screen is ready (kiosk/self_test.h) */
    TP_TASK_SET_PIN,   /* ask for the staff PIN, keep its hash (kiosk/app_pin_file.h) */
};

/* Finds and reads the configuration file that the command line names (or the default one, if it is
 * there), then applies the rest. A file with a mistake fails whatever the task is. */
bool tp_options_read(struct tp_settings *settings, int argc, char **argv, enum tp_task *task,
                     struct tp_error *error);

/* The text of --help. */
extern const char tp_options_help[];

#endif
