/* What devices do: enrolment, download, heartbeat. Requests go through the routes, the
 * access checks and the committer, without a network. */
#include <jansson.h>

#include "unit/central/one_world.h"

static int post_json(const char *target, const char *token, const char *json,
                     struct tp_exchange *exchange)
{
    const struct world_request request = {.method = "POST",
                                          .target = target,
                                          .type = "application/json",
                                          .body = json,
                                          .length = strlen(json),
                                          .token = token};

    return world_ask(&world, &request, exchange);
}

static int post_status(const char *target, const char *token, const char *json)
{
    struct tp_exchange exchange;
    int status = post_json(target, token, json, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

/* ---- enrolment ---- */

#define SECRET "0123456789012345678901234567890123456789012"

static void enrol_json(char json[512], const char *code)
{
    char sha256[TP_SHA256_TEXT_MAX];

    tp_sha256_text(SECRET, strlen(SECRET), sha256);
    (void)snprintf(json, 512,
                   "{\"code\":\"%s\",\"secret_sha256\":\"%s\",\"name\":\"Witney Library\","
                   "\"version\":\"0.1.0\"}",
                   code, sha256);
}

static void approve(const char *code, int status)
{
    struct tp_exchange exchange;
    char fields[64];

    (void)snprintf(fields, sizeof(fields), "code=%s", code);
    assert_int_equal(world_post(&world, "/screens/approve", fields, true, &exchange), status);
    tp_exchange_finish(&exchange);
}

static void enrolment_gives_one_token_until_it_is_used(void **state)
{
    static const char claim[] = "{\"secret\":\"" SECRET "\"}";
    struct tp_exchange exchange;
    char json[512];
    char token[64];
    json_t *answer;

    (void)state;
    world_sign_in(&world);
    enrol_json(json, "ABCD-EFGH");
    assert_int_equal(post_json("/talkpoint/enrolments", NULL, json, &exchange), 201);
    assert_string_equal(world_body(&exchange), "{\"id\":2}");
    assert_string_equal(world_response_header(&exchange, "X-OpenRosa-Version"), "1.0");
    tp_exchange_finish(&exchange);
    assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 409);
    assert_int_equal(post_status("/talkpoint/enrolments/2/claim", NULL, claim), 202);
    assert_int_equal(post_status("/talkpoint/enrolments/2/claim", NULL, "{\"secret\":\"another\"}"),
                     404);
    approve("abcd%20efgh", 303);
    approve("ABCD-EFGH", 404);

    assert_int_equal(post_json("/talkpoint/enrolments/2/claim", NULL, claim, &exchange), 200);
    answer = json_loads(world_body(&exchange), 0, NULL);
    assert_string_equal(json_string_value(json_object_get(answer, "name")), "Witney Library");
    assert_int_equal(strlen(json_string_value(json_object_get(answer, "device_id"))), 41);
    assert_int_equal(strlen(json_string_value(json_object_get(answer, "sealing_key"))), 44);
    assert_int_equal(strlen(json_string_value(json_object_get(answer, "receipt_key"))), 44);
    (void)snprintf(token, sizeof(token), "%s", json_string_value(json_object_get(answer, "token")));
    assert_int_equal(strlen(token), 43);
    tp_exchange_finish(&exchange);

    /* A lost answer loses nothing: the same again, until the token is used. */
    assert_int_equal(post_json("/talkpoint/enrolments/2/claim", NULL, claim, &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), token));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_status(&world, &(struct world_request){.method = "GET",
                                                                  .target = "/formList",
                                                                  .token = token}),
                     200);
    assert_int_equal(post_status("/talkpoint/enrolments/2/claim", NULL, claim), 404);
    json_decref(answer);
}

static void enrolment_can_be_refused_and_lapses(void **state)
{
    static const char claim[] = "{\"secret\":\"" SECRET "\"}";
    struct tp_exchange exchange;
    char json[512];

    (void)state;
    world_sign_in(&world);
    enrol_json(json, "ABCD-EFGH");
    assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 201);
    assert_int_equal(world_post(&world, "/screens/refuse", "id=2", true, &exchange), 303);
    tp_exchange_finish(&exchange);
    assert_int_equal(post_status("/talkpoint/enrolments/2/claim", NULL, claim), 403);

    enrol_json(json, "BCDE-FGHJ");
    assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 201);
    tp_clock_fake_advance(&world.time, TP_ENROLMENT_LIFE_MS + 1);
    world_sign_in(&world);
    approve("BCDE-FGHJ", 404);
    assert_int_equal(post_status("/talkpoint/enrolments/3/claim", NULL, claim), 404);
}

static void too_many_waiting_codes_are_held_up(void **state)
{
    static const char letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    struct tp_exchange exchange;
    char address[32];
    char json[512];

    (void)state;
    for (int i = 0; i < TP_ENROLMENT_WAITING_MAX; i++) {
        char code[] = "AAAA-AAAA";

        code[0] = letters[i % 31];
        code[1] = letters[i / 31];
        enrol_json(json, code);
        (void)snprintf(address, sizeof(address), "192.0.2.%d", i / 10);
        world.remote = address;
        assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 201);
    }
    world.remote = "192.0.2.77";
    enrol_json(json, "ZZZZ-ZZZZ");
    assert_int_equal(post_json("/talkpoint/enrolments", NULL, json, &exchange), 429);
    assert_non_null(world_response_header(&exchange, "Retry-After"));
    tp_exchange_finish(&exchange);
}

static void one_place_does_not_keep_the_others_from_enrolling(void **state)
{
    struct tp_exchange exchange;
    char json[512];
    char code[] = "AAAA-AAAA";

    (void)state;
    for (int i = 0; i < TP_ENROLMENT_OF_A_PLACE_MAX; i++) {
        code[0] = (char)('A' + i % 8);
        code[1] = (char)('A' + i / 8);
        enrol_json(json, code);
        /* Of many addresses that one customer has. */
        world.remote = i % 2 ? "2001:db8:0:7::1" : "2001:db8:0:7:a:b:c:d";
        assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 201);
    }
    enrol_json(json, "ZZZZ-ZZZZ");
    world.remote = "2001:db8:0:7::2";
    assert_int_equal(post_json("/talkpoint/enrolments", NULL, json, &exchange), 429);
    assert_non_null(world_response_header(&exchange, "Retry-After"));
    tp_exchange_finish(&exchange);
    world.remote = "2001:db8:0:8::2";
    assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 201);
    /* One that is approved waits no longer: a van full of screens goes on. */
    world_sign_in(&world);
    approve("AAAA-AAAA", 303);
    world.remote = "2001:db8:0:7::2";
    enrol_json(json, "YYYY-YYYY");
    assert_int_equal(post_status("/talkpoint/enrolments", NULL, json), 201);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM enrolment WHERE place IS NOT NULL "
                                          "AND state <> 'waiting'"),
                     0);
}

static void enrolment_takes_only_what_the_protocol_says(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{",
        "{\"code\":\"ABCD-EFGH\"}",
        "{\"code\":\"ABCD-EFG0\",\"secret_sha256\":\"" SECRET "\",\"name\":\"x\"}",
        "{\"code\":\"ABCD-EFGH\",\"secret_sha256\":\"XX\",\"name\":\"x\",\"version\":\"1\"}",
        "{\"code\":1,\"secret_sha256\":2,\"name\":3}",
        "{\"code\":\"ABCD-EFGH\",\"code\":\"ABCD-EFGJ\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(post_status("/talkpoint/enrolments", NULL, bad[i]), 400);
    assert_int_equal(post_status("/talkpoint/enrolments/1/claim", NULL, "{}"), 400);
    assert_int_equal(
        post_status("/talkpoint/enrolments/99999999999999999999/claim", NULL, "{\"secret\":\"x\"}"),
        404);
    assert_int_equal(post_status("/talkpoint/enrolments/-1/claim", NULL, "{\"secret\":\"x\"}"),
                     404);
}

/* ---- who may ---- */

static int get(const char *target, const char *token)
{
    return world_status(&world,
                        &(struct world_request){.method = "GET", .target = target, .token = token});
}

static void devices_need_their_token(void **state)
{
    struct tp_exchange exchange;
    char wrong[64];

    (void)state;
    (void)snprintf(wrong, sizeof(wrong), "%s", world.token);
    wrong[5] = wrong[5] == 'a' ? 'b' : 'a';
    assert_int_equal(get("/formList", NULL), 401);
    assert_int_equal(get("/formList", wrong), 401);
    assert_int_equal(get("/formList", "short"), 401);
    assert_int_equal(get("/forms/hours/1/form.xml", NULL), 401);
    assert_int_equal(post_status("/talkpoint/heartbeat", NULL, "{}"), 401);
    assert_int_equal(post_status("/submission", NULL, "{}"), 401);
    assert_int_equal(get("/formList", world.token), 200);

    world_sign_in(&world);
    {
        char path[128];

        (void)snprintf(path, sizeof(path), "/screens/%s/revoke", world.device);
        assert_int_equal(world_post(&world, path, "", true, &exchange), 303);
        tp_exchange_finish(&exchange);
        assert_int_equal(world_post(&world, path, "", true, &exchange), 404);
        tp_exchange_finish(&exchange);
    }
    assert_int_equal(get("/formList", world.token), 403);
}

static void addresses_and_methods_that_are_not_there(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(get("/nothing", world.token), 404);
    assert_int_equal(get("/forms/hours", world.token), 404);
    assert_int_equal(get("/forms/../form.xml", world.token), 400);
    assert_int_equal(get("/submission", world.token), 405);
    assert_int_equal(world_ask(&world,
                               &(struct world_request){
                                   .method = "PUT", .target = "/submission", .with_token = true},
                               &exchange),
                     405);
    assert_non_null(world_response_header(&exchange, "Allow"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_ask(&world,
                               &(struct world_request){
                                   .method = "HEAD", .target = "/submission", .with_token = true},
                               &exchange),
                     204);
    assert_string_equal(world_response_header(&exchange, "X-OpenRosa-Accept-Content-Length"),
                        "10420224");
    tp_exchange_finish(&exchange);
}

/* ---- downloads ---- */

static void forms_are_listed_and_served_with_their_hashes(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(world_ask(&world,
                               &(struct world_request){
                                   .method = "GET", .target = "/formList", .with_token = true},
                               &exchange),
                     200);
    assert_non_null(strstr(world_body(&exchange), "<formID>hours</formID>"));
    assert_non_null(strstr(world_body(&exchange),
                           "<downloadUrl>http://127.0.0.1:8080/forms/hours/1/form.xml<"));
    assert_non_null(strstr(world_body(&exchange), "<hash>md5:"));
    tp_exchange_finish(&exchange);

    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "GET",
                                                       .target = "/forms/hours/1/form.xml",
                                                       .with_token = true},
                               &exchange),
                     200);
    assert_string_equal(world_body(&exchange), world_form);
    tp_exchange_finish(&exchange);

    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "GET",
                                                       .target = "/forms/hours/1/manifest",
                                                       .with_token = true},
                               &exchange),
                     200);
    assert_non_null(strstr(world_body(&exchange), "<filename>consultation.json</filename><hash>"
                                                  "md5:99914b932bd37a50b983c5e7c90ae93b</hash>"));
    tp_exchange_finish(&exchange);

    assert_int_equal(get("/forms/hours/1/media/consultation.json", world.token), 200);
    assert_int_equal(get("/forms/hours/1/media/none.png", world.token), 404);
    assert_int_equal(get("/forms/hours/9/form.xml", world.token), 404);
    assert_int_equal(world_status(&world, &(struct world_request){.method = "GET",
                                                                  .target = "/formList",
                                                                  .with_token = true,
                                                                  .host = "evil\"><script>"}),
                     400);
}

static void a_published_version_never_changes_its_questions(void **state)
{
    enum tp_publish_result result;
    struct tp_exchange exchange;

    (void)state;
    world_publish(&world, "hours", "1", "consultation", world_form, &result);
    assert_int_equal(result, TP_PUBLISHED_NOTHING);
    world_publish(&world, "hours", "1", "consultation", "<other/>", &result);
    assert_int_equal(result, TP_PUBLISH_CONFLICT);
    world_sign_in(&world);
    world_turn_hours(&world, "close");
    world_publish(&world, "hours", "2", "consultation", "<other/>", &result);
    assert_int_equal(result, TP_PUBLISHED);
    assert_int_equal(world_ask(&world,
                               &(struct world_request){
                                   .method = "GET", .target = "/formList", .with_token = true},
                               &exchange),
                     200);
    assert_non_null(strstr(world_body(&exchange), "<version>2</version>"));
    tp_exchange_finish(&exchange);
    assert_int_equal(get("/forms/hours/1/form.xml", world.token), 200);
}

/* ---- heartbeat ---- */

static void beat(const char *counters, int status)
{
    char json[1024];

    (void)snprintf(json, sizeof(json),
                   "{\"version\":\"0.1.0\",\"waiting\":3,\"sent\":128,\"quarantined\":0,"
                   "\"venue\":\"Cowley Library\",\"event\":\"\",\"clock_ms\":%lld,"
                   "\"disk_free_mib\":5120,\"forms\":{\"hours\":\"1\"},\"counters\":%s}",
                   (long long)world.time.wall - 180000, counters);
    assert_int_equal(post_status("/talkpoint/heartbeat", world.token, json), status);
}

#define COUNT(n)                                                                                   \
    "[{\"form\":\"hours\",\"version\":\"1\",\"day\":\"2026-11-23\",\"mode\":\"standard\","         \
    "\"name\":\"open\",\"count\":" #n "}]"

static void counters_only_grow(void **state)
{
    (void)state;
    beat(COUNT(12), 200);
    beat(COUNT(12), 200);
    assert_int_equal(world_number(&world, "SELECT CAST(sum(count) AS BIGINT) FROM counter"), 12);
    beat(COUNT(7), 200);
    assert_int_equal(world_number(&world, "SELECT CAST(sum(count) AS BIGINT) FROM counter"), 12);
    beat(COUNT(20), 200);
    assert_int_equal(world_number(&world, "SELECT CAST(sum(count) AS BIGINT) FROM counter"), 20);
    assert_int_equal(world_number(&world, "SELECT waiting FROM device"), 3);
    assert_int_equal(world_number(&world, "SELECT clock_off_ms FROM device"), -180000);
}

static void heartbeats_that_are_not_are_refused(void **state)
{
    (void)state;
    beat(COUNT(-1), 400);
    beat("7", 400);
    beat("[{}]", 400);
    beat("[{\"form\":\"f\",\"day\":\"today\",\"name\":\"open\",\"count\":1}]", 400);
    assert_int_equal(post_status("/talkpoint/heartbeat", world.token, "{}"), 400);
    assert_int_equal(post_status("/talkpoint/heartbeat", world.token, "[[[[[["), 400);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM counter"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(enrolment_gives_one_token_until_it_is_used),
        TEST(enrolment_can_be_refused_and_lapses),
        TEST(too_many_waiting_codes_are_held_up),
        TEST(one_place_does_not_keep_the_others_from_enrolling),
        TEST(enrolment_takes_only_what_the_protocol_says),
        TEST(devices_need_their_token),
        TEST(addresses_and_methods_that_are_not_there),
        TEST(forms_are_listed_and_served_with_their_hashes),
        TEST(a_published_version_never_changes_its_questions),
        TEST(counters_only_grow),
        TEST(heartbeats_that_are_not_are_refused),
    };

    return databases_run(tests);
}
