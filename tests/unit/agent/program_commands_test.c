/* talkpoint-sync as a command: what it refuses, what it says, its exit statuses. */
#include "tp_test.h"

#include <jansson.h>
#include <sys/stat.h>

#include "store/settings.h"
#include "unit/agent/program_rounds.h"

static void misuse_is_2_and_says_what_to_do(void **state)
{
    (void)state;
    assert_int_equal(RUN(&program, &device, "--nonsense"), 2);
    assert_non_null(strstr(file_text(program.err), "'--nonsense' is not understood"));
    assert_int_equal(RUN(&program, &device, "dance"), 2);
    assert_int_equal(RUN(&program, &device, "status", "retry"), 2);
    assert_int_equal(RUN(&program, &device, "enrol"), 2);
    assert_int_equal(RUN(&program, &device, "enrol", "--store", "x", "--name", "y"), 2);
    assert_int_equal(RUN(&program, &device, "--json"), 2);
    assert_int_equal(RUN(&program, &device, "--config"), 2);
    assert_int_equal(
        RUN(&program, &device, "enrol", "--store", "http://example.org", "--name", "y"), 2);
    assert_non_null(strstr(file_text(program.err), "is not https"));
    assert_int_equal(RUN(&program, &device, "--version"), 0);
    assert_non_null(strstr(file_text(program.out), TP_VERSION));
    assert_int_equal(RUN(&program, &device, "--help"), 0);
    assert_non_null(strstr(file_text(program.out), "--once"));
}

static void a_setting_that_is_misspelt_or_wrong_is_named(void **state)
{
    char path[128];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/sync.ini", device.folder);
    assert_true(tp_file_write_atomic(path, "[sync]\ncontakt_s = 5\n", 21, 0644, NULL));
    assert_int_equal(RUN(&program, &device, "--once", "--config", path), 1);
    assert_non_null(strstr(file_text(program.err), "line 2: unknown setting 'contakt_s'"));
    assert_true(tp_file_write_atomic(path, "[sync]\ncontact_s = 5\n", 21, 0644, NULL));
    assert_int_equal(RUN(&program, &device, "--once", "--config", path), 1);
    assert_non_null(strstr(file_text(program.err), "a whole number from 10"));
    assert_int_equal(RUN(&program, &device, "--once", "--config", "/no/such/file"), 1);
}

static void once_tells_by_its_status_whether_all_is_sent(void **state)
{
    (void)state;
    device_put(&device, 3, NULL);
    assert_int_equal(RUN(&program, &device, "--once"), 1);
    assert_non_null(strstr(file_text(program.err), "not enrolled"));
    enrol();
    fake.trouble = TROUBLE_PORTAL;
    fake.trouble_left = SIZE_MAX;
    assert_int_equal(RUN(&program, &device, "--once"), 1);
    assert_non_null(strstr(file_text(program.err), "someone else answered"));
    fake.trouble_left = 0;
    assert_int_equal(RUN(&program, &device, "--once"), 0);
    assert_non_null(strstr(file_text(program.out), "sent 3, set aside 0, 0 wait"));
    assert_string_equal(file_text(program.err), "");
    assert_int_equal(device_counts(&device).waiting, 0);
}

static void an_open_token_is_refused(void **state)
{
    char path[128];

    (void)state;
    enrol();
    (void)snprintf(path, sizeof(path), "%s/token", device.folder);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(RUN(&program, &device, "--once"), 1);
    assert_non_null(strstr(file_text(program.err), "may be read by others (mode 0644)"));
    assert_null(strstr(file_text(program.err), "secret-token"));
    assert_int_equal(fake.unauthorised, 0);
}

static void nobody_but_its_owner_works_on_a_screen(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(device.folder, 65534, 65534), 0);
    assert_int_equal(
        RUN(&program, &device, "enrol", "--store", fake.server.url, "--name", "Cowley"), 2);
    assert_non_null(strstr(file_text(program.err),
                           "belongs to nobody; run: runuser -u nobody -- talkpoint-sync --state "));
    assert_int_equal(chown(device.folder, 0, 0), 0);
    assert_int_equal(RUN(&program, &device, "status"), 0);
}

static json_t *status_json(void)
{
    json_t *root;

    assert_int_equal(RUN(&program, &device, "status", "--json"), 0);
    root = json_loads(file_text(program.out), 0, NULL);
    assert_non_null(root);
    return root;
}

static void status_says_what_waits_and_what_was_refused_and_retry_offers_it_again(void **state)
{
    json_t *json;
    json_t *row;

    (void)state;
    enrol();
    device_put(&device, 2, NULL);
    device_put(&device, 1, fake.trouble_id);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 409;
    fake.trouble_left = 1;
    assert_int_equal(RUN(&program, &device, "--once"), 1);
    json = status_json();
    assert_true(json_is_true(json_object_get(json, "enrolled")));
    assert_string_equal(json_string_value(json_object_get(json, "name")), "Cowley");
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 0);
    assert_int_equal(json_integer_value(json_object_get(json, "sent")), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "quarantined")), 1);
    assert_int_equal(strlen(json_string_value(json_object_get(json, "last_contact"))), 24);
    row = json_array_get(json_object_get(json, "set_aside"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "instance_id")), fake.trouble_id);
    assert_non_null(strstr(json_string_value(json_object_get(row, "reason")), "409"));
    json_decref(json);
    assert_int_equal(RUN(&program, &device, "status"), 0);
    assert_non_null(strstr(file_text(program.out), "Set aside     1\n"));
    assert_non_null(strstr(file_text(program.out), "Last contact  2"));
    assert_null(strstr(file_text(program.out), "secret-token"));
    assert_int_equal(RUN(&program, &device, "retry"), 0);
    assert_non_null(strstr(file_text(program.out), "1 answer is offered again"));
    assert_int_equal(RUN(&program, &device, "--once"), 0);
    assert_int_equal(device_counts(&device).sent, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(misuse_is_2_and_says_what_to_do),
        TEST(a_setting_that_is_misspelt_or_wrong_is_named),
        TEST(once_tells_by_its_status_whether_all_is_sent),
        TEST(an_open_token_is_refused),
        TEST(nobody_but_its_owner_works_on_a_screen),
        TEST(status_says_what_waits_and_what_was_refused_and_retry_offers_it_again),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
