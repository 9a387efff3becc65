/* Functions on dates and times. A date is its text; arithmetic on it counts days. */
#include <math.h>
#include <string.h>

#include "form/xpath_functions.h"
#include "form/xpath_value.h"

#define DAY_MS 86400000.0
/* Days since 1970 of the years -200000 to 200000. */
#define DAYS_MAX 73000000.0

static void now_of(const struct tp_xpath_env *env, struct tp_datetime *value)
{
    tp_datetime_from_ms(tp_clock_wall_ms(&env->clock), env->zone, value);
}

void tp_fn_today(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_datetime now;
    char text[TP_DATETIME_TEXT_MAX];

    if (!tp_args_take(&args, parser, count))
        return;
    now_of(args.env, &now);
    tp_date_text(&now, text);
    tp_give_date(&args, text, TP_DATE_TEXT, 0);
}

void tp_fn_now(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_datetime now;
    char text[TP_DATETIME_TEXT_MAX];

    if (!tp_args_take(&args, parser, count))
        return;
    now_of(args.env, &now);
    tp_datetime_text(&now, text);
    tp_give_date(&args, text, TP_DATE_TEXT, 0);
}

/* ---- reading arguments ---- */

enum reading { READ, READ_NOTHING, READ_NONSENSE };

/* The argument as a local date and time. A number is days since 1970: local days for a date, days
 * of UTC where the time is kept. */
static enum reading read_arg(struct tp_xpath_args *args, int index, bool keep_time,
                             struct tp_datetime *value)
{
    const struct tp_xpath_env *env = args->env;
    double number;
    int64_t ms;

    if (tp_arg_date(args, index, &ms) == TP_DATE_MOMENT && keep_time) {
        tp_datetime_from_ms(ms, env->zone, value);
        return READ;
    }
    switch (args->value[index]->type) {
    case XPATH_BOOLEAN:
        return READ_NONSENSE;
    case XPATH_NUMBER:
        number = args->value[index]->floatval;
        if (isnan(number))
            return READ_NOTHING;
        if (fabs(number) > DAYS_MAX)
            return READ_NONSENSE;
        if (keep_time)
            tp_datetime_from_ms((int64_t)(number * DAY_MS), env->zone, value);
        else
            tp_date_from_days((int64_t)trunc(number), value);
        return READ;
    default:
        break;
    }
    if (!*tp_arg_text(args, index))
        return READ_NOTHING;
    if (!tp_datetime_parse(tp_arg_text(args, index), value) || !value->has_date)
        return READ_NONSENSE;
    if (value->has_time)
        tp_datetime_from_ms(tp_datetime_to_ms(value, env->zone, 0), env->zone, value);
    return READ;
}

static void refuse(struct tp_xpath_args *args)
{
    tp_xpath_fail(args->env, "'%.80s' is no date", tp_arg_text(args, 0));
}

/* Text with a time of day, not yet a date: in JavaRosa date() of it writes the date alone, yet
 * functions on that date still see the time. A form's own answers it rounds. */
static bool is_moment(const struct tp_xpath_args *args, const struct tp_datetime *value)
{
    int64_t ms;

    return value->has_time && args->value[0]->type != XPATH_NUMBER &&
           tp_arg_date(args, 0, &ms) == TP_DATE_NONE &&
           !(args->env->in_form && tp_arg_is_nodes(args, 0));
}

/* The start of a day is written as the day, as JavaRosa and web-forms do. */
static bool is_midnight(const struct tp_datetime *value)
{
    return !value->hour && !value->minute && !value->second && !value->ms;
}

static void give_date(xmlXPathParserContextPtr parser, int count, bool keep_time)
{
    struct tp_xpath_args args;
    struct tp_datetime value;
    char text[TP_DATETIME_TEXT_MAX] = "";
    enum tp_xpath_date kind = TP_DATE_TEXT;
    int64_t ms = 0;

    if (!tp_args_take(&args, parser, count))
        return;
    switch (read_arg(&args, 0, keep_time, &value)) {
    case READ:
        if (keep_time && value.has_time && !is_midnight(&value)) {
            tp_datetime_text(&value, text);
            break;
        }
        tp_date_text(&value, text);
        if (!keep_time && is_moment(&args, &value)) {
            kind = TP_DATE_MOMENT;
            ms = tp_datetime_to_ms(&value, args.env->zone, 0);
        }
        break;
    case READ_NOTHING:
        break;
    case READ_NONSENSE:
        refuse(&args);
        break;
    }
    tp_give_date(&args, text, kind, ms);
}

void tp_fn_date(xmlXPathParserContextPtr parser, int count)
{
    give_date(parser, count, false);
}

void tp_fn_date_time(xmlXPathParserContextPtr parser, int count)
{
    give_date(parser, count, true);
}

/* ---- as numbers ---- */

void tp_fn_decimal_date_time(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_datetime value;

    if (!tp_args_take(&args, parser, count))
        return;
    if (args.value[0]->type == XPATH_NUMBER) {
        tp_give_arg(&args, 0);
        return;
    }
    switch (read_arg(&args, 0, true, &value)) {
    case READ:
        tp_give_number(&args, (double)tp_datetime_to_ms(&value, args.env->zone, 0) / DAY_MS);
        return;
    case READ_NOTHING:
        tp_give_text(&args, "");
        return;
    case READ_NONSENSE:
        refuse(&args);
        tp_give_number(&args, NAN);
        return;
    }
}

/* A time of day as a part of the day on the zone's clock. */
void tp_fn_decimal_time(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_datetime value;
    int64_t ms;

    if (!tp_args_take(&args, parser, count))
        return;
    if (args.value[0]->type == XPATH_NUMBER) {
        double number = args.value[0]->floatval;

        tp_give_number(&args, number - floor(number));
        return;
    }
    if (!*tp_arg_text(&args, 0)) {
        tp_give_text(&args, "");
        return;
    }
    if (tp_arg_date(&args, 0, &ms) == TP_DATE_MOMENT) {
        tp_datetime_from_ms(ms, args.env->zone, &value);
    } else if (!tp_datetime_parse(tp_arg_text(&args, 0), &value)) {
        refuse(&args);
        tp_give_number(&args, NAN);
        return;
    }
    if (value.has_offset) {
        ms = tp_datetime_to_ms(&value, args.env->zone, tp_clock_wall_ms(&args.env->clock));
        tp_datetime_from_ms(ms, args.env->zone, &value);
    }
    tp_give_number(&args,
                   ((value.hour * 60 + value.minute) * 60000.0 + value.second * 1000.0 + value.ms) /
                       DAY_MS);
}

/* ---- as words ---- */

/* Short names of months and days, January and Sunday first, by language: those of Oxfordshire's
 * languages that write them in letters of their own. Source: Unicode CLDR. */
static const struct {
    const char *language;
    const char *months[12];
    const char *days[7];
} names[] = {
    {"en",
     {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
     {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}},
    {"fr",
     {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
      "déc."},
     {"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."}},
    {"es",
     {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
     {"dom", "lun", "mar", "mié", "jue", "vie", "sáb"}},
    {"pt",
     {"jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.",
      "dez."},
     {"dom.", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb."}},
    {"pl",
     {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
     {"niedz.", "pon.", "wt.", "śr.", "czw.", "pt.", "sob."}},
    {"ro",
     {"ian.", "feb.", "mar.", "apr.", "mai", "iun.", "iul.", "aug.", "sept.", "oct.", "nov.",
      "dec."},
     {"dum.", "lun.", "mar.", "mie.", "joi", "vin.", "sâm."}},
    {"uk",
     {"січ.", "лют.", "бер.", "квіт.", "трав.", "черв.", "лип.", "серп.", "вер.", "жовт.", "лист.",
      "груд."},
     {"нд", "пн", "вт", "ср", "чт", "пт", "сб"}},
    {"ar",
     {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
      "نوفمبر", "ديسمبر"},
     {"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"}},
    {"zh",
     {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
     {"周日", "周一", "周二", "周三", "周四", "周五", "周六"}},
};

static size_t names_for(const char *language)
{
    size_t length = language ? strcspn(language, "-") : 0;

    for (size_t i = 0; length && i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i].language) == length && !strncmp(names[i].language, language, length))
            return i;
    return 0;
}

/* ISO 8601 week of the year. */
static int week_of(const struct tp_datetime *value)
{
    int64_t days = tp_day_number(value->year, value->month, value->day);
    int64_t thursday = days + 3 - tp_day_weekday(days - 1); /* Monday begins a week */

    return (int)((thursday - tp_day_number(tp_day_of_number(thursday).year, 1, 1)) / 7 + 1);
}

static bool put_part(struct tp_xpath_args *args, char part, const struct tp_datetime *value,
                     struct tp_buf *out)
{
    size_t language = names_for(args->env->language);
    int weekday = tp_day_weekday(tp_day_number(value->year, value->month, value->day));

    switch (part) {
    case '%':
        return tp_buf_putc(out, '%');
    case 'Y':
        return tp_buf_printf(out, "%04d", value->year);
    case 'y':
        return tp_buf_printf(out, "%02d", ((value->year % 100) + 100) % 100);
    case 'm':
        return tp_buf_printf(out, "%02d", value->month);
    case 'n':
        return tp_buf_printf(out, "%d", value->month);
    case 'b':
        return tp_buf_puts(out, names[language].months[value->month - 1]);
    case 'd':
        return tp_buf_printf(out, "%02d", value->day);
    case 'e':
        return tp_buf_printf(out, "%d", value->day);
    case 'a':
        return tp_buf_puts(out, names[language].days[weekday]);
    case 'W':
        return tp_buf_printf(out, "%d", week_of(value));
    case 'H':
        return tp_buf_printf(out, "%02d", value->hour);
    case 'h':
        return tp_buf_printf(out, "%d", value->hour);
    case 'M':
        return tp_buf_printf(out, "%02d", value->minute);
    case 'S':
        return tp_buf_printf(out, "%02d", value->second);
    case '3':
        return tp_buf_printf(out, "%03d", value->ms);
    default:
        tp_xpath_fail(args->env, "a date has no part '%%%c'", part);
        return false;
    }
}

#define FORMATTED_MAX 4096

void tp_fn_format_date(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_datetime value;
    enum reading reading;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    reading = read_arg(&args, 0, true, &value);
    if (reading != READ) {
        if (reading == READ_NONSENSE)
            refuse(&args);
        tp_give_text(&args, "");
        return;
    }
    tp_buf_init(&out, FORMATTED_MAX);
    for (const char *p = tp_arg_text(&args, 1); *p; p++) {
        if (*p != '%')
            (void)tp_buf_putc(&out, *p);
        else if (!*++p || !put_part(&args, *p, &value, &out))
            break;
    }
    tp_give_text(&args, tp_buf_text(&out));
    tp_buf_finish(&out);
}
