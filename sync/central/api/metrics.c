/* /metrics: counts for Prometheus, in its text format. For this machine, or with a token. */
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "central/api/api.h"
#include "central/data/quarantine.h"
#include "central/data/submissions.h"
#include "central/web/devices.h"

static bool may_read(const struct tp_central *central, const struct tp_exchange *exchange)
{
    const char *wanted = central->settings.metrics_token;
    const char *header = tp_exchange_header(exchange, "Authorization");

    if (*wanted)
        return header && strlen(header) == strlen(wanted) + 7 &&
               strncmp(header, "Bearer ", 7) == 0 &&
               sodium_memcmp(header + 7, wanted, strlen(wanted)) == 0;
    /* What came through a proxy comes from elsewhere, even where the proxy does not say so. */
    return (strcmp(exchange->remote, "127.0.0.1") == 0 || strcmp(exchange->remote, "::1") == 0) &&
           !tp_exchange_header(exchange, "X-Forwarded-For") && !tp_exchange_header(exchange, "Via");
}

static void begin(struct tp_buf *out, const char *name, const char *kind, const char *help)
{
    (void)tp_buf_printf(out, "# HELP talkpoint_%s %s\n# TYPE talkpoint_%s %s\n", name, help, name,
                        kind);
}

static void one(struct tp_buf *out, const char *name, const char *kind, const char *help,
                int64_t value)
{
    begin(out, name, kind, help);
    (void)tp_buf_printf(out, "talkpoint_%s %lld\n", name, (long long)value);
}

/* A label's value: quotes, backslashes and line ends are escaped. */
static void label(struct tp_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            (void)tp_buf_putc(out, '\\');
        (void)tp_buf_putc(out, *text == '\n' ? ' ' : *text);
    }
}

static bool form(void *context, const struct tp_form_counts *counts)
{
    struct tp_buf *out = context;

    (void)tp_buf_puts(out, "talkpoint_responses{form=\"");
    label(out, counts->form);
    (void)tp_buf_printf(out, "\"} %lld\n", (long long)counts->answers);
    return tp_buf_ok(out);
}

static void screens(struct tp_central *central, struct tp_buf *out, const struct tp_device *list,
                    size_t count)
{
    static const char *const names[] = {"good", "note", "alarm", "off"};
    int64_t now_ms = tp_clock_wall_ms(&central->clock);
    int64_t moods[4] = {0};
    int64_t waiting = 0;

    for (size_t i = 0; i < count; i++) {
        char words[192];

        moods[tp_device_state(central, &list[i], now_ms, words)]++;
        if (!list[i].revoked_ms)
            waiting += list[i].waiting;
    }
    begin(out, "screens", "gauge", "Screens by state; alarm wants someone to look.");
    for (size_t i = 0; i < 4; i++)
        (void)tp_buf_printf(out, "talkpoint_screens{state=\"%s\"} %lld\n", names[i],
                            (long long)moods[i]);
    one(out, "waiting", "gauge", "Answers that wait on screens, as last heard.", waiting);
}

static void process(struct tp_central *central, struct tp_buf *out)
{
    uint64_t transactions;
    uint64_t jobs;

    begin(out, "http_responses_total", "counter", "Requests this process answered, by status.");
    for (int i = 2; i < 6; i++)
        (void)tp_buf_printf(out, "talkpoint_http_responses_total{code=\"%dxx\"} %llu\n", i,
                            (unsigned long long)atomic_load(&central->answered[i]));
    tp_committer_count(central->committer, &transactions, &jobs);
    one(out, "commits_total", "counter", "Transactions this process committed.",
        (int64_t)transactions);
    one(out, "committed_total", "counter", "Writes in them.", (int64_t)jobs);
    one(out, "body_bytes", "gauge", "Bytes of request bodies held now.",
        (int64_t)atomic_load(&central->bodies));
    one(out, "uptime_seconds", "gauge", "How long this process has run.",
        (tp_clock_monotonic_ms(&central->clock) - central->started_ms) / 1000);
}

enum tp_next tp_api_metrics(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_buf *out = &exchange->response.body;
    struct tp_device *list = NULL;
    size_t count = 0;
    int64_t quarantine = 0;
    struct tp_sql *db;
    bool ok;

    if (!may_read(central, exchange)) {
        tp_respond_text(exchange, 404, "there is nothing at this address");
        return TP_RESPOND;
    }
    tp_respond(exchange, 200, "text/plain; version=0.0.4; charset=utf-8");
    db = tp_sql_pool_take(central->readers);
    begin(out, "responses", "gauge", "Answers taken in and not withdrawn, by survey.");
    ok = tp_submissions_counts(db, form, out, NULL) &&
         tp_device_list(db, false, &list, &count, NULL) &&
         tp_quarantine_count(db, &quarantine, NULL);
    tp_sql_pool_give(central->readers, db);
    screens(central, out, list, count);
    one(out, "quarantine", "gauge", "Answers in quarantine.", quarantine);
    process(central, out);
    tp_free(list);
    if (!ok)
        tp_api_not_ready(exchange);
    return TP_RESPOND;
}
