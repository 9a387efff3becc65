/* POST /talkpoint/submissions: several answers in one request, each with its own verdict. */
#include "store/several.h"
#include "unit/central/world.h"

#define ANSWERS 5

static struct world world;
static struct tp_carried answers[TP_SEVERAL_ANSWERS_MAX];
static char ids[TP_SEVERAL_ANSWERS_MAX][16];
static char hashes[TP_SEVERAL_ANSWERS_MAX][TP_SHA256_TEXT_MAX];
static struct tp_buf sealed[TP_SEVERAL_ANSWERS_MAX];

static void seal(size_t i, const struct tp_seal_key *key, const char *xml)
{
    tp_buf_finish(&sealed[i]);
    tp_buf_init(&sealed[i], TP_SEAL_SEALED_MAX);
    assert_true(tp_seal(key, xml, strlen(xml), &sealed[i], NULL));
    tp_sha256_text(tp_buf_text(&sealed[i]), sealed[i].length, hashes[i]);
    answers[i].sealed = tp_buf_text(&sealed[i]);
    answers[i].sealed_count = sealed[i].length;
}

static int make(void **state)
{
    (void)state;
    world_make(&world);
    for (size_t i = 0; i < TP_SEVERAL_ANSWERS_MAX; i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "uuid:%zu", i);
        answers[i] = (struct tp_carried){
            .instance_id = ids[i], .form_id = "hours", .form_version = "1", .sha256 = hashes[i]};
        seal(i, &world.central.keys.sealing, "<data/>");
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (size_t i = 0; i < TP_SEVERAL_ANSWERS_MAX; i++)
        tp_buf_finish(&sealed[i]);
    world_end(&world);
    return 0;
}

/* Sends `count` of them; the caller finishes the exchange. */
static int send(size_t count, const char *receipt, struct tp_exchange *exchange)
{
    struct world_request request = {.method = "POST",
                                    .target = "/talkpoint/submissions",
                                    .type = "application/octet-stream",
                                    .with_token = true,
                                    .receipt = receipt};
    struct tp_buf body;
    int status;

    tp_buf_init(&body, TP_SEVERAL_BYTES_MAX * 2);
    assert_true(tp_several_write(answers, count, &body, NULL));
    request.body = tp_buf_text(&body);
    request.length = body.length;
    status = world_ask(&world, &request, exchange);
    tp_buf_finish(&body);
    return status;
}

/* What became of each; receipts must verify. */
static void expect(size_t count, const char *receipt, const int *statuses)
{
    struct tp_exchange exchange;
    char *text;

    assert_int_equal(send(count, receipt, &exchange), 200);
    assert_string_equal(world_response_header(&exchange, "X-OpenRosa-Version"), "1.0");
    text = exchange.response.body.data;
    assert_true(tp_several_reply_open(&text));
    for (size_t i = 0; i < count; i++) {
        struct tp_word word;

        assert_true(tp_several_reply_next(&text, answers[i].instance_id, &word));
        assert_int_equal(word.status, statuses[i]);
        assert_int_equal(word.has_receipt, statuses[i] == 201);
        if (word.has_receipt) {
            assert_string_equal(word.receipt.sha256, answers[i].sha256);
            assert_true(
                tp_receipt_verify(&world.central.keys.receipt.key, NULL, &word.receipt, NULL));
            assert_int_equal(word.receipt.signature[1] == ':', receipt != NULL);
        } else {
            assert_true(*word.message);
        }
    }
    assert_string_equal(text, "");
    tp_exchange_finish(&exchange);
}

static int64_t held(void)
{
    return world_number(&world, "SELECT count(*) FROM submission s JOIN received r "
                                "ON r.seq = s.seq AND r.instance_id = s.instance_id");
}

static void all_of_them_are_taken_and_signed_for(void **state)
{
    static int all[TP_SEVERAL_ANSWERS_MAX];
    char sql[160];

    (void)state;
    for (size_t i = 0; i < TP_SEVERAL_ANSWERS_MAX; i++)
        all[i] = 201;
    expect(TP_SEVERAL_ANSWERS_MAX, "2", all);
    assert_int_equal(held(), TP_SEVERAL_ANSWERS_MAX);
    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM submission WHERE device = '%s'",
                   world.device);
    assert_int_equal(world_number(&world, sql), TP_SEVERAL_ANSWERS_MAX);
    assert_int_equal(
        world_number(&world, "SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally"),
        TP_SEVERAL_ANSWERS_MAX);
    /* The acknowledgement was lost: all of it again, and for another kind of receipt. */
    expect(TP_SEVERAL_ANSWERS_MAX, "2", all);
    expect(TP_SEVERAL_ANSWERS_MAX, NULL, all);
    assert_int_equal(held(), TP_SEVERAL_ANSWERS_MAX);
}

static void what_was_sent_alone_is_the_same_answer(void **state)
{
    static const int all[] = {201, 201, 201};
    struct tp_exchange exchange;
    struct tp_buf body;

    (void)state;
    expect(3, "2", all);
    /* The same ID with other bytes, alone. */
    world_sealed(&world, "hours", ids[1], "<data/>", &body);
    assert_int_equal(world_submit(&world, &body, &exchange), 409);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    assert_int_equal(held(), 3);
}

/* Each of the reasons there are, in the middle of others. */
static void a_bad_one_does_not_hold_up_the_others(void **state)
{
    static const int statuses[] = {201, 400, 201, 404, 201, 400, 201, 409, 201, 400, 201};
    char long_form[200];
    struct tp_seal_pair stranger;
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(send(1, "2", &exchange), 200);
    tp_exchange_finish(&exchange);
    memset(long_form, 'x', sizeof(long_form));
    long_form[sizeof(long_form) - 1] = '\0';
    assert_true(tp_seal_pair_generate(&stranger, NULL));
    hashes[1][0] = hashes[1][0] == '0' ? '1' : '0';
    answers[3].form_id = "unknown";
    seal(5, &stranger.key, "<data/>");
    answers[7].instance_id = ids[0]; /* other bytes */
    answers[9].form_id = long_form;
    expect(11, "2", statuses);
    assert_int_equal(held(), 6);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 6);
}

static void one_that_comes_twice_counts_once(void **state)
{
    static const int statuses[] = {201, 201, 201, 409, 201};

    (void)state;
    answers[2] = answers[1];
    answers[3].instance_id = ids[1];
    expect(ANSWERS, "2", statuses);
    assert_int_equal(held(), 3);
    assert_int_equal(
        world_number(&world, "SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally"), 3);
}

static void where_all_are_refused_nothing_is_written(void **state)
{
    static const int statuses[] = {400, 400};

    (void)state;
    hashes[0][0] = hashes[0][0] == '0' ? '1' : '0';
    hashes[1][0] = hashes[1][0] == '0' ? '1' : '0';
    expect(2, "2", statuses);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 0);
}

static int ask(const void *body, size_t length, bool token, bool no_version)
{
    return world_status(&world, &(struct world_request){.method = "POST",
                                                        .target = "/talkpoint/submissions",
                                                        .type = "application/octet-stream",
                                                        .with_token = token,
                                                        .no_version = no_version,
                                                        .body = body,
                                                        .length = length});
}

/* Cut at each byte: nothing of it is taken. */
static void a_request_that_is_not_whole_is_refused(void **state)
{
    struct tp_buf body;

    (void)state;
    tp_buf_init(&body, TP_SEVERAL_BYTES_MAX);
    assert_true(tp_several_write(answers, 2, &body, NULL));
    for (size_t length = 0; length < body.length; length++)
        assert_int_equal(ask(body.data, length, true, false), 400);
    assert_int_equal(ask(body.data, body.length, false, false), 401);
    assert_int_equal(ask(body.data, body.length, true, true), 400);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM received"), 0);
    assert_int_equal(ask(body.data, body.length, true, false), 200);
    assert_int_equal(held(), 2);
    tp_buf_finish(&body);
}

static void one_that_is_too_large_is_refused(void **state)
{
    char *bytes = tp_calloc(TP_SEVERAL_BYTES_MAX + 1, 1);

    (void)state;
    assert_int_equal(ask(bytes, TP_SEVERAL_BYTES_MAX + 1, true, false), 413);
    tp_free(bytes);
}

static bool take_off(struct tp_sql *db, void *context, struct tp_error *error)
{
    char name[TP_DEVICE_NAME_MAX + 1];

    return tp_devices_revoke(db, world.device, 1, context, name, error);
}

/* The very next request of the connection. */
static void a_screen_that_was_taken_off_is_refused_at_once(void **state)
{
    struct tp_exchange exchange;
    bool found = false;

    (void)state;
    assert_int_equal(send(1, "2", &exchange), 200);
    tp_exchange_finish(&exchange);
    assert_true(tp_committer_run(world.central.committer, take_off, &found, NULL) && found);
    assert_int_equal(send(ANSWERS, "2", &exchange), 403);
    tp_exchange_finish(&exchange);
    assert_int_equal(held(), 1);
}

/* Said to a screen that can do it, with its first answer. */
static void a_screen_is_told_how_many_it_may_send(void **state)
{
    struct world_request request = {
        .method = "POST", .target = "/submission", .type = WORLD_MULTIPART, .with_token = true};
    struct tp_exchange exchange;
    struct tp_buf body;

    (void)state;
    world_sealed(&world, "hours", "uuid:alone", "<data/>", &body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    assert_int_equal(world_ask(&world, &request, &exchange), 201);
    assert_null(world_response_header(&exchange, "X-Talkpoint-Submissions"));
    tp_exchange_finish(&exchange);
    request.receipt = "2";
    assert_int_equal(world_ask(&world, &request, &exchange), 201);
    assert_string_equal(world_response_header(&exchange, "X-Talkpoint-Submissions"), "64");
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_of_them_are_taken_and_signed_for),
        TEST(what_was_sent_alone_is_the_same_answer),
        TEST(a_bad_one_does_not_hold_up_the_others),
        TEST(one_that_comes_twice_counts_once),
        TEST(where_all_are_refused_nothing_is_written),
        TEST(a_request_that_is_not_whole_is_refused),
        TEST(one_that_is_too_large_is_refused),
        TEST(a_screen_that_was_taken_off_is_refused_at_once),
        TEST(a_screen_is_told_how_many_it_may_send),
    };

    return databases_run(tests);
}
