#include "kiosk/app_idle.h"

void tp_idle_init(struct tp_idle *idle, int64_t limit_ms)
{
    *idle = (struct tp_idle){.limit_ms = limit_ms};
}

void tp_idle_arm(struct tp_idle *idle, int64_t now)
{
    if (idle->armed)
        return;
    idle->armed = true;
    idle->warning = false;
    idle->last_ms = now;
}

void tp_idle_disarm(struct tp_idle *idle)
{
    idle->armed = false;
    idle->warning = false;
}

void tp_idle_activity(struct tp_idle *idle, int64_t now)
{
    idle->last_ms = now;
    idle->warning = false;
}

void tp_idle_ask(struct tp_idle *idle, int64_t now)
{
    if (idle->armed && !idle->warning)
        idle->last_ms = now - idle->limit_ms;
}

enum tp_idle_event tp_idle_tick(struct tp_idle *idle, int64_t now)
{
    if (tp_idle_next_ms(idle, now) != 0)
        return TP_IDLE_NOTHING;
    if (idle->warning) {
        tp_idle_disarm(idle);
        return TP_IDLE_WIPE;
    }
    idle->warning = true;
    idle->warned_ms = now;
    return TP_IDLE_WARN;
}

int64_t tp_idle_next_ms(const struct tp_idle *idle, int64_t now)
{
    int64_t due;

    if (!idle->armed)
        return -1;
    due = idle->warning ? idle->warned_ms + TP_IDLE_WARNING_MS : idle->last_ms + idle->limit_ms;
    return due > now ? due - now : 0;
}
