#include "agent/decide/line.h"

#include <stddef.h>

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define MINUTE_MS INT64_C(60000)

/* "HH:MM" and what must follow it; -1 where it is not a time. */
static int read_time(const char *text, char after)
{
    static const char shape[] = "dd:dd";
    int hour;
    int minute;

    for (size_t i = 0; i < sizeof(shape) - 1; i++)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return -1;
    hour = (text[0] - '0') * 10 + text[1] - '0';
    minute = (text[3] - '0') * 10 + text[4] - '0';
    return text[5] == after && hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

bool tp_line_window_read(const char *text, struct tp_line_window *window)
{
    int from = read_time(text, '-');
    int until = from < 0 ? -1 : read_time(text + sizeof("HH:MM-") - 1, '\0');

    if (until < 0 || from == until)
        return false;
    *window = (struct tp_line_window){.from = from, .until = until};
    return true;
}

int64_t tp_line_closed_ms(const struct tp_line_window *window, int64_t local_ms)
{
    int64_t now = ((local_ms % DAY_MS) + DAY_MS) % DAY_MS;
    int64_t from = window->from * MINUTE_MS;
    int64_t until = window->until * MINUTE_MS;
    bool open =
        from <= until ? from == until || (now >= from && now < until) : now >= from || now < until;

    if (open)
        return 0;
    return now < from ? from - now : from - now + DAY_MS;
}
