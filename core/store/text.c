#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "store/db.h"

bool tp_text_is_words(const char *text, size_t max)
{
    if (strnlen(text, max) == max)
        return false;
    while (*text) {
        size_t bytes = tp_utf8_size(text, TP_UTF8_MAX);

        if (!bytes || tp_utf8_is_control(text))
            return false;
        text += bytes;
    }
    return true;
}

bool tp_text_is_name(const char *text, size_t max)
{
    return text && *text && tp_text_is_words(text, max);
}

void tp_day_text(int64_t ms, char day[TP_DAY_MAX])
{
    char text[TP_TIME_TEXT_MAX];

    tp_time_utc(ms, text);
    (void)snprintf(day, TP_DAY_MAX, "%.10s", text);
}
