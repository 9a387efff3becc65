#include <stdio.h>
#include <string.h>

#include "agent/net/slot.h"
#include "base/mem.h"

#define STALL_BYTES 32L
/* libcurl looks at the cap after a hundred pieces only, however much they hold: its smallest. */
#define CAPPED_PIECE 1024L
/* What a store says instead of a file. */
#define REFUSAL_MAX (64u * 1024u)

static bool has_password(const struct tp_http *http)
{
    return http->token && (http->auth == TP_AUTH_BASIC || http->auth == TP_AUTH_DIGEST);
}

/* A handle with what is the same for every request of it; NULL where memory is short. */
static CURL *make_easy(struct tp_http_slot *slot)
{
    const struct tp_http *http = slot->http;
    CURL *easy = curl_easy_init();
    bool ok = easy;

#define SET(option, value) ok = curl_easy_setopt(easy, option, value) == CURLE_OK && ok
    SET(CURLOPT_PRIVATE, slot);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (http->ca_file)
        SET(CURLOPT_CAINFO, http->ca_file);
    SET(CURLOPT_HTTP_VERSION, (long)(http->tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    SET(CURLOPT_PIPEWAIT, http->tls ? 1L : 0L);
    if (!http->proxy)
        SET(CURLOPT_PROXY, "");
    else if (strcmp(http->proxy, "environment") != 0)
        SET(CURLOPT_PROXY, http->proxy);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, http->connect_s);
    SET(CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
    SET(CURLOPT_LOW_SPEED_TIME, http->stall_s);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    if (http->bytes_per_second) {
        SET(CURLOPT_BUFFERSIZE, CAPPED_PIECE);
        SET(CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)http->bytes_per_second);
        SET(CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)http->bytes_per_second);
    }
    if (has_password(http))
        SET(CURLOPT_HTTPAUTH,
            (long)(http->auth == TP_AUTH_BASIC ? CURLAUTH_BASIC : CURLAUTH_DIGEST));
    SET(CURLOPT_USERAGENT, "talkpoint-sync/" TP_VERSION);
    SET(CURLOPT_HEADERFUNCTION, tp_http_on_header);
    SET(CURLOPT_HEADERDATA, slot);
    SET(CURLOPT_WRITEFUNCTION, tp_http_on_body);
    SET(CURLOPT_WRITEDATA, slot);
#undef SET
    if (ok)
        return easy;
    curl_easy_cleanup(easy);
    return NULL;
}

static bool add_header(struct tp_http_slot *slot, const char *name, const char *value)
{
    struct curl_slist *item = &slot->list[slot->line_count];
    char *line = slot->lines[slot->line_count];
    int length;

    if (slot->line_count == TP_HTTP_LINES_MAX)
        return false;
    length = snprintf(line, TP_HTTP_LINE_MAX, "%s:%s%s", name, *value ? " " : "", value);
    if (length < 0 || (size_t)length >= TP_HTTP_LINE_MAX)
        return false;
    *item = (struct curl_slist){.data = line};
    if (slot->line_count > 0)
        item[-1].next = item;
    slot->line_count++;
    return true;
}

static bool add_token(struct tp_http_slot *slot)
{
    char value[TP_HTTP_LINE_MAX];
    int length =
        snprintf(value, sizeof(value), "%s %s",
                 slot->http->auth == TP_AUTH_TOKEN ? "Token" : "Bearer", slot->http->token);
    bool ok =
        length > 0 && (size_t)length < sizeof(value) && add_header(slot, "Authorization", value);

    tp_wipe(value, sizeof(value));
    return ok;
}

static bool set_headers(struct tp_http_slot *slot)
{
    const struct tp_http_request *request = &slot->request;
    char range[40];
    bool ok;

    slot->line_count = 0;
    ok = add_header(slot, "X-OpenRosa-Version", "1.0");
    if (ok && slot->http->token && !slot->bare &&
        (slot->http->auth == TP_AUTH_BEARER || slot->http->auth == TP_AUTH_TOKEN))
        ok = add_token(slot);
    if (ok && request->content_type)
        ok = add_header(slot, "Content-Type", request->content_type);
    if (ok && request->given_on && *request->given_on && !slot->http->openrosa_server)
        ok = add_header(slot, "X-Talkpoint-Given-On", request->given_on);
    if (ok && request->receipt && !slot->http->openrosa_server)
        ok = add_header(slot, "X-Talkpoint-Receipt", request->receipt);
    if (ok && request->resume_from) {
        (void)snprintf(range, sizeof(range), "bytes=%llu-",
                       (unsigned long long)request->resume_from);
        ok = add_header(slot, "Range", range);
    }
    if (ok && request->unless && *request->unless)
        ok = add_header(slot, "If-None-Match", request->unless);
    /* Without this libcurl asks leave before a body of more than 1 MiB and waits a second. */
    if (ok && request->body)
        ok = add_header(slot, "Expect", "");
    return ok && curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, slot->list) == CURLE_OK;
}

static bool set_request(struct tp_http_slot *slot)
{
    const struct tp_http_request *request = &slot->request;
    CURL *easy = slot->easy;
    bool ok = true;

#define SET(option, value) ok = curl_easy_setopt(easy, option, value) == CURLE_OK && ok
    SET(CURLOPT_URL, request->url);
    if (has_password(slot->http)) {
        SET(CURLOPT_USERNAME, slot->bare ? NULL : slot->http->user);
        SET(CURLOPT_PASSWORD, slot->bare ? NULL : slot->http->token);
    }
    SET(CURLOPT_TIMEOUT, request->total_s);
    if (strcmp(request->method, "POST") == 0) {
        SET(CURLOPT_NOBODY, 0L);
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
        SET(CURLOPT_POSTFIELDS, request->body);
    } else {
        SET(CURLOPT_NOBODY, 0L);
        SET(CURLOPT_HTTPGET, 1L);
        if (strcmp(request->method, "HEAD") == 0)
            SET(CURLOPT_NOBODY, 1L);
    }
#undef SET
    return ok && set_headers(slot);
}

static struct tp_http_slot *free_slot(struct tp_http *http)
{
    for (size_t i = 0; i < http->slot_count; i++)
        if (!http->slots[i].busy)
            return &http->slots[i];
    return NULL;
}

/* Puts the slot's request on its way. */
static bool launch(struct tp_http_slot *slot)
{
    const struct tp_http_request *request = &slot->request;

    slot->answer = (struct tp_http_answer){.retry_after_s = -1, .accepts_bytes = -1};
    slot->answer.exchange.openrosa_server = slot->http->openrosa_server;
    tp_buf_init(&slot->answer.body, request->sink ? REFUSAL_MAX : request->answer_max);
    slot->header_bytes = 0;
    slot->retry_after[0] = '\0';
    slot->sinking = slot->too_large = slot->refused = false;
    return set_request(slot) && tp_http_let_go(slot);
}

bool tp_http_follow(struct tp_http_slot *slot)
{
    const struct tp_http *http = slot->http;
    enum tp_redirect redirect;
    char *to = NULL;
    long status = 0;

    (void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(slot->easy, CURLINFO_REDIRECT_URL, &to);
    if (!http->openrosa_server || !to || slot->hops == TP_HTTP_HOPS_MAX)
        return false;
    redirect = tp_http_redirect(http->store_url, &slot->request, status, to);
    if (redirect == TP_REDIRECT_NO)
        return false;
    slot->hops++;
    slot->bare = slot->bare || redirect == TP_REDIRECT_BARE;
    (void)snprintf(slot->url, sizeof(slot->url), "%s", to);
    slot->request.url = slot->url;
    tp_http_answer_finish(&slot->answer);
    (void)curl_multi_remove_handle(http->multi, slot->easy);
    return launch(slot);
}

/* KoboToolbox lets a nonce live five minutes and does not mark the new one as `stale` (RFC 7616,
 * 3.3); libcurl takes that for a wrong password and gives up. A new handle knows of no nonce. */
bool tp_http_ask_again(struct tp_http_slot *slot)
{
    bool was_let_in = slot->let_in;
    CURL *fresh = NULL;
    long status = 0;

    (void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    slot->let_in = status != 401;
    if (slot->http->auth != TP_AUTH_DIGEST || slot->bare || slot->let_in || !was_let_in)
        return false;
    fresh = make_easy(slot);
    if (!fresh)
        return false;
    tp_http_answer_finish(&slot->answer);
    (void)curl_multi_remove_handle(slot->http->multi, slot->easy);
    curl_easy_cleanup(slot->easy);
    slot->easy = fresh;
    return launch(slot);
}

bool tp_http_start(struct tp_http *http, const struct tp_http_request *request,
                   struct tp_error *error)
{
    struct tp_http_slot *slot = free_slot(http);

    if (!slot)
        return tp_fail(error, TP_ERR_LIMIT, "too many requests at once");
    slot->http = http;
    if (!slot->easy)
        slot->easy = make_easy(slot);
    if (!slot->easy)
        return tp_fail_memory(error);
    slot->request = *request;
    slot->request.hash_proves = request->hash_proves && http->openrosa_server;
    slot->hops = 0;
    slot->bare = false;
    if (!launch(slot))
        return tp_fail_memory(error);
    slot->busy = true;
    http->in_flight++;
    return true;
}
