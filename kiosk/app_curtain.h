/*
 * The curtain: what a hidden screen shows while someone listens to it.
 *
 * Nothing of the page is drawn, so that nobody reads over a shoulder; keys work as before. One
 * large button shows the page again; no other touch counts. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_CURTAIN_H
#define TP_KIOSK_APP_CURTAIN_H

#include <stdbool.h>

#include "kiosk/app.h"

bool tp_curtain_build(struct tp_app *app, struct tp_error *error);

/* A touch of its button. True: the page shows again, and has to be built. */
bool tp_curtain_handle(struct tp_app *app, const struct tp_intent *intent);

#endif
