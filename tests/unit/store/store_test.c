/* The store file: opening, refusing, settings, time, what two handles see of each other. */
#include <sqlite3.h>

#include "lib/files.h"
#include "lib/full_disk.h"
#include "unit/store/fixture.h"

static void sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t ask(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    int64_t value;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return value;
}

static void a_new_store_is_marked_strict_and_private(void **state)
{
    struct fixture *f = *state;
    struct stat status;

    assert_int_equal(ask(f->path, "PRAGMA application_id"), 0x54507374);
    assert_int_equal(ask(f->path, "PRAGMA user_version"), 4);
    assert_int_equal(ask(f->path, "SELECT count(*) FROM pragma_table_list"
                                  " WHERE schema = 'main' AND type = 'table' AND NOT strict"
                                  " AND name NOT LIKE 'sqlite%'"),
                     0);
    assert_int_equal(ask(f->path, "SELECT count(*) FROM pragma_journal_mode"
                                  " WHERE journal_mode = 'wal'"),
                     1);
    assert_int_equal(stat(f->path, &status), 0);
    assert_int_equal(status.st_mode & 07007, 0);
}

static void a_file_of_another_program_is_refused_and_left(void **state)
{
    struct fixture *f = *state;
    struct tp_buf before;
    struct tp_buf after;

    fixture_close(f);
    assert_int_equal(unlink(f->path), 0);
    sql(f->path, "CREATE TABLE birds (name); INSERT INTO birds VALUES ('wren')");
    tp_buf_init(&before, 1u << 20);
    tp_buf_init(&after, 1u << 20);
    assert_true(tp_file_read(f->path, &before, &f->error));
    assert_null(tp_store_open(f->path, &f->params, &f->error));
    assert_int_equal(f->error.code, TP_ERR_INVALID);
    assert_non_null(strstr(f->error.text, "another program's database"));
    assert_int_equal(ask(f->path, "SELECT count(*) FROM birds"), 1);
    assert_true(tp_file_read(f->path, &after, &f->error));
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.data, after.data, before.length);
    tp_buf_finish(&before);
    tp_buf_finish(&after);
}

static void a_newer_store_is_refused_in_plain_words(void **state)
{
    struct fixture *f = *state;

    assert_true(fixture_put(f, 1));
    tp_store_close(f->store);
    sql(f->path, "PRAGMA user_version = 99");
    f->store = tp_store_open(f->path, &f->params, &f->error);
    assert_null(f->store);
    assert_int_equal(f->error.code, TP_ERR_UNSUPPORTED);
    assert_non_null(strstr(f->error.text, "newer Talkpoint"));
    assert_non_null(strstr(f->error.text, "99"));
    assert_int_equal(ask(f->path, "SELECT count(*) FROM outbox"), 1);
}

static void what_is_not_a_database_is_refused(void **state)
{
    struct fixture *f = *state;
    char path[128];
    char junk[8192];

    memset(junk, 'j', sizeof(junk));
    (void)snprintf(path, sizeof(path), "%s/junk.db", f->folder);
    assert_true(tp_file_write_atomic(path, junk, sizeof(junk), 0600, &f->error));
    assert_null(tp_store_open(path, &f->params, &f->error));
    assert_int_equal(f->error.code, TP_ERR_IO);
    assert_non_null(strstr(f->error.text, "damaged"));
    (void)snprintf(path, sizeof(path), "%s/no/such/device.db", f->folder);
    assert_null(tp_store_open(path, &f->params, &f->error));
    assert_int_equal(f->error.code, TP_ERR_NOT_FOUND);
    assert_null(tp_store_open(f->folder, &f->params, &f->error));
}

static void an_empty_file_becomes_a_store(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct tp_store *store;

    (void)snprintf(path, sizeof(path), "%s/empty.db", f->folder);
    assert_true(tp_file_write_atomic(path, "", 0, 0600, &f->error));
    store = tp_store_open(path, &f->params, &f->error);
    assert_non_null(store);
    tp_store_close(store);
}

static void looking_on_writes_nothing(void **state)
{
    struct fixture *f = *state;
    struct tp_store_params params = f->params;
    struct tp_store *looking;
    struct tp_outbox_counts counts;
    struct tp_outbox_entry entry = fixture_entry(f, 2);
    char path[128];

    params.read_only = true;
    assert_true(fixture_put(f, 1));
    looking = tp_store_open(f->path, &params, &f->error);
    assert_non_null(looking);
    assert_true(tp_outbox_counts(looking, &counts, &f->error));
    assert_int_equal(counts.waiting, 1);
    assert_false(tp_outbox_put(looking, &entry, &f->error));
    assert_non_null(strstr(f->error.text, "read-only"));
    assert_false(tp_store_can_save(looking, &f->error));
    tp_store_close(looking);
    (void)snprintf(path, sizeof(path), "%s/none.db", f->folder);
    assert_null(tp_store_open(path, &params, &f->error));
    assert_int_equal(f->error.code, TP_ERR_NOT_FOUND);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void can_save_wants_free_disk_and_a_working_file(void **state)
{
    struct fixture *f = *state;
    uint64_t bytes = 0;

    assert_true(tp_store_can_save(f->store, &f->error));
    assert_true(tp_store_disk_free(f->store, &bytes, &f->error));
    assert_true(bytes > 0);
    f->params.free_min = UINT64_MAX;
    fixture_reopen(f);
    assert_false(tp_store_can_save(f->store, &f->error));
    assert_non_null(strstr(f->error.text, "make room"));
    assert_true(fixture_put(f, 1));
}

static void can_save_says_who_holds_the_file(void **state)
{
    struct fixture *f = *state;
    sqlite3 *other = NULL;

    f->params.busy_ms = 1;
    fixture_reopen(f);
    assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_false(tp_store_can_save(f->store, &f->error));
    assert_non_null(strstr(f->error.text, "another program"));
    assert_false(fixture_put(f, 1));
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_true(tp_store_can_save(f->store, &f->error));
    assert_true(fixture_put(f, 1));
    assert_int_equal(fixture_counts(f).waiting, 1);
}

static void settings_are_kept_and_forgotten(void **state)
{
    struct fixture *f = *state;
    char value[TP_SETTING_VALUE_MAX] = "untouched";

    assert_true(
        tp_setting_get(f->store, TP_SETTING_VENUE, "nowhere", value, sizeof(value), &f->error));
    assert_string_equal(value, "nowhere");
    assert_true(tp_setting_set(f->store, TP_SETTING_VENUE, "Cowley Library", &f->error));
    assert_true(tp_setting_set(f->store, TP_SETTING_VENUE, "Headington \xc3\xa9", &f->error));
    fixture_reopen(f);
    assert_true(tp_setting_get(f->store, TP_SETTING_VENUE, "", value, sizeof(value), &f->error));
    assert_string_equal(value, "Headington \xc3\xa9");
    assert_false(tp_setting_get(f->store, TP_SETTING_VENUE, "", value, 5, &f->error));
    assert_int_equal(f->error.code, TP_ERR_LIMIT);
    assert_string_equal(value, "Headington \xc3\xa9");
    assert_true(tp_setting_set(f->store, TP_SETTING_VENUE, NULL, &f->error));
    assert_true(tp_setting_get(f->store, TP_SETTING_VENUE, "x", value, sizeof(value), &f->error));
    assert_string_equal(value, "x");
}

static void settings_are_one_line_of_text(void **state)
{
    static const char *const wrong[] = {
        "a\nb",    "a\x7f", "\xff", "\xc3", "\xed\xa0\x80", "\xc2\x85", "\xf4\x90\x80\x80",
        "\xc0\xaf"};
    struct fixture *f = *state;
    char long_value[TP_SETTING_VALUE_MAX + 1];

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(tp_setting_set(f->store, "event", wrong[i], &f->error));
        assert_int_equal(f->error.code, TP_ERR_INVALID);
    }
    memset(long_value, 'x', sizeof(long_value));
    long_value[TP_SETTING_VALUE_MAX] = '\0';
    assert_false(tp_setting_set(f->store, "event", long_value, &f->error));
    assert_non_null(strstr(f->error.text, "at most 1023 bytes"));
    long_value[TP_SETTING_VALUE_MAX - 1] = '\0';
    assert_true(tp_setting_set(f->store, "event", long_value, &f->error));
    assert_true(tp_setting_set(f->store, "event", "", &f->error));
    assert_false(tp_setting_set(f->store, "", "x", &f->error));
    assert_int_equal(f->error.code, TP_ERR_MISUSE);
}

static void the_agent_tells_the_kiosk_and_the_other_way(void **state)
{
    struct fixture *f = *state;
    struct tp_store *agent = tp_store_open(f->path, &f->params, &f->error);
    struct tp_agent_status status;
    bool asked = true;

    assert_non_null(agent);
    assert_true(tp_agent_status_get(f->store, &status, &f->error));
    assert_int_equal(status.last_contact_ms, 0);
    assert_string_equal(status.enrolment_code, "");
    status = (struct tp_agent_status){.last_contact_ms = FIXTURE_WALL,
                                      .last_error = "no answer\nfrom \xff the network",
                                      .enrolment_code = "K7QM-4TXB",
                                      .enrolled = true};
    assert_true(tp_agent_status_set(agent, &status, &f->error));
    memset(&status, 0, sizeof(status));
    assert_true(tp_agent_status_get(f->store, &status, &f->error));
    assert_int_equal(status.last_contact_ms, FIXTURE_WALL);
    assert_string_equal(status.last_error, "no answer from ? the network");
    assert_string_equal(status.enrolment_code, "K7QM-4TXB");
    assert_true(status.enrolled);
    assert_true(tp_agent_take_request(agent, &asked, &f->error));
    assert_false(asked);
    assert_true(tp_agent_request_send(f->store, &f->error));
    assert_true(tp_agent_request_send(f->store, &f->error));
    assert_true(tp_agent_take_request(agent, &asked, &f->error));
    assert_true(asked);
    assert_true(tp_agent_take_request(agent, &asked, &f->error));
    assert_false(asked);
    tp_store_close(agent);
}

static void a_change_by_the_other_handle_is_seen_once(void **state)
{
    struct fixture *f = *state;
    struct tp_store *agent = tp_store_open(f->path, &f->params, &f->error);

    assert_true(tp_store_changed(f->store));
    assert_false(tp_store_changed(f->store));
    assert_true(tp_agent_request_send(f->store, &f->error));
    assert_false(tp_store_changed(f->store));
    assert_true(tp_agent_request_send(agent, &f->error));
    assert_true(tp_store_changed(f->store));
    assert_false(tp_store_changed(f->store));
    tp_store_close(agent);
}

static struct tp_store_time now(struct fixture *f)
{
    struct tp_store_time time = {0};

    assert_true(tp_store_now(f->store, &time, &f->error));
    return time;
}

static void an_unchecked_clock_is_believed_until_it_goes_back(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(now(f).trust, TP_CLOCK_UNCHECKED);
    assert_true(now(f).ms == FIXTURE_WALL);
    assert_true(fixture_put(f, 1));
    f->fake.wall -= 120000; /* only corrected */
    assert_int_equal(now(f).trust, TP_CLOCK_UNCHECKED);
    f->fake.wall--;
    assert_int_equal(now(f).trust, TP_CLOCK_WRONG);
    f->fake.wall = 0;
    assert_int_equal(now(f).trust, TP_CLOCK_WRONG);
    assert_true(now(f).ms == FIXTURE_WALL);
    fixture_reopen(f);
    assert_int_equal(now(f).trust, TP_CLOCK_WRONG);
    assert_string_equal(tp_clock_trust_word(TP_CLOCK_WRONG), "wrong");
    assert_string_equal(tp_clock_trust_word(TP_CLOCK_UNCHECKED), "unchecked");
    assert_string_equal(tp_clock_trust_word(TP_CLOCK_CHECKED), "checked");
}

static void a_checked_clock_runs_on_whatever_the_wall_clock_does(void **state)
{
    struct fixture *f = *state;
    const int64_t theirs = FIXTURE_WALL + 86400000;
    int64_t offset = 0;

    assert_true(tp_store_clock_check(f->store, theirs, &f->error));
    assert_true(tp_store_clock_offset(f->store, &offset, &f->error));
    assert_true(offset == -86400000);
    f->fake.monotonic += 1000;
    f->fake.wall = 12345;
    assert_int_equal(now(f).trust, TP_CLOCK_CHECKED);
    assert_true(now(f).ms == theirs + 1000);
    /* Another start of the machine: nothing is known of the time between. */
    f->params.boot_id = "22222222-2222-4222-8222-222222222222";
    f->fake.wall = theirs + 5000;
    fixture_reopen(f);
    assert_int_equal(now(f).trust, TP_CLOCK_UNCHECKED);
    assert_true(now(f).ms == theirs + 5000);
    f->fake.wall = theirs - 3600000;
    assert_int_equal(now(f).trust, TP_CLOCK_WRONG);
    assert_true(now(f).ms == theirs);
}

/* A virtual machine that was put back as it was: the same start, and time runs again. */
static void a_check_of_a_later_time_proves_nothing(void **state)
{
    struct fixture *f = *state;

    assert_true(tp_store_clock_check(f->store, FIXTURE_WALL + 86400000, &f->error));
    assert_int_equal(now(f).trust, TP_CLOCK_CHECKED);
    f->fake.monotonic--;
    assert_int_not_equal(now(f).trust, TP_CLOCK_CHECKED);
}

static void a_start_without_a_name_was_never_checked(void **state)
{
    struct fixture *f = *state;

    f->params.boot_id = "";
    fixture_reopen(f);
    assert_int_equal(now(f).trust, TP_CLOCK_UNCHECKED);
    assert_true(now(f).ms == FIXTURE_WALL);
}

static void a_clock_that_was_years_ahead_is_mended_by_a_check(void **state)
{
    struct fixture *f = *state;

    f->fake.wall += INT64_C(30) * 365 * 86400000;
    assert_true(fixture_put(f, 1));
    f->fake.wall = FIXTURE_WALL;
    assert_int_equal(now(f).trust, TP_CLOCK_WRONG);
    fixture_send_all(f);
    assert_int_equal(now(f).trust, TP_CLOCK_WRONG);
    f->fake.wall += INT64_C(30) * 365 * 86400000;
    assert_true(fixture_put(f, 2));
    f->fake.wall = FIXTURE_WALL;
    assert_true(tp_store_clock_check(f->store, FIXTURE_WALL, &f->error));
    fixture_send_all(f);
    f->params.boot_id = "22222222-2222-4222-8222-222222222222";
    fixture_reopen(f);
    assert_int_equal(now(f).trust, TP_CLOCK_UNCHECKED);
}

static void the_system_s_boot_id_is_read(void **state)
{
    struct fixture *f = *state;

    f->params.boot_id = NULL;
    fixture_reopen(f);
    assert_true(tp_store_clock_check(f->store, FIXTURE_WALL, &f->error));
    fixture_reopen(f);
    assert_int_equal(now(f).trust, TP_CLOCK_CHECKED);
}

/* Not that it is broken, and to be replaced. */
static void a_store_that_cannot_be_opened_on_a_full_disk_says_that_it_is_full(void **state)
{
    struct fixture *f = *state;

    fixture_close(f);
    let_files_grow_to(16384); /* less than the index of the log has */
    f->store = tp_store_open(f->path, &f->params, &f->error);
    let_files_grow_to(RLIM_INFINITY);
    assert_null(f->store);
    assert_non_null(strstr(f->error.text, "the disk is full"));
    f->store = tp_store_open(f->path, &f->params, &f->error);
    assert_non_null(f->store);
}

static void deleted_bytes_are_overwritten(void **state)
{
    struct fixture *f = *state;

    assert_true(tp_setting_set(f->store, "event", "mark-to-be-deleted-123456", &f->error));
    assert_true(tp_setting_set(f->store, "event", NULL, &f->error));
    fixture_close(f);
    assert_true(file_has(f->path, "SQLite format 3", 15));
    assert_false(file_has(f->path, "mark-to-be-deleted", 18));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_new_store_is_marked_strict_and_private),
        STORE_TEST(a_file_of_another_program_is_refused_and_left),
        STORE_TEST(a_newer_store_is_refused_in_plain_words),
        STORE_TEST(what_is_not_a_database_is_refused),
        STORE_TEST(an_empty_file_becomes_a_store),
        STORE_TEST(looking_on_writes_nothing),
        STORE_TEST(can_save_wants_free_disk_and_a_working_file),
        STORE_TEST(can_save_says_who_holds_the_file),
        STORE_TEST(settings_are_kept_and_forgotten),
        STORE_TEST(settings_are_one_line_of_text),
        STORE_TEST(the_agent_tells_the_kiosk_and_the_other_way),
        STORE_TEST(a_change_by_the_other_handle_is_seen_once),
        STORE_TEST(an_unchecked_clock_is_believed_until_it_goes_back),
        STORE_TEST(a_checked_clock_runs_on_whatever_the_wall_clock_does),
        STORE_TEST(a_check_of_a_later_time_proves_nothing),
        STORE_TEST(a_start_without_a_name_was_never_checked),
        STORE_TEST(a_clock_that_was_years_ahead_is_mended_by_a_check),
        STORE_TEST(the_system_s_boot_id_is_read),
        STORE_TEST(a_store_that_cannot_be_opened_on_a_full_disk_says_that_it_is_full),
        STORE_TEST(deleted_bytes_are_overwritten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
