#include "kiosk/app_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/i18n/catalog.h"

static const char *const months[12] = {
    tp_n("January"),   tp_n("February"), tp_n("March"),    tp_n("April"),
    tp_n("May"),       tp_n("June"),     tp_n("July"),     tp_n("August"),
    tp_n("September"), tp_n("October"),  tp_n("November"), tp_n("December"),
};

/* As they are where no day stands before them. */
static const char *const months_alone[12] = {
    tp_nc("month alone", "January"),   tp_nc("month alone", "February"),
    tp_nc("month alone", "March"),     tp_nc("month alone", "April"),
    tp_nc("month alone", "May"),       tp_nc("month alone", "June"),
    tp_nc("month alone", "July"),      tp_nc("month alone", "August"),
    tp_nc("month alone", "September"), tp_nc("month alone", "October"),
    tp_nc("month alone", "November"),  tp_nc("month alone", "December"),
};

static const struct tp_language languages[] = {
    {"en", "English", "English", "Touch to start"},
    {"pl", "Polski", "Polish", "Dotknij, aby zacząć"},
    {"pt", "Português", "Portuguese", "Toque para começar"},
    {"ro", "Română", "Romanian", "Atingeți pentru a începe"},
    {"uk", "Українська", "Ukrainian", "Торкніться, щоб почати"},
    {"ar", "العربية", "Arabic", "المس للبدء"},
    {"ur", "اردو", "Urdu", "شروع کرنے کے لیے چھوئیں"},
    {"bn", "বাংলা", "Bengali", "শুরু করতে স্পর্শ করুন"},
    {"pa", "ਪੰਜਾਬੀ", "Punjabi", "ਸ਼ੁਰੂ ਕਰਨ ਲਈ ਛੋਹੋ"},
    {"zh-Hans", "简体中文", "Chinese", "触摸开始"},
};

/* The name of a month, 1 to 12, in the case it has in a date. */
static const char *month_words(int month)
{
    return month >= 1 && month <= 12 ? _(months[month - 1]) : "";
}

void tp_day_words(struct tp_day day, char words[TP_DAY_WORDS_MAX])
{
    words[0] = '\0';
    if (day.year == 0)
        return;
    /* Translators: day, month, year; put them in the order of your language. */
    (void)snprintf(words, TP_DAY_WORDS_MAX, _("%1$d %2$s %3$d"), day.day, month_words(day.month),
                   day.year);
}

void tp_month_of_year_words(struct tp_day day, char words[TP_DAY_WORDS_MAX])
{
    const char *month = day.month >= 1 && day.month <= 12 ? months_alone[day.month - 1] : "";

    /* Translators: a month and a year: "March 1958" */
    (void)snprintf(words, TP_DAY_WORDS_MAX, tp_c("month and year", "%1$s %2$d"),
                   tp_translate_in("month alone", month), day.year);
}

/* Does the language's clock count to 12 twice, or to 24? */
static bool is_twelve_hours(void)
{
    /* Translators: 12 where the day has two halves of 12 hours on your clocks, 24 otherwise. */
    return strcmp(tp_c("clock", "12"), "12") == 0;
}

static int of_twelve(int hour)
{
    return hour % 12 == 0 ? 12 : hour % 12;
}

/* "9:30" as it is spoken of here: "9:30 am". */
static void time_words(int hour, int minute, char words[TP_DAY_WORDS_MAX])
{
    if (!is_twelve_hours())
        (void)snprintf(words, TP_DAY_WORDS_MAX, "%d:%02d", hour, minute);
    else if (hour < 12)
        (void)snprintf(words, TP_DAY_WORDS_MAX, _("%1$d:%2$02d am"), of_twelve(hour), minute);
    else
        (void)snprintf(words, TP_DAY_WORDS_MAX, _("%1$d:%2$02d pm"), of_twelve(hour), minute);
}

void tp_hour_words(int hour, char words[TP_DAY_WORDS_MAX])
{
    if (!is_twelve_hours())
        (void)snprintf(words, TP_DAY_WORDS_MAX, "%d", hour);
    else if (hour < 12)
        (void)snprintf(words, TP_DAY_WORDS_MAX, _("%d am"), of_twelve(hour));
    else
        (void)snprintf(words, TP_DAY_WORDS_MAX, _("%d pm"), of_twelve(hour));
}

void tp_moment_words(struct tp_day day, int hour, int minute, char words[TP_DAY_WORDS_MAX])
{
    char at[TP_DAY_WORDS_MAX], on[TP_DAY_WORDS_MAX];

    tp_day_words(day, on);
    time_words(hour, minute, at);
    /* Translators: a day and a time of that day: "12 March 2027, 9:30 am" */
    (void)snprintf(words, TP_DAY_WORDS_MAX, _("%1$.70s, %2$.50s"), on, at);
}

bool tp_time_parse(const char *value, int *hour, int *minute)
{
    char *at;
    long h = strtol(value, &at, 10), m;

    if (at != value + 2 || *at != ':')
        return false;
    m = strtol(value + 3, &at, 10);
    if (at != value + 5 || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *hour = (int)h;
    *minute = (int)m;
    return true;
}

void tp_value_words(const char *value, char words[TP_DAY_WORDS_MAX])
{
    struct tp_day day;
    int hour, minute;
    char date[11];

    (void)snprintf(date, sizeof(date), "%s", value);
    if (tp_day_parse(date, &day) && value[10] == '\0') {
        tp_day_words(day, words);
    } else if (tp_day_parse(date, &day) && value[10] == 'T' &&
               tp_time_parse(value + 11, &hour, &minute)) {
        tp_moment_words(day, hour, minute, words);
    } else if (tp_time_parse(value, &hour, &minute)) {
        time_words(hour, minute, words);
    } else {
        (void)snprintf(words, TP_DAY_WORDS_MAX, "%s", value);
    }
}

const struct tp_language *tp_language_find(const char *tag)
{
    size_t first = strcspn(tag, "-");

    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcmp(languages[i].tag, tag) == 0)
            return &languages[i];
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcspn(languages[i].tag, "-") == first && strncmp(languages[i].tag, tag, first) == 0)
            return &languages[i];
    return NULL;
}

const char *tp_language_name(const char *tag)
{
    const struct tp_language *language = tp_language_find(tag);

    return language ? language->name : tag;
}
