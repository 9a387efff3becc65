/*
 * kiosk/app_notices: which notices a person is shown, in which words, until when, and that nothing
 * is shown that the store did not sign.
 */
#include "kiosk/app_notices.h"
#include "lib/signed_list.h"
#include "resident.h"
#include "store/receipt.h"

static struct tp_receipt_pair store_pair, other_pair;

static struct tp_notice_part parts[] = {
    {.text = (char *)"We open on *Sundays* now.", .picture = "library"},
    {.text = (char *)"It costs nothing.", .picture = ""},
};
static struct tp_notice_part polish_parts[] = {
    {.text = (char *)"Otwarte w niedziele.", .picture = ""},
    {.text = (char *)"Wstęp wolny.", .picture = ""},
};
static struct tp_notice_words words[] = {
    {.tag = "en", .title = "Sunday opening", .parts = parts, .count = 2},
    {.tag = "en-simple", .title = "Open on Sunday", .parts = parts, .count = 2},
    {.tag = "pl", .title = "Niedziele", .parts = polish_parts, .count = 2},
};
static struct tp_notice notices[] = {
    {.id = "1",
     .kind = TP_NOTICE_OUTCOME,
     .from = "2026-11-20",
     .until = "2026-11-24",
     .survey = "short",
     .about = "An old name",
     .words = words,
     .count = 3},
    {.id = "2",
     .kind = TP_NOTICE_SERVICE,
     .from = "2026-11-24",
     .until = "2026-12-24",
     .words = words,
     .count = 1},
};

/* As the agent puts it there, signed by `by`. */
static void bring(const struct tp_receipt_pair *by, int64_t serial, size_t count)
{
    const struct tp_notices all = {.serial = serial, .items = notices, .count = count};
    struct signed_list brought = signed_list_make(by, &all);
    bool changed;

    assert_true(tp_notices_take(app->store, &by->key, brought.text.data, brought.text.length,
                                brought.signature.data, brought.signature.length, &changed, NULL));
    signed_list_finish(&brought);
    tp_app_refresh(app);
    assert_true(tp_app_build(app, NULL));
}

/* The device is enrolled with the first store. */
static int set_up_enrolled(void **state)
{
    char path[128], text[768], key[TP_SEAL_KEY_TEXT_MAX], receipt[TP_RECEIPT_KEY_TEXT_MAX];

    if (set_up(state) != 0)
        return -1;
    assert_true(tp_receipt_pair_generate(&store_pair, NULL));
    assert_true(tp_receipt_pair_generate(&other_pair, NULL));
    tp_seal_key_to_text(&pair.key, key);
    tp_receipt_key_to_text(&store_pair.key, receipt);
    (void)snprintf(path, sizeof(path), "%s/state/device.ini", folder);
    (void)snprintf(text, sizeof(text),
                   "[device]\nid = uuid:device\nname = Cowley Library\n[store]\nurl = x\n"
                   "sealing_key = %s\nreceipt_key = %s\n",
                   key, receipt);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
    tp_app_refresh(app);
    return 0;
}

static void go_to_news(void)
{
    on("welcome");
    touch("news");
    on("news");
}

static void a_person_reads_a_notice_and_goes_back(void **state)
{
    (void)state;
    assert_false(says("News"));
    bring(&store_pair, 5, 2);
    go_to_news();
    see("Sunday opening");
    touch("notice:1");
    on("notice");
    see("You said, we did, 20 November 2026");
    /* Plain: what somebody wrote with stars keeps them. */
    see("We open on *Sundays* now.");
    see("It costs nothing.");
    assert_false(says("An old name"));
    touch("Back");
    on("news");
    touch("Back");
    on("welcome");
}

static void it_stands_in_the_list_of_surveys_too(void **state)
{
    (void)state;
    bring(&store_pair, 5, 2);
    touch("start");
    touch("Continue");
    on("surveys");
    touch("news");
    on("news");
}

static void the_survey_it_is_about_can_be_answered_while_it_is_open(void **state)
{
    (void)state;
    bring(&store_pair, 5, 1);
    go_to_news();
    touch("notice:1");
    touch("Answer the questions");
    on("front");
    touch("Back");
    on("notice");
}

static void a_notice_is_there_from_its_first_day_to_its_last(void **state)
{
    (void)state;
    bring(&store_pair, 5, 2);
    go_to_news();
    assert_false(says("notice:2"));
    assert_null(tp_app_notice(app, "2"));
    tp_app_home(app);
    tp_clock_fake_advance(&now, INT64_C(86400000));
    assert_non_null(tp_app_notice(app, "1"));
    assert_non_null(tp_app_notice(app, "2"));
    tp_clock_fake_advance(&now, INT64_C(86400000));
    assert_null(tp_app_notice(app, "1"));
    tp_clock_fake_advance(&now, INT64_C(86400000) * 40);
    tp_app_refresh(app);
    assert_true(tp_app_build(app, NULL));
    assert_false(says("News"));
}

/* A clock that fell back years does not bring back what is over. */
static void the_day_is_the_latest_that_was_seen(void **state)
{
    (void)state;
    bring(&store_pair, 5, 1);
    assert_true(tp_store_clock_check(app->store, today_ms + INT64_C(86400000) * 3, NULL));
    assert_null(tp_app_notice(app, "1"));
    now.wall -= INT64_C(86400000) * 3650;
    assert_null(tp_app_notice(app, "1"));
}

static void words_fall_back_and_say_so(void **state)
{
    (void)state;
    bring(&store_pair, 5, 1);
    tp_app_set_language(app, "pl");
    assert_true(tp_app_build(app, NULL));
    touch("news");
    see("Niedziele");
    touch("notice:1");
    see("Otwarte w niedziele.");
    assert_false(says("English"));
    tp_app_home(app);
    tp_app_set_language(app, "uk");
    assert_true(tp_app_build(app, NULL));
    touch("news");
    touch("notice:1");
    see("We open on *Sundays* now.");
    see("English");
}

static void easy_read_has_its_own_words(void **state)
{
    (void)state;
    bring(&store_pair, 5, 1);
    app->person.look.easy_read = true;
    tp_app_apply_look(app);
    assert_true(tp_app_build(app, NULL));
    touch("news");
    touch("notice:1");
    see("Open on Sunday");
    assert_false(says("This is not in Easy Read"));
}

static void what_another_store_signed_is_not_shown(void **state)
{
    (void)state;
    bring(&other_pair, 5, 1);
    assert_int_equal(app->notices.count, 0);
    assert_false(says("News"));
    bring(&store_pair, 6, 1);
    assert_int_equal(app->notices.count, 1);
    /* Enrolled elsewhere, the old store's news is gone. */
    write_device(true);
    tp_app_refresh(app);
    assert_int_equal(app->notices.count, 0);
}

static void the_screen_is_empty_again_after_the_idle_time(void **state)
{
    (void)state;
    bring(&store_pair, 5, 1);
    go_to_news();
    touch("notice:1");
    pass(INT64_C(5) * 60000 + 1000);
    on("idle");
    pass(46000);
    on("welcome");
    assert_null(app->person.notice);
    assert_int_equal(tp_person_hash(&app->person), app->fresh_hash);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_enrolled, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_person_reads_a_notice_and_goes_back),
        TEST(it_stands_in_the_list_of_surveys_too),
        TEST(the_survey_it_is_about_can_be_answered_while_it_is_open),
        TEST(a_notice_is_there_from_its_first_day_to_its_last),
        TEST(the_day_is_the_latest_that_was_seen),
        TEST(words_fall_back_and_say_so),
        TEST(easy_read_has_its_own_words),
        TEST(what_another_store_signed_is_not_shown),
        TEST(the_screen_is_empty_again_after_the_idle_time),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
