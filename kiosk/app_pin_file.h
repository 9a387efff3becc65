/*
 * The staff PIN's hash, in the device's folder: staff.ini, for its owner alone, as what else is
 * secret there. It counts in the place of [staff] pin_hash of the configuration, which everyone on
 * the machine may read. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_PIN_FILE_H
#define TP_KIOSK_APP_PIN_FILE_H

#include <stdbool.h>

#include "base/error.h"
#include "kiosk/app_settings.h"

/* `talkpoint-kiosk --set-pin`: reads the PIN from standard input (at a terminal twice, without
 * echo) and writes its hash into the folder `state`, which is made where it is missing. */
bool tp_set_pin(const char *state, struct tp_error *error);

/* Takes the PIN of the folder settings->state, where there is one. */
bool tp_pin_file_read(struct tp_settings *settings, struct tp_error *error);

#endif
