#include "agent/net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "agent/decide/backoff.h"
#include "base/mem.h"

#define STEP_MS 1000
#define CONNECT_S 15L
#define STALL_S 30L
#define STALL_BYTES 32L
/* A call beside the sends: a download or a heartbeat. */
#define SPARE_SLOTS 2u
#define RETRY_AFTER_TEXT_MAX 64
/* What a store says instead of a file. */
#define REFUSAL_MAX (64u * 1024u)

/* One request on its way. Slots are reused, and with them libcurl's handles. */
struct slot {
    struct tp_http *http;
    CURL *easy;                 /* owned */
    struct curl_slist *headers; /* owned */
    struct tp_http_request request;
    struct tp_http_answer answer;
    size_t header_bytes;
    char retry_after[RETRY_AFTER_TEXT_MAX];
    bool busy;
    bool sinking;   /* the body goes to the sink */
    bool too_large; /* cut by a cap of ours */
    bool refused;   /* cut by the sink */
};

struct tp_http {
    CURLM *multi; /* owned */
    char *store_url;
    char *token; /* secret */
    char *ca_file;
    char *proxy;
    long connect_s;
    long stall_s;
    long bytes_per_second;
    const int *wake_fds; /* borrowed */
    size_t wake_count;
    bool (*tick)(void *context);
    void *tick_context;
    bool tls;
    size_t connections;
    struct slot *slots; /* owned; connections + SPARE_SLOTS */
    size_t slot_count;
    size_t in_flight;
};

bool tp_http_global_init(struct tp_error *error)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        return true;
    return tp_fail(error, TP_ERR_NETWORK, "libcurl cannot start");
}

static char *copy_or_null(const char *text, bool *ok)
{
    char *copy = text ? tp_strdup(text) : NULL;

    if (text && !copy)
        *ok = false;
    return copy;
}

static void set_up_multi(struct tp_http *http)
{
    long connections = (long)http->connections + (long)SPARE_SLOTS;

    (void)curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    (void)curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
    (void)curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, connections);
}

struct tp_http *tp_http_create(const struct tp_http_options *options, struct tp_error *error)
{
    struct tp_http *http = tp_calloc(1, sizeof(*http));
    bool ok = true;

    if (!http) {
        tp_fail_memory(error);
        return NULL;
    }
    http->connections = options->connections ? options->connections : TP_HTTP_CONNECTIONS;
    if (http->connections > TP_HTTP_CONNECTIONS_MAX)
        http->connections = TP_HTTP_CONNECTIONS_MAX;
    if (options->bytes_per_second)
        http->connections = 1;
    http->connect_s = options->connect_s ? options->connect_s : CONNECT_S;
    http->stall_s = options->stall_s ? options->stall_s : STALL_S;
    http->bytes_per_second = options->bytes_per_second;
    http->wake_fds = options->wake_fds;
    http->wake_count = options->wake_count;
    http->tick = options->tick;
    http->tick_context = options->tick_context;
    http->tls = strncasecmp(options->store_url, "https:", 6) == 0;
    http->store_url = copy_or_null(options->store_url, &ok);
    http->token = copy_or_null(options->token, &ok);
    http->ca_file = copy_or_null(options->ca_file, &ok);
    http->proxy = copy_or_null(options->proxy, &ok);
    http->slot_count = http->connections + SPARE_SLOTS;
    http->slots = tp_calloc(http->slot_count, sizeof(*http->slots));
    http->multi = curl_multi_init();
    if (!ok || !http->slots || !http->multi) {
        tp_fail_memory(error);
        tp_http_destroy(http);
        return NULL;
    }
    set_up_multi(http);
    return http;
}

static void finish_slot(struct slot *slot)
{
    if (slot->easy && slot->busy)
        (void)curl_multi_remove_handle(slot->http->multi, slot->easy);
    curl_easy_cleanup(slot->easy);
    curl_slist_free_all(slot->headers);
    tp_buf_finish(&slot->answer.body);
}

void tp_http_destroy(struct tp_http *http)
{
    if (!http)
        return;
    for (size_t i = 0; http->slots && i < http->slot_count; i++)
        finish_slot(&http->slots[i]);
    tp_free(http->slots);
    (void)curl_multi_cleanup(http->multi);
    tp_free(http->store_url);
    tp_free_secret(http->token);
    tp_free(http->ca_file);
    tp_free(http->proxy);
    tp_free(http);
}

size_t tp_http_connections(const struct tp_http *http)
{
    return http->connections;
}

bool tp_http_path(const struct tp_http *http, const char *path, char url[TP_HTTP_URL_MAX],
                  struct tp_error *error)
{
    int length = snprintf(url, TP_HTTP_URL_MAX, "%s%s", http->store_url, path);

    if (length > 0 && (size_t)length < TP_HTTP_URL_MAX)
        return true;
    return tp_fail(error, TP_ERR_LIMIT, "an address longer than %u bytes", TP_HTTP_URL_MAX);
}

/* ---- what comes back ---- */

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

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct slot *slot = context;
    struct tp_http_answer *answer = &slot->answer;
    char value[RETRY_AFTER_TEXT_MAX];
    size_t bytes = size * count;

    slot->header_bytes += bytes;
    if (slot->header_bytes > TP_HTTP_HEADERS_MAX) {
        slot->too_large = true;
        return 0;
    }
    if (bytes >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        /* A 100 before the real answer: what it said does not count. */
        answer->exchange.openrosa = false;
        answer->date_ms = -1;
        slot->retry_after[0] = '\0';
    } else if (header_is(line, bytes, "X-OpenRosa-Version", value, sizeof(value))) {
        answer->exchange.openrosa = value[0] == '1';
    } else if (header_is(line, bytes, "Date", value, sizeof(value))) {
        int64_t seconds = (int64_t)curl_getdate(value, NULL);

        answer->date_ms = seconds < 0 ? -1 : seconds * 1000;
    } else if (header_is(line, bytes, "Retry-After", value, sizeof(value))) {
        memcpy(slot->retry_after, value, sizeof(value));
    }
    return bytes;
}

static bool begin_sink(struct slot *slot, long status)
{
    slot->sinking = true;
    if (slot->request.sink->begin(slot->request.sink->context, status == 206))
        return true;
    slot->refused = true;
    return false;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct slot *slot = context;
    size_t length = size * count;
    curl_off_t so_far = 0;
    long status = 0;

    (void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!slot->request.sink || !slot->answer.exchange.openrosa ||
        (status != 200 && !(status == 206 && slot->request.resume_from))) {
        if (tp_buf_add(&slot->answer.body, bytes, length))
            return length;
        slot->too_large = true;
        return 0;
    }
    (void)curl_easy_getinfo(slot->easy, CURLINFO_SIZE_DOWNLOAD_T, &so_far);
    if ((uint64_t)so_far + length > slot->request.answer_max) {
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

static void explain(struct slot *slot, CURLcode code)
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
static void complete(struct slot *slot, CURLcode code, bool stopped)
{
    struct tp_http_request request = slot->request;
    struct tp_http_answer answer;
    double first = 0;

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
    else if (request.sink && !slot->sinking && slot->answer.exchange.openrosa &&
             slot->answer.exchange.status == 200 && !begin_sink(slot, 200))
        slot->answer.exchange.answered = false;
    if (slot->retry_after[0])
        slot->answer.retry_after_s = tp_retry_after_s(slot->retry_after, slot->answer.date_ms);
    (void)curl_multi_remove_handle(slot->http->multi, slot->easy);
    curl_slist_free_all(slot->headers);
    slot->headers = NULL;
    answer = slot->answer;
    slot->answer = (struct tp_http_answer){0};
    slot->busy = false;
    slot->http->in_flight--;
    request.done(request.context, &answer);
    tp_http_answer_finish(&answer);
}

void tp_http_answer_finish(struct tp_http_answer *answer)
{
    tp_buf_finish(&answer->body);
}

/* ---- starting ---- */

/* What is the same for every request of a handle. */
static bool set_up_easy(struct slot *slot)
{
    const struct tp_http *http = slot->http;
    CURL *easy = slot->easy;
    bool ok = true;

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
        SET(CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)http->bytes_per_second);
        SET(CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)http->bytes_per_second);
    }
    SET(CURLOPT_USERAGENT, "talkpoint-sync/" TP_VERSION);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, slot);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, slot);
#undef SET
    return ok;
}

static bool add_header(struct slot *slot, const char *name, const char *value)
{
    char *line = tp_asprintf("%s: %s", name, value);
    struct curl_slist *longer = line ? curl_slist_append(slot->headers, line) : NULL;

    tp_free_secret(line);
    if (!longer)
        return false;
    slot->headers = longer;
    return true;
}

static bool set_headers(struct slot *slot)
{
    const struct tp_http_request *request = &slot->request;
    char range[40];
    bool ok = add_header(slot, "X-OpenRosa-Version", "1.0");

    if (ok && slot->http->token) {
        char *value = tp_asprintf("Bearer %s", slot->http->token);

        ok = value && add_header(slot, "Authorization", value);
        tp_free_secret(value);
    }
    if (ok && request->content_type)
        ok = add_header(slot, "Content-Type", request->content_type);
    if (ok && request->resume_from) {
        (void)snprintf(range, sizeof(range), "bytes=%llu-",
                       (unsigned long long)request->resume_from);
        ok = add_header(slot, "Range", range);
    }
    /* Without this libcurl asks leave before a body of more than 1 MiB and waits a second. */
    if (ok && request->body)
        ok = add_header(slot, "Expect", "");
    return ok && curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, slot->headers) == CURLE_OK;
}

static bool set_request(struct slot *slot)
{
    const struct tp_http_request *request = &slot->request;
    CURL *easy = slot->easy;
    bool ok = true;

#define SET(option, value) ok = curl_easy_setopt(easy, option, value) == CURLE_OK && ok
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_TIMEOUT, request->total_s);
    if (strcmp(request->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
        SET(CURLOPT_POSTFIELDS, request->body);
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
#undef SET
    return ok && set_headers(slot);
}

static struct slot *free_slot(struct tp_http *http)
{
    for (size_t i = 0; i < http->slot_count; i++)
        if (!http->slots[i].busy)
            return &http->slots[i];
    return NULL;
}

bool tp_http_start(struct tp_http *http, const struct tp_http_request *request,
                   struct tp_error *error)
{
    struct slot *slot = free_slot(http);

    if (!slot)
        return tp_fail(error, TP_ERR_LIMIT, "too many requests at once");
    slot->http = http;
    if (!slot->easy) {
        slot->easy = curl_easy_init();
        if (!slot->easy || !set_up_easy(slot)) {
            curl_easy_cleanup(slot->easy);
            slot->easy = NULL;
            return tp_fail_memory(error);
        }
    }
    slot->request = *request;
    slot->answer = (struct tp_http_answer){.date_ms = -1, .retry_after_s = -1};
    tp_buf_init(&slot->answer.body, request->sink && request->answer_max > REFUSAL_MAX
                                        ? REFUSAL_MAX
                                        : request->answer_max);
    slot->header_bytes = 0;
    slot->retry_after[0] = '\0';
    slot->sinking = slot->too_large = slot->refused = false;
    if (!set_request(slot) || curl_multi_add_handle(http->multi, slot->easy) != CURLM_OK) {
        curl_slist_free_all(slot->headers);
        slot->headers = NULL;
        return tp_fail_memory(error);
    }
    slot->busy = true;
    http->in_flight++;
    return true;
}

/* ---- moving on ---- */

static bool dispatch(struct tp_http *http)
{
    bool any = false;
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left))) {
        CURLcode code = message->data.result;
        struct slot *slot = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        complete(slot, code, false);
        any = true;
    }
    return any;
}

static void cut_all(struct tp_http *http)
{
    for (size_t i = 0; i < http->slot_count; i++)
        if (http->slots[i].busy)
            complete(&http->slots[i], CURLE_ABORTED_BY_CALLBACK, true);
}

#define WAKE_FDS_MAX 4u

static void wait_for_something(struct tp_http *http)
{
    struct curl_waitfd extra[WAKE_FDS_MAX];
    unsigned count = 0;

    while (count < http->wake_count && count < WAKE_FDS_MAX) {
        extra[count] =
            (struct curl_waitfd){.fd = http->wake_fds[count], .events = CURL_WAIT_POLLIN};
        count++;
    }
    (void)curl_multi_poll(http->multi, extra, count, STEP_MS, NULL);
}

bool tp_http_step(struct tp_http *http)
{
    int running = 0;

    (void)curl_multi_perform(http->multi, &running);
    if (!dispatch(http) && http->in_flight)
        wait_for_something(http);
    if (!http->tick || http->tick(http->tick_context))
        return true;
    cut_all(http);
    return false;
}

void tp_http_wake(struct tp_http *http)
{
    (void)curl_multi_wakeup(http->multi);
}

void tp_http_rest(struct tp_http *http)
{
    CURLM *fresh = http->in_flight ? NULL : curl_multi_init();

    if (!fresh)
        return;
    (void)curl_multi_cleanup(http->multi);
    http->multi = fresh;
    set_up_multi(http);
}

struct call {
    struct tp_http_answer answer;
    bool done;
};

static void on_call_done(void *context, struct tp_http_answer *answer)
{
    struct call *call = context;

    call->answer = *answer;
    *answer = (struct tp_http_answer){0};
    call->done = true;
}

bool tp_http_call(struct tp_http *http, const struct tp_http_request *request,
                  struct tp_http_answer *answer, struct tp_error *error)
{
    struct tp_http_request mine = *request;
    struct call call = {.done = false};

    mine.done = on_call_done;
    mine.context = &call;
    if (!tp_http_start(http, &mine, error))
        return false;
    while (!call.done)
        (void)tp_http_step(http);
    *answer = call.answer;
    return true;
}

bool tp_http_url(const struct tp_http *http, const char *reference, char url[TP_HTTP_URL_MAX],
                 struct tp_error *error)
{
    return tp_http_same_origin(http->store_url, reference, url, error);
}
