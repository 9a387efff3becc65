#include "central/http/app.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/http/access.h"
#include "central/http/known.h"

/* What a 503 says that does not know better. */
#define RETRY_AFTER "Retry-After"
#define BUSY_SECONDS "5"
/* The room a part's bytes get at once, at most. */
#define PART_FIRST 6000u

static bool matches(const char *pattern, const struct tp_path *path, const char **names)
{
    size_t named = 0;
    size_t i = 0;

    while (*pattern == '/' && pattern[1]) {
        size_t length = strcspn(++pattern, "/");

        if (i == path->count)
            return false;
        if (length == 1 && *pattern == '*')
            names[named++] = path->segments[i];
        else if (strlen(path->segments[i]) != length ||
                 memcmp(path->segments[i], pattern, length) != 0)
            return false;
        i++;
        pattern += length;
    }
    return i == path->count;
}

static const char *method_name(enum tp_method method)
{
    static const char *const names[] = {"GET, HEAD", "HEAD", "POST", ""};

    return names[method];
}

/* Sets exchange->route, or refuses. HEAD goes to GET's handler unless it has one of its own; the
 * server then leaves the body out. */
static void find_route(struct tp_exchange *exchange)
{
    const struct tp_route *other = NULL;
    const struct tp_route *stand_in = NULL;

    for (const struct tp_route *route = tp_routes; route->handle; route++) {
        const char *names[TP_PATH_SEGMENTS_MAX] = {NULL};

        if (!matches(route->pattern, &exchange->path, names))
            continue;
        other = route;
        if (route->method == TP_GET && exchange->method == TP_HEAD)
            stand_in = route;
        if (route->method != exchange->method)
            continue;
        stand_in = route;
        break;
    }
    if (stand_in) {
        exchange->route = stand_in;
        (void)matches(stand_in->pattern, &exchange->path, exchange->names);
    } else if (other) {
        tp_respond_problem(exchange, 405, "this address does not take that method");
        tp_respond_header(exchange, "Allow", "%s", method_name(other->method));
    } else {
        tp_respond_problem(exchange, 404, "there is nothing at this address");
    }
}

/* The length the client says; SIZE_MAX where it says none but may send a body. */
static size_t announced(const struct tp_exchange *exchange)
{
    const char *text = tp_exchange_header(exchange, "Content-Length");
    char *end;
    unsigned long long length;

    if (!text)
        return tp_exchange_header(exchange, "Transfer-Encoding") ? SIZE_MAX : 0;
    length = strtoull(text, &end, 10);
    return end == text || *end || length > SIZE_MAX ? SIZE_MAX : (size_t)length;
}

static void refuse_size(struct tp_exchange *exchange)
{
    exchange->refused = true;
    tp_respond_problem(exchange, 413, "too large; at most %zu KiB are taken here",
                       exchange->route->body_max / 1024);
}

static bool reserve(struct tp_central *central, struct tp_exchange *exchange)
{
    size_t length = announced(exchange);
    size_t wanted = length == SIZE_MAX ? exchange->route->body_max : length;

    if (length != SIZE_MAX && length > exchange->route->body_max) {
        refuse_size(exchange);
        return false;
    }
    if (atomic_fetch_add(&central->bodies, wanted) + wanted > TP_BODIES_MAX) {
        (void)atomic_fetch_sub(&central->bodies, wanted);
        tp_respond_problem(exchange, 503, "too many at once; try again in a few seconds");
        return false;
    }
    exchange->reserved = wanted;
    return true;
}

static bool part_begin(void *context, const struct tp_part_head *head, struct tp_error *error)
{
    struct tp_exchange *exchange = context;
    struct tp_part *parts;

    if (exchange->part_count == exchange->part_room) {
        size_t room = exchange->part_room ? exchange->part_room * 2 : 4;

        parts = tp_realloc(exchange->parts, room, sizeof(*parts));
        if (!parts)
            return tp_fail_memory(error);
        exchange->parts = parts;
        exchange->part_room = room;
    }
    exchange->parts[exchange->part_count].head = *head;
    tp_buf_init(&exchange->parts[exchange->part_count].bytes, exchange->route->body_max);
    exchange->part_count++;
    /* A usual answer then grows its buffer once, not seven times. */
    return tp_buf_reserve(&exchange->parts[exchange->part_count - 1].bytes,
                          exchange->reserved < PART_FIRST ? exchange->reserved : PART_FIRST) ||
           tp_fail_memory(error);
}

static bool part_data(void *context, const void *bytes, size_t count, struct tp_error *error)
{
    struct tp_exchange *exchange = context;

    return tp_buf_add(&exchange->parts[exchange->part_count - 1].bytes, bytes, count) ||
           tp_fail_memory(error);
}

static bool part_end(void *context, struct tp_error *error)
{
    (void)context;
    (void)error;
    return true;
}

static bool prepare_body(struct tp_central *central, struct tp_exchange *exchange)
{
    const struct tp_multipart_sink sink = {part_begin, part_data, part_end, exchange};
    struct tp_error error;

    tp_buf_init(&exchange->body, exchange->route->body_max);
    if (!reserve(central, exchange))
        return false;
    if (exchange->route->body != TP_PARTS_BODY ||
        tp_multipart_init(&exchange->multipart, tp_exchange_header(exchange, "Content-Type"), &sink,
                          &error))
        return true;
    tp_respond_problem(exchange, 400, "%s", error.text);
    return false;
}

void tp_app_begin(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_error error = {.code = TP_ERR_MEMORY};

    exchange->refused = true;
    if (!exchange->target || !tp_path_parse(exchange->target, &exchange->path, &error)) {
        if (error.code == TP_ERR_MEMORY)
            tp_respond_problem(exchange, 503, "no memory; try again in a few seconds");
        else
            tp_respond_problem(exchange, 400, "this address cannot be read: %s", error.text);
        return;
    }
    find_route(exchange);
    if (!exchange->route || !tp_access_check(central, exchange) || !prepare_body(central, exchange))
        return;
    exchange->refused = false;
}

void tp_app_body(struct tp_central *central, struct tp_exchange *exchange, const void *bytes,
                 size_t count)
{
    struct tp_error error;
    bool ok = true;

    (void)central;
    if (exchange->refused)
        return;
    exchange->body_bytes += count;
    if (exchange->body_bytes > exchange->route->body_max) {
        refuse_size(exchange);
        return;
    }
    if (exchange->route->body == TP_PARTS_BODY)
        ok = tp_multipart_feed(&exchange->multipart, bytes, count, &error);
    else if (exchange->route->body != TP_NO_BODY)
        ok = tp_buf_add(&exchange->body, bytes, count) || tp_fail_memory(&error);
    if (ok)
        return;
    exchange->refused = true;
    if (error.code == TP_ERR_MEMORY)
        tp_respond_problem(exchange, 503, "no memory; try again in a few seconds");
    else
        tp_respond_problem(exchange, 400, "%s", error.text);
}

static bool finish_body(struct tp_exchange *exchange)
{
    struct tp_error error;

    if (exchange->route->body == TP_PARTS_BODY &&
        !tp_multipart_finish(&exchange->multipart, &error)) {
        tp_respond_problem(exchange, 400, "%s", error.text);
        return false;
    }
    if (exchange->route->body == TP_FORM_BODY &&
        !tp_fields_parse(tp_buf_text(&exchange->body), exchange->body.length, &exchange->fields)) {
        tp_respond_problem(exchange, 400, "the form cannot be read");
        return false;
    }
    return true;
}

static bool says_when(const struct tp_response *response)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (strcmp(response->headers[i].name, RETRY_AFTER) == 0)
            return true;
    }
    return false;
}

/* What every answer of its kind carries. */
static void complete(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_response *response = &exchange->response;

    if (!tp_buf_ok(&response->body))
        tp_respond_text(exchange, 503, "no memory; try again in a few seconds");
    if (response->status == 503 && !says_when(response))
        tp_respond_header(exchange, RETRY_AFTER, BUSY_SECONDS);
    if (exchange->route && exchange->route->access < TP_VIEWER)
        tp_respond_header(exchange, "X-OpenRosa-Version", "1.0");
    if (response->status >= 100 && response->status < 600)
        (void)atomic_fetch_add(&central->answered[response->status / 100], 1);
}

enum tp_next tp_app_end(struct tp_central *central, struct tp_exchange *exchange)
{
    enum tp_next next = TP_RESPOND;

    if (!exchange->refused && finish_body(exchange) && tp_access_check_form(exchange))
        next = exchange->route->handle(central, exchange);
    if (next == TP_RESPOND)
        complete(central, exchange);
    return next;
}

void tp_app_submit(struct tp_central *central, struct tp_exchange *exchange)
{
    if (exchange->submit)
        exchange->submit(central, exchange);
    else
        tp_committer_submit(central->committer, &exchange->job);
}

bool tp_app_write_here(struct tp_central *central, struct tp_exchange *exchange)
{
    return !exchange->submit && tp_committer_here(central->committer, &exchange->job);
}

void tp_app_resume(struct tp_central *central, struct tp_exchange *exchange)
{
    exchange->resume(central, exchange);
    complete(central, exchange);
}

void tp_app_over(struct tp_central *central, struct tp_exchange *exchange)
{
    (void)atomic_fetch_sub(&central->bodies, exchange->reserved);
    exchange->reserved = 0;
    /* Whoever brings what is not taken, or goes away, is asked for again. */
    if (exchange->route && exchange->route->access == TP_SENDER && *exchange->device &&
        exchange->response.status != 201)
        tp_known_forget(central->known, exchange->device);
}

static void wake_waiter(struct tp_job *job)
{
    struct tp_exchange *exchange =
        (struct tp_exchange *)((char *)job - offsetof(struct tp_exchange, job));

    (void)sem_post(exchange->waiter);
}

void tp_app_run(struct tp_central *central, struct tp_exchange *exchange, const void *body,
                size_t count)
{
    tp_app_begin(central, exchange);
    tp_app_body(central, exchange, body, count);
    if (tp_app_end(central, exchange) == TP_WAIT) {
        sem_t over;

        (void)sem_init(&over, 0, 0);
        exchange->waiter = &over;
        exchange->job.done = wake_waiter;
        tp_app_submit(central, exchange);
        while (sem_wait(&over) != 0)
            ;
        (void)sem_destroy(&over);
        exchange->waiter = NULL;
        tp_app_resume(central, exchange);
    }
    tp_app_over(central, exchange);
}

bool tp_app_base_url(const struct tp_central *central, const struct tp_exchange *exchange,
                     struct tp_buf *url)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789.-:[]";
    const char *host = tp_exchange_header(exchange, "Host");
    const char *scheme = tp_exchange_header(exchange, "X-Forwarded-Proto");
    bool secure = *central->settings.certificate || (scheme && strcmp(scheme, "https") == 0);

    if (*central->settings.url)
        return tp_buf_puts(url, central->settings.url);
    if (!host || !*host || strspn(host, allowed) != strlen(host))
        return false;
    return tp_buf_puts(url, secure ? "https://" : "http://") && tp_buf_puts(url, host);
}
