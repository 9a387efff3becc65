/* Who brought an answer, and what a screen that was taken off may still do. */
#include "central/data/audit.h"
#include "central/data/brought.h"
#include "central/data/devices.h"
#include "central/data/removal.h"
#include "unit/central/one_world.h"

#define ONE "uuid:11111111-1111-4111-8111-111111111111"
static const char answer_xml[] = "<data id=\"hours\" version=\"1\"><open>yes</open><meta>"
                                 "<instanceID>" ONE "</instanceID></meta></data>";

/* On whose account answers are, by the screen's name: how many. */
static int64_t answers_of(const char *name)
{
    struct tp_sql *db = tp_sql_pool_take(world.central.readers);
    int64_t count = -1;

    assert_true(tp_sql_number(db,
                              "SELECT count(*) FROM submission s JOIN device d ON d.id = s.device "
                              "WHERE d.name = ?1",
                              TP_VALUES(tp_str(name)), -1, &count, NULL));
    tp_sql_pool_give(world.central.readers, db);
    return count;
}

static void send_on_for(const char *instance_id, const char *given_on, int status)
{
    struct world_request request = {.method = "POST",
                                    .target = "/submission",
                                    .type = WORLD_MULTIPART,
                                    .with_token = true,
                                    .given_on = given_on};
    struct tp_buf body;

    world_sealed(&world, "hours", instance_id, "<data/>", &body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    assert_int_equal(world_status(&world, &request), status);
    tp_buf_finish(&body);
}

static void send_on(const char *instance_id, const char *given_on)
{
    send_on_for(instance_id, given_on, 201);
}

struct ways {
    char words[1024];
};

static bool add_way(void *context, const struct tp_brought *brought)
{
    struct ways *ways = context;
    size_t length = strlen(ways->words);

    (void)snprintf(ways->words + length, sizeof(ways->words) - length, "%s by %s: %lld, %s\n",
                   brought->device, brought->carrier, (long long)brought->answers,
                   brought->newest_day);
    return true;
}

static bool add_deed(void *context, const struct tp_audit_row *row)
{
    struct ways *ways = context;
    size_t length = strlen(ways->words);

    if (strstr(row->action, "brought"))
        (void)snprintf(ways->words + length, sizeof(ways->words) - length, "%s %s %s\n", row->who,
                       row->action, row->subject);
    return true;
}

/* By which way answers came, and what the log says of it. */
static void ways_are(const char *wanted)
{
    struct ways ways = {.words = ""};
    struct tp_sql *db = tp_sql_pool_take(world.central.readers);

    assert_true(tp_brought_each(db, 10, add_way, &ways, NULL));
    assert_true(tp_audit_each(db, 0, 100, add_deed, &ways, NULL));
    tp_sql_pool_give(world.central.readers, db);
    assert_string_equal(ways.words, wanted);
}

static void who_brought_an_answer_is_kept_as_long_as_the_answer(void **state)
{
    const struct tp_deed deed = {.who = "admin", .at_ms = WORLD_NOW};
    char given_on[TP_DEVICE_ID_MAX];
    struct tp_sql *db;
    int64_t seq;
    int64_t received_ms;
    bool found = false;

    (void)state;
    (void)snprintf(given_on, sizeof(given_on), "%s", world.device);
    send_on("uuid:own", "");
    ways_are("");
    world_enrol(&world, "ABCD-EFGH", "Village hall");
    send_on("uuid:carried", given_on);
    send_on("uuid:carried-2", given_on);
    send_on("uuid:own-2", world.device);
    ways_are("Cowley Library by Village hall: 2, 2026-11-23\n"
             "Village hall brought responses of the screen Cowley Library\n");
    db = tp_sql_pool_take(world.central.readers);
    assert_true(tp_answer_by_id(db, "uuid:carried", &seq, &received_ms, NULL));
    assert_true(tp_answer_withdraw(db, seq, "2026-11-23", &deed, &found, NULL) && found);
    tp_sql_pool_give(world.central.readers, db);
    ways_are("Cowley Library by Village hall: 1, 2026-11-23\n"
             "Village hall brought responses of the screen Cowley Library\n");
}

static void an_answer_that_is_sent_on_is_the_screens_it_was_given_on(void **state)
{
    char given_on[TP_DEVICE_ID_MAX];

    (void)state;
    (void)snprintf(given_on, sizeof(given_on), "%s", world.device);
    world_enrol(&world, "ABCD-EFGH", "Village hall");
    send_on("uuid:carried", given_on);
    assert_int_equal(answers_of("Cowley Library"), 1);
    assert_int_equal(answers_of("Village hall"), 0);
    /* What is no screen of the store's changes nothing: it is the sender's, as ever. */
    send_on("uuid:carried-2", "uuid:nobody");
    send_on("uuid:carried-3", "");
    send_on("uuid:carried-4", "x\ny");
    send_on("uuid:carried-5", "' OR 1=1");
    assert_int_equal(answers_of("Village hall"), 4);
}

static bool take_off(struct tp_sql *db, void *context, struct tp_error *error)
{
    char name[TP_DEVICE_NAME_MAX + 1];

    return tp_devices_revoke(db, world.device, 1, context, name, error);
}

/* As an edit does that comes before what it edits. */
static bool hold_forged(struct tp_sql *db, void *context, struct tp_error *error)
{
    (void)context;
    return tp_sql_run(db,
                      "INSERT INTO received (instance_id, sha256, received_ms) "
                      "VALUES ('uuid:forged', ?1, 0)",
                      TP_VALUES(tp_blob("", 0)), NULL, error);
}

/* As the store's own import refuses its stick. */
static void what_a_screen_that_was_taken_off_gives_to_another_is_refused(void **state)
{
    char stolen[TP_DEVICE_ID_MAX];
    struct tp_buf before;
    struct world_request again = {.method = "POST",
                                  .target = "/submission",
                                  .type = WORLD_MULTIPART,
                                  .with_token = true,
                                  .given_on = stolen};
    bool found = false;

    (void)state;
    (void)snprintf(stolen, sizeof(stolen), "%s", world.device);
    world_sealed(&world, "hours", "uuid:before", "<data/>", &before);
    again.body = tp_buf_text(&before);
    again.length = before.length;
    assert_int_equal(world_status(&world, &again), 201);
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    world_enrol(&world, "ABCD-EFGH", "Village hall");
    send_on_for("uuid:forged", stolen, 400);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 1);
    assert_true(tp_committer_run(world.central.committer, hold_forged, NULL, NULL));
    send_on_for("uuid:forged", stolen, 400);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    /* Who carries what arrived before has its receipt, and is not held up. */
    assert_int_equal(world_status(&world, &again), 201);
    send_on("uuid:own", world.device);
    assert_int_equal(answers_of("Cowley Library"), 1);
    tp_buf_finish(&before);
}

/* The server knows its token from before and lets it in: its answer is refused as it is written,
 * the next before its body is read. */
static void a_screen_that_was_taken_off_is_refused(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf first;
    struct tp_buf second;
    bool found = false;

    (void)state;
    world_sealed(&world, "hours", "uuid:1", answer_xml, &first);
    world_sealed(&world, "hours", "uuid:2", answer_xml, &second);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(world_submit(&world, &first, &exchange), 201);
        tp_exchange_finish(&exchange);
    }
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    assert_int_equal(world_submit(&world, &second, &exchange), 403);
    assert_int_equal(exchange.part_count, 2);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_submit(&world, &second, &exchange), 403);
    assert_int_equal(exchange.part_count, 0);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    tp_buf_finish(&first);
    tp_buf_finish(&second);
}

/* Otherwise it could go on with what never comes to be written. */
static void a_screen_that_was_taken_off_is_refused_after_anything_that_is_not_taken(void **state)
{
    static const struct tp_buf nothing;
    struct tp_exchange exchange;
    bool found = false;

    (void)state;
    world_answer(&world, "hours", "uuid:1", answer_xml, 201);
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    assert_int_equal(world_submit(&world, &nothing, &exchange), 400);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_submit(&world, &nothing, &exchange), 403);
    tp_exchange_finish(&exchange);
}

/* What is here already brings no receipt either, and no attachment. */
static void a_screen_that_was_taken_off_adds_nothing_to_what_is_here(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    bool found = false;

    (void)state;
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    world_part(&body, "xml_submission_file", "submission.xml", answer_xml, sizeof(answer_xml) - 1);
    world_end_parts(&body);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    tp_buf_reset(&body);
    world_part(&body, "xml_submission_file", "submission.xml", answer_xml, sizeof(answer_xml) - 1);
    world_part(&body, "photo.jpg", "photo.jpg", "photo", 5);
    world_end_parts(&body);
    assert_int_equal(world_submit(&world, &body, &exchange), 403);
    assert_null(strstr(world_body(&exchange), "receipt"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM attachment"), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    tp_buf_finish(&body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_brought_an_answer_is_kept_as_long_as_the_answer),
        TEST(an_answer_that_is_sent_on_is_the_screens_it_was_given_on),
        TEST(what_a_screen_that_was_taken_off_gives_to_another_is_refused),
        TEST(a_screen_that_was_taken_off_is_refused),
        TEST(a_screen_that_was_taken_off_is_refused_after_anything_that_is_not_taken),
        TEST(a_screen_that_was_taken_off_adds_nothing_to_what_is_here),
    };

    return databases_run(tests);
}
