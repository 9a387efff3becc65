/*
 * Saving a finished answer: its context, the seal, and the counters in one transaction.
 *
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_SAVE_H
#define TP_KIOSK_APP_SAVE_H

#include <stdbool.h>

#include "kiosk/app.h"

/* Saves the session's answers. On success `person.about` or the receipt is set as the survey's kind
 * asks, and the answers are wiped. On failure everything is as it was, to be tried again. */
bool tp_save_answers(struct tp_app *app, struct tp_error *error);

/* Adds one to a counter of the survey at hand; never fails loudly: a lost count harms nobody. */
void tp_save_count(struct tp_app *app, const char *name);

#endif
