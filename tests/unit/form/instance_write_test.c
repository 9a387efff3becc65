/* core/form/session: the finished instance, byte for byte. */
#include "base/zone.h"
#include "forms.h"

static const char form[] = F_MODEL(
    "<start/><end/><today/><device/><q/><g><hidden/><deep/></g><text/>",
    "<bind nodeset=\"/data/start\" type=\"dateTime\" jr:preload=\"timestamp\" "
    "jr:preloadParams=\"start\"/>"
    "<bind nodeset=\"/data/end\" type=\"dateTime\" jr:preload=\"timestamp\" "
    "jr:preloadParams=\"end\"/>"
    "<bind nodeset=\"/data/today\" type=\"date\" jr:preload=\"date\" jr:preloadParams=\"today\"/>"
    "<bind nodeset=\"/data/device\" jr:preload=\"property\" jr:preloadParams=\"deviceid\"/>"
    "<bind nodeset=\"/data/g\" relevant=\"/data/q = 'show'\"/>"
    "<bind nodeset=\"/data/orx:meta/orx:instanceID\" jr:preload=\"uid\"/>",
    "<input ref=\"/data/q\"/><input ref=\"/data/g/deep\"/><input ref=\"/data/text\"/>");

static void finish(struct tp_session *session, const struct tp_context *context, struct tp_buf *xml,
                   char id[TP_SESSION_ID_MAX])
{
    struct tp_error error = {0};

    tp_buf_init(xml, TP_INSTANCE_MAX);
    if (!tp_session_finish(session, context, xml, id, &error))
        fail_msg("%s", error.text);
}

static void the_instance_is_exact(void **state)
{
    const struct tp_context context = {.venue = "Cowley Library",
                                       .channel = "library",
                                       .language = "pl",
                                       .reading_mode = "easy-read",
                                       .privacy_version = "2",
                                       .pace = "fast",
                                       .clock = "trusted",
                                       .practice = true,
                                       .receipt_code = "K7QM"};
    struct tp_session *session;
    char id[TP_SESSION_ID_MAX];
    char again[TP_SESSION_ID_MAX];
    char wanted[4096];
    struct tp_buf xml;

    (void)state;
    assert_true(tp_zone_load("Europe/London", &the_zone, NULL));
    session = open_form(form);
    tp_clock_fake_advance(&the_clock, 5 * 60 * 1000);
    answer(session, "/data/text", "a < b & \"c\"\r\n\x01 e\u0301");
    finish(session, &context, &xml, id);
    (void)snprintf(
        wanted, sizeof(wanted),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"test\" version=\"7\">"
        "<start>2026-11-23T09:41:00.000+00:00</start><end>2026-11-23T09:46:00.000+00:00</end>"
        "<today>2026-11-23</today><device>uuid:device</device><q/>"
        "<text>a &lt; b &amp; \"c\"&#13;\n \u00E9</text>"
        "<orx:meta><orx:instanceID>%s</orx:instanceID><orx:deviceID>uuid:device</orx:deviceID>"
        "<tp:context xmlns:tp=\"urn:talkpoint:context:1\"><tp:venue>Cowley Library</tp:venue>"
        "<tp:channel>library</tp:channel><tp:language>pl</tp:language>"
        "<tp:readingMode>easy-read</tp:readingMode><tp:privacyVersion>2</tp:privacyVersion>"
        "<tp:clock>trusted</tp:clock><tp:pace>fast</tp:pace><tp:practice>true</tp:practice>"
        "<tp:receiptCode>K7QM</tp:receiptCode></tp:context></orx:meta></data>",
        id);
    assert_string_equal(tp_buf_text(&xml), wanted);
    tp_buf_finish(&xml);
    finish(session, NULL, &xml, again);
    assert_string_equal(id, again);
    tp_buf_finish(&xml);
    close_form(session);
    tp_zone_destroy(the_zone);
    the_zone = NULL;
}

static void what_is_not_asked_is_left_out(void **state)
{
    struct tp_session *session = open_form(form);
    char id[TP_SESSION_ID_MAX];
    struct tp_buf xml;

    (void)state;
    answer(session, "/data/q", "show");
    answer(session, "/data/g/deep", "x");
    finish(session, NULL, &xml, id);
    assert_non_null(strstr(tp_buf_text(&xml), "<g><hidden/><deep>x</deep></g>"));
    tp_buf_finish(&xml);
    answer(session, "/data/q", "");
    finish(session, NULL, &xml, id);
    assert_null(strstr(tp_buf_text(&xml), "<g>"));
    tp_buf_finish(&xml);
    close_form(session);
}

static void two_people_have_two_ids(void **state)
{
    struct tp_form *loaded = load_form(form, NULL);
    struct tp_session *first = open_session(loaded, NULL);
    struct tp_session *second;
    char one[TP_SESSION_ID_MAX];
    char two[TP_SESSION_ID_MAX];
    const struct tp_session_params params = {.clock = tp_clock_system(),
                                             .random = tp_random_system()};
    struct tp_error error;
    struct tp_buf xml;

    (void)state;
    assert_true(tp_session_create(loaded, &params, &second, &error));
    finish(first, NULL, &xml, one);
    tp_buf_finish(&xml);
    finish(second, NULL, &xml, two);
    tp_buf_finish(&xml);
    assert_string_not_equal(one, two);
    assert_int_equal(strlen(one), 41);
    tp_session_destroy(first);
    tp_session_destroy(second);
    tp_form_destroy(loaded);
}

static void a_form_s_own_id_is_kept_where_it_is_one(void **state)
{
    static const struct {
        const char *behind; /* "uuid:" */
        bool kept;
    } cases[] = {{"from-the-form", true},
                 {"123456789012345678901234567890123456789012", true},
                 {"1234567890123456789012345678901234567890123", false},
                 {"two words", false},
                 {"Zo\u00EB", false}};
    struct tp_session *session;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char wanted[128];
        char id[TP_SESSION_ID_MAX];
        struct tp_buf xml;

        session = open_form(F("<q/>",
                              "<bind nodeset=\"/data/orx:meta/orx:instanceID\" "
                              "calculate=\"concat('uuid:', /data/q)\"/>",
                              "<input ref=\"/data/q\"/>"));
        answer(session, "/data/q", cases[i].behind);
        finish(session, NULL, &xml, id);
        tp_buf_finish(&xml);
        (void)snprintf(wanted, sizeof(wanted), "uuid:%s", cases[i].behind);
        if (cases[i].kept)
            assert_string_equal(id, wanted);
        else
            assert_int_equal(strlen(id), 41);
        close_form(session);
    }
}

static void namespaces_stay_what_they_are(void **state)
{
    static const char xml[] =
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\">"
        "<h:head><model><instance><data xmlns=\"urn:mine\" id=\"a\" x=\"1\"><q/>"
        "<meta xmlns=\"http://openrosa.org/xforms\"><instanceID/></meta></data></instance>"
        "</model></h:head><h:body><input ref=\"/data/q\"/></h:body></h:html>";
    struct tp_session *session = open_form(xml);
    char id[TP_SESSION_ID_MAX];
    struct tp_buf out;

    (void)state;
    finish(session, NULL, &out, id);
    assert_non_null(strstr(tp_buf_text(&out), "<data xmlns=\"urn:mine\" id=\"a\" x=\"1\"><q/>"
                                              "<meta xmlns=\"http://openrosa.org/xforms\">"));
    tp_buf_finish(&out);
    close_form(session);
}

/* Engines that read it on write such decimals so; people and expressions see the number. */
static void a_decimal_has_a_point(void **state)
{
    static const struct {
        const char *typed, *seen, *written;
    } cases[] = {{"10", "10", "10.0"}, {"-1", "-1", "-1.0"}, {"2.50", "2.5", "2.5"}, {"", "", ""}};
    struct tp_session *session =
        open_form(F("<n/><same/><whole/>",
                    "<bind nodeset=\"/data/n\" type=\"decimal\"/>"
                    "<bind nodeset=\"/data/same\" calculate=\"concat('n=', /data/n)\"/>"
                    "<bind nodeset=\"/data/whole\" type=\"int\" calculate=\"/data/n\"/>",
                    "<input ref=\"/data/n\"/>"));

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char wanted[128];
        char id[TP_SESSION_ID_MAX];
        struct tp_buf xml;

        answer(session, "/data/n", cases[i].typed);
        assert_string_equal(value_at(session, "/data/n"), cases[i].seen);
        finish(session, NULL, &xml, id);
        if (*cases[i].written)
            (void)snprintf(wanted, sizeof(wanted), "<n>%s</n><same>n=%s</same><whole>%.*s</whole>",
                           cases[i].written, cases[i].seen, (int)strcspn(cases[i].written, "."),
                           cases[i].written);
        else
            (void)snprintf(wanted, sizeof(wanted), "<n/><same>n=</same><whole/>");
        if (!strstr(tp_buf_text(&xml), wanted))
            fail_msg("%s is not in %s", wanted, tp_buf_text(&xml));
        tp_buf_finish(&xml);
    }
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_instance_is_exact),
        cmocka_unit_test(what_is_not_asked_is_left_out),
        cmocka_unit_test(two_people_have_two_ids),
        cmocka_unit_test(namespaces_stay_what_they_are),
        cmocka_unit_test(a_decimal_has_a_point),
        cmocka_unit_test(a_form_s_own_id_is_kept_where_it_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
