/* Guessing passwords: many names from one place, and many guesses at one moment. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "unit/central/dial.h"
#include "unit/central/office.h"

/* A guess at the password of the nth of many names. */
static int guess_from(const char *address, int n)
{
    struct tp_exchange exchange;
    char fields[64];
    int status;

    (void)snprintf(fields, sizeof(fields), "name=n%d&password=wrong+horse+battery", n);
    world.remote = address;
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    status = world_post(&world, "/sign-in", fields, true, &exchange);
    world.remote = NULL;
    tp_exchange_finish(&exchange);
    return status;
}

static void one_password_for_many_names_is_held_up(void **state)
{
    (void)state;
    /* Of 2^64 addresses that one customer has, each guess from another. */
    for (int i = 0; i <= 30; i++)
        assert_int_equal(guess_from(i % 2 ? "2001:db8:0:7::1" : "2001:db8:0:7:a:b:c:d", i), 403);
    assert_int_equal(guess_from("2001:db8:0:7:ffff::2", 31), 429);
    assert_int_equal(guess_from("2001:db8:0:8::1", 32), 403);
    world.remote = "2001:db8:0:7::1";
    tp_clock_fake_advance(&world.time, 1000);
    world_sign_in(&world);
    /* Who knows one password does not clear the way for guesses at others. */
    assert_int_equal(guess_from("2001:db8:0:7::1", 33), 403);
    assert_int_equal(guess_from("2001:db8:0:7::1", 34), 429);
    tp_clock_fake_advance(&world.time, 60 * 1000);
    assert_int_equal(guess_from("2001:db8:0:7::1", 35), 403);
}

/* ---- over the network ---- */

static struct tp_server *server;

/* One thread: whoever kept it busy would keep everybody waiting. */
static int start_server(void **state)
{
    (void)office_make(state);
    (void)snprintf(world.central.settings.listen, sizeof(world.central.settings.listen),
                   "127.0.0.1:0");
    world.central.settings.workers = 1;
    return tp_server_start(&world.central, &server, NULL) ? 0 : -1;
}

static int stop_server(void **state)
{
    tp_server_stop(server, 1000);
    return office_end(state);
}

/* A connection that waits for no answer longer than a test's patience. */
static int dial(void)
{
    const struct timeval patience = {.tv_sec = 20};
    int fd = dial_to(server);

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
    return fd;
}

static int guess(void)
{
    int fd = dial();

    say_sign_in(fd, "", "admin", "wrong+horse+battery");
    return fd;
}

/* 0: none came. */
static int hears_status(int fd)
{
    char text[64] = "";

    (void)recv(fd, text, sizeof(text) - 1, MSG_WAITALL);
    (void)close(fd);
    return *text ? (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10) : 0;
}

static void wait_until_looked_at(int count)
{
    while (atomic_load(&world.central.signing_in) != count)
        (void)sched_yield();
}

static void whoever_guesses_holds_nobody_up(void **state)
{
    int guesses[2] = {-1, -1};
    int other = dial();
    int meanwhile;

    (void)state;
    (void)pthread_mutex_lock(&world.central.hashing);
    guesses[0] = guess();
    wait_until_looked_at(1);
    say(other, "GET /formList HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    meanwhile = hears_status(other);
    if (meanwhile == 0)
        (void)pthread_mutex_unlock(&world.central.hashing); /* for the teardown */
    assert_int_equal(meanwhile, 401);
    guesses[1] = guess();
    wait_until_looked_at(2);
    /* One is looked at and one waits; who comes then is asked to try again. */
    other = guess();
    assert_true(hears(other, "Retry-After: 1\r\n"));
    (void)close(other);
    (void)pthread_mutex_unlock(&world.central.hashing);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(hears_status(guesses[i]), 403);
    wait_until_looked_at(0);
}

static void guesses_at_the_same_moment_wait_for_each_other(void **state)
{
    int guesses[2];
    int sum = 0;

    (void)state;
    while (hears_status(guess()) == 403)
        ;
    tp_clock_fake_advance(&world.time, 3600 * 1000);
    (void)pthread_mutex_lock(&world.central.hashing);
    for (size_t i = 0; i < 2; i++)
        guesses[i] = guess();
    wait_until_looked_at(2);
    (void)pthread_mutex_unlock(&world.central.hashing);
    for (size_t i = 0; i < 2; i++)
        sum += hears_status(guesses[i]);
    /* The second knows of the first one's failure. */
    assert_int_equal(sum, 403 + 429);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)
#define SERVER_TEST(name) cmocka_unit_test_setup_teardown(name, start_server, stop_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_password_for_many_names_is_held_up),
        SERVER_TEST(whoever_guesses_holds_nobody_up),
        SERVER_TEST(guesses_at_the_same_moment_wait_for_each_other),
    };

    return databases_run(tests);
}
