/* Answers that are encrypted to the key of their form: taken in as ODK Collect sends them and as a
 * screen does, kept unread, and read with the author's private key alone. */
#include "central/data/attachments.h"
#include "central/export/export.h"
#include "databases.h"
#include "one_world.h"
#include "store/odk.h"

#define KEYS "tests/unit/store/golden_odk/"
#define ONE "uuid:11111111-1111-4111-8111-111111111111"
#define TWO "uuid:22222222-2222-4222-8222-222222222222"
#define CANARY "canary-91ab-never-in-the-clear"

static struct tp_error error;

static int make(void **state)
{
    (void)make_world(state);
    world_publish(&world, "hours", "1", "consultation", world_form, NULL);
    world_enrol(&world, "K7QM-4TXB", "Cowley Library");
    return 0;
}

static void encrypt(const char *instance_id, struct tp_buf *sealed)
{
    char xml[600];
    struct tp_buf key;
    struct tp_odk_answer answer = {
        .form_id = "hours", .form_version = "1", .instance_id = instance_id, .xml = xml};

    answer.xml_count = (size_t)snprintf(
        xml, sizeof(xml),
        "<data id=\"hours\" version=\"1\"><open>yes</open><why>" CANARY "</why><meta "
        "xmlns=\"http://openrosa.org/xforms\"><instanceID>%s</instanceID></meta></data>",
        instance_id);
    tp_buf_init(&key, 1000);
    assert_true(tp_file_read(KEYS "key.pub", &key, &error));
    answer.public_key = tp_buf_text(&key);
    tp_buf_init(sealed, TP_ODK_SEALED_MAX);
    assert_true(tp_odk_seal(&answer, sealed, &error));
    tp_buf_finish(&key);
}

/* As ODK Collect sends it: the manifest, the encrypted XML, and perhaps an encrypted picture. */
static int send_as_phone(const struct tp_buf *sealed, bool with_xml, const char *media)
{
    struct tp_exchange exchange;
    struct tp_odk_parts parts;
    struct tp_buf body;
    int status;

    assert_true(tp_odk_split(sealed->data, sealed->length, &parts, &error));
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    world_part(&body, "xml_submission_file", "submission.xml", parts.manifest,
               parts.manifest_count);
    if (media)
        world_part(&body, "photo.jpg.enc", "photo.jpg.enc", media, strlen(media));
    if (with_xml)
        world_part(&body, "submission.xml.enc", "submission.xml.enc", parts.encrypted,
                   parts.encrypted_count);
    world_end_parts(&body);
    status = world_submit(&world, &body, &exchange);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    return status;
}

/* As a screen sends it, in an envelope for `instance_id`. */
static int send_as_screen(const struct tp_buf *sealed, const char *instance_id, const char *form)
{
    char sha256[TP_SHA256_TEXT_MAX];
    struct tp_exchange exchange;
    char envelope[1024];
    struct tp_buf body;
    int length, status;

    tp_sha256_text(tp_buf_text(sealed), sealed->length, sha256);
    length = snprintf(envelope, sizeof(envelope),
                      "<data xmlns=\"http://opendatakit.org/submissions\" id=\"%s\" version=\"1\" "
                      "encrypted=\"yes\"><tps:sealed xmlns:tps=\"urn:talkpoint:submission:1\" "
                      "algorithm=\"odk-1\" sha256=\"%s\">submission.tpsealed</tps:sealed>"
                      "<meta xmlns=\"http://openrosa.org/xforms\"><instanceID>%s</instanceID>"
                      "</meta></data>",
                      form, sha256, instance_id);
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    world_part(&body, "xml_submission_file", "submission.xml", envelope, (size_t)length);
    world_part(&body, "submission.tpsealed", "submission.tpsealed", tp_buf_text(sealed),
               sealed->length);
    world_end_parts(&body);
    status = world_submit(&world, &body, &exchange);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    return status;
}

static char *export_with(const struct tp_keys *keys)
{
    const struct tp_export_options options = {.form = "hours", .format = TP_EXPORT_JSON};
    struct tp_export *export = NULL;
    struct tp_buf out;
    bool over = false;

    tp_buf_init(&out, 1u << 20);
    if (!tp_export_open(world.central.readers, keys, &options, &export, &error))
        fail_msg("%s", error.text);
    while (!over)
        assert_true(tp_export_fill(export, &out, &over, &error));
    tp_export_close(export);
    return tp_buf_take(&out);
}

static size_t times(const char *text, const char *what)
{
    size_t count = 0;

    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

static void both_ways_in_are_read_with_the_authors_key_alone(void **state)
{
    struct tp_keys authors = {.known_count = 0};
    struct tp_buf one, two;
    char *text;

    (void)state;
    encrypt(ONE, &one);
    encrypt(TWO, &two);
    assert_int_equal(send_as_phone(&one, true, "picture"), 201);
    assert_int_equal(send_as_screen(&two, TWO, "hours"), 201);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 2);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM attachment"), 1);
    /* The store's own keys read neither, and the export says why. */
    text = export_with(&world.central.keys);
    assert_null(strstr(text, CANARY));
    assert_int_equal(times(text, "encrypted to its form's own key"), 2);
    tp_free(text);
    assert_true(tp_keys_add(KEYS "key.pem", &authors, &error));
    text = export_with(&authors);
    assert_int_equal(times(text, CANARY), 2);
    assert_null(strstr(text, "problem"));
    tp_free(text);
    tp_keys_finish(&authors);
    tp_buf_finish(&two);
    tp_buf_finish(&one);
}

/* ODK Collect's EncryptionUtils.java writes a namespace that is not the specification's. */
static void in_collects_own_namespace(struct tp_buf *sealed)
{
    static const char ours[] = "\"http://opendatakit.org/submissions\"";
    struct tp_odk_parts parts;
    struct tp_buf manifest, joined;
    const char *at;

    assert_true(tp_odk_split(sealed->data, sealed->length, &parts, &error));
    at = memmem(parts.manifest, parts.manifest_count, ours, strlen(ours));
    assert_non_null(at);
    tp_buf_init(&manifest, TP_ODK_MANIFEST_MAX);
    tp_buf_init(&joined, TP_ODK_SEALED_MAX);
    assert_true(tp_buf_add(&manifest, parts.manifest, (size_t)(at - parts.manifest)) &&
                tp_buf_puts(&manifest, "\"http://www.opendatakit.org/xforms/encrypted\"") &&
                tp_buf_add(&manifest, at + strlen(ours),
                           parts.manifest_count - (size_t)(at - parts.manifest) - strlen(ours)));
    parts.manifest = tp_buf_text(&manifest);
    parts.manifest_count = manifest.length;
    assert_true(tp_odk_join(&parts, &joined, &error));
    tp_buf_finish(&manifest);
    tp_buf_finish(sealed);
    *sealed = joined;
}

static void what_collect_writes_is_read(void **state)
{
    struct tp_keys authors = {.known_count = 0};
    struct tp_buf sealed;
    char *text;

    (void)state;
    encrypt(ONE, &sealed);
    in_collects_own_namespace(&sealed);
    assert_int_equal(send_as_phone(&sealed, true, NULL), 201);
    assert_true(tp_keys_add(KEYS "key.pem", &authors, &error));
    text = export_with(&authors);
    assert_int_equal(times(text, CANARY), 1);
    tp_free(text);
    tp_keys_finish(&authors);
    tp_buf_finish(&sealed);
}

static bool count_file(void *context, const char *name, const void *sealed, size_t length)
{
    struct tp_buf plain;

    assert_string_equal(name, "photo.jpg.enc");
    tp_buf_init(&plain, 1u << 20);
    assert_true(tp_keys_unseal(&world.central.keys, sealed, length, &plain, &error));
    assert_string_equal(tp_buf_text(&plain), "picture");
    tp_buf_finish(&plain);
    (*(int *)context)++;
    return true;
}

static void the_files_of_an_answer_are_found(void **state)
{
    struct tp_sql *db = tp_sql_pool_take(world.central.readers);
    struct tp_buf one, two;
    int64_t seq = 0;
    int count = 0;

    (void)state;
    encrypt(ONE, &one);
    encrypt(TWO, &two);
    assert_int_equal(send_as_phone(&two, true, NULL), 201);
    assert_int_equal(send_as_phone(&one, true, "picture"), 201);
    assert_true(tp_attachments_next(db, "hours", 0, &seq, &error));
    assert_int_equal(seq, world_number(&world, "SELECT seq FROM submission WHERE instance_id LIKE "
                                               "'uuid:1%'"));
    assert_true(tp_attachments_each(db, ONE, count_file, &count, &error));
    assert_true(tp_attachments_each(db, TWO, count_file, &count, &error));
    assert_int_equal(count, 1);
    assert_true(tp_attachments_next(db, "hours", seq, &seq, &error));
    assert_int_equal(seq, 0);
    tp_sql_pool_give(world.central.readers, db);
    tp_buf_finish(&two);
    tp_buf_finish(&one);
}

static void the_same_again_changes_nothing_and_other_bytes_are_put_aside(void **state)
{
    struct tp_buf sealed, again;

    (void)state;
    encrypt(ONE, &sealed);
    encrypt(ONE, &again); /* another AES key: other bytes */
    assert_int_equal(send_as_phone(&sealed, true, NULL), 201);
    assert_int_equal(send_as_phone(&sealed, true, NULL), 201);
    assert_int_equal(send_as_phone(&sealed, false, "a picture in a later request"), 201);
    assert_int_equal(send_as_phone(&again, true, NULL), 409);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 1);
    tp_buf_finish(&again);
    tp_buf_finish(&sealed);
}

/* ODK Collect divides what is larger than 10 MB, in the order that its files happen to have. */
static void the_encrypted_file_may_come_in_a_later_request(void **state)
{
    static const char not_yet[] = "its encrypted file has not come";
    struct tp_keys authors = {.known_count = 0};
    struct tp_buf sealed;
    char *text;

    (void)state;
    encrypt(ONE, &sealed);
    assert_true(tp_keys_add(KEYS "key.pem", &authors, &error));
    assert_int_equal(send_as_phone(&sealed, false, "picture"), 201);
    assert_int_equal(send_as_phone(&sealed, false, "picture"), 201);
    text = export_with(&authors);
    assert_int_equal(times(text, not_yet), 1);
    tp_free(text);
    assert_int_equal(send_as_phone(&sealed, true, NULL), 201);
    /* What has come stays: as it is, and where only files come after it. */
    sealed.data[sealed.length - 1] ^= 1;
    assert_int_equal(send_as_phone(&sealed, true, NULL), 201);
    assert_int_equal(send_as_phone(&sealed, false, "picture"), 201);
    text = export_with(&authors);
    assert_int_equal(times(text, CANARY), 1);
    assert_null(strstr(text, "problem"));
    tp_free(text);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM attachment"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    tp_keys_finish(&authors);
    tp_buf_finish(&sealed);
}

static void an_envelope_must_be_of_the_manifest_within(void **state)
{
    struct tp_buf sealed;

    (void)state;
    encrypt(ONE, &sealed);
    assert_int_equal(send_as_screen(&sealed, TWO, "hours"), 400);
    sealed.length -= 1025;
    assert_int_equal(send_as_screen(&sealed, ONE, "hours"), 400);
    sealed.length += 1025;
    assert_int_equal(send_as_screen(&sealed, ONE, "hours"), 201);
    assert_int_equal(send_as_screen(&sealed, ONE, "hours"), 201);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    tp_buf_finish(&sealed);
}

static bool page_says_own_key(void)
{
    struct tp_exchange exchange;
    bool says;

    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "GET",
                                                       .target = "/surveys/hours",
                                                       .with_cookie = true},
                               &exchange),
                     200);
    says = strstr(world_body(&exchange), "encrypted to a key of its own") != NULL;
    tp_exchange_finish(&exchange);
    return says;
}

static void the_surveys_page_says_who_can_read(void **state)
{
    struct tp_buf xml;
    const char *model = strstr(world_form, "</model>");

    (void)state;
    world_sign_in(&world);
    assert_int_equal(page_says_own_key(), false);
    tp_buf_init(&xml, 1u << 20);
    assert_non_null(model);
    assert_true(tp_buf_add(&xml, world_form, (size_t)(model - world_form)) &&
                tp_buf_puts(&xml, "<submission base64RsaPublicKey=\"AA\"/>") &&
                tp_buf_puts(&xml, model));
    world_publish(&world, "hours", "2", "consultation", tp_buf_text(&xml), NULL);
    tp_buf_finish(&xml);
    assert_int_equal(page_says_own_key(), true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_ways_in_are_read_with_the_authors_key_alone),
        TEST(what_collect_writes_is_read),
        TEST(the_files_of_an_answer_are_found),
        TEST(the_same_again_changes_nothing_and_other_bytes_are_put_aside),
        TEST(the_encrypted_file_may_come_in_a_later_request),
        TEST(an_envelope_must_be_of_the_manifest_within),
        TEST(the_surveys_page_says_who_can_read),
    };

    return databases_run(tests);
}
