/* Receipts: the signed bytes of docs/PROTOCOL.md, and everything that must not verify. */
#include "tp_test.h"

#include <string.h>

#include "store/receipt.h"

#define ID "uuid:11111111-2222-4333-8444-555555555555"
#define SHA "abababababababababababababababababababababababababababababababab"
#define RECEIVED "2026-11-23T09:41:07.123Z"
#define RECEIVED_MS 1795426867123

/* Seed 00 01 02 ... 1f. The signature was made with OpenSSL over
 * "talkpoint-receipt-1\n" ID "\n" SHA "\n" RECEIVED "\n". */
#define SECRET                                                                                     \
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
#define KEY "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
#define SIGNATURE                                                                                  \
    "84GiDuJ5i/vCq+YcvMu05M6Ee4Q9VJsJBHpzuHFj33PKD3++qukVnRtOsiYLC93eIlARyhdwBtPfHKZ2+t0DAw=="

/* The third of five receipts, whose IDs begin with 1 to 5, and the last; made with Python's hashlib
 * by the recursive definition of RFC 9162, and the root signed with OpenSSL. */
#define ROOT_SIGNATURE                                                                             \
    "zFOb8ihVyZbf10J/3OVtUlT7+z3D2pNg0Yw7q3OA2ELCu07/g5+6Mct+KbxHccaZ7iH7AJrqUfMpm4TInDxXBA=="
#define THIRD                                                                                      \
    "2:2:5:YkHQ2LrrCLBMwVRrNZFdNIp/LMb+NBeZxPkX4ADGMYOxXlo/2b18o612E98yfC/"                        \
    "mBHeeg0/NPShggMlqeNmg8DE4bVEM62dzA9S5PPkBY7LmOVbE9Ud1HAm+uNAaUCek:" ROOT_SIGNATURE
#define LAST "2:4:5:p++TS+Jmffd3B0UKpdxuFIGt3HSJS6l3BFXoKM+91mQ=:" ROOT_SIGNATURE

static struct tp_error error;

static void a_receipt_has_the_bytes_of_the_protocol(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_receipt receipt;
    struct tp_receipt_key key;
    char text[TP_RECEIPT_KEY_TEXT_MAX];

    (void)state;
    assert_true(tp_receipt_pair_from_text(SECRET, &pair, &error));
    tp_receipt_key_to_text(&pair.key, text);
    assert_string_equal(text, KEY);
    assert_true(tp_receipt_sign(&pair, ID, SHA, RECEIVED_MS, &receipt, &error));
    assert_string_equal(receipt.instance_id, ID);
    assert_string_equal(receipt.sha256, SHA);
    assert_string_equal(receipt.received, RECEIVED);
    assert_string_equal(receipt.signature, SIGNATURE);
    assert_true(tp_receipt_key_from_text(KEY, &key, &error));
    assert_true(tp_receipt_from_texts(ID, SHA, RECEIVED, SIGNATURE, &receipt, &error));
    assert_true(tp_receipt_verify(&key, NULL, &receipt, &error));
}

static void receipts_signed_together_have_the_bytes_of_the_protocol(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_receipt made[5];
    struct tp_receipt *together[5];

    (void)state;
    assert_true(tp_receipt_pair_from_text(SECRET, &pair, &error));
    for (size_t i = 0; i < 5; i++) {
        char id[] = ID;

        id[5] = (char)('1' + i);
        assert_true(tp_receipt_fill(id, SHA, RECEIVED_MS, &made[i], &error));
        together[i] = &made[i];
    }
    assert_true(tp_receipt_sign_together(&pair, together, 5, &error));
    assert_string_equal(made[2].signature, THIRD);
    assert_string_equal(made[4].signature, LAST);
    for (size_t i = 0; i < 5; i++)
        assert_true(tp_receipt_verify(&pair.key, NULL, &made[i], &error));
}

static void nothing_may_be_altered(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_receipt_pair other;
    struct tp_receipt good;

    (void)state;
    assert_true(tp_receipt_pair_generate(&pair, &error));
    assert_true(tp_receipt_pair_generate(&other, &error));
    assert_true(tp_receipt_sign(&pair, ID, SHA, RECEIVED_MS, &good, &error));
    assert_true(tp_receipt_verify(&pair.key, NULL, &good, &error));
    assert_false(tp_receipt_verify(&other.key, NULL, &good, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    for (size_t field = 0; field < 4; field++) {
        struct tp_receipt bad = good;
        char *texts[4] = {bad.instance_id, bad.sha256, bad.received, bad.signature};

        for (char *p = texts[field]; *p; p++) {
            for (int bit = 1; bit < 128; bit <<= 1) {
                *p = (char)(*p ^ bit);
                assert_false(tp_receipt_verify(&pair.key, NULL, &bad, &error));
                *p = (char)(*p ^ bit);
            }
        }
        assert_true(tp_receipt_verify(&pair.key, NULL, &bad, &error));
    }
}

static void fields_of_the_wrong_form_are_refused(void **state)
{
    char long_id[TP_INSTANCE_ID_MAX + 1];
    const struct {
        const char *texts[4];
    } wrong[] = {
        {{NULL, SHA, RECEIVED, SIGNATURE}},
        {{"", SHA, RECEIVED, SIGNATURE}},
        {{"uuid:1\nx", SHA, RECEIVED, SIGNATURE}},
        {{"uuid 1", SHA, RECEIVED, SIGNATURE}},
        {{"uuid:\xc3\xa9", SHA, RECEIVED, SIGNATURE}},
        {{long_id, SHA, RECEIVED, SIGNATURE}},
        {{ID, NULL, RECEIVED, SIGNATURE}},
        {{ID, SHA "0", RECEIVED, SIGNATURE}},
        {{ID, "ABAB", RECEIVED, SIGNATURE}},
        {{ID, SHA, NULL, SIGNATURE}},
        {{ID, SHA, "2026-11-23T09:41:07Z", SIGNATURE}},
        {{ID, SHA, RECEIVED "\n", SIGNATURE}},
        {{ID, SHA, "2026-11-23 09:41:07.123Z", SIGNATURE}},
        {{ID, SHA, "2026-11-23T09:41:07.123", SIGNATURE}},
        {{ID, SHA, "", SIGNATURE}},
        {{ID, SHA, RECEIVED, NULL}},
        {{ID, SHA, RECEIVED, ""}},
        {{ID, SHA, RECEIVED, SIGNATURE "A"}},
        {{ID, SHA, RECEIVED, "AAAA"}},
    };
    struct tp_receipt receipt = {.sha256 = "untouched"};

    (void)state;
    memset(long_id, 'u', TP_INSTANCE_ID_MAX);
    long_id[TP_INSTANCE_ID_MAX] = '\0';
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *const *t = wrong[i].texts;

        assert_false(tp_receipt_from_texts(t[0], t[1], t[2], t[3], &receipt, &error));
        assert_int_equal(error.code, TP_ERR_INVALID);
    }
    assert_string_equal(receipt.sha256, "untouched");
    long_id[TP_INSTANCE_ID_MAX - 1] = '\0';
    assert_true(tp_receipt_from_texts(long_id, SHA, RECEIVED, SIGNATURE, &receipt, &error));
}

static void a_receipt_is_not_signed_for_a_bad_field(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_receipt receipt;

    (void)state;
    assert_true(tp_receipt_pair_generate(&pair, &error));
    assert_false(tp_receipt_sign(&pair, "a\nb", SHA, RECEIVED_MS, &receipt, &error));
    assert_false(tp_receipt_sign(&pair, ID, "", RECEIVED_MS, &receipt, &error));
}

static void a_damaged_secret_is_seen(void **state)
{
    struct tp_receipt_pair pair;
    struct tp_receipt_key key;
    char text[] = SECRET;

    (void)state;
    for (size_t i = 0; i < strlen(text); i++) {
        char was = text[i];

        text[i] = was == 'A' ? 'B' : 'A';
        assert_false(tp_receipt_pair_from_text(text, &pair, &error));
        text[i] = was;
    }
    assert_false(tp_receipt_key_from_text("", &key, &error));
    /* y = 2 is on no curve point; y = 1 is the neutral element. */
    assert_false(
        tp_receipt_key_from_text("AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", &key, &error));
    assert_false(
        tp_receipt_key_from_text("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", &key, &error));
}

static void an_instance_id_is_short_and_of_visible_characters(void **state)
{
    static const char *const bad[] = {"",         " uuid:1",   "uuid:1 ",
                                      "uuid:\n1", "uuid:\x7f", "\xc3\xa9"};
    char long_one[TP_INSTANCE_ID_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(tp_instance_id_is_valid(bad[i]));
    assert_true(tp_instance_id_is_valid("!"));
    assert_true(tp_instance_id_is_valid("uuid:~"));
    memset(long_one, 'a', TP_INSTANCE_ID_MAX);
    long_one[TP_INSTANCE_ID_MAX] = '\0';
    assert_false(tp_instance_id_is_valid(long_one));
    assert_true(tp_instance_id_is_valid(long_one + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_has_the_bytes_of_the_protocol),
        cmocka_unit_test(receipts_signed_together_have_the_bytes_of_the_protocol),
        cmocka_unit_test(nothing_may_be_altered),
        cmocka_unit_test(fields_of_the_wrong_form_are_refused),
        cmocka_unit_test(a_receipt_is_not_signed_for_a_bad_field),
        cmocka_unit_test(a_damaged_secret_is_seen),
        cmocka_unit_test(an_instance_id_is_short_and_of_visible_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
