/* agent/net: where a request goes on that an OpenRosa server sends elsewhere, and what it says
 * there of who asks. */
#include "tp_test.h"

#include "agent/net/http.h"
#include "unit/agent/server.h"

#define BARE TP_REDIRECT_BARE
#define ON TP_REDIRECT_ON
#define NO TP_REDIRECT_NO

static void where_a_request_may_go(void **state)
{
    static const struct {
        const char *store, *method;
        long status;
        bool hash_proves;
        const char *to;
        enum tp_redirect wanted;
    } rows[] = {
        {"https://odk.org/v1", "GET", 301, false, "https://odk.org/other", ON},
        {"https://odk.org/v1", "GET", 302, false, "https://ODK.org:443/other", ON},
        {"https://odk.org/v1", "HEAD", 303, false, "https://odk.org/", ON},
        {"https://odk.org/v1", "GET", 300, false, "https://odk.org/", NO},
        {"https://odk.org/v1", "GET", 304, true, "https://odk.org/", NO},
        {"https://odk.org/v1", "GET", 200, true, "https://odk.org/", NO},
        {"https://odk.org/v1", "POST", 307, false, "https://odk.org/submission/", ON},
        {"https://odk.org/v1", "POST", 308, false, "https://odk.org/submission/", ON},
        {"https://odk.org/v1", "POST", 301, false, "https://odk.org/submission/", NO},
        {"https://odk.org/v1", "POST", 302, false, "https://odk.org/submission/", NO},
        {"https://odk.org/v1", "POST", 307, false, "https://other.org/submission", NO},
        {"https://odk.org/v1", "POST", 307, true, "https://other.org/submission", NO},
        {"https://odk.org/v1", "GET", 302, false, "https://media.org/a.png", NO},
        {"https://odk.org/v1", "GET", 302, true, "https://media.org/a.png", BARE},
        {"https://odk.org/v1", "GET", 307, true, "https://odk.org:8443/a.png", BARE},
        {"https://odk.org/v1", "HEAD", 307, true, "https://media.org/a.png", NO},
        {"https://odk.org/v1", "GET", 302, true, "http://odk.org/a.png", NO},
        {"https://odk.org/v1", "GET", 302, true, "http://127.0.0.1/a.png", NO},
        {"https://odk.org/v1", "GET", 302, true, "https://me:secret@media.org/a.png", NO},
        {"https://odk.org/v1", "GET", 302, true, "file:///etc/passwd", NO},
        {"http://odk.org/v1", "GET", 302, true, "http://media.org/a.png", NO},
        {"http://odk.org/v1", "GET", 302, true, "http://127.0.0.1/a.png", NO},
        {"http://127.0.0.1:8080", "GET", 302, true, "http://127.0.0.1:9090/a.png", BARE},
        {"http://127.0.0.1:8080", "GET", 302, true, "http://media.org/a.png", NO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct tp_http_request request = {.method = rows[i].method,
                                                .hash_proves = rows[i].hash_proves};

        if (tp_http_redirect(rows[i].store, &request, rows[i].status, rows[i].to) != rows[i].wanted)
            fail_msg("%s %s at %ld to %s", rows[i].method, rows[i].store, rows[i].status,
                     rows[i].to);
    }
}

/* ---- with servers ---- */

struct place {
    struct server server;
    char to[128]; /* "": answers itself */
    int status;
    unsigned asked, named; /* requests, and those that said who asks */
    char body[64];
};

static struct place store, elsewhere;

static void answer(void *context, const struct server_request *request, struct server_reply *reply)
{
    struct place *place = context;
    char head[256];

    place->asked++;
    place->named += strcasestr(request->headers, "\r\nAuthorization:") != NULL;
    (void)snprintf(place->body, sizeof(place->body), "%.*s", (int)request->body_count,
                   request->body);
    if (*place->to && strcmp(request->path, "/there") != 0) {
        (void)snprintf(head, sizeof(head), "Location: %s\r\n", place->to);
        server_reply(reply, place->status, head, "elsewhere", 9);
    } else {
        server_reply(reply, 200, "X-OpenRosa-Version: 1.0\r\n", "here", 4);
    }
}

static int set_up(void **state)
{
    (void)state;
    store = elsewhere = (struct place){.status = 302};
    server_start(&store.server, answer, &store);
    server_start(&elsewhere.server, answer, &elsewhere);
    return tp_http_global_init(NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    server_stop(&store.server);
    server_stop(&elsewhere.server);
    return 0;
}

/* The status that one request ends with, and the body. */
static long ask(enum tp_http_auth auth, bool openrosa, const char *method, char body[64])
{
    struct tp_http_options options = {.store_url = store.server.url,
                                      .token = "secret",
                                      .user = "ann",
                                      .auth = auth,
                                      .openrosa_server = openrosa};
    struct tp_http *http = tp_http_create(&options, NULL);
    char url[TP_HTTP_URL_MAX];
    struct tp_http_request request = {.method = method,
                                      .url = url,
                                      .answer_max = 4096,
                                      .total_s = 30,
                                      .hash_proves = strcmp(method, "GET") == 0};
    struct tp_http_answer said;
    long status;

    if (strcmp(method, "POST") == 0) {
        request.body = "an answer";
        request.body_count = 9;
    }
    assert_true(tp_http_path(http, "/a", url, NULL));
    assert_true(tp_http_call(http, &request, &said, NULL));
    status = said.exchange.status;
    (void)snprintf(body, 64, "%s", tp_buf_text(&said.body));
    tp_http_answer_finish(&said);
    tp_http_destroy(http);
    return status;
}

static void another_origin_is_not_told_who_asks(void **state)
{
    static const enum tp_http_auth ways[] = {TP_AUTH_BEARER, TP_AUTH_TOKEN, TP_AUTH_BASIC};
    char body[64];

    (void)state;
    (void)snprintf(store.to, sizeof(store.to), "%s/there", elsewhere.server.url);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        assert_int_equal(ask(ways[i], true, "GET", body), 200);
        assert_string_equal(body, "here");
        assert_int_equal(store.named, i + 1);
        assert_int_equal(elsewhere.asked, i + 1);
        assert_int_equal(elsewhere.named, 0);
    }
    /* Nor is the store told by whom it was sent back. */
    (void)snprintf(elsewhere.to, sizeof(elsewhere.to), "%s/there", store.server.url);
    (void)snprintf(store.to, sizeof(store.to), "%s/b", elsewhere.server.url);
    store.named = 0;
    assert_int_equal(ask(TP_AUTH_BASIC, true, "GET", body), 200);
    assert_int_equal(store.named, 1);
}

static void a_post_keeps_its_body_or_stays(void **state)
{
    char body[64];

    (void)state;
    (void)snprintf(store.to, sizeof(store.to), "/there");
    store.status = 307;
    assert_int_equal(ask(TP_AUTH_BEARER, true, "POST", body), 200);
    assert_string_equal(store.body, "an answer");
    assert_int_equal(store.named, 2);
    store.status = 302;
    assert_int_equal(ask(TP_AUTH_BEARER, true, "POST", body), 302);
    store.status = 307;
    (void)snprintf(store.to, sizeof(store.to), "%s/there", elsewhere.server.url);
    assert_int_equal(ask(TP_AUTH_BEARER, true, "POST", body), 307);
    assert_int_equal(elsewhere.asked, 0);
}

static void a_circle_ends_and_talkpoint_s_store_sends_nobody_on(void **state)
{
    char body[64];

    (void)state;
    (void)snprintf(store.to, sizeof(store.to), "/again");
    assert_int_equal(ask(TP_AUTH_BEARER, true, "GET", body), 302);
    assert_int_equal(store.asked, 1 + TP_HTTP_HOPS_MAX);
    (void)snprintf(store.to, sizeof(store.to), "/there");
    assert_int_equal(ask(TP_AUTH_BEARER, false, "GET", body), 302);
    assert_string_equal(body, "elsewhere");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_a_request_may_go),
        cmocka_unit_test_setup_teardown(another_origin_is_not_told_who_asks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_post_keeps_its_body_or_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_circle_ends_and_talkpoint_s_store_sends_nobody_on, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
