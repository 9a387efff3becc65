/* What the pages and the metrics say of screens and surveys. */
#include "unit/central/office.h"

#define BEAT                                                                                       \
    "{\"version\":\"0.1.0\",\"waiting\":3,\"sent\":1,\"quarantined\":0,\"clock_ms\":0,"            \
    "\"counters\":[" COUNTER("open", "standard", "20") "," COUNTER(                                \
        "complete", "standard", "12") "," COUNTER("abandon:why", "easy-read",                      \
                                                  "5") "," COUNTER("timeout:why", "easy-read",     \
                                                                   "2") "]}"
#define COUNTER(name, mode, count)                                                                 \
    "{\"form\":\"hours\",\"version\":\"1\",\"day\":\"2026-11-23\",\"mode\":\"" mode                \
    "\",\"name\":\"" name "\",\"count\":" count "}"

/* The sealing key comes with a signature by the key that the screen pinned. */
static void check_announced_key(const char *body)
{
    char key[TP_SEAL_KEY_TEXT_MAX];
    char text[128];
    char signature[128];
    unsigned char bytes[crypto_sign_BYTES];
    const char *at = strstr(body, "\"sealing_key\":\"");
    size_t length = 0;

    assert_non_null(at);
    tp_seal_key_to_text(&world.central.keys.sealing, key);
    assert_memory_equal(at + 15, key, strlen(key));
    at = strstr(body, "\"sealing_signature\":\"");
    assert_non_null(at);
    at += 21;
    (void)snprintf(signature, sizeof(signature), "%.*s", (int)strcspn(at, "\""), at);
    assert_int_equal(sodium_base642bin(bytes, sizeof(bytes), signature, strlen(signature), NULL,
                                       &length, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    (void)snprintf(text, sizeof(text), "talkpoint-sealing-1\n%s", key);
    assert_int_equal(crypto_sign_verify_detached(bytes, (unsigned char *)text, strlen(text),
                                                 world.central.keys.receipt.key.bytes),
                     0);
}

static void heartbeat(void)
{
    struct tp_exchange exchange;

    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "POST",
                                                       .target = "/talkpoint/heartbeat",
                                                       .body = BEAT,
                                                       .length = strlen(BEAT),
                                                       .with_token = true},
                               &exchange),
                     200);
    check_announced_key(world_body(&exchange));
    tp_exchange_finish(&exchange);
}

static void a_survey_shows_where_people_stop(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_false(page_says("/screens", "What people start on screens"));
    heartbeat();
    assert_true(page_says("/screens", "href=\"/surveys/hours\">Title of hours</a>"));
    assert_true(page_says("/screens", "data-label=\"Started\" class=\"number\">20<"));
    assert_true(page_says("/screens", "data-label=\"Left before the end\" class=\"number\">8<"));
    assert_int_equal(get("/surveys/hours", &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "60 %"));
    assert_non_null(strstr(world_body(&exchange), ">Why?<"));
    assert_non_null(strstr(world_body(&exchange), "Easy Read"));
    assert_non_null(strstr(world_body(&exchange), "data-label=\"Left there\" class=\"number\">5<"));
    assert_non_null(
        strstr(world_body(&exchange), "data-label=\"Screen cleared\" class=\"number\">2<"));
    tp_exchange_finish(&exchange);
    assert_int_equal(get_status("/surveys/unknown"), 404);
}

/* ---- screens ---- */

/* The page of screens after the screen's row was changed. */
static void shows(const char *change, const char *words)
{
    struct tp_sql *db;
    char sql[256];

    /* On a connection of its own: statements are known by where they stand. */
    (void)snprintf(sql, sizeof(sql), "UPDATE device SET %s", change);
    assert_true(tp_sql_open(world.central.settings.db, false, &db, NULL));
    assert_true(tp_sql_run(db, sql, TP_NO_VALUES, NULL, NULL));
    tp_sql_close(db);
    if (!page_says("/screens", words))
        fail_msg("after %s the page does not say: %s", change, words);
}

static void run_sql(const char *sql)
{
    struct tp_sql *db;

    assert_true(tp_sql_open(world.central.settings.db, false, &db, NULL));
    assert_true(tp_sql_run(db, sql, TP_NO_VALUES, NULL, NULL));
    tp_sql_close(db);
}

static void by_which_way_responses_came_is_shown(void **state)
{
    (void)state;
    assert_false(page_says("/screens", "Brought another way"));
    world_enrol(&world, "ABCD-EFGH", "Village hall");
    run_sql("INSERT INTO brought (seq, device, carrier, day) SELECT 7, d.id, c.id, '2026-11-22' "
            "FROM device d, device c WHERE d.name = 'Village hall' AND c.name = 'Cowley Library'");
    assert_true(page_says("/screens", "<h2>Brought another way</h2>"));
    assert_true(page_says("/screens", "data-label=\"Brought by\">Cowley Library<"));
    assert_false(page_says("/screens", "A USB stick"));
    run_sql("INSERT INTO brought (seq, device, carrier, day) SELECT 8, id, '', '2026-11-23' "
            "FROM device WHERE name = 'Village hall'");
    assert_true(page_says("/screens", "data-label=\"Brought by\">A USB stick, to the store<"));
    assert_true(page_says("/screens", "data-label=\"Newest\">2026-11-23<"));
}

#define HOUR_MS (3600 * 1000LL)

static void a_screen_says_how_it_is(void **state)
{
    (void)state;
    heartbeat();
    shows("version = '0.9.7', disk_free_mib = 9216", "tag good\">Good");
    assert_true(page_says("/screens", ">9.0 GiB<"));
    assert_true(page_says("/screens", ">0.9.7<"));
    assert_true(page_says("/screens", "data-label=\"Waiting\" class=\"number\">3<"));
    shows("clock_off_ms = 20000", "data-label=\"Clock\">Right<");
    shows("clock_off_ms = -180000", "data-label=\"Clock\">3 min slow<");
    shows("clock_off_ms = 10800000", "data-label=\"Clock\">3 h fast<");
    assert_true(page_says("/screens", "tag note\">Clock 3 hours fast, corrected"));
    shows("clock_off_ms = 0, disk_free_mib = 10", "tag alarm\">Disk nearly full: 10 MiB left");
    shows("disk_free_mib = 0", "data-label=\"Disk free\" class=\"number\">0.0 GiB<");
    shows("disk_free_mib = NULL", "data-label=\"Disk free\" class=\"number\">\xe2\x80\x93<");
    shows("disk_free_mib = 9216, quarantined = 2", "tag alarm\">2 answers set aside");
    shows("quarantined = 0", "tag good\">Good");
}

static void who_takes_a_screen_off_is_told_what_waits_on_it(void **state)
{
    char path[96];

    (void)state;
    (void)snprintf(path, sizeof(path), "/screens/%s/revoke", world.device);
    run_sql("UPDATE device SET waiting = 1");
    assert_true(page_says(path, "1 answer is"));
    run_sql("UPDATE device SET waiting = 2");
    assert_true(page_says(path, "2 answers are"));
}

static void a_silent_screen_is_red_after_the_agreed_hours(void **state)
{
    (void)state;
    heartbeat();
    world.time.wall += 6 * HOUR_MS - 60000;
    world_sign_in(&world);
    assert_true(page_says("/screens", "tag good\">Good"));
    world.time.wall += 120000;
    world_sign_in(&world);
    assert_true(page_says("/screens", "tag alarm\">Silent since"));
    assert_true(page_says("/", "is silent"));
    world.central.settings.silent_hours = 48;
    assert_false(page_says("/screens", "Silent since"));
}

static int metrics(const char *remote, const char *forwarded, const char *authorization,
                   struct tp_exchange *exchange)
{
    return world_ask(&world,
                     &(struct world_request){.method = "GET",
                                             .target = "/metrics",
                                             .remote = remote,
                                             .forwarded = forwarded,
                                             .authorization = authorization},
                     exchange);
}

static void metrics_are_for_this_machine_or_a_token(void **state)
{
    static const struct {
        const char *remote, *forwarded, *authorization;
        bool with_token;
        int status;
    } cases[] = {
        {"127.0.0.1", NULL, NULL, false, 200},
        {"192.0.2.7", NULL, NULL, false, 404},
        {"127.0.0.1", "127.0.0.1", NULL, false, 404},
        {"127.0.0.1", NULL, NULL, true, 404},
        {"192.0.2.7", NULL, "Bearer the token", true, 200},
        {"192.0.2.7", NULL, "Bearer the tokem", true, 404},
        {"192.0.2.7", NULL, "Bearer ", true, 404},
    };
    struct tp_exchange exchange;

    (void)state;
    heartbeat();
    world_answer(&world, "hours", "uuid:a", "<data/>", 201);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(world.central.settings.metrics_token,
                       sizeof(world.central.settings.metrics_token), "%s",
                       cases[i].with_token ? "the token" : "");
        assert_int_equal(
            metrics(cases[i].remote, cases[i].forwarded, cases[i].authorization, &exchange),
            cases[i].status);
        if (cases[i].status == 200) {
            assert_non_null(
                strstr(world_body(&exchange), "talkpoint_responses{form=\"hours\"} 1\n"));
            assert_non_null(strstr(world_body(&exchange), "talkpoint_screens{state=\"good\"} 1\n"));
            assert_non_null(strstr(world_body(&exchange), "talkpoint_waiting 3\n"));
        }
        tp_exchange_finish(&exchange);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make_signed_in, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_survey_shows_where_people_stop),
        TEST(by_which_way_responses_came_is_shown),
        TEST(a_screen_says_how_it_is),
        TEST(a_silent_screen_is_red_after_the_agreed_hours),
        TEST(who_takes_a_screen_off_is_told_what_waits_on_it),
        TEST(metrics_are_for_this_machine_or_a_token),
    };

    return databases_run(tests);
}
