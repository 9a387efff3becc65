/* Numbers, days and times as a person sees them in the sheet (ECMA-376 Part 1, 18.8.30 and
 * 18.17.4.1). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/mem.h"
#include "form/workbook_xlsx.h"

struct custom_format {
    long id;
    enum tp_xlsx_kind kind;
};

#define CUSTOM_FORMATS_MAX 4096u

static enum tp_xlsx_kind builtin_kind(long id)
{
    if (id == 46)
        return TP_XLSX_DURATION;
    if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id == 45 || id == 47 ||
        (id >= 50 && id <= 58))
        return TP_XLSX_DATE;
    return TP_XLSX_NUMBER;
}

/* The last byte of what begins at `p` and is shown as it is or not at all: quoted words, an
 * escaped, padded or repeated character, a [colour]; NULL where it does not end. */
static const char *shown_as_is(const char *p)
{
    switch (*p) {
    case '"':
        return strchr(p + 1, '"');
    case '[':
        return strchr(p, ']');
    case '\\':
    case '_':
    case '*':
        return p[1] ? p + 1 : NULL;
    default:
        return p;
    }
}

/* "[h]", "[mm]": hours or minutes that count on past the day. */
static bool is_elapsed(const char *p)
{
    size_t letters = *p == '[' ? strspn(p + 1, "hHmMsS") : 0;

    return letters > 0 && p[1 + letters] == ']';
}

/* A format shows a day or time if a date letter stands outside quotes, escapes and [colours]. */
static enum tp_xlsx_kind code_kind(const char *code)
{
    for (const char *p = code; *p && *p != ';'; p++) {
        if (is_elapsed(p))
            return TP_XLSX_DURATION;
        if (strchr("dDmMyYhHsS", *p))
            return TP_XLSX_DATE;
        p = shown_as_is(p);
        if (!p)
            break;
    }
    return TP_XLSX_NUMBER;
}

static bool add_style(struct tp_xlsx *xlsx, struct tp_xlsx_styles *styles, enum tp_xlsx_kind kind)
{
    if (styles->count >= TP_XLSX_FORMATS_MAX)
        return tp_fail(xlsx->error, TP_ERR_LIMIT, "'%s' has more than %u cell formats", xlsx->file,
                       TP_XLSX_FORMATS_MAX);
    if ((styles->count & (styles->count - 1)) == 0) {
        size_t capacity = styles->count ? styles->count * 2 : 1;
        uint8_t *kinds = tp_realloc(styles->kinds, capacity, 1);

        if (!kinds)
            return tp_fail_memory(xlsx->error);
        styles->kinds = kinds;
    }
    styles->kinds[styles->count++] = (uint8_t)kind;
    return true;
}

static long number_attribute(const struct tp_xlsx_part *part, const char *name)
{
    char text[32];

    return tp_xlsx_attribute(part, name, text, sizeof(text)) ? strtol(text, NULL, 10) : 0;
}

static bool read_style(struct tp_xlsx_part *part, struct tp_xlsx_styles *styles,
                       const struct custom_format *custom, size_t custom_count)
{
    long id = number_attribute(part, "numFmtId");
    enum tp_xlsx_kind kind = builtin_kind(id);

    for (size_t i = 0; i < custom_count; i++) {
        if (custom[i].id == id)
            kind = custom[i].kind;
    }
    return add_style(part->xlsx, styles, kind);
}

bool tp_xlsx_read_styles(struct tp_xlsx *xlsx, struct tp_xlsx_styles *styles)
{
    struct custom_format *custom = tp_calloc(CUSTOM_FORMATS_MAX, sizeof(*custom));
    size_t custom_count = 0;
    struct tp_xlsx_part part;
    bool inside = false;
    bool good = true;
    int got;

    if (!custom)
        return tp_fail_memory(xlsx->error);
    if (zip_name_locate(xlsx->zip, "xl/styles.xml", ZIP_FL_NOCASE) < 0)
        goto free_custom;
    good = tp_xlsx_open(xlsx, "xl/styles.xml", &part);
    if (!good)
        goto free_custom;
    while (good && (got = tp_xlsx_next(&part)) == 1) {
        if (tp_xlsx_at(&part, "numFmt") && custom_count < CUSTOM_FORMATS_MAX) {
            char code[256];

            custom[custom_count].id = number_attribute(&part, "numFmtId");
            if (tp_xlsx_attribute(&part, "formatCode", code, sizeof(code)))
                custom[custom_count++].kind = code_kind(code);
        } else if (tp_xlsx_at(&part, "cellXfs")) {
            inside = true;
        } else if (tp_xlsx_at_end(&part, "cellXfs")) {
            inside = false;
        } else if (inside && tp_xlsx_at(&part, "xf")) {
            good = read_style(&part, styles, custom, custom_count);
        }
    }
    good = good && got == 0;
    tp_xlsx_close(&part);

free_custom:
    tp_free(custom);
    return good;
}

void tp_xlsx_styles_finish(struct tp_xlsx_styles *styles)
{
    tp_free(styles->kinds);
    *styles = (struct tp_xlsx_styles){0};
}

static void date_text(double serial, bool epoch_1904, char *text)
{
    double whole = floor(serial);
    long seconds = lround((serial - whole) * 86400.0);
    long days = (long)whole;
    struct tp_day day;

    if (seconds == 86400) {
        seconds = 0;
        days++;
    }
    if (days == 0) {
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%02ld:%02ld:%02ld", seconds / 3600,
                       seconds / 60 % 60, seconds % 60);
        return;
    }
    /* Excel believes in 29 February 1900: serial 60. Before it, days count from 1899-12-31. */
    day = tp_day_of_number(epoch_1904 ? days - 24107 : days < 60 ? days - 25568 : days - 25569);
    if (seconds)
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%04d-%02d-%02d %02ld:%02ld:%02ld", day.year,
                       day.month, day.day, seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%04d-%02d-%02d", day.year, day.month,
                       day.day);
}

static void duration_text(double serial, char *text)
{
    long seconds = lround(serial * 86400.0);
    long days = seconds / 86400;

    seconds %= 86400;
    if (days)
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%ld day%s, %ld:%02ld:%02ld", days,
                       days == 1 ? "" : "s", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%ld:%02ld:%02ld", seconds / 3600,
                       seconds / 60 % 60, seconds % 60);
}

/* Whole numbers without a point; others with the fewest digits that give the same double. */
static void plain_text(const char *raw, double value, char *text)
{
    if (value == floor(value) && fabs(value) < 1e40) {
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%.0f", value == 0 ? 0.0 : value);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
    (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%.40s", raw);
}

void tp_xlsx_number_text(const char *raw, enum tp_xlsx_kind kind, bool epoch_1904,
                         char text[TP_XLSX_NUMBER_TEXT_MAX])
{
    char *end;
    double value = strtod(raw, &end);

    /* The last day Excel knows is 9999-12-31. */
    bool in_calendar = value >= 0 && value < 2958466;

    if (end == raw || *end || !isfinite(value))
        (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%.40s", raw);
    else if (kind == TP_XLSX_DATE && in_calendar)
        date_text(value, epoch_1904, text);
    else if (kind == TP_XLSX_DURATION && in_calendar)
        duration_text(value, text);
    else
        plain_text(raw, value, text);
}
