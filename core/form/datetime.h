/*
 * Dates and times as ODK writes them: 2026-11-23, 09:41:00.000+00:00 and the two joined by T.
 *
 * Values stay text everywhere; this reads and writes that text and turns it into instants. Years
 * are those of the proleptic Gregorian calendar. Thread: any.
 * Sources: ODK XForms specification "Data Types", ISO 8601.
 */
#ifndef TP_FORM_DATETIME_H
#define TP_FORM_DATETIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "base/zone.h"

#define TP_DATETIME_TEXT_MAX 48

struct tp_datetime {
    int year;
    int month;  /* 1-12 */
    int day;    /* 1-31 */
    int hour;   /* 0-23 */
    int minute; /* 0-59 */
    int second; /* 0-59 */
    int ms;
    bool has_date, has_time, has_offset;
    int32_t offset; /* seconds east of UTC */
};

/* Reads a date, a time, or both. Single-digit months, days and hours are taken; 31 September and
 * 24:00 are not. White space around is passed over. */
bool tp_datetime_parse(const char *text, struct tp_datetime *value);

/* Milliseconds since 1970 UTC. A value without an offset is local time of `zone`; one without a
 * time is its midnight; one without a date is today's by the zone's clock at `now_ms`. */
int64_t tp_datetime_to_ms(const struct tp_datetime *value, const struct tp_zone *zone,
                          int64_t now_ms);

/* The local date, time and offset of an instant. */
void tp_datetime_from_ms(int64_t ms, const struct tp_zone *zone, struct tp_datetime *value);

/* The date of a day's number (base/day.h). */
void tp_date_from_days(int64_t days, struct tp_datetime *value);

/* Each writes what `value` has: "2026-11-23", "09:41:00.000+00:00". */
void tp_date_text(const struct tp_datetime *value, char text[TP_DATETIME_TEXT_MAX]);
void tp_time_text(const struct tp_datetime *value, char text[TP_DATETIME_TEXT_MAX]);
void tp_datetime_text(const struct tp_datetime *value, char text[TP_DATETIME_TEXT_MAX]);

#endif
