/* sync/agent/identity.h: who the device is, and which store it belongs to. */
#include "tp_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "agent/connect.h"
#include "agent/identity.h"
#include "unit/agent/device.h"

#define KEY "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

static struct device device;

static int set_up(void **state)
{
    (void)state;
    device_open(&device);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    device_close(&device);
    return 0;
}

static const char *in_folder(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", device.folder, name);
    return path;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
    assert_true(tp_file_write_atomic(in_folder(name), text, strlen(text), mode, NULL));
}

static const char ini[] =
    "[device]\nid = uuid:1\nname = Cowley\n[store]\n"
    "url = http://127.0.0.1:1/\nsealing_key = " KEY "\nreceipt_key = " KEY "\n";

#define OPENROSA_INI(rest) "[device]\nid = uuid:1\nname = Cowley\n[store]\nkind = openrosa\n" rest

/* The token of ODK Central stands in its own file, and its place is marked in the address. */
static void an_openrosa_server_is_read_back_with_its_secrets_apart(void **state)
{
    static const char *const words[] = {"none", "digest", "basic", "token", "bearer"};
    struct tp_identity written = {.kind = TP_STORE_OPENROSA,
                                  .device_id = "uuid:1",
                                  .name = "Cowley",
                                  .store_url = "https://odk.example/v1/key/{token}/projects/7",
                                  .token = "canary-token",
                                  .user = "ranger",
                                  .plain = true};
    struct tp_identity read = {0};
    char url[TP_IDENTITY_URL_MAX];
    struct tp_error error;
    struct tp_buf text;

    (void)state;
    assert_true(tp_seal_pair_generate(&written.outbox, &error));
    written.sealing_key = written.outbox.key;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        assert_true(tp_identity_auth_of(words[i], &written.auth));
        if (!tp_identity_write_openrosa(device.folder, &written, &error) ||
            !tp_identity_read(device.folder, NULL, &read, &error))
            fail_msg("%s", error.text);
        assert_int_equal(read.kind, TP_STORE_OPENROSA);
        assert_int_equal(read.auth, written.auth);
        assert_string_equal(read.token, "canary-token");
        assert_true(read.plain);
        assert_memory_equal(&read.outbox, &written.outbox, sizeof(read.outbox));
        assert_true(tp_identity_url(&read, url, &error));
        assert_string_equal(url, "https://odk.example/v1/key/canary-token/projects/7");
    }
    tp_buf_init(&text, 4096);
    assert_true(tp_file_read(in_folder("device.ini"), &text, &error));
    assert_null(strstr(tp_buf_text(&text), "canary"));
    tp_buf_finish(&text);
    /* A key that is not the one it was sealed to. */
    write_file("outbox.key", KEY "\n", 0600);
    assert_false(tp_identity_read(device.folder, NULL, &read, &error));
    assert_non_null(strstr(error.text, "outbox.key"));
    assert_int_equal(unlink(in_folder("outbox.key")), 0);
    assert_false(tp_identity_read(device.folder, NULL, &read, &error));
    assert_int_equal(error.code, TP_ERR_INVALID);
}

static void a_wrong_line_about_the_server_is_named(void **state)
{
    static const struct {
        const char *ini;
        const char *words;
    } wrong[] = {
        {"[device]\nid = uuid:1\nname = C\n[store]\nkind = ftp\nurl = http://127.0.0.1:1\n",
         "kind"},
        {OPENROSA_INI("url = http://127.0.0.1:1\nauth = guess\n"), "auth"},
        {OPENROSA_INI("url = http://127.0.0.1:1\nauth = digest\n"), "user"},
        {OPENROSA_INI("url = http://127.0.0.1:1\nsealing_key = AAAA\n"), "sealing_key"},
        {OPENROSA_INI("url = http://user@127.0.0.1:1\n"), "address"},
    };
    struct tp_identity identity = {0};
    struct tp_error error;

    (void)state;
    write_file("token", "tok\n", 0600);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        write_file("device.ini", wrong[i].ini, 0644);
        assert_false(tp_identity_read(device.folder, NULL, &identity, &error));
        if (!strstr(error.text, wrong[i].words))
            fail_msg("%s", error.text);
    }
    /* An open server needs no token file. */
    assert_int_equal(unlink(in_folder("token")), 0);
    write_file("device.ini", OPENROSA_INI("url = http://127.0.0.1:1\n"), 0644);
    assert_true(tp_identity_read(device.folder, NULL, &identity, &error));
    assert_false(identity.plain);
}

static void the_token_is_parted_from_the_address(void **state)
{
    static const struct {
        const char *whole;
        const char *url;
        const char *token;
    } cases[] = {
        {"https://odk.example/v1/key/S3cret/projects/7/",
         "https://odk.example/v1/key/{token}/projects/7", "S3cret"},
        {"https://odk.example/v1/key/S3cret", "https://odk.example/v1/key/{token}", "S3cret"},
        {"https://odk.example/v1/test/S3cret/projects/7/forms/f/draft",
         "https://odk.example/v1/test/{token}/projects/7/forms/f/draft", "S3cret"},
        {"https://kc.example/collector/S3cret", "https://kc.example/collector/{token}", "S3cret"},
        {"https://odk.example/test/Aggregate", "https://odk.example/test/Aggregate", ""},
        {"https://kc.example/council", "https://kc.example/council", ""},
        {"https://kc.example/key/", "https://kc.example/key", ""},
    };
    char url[TP_STORE_URL_MAX], token[TP_TOKEN_MAX], long_url[600];
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (!tp_connect_part(cases[i].whole, url, token, &error))
            fail_msg("%s", error.text);
        assert_string_equal(url, cases[i].url);
        assert_string_equal(token, cases[i].token);
    }
    assert_false(tp_connect_part("https://odk.example/v1/key/S3cret/p?x=1", url, token, &error));
    assert_null(strstr(error.text, "S3cret"));
    (void)snprintf(long_url, sizeof(long_url), "https://odk.example/v1/key/%0400d/p", 1);
    assert_false(tp_connect_part(long_url, url, token, &error));
}

static void a_token_that_others_may_read_is_refused_in_plain_words(void **state)
{
    static const mode_t open_modes[] = {0644, 0640, 0604, 0660, 0601, 0620};
    struct tp_identity identity = {0};
    struct tp_error error;

    (void)state;
    assert_false(tp_identity_read(device.folder, NULL, &identity, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, "not enrolled"));
    write_file("device.ini", ini, 0644);
    assert_false(tp_identity_read(device.folder, NULL, &identity, &error));
    assert_int_not_equal(error.code, TP_ERR_NOT_FOUND);
    for (size_t i = 0; i < sizeof(open_modes) / sizeof(open_modes[0]); i++) {
        write_file("token", "tok\n", open_modes[i]);
        assert_false(tp_identity_read(device.folder, NULL, &identity, &error));
        assert_non_null(strstr(error.text, "may be read by others"));
        assert_non_null(strstr(error.text, "chmod 600"));
        assert_null(strstr(error.text, "tok\n"));
    }
    assert_string_equal(identity.token, "");
    write_file("token", "tok\n", 0600);
    assert_true(tp_identity_read(device.folder, NULL, &identity, &error));
    assert_string_equal(identity.token, "tok");
    assert_string_equal(identity.store_url, "http://127.0.0.1:1");
    write_file("token", "", 0600);
    assert_false(tp_identity_read(device.folder, NULL, &identity, &error));
    tp_identity_wipe(&identity);
}

static void systemd_s_credential_comes_before_the_file(void **state)
{
    struct tp_identity identity;
    struct tp_error error;
    char credentials[128];

    (void)state;
    write_file("device.ini", ini, 0644);
    (void)snprintf(credentials, sizeof(credentials), "%s", in_folder("credentials"));
    assert_true(tp_dir_make(credentials, 0700, &error));
    write_file("token", "from-file\n", 0600);
    assert_true(tp_identity_read(device.folder, credentials, &identity, &error));
    assert_string_equal(identity.token, "from-file");
    write_file("credentials/token", "from-systemd", 0440);
    assert_true(tp_identity_read(device.folder, credentials, &identity, &error));
    assert_string_equal(identity.token, "from-systemd");
    tp_identity_wipe(&identity);
}

static void a_damaged_device_ini_is_named(void **state)
{
    static const char *const bad[] = {
        "[device]\nid = uuid:1\n",
        "[device]\nid=u\nname=n\n[store]\nurl=nonsense\nsealing_key=" KEY "\nreceipt_key=" KEY "\n",
        "[device]\nid=u\nname=n\n[store]\nurl=http://a\nsealing_key=AAAA\nreceipt_key=" KEY "\n",
        "[device]\nid=u\nname=n\n[store]\nurl=http://a\nsealing_key=" KEY "\nreceipt_key=x\n",
        "what",
    };
    struct tp_identity identity;
    struct tp_error error;

    (void)state;
    write_file("token", "tok\n", 0600);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        write_file("device.ini", bad[i], 0644);
        assert_false(tp_identity_read(device.folder, NULL, &identity, &error));
        assert_int_not_equal(error.code, TP_ERR_NOT_FOUND);
    }
}

static void a_new_sealing_key_is_taken_if_the_store_signed_for_it(void **state)
{
    char signature[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    char text[TP_SEAL_KEY_TEXT_MAX];
    struct tp_identity before = {.device_id = "uuid:1", .name = "Hall", .token = "tok"};
    struct tp_identity after;
    struct tp_receipt_pair store;
    struct tp_receipt_pair stranger;
    struct tp_seal_pair fresh;
    struct tp_error error;

    (void)state;
    assert_true(tp_receipt_pair_generate(&store, &error));
    assert_true(tp_receipt_pair_generate(&stranger, &error));
    assert_true(tp_seal_pair_generate(&fresh, &error));
    (void)snprintf(before.store_url, sizeof(before.store_url), "http://127.0.0.1:1");
    before.receipt_key = store.key;
    before.sealing_key = device.seal.key;
    write_file("token", "tok\n", 0600);
    tp_seal_key_to_text(&device.seal.key, text);
    assert_true(tp_identity_renew(device.folder, &before, text, "", &error));
    assert_int_equal(access(in_folder("device.ini"), F_OK), -1);
    tp_seal_key_to_text(&fresh.key, text);
    device_sign_key(&stranger, text, signature);
    assert_false(tp_identity_renew(device.folder, &before, text, signature, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    assert_false(tp_identity_renew(device.folder, &before, "no key", signature, &error));
    assert_int_equal(access(in_folder("device.ini"), F_OK), -1);
    device_sign_key(&store, text, signature);
    assert_true(tp_identity_renew(device.folder, &before, text, signature, &error));
    assert_true(tp_identity_read(device.folder, NULL, &after, &error));
    assert_memory_equal(&after.sealing_key, &fresh.key, sizeof(fresh.key));
    assert_memory_equal(&after.receipt_key, &store.key, sizeof(store.key));
    assert_string_equal(after.device_id, "uuid:1");
    assert_string_equal(after.name, "Hall");
    assert_string_equal(after.store_url, before.store_url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_openrosa_server_is_read_back_with_its_secrets_apart,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_line_about_the_server_is_named, set_up, tear_down),
        cmocka_unit_test(the_token_is_parted_from_the_address),
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_token_that_others_may_read_is_refused_in_plain_words),
        TEST(systemd_s_credential_comes_before_the_file),
        TEST(a_damaged_device_ini_is_named),
        TEST(a_new_sealing_key_is_taken_if_the_store_signed_for_it),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
