/* What becomes of answers: taken, sent on, put aside, refused. Requests go through the routes, the
 * access checks and the committer, without a network. */
#include "lib/files.h"
#include "unit/central/one_world.h"

#define ONE "uuid:11111111-1111-4111-8111-111111111111"
#define CANARY "the canary sings in the library"

static const char answer_xml[] = "<data id=\"hours\" version=\"1\"><open>yes</open><why>" CANARY
                                 "</why><meta><instanceID>" ONE "</instanceID></meta></data>";

/* The attribute of the receipt in an answer. */
static void receipt_attribute(const char *body, const char *name, char *value, size_t size)
{
    char before[64];
    const char *found;

    (void)snprintf(before, sizeof(before), " %s=\"", name);
    found = strstr(body, "<tps:receipt");
    assert_non_null(found);
    found = strstr(found, before);
    assert_non_null(found);
    found += strlen(before);
    (void)snprintf(value, size, "%.*s", (int)strcspn(found, "\""), found);
}

static void check_receipt(const char *body, const char *sha256)
{
    struct tp_receipt receipt;
    char id[TP_INSTANCE_ID_MAX];
    char digest[TP_SHA256_TEXT_MAX];
    char received[TP_TIME_TEXT_MAX];
    char signature[TP_RECEIPT_SIGNATURE_TEXT_MAX];

    receipt_attribute(body, "instanceID", id, sizeof(id));
    receipt_attribute(body, "sha256", digest, sizeof(digest));
    receipt_attribute(body, "received", received, sizeof(received));
    receipt_attribute(body, "signature", signature, sizeof(signature));
    assert_string_equal(id, ONE);
    if (sha256)
        assert_string_equal(digest, sha256);
    assert_true(tp_receipt_from_texts(id, digest, received, signature, &receipt, NULL));
    assert_true(tp_receipt_verify(&world.central.keys.receipt.key, NULL, &receipt, NULL));
}

static void the_same_answer_again_gets_the_same_receipt(void **state)
{
    struct tp_exchange first;
    struct tp_exchange second;
    struct tp_buf body;

    (void)state;
    world_sealed(&world, "hours", ONE, answer_xml, &body);
    assert_int_equal(world_submit(&world, &body, &first), 201);
    check_receipt(world_body(&first), NULL);
    tp_clock_fake_advance(&world.time, 3600 * 1000);
    assert_int_equal(world_submit(&world, &body, &second), 201);
    assert_string_equal(world_body(&first), world_body(&second));
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_number(&world, "SELECT CAST(sum(count) AS BIGINT) FROM tally"), 1);
    tp_exchange_finish(&first);
    tp_exchange_finish(&second);
    tp_buf_finish(&body);
}

static void another_answer_under_the_same_id_is_put_aside(void **state)
{
    (void)state;
    world_answer(&world, "hours", ONE, answer_xml, 201);
    /* Each seal differs, so the same words sealed again are other bytes. */
    world_answer(&world, "hours", ONE, answer_xml, 409);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 1);
    for (int i = 0; i < TP_QUARANTINE_OF_AN_ANSWER_MAX + 5; i++)
        world_answer(&world, "hours", ONE, answer_xml, 409);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"),
                     TP_QUARANTINE_OF_AN_ANSWER_MAX);
}

static void plain_body(const char *xml, bool with_media, struct tp_buf *body)
{
    tp_buf_init(body, TP_SUBMISSION_MAX);
    /* Parts may come in any order. */
    if (with_media)
        world_part(body, "photo.jpg", "photo.jpg", CANARY, strlen(CANARY));
    world_part(body, "xml_submission_file", "s.xml", xml, strlen(xml));
    world_end_parts(body);
}

static void plain_answers_are_sealed_before_they_are_kept(void **state)
{
    struct tp_exchange exchange;
    char sha256[TP_SHA256_TEXT_MAX];
    char path[128];
    struct tp_buf body;

    (void)state;
    plain_body(answer_xml, true, &body);
    tp_sha256_text(answer_xml, strlen(answer_xml), sha256);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    check_receipt(world_body(&exchange), sha256);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM attachment"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    tp_buf_finish(&body);

    if (postgres.on) {
        assert_int_equal(world_number(&world, "SELECT count(*) FROM submission WHERE "
                                              "position('" CANARY "'::bytea IN sealed) > 0"),
                         0);
        return;
    }
    for (int i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof(path), "%s/central.db%s", world.folder, i ? "-wal" : "");
        assert_true(file_has(path, "", 0));
        assert_false(file_has(path, CANARY, strlen(CANARY)));
    }
}

/* libxml2 alone would hold the processor for minutes. */
static void an_answer_of_a_quarter_million_attributes_is_refused_at_once(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    struct tp_buf xml;

    (void)state;
    tp_buf_init(&xml, TP_SUBMISSION_MAX);
    (void)tp_buf_puts(&xml, "<data id='hours'");
    for (unsigned i = 0; i < 250000; i++)
        (void)tp_buf_printf(&xml, " a%u=''", i);
    (void)tp_buf_puts(&xml, "/>");
    plain_body(tp_buf_text(&xml), false, &body);
    tp_buf_finish(&xml);
    assert_int_equal(world_submit(&world, &body, &exchange), 400);
    assert_non_null(strstr(world_body(&exchange), "an element has more than 1024 attributes"));
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
}

static void another_attachment_under_the_same_name_is_put_aside(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;

    (void)state;
    plain_body(answer_xml, true, &body);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    world_part(&body, "xml_submission_file", "s.xml", answer_xml, strlen(answer_xml));
    world_part(&body, "photo.jpg", "photo.jpg", "other", 5);
    world_end_parts(&body);
    assert_int_equal(world_submit(&world, &body, &exchange), 409);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 1);
}

/* OkHttpConnection.java of ODK Collect: up to 101 files, and the word that more will follow. */
static void as_many_files_as_collect_puts_into_a_request_are_taken(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    char name[20];

    (void)state;
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    world_part(&body, "xml_submission_file", "s.xml", answer_xml, strlen(answer_xml));
    for (int i = 0; i < 101; i++) {
        (void)snprintf(name, sizeof(name), "%d.jpg", i);
        world_part(&body, name, name, "x", 1);
    }
    world_part(&body, "*isIncomplete*", "", "yes", 3);
    world_end_parts(&body);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM attachment"), 101);
}

static int submit_plain(const char *xml)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    int status;

    plain_body(xml, false, &body);
    status = world_submit(&world, &body, &exchange);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    return status;
}

#define META "<meta><instanceID>" ONE "</instanceID></meta>"

static void hostile_xml_is_refused_and_nothing_is_kept(void **state)
{
    static const char *const bad[] = {
        "",
        "not xml",
        "<data id=\"hours\">",
        "<data id=\"hours\">" META "</data",
        "<data id=\"hours\"><meta/></data>",
        "<data id=\"hours\"><meta><instanceID> </instanceID></meta></data>",
        "<data id=\"hours\"><meta><instanceID>a b</instanceID></meta></data>",
        "<data id=\"hours\"><meta><instanceID>\xc5\x82</instanceID></meta></data>",
        "<data id=\"hours\"><meta><instanceID>a<b/></instanceID></meta></data>",
        "<data id=\"hours\"><meta><instanceID>a</instanceID><instanceID>b</instanceID></meta>"
        "</data>",
        "<data id=\"hours\"><x>" META "</x></data>",
        "<data>" META "</data>",
        "<!DOCTYPE data [<!ENTITY a \"b\">]><data id=\"hours\">" META "</data>",
        "<!DOCTYPE data SYSTEM \"file:///etc/passwd\"><data id=\"hours\">" META "</data>",
        "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><data id=\"hours\">&c;" META "</data>",
        "<data id=\"hours\">&undefined;" META "</data>",
        "<data id=\"hours\" encrypted=\"yes\"><base64EncryptedKey>AA</base64EncryptedKey>" META
        "</data>",
        "<data id=\"ho&#10;urs\">" META "</data>",
    };
    char long_id[2048];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int status = submit_plain(bad[i]);

        if (status != 400)
            fail_msg("message %zu got %d", i, status);
    }
    (void)snprintf(long_id, sizeof(long_id),
                   "<data id=\"hours\"><meta><instanceID>%0600d</instanceID></meta></data>", 1);
    assert_int_equal(submit_plain(long_id), 400);
    assert_int_equal(submit_plain("<data id=\"other\">" META "</data>"), 404);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
}

static void deep_xml_is_refused(void **state)
{
    struct tp_buf xml;

    (void)state;
    tp_buf_init(&xml, 1024u * 1024u);
    (void)tp_buf_puts(&xml, "<data id=\"hours\">" META);
    for (int i = 0; i < 100000; i++)
        (void)tp_buf_puts(&xml, "<a>");
    assert_int_equal(submit_plain(tp_buf_text(&xml)), 400);
    tp_buf_finish(&xml);
}

static void parts_that_do_not_fit_are_refused(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;

    (void)state;
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    world_part(&body, "xml_submission", "s.xml", answer_xml, strlen(answer_xml));
    world_end_parts(&body);
    assert_int_equal(world_submit(&world, &body, &exchange), 400);
    tp_exchange_finish(&exchange);
    tp_buf_reset(&body);
    world_part(&body, "xml_submission_file", "s.xml", answer_xml, strlen(answer_xml));
    world_part(&body, "xml_submission_file", "s.xml", answer_xml, strlen(answer_xml));
    world_end_parts(&body);
    assert_int_equal(world_submit(&world, &body, &exchange), 400);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
}

/* A sealed answer with one thing wrong: `put` is written where `find` begins. */
static int submit_altered(const char *find, const char *put)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    char *at;
    int status;

    world_sealed(&world, "hours", ONE, answer_xml, &body);
    at = memmem(body.data, body.length, find, strlen(find));
    assert_non_null(at);
    memcpy(at, put, strlen(put));
    status = world_submit(&world, &body, &exchange);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    return status;
}

static void sealed_answers_must_be_what_they_say(void **state)
{
    (void)state;
    assert_int_equal(submit_altered("TPSEAL1", "TPSEAL2"), 400);
    assert_int_equal(submit_altered("sealedbox-1", "sealedbox-9"), 400);
    assert_int_equal(submit_altered("name=\"submission.tpsealed\"; filename=\"submission.tpsealed",
                                    "name=\"submission.tpsealXX\"; filename=\"submission.tpsealXX"),
                     400);
    /* No digest begins so, and the bytes are whole. */
    assert_int_equal(submit_altered("sha256=\"", "sha256=\"g"), 400);
    {
        struct tp_seal_pair other;
        struct tp_seal_key kept = world.central.keys.sealing;

        assert_true(tp_seal_pair_generate(&other, NULL));
        world.central.keys.sealing = other.key;
        world_answer(&world, "hours", ONE, answer_xml, 400);
        world.central.keys.sealing = kept;
    }
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 0);
    world_answer(&world, "hours", ONE, answer_xml, 201);
}

static void the_openrosa_header_is_needed(void **state)
{
    struct tp_buf body;

    (void)state;
    world_sealed(&world, "hours", ONE, answer_xml, &body);
    assert_int_equal(world_status(&world, &(struct world_request){.method = "POST",
                                                                  .target = "/submission",
                                                                  .type = WORLD_MULTIPART,
                                                                  .body = tp_buf_text(&body),
                                                                  .length = body.length,
                                                                  .with_token = true,
                                                                  .no_version = true}),
                     400);
    tp_buf_finish(&body);
}

static void too_large_is_refused_and_its_room_given_back(void **state)
{
    char *bytes = tp_calloc(TP_SUBMISSION_MAX + 1u, 1);

    (void)state;
    assert_non_null(bytes);
    assert_int_equal(world_status(&world, &(struct world_request){.method = "POST",
                                                                  .target = "/submission",
                                                                  .type = WORLD_MULTIPART,
                                                                  .body = bytes,
                                                                  .length = TP_SUBMISSION_MAX + 1u,
                                                                  .with_token = true}),
                     413);
    tp_free(bytes);
    assert_int_equal(world.central.bodies, 0);
    world.central.bodies = TP_BODIES_MAX;
    world_answer(&world, "hours", ONE, answer_xml, 503);
    world.central.bodies = 0;
    world_answer(&world, "hours", ONE, answer_xml, 201);
    assert_int_equal(world.central.bodies, 0);
}

static void an_answer_to_a_closed_form_is_still_an_answer(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    world_sign_in(&world);
    world_turn_hours(&world, "close");
    assert_int_equal(world_ask(&world,
                               &(struct world_request){
                                   .method = "GET", .target = "/formList", .with_token = true},
                               &exchange),
                     200);
    assert_null(strstr(world_body(&exchange), "hours"));
    tp_exchange_finish(&exchange);
    world_answer(&world, "hours", ONE, answer_xml, 201);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission WHERE late = 1"), 0);
    tp_clock_fake_advance(&world.time, 31LL * 24 * 3600 * 1000);
    world_answer(&world, "hours", "uuid:2", answer_xml, 201);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission WHERE late = 1"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_answer_again_gets_the_same_receipt),
        TEST(another_answer_under_the_same_id_is_put_aside),
        TEST(as_many_files_as_collect_puts_into_a_request_are_taken),
        TEST(plain_answers_are_sealed_before_they_are_kept),
        TEST(an_answer_of_a_quarter_million_attributes_is_refused_at_once),
        TEST(another_attachment_under_the_same_name_is_put_aside),
        TEST(hostile_xml_is_refused_and_nothing_is_kept),
        TEST(deep_xml_is_refused),
        TEST(parts_that_do_not_fit_are_refused),
        TEST(sealed_answers_must_be_what_they_say),
        TEST(the_openrosa_header_is_needed),
        TEST(too_large_is_refused_and_its_room_given_back),
        TEST(an_answer_to_a_closed_form_is_still_an_answer),
    };

    return databases_run(tests);
}
