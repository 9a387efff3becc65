/* The database and its one writer. */
#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>

#include "unit/central/world.h"

static char folder[64];
static char path[256];

static int make(void **state)
{
    struct tp_sql *db;

    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/tp-store-XXXXXX");
    assert_non_null(mkdtemp(folder));
    database_url(folder, path);
    assert_true(tp_sql_open(path, true, &db, NULL));
    assert_true(tp_sql_migrate(db, WORLD_NOW, NULL));
    assert_true(tp_sql_run(db,
                           postgres.on
                               ? "CREATE TABLE t (n BIGINT PRIMARY KEY, s TEXT, b BYTEA)"
                               : "CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT, b BLOB) STRICT",
                           TP_NO_VALUES, NULL, NULL));
    tp_sql_close(db);
    return 0;
}

static int end(void **state)
{
    (void)state;
    assert_true(tp_dir_remove(folder, NULL));
    return 0;
}

static struct tp_sql *open_db(void)
{
    struct tp_error error;
    struct tp_sql *db = NULL;

    if (!tp_sql_open(path, false, &db, &error))
        fail_msg("%s", error.text);
    return db;
}

static int64_t count_rows(struct tp_sql *db)
{
    int64_t count = -1;

    assert_true(tp_sql_number(db, "SELECT count(*) FROM t", TP_NO_VALUES, -1, &count, NULL));
    return count;
}

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

/* ---- the committer ---- */

struct insert {
    struct tp_job job;
    int64_t n;
    bool fails;
    int runs;
    _Atomic int *left;
};

static bool run_insert(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct insert *insert = context;

    insert->runs++;
    return tp_sql_run(db, "INSERT INTO t VALUES (?1, NULL, NULL)", TP_VALUES(tp_int(insert->n)),
                      NULL, error) &&
           (!insert->fails || tp_fail(error, TP_ERR_IO, "as the test wants"));
}

static void done_insert(struct tp_job *job)
{
    (*((struct insert *)job)->left)--;
}

static void what_waits_at_the_end_is_committed(void **state)
{
    static struct insert inserts[1000];
    _Atomic int left = 1000;
    struct tp_committer *committer;
    uint64_t transactions = 0;
    uint64_t jobs = 0;
    struct tp_sql *db;

    (void)state;
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    for (int i = 0; i < 1000; i++) {
        inserts[i] =
            (struct insert){.job = {.run = run_insert, .done = done_insert}, .n = i, .left = &left};
        inserts[i].job.context = &inserts[i];
        tp_committer_submit(committer, &inserts[i].job);
    }
    assert_true(
        tp_committer_run(committer, run_insert, &(struct insert){.n = 1000, .left = &left}, NULL));
    assert_int_equal(left, 0);
    tp_committer_count(committer, &transactions, &jobs);
    /* Grouped: far fewer transactions than jobs. */
    assert_true(transactions >= 1000 / TP_COMMIT_GROUP_MAX && transactions < 500);
    tp_committer_destroy(committer);
    db = open_db();
    assert_int_equal(count_rows(db), 1001);
    tp_sql_close(db);
}

static void one_that_fails_takes_no_other_with_it(void **state)
{
    static struct insert inserts[50];
    _Atomic int left = 50;
    struct tp_committer *committer;
    struct tp_sql *db;

    (void)state;
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    for (int i = 0; i < 50; i++) {
        /* Number 20 fails by itself; 31 and 30 are the same row. */
        inserts[i] = (struct insert){.job = {.run = run_insert, .done = done_insert},
                                     .n = i == 31 ? 30 : i,
                                     .fails = i == 20,
                                     .left = &left};
        inserts[i].job.context = &inserts[i];
    }
    for (int i = 0; i < 50; i++)
        tp_committer_submit(committer, &inserts[i].job);
    tp_committer_destroy(committer);
    assert_int_equal(left, 0);
    for (int i = 0; i < 50; i++) {
        enum tp_error_code wanted = i == 20 ? TP_ERR_IO : i == 31 ? TP_ERR_CONFLICT : TP_OK;

        assert_int_equal(inserts[i].job.error.code, wanted);
        assert_true(inserts[i].runs >= 1);
    }
    db = open_db();
    assert_int_equal(count_rows(db), 48);
    tp_sql_close(db);
}

/* ---- jobs of a kind ---- */

static struct {
    size_t runs; /* calls of run_many and of committed, and the jobs in them */
    size_t ran;
    size_t ends;
    size_t ended;
} kind_seen;

static bool run_inserts(struct tp_sql *db, void *const *contexts, size_t count,
                        struct tp_error *error)
{
    kind_seen.runs++;
    kind_seen.ran += count;
    for (size_t i = 0; i < count; i++) {
        if (!run_insert(db, contexts[i], error))
            return false;
    }
    return true;
}

/* After the commit and before anybody is told. */
static void end_inserts(void *const *contexts, size_t count)
{
    struct insert *first = contexts[0];

    kind_seen.ends++;
    kind_seen.ended += count;
    assert_true(*first->left >= (int)count);
}

static void insert_of_a_kind(struct tp_committer *committer, struct insert *insert, int64_t n,
                             bool fails, _Atomic int *left)
{
    *insert = (struct insert){.job = {.run = run_insert,
                                      .run_many = run_inserts,
                                      .committed = end_inserts,
                                      .done = done_insert},
                              .n = n,
                              .fails = fails,
                              .left = left};
    insert->job.context = insert;
    tp_committer_submit(committer, &insert->job);
}

static void jobs_of_a_kind_run_and_end_together(void **state)
{
    static struct insert inserts[400];
    _Atomic int left = 400;
    struct tp_committer *committer;
    struct tp_sql *db;

    (void)state;
    memset(&kind_seen, 0, sizeof(kind_seen));
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    for (int i = 0; i < 400; i++) {
        if (i % 2)
            insert_of_a_kind(committer, &inserts[i], i, false, &left);
        else {
            inserts[i] = (struct insert){
                .job = {.run = run_insert, .done = done_insert}, .n = i, .left = &left};
            inserts[i].job.context = &inserts[i];
            tp_committer_submit(committer, &inserts[i].job);
        }
    }
    tp_committer_destroy(committer);
    assert_int_equal(left, 0);
    assert_int_equal(kind_seen.ran, 200);
    assert_int_equal(kind_seen.ended, 200);
    assert_true(kind_seen.runs < 100);
    assert_int_equal(kind_seen.ends, kind_seen.runs);
    db = open_db();
    assert_int_equal(count_rows(db), 400);
    tp_sql_close(db);
}

/* Its group is rolled back and tried one by one; what fails is not told to have been committed. */
static void one_of_a_kind_that_fails_ends_alone(void **state)
{
    static struct insert inserts[50];
    _Atomic int left = 50;
    struct tp_committer *committer;
    struct tp_sql *db;

    (void)state;
    memset(&kind_seen, 0, sizeof(kind_seen));
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    for (int i = 0; i < 50; i++)
        insert_of_a_kind(committer, &inserts[i], i, i == 20, &left);
    tp_committer_destroy(committer);
    assert_int_equal(left, 0);
    assert_int_equal(kind_seen.ended, 49);
    for (int i = 0; i < 50; i++)
        assert_int_equal(inserts[i].job.error.code, i == 20 ? TP_ERR_IO : TP_OK);
    db = open_db();
    assert_int_equal(count_rows(db), 49);
    tp_sql_close(db);
}

static void *insert_many(void *context)
{
    struct insert *first = context;
    struct tp_committer *committer = first->job.context;

    for (int i = 0; i < 100; i++) {
        struct insert one = {.n = first->n + i, .left = first->left};

        if (tp_committer_run(committer, run_insert, &one, NULL))
            (*first->left)--;
    }
    return NULL;
}

static void many_threads_write_through_one(void **state)
{
    struct insert firsts[8];
    pthread_t threads[8];
    _Atomic int left = 800;
    struct tp_committer *committer;

    (void)state;
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    for (int i = 0; i < 8; i++) {
        firsts[i] =
            (struct insert){.job = {.context = committer}, .n = (int64_t)i * 100, .left = &left};
        assert_int_equal(pthread_create(&threads[i], NULL, insert_many, &firsts[i]), 0);
    }
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(left, 0);
    tp_committer_destroy(committer);
}

/* A job that says which thread ran it, and may wait for the test. */
struct lone {
    struct insert insert;
    pthread_t ran_on;
    sem_t *begun;
    sem_t *go_on;
};

static bool run_lone(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct lone *lone = context;

    lone->ran_on = pthread_self();
    if (lone->begun) {
        (void)sem_post(lone->begun);
        (void)sem_wait(lone->go_on);
    }
    return run_insert(db, &lone->insert, error);
}

static struct lone lone_of(int64_t n, _Atomic int *left)
{
    return (struct lone){.insert = {.job = {.run = run_lone}, .n = n, .left = left}};
}

static bool write_here(struct tp_committer *committer, struct lone *lone)
{
    lone->insert.job.context = lone;
    return tp_committer_here(committer, &lone->insert.job);
}

static void one_that_is_alone_is_written_where_it_is(void **state)
{
    _Atomic int left = 0;
    struct lone fine = lone_of(1, &left);
    struct lone failing = lone_of(2, &left);
    struct tp_committer *committer;
    uint64_t transactions;
    uint64_t jobs;
    struct tp_sql *db;

    (void)state;
    failing.insert.fails = true;
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    assert_true(write_here(committer, &fine));
    assert_true(pthread_equal(fine.ran_on, pthread_self()));
    assert_int_equal(fine.insert.job.error.code, TP_OK);
    assert_true(write_here(committer, &failing));
    assert_int_equal(failing.insert.job.error.code, TP_ERR_IO);
    tp_committer_count(committer, &transactions, &jobs);
    assert_int_equal(transactions, 1);
    assert_int_equal(jobs, 2);
    db = open_db();
    assert_int_equal(count_rows(db), 1);
    tp_sql_close(db);
    tp_committer_destroy(committer);
}

static void one_beside_others_is_left_to_a_writer(void **state)
{
    sem_t begun;
    sem_t go_on;
    _Atomic int left = 3;
    struct lone first = lone_of(1, &left);
    struct lone refused = lone_of(2, &left);
    struct insert others[2];
    struct tp_committer *committer;
    uint64_t transactions = 0;
    uint64_t jobs;

    (void)state;
    (void)sem_init(&begun, 0, 0);
    (void)sem_init(&go_on, 0, 0);
    first.begun = &begun;
    first.go_on = &go_on;
    first.insert.job.done = done_insert;
    first.insert.job.context = &first;
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    tp_committer_submit(committer, &first.insert.job);
    (void)sem_wait(&begun);
    assert_false(pthread_equal(first.ran_on, pthread_self()));
    /* One is being written. */
    assert_false(write_here(committer, &refused));
    for (int i = 0; i < 2; i++) {
        others[i] = (struct insert){
            .job = {.run = run_insert, .done = done_insert}, .n = 10 + i, .left = &left};
        others[i].job.context = &others[i];
        tp_committer_submit(committer, &others[i].job);
    }
    (void)sem_post(&go_on);
    while (transactions < 2)
        tp_committer_count(committer, &transactions, &jobs);
    assert_int_equal(left, 0);
    /* Two came together: more are likely to. */
    assert_false(write_here(committer, &refused));
    assert_int_equal(refused.insert.runs, 0);
    tp_committer_destroy(committer);
    (void)sem_destroy(&begun);
    (void)sem_destroy(&go_on);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

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
        TEST(what_waits_at_the_end_is_committed),
        TEST(one_that_fails_takes_no_other_with_it),
        TEST(many_threads_write_through_one),
        TEST(one_that_is_alone_is_written_where_it_is),
        TEST(one_beside_others_is_left_to_a_writer),
        TEST(jobs_of_a_kind_run_and_end_together),
        TEST(one_of_a_kind_that_fails_ends_alone),
        cmocka_unit_test(a_submission_survives_every_failing_allocation),
    };

    return databases_run(tests);
}
