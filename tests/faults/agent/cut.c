/* The connection cut at each byte of the request and of the answer: nothing is lost, nothing is
 * deleted without its receipt, and everything arrives once. */
#include "tp_test.h"

#include "faults/tally.h"
#include "unit/agent/draining.h"

static struct tp_upload_end drain(void)
{
    return drain_with((struct tp_http_options){.stall_s = 0}, &device.clock);
}

static void an_answer_cut_at_each_byte_deletes_nothing(void **state)
{
    size_t delivered = 0;
    size_t rounds = 0;
    size_t again;

    (void)state;
    device_put(&device, 1, NULL);
    fake.trouble = TROUBLE_CUT;
    fake.trouble_left = SIZE_MAX;
    while (delivered == 0 && rounds < 4096) {
        struct tp_upload_end end;

        fake.cut_at = rounds++;
        end = drain();
        delivered = end.delivered;
        assert_int_equal(device_counts(&device).waiting, 1 - delivered);
        assert_int_equal(device_counts(&device).quarantined, 0);
    }
    faults.injected += rounds - 1;
    /* It took the whole answer: its head and a receipt are longer than this. */
    assert_true(delivered == 1 && rounds > 500);
    assert_int_equal(fake_taken(&fake, &again), 1);
    assert_int_equal(fake.altered, 0);
    assert_int_equal(device_counts(&device).sent, 1);
}

static void a_request_cut_at_each_byte_is_sent_again(void **state)
{
    size_t delivered = 0;
    size_t cut = 0;
    size_t again;

    (void)state;
    device_put(&device, 1, NULL);
    while (delivered == 0 && cut < 16384) {
        atomic_store(&fake.server.cut_request_at, ++cut);
        delivered = drain().delivered;
        assert_int_equal(device_counts(&device).waiting, 1 - delivered);
        assert_int_equal(device_counts(&device).quarantined, 0);
    }
    faults.injected += cut - 1;
    /* The sealed bytes alone are more than this. */
    assert_true(delivered == 1 && cut > 1024 + 88);
    assert_int_equal(fake.submissions, 1);
    assert_int_equal(fake_taken(&fake, &again), 1);
    assert_int_equal(again, 0);
    assert_int_equal(fake.altered, 0);
}

/* ---- several answers in one request ---- */

/* Cuts the first reply to several answers; so many bytes of it come. */
static size_t cut_several_at;
static bool cut_one;

static void cut_several(void *context, const struct server_request *request,
                        struct server_reply *reply)
{
    struct fake_store *store = context;

    (void)pthread_mutex_lock(&store->mutex);
    if (cut_one && strcmp(request->path, "/talkpoint/submissions") == 0) {
        store->trouble_left = 1;
        store->cut_at = cut_several_at;
        cut_one = false;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    fake_handle(context, request, reply);
}

/* Enough that some go together, two at first: one alone, two beside each other, then these. */
#define ENOUGH 5u
/* Where a kept connection says less, libcurl itself tries another. */
#define FIRST_LINE (sizeof("HTTP/1.1 200 Reason\r\n") - 1)

/* The word on many is lost as a whole: each is kept, and comes again, alone. */
static void a_reply_to_several_cut_at_each_byte_deletes_nothing(void **state)
{
    size_t whole_after = 0;
    size_t rounds = 0;
    size_t again;

    (void)state;
    fake.several = TP_SEVERAL_ANSWERS_MAX;
    fake.trouble = TROUBLE_CUT;
    fake.server.handler = cut_several;
    while (whole_after < 2 && rounds < 8192) {
        size_t delivered;

        cut_several_at = FIRST_LINE + rounds++;
        cut_one = true;
        device_put(&device, ENOUGH, NULL);
        delivered = drain().delivered;
        assert_int_equal(device_counts(&device).waiting, ENOUGH - delivered);
        assert_int_equal(device_counts(&device).quarantined, 0);
        /* Without a request of several, or with its whole reply, there was no fault. */
        if (delivered == ENOUGH && !cut_one)
            whole_after++;
        else
            faults.injected += !cut_one;
        cut_one = false;
        (void)drain();
        assert_int_equal(device_counts(&device).waiting, 0);
    }
    /* Longer than its head and two receipts are. */
    assert_true(whole_after == 2 && rounds > 700);
    assert_int_equal(fake_taken(&fake, &again), device_counts(&device).sent);
    assert_int_equal(fake.altered, 0);
    assert_int_equal(fake.overlaps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_cut_at_each_byte_deletes_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_request_cut_at_each_byte_is_sent_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_reply_to_several_cut_at_each_byte_deletes_nothing, set_up,
                                        tear_down),
    };

    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
