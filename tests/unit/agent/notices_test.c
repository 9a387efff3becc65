/* sync/agent/do/notices.h: the store's notices over the network. */
#include "tp_test.h"

#include "agent/do/notices.h"
#include "unit/agent/fake_store.h"
#include "unit/agent/signed_notices.h"

static struct device device;
static struct fake_store fake;
static struct tp_identity identity;
static const char *const store_head = OPENROSA;

/* What the store answers, and what it was asked. */
static struct {
    int status;
    const char *head;
    struct tp_buf body;
    bool breaks_device;
    char tag[128]; /* If-None-Match; "" where there was none */
} served;

static void on_notices(void *context, const struct server_request *request,
                       struct server_reply *reply)
{
    bool asked = strcmp(request->path, "/talkpoint/notices") == 0;

    (void)context;
    served.tag[0] = '\0';
    (void)server_between(request->headers, "\r\nIf-None-Match: ", "\r\n", served.tag,
                         sizeof(served.tag));
    if (served.breaks_device)
        notices_break(&device);
    server_reply(reply, asked ? served.status : 500, served.head, tp_buf_text(&served.body),
                 served.body.length);
}

static int set_up(void **state)
{
    (void)state;
    device_open(&device);
    fake_start(&fake);
    fake.others = on_notices;
    identity = (struct tp_identity){.receipt_key = fake.pair.key};
    memset(&served, 0, sizeof(served));
    tp_buf_init(&served.body, 1u << 20);
    served.status = 200;
    served.head = store_head;
    return tp_http_global_init(NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fake_stop(&fake);
    tp_buf_finish(&served.body);
    device_close(&device);
    return 0;
}

static bool fetch_from(const char *url, struct tp_notices_end *end, struct tp_error *error)
{
    struct tp_http_options options = {.store_url = url, .token = "secret-token", .stall_s = 1};
    struct tp_http *http = tp_http_create(&options, NULL);
    bool ok = tp_notices_fetch(device.store, http, &identity, end, error);

    tp_http_destroy(http);
    return ok;
}

static struct tp_notices_end fetch(void)
{
    struct tp_notices_end end;
    struct tp_error error = {0};

    if (!fetch_from(fake.server.url, &end, &error))
        fail_msg("%s", error.text);
    return end;
}

static void serve(struct signed_list notices)
{
    tp_buf_reset(&served.body);
    assert_true(tp_buf_add(&served.body, notices.signature.data, notices.signature.length));
    assert_true(tp_buf_add(&served.body, notices.text.data, notices.text.length));
    signed_list_finish(&notices);
}

static void serve_new(int64_t serial)
{
    serve(notices_make(&fake.pair, serial, "Sunday opening"));
}

static void the_list_is_brought_and_then_only_asked_for(void **state)
{
    struct signed_list made;
    struct tp_notices_end end;
    char tag[TP_SHA256_TEXT_MAX + 2] = "\"";

    (void)state;
    serve_new(7);
    end = fetch();
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_true(end.changed);
    assert_true(end.contact);
    assert_int_equal(end.retry_after_s, -1);
    assert_string_equal(end.words, "");
    assert_int_equal(notices_kept(&device), 7);
    assert_string_equal(served.tag, "");
    served.status = 304;
    served.body.length = 0;
    end = fetch();
    made = notices_make(&fake.pair, 7, "Sunday opening");
    tp_sha256_text(made.text.data, made.text.length, tag + 1);
    signed_list_finish(&made);
    tag[TP_SHA256_TEXT_MAX] = '"';
    tag[TP_SHA256_TEXT_MAX + 1] = '\0';
    assert_string_equal(served.tag, tag);
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_false(end.changed);
    assert_true(end.contact);
    assert_string_equal(end.words, "");
    served.status = 200;
    serve_new(8);
    assert_true(fetch().changed);
    assert_int_equal(notices_kept(&device), 8);
}

/* Each is answered, and none changes what is here. */
static void assert_left_out(const char *words)
{
    struct tp_notices_end end = fetch();

    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_false(end.changed);
    assert_true(end.contact);
    if (!strstr(end.words, words) || strncmp(end.words, "the notices: ", 12) != 0)
        fail_msg("'%s' does not say '%s'", end.words, words);
    assert_int_equal(notices_kept(&device), 7);
}

static void a_list_that_is_not_the_store_s_changes_nothing(void **state)
{
    struct signed_list altered = notices_make(&fake.pair, 9, "Sunday opening");

    (void)state;
    serve_new(7);
    (void)fetch();
    serve_new(6);
    assert_left_out("older than those that are here");
    serve(notices_make(&fake.other, 9, "Sunday opening"));
    assert_left_out("another central store");
    notices_alter(&altered);
    serve(altered);
    assert_left_out("altered");
    tp_buf_reset(&served.body);
    assert_true(tp_buf_puts(&served.body, "{\"notices\":[]}"));
    assert_left_out("not a signed list");
}

struct answer {
    int status;
    const char *head;
    enum tp_verdict_kind kind;
    bool contact;
    int64_t retry_after_s;
    const char *words; /* ""; else part of them */
};

static const struct answer answers[] = {
    {404, OPENROSA, TP_VERDICT_DELIVERED, true, -1, ""},
    {404, "", TP_VERDICT_DELIVERED, false, -1, ""},
    {304, "", TP_VERDICT_LATER, false, -1, "the notices: someone else answered"},
    {200, "", TP_VERDICT_LATER, false, -1, "the notices: someone else answered"},
    {500, OPENROSA, TP_VERDICT_LATER, true, -1, "the notices: the store is in trouble (500)"},
    {503, OPENROSA "Retry-After: 90\r\n", TP_VERDICT_PAUSE, true, 90, "busy"},
    {401, OPENROSA, TP_VERDICT_BARRED, true, -1, "no longer enrolled"},
};

static void what_is_no_list_ends_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        const struct answer *answer = &answers[i];
        struct tp_notices_end end;

        serve_new(7);
        served.status = answer->status;
        served.head = answer->head;
        end = fetch();
        print_message("%d\n", answer->status);
        assert_int_equal(end.kind, answer->kind);
        assert_int_equal(end.contact, answer->contact);
        assert_int_equal(end.retry_after_s, answer->retry_after_s);
        assert_false(end.changed);
        if (*answer->words ? !strstr(end.words, answer->words) : *end.words)
            fail_msg("'%s' is not '%s'", end.words, answer->words);
        assert_int_equal(notices_kept(&device), 0);
    }
}

static void no_store_is_no_failure_of_the_device(void **state)
{
    char longest[TP_HTTP_URL_MAX];
    struct tp_notices_end end;
    struct tp_error error;

    (void)state;
    assert_true(fetch_from("http://127.0.0.1:1", &end, &error));
    assert_int_equal(end.kind, TP_VERDICT_PAUSE);
    assert_non_null(strstr(end.words, "no connection"));
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    memcpy(longest, "http://", 7);
    assert_true(fetch_from(longest, &end, &error));
    assert_int_equal(end.kind, TP_VERDICT_LATER);
    assert_non_null(strstr(end.words, "an address longer than"));
}

static void a_device_that_cannot_keep_it_says_so(void **state)
{
    struct tp_notices_end end;
    struct tp_error error = {0};

    (void)state;
    serve_new(7);
    served.breaks_device = true;
    assert_false(fetch_from(fake.server.url, &end, &error));
    assert_int_equal(error.code, TP_ERR_IO);
    assert_non_null(strstr(error.text, "cannot read the notices"));
    served.breaks_device = false;
    served.tag[0] = 'x';
    assert_false(fetch_from(fake.server.url, &end, &error));
    assert_string_equal(served.tag, "x"); /* it was not even asked */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_list_is_brought_and_then_only_asked_for),
        TEST(a_list_that_is_not_the_store_s_changes_nothing),
        TEST(what_is_no_list_ends_as_the_table_says),
        TEST(no_store_is_no_failure_of_the_device),
        TEST(a_device_that_cannot_keep_it_says_so),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
