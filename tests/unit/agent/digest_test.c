/* agent/net: Digest with a server whose nonces run out, and which does not say that they did, as
 * KoboToolbox's (django-digest: `stale` is always false). */
#include "tp_test.h"

#include "agent/net/http.h"
#include "unit/agent/server.h"

#define USES 2u /* requests that one nonce is good for */

struct kobo {
    struct server server;
    unsigned nonce, used, asked, posted;
    bool shut;
};

static struct kobo kobo;

/* Only whether the nonce is the one given out last and not used up; how the password goes into the
 * response is libcurl's. */
static bool is_let_in(struct kobo *it, const char *headers)
{
    char wanted[40];

    (void)snprintf(wanted, sizeof(wanted), "nonce=\"n%u\"", it->nonce);
    return !it->shut && strstr(headers, wanted) && it->used++ < USES;
}

static void answer(void *context, const struct server_request *request, struct server_reply *reply)
{
    struct kobo *it = context;
    char head[200];

    it->asked++;
    if (is_let_in(it, request->headers)) {
        it->posted += request->body_count > 0;
        server_reply(reply, 201, "X-OpenRosa-Version: 1.0\r\n", "here", 4);
        return;
    }
    it->used = 0;
    (void)snprintf(head, sizeof(head),
                   "WWW-Authenticate: Digest realm=\"DJANGO\", qop=\"auth\", nonce=\"n%u\", "
                   "algorithm=\"MD5\", stale=\"false\"\r\n",
                   ++it->nonce);
    server_reply(reply, 401, head, "no", 2);
}

static int set_up(void **state)
{
    const struct tp_http_options options = {.connections = 1,
                                            .token = "secret",
                                            .user = "ann",
                                            .auth = TP_AUTH_DIGEST,
                                            .openrosa_server = true};
    struct tp_http_options with_url = options;

    if (!tp_http_global_init(NULL))
        return -1;
    kobo = (struct kobo){.nonce = 0};
    server_start(&kobo.server, answer, &kobo);
    with_url.store_url = kobo.server.url;
    *state = tp_http_create(&with_url, NULL);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    tp_http_destroy(*state);
    server_stop(&kobo.server);
    return 0;
}

static long post(struct tp_http *http)
{
    char url[TP_HTTP_URL_MAX];
    struct tp_http_request request = {.method = "POST",
                                      .url = url,
                                      .content_type = "text/xml",
                                      .body = "<data/>",
                                      .body_count = 7,
                                      .answer_max = 4096,
                                      .total_s = 30};
    struct tp_http_answer said;
    long status;

    assert_true(tp_http_path(http, "/submission", url, NULL));
    assert_true(tp_http_call(http, &request, &said, NULL));
    status = said.exchange.status;
    /* Of two answers to one request only the last one's words are kept. */
    if (status == 201)
        assert_string_equal(tp_buf_text(&said.body), "here");
    tp_http_answer_finish(&said);
    return status;
}

static void a_nonce_that_ran_out_is_no_wrong_password(void **state)
{
    for (unsigned i = 1; i <= 7; i++) {
        assert_int_equal(post(*state), 201);
        assert_int_equal(kobo.posted, i);
    }
    /* For each USES requests one that was refused, one that asks, and no more. */
    assert_int_equal(kobo.asked, 7 + 1 + 3 * 2);
}

static void who_is_shut_out_asks_once_more_and_no_longer(void **state)
{
    assert_int_equal(post(*state), 201);
    kobo.shut = true;
    kobo.asked = 0;
    assert_int_equal(post(*state), 401);
    assert_int_equal(kobo.asked, 3);
    kobo.asked = 0;
    assert_int_equal(post(*state), 401);
    assert_in_range(kobo.asked, 1, 2);
    kobo.shut = false;
    assert_int_equal(post(*state), 201);
}

static void a_password_that_never_fitted_is_not_said_again(void **state)
{
    kobo.shut = true;
    assert_int_equal(post(*state), 401);
    assert_int_equal(kobo.asked, 2); /* once to be asked for it, once with it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_nonce_that_ran_out_is_no_wrong_password, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_is_shut_out_asks_once_more_and_no_longer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_password_that_never_fitted_is_not_said_again, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
