/* The outbox, saving: sealed, once, counted, and nothing that cannot be an answer. */
#include "lib/files.h"
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
    static const struct {
        const char *name, *has;
    } files[] = {
        {"device.db", "SQLite format 3"}, {"device.db-wal", "TPSEAL1\n"}, {"device.db-shm", ""}};

    for (unsigned i = 0; i < 50; i++)
        assert_true(fixture_put(f, i));
    for (size_t i = 0; i < 3; i++) {
        char path[128];

        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, files[i].name);
        assert_true(file_has(path, files[i].has, strlen(files[i].has)));
        assert_false(file_has(path, CANARY, strlen(CANARY)));
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
