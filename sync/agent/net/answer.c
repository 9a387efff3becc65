#include <stdlib.h>
#include <string.h>

#include "agent/decide/backoff.h"
#include "agent/net/slot.h"
#include "base/mem.h"

static bool header_is(const char *line, size_t count, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    size_t end = count;
    size_t from = length + 1;

    if (count <= length || line[length] != ':' || strncasecmp(line, name, length) != 0)
        return false;
    while (from < end && (line[from] == ' ' || line[from] == '\t'))
        from++;
    while (end > from && (unsigned char)line[end - 1] <= ' ')
        end--;
    if (end - from >= size)
        end = from + size - 1;
    memcpy(value, line + from, end - from);
    value[end - from] = '\0';
    return true;
}

size_t tp_http_on_header(char *line, size_t size, size_t count, void *context)
{
    struct tp_http_slot *slot = context;
    struct tp_http_answer *answer = &slot->answer;
    char value[TP_RETRY_AFTER_TEXT_MAX];
    size_t bytes = size * count;

    slot->header_bytes += bytes;
    if (slot->header_bytes > TP_HTTP_HEADERS_MAX) {
        slot->too_large = true;
        return 0;
    }
    if (bytes >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        /* A 100 before the real answer: what it said does not count. */
        answer->exchange.openrosa = false;
        answer->accepts_bytes = -1;
        answer->accepts_answers = 0;
        answer->date[0] = '\0';
        slot->retry_after[0] = '\0';
    } else if (header_is(line, bytes, "X-OpenRosa-Version", value, sizeof(value))) {
        answer->exchange.openrosa = value[0] == '1';
    } else if (header_is(line, bytes, "Date", value, sizeof(value))) {
        memcpy(answer->date, value, sizeof(value));
    } else if (header_is(line, bytes, "X-OpenRosa-Accept-Content-Length", value, sizeof(value))) {
        answer->accepts_bytes = strtoll(value, NULL, 10);
    } else if (header_is(line, bytes, "X-Talkpoint-Submissions", value, sizeof(value))) {
        answer->accepts_answers = strtoll(value, NULL, 10);
    } else if (header_is(line, bytes, "Retry-After", value, sizeof(value))) {
        memcpy(slot->retry_after, value, sizeof(value));
    }
    return bytes;
}

static bool begin_sink(struct tp_http_slot *slot, long status)
{
    slot->sinking = true;
    if (slot->request.sink->begin(slot->request.sink->context, status == 206))
        return true;
    slot->refused = true;
    return false;
}

size_t tp_http_on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct tp_http_slot *slot = context;
    size_t length = size * count;
    long status = 0;

    (void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!slot->request.sink || !(slot->answer.exchange.openrosa || slot->request.hash_proves) ||
        (status != 200 && !(status == 206 && slot->request.resume_from))) {
        if (tp_buf_add(&slot->answer.body, bytes, length))
            return length;
        slot->too_large = true;
        return 0;
    }
    if (!slot->sinking && !begin_sink(slot, status))
        return 0;
    if (slot->request.sink->write(slot->request.sink->context, bytes, length))
        return length;
    slot->refused = true;
    return 0;
}

/* One row a failure that staff can do something about, in their words. */
static const struct {
    CURLcode code;
    bool unreachable;
    const char *words;
} problems[] = {
    {CURLE_COULDNT_RESOLVE_HOST, true, "the store's name was not found; is there a network?"},
    {CURLE_COULDNT_RESOLVE_PROXY, true, "the proxy's name was not found; is there a network?"},
    {CURLE_COULDNT_CONNECT, true, "no connection to the store; is there a network?"},
    {CURLE_PEER_FAILED_VERIFICATION, true,
     "the certificate is not the store's, or has run out; something may stand in between, or this "
     "screen's clock may be wrong"},
    {CURLE_SSL_CACERT_BADFILE, true, "the file of trusted certificates cannot be read"},
    {CURLE_SSL_CONNECT_ERROR, true, "no safe connection to the store"},
    {CURLE_OPERATION_TIMEDOUT, false, "the store did not answer in time"},
    {CURLE_PARTIAL_FILE, false, "the store's answer broke off"},
    {CURLE_GOT_NOTHING, false, "the store closed the connection without an answer"},
    {CURLE_RECV_ERROR, false, "the connection broke off"},
    {CURLE_SEND_ERROR, false, "the connection broke off"},
    {CURLE_HTTP2, false, "the connection broke off"},
    {CURLE_HTTP2_STREAM, false, "the connection broke off"},
    {CURLE_UNSUPPORTED_PROTOCOL, false, "what answered does not speak HTTP"},
    {CURLE_WEIRD_SERVER_REPLY, false, "what answered does not speak HTTP"},
    {CURLE_OUT_OF_MEMORY, false, "out of memory"},
};

static void explain(struct tp_http_slot *slot, CURLcode code)
{
    struct tp_exchange *exchange = &slot->answer.exchange;
    double connected = 0;

    exchange->problem = curl_easy_strerror(code);
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        if (problems[i].code == code) {
            exchange->problem = problems[i].words;
            exchange->unreachable = problems[i].unreachable;
        }
    }
    /* A stranger's page that is too long to read is a stranger's page all the same. */
    if (slot->too_large && exchange->status && !exchange->openrosa)
        exchange->answered = true;
    else if (slot->too_large)
        exchange->problem = "the answer is larger than it may be";
    else if (slot->refused)
        exchange->problem = "the answer could not be kept";
    (void)curl_easy_getinfo(slot->easy, CURLINFO_PRETRANSFER_TIME, &connected);
    if (code == CURLE_OPERATION_TIMEDOUT && connected <= 0)
        exchange->unreachable = true;
}

/* The slot is free again before `done` is called, which may start the next request in it; its
 * answer is moved out first. */
void tp_http_complete(struct tp_http_slot *slot, CURLcode code, bool stopped)
{
    struct tp_http_request request;
    struct tp_http_answer answer;
    double first = 0;

    tp_http_pay(slot);
    if (code == CURLE_OK && !stopped && (tp_http_follow(slot) || tp_http_ask_again(slot)))
        return;
    request = slot->request;
    slot->answer.exchange.answered = code == CURLE_OK && !stopped;
    slot->answer.stopped = stopped;
    (void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &slot->answer.exchange.status);
    (void)curl_easy_getinfo(slot->easy, CURLINFO_STARTTRANSFER_TIME, &first);
    slot->answer.took_ms = (int64_t)(first * 1000);
    if (stopped)
        slot->answer.exchange.problem = "stopped";
    else if (code != CURLE_OK)
        explain(slot, code);
    /* A body that never came is still the whole file where the file is empty. */
    else if (request.sink && !slot->sinking &&
             (slot->answer.exchange.openrosa || request.hash_proves) &&
             slot->answer.exchange.status == 200 && !begin_sink(slot, 200))
        slot->answer.exchange.answered = false;
    slot->answer.exchange.hash_proves = request.hash_proves;
    if (slot->retry_after[0])
        slot->answer.retry_after_s =
            tp_retry_after_s(slot->retry_after, tp_http_answer_date_ms(&slot->answer));
    (void)curl_multi_remove_handle(slot->http->multi, slot->easy);
    (void)curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, NULL);
    tp_wipe(slot->lines, slot->line_count * sizeof(slot->lines[0]));
    answer = slot->answer;
    slot->answer = (struct tp_http_answer){0};
    slot->busy = false;
    slot->http->in_flight--;
    request.done(request.context, &answer);
    tp_http_answer_finish(&answer);
}

int64_t tp_http_answer_date_ms(const struct tp_http_answer *answer)
{
    int64_t seconds = *answer->date ? (int64_t)curl_getdate(answer->date, NULL) : -1;

    return seconds < 0 ? -1 : seconds * 1000;
}

void tp_http_answer_finish(struct tp_http_answer *answer)
{
    tp_buf_finish(&answer->body);
}
