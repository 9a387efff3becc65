#include "agent/decide/schedule.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t left_until(int64_t then_ms, int64_t now_ms)
{
    return then_ms > now_ms ? then_ms - now_ms : 0;
}

struct tp_plan tp_schedule_plan(const struct tp_schedule *schedule, int64_t now_ms)
{
    int64_t contact = schedule->asked ? 0 : left_until(schedule->contact_ms, now_ms);
    int64_t send = tp_backoff_left_ms(&schedule->leftover, now_ms);
    struct tp_plan plan = {0};

    if (schedule->barred) {
        plan.heartbeat = contact == 0;
        plan.wait_ms = contact;
        return plan;
    }
    plan.wait_ms = tp_backoff_left_ms(&schedule->store, now_ms);
    if (plan.wait_ms)
        return plan;
    plan.send = schedule->waiting > 0 && send == 0;
    plan.forms = contact == 0;
    plan.offer = plan.forms && (schedule->asked || now_ms >= schedule->offer_ms);
    plan.heartbeat = (plan.send || plan.forms) && now_ms >= schedule->heartbeat_ms;
    if (!plan.send && !plan.forms)
        plan.wait_ms = schedule->waiting > 0 ? least(contact, send) : contact;
    return plan;
}

void tp_schedule_waiting(struct tp_schedule *schedule, uint64_t waiting, int64_t now_ms)
{
    if (waiting > schedule->waiting) {
        tp_backoff_nudge(&schedule->store, now_ms);
        tp_backoff_nudge(&schedule->leftover, now_ms);
    }
    schedule->waiting = waiting;
}

void tp_schedule_ask(struct tp_schedule *schedule)
{
    tp_backoff_end(&schedule->store);
    tp_backoff_end(&schedule->leftover);
    schedule->asked = true;
}

/* Within a tenth of the set time, so that screens that were switched on together part. */
static int64_t spread(int64_t ms, const struct tp_random *random)
{
    return ms - ms / 10 + (int64_t)tp_random_below(random, (uint32_t)(ms / 5) + 1);
}

static void settle(struct tp_backoff *backoff, bool failed, int64_t now_ms,
                   const struct tp_random *random)
{
    if (failed)
        tp_backoff_failed(backoff, now_ms, -1, random);
    else
        tp_backoff_succeeded(backoff);
}

void tp_schedule_done(struct tp_schedule *schedule, const struct tp_plan *did,
                      const struct tp_round_end *end, int64_t now_ms,
                      const struct tp_random *random)
{
    schedule->asked = false;
    schedule->waiting = end->waiting;
    /* No answer at all does not mean that it was let in again. */
    schedule->barred = end->barred || (schedule->barred && end->failed);
    if (did->heartbeat)
        schedule->heartbeat_ms = now_ms + TP_HEARTBEAT_MS;
    if (schedule->barred) {
        schedule->contact_ms = now_ms + spread(TP_BARRED_MS, random);
        return;
    }
    if (end->failed) {
        tp_backoff_failed(&schedule->store, now_ms, end->retry_after_s, random);
        return;
    }
    tp_backoff_succeeded(&schedule->store);
    if (did->offer)
        schedule->offer_ms = now_ms + TP_OFFER_MS;
    if (end->switched)
        schedule->offer_ms = now_ms;
    if (did->send)
        settle(&schedule->leftover, end->left_over, now_ms, random);
    if (!did->forms)
        return;
    settle(&schedule->downloads, end->download_failed, now_ms, random);
    schedule->contact_ms = now_ms + spread(schedule->contact_every_ms, random);
    if (end->download_failed)
        schedule->contact_ms = least(schedule->contact_ms, schedule->downloads.next_ms);
}
