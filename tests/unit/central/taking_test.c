/* Taking answers in together: what one commit brings is kept as if each had come alone, and one
 * signature stands for all of it. */
#include <semaphore.h>

#include "central/data/devices.h"
#include "central/data/submissions.h"
#include "store/receipt.h"
#include "unit/central/one_world.h"

#define ANSWERS 300

static struct tp_submission submissions[ANSWERS];
static void *contexts[ANSWERS];
static char ids[ANSWERS][32];
static char forms[ANSWERS][32];

static int make(void **state)
{
    (void)make_world(state);
    for (size_t i = 0; i < ANSWERS; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "uuid:%zu", i);
        (void)snprintf(forms[i], sizeof(forms[i]), "hours");
        contexts[i] = &submissions[i];
        submissions[i] = (struct tp_submission){.instance_id = ids[i],
                                                .form = forms[i],
                                                .version = "1",
                                                .device = world.device,
                                                .central = &world.central,
                                                .day = "2026-11-23",
                                                .late_day = "2026-10-24",
                                                .received_ms = world.time.wall,
                                                .sealed = "sealed",
                                                .sealed_length = 6};
    }
    return 0;
}

static bool run_all(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_submissions_take(db, contexts, *(const size_t *)context, error);
}

static void take(size_t count)
{
    assert_true(tp_committer_run(world.central.committer, run_all, &count, NULL));
}

static int64_t tallied(void)
{
    return world_number(&world, "SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally");
}

static void a_group_is_kept_whole_and_counted(void **state)
{
    (void)state;
    take(ANSWERS);
    for (size_t i = 0; i < ANSWERS; i++) {
        assert_int_equal(submissions[i].taken, TP_TAKEN_NEW);
        assert_int_equal(submissions[i].first_received_ms, world.time.wall);
    }
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission s JOIN received r "
                                          "ON r.seq = s.seq AND r.instance_id = s.instance_id "
                                          "WHERE length(s.sealed) = 6 AND s.form = 'hours'"),
                     ANSWERS);
    assert_int_equal(tallied(), ANSWERS);
    /* Earlier ones have the lower numbers. */
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received a JOIN received b "
                                          "ON a.instance_id = 'uuid:7' "
                                          "AND b.instance_id = 'uuid:8' AND a.seq < b.seq"),
                     1);
    /* All of it again, an hour later: the same, by the time of the first. */
    for (size_t i = 0; i < ANSWERS; i++)
        submissions[i].received_ms += 3600 * 1000;
    take(ANSWERS);
    for (size_t i = 0; i < ANSWERS; i++) {
        assert_int_equal(submissions[i].taken, TP_TAKEN_AGAIN);
        assert_int_equal(submissions[i].first_received_ms, world.time.wall);
    }
    assert_int_equal(tallied(), ANSWERS);
}

/* The same ID more than once in one group: the first counts, by where it stands. */
static void one_id_twice_in_a_group_is_as_if_they_came_apart(void **state)
{
    (void)state;
    submissions[3].instance_id = submissions[9].instance_id = ids[5];
    submissions[9].sha256[0] = 1;
    submissions[9].sealed = "others";
    take(10);
    assert_int_equal(submissions[3].taken, TP_TAKEN_NEW);
    assert_int_equal(submissions[5].taken, TP_TAKEN_AGAIN);
    assert_int_equal(submissions[9].taken, TP_TAKEN_CONFLICT);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 8);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 1);
    assert_int_equal(tallied(), 8);
}

static bool close_both(struct tp_sql *db, void *context, struct tp_error *error)
{
    (void)context;
    return tp_sql_run(db, "UPDATE form SET closed_ms = 1000 WHERE id = 'by-hand'", TP_NO_VALUES,
                      NULL, error) &&
           tp_sql_run(db, "UPDATE form SET closes = '2026-10-24' WHERE id = 'by-day'", TP_NO_VALUES,
                      NULL, error);
}

/* Closed by hand at 1000 ms, or by its day: later than that is late, the moment itself is not. */
static void lateness_is_each_answers_own(void **state)
{
    static const char *const days[] = {"2026-10-23", "2026-10-24", "2026-10-25"};

    (void)state;
    world_publish(&world, "by-hand", "1", "consultation", world_form, NULL);
    world_publish(&world, "by-day", "1", "consultation", world_form, NULL);
    assert_true(tp_committer_run(world.central.committer, close_both, NULL, NULL));
    for (size_t i = 0; i < 18; i++) {
        submissions[i].form = ((const char *const[]){"hours", "by-hand", "by-day"})[i % 9 / 3];
        submissions[i].late_ms = 999 + (int64_t)(i % 3);
        submissions[i].late_day = days[i % 3];
    }
    take(9);
    for (size_t i = 9; i < 18; i++) {
        contexts[0] = &submissions[i];
        take(1);
    }
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 18);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission WHERE late = 1 AND "
                                          "instance_id IN ('uuid:5', 'uuid:8', 'uuid:14', "
                                          "'uuid:17')"),
                     4);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission WHERE late <> 0"), 4);
}

/* Of twenty, every third unknown. */
static void each_form_is_asked_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < 60; i++) {
        (void)snprintf(forms[i], sizeof(forms[i]), "form-%zu", i % 20);
        if (i < 20 && i % 3 != 0)
            world_publish(&world, forms[i], "1", "consultation", world_form, NULL);
    }
    take(60);
    for (size_t i = 0; i < 60; i++)
        assert_int_equal(submissions[i].taken, (i % 20) % 3 == 0 ? TP_TAKEN_NO_FORM : TP_TAKEN_NEW);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 39);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 39);
    assert_int_equal(world_number(&world, "SELECT count(DISTINCT form) FROM tally"), 13);
    assert_int_equal(tallied(), 39);
}

static bool take_off(struct tp_sql *db, void *context, struct tp_error *error)
{
    char name[TP_DEVICE_NAME_MAX + 1];

    return tp_devices_revoke(db, world.device, 1, context, name, error);
}

/* Every third was sent by a screen that was taken off since it was let in. */
static void one_of_a_sender_that_was_taken_off_leaves_the_others(void **state)
{
    bool found = false;

    (void)state;
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    for (size_t i = 0; i < 30; i++)
        submissions[i].sender = i % 3 == 0 ? world.device : "uuid:another";
    submissions[29].sender = NULL;
    take(30);
    for (size_t i = 0; i < 30; i++)
        assert_int_equal(submissions[i].taken, i % 3 == 0 ? TP_TAKEN_NO_MORE : TP_TAKEN_NEW);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 20);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 20);
    assert_int_equal(tallied(), 20);
}

/* Another's answer under the same ID is not lost with it: the group fails, and each is tried apart.
 */
static void one_id_of_two_senders_of_which_one_was_taken_off(void **state)
{
    bool found = false;
    size_t count = 2;
    bool apart;

    (void)state;
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    submissions[1].instance_id = ids[0];
    submissions[0].sender = world.device;
    submissions[1].sender = "uuid:another";
    apart = !tp_committer_run(world.central.committer, run_all, &count, NULL);
    assert_int_equal(apart, postgres.on);
    if (apart) {
        contexts[0] = &submissions[1];
        take(1);
    }
    assert_int_equal(submissions[0].taken, TP_TAKEN_NO_MORE);
    assert_int_equal(submissions[1].taken, TP_TAKEN_NEW);
}

static void large_answers_go_in_more_than_one_statement(void **state)
{
    char *bytes = tp_calloc(3, 1024u * 1024u);

    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < 12; i++) {
        submissions[i].sealed = bytes;
        submissions[i].sealed_length = 3u * 1024u * 1024u;
    }
    take(12);
    assert_int_equal(
        world_number(&world, "SELECT CAST(sum(length(sealed)) AS BIGINT) FROM submission"),
        36LL * 1024 * 1024);
    tp_free(bytes);
}

/* ---- at once ---- */

static sem_t over;

static void count_over(struct tp_job *job)
{
    assert_int_equal(job->error.code, TP_OK);
    (void)sem_post(&over);
}

/* The first `count` in one group, as they come over the network. */
static void take_as_jobs(size_t count)
{
    static struct tp_job jobs[ANSWERS];

    (void)sem_init(&over, 0, 0);
    for (size_t i = 0; i < count; i++)
        jobs[i] = (struct tp_job){.run = tp_submission_take,
                                  .run_many = tp_submissions_take,
                                  .run_at_once = tp_submissions_take_at_once,
                                  .done = count_over,
                                  .context = contexts[i],
                                  .next = i + 1 < count ? &jobs[i + 1] : NULL};
    tp_committer_submit(world.central.committer, &jobs[0]);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sem_wait(&over), 0);
    (void)sem_destroy(&over);
}

static void expect_kept_at_once(size_t from, size_t to, bool kept)
{
    for (size_t i = from; i < to; i++)
        assert_int_equal(submissions[i].kept, kept && postgres.on);
}

static void new_answers_need_no_transaction(void **state)
{
    (void)state;
    take_as_jobs(200);
    expect_kept_at_once(0, 200, true);
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(submissions[i].taken, TP_TAKEN_NEW);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 200);
    assert_int_equal(tallied(), 200);
}

/* What is not plainly new is found out one by one, and takes nothing from what is. */
static void the_others_of_a_group_are_taken_one_by_one(void **state)
{
    static const enum tp_taken wanted[] = {TP_TAKEN_AGAIN,    TP_TAKEN_CONFLICT, TP_TAKEN_NEW,
                                           TP_TAKEN_CONFLICT, TP_TAKEN_NO_FORM,  TP_TAKEN_NO_MORE,
                                           TP_TAKEN_NEW,      TP_TAKEN_NEW};
    bool found = false;

    (void)state;
    take(2);
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    submissions[1].sha256[0] = 1;
    submissions[3].instance_id = ids[2];
    submissions[3].sha256[0] = 1;
    submissions[4].form = "nowhere";
    submissions[5].sender = world.device;
    submissions[6].replaces = ids[8];
    submissions[7].carrier = "uuid:another";
    take_as_jobs(60);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(submissions[i].taken, wanted[i]);
    expect_kept_at_once(0, 2, false);
    expect_kept_at_once(2, 3, true);
    expect_kept_at_once(3, 8, false);
    expect_kept_at_once(9, 60, true);
    /* 8 is in its place, and was counted out: 6 edits it. */
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 56);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission "
                                          "WHERE instance_id = 'uuid:8'"),
                     0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM replaced"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM brought"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 2);
    assert_int_equal(tallied(), 56);
}

/* ---- one signature ---- */

static int submit(const char *id, const char *receipt, char signature[TP_RECEIPT_PROOF_TEXT_MAX])
{
    struct world_request request = {.method = "POST",
                                    .target = "/submission",
                                    .type = WORLD_MULTIPART,
                                    .with_token = true,
                                    .receipt = receipt};
    struct tp_receipt read;
    struct tp_exchange exchange;
    struct tp_buf body;
    const char *found;
    int status;

    world_sealed(&world, "hours", id, "<data/>", &body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    for (int again = 0; again < 2; again++) {
        char sha256[TP_SHA256_TEXT_MAX];
        char received[TP_TIME_TEXT_MAX];

        status = world_ask(&world, &request, &exchange);
        found = strstr(world_body(&exchange), " sha256=\"");
        assert_non_null(found);
        (void)snprintf(sha256, sizeof(sha256), "%.64s", found + 9);
        found = strstr(found, " received=\"");
        (void)snprintf(received, sizeof(received), "%.24s", found + 11);
        found = strstr(found, " signature=\"") + 12;
        (void)snprintf(signature, TP_RECEIPT_PROOF_TEXT_MAX, "%.*s", (int)strcspn(found, "\""),
                       found);
        assert_true(tp_receipt_from_texts(id, sha256, received, signature, &read, NULL));
        assert_true(tp_receipt_verify(&world.central.keys.receipt.key, NULL, &read, NULL));
        tp_exchange_finish(&exchange);
    }
    tp_buf_finish(&body);
    return status;
}

/* Who does not ask, or for what is not known here, gets the form that every version reads. */
static void a_receipt_has_the_form_that_was_asked_for(void **state)
{
    char signature[TP_RECEIPT_PROOF_TEXT_MAX];

    (void)state;
    assert_int_equal(submit("uuid:1", NULL, signature), 201);
    assert_int_equal(strlen(signature), TP_RECEIPT_SIGNATURE_TEXT_MAX - 1);
    assert_int_equal(submit("uuid:2", "2", signature), 201);
    assert_memory_equal(signature, "2:0:1::", 7);
    assert_int_equal(submit("uuid:3", "3", signature), 201);
    assert_int_equal(strlen(signature), TP_RECEIPT_SIGNATURE_TEXT_MAX - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_is_kept_whole_and_counted),
        TEST(one_id_twice_in_a_group_is_as_if_they_came_apart),
        TEST(lateness_is_each_answers_own),
        TEST(each_form_is_asked_for),
        TEST(one_of_a_sender_that_was_taken_off_leaves_the_others),
        TEST(one_id_of_two_senders_of_which_one_was_taken_off),
        TEST(large_answers_go_in_more_than_one_statement),
        TEST(new_answers_need_no_transaction),
        TEST(the_others_of_a_group_are_taken_one_by_one),
        TEST(a_receipt_has_the_form_that_was_asked_for),
    };

    return databases_run(tests);
}
