/* do/contact.h: what a screen asks another OpenRosa server before it shows it an answer. */
#include "tp_test.h"

#include "agent/do/contact.h"
#include "unit/agent/device.h"
#include "unit/agent/server.h"

#define OPENROSA "X-OpenRosa-Version: 1.0\r\n"

static struct device device;
static struct server server;
static struct tp_identity identity;

/* What the server says, and what it was asked. */
static struct {
    int status;
    const char *head;
    char method[16];
    char path[1024];
} odk;

static void answer(void *context, const struct server_request *request, struct server_reply *reply)
{
    (void)context;
    (void)snprintf(odk.method, sizeof(odk.method), "%s", request->method);
    (void)snprintf(odk.path, sizeof(odk.path), "%s", request->path);
    server_reply(reply, odk.status, odk.head, "", 0);
}

static int set_up(void **state)
{
    (void)state;
    device_open(&device);
    server_start(&server, answer, NULL);
    identity = (struct tp_identity){.kind = TP_STORE_OPENROSA};
    (void)snprintf(identity.device_id, sizeof(identity.device_id), "uuid:a b&c~1");
    return tp_http_global_init(NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    server_stop(&server);
    device_close(&device);
    return 0;
}

static struct tp_contact_end contact(int status, const char *head)
{
    struct tp_http_options options = {.store_url = server.url, .openrosa_server = true};
    struct tp_http *http = tp_http_create(&options, NULL);
    struct tp_contact_end end;

    odk.status = status;
    odk.head = head;
    assert_non_null(http);
    assert_true(tp_contact(device.store, http, &identity, &end, NULL));
    tp_http_destroy(http);
    return end;
}

static void only_a_server_that_lets_it_in_is_shown_answers(void **state)
{
    static const struct {
        int status;
        bool openrosa;
        enum tp_verdict_kind wanted;
    } rows[] = {
        {200, true, TP_VERDICT_DELIVERED}, {201, true, TP_VERDICT_DELIVERED},
        {204, true, TP_VERDICT_DELIVERED}, {204, false, TP_VERDICT_LATER},
        {200, false, TP_VERDICT_LATER},    {205, true, TP_VERDICT_LATER},
        {206, true, TP_VERDICT_LATER},     {401, false, TP_VERDICT_BARRED},
        {403, true, TP_VERDICT_BARRED},    {404, true, TP_VERDICT_LATER},
        {404, false, TP_VERDICT_LATER},    {500, false, TP_VERDICT_LATER},
        {503, true, TP_VERDICT_PAUSE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tp_contact_end end = contact(rows[i].status, rows[i].openrosa ? OPENROSA : "");

        if (end.kind != rows[i].wanted)
            fail_msg("%d %s", rows[i].status, rows[i].openrosa ? "with" : "without");
        assert_int_equal(end.contact, rows[i].openrosa);
        assert_int_equal(*end.words == '\0', end.kind == TP_VERDICT_DELIVERED);
    }
}

static void it_says_which_device_asks_and_hears_what_is_taken(void **state)
{
    struct tp_contact_end end =
        contact(204, OPENROSA "X-OpenRosa-Accept-Content-Length: 10000000\r\n");

    (void)state;
    assert_string_equal(odk.method, "HEAD");
    assert_string_equal(odk.path, "/submission?deviceID=uuid%3Aa%20b%26c~1");
    assert_int_equal(end.accepts_bytes, 10000000);
    assert_int_equal(end.retry_after_s, -1);
    end = contact(503, OPENROSA "Retry-After: 90\r\n");
    assert_int_equal(end.accepts_bytes, -1);
    assert_int_equal(end.retry_after_s, 90);
}

static void the_longest_name_of_a_device_has_room(void **state)
{
    (void)state;
    memset(identity.device_id, ':', sizeof(identity.device_id) - 1);
    identity.device_id[sizeof(identity.device_id) - 1] = '\0';
    (void)contact(204, OPENROSA);
    assert_int_equal(strlen(odk.path),
                     strlen("/submission?deviceID=") + 3 * (sizeof(identity.device_id) - 1));
}

/* The field is cut to the second: in the middle it is wrong by half of one at most. */
static void its_date_corrects_the_clock_where_it_let_the_screen_in(void **state)
{
    static const char date[] = OPENROSA "Date: Wed, 01 Jan 2031 00:00:00 GMT\r\n";
    struct tp_store_time now;

    (void)state;
    (void)contact(404, date);
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_not_equal(now.trust, TP_CLOCK_CHECKED);
    assert_int_equal(contact(204, OPENROSA).kind, TP_VERDICT_DELIVERED);
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_not_equal(now.trust, TP_CLOCK_CHECKED);
    assert_int_equal(contact(204, date).kind, TP_VERDICT_DELIVERED);
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_equal(now.trust, TP_CLOCK_CHECKED);
    assert_in_range(now.ms, INT64_C(1924992000500), INT64_C(1924992060500));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_a_server_that_lets_it_in_is_shown_answers),
        TEST(it_says_which_device_asks_and_hears_what_is_taken),
        TEST(the_longest_name_of_a_device_has_room),
        TEST(its_date_corrects_the_clock_where_it_let_the_screen_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
