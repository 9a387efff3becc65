/* [line] max_bytes_per_second: what it lets through in a second, either way. */
#include "tp_test.h"

#include "unit/agent/draining.h"

/* A sealed answer is at least so long, and its request longer. */
#define SEALED_MIN 1024
#define ANSWERS 8
#define PICTURE 8192
#define PICTURES 8
/* Longer than what libcurl takes at once. */
#define FILM 150000

static int64_t now_ms(void)
{
    const struct tp_clock clock = tp_clock_system();

    return tp_clock_monotonic_ms(&clock);
}

static void answers_go_no_faster_than_the_line_may(void **state)
{
    int64_t began_ms = now_ms();

    (void)state;
    device_put(&device, ANSWERS, NULL);
    assert_int_equal(
        drain_with((struct tp_http_options){.bytes_per_second = 20000}, &device.clock).delivered,
        ANSWERS);
    assert_in_range(now_ms() - began_ms, ANSWERS * SEALED_MIN * 1000 / 20000, 20000);
}

static void give(void *context, const struct server_request *request, struct server_reply *reply)
{
    static const char bytes[FILM];

    (void)context;
    server_reply(reply, 200, OPENROSA, bytes, strcmp(request->path, "/film") == 0 ? FILM : PICTURE);
}

static void fetch(struct tp_http *http, const char *path, size_t length)
{
    struct tp_http_request request = {.method = "GET", .answer_max = FILM, .total_s = 60};
    struct tp_http_answer answer;
    char url[TP_HTTP_URL_MAX];

    assert_true(tp_http_path(http, path, url, NULL));
    request.url = url;
    assert_true(tp_http_call(http, &request, &answer, NULL));
    assert_null(answer.exchange.problem);
    assert_int_equal(answer.body.length, length);
    tp_http_answer_finish(&answer);
}

/* The last one is paid for by whoever comes next. */
static void many_small_files_come_no_faster_than_the_line_may(void **state)
{
    struct tp_http *http = connect_with((struct tp_http_options){.bytes_per_second = 80000});
    int64_t began_ms = now_ms();

    (void)state;
    fake.server.handler = give;
    for (int i = 0; i < PICTURES; i++)
        fetch(http, "/picture", PICTURE);
    assert_in_range(now_ms() - began_ms, (PICTURES - 1) * PICTURE * 1000 / 80000, 20000);
    tp_http_destroy(http);
}

static void a_long_file_comes_no_faster_than_the_line_may(void **state)
{
    struct tp_http *http = connect_with((struct tp_http_options){.bytes_per_second = 100000});
    int64_t began_ms = now_ms();

    (void)state;
    fake.server.handler = give;
    fetch(http, "/film", FILM);
    assert_in_range(now_ms() - began_ms, (FILM - 102400) * 1000 / 100000, 20000);
    tp_http_destroy(http);
}

/* Also while a request waits for the line. */
static bool stopping(void *context)
{
    return (*(int *)context)-- > 0;
}

static void what_waits_for_the_line_can_be_stopped(void **state)
{
    struct tp_http_request request = {.method = "GET", .answer_max = FILM, .total_s = 60};
    int ticks = INT32_MAX;
    struct tp_http *http = connect_with((struct tp_http_options){
        .bytes_per_second = 100, .tick = stopping, .tick_context = &ticks});
    struct tp_http_answer answer;
    char url[TP_HTTP_URL_MAX];
    int64_t began_ms;

    (void)state;
    fake.server.handler = give;
    fetch(http, "/picture", PICTURE);
    ticks = 0;
    began_ms = now_ms();
    assert_true(tp_http_path(http, "/picture", url, NULL));
    request.url = url;
    assert_true(tp_http_call(http, &request, &answer, NULL));
    assert_true(answer.stopped);
    assert_in_range(now_ms() - began_ms, 0, 20000); /* not the 80 s that it would take */
    tp_http_answer_finish(&answer);
    tp_http_destroy(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(answers_go_no_faster_than_the_line_may),
        TEST(many_small_files_come_no_faster_than_the_line_may),
        TEST(a_long_file_comes_no_faster_than_the_line_may),
        TEST(what_waits_for_the_line_can_be_stopped),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
