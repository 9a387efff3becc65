/* Paths, queries, forms, cookies and multipart messages. */
#include "tp_test.h"

#include <string.h>

#include "central/http/decode.h"
#include "central/http/exchange.h"
#include "central/http/multipart.h"

static void path_is_split_and_decoded(void **state)
{
    struct tp_path path;

    (void)state;
    assert_true(tp_path_parse("/forms/library%2Dhours/1%2F2/media/caf%C3%A9.png?x=/", &path, NULL));
    assert_int_equal(path.count, 5);
    assert_string_equal(path.segments[1], "library-hours");
    assert_string_equal(path.segments[2], "1/2");
    assert_string_equal(path.segments[4], "caf\xc3\xa9.png");
    tp_path_finish(&path);
    assert_true(tp_path_parse("/", &path, NULL));
    assert_int_equal(path.count, 0);
    tp_path_finish(&path);
}

/* Whatever came in that a header repeats. */
static void a_header_stays_one_header(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    tp_exchange_init(&exchange);
    tp_respond(&exchange, 200, NULL);
    tp_respond_header(&exchange, "Location", "/%s", "a\r\nSet-Cookie: x=1");
    tp_respond_header(&exchange, "Location", "/%s", "a\nb");
    assert_int_equal(exchange.response.header_count, 0);
    tp_respond_header(&exchange, "Location", "/%s", "a");
    assert_int_equal(exchange.response.header_count, 1);
    tp_exchange_finish(&exchange);
}

static void path_tricks_are_refused(void **state)
{
    static const char *const bad[] = {"forms",     "/a//b",   "/..",        "/a/%2e%2e/b",
                                      "/.",        "/a/./b",  "/%",         "/%1",
                                      "/%zz",      "/%00",    "/a%0",       "/a%ff",
                                      "/\xc3\x28", "/%c0%ae", "//a",        "*",
                                      "http://x/", "/a\x01",  "/%ed%a0%80", "/1/2/3/4/5/6/7/8/9",
                                      ""};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct tp_path path = {.count = 99};

        if (tp_path_parse(bad[i], &path, NULL))
            fail_msg("'%s' was taken", bad[i]);
        assert_int_equal(path.count, 99);
    }
}

static void fields_are_read_as_a_browser_writes_them(void **state)
{
    static const char text[] = "name=Cowley+Library&code=K7QM%2D4TXB&empty=&alone&&a=%3D%26";
    struct tp_fields fields;

    (void)state;
    assert_true(tp_fields_parse(text, strlen(text), &fields));
    assert_string_equal(tp_fields_get(&fields, "name"), "Cowley Library");
    assert_string_equal(tp_fields_get(&fields, "code"), "K7QM-4TXB");
    assert_string_equal(tp_fields_get(&fields, "empty"), "");
    assert_string_equal(tp_fields_get(&fields, "alone"), "");
    assert_string_equal(tp_fields_get(&fields, "a"), "=&");
    assert_null(tp_fields_get(&fields, "none"));
    tp_fields_finish(&fields);
    assert_false(tp_fields_parse("a=%0", 4, &fields));
    assert_false(tp_fields_parse("a=%00", 5, &fields));
    assert_false(tp_fields_parse("a=\xff", 3, &fields));
}

static void fields_have_a_cap(void **state)
{
    char text[4 * (TP_FIELDS_MAX + 1) + 1] = "";
    struct tp_fields fields;

    (void)state;
    for (size_t i = 0; i <= TP_FIELDS_MAX; i++)
        memcpy(text + i * 4, "a=b&", 5);
    assert_true(tp_fields_parse(text, 4 * (size_t)TP_FIELDS_MAX, &fields));
    assert_int_equal(fields.count, TP_FIELDS_MAX);
    tp_fields_finish(&fields);
    assert_false(tp_fields_parse(text, strlen(text), &fields));
}

static void cookie_is_found_among_others_by_its_whole_name(void **state)
{
    char value[8];

    (void)state;
    assert_true(tp_cookie_find("a=1; talkpoint=abc; b=2", "talkpoint", value, sizeof(value)));
    assert_string_equal(value, "abc");
    assert_false(tp_cookie_find("xtalkpoint=abc", "talkpoint", value, sizeof(value)));
    assert_false(tp_cookie_find("talkpoint", "talkpoint", value, sizeof(value)));
    assert_false(tp_cookie_find("talkpoint=12345678", "talkpoint", value, sizeof(value)));
    assert_false(tp_cookie_find("", "talkpoint", value, sizeof(value)));
}

/* ---- multipart ---- */

struct got {
    struct tp_part_head heads[8];
    char bytes[8][256];
    size_t lengths[8];
    size_t begun;
    size_t ended;
};

static bool begin(void *context, const struct tp_part_head *head, struct tp_error *error)
{
    struct got *got = context;

    if (got->begun == 8)
        return tp_fail(error, TP_ERR_LIMIT, "too many for the test");
    got->heads[got->begun++] = *head;
    return true;
}

static bool data(void *context, const void *bytes, size_t count, struct tp_error *error)
{
    struct got *got = context;
    size_t *length = &got->lengths[got->begun - 1];

    (void)error;
    assert_true(*length + count <= 256);
    memcpy(got->bytes[got->begun - 1] + *length, bytes, count);
    *length += count;
    return true;
}

static bool end(void *context, struct tp_error *error)
{
    struct got *got = context;

    (void)error;
    got->ended++;
    return true;
}

static bool read_message(const char *type, const char *message, struct got *got)
{
    const struct tp_multipart_sink sink = {begin, data, end, got};
    struct tp_multipart reader;

    memset(got, 0, sizeof(*got));
    return tp_multipart_init(&reader, type, &sink, NULL) &&
           tp_multipart_feed(&reader, message, strlen(message), NULL) &&
           tp_multipart_finish(&reader, NULL);
}

#define TYPE "multipart/form-data; boundary=XX"

static void parts_come_with_names_types_and_exact_bytes(void **state)
{
    struct got got;

    (void)state;
    assert_true(
        read_message(TYPE,
                     "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                     "one\r\n--X\r\n-\r\n--XX\r\n"
                     "content-type: Text/XML; charset=utf-8\r\n"
                     "CONTENT-DISPOSITION: form-data; filename=\"C:\\dir\\b \\\"c\\\".xml\"; "
                     "name=b\r\n\r\n\r\n--XX--\r\nepilogue",
                     &got));
    assert_int_equal(got.begun, 2);
    assert_int_equal(got.ended, 2);
    assert_string_equal(got.heads[0].name, "a");
    assert_string_equal(got.heads[0].filename, "");
    assert_string_equal(got.bytes[0], "one\r\n--X\r\n-");
    assert_string_equal(got.heads[1].name, "b");
    assert_string_equal(got.heads[1].filename, "b \"c\".xml");
    assert_string_equal(got.heads[1].type, "text/xml");
    assert_int_equal(got.lengths[1], 0);
}

static void boundary_is_checked(void **state)
{
    static const char *const bad[] = {"multipart/form-data",
                                      "multipart/form-data; boundary=",
                                      "multipart/form-data; boundary=\"",
                                      "multipart/form-data; boundary=a; boundary=b",
                                      "multipart/form-data; boundary=\"a\r\nb\"",
                                      "multipart/mixed; boundary=a",
                                      "multipart/form-dataX; boundary=a",
                                      "text/plain",
                                      "multipart/form-data; boundary="
                                      "12345678901234567890123456789012345678901234567890"
                                      "123456789012345678901"};
    struct got got;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct tp_multipart_sink sink = {begin, data, end, &got};
        struct tp_multipart reader;

        if (tp_multipart_init(&reader, bad[i], &sink, NULL))
            fail_msg("'%s' was taken", bad[i]);
    }
    assert_true(read_message("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"",
                             "preamble\r\n--a b \t\r\nContent-Disposition: form-data; name=x\r\n"
                             "\r\n1\r\n--a b--",
                             &got));
    assert_string_equal(got.bytes[0], "1");
}

static void messages_that_are_not_clear_are_refused(void **state)
{
#define PART "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n"
    static const char *const bad[] = {
        "",
        "--XX",
        "--XXx\r\n--XX--",
        PART "\r\nbytes",
        PART "\r\nbytes\r\n--XX",
        PART "\r\nbytes\r\n--XX-",
        PART "\r\nbytes\r\n--XXX--",
        "--XX\r\n\r\nno headers\r\n--XX--",
        "--XX\r\nContent-Type: text/plain\r\n\r\nno name\r\n--XX--",
        "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data\r\n\r\n\r\n--XX--",
        PART "Content-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--XX--",
        PART "Content-Transfer-Encoding: base64\r\n\r\n\r\n--XX--",
        PART "X: a\nb\r\n\r\n\r\n--XX--",
        PART "X: \xff\r\n\r\n\r\n--XX--",
    };
    struct got got;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (read_message(TYPE, bad[i], &got))
            fail_msg("message %zu was taken", i);
    }
}

static void endless_headers_and_parts_are_refused(void **state)
{
    struct got got = {.begun = 0};
    const struct tp_multipart_sink sink = {begin, data, end, &got};
    struct tp_multipart reader;
    struct tp_error error;
    size_t fed = 0;

    (void)state;
    assert_true(tp_multipart_init(&reader, TYPE, &sink, &error));
    assert_true(tp_multipart_feed(&reader, "--XX\r\n", 6, &error));
    while (tp_multipart_feed(&reader, "X: y\r\n", 6, &error))
        fed += 6;
    assert_true(fed <= TP_PART_HEADERS_MAX);
    assert_false(tp_multipart_feed(&reader, "X", 1, &error));
    assert_false(tp_multipart_finish(&reader, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_is_split_and_decoded),
        cmocka_unit_test(a_header_stays_one_header),
        cmocka_unit_test(path_tricks_are_refused),
        cmocka_unit_test(fields_are_read_as_a_browser_writes_them),
        cmocka_unit_test(fields_have_a_cap),
        cmocka_unit_test(cookie_is_found_among_others_by_its_whole_name),
        cmocka_unit_test(parts_come_with_names_types_and_exact_bytes),
        cmocka_unit_test(boundary_is_checked),
        cmocka_unit_test(messages_that_are_not_clear_are_refused),
        cmocka_unit_test(endless_headers_and_parts_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
