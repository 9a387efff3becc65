/* The outbox, taking: in order, claimed once, whole. */
#include <sqlite3.h>

#include "unit/store/fixture.h"

static void order_is_that_of_saving_whatever_the_clock_says(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;

    for (unsigned i = 0; i < 5; i++) {
        f->fake.wall -= 86400000;
        assert_true(fixture_put(f, 90 - i));
    }
    batch = fixture_next(f, 10);
    assert_int_equal(batch.count, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_string_equal(batch.items[i].instance_id, fixture_id(90 - i));
        if (i)
            assert_true(batch.items[i].sequence > batch.items[i - 1].sequence);
    }
    assert_int_equal(batch.items[4].created.trust, TP_CLOCK_WRONG);
    tp_outbox_batch_finish(&batch);
}

static void the_sequence_never_goes_back(void **state)
{
    struct fixture *f = *state;
    int64_t last = 0;

    for (unsigned i = 0; i < 5; i++) {
        struct tp_outbox_batch batch;
        struct tp_receipt receipt;

        assert_true(fixture_put(f, i));
        batch = fixture_next(f, 1);
        assert_true(batch.items[0].sequence > last);
        last = batch.items[0].sequence;
        receipt = fixture_receipt(f, &batch.items[0]);
        assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, NULL, &f->error));
        tp_outbox_batch_finish(&batch);
        fixture_reopen(f);
    }
}

static void an_answer_is_never_in_flight_twice(void **state)
{
    struct fixture *f = *state;
    struct tp_store *other = tp_store_open(f->path, &f->params, &f->error);
    struct tp_outbox_next_params params = {.max_count = 10, .lease_ms = 60000};
    struct tp_outbox_batch mine;
    struct tp_outbox_batch theirs = {0};

    for (unsigned i = 0; i < 4; i++)
        assert_true(fixture_put(f, i));
    mine = fixture_next(f, 3);
    assert_int_equal(mine.count, 3);
    assert_true(tp_outbox_next(other, &params, &theirs, &f->error));
    assert_int_equal(theirs.count, 1);
    assert_string_equal(theirs.items[0].instance_id, fixture_id(3));
    tp_outbox_batch_finish(&mine);
    tp_outbox_batch_finish(&theirs);
    mine = fixture_next(f, 10);
    assert_int_equal(mine.count, 0);
    tp_outbox_batch_finish(&mine);
    /* A claim lapses; one of another start of the machine is void at once. */
    tp_clock_fake_advance(&f->fake, 60000);
    mine = fixture_next(f, 10);
    assert_int_equal(mine.count, 4);
    tp_outbox_batch_finish(&mine);
    f->params.boot_id = "22222222-2222-4222-8222-222222222222";
    fixture_reopen(f);
    mine = fixture_next(f, 10);
    assert_int_equal(mine.count, 4);
    tp_outbox_batch_finish(&mine);
    tp_store_close(other);
}

static void claims_can_be_given_back(void **state)
{
    struct fixture *f = *state;
    struct tp_store *other = tp_store_open(f->path, &f->params, &f->error);
    struct tp_outbox_batch batch;

    assert_true(fixture_put(f, 1));
    batch = fixture_next(f, 1);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(other, false, &f->error));
    batch = fixture_next(f, 1);
    assert_int_equal(batch.count, 0);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(f->store, false, &f->error));
    batch = fixture_next(f, 1);
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(other, true, &f->error));
    batch = fixture_next(f, 1);
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
    tp_store_close(other);
}

static void those_beside_one_another_hold_their_own_claims(void **state)
{
    struct fixture *f = *state;
    struct tp_store *one = tp_store_open_beside(f->store, &f->error);
    struct tp_store *other = tp_store_open_beside(f->store, &f->error);
    struct tp_outbox_next_params params = {.max_count = 1, .lease_ms = 60000};
    struct tp_outbox_batch batch;

    assert_true(fixture_put(f, 1));
    assert_true(tp_outbox_next(one, &params, &batch, &f->error));
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(other, false, &f->error));
    assert_true(tp_outbox_release(f->store, false, &f->error));
    batch = fixture_next(f, 1);
    assert_int_equal(batch.count, 0);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(one, false, &f->error));
    batch = fixture_next(f, 1);
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
    tp_store_close(one);
    tp_store_close(other);
}

static void a_batch_keeps_within_its_bytes(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_next_params params = {.max_count = 100, .lease_ms = 1000};
    struct tp_outbox_batch batch;
    const size_t one = tp_seal_size(100);

    for (unsigned i = 0; i < 5; i++)
        assert_true(fixture_put(f, i));
    params.max_bytes = 1;
    assert_true(tp_outbox_next(f->store, &params, &batch, &f->error));
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
    params.max_bytes = one * 3;
    assert_true(tp_outbox_next(f->store, &params, &batch, &f->error));
    assert_int_equal(batch.count, 3);
    tp_outbox_batch_finish(&batch);
    params.max_count = 0;
    assert_true(tp_outbox_next(f->store, &params, &batch, &f->error));
    assert_int_equal(batch.count, 0);
    tp_outbox_batch_finish(&batch);
}

static void bytes_that_the_disk_changed_are_set_aside(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    sqlite3 *db = NULL;

    for (unsigned i = 0; i < 3; i++)
        assert_true(fixture_put(f, i));
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE outbox SET sealed = zeroblob(length(sealed))"
                                  " WHERE sequence = 2",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    batch = fixture_next(f, 10);
    assert_int_equal(batch.count, 2);
    assert_string_equal(batch.items[0].instance_id, fixture_id(0));
    assert_string_equal(batch.items[1].instance_id, fixture_id(2));
    tp_outbox_batch_finish(&batch);
    assert_int_equal(fixture_counts(f).quarantined, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(order_is_that_of_saving_whatever_the_clock_says),
        STORE_TEST(the_sequence_never_goes_back),
        STORE_TEST(an_answer_is_never_in_flight_twice),
        STORE_TEST(claims_can_be_given_back),
        STORE_TEST(those_beside_one_another_hold_their_own_claims),
        STORE_TEST(a_batch_keeps_within_its_bytes),
        STORE_TEST(bytes_that_the_disk_changed_are_set_aside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
