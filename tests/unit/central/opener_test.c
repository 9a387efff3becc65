/* Openings: made beside the answers after their receipts, gone with their answers, and never
 * needed. */
#include <pthread.h>

#include "central/chores.h"
#include "central/data/openings.h"
#include "central/data/removal.h"
#include "central/opener.h"
#include "unit/central/openings.h"

static void an_export_is_the_same_with_them_and_without(void **state)
{
    char *before;

    (void)state;
    answers(1, 600);
    assert_int_equal(openings(), 0);
    before = export_all(&world, (struct tp_export_options){.form = "hours"});
    assert_non_null(strstr(before, "words 599"));
    /* Numbers 1 to 255, and 256 to 511; the run after them is still growing. */
    assert_int_equal(open_all(), 511);
    assert_int_equal(openings(), 2);
    assert_int_equal(open_again(), 0);
    answers(601, 767);
    assert_int_equal(open_again(), 256);
    assert_int_equal(opened_answers(), 767);
    tp_free(before);
    check_exports(NULL);
}

/* Numbers are given before answers are committed: one may come to a run that has its opening. */
static void one_of_fewer_answers_is_not_used_and_made_anew(void **state)
{
    (void)state;
    answers(1, 300);
    assert_int_equal(open_all(), 255);
    CHANGE("INSERT INTO received (seq, instance_id, sha256, received_ms) "
           "SELECT 0, 'uuid:late', sha256, received_ms FROM received WHERE seq = 1");
    CHANGE("INSERT INTO submission (seq, instance_id, form, version, device, received_ms, late, "
           "sealed) SELECT 0, 'uuid:late', form, version, device, received_ms, late, sealed "
           "FROM submission WHERE seq = 1");
    assert_int_equal(open_again(), 256);
    CHANGE("UPDATE opening SET answers = 255");
    check_exports(NULL);
}

static void none_is_made_where_the_private_key_is_elsewhere(void **state)
{
    (void)state;
    answers(1, 256);
    world.central.keys.unsealing_count = 0;
    assert_int_equal(open_all(), 0);
    assert_int_equal(openings(), 0);
    assert_null(tp_opener_start(&world.central));
    world.central.keys.unsealing_count = 1;
    assert_int_equal(open_all(), 255);
}

/* An opening would else open, with one key, what only another opens. */
static void a_run_under_two_keys_has_none(void **state)
{
    (void)state;
    answers(1, 10);
    assert_true(tp_keys_rotate(world.folder, NULL, NULL));
    tp_keys_finish(&world.central.keys);
    assert_true(tp_keys_read(world.folder, &world.central.keys, NULL));
    answers(11, 520);
    assert_int_equal(open_all(), 256);
    assert_int_equal(openings(), 2);
    assert_int_equal(opened_answers(), 256);
    assert_int_equal(open_again(), 0);
    check_exports(NULL);
}

static void send_large(const char *id, size_t length)
{
    static const char before[] = "<data id=\"hours\"><why>";
    static const char after[] = "</why><open>yes</open></data>";
    struct tp_buf xml;

    tp_buf_init(&xml, TP_SEAL_PLAIN_MAX);
    (void)tp_buf_puts(&xml, before);
    for (size_t i = 0; i < length; i += 10)
        (void)tp_buf_puts(&xml, "many words");
    (void)tp_buf_puts(&xml, after);
    world_answer(&world, "hours", id, tp_buf_text(&xml), 201);
    tp_buf_finish(&xml);
}

/* Nor one with an answer that does not open, or that is too large; they are not tried again. */
static void a_run_that_cannot_be_opened_has_none(void **state)
{
    char *csv;

    (void)state;
    answers(1, 255);
    send_large("uuid:large", 1000 * 1000);
    send_large("uuid:larger", 1000 * 1000);
    send_large("uuid:too-large", 1100 * 1000);
    answers(259, 800);
    CHANGE("UPDATE submission SET sealed = (SELECT sha256 FROM received WHERE seq = 9) "
           "WHERE seq = 9");
    assert_int_equal(open_all(), 256);
    assert_int_equal(openings(), 3);
    assert_int_equal(open_again(), 0);
    csv = export_all(&world, (struct tp_export_options){.form = "hours"});
    assert_non_null(strstr(csv, "its seal cannot be opened"));
    assert_non_null(strstr(csv, "one of its values is too long and was left out,,yes,,"));
    tp_free(csv);
    check_exports(NULL);
}

/* ---- with the answers they are of ---- */

static void they_go_with_their_answers(void **state)
{
    (void)state;
    world_sign_in(&world);
    answers(1, 520);
    world_answer(&world, "hours", "uuid:300", "<data id=\"hours\"/>", 409);
    assert_int_equal(open_all(), 511);
    /* The newest that has this code: number 520. */
    assert_int_equal(post("/withdraw", "form=hours&code=K7QM"), 303);
    assert_int_equal(openings(), 2);
    for (int i = 0; i < 9; i++)
        assert_int_equal(post("/withdraw", "form=hours&code=K7QM"), 303);
    assert_int_equal(openings(), 1);
    assert_int_equal(world_number(&world, "SELECT run FROM opening"), 0);
    assert_int_equal(open_again(), 255);
    /* Other bytes take the place of an answer's. */
    assert_int_equal(post("/quarantine/1/swap", ""), 303);
    assert_int_equal(openings(), 1);
    assert_int_equal(open_again(), 255);
    check_exports(NULL);
}

static void retention_deletes_them(void **state)
{
    int64_t removed = 0;

    (void)state;
    answers(1, 300);
    assert_int_equal(open_all(), 255);
    CHANGE("UPDATE form SET keep_months = 1, closes = ''");
    CHANGE("UPDATE submission SET received_ms = 1000 WHERE seq = 7");
    CHANGE("UPDATE received SET received_ms = 1000 WHERE seq = 7");
    assert_true(tp_chores_run(&world.central, true, &removed, NULL));
    assert_int_equal(removed, 1);
    assert_int_equal(openings(), 0);
    assert_int_equal(open_again(), 254);
    check_exports(NULL);
}

/* ---- while they are made ---- */

struct adding {
    struct tp_sql *db;
    int64_t lease;
    bool added;
};

static void *add_opening(void *context)
{
    struct adding *adding = context;
    const struct tp_run run = {
        .form = "hours", .answers = 1, .opening = "of before", .opening_length = 9};

    assert_true(tp_sql_begin(adding->db, NULL));
    assert_true(
        tp_opening_add(adding->db, &run, adding->lease, adding->lease + 1, &adding->added, NULL));
    assert_true(tp_sql_commit(adding->db, NULL));
    return NULL;
}

static void withdraw_one(struct tp_sql *db)
{
    const struct tp_deed deed = {.who = "admin", .at_ms = WORLD_NOW};
    bool found = false;

    assert_true(tp_answer_withdraw(db, 1, "2026-11-23", &deed, &found, NULL));
    assert_true(found);
}

static void remove_all_in_time(struct tp_sql *db)
{
    struct tp_removal removal = {
        .form = "hours", .limit_ms = WORLD_NOW + 86400000, .now_ms = WORLD_NOW};

    assert_true(tp_form_remove_piece(db, &removal, NULL));
    assert_int_equal(removal.removed, 2);
}

/* Deleted by another server, which has not committed. */
static void what_is_deleted_meanwhile_does_not_come_back(void (*delete)(struct tp_sql *db))
{
    struct adding adding = {.lease = WORLD_NOW};
    struct tp_sql *other;
    pthread_t thread;
    bool taken = false;

    answers(1, 2);
    assert_true(tp_sql_open(world.central.settings.db, false, &adding.db, NULL));
    assert_true(tp_sql_open(world.central.settings.db, false, &other, NULL));
    assert_true(tp_openings_claim(adding.db, -1, adding.lease, 60000, &taken, NULL));
    assert_true(taken);
    assert_true(tp_sql_begin(other, NULL));
    delete (other);
    assert_int_equal(pthread_create(&thread, NULL, add_opening, &adding), 0);
    assert_true(tp_sql_commit(other, NULL));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_false(adding.added);
    assert_int_equal(openings(), 0);
    /* With the lease taken anew, after it. */
    assert_true(tp_openings_claim(adding.db, -1, adding.lease + 60002, 60000, &taken, NULL));
    assert_true(taken);
    adding.lease += 60002;
    (void)add_opening(&adding);
    assert_true(adding.added);
    tp_sql_close(adding.db);
    tp_sql_close(other);
}

static void what_is_withdrawn_does_not_come_back(void **state)
{
    (void)state;
    what_is_deleted_meanwhile_does_not_come_back(withdraw_one);
}

static void what_retention_deletes_does_not_come_back(void **state)
{
    (void)state;
    what_is_deleted_meanwhile_does_not_come_back(remove_all_in_time);
}

static void one_server_makes_them_for_all(void **state)
{
    (void)state;
    answers(1, 256);
    CHANGE("UPDATE chore SET begun_ms = (SELECT max(received_ms) FROM received) "
           "WHERE name = 'openings'");
    assert_int_equal(open_all(), 0);
    /* It was stopped in the middle: after a minute another goes on. */
    assert_int_equal(open_again(), 255);
}

static void the_thread_makes_them_by_itself(void **state)
{
    struct tp_worker *opener;

    (void)state;
    answers(1, 256);
    opener = tp_opener_start(&world.central);
    assert_non_null(opener);
    while (openings() == 0)
        (void)usleep(1000);
    tp_worker_stop(opener);
    assert_int_equal(openings(), 1);
}

/* ---- stores of before ---- */

static void openings_of_single_answers_are_made_anew(void **state)
{
    (void)state;
    answers(1, 256);
    CHANGE("DROP TABLE opening");
    CHANGE("CREATE TABLE opening (seq BIGINT PRIMARY KEY, bytes TEXT NOT NULL)");
    CHANGE("INSERT INTO opening SELECT seq, 'of one answer' FROM received");
    CHANGE("DROP TABLE edit");
    CHANGE("DROP TABLE replaced");
    CHANGE("DELETE FROM chore");
    store_of_before(6);
    assert_int_equal(openings(), 0);
    assert_int_equal(open_all(), 255);
    check_exports(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_export_is_the_same_with_them_and_without),
        TEST(one_of_fewer_answers_is_not_used_and_made_anew),
        TEST(none_is_made_where_the_private_key_is_elsewhere),
        TEST(a_run_under_two_keys_has_none),
        TEST(a_run_that_cannot_be_opened_has_none),
        TEST(they_go_with_their_answers),
        TEST(retention_deletes_them),
        TEST(what_is_withdrawn_does_not_come_back),
        TEST(what_retention_deletes_does_not_come_back),
        TEST(one_server_makes_them_for_all),
        TEST(the_thread_makes_them_by_itself),
        TEST(openings_of_single_answers_are_made_anew),
    };

    return databases_run(tests);
}
