/* sync/agent/round.h and do/heartbeat.h: what a contact does, says and learns. */
#include "tp_test.h"

#include <jansson.h>
#include <unistd.h>

#include "agent/do/stick_key.h"
#include "store/counters.h"
#include "store/settings.h"
#include "unit/agent/rounds.h"

static int set_up(void **state)
{
    (void)state;
    if (rounds_start(NULL) != 0)
        return -1;
    surveys.time_ms = tp_clock_wall_ms(&device.clock) + 3600000;
    return 0;
}

static struct tp_round_report run(void)
{
    static const struct tp_plan all = {.send = true, .heartbeat = true, .forms = true};

    return rounds_run(&all);
}

static json_t *last_heartbeat(void)
{
    json_t *root = json_loads(surveys.heartbeat, 0, NULL);

    assert_non_null(root);
    return root;
}

static struct tp_agent_status agent_status(void)
{
    struct tp_agent_status status;

    assert_true(tp_agent_status_get(device.store, &status, NULL));
    return status;
}

static void a_good_round_sends_reports_and_fetches(void **state)
{
    struct tp_round_report report;
    uint64_t free_bytes = 0;
    json_int_t free_mib;
    json_t *json;

    (void)state;
    device_put(&device, 3, NULL);
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    assert_true(tp_setting_set(device.store, TP_SETTING_VENUE, "Cowley", NULL));
    report = run();
    assert_int_equal(report.delivered, 3);
    assert_int_equal(report.switched, 1);
    assert_string_equal(report.words, "");
    assert_false(report.end.failed || report.end.barred || report.end.left_over ||
                 report.end.download_failed);
    assert_true(agent_status().last_contact_ms > 0);
    assert_string_equal(agent_status().last_error, "");
    assert_true(agent_status().enrolled);
    json = last_heartbeat(); /* sent after the answers, before the surveys */
    assert_int_equal(json_integer_value(json_object_get(json, "sent")), 3);
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 0);
    assert_string_equal(json_string_value(json_object_get(json, "venue")), "Cowley");
    assert_string_equal(json_string_value(json_object_get(json, "event")), "");
    assert_string_equal(json_string_value(json_object_get(json, "version")), TP_VERSION);
    assert_true(tp_store_disk_free(device.store, &free_bytes, NULL));
    free_mib = json_integer_value(json_object_get(json, "disk_free_mib"));
    assert_true(free_mib > 0 && (uint64_t)free_mib < free_bytes / 1000);
    assert_non_null(json_string_value(json_object_get(json, "stick_key")));
    json_decref(json);
    (void)run();
    json = last_heartbeat();
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(json, "forms"), "equality")), "7");
    json_decref(json);
}

static void counters_are_reported_until_the_store_has_them(void **state)
{
    struct tp_count count = {
        .form_id = "equality", .form_version = "7", .mode = "easy-read", .name = "open"};
    const json_t *row;
    json_t *json;

    (void)state;
    assert_true(tp_counters_add(device.store, &count, 1, NULL));
    surveys.heartbeat_status = 500;
    (void)run();
    surveys.heartbeat_status = 0;
    assert_true(tp_counters_add(device.store, &count, 1, NULL));
    (void)run();
    json = last_heartbeat();
    assert_int_equal(json_array_size(json_object_get(json, "counters")), 1);
    row = json_array_get(json_object_get(json, "counters"), 0);
    assert_int_equal(json_integer_value(json_object_get(row, "count")), 2);
    assert_string_equal(json_string_value(json_object_get(row, "form")), "equality");
    assert_string_equal(json_string_value(json_object_get(row, "mode")), "easy-read");
    assert_string_equal(json_string_value(json_object_get(row, "name")), "open");
    assert_int_equal(strlen(json_string_value(json_object_get(row, "day"))), 10);
    json_decref(json);
    (void)run();
    json = last_heartbeat();
    assert_int_equal(json_array_size(json_object_get(json, "counters")), 0);
    json_decref(json);
}

static void the_store_s_time_corrects_the_device_s(void **state)
{
    struct tp_store_time now;
    int64_t offset_ms = 0;

    (void)state;
    (void)run();
    assert_true(tp_store_clock_offset(device.store, &offset_ms, NULL));
    assert_in_range(-offset_ms, 3590000, 3601000); /* the device is an hour behind */
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_equal(now.trust, TP_CLOCK_CHECKED);
    assert_in_range(now.ms - tp_clock_wall_ms(&device.clock), 3590000, 3601000);
}

static void a_heartbeat_brings_the_word_for_the_stick_key(void **state)
{
    char certificate[TP_CERTIFICATE_TEXT_MAX];
    struct tp_device_signer signer;
    struct tp_receipt_pair pair;
    char says[256];

    (void)state;
    (void)snprintf(identity.device_id, sizeof(identity.device_id), "uuid:hall");
    assert_true(tp_stick_key_read(device.folder, &pair, NULL));
    assert_true(tp_device_certify(&fake.pair, "uuid:hall", &pair.key, certificate, NULL));
    (void)snprintf(says, sizeof(says), ",\"stick_certificate\":\"%s\"", certificate);
    surveys.heartbeat_says = says;
    (void)run();
    assert_true(tp_stick_signer_read(device.folder, &identity, &signer, NULL));
    assert_string_equal(signer.certificate, certificate);
}

static void a_heartbeat_brings_a_new_sealing_key(void **state)
{
    char signature[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    char key[TP_SEAL_KEY_TEXT_MAX];
    struct tp_identity renewed;
    struct tp_seal_pair fresh;
    char path[128];
    char says[512];

    (void)state;
    (void)snprintf(identity.device_id, sizeof(identity.device_id), "uuid:hall");
    (void)snprintf(identity.name, sizeof(identity.name), "Hall");
    (void)snprintf(identity.store_url, sizeof(identity.store_url), "%s", fake.server.url);
    (void)snprintf(path, sizeof(path), "%s/token", device.folder);
    assert_true(tp_file_write_atomic(path, "tok\n", 4, 0600, NULL));
    assert_true(tp_seal_pair_generate(&fresh, NULL));
    tp_seal_key_to_text(&fresh.key, key);
    device_sign_key(&fake.pair, key, signature);
    (void)snprintf(says, sizeof(says), ",\"sealing_key\":\"%s\",\"sealing_signature\":\"%s\"", key,
                   signature);
    surveys.heartbeat_says = says;
    (void)run();
    assert_true(tp_identity_read(device.folder, NULL, &renewed, NULL));
    assert_memory_equal(&renewed.sealing_key, &fresh.key, sizeof(fresh.key));
}

#define IN_2031 "Date: Wed, 01 Jan 2031 00:00:00 GMT\r\n"

/* A store of another make has no heartbeat, and its Date is its word; a stranger's is nobody's. */
static void a_stranger_s_date_corrects_nothing(void **state)
{
    struct tp_store_time now;

    (void)state;
    surveys.heartbeat_head = IN_2031;
    (void)run();
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_not_equal(now.trust, TP_CLOCK_CHECKED);
    surveys.heartbeat_head = OPENROSA IN_2031;
    surveys.heartbeat_status = 404;
    (void)run();
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_equal(now.trust, TP_CLOCK_CHECKED);
    assert_in_range(now.ms, INT64_C(1924992000500), INT64_C(1924992060500));
}

static void a_busy_store_s_heartbeat_says_how_long_to_wait(void **state)
{
    struct tp_round_report report;

    (void)state;
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    surveys.heartbeat_head = OPENROSA "Retry-After: 90\r\n";
    surveys.heartbeat_status = 503;
    report = run();
    assert_int_equal(report.end.retry_after_s, 90);
    assert_int_equal(report.switched, 0);
}

static void a_store_without_a_heartbeat_is_still_a_store(void **state)
{
    struct tp_round_report report;

    (void)state;
    surveys.heartbeat_status = 404;
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    report = run();
    assert_false(report.end.failed);
    assert_int_equal(report.switched, 1);
    assert_non_null(strstr(report.words, "the heartbeat"));
}

static void what_was_set_aside_is_offered_again_and_kept_where_it_is_refused_again(void **state)
{
    static const struct tp_plan offer = {.heartbeat = true, .forms = true, .offer = true};
    struct tp_round_report report;

    (void)state;
    fake.trouble = TROUBLE_STATUS;
    fake.status = 404;
    fake.trouble_left = 4;
    device_put(&device, 2, NULL);
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    report = run();
    assert_int_equal(report.set_aside, 2);
    assert_true(report.end.switched);
    report = run();
    assert_int_equal(fake.submissions, 2); /* not at every contact */
    assert_false(report.end.switched);
    report = rounds_run(&offer);
    assert_int_equal(report.set_aside, 2);
    assert_int_equal(device_counts(&device).quarantined, 2);
    report = rounds_run(&offer);
    assert_int_equal(report.delivered, 2);
    assert_int_equal(device_counts(&device).quarantined, 0);
}

static void a_barred_screen_stops_and_says_so(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 5, NULL);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 403;
    fake.trouble_left = SIZE_MAX;
    report = run();
    assert_true(report.end.barred);
    assert_int_equal(fake.submissions, 1);
    assert_int_equal(surveys.heartbeats, 0);
    assert_int_equal(report.end.waiting, 5);
    assert_false(agent_status().enrolled);
    assert_non_null(strstr(agent_status().last_error, "no longer enrolled"));
    fake.trouble_left = 0;
    report = run();
    assert_int_equal(report.delivered, 5);
    assert_true(agent_status().enrolled);
    assert_string_equal(agent_status().last_error, "");
}

static void silence_ends_the_round_and_keeps_everything(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 5, NULL);
    fake.trouble = TROUBLE_PORTAL;
    fake.trouble_left = SIZE_MAX;
    report = run();
    assert_true(report.end.failed);
    assert_int_equal(report.end.waiting, 5);
    assert_int_equal(surveys.heartbeats, 0);
    assert_int_equal(agent_status().last_contact_ms, 0);
    assert_non_null(strstr(agent_status().last_error, "someone else answered"));
}

static void answers_that_break_the_store_do_not_stop_the_heartbeat_and_surveys(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 5, NULL);
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 500;
    fake.trouble_left = SIZE_MAX;
    report = run();
    assert_false(report.end.failed);
    assert_true(report.end.left_over);
    assert_int_equal(surveys.heartbeats, 1);
    assert_int_equal(report.switched, 1);
}

/* Saves an answer in the middle of the download, as a resident would. */
static void saving(void *context, const struct server_request *request, struct server_reply *reply)
{
    static bool saved;

    if (strcmp(request->path, "/forms/film/1") == 0 && !saved) {
        struct tp_store_params params = {.clock = tp_clock_system(), .free_min = 1};
        struct device other = device;

        saved = true;
        other.store = tp_store_open(device.store_path, &params, NULL);
        if (!other.store)
            abort();
        other.seed = 99;
        other.random = tp_random_seeded(&other.seed);
        device_put(&other, 1, NULL);
        tp_store_close(other.store);
    }
    surveys_handle(context, request, reply);
}

static void an_answer_does_not_wait_behind_a_film(void **state)
{
    struct survey *survey = survey_add(&surveys, "film", "1");
    struct tp_round_report report;

    (void)state;
    survey_put(survey, "form.xml", "<f/>", 4);
    survey_put(survey, "one.mp4", "film", 4);
    survey_put(survey, "two.mp4", "film two", 8);
    fake.others = saving;
    report = run();
    assert_int_equal(report.delivered, 1);
    assert_int_equal(report.switched, 1);
    assert_int_equal(report.end.waiting, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rounds_stop)
        TEST(a_good_round_sends_reports_and_fetches),
        TEST(counters_are_reported_until_the_store_has_them),
        TEST(the_store_s_time_corrects_the_device_s),
        TEST(a_heartbeat_brings_the_word_for_the_stick_key),
        TEST(a_heartbeat_brings_a_new_sealing_key),
        TEST(a_stranger_s_date_corrects_nothing),
        TEST(a_busy_store_s_heartbeat_says_how_long_to_wait),
        TEST(a_store_without_a_heartbeat_is_still_a_store),
        TEST(what_was_set_aside_is_offered_again_and_kept_where_it_is_refused_again),
        TEST(a_barred_screen_stops_and_says_so),
        TEST(silence_ends_the_round_and_keeps_everything),
        TEST(answers_that_break_the_store_do_not_stop_the_heartbeat_and_surveys),
        TEST(an_answer_does_not_wait_behind_a_film),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
