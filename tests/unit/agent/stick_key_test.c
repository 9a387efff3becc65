/* sync/agent/do/stick_key.h: the key that signs a stick's bundles, and the store's word for it. */
#include "tp_test.h"

#include "unit/agent/sticks.h"

/* A file of the hall's folder. */
static const char *in_hall(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", hall.device.folder, name);
    return path;
}

static struct tp_receipt_pair key(void)
{
    struct tp_receipt_pair pair;

    assert_true(tp_stick_key_read(hall.device.folder, &pair, NULL));
    return pair;
}

static bool signer_is_there(struct tp_device_signer *signer)
{
    struct tp_error error = {0};

    if (tp_stick_signer_read(hall.device.folder, &hall.identity, signer, &error))
        return true;
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, "has not certified this screen for USB sticks yet"));
    return false;
}

static void a_key_is_made_once_and_nobody_else_reads_it(void **state)
{
    const struct tp_receipt_pair first = key();
    struct tp_device_signer signer;
    struct stat status;
    struct tp_buf text;

    (void)state;
    assert_int_equal(stat(in_hall(TP_STICK_KEY_FILE), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    usb_read(in_hall(TP_STICK_KEY_FILE), &text);
    assert_int_equal(text.length, TP_RECEIPT_SECRET_TEXT_MAX);
    assert_int_equal(text.data[text.length - 1], '\n');
    tp_buf_finish(&text);
    assert_memory_equal(key().secret, first.secret, sizeof(first.secret));
    assert_true(signer_is_there(&signer));
    assert_string_equal(signer.device_id, "uuid:hall");
    assert_memory_equal(signer.pair.secret, first.secret, sizeof(first.secret));
    assert_int_equal(unlink(in_hall(TP_STICK_KEY_FILE)), 0);
    assert_memory_not_equal(key().secret, first.secret, sizeof(first.secret));
    /* The certificate is for the key before, until the store gives another. */
    assert_false(signer_is_there(&signer));
    screen_certify(&hall, &office);
    assert_true(signer_is_there(&signer));
}

static void a_key_that_cannot_be_read_is_not_replaced(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_device_signer signer;
    struct tp_error error;
    struct stat status;

    (void)state;
    assert_true(tp_file_write_atomic(in_hall(TP_STICK_KEY_FILE), "no key\n", 7, 0600, NULL));
    assert_false(tp_stick_key_read(hall.device.folder, &pair, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    assert_non_null(strstr(error.text, "/stick.key' holds no key; remove it"));
    assert_false(tp_stick_signer_read(hall.device.folder, &hall.identity, &signer, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    assert_int_equal(chmod(in_hall(TP_STICK_KEY_FILE), 0644), 0);
    assert_false(tp_stick_key_read(hall.device.folder, &pair, &error));
    assert_non_null(strstr(error.text, "stick.key"));
    assert_int_equal(unlink(in_hall(TP_STICK_KEY_FILE)), 0);
    assert_int_equal(symlink(TP_STICK_KEY_FILE, in_hall(TP_STICK_KEY_FILE)), 0); /* to itself */
    assert_false(tp_stick_key_read(hall.device.folder, &pair, &error));
    assert_int_equal(lstat(in_hall(TP_STICK_KEY_FILE), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void take(const char *certificate)
{
    assert_true(tp_stick_certificate_take(hall.device.folder, &hall.identity, certificate, NULL));
}

/* What the store or somebody else certifies: a device's ID and its key. */
static void certify(const struct tp_receipt_pair *store, const char *id,
                    const struct tp_receipt_key *of, char certificate[TP_CERTIFICATE_TEXT_MAX])
{
    assert_true(tp_device_certify(store, id, of, certificate, NULL));
}

static void only_the_store_s_word_for_this_key_is_kept(void **state)
{
    char certificate[TP_CERTIFICATE_TEXT_MAX];
    const struct tp_receipt_pair mine = key();
    struct tp_receipt_pair other;
    struct tp_device_signer signer;
    struct stat before, after;

    (void)state;
    assert_int_equal(unlink(in_hall(TP_STICK_CERTIFICATE_FILE)), 0);
    assert_true(tp_receipt_pair_generate(&other, NULL));
    take("");
    take("AAAA");
    certify(&other, "uuid:hall", &mine.key, certificate);
    take(certificate);
    certify(&office, "uuid:library", &mine.key, certificate);
    take(certificate);
    certify(&office, "uuid:hall", &other.key, certificate);
    take(certificate);
    assert_false(signer_is_there(&signer));
    assert_int_not_equal(access(in_hall(TP_STICK_CERTIFICATE_FILE), F_OK), 0);
    certify(&office, "uuid:hall", &mine.key, certificate);
    take(certificate);
    assert_true(signer_is_there(&signer));
    assert_string_equal(signer.certificate, certificate);
    /* What is not good does not take its place, and the same one is not written again. */
    assert_int_equal(stat(in_hall(TP_STICK_CERTIFICATE_FILE), &before), 0);
    take("AAAA");
    take(certificate);
    assert_int_equal(stat(in_hall(TP_STICK_CERTIFICATE_FILE), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_true(signer_is_there(&signer));
}

/* Written over by hand, or for a store that this screen was connected to before. */
static void a_certificate_that_is_not_good_any_more_is_none(void **state)
{
    struct tp_receipt_pair other;
    struct tp_device_signer signer;

    (void)state;
    assert_true(tp_receipt_pair_generate(&other, NULL));
    hall.identity.receipt_key = other.key;
    assert_false(signer_is_there(&signer));
    hall.identity.receipt_key = office.key;
    assert_true(signer_is_there(&signer));
    assert_true(tp_file_write_atomic(in_hall(TP_STICK_CERTIFICATE_FILE), "AAAA", 4, 0644, NULL));
    assert_false(signer_is_there(&signer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, sticks_set_up, sticks_tear_down)
        TEST(a_key_is_made_once_and_nobody_else_reads_it),
        TEST(a_key_that_cannot_be_read_is_not_replaced),
        TEST(only_the_store_s_word_for_this_key_is_kept),
        TEST(a_certificate_that_is_not_good_any_more_is_none),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
