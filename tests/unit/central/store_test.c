/* The database: values, failures, migrations, backups, months. */
#include <pthread.h>
#include <sys/stat.h>

#include "unit/central/database.h"

static void values_come_back_as_they_went_in(void **state)
{
    struct tp_sql *db = open_db();
    struct tp_error error;
    struct tp_rows rows;
    size_t length;

    (void)state;
    assert_true(tp_sql_run(db, "INSERT INTO t VALUES (?1, ?2, ?3)",
                           TP_VALUES(tp_int(INT64_MIN), tp_str("Łódź"), tp_blob("a\0b", 3)), NULL,
                           &error));
    assert_true(tp_sql_run(db, "INSERT INTO t VALUES (?1, ?2, ?3)",
                           TP_VALUES(tp_int(7), tp_str(NULL), tp_blob("", 0)), NULL, &error));
    assert_true(tp_sql_ask(db, "SELECT n, s, b FROM t ORDER BY n", TP_NO_VALUES, &rows, &error));
    assert_true(tp_rows_next(&rows));
    assert_true(tp_rows_int(&rows, 0) == INT64_MIN);
    assert_string_equal(tp_rows_text(&rows, 1), "Łódź");
    assert_memory_equal(tp_rows_blob(&rows, 2, &length), "a\0b", 3);
    assert_int_equal(length, 3);
    assert_true(tp_rows_next(&rows));
    assert_true(tp_rows_is_null(&rows, 1));
    assert_string_equal(tp_rows_text(&rows, 1), "");
    (void)tp_rows_blob(&rows, 2, &length);
    assert_int_equal(length, 0);
    assert_false(tp_rows_next(&rows));
    assert_true(tp_rows_finish(&rows));
    tp_sql_close(db);
}

static void failures_are_errors_that_quote_no_value(void **state)
{
    struct tp_sql *db = open_db();
    struct tp_error error;
    struct tp_rows rows;

    (void)state;
    for (int i = 0; i < 2; i++)
        (void)tp_sql_run(db, "INSERT INTO t VALUES (1, ?1, NULL)", TP_VALUES(tp_str("secret")),
                         NULL, &error);
    assert_int_equal(error.code, TP_ERR_CONFLICT);
    assert_null(strstr(error.text, "secret"));
    assert_false(tp_sql_ask(db, "SELECT nothing FROM t", TP_NO_VALUES, &rows, &error));
    assert_false(tp_rows_next(&rows));
    assert_false(tp_rows_finish(&rows));
    tp_sql_close(db);
    assert_false(tp_sql_open("/nowhere/central.db", false, &db, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    assert_false(tp_sql_open("mysql://localhost/x", false, &db, &error));
    assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
    assert_false(tp_sql_open("postgresql://u:secret@/x?host=/nowhere", false, &db, &error));
    assert_int_equal(error.code, TP_ERR_IO);
    assert_null(strstr(error.text, "secret"));
}

static void the_file_is_its_owners_alone(void **state)
{
    struct stat status;

    (void)state;
    if (postgres.on)
        return;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void migrating_again_changes_nothing_and_newer_is_refused(void **state)
{
    struct tp_sql *db = open_db();
    struct tp_error error;
    int64_t count = 0;

    (void)state;
    assert_true(tp_sql_migrate(db, WORLD_NOW + 5, &error));
    assert_true(tp_sql_number(db, "SELECT count(*) FROM migration WHERE applied_ms = ?1",
                              TP_VALUES(tp_int(WORLD_NOW)), 0, &count, &error));
    assert_true(count >= 1);
    assert_true(
        tp_sql_run(db, "INSERT INTO migration VALUES (999, 1)", TP_NO_VALUES, NULL, &error));
    assert_false(tp_sql_migrate(db, WORLD_NOW, &error));
    assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
    tp_sql_close(db);
}

static void a_backup_is_whole_and_replaces_nothing(void **state)
{
    struct tp_sql *db = open_db();
    struct tp_sql *copy;
    struct tp_error error;
    char to[160];

    (void)state;
    (void)snprintf(to, sizeof(to), "%s/copy.db", folder);
    if (postgres.on) {
        assert_false(tp_sql_backup(db, to, &error));
        assert_int_equal(error.code, TP_ERR_UNSUPPORTED);
        tp_sql_close(db);
        return;
    }
    assert_true(tp_sql_begin(db, &error));
    for (int i = 0; i < 1000; i++)
        assert_true(tp_sql_run(db, "INSERT INTO t VALUES (?1, 'x', zeroblob(500))",
                               TP_VALUES(tp_int(i)), NULL, &error));
    assert_true(tp_sql_commit(db, &error));
    assert_true(tp_sql_backup(db, to, &error));
    assert_false(tp_sql_backup(db, to, &error));
    assert_int_equal(error.code, TP_ERR_CONFLICT);
    tp_sql_close(db);
    assert_true(tp_sql_open(to, false, &copy, &error));
    assert_int_equal(count_rows(copy), 1000);
    tp_sql_close(copy);
}

/* ---- several at once, and a connection that is lost ---- */

static void *migrate_one(void *context)
{
    const char *url = context;
    struct tp_sql *db;
    struct tp_error error;
    bool ok = tp_sql_open(url, true, &db, &error);

    if (ok) {
        ok = tp_sql_migrate(db, WORLD_NOW, &error);
        tp_sql_close(db);
    }
    return ok ? NULL : "failed";
}

static void many_migrate_at_once_and_each_step_is_taken_once(void **state)
{
    pthread_t threads[6];
    char url[256];
    struct tp_sql *db;
    int64_t count = 0;

    (void)state;
    if (!postgres.on)
        assert_int_equal(unlink(path), 0);
    database_url(folder, url);
    for (int i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_one, url), 0);
    for (int i = 0; i < 6; i++) {
        void *failed;

        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_true(tp_sql_open(url, false, &db, NULL));
    assert_true(tp_sql_number(db, "SELECT count(*) - max(number) FROM migration", TP_NO_VALUES, 1,
                              &count, NULL));
    assert_int_equal(count, 0);
    tp_sql_close(db);
}

#define INSERT "INSERT INTO t VALUES (?1, 'x', NULL)"

static void a_failure_among_statements_sent_ahead_fails_the_commit(void **state)
{
    struct tp_sql *db = open_db();
    struct tp_error error;
    bool ok;

    (void)state;
    assert_true(tp_sql_begin(db, &error));
    ok = tp_sql_run(db, INSERT, TP_VALUES(tp_int(1)), NULL, &error) &&
         tp_sql_run(db, INSERT, TP_VALUES(tp_int(2)), NULL, &error) &&
         tp_sql_run(db, INSERT, TP_VALUES(tp_int(1)), NULL, &error) &&
         tp_sql_run(db, INSERT, TP_VALUES(tp_int(3)), NULL, &error) && tp_sql_commit(db, &error);
    assert_false(ok);
    assert_int_equal(error.code, TP_ERR_CONFLICT);
    tp_sql_rollback(db);
    assert_int_equal(count_rows(db), 0);
    /* The connection is as good as before. */
    assert_true(tp_sql_begin(db, &error));
    assert_true(tp_sql_run(db, INSERT, TP_VALUES(tp_int(4)), NULL, &error));
    assert_true(tp_sql_commit(db, &error));
    assert_int_equal(count_rows(db), 1);
    tp_sql_close(db);
}

static void cut_all_connections(void)
{
    postgres_sql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                 "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
}

static void a_connection_lost_in_a_transaction_loses_all_of_it(void **state)
{
    struct tp_sql *db = open_db();
    struct tp_error error;
    int64_t changed = 0;
    bool ok;

    (void)state;
    if (!postgres.on) {
        tp_sql_close(db);
        return;
    }
    assert_true(tp_sql_begin(db, &error));
    assert_true(tp_sql_run(db, INSERT, TP_VALUES(tp_int(1)), &changed, &error));
    cut_all_connections();
    /* Whether it is told at once or by the commit: it is told, and nothing is half there. */
    ok = tp_sql_run(db, INSERT, TP_VALUES(tp_int(2)), NULL, &error) && tp_sql_commit(db, &error);
    assert_false(ok);
    assert_int_equal(error.code, TP_ERR_IO);
    tp_sql_rollback(db);
    assert_int_equal(count_rows(db), 0);
    assert_true(tp_sql_begin(db, &error));
    assert_true(tp_sql_run(db, INSERT, TP_VALUES(tp_int(3)), NULL, &error));
    assert_true(tp_sql_commit(db, &error));
    /* Between transactions nobody notices. */
    cut_all_connections();
    assert_int_equal(count_rows(db), 1);
    cut_all_connections();
    assert_true(tp_sql_begin(db, &error));
    assert_true(tp_sql_run(db, INSERT, TP_VALUES(tp_int(4)), NULL, &error));
    assert_true(tp_sql_commit(db, &error));
    assert_int_equal(count_rows(db), 2);
    tp_sql_close(db);
}

static void answers_stand_in_their_month(void **state)
{
    struct tp_sql *db = open_db();
    int64_t count = 0;

    (void)state;
    if (!postgres.on) {
        tp_sql_close(db);
        return;
    }
#define SUBMIT                                                                                     \
    "INSERT INTO submission (seq, instance_id, form, version, device, received_ms, late, sealed) " \
    "VALUES (?1, 'x', 'f', '1', 'd', ?2, 0, ?3)"
#define NO_BYTES tp_blob("", 0)
    /* From a clock that is half a year ahead; then that month comes. */
    assert_true(
        tp_sql_run(db, SUBMIT, TP_VALUES(tp_int(1), tp_int(WORLD_NOW), NO_BYTES), NULL, NULL));
    assert_true(tp_sql_run(db, SUBMIT,
                           TP_VALUES(tp_int(2), tp_int(WORLD_NOW + 180 * 86400000LL), NO_BYTES),
                           NULL, NULL));
    assert_true(
        tp_sql_number(db, "SELECT count(*) FROM submission_other", TP_NO_VALUES, 9, &count, NULL));
    assert_int_equal(count, 1);
    assert_true(tp_sql_ahead(db, WORLD_NOW + 180 * 86400000LL, NULL));
    assert_true(tp_sql_ahead(db, WORLD_NOW + 180 * 86400000LL, NULL));
    assert_true(
        tp_sql_number(db, "SELECT count(*) FROM submission_other", TP_NO_VALUES, 9, &count, NULL));
    assert_int_equal(count, 0);
    assert_true(tp_sql_number(db, "SELECT count(*) FROM submission_2027_05", TP_NO_VALUES, 9,
                              &count, NULL));
    assert_int_equal(count, 1);
    assert_true(
        tp_sql_number(db, "SELECT count(*) FROM submission", TP_NO_VALUES, 9, &count, NULL));
    assert_int_equal(count, 2);
    tp_sql_close(db);
}

/* In the table of every month and in the one for what has none: nothing is put beside it. */
static void an_answer_of_a_usual_size_stays_in_its_row(void **state)
{
    struct tp_random random = tp_random_system();
    unsigned char sealed[6000];
    struct tp_sql *db = open_db();
    int64_t beside = -1;

    (void)state;
    if (!postgres.on) {
        tp_sql_close(db);
        return;
    }
    tp_random_fill(&random, sealed, sizeof(sealed));
    for (int64_t months = 0; months < 12; months += 6)
        assert_true(
            tp_sql_run(db, SUBMIT,
                       TP_VALUES(tp_int(months), tp_int(WORLD_NOW + months * 30 * 86400000LL),
                                 tp_blob(sealed, sizeof(sealed))),
                       NULL, NULL));
    assert_true(tp_sql_number(db,
                              "SELECT CAST(sum(pg_relation_size(c.reltoastrelid)) AS BIGINT) "
                              "FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                              "WHERE i.inhparent = 'submission'::regclass",
                              TP_NO_VALUES, -1, &beside, NULL));
    assert_int_equal(beside, 0);
    tp_sql_close(db);
}

/* ---- every allocation may fail ---- */

static void a_submission_survives_every_failing_allocation(void **state)
{
    struct world world;
    struct tp_exchange exchange;
    struct tp_buf body;
    bool taken = false;

    (void)state;
    world_make(&world);
    world_sealed(&world, "hours", "uuid:1", "<data/>", &body);
    for (uint64_t nth = 1; nth < 400 && !taken; nth++) {
        int status;

        tp_mem_fail_at(nth);
        status = world_submit(&world, &body, &exchange);
        tp_mem_fail_at(0);
        if (status == 201)
            taken = true;
        else if (status != 503)
            fail_msg("allocation %d gave %d", (int)nth, status);
        else if (!world_response_header(&exchange, "Retry-After"))
            fail_msg("allocation %d: a screen is not told when to come back", (int)nth);
        assert_int_equal(world.central.bodies, 0);
        tp_exchange_finish(&exchange);
    }
    assert_true(taken);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    tp_buf_finish(&body);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_come_back_as_they_went_in),
        TEST(failures_are_errors_that_quote_no_value),
        TEST(the_file_is_its_owners_alone),
        TEST(migrating_again_changes_nothing_and_newer_is_refused),
        TEST(a_backup_is_whole_and_replaces_nothing),
        TEST(many_migrate_at_once_and_each_step_is_taken_once),
        TEST(a_failure_among_statements_sent_ahead_fails_the_commit),
        TEST(a_connection_lost_in_a_transaction_loses_all_of_it),
        TEST(answers_stand_in_their_month),
        TEST(an_answer_of_a_usual_size_stays_in_its_row),
        cmocka_unit_test(a_submission_survives_every_failing_allocation),
    };

    return databases_run(tests);
}
