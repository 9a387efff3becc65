/* The server in the open: clients that drip, that take every connection, that speak no HTTP. The
 * clock is the test's. */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

#include "central/http/deadline.h"
#include "central/http/server.h"
#include "unit/central/dial.h"
#include "unit/central/world.h"

static struct world world;
static struct tp_server *server;

static void start_on(const char *listen, long connections_each)
{
    struct tp_error error = {.text = ""};

    world_make(&world);
    (void)snprintf(world.central.settings.listen, sizeof(world.central.settings.listen), "%s",
                   listen);
    world.central.settings.connections_each = connections_each;
    /* One thread: what it was given first it has seen when it answers what came later. */
    world.central.settings.workers = 1;
    if (!tp_server_start(&world.central, &server, &error))
        fail_msg("%s", error.text);
}

static int make(void **state)
{
    (void)state;
    start_on("127.0.0.1:0", 0);
    return 0;
}

static int make_limited(void **state)
{
    (void)state;
    start_on("127.0.0.1:0", 2);
    return 0;
}

static int end(void **state)
{
    (void)state;
    tp_server_stop(server, 1000);
    world_end(&world);
    return 0;
}

/* Whether the server hangs up without a word within so many seconds. It looks four times in each,
 * and the library's own patience is TP_IDLE_SECONDS. */
static bool is_cut_off(int fd, time_t seconds)
{
    const struct timeval patience = {.tv_sec = seconds};
    char byte;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
    return recv(fd, &byte, 1, 0) == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

#define WHOLE "GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

static void a_head_that_drips_is_cut_off(void **state)
{
    int fd = dial_to(server);
    int other = dial_to(server);

    (void)state;
    say(other, WHOLE);
    assert_true(hears(other, "</html>"));
    say(fd, "GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    world.time.monotonic += TP_HEAD_DEADLINE_MS - 1;
    say(fd, "a");
    say(other, WHOLE);
    assert_true(hears(other, "</html>"));
    world.time.monotonic += 2;
    assert_true(is_cut_off(fd, TP_IDLE_SECONDS / 3));
    (void)close(fd);
    (void)close(other);
}

static void a_body_that_drips_is_cut_off(void **state)
{
    int fd = dial_to(server);

    (void)state;
    say(fd, "POST /talkpoint/enrolments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
            "Expect: 100-continue\r\n\r\n");
    assert_true(hears(fd, "100 Continue"));
    say(fd, "{");
    world.time.monotonic += TP_REQUEST_DEADLINE_MS - 1; /* longer than a head may take */
    assert_false(is_cut_off(fd, 1));
    world.time.monotonic += 2;
    assert_true(is_cut_off(fd, TP_IDLE_SECONDS / 3));
    (void)close(fd);
}

static void a_kept_connection_has_its_next_head_timed_too(void **state)
{
    int fd = dial_to(server);
    int other = dial_to(server);

    (void)state;
    say(fd, WHOLE);
    assert_true(hears(fd, "</html>"));
    say(fd, "GET /sign-in HT");
    say(other, WHOLE);
    assert_true(hears(other, "</html>"));
    world.time.monotonic += TP_IDLE_SECONDS * 1000LL + TP_HEAD_DEADLINE_MS + 1;
    assert_true(is_cut_off(fd, TP_IDLE_SECONDS / 3));
    (void)close(fd);
    (void)close(other);
}

static void one_address_gets_so_many_connections(void **state)
{
    int first = dial_to(server);
    int second = dial_to(server);
    int third;

    (void)state;
    say(first, WHOLE);
    assert_true(hears(first, "</html>"));
    say(second, WHOLE);
    assert_true(hears(second, "</html>"));
    third = dial_to(server);
    (void)send(third, WHOLE, strlen(WHOLE), MSG_NOSIGNAL);
    assert_false(hears(third, "</html>"));
    (void)close(third);
    say(first, WHOLE);
    assert_true(hears(first, "</html>"));
    (void)close(first);
    (void)close(second);
}

/* Who is refused and goes on sending is read to his end, so that he sees the answer; within limits.
 */
static void who_sends_on_after_a_refusal_is_cut_off(void **state)
{
    enum { PIECE = 1024 * 1024 };
    char *piece = tp_calloc(PIECE, 1);
    int fd = dial_to(server);
    size_t sent = 0;

    (void)state;
    assert_non_null(piece);
    say(fd, "POST /submission HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (sent < 200 && send(fd, "100000\r\n", 8, MSG_NOSIGNAL) == 8 &&
           send(fd, piece, PIECE, MSG_NOSIGNAL) == PIECE && send(fd, "\r\n", 2, MSG_NOSIGNAL) == 2)
        sent++;
    assert_in_range(sent, 60, 100);
    (void)close(fd);
    tp_free(piece);
}

static void what_is_no_http_is_refused_and_others_are_served(void **state)
{
    static const char *const bad[] = {
        "\r\n\r\n\x01\xff garbage\r\n\r\n",
        "GET /sign-in HTTP/9.9\r\n\r\n",
        "GET\r\n\r\n",
        "POST /submission HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /submission HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int fd = dial_to(server);

        say(fd, bad[i]);
        (void)shutdown(fd, SHUT_WR);
        assert_false(hears(fd, "HTTP/1.1 2"));
        (void)close(fd);
    }
    {
        int fd = dial_to(server);

        say(fd, WHOLE);
        assert_true(hears(fd, "</html>"));
        (void)close(fd);
    }
}

#define BEHIND "0\r\n\r\n" WHOLE

/* What a proxy may cut in another place than this server is not taken, nor what comes behind it. */
static void what_can_be_read_in_two_ways_is_refused_with_what_follows(void **state)
{
    static const char *const bad[] = {
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
        "\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"
        "\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        "Transfer-Encoding: chunked\r\n\r\n" BEHIND,
        "GET /sign-in HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: "
        "chunked\r\n\r\n" BEHIND,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" WHOLE,
        "GET /sign-in HTTP/1.1\r\n\r\n" WHOLE,
        "GET /sign-in HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n"
        "\r\n" WHOLE,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int fd = dial_to(server);

        say(fd, bad[i]);
        if (hears(fd, "HTTP/1.1 2"))
            fail_msg("taken: %s", bad[i]);
        (void)close(fd);
    }
}

/* What came in before, and one after the other on a connection, is taken as before. */
static void plain_requests_one_behind_the_other_are_answered(void **state)
{
    int fd = dial_to(server);

    (void)state;
    say(fd, "POST /talkpoint/enrolments HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
            "2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n"
            "POST /talkpoint/enrolments HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" WHOLE);
    assert_true(hears(fd, "</html>"));
    (void)close(fd);
    fd = dial_to(server);
    say(fd, "GET /sign-in HTTP/1.0\r\n\r\n");
    assert_true(hears(fd, "</html>"));
    (void)close(fd);
}

/* A client may shut its half of the connection behind the request (RFC 9112, 9.6). What it asks for
 * it gets. Where the answer has to wait for the disk the library may take the end of what is read
 * for the end of all, and then says nothing: the answer is kept all the same, and whoever sends it
 * again gets its receipt. */
static void who_sends_and_shuts_its_half_loses_nothing(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    char head[512];
    int fd = dial_to(server);

    (void)state;
    say(fd, WHOLE);
    (void)shutdown(fd, SHUT_WR);
    assert_true(hears(fd, "</html>"));
    (void)close(fd);

    world_sealed(&world, "hours", "uuid:half", "<data/>", &body);
    (void)snprintf(head, sizeof(head),
                   "POST /submission HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                   "X-OpenRosa-Version: 1.0\r\nContent-Type: " WORLD_MULTIPART "\r\n"
                   "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                   world.token, body.length);
    fd = dial_to(server);
    say(fd, head);
    assert_int_equal(send(fd, tp_buf_text(&body), body.length, MSG_NOSIGNAL), body.length);
    (void)shutdown(fd, SHUT_WR);
    (void)hears(fd, "never said");
    (void)close(fd);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    assert_non_null(strstr(world_body(&exchange), "signature="));
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
}

/* Each failed sign-in is logged with the address that it came from. */
static void assert_seen_from(const char *head, const char *address)
{
    char sql[128];
    int fd = dial_to(server);

    say_sign_in(fd, head, "a", "b");
    assert_true(hears(fd, "</html>"));
    (void)close(fd);
    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM audit WHERE subject = '%s'", address);
    assert_int_equal(world_number(&world, sql), 1);
}

static void a_client_behind_a_proxy_does_not_choose_its_address(void **state)
{
    (void)state;
    assert_seen_from("", "127.0.0.1");
    assert_seen_from("X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1");
    assert_seen_from("X-Forwarded-For: 203.0.113.5, 192.0.2.2\r\n", "192.0.2.2");
    assert_seen_from("X-Forwarded-For: 203.0.113.5\r\nx-forwarded-for: 192.0.2.3\r\n", "192.0.2.3");
}

static int make_for_both_kinds(void **state)
{
    (void)state;
    start_on("[::]:0", 0);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_head_that_drips_is_cut_off),
        TEST(a_body_that_drips_is_cut_off),
        TEST(a_kept_connection_has_its_next_head_timed_too),
        cmocka_unit_test_setup_teardown(one_address_gets_so_many_connections, make_limited, end),
        TEST(who_sends_on_after_a_refusal_is_cut_off),
        TEST(what_is_no_http_is_refused_and_others_are_served),
        TEST(what_can_be_read_in_two_ways_is_refused_with_what_follows),
        TEST(plain_requests_one_behind_the_other_are_answered),
        TEST(who_sends_and_shuts_its_half_loses_nothing),
        TEST(a_client_behind_a_proxy_does_not_choose_its_address),
        cmocka_unit_test_setup_teardown(a_client_behind_a_proxy_does_not_choose_its_address,
                                        make_for_both_kinds, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
