/*
 * Drain of 5,000 waiting answers: the agent (claims, envelope, several in flight, receipts
 * verified, deletions committed and synced) against plain libcurl posting the same bytes, one after
 * the other on one connection, to a server that only answers 201.
 */
#include <curl/curl.h>
#include <time.h>

#include "agent/do/upload.h"
#include "agent/wire/envelope.h"
#include "base/mem.h"
#include "unit/agent/device.h"
#include "unit/agent/fake_store.h"

#define ANSWERS 5000

static void only_201(void *context, const struct server_request *request,
                     struct server_reply *reply)
{
    (void)context;
    (void)request;
    server_reply(reply, 201, OPENROSA, "", 0);
}

/* What the agent will send, made beforehand. */
struct post {
    struct tp_buf body;
    char content_type[TP_CONTENT_TYPE_MAX];
};

static void prepare(struct device *device, struct post *posts)
{
    struct tp_outbox_next_params params = {.max_count = ANSWERS / 5, .lease_ms = 60000};
    size_t done = 0;

    while (done < ANSWERS) {
        struct tp_outbox_batch batch;
        struct tp_error error;

        device_must(tp_outbox_next(device->store, &params, &batch, &error), &error, "next");
        for (size_t i = 0; i < batch.count; i++, done++) {
            const struct tp_outbox_item *item = &batch.items[i];
            struct tp_envelope envelope = {.form_id = item->form_id,
                                           .form_version = item->form_version,
                                           .instance_id = item->instance_id,
                                           .sha256 = item->sha256,
                                           .sealed = item->sealed,
                                           .sealed_length = item->sealed_count};

            tp_buf_init(&posts[done].body, TP_ENVELOPE_BYTES_MAX);
            device_must(
                tp_envelope_write(&envelope, &posts[done].body, posts[done].content_type, &error),
                &error, "envelope");
        }
        tp_outbox_batch_finish(&batch);
    }
    (void)tp_outbox_release(device->store, true, NULL);
}

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static int64_t post_plainly(const struct post *posts, const char *url)
{
    struct tp_clock clock = tp_clock_system();
    CURL *easy = curl_easy_init();
    int64_t start = tp_clock_monotonic_ms(&clock);

    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    for (size_t i = 0; i < ANSWERS; i++) {
        struct curl_slist *headers = NULL;
        char line[TP_CONTENT_TYPE_MAX + 16];
        long status = 0;

        (void)snprintf(line, sizeof(line), "Content-Type: %s", posts[i].content_type);
        headers = curl_slist_append(curl_slist_append(NULL, line), "X-OpenRosa-Version: 1.0");
        (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)posts[i].body.length);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, posts[i].body.data);
        if (curl_easy_perform(easy) != CURLE_OK ||
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 201)
            abort();
        curl_slist_free_all(headers);
    }
    curl_easy_cleanup(easy);
    return tp_clock_monotonic_ms(&clock) - start;
}

static int64_t drain(struct device *device, const struct fake_store *fake)
{
    struct tp_http_options options = {.store_url = fake->server.url, .token = "secret-token"};
    struct tp_http *http = tp_http_create(&options, NULL);
    struct tp_upload upload = {.store = device->store,
                               .http = http,
                               .receipt_key = &fake->pair.key,
                               .clock = &device->clock};
    struct tp_upload_end end;
    struct tp_error error = {0};
    int64_t start = tp_clock_monotonic_ms(&device->clock);
    int64_t took;

    device_must(tp_upload_drain(&upload, &end, &error), &error, "drain");
    took = tp_clock_monotonic_ms(&device->clock) - start;
    if (end.delivered != ANSWERS || device_counts(device).waiting != 0)
        abort();
    tp_http_destroy(http);
    return took;
}

int main(void)
{
    struct post *posts = tp_calloc(ANSWERS, sizeof(*posts));
    struct device device;
    struct server plain;
    struct fake_store fake;
    char url[96];
    int64_t baseline;
    int64_t took;

    if (!posts || !tp_http_global_init(NULL))
        abort();
    device_open(&device);
    device_put(&device, ANSWERS, NULL);
    prepare(&device, posts);
    server_start(&plain, only_201, NULL);
    (void)snprintf(url, sizeof(url), "%s/submission", plain.url);
    baseline = post_plainly(posts, url);
    server_stop(&plain);
    fake_start(&fake);
    took = drain(&device, &fake);
    fake_stop(&fake);
    printf(
        "{\"name\":\"agent: drain of %d waiting answers against signed receipts\",\"value\":%lld,"
        "\"unit\":\"ms\",\"baseline\":%lld,\"ratio\":%.2f}\n",
        ANSWERS, (long long)took, (long long)baseline, (double)took / (double)baseline);
    for (size_t i = 0; i < ANSWERS; i++)
        tp_buf_finish(&posts[i].body);
    tp_free(posts);
    device_close(&device);
    return 0;
}
