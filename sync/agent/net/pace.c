/* A capped line: what a request carried is paid for, in time, before the next one starts. libcurl
 * keeps the cap within a request only, and there not in its first pieces. */
#include "agent/net/slot.h"
#include "base/clock.h"

static int64_t now_ms(void)
{
    return tp_clock_work_ns() / 1000000;
}

/* The larger of what went out and what came in, heads and all. */
static int64_t bytes_of(CURL *easy)
{
    curl_off_t up = 0;
    curl_off_t down = 0;
    long request = 0;
    long head = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &up);
    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    (void)curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request);
    (void)curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &head);
    up += request;
    down += head;
    return up > down ? up : down;
}

void tp_http_pay(struct tp_http_slot *slot)
{
    struct tp_http *http = slot->http;

    if (http->bytes_per_second && !slot->waits)
        http->free_ms = slot->start_ms + bytes_of(slot->easy) * 1000 / http->bytes_per_second;
}

bool tp_http_let_go(struct tp_http_slot *slot)
{
    int64_t now = now_ms();

    slot->waits = now < slot->http->free_ms;
    if (slot->waits)
        return true;
    slot->start_ms = now;
    return curl_multi_add_handle(slot->http->multi, slot->easy) == CURLM_OK;
}

int tp_http_let_all_go(struct tp_http *http, int most_ms)
{
    int64_t left = http->free_ms - now_ms();

    for (size_t i = 0; i < http->slot_count; i++) {
        struct tp_http_slot *slot = &http->slots[i];

        if (!slot->busy || !slot->waits)
            continue;
        if (left > 0)
            return left < most_ms ? (int)left : most_ms;
        if (!tp_http_let_go(slot))
            tp_http_complete(slot, CURLE_OUT_OF_MEMORY, false);
    }
    return most_ms;
}
