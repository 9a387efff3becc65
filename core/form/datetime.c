#include "form/datetime.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
/* The range that four digits and a sign can write, and JavaScript's Date nearly has. */
#define YEAR_MAX 200000

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t tp_date_to_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void tp_date_from_days(int64_t days, struct tp_datetime *value)
{
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t month = (5 * of_year + 2) / 153;

    *value = (struct tp_datetime){0};
    value->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    value->month = (int)(month < 10 ? month + 3 : month - 9);
    value->year = (int)(y + era * 400 + (value->month <= 2));
    value->has_date = true;
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

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
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
        value->day > days_in_month(value->year, value->month))
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
    struct tp_datetime today;
    int64_t local;
    int32_t offset = value->offset;

    if (value->has_date) {
        today = *value;
    } else {
        int64_t shift =
            value->has_offset ? value->offset : tp_zone_offset_at(zone, floor_div(now_ms, 1000));

        tp_date_from_days(floor_div(now_ms + shift * 1000, DAY_MS), &today);
    }
    local = tp_date_to_days(today.year, today.month, today.day) * DAY_MS +
            ((value->hour * 60 + value->minute) * INT64_C(60) + value->second) * 1000 + value->ms;
    if (!value->has_offset)
        offset = tp_zone_offset_local(zone, floor_div(local, 1000));
    return local - offset * INT64_C(1000);
}

void tp_datetime_from_ms(int64_t ms, const struct tp_zone *zone, struct tp_datetime *value)
{
    int32_t offset = tp_zone_offset_at(zone, floor_div(ms, 1000));
    int64_t local = ms + offset * INT64_C(1000);
    int64_t days = floor_div(local, DAY_MS);
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
