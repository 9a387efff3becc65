#include "base/day.h"

#include <ctype.h>
#include <stdlib.h>

/* The arithmetic counts years from 1 March, so that a leap day is the last of its year, and days
 * from 1 March 0000; 400 years, an era, repeat. */
#define DAYS_TO_1970 719468
#define ERA_DAYS 146097
#define DAY_MS INT64_C(86400000)

int64_t tp_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int tp_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

int64_t tp_day_number(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = tp_floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

struct tp_day tp_day_of_number(int64_t number)
{
    int64_t since = number + DAYS_TO_1970;
    int64_t era = tp_floor_div(since, ERA_DAYS);
    int64_t of_era = since - era * ERA_DAYS;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct tp_day day;

    day.day = (int)(of_year - (153 * month + 2) / 5 + 1);
    day.month = (int)(month < 10 ? month + 3 : month - 9);
    day.year = (int)(y + era * 400 + (day.month <= 2));
    return day;
}

int tp_day_weekday(int64_t number)
{
    /* 1 January 1970 was a Thursday. */
    return (int)(((number + 4) % 7 + 7) % 7);
}

struct tp_day tp_day_at(int64_t wall_ms, int32_t offset_seconds)
{
    return tp_day_of_number(tp_floor_div(wall_ms + offset_seconds * INT64_C(1000), DAY_MS));
}

bool tp_day_parse(const char *text, struct tp_day *day)
{
    static const char shape[] = "dddd-dd-dd";
    struct tp_day parsed;

    for (size_t i = 0; i < sizeof(shape); i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
            return false;
    parsed.year = (int)strtol(text, NULL, 10);
    parsed.month = (int)strtol(text + 5, NULL, 10);
    parsed.day = (int)strtol(text + 8, NULL, 10);
    if (parsed.year < 1 || parsed.month < 1 || parsed.month > 12 || parsed.day < 1 ||
        parsed.day > tp_days_in_month(parsed.year, parsed.month))
        return false;
    *day = parsed;
    return true;
}

int tp_day_compare(struct tp_day a, struct tp_day b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}
