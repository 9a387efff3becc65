/* sync/agent/do/outcome.c: what one answer of the store's does to a drain, without a network. */
#include "tp_test.h"

#include "agent/decide/window.h"
#include "agent/do/drain.h"
#include "unit/agent/device.h"

#define SENT 3 /* answers that the flight may bring */

static struct device device;
static struct tp_clock_fake time_now;
static struct tp_receipt_pair office;
static char ids[SENT][TP_INSTANCE_ID_MAX];
static char sha256s[SENT][TP_SHA256_TEXT_MAX];

static struct tp_identity identity;
static struct tp_upload upload;
static struct tp_upload_end end;
static struct tp_error error;
static struct tp_drain drain;
static struct tp_flight flights[4];

static int set_up(void **state)
{
    struct tp_outbox_batch batch;
    const struct tp_outbox_next_params params = {.max_count = SENT, .lease_ms = 1000};

    (void)state;
    time_now = (struct tp_clock_fake){.wall = INT64_C(1795686067000), .monotonic = 5000};
    device_open_by(&device, tp_clock_from_fake(&time_now));
    device_put(&device, SENT, NULL);
    assert_true(tp_receipt_pair_generate(&office, NULL));
    assert_true(tp_outbox_next(device.store, &params, &batch, NULL));
    for (size_t i = 0; i < SENT; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "%s", batch.items[i].instance_id);
        (void)snprintf(sha256s[i], sizeof(sha256s[i]), "%s", batch.items[i].sha256);
    }
    tp_outbox_batch_finish(&batch);
    upload = (struct tp_upload){.store = device.store, .clock = &device.clock};
    end = (struct tp_upload_end){.kind = TP_VERDICT_DELIVERED, .retry_after_s = -1};
    drain = (struct tp_drain){.upload = &upload,
                              .end = &end,
                              .error = &error,
                              .window = 4,
                              .flights = flights,
                              .flight_count = 4};
    drain.receipts = calloc(TP_UPLOAD_GROUP, sizeof(*drain.receipts));
    drain.failures = calloc(TP_DRAIN_FAILED_MAX, sizeof(*drain.failures));
    assert_true(drain.receipts && drain.failures);
    return tp_flight_init(&flights[0], &drain, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tp_flight_finish(&flights[0]);
    free(drain.receipts);
    free(drain.failures);
    device_close(&device);
    return 0;
}

static uint32_t attempts; /* that each had before */

/* An answer comes to a request with the first `count` of the outbox. */
static void answer_to(size_t count, struct tp_exchange exchange, const char *body,
                      struct tp_http_answer answer)
{
    struct tp_flight *flight = &flights[0];

    for (size_t i = 0; i < count; i++) {
        memcpy(flight->answers[i].instance_id, ids[i], sizeof(ids[i]));
        memcpy(flight->answers[i].sha256, sha256s[i], sizeof(sha256s[i]));
        flight->answers[i].attempts = attempts;
    }
    flight->count = count;
    flight->several = count > 1;
    flight->start_ms = time_now.monotonic;
    drain.in_flight += count;
    answer.exchange = exchange;
    tp_buf_init(&answer.body, 1u << 20);
    assert_true(tp_buf_puts(&answer.body, body));
    tp_drain_on_done(flight, &answer);
    tp_buf_finish(&answer.body);
    assert_int_equal(flight->count, 0);
    assert_int_equal(drain.in_flight, 0);
}

static struct tp_exchange status_of(long status)
{
    return (struct tp_exchange){.answered = true, .openrosa = true, .status = status};
}

static void comes(long status)
{
    answer_to(1, status_of(status), "", (struct tp_http_answer){.retry_after_s = -1});
}

static void comes_to_several(long status, const char *body)
{
    answer_to(SENT, status_of(status), body, (struct tp_http_answer){.retry_after_s = -1});
}

static void receive_for(const char *id, const char *sha256, int64_t accepts_answers)
{
    struct tp_receipt receipt;
    struct tp_buf xml;

    tp_buf_init(&xml, 4096);
    assert_true(tp_receipt_sign(&office, id, sha256, time_now.wall, &receipt, NULL));
    tp_buf_printf(&xml,
                  "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><tps:receipt "
                  "xmlns:tps=\"urn:talkpoint:submission:1\" instanceID=\"%s\" sha256=\"%s\" "
                  "received=\"%s\" signature=\"%s\"/></OpenRosaResponse>",
                  receipt.instance_id, receipt.sha256, receipt.received, receipt.signature);
    answer_to(1, status_of(201), xml.data,
              (struct tp_http_answer){.retry_after_s = -1, .accepts_answers = accepts_answers});
    tp_buf_finish(&xml);
}

static void receive(int64_t accepts_answers)
{
    receive_for(ids[0], sha256s[0], accepts_answers);
}

/* One line of a reply to several: a receipt, a refusal, or nothing. */
enum line { HELD, REFUSED, BUSY, SILENT };

static const char *reply_of(enum line first, enum line second, enum line third)
{
    static char text[8192];
    const enum line lines[SENT] = {first, second, third};
    struct tp_receipt receipt;
    struct tp_buf out;

    tp_buf_init(&out, sizeof(text) - 1);
    assert_true(tp_several_reply_begin(&out));
    for (size_t i = 0; i < SENT; i++) {
        if (lines[i] == HELD) {
            assert_true(
                tp_receipt_sign(&office, ids[i], sha256s[i], time_now.wall, &receipt, NULL));
            assert_true(tp_several_reply_receipt(&out, &receipt));
        } else if (lines[i] != SILENT) {
            assert_true(tp_several_reply_refusal(&out, lines[i] == BUSY ? 503 : 409, ids[i],
                                                 "be\x1b[2Jcause"));
        }
    }
    (void)snprintf(text, sizeof(text), "%s", tp_buf_text(&out));
    tp_buf_finish(&out);
    return text;
}

/* ---- how a drain ends ---- */

static void the_graver_word_stays(void **state)
{
    (void)state;
    comes(503);
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
    assert_true(drain.over);
    answer_to(1, (struct tp_exchange){.answered = true, .status = 407}, "",
              (struct tp_http_answer){.retry_after_s = -1});
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
    comes(401);
    assert_int_equal(end.kind, TP_VERDICT_BARRED);
    assert_non_null(strstr(end.words, "no longer enrolled"));
    comes(403);
    assert_non_null(strstr(end.words, "(401)")); /* what was first */
    comes(503);
    assert_int_equal(end.kind, TP_VERDICT_BARRED);
    /* Those that were not told to stay away are tried again; the others wait to be let in. */
    assert_int_equal(end.left_over, 3);
}

static void a_few_failures_in_a_row_end_it(void **state)
{
    (void)state;
    for (unsigned i = 1; i < TP_UPLOAD_FAILURES_MAX; i++)
        comes(500);
    assert_false(drain.over);
    assert_int_equal(end.left_over, TP_UPLOAD_FAILURES_MAX - 1);
    comes(409); /* a word on one answer is a word of the store's */
    assert_int_equal(end.set_aside, 1);
    for (unsigned i = 1; i < TP_UPLOAD_FAILURES_MAX; i++)
        comes(500);
    assert_false(drain.over);
    comes(500);
    assert_true(drain.over);
    assert_int_equal(end.kind, TP_VERDICT_LATER);
    assert_non_null(strstr(end.words, "(500)"));
    for (size_t i = 0; i < drain.failure_count; i++) {
        assert_string_equal(drain.failures[i].instance_id, ids[0]);
        assert_false(drain.failures[i].written);
    }
}

/* There is room for as many more as may be on their way. */
static void as_many_failures_as_there_is_room_for_end_it(void **state)
{
    (void)state;
    drain.failure_count = TP_DRAIN_FAILED_MAX - 2 * TP_UPLOAD_GROUP - TP_DRAIN_IN_FLIGHT_MAX - 2;
    comes(500);
    assert_false(drain.over);
    comes(500);
    assert_true(drain.over);
}

static void a_pause_says_how_long(void **state)
{
    (void)state;
    answer_to(1, status_of(500), "", (struct tp_http_answer){.retry_after_s = 90});
    assert_int_equal(end.retry_after_s, -1);
    answer_to(1, status_of(503), "", (struct tp_http_answer){.retry_after_s = 0});
    assert_int_equal(end.retry_after_s, 0);
    comes(503);
    assert_int_equal(end.retry_after_s, 0);
}

static void what_was_cut_by_a_signal_says_nothing(void **state)
{
    (void)state;
    answer_to(1, (struct tp_exchange){.problem = "stopped"}, "",
              (struct tp_http_answer){.retry_after_s = -1, .stopped = true});
    assert_true(drain.over);
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(end.left_over, 0);
    assert_false(end.contact);
}

static void a_store_of_its_own_that_fails_breaks_it_off(void **state)
{
    (void)state;
    (void)snprintf(ids[0], sizeof(ids[0]), "uuid:gone");
    comes(409); /* gone by another hand: nothing to set aside */
    assert_false(drain.broken);
    device_sql(&device, "DROP TABLE outbox");
    comes(409);
    assert_true(drain.broken && drain.over);
    assert_int_equal(error.code, TP_ERR_IO);
}

/* ---- how many go at once ---- */

static void the_window_follows_what_requests_came_to(void **state)
{
    (void)state;
    drain.window = 2;
    receive(0);
    assert_int_equal(drain.window, 4);
    receive(0);
    assert_int_equal(drain.window, 4); /* as many as there are connections */
    comes(409);
    assert_int_equal(drain.window, 4);
    time_now.monotonic += 1;
    comes(500);
    assert_int_equal(drain.window, 2);
    comes(503);
    assert_int_equal(drain.window, 1);
    drain.several = 16;
    drain.window = TP_DRAIN_IN_FLIGHT_MAX / 2;
    receive(0);
    assert_int_equal(drain.window, TP_DRAIN_IN_FLIGHT_MAX);
}

static void the_oldest_receipt_is_what_a_deletion_waits_for(void **state)
{
    (void)state;
    receive(0);
    time_now.monotonic += 100;
    receive(0);
    assert_int_equal(drain.receipt_count, 2);
    assert_int_equal(drain.oldest_receipt_ms, 5000);
    assert_string_equal(drain.receipts[1].instance_id, ids[0]);
    assert_true(end.contact);
}

static void a_store_that_takes_several_is_believed_with_its_receipt(void **state)
{
    (void)state;
    receive(1);
    assert_int_equal(drain.several, 0);
    answer_to(1, status_of(500), "",
              (struct tp_http_answer){.retry_after_s = -1, .accepts_answers = 16});
    assert_int_equal(drain.several, 0);
    drain.flight_count = 1; /* a capped line */
    receive(16);
    assert_int_equal(drain.several, 0);
    drain.flight_count = 4;
    receive(2);
    assert_int_equal(drain.several, 2);
    receive(16);
    assert_int_equal(drain.several, 16);
}

/* A true receipt, for another answer or other bytes. */
static void what_is_signed_for_something_else_stays(void **state)
{
    (void)state;
    receive_for(ids[1], sha256s[0], 0);
    assert_non_null(strstr(end.words, "for another answer"));
    receive_for(ids[0], sha256s[1], 0);
    assert_int_equal(drain.receipt_count, 0);
    assert_int_equal(end.left_over, 2);
}

/* ---- several answers ---- */

static void each_of_several_has_its_own_word(void **state)
{
    (void)state;
    drain.window = 2;
    comes_to_several(200, reply_of(HELD, HELD, REFUSED));
    assert_int_equal(drain.receipt_count, 2);
    assert_int_equal(end.set_aside, 1);
    assert_int_equal(end.left_over, 0);
    assert_int_equal(drain.window, 4);
    /* What the store says of one is shown on a screen. */
    assert_non_null(strstr(end.words, "(409: be [2Jcause)"));
}

/* Whichever of them it is: the request has failed, and what was said of the others counts. */
static void one_of_several_that_nothing_is_said_of_is_a_failure(void **state)
{
    (void)state;
    comes_to_several(200, reply_of(HELD, SILENT, SILENT));
    assert_int_equal(drain.receipt_count, 1);
    assert_int_equal(end.left_over, 2);
    assert_int_equal(drain.failures_in_a_row, 1);
    assert_int_equal(drain.window, 2);
    comes_to_several(200, reply_of(BUSY, HELD, HELD));
    assert_int_equal(drain.receipt_count, 3);
    assert_int_equal(drain.failures_in_a_row, 2);
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
}

static void a_request_that_came_to_nothing_is_the_last_of_several(void **state)
{
    (void)state;
    drain.several = 16;
    drain.window = 64;
    comes_to_several(413, "");
    assert_int_equal(drain.several, 0);
    assert_int_equal(end.set_aside, 0);
    assert_int_equal(end.left_over, SENT);
    assert_int_equal(drain.window, 4); /* as many as there are connections, at most */
    receive(16);
    assert_int_equal(drain.several, 0);
    /* Of those that were under way together one counts. */
    assert_int_equal(drain.failures_in_a_row, 1);
    drain.window = 2;
    comes_to_several(500, "");
    assert_int_equal(drain.failures_in_a_row, 1);
    assert_int_equal(drain.window, 2);
    /* A word on each is one only with 200. */
    comes_to_several(201, reply_of(HELD, HELD, HELD));
    assert_int_equal(drain.receipt_count, 1);
}

/* ---- another OpenRosa server ---- */

static void a_stranger_s_words_are_not_the_server_s(void **state)
{
    static const char said[] = "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"
                               "<message>pay here</message></OpenRosaResponse>";
    struct tp_exchange exchange = {.answered = true, .openrosa_server = true, .status = 404};
    const struct tp_http_answer answer = {.retry_after_s = -1, .accepts_answers = 16};

    (void)state;
    upload.openrosa = &identity;
    answer_to(1, exchange, said, answer);
    assert_null(strstr(end.words, "pay here"));
    exchange.openrosa = true;
    exchange.status = 400;
    answer_to(1, exchange, said, answer);
    assert_non_null(strstr(end.words, "pay here"));
    exchange.status = 201;
    answer_to(1, exchange, said, answer);
    assert_int_equal(drain.receipt_count, 1);
    assert_string_equal(drain.receipts[0].instance_id, ids[0]);
    assert_string_equal(drain.receipts[0].sha256, sha256s[0]);
    assert_int_equal(drain.several, 0); /* it takes them as ODK does: one by one */
    /* A conflict is believed when it stays. */
    exchange.status = 409;
    answer_to(1, exchange, said, answer);
    assert_int_equal(end.set_aside, 1);
    attempts = TP_VERDICT_DOUBT_ATTEMPTS;
    answer_to(1, exchange, said, answer);
    attempts = 0;
    assert_int_equal(end.set_aside, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_graver_word_stays),
        TEST(a_few_failures_in_a_row_end_it),
        TEST(as_many_failures_as_there_is_room_for_end_it),
        TEST(a_pause_says_how_long),
        TEST(what_was_cut_by_a_signal_says_nothing),
        TEST(a_store_of_its_own_that_fails_breaks_it_off),
        TEST(the_window_follows_what_requests_came_to),
        TEST(the_oldest_receipt_is_what_a_deletion_waits_for),
        TEST(a_store_that_takes_several_is_believed_with_its_receipt),
        TEST(what_is_signed_for_something_else_stays),
        TEST(each_of_several_has_its_own_word),
        TEST(one_of_several_that_nothing_is_said_of_is_a_failure),
        TEST(a_request_that_came_to_nothing_is_the_last_of_several),
        TEST(a_stranger_s_words_are_not_the_server_s),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
