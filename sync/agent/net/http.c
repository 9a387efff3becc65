#include "agent/net/http.h"

#include <stdio.h>

#include "agent/net/slot.h"
#include "base/mem.h"

#define STEP_MS 1000
#define CONNECT_S 15L
#define STALL_S 30L
/* A call beside the sends: a download or a heartbeat. */
#define SPARE_SLOTS 2u

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
    http->auth = options->auth;
    http->user = copy_or_null(options->user, &ok);
    http->openrosa_server = options->openrosa_server;
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

static void finish_slot(struct tp_http_slot *slot)
{
    if (slot->easy && slot->busy)
        (void)curl_multi_remove_handle(slot->http->multi, slot->easy);
    curl_easy_cleanup(slot->easy);
    tp_wipe(slot->lines, sizeof(slot->lines));
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
    tp_free_secret(http->store_url); /* it may hold a token */
    tp_free_secret(http->token);
    tp_free(http->user);
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

static bool dispatch(struct tp_http *http)
{
    bool any = false;
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left))) {
        CURLcode code = message->data.result;
        struct tp_http_slot *slot = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        tp_http_complete(slot, code, false);
        any = true;
    }
    return any;
}

static void cut_all(struct tp_http *http)
{
    for (size_t i = 0; i < http->slot_count; i++)
        if (http->slots[i].busy)
            tp_http_complete(&http->slots[i], CURLE_ABORTED_BY_CALLBACK, true);
}

#define WAKE_FDS_MAX 4u

static void wait_for_something(struct tp_http *http, int wait_ms)
{
    struct curl_waitfd extra[WAKE_FDS_MAX];
    unsigned count = 0;

    while (count < http->wake_count && count < WAKE_FDS_MAX) {
        extra[count] =
            (struct curl_waitfd){.fd = http->wake_fds[count], .events = CURL_WAIT_POLLIN};
        count++;
    }
    (void)curl_multi_poll(http->multi, extra, count, wait_ms, NULL);
}

bool tp_http_step(struct tp_http *http)
{
    int wait_ms = tp_http_let_all_go(http, STEP_MS);
    int running = 0;

    (void)curl_multi_perform(http->multi, &running);
    if (!dispatch(http) && http->in_flight)
        wait_for_something(http, wait_ms);
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
