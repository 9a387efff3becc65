/* A damaged file: set aside, its answers read page by page into a new one, staff told. */
#include <fcntl.h>
#include <sqlite3.h>

#include "store/db.h"
#include "unit/store/damaged.h"

static void remove_all_but_store(struct fixture *f)
{
    DIR *folder = opendir(f->folder);
    struct dirent *entry;
    char path[512];

    while ((entry = readdir(folder))) {
        (void)snprintf(path, sizeof(path), "%s/%s", f->folder, entry->d_name);
        if (entry->d_name[0] != '.')
            assert_int_equal(unlink(path), 0);
    }
    (void)closedir(folder);
}

static void damage_of(struct fixture *f, char text[TP_STORE_DAMAGE_MAX])
{
    assert_true(tp_store_damage(f->store, text, &f->error));
}

static void each_page_may_be_lost_and_only_its_answers_are(void **state)
{
    struct fixture *f = *state;
    struct tp_buf whole;
    unsigned mended = 0;
    unsigned all = 0;

    fill(f);
    fixture_close(f);
    read_file(f, f->path, &whole);
    for (size_t page = 0; page < whole.length / PAGE; page++) {
        struct tp_buf damaged;
        struct present present;
        char text[TP_STORE_DAMAGE_MAX];

        remove_all_but_store(f);
        tp_buf_init(&damaged, whole.max);
        assert_true(tp_buf_add(&damaged, whole.data, whole.length));
        memset(damaged.data + page * PAGE, 0x5a, PAGE);
        write_file(f, f->path, &damaged);
        f->store = tp_store_open(f->path, &f->params, &f->error);
        if (!f->store)
            print_error("page %zu: %s\n", page + 1, f->error.text);
        assert_non_null(f->store);
        present = answers_of(f);
        /* A leaf of 4,096 bytes holds at most three of these answers. */
        assert_true(present.count + 3 >= ANSWERS);
        all += present.count == ANSWERS;
        damage_of(f, text);
        if (*text) {
            struct tp_buf kept;
            char count[64];

            mended++;
            (void)snprintf(count, sizeof(count), "%u waiting answers were kept", present.count);
            assert_non_null(strstr(text, count));
            assert_non_null(strstr(text, strrchr(aside(f), '/') + 1));
            read_file(f, aside(f), &kept);
            assert_int_equal(kept.length, damaged.length);
            assert_memory_equal(kept.data, damaged.data, kept.length);
            tp_buf_finish(&kept);
        }
        expect_whole(f);
        for (unsigned i = 0; i < ANSWERS; i++)
            assert_true(fixture_put(f, i));
        assert_int_equal(answers_of(f).count, ANSWERS);
        assert_true(tp_store_check(f->store, &f->error));
        fixture_close(f);
        tp_buf_finish(&damaged);
    }
    /* Every page is used; those that hold no answers lose none. */
    assert_int_equal(mended, whole.length / PAGE);
    assert_true(all > 5);
    tp_buf_finish(&whole);
    f->store = NULL;
}

static void a_file_cut_short_keeps_what_stands_before(void **state)
{
    struct fixture *f = *state;
    struct tp_buf whole;

    fill(f);
    fixture_close(f);
    read_file(f, f->path, &whole);
    for (size_t length = PAGE / 2; length < whole.length; length += PAGE / 2 + 1000) {
        struct tp_buf cut;

        remove_all_but_store(f);
        tp_buf_init(&cut, whole.max);
        assert_true(tp_buf_add(&cut, whole.data, length));
        write_file(f, f->path, &cut);
        f->store = tp_store_open(f->path, &f->params, &f->error);
        if (!f->store)
            print_error("%zu bytes: %s\n", length, f->error.text);
        assert_non_null(f->store);
        expect_whole(f);
        assert_true(fixture_put(f, 0));
        fixture_close(f);
        tp_buf_finish(&cut);
    }
    tp_buf_finish(&whole);
}

/* As it is after a crash, nothing copied back yet; and the log's chain of checksums is broken at
 * its first frame, so that SQLite takes nothing from it. */
static void answers_in_a_broken_log_are_kept_when_the_file_is_lost(void **state)
{
    struct fixture *f = *state;
    struct tp_buf file;
    struct tp_buf log;
    char path[128];
    char text[TP_STORE_DAMAGE_MAX];

    f->store->log_soon = 1 << 30;
    f->store->log_must = 1 << 30;
    fill(f);
    (void)snprintf(path, sizeof(path), "%s-wal", f->path);
    read_file(f, path, &log);
    read_file(f, f->path, &file);
    fixture_close(f);
    remove_all_but_store(f);
    memset(file.data, 0x5a, file.length);
    log.data[32 + 16] ^= 1;
    write_file(f, f->path, &file);
    write_file(f, path, &log);
    tp_buf_finish(&file);
    tp_buf_finish(&log);
    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        print_error("%s\n", f->error.text);
    assert_non_null(f->store);
    assert_int_equal(answers_of(f).count, ANSWERS);
    damage_of(f, text);
    assert_non_null(strstr(text, "30 waiting answers were kept, 0 could not be read"));
    expect_whole(f);
}

static void large_answers_are_followed_over_their_pages(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_entry entry = fixture_entry(f, 1);
    const size_t size = 300000;
    char *xml = tp_calloc(size, 1);
    struct tp_buf file;
    struct tp_outbox_batch batch;
    struct tp_buf plain;

    memset(xml, 'x', size);
    entry.xml = xml;
    entry.xml_count = size;
    assert_true(tp_outbox_put(f->store, &entry, &f->error));
    assert_true(fixture_put(f, 2));
    fixture_close(f);
    read_file(f, f->path, &file);
    memset(file.data, 0, PAGE);
    write_file(f, f->path, &file);
    fixture_reopen(f);
    assert_int_equal(fixture_counts(f).waiting, 2);
    batch = fixture_next(f, 1);
    tp_buf_init(&plain, size);
    assert_true(
        tp_unseal(&f->seal, batch.items[0].sealed, batch.items[0].sealed_count, &plain, &f->error));
    assert_int_equal(plain.length, size);
    assert_memory_equal(plain.data, xml, size);
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
    /* Now a page in the middle of it is lost. */
    fixture_close(f);
    assert_true(tp_dir_remove(aside(f), &f->error));
    tp_buf_finish(&file);
    read_file(f, f->path, &file);
    memset(file.data + file.length - 20 * PAGE, 0, PAGE);
    memset(file.data + 100, 0, PAGE - 100);
    write_file(f, f->path, &file);
    fixture_reopen(f);
    assert_int_equal(fixture_counts(f).waiting, 1);
    {
        char text[TP_STORE_DAMAGE_MAX];

        damage_of(f, text);
        assert_non_null(strstr(text, "1 waiting answers were kept, 1 could not be read"));
    }
    tp_buf_finish(&file);
    tp_free(xml);
}

static void what_else_can_be_read_is_kept(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    const char *id;
    struct tp_outbox_batch batch;
    struct tp_buf file;
    char venue[TP_SETTING_VALUE_MAX];
    size_t root;

    fill(f);
    id = fixture_id(1);
    assert_true(tp_outbox_mark_failed(f->store, &id, 1, "no answer", &f->error));
    assert_true(tp_outbox_quarantine(f->store, fixture_id(2), "refused", &f->error));
    batch = fixture_next(f, 1);
    {
        struct tp_receipt receipt = fixture_receipt(f, &batch.items[0]);

        assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, NULL, &f->error));
    }
    tp_outbox_batch_finish(&batch);
    fixture_close(f);
    /* An index of the outbox is destroyed, all else is whole. */
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT rootpage FROM sqlite_schema"
                                        " WHERE name = 'outbox_order'",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    root = (size_t)sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    read_file(f, f->path, &file);
    memset(file.data + (root - 1) * PAGE, 0xff, PAGE);
    write_file(f, f->path, &file);
    tp_buf_finish(&file);
    fixture_reopen(f);
    assert_string_not_equal(aside(f), "");
    assert_int_equal(fixture_counts(f).waiting, ANSWERS - 2);
    assert_int_equal(fixture_counts(f).quarantined, 1);
    assert_int_equal(fixture_counts(f).sent, 1);
    assert_int_equal(fixture_total(f, "complete"), ANSWERS);
    assert_true(tp_setting_get(f->store, TP_SETTING_VENUE, "", venue, sizeof(venue), &f->error));
    assert_string_equal(venue, "Cowley Library");
    /* What was sent is known, and the order goes on. */
    assert_true(fixture_put(f, 0));
    assert_int_equal(fixture_counts(f).waiting, ANSWERS - 2);
    assert_true(fixture_put(f, 1000));
    batch = fixture_next(f, ANSWERS);
    assert_int_equal(batch.count, ANSWERS - 1);
    for (size_t i = 0; i < batch.count; i++) {
        if (strcmp(batch.items[i].instance_id, fixture_id(1)) == 0) {
            assert_int_equal(batch.items[i].attempts, 1);
            assert_string_equal(batch.items[i].last_error, "no answer");
        }
        if (strcmp(batch.items[i].instance_id, fixture_id(1000)) == 0)
            assert_int_equal(batch.items[i].sequence, ANSWERS + 1);
    }
    tp_outbox_batch_finish(&batch);
}

static void damage_under_an_open_store_is_mended_at_the_next_write(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_entry entry = fixture_entry(f, 0);
    char *xml = tp_calloc(200000, 1);
    char text[TP_STORE_DAMAGE_MAX];
    struct tp_buf file;
    uint64_t bytes;

    /* Too large to be checked when opened. */
    memset(xml, 'x', 200000);
    entry.xml = xml;
    entry.xml_count = 200000;
    for (unsigned i = 0; i < 12; i++) {
        entry.instance_id = fixture_id(i);
        assert_true(tp_outbox_put(f->store, &entry, &f->error));
    }
    fixture_close(f);
    read_file(f, f->path, &file);
    assert_true(file.length > 2u << 20);
    memset(file.data + 2 * PAGE, 0xee, 3 * PAGE);
    write_file(f, f->path, &file);
    tp_buf_finish(&file);
    fixture_reopen(f);
    assert_false(fixture_put(f, 12) && fixture_put(f, 13));
    assert_non_null(strstr(f->error.text, "damaged"));
    assert_true(tp_store_can_save(f->store, &f->error));
    damage_of(f, text);
    assert_non_null(strstr(text, "12 waiting answers were kept"));
    assert_true(fixture_put(f, 12));
    assert_true(fixture_put(f, 13));
    assert_int_equal(answers_of(f).count, 14);
    assert_true(tp_store_disk_free(f->store, &bytes, &f->error));
    assert_true(tp_store_check(f->store, &f->error));
    tp_free(xml);
}

static void want_of_memory_in_a_repair_loses_nothing(void **state)
{
    struct fixture *f = *state;
    struct tp_buf file;
    bool mended = false;

    fill(f);
    fixture_close(f);
    read_file(f, f->path, &file);
    memset(file.data, 0x5a, PAGE);
    for (uint64_t nth = 1; !mended; nth++) {
        remove_all_but_store(f);
        write_file(f, f->path, &file);
        tp_mem_fail_at(nth);
        f->store = tp_store_open(f->path, &f->params, &f->error);
        tp_mem_fail_at(0);
        mended = f->store != NULL;
        if (!f->store) {
            assert_int_equal(f->error.code, TP_ERR_MEMORY);
            f->store = tp_store_open(f->path, &f->params, &f->error);
        }
        assert_non_null(f->store);
        assert_int_equal(answers_of(f).count, ANSWERS);
        fixture_close(f);
        assert_in_range(nth, 1, 500);
    }
    tp_buf_finish(&file);
}

static void a_false_alarm_changes_nothing(void **state)
{
    struct fixture *f = *state;
    char marker[128];
    char text[TP_STORE_DAMAGE_MAX];

    fill(f);
    (void)snprintf(marker, sizeof(marker), "%s-mending", f->path);
    assert_true(tp_file_write_atomic(marker, "", 0, 0660, &f->error));
    assert_true(fixture_put(f, 0));
    assert_int_equal(access(marker, F_OK), -1);
    assert_string_equal(aside(f), "");
    damage_of(f, text);
    assert_string_equal(text, "");
    assert_int_equal(answers_of(f).count, ANSWERS);
}

static void looking_on_mends_nothing(void **state)
{
    struct fixture *f = *state;
    struct tp_buf file;
    struct tp_buf after;

    fill(f);
    fixture_close(f);
    read_file(f, f->path, &file);
    memset(file.data + PAGE, 0xee, PAGE);
    write_file(f, f->path, &file);
    f->params.read_only = true;
    assert_null(tp_store_open(f->path, &f->params, &f->error));
    assert_non_null(strstr(f->error.text, "damaged"));
    read_file(f, f->path, &after);
    assert_memory_equal(after.data, file.data, file.length);
    assert_string_equal(aside(f), "");
    tp_buf_finish(&after);
    tp_buf_finish(&file);
}

static void two_repairs_keep_two_files(void **state)
{
    struct fixture *f = *state;
    struct dirent *entry;
    unsigned count = 0;
    DIR *folder;

    fill(f);
    for (int i = 0; i < 2; i++) {
        struct tp_buf file;

        fixture_close(f);
        read_file(f, f->path, &file);
        memset(file.data + PAGE, 0xee, PAGE);
        write_file(f, f->path, &file);
        tp_buf_finish(&file);
        fixture_reopen(f);
    }
    folder = opendir(f->folder);
    while ((entry = readdir(folder)))
        count += strstr(entry->d_name, "-damaged-") != NULL &&
                 entry->d_name[strlen(entry->d_name) - 2] == '-';
    (void)closedir(folder);
    assert_int_equal(count, 2);
    assert_int_equal(answers_of(f).count, ANSWERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(each_page_may_be_lost_and_only_its_answers_are),
        STORE_TEST(a_file_cut_short_keeps_what_stands_before),
        STORE_TEST(answers_in_a_broken_log_are_kept_when_the_file_is_lost),
        STORE_TEST(large_answers_are_followed_over_their_pages),
        STORE_TEST(what_else_can_be_read_is_kept),
        STORE_TEST(damage_under_an_open_store_is_mended_at_the_next_write),
        STORE_TEST(want_of_memory_in_a_repair_loses_nothing),
        STORE_TEST(a_false_alarm_changes_nothing),
        STORE_TEST(looking_on_mends_nothing),
        STORE_TEST(two_repairs_keep_two_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
