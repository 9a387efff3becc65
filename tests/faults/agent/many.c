/*
 * Many answers waiting (100,000 where TP_FAULTS_ROUNDS asks for it), sent to a store that fails in
 * every way in turn: nothing is lost, no instance ID is in flight twice, none is deleted that the
 * store has not signed for. TROUBLE_CUT and TROUBLE_STALL_LATER are lost acknowledgements: those
 * are sent again, with the same bytes.
 */
#include "tp_test.h"

#include "agent/do/upload.h"
#include "base/mem.h"
#include "faults/tally.h"
#include "store/carry.h"
#include "unit/agent/device.h"
#include "unit/agent/fake_store.h"

/* Each so-many-th submission goes wrong. */
#define EVERY 97u
#define GROUP 1000u
#define SHORT 3000u
#define LONG 100000u
#define DRAINS_MAX 20000

static struct device device;
static struct fake_store fake;

static const enum trouble troubles[] = {TROUBLE_PORTAL,      TROUBLE_EMPTY_201, TROUBLE_FORGED,
                                        TROUBLE_OTHER_ID,    TROUBLE_SILENT,    TROUBLE_CUT,
                                        TROUBLE_OTHER_BYTES, TROUBLE_NOT_HTTP,  TROUBLE_STATUS,
                                        TROUBLE_PLAIN_201,   TROUBLE_REDIRECT};
static const int statuses[] = {500, 503, 429};

static void handle(void *context, const struct server_request *request, struct server_reply *reply)
{
    struct fake_store *store = context;

    (void)pthread_mutex_lock(&store->mutex);
    if (store->submissions + 1 >= (faults.injected + 1) * EVERY && store->trouble_left == 0) {
        store->trouble = troubles[faults.injected % (sizeof(troubles) / sizeof(troubles[0]))];
        store->status = statuses[faults.injected % (sizeof(statuses) / sizeof(statuses[0]))];
        store->cut_at = 40 + faults.injected % 400;
        store->trouble_left = 1;
        faults.injected++;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    fake_handle(context, request, reply);
}

/* As if they had come on sticks: a thousand in a transaction. */
static void put_many(size_t count)
{
    static const char bytes[] = "sealed";
    char sha256[TP_SHA256_TEXT_MAX];
    char(*ids)[TP_UUID_TEXT_MAX + 8] = tp_calloc(GROUP, sizeof(*ids));
    struct tp_carried *answers = tp_calloc(GROUP, sizeof(*answers));

    assert_true(ids && answers);
    tp_sha256_text(bytes, sizeof(bytes), sha256);
    for (size_t done = 0; done < count; done += GROUP) {
        struct tp_error error = {0};
        size_t added = 0;

        for (size_t i = 0; i < GROUP; i++) {
            char uuid[TP_UUID_TEXT_MAX];

            tp_random_uuid(&device.random, uuid);
            (void)snprintf(ids[i], sizeof(ids[i]), "uuid:%s", uuid);
            answers[i] = (struct tp_carried){.instance_id = ids[i],
                                             .form_id = "library-hours",
                                             .form_version = "2026110101",
                                             .sha256 = sha256,
                                             .sealed = bytes,
                                             .sealed_count = sizeof(bytes)};
        }
        device_must(tp_carry_adopt(device.store, answers, GROUP, &added, &error), &error, "adopt");
        assert_int_equal(added, GROUP);
    }
    tp_free(answers);
    tp_free(ids);
}

static void drain(void)
{
    struct tp_http_options options = {
        .store_url = fake.server.url, .token = "secret-token", .stall_s = 1};
    struct tp_http *http = tp_http_create(&options, NULL);
    struct tp_upload upload = {
        .store = device.store, .http = http, .receipt_key = &fake.pair.key, .clock = &device.clock};
    struct tp_upload_end end;
    struct tp_error error = {0};

    if (!tp_upload_drain(&upload, &end, &error))
        fail_msg("%s", error.text);
    tp_http_destroy(http);
}

static void many_answers_arrive_once_from_a_store_that_keeps_failing(void **state)
{
    const char *rounds = getenv("TP_FAULTS_ROUNDS");
    size_t count = rounds && strtol(rounds, NULL, 10) > 2 ? LONG : SHORT;
    size_t again;
    int drains = 0;

    (void)state;
    device_open(&device);
    fake_start(&fake);
    assert_true(tp_http_global_init(NULL));
    fake.server.handler = handle;
    put_many(count);
    assert_int_equal(device_counts(&device).waiting, count);
    while (device_counts(&device).waiting && drains++ < DRAINS_MAX)
        drain();
    assert_int_equal(device_counts(&device).waiting, 0);
    assert_int_equal(device_counts(&device).sent, count);
    assert_int_equal(fake_taken(&fake, &again), count);
    assert_int_equal(fake.overlaps, 0);
    assert_int_equal(fake.altered, 0);
    assert_true(faults.injected >= count / EVERY);
    /* Only what lost its acknowledgement came twice. */
    assert_true(again <= faults.injected);
    fake_stop(&fake);
    device_close(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_answers_arrive_once_from_a_store_that_keeps_failing),
    };

    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
