#include "form/datetime.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
/* The range that four digits and a sign can write, and JavaScript's Date nearly has. */
#define YEAR_MAX 200000

void tp_date_from_days(int64_t days, struct tp_datetime *value)
{
    struct tp_day day = tp_day_of_number(days);

    *value = (struct tp_datetime){
        .year = day.year, .month = day.month, .day = day.day, .has_date = true};
}

/* ---- reading ---- */

static bool digits(const char **at, int most, int *value)
{
    int n = 0;
    int count = 0;

    while (isdigit((unsigned char)**at) && count < most) {
        n = n * 10 + (*(*at)++ - '0');
        count++;
    }
    *value = n;
    return count > 0;
}

static bool read_date(const char **at, struct tp_datetime *value)
{
    bool negative = **at == '-';
    const char *p = *at + negative;

    if (!digits(&p, 6, &value->year) || *p++ != '-' || !digits(&p, 2, &value->month) ||
        *p++ != '-' || !digits(&p, 2, &value->day) || isdigit((unsigned char)*p))
        return false;
    if (negative)
        value->year = -value->year;
    if (abs(value->year) > YEAR_MAX || value->month < 1 || value->month > 12 || value->day < 1 ||
        value->day > tp_days_in_month(value->year, value->month))
        return false;
    value->has_date = true;
    *at = p;
    return true;
}

static bool read_fraction(const char **at, struct tp_datetime *value)
{
    int scale = 100;

    if (**at != '.' && **at != ',')
        return true;
    (*at)++;
    if (!isdigit((unsigned char)**at))
        return false;
    for (; isdigit((unsigned char)**at); (*at)++) {
        value->ms += (**at - '0') * scale;
        scale /= 10;
    }
    return true;
}

static bool read_offset(const char **at, struct tp_datetime *value)
{
    int sign;
    int hours;
    int minutes = 0;

    if (**at == 'Z') {
        (*at)++;
        value->has_offset = true;
        return true;
    }
    if (**at != '+' && **at != '-')
        return true;
    sign = *(*at)++ == '-' ? -1 : 1;
    if (!digits(at, 2, &hours))
        return false;
    if (**at == ':')
        (*at)++;
    if (isdigit((unsigned char)**at) && !digits(at, 2, &minutes))
        return false;
    if (hours > 18 || minutes > 59)
        return false;
    value->has_offset = true;
    value->offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool read_time(const char **at, struct tp_datetime *value)
{
    if (!digits(at, 2, &value->hour) || *(*at)++ != ':' || !digits(at, 2, &value->minute))
        return false;
    if (**at == ':') {
        (*at)++;
        if (!digits(at, 2, &value->second) || !read_fraction(at, value))
            return false;
    }
    if (value->hour > 23 || value->minute > 59 || value->second > 59)
        return false;
    value->has_time = true;
    return read_offset(at, value);
}

bool tp_datetime_parse(const char *text, struct tp_datetime *value)
{
    struct tp_datetime read = {0};

    while (isspace((unsigned char)*text))
        text++;
    if (read_date(&text, &read)) {
        if (*text == 'T' || (*text == ' ' && isdigit((unsigned char)text[1]))) {
            text++;
            if (!read_time(&text, &read))
                return false;
        }
    } else if (!read_time(&text, &read)) {
        return false;
    }
    while (isspace((unsigned char)*text))
        text++;
    if (*text)
        return false;
    *value = read;
    return true;
}

/* ---- instants ---- */

int64_t tp_datetime_to_ms(const struct tp_datetime *value, const struct tp_zone *zone,
                          int64_t now_ms)
{
    struct tp_day day = {.year = value->year, .month = value->month, .day = value->day};
    int64_t local;
    int32_t offset = value->offset;

    if (!value->has_date)
        day = tp_day_at(now_ms, value->has_offset
                                    ? value->offset
                                    : tp_zone_offset_at(zone, tp_floor_div(now_ms, 1000)));
    local = tp_day_number(day.year, day.month, day.day) * DAY_MS +
            ((value->hour * 60 + value->minute) * INT64_C(60) + value->second) * 1000 + value->ms;
    if (!value->has_offset)
        offset = tp_zone_offset_local(zone, tp_floor_div(local, 1000));
    return local - offset * INT64_C(1000);
}

void tp_datetime_from_ms(int64_t ms, const struct tp_zone *zone, struct tp_datetime *value)
{
    int32_t offset = tp_zone_offset_at(zone, tp_floor_div(ms, 1000));
    int64_t local = ms + offset * INT64_C(1000);
    int64_t days = tp_floor_div(local, DAY_MS);
    int64_t of_day = local - days * DAY_MS;

    tp_date_from_days(days, value);
    value->hour = (int)(of_day / 3600000);
    value->minute = (int)(of_day / 60000 % 60);
    value->second = (int)(of_day / 1000 % 60);
    value->ms = (int)(of_day % 1000);
    value->has_time = true;
    value->has_offset = true;
    value->offset = offset;
}

/* ---- writing ---- */

void tp_date_text(const struct tp_datetime *value, char text[TP_DATETIME_TEXT_MAX])
{
    (void)snprintf(text, TP_DATETIME_TEXT_MAX, "%s%04d-%02d-%02d", value->year < 0 ? "-" : "",
                   abs(value->year), value->month, value->day);
}

void tp_time_text(const struct tp_datetime *value, char text[TP_DATETIME_TEXT_MAX])
{
    int minutes = abs((int)value->offset) / 60;
    char offset[16] = "";

    if (value->has_offset)
        (void)snprintf(offset, sizeof(offset), "%c%02d:%02d", value->offset < 0 ? '-' : '+',
                       minutes / 60 % 100, minutes % 60);
    (void)snprintf(text, TP_DATETIME_TEXT_MAX, "%02d:%02d:%02d.%03d%s", value->hour, value->minute,
                   value->second, value->ms, offset);
}

void tp_datetime_text(const struct tp_datetime *value, char text[TP_DATETIME_TEXT_MAX])
{
    char time[TP_DATETIME_TEXT_MAX];
    size_t length;

    tp_date_text(value, text);
    tp_time_text(value, time);
    length = strlen(text);
    (void)snprintf(text + length, TP_DATETIME_TEXT_MAX - length, "T%s", time);
}
