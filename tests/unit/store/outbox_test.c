/* The outbox and the counters: saved once, claimed once, deleted only against a receipt. */
#include <sqlite3.h>

#include "store/db.h"
#include "unit/store/fixture.h"

static void an_answer_is_saved_sealed_and_counted(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    struct tp_buf plain;
    char sha256[TP_SHA256_TEXT_MAX];

    assert_true(fixture_put(f, 7));
    assert_int_equal(fixture_counts(f).waiting, 1);
    assert_int_equal(fixture_total(f, "complete"), 1);
    fixture_reopen(f);
    batch = fixture_next(f, 10);
    assert_int_equal(batch.count, 1);
    assert_string_equal(batch.items[0].instance_id, fixture_id(7));
    assert_string_equal(batch.items[0].form_id, "library-hours");
    assert_string_equal(batch.items[0].form_version, "2026110101");
    assert_int_equal(batch.items[0].attempts, 0);
    assert_string_equal(batch.items[0].last_error, "");
    assert_int_equal(batch.items[0].state, TP_OUTBOX_WAITING);
    assert_true(batch.items[0].created.ms == FIXTURE_WALL);
    assert_int_equal(batch.items[0].created.trust, TP_CLOCK_UNCHECKED);
    tp_sha256_text(batch.items[0].sealed, batch.items[0].sealed_count, sha256);
    assert_string_equal(batch.items[0].sha256, sha256);
    tp_buf_init(&plain, TP_OUTBOX_XML_MAX);
    assert_true(
        tp_unseal(&f->seal, batch.items[0].sealed, batch.items[0].sealed_count, &plain, &f->error));
    assert_string_equal(tp_buf_text(&plain), fixture_xml(7));
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
}

static void the_plain_answer_is_in_no_file(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"device.db", "device.db-wal", "device.db-shm"};

    for (unsigned i = 0; i < 50; i++)
        assert_true(fixture_put(f, i));
    for (size_t i = 0; i < 3; i++) {
        struct tp_buf file;
        char path[128];

        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
        tp_buf_init(&file, 1u << 24);
        assert_true(tp_file_read(path, &file, &f->error));
        assert_true(file.length > 0);
        assert_null(memmem(file.data, file.length, CANARY, strlen(CANARY)));
        if (i == 1)
            assert_non_null(memmem(file.data, file.length, "TPSEAL1\n", 8));
        tp_buf_finish(&file);
    }
}

static void the_same_instance_is_saved_once(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    struct tp_receipt receipt;

    assert_true(fixture_put(f, 1));
    assert_true(fixture_put(f, 1));
    assert_int_equal(fixture_counts(f).waiting, 1);
    assert_int_equal(fixture_total(f, "complete"), 1);
    batch = fixture_next(f, 10);
    receipt = fixture_receipt(f, &batch.items[0]);
    assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, NULL, &f->error));
    tp_outbox_batch_finish(&batch);
    assert_true(fixture_put(f, 1));
    assert_int_equal(fixture_counts(f).waiting, 0);
    assert_int_equal(fixture_counts(f).sent, 1);
    assert_int_equal(fixture_total(f, "complete"), 1);
}

static void practice_is_neither_queued_nor_counted(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_entry entry = fixture_entry(f, 1);
    struct tp_tally tally = {"library-hours", "1", "q", "yes"};
    struct tp_tally_count counts[2];
    size_t count = 9;

    entry.practice = true;
    entry.tallies = &tally;
    entry.tallies_count = 1;
    assert_true(tp_outbox_put(f->store, &entry, &f->error));
    assert_int_equal(fixture_counts(f).waiting, 0);
    assert_int_equal(fixture_total(f, "complete"), 0);
    assert_true(tp_tally_read(f->store, "library-hours", "1", "q", counts, 2, &count, &f->error));
    assert_int_equal(count, 0);
}

static void what_cannot_be_an_answer_is_refused(void **state)
{
    struct fixture *f = *state;
    struct tp_count wrong_count = fixture_complete;
    struct tp_seal_key zero = {0};
    struct tp_outbox_entry good = fixture_entry(f, 1);
    struct tp_outbox_entry entry;

    entry = good;
    entry.instance_id = "has space";
    assert_false(tp_outbox_put(f->store, &entry, &f->error));
    entry = good;
    entry.instance_id = NULL;
    assert_false(tp_outbox_put(f->store, &entry, &f->error));
    entry = good;
    entry.form_id = "";
    assert_false(tp_outbox_put(f->store, &entry, &f->error));
    entry = good;
    entry.xml_count = 0;
    assert_false(tp_outbox_put(f->store, &entry, &f->error));
    entry = good;
    entry.xml_count = TP_OUTBOX_XML_MAX + 1;
    assert_false(tp_outbox_put(f->store, &entry, &f->error));
    assert_int_equal(f->error.code, TP_ERR_LIMIT);
    entry = good;
    entry.key = &zero;
    assert_false(tp_outbox_put(f->store, &entry, &f->error));
    assert_int_equal(f->error.code, TP_ERR_CRYPTO);
    for (int i = 0; i < 6; i++) {
        static const char *const names[] = {"", "opened", "abandon:", "timeout", "open\n", "\xff"};

        entry = good;
        wrong_count.name = names[i];
        entry.counts = &wrong_count;
        assert_false(tp_outbox_put(f->store, &entry, &f->error));
        assert_int_equal(f->error.code, TP_ERR_MISUSE);
    }
    assert_int_equal(fixture_counts(f).waiting, 0);
    assert_true(tp_outbox_put(f->store, &good, &f->error));
}

static void a_prepared_answer_opens_and_only_with_its_own_key(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_entry to_other;
    struct tp_seal_pair other;
    struct tp_outbox_batch batch;
    struct tp_buf plain;

    assert_true(tp_seal_pair_generate(&other, &f->error));
    assert_true(fixture_put(f, 0));
    assert_true(tp_store_can_save(f->store, &f->error));
    assert_true(f->store->ready.is_ready);
    assert_true(fixture_put(f, 1));
    assert_false(f->store->ready.is_ready);
    assert_true(tp_store_can_save(f->store, &f->error));
    to_other = fixture_entry(f, 2);
    to_other.key = &other.key;
    assert_true(tp_outbox_put(f->store, &to_other, &f->error));
    batch = fixture_next(f, 3);
    tp_buf_init(&plain, 4096);
    for (unsigned i = 0; i < 3; i++) {
        tp_buf_reset(&plain);
        assert_true(tp_unseal(i < 2 ? &f->seal : &other, batch.items[i].sealed,
                              batch.items[i].sealed_count, &plain, &f->error));
        assert_string_equal(tp_buf_text(&plain), fixture_xml(i));
    }
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
}

static void the_largest_answer_fits(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_entry entry = fixture_entry(f, 1);
    char *xml = tp_calloc(TP_OUTBOX_XML_MAX, 1);
    struct tp_outbox_batch batch;
    struct tp_buf plain;

    memset(xml, 'x', TP_OUTBOX_XML_MAX);
    entry.xml = xml;
    entry.xml_count = TP_OUTBOX_XML_MAX;
    assert_true(tp_outbox_put(f->store, &entry, &f->error));
    batch = fixture_next(f, 1);
    tp_buf_init(&plain, TP_OUTBOX_XML_MAX);
    assert_true(
        tp_unseal(&f->seal, batch.items[0].sealed, batch.items[0].sealed_count, &plain, &f->error));
    assert_int_equal(plain.length, TP_OUTBOX_XML_MAX);
    assert_memory_equal(plain.data, xml, TP_OUTBOX_XML_MAX);
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
    tp_free(xml);
}

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
        STORE_TEST(an_answer_is_saved_sealed_and_counted),
        STORE_TEST(the_plain_answer_is_in_no_file),
        STORE_TEST(the_same_instance_is_saved_once),
        STORE_TEST(practice_is_neither_queued_nor_counted),
        STORE_TEST(what_cannot_be_an_answer_is_refused),
        STORE_TEST(a_prepared_answer_opens_and_only_with_its_own_key),
        STORE_TEST(the_largest_answer_fits),
        STORE_TEST(order_is_that_of_saving_whatever_the_clock_says),
        STORE_TEST(the_sequence_never_goes_back),
        STORE_TEST(an_answer_is_never_in_flight_twice),
        STORE_TEST(claims_can_be_given_back),
        STORE_TEST(a_batch_keeps_within_its_bytes),
        STORE_TEST(only_the_pinned_key_s_receipt_for_these_bytes_deletes),
        STORE_TEST(a_failed_attempt_waits_behind_the_others),
        STORE_TEST(a_quarantined_answer_is_kept_and_offered_again),
        STORE_TEST(bytes_that_the_disk_changed_are_set_aside),
        STORE_TEST(long_words_are_cut_at_a_whole_character),
        STORE_TEST(the_remembered_ids_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
