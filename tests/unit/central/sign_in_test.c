/* Guessing passwords: many names from one place, and many guesses at one moment. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "central/data/people.h"
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

#define GUESSERS 8

static void *guess_at_once(void *status)
{
    struct tp_sign_in result = {.signed_in = true};
    bool ok = tp_people_sign_in(&world.central, "admin", "wrong horse battery", "192.0.2.9",
                                "cookie", &result, NULL);

    *(int *)status = !ok ? 0 : result.busy ? 503 : result.wait_ms ? 429 : 403;
    return NULL;
}

static void guesses_at_the_same_moment_wait_for_each_other(void **state)
{
    pthread_t threads[GUESSERS];
    int statuses[GUESSERS];

    (void)state;
    /* Two at most keep a thread while the first is looked at. */
    (void)pthread_mutex_lock(&world.central.hashing);
    for (size_t i = 2; i < GUESSERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, guess_at_once, &statuses[i]), 0);
    while (atomic_load(&world.central.signing_in) != 2)
        (void)sched_yield();
    guess_at_once(&statuses[0]);
    assert_int_equal(statuses[0], 503);
    (void)pthread_mutex_unlock(&world.central.hashing);
    for (size_t i = 2; i < GUESSERS; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&world.central.signing_in), 0);

    /* Of two who are let in at the same moment the second knows of the first one's failure. */
    while (guess_at_once(&statuses[0]), statuses[0] == 403)
        ;
    tp_clock_fake_advance(&world.time, 3600 * 1000);
    (void)pthread_mutex_lock(&world.central.hashing);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, guess_at_once, &statuses[i]), 0);
    while (atomic_load(&world.central.signing_in) != 2)
        (void)sched_yield();
    (void)pthread_mutex_unlock(&world.central.hashing);
    for (size_t i = 0; i < 2; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(statuses[0] + statuses[1], 403 + 429);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_password_for_many_names_is_held_up),
        TEST(guesses_at_the_same_moment_wait_for_each_other),
    };

    return databases_run(tests);
}
