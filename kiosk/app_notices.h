/*
 * The notices that this screen has: the signed list of the device's store, looked at again when a
 * new person may come. What is not signed by the store that the device is enrolled with is not
 * shown. Notices are borrowed by screens and by the person until the next look, which happens on
 * the welcome page only. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_NOTICES_H
#define TP_KIOSK_APP_NOTICES_H

#include <stddef.h>

#include "store/notices.h"

struct tp_app;

/* Reads the list again; without a store, a key or a list that is right there are none. */
void tp_app_notices_refresh(struct tp_app *app);

/* Those to show today, the newest first; returns how many. */
size_t tp_app_news(const struct tp_app *app, const struct tp_notice *due[TP_NOTICES_MAX]);

/* The notice of this id, where it is to be shown today; NULL where there is none. */
const struct tp_notice *tp_app_notice(const struct tp_app *app, const char *id);

/* The words of a notice for the person. */
const struct tp_notice_words *tp_app_notice_words(const struct tp_app *app,
                                                  const struct tp_notice *notice);

/* "News", "You said, we did"... */
const char *tp_app_notice_kind(const struct tp_notice *notice);

#endif
