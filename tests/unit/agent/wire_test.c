/* sync/agent/wire: form lists, manifests, replies, envelopes, enrolment. */
#include "tp_test.h"

#include <string.h>

#include "agent/net/http.h"
#include "agent/wire/enrolment.h"
#include "agent/wire/envelope.h"
#include "agent/wire/form_list.h"
#include "agent/wire/odk_settings.h"
#include "agent/wire/reply.h"
#include "agent/wire/xml.h"
#include "base/mem.h"

#define LIST(inner) "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">" inner "</xforms>"
#define FORM(id, hash)                                                                             \
    "<xform><formID>" id "</formID><name>Hours</name><version> 3 </version><hash>" hash            \
    "</hash><downloadUrl>http://s/f.xml</downloadUrl>"                                             \
    "<manifestUrl>http://s/m</manifestUrl></xform>"
#define MD5 "md5:0123456789abcdef0123456789abcdef"
#define MANIFEST(inner)                                                                            \
    "<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\">" inner "</manifest>"
#define MEDIA(name)                                                                                \
    "<mediaFile><filename>" name "</filename><hash>" MD5 "</hash>"                                 \
    "<downloadUrl>http://s/x</downloadUrl></mediaFile>"

static bool read_list(const char *xml, struct tp_form_list *list, struct tp_error *error)
{
    return tp_form_list_read(xml, strlen(xml), list, error);
}

static bool read_manifest(const char *xml, struct tp_manifest *manifest, struct tp_error *error)
{
    return tp_manifest_read(xml, strlen(xml), manifest, error);
}

static void a_form_list_is_read(void **state)
{
    struct tp_form_list list = {0};
    struct tp_error error;

    (void)state;
    assert_true(read_list(LIST(FORM("a", MD5) "<other/>" FORM("b", MD5)), &list, &error));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.forms[0].id, "a");
    assert_string_equal(list.forms[0].version, "3");
    assert_string_equal(list.forms[0].md5, "0123456789abcdef0123456789abcdef");
    assert_string_equal(list.forms[1].manifest_url, "http://s/m");
    assert_null(list.forms[1].problem);
    assert_int_equal(list.skipped.code, TP_OK);
    tp_form_list_finish(&list);
    assert_true(read_list(LIST(""), &list, &error));
    assert_int_equal(list.count, 0);
    tp_form_list_finish(&list);
}

static void one_bad_form_does_not_hold_up_the_others(void **state)
{
    struct tp_form_list list = {0};
    struct tp_error error;

    (void)state;
    assert_true(read_list(
        LIST(FORM("../a", MD5) FORM("b", "sha1:00") FORM("c", MD5) FORM("c", MD5) "<xform/>"),
        &list, &error));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.forms[0].id, "b"); /* known, so that its link stays */
    assert_non_null(strstr(list.forms[0].problem, "'b' has a hash that is not md5:HEX"));
    assert_string_equal(list.forms[1].id, "c");
    assert_null(list.forms[1].problem);
    assert_int_not_equal(list.skipped.code, TP_OK);
    tp_form_list_finish(&list);
}

static void what_is_no_form_list_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "<html/>",
        "<xforms/>",
        "<html><body>Sign in</body></html>",
        "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">",
        LIST("&unknown;"),
        "<!DOCTYPE x>" LIST(""),
        "<!DOCTYPE x [<!ENTITY a \"b\">]>" LIST("<xform><formID>&a;</formID></xform>"),
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" LIST(""),
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;]>" LIST(""),
    };
    struct tp_form_list list = {0};
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (read_list(bad[i], &list, &error))
            fail_msg("accepted: %s", bad[i]);
        assert_null(list.forms);
    }
}

static void bombs_and_giants_are_refused(void **state)
{
    struct tp_form_list list = {0};
    struct tp_error error;
    struct tp_buf xml;

    (void)state;
    tp_buf_init(&xml, 4u * TP_XML_BYTES_MAX);
    for (int i = 0; i < 5000; i++)
        tp_buf_puts(&xml, "<a>");
    assert_false(tp_form_list_read(xml.data, xml.length, &list, &error));
    tp_buf_reset(&xml);
    tp_buf_puts(&xml, "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">");
    for (int i = 0; i <= TP_FORMS_MAX; i++)
        tp_buf_printf(&xml,
                      "<xform><formID>f%d</formID><hash>" MD5
                      "</hash><downloadUrl>u</downloadUrl></xform>",
                      i);
    tp_buf_puts(&xml, "</xforms>");
    assert_false(tp_form_list_read(xml.data, xml.length, &list, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_buf_reset(&xml);
    tp_buf_puts(&xml, "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\"");
    for (int i = 0; i < 100000; i++)
        tp_buf_printf(&xml, " a%d=''", i);
    tp_buf_puts(&xml, "/>");
    assert_false(tp_form_list_read(xml.data, xml.length, &list, &error));
    assert_non_null(strstr(error.text, "the form list is not UTF-8, or an element has more than"));
    while (xml.length <= TP_XML_BYTES_MAX)
        tp_buf_puts(&xml, "          ");
    assert_false(tp_form_list_read(xml.data, xml.length, &list, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_buf_finish(&xml);
}

static void a_manifest_is_read_whole_or_not_at_all(void **state)
{
    struct tp_manifest manifest = {0};
    struct tp_error error;

    (void)state;
    assert_true(
        read_manifest(MANIFEST(MEDIA("a.png") MEDIA("consultation.json")), &manifest, &error));
    assert_int_equal(manifest.count, 2);
    assert_string_equal(manifest.media[1].name, "consultation.json");
    tp_manifest_finish(&manifest);
    assert_true(read_manifest(MANIFEST(MEDIA("consultation.json.csv")), &manifest, &error));
    assert_string_equal(manifest.media[0].name, "consultation.json");
    tp_manifest_finish(&manifest);
    assert_false(read_manifest(MANIFEST(MEDIA("consultation.json") MEDIA("consultation.json.csv")),
                               &manifest, &error));
    assert_false(read_manifest(MANIFEST(MEDIA("a.png") MEDIA("../b.png")), &manifest, &error));
    assert_false(read_manifest(MANIFEST(MEDIA("a.png") MEDIA("a.png")), &manifest, &error));
    assert_false(read_manifest(MANIFEST(MEDIA("form.xml")), &manifest, &error));
    assert_false(read_manifest(MANIFEST("<mediaFile/>"), &manifest, &error));
    assert_null(manifest.media);
}

static void a_reply_is_read_and_its_receipt_only_in_its_exact_form(void **state)
{
    static const char good[] =
        "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"
        "<message nature=\"submit_success\">received\xc2\x9b[1m</message>"
        "<t:receipt xmlns:t=\"urn:talkpoint:submission:1\" instanceID=\"uuid:1\" "
        "sha256=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" "
        "received=\"2026-11-23T09:41:07.123Z\" signature=\""
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
        "\"/></OpenRosaResponse>";
    struct tp_reply reply;
    struct tp_error error;
    char *bad;

    (void)state;
    assert_false(tp_reply_read(good, sizeof(good) - 2, &reply, &error));
    assert_false(tp_reply_read("", 0, &reply, &error));
    assert_false(tp_reply_read("<html/>", 7, &reply, &error));
    bad = tp_strdup(good);
    *strstr(bad, "aaaa") = 'A'; /* upper case is not how a hash is written */
    assert_true(tp_reply_read(bad, sizeof(good) - 1, &reply, &error));
    assert_false(reply.has_receipt);
    tp_free(bad);
    assert_true(tp_reply_read(good, sizeof(good) - 1, &reply, &error));
    assert_string_equal(reply.message, "received [1m");
    assert_true(reply.has_receipt);
    assert_string_equal(reply.receipt.instance_id, "uuid:1");
    assert_string_equal(reply.receipt.received, "2026-11-23T09:41:07.123Z");
}

static struct tp_envelope envelope(void)
{
    return (struct tp_envelope){
        .form_id = "a<b&\"c",
        .form_version = "1",
        .instance_id = "uuid:1",
        .sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        .sealed = "sealed\0bytes",
        .sealed_length = 12};
}

static void an_envelope_is_the_same_bytes_each_time(void **state)
{
    struct tp_envelope one = envelope();
    char type[TP_CONTENT_TYPE_MAX];
    struct tp_error error;
    struct tp_buf first;
    struct tp_buf second;

    (void)state;
    tp_buf_init(&first, TP_ENVELOPE_BYTES_MAX);
    tp_buf_init(&second, TP_ENVELOPE_BYTES_MAX);
    assert_true(tp_envelope_write(&one, &first, type, &error));
    assert_string_equal(type, "multipart/form-data; "
                              "boundary=talkpoint-0123456789abcdef0123456789abcdef");
    assert_true(tp_envelope_write(&one, &second, type, &error));
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    assert_non_null(
        strstr(first.data, "id=\"a&lt;b&amp;&quot;c\" version=\"1\" encrypted=\"yes\""));
    assert_non_null(memmem(first.data, first.length, "\r\n\r\nsealed\0bytes\r\n--", 20));
    tp_buf_finish(&first);
    tp_buf_finish(&second);
}

static void a_row_that_cannot_be_sent_is_named(void **state)
{
    struct tp_envelope bad = envelope();
    char type[TP_CONTENT_TYPE_MAX];
    struct tp_error error;
    struct tp_buf body;

    (void)state;
    tp_buf_init(&body, TP_ENVELOPE_BYTES_MAX);
    bad.form_id = "a\x01";
    assert_false(tp_envelope_write(&bad, &body, type, &error));
    assert_int_equal(error.code, TP_ERR_INVALID);
    bad = envelope();
    bad.sha256 = "0123";
    assert_false(tp_envelope_write(&bad, &body, type, &error));
    assert_int_equal(error.code, TP_ERR_INVALID);
    tp_buf_finish(&body);
    bad = envelope();
    bad.sealed_length = TP_ENVELOPE_BYTES_MAX;
    bad.sealed = tp_calloc(1, TP_ENVELOPE_BYTES_MAX);
    assert_false(tp_envelope_write(&bad, &body, type, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    tp_free((void *)bad.sealed);
    tp_buf_finish(&body);
    /* No memory is no reason to set an answer aside. */
    tp_mem_fail_at(1);
    bad = envelope();
    assert_false(tp_envelope_write(&bad, &body, type, &error));
    tp_mem_fail_at(0);
    assert_int_equal(error.code, TP_ERR_MEMORY);
    tp_buf_finish(&body);
}

#define KEY "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

static void a_claim_is_read_or_refused(void **state)
{
    static const char good[] =
        "{\"device_id\":\"uuid:1\",\"token\":\"abc-_\",\"sealing_key\":\"" KEY
        "\",\"receipt_key\":\"" KEY "\",\"name\":\"Cowley Library\"}";
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "nonsense",
        "{\"device_id\":\"uuid:1\",\"token\":\"a b\",\"sealing_key\":\"" KEY
        "\",\"receipt_key\":\"" KEY "\",\"name\":\"x\"}",
        "{\"device_id\":\"uuid:1\",\"token\":\"a\\r\\nX: y\",\"sealing_key\":\"" KEY
        "\",\"receipt_key\":\"" KEY "\",\"name\":\"x\"}",
        "{\"device_id\":\"uuid:1\",\"token\":\"a\",\"sealing_key\":\"AAAA\",\"receipt_key\":\"" KEY
        "\",\"name\":\"x\"}",
        "{\"device_id\":\"uuid:1\",\"token\":\"a\",\"sealing_key\":\"" KEY
        "\",\"receipt_key\":\"" KEY "\",\"name\":\"x\\n[store]\\nurl = http://evil\"}",
        "{\"device_id\":7,\"token\":\"a\",\"sealing_key\":\"" KEY "\",\"receipt_key\":\"" KEY
        "\",\"name\":\"x\"}",
    };
    struct tp_claim claim = {0};
    struct tp_error error;

    (void)state;
    assert_true(tp_claim_read(good, sizeof(good) - 1, &claim, &error));
    assert_string_equal(claim.name, "Cowley Library");
    assert_string_equal(claim.token, "abc-_");
    tp_claim_wipe(&claim);
    assert_string_equal(claim.token, "");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (tp_claim_read(bad[i], strlen(bad[i]), &claim, &error))
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(claim.token, "");
    }
}

static void an_enrolment_number_and_a_time_are_read(void **state)
{
    struct tp_error error;
    static const char certified[] = "{\"time_ms\":1795426867123,\"stick_certificate\":\"AAAA\"}";
    struct tp_heartbeat_answer answer;
    int64_t value = 7;

    (void)state;
    assert_false(tp_enrolment_read("{\"id\":0}", 8, &value, &error));
    assert_false(tp_enrolment_read("{\"id\":\"1\"}", 10, &value, &error));
    assert_false(tp_enrolment_read("{\"id\":1,\"id\":2}", 15, &value, &error));
    assert_int_equal(value, 7);
    assert_true(tp_enrolment_read("{\"id\":41}", 9, &value, &error));
    assert_int_equal(value, 41);
    assert_false(tp_heartbeat_answer_read("{\"time_ms\":12}", 14, &answer, &error));
    assert_false(tp_heartbeat_answer_read("{\"time_ms\":1e15}", 16, &answer, &error));
    assert_true(tp_heartbeat_answer_read("{\"time_ms\":1795426867123}", 25, &answer, &error));
    assert_int_equal(answer.time_ms, INT64_C(1795426867123));
    assert_string_equal(answer.stick_certificate, "");
    assert_true(tp_heartbeat_answer_read(certified, strlen(certified), &answer, &error));
    assert_string_equal(answer.stick_certificate, "AAAA");
}

static void store_addresses_are_checked_in_plain_words(void **state)
{
    static const char *const bad[] = {
        "",        "talkpoint",          "ftp://a",       "file:///etc/passwd",
        "http://", "http://me:secret@a", "http://a/?x=1", "http://a/#b"};
    char clean[TP_STORE_URL_MAX] = "untouched";
    char giant[400];
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (tp_http_check_store_url(bad[i], clean, &error))
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(error.code, TP_ERR_MISUSE);
    }
    memset(giant, 'a', sizeof(giant));
    memcpy(giant, "http://", 7);
    giant[sizeof(giant) - 1] = '\0';
    assert_false(tp_http_check_store_url(giant, clean, &error));
    assert_string_equal(clean, "untouched");
    assert_true(tp_http_check_store_url("https://talkpoint.example.gov.uk/", clean, &error));
    assert_string_equal(clean, "https://talkpoint.example.gov.uk");
    assert_true(tp_http_check_store_url("http://127.0.0.1:8080/talk/", clean, &error));
    assert_string_equal(clean, "http://127.0.0.1:8080/talk");
}

static void the_token_travels_in_the_clear_only_within_this_machine(void **state)
{
    (void)state;
    assert_true(tp_http_url_is_private("https://example.org"));
    assert_true(tp_http_url_is_private("http://127.0.0.1:8080"));
    assert_true(tp_http_url_is_private("http://localhost"));
    assert_true(tp_http_url_is_private("http://[::1]:80"));
    assert_false(tp_http_url_is_private("http://example.org"));
    assert_false(tp_http_url_is_private("http://127.0.0.1.example.org"));
    assert_false(tp_http_url_is_private("http://192.168.0.1"));
}

static void addresses_from_the_list_stay_with_the_store(void **state)
{
    static const char *const bad[] = {"http://evil/f.xml",     "https://store/f.xml",
                                      "http://store:81/f.xml", "http://store.evil/f.xml",
                                      "//evil/f.xml",          "http://me@store/f.xml",
                                      "ftp://store/f.xml",     "javascript:x"};
    char url[TP_HTTP_URL_MAX];
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (tp_http_same_origin("http://store/path", bad[i], url, &error))
            fail_msg("accepted: %s as %s", bad[i], url);
    assert_true(tp_http_same_origin("http://store/path", "http://STORE:80/f.xml", url, &error));
    assert_true(tp_http_same_origin("http://store/path", "/forms/a/1/form.xml", url, &error));
    assert_string_equal(url, "http://store/forms/a/1/form.xml");
}

static bool read_settings(const char *text, struct tp_odk_settings *settings,
                          struct tp_error *error)
{
    return tp_odk_settings_read(text, strlen(text), settings, error);
}

/* The code is zlib's and base64's of
 * {"general":{"server_url":"https://odk.example/v1/key/T/projects/7",
 * "username":"ranger","password":"pw"},"admin":{}}, made by Python's zlib and base64. */
static void settings_of_odk_are_read_in_each_of_their_forms(void **state)
{
    static const char json[] =
        "{\"general\":{\"server_url\":\"https://odk.example/v1/key/T/projects/7\","
        "\"username\":\"ranger\",\"password\":\"pw\"},\"admin\":{}}";
    static const char code[] = "eNoNjcEKg0AMBf8lZ2nwVPA7ei/BfdhWdzckq7bI/"
                               "ntznIFhLlpQYLLRdJHDDthztyB6taY+Mde03vCVrBv4GHnFjx+sVj+Ym/"
                               "OdBtqjK5IRkUlZYOFU3M9qKZye1AeSlN8lJr3/AS7oKAs=";
    static const char *const with_user[] = {json, code};
    struct tp_odk_settings settings;
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        if (!read_settings(with_user[i], &settings, &error))
            fail_msg("%s", error.text);
        assert_string_equal(settings.url, "https://odk.example/v1/key/T/projects/7");
        assert_string_equal(settings.user, "ranger");
        assert_string_equal(settings.password, "pw");
    }
    assert_true(read_settings(" https://odk.example/x \n", &settings, &error));
    assert_string_equal(settings.url, "https://odk.example/x");
    assert_string_equal(settings.user, "");
}

static void what_is_no_settings_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        " \n",
        "{",
        "{}",
        "[]",
        "{\"general\":[]}",
        "{\"general\":{}}",
        "{\"general\":{\"server_url\":7}}",
        "{\"general\":{\"server_url\":\"https://a\\nb\"}}",
        "{\"general\":{\"server_url\":\"https://a\",\"username\":{}}}",
        "ftp://odk.example/",
        "AAAA",
        "!!!!",
        "https://a\nb",
        /* A stream of 70,000 spaces: larger than any settings. */
        "eNrtwTEBAAAAwqAq65/"
        "SEp5AAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAABvAxibL/8=",
    };
    struct tp_odk_settings settings = {.url = "kept"};
    struct tp_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (read_settings(bad[i], &settings, &error))
            fail_msg("took number %zu", i);
        assert_string_equal(settings.url, "kept");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_list_is_read),
        cmocka_unit_test(one_bad_form_does_not_hold_up_the_others),
        cmocka_unit_test(what_is_no_form_list_is_refused),
        cmocka_unit_test(bombs_and_giants_are_refused),
        cmocka_unit_test(a_manifest_is_read_whole_or_not_at_all),
        cmocka_unit_test(a_reply_is_read_and_its_receipt_only_in_its_exact_form),
        cmocka_unit_test(an_envelope_is_the_same_bytes_each_time),
        cmocka_unit_test(a_row_that_cannot_be_sent_is_named),
        cmocka_unit_test(settings_of_odk_are_read_in_each_of_their_forms),
        cmocka_unit_test(what_is_no_settings_is_refused),
        cmocka_unit_test(a_claim_is_read_or_refused),
        cmocka_unit_test(an_enrolment_number_and_a_time_are_read),
        cmocka_unit_test(store_addresses_are_checked_in_plain_words),
        cmocka_unit_test(the_token_travels_in_the_clear_only_within_this_machine),
        cmocka_unit_test(addresses_from_the_list_stay_with_the_store),
    };

    tp_xml_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
