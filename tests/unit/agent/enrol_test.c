/* sync/agent/enrol.h: how a device comes to belong to a store. */
#include "tp_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "agent/enrol.h"
#include "agent/identity.h"
#include "store/settings.h"
#include "unit/agent/device.h"
#include "unit/agent/server.h"

#define OPENROSA "X-OpenRosa-Version: 1.0\r\n"
#define KEY "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

static struct device device;
static struct server server;

/* What the store does with an enrolment. */
static struct {
    int conflicts; /* codes that wait already, before one is taken */
    int enrol_status;
    int claim_status;
    const char *claim_body;
    bool stranger;
    char body[1024]; /* of the last request */
    char secret_sha256[TP_SHA256_TEXT_MAX];
    int enrolments;
    int claims;
} office;

static const char claim_good[] =
    "{\"device_id\":\"uuid:1\",\"token\":\"tok\",\"sealing_key\":\"" KEY "\",\"receipt_key\":\"" KEY
    "\",\"name\":\"Cowley ; Library\"}";

static void handle(void *context, const struct server_request *request, struct server_reply *reply)
{
    const char *headers = office.stranger ? "" : OPENROSA;

    (void)context;
    (void)snprintf(office.body, sizeof(office.body), "%.*s", (int)request->body_count,
                   request->body);
    if (strstr(request->headers, "\r\nAuthorization:"))
        abort(); /* enrolment carries no token */
    if (strcmp(request->path, "/talkpoint/enrolments") == 0) {
        office.enrolments++;
        (void)server_between(office.body, "\"secret_sha256\":\"", "\"", office.secret_sha256,
                             sizeof(office.secret_sha256));
        if (office.conflicts-- > 0)
            server_reply(reply, 409, headers, "", 0);
        else
            server_reply(reply, office.enrol_status, headers, "{\"id\":41}", 9);
    } else if (strcmp(request->path, "/talkpoint/enrolments/41/claim") == 0) {
        char secret[128] = "";
        char digest[TP_SHA256_TEXT_MAX];

        office.claims++;
        (void)server_between(office.body, "\"secret\":\"", "\"", secret, sizeof(secret));
        tp_sha256_text(secret, strlen(secret), digest);
        if (strcmp(digest, office.secret_sha256) != 0)
            server_reply(reply, 404, headers, "", 0);
        else
            server_reply(reply, office.claim_status, headers, office.claim_body,
                         strlen(office.claim_body));
    } else {
        server_reply(reply, 404, headers, "", 0);
    }
}

static int set_up(void **state)
{
    (void)state;
    memset(&office, 0, sizeof(office));
    office.enrol_status = 201;
    office.claim_status = 202;
    office.claim_body = "";
    device_open(&device);
    server_start(&server, handle, NULL);
    return tp_http_global_init(NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    server_stop(&server);
    device_close(&device);
    return 0;
}

static struct tp_http *connect_without_token(void)
{
    struct tp_http_options options = {.store_url = server.url, .stall_s = 1};
    struct tp_http *http = tp_http_create(&options, NULL);

    assert_non_null(http);
    return http;
}

static const char *in_folder(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", device.folder, name);
    return path;
}

static void codes_are_of_the_alphabet_and_differ(void **state)
{
    char first[TP_ENROL_CODE_MAX];
    char second[TP_ENROL_CODE_MAX];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        tp_enrol_make_code(&device.random, first);
        assert_int_equal(strlen(first), 9);
        assert_int_equal(first[4], '-');
        assert_int_equal(strspn(first, "ABCDEFGHJKMNPQRSTUVWXYZ23456789-"), 9);
    }
    tp_enrol_make_code(&device.random, second);
    assert_string_not_equal(first, second);
}

static struct tp_enrolment begin(struct tp_http *http)
{
    struct tp_enrolment enrolment = {.name = "Cowley Library"};
    struct tp_error error;

    (void)snprintf(enrolment.store_url, sizeof(enrolment.store_url), "%s", server.url);
    if (!tp_enrol_begin(device.folder, device.store, http, &device.random, &enrolment, &error))
        fail_msg("%s", error.text);
    return enrolment;
}

static void a_screen_is_enrolled_and_the_code_is_shown_meanwhile(void **state)
{
    struct tp_http *http = connect_without_token();
    struct tp_agent_status status;
    struct tp_identity identity;
    struct tp_enrolment enrolment;
    struct tp_enrolment kept;
    struct tp_error error;
    struct stat file;

    (void)state;
    office.conflicts = 2; /* the device makes another code */
    enrolment = begin(http);
    assert_int_equal(office.enrolments, 3);
    assert_int_equal(enrolment.id, 41);
    assert_non_null(strstr(office.body, enrolment.code));
    assert_non_null(strstr(office.body, "\"name\":\"Cowley Library\""));
    assert_null(strstr(office.body, enrolment.secret)); /* only its hash leaves */
    assert_true(tp_agent_status_get(device.store, &status, &error));
    assert_string_equal(status.enrolment_code, enrolment.code);
    assert_int_equal(stat(in_folder("enrolment"), &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);

    assert_int_equal(tp_enrol_claim(device.folder, device.store, http, &enrolment, &error),
                     TP_ENROL_WAITS);
    assert_int_equal(error.code, TP_OK);
    /* A restart goes on with the same code. */
    assert_true(tp_enrol_read(device.folder, &kept, &error));
    assert_memory_equal(&kept, &enrolment, sizeof(kept));

    office.claim_status = 200;
    office.claim_body = claim_good;
    assert_int_equal(tp_enrol_claim(device.folder, device.store, http, &kept, &error),
                     TP_ENROL_DONE);
    assert_int_equal(stat(in_folder("token"), &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(access(in_folder("enrolment"), F_OK), -1);
    assert_true(tp_identity_read(device.folder, NULL, &identity, &error));
    assert_string_equal(identity.token, "tok");
    assert_string_equal(identity.name, "Cowley , Library"); /* ';' would begin a comment */
    assert_string_equal(identity.store_url, server.url);
    assert_true(tp_agent_status_get(device.store, &status, &error));
    assert_string_equal(status.enrolment_code, "");
    assert_true(status.enrolled);
    tp_http_destroy(http);
}

static void a_claim_s_lost_answer_is_claimed_again(void **state)
{
    struct tp_http *http = connect_without_token();
    struct tp_enrolment enrolment = begin(http);
    struct tp_error error;

    (void)state;
    office.claim_status = 200;
    office.claim_body = "{\"device_id\":\"uuid:1\""; /* cut */
    assert_int_equal(tp_enrol_claim(device.folder, device.store, http, &enrolment, &error),
                     TP_ENROL_WAITS);
    assert_int_not_equal(error.code, TP_OK);
    assert_int_equal(access(in_folder("device.ini"), F_OK), -1);
    assert_int_equal(access(in_folder("token"), F_OK), -1);
    office.claim_body = claim_good;
    assert_int_equal(tp_enrol_claim(device.folder, device.store, http, &enrolment, &error),
                     TP_ENROL_DONE);
    tp_http_destroy(http);
}

static void a_refusal_and_a_lapse_end_it_and_a_stranger_does_not(void **state)
{
    static const struct {
        int status;
        bool stranger;
        enum tp_enrol_claim claim;
        bool forgotten;
    } rows[] = {
        {202, false, TP_ENROL_WAITS, false}, {403, true, TP_ENROL_WAITS, false},
        {404, true, TP_ENROL_WAITS, false},  {200, true, TP_ENROL_WAITS, false},
        {500, false, TP_ENROL_WAITS, false}, {403, false, TP_ENROL_REFUSED, true},
        {404, false, TP_ENROL_LAPSED, true},
    };
    struct tp_http *http = connect_without_token();
    struct tp_error error;

    (void)state;
    office.claim_body = claim_good;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tp_enrolment enrolment;

        office.stranger = false;
        enrolment = begin(http);
        office.claim_status = rows[i].status;
        office.stranger = rows[i].stranger;
        assert_int_equal(tp_enrol_claim(device.folder, device.store, http, &enrolment, &error),
                         rows[i].claim);
        assert_int_equal(access(in_folder("enrolment"), F_OK) != 0, rows[i].forgotten);
        assert_int_equal(access(in_folder("device.ini"), F_OK), -1);
    }
    tp_http_destroy(http);
}

static void a_store_that_takes_no_more_says_so(void **state)
{
    struct tp_http *http = connect_without_token();
    struct tp_enrolment enrolment = {.name = "x"};
    struct tp_error error;

    (void)state;
    (void)snprintf(enrolment.store_url, sizeof(enrolment.store_url), "%s", server.url);
    office.enrol_status = 429;
    assert_false(
        tp_enrol_begin(device.folder, device.store, http, &device.random, &enrolment, &error));
    assert_non_null(strstr(error.text, "too many screens wait"));
    office.enrol_status = 201;
    office.conflicts = 100;
    assert_false(
        tp_enrol_begin(device.folder, device.store, http, &device.random, &enrolment, &error));
    office.conflicts = 0;
    office.stranger = true;
    assert_false(
        tp_enrol_begin(device.folder, device.store, http, &device.random, &enrolment, &error));
    assert_non_null(strstr(error.text, "someone else answered"));
    assert_int_equal(access(in_folder("enrolment"), F_OK), -1);
    tp_http_destroy(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(codes_are_of_the_alphabet_and_differ),
        TEST(a_screen_is_enrolled_and_the_code_is_shown_meanwhile),
        TEST(a_claim_s_lost_answer_is_claimed_again),
        TEST(a_refusal_and_a_lapse_end_it_and_a_stranger_does_not),
        TEST(a_store_that_takes_no_more_says_so),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
