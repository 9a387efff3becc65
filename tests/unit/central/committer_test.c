/* The writers: grouped, one by one where one fails, and who is told when. */
#include <pthread.h>
#include <semaphore.h>

#include "unit/central/database.h"

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
    size_t runs; /* calls of run_many and of committing, and the jobs in them */
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

/* Before anybody is told. */
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
                                      .committing = end_inserts,
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

/* ---- jobs that are written at once ---- */

static struct {
    size_t asked; /* jobs that were to be written at once */
    size_t ran;   /* and those that were run for all that */
    size_t prepared;
    size_t most; /* that are written at once */
} at_once;

/* Each insert by itself, as many as the test allows. */
static bool insert_at_once(struct tp_sql *db, void *const *contexts, size_t count)
{
    at_once.asked += count;
    for (size_t i = 0; i < count && i < at_once.most; i++) {
        struct insert *insert = contexts[i];

        assert_true(run_insert(db, insert, NULL));
        insert->runs = -1;
    }
    return count <= at_once.most;
}

static bool run_what_is_left(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct insert *insert = context;

    at_once.ran++;
    return insert->runs == -1 || run_insert(db, insert, error);
}

static void count_prepared(void *const *contexts, size_t count)
{
    (void)contexts;
    at_once.prepared += count;
}

/* Ten of them in one group. */
static void write_ten(size_t most)
{
    static struct insert inserts[10];
    _Atomic int left = 10;
    struct tp_committer *committer;

    memset(&at_once, 0, sizeof(at_once));
    at_once.most = most;
    for (int i = 0; i < 10; i++) {
        inserts[i] = (struct insert){.job = {.run = run_what_is_left,
                                             .run_at_once = insert_at_once,
                                             .committing = count_prepared,
                                             .done = done_insert,
                                             .context = &inserts[i],
                                             .next = i < 9 ? &inserts[i + 1].job : NULL},
                                     .n = i,
                                     .left = &left};
    }
    assert_true(tp_committer_create(open_db(), &committer, NULL));
    tp_committer_submit(committer, &inserts[0].job);
    tp_committer_destroy(committer);
    assert_int_equal(left, 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(inserts[i].job.error.code, TP_OK);
    assert_int_equal(at_once.asked, 10);
}

static void what_is_written_at_once_needs_no_transaction(void **state)
{
    struct tp_sql *db;

    (void)state;
    write_ten(10);
    assert_int_equal(at_once.ran, 0);
    assert_int_equal(at_once.prepared, 10);
    db = open_db();
    assert_int_equal(count_rows(db), 10);
    tp_sql_close(db);
}

static void what_is_not_all_written_at_once_runs_as_others_do(void **state)
{
    struct tp_sql *db;

    (void)state;
    write_ten(4);
    assert_int_equal(at_once.ran, 10);
    assert_true(at_once.prepared >= 10);
    db = open_db();
    assert_int_equal(count_rows(db), 10);
    tp_sql_close(db);
}

/* ---- what is done meanwhile ---- */

static void count_call(void *context)
{
    ++*(int *)context;
}

static void a_commit_calls_once_and_only_if_it_comes(void **state)
{
    struct tp_sql *db = open_db();
    int calls = 0;

    (void)state;
    /* Of nothing too. */
    for (int64_t n = 0; n < 2; n++) {
        assert_true(tp_sql_begin(db, NULL));
        if (n)
            assert_true(run_insert(db, &(struct insert){.n = n}, NULL));
        tp_sql_meanwhile(db, count_call, &calls);
        assert_int_equal(calls, n);
        assert_true(tp_sql_commit(db, NULL));
        assert_int_equal(calls, n + 1);
    }
    tp_sql_meanwhile(db, count_call, &calls);
    tp_sql_meanwhile(db, NULL, NULL);
    assert_true(tp_sql_begin(db, NULL));
    assert_true(run_insert(db, &(struct insert){.n = 2}, NULL));
    assert_true(tp_sql_commit(db, NULL));
    assert_int_equal(calls, 2);
    tp_sql_close(db);
}

/* What is checked at the commit: a row of `child` names one of t that is not there. */
static bool run_orphan(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct insert *insert = context;

    return tp_sql_run(db, "INSERT INTO child VALUES (?1)",
                      TP_VALUES(tp_int(insert->fails ? -1 : insert->n)), NULL, error);
}

static void what_was_prepared_for_a_commit_that_failed_is_prepared_anew(void **state)
{
    static struct insert inserts[3];
    struct tp_sql *db = open_db();
    struct tp_committer *committer;
    _Atomic int left = 3;

    (void)state;
    memset(&at_once, 0, sizeof(at_once));
    assert_true(
        tp_sql_run(db, "CREATE TABLE parent (id BIGINT PRIMARY KEY)", TP_NO_VALUES, NULL, NULL));
    assert_true(tp_sql_run(db,
                           "CREATE TABLE child (of BIGINT NOT NULL REFERENCES parent (id) "
                           "DEFERRABLE INITIALLY DEFERRED)",
                           TP_NO_VALUES, NULL, NULL));
    for (int64_t i = 0; i < 3; i++) {
        assert_true(
            tp_sql_run(db, "INSERT INTO parent VALUES (?1)", TP_VALUES(tp_int(i)), NULL, NULL));
        inserts[i] = (struct insert){.job = {.run = run_orphan,
                                             .committing = count_prepared,
                                             .done = done_insert,
                                             .context = &inserts[i],
                                             .next = i < 2 ? &inserts[i + 1].job : NULL},
                                     .n = i,
                                     .fails = i == 1,
                                     .left = &left};
    }
    assert_true(tp_committer_create(db, &committer, NULL));
    tp_committer_submit(committer, &inserts[0].job);
    tp_committer_destroy(committer);
    assert_int_equal(left, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(inserts[i].job.error.code, i == 1 ? TP_ERR_CONFLICT : TP_OK);
    /* Of the group, and then of each. */
    assert_int_equal(at_once.prepared, 6);
}

/* Its group is rolled back and tried one by one; what fails before its commit is not prepared. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_at_the_end_is_committed),
        TEST(one_that_fails_takes_no_other_with_it),
        TEST(jobs_of_a_kind_run_and_end_together),
        TEST(one_of_a_kind_that_fails_ends_alone),
        TEST(many_threads_write_through_one),
        TEST(what_is_written_at_once_needs_no_transaction),
        TEST(what_is_not_all_written_at_once_runs_as_others_do),
        TEST(a_commit_calls_once_and_only_if_it_comes),
        TEST(what_was_prepared_for_a_commit_that_failed_is_prepared_anew),
        TEST(one_that_is_alone_is_written_where_it_is),
        TEST(one_beside_others_is_left_to_a_writer),
    };

    return databases_run(tests);
}
