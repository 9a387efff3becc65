/* sync/agent/do/upload.h: several answers in one request, and what becomes of each when something
 * goes wrong with one of them or with the request (docs/PROTOCOL.md, Retry). */
#include "tp_test.h"

#include "agent/do/drain.h"
#include "store/carry.h"
#include "unit/agent/draining.h"

/* More than go alone at the beginning, before the first request of several. */
#define ALONE 12u
#define CARRIED 20

static int set_up_several(void **state)
{
    int result = set_up(state);

    fake.several = TP_SEVERAL_ANSWERS_MAX;
    return result;
}

/* Its clock stands still, so that no receipt is slow and the window grows on any machine. */
static struct tp_upload_end drain_to_one_that_takes(int64_t bytes)
{
    struct tp_clock_fake still = {0};
    const struct tp_clock clock = tp_clock_from_fake(&still);

    return drain_within(bytes, (struct tp_http_options){.stall_s = 1}, &clock);
}

static struct tp_upload_end drain(void)
{
    return drain_to_one_that_takes(0);
}

static void all_is_well(size_t taken)
{
    size_t again;

    assert_int_equal(fake_taken(&fake, &again), taken);
    assert_int_equal(fake.altered, 0);
    assert_int_equal(fake.overlaps, 0);
    assert_int_equal(fake.unauthorised, 0);
}

static void many_answers_share_few_requests(void **state)
{
    struct tp_upload_end end;

    (void)state;
    device_put(&device, 1000, NULL);
    end = drain();
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(end.delivered, 1000);
    assert_string_equal(end.words, "");
    assert_int_equal(device_counts(&device).waiting, 0);
    assert_int_equal(device_counts(&device).sent, 1000);
    assert_in_range(fake.submissions, 1, ALONE);
    assert_in_range(fake.shared, 1, 100);
    assert_in_range(fake.most_shared, 2, TP_SEVERAL_ANSWERS_MAX);
    assert_in_range(fake.most_in_flight, TP_HTTP_CONNECTIONS, TP_DRAIN_IN_FLIGHT_MAX);
    all_is_well(1000);
}

static void a_store_that_does_not_say_so_is_sent_none(void **state)
{
    (void)state;
    fake.several = 0;
    device_put(&device, 100, NULL);
    assert_int_equal(drain().delivered, 100);
    assert_int_equal(fake.submissions, 100);
    assert_int_equal(fake.shared, 0);
    all_is_well(100);
}

static void a_store_that_takes_few_is_sent_few(void **state)
{
    (void)state;
    fake.several = 5;
    device_put(&device, 300, NULL);
    assert_int_equal(drain().delivered, 300);
    assert_int_equal(fake.most_shared, 5);
    all_is_well(300);
}

static void on_a_capped_line_one_goes_at_a_time(void **state)
{
    (void)state;
    device_put(&device, 20, NULL);
    assert_int_equal(
        drain_with((struct tp_http_options){.bytes_per_second = 10 * 1000 * 1000}, &device.clock)
            .delivered,
        20);
    assert_int_equal(fake.most_in_flight, 1);
    assert_int_equal(fake.shared, 0);
}

/* Its receipt goes back to a screen of any version, and the store is told whose it is. */
static void an_answer_of_another_screen_goes_alone(void **state)
{
    struct tp_carried carried = {.form_id = "library-hours",
                                 .form_version = "1",
                                 .sealed = "sealed",
                                 .sealed_count = 6,
                                 .device_id = "uuid:village"};
    char sha256[TP_SHA256_TEXT_MAX];
    char id[32];
    size_t added;

    (void)state;
    tp_sha256_text("sealed", 6, sha256);
    carried.sha256 = sha256;
    carried.instance_id = id;
    device_put(&device, ALONE, NULL);
    /* Each behind some that share a request, and before some. */
    for (int i = 0; i < CARRIED; i++) {
        (void)snprintf(id, sizeof(id), "uuid:of-another-%d", i);
        assert_true(tp_carry_adopt(device.store, &carried, 1, &added, NULL));
        device_put(&device, 3, NULL);
    }
    assert_int_equal(drain().delivered, ALONE + CARRIED * 4);
    assert_true(fake.shared > 0);
    assert_int_equal(fake.given_on, CARRIED);
    assert_int_equal(fake.asked_together, fake.submissions - CARRIED);
    all_is_well(ALONE + CARRIED * 4);
}

static void a_large_answer_goes_alone(void **state)
{
    (void)state;
    device_put(&device, 20, NULL);
    device_put_large(&device, "uuid:large", TP_SEVERAL_SEALED_MAX);
    device_put(&device, 20, NULL);
    assert_int_equal(drain().delivered, 41);
    assert_in_range(fake.longest_shared, 1, TP_SEVERAL_SEALED_MAX);
    all_is_well(41);
}

/* Each could share, and more than two of them cannot together. */
static void what_goes_together_fits_one_request(void **state)
{
    char id[32];

    (void)state;
    device_put(&device, ALONE, NULL);
    for (size_t i = 0; i < 12; i++) {
        (void)snprintf(id, sizeof(id), "uuid:medium-%zu", i);
        device_put_large(&device, id, TP_SEVERAL_SEALED_MAX / 3);
    }
    assert_int_equal(drain().delivered, ALONE + 12);
    assert_in_range(fake.longest_shared, TP_SEVERAL_SEALED_MAX / 2, TP_SEVERAL_SEALED_MAX);
    all_is_well(ALONE + 12);
}

/* Two of them are more than the server takes, and nothing is wrong with either. */
static void what_is_too_much_together_goes_alone(void **state)
{
    struct tp_upload_end end;
    char id[32];

    (void)state;
    device_put(&device, 3 * ALONE, NULL);
    for (size_t i = 0; i < 12; i++) {
        (void)snprintf(id, sizeof(id), "uuid:medium-%zu", i);
        device_put_large(&device, id, 40000);
    }
    end = drain_to_one_that_takes(60000);
    assert_int_equal(end.delivered, 3 * ALONE + 12);
    assert_int_equal(end.set_aside, 0);
    assert_true(fake.shared > 0);
    all_is_well(3 * ALONE + 12);
}

/* Whoever says that they take several is shown several when receipts were verified. */
static void a_forger_is_not_shown_several(void **state)
{
    (void)state;
    device_put(&device, 100, NULL);
    fake.trouble = TROUBLE_FORGED;
    fake.trouble_left = SIZE_MAX;
    assert_int_equal(drain().left_over, TP_UPLOAD_FAILURES_MAX);
    assert_int_equal(fake.shared, 0);
    assert_int_equal(fake.submissions, TP_UPLOAD_FAILURES_MAX);
}

/* ---- something is wrong with one of them ---- */

struct line {
    enum trouble trouble;
    int status;
    bool set_aside;
    const char *words;
};

static const struct line lines[] = {
    {TROUBLE_STATUS, 400, true, "could not read this answer (400: because)"},
    {TROUBLE_STATUS, 404, true, "does not know this survey (404: because)"},
    {TROUBLE_STATUS, 409, true, "another answer under this number (409: because)"},
    {TROUBLE_STATUS, 413, true, "too large (413: because)"},
    {TROUBLE_STATUS, 500, false, "in trouble (500)"},
    {TROUBLE_FORGED, 0, false, "not signed by the store"},
    {TROUBLE_OTHER_BYTES, 0, false, "for another answer"},
    {TROUBLE_OTHER_ID, 0, false, "held no receipt (201)"},
};

static void check_line(const struct line *line)
{
    struct tp_outbox_counts before = device_counts(&device);
    struct tp_outbox_counts counts;
    struct tp_upload_end end;
    size_t alone;

    print_message("line: %s\n", line->words);
    device_put(&device, ALONE, NULL);
    device_put(&device, 1, fake.trouble_id);
    device_put(&device, 20, NULL);
    fake.trouble = line->trouble;
    fake.status = line->status;
    fake.trouble_left = SIZE_MAX;
    end = drain();
    counts = device_counts(&device);
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(end.delivered, ALONE + 20);
    assert_int_equal(counts.sent - before.sent, ALONE + 20);
    assert_int_equal(counts.waiting, line->set_aside ? 0 : 1);
    assert_int_equal(counts.quarantined, line->set_aside ? 1 : 0);
    if (!strstr(end.words, line->words))
        fail_msg("'%s' is not in '%s'", line->words, end.words);
    /* What failed goes alone; what was set aside is fresh again when it is offered again. */
    fake.trouble_left = 0;
    alone = fake.submissions;
    assert_true(tp_outbox_retry(device.store, NULL, NULL, NULL));
    assert_int_equal(drain().delivered, 1);
    assert_int_equal(fake.submissions, alone + 1);
    assert_int_equal(device_counts(&device).waiting, 0);
}

static void one_that_is_refused_does_not_hold_up_the_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        check_line(&lines[i]);
    all_is_well(device_counts(&device).sent);
}

static void a_busy_store_is_left_in_peace(void **state)
{
    struct tp_upload_end end;

    (void)state;
    device_put(&device, ALONE, NULL);
    device_put(&device, 1, fake.trouble_id);
    device_put(&device, 20, NULL);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 503;
    fake.trouble_left = SIZE_MAX;
    end = drain();
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
    assert_in_range(end.delivered, ALONE, ALONE + 20);
    assert_int_equal(device_counts(&device).waiting, ALONE + 21 - end.delivered);
}

/* ---- something is wrong with the request ---- */

struct whole {
    enum trouble trouble;
    int status;
    enum tp_verdict_kind kind; /* how the drain ends */
    const char *words;
};

/* What ends one drain is tried again in the next; the rest of the others went on one by one. */
static const struct whole wholes[] = {
    {TROUBLE_STATUS, 400, TP_VERDICT_DELIVERED, "(400"},
    {TROUBLE_STATUS, 404, TP_VERDICT_DELIVERED, "(404"},
    {TROUBLE_STATUS, 413, TP_VERDICT_DELIVERED, "(413"},
    {TROUBLE_STATUS, 500, TP_VERDICT_DELIVERED, "in trouble (500)"},
    {TROUBLE_STATUS, 503, TP_VERDICT_PAUSE, "asks to wait (503)"},
    {TROUBLE_STATUS, 403, TP_VERDICT_BARRED, "no longer enrolled (403)"},
    {TROUBLE_STRANGER, 404, TP_VERDICT_DELIVERED, "someone else answered"},
    {TROUBLE_PORTAL, 0, TP_VERDICT_DELIVERED, "someone else answered"},
    {TROUBLE_REDIRECT, 0, TP_VERDICT_DELIVERED, "someone else answered"},
    {TROUBLE_PLAIN_201, 0, TP_VERDICT_DELIVERED, "someone else answered"},
    {TROUBLE_EMPTY_201, 0, TP_VERDICT_DELIVERED, "held no receipt (201)"},
    {TROUBLE_CUT, 0, TP_VERDICT_DELIVERED, "broke off"},
    {TROUBLE_STALL, 0, TP_VERDICT_DELIVERED, "in time"},
    {TROUBLE_ENDLESS_BODY, 0, TP_VERDICT_DELIVERED, "larger than it may be"},
};

/* The next request of several comes to this; what comes alone is spared. */
static void trouble_with(const struct whole *whole)
{
    fake.trouble = whole->trouble;
    fake.status = whole->status;
    fake.trouble_shared = true;
    fake.trouble_left = 1;
}

static void check_whole(const struct whole *whole)
{
    struct tp_outbox_counts before = device_counts(&device);
    struct tp_upload_end end;
    struct tp_outbox_counts counts;

    print_message("whole: %d %d, %s\n", whole->trouble, whole->status, whole->words);
    device_put(&device, ALONE + 8, NULL);
    trouble_with(whole);
    fake.cut_at = 200;
    end = drain();
    counts = device_counts(&device);
    assert_int_equal(end.kind, whole->kind);
    if (!strstr(end.words, whole->words))
        fail_msg("'%s' is not in '%s'", whole->words, end.words);
    /* Nothing was said about any one answer. */
    assert_int_equal(counts.quarantined, 0);
    assert_in_range(counts.waiting, 2, ALONE + 8);
    assert_int_equal(counts.waiting + counts.sent, before.sent + ALONE + 8);
    assert_int_equal(fake.trouble_left, 0);
    (void)drain();
    assert_int_equal(device_counts(&device).waiting, 0);
}

static void a_request_that_fails_sets_nothing_aside(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++)
        check_whole(&wholes[i]);
    all_is_well(device_counts(&device).sent);
}

/* More than four times as many requests of several as may be under way at once. */
#define MANY (6 * TP_DRAIN_IN_FLIGHT_MAX)

/* After the first that came to nothing no other is made, and what was in it goes alone. */
static void what_failed_together_goes_alone(void **state)
{
    size_t shared;

    (void)state;
    device_put(&device, MANY, NULL);
    trouble_with(&wholes[0]);
    (void)drain();
    /* Those that were under way beside it, and what these brought on before its reply was read. */
    assert_in_range(fake.shared, 1, 4 * TP_DRAIN_SHARED_MAX);
    assert_in_range(device_counts(&device).waiting, 2, TP_SEVERAL_ANSWERS_MAX);
    shared = fake.shared;
    (void)drain();
    assert_int_equal(fake.shared, shared);
    assert_int_equal(device_counts(&device).waiting, 0);
    all_is_well(MANY);
}

/* Of a proxy that takes no large body, or does not know the address: all the rest goes alone in the
 * same drain, whatever was under way together. */
static void a_way_that_lets_no_request_of_several_through_holds_up_nothing(void **state)
{
    struct tp_upload_end end;

    (void)state;
    device_put(&device, MANY, NULL);
    fake.trouble = TROUBLE_STRANGER;
    fake.status = 413;
    fake.trouble_shared = true;
    fake.trouble_left = SIZE_MAX;
    end = drain();
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_in_range(fake.shared, 1, 4 * TP_DRAIN_SHARED_MAX);
    assert_in_range(device_counts(&device).waiting, 2, TP_DRAIN_IN_FLIGHT_MAX);
    (void)drain();
    assert_int_equal(device_counts(&device).waiting, 0);
    all_is_well(MANY);
}

static void a_lost_acknowledgement_of_many_changes_nothing(void **state)
{
    static const struct whole lost = {.trouble = TROUBLE_CUT};
    size_t again;

    (void)state;
    device_put(&device, 100, NULL);
    trouble_with(&lost);
    fake.cut_at = 20;
    (void)drain();
    (void)drain();
    assert_int_equal(device_counts(&device).waiting, 0);
    assert_int_equal(device_counts(&device).sent, 100);
    assert_int_equal(fake_taken(&fake, &again), 100);
    assert_in_range(again, 2, TP_SEVERAL_ANSWERS_MAX);
    all_is_well(100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_several, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_answers_share_few_requests),
        TEST(a_store_that_does_not_say_so_is_sent_none),
        TEST(a_store_that_takes_few_is_sent_few),
        TEST(on_a_capped_line_one_goes_at_a_time),
        TEST(an_answer_of_another_screen_goes_alone),
        TEST(a_large_answer_goes_alone),
        TEST(what_goes_together_fits_one_request),
        TEST(what_is_too_much_together_goes_alone),
        TEST(a_forger_is_not_shown_several),
        TEST(one_that_is_refused_does_not_hold_up_the_others),
        TEST(a_busy_store_is_left_in_peace),
        TEST(a_request_that_fails_sets_nothing_aside),
        TEST(what_failed_together_goes_alone),
        TEST(a_way_that_lets_no_request_of_several_through_holds_up_nothing),
        TEST(a_lost_acknowledgement_of_many_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
