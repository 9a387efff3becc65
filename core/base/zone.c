#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/file.h"
#include "base/mem.h"

#define FOLDER "/usr/share/zoneinfo"
#define MACHINE_ZONE "/etc/localtime"
#define HEADER_BYTES 44
#define NAME_MAX_BYTES 64
/* More changes than any zone of the database has in its explicit table. */
#define TRANSITIONS_MAX 4096
#define DAY 86400
#define HOUR 3600

/* When a rule of the footer starts: POSIX.1, "Other Environment Variables", TZ. */
struct change {
    enum { NEVER, JULIAN, DAY_OF_YEAR, WEEKDAY } kind;
    int day;   /* JULIAN 1-365 without leap day, DAY_OF_YEAR 0-365, WEEKDAY 0-6 from Sunday */
    int week;  /* 1-5, 5 is the last */
    int month; /* 1-12 */
    int32_t seconds;
};

struct tp_zone {
    size_t count;    /* of transitions */
    int64_t *at;     /* owned; Unix seconds, rising */
    int32_t *offset; /* owned; from at[i] on */
    int32_t first;   /* before at[0] */
    bool has_rule;   /* after the last transition */
    int32_t standard, summer;
    struct change start, end;
};

/* Seconds since 1970 on the zone's own clock. */
static int64_t change_in(const struct change *change, int64_t year)
{
    int64_t day = tp_day_number(year, 1, 1);

    switch (change->kind) {
    case JULIAN:
        day += change->day - 1 + (tp_days_in_month(year, 2) == 29 && change->day >= 60);
        break;
    case DAY_OF_YEAR:
        day += change->day;
        break;
    case WEEKDAY: {
        int64_t first = tp_day_number(year, change->month, 1);
        int64_t next = change->month == 12 ? tp_day_number(year + 1, 1, 1)
                                           : tp_day_number(year, change->month + 1, 1);
        int64_t weekday = tp_day_weekday(first);

        day = first + (change->day - weekday + 7) % 7 + (change->week - 1) * 7;
        while (day >= next)
            day -= 7;
        break;
    }
    case NEVER:
        break;
    }
    return day * DAY + change->seconds;
}

/* ---- the footer: "GMT0BST,M3.5.0/1,M10.5.0" ---- */

static bool number(const char **text, long max, long *value)
{
    long n = 0;

    if (!isdigit((unsigned char)**text))
        return false;
    while (isdigit((unsigned char)**text)) {
        n = n * 10 + (**text - '0');
        if (n > max)
            return false;
        (*text)++;
    }
    *value = n;
    return true;
}

static bool clock_time(const char **text, int32_t *seconds)
{
    long part[3] = {0, 0, 0};
    int sign = 1;

    if (**text == '-' || **text == '+')
        sign = *(*text)++ == '-' ? -1 : 1;
    if (!number(text, 167, &part[0]))
        return false;
    for (int i = 1; i < 3 && **text == ':'; i++) {
        (*text)++;
        if (!number(text, 59, &part[i]))
            return false;
    }
    *seconds = sign * (int32_t)(part[0] * HOUR + part[1] * 60 + part[2]);
    return true;
}

static bool zone_name(const char **text)
{
    const char *start = *text;

    if (**text == '<') {
        const char *close = strchr(*text, '>');

        if (!close)
            return false;
        *text = close + 1;
        return true;
    }
    while (isalpha((unsigned char)**text))
        (*text)++;
    return *text - start >= 3;
}

static bool read_change(const char **text, struct change *change)
{
    long n = 0;
    long week = 0;
    long month = 0;

    if (*(*text)++ != ',')
        return false;
    *change = (struct change){.seconds = 2 * HOUR};
    if (**text == 'M') {
        (*text)++;
        if (!number(text, 12, &month) || month < 1 || *(*text)++ != '.' ||
            !number(text, 5, &week) || week < 1 || *(*text)++ != '.' || !number(text, 6, &n))
            return false;
        change->kind = WEEKDAY;
    } else if (**text == 'J') {
        (*text)++;
        if (!number(text, 365, &n) || n < 1)
            return false;
        change->kind = JULIAN;
    } else {
        if (!number(text, 365, &n))
            return false;
        change->kind = DAY_OF_YEAR;
    }
    change->day = (int)n;
    change->week = (int)week;
    change->month = (int)month;
    if (**text != '/')
        return true;
    (*text)++;
    return clock_time(text, &change->seconds);
}

static bool read_rule(struct tp_zone *zone, const char *text)
{
    int32_t west;

    if (!zone_name(&text) || !clock_time(&text, &west))
        return false;
    zone->standard = -west;
    zone->summer = zone->standard;
    zone->has_rule = true;
    if (!*text)
        return true;
    if (!zone_name(&text))
        return false;
    zone->summer = zone->standard + HOUR;
    if (*text && *text != ',') {
        if (!clock_time(&text, &west))
            return false;
        zone->summer = -west;
    }
    return read_change(&text, &zone->start) && read_change(&text, &zone->end) && !*text;
}

static int32_t offset_by_rule(const struct tp_zone *zone, int64_t unix_seconds)
{
    int64_t year;
    int64_t start;
    int64_t end;
    bool summer;

    if (zone->start.kind == NEVER)
        return zone->standard;
    year = tp_day_of_number(tp_floor_div(unix_seconds + zone->standard, DAY)).year;
    start = change_in(&zone->start, year) - zone->standard;
    end = change_in(&zone->end, year) - zone->summer;
    if (start < end)
        summer = unix_seconds >= start && unix_seconds < end;
    else
        summer = unix_seconds >= start || unix_seconds < end;
    return summer ? zone->summer : zone->standard;
}

/* ---- the file ---- */

struct header {
    uint32_t utc_flags, standard_flags, leaps, times, types, letters;
};

static uint32_t big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool read_header(const unsigned char *bytes, size_t length, struct header *header)
{
    if (length < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
        return false;
    header->utc_flags = big_endian(bytes + 20);
    header->standard_flags = big_endian(bytes + 24);
    header->leaps = big_endian(bytes + 28);
    header->times = big_endian(bytes + 32);
    header->types = big_endian(bytes + 36);
    header->letters = big_endian(bytes + 40);
    return header->times <= TRANSITIONS_MAX && header->types >= 1 && header->types <= 256 &&
           header->letters <= 4096 && header->leaps <= 4096 && header->utc_flags <= 256 &&
           header->standard_flags <= 256;
}

static size_t body_bytes(const struct header *header, size_t time_bytes)
{
    return header->times * (time_bytes + 1) + header->types * 6 + header->letters +
           header->leaps * (time_bytes + 4) + header->standard_flags + header->utc_flags;
}

static bool read_body(struct tp_zone *zone, const unsigned char *at, const struct header *header)
{
    const unsigned char *kinds = at + (size_t)header->times * 8;
    const unsigned char *types = kinds + header->times;

    zone->first = (int32_t)big_endian(types);
    for (uint32_t i = 0; i < header->times; i++) {
        uint64_t high = big_endian(at + (size_t)i * 8);
        uint64_t low = big_endian(at + (size_t)i * 8 + 4);

        zone->at[i] = (int64_t)(high << 32 | low);
        if (kinds[i] >= header->types || (i && zone->at[i] <= zone->at[i - 1]))
            return false;
        zone->offset[i] = (int32_t)big_endian(types + (size_t)kinds[i] * 6);
        if (zone->offset[i] < -2 * DAY || zone->offset[i] > 2 * DAY)
            return false;
    }
    zone->count = header->times;
    return zone->first >= -2 * DAY && zone->first <= 2 * DAY;
}

static bool read_footer(struct tp_zone *zone, const unsigned char *at, size_t length)
{
    char text[NAME_MAX_BYTES * 2];
    const unsigned char *end;

    if (length < 2 || at[0] != '\n')
        return false;
    end = memchr(at + 1, '\n', length - 1);
    if (!end || (size_t)(end - at - 1) >= sizeof(text))
        return false;
    memcpy(text, at + 1, (size_t)(end - at - 1));
    text[end - at - 1] = '\0';
    return !*text || read_rule(zone, text);
}

static bool parse(struct tp_zone *zone, const unsigned char *bytes, size_t length)
{
    struct header header;
    size_t first;

    if (!read_header(bytes, length, &header) || bytes[4] < '2')
        return false;
    first = HEADER_BYTES + body_bytes(&header, 4);
    if (first > length || !read_header(bytes + first, length - first, &header))
        return false;
    bytes += first + HEADER_BYTES;
    length -= first + HEADER_BYTES;
    if (body_bytes(&header, 8) > length)
        return false;
    zone->at = tp_calloc(header.times, sizeof(*zone->at));
    zone->offset = tp_calloc(header.times, sizeof(*zone->offset));
    if (!zone->at || !zone->offset)
        return false;
    return read_body(zone, bytes, &header) &&
           read_footer(zone, bytes + body_bytes(&header, 8), length - body_bytes(&header, 8));
}

bool tp_zone_parse(const void *bytes, size_t length, struct tp_zone **zone, struct tp_error *error)
{
    struct tp_zone *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    if (!parse(made, bytes, length)) {
        tp_zone_destroy(made);
        return tp_fail(error, TP_ERR_INVALID, "not a time zone file");
    }
    *zone = made;
    return true;
}

static bool fixed(const char *name, struct tp_zone **zone, struct tp_error *error)
{
    struct tp_zone *made;
    const char *text = name;
    int32_t seconds = 0;

    if (strcmp(name, "UTC") != 0 && strcmp(name, "Z") != 0) {
        if (!clock_time(&text, &seconds) || *text || seconds < -DAY || seconds > DAY)
            return tp_fail(error, TP_ERR_INVALID, "unknown time zone '%s'", name);
    }
    made = tp_calloc(1, sizeof(*made));
    if (!made)
        return tp_fail_memory(error);
    made->first = seconds;
    *zone = made;
    return true;
}

static bool is_safe_name(const char *name)
{
    if (!isalpha((unsigned char)*name) || strlen(name) >= NAME_MAX_BYTES)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("/_+-", *name))
            return false;
    return true;
}

bool tp_zone_load(const char *name, struct tp_zone **zone, struct tp_error *error)
{
    char path[sizeof(FOLDER) + NAME_MAX_BYTES + 2];
    struct tp_error missing;
    struct tp_buf bytes;
    bool ok;

    if (name && (!strcmp(name, "UTC") || *name == '+' || *name == '-'))
        return fixed(name, zone, error);
    if (name && !is_safe_name(name))
        return tp_fail(error, TP_ERR_INVALID, "unknown time zone '%s'", name);
    (void)snprintf(path, sizeof(path), "%s%s%s", name ? FOLDER : MACHINE_ZONE, name ? "/" : "",
                   name ? name : "");
    tp_buf_init(&bytes, TP_ZONE_BYTES_MAX);
    ok = tp_file_read(path, &bytes, &missing);
    if (ok)
        ok = tp_zone_parse(bytes.data, bytes.length, zone, &missing);
    tp_buf_finish(&bytes);
    if (ok)
        return true;
    if (!name && missing.code == TP_ERR_NOT_FOUND)
        return fixed("UTC", zone, error);
    if (missing.code == TP_ERR_MEMORY)
        return tp_fail_memory(error);
    return tp_fail(error, missing.code, "unknown time zone '%s'", name ? name : MACHINE_ZONE);
}

void tp_zone_destroy(struct tp_zone *zone)
{
    if (!zone)
        return;
    tp_free(zone->at);
    tp_free(zone->offset);
    tp_free(zone);
}

int32_t tp_zone_offset_at(const struct tp_zone *zone, int64_t unix_seconds)
{
    size_t low = 0;
    size_t high;

    if (!zone)
        return 0;
    high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->at[middle] <= unix_seconds)
            low = middle + 1;
        else
            high = middle;
    }
    if (zone->has_rule && low == zone->count)
        return offset_by_rule(zone, unix_seconds);
    return low ? zone->offset[low - 1] : zone->first;
}

int32_t tp_zone_offset_local(const struct tp_zone *zone, int64_t local_seconds)
{
    /* A change is seldom near, and no two are within a day of each other. */
    int32_t before = tp_zone_offset_at(zone, local_seconds - DAY);
    int32_t after = tp_zone_offset_at(zone, local_seconds + DAY);

    if (before == after || tp_zone_offset_at(zone, local_seconds - before) == before)
        return before;
    if (tp_zone_offset_at(zone, local_seconds - after) == after)
        return after;
    return before; /* the clock skipped this time */
}
