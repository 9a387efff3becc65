/*
 * The state of a screen in words, for Overview and Screens. Thread: any.
 */
#ifndef TP_CENTRAL_WEB_DEVICES_H
#define TP_CENTRAL_WEB_DEVICES_H

#include "central/data/devices.h"
#include "central/web/page.h"

enum tp_mood {
    TP_MOOD_GOOD,
    TP_MOOD_NOTE,  /* worth knowing */
    TP_MOOD_ALARM, /* someone should look */
    TP_MOOD_OFF,   /* taken off the list */
};

/* `text` in words, at most one line. */
enum tp_mood tp_device_state(const struct tp_central *central, const struct tp_device *device,
                             int64_t now_ms, char text[192]);

/* A cell that shows it. */
void tp_device_state_cell(struct tp_html *html, enum tp_mood mood, const char *text);

/* A cell with the link that takes it off, for those who may; empty where it is off already. */
void tp_device_take_off_cell(struct tp_html *html, const struct tp_exchange *exchange,
                             const struct tp_device *device);

/* How far the screen's own clock is off: "Right", "3 min fast", "2 h slow"; a dash where it was
 * never heard. What it sends is corrected all the same. */
const char *tp_device_clock(const struct tp_device *device, char text[TP_WHEN_TEXT_MAX]);

/* Shows the page of screens. `problem` may be NULL; `field` as in tp_page_problem. */
void tp_screens_show(struct tp_central *central, struct tp_exchange *exchange, int status,
                     const char *problem, const char *field);

/* Its part on phones with ODK Collect (phones.c). */
void tp_phones_section(struct tp_central *central, const struct tp_exchange *exchange,
                       struct tp_html *html, const struct tp_device *list, size_t count);

/* All screens and, where `phones`, phones with ODK Collect; `list` is the caller's to free with
 * tp_free. */
bool tp_device_list(struct tp_sql *db, bool phones, struct tp_device **list, size_t *count,
                    struct tp_error *error);

#endif
