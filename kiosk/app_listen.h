/*
 * Reading aloud: what the page says goes to speech when the person has asked to listen.
 *
 * A new page is read from its title; a new action stops what is being said (INCLUSION.md A1); the
 * focus, moved by keys, is read as it moves. The loudspeaker is opened when someone first listens.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_LISTEN_H
#define TP_KIOSK_APP_LISTEN_H

#include <stdbool.h>

#include "kiosk/app.h"

/* Turns reading aloud on (and reads this page) or off. */
void tp_listen_toggle(struct tp_app *app);

/* The page was built: reads it where it is a new one and the person listens. */
void tp_listen_page(struct tp_app *app);

/* Keys moved the focus: reads what has it. */
void tp_listen_focus(struct tp_app *app, const struct tp_intent *intent);

void tp_listen_stop(struct tp_app *app);
bool tp_listen_busy(const struct tp_app *app);

/* Moves sound along; milliseconds until it wants to be called again, -1: nothing to do. */
int tp_listen_tick(struct tp_app *app);

/* Silence, and the next person's volume and rate. */
void tp_listen_reset(struct tp_app *app);
void tp_listen_close(struct tp_app *app);

#endif
