/*
 * kill -9 of talkpoint-central at random points while eight screens send: whatever got its 201 is
 * in the database with its own bytes, once, and the clear words of an answer are nowhere on the
 * disk. What got no 201 is sent again after the restart, as the agent does. On SQLite one server;
 * on PostgreSQL two on one database, of which one is killed at a time, and the database itself
 * crashes under both now and then. Of every eight answers four come in one request.
 */
#include "tp_test.h"

#include <ftw.h>

#include "central/data/submissions.h"
#include "faults/central/kill_servers.h"
#include "faults/tally.h"
#include "lib/files.h"

#define ROUNDS_DEFAULT 6
#define KILLS_A_ROUND 5
/* Every so many kills on PostgreSQL the database crashes too. */
#define CRASH_EVERY 3

static uint64_t seed = 20261123;

/* ---- looking ---- */

static bool is_kept(struct tp_sql *db, const struct answer *answer)
{
    struct tp_rows rows;
    bool kept = false;

    if (tp_sql_ask(db,
                   "SELECT r.sha256 FROM received r JOIN submission s ON s.seq = r.seq "
                   "WHERE r.instance_id = ?1",
                   TP_VALUES(tp_str(answer->id)), &rows, NULL) &&
        tp_rows_next(&rows)) {
        size_t length;
        const void *sha256 = tp_rows_blob(&rows, 0, &length);

        kept = length == TP_SHA256_BYTES && memcmp(sha256, answer->sha256, length) == 0;
    }
    assert_true(tp_rows_finish(&rows));
    return kept;
}

static int64_t number(struct tp_sql *db, const char *sql)
{
    int64_t found = -1;

    assert_true(tp_sql_number(db, sql, TP_NO_VALUES, -1, &found, NULL));
    return found;
}

/* Those acknowledged before the kill are all there after it. */
static void look(void)
{
    struct tp_error error;
    struct tp_sql *db;
    bool was[ANSWERS];

    for (int i = 0; i < ANSWERS; i++)
        was[i] = answers[i].acknowledged;
    must(tp_sql_open(database, false, &db, &error), &error);
    for (int i = 0; i < ANSWERS; i++) {
        if (was[i] && !is_kept(db, &answers[i]))
            faults.lost++;
    }
    /* In one view of the data: another server may be writing. */
    if (number(db, "SELECT (SELECT count(*) FROM submission) - "
                   "(SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally)") != 0)
        faults.doubled++;
    faults.doubled += (uint64_t)number(db, "SELECT count(*) FROM quarantine");
    tp_sql_close(db);
}

static int visit_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)place;
    if (kind == FTW_F)
        faults.exposed += file_has(path, CANARY, strlen(CANARY));
    return 0;
}

/* The whole folder of the database: its tables and its log. */
static void search_disk(void)
{
    assert_int_equal(nftw(postgres.on ? postgres.folder : folder, visit_file, 16, FTW_PHYS), 0);
}

/* ---- the faults ---- */

static void kill_one(const struct tp_random *random)
{
    size_t which = tp_random_below(random, (uint32_t)server_count);

    kill_server(which, SIGKILL);
    faults.injected++;
    if (postgres.on && faults.injected % CRASH_EVERY == 0) {
        postgres_stop(SIGQUIT);
        postgres_start(true);
        faults.injected++;
    }
    if (!postgres.on)
        search_disk();
    look();
    start_server(which);
}

static void one_round(const struct tp_random *random)
{
    pthread_t threads[SCREENS];
    struct tp_error error;
    struct tp_sql *db;
    int aim = 0;

    make_store();
    make_answers(random);
    acknowledged = 0;
    finished = 0;
    server_count = postgres.on ? SERVERS_MAX : 1;
    for (size_t i = 0; i < server_count; i++)
        start_server(i);
    for (int i = 0; i < SCREENS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, screen, &answers[i * ANSWERS_EACH]), 0);
    for (int i = 0; i < KILLS_A_ROUND; i++) {
        aim += 1 + (int)tp_random_below(random, 2 * REQUESTS / (KILLS_A_ROUND + 2));
        if (!await(aim))
            break;
        kill_one(random);
    }
    (void)await(REQUESTS);
    for (int i = 0; i < SCREENS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < server_count; i++)
        kill_server(i, SIGTERM);
    look();
    search_disk();
    must(tp_sql_open(database, false, &db, &error), &error);
    assert_int_equal(number(db, "SELECT count(*) FROM submission"), ANSWERS);
    tp_sql_close(db);
    for (int i = 0; i < ANSWERS; i++)
        tp_free(answers[i].request);
    assert_true(tp_dir_remove(folder, NULL));
}

static void killed_at_random_nothing_acknowledged_is_lost(void **state)
{
    const char *text = getenv("TP_FAULTS_ROUNDS");
    struct tp_random random = tp_random_seeded(&seed);
    long rounds = text ? strtol(text, NULL, 10) : ROUNDS_DEFAULT / 3;

    (void)state;
    assert_true(sodium_init() >= 0);
    for (long i = 0; i < rounds; i++)
        one_round(&random);
    assert_true(faults.injected > 0);
    faults_expect_none_wrong();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_random_nothing_acknowledged_is_lost),
    };
    int failed = cmocka_run_group_tests_name("on SQLite", tests, NULL, NULL);

    postgres_make(true);
    postgres.on = true;
    failed += cmocka_run_group_tests_name("on PostgreSQL", tests, NULL, NULL);
    postgres_end();
    return faults_end(failed);
}
