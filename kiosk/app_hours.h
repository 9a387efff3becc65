/*
 * Opening hours of the place: outside them, and with nobody there, the screen sleeps.
 *
 * A touch or key wakes it, to the welcome page as at any hour, so that a wrong clock or an early
 * visitor loses nothing. A plain value. Thread: any.
 */
#ifndef TP_KIOSK_APP_HOURS_H
#define TP_KIOSK_APP_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A library that closes for lunch, on days of five kinds, has ten. */
#define TP_HOURS_MAX 16
/* Nobody touched it for this long, out of hours: it sleeps. */
#define TP_HOURS_QUIET_MS 60000
/* A panel that was off takes about this long to show its picture. */
#define TP_HOURS_WAKING_MS 1000

struct tp_hours {
    struct {
        uint8_t days;      /* bit 0 is Monday */
        uint16_t from, to; /* minutes of the day; `to` is not in it */
    } spans[TP_HOURS_MAX];
    size_t count; /* 0: always open */
};

/* Reads "Mo-Fr 09:00-19:00, Sa 09:00-12:30, Sa 13:30-17:00". Fails with TP_ERR_MISUSE and the part
 * that is not understood. An empty text is always open. */
bool tp_hours_parse(const char *text, struct tp_hours *hours, struct tp_error *error);

/* Is it open at a local time, in seconds since 1970 as if it were UTC? */
bool tp_hours_open_at(const struct tp_hours *hours, int64_t local_s);

#endif
