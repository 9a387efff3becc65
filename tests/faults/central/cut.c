/*
 * Several answers in one request, over a connection that is cut at each byte of the request, and at
 * each byte of the reply: of a request that is not whole nothing is kept, of one that is each
 * answer once, however often it comes.
 */
#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "central/http/server.h"
#include "faults/tally.h"
#include "store/several.h"
#include "unit/central/dial.h"
#include "unit/central/world.h"

#define ANSWERS 2
/* The library may see that a connection is gone only when its idle time is over: room for all. */
#define CONNECTIONS 8192

static struct world world;
static struct tp_server *server;
static struct tp_buf request;

static void make_request(void)
{
    struct tp_carried answers[ANSWERS];
    char ids[ANSWERS][16];
    char hashes[ANSWERS][TP_SHA256_TEXT_MAX];
    struct tp_buf sealed[ANSWERS];
    struct tp_buf body;

    tp_buf_init(&body, TP_SEVERAL_BYTES_MAX);
    tp_buf_init(&request, TP_SEVERAL_BYTES_MAX);
    for (size_t i = 0; i < ANSWERS; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "uuid:%zu", i);
        tp_buf_init(&sealed[i], TP_SEAL_SEALED_MAX);
        assert_true(tp_seal(&world.central.keys.sealing, "<data/>", 7, &sealed[i], NULL));
        tp_sha256_text(sealed[i].data, sealed[i].length, hashes[i]);
        answers[i] = (struct tp_carried){.instance_id = ids[i],
                                         .form_id = "hours",
                                         .form_version = "1",
                                         .sha256 = hashes[i],
                                         .sealed = sealed[i].data,
                                         .sealed_count = sealed[i].length};
    }
    assert_true(tp_several_write(answers, ANSWERS, &body, NULL));
    assert_true(tp_buf_printf(&request,
                              "POST /talkpoint/submissions HTTP/1.1\r\nHost: localhost\r\n"
                              "Authorization: Bearer %s\r\nX-OpenRosa-Version: 1.0\r\n"
                              "X-Talkpoint-Receipt: 2\r\nContent-Type: application/octet-stream\r\n"
                              "Content-Length: %zu\r\n\r\n",
                              world.token, body.length) &&
                tp_buf_add(&request, body.data, body.length));
    for (size_t i = 0; i < ANSWERS; i++)
        tp_buf_finish(&sealed[i]);
    tp_buf_finish(&body);
}

static int make(void **state)
{
    struct tp_error error = {.text = ""};

    (void)state;
    world_make(&world);
    (void)snprintf(world.central.settings.listen, sizeof(world.central.settings.listen),
                   "127.0.0.1:0");
    world.central.settings.workers = 1;
    world.central.settings.connections = CONNECTIONS;
    if (!tp_server_start(&world.central, &server, &error))
        fail_msg("%s", error.text);
    make_request();
    return 0;
}

static int end(void **state)
{
    (void)state;
    tp_server_stop(server, 1000);
    tp_buf_finish(&request);
    world_end(&world);
    return 0;
}

/* Sends so many bytes of the request, and no more. */
static int send_first(size_t count)
{
    int fd = dial_to(server);

    assert_int_equal(send(fd, request.data, count, MSG_NOSIGNAL), (ssize_t)count);
    return fd;
}

/* Reads up to so many bytes of what comes back; how many came before it ended. */
static size_t hear(int fd, char *text, size_t count)
{
    size_t length = 0;

    while (length < count) {
        ssize_t got = recv(fd, text + length, count - length, 0);

        if (got <= 0)
            break;
        length += (size_t)got;
    }
    return length;
}

/* How long the whole reply is. */
static size_t reply_length(const char *head)
{
    const char *end = strstr(head, "\r\n\r\n");
    const char *length = strstr(head, "Content-Length: ");

    assert_true(end && length);
    return (size_t)(end + 4 - head) + strtoul(length + 16, NULL, 10);
}

static int64_t kept(void)
{
    int64_t answers = world_number(&world, "SELECT count(*) FROM submission");

    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), answers);
    assert_int_equal(
        world_number(&world, "SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally"), answers);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    return answers;
}

static void a_request_cut_at_each_byte_leaves_nothing(void **state)
{
    char text[512] = "";
    int fd;

    (void)state;
    for (size_t count = 0; count < request.length; count++, faults.injected++)
        (void)close(send_first(count));
    assert_int_equal(kept(), 0);
    /* One thread: what was given to it before, it has seen before it answers this. */
    fd = send_first(request.length);
    assert_true(hear(fd, text, sizeof("HTTP/1.1 200") - 1) > 0 && strstr(text, " 200"));
    (void)close(fd);
    assert_int_equal(kept(), ANSWERS);
}

static void a_reply_cut_at_each_byte_changes_nothing(void **state)
{
    static char text[8192];
    size_t whole = SIZE_MAX;

    (void)state;
    for (size_t count = 0; count <= whole; count++, faults.injected++) {
        int fd = send_first(request.length);

        memset(text, 0, sizeof(text));
        assert_int_equal(hear(fd, text, count), count);
        if (whole == SIZE_MAX && strstr(text, "\r\n\r\n"))
            whole = reply_length(text);
        (void)close(fd);
    }
    assert_true(strstr(text, "\n201\tuuid:0\t") && strstr(text, "\n201\tuuid:1\t"));
    assert_int_equal(kept(), ANSWERS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_cut_at_each_byte_leaves_nothing),
        TEST(a_reply_cut_at_each_byte_changes_nothing),
    };
    struct rlimit files;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    return faults_end(databases_run(tests));
}
