/* The outbox, what came of it: deleted only against a receipt, tried again, set aside. */
#include <sqlite3.h>

#include "unit/store/fixture.h"

static void only_the_pinned_key_s_receipt_for_these_bytes_deletes(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    struct tp_receipt receipts[5];
    struct tp_receipt_pair stranger;
    enum tp_outbox_sent outcomes[5];

    for (unsigned i = 0; i < 3; i++)
        assert_true(fixture_put(f, i));
    batch = fixture_next(f, 3);
    assert_true(tp_receipt_pair_generate(&stranger, &f->error));
    /* 0: a stranger's. 1: for the bytes of another. 2: altered. 3: of an answer that never was
     * here. 4: good. */
    assert_true(tp_receipt_sign(&stranger, batch.items[0].instance_id, batch.items[0].sha256, 1,
                                &receipts[0], &f->error));
    assert_true(tp_receipt_sign(&f->receipt, batch.items[0].instance_id, batch.items[1].sha256, 1,
                                &receipts[1], &f->error));
    receipts[2] = fixture_receipt(f, &batch.items[1]);
    receipts[2].received[0] = '3';
    receipts[3] = fixture_receipt(f, &batch.items[2]);
    assert_true(tp_receipt_sign(&f->receipt, fixture_id(77), batch.items[0].sha256, 1, &receipts[3],
                                &f->error));
    receipts[4] = fixture_receipt(f, &batch.items[2]);
    assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, receipts, 5, outcomes, &f->error));
    assert_int_equal(outcomes[0], TP_SENT_REFUSED);
    assert_int_equal(outcomes[1], TP_SENT_REFUSED);
    assert_int_equal(outcomes[2], TP_SENT_REFUSED);
    assert_int_equal(outcomes[3], TP_SENT_UNKNOWN);
    assert_int_equal(outcomes[4], TP_SENT_DELETED);
    assert_int_equal(fixture_counts(f).waiting, 2);
    assert_int_equal(fixture_counts(f).sent, 1);
    /* The same receipt again, even twice in one batch, changes nothing. */
    receipts[3] = receipts[4];
    assert_true(
        tp_outbox_mark_sent(f->store, &f->receipt.key, &receipts[3], 2, outcomes, &f->error));
    assert_int_equal(outcomes[0], TP_SENT_UNKNOWN);
    assert_int_equal(fixture_counts(f).sent, 1);
    tp_outbox_batch_finish(&batch);
}

static void a_failed_attempt_waits_behind_the_others(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    const char *failed = fixture_id(0);
    const char *unknown = fixture_id(55);

    for (unsigned i = 0; i < 3; i++)
        assert_true(fixture_put(f, i));
    batch = fixture_next(f, 1);
    assert_string_equal(batch.items[0].instance_id, fixture_id(0));
    tp_outbox_batch_finish(&batch);
    assert_true(
        tp_outbox_mark_failed(f->store, &failed, 1, "no answer\tfrom the network", &f->error));
    assert_true(tp_outbox_mark_failed(f->store, &unknown, 1, "x", &f->error));
    batch = fixture_next(f, 10);
    assert_int_equal(batch.count, 3);
    assert_string_equal(batch.items[0].instance_id, fixture_id(1));
    assert_string_equal(batch.items[2].instance_id, fixture_id(0));
    assert_int_equal(batch.items[2].attempts, 1);
    assert_string_equal(batch.items[2].last_error, "no answer from the network");
    tp_outbox_batch_finish(&batch);
}

static bool see(void *context, const struct tp_outbox_item *item)
{
    struct tp_outbox_item *last = context;

    assert_null(item->sealed);
    last->sequence++;
    memcpy(last->last_error, item->last_error, sizeof(last->last_error));
    return last->sequence < 2;
}

static void a_quarantined_answer_is_kept_and_offered_again(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    struct tp_outbox_item seen = {0};
    size_t count = 9;

    for (unsigned i = 0; i < 4; i++)
        assert_true(fixture_put(f, i));
    for (unsigned i = 0; i < 3; i++)
        assert_true(
            tp_outbox_quarantine(f->store, fixture_id(i), "other bytes are held there", &f->error));
    assert_false(tp_outbox_quarantine(f->store, fixture_id(9), "x", &f->error));
    assert_int_equal(f->error.code, TP_ERR_NOT_FOUND);
    assert_int_equal(fixture_counts(f).quarantined, 3);
    assert_int_equal(fixture_counts(f).waiting, 1);
    assert_true(tp_outbox_each(f->store, TP_OUTBOX_QUARANTINED, see, &seen, &f->error));
    assert_int_equal(seen.sequence, 2);
    assert_string_equal(seen.last_error, "other bytes are held there");
    batch = fixture_next(f, 10);
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_retry(f->store, fixture_id(0), &count, &f->error));
    assert_int_equal(count, 1);
    assert_false(tp_outbox_retry(f->store, fixture_id(0), &count, &f->error));
    assert_int_equal(f->error.code, TP_ERR_NOT_FOUND);
    assert_true(tp_outbox_retry(f->store, NULL, &count, &f->error));
    assert_int_equal(count, 2);
    assert_true(tp_outbox_retry(f->store, NULL, &count, &f->error));
    assert_int_equal(count, 0);
    batch = fixture_next(f, 10);
    assert_int_equal(batch.count, 3);
    assert_int_equal(batch.items[0].attempts, 0);
    tp_outbox_batch_finish(&batch);
}

static void long_words_are_cut_at_a_whole_character(void **state)
{
    struct fixture *f = *state;
    char why[TP_OUTBOX_WORDS_MAX * 2 + 1];
    const char *id = fixture_id(1);
    struct tp_outbox_batch batch;

    for (size_t i = 0; i < TP_OUTBOX_WORDS_MAX; i++)
        memcpy(why + 2 * i, "\xc3\xa9", 2);
    why[sizeof(why) - 1] = '\0';
    assert_true(fixture_put(f, 1));
    assert_true(tp_outbox_mark_failed(f->store, &id, 1, why, &f->error));
    batch = fixture_next(f, 1);
    assert_int_equal(strlen(batch.items[0].last_error), TP_OUTBOX_WORDS_MAX - 2);
    tp_outbox_batch_finish(&batch);
}

static void the_remembered_ids_are_bounded(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    struct tp_outbox_batch batch;
    struct tp_receipt receipt;

    /* As if 9,000 had been sent before. */
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(
            db,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
            " INSERT INTO sent SELECT i, 'old:' || i FROM n; UPDATE head SET sent = 9000",
            NULL, NULL, NULL),
        SQLITE_OK);
    assert_true(fixture_put(f, 1));
    batch = fixture_next(f, 1);
    receipt = fixture_receipt(f, &batch.items[0]);
    assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, NULL, &f->error));
    tp_outbox_batch_finish(&batch);
    assert_int_equal(fixture_counts(f).sent, 9001);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM sent", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 4096);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(only_the_pinned_key_s_receipt_for_these_bytes_deletes),
        STORE_TEST(a_failed_attempt_waits_behind_the_others),
        STORE_TEST(a_quarantined_answer_is_kept_and_offered_again),
        STORE_TEST(long_words_are_cut_at_a_whole_character),
        STORE_TEST(the_remembered_ids_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
