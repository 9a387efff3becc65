/*
 * `talkpoint-kiosk --set-pin`: asks for the staff PIN and puts its hash into the configuration
 * file, which keeps its remarks and its other settings. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_SET_PIN_H
#define TP_KIOSK_APP_SET_PIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

/* Reads the PIN from standard input (without echo at a terminal) and changes the file at `path`,
 * which is made where it is missing. */
bool tp_set_pin(const char *path, struct tp_error *error);

/* Appends to `out` the file's `text` with `hash` as [staff] pin_hash. False when out of memory. */
bool tp_set_pin_text(const char *text, const char *hash, struct tp_buf *out);

#endif
