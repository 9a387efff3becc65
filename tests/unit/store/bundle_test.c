/* Bundles, certificates, lists of receipts and minisign's signatures: what may lie on a USB stick.
 */
#include <sodium.h>

#include "store/bundle.h"
#include "store/carry.h"
#include "store/db.h"
#include "store/encode.h"
#include "store/minisign.h"
#include "unit/store/fixture.h"

struct stick {
    struct tp_receipt_pair store; /* the central store's */
    struct tp_receipt_pair other;
    struct tp_device_signer signer;
    struct tp_carried answers[3];
    char sha256[3][TP_SHA256_TEXT_MAX];
    struct tp_buf bytes;
    struct tp_error error;
};

static const char *const sealed[] = {"first", "", "third, and with a\nline"};

static int start(void **state)
{
    struct stick *s = tp_calloc(1, sizeof(*s));

    assert_true(tp_receipt_pair_generate(&s->store, &s->error));
    assert_true(tp_receipt_pair_generate(&s->other, &s->error));
    assert_true(tp_receipt_pair_generate(&s->signer.pair, &s->error));
    (void)snprintf(s->signer.device_id, sizeof(s->signer.device_id), "uuid:hall");
    assert_true(tp_device_certify(&s->store, s->signer.device_id, &s->signer.pair.key,
                                  s->signer.certificate, &s->error));
    for (unsigned i = 0; i < 3; i++) {
        tp_sha256_text(sealed[i], strlen(sealed[i]), s->sha256[i]);
        s->answers[i] = (struct tp_carried){.instance_id = fixture_id(i),
                                            .form_id = "library hours",
                                            .form_version = i == 1 ? "" : "2026",
                                            .sha256 = s->sha256[i],
                                            .sealed = sealed[i],
                                            .sealed_count = strlen(sealed[i])};
    }
    tp_buf_init(&s->bytes, 1u << 20);
    assert_true(tp_bundle_write(&s->signer, &s->store.key, FIXTURE_WALL, s->answers, 3, &s->bytes,
                                &s->error));
    *state = s;
    return 0;
}

static int stop(void **state)
{
    struct stick *s = *state;

    tp_buf_finish(&s->bytes);
    tp_free(s);
    return 0;
}

static bool reads(struct stick *s, const void *bytes, size_t count)
{
    struct tp_bundle bundle;

    if (!tp_bundle_read(bytes, count, &s->store.key, &bundle, &s->error))
        return false;
    tp_bundle_finish(&bundle);
    return true;
}

static void what_was_written_is_read(void **state)
{
    struct stick *s = *state;
    struct tp_bundle bundle;

    assert_true(tp_bundle_read(s->bytes.data, s->bytes.length, &s->store.key, &bundle, &s->error));
    assert_string_equal(bundle.device_id, "uuid:hall");
    assert_string_equal(bundle.made, "2026-11-23T09:41:07.123Z");
    assert_int_equal(bundle.count, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal(bundle.answers[i].instance_id, fixture_id(i));
        assert_string_equal(bundle.answers[i].form_id, "library hours");
        assert_string_equal(bundle.answers[i].form_version, i == 1 ? "" : "2026");
        assert_int_equal(bundle.answers[i].sealed_count, strlen(sealed[i]));
        assert_memory_equal(bundle.answers[i].sealed, sealed[i], strlen(sealed[i]));
    }
    tp_bundle_finish(&bundle);
}

static void assert_signed(const struct tp_receipt_key *key, const char *signature,
                          const char *message)
{
    unsigned char bytes[crypto_sign_BYTES];

    assert_true(tp_base64_decode(signature, bytes, sizeof(bytes)));
    assert_int_equal(crypto_sign_verify_detached(bytes, (const unsigned char *)message,
                                                 strlen(message), key->bytes),
                     0);
}

/* docs/PROTOCOL.md, USB stick: what a screen of another version has to read. */
static void a_bundle_has_the_bytes_of_the_protocol(void **state)
{
    struct stick *s = *state;
    char fleet[TP_RECEIPT_KEY_TEXT_MAX], key[TP_RECEIPT_KEY_TEXT_MAX], message[256], head[2048];
    char signature[TP_RECEIPT_SIGNATURE_TEXT_MAX];
    const char *rest;

    tp_receipt_key_to_text(&s->store.key, fleet);
    tp_receipt_key_to_text(&s->signer.pair.key, key);
    (void)snprintf(message, sizeof(message), "talkpoint-device-1\nuuid:hall\n%s\n", key);
    assert_signed(&s->store.key, s->signer.certificate, message);
    (void)snprintf(head, sizeof(head),
                   "talkpoint-bundle-1\nfleet\t%s\ndevice\tuuid:hall\nkey\t%s\ncertificate\t%s\n"
                   "made\t2026-11-23T09:41:07.123Z\nanswers\t3\n"
                   "%s\tlibrary hours\t2026\t%s\t5\n%s\tlibrary hours\t\t%s\t0\n"
                   "%s\tlibrary hours\t2026\t%s\t22\n",
                   fleet, key, s->signer.certificate, s->answers[0].instance_id, s->sha256[0],
                   s->answers[1].instance_id, s->sha256[1], s->answers[2].instance_id,
                   s->sha256[2]);
    assert_memory_equal(s->bytes.data, head, strlen(head));
    rest = s->bytes.data + strlen(head);
    assert_memory_equal(rest, "signature\t", 10);
    (void)snprintf(signature, sizeof(signature), "%.*s", (int)strcspn(rest + 10, "\n"), rest + 10);
    assert_signed(&s->signer.pair.key, signature, head);
    rest += 10 + strlen(signature);
    assert_string_equal(rest, "\nfirstthird, and with a\nline");
}

/* Each bit of each byte, of head and answers, and each length. */
static void no_bit_can_be_changed_and_nothing_cut_off_or_added(void **state)
{
    struct stick *s = *state;

    for (size_t i = 0; i < s->bytes.length; i++) {
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            s->bytes.data[i] = (char)((unsigned char)s->bytes.data[i] ^ bit);
            assert_false(reads(s, s->bytes.data, s->bytes.length));
            s->bytes.data[i] = (char)((unsigned char)s->bytes.data[i] ^ bit);
        }
        assert_false(reads(s, s->bytes.data, i));
    }
    assert_true(reads(s, s->bytes.data, s->bytes.length));
    assert_true(tp_buf_putc(&s->bytes, 'x'));
    assert_false(reads(s, s->bytes.data, s->bytes.length));
}

/* A byte of a bundle may become any other. */
static void a_small_bundle_with_one_byte_of_any_other_value_is_refused(void **state)
{
    struct stick *s = *state;

    tp_buf_reset(&s->bytes);
    assert_true(tp_bundle_write(&s->signer, &s->store.key, 0, s->answers, 1, &s->bytes, &s->error));
    for (size_t i = 0; i < s->bytes.length; i++) {
        char was = s->bytes.data[i];

        for (unsigned value = 0; value < 256; value += i % 7 ? 51 : 1) {
            if ((char)value == was)
                continue;
            s->bytes.data[i] = (char)value;
            assert_false(reads(s, s->bytes.data, s->bytes.length));
        }
        s->bytes.data[i] = was;
    }
    assert_true(reads(s, s->bytes.data, s->bytes.length));
}

static void another_fleet_and_another_devices_key_are_refused(void **state)
{
    struct stick *s = *state;
    struct tp_bundle bundle;

    assert_false(tp_bundle_read(s->bytes.data, s->bytes.length, &s->other.key, &bundle, &s->error));
    assert_int_equal(s->error.code, TP_ERR_CRYPTO);
    assert_non_null(strstr(s->error.text, "another central store"));
    /* A key that the store never certified, and one that it certified for another device. */
    tp_buf_reset(&s->bytes);
    s->signer.pair = s->other;
    assert_true(tp_bundle_write(&s->signer, &s->store.key, 0, s->answers, 3, &s->bytes, &s->error));
    assert_false(reads(s, s->bytes.data, s->bytes.length));
    assert_non_null(strstr(s->error.text, "not from a screen"));
    assert_true(tp_device_certify(&s->store, "uuid:library", &s->other.key, s->signer.certificate,
                                  &s->error));
    tp_buf_reset(&s->bytes);
    assert_true(tp_bundle_write(&s->signer, &s->store.key, 0, s->answers, 3, &s->bytes, &s->error));
    assert_false(reads(s, s->bytes.data, s->bytes.length));
}

static void a_certificate_is_for_one_device_and_one_key(void **state)
{
    struct stick *s = *state;
    const char *certificate = s->signer.certificate;

    assert_true(
        tp_device_is_certified(&s->store.key, "uuid:hall", &s->signer.pair.key, certificate));
    assert_false(
        tp_device_is_certified(&s->store.key, "uuid:halm", &s->signer.pair.key, certificate));
    assert_false(tp_device_is_certified(&s->store.key, "uuid:hall", &s->other.key, certificate));
    assert_false(
        tp_device_is_certified(&s->other.key, "uuid:hall", &s->signer.pair.key, certificate));
    assert_false(tp_device_is_certified(&s->store.key, "uuid:hall", &s->signer.pair.key, ""));
    assert_false(tp_device_certify(&s->store, "two\nlines", &s->other.key, s->signer.certificate,
                                   &s->error));
}

struct seen {
    struct tp_receipt receipts[4];
    size_t count;
};

static bool see(void *context, const struct tp_receipt *receipt)
{
    struct seen *seen = context;

    seen->receipts[seen->count++] = *receipt;
    return seen->count < 4;
}

static void receipts_are_read_line_by_line_and_others_lines_passed_by(void **state)
{
    struct stick *s = *state;
    struct tp_receipt receipt;
    struct seen seen = {.count = 0};
    char name[TP_RECEIPTS_NAME_MAX];

    tp_buf_reset(&s->bytes);
    assert_false(tp_receipts_read("", 0, see, &seen, &s->error));
    assert_true(tp_receipts_begin(&s->bytes));
    assert_string_equal(tp_buf_text(&s->bytes), "talkpoint-receipts-1\n");
    for (unsigned i = 0; i < 2; i++) {
        assert_true(tp_receipt_sign(&s->store, fixture_id(i), s->sha256[i], FIXTURE_WALL, &receipt,
                                    &s->error));
        assert_true(tp_receipts_add(&s->bytes, &receipt));
        assert_true(tp_buf_puts(&s->bytes, "not\ta\treceipt\n\n"));
    }
    assert_true(tp_receipts_read(s->bytes.data, s->bytes.length, see, &seen, &s->error));
    assert_int_equal(seen.count, 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_string_equal(seen.receipts[i].instance_id, fixture_id(i));
        assert_true(tp_receipt_verify(&s->store.key, NULL, &seen.receipts[i], &s->error));
    }
    tp_receipts_name("uuid:hall", &s->bytes, name);
    assert_int_equal(strncmp(name, "uuid_hall-", 10), 0);
    assert_true(tp_receipts_is_for("uuid:hall", name));
    assert_false(tp_receipts_is_for("uuid:hal", name));
    assert_false(tp_receipts_is_for("uuid:hall-2", name));
}

static void a_signature_may_have_the_line_ends_of_windows(void **state)
{
    struct stick *s = *state;
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    char comment[TP_MINISIGN_COMMENT_MAX];
    struct tp_buf text, windows;

    tp_buf_init(&text, TP_MINISIGN_TEXT_MAX);
    tp_buf_init(&windows, 2 * TP_MINISIGN_TEXT_MAX);
    tp_minisign_digest("a list", 6, digest);
    assert_true(tp_minisign_sign(&s->store, digest, "made:today", &text, &s->error));
    for (size_t i = 0; i < text.length; i++)
        assert_true(text.data[i] == '\n' ? tp_buf_puts(&windows, "\r\n")
                                         : tp_buf_putc(&windows, text.data[i]));
    assert_true(tp_minisign_verify(&s->store.key, digest, windows.data, windows.length, comment,
                                   &s->error));
    assert_string_equal(comment, "made:today");
    tp_buf_finish(&windows);
    tp_buf_finish(&text);
}

/* "Ed", the key's id that its signatures name too, the key (minisign's documentation). */
static void minisigns_key_is_written(void **state)
{
    struct stick *s = *state;
    unsigned char key[42], other[42];
    char text[TP_MINISIGN_KEY_TEXT_MAX];

    tp_minisign_key_text(&s->store.key, text);
    assert_true(tp_base64_decode(text, key, sizeof(key)));
    assert_memory_equal(key, "Ed", 2);
    assert_memory_equal(key + 10, s->store.key.bytes, TP_RECEIPT_KEY_BYTES);
    tp_minisign_key_text(&s->other.key, text);
    assert_true(tp_base64_decode(text, other, sizeof(other)));
    assert_memory_not_equal(key + 2, other + 2, 8);
}

/* That minisign itself reads what we write is seen in tests/journeys/stick.sh. */
static void minisigns_form_is_written_and_read(void **state)
{
    struct stick *s = *state;
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    char comment[TP_MINISIGN_COMMENT_MAX];
    char long_one[TP_MINISIGN_COMMENT_MAX + 1];
    struct tp_buf text;

    memset(long_one, 'a', TP_MINISIGN_COMMENT_MAX);
    long_one[TP_MINISIGN_COMMENT_MAX] = '\0';
    tp_buf_init(&text, TP_MINISIGN_TEXT_MAX);
    tp_minisign_digest("a list", 6, digest);
    assert_false(tp_minisign_sign(&s->store, digest, "two\nlines", &text, &s->error));
    assert_false(tp_minisign_sign(&s->store, digest, long_one, &text, &s->error));
    assert_true(tp_minisign_sign(&s->store, digest, long_one + 1, &text, &s->error));
    assert_true(
        tp_minisign_verify(&s->store.key, digest, text.data, text.length, comment, &s->error));
    tp_buf_reset(&text);
    assert_true(tp_minisign_sign(&s->store, digest, "made:today", &text, &s->error));
    assert_true(
        tp_minisign_verify(&s->store.key, digest, text.data, text.length, comment, &s->error));
    assert_string_equal(comment, "made:today");
    assert_false(
        tp_minisign_verify(&s->other.key, digest, text.data, text.length, comment, &s->error));
    assert_non_null(strstr(s->error.text, "another central store"));
    /* Every byte but those of the comment that is not trusted, and the last line end. */
    for (size_t i = strcspn(text.data, "\n"); i + 1 < text.length; i++) {
        text.data[i] ^= 1;
        assert_false(
            tp_minisign_verify(&s->store.key, digest, text.data, text.length, comment, &s->error));
        text.data[i] ^= 1;
    }
    digest[0] ^= 1;
    assert_false(
        tp_minisign_verify(&s->store.key, digest, text.data, text.length, comment, &s->error));
    assert_non_null(strstr(s->error.text, "altered"));
    tp_buf_finish(&text);
}

/* ---- the outbox's side ---- */

static struct tp_carried carried_of(const struct tp_outbox_item *item)
{
    return (struct tp_carried){.instance_id = item->instance_id,
                               .form_id = item->form_id,
                               .form_version = item->form_version,
                               .sha256 = item->sha256,
                               .sealed = item->sealed,
                               .sealed_count = item->sealed_count};
}

static void answers_are_read_without_being_claimed(void **state)
{
    struct fixture *f = *state;
    struct tp_outbox_batch batch;
    struct tp_outbox_batch claimed;

    for (unsigned i = 0; i < 5; i++)
        assert_true(fixture_put(f, i));
    assert_true(tp_outbox_quarantine(f->store, fixture_id(1), "refused", &f->error));
    claimed = fixture_next(f, 1);
    assert_true(tp_carry_read(f->store, 0, 3, 0, &batch, &f->error));
    assert_int_equal(batch.count, 3);
    assert_string_equal(batch.items[0].instance_id, fixture_id(0));
    assert_string_equal(batch.items[1].instance_id, fixture_id(2));
    tp_outbox_batch_finish(&claimed);
    claimed = fixture_next(f, 10);
    assert_int_equal(claimed.count, 3);
    tp_outbox_batch_finish(&claimed);
    tp_outbox_batch_finish(&batch);
    assert_true(tp_carry_read(f->store, 4, 3, 0, &batch, &f->error));
    assert_int_equal(batch.count, 1);
    tp_outbox_batch_finish(&batch);
}

static bool has_arrived(struct fixture *f, unsigned number)
{
    bool arrived = false;

    assert_true(tp_carry_has_arrived(f->store, fixture_id(number), &arrived, &f->error));
    return arrived;
}

static void a_carried_answer_goes_like_our_own_and_its_receipt_is_kept(void **state)
{
    struct fixture *f = *state;
    struct fixture *hall = NULL;
    struct tp_carried answers[2];
    struct tp_outbox_batch batch;
    enum tp_outbox_sent outcome;
    struct tp_receipt receipt;
    struct tp_receipt back;
    bool found = true;
    size_t added = 9;

    assert_int_equal(fixture_start((void **)&hall), 0);
    assert_true(fixture_put(hall, 1));
    assert_true(fixture_put(hall, 2));
    assert_true(tp_carry_read(hall->store, 0, 10, 0, &batch, &hall->error));
    for (size_t i = 0; i < 2; i++)
        answers[i] = carried_of(&batch.items[i]);
    assert_true(tp_carry_adopt(f->store, answers, 2, &added, &f->error));
    assert_int_equal(added, 2);
    assert_true(tp_carry_adopt(f->store, answers, 2, &added, &f->error));
    assert_int_equal(added, 0);
    assert_int_equal(fixture_counts(f).waiting, 2);
    assert_false(has_arrived(f, 1) || has_arrived(hall, 1));
    assert_true(tp_carry_receipt(f->store, fixture_id(1), &back, &found, &f->error));
    assert_false(found);
    assert_true(tp_receipt_sign(&f->receipt, fixture_id(1), batch.items[0].sha256, FIXTURE_WALL,
                                &receipt, &f->error));
    assert_true(tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, &outcome, &f->error));
    assert_int_equal(outcome, TP_SENT_DELETED);
    assert_true(tp_carry_receipt(f->store, fixture_id(1), &back, &found, &f->error));
    assert_true(found);
    assert_memory_equal(&back, &receipt, sizeof(back));
    /* The stick comes again, also after the receipt: nothing is sent twice. */
    assert_true(tp_carry_adopt(f->store, answers, 2, &added, &f->error));
    assert_int_equal(added, 0);
    assert_true(tp_outbox_mark_sent(hall->store, &f->receipt.key, &back, 1, &outcome, &f->error));
    assert_int_equal(outcome, TP_SENT_DELETED);
    assert_int_equal(fixture_counts(hall).waiting, 1);
    assert_true(has_arrived(f, 1) && has_arrived(hall, 1));
    assert_false(has_arrived(f, 2) || has_arrived(hall, 2));
    assert_int_equal(sqlite3_exec(f->store->db, "DELETE FROM sent", NULL, NULL, NULL), SQLITE_OK);
    assert_true(has_arrived(f, 1)); /* the receipt that it carries says so */
    tp_outbox_batch_finish(&batch);
    assert_int_equal(fixture_stop((void **)&hall), 0);
}

static void a_group_with_one_false_answer_is_not_taken(void **state)
{
    struct fixture *f = *state;
    char sha256[TP_SHA256_TEXT_MAX];
    struct tp_carried answers[2];

    tp_sha256_text("sealed", 6, sha256);
    for (unsigned i = 0; i < 2; i++)
        answers[i] = (struct tp_carried){.instance_id = fixture_id(i),
                                         .form_id = "library-hours",
                                         .form_version = "1",
                                         .sha256 = sha256,
                                         .sealed = i ? "Sealed" : "sealed",
                                         .sealed_count = 6};
    assert_false(tp_carry_adopt(f->store, answers, 2, NULL, &f->error));
    assert_int_equal(fixture_counts(f).waiting, 0);
}

#define STICK_TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        STICK_TEST(what_was_written_is_read),
        STICK_TEST(a_bundle_has_the_bytes_of_the_protocol),
        STICK_TEST(no_bit_can_be_changed_and_nothing_cut_off_or_added),
        STICK_TEST(a_small_bundle_with_one_byte_of_any_other_value_is_refused),
        STICK_TEST(another_fleet_and_another_devices_key_are_refused),
        STICK_TEST(a_certificate_is_for_one_device_and_one_key),
        STICK_TEST(receipts_are_read_line_by_line_and_others_lines_passed_by),
        STICK_TEST(minisigns_key_is_written),
        STICK_TEST(minisigns_form_is_written_and_read),
        STICK_TEST(a_signature_may_have_the_line_ends_of_windows),
        STORE_TEST(answers_are_read_without_being_claimed),
        STORE_TEST(a_carried_answer_goes_like_our_own_and_its_receipt_is_kept),
        STORE_TEST(a_group_with_one_false_answer_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
