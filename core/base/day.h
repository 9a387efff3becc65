/*
 * Days of the Gregorian calendar, which is carried on before it began and without an end
 * ("proleptic"). A day is a date, or its number: 0 is 1 January 1970. Thread: any.
 * Source of the arithmetic: H. Hinnant, chrono-compatible low-level date algorithms.
 */
#ifndef TP_BASE_DAY_H
#define TP_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* Year 0 where a day may be left out means "not said". */
struct tp_day {
    int year;
    int month; /* 1 .. 12 */
    int day;   /* 1 .. 31 */
};

/* `month` is 1 .. 12. */
int tp_days_in_month(int64_t year, int month);

int64_t tp_day_number(int64_t year, int month, int day);
struct tp_day tp_day_of_number(int64_t number);

/* 0 is Sunday. */
int tp_day_weekday(int64_t number);

/* The day at a Unix time in milliseconds where clocks are so many seconds east of UTC. */
struct tp_day tp_day_at(int64_t wall_ms, int32_t offset_seconds);

/* "2026-11-01". False where it is anything else, or no day of the calendar. */
bool tp_day_parse(const char *text, struct tp_day *day);

/* Less than, equal to or more than 0. */
int tp_day_compare(struct tp_day a, struct tp_day b);

/* The quotient rounded down, for positive b. */
int64_t tp_floor_div(int64_t a, int64_t b);

#endif
