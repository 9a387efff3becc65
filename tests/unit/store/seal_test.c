/* Seals: the bytes of docs/PROTOCOL.md, what opens them and what does not, encodings. */
#include "tp_test.h"

#include <sodium.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/seal.h"

/* The secret half 00 01 02 ... 1f; golden.tpsealed was made to it by another implementation. */
#define GOLDEN_SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define GOLDEN_KEY "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8="
#define GOLDEN_PLAIN "<data><q>yes</q></data>"
#define GOLDEN_FILE "tests/unit/store/golden.tpsealed"

static struct tp_error error;

static void base64_and_hex_are_strict(void **state)
{
    static const unsigned char bytes[4] = {0xfb, 0xff, 0x00, 0x10};
    unsigned char back[4] = {9, 9, 9, 9};
    char text[TP_BASE64_MAX(4)];
    char hex[TP_HEX_MAX(4)];

    (void)state;
    tp_base64(bytes, 4, text);
    assert_string_equal(text, "+/8AEA==");
    tp_hex(bytes, 4, hex);
    assert_string_equal(hex, "fbff0010");
    assert_true(tp_base64_decode("+/8AEA==", back, 4));
    assert_memory_equal(back, bytes, 4);
    memset(back, 9, 4);
    for (size_t i = 0; i < 9; i++) {
        static const char *const wrong[] = {"+/8A\xff"
                                            "A==",
                                            "",
                                            "+/8AEA",
                                            "+/8AEA=",
                                            "+/8AEA==\n",
                                            " +/8AEA==",
                                            "-_8AEA==",
                                            "+/8AEB==",
                                            "+/8AEA==="};
        assert_false(tp_base64_decode(wrong[i], back, 4));
    }
    assert_false(tp_base64_decode("+/8A", back, 4));
    assert_false(tp_base64_decode("+/8AEBAQ", back, 4));
    assert_false(tp_hex_decode("fbff001", back, 4));
    assert_false(tp_hex_decode("fbff00100", back, 4));
    assert_false(tp_hex_decode("FBFF0010", back, 4));
    assert_false(tp_hex_decode("fbff001g", back, 4));
    assert_int_equal(back[0], 9);
    assert_true(tp_hex_decode("fbff0010", back, 4));
    assert_memory_equal(back, bytes, 4);
}

static void base64url_has_no_padding(void **state)
{
    unsigned char token[32];
    char text[TP_BASE64_MAX(32)];

    (void)state;
    memset(token, 0xff, sizeof(token));
    tp_base64url(token, sizeof(token), text);
    assert_string_equal(text, "__________________________________________8");
}

/* FIPS 180-4's example. */
static void sha256_of_abc(void **state)
{
    char text[TP_SHA256_TEXT_MAX];

    (void)state;
    tp_sha256_text("abc", 3, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(tp_sha256_is_text(text));
    text[0] = 'B';
    assert_false(tp_sha256_is_text(text));
    assert_false(tp_sha256_is_text("ba78"));
}

static void a_seal_made_by_another_implementation_opens(void **state)
{
    struct tp_seal_pair pair;
    struct tp_seal_key key;
    struct tp_buf sealed;
    struct tp_buf plain;
    char text[TP_SEAL_KEY_TEXT_MAX];

    (void)state;
    tp_buf_init(&sealed, 4096);
    tp_buf_init(&plain, 4096);
    assert_true(tp_file_read(GOLDEN_FILE, &sealed, &error));
    assert_true(tp_seal_pair_from_text(GOLDEN_SECRET, &pair, &error));
    tp_seal_key_to_text(&pair.key, text);
    assert_string_equal(text, GOLDEN_KEY);
    assert_true(tp_seal_recipient(sealed.data, sealed.length, &key, &error));
    assert_memory_equal(key.bytes, pair.key.bytes, sizeof(key.bytes));
    assert_true(tp_buf_puts(&plain, "before "));
    assert_true(tp_unseal(&pair, sealed.data, sealed.length, &plain, &error));
    assert_string_equal(tp_buf_text(&plain), "before " GOLDEN_PLAIN);
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
}

/* Opened with libsodium alone, so that writer and reader cannot agree on the wrong thing. */
static void sealed_bytes_are_as_the_protocol_says(void **state)
{
    unsigned char plain[2048];
    struct tp_seal_pair pair;
    struct tp_buf sealed;
    size_t length = 0;

    (void)state;
    assert_true(tp_seal_pair_generate(&pair, &error));
    tp_buf_init(&sealed, 4096);
    assert_true(tp_seal(&pair.key, GOLDEN_PLAIN, strlen(GOLDEN_PLAIN), &sealed, &error));
    assert_int_equal(sealed.length, 8 + 32 + 48 + 1024);
    assert_memory_equal(sealed.data, "TPSEAL1\n", 8);
    assert_memory_equal(sealed.data + 8, pair.key.bytes, 32);
    assert_int_equal(crypto_box_seal_open(plain, (unsigned char *)sealed.data + 40,
                                          sealed.length - 40, pair.key.bytes, pair.secret),
                     0);
    assert_int_equal(sodium_unpad(&length, plain, 1024, 1024), 0);
    assert_int_equal(length, strlen(GOLDEN_PLAIN));
    assert_memory_equal(plain, GOLDEN_PLAIN, length);
    tp_buf_finish(&sealed);
}

static void every_length_returns_and_is_padded(void **state)
{
    static const size_t lengths[] = {0, 1, 1023, 1024, 1025, 2047, 2048, 2049, TP_SEAL_PLAIN_MAX};
    struct tp_seal_pair pair;

    (void)state;
    assert_true(tp_seal_pair_generate(&pair, &error));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char *plain = tp_calloc(lengths[i] + 1, 1);
        struct tp_buf sealed;
        struct tp_buf back;

        memset(plain, 'x', lengths[i]);
        tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
        tp_buf_init(&back, TP_SEAL_PLAIN_MAX);
        assert_true(tp_seal(&pair.key, plain, lengths[i], &sealed, &error));
        assert_int_equal(sealed.length, tp_seal_size(lengths[i]));
        assert_int_equal((sealed.length - TP_SEAL_OVERHEAD) % 1024, 0);
        assert_true(tp_unseal(&pair, sealed.data, sealed.length, &back, &error));
        assert_int_equal(back.length, lengths[i]);
        assert_string_equal(tp_buf_text(&back), plain);
        tp_buf_finish(&back);
        tp_buf_finish(&sealed);
        tp_free(plain);
    }
    assert_int_equal(tp_seal_size(TP_SEAL_PLAIN_MAX + 1), 0);
}

static void every_altered_byte_is_refused(void **state)
{
    struct tp_seal_pair pair;
    struct tp_buf sealed;
    struct tp_buf plain;

    (void)state;
    tp_buf_init(&sealed, 4096);
    tp_buf_init(&plain, 4096);
    assert_true(tp_file_read(GOLDEN_FILE, &sealed, &error));
    assert_true(tp_seal_pair_from_text(GOLDEN_SECRET, &pair, &error));
    for (size_t i = 0; i < sealed.length; i++) {
        sealed.data[i] = (char)(sealed.data[i] ^ 1);
        assert_false(tp_unseal(&pair, sealed.data, sealed.length, &plain, &error));
        assert_int_equal(error.code, i < 8 ? TP_ERR_INVALID : TP_ERR_CRYPTO);
        sealed.data[i] = (char)(sealed.data[i] ^ 1);
    }
    for (size_t length = 0; length < sealed.length; length++)
        assert_false(tp_unseal(&pair, sealed.data, length, &plain, &error));
    assert_int_equal(plain.length, 0);
    assert_true(tp_unseal(&pair, sealed.data, sealed.length, &plain, &error));
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
}

static void another_key_does_not_open_it(void **state)
{
    struct tp_seal_pair one;
    struct tp_seal_pair two;
    struct tp_buf sealed;
    struct tp_buf plain;

    (void)state;
    assert_true(tp_seal_pair_generate(&one, &error));
    assert_true(tp_seal_pair_generate(&two, &error));
    tp_buf_init(&sealed, 4096);
    tp_buf_init(&plain, 4096);
    assert_true(tp_seal(&one.key, "x", 1, &sealed, &error));
    assert_false(tp_unseal(&two, sealed.data, sealed.length, &plain, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    assert_non_null(strstr(error.text, "another sealing key"));
    /* Also where the header is made to claim the other key. */
    memcpy(sealed.data + 8, two.key.bytes, 32);
    assert_false(tp_unseal(&two, sealed.data, sealed.length, &plain, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
}

static void the_same_answer_seals_differently_each_time(void **state)
{
    struct tp_seal_pair pair;
    struct tp_buf sealed;

    (void)state;
    assert_true(tp_seal_pair_generate(&pair, &error));
    tp_buf_init(&sealed, 4096);
    assert_true(tp_seal(&pair.key, "x", 1, &sealed, &error));
    assert_true(tp_seal(&pair.key, "x", 1, &sealed, &error));
    assert_int_equal(sealed.length, 2 * tp_seal_size(1));
    assert_memory_not_equal(sealed.data + 40, sealed.data + tp_seal_size(1) + 40, 1000);
    tp_buf_finish(&sealed);
}

static void a_prepared_seal_is_good_for_one_answer(void **state)
{
    static const struct tp_seal_ready zero;
    struct tp_seal_ready ready;
    struct tp_seal_pair pair;
    struct tp_seal_key low = {.bytes = {1}};
    struct tp_buf sealed;
    struct tp_buf plain;

    (void)state;
    assert_true(tp_seal_pair_generate(&pair, &error));
    tp_buf_init(&sealed, 4096);
    tp_buf_init(&plain, 4096);
    assert_true(tp_seal_prepare(&pair.key, &ready, &error));
    assert_true(tp_seal_with(&ready, "abc", 3, &sealed, &error));
    assert_true(tp_unseal(&pair, sealed.data, sealed.length, &plain, &error));
    assert_string_equal(tp_buf_text(&plain), "abc");
    assert_memory_equal(&ready, &zero, sizeof(ready));
    assert_false(tp_seal_with(&ready, "abd", 3, &sealed, &error));
    assert_int_equal(error.code, TP_ERR_MISUSE);
    assert_int_equal(sealed.length, tp_seal_size(3));
    /* Spent also where it came to nothing. */
    assert_true(tp_seal_prepare(&pair.key, &ready, &error));
    assert_false(tp_seal_with(&ready, "abc", TP_SEAL_PLAIN_MAX + 1, &sealed, &error));
    assert_memory_equal(&ready, &zero, sizeof(ready));
    assert_false(tp_seal_prepare(&low, &ready, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
}

static void a_full_buffer_is_left_as_it_was(void **state)
{
    struct tp_seal_pair pair;
    struct tp_buf small;
    struct tp_buf sealed;
    static char large[TP_SEAL_PLAIN_MAX + 1];

    (void)state;
    assert_true(tp_seal_pair_generate(&pair, &error));
    tp_buf_init(&small, tp_seal_size(1) + 1);
    assert_true(tp_buf_puts(&small, "ab"));
    assert_false(tp_seal(&pair.key, "x", 1, &small, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    assert_true(tp_buf_ok(&small));
    assert_string_equal(tp_buf_text(&small), "ab");
    assert_false(tp_seal(&pair.key, large, sizeof(large), &small, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_buf_init(&sealed, 4096);
    assert_true(tp_seal(&pair.key, "xyz", 3, &sealed, &error));
    tp_buf_finish(&small);
    tp_buf_init(&small, 2);
    assert_false(tp_unseal(&pair, sealed.data, sealed.length, &small, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    assert_true(tp_buf_ok(&small));
    tp_buf_finish(&small);
    tp_buf_finish(&sealed);
}

static void keys_of_the_wrong_form_are_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "AAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", /* low order: zero */
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", /* low order: one */
        "7f///////////////////////////////////////38=", /* p, which is zero */
        "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8",
        " " GOLDEN_KEY,
        GOLDEN_KEY "\n",
    };
    struct tp_seal_pair pair;
    struct tp_seal_key key = {.bytes = {7}};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(tp_seal_key_from_text(wrong[i], &key, &error));
        assert_int_equal(error.code, TP_ERR_CRYPTO);
    }
    assert_int_equal(key.bytes[0], 7);
    assert_true(tp_seal_key_from_text(GOLDEN_KEY, &key, &error));
    assert_false(tp_seal_pair_from_text("AAAA", &pair, &error));
    /* A secret never appears in an error. */
    assert_null(strstr(error.text, "AAAA"));
}

static void every_failing_allocation_leaves_the_buffer(void **state)
{
    struct tp_seal_pair pair;
    struct tp_buf sealed;
    struct tp_buf plain;
    uint64_t nth;

    (void)state;
    assert_true(tp_seal_pair_generate(&pair, &error));
    for (nth = 1;; nth++) {
        bool ok;

        tp_buf_init(&sealed, 4096);
        tp_mem_fail_at(nth);
        ok = tp_seal(&pair.key, "x", 1, &sealed, &error);
        tp_mem_fail_at(0);
        if (ok)
            break;
        assert_int_equal(error.code, TP_ERR_MEMORY);
        assert_true(tp_buf_ok(&sealed));
        assert_int_equal(sealed.length, 0);
        tp_buf_finish(&sealed);
    }
    assert_true(nth > 1);
    for (nth = 1;; nth++) {
        bool ok;

        tp_buf_init(&plain, 4096);
        tp_mem_fail_at(nth);
        ok = tp_unseal(&pair, sealed.data, sealed.length, &plain, &error);
        tp_mem_fail_at(0);
        if (ok)
            break;
        assert_int_equal(error.code, TP_ERR_MEMORY);
        assert_true(tp_buf_ok(&plain));
        tp_buf_finish(&plain);
    }
    assert_true(nth > 1);
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_and_hex_are_strict),
        cmocka_unit_test(base64url_has_no_padding),
        cmocka_unit_test(sha256_of_abc),
        cmocka_unit_test(a_seal_made_by_another_implementation_opens),
        cmocka_unit_test(sealed_bytes_are_as_the_protocol_says),
        cmocka_unit_test(every_length_returns_and_is_padded),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(another_key_does_not_open_it),
        cmocka_unit_test(the_same_answer_seals_differently_each_time),
        cmocka_unit_test(a_prepared_seal_is_good_for_one_answer),
        cmocka_unit_test(a_full_buffer_is_left_as_it_was),
        cmocka_unit_test(keys_of_the_wrong_form_are_refused),
        cmocka_unit_test(every_failing_allocation_leaves_the_buffer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
