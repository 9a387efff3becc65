/* Exports: columns from the form, formula-safe cells, labels and codes, equality joined. */
#include <jansson.h>

#include "central/export/csv.h"
#include "unit/central/exports.h"
#include "unit/central/one_world.h"

#define CONTEXT(facts) "<tp:context xmlns:tp=\"urn:talkpoint:context:1\">" facts "</tp:context>"

static void answer(const char *form, const char *id, const char *content, const char *context)
{
    char xml[4096];

    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"%s\" version=\"1\">%s<meta xmlns=\"http://openrosa.org/xforms\">"
                   "<instanceID>%s</instanceID>%s</meta></data>",
                   form, content, id, context);
    world_answer(&world, form, id, xml, 201);
}

static char *export_of(struct tp_export_options options)
{
    options.form = options.form ? options.form : "hours";
    return export_all(&world, options);
}

static void csv_has_one_row_an_answer_and_splits_multiple_choice(void **state)
{
    static const char wanted[] =
        "instanceID,received,version,late,screen,venue,event,channel,language,readingMode,"
        "privacyVersion,clock,pace,receiptCode,practice,about,problem,start,open,why,kinds,kinds/"
        "books,"
        "kinds/films,about/age\r\n"
        "uuid:1,2026-11-23T09:41:07.123Z,1,0,Cowley Library,Cowley,,library,en,standard,2026-1,"
        ",fast,K7QM,,,,,yes,\"a \"\"b\"\", c\nd\",books films,1,1,71\r\n"
        "uuid:2,2026-11-23T09:41:07.123Z,1,0,Cowley Library,,,,,,,,,,,,,,no,,films,0,1,\r\n"
        "uuid:3,2026-11-23T09:41:07.123Z,1,0,Cowley Library,,,,,,,,,,,,,,,,,,,-5\r\n";
    char *csv;

    (void)state;
    answer("hours", "uuid:1",
           "<open>yes</open><why>a \"b\", c\nd</why><kinds>books films</kinds>"
           "<about><age>71</age></about>",
           CONTEXT("<tp:venue>Cowley</tp:venue><tp:channel>library</tp:channel>"
                   "<tp:language>en</tp:language><tp:readingMode>standard</tp:readingMode>"
                   "<tp:privacyVersion>2026-1</tp:privacyVersion><tp:pace>fast</tp:pace>"
                   "<tp:receiptCode>K7QM</tp:receiptCode>"));
    answer("hours", "uuid:2", "<open>no</open><kinds>films</kinds>", "");
    answer("hours", "uuid:3", "<about><age>-5</age></about>", "");
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    assert_string_equal(csv, wanted);
    tp_free(csv);
}

static void formulas_are_disarmed(void **state)
{
    static const char *const evil[] = {"=1+1", "+44 1865", "-2+3", "@SUM(A1)", "\tx", "=\"a\""};
    static const char *const safe[] = {"'=1+1",     "'+44 1865", "'-2+3",
                                       "'@SUM(A1)", "'\tx",      "\"'=\"\"a\"\"\""};
    char *csv;

    (void)state;
    for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
        char id[32];
        char content[128];

        (void)snprintf(id, sizeof(id), "uuid:%zu", i);
        (void)snprintf(content, sizeof(content), "<why>%s</why><about><age>=1</age></about>",
                       evil[i]);
        answer("hours", id, content, "");
    }
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
        if (!strstr(csv, safe[i]))
            fail_msg("'%s' is not there", safe[i]);
    }
    assert_null(strstr(csv, ",="));
    assert_null(strstr(csv, ",+"));
    assert_null(strstr(csv, ",@"));
    assert_non_null(strstr(csv, ",\"'=1\"\r\n"));
    tp_free(csv);
}

static void labels_come_in_the_language_asked_for(void **state)
{
    char *csv;

    (void)state;
    answer("hours", "uuid:1", "<open>yes</open><kinds>books films other</kinds>", "");
    csv =
        export_of((struct tp_export_options){.format = TP_EXPORT_CSV, .labels = true, .bom = true});
    assert_memory_equal(csv, "\xef\xbb\xbfinstanceID", 13);
    assert_non_null(strstr(csv, ",Open on Sundays?,Why?,What kinds?,What kinds?: Books,"
                                "\"What kinds?: Films, discs\",Age\r\n"));
    assert_non_null(strstr(csv, ",\"Yes, please\",,\"Books; Films, discs; other\",1,1,\r\n"));
    tp_free(csv);
    csv = export_of(
        (struct tp_export_options){.format = TP_EXPORT_CSV, .labels = true, .language = "pl-PL"});
    assert_non_null(strstr(csv, ",Otwarte w niedziele?,"));
    assert_non_null(strstr(csv, ",Tak,"));
    tp_free(csv);
}

static void json_has_one_object_a_line(void **state)
{
    json_t *list;
    json_t *one;
    char *text;

    (void)state;
    text = export_of((struct tp_export_options){.format = TP_EXPORT_JSON});
    assert_string_equal(text, "[\n]\n");
    tp_free(text);
    answer("hours", "uuid:1",
           "<open>yes</open><why>\"quoted\" \xc5\x82</why><kinds>books films</kinds>"
           "<about><age>71</age></about>",
           CONTEXT("<tp:venue>Cowley</tp:venue>"));
    answer("hours", "uuid:2", "", "");
    text = export_of((struct tp_export_options){.format = TP_EXPORT_JSON});
    list = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(list), 2);
    one = json_array_get(list, 0);
    assert_string_equal(json_string_value(json_object_get(one, "instanceID")), "uuid:1");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(one, "context"), "venue")), "Cowley");
    one = json_object_get(one, "answers");
    assert_string_equal(json_string_value(json_object_get(one, "why")), "\"quoted\" \xc5\x82");
    assert_int_equal(json_array_size(json_object_get(one, "kinds")), 2);
    assert_int_equal(json_integer_value(json_object_get(one, "about/age")), 71);
    assert_null(json_object_get(one, "note"));
    json_decref(list);
    tp_free(text);
}

static const char equality_form[] =
    "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/2002/xforms\">"
    "<h:head><h:title>E</h:title><model><instance><data id=\"equality\" version=\"1\"><sex/>"
    "<meta><instanceID/></meta></data></instance><bind nodeset=\"/data/sex\" type=\"string\"/>"
    "</model></h:head><h:body><select1 ref=\"/data/sex\"><label>Sex</label><item><label>Female"
    "</label><value>1</value></item></select1></h:body></h:html>";

static void equality_answers_are_joined_by_what_they_are_about(void **state)
{
    char *csv;

    (void)state;
    world_publish(&world, "equality", "1", "equality", equality_form, NULL);
    answer("hours", "uuid:1", "<open>yes</open>", "");
    answer("hours", "uuid:2", "<open>no</open>", "");
    answer("equality", "uuid:e1", "<sex>1</sex>", CONTEXT("<tp:about>uuid:2</tp:about>"));
    answer("equality", "uuid:e2", "<sex>2</sex>", CONTEXT("<tp:about>uuid:9</tp:about>"));
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    assert_non_null(strstr(csv, ",about/age,equality/sex\r\n"));
    assert_non_null(strstr(csv, ",yes,,,,,,\r\n"));
    assert_non_null(strstr(csv, ",no,,,,,,1\r\n"));
    tp_free(csv);
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV, .no_equality = true});
    assert_null(strstr(csv, "equality/"));
    tp_free(csv);
    csv = export_of((struct tp_export_options){.form = "equality", .format = TP_EXPORT_CSV});
    assert_non_null(strstr(csv, "uuid:2,,1\r\n"));
    tp_free(csv);
}

static void practice_is_left_out_unless_asked_for(void **state)
{
    char *csv;

    (void)state;
    answer("hours", "uuid:1", "<open>yes</open>",
           CONTEXT("<tp:channel>practice</tp:channel><tp:practice>true</tp:practice>"));
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    assert_null(strstr(csv, "uuid:1"));
    tp_free(csv);
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV, .practice = true});
    assert_non_null(strstr(csv, "uuid:1"));
    tp_free(csv);
}

static void what_cannot_be_read_is_a_row_with_a_problem(void **state)
{
    char *csv;

    (void)state;
    world_answer(&world, "hours", "uuid:1", "this is not XML", 201);
    answer("hours", "uuid:2", "<open>yes</open>", "");
    world_answer(&world, "hours", "uuid:3",
                 "<data id=\"hours\"><open>no</open><meta><instanceID>uuid:9</instanceID></meta>"
                 "</data>",
                 201);
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    assert_non_null(strstr(csv, "what was sealed is not XML"));
    assert_non_null(strstr(csv, "\r\nuuid:2,"));
    assert_non_null(strstr(csv, "its instanceID is not the one it was sent under"));
    tp_free(csv);
}

static void names_that_are_too_long_are_no_question(void **state)
{
    char content[3 * 1024];
    char name[1100];
    char *csv;

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    (void)snprintf(content, sizeof(content), "<why>w</why><%s>stray</%s><open>yes</open>", name,
                   name);
    answer("hours", "uuid:1", content, "");
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    assert_null(strstr(csv, "stray"));
    assert_non_null(strstr(csv, ",yes,w,"));
    tp_free(csv);
}

static void older_versions_add_their_columns_at_the_end(void **state)
{
    static const char newer[] =
        "<html><head><title/><model><instance><data id=\"hours\" version=\"2\"><open/><new/>"
        "</data></instance></model></head><body/></html>";
    char *csv;

    (void)state;
    tp_clock_fake_advance(&world.time, 1000);
    world_publish(&world, "hours", "2", "consultation", newer, NULL);
    answer("hours", "uuid:1", "<open>yes</open><new>n</new><why>w</why>", "");
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    assert_non_null(strstr(csv, ",problem,open,new,start,why,kinds,kinds/books,kinds/films,"));
    assert_non_null(strstr(csv, ",yes,n,,w,,,,\r\n"));
    tp_free(csv);
}

static void many_answers_come_in_pieces_in_their_order(void **state)
{
    const char *at;
    char *csv;

    (void)state;
    for (int i = 0; i < 450; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "uuid:%03d", i);
        answer("hours", id, "<open>yes</open>", "");
    }
    csv = export_of((struct tp_export_options){.format = TP_EXPORT_CSV});
    at = csv;
    for (int i = 0; i < 450; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "\r\nuuid:%03d,", i);
        at = strstr(at, id);
        assert_non_null(at);
    }
    assert_null(strstr(at + 3, "uuid:"));
    tp_free(csv);
}

static void without_the_private_key_nothing_is_exported(void **state)
{
    const struct tp_export_options options = {.form = "hours"};
    struct tp_export *export = NULL;
    struct tp_error error;
    struct tp_keys keys = world.central.keys;

    (void)state;
    keys.unsealing_count = 0;
    assert_false(tp_export_open(world.central.readers, &keys, &options, &export, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    assert_false(tp_export_open(world.central.readers, &world.central.keys,
                                &(struct tp_export_options){.form = "none"}, &export, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
}

static void a_download_streams_with_its_headers(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf out;
    bool over = false;

    (void)state;
    answer("hours", "uuid:1", "<open>yes</open>", "");
    world_sign_in(&world);
    assert_int_equal(
        world_ask(&world,
                  &(struct world_request){.method = "GET",
                                          .target = "/responses/hours/download?format=csv&bom=yes",
                                          .with_cookie = true},
                  &exchange),
        200);
    assert_string_equal(world_response_header(&exchange, "Content-Disposition"),
                        "attachment; filename=\"hours-2026-11-23.csv\"");
    assert_non_null(exchange.response.stream.fill);
    tp_buf_init(&out, 100000);
    while (!over)
        assert_true(exchange.response.stream.fill(exchange.response.stream.context, &out, &over));
    assert_non_null(strstr(tp_buf_text(&out), "uuid:1,"));
    assert_int_equal(world.central.exports, 1);
    tp_exchange_finish(&exchange);
    assert_int_equal(world.central.exports, 0);
    tp_buf_finish(&out);
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET",
                                                     .target = "/responses/none/download",
                                                     .with_cookie = true}),
        404);
    assert_int_equal(world.central.exports, 0);
}

static void check_download(const char *query, const char *words)
{
    struct tp_exchange exchange;
    struct tp_buf out;
    char target[128];
    bool over = false;

    (void)snprintf(target, sizeof(target), "/responses/hours/download?%s", query);
    assert_int_equal(world_get(&world, target, &exchange), 200);
    tp_buf_init(&out, 100000);
    while (!over)
        assert_true(exchange.response.stream.fill(exchange.response.stream.context, &out, &over));
    if (!strstr(tp_buf_text(&out), words))
        fail_msg("'%s' does not give '%s' but: %s", query, words, tp_buf_text(&out));
    tp_exchange_finish(&exchange);
    tp_buf_finish(&out);
}

/* What the form for downloading offers is what it gets. */
static void a_download_is_as_it_was_chosen(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    answer("hours", "uuid:1", "<open>yes</open>", "");
    world_sign_in(&world);
    assert_int_equal(world_get(&world, "/responses/hours", &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "value=\"Polish (pl)\""));
    assert_non_null(strstr(world_body(&exchange), "value=\"excel\" checked"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_get_status(&world, "/responses/none"), 404);
    check_download("format=excel&labels=yes&language=English+(en)&practice=no",
                   "\xef\xbb\xbfinstanceID");
    check_download("format=csv&labels=yes&language=Polish+(pl)&practice=no", ",Tak,");
    check_download("format=csv&labels=no&language=Polish+(pl)&practice=no", ",yes,");
    check_download("format=json&labels=yes&language=English+(en)&practice=no", "\"Yes, please\"");
}

static void plain_numbers_are_told_from_what_looks_like_them(void **state)
{
    static const char *const yes[] = {"0", "12", "-5", "3.25", "-0.1"};
    static const char *const no[] = {"", "-", "1.", ".5", "1e5", "+1", "--1", "1 ", "0x1", "1-1"};

    (void)state;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(tp_is_plain_number(yes[i]));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(tp_is_plain_number(no[i]));
}

static void a_download_has_a_name_that_a_file_can_have(void **state)
{
    enum { NAMED = 63 };
    struct tp_exchange exchange;
    char id[TP_FORM_ID_MAX + 1] = "a.b";
    char target[256];
    char wanted[128];

    (void)state;
    memset(id + 3, 'c', 100 - 3);
    world_publish(&world, id, "1", "consultation", world_form, NULL);
    world_sign_in(&world);
    (void)snprintf(target, sizeof(target), "/responses/%s/download?format=json", id);
    assert_int_equal(world_get(&world, target, &exchange), 200);
    id[1] = '-';
    (void)snprintf(wanted, sizeof(wanted), "attachment; filename=\"%.*s-2026-11-23.json\"", NAMED,
                   id);
    assert_string_equal(world_response_header(&exchange, "Content-Disposition"), wanted);
    tp_exchange_finish(&exchange);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(csv_has_one_row_an_answer_and_splits_multiple_choice),
        TEST(formulas_are_disarmed),
        TEST(labels_come_in_the_language_asked_for),
        TEST(json_has_one_object_a_line),
        TEST(equality_answers_are_joined_by_what_they_are_about),
        TEST(practice_is_left_out_unless_asked_for),
        TEST(what_cannot_be_read_is_a_row_with_a_problem),
        TEST(names_that_are_too_long_are_no_question),
        TEST(older_versions_add_their_columns_at_the_end),
        TEST(many_answers_come_in_pieces_in_their_order),
        TEST(without_the_private_key_nothing_is_exported),
        TEST(a_download_streams_with_its_headers),
        TEST(a_download_is_as_it_was_chosen),
        TEST(a_download_has_a_name_that_a_file_can_have),
        cmocka_unit_test(plain_numbers_are_told_from_what_looks_like_them),
    };

    return databases_run(tests);
}
