/* sync/agent/do/upload.c: what a drain keeps account of while it goes on. */
#include "tp_test.h"

#include "unit/agent/draining.h"

#define ANSWERS 60

static struct tp_clock_fake time_now;

static struct tp_upload_end drain(void)
{
    const struct tp_clock clock = tp_clock_from_fake(&time_now);

    return drain_with((struct tp_http_options){.stall_s = 1}, &clock);
}

/* Every third is refused for the moment, in turn with one word and another. */
static void every_third_fails(void *context, const struct server_request *request,
                              struct server_reply *reply)
{
    struct fake_store *store = context;

    (void)pthread_mutex_lock(&store->mutex);
    if (store->submissions % 3 == 2) {
        store->trouble = TROUBLE_STATUS;
        store->status = store->submissions % 6 == 2 ? 500 : 502;
        store->trouble_left = 1;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    fake_handle(context, request, reply);
}

static bool count_words(void *context, const struct tp_outbox_item *item)
{
    size_t *counts = context; /* of 500 and of 502 */

    assert_int_equal(item->attempts, 1);
    counts[0] += strstr(item->last_error, "(500)") != NULL;
    counts[1] += strstr(item->last_error, "(502)") != NULL;
    return true;
}

/* One connection, so that they come in turn. */
static void failures_with_successes_between_do_not_end_it(void **state)
{
    size_t counts[2] = {0, 0};
    struct tp_upload_end end;

    (void)state;
    fake.server.handler = every_third_fails;
    device_put(&device, ANSWERS, NULL);
    end = drain_with((struct tp_http_options){.stall_s = 1, .connections = 1}, &device.clock);
    assert_int_equal(end.kind, TP_VERDICT_DELIVERED);
    assert_int_equal(end.delivered, ANSWERS * 2 / 3);
    assert_int_equal(end.left_over, ANSWERS / 3);
    /* Each was tried once, and is kept with its own words. */
    assert_true(tp_outbox_each(device.store, TP_OUTBOX_WAITING, count_words, counts, NULL));
    assert_int_equal(counts[0], ANSWERS / 6);
    assert_int_equal(counts[1], ANSWERS / 6);
    fake.server.handler = fake_handle;
    fake.trouble_left = 0;
    assert_int_equal(drain().delivered, ANSWERS / 3);
}

/* Its place is free for the next, whose bytes are its own. */
static void one_that_cannot_be_sent_does_not_spoil_the_next(void **state)
{
    struct tp_http *http = connect_with((struct tp_http_options){.connections = 1});
    const struct tp_upload upload = {.store = device.store,
                                     .http = http,
                                     .receipt_key = &fake.pair.key,
                                     .clock = &device.clock,
                                     .accepts_bytes = 50000};
    struct tp_upload_end end;

    (void)state;
    device_put_large(&device, "uuid:large", 100000);
    device_put(&device, 3, NULL);
    assert_true(tp_upload_drain(&upload, &end, NULL));
    tp_http_destroy(http);
    assert_int_equal(end.set_aside, 1);
    assert_int_equal(end.delivered, 3);
    assert_int_equal(fake.altered, 0);
}

/* As of a screen that was connected to another kind of store since. */
static void what_is_for_another_kind_of_store_is_set_aside(void **state)
{
    const struct tp_identity openrosa = {.kind = TP_STORE_OPENROSA};
    struct tp_http *http = connect_with((struct tp_http_options){.openrosa_server = true});
    const struct tp_upload upload = {
        .store = device.store, .http = http, .openrosa = &openrosa, .clock = &device.clock};
    struct tp_upload_end end;

    (void)state;
    device_put(&device, 2, NULL);
    assert_true(tp_upload_drain(&upload, &end, NULL));
    tp_http_destroy(http);
    assert_int_equal(end.set_aside, 2);
    assert_non_null(strstr(end.words, "cannot be sent: it is sealed to a Talkpoint store"));
    assert_int_equal(fake.submissions, 0);
}

/* Fewer than fill a group of deletions. */
#define MANY 240

static uint64_t still_waiting; /* when the last answer came to the store */

/* Time goes by, and the last but one sees how much is there still. */
static void look(void *context, const struct server_request *request, struct server_reply *reply)
{
    struct fake_store *store = context;
    struct tp_store_params params = {.clock = tp_clock_system(), .free_min = 1};
    struct tp_outbox_counts counts;

    (void)pthread_mutex_lock(&store->mutex);
    tp_clock_fake_advance(&time_now, 20);
    if (store->submissions == MANY - 1) {
        struct tp_store *other = tp_store_open(device.store_path, &params, NULL);

        if (!other || !tp_outbox_counts(other, &counts, NULL))
            abort();
        still_waiting = counts.waiting;
        tp_store_close(other);
    }
    (void)pthread_mutex_unlock(&store->mutex);
    fake_handle(context, request, reply);
}

/* So that a machine that loses its power has little to send again. */
static void what_was_signed_for_does_not_wait_for_the_rest(void **state)
{
    (void)state;
    time_now = (struct tp_clock_fake){0};
    fake.server.handler = look;
    device_put(&device, MANY, NULL);
    assert_int_equal(drain().delivered, MANY);
    /* One that went alone was deleted alone; beside it at least one group, however slow the disk.
     */
    assert_in_range(still_waiting, 1, MANY - 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(failures_with_successes_between_do_not_end_it),
        TEST(one_that_cannot_be_sent_does_not_spoil_the_next),
        TEST(what_is_for_another_kind_of_store_is_set_aside),
        TEST(what_was_signed_for_does_not_wait_for_the_rest),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
