#include "kiosk/app_pace.h"

void tp_pace_begin(struct tp_pace *pace, int64_t now)
{
    *pace = (struct tp_pace){.began_ms = now};
}

const char *tp_pace_word(const struct tp_pace *pace, int64_t now, size_t pages)
{
    if (pace->slips >= TP_PACE_SLIPS_MIN && pace->slips > pace->touches)
        return "bashed";
    if (pages >= TP_PACE_PAGES_MIN && now - pace->began_ms < (int64_t)pages * TP_PACE_PAGE_MS)
        return "fast";
    return "";
}
