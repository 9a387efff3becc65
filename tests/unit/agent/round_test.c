/* sync/agent/round.h and do/heartbeat.h: what a contact does, says and learns. What ends one is in
 * round_ends_test.c. */
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

/* The device's own clock stands still. */
static int set_up_still(void **state)
{
    static struct tp_clock_fake still = {.wall = INT64_C(1795426860000), .monotonic = 1000};
    const struct tp_clock clock = tp_clock_from_fake(&still);

    (void)state;
    return rounds_start(&clock);
}

static json_t *last_heartbeat(void)
{
    json_t *root = json_loads(surveys.heartbeat, 0, NULL);

    assert_non_null(root);
    return root;
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
    report = rounds_run_all();
    assert_int_equal(report.delivered, 3);
    assert_int_equal(report.switched, 1);
    assert_string_equal(report.words, "");
    assert_false(report.end.failed || report.end.barred || report.end.left_over ||
                 report.end.download_failed);
    assert_true(rounds_status().last_contact_ms > 0);
    assert_string_equal(rounds_status().last_error, "");
    assert_true(rounds_status().enrolled);
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
    (void)rounds_run_all();
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
    (void)rounds_run_all();
    surveys.heartbeat_status = 0;
    assert_true(tp_counters_add(device.store, &count, 1, NULL));
    (void)rounds_run_all();
    json = last_heartbeat();
    assert_int_equal(json_array_size(json_object_get(json, "counters")), 1);
    row = json_array_get(json_object_get(json, "counters"), 0);
    assert_int_equal(json_integer_value(json_object_get(row, "count")), 2);
    assert_string_equal(json_string_value(json_object_get(row, "form")), "equality");
    assert_string_equal(json_string_value(json_object_get(row, "version")), "7");
    assert_string_equal(json_string_value(json_object_get(row, "mode")), "easy-read");
    assert_string_equal(json_string_value(json_object_get(row, "name")), "open");
    assert_int_equal(strlen(json_string_value(json_object_get(row, "day"))), 10);
    json_decref(json);
    (void)rounds_run_all();
    json = last_heartbeat();
    assert_int_equal(json_array_size(json_object_get(json, "counters")), 0);
    json_decref(json);
}

/* Told before anything is sent, of what is there. */
static void a_heartbeat_says_what_waits_and_what_was_set_aside(void **state)
{
    static const struct tp_plan only = {.heartbeat = true};
    json_int_t clock_ms;
    char id[64];
    json_t *json;

    (void)state;
    device_put(&device, 1, id);
    assert_true(tp_outbox_quarantine(device.store, id, "odd", NULL));
    device_put(&device, 2, NULL);
    (void)rounds_run(&only);
    json = last_heartbeat();
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "quarantined")), 1);
    clock_ms = json_integer_value(json_object_get(json, "clock_ms"));
    assert_in_range(tp_clock_wall_ms(&device.clock) - clock_ms, 0, 60000);
    json_decref(json);
}

static void the_store_s_time_corrects_the_device_s(void **state)
{
    struct tp_store_time now;
    int64_t offset_ms = 0;

    (void)state;
    (void)rounds_run_all();
    assert_true(tp_store_clock_offset(device.store, &offset_ms, NULL));
    assert_in_range(-offset_ms, 3590000, 3601000); /* the device is an hour behind */
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_equal(now.trust, TP_CLOCK_CHECKED);
    assert_in_range(now.ms - tp_clock_wall_ms(&device.clock), 3590000, 3601000);
}

/* A long way: the store's word is a third of a second under way, and more. */
static void late(void *context, const struct server_request *request, struct server_reply *reply)
{
    const struct timespec way = {.tv_nsec = 300000000};

    surveys_handle(context, request, reply);
    (void)nanosleep(&way, NULL);
}

static void the_way_back_of_its_time_is_half_of_the_way(void **state)
{
    static const struct tp_plan only = {.heartbeat = true};
    struct tp_clock clock = tp_clock_system();
    int64_t began_ms = tp_clock_monotonic_ms(&clock);
    struct tp_store_time now;

    (void)state;
    fake.others = late;
    (void)rounds_run(&only);
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_in_range(now.ms - surveys.time_ms, 150,
                    (tp_clock_monotonic_ms(&clock) - began_ms) / 2 + 1);
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
    (void)rounds_run_all();
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
    (void)rounds_run_all();
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
    (void)rounds_run_all();
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_not_equal(now.trust, TP_CLOCK_CHECKED);
    surveys.heartbeat_head = OPENROSA IN_2031;
    surveys.heartbeat_status = 404;
    (void)rounds_run_all();
    assert_true(tp_store_now(device.store, &now, NULL));
    assert_int_equal(now.trust, TP_CLOCK_CHECKED);
    assert_in_range(now.ms, INT64_C(1924992000500), INT64_C(1924992060500));
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
    report = rounds_run_all();
    assert_int_equal(report.set_aside, 2);
    assert_true(report.end.switched);
    report = rounds_run_all();
    assert_int_equal(fake.submissions, 2); /* not at every contact */
    assert_false(report.end.switched);
    report = rounds_run(&offer);
    assert_int_equal(report.set_aside, 2);
    assert_int_equal(device_counts(&device).quarantined, 2);
    report = rounds_run(&offer);
    assert_int_equal(report.delivered, 2);
    assert_int_equal(device_counts(&device).quarantined, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rounds_stop)
        TEST(a_good_round_sends_reports_and_fetches),
        TEST(counters_are_reported_until_the_store_has_them),
        TEST(a_heartbeat_says_what_waits_and_what_was_set_aside),
        cmocka_unit_test_setup_teardown(the_way_back_of_its_time_is_half_of_the_way, set_up_still,
                                        rounds_stop),
        TEST(the_store_s_time_corrects_the_device_s),
        TEST(a_heartbeat_brings_the_word_for_the_stick_key),
        TEST(a_heartbeat_brings_a_new_sealing_key),
        TEST(a_stranger_s_date_corrects_nothing),
        TEST(what_was_set_aside_is_offered_again_and_kept_where_it_is_refused_again),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
