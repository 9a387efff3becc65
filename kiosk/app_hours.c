/* See app_hours.h. */
#include "kiosk/app_hours.h"

#include <stdio.h>
#include <string.h>

#define DAY_S INT64_C(86400)
#define WEEK_DAYS 7
/* 1 January 1970 was a Thursday; days count from Monday. */
#define FIRST_DAY 3

static const char *const days[WEEK_DAYS] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

/* The day that the text begins with; -1: none. */
static int read_day(const char *text)
{
    for (int i = 0; i < WEEK_DAYS; i++)
        if (strncmp(text, days[i], 2) == 0)
            return i;
    return -1;
}

/* "Mo" or "Mo-Fr", also over the end of the week ("Sa-Mo"). Returns how many bytes; 0: neither. */
static size_t read_days(const char *text, uint8_t *mask)
{
    int first = read_day(text), last = first;
    size_t length = 2;

    if (first < 0)
        return 0;
    if (text[2] == '-') {
        last = read_day(text + 3);
        length = 5;
    }
    if (last < 0)
        return 0;
    *mask = 0;
    for (int day = first;; day = (day + 1) % WEEK_DAYS) {
        *mask |= (uint8_t)(1u << day);
        if (day == last)
            return length;
    }
}

static bool read_minutes(const char *text, uint16_t *minutes)
{
    unsigned hour, minute;

    for (int i = 0; i < 5; i++)
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return false;
    hour = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
    minute = (unsigned)(text[3] - '0') * 10 + (unsigned)(text[4] - '0');
    *minutes = (uint16_t)(hour * 60 + minute);
    return minute < 60 && *minutes <= 24 * 60;
}

static bool read_span(const char *part, struct tp_hours *hours)
{
    size_t length = read_days(part, &hours->spans[hours->count].days);
    uint16_t *from = &hours->spans[hours->count].from, *to = &hours->spans[hours->count].to;

    part += length;
    if (length == 0 || *part != ' ')
        return false;
    part += strspn(part, " ");
    if (strlen(part) != strlen("09:00-19:00") || !read_minutes(part, from) || part[5] != '-' ||
        !read_minutes(part + 6, to) || *from >= *to)
        return false;
    hours->count++;
    return true;
}

bool tp_hours_parse(const char *text, struct tp_hours *hours, struct tp_error *error)
{
    struct tp_hours read = {.count = 0};

    while (*(text += strspn(text, " ,"))) {
        size_t length = strcspn(text, ",");
        char part[32] = "";

        if (read.count == TP_HOURS_MAX)
            return tp_fail(error, TP_ERR_LIMIT, "[hours] open has more than %d parts",
                           TP_HOURS_MAX);
        if (length < sizeof(part))
            (void)snprintf(part, sizeof(part), "%.*s", (int)length, text);
        for (size_t end = strlen(part); end > 0 && part[end - 1] == ' ';)
            part[--end] = '\0';
        if (!read_span(part, &read))
            return tp_fail(error, TP_ERR_MISUSE,
                           "[hours] open: '%.*s' is not understood; write it like Mo-Fr "
                           "09:00-19:00",
                           (int)(length < 40 ? length : 40), text);
        text += length;
    }
    *hours = read;
    return true;
}

bool tp_hours_open_at(const struct tp_hours *hours, int64_t local_s)
{
    int64_t day = local_s / DAY_S - (local_s % DAY_S < 0);
    int64_t minute = (local_s - day * DAY_S) / 60;
    int64_t week_day = ((day + FIRST_DAY) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS;

    if (hours->count == 0)
        return true;
    for (size_t i = 0; i < hours->count; i++)
        if (hours->spans[i].days & 1u << week_day && minute >= hours->spans[i].from &&
            minute < hours->spans[i].to)
            return true;
    return false;
}
