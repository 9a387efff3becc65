/* sync/agent/do/upload.h: what becomes of an answer in every situation of docs/PROTOCOL.md, Retry.
 */
#include "tp_test.h"

#include "agent/decide/backoff.h"
#include "store/carry.h"
#include "unit/agent/draining.h"

static struct tp_upload_end drain_to(const char *url, const struct tp_clock *clock)
{
    return drain_with((struct tp_http_options){.store_url = url, .stall_s = 1}, clock);
}

static struct tp_upload_end drain(void)
{
    return drain_to(fake.server.url, &device.clock);
}

static struct tp_upload_end drain_by(const struct tp_clock *clock)
{
    return drain_to(fake.server.url, clock);
}

static void everything_arrives_once_and_is_deleted(void **state)
{
    struct tp_upload_end end;
    size_t again;

    (void)state;
    device_put(&device, 700, NULL);
    end = drain();
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(end.delivered, 700);
    assert_true(end.contact);
    assert_string_equal(end.words, "");
    assert_int_equal(device_counts(&device).waiting, 0);
    assert_int_equal(device_counts(&device).sent, 700);
    assert_int_equal(fake_taken(&fake, &again), 700);
    assert_int_equal(again, 0);
    assert_int_equal(fake.submissions, 700);
    assert_int_equal(fake.altered, 0);
    assert_int_equal(fake.overlaps, 0);
    assert_int_equal(fake.unauthorised, 0);
    /* One connection each for what was in flight together, kept alive. */
    assert_true(atomic_load(&fake.server.accepted) <= TP_HTTP_CONNECTIONS);
}

static void several_answers_are_in_flight_and_no_id_twice(void **state)
{
    (void)state;
    device_put(&device, 100, NULL);
    (void)drain();
    assert_int_equal(fake.overlaps, 0);
    fake.most_in_flight = 0;
    device_put(&device, 100, NULL);
    /* The first goes alone: the server must not wait for company then. */
    fake.hold_until = 1;
    assert_int_equal(drain().delivered, 100);
    assert_int_equal(fake.overlaps, 0);
}

/* The drain cannot end unless so many are in flight together. */
static void holder(void *context, const struct server_request *request, struct server_reply *reply)
{
    struct fake_store *store = context;

    (void)pthread_mutex_lock(&store->mutex);
    /* 1 receipt: 2 in flight; 2 more: 8; 8 more: all. */
    if (store->submissions == 1)
        store->hold_until = 2;
    if (store->submissions == 3)
        store->hold_until = 8;
    if (store->submissions == 11)
        store->hold_until = TP_HTTP_CONNECTIONS;
    (void)pthread_mutex_unlock(&store->mutex);
    fake_handle(context, request, reply);
}

static void the_window_grows_to_every_connection(void **state)
{
    struct tp_clock_fake still = {0};
    struct tp_clock stopped_clock = tp_clock_from_fake(&still);

    (void)state;
    fake.server.handler = holder;
    device_put(&device, 200, NULL);
    /* Its clock stands still, so that no receipt is slow. */
    assert_int_equal(drain_by(&stopped_clock).delivered, 200);
    assert_int_equal(fake.most_in_flight, TP_HTTP_CONNECTIONS);
    assert_int_equal(fake.overlaps, 0);
}

/* One row a situation: what the agent makes of it. */
struct situation {
    const char *name;
    enum trouble trouble;
    int status;
    const char *extra;
    enum tp_verdict_kind kind; /* how the drain ends */
    bool set_aside;
    bool contact;
    int64_t retry_after_s;
    const char *words; /* part of them */
};

static const struct situation situations[] = {
    {"202 is as good as 201", TROUBLE_ACCEPTED, 0, NULL, TP_VERDICT_DELIVERED, false, true, -1, ""},
    {"captive portal, 200", TROUBLE_PORTAL, 0, NULL, TP_VERDICT_LATER, false, false, -1,
     "someone else answered in the store's place (200)"},
    {"captive portal with a long page", TROUBLE_LONG_PORTAL, 0, NULL, TP_VERDICT_LATER, false,
     false, -1, "someone else answered"},
    {"captive portal, 302", TROUBLE_REDIRECT, 0, NULL, TP_VERDICT_LATER, false, false, -1,
     "someone else answered in the store's place (302)"},
    {"201 and a receipt, not from an OpenRosa server", TROUBLE_PLAIN_201, 0, NULL, TP_VERDICT_LATER,
     false, false, -1, "someone else answered in the store's place (201)"},
    {"201 without a receipt", TROUBLE_EMPTY_201, 0, NULL, TP_VERDICT_LATER, false, true, -1,
     "no receipt"},
    {"receipt signed by another", TROUBLE_FORGED, 0, NULL, TP_VERDICT_LATER, false, true, -1,
     "not signed by the store"},
    {"receipt for another instance", TROUBLE_OTHER_ID, 0, NULL, TP_VERDICT_LATER, false, true, -1,
     "for another answer"},
    {"receipt for other bytes", TROUBLE_OTHER_BYTES, 0, NULL, TP_VERDICT_LATER, false, true, -1,
     "for another answer"},
    {"200 from the store", TROUBLE_STATUS, 200, NULL, TP_VERDICT_LATER, false, true, -1, "(200)"},
    {"400", TROUBLE_STATUS, 400, NULL, TP_VERDICT_DELIVERED, true, true, -1, "(400: because)"},
    {"404", TROUBLE_STATUS, 404, NULL, TP_VERDICT_DELIVERED, true, true, -1,
     "does not know this survey (404: because)"},
    {"409", TROUBLE_STATUS, 409, NULL, TP_VERDICT_DELIVERED, true, true, -1, "(409: because)"},
    {"413", TROUBLE_STATUS, 413, NULL, TP_VERDICT_DELIVERED, true, true, -1, "too large"},
    {"404 from a stranger", TROUBLE_STRANGER, 404, NULL, TP_VERDICT_LATER, false, false, -1,
     "someone else answered"},
    {"401", TROUBLE_STATUS, 401, NULL, TP_VERDICT_BARRED, false, true, -1, "no longer enrolled"},
    {"403", TROUBLE_STATUS, 403, NULL, TP_VERDICT_BARRED, false, true, -1, "no longer enrolled"},
    {"403 from a stranger", TROUBLE_STRANGER, 403, NULL, TP_VERDICT_LATER, false, false, -1,
     "someone else answered"},
    {"407", TROUBLE_STRANGER, 407, NULL, TP_VERDICT_PAUSE, false, false, -1, "proxy"},
    {"429 with Retry-After", TROUBLE_STATUS, 429, "Retry-After: 120\r\n", TP_VERDICT_PAUSE, false,
     true, 120, "busy"},
    {"503 with a date", TROUBLE_STATUS, 503,
     "Date: Mon, 23 Nov 2026 09:41:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 09:42:30 GMT\r\n",
     TP_VERDICT_PAUSE, false, true, 90, "busy"},
    {"503 of a week", TROUBLE_STATUS, 503, "Retry-After: 604800\r\n", TP_VERDICT_PAUSE, false, true,
     TP_RETRY_AFTER_MOST_S, "busy"},
    {"500", TROUBLE_STATUS, 500, NULL, TP_VERDICT_LATER, false, true, -1, "in trouble (500)"},
    {"502 from a proxy", TROUBLE_STRANGER, 502, NULL, TP_VERDICT_LATER, false, false, -1,
     "in trouble (502)"},
    {"closed without an answer", TROUBLE_SILENT, 0, NULL, TP_VERDICT_LATER, false, false, -1,
     "without an answer"},
    {"silence", TROUBLE_STALL, 0, NULL, TP_VERDICT_DELIVERED, false, false, -1, "in time"},
    {"silence in the middle", TROUBLE_STALL_LATER, 0, NULL, TP_VERDICT_DELIVERED, false, false, -1,
     "in time"},
    {"endless body", TROUBLE_ENDLESS_BODY, 0, NULL, TP_VERDICT_LATER, false, false, -1,
     "larger than it may be"},
    {"endless headers", TROUBLE_ENDLESS_HEADERS, 0, NULL, TP_VERDICT_LATER, false, false, -1,
     "does not speak HTTP"},
    {"not HTTP", TROUBLE_NOT_HTTP, 0, NULL, TP_VERDICT_LATER, false, false, -1,
     "does not speak HTTP"},
};

static bool is_slow(enum trouble trouble)
{
    return trouble == TROUBLE_STALL || trouble == TROUBLE_STALL_LATER;
}

/* With as many answers as may fail in a row, so that the drain's end is the situation's own (one
 * where each takes seconds): the drain's end, what became of the answers, and that they arrive once
 * in the end. */
static void check_situation(const struct situation *situation)
{
    size_t answers = is_slow(situation->trouble) ? 1 : TP_UPLOAD_FAILURES_MAX;
    struct tp_outbox_counts before = device_counts(&device);
    bool delivered = situation->trouble == TROUBLE_ACCEPTED;
    struct tp_outbox_counts counts;
    struct tp_upload_end end;
    size_t count = 0;

    print_message("situation: %s\n", situation->name);
    (void)pthread_mutex_lock(&fake.mutex);
    fake.trouble = situation->trouble;
    fake.status = situation->status;
    fake.extra = situation->extra;
    fake.trouble_left = SIZE_MAX;
    (void)pthread_mutex_unlock(&fake.mutex);
    device_put(&device, answers, NULL);
    end = drain();
    counts = device_counts(&device);
    assert_int_equal(end.kind, situation->kind);
    assert_int_equal(end.contact, situation->contact);
    assert_int_equal(end.retry_after_s, situation->retry_after_s);
    if (!strstr(end.words, situation->words))
        fail_msg("'%s' is not in '%s'", situation->words, end.words);
    assert_int_equal(counts.waiting, delivered || situation->set_aside ? 0 : answers);
    assert_int_equal(counts.quarantined, situation->set_aside ? answers : 0);
    assert_int_equal(counts.sent - before.sent, delivered ? answers : 0);

    (void)pthread_mutex_lock(&fake.mutex);
    fake.trouble_left = 0;
    (void)pthread_mutex_unlock(&fake.mutex);
    assert_true(tp_outbox_retry(device.store, NULL, &count, NULL));
    assert_int_equal(count, situation->set_aside ? answers : 0);
    end = drain();
    counts = device_counts(&device);
    assert_int_equal(counts.waiting, 0);
    assert_int_equal(counts.quarantined, 0);
    assert_int_equal(counts.sent - before.sent, answers);
}

static void every_situation_ends_as_the_table_says(void **state)
{
    size_t again;

    (void)state;
    for (size_t i = 0; i < sizeof(situations) / sizeof(situations[0]); i++)
        check_situation(&situations[i]);
    assert_int_equal(fake_taken(&fake, &again), device_counts(&device).sent);
    assert_int_equal(fake.altered, 0);
    assert_int_equal(fake.overlaps, 0);
}

static void a_stranger_is_shown_few_answers(void **state)
{
    (void)state;
    device_put(&device, 500, NULL);
    fake.trouble = TROUBLE_PORTAL;
    fake.trouble_left = SIZE_MAX;
    assert_int_equal(drain().left_over, TP_UPLOAD_FAILURES_MAX);
    assert_int_equal(fake.submissions, TP_UPLOAD_FAILURES_MAX);
    assert_int_equal(fake.most_in_flight, 1);
}

/* True receipts at first, then another's signature under every one. */
static void turncoat(void *context, const struct server_request *request,
                     struct server_reply *reply)
{
    struct fake_store *store = context;

    (void)pthread_mutex_lock(&store->mutex);
    if (store->submissions >= 150) {
        store->trouble = TROUBLE_FORGED;
        store->trouble_left = SIZE_MAX;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    fake_handle(context, request, reply);
}

static void many_forged_receipts_at_once_delete_nothing(void **state)
{
    struct tp_upload_end end;
    size_t again;

    (void)state;
    fake.server.handler = turncoat;
    device_put(&device, 700, NULL);
    end = drain();
    assert_int_equal(end.kind, TP_VERDICT_LATER);
    assert_in_range(end.delivered, 150, 150 + TP_HTTP_CONNECTIONS);
    assert_int_equal(fake_taken(&fake, &again), end.delivered);
    assert_int_equal(device_counts(&device).sent, end.delivered);
    assert_int_equal(device_counts(&device).waiting, 700 - end.delivered);
    assert_non_null(strstr(end.words, "not signed by the store"));
    fake.server.handler = fake_handle;
    fake.trouble_left = 0;
    assert_int_equal(drain().delivered, 700 - end.delivered);
    assert_int_equal(fake_taken(&fake, &again), 700);
    assert_int_equal(again, 0);
}

static void no_server_is_one_attempt(void **state)
{
    struct tp_upload_end end;

    (void)state;
    device_put(&device, 5, NULL);
    end = drain_to("http://127.0.0.1:1", &device.clock);
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
    assert_int_equal(end.left_over, 1);
    assert_false(end.contact);
    assert_non_null(strstr(end.words, "no connection"));
    assert_int_equal(device_counts(&device).waiting, 5);
    assert_int_equal(drain().delivered, 5);
}

static void a_refused_answer_does_not_hold_up_the_others(void **state)
{
    struct tp_upload_end end;

    (void)state;
    device_put(&device, 1, fake.trouble_id);
    device_put(&device, 50, NULL);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 409;
    fake.trouble_left = SIZE_MAX;
    end = drain();
    assert_int_equal(end.delivered, 50);
    assert_int_equal(end.set_aside, 1);
    assert_int_equal(device_counts(&device).quarantined, 1);
}

static void an_answer_that_breaks_the_server_does_not_hold_up_the_others(void **state)
{
    struct tp_upload_end end;

    (void)state;
    device_put(&device, 1, fake.trouble_id);
    device_put(&device, 50, NULL);
    fake.trouble = TROUBLE_SILENT;
    fake.trouble_left = SIZE_MAX;
    end = drain();
    assert_int_equal(end.delivered, 50);
    assert_int_equal(end.left_over, 1);
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(device_counts(&device).waiting, 1);
    /* It is tried once a drain, not again and again. */
    assert_int_equal(fake.submissions, 51);
}

static void a_lost_acknowledgement_changes_nothing(void **state)
{
    struct tp_upload_end end;
    size_t again;

    (void)state;
    device_put(&device, 1, NULL);
    fake.trouble = TROUBLE_CUT;
    fake.cut_at = 40;
    fake.trouble_left = 1;
    end = drain();
    assert_int_equal(end.left_over, 1);
    assert_int_equal(device_counts(&device).waiting, 1);
    end = drain();
    assert_int_equal(end.delivered, 1);
    assert_int_equal(fake_taken(&fake, &again), 1);
    assert_int_equal(again, 1);
    assert_int_equal(fake.altered, 0); /* the same bytes both times */
}

static bool never(void *context)
{
    (void)context;
    return false;
}

/* Its receipt goes back on a stick to a screen that may read the first form alone. */
static void for_anothers_answer_a_receipt_of_its_own_is_asked_for(void **state)
{
    static const char sealed[] = "sealed by another";
    char sha256[TP_SHA256_TEXT_MAX];
    struct tp_carried carried = {.instance_id = "uuid:of-another",
                                 .form_id = "library-hours",
                                 .form_version = "2026110101",
                                 .sha256 = sha256,
                                 .sealed = sealed,
                                 .sealed_count = sizeof(sealed),
                                 .device_id = "uuid:village"};
    struct tp_receipt receipt;
    bool found = false;

    (void)state;
    tp_sha256_text(sealed, sizeof(sealed), sha256);
    device_put(&device, 3, NULL);
    assert_true(tp_carry_adopt(device.store, &carried, 1, NULL, NULL));
    assert_int_equal(drain().delivered, 4);
    assert_int_equal(fake.submissions, 4);
    assert_int_equal(fake.asked_together, 3);
    assert_int_equal(fake.given_on, 1);
    assert_true(tp_carry_receipt(device.store, carried.instance_id, &receipt, &found, NULL));
    assert_true(found);
    assert_int_equal(strlen(receipt.signature), TP_RECEIPT_SIGNATURE_TEXT_MAX - 1);
}

static void a_drain_that_may_not_go_on_starts_nothing(void **state)
{
    struct tp_http *http = connect_with((struct tp_http_options){.stall_s = 1});
    struct tp_upload upload = {.store = device.store,
                               .http = http,
                               .receipt_key = &fake.pair.key,
                               .clock = &device.clock,
                               .may_go_on = never};
    struct tp_upload_end end;

    (void)state;
    device_put(&device, 5, NULL);
    assert_true(tp_upload_drain(&upload, &end, NULL));
    assert_int_equal(fake.submissions, 0);
    assert_int_equal(device_counts(&device).waiting, 5);
    tp_http_destroy(http);
    /* What was claimed is free again. */
    assert_int_equal(drain().delivered, 5);
}

static struct tp_upload_end drain_to_one_that_takes(int64_t accepts_bytes)
{
    return drain_within(accepts_bytes, (struct tp_http_options){.connections = 1}, &device.clock);
}

/* One byte too many is not even sent; it is offered again where more is taken. */
static void what_a_server_takes_is_kept_to_the_byte(void **state)
{
    struct tp_upload_end end;
    long long bytes = 0;

    (void)state;
    device_put(&device, 1, NULL);
    end = drain_to_one_that_takes(10);
    assert_int_equal(end.set_aside, 1);
    assert_int_equal(sscanf(end.words, "cannot be sent: it has %lld bytes", &bytes), 1);
    assert_true(tp_outbox_retry(device.store, NULL, NULL, NULL));
    assert_int_equal(drain_to_one_that_takes(bytes - 1).set_aside, 1);
    assert_int_equal(fake.submissions, 0);
    assert_true(tp_outbox_retry(device.store, NULL, NULL, NULL));
    assert_int_equal(drain_to_one_that_takes(bytes).delivered, 1);
    assert_int_equal(fake.submissions, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(everything_arrives_once_and_is_deleted),
        TEST(several_answers_are_in_flight_and_no_id_twice),
        TEST(the_window_grows_to_every_connection),
        TEST(every_situation_ends_as_the_table_says),
        TEST(a_stranger_is_shown_few_answers),
        TEST(many_forged_receipts_at_once_delete_nothing),
        TEST(no_server_is_one_attempt),
        TEST(a_refused_answer_does_not_hold_up_the_others),
        TEST(an_answer_that_breaks_the_server_does_not_hold_up_the_others),
        TEST(a_lost_acknowledgement_changes_nothing),
        TEST(for_anothers_answer_a_receipt_of_its_own_is_asked_for),
        TEST(a_drain_that_may_not_go_on_starts_nothing),
        TEST(what_a_server_takes_is_kept_to_the_byte),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
