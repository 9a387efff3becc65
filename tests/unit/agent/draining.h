/* A device and a store that drains of the outbox are tried with. Header only: each test is one
 * program. */
#ifndef TP_TEST_AGENT_DRAINING_H
#define TP_TEST_AGENT_DRAINING_H

#include "agent/do/upload.h"
#include "unit/agent/device.h"
#include "unit/agent/fake_store.h"

static struct device device;
static struct fake_store fake;

static inline int set_up(void **state)
{
    (void)state;
    device_open(&device);
    fake_start(&fake);
    return tp_http_global_init(NULL) ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    fake_stop(&fake);
    device_close(&device);
    return 0;
}

/* To the fake store where the options name no other. */
static inline struct tp_http *connect_with(struct tp_http_options options)
{
    struct tp_http *http;

    if (!options.store_url)
        options.store_url = fake.server.url;
    options.token = "secret-token";
    http = tp_http_create(&options, NULL);
    assert_non_null(http);
    return http;
}

/* One drain, which must not fail of itself, with no body of more bytes than these; 0: of any. */
static inline struct tp_upload_end
drain_within(int64_t accepts_bytes, struct tp_http_options options, const struct tp_clock *clock)
{
    struct tp_http *http = connect_with(options);
    struct tp_upload upload = {.store = device.store,
                               .http = http,
                               .receipt_key = &fake.pair.key,
                               .clock = clock,
                               .accepts_bytes = accepts_bytes};
    struct tp_upload_end end;
    struct tp_error error = {0};

    if (!tp_upload_drain(&upload, &end, &error))
        fail_msg("%s", error.text);
    tp_http_destroy(http);
    return end;
}

static inline struct tp_upload_end drain_with(struct tp_http_options options,
                                              const struct tp_clock *clock)
{
    return drain_within(0, options, clock);
}

#endif
