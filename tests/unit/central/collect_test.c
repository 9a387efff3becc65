/* ODK Collect and Enketo: a name and a password, by Basic and by Digest. */
#include <nettle/md5.h>
#include <zlib.h>

#include "central/http/digest.h"
#include "central/web/qr.h"
#include "unit/central/one_world.h"

static char password[64];

#define NAME "Ranger 3"

/* Adds the phone as an administrator does, and reads its password off the page. */
static void add_phone(void)
{
    struct tp_exchange exchange;
    const char *at;

    world_sign_in(&world);
    assert_int_equal(world_post(&world, "/phones", "login=Ranger+3", true, &exchange), 200);
    at = strstr(world_body(&exchange), "Password</dt><dd><code>");
    assert_non_null(at);
    at += strlen("Password</dt><dd><code>");
    (void)snprintf(password, sizeof(password), "%.*s", (int)strcspn(at, "<"), at);
    assert_int_equal(strlen(password), TP_PASSWORD_MADE_MAX - 1);
    assert_non_null(strstr(world_body(&exchange), "<svg class=\"qr\""));
    assert_string_equal(world_response_header(&exchange, "Cache-Control"), "no-store");
    tp_exchange_finish(&exchange);
}

static int make(void **state)
{
    (void)make_world(state);
    add_phone();
    return 0;
}

static int list(const char *authorization, const char *host, struct tp_exchange *exchange)
{
    return world_ask(&world,
                     &(struct world_request){.method = "GET",
                                             .target = "/formList?formID=hours",
                                             .authorization = authorization,
                                             .host = host},
                     exchange);
}

static int list_status(const char *authorization)
{
    struct tp_exchange exchange;
    int status = list(authorization, NULL, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

/* ---- Digest, worked out here by itself ---- */

static void hex_md5(const char *text, char hex[33])
{
    uint8_t digest[16];
    struct md5_ctx state;

    md5_init(&state);
    md5_update(&state, strlen(text), (const uint8_t *)text);
    md5_digest(&state, sizeof(digest), digest);
    tp_hex(digest, sizeof(digest), hex);
}

static void digest_header(const char *nonce, const char *uri, const char *method, const char *word,
                          char header[512])
{
    char text[300];
    char ha1[33];
    char ha2[33];
    char response[33];

    (void)snprintf(text, sizeof(text), NAME ":talkpoint:%s", word);
    hex_md5(text, ha1);
    (void)snprintf(text, sizeof(text), "%s:%s", method, uri);
    hex_md5(text, ha2);
    (void)snprintf(text, sizeof(text), "%s:%s:00000001:abc:auth:%s", ha1, nonce, ha2);
    hex_md5(text, response);
    (void)snprintf(header, 512,
                   "Digest username=\"" NAME "\", realm=\"talkpoint\", nonce=\"%s\", uri=\"%s\", "
                   "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"abc\", response=\"%s\"",
                   nonce, uri, response);
}

/* The header that the store gave, of this scheme. */
static const char *challenge(const struct tp_exchange *exchange, const char *scheme)
{
    for (size_t i = 0; i < exchange->response.header_count; i++) {
        const struct tp_header *header = &exchange->response.headers[i];

        if (strcmp(header->name, "WWW-Authenticate") == 0 &&
            strncmp(header->value, scheme, strlen(scheme)) == 0)
            return header->value;
    }
    return NULL;
}

static void get_nonce(char nonce[TP_NONCE_MAX])
{
    struct tp_exchange exchange;
    const char *at;

    assert_int_equal(list(NULL, NULL, &exchange), 401);
    assert_string_equal(world_response_header(&exchange, "X-OpenRosa-Version"), "1.0");
    at = challenge(&exchange, "Digest ");
    assert_non_null(at);
    at = strstr(at, "nonce=\"") + 7;
    (void)snprintf(nonce, TP_NONCE_MAX, "%.*s", (int)strcspn(at, "\""), at);
    tp_exchange_finish(&exchange);
}

static void digest_lets_in_with_the_password_only(void **state)
{
    char nonce[TP_NONCE_MAX];
    char header[512];
    struct tp_exchange exchange;

    (void)state;
    get_nonce(nonce);
    digest_header(nonce, "/formList?formID=hours", "GET", password, header);
    assert_int_equal(list(header, NULL, &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "<formID>hours</formID>"));
    tp_exchange_finish(&exchange);
    digest_header(nonce, "/formList?formID=hours", "GET", "wrong", header);
    assert_int_equal(list_status(header), 401);
    /* A proof for one address or method is none for another. */
    digest_header(nonce, "/formList", "GET", password, header);
    assert_int_equal(list_status(header), 401);
    digest_header(nonce, "/formList?formID=hours", "POST", password, header);
    assert_int_equal(list_status(header), 401);
    /* A nonce that we did not make. */
    nonce[20] = nonce[20] == '0' ? '1' : '0';
    digest_header(nonce, "/formList?formID=hours", "GET", password, header);
    assert_int_equal(list_status(header), 401);
}

static void an_old_nonce_is_stale_and_only_for_who_knows_the_password(void **state)
{
    char nonce[TP_NONCE_MAX];
    char header[512];
    struct tp_exchange exchange;

    (void)state;
    get_nonce(nonce);
    digest_header(nonce, "/formList?formID=hours", "GET", password, header);
    world.time.wall += TP_NONCE_LIFE_MS + 1;
    assert_int_equal(list(header, NULL, &exchange), 401);
    assert_non_null(strstr(challenge(&exchange, "Digest "), "stale=true"));
    tp_exchange_finish(&exchange);
    digest_header(nonce, "/formList?formID=hours", "GET", "wrong", header);
    assert_int_equal(list(header, NULL, &exchange), 401);
    assert_null(strstr(challenge(&exchange, "Digest "), "stale"));
    tp_exchange_finish(&exchange);
}

static void basic_header(const char *word, char header[512])
{
    char pair[128];
    char base64[200];

    (void)snprintf(pair, sizeof(pair), NAME ":%s", word);
    (void)sodium_bin2base64(base64, sizeof(base64), (unsigned char *)pair, strlen(pair),
                            sodium_base64_VARIANT_ORIGINAL);
    (void)snprintf(header, 512, "Basic %s", base64);
}

static void basic_is_offered_only_where_nobody_can_listen(void **state)
{
    struct tp_exchange exchange;
    char header[512];

    (void)state;
    basic_header(password, header);
    assert_int_equal(list_status(header), 200);
    basic_header("wrong", header);
    assert_int_equal(list_status(header), 401);
    assert_int_equal(list(NULL, NULL, &exchange), 401);
    assert_non_null(challenge(&exchange, "Basic "));
    tp_exchange_finish(&exchange);
    assert_int_equal(list(NULL, "talkpoint.example.gov.uk", &exchange), 401);
    assert_null(challenge(&exchange, "Basic "));
    assert_non_null(challenge(&exchange, "Digest "));
    tp_exchange_finish(&exchange);
}

static void headers_that_are_not_are_refused(void **state)
{
    static const char *const bad[] = {
        "Basic",
        "Basic !!!!",
        "Basic bm9jb2xvbg==",
        "Digest",
        "Digest username",
        "Digest username=\"x",
        "Digest username=\"a\", username=\"b\", realm=\"talkpoint\"",
        "Digest username=\"a\", realm=\"other\", nonce=\"\", uri=\"/\", response=\"00\"",
        "Digest username=\"Ranger 3\", realm=\"talkpoint\", algorithm=SHA-512, nonce=\"x\", "
        "uri=\"/formList?formID=hours\", response=\"00000000000000000000000000000000\"",
        "Negotiate abc",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(list_status(bad[i]), 401);
}

static void an_answer_names_its_phone_and_one_taken_off_is_refused(void **state)
{
    static const char plain[] = "<data id=\"hours\"><why>x</why><meta>"
                                "<instanceID>uuid:p</instanceID></meta></data>";
    char header[512];
    char fields[128];
    char id[TP_DEVICE_ID_MAX];
    struct tp_exchange exchange;
    struct tp_buf body;
    struct world_request request = {.method = "POST",
                                    .target = "/submission",
                                    .type = WORLD_MULTIPART,
                                    .authorization = header};
    struct tp_sql *db;
    struct tp_rows rows;

    (void)state;
    basic_header(password, header);
    tp_buf_init(&body, 65536);
    /* The media first: any order will do. */
    world_part(&body, "photo.jpg", "photo.jpg", "not a photo", 11);
    world_part(&body, "xml_submission_file", "a.xml", plain, strlen(plain));
    world_end_parts(&body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    assert_int_equal(world_ask(&world, &request, &exchange), 201);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission s JOIN device d ON "
                                          "d.id = s.device WHERE d.name = 'Ranger 3'"),
                     1);
    assert_true(world_number(&world, "SELECT seen_ms FROM device WHERE login IS NOT NULL") ==
                world.time.wall);
    db = tp_sql_pool_take(world.central.readers);
    assert_true(
        tp_sql_ask(db, "SELECT id FROM device WHERE login IS NOT NULL", TP_NO_VALUES, &rows, NULL));
    assert_true(tp_rows_next(&rows));
    (void)snprintf(id, sizeof(id), "%s", tp_rows_text(&rows, 0));
    assert_true(tp_rows_finish(&rows));
    tp_sql_pool_give(world.central.readers, db);
    (void)snprintf(fields, sizeof(fields), "/screens/%s/revoke", id);
    assert_int_equal(world_post(&world, fields, "", true, &exchange), 303);
    tp_exchange_finish(&exchange);
    assert_int_equal(list_status(header), 403);
    /* Its name is not given away again. */
    assert_int_equal(world_post(&world, "/phones", "login=Ranger+3", true, &exchange), 409);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_post(&world, "/phones", "login=a%3Ab", true, &exchange), 400);
    tp_exchange_finish(&exchange);
}

static void the_code_holds_what_collect_reads(void **state)
{
    struct tp_buf text;
    unsigned char packed[2048];
    char json[2048] = "";
    size_t length = 0;
    uLongf got = sizeof(json) - 1;

    (void)state;
    tp_buf_init(&text, 8192);
    assert_true(tp_collect_settings("https://talkpoint.example.gov.uk", "a \"b\"", "secret",
                                    "Oxfordshire", &text));
    assert_int_equal(sodium_base642bin(packed, sizeof(packed), tp_buf_text(&text), text.length,
                                       NULL, &length, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    assert_int_equal(uncompress((Bytef *)json, &got, packed, length), Z_OK);
    json[got] = '\0';
    assert_non_null(strstr(json,
                           "\"general\":{\"protocol\":\"odk_default\",\"server_url\":"
                           "\"https://talkpoint.example.gov.uk\",\"username\":\"a \\\"b\\\"\","
                           "\"password\":\"secret\""));
    assert_non_null(strstr(json, "\"admin\":{}"));
    assert_non_null(strstr(json, "\"project\":{\"name\":\"Oxfordshire\""));
    tp_buf_finish(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(digest_lets_in_with_the_password_only),
        TEST(an_old_nonce_is_stale_and_only_for_who_knows_the_password),
        TEST(basic_is_offered_only_where_nobody_can_listen),
        TEST(headers_that_are_not_are_refused),
        TEST(an_answer_names_its_phone_and_one_taken_off_is_refused),
        cmocka_unit_test(the_code_holds_what_collect_reads),
    };

    return databases_run(tests);
}
