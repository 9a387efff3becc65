#include "agent/decide/backoff.h"

#include <curl/curl.h>
#include <stddef.h>

/* 2 s doubled this often is past 15 minutes. */
#define DOUBLINGS_MAX 9u

int64_t tp_backoff_wait_ms(unsigned failures, const struct tp_random *random)
{
    unsigned doublings = failures > 1 ? failures - 1 : 0;
    int64_t wait = TP_BACKOFF_FIRST_MS << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);

    if (wait > TP_BACKOFF_MOST_MS)
        wait = TP_BACKOFF_MOST_MS;
    return wait / 2 + (int64_t)tp_random_below(random, (uint32_t)wait + 1);
}

void tp_backoff_failed(struct tp_backoff *backoff, int64_t now_ms, int64_t retry_after_s,
                       const struct tp_random *random)
{
    backoff->failures++;
    /* "At once" is no wait that a busy store could mean: it would be asked without end. */
    backoff->asked = retry_after_s > 0;
    if (backoff->asked)
        backoff->next_ms = now_ms + retry_after_s * 1000;
    else
        backoff->next_ms = now_ms + tp_backoff_wait_ms(backoff->failures, random);
}

void tp_backoff_succeeded(struct tp_backoff *backoff)
{
    *backoff = (struct tp_backoff){0};
}

int64_t tp_backoff_left_ms(const struct tp_backoff *backoff, int64_t now_ms)
{
    return backoff->next_ms > now_ms ? backoff->next_ms - now_ms : 0;
}

void tp_backoff_nudge(struct tp_backoff *backoff, int64_t now_ms)
{
    if (!backoff->asked && tp_backoff_left_ms(backoff, now_ms) > TP_BACKOFF_NUDGE_MS)
        backoff->next_ms = now_ms;
}

void tp_backoff_end(struct tp_backoff *backoff)
{
    backoff->next_ms = 0;
}

static bool all_digits(const char *text)
{
    const char *p = text;

    while (*p >= '0' && *p <= '9')
        p++;
    return p != text && *p == '\0';
}

static int64_t within_cap(int64_t seconds)
{
    if (seconds < 0)
        return 0;
    return seconds < TP_RETRY_AFTER_MOST_S ? seconds : TP_RETRY_AFTER_MOST_S;
}

int64_t tp_retry_after_s(const char *value, int64_t date_ms)
{
    int64_t until;

    if (!value)
        return -1;
    if (all_digits(value)) {
        int64_t seconds = 0;

        for (const char *p = value; *p && seconds <= TP_RETRY_AFTER_MOST_S; p++)
            seconds = seconds * 10 + (*p - '0');
        return within_cap(seconds);
    }
    until = (int64_t)curl_getdate(value, NULL);
    if (until < 0 || date_ms < 0)
        return -1;
    return within_cap(until - date_ms / 1000);
}
