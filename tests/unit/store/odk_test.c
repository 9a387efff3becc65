/* Answers for forms with a public key of their own: what the openssl command line encrypted opens,
 * what is made here is what the specification says, and what was altered opens nowhere. */
#include <sodium.h>

#include "lib/files.h"
#include "odk_key.h"

/* Made by the openssl command line, as ODK Collect does: a line each of wrapped key, element
 * signature and encrypted XML, in base64. */
#define FOLDER ODK_KEY_FOLDER
#define GOLDEN_ID "uuid:6f2b1c1e-9d3b-4c55-8a42-0e5c1d2f3a4b"
#define ANSWER "<data id=\"library-hours\"><q>" CANARY "</q></data>"

#define LINE_MAX_BYTES 4096

struct golden {
    char key[LINE_MAX_BYTES]; /* wrapped */
    char signature[LINE_MAX_BYTES];
    char encrypted_text[LINE_MAX_BYTES];
    unsigned char encrypted[LINE_MAX_BYTES];
    size_t encrypted_count;
    struct tp_odk_private private_key;
    char public_key[LINE_MAX_BYTES];
};

static struct tp_error error;

static void read_text(const char *path, struct tp_buf *text)
{
    tp_buf_init(text, LINE_MAX_BYTES * 4);
    assert_true(tp_file_read(path, text, &error));
}

static void read_golden(const char *name, struct golden *golden)
{
    char path[200];
    struct tp_buf text;

    memset(golden, 0, sizeof(*golden));
    (void)snprintf(path, sizeof(path), FOLDER "%s.txt", name);
    read_text(path, &text);
    assert_int_equal(sscanf(tp_buf_text(&text), "%4095s %4095s %4095s", golden->key,
                            golden->signature, golden->encrypted_text),
                     3);
    tp_buf_finish(&text);
    assert_int_equal(sodium_base642bin(golden->encrypted, sizeof(golden->encrypted),
                                       golden->encrypted_text, strlen(golden->encrypted_text), NULL,
                                       &golden->encrypted_count, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0);
    read_text(FOLDER "key.pem", &text);
    assert_true(tp_odk_private_from_pem(text.data, text.length, &golden->private_key, &error));
    tp_buf_finish(&text);
    read_text(FOLDER "key.pub", &text);
    (void)snprintf(golden->public_key, sizeof(golden->public_key), "%s", tp_buf_text(&text));
    tp_buf_finish(&text);
}

static struct tp_odk_manifest manifest_of(const struct golden *golden, size_t media)
{
    return (struct tp_odk_manifest){.form_id = "library-hours",
                                    .form_version = "2026110101",
                                    .instance_id = GOLDEN_ID,
                                    .wrapped_key = golden->key,
                                    .signature = golden->signature,
                                    .media_count = media};
}

static void opens_to(const struct golden *golden, const struct tp_odk_manifest *manifest,
                     const char *wanted)
{
    struct tp_buf plain;

    tp_buf_init(&plain, LINE_MAX_BYTES);
    assert_true(tp_odk_open(&golden->private_key, manifest, NULL, golden->encrypted,
                            golden->encrypted_count, &plain, &error));
    assert_string_equal(tp_buf_text(&plain), wanted);
    tp_buf_finish(&plain);
}

static void does_not_open(const struct golden *golden, const struct tp_odk_manifest *manifest)
{
    struct tp_buf plain;

    tp_buf_init(&plain, LINE_MAX_BYTES);
    assert_false(tp_odk_open(&golden->private_key, manifest, NULL, golden->encrypted,
                             golden->encrypted_count, &plain, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    assert_int_equal(plain.length, 0);
    tp_buf_finish(&plain);
}

static void what_the_openssl_command_encrypted_opens(void **state)
{
    struct golden golden;
    struct tp_odk_manifest manifest;

    (void)state;
    read_golden("plain", &golden);
    manifest = manifest_of(&golden, 0);
    opens_to(&golden, &manifest, "<data><q>yes</q></data>");
}

static void the_iv_is_raised_for_each_file_before(void **state)
{
    struct golden golden;
    struct tp_odk_manifest manifest;

    (void)state;
    read_golden("media17", &golden);
    manifest = manifest_of(&golden, 17);
    opens_to(&golden, &manifest, "<data><q>after seventeen files</q></data>");
}

static void nothing_altered_opens(void **state)
{
    struct golden golden, other;
    struct tp_odk_manifest manifest;

    (void)state;
    read_golden("plain", &golden);
    read_golden("media17", &other);
    manifest = manifest_of(&golden, 0);
    manifest.form_version = "2026110102";
    does_not_open(&golden, &manifest);
    manifest = manifest_of(&golden, 0);
    manifest.instance_id = "uuid:6f2b1c1e-9d3b-4c55-8a42-0e5c1d2f3a4c";
    does_not_open(&golden, &manifest);
    manifest = manifest_of(&golden, 0);
    manifest.wrapped_key = other.key;
    does_not_open(&golden, &manifest);
    manifest = manifest_of(&golden, 0);
    manifest.signature = other.signature;
    does_not_open(&golden, &manifest);
    for (size_t i = 0; i < golden.encrypted_count; i++) {
        manifest = manifest_of(&golden, 0);
        golden.encrypted[i] ^= 1;
        does_not_open(&golden, &manifest);
        golden.encrypted[i] ^= 1;
    }
    opens_to(&golden, &manifest, "<data><q>yes</q></data>");
}

static void text_of(const char *manifest, const char *name, char *out, size_t size)
{
    assert_true(odk_text_of(manifest, name, out, size));
}

static void seal(const struct golden *golden, const char *version, const char *xml,
                 struct tp_buf *sealed)
{
    const struct tp_odk_answer answer = {.public_key = golden->public_key,
                                         .form_id = "a&b",
                                         .form_version = version,
                                         .instance_id = GOLDEN_ID,
                                         .xml = xml,
                                         .xml_count = strlen(xml)};

    tp_buf_init(sealed, TP_ODK_SEALED_MAX);
    if (!tp_odk_seal(&answer, sealed, &error))
        fail_msg("%s", error.text);
}

static void what_is_sealed_here_is_as_the_specification_says(void **state)
{
    static const char *const versions[] = {"7", ""};
    struct golden golden;

    (void)state;
    read_golden("plain", &golden);
    for (size_t i = 0; i < 2; i++) {
        char key[LINE_MAX_BYTES], signature[LINE_MAX_BYTES], text[LINE_MAX_BYTES], id[200];
        char manifest_text[TP_ODK_MANIFEST_MAX];
        struct tp_odk_manifest manifest = {.form_id = "a&b",
                                           .form_version = versions[i],
                                           .wrapped_key = key,
                                           .signature = signature,
                                           .instance_id = id};
        struct tp_odk_parts parts;
        struct tp_buf sealed, plain;

        seal(&golden, versions[i], ANSWER, &sealed);
        assert_true(tp_odk_is(sealed.data, sealed.length));
        assert_null(memmem(sealed.data, sealed.length, CANARY, strlen(CANARY)));
        assert_true(tp_odk_split(sealed.data, sealed.length, &parts, &error));
        assert_int_equal(parts.encrypted_count, 1024);
        (void)snprintf(manifest_text, sizeof(manifest_text), "%.*s", (int)parts.manifest_count,
                       parts.manifest);
        assert_non_null(strstr(manifest_text, "<data xmlns=\"http://opendatakit.org/submissions\" "
                                              "id=\"a&amp;b\""));
        assert_int_equal(strstr(manifest_text, " version=\"7\"") != NULL, i == 0);
        assert_non_null(strstr(manifest_text, " encrypted=\"yes\">"));
        text_of(manifest_text, "encryptedXmlFile", text, sizeof(text));
        assert_string_equal(text, "submission.xml.enc");
        text_of(manifest_text, "base64EncryptedKey", key, sizeof(key));
        text_of(manifest_text, "base64EncryptedElementSignature", signature, sizeof(signature));
        text_of(manifest_text, "orx:instanceID", id, sizeof(id));
        assert_string_equal(id, GOLDEN_ID);
        tp_buf_init(&plain, LINE_MAX_BYTES);
        if (!tp_odk_open(&golden.private_key, &manifest, NULL, parts.encrypted,
                         parts.encrypted_count, &plain, &error))
            fail_msg("%s", error.text);
        assert_memory_equal(plain.data, ANSWER, strlen(ANSWER));
        for (size_t k = strlen(ANSWER); k < plain.length; k++)
            assert_int_equal(plain.data[k], '\n');
        tp_buf_finish(&plain);
        tp_buf_finish(&sealed);
    }
}

static void each_seal_differs_and_every_length_is_filled_up(void **state)
{
    static const size_t lengths[] = {1, 1006, 1007, 1008, 1022, 1023, 1024, 5000};
    struct golden golden;
    struct tp_buf one, other;

    (void)state;
    read_golden("plain", &golden);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char xml[5001];
        struct tp_odk_parts parts, others;

        memset(xml, 'x', lengths[i]);
        xml[lengths[i]] = '\0';
        seal(&golden, "1", xml, &one);
        seal(&golden, "1", xml, &other);
        assert_true(tp_odk_split(one.data, one.length, &parts, &error));
        assert_true(tp_odk_split(other.data, other.length, &others, &error));
        assert_int_equal(parts.encrypted_count % 1024, 0);
        assert_memory_not_equal(parts.encrypted, others.encrypted, 1024);
        tp_buf_finish(&one);
        tp_buf_finish(&other);
    }
}

static void keys_that_are_none_are_refused_in_words(void **state)
{
    static const struct {
        const char *key;
        const char *words;
    } wrong[] = {
        {"", "not an RSA public key"},
        {"!!!", "not an RSA public key"},
        {"AAAA", "not an RSA public key"},
        /* P-256 */
        {"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/"
         "hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
         "not an RSA public key"},
        /* 1,024 bits */
        {"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDjsnRsW3/Vg5PvHfYd/s6BwyNUQ9acfSBPCx9aOuzq"
         "n3YBCq7/T+TN/s7zLG8tm+HSJrlJqUE7qhjgYQ/ldfSV4d5uAJtp8pn8k94zxGHHarerGHhX01If3KDk"
         "1cklM2DXIxA+FRFnHdCaIjxIj+2FUFVP2rNw6OM08y11GGaUiQIDAQAB",
         "bits"},
    };
    struct golden golden;
    char spaced[LINE_MAX_BYTES * 2] = "\n  ";

    (void)state;
    read_golden("plain", &golden);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(tp_odk_key_check(wrong[i].key, &error));
        assert_int_equal(error.code, TP_ERR_CRYPTO);
        assert_non_null(strstr(error.text, wrong[i].words));
    }
    assert_true(tp_odk_key_check(golden.public_key, &error));
    /* As a spreadsheet's cell may hold it. */
    for (size_t i = 0; golden.public_key[i]; i++)
        (void)snprintf(spaced + strlen(spaced), 3, "%c%s", golden.public_key[i],
                       i % 64 == 63 ? "\n" : "");
    assert_true(tp_odk_key_check(spaced, &error));
    golden.public_key[40] = golden.public_key[40] == 'A' ? 'B' : 'A';
    golden.public_key[10] = '#';
    assert_false(tp_odk_key_check(golden.public_key, &error));
}

static void another_persons_key_opens_nothing(void **state)
{
    static const char pem[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    struct tp_odk_private key = {.count = 7};

    (void)state;
    assert_false(tp_odk_private_from_pem(pem, strlen(pem), &key, &error));
    assert_false(tp_odk_private_from_pem("", 0, &key, &error));
    assert_int_equal(key.count, 7);
}

static void half_of_the_bytes_is_refused(void **state)
{
    struct golden golden;
    struct tp_odk_parts parts;
    struct tp_buf sealed, again;

    (void)state;
    read_golden("plain", &golden);
    seal(&golden, "1", ANSWER, &sealed);
    assert_true(tp_odk_split(sealed.data, sealed.length, &parts, &error));
    tp_buf_init(&again, TP_ODK_SEALED_MAX);
    assert_true(tp_odk_join(&parts, &again, &error));
    assert_int_equal(again.length, sealed.length);
    assert_memory_equal(again.data, sealed.data, sealed.length);
    for (size_t i = 0; i < sealed.length - parts.encrypted_count; i++)
        assert_false(tp_odk_split(sealed.data, i, &parts, &error));
    memcpy(sealed.data, "TPSEAL1\n", 8);
    assert_false(tp_odk_is(sealed.data, sealed.length));
    tp_buf_finish(&again);
    tp_buf_finish(&sealed);
}

static struct tp_outbox_entry entry_of(const struct fixture *f, const char *key)
{
    return (struct tp_outbox_entry){.instance_id = GOLDEN_ID,
                                    .form_id = "library-hours",
                                    .form_version = "2026110101",
                                    .xml = ANSWER,
                                    .xml_count = strlen(ANSWER),
                                    .key = &f->seal.key,
                                    .odk_key = key};
}

static void the_outbox_holds_what_only_the_forms_key_opens(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_next_params params = {.max_count = 1, .lease_ms = 1000};
    struct golden golden;
    struct tp_outbox_entry entry;
    struct tp_outbox_batch batch;

    read_golden("plain", &golden);
    entry = entry_of(f, golden.public_key);
    entry.key = NULL;
    assert_true(tp_outbox_put(f->store, &entry, &error));
    assert_true(tp_outbox_put(f->store, &entry, &error)); /* a doubtful save tried again */
    assert_true(tp_outbox_next(f->store, &params, &batch, &error));
    assert_int_equal(batch.count, 1);
    assert_true(tp_odk_is(batch.items[0].sealed, batch.items[0].sealed_count));
    tp_outbox_batch_finish(&batch);
    assert_true(file_has(f->path, "SQLite format 3", 15));
    assert_false(file_has(f->path, CANARY, strlen(CANARY)));
}

/* Never to the council's key by mistake: the form's author said who may read. */
static void a_bad_public_key_saves_nothing(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_entry entry = entry_of(f, "AAAA");
    struct tp_outbox_counts counts;

    assert_false(tp_outbox_put(f->store, &entry, &error));
    assert_true(tp_outbox_counts(f->store, &counts, &error));
    assert_int_equal(counts.waiting, 0);
    entry.odk_key = NULL;
    entry.key = NULL;
    assert_false(tp_outbox_put(f->store, &entry, &error));
    assert_true(tp_outbox_counts(f->store, &counts, &error));
    assert_int_equal(counts.waiting, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_openssl_command_encrypted_opens),
        cmocka_unit_test(the_iv_is_raised_for_each_file_before),
        cmocka_unit_test(nothing_altered_opens),
        cmocka_unit_test(what_is_sealed_here_is_as_the_specification_says),
        cmocka_unit_test(each_seal_differs_and_every_length_is_filled_up),
        cmocka_unit_test(keys_that_are_none_are_refused_in_words),
        cmocka_unit_test(another_persons_key_opens_nothing),
        cmocka_unit_test(half_of_the_bytes_is_refused),
        cmocka_unit_test_setup_teardown(the_outbox_holds_what_only_the_forms_key_opens,
                                        fixture_start, fixture_stop),
        cmocka_unit_test_setup_teardown(a_bad_public_key_saves_nothing, fixture_start,
                                        fixture_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
