/* A device, a store that also gives surveys, and rounds between them. Header only: each test is one
 * program. */
#ifndef TP_TEST_AGENT_ROUNDS_H
#define TP_TEST_AGENT_ROUNDS_H

#include "agent/round.h"
#include "store/settings.h"
#include "unit/agent/device.h"
#include "unit/agent/fake_surveys.h"

static struct device device;
static struct fake_store fake;
static struct fake_surveys surveys;
static struct tp_identity identity;

/* The device reads `clock`; NULL: the machine's own. */
static inline int rounds_start(const struct tp_clock *clock)
{
    if (clock)
        device_open_by(&device, *clock);
    else
        device_open(&device);
    fake_start(&fake);
    surveys_start(&surveys, &fake);
    identity = (struct tp_identity){.receipt_key = fake.pair.key};
    return tp_http_global_init(NULL) ? 0 : -1;
}

static inline int rounds_stop(void **state)
{
    (void)state;
    fake_stop(&fake);
    surveys_stop(&surveys);
    device_close(&device);
    return 0;
}

/* One round; `may_go_on` NULL: always. False where the device's own store failed. */
static inline bool rounds_try(const struct tp_plan *plan, bool (*may_go_on)(void *context),
                              struct tp_round_report *report, struct tp_error *error)
{
    struct tp_http_options options = {.store_url = fake.server.url,
                                      .token = "secret-token",
                                      .stall_s = 1,
                                      .openrosa_server = identity.kind == TP_STORE_OPENROSA};
    struct tp_round round = {.store = device.store,
                             .http = tp_http_create(&options, NULL),
                             .identity = &identity,
                             .state = device.folder,
                             .clock = &device.clock,
                             .may_go_on = may_go_on};
    bool ok = tp_round_run(&round, plan, report, error);

    tp_http_destroy(round.http);
    return ok;
}

/* One round, which must not fail of itself. */
static inline struct tp_round_report rounds_run(const struct tp_plan *plan)
{
    struct tp_round_report report;
    struct tp_error error = {0};

    if (!rounds_try(plan, NULL, &report, &error))
        fail_msg("%s", error.text);
    return report;
}

/* All that a contact does. */
static inline struct tp_round_report rounds_run_all(void)
{
    static const struct tp_plan all = {.send = true, .heartbeat = true, .forms = true};

    return rounds_run(&all);
}

static inline struct tp_agent_status rounds_status(void)
{
    struct tp_agent_status status;

    assert_true(tp_agent_status_get(device.store, &status, NULL));
    return status;
}

#endif
