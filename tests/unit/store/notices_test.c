/* Notices: the list that travels, what a device keeps of it, and which list it refuses. */
#include "lib/signed_list.h"
#include "store/notices.h"
#include "unit/store/fixture.h"

static struct tp_notice_part two_parts[] = {
    {.text = (char *)"The library opens on Sundays.", .picture = "library"},
    {.text = (char *)"It costs nothing."},
};
static struct tp_notice_part polish_parts[] = {{.text = (char *)"Biblioteka jest otwarta."}};
static struct tp_notice_words words[] = {
    {.tag = "en", .title = "Sunday opening", .parts = two_parts, .count = 2},
    {.tag = "en-simple", .title = "Open on Sunday", .parts = two_parts, .count = 2},
    {.tag = "pl", .title = "Niedziele", .parts = polish_parts, .count = 1},
};
static struct tp_notice notices[] = {
    {.id = "7",
     .kind = TP_NOTICE_OUTCOME,
     .from = "2026-11-20",
     .until = "2026-12-31",
     .survey = "library-hours",
     .about = "Library opening hours",
     .words = words,
     .count = 3},
    {.id = "8",
     .kind = TP_NOTICE_SERVICE,
     .from = "2026-11-26",
     .until = "2026-11-26",
     .words = words,
     .count = 1},
};

static void make(const struct tp_receipt_pair *pair, int64_t serial, size_t count,
                 struct signed_list *list)
{
    const struct tp_notices all = {.serial = serial, .items = notices, .count = count};

    *list = signed_list_make(pair, &all);
}

static bool take(struct fixture *f, const struct signed_list *list, bool *changed)
{
    return tp_notices_take(f->store, &f->receipt.key, list->text.data, list->text.length,
                           list->signature.data, list->signature.length, changed, &f->error);
}

/* What is here: the serial, and how many notices the list that is kept has; -1: there is none. */
static int kept(struct fixture *f, int64_t *serial)
{
    struct tp_notices read;
    struct signed_list list;
    int count = -1;

    tp_buf_init(&list.text, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&list.signature, 1024);
    assert_true(tp_notices_kept(f->store, &list.text, &list.signature, serial, &f->error));
    if (list.text.length) {
        assert_true(tp_notices_open(list.text.data, list.text.length, list.signature.data,
                                    list.signature.length, &f->receipt.key, &read, &f->error));
        assert_int_equal(read.serial, *serial);
        count = (int)read.count;
        tp_notices_finish(&read);
    }
    signed_list_finish(&list);
    return count;
}

static void what_is_written_is_read(void **state)
{
    struct fixture *f = *state;
    struct tp_notices read;
    struct signed_list list;

    make(&f->receipt, 42, 2, &list);
    assert_true(tp_notices_open(list.text.data, list.text.length, list.signature.data,
                                list.signature.length, &f->receipt.key, &read, &f->error));
    assert_int_equal(read.serial, 42);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.items[0].kind, TP_NOTICE_OUTCOME);
    assert_string_equal(read.items[0].survey, "library-hours");
    assert_string_equal(read.items[0].about, "Library opening hours");
    assert_string_equal(read.items[0].words[1].title, "Open on Sunday");
    assert_string_equal(read.items[0].words[1].parts[0].picture, "library");
    assert_string_equal(read.items[0].words[1].parts[1].picture, "");
    assert_string_equal(read.items[0].words[2].parts[0].text, "Biblioteka jest otwarta.");
    assert_string_equal(read.items[1].survey, "");
    tp_notices_finish(&read);
    signed_list_finish(&list);
}

static void an_altered_byte_is_refused(void **state)
{
    struct fixture *f = *state;
    struct signed_list list;
    int64_t serial;
    bool changed;

    make(&f->receipt, 42, 1, &list);
    for (size_t i = 0; i < list.text.length; i += 7) {
        list.text.data[i] ^= 1;
        assert_false(take(f, &list, &changed));
        list.text.data[i] ^= 1;
    }
    /* The comment says the serial, and is signed too. */
    *strstr(list.signature.data, "serial:42") = 'S';
    assert_false(take(f, &list, &changed));
    assert_int_equal(f->error.code, TP_ERR_CRYPTO);
    assert_int_equal(kept(f, &serial), -1);
    assert_int_equal(serial, 0);
    signed_list_finish(&list);
}

/* A list signed for one serial is not one of another, though both are the store's own. */
static void a_signature_of_another_list_is_refused(void **state)
{
    struct fixture *f = *state;
    struct signed_list old, new;
    bool changed;

    make(&f->receipt, 42, 1, &old);
    make(&f->receipt, 43, 1, &new);
    tp_buf_reset(&new.signature);
    assert_true(tp_notices_sign(&f->receipt, new.text.data, new.text.length, 42, &new.signature,
                                &f->error));
    assert_false(take(f, &new, &changed));
    assert_int_equal(f->error.code, TP_ERR_CRYPTO);
    signed_list_finish(&old);
    signed_list_finish(&new);
}

static void another_fleets_list_is_refused(void **state)
{
    struct fixture *f = *state;
    struct tp_receipt_pair other;
    struct signed_list list, mixed;
    bool changed;

    assert_true(tp_receipt_pair_generate(&other, &f->error));
    make(&other, 42, 1, &list);
    assert_false(take(f, &list, &changed));
    assert_int_equal(f->error.code, TP_ERR_CRYPTO);
    /* Even where our own store signed what names another. */
    mixed = list;
    tp_buf_init(&mixed.signature, 1024);
    assert_true(tp_notices_sign(&f->receipt, list.text.data, list.text.length, 42, &mixed.signature,
                                &f->error));
    assert_false(take(f, &mixed, &changed));
    assert_int_equal(f->error.code, TP_ERR_CRYPTO);
    assert_non_null(strstr(f->error.text, "another central store"));
    tp_buf_finish(&mixed.signature);
    signed_list_finish(&list);
}

static void an_older_list_is_refused(void **state)
{
    struct fixture *f = *state;
    struct signed_list old, new;
    int64_t serial;
    bool changed = false;

    make(&f->receipt, 42, 1, &old);
    make(&f->receipt, 43, 2, &new);
    assert_true(take(f, &old, &changed));
    assert_true(changed);
    assert_int_equal(kept(f, &serial), 1);
    assert_true(take(f, &old, &changed));
    assert_false(changed);
    assert_true(take(f, &new, &changed));
    assert_true(changed);
    assert_false(take(f, &old, &changed));
    assert_int_equal(f->error.code, TP_ERR_CONFLICT);
    fixture_reopen(f);
    assert_int_equal(kept(f, &serial), 2);
    assert_int_equal(serial, 43);
    signed_list_finish(&old);
    signed_list_finish(&new);
}

static void an_empty_list_takes_all_away(void **state)
{
    struct fixture *f = *state;
    struct signed_list list;
    int64_t serial;
    bool changed;

    make(&f->receipt, 42, 2, &list);
    assert_true(take(f, &list, &changed));
    signed_list_finish(&list);
    make(&f->receipt, 43, 0, &list);
    assert_true(take(f, &list, &changed));
    assert_int_equal(kept(f, &serial), 0);
    signed_list_finish(&list);
}

static bool is_list(const struct tp_receipt_pair *pair, const char *format, const char *rest)
{
    char key[TP_RECEIPT_KEY_TEXT_MAX], text[2048];
    struct tp_notices read = {0};
    struct tp_error error;
    bool is;

    tp_receipt_key_to_text(&pair->key, key);
    (void)snprintf(text, sizeof(text), "{\"format\":\"%s\",\"fleet\":\"%s\"%s", format, key, rest);
    is = tp_notices_read(text, strlen(text), &pair->key, &read, &error);
    assert_true(is || error.code == TP_ERR_INVALID);
    tp_notices_finish(&read);
    return is;
}

#define WORDS "\"words\":[{\"language\":\"en\",\"title\":\"T\",\"parts\":[{\"text\":\"P\"}]}]"
#define DAYS "\"from\":\"2026-11-26\",\"until\":\"2026-12-26\""

static void what_is_no_list_is_refused(void **state)
{
    struct fixture *f = *state;
    const char one[] = "talkpoint-notices-1";
    const char begin[] = ",\"serial\":1,\"notices\":[";
    char rest[1024];

    assert_false(is_list(&f->receipt, "talkpoint-notices-2", ",\"serial\":1,\"notices\":[]}"));
    assert_false(is_list(&f->receipt, one, ",\"serial\":0,\"notices\":[]}"));
    assert_false(is_list(&f->receipt, one, ",\"serial\":1}"));
#define IS_LIST(notice)                                                                            \
    ((void)snprintf(rest, sizeof(rest), "%s%s]}", begin, notice), is_list(&f->receipt, one, rest))
#define REFUSE(notice) assert_false(IS_LIST(notice))
    /* Each that is refused differs from this one in one thing. */
    assert_true(IS_LIST("{\"id\":\"1\",\"kind\":\"news\"," DAYS "," WORDS "}"));
    REFUSE("{\"kind\":\"news\"," DAYS "," WORDS "}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\",\"until\":\"2026-12-26\"," WORDS "}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\",\"from\":\"2026-12-26\"," WORDS "}");
    REFUSE("{\"id\":\"1\",\"kind\":\"advert\"," DAYS "," WORDS "}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\",\"from\":\"2026-02-29\",\"until\":\"2026-12-26\"," WORDS
           "}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\"," DAYS ",\"words\":[]}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\"," DAYS
           ",\"words\":[{\"language\":\"en\",\"title\":\"T\",\"parts\":[]}]}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\"," DAYS
           ",\"words\":[{\"language\":\"en\",\"title\":\"T\",\"parts\":[{\"text\":\"P\","
           "\"picture\":\"../../etc\"}]}]}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\"," DAYS
           ",\"words\":[{\"language\":\"en\",\"title\":\"a\\nb\",\"parts\":[{\"text\":\"P\"}]}]}");
    REFUSE("{\"id\":\"1\",\"kind\":\"news\"," DAYS "," WORDS
           "},{\"id\":\"1\",\"kind\":\"news\"," DAYS "," WORDS "}");
#undef REFUSE
#undef IS_LIST
}

static void words_are_found_for_a_reader(void **state)
{
    const struct tp_notice *notice = &notices[0];

    (void)state;
    assert_string_equal(tp_notice_words_for(notice, "en", false)->tag, "en");
    assert_string_equal(tp_notice_words_for(notice, "en", true)->tag, "en-simple");
    assert_string_equal(tp_notice_words_for(notice, "pl", false)->tag, "pl");
    /* The words of the language, with the pictures of the Easy Read (the screen's affair). */
    assert_string_equal(tp_notice_words_for(notice, "pl", true)->tag, "pl");
    assert_string_equal(tp_notice_words_for(notice, "ar", true)->tag, "en-simple");
    assert_string_equal(tp_notice_words_for(notice, "ar", false)->tag, "en");
}

static void both_days_are_included(void **state)
{
    (void)state;
    assert_false(tp_notice_is_due(&notices[1], "2026-11-25"));
    assert_true(tp_notice_is_due(&notices[1], "2026-11-26"));
    assert_false(tp_notice_is_due(&notices[1], "2026-11-27"));
    assert_true(tp_notice_is_day("2028-02-29"));
    assert_false(tp_notice_is_day("2100-02-29"));
    assert_false(tp_notice_is_day("2026-1-01"));
    assert_false(tp_notice_is_day("2026-01-01 "));
}

static void the_message_is_parted_after_the_signature(void **state)
{
    struct fixture *f = *state;
    struct signed_list list;
    size_t at = 0;

    make(&f->receipt, 42, 1, &list);
    assert_true(tp_buf_add(&list.signature, list.text.data, list.text.length));
    assert_true(tp_notices_part(list.signature.data, list.signature.length, &at));
    assert_memory_equal(list.signature.data + at, list.text.data, list.text.length);
    assert_false(tp_notices_part("one\ntwo\nthree\n", 14, &at));
    signed_list_finish(&list);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, fixture_start, fixture_stop),
        cmocka_unit_test_setup_teardown(an_altered_byte_is_refused, fixture_start, fixture_stop),
        cmocka_unit_test_setup_teardown(a_signature_of_another_list_is_refused, fixture_start,
                                        fixture_stop),
        cmocka_unit_test_setup_teardown(another_fleets_list_is_refused, fixture_start,
                                        fixture_stop),
        cmocka_unit_test_setup_teardown(an_older_list_is_refused, fixture_start, fixture_stop),
        cmocka_unit_test_setup_teardown(an_empty_list_takes_all_away, fixture_start, fixture_stop),
        cmocka_unit_test_setup_teardown(what_is_no_list_is_refused, fixture_start, fixture_stop),
        cmocka_unit_test_setup_teardown(the_message_is_parted_after_the_signature, fixture_start,
                                        fixture_stop),
        cmocka_unit_test(words_are_found_for_a_reader),
        cmocka_unit_test(both_days_are_included),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
