/* sync/agent/round.h where the device belongs to another OpenRosa server (docs/PROTOCOL.md). */
#include "tp_test.h"

#include "unit/agent/rounds.h"

/* What the server says, and what it was asked, a line each. */
static struct {
    int head_status;
    const char *head;
    char asked[1024];
} odk;

static void answer(void *context, const struct server_request *request, struct server_reply *reply)
{
    static const char thanks[] =
        "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message>full submission "
        "upload was successful!</message></OpenRosaResponse>";
    size_t length = strlen(odk.asked);

    (void)snprintf(odk.asked + length, sizeof(odk.asked) - length, "%s %.*s\n", request->method,
                   (int)strcspn(request->path, "?"), request->path);
    if (strcmp(request->method, "HEAD") == 0)
        server_reply(reply, odk.head_status, odk.head, "", 0);
    else if (strcmp(request->method, "POST") == 0)
        server_reply(reply, 201, OPENROSA, thanks, sizeof(thanks) - 1);
    else
        fake_handle(context, request, reply);
}

static int set_up(void **state)
{
    (void)state;
    if (rounds_start(NULL) != 0)
        return -1;
    identity = (struct tp_identity){
        .kind = TP_STORE_OPENROSA, .device_id = "uuid:hall", .plain = true, .outbox = device.seal};
    odk.head_status = 204;
    odk.head = OPENROSA;
    *odk.asked = '\0';
    fake.server.handler = answer;
    return 0;
}

static void the_server_is_asked_before_it_is_sent_to_and_for_no_news(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 1, NULL);
    report = rounds_run_all();
    assert_string_equal(odk.asked, "HEAD /submission\nPOST /submission\nGET /formList\n");
    assert_int_equal(report.delivered, 1);
    assert_int_equal(report.end.waiting, 0);
    assert_false(report.end.failed || report.end.left_over);
    assert_true(rounds_status().last_contact_ms > 0);
}

static void it_is_asked_only_where_something_may_be_sent(void **state)
{
    static const struct tp_plan send = {.send = true};
    static const struct tp_plan heartbeat = {.heartbeat = true};
    static const struct tp_plan forms = {.forms = true};

    (void)state;
    (void)rounds_run(&forms);
    assert_string_equal(odk.asked, "GET /formList\n");
    *odk.asked = '\0';
    (void)rounds_run(&send);
    assert_string_equal(odk.asked, "HEAD /submission\n");
    *odk.asked = '\0';
    (void)rounds_run(&heartbeat);
    assert_string_equal(odk.asked, "HEAD /submission\n");
    assert_true(rounds_status().last_contact_ms > 0);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void a_round_that_is_stopped_asks_nothing(void **state)
{
    static const struct tp_plan all = {.send = true, .heartbeat = true, .forms = true};
    struct tp_round_report report;

    (void)state;
    assert_true(rounds_try(&all, never, &report, NULL));
    assert_string_equal(odk.asked, "");
}

/* A 404 too: what else it may be, it does not take submissions. */
static void who_does_not_let_the_screen_in_is_shown_nothing(void **state)
{
    static const struct {
        int status;
        const char *head;
        bool barred;
        int retry_after_s;
    } rows[] = {{404, OPENROSA, false, -1},
                {500, OPENROSA, false, -1},
                {204, "", false, -1},
                {503, OPENROSA "Retry-After: 90\r\n", false, 90},
                {401, "", true, -1}};

    (void)state;
    device_put(&device, 1, NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tp_round_report report;

        odk.head_status = rows[i].status;
        odk.head = rows[i].head;
        *odk.asked = '\0';
        report = rounds_run_all();
        assert_string_equal(odk.asked, "HEAD /submission\n");
        assert_int_equal(report.end.barred, rows[i].barred);
        assert_int_equal(report.end.failed, !rows[i].barred);
        assert_int_equal(report.end.retry_after_s, rows[i].retry_after_s);
        assert_int_equal(report.end.waiting, 1);
        assert_non_null(strstr(report.words, "before sending"));
    }
}

static void it_is_sent_nothing_larger_than_it_takes(void **state)
{
    struct tp_round_report report;

    (void)state;
    odk.head = OPENROSA "X-OpenRosa-Accept-Content-Length: 50000\r\n";
    device_put_large(&device, "uuid:large", 100000);
    device_put(&device, 1, NULL);
    report = rounds_run_all();
    assert_int_equal(report.delivered, 1);
    assert_int_equal(report.set_aside, 1);
    assert_non_null(strstr(report.words, "the server takes 50000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rounds_stop)
        TEST(the_server_is_asked_before_it_is_sent_to_and_for_no_news),
        TEST(it_is_asked_only_where_something_may_be_sent),
        TEST(a_round_that_is_stopped_asks_nothing),
        TEST(who_does_not_let_the_screen_in_is_shown_nothing),
        TEST(it_is_sent_nothing_larger_than_it_takes),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
