/* Notices: written, shown, withdrawn in the administrators' pages; the signed list for screens. */
#include "central/data/notices.h"
#include "store/notice_pictures.h"
#include "unit/central/one_world.h"

static int make(void **state)
{
    (void)make_world(state);
    world_sign_in(&world);
    return 0;
}

static int post(const char *target, const char *fields)
{
    struct tp_exchange exchange;
    int status = world_post(&world, target, fields, true, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

static bool page_says(const char *target, const char *words)
{
    struct tp_exchange exchange;
    bool says;

    assert_int_equal(world_get(&world, target, &exchange), 200);
    says = strstr(world_body(&exchange), words) != NULL;
    tp_exchange_finish(&exchange);
    return says;
}

#define DAYS "&from=2026-11-20&until=2026-12-31"
#define SUNDAY                                                                                     \
    "kind=news&survey=" DAYS "&title=Sunday+opening&text=We+open+on+Sundays.%0D%0A%0D%0AIt+is+"    \
    "free."

/* What a screen gets; finish it. */
static void fetch(struct tp_notices *notices)
{
    struct tp_exchange exchange;
    struct tp_error error = {.text = ""};
    const char *body;
    size_t at = 0;

    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "GET",
                                                       .target = "/talkpoint/notices",
                                                       .with_token = true},
                               &exchange),
                     200);
    assert_string_equal(world_response_header(&exchange, "X-OpenRosa-Version"), "1.0");
    body = world_body(&exchange);
    assert_true(tp_notices_part(body, exchange.response.body.length, &at));
    if (!tp_notices_open(body + at, exchange.response.body.length - at, body, at,
                         &world.central.keys.receipt.key, notices, &error))
        fail_msg("%s", error.text);
    tp_exchange_finish(&exchange);
}

static size_t count_on_screens(int64_t *serial)
{
    struct tp_notices notices;
    size_t count;

    fetch(&notices);
    count = notices.count;
    *serial = notices.serial;
    tp_notices_finish(&notices);
    return count;
}

static void a_draft_is_on_no_screen_until_it_is_shown(void **state)
{
    struct tp_notices notices;
    int64_t serial = 0, before;

    (void)state;
    assert_int_equal(count_on_screens(&before), 0);
    assert_int_equal(post("/notices", SUNDAY), 303);
    assert_true(page_says("/notices", "Draft"));
    assert_int_equal(count_on_screens(&serial), 0);
    assert_int_equal(post("/notices/1/show", ""), 303);
    assert_true(page_says("/notices", "On screens"));
    fetch(&notices);
    assert_int_equal(notices.count, 1);
    assert_true(notices.serial > serial && serial > before);
    assert_string_equal(notices.items[0].words[0].title, "Sunday opening");
    assert_int_equal(notices.items[0].words[0].count, 2);
    assert_string_equal(notices.items[0].words[0].parts[1].text, "It is free.");
    serial = notices.serial;
    tp_notices_finish(&notices);
    assert_int_equal(post("/notices/1/withdraw", ""), 303);
    assert_int_equal(count_on_screens(&before), 0);
    assert_true(before > serial);
    assert_true(page_says("/log", "withdrew the notice"));
    assert_true(page_says("/log", "Sunday opening"));
}

static void the_serial_grows_though_the_clock_goes_back(void **state)
{
    int64_t first, second, third;

    (void)state;
    assert_int_equal(post("/notices", SUNDAY), 303);
    (void)count_on_screens(&first);
    assert_int_equal(first, WORLD_NOW);
    world.time.wall -= INT64_C(86400000) * 400;
    assert_int_equal(post("/notices/1/show", ""), 303);
    (void)count_on_screens(&second);
    assert_int_equal(second, first + 1);
    world.time.wall = WORLD_NOW + 5000;
    assert_int_equal(post("/notices/1/withdraw", ""), 303);
    (void)count_on_screens(&third);
    assert_int_equal(third, WORLD_NOW + 5000);
}

static void what_a_screen_has_is_not_sent_again(void **state)
{
    struct world_request request = {
        .method = "GET", .target = "/talkpoint/notices", .with_token = true};
    struct tp_exchange exchange;
    char tag[128];

    (void)state;
    assert_int_equal(world_ask(&world, &request, &exchange), 200);
    (void)snprintf(tag, sizeof(tag), "%s", world_response_header(&exchange, "ETag"));
    tp_exchange_finish(&exchange);
    request.match = tag;
    assert_int_equal(world_ask(&world, &request, &exchange), 304);
    assert_int_equal(exchange.response.body.length, 0);
    tp_exchange_finish(&exchange);
    assert_int_equal(post("/notices", SUNDAY), 303);
    assert_int_equal(world_status(&world, &request), 200);
    request.with_token = false;
    assert_int_equal(world_status(&world, &request), 401);
}

static void a_notice_that_is_over_does_not_travel(void **state)
{
    int64_t serial;

    (void)state;
    assert_int_equal(post("/notices", SUNDAY), 303);
    assert_int_equal(post("/notices/1/show", ""), 303);
    world.time.wall = 1798761599000; /* 2026-12-31, a second before midnight */
    assert_int_equal(count_on_screens(&serial), 1);
    world.time.wall += 1000;
    assert_int_equal(count_on_screens(&serial), 0);
    world_sign_in(&world);
    assert_true(page_says("/notices", "Over"));
}

static void languages_are_written_apart(void **state)
{
    struct tp_notices notices;
    const struct tp_notice_words *words;

    (void)state;
    assert_int_equal(post("/notices", SUNDAY), 303);
    assert_int_equal(post("/notices/1/show", ""), 303);
    assert_int_equal(post("/notices/1/words/en-simple",
                          "title=Open+on+Sunday&text-1=We+open.&picture-1=library"
                          "&text-2=&picture-2=&text-3=It+is+free.&picture-3=money"),
                     303);
    assert_int_equal(post("/notices/1/words/pl", "title=Niedziele&text=Otwarte."), 303);
    fetch(&notices);
    assert_int_equal(notices.items[0].count, 3);
    words = tp_notice_words_for(&notices.items[0], "en", true);
    assert_int_equal(words->count, 2);
    assert_string_equal(words->parts[1].text, "It is free.");
    assert_string_equal(words->parts[1].picture, "money");
    tp_notices_finish(&notices);
    /* Emptied, a language goes; English cannot. */
    assert_int_equal(post("/notices/1/words/pl", "title=&text="), 303);
    fetch(&notices);
    assert_int_equal(notices.items[0].count, 2);
    tp_notices_finish(&notices);
    assert_int_equal(post("/notices/1/words/en", "title=&text="), 400);
    assert_int_equal(post("/notices/1/words/tlh", "title=nuq&text=neH"), 404);
    assert_int_equal(post("/notices/9/words/pl", "title=T&text=P"), 404);
}

static void what_cannot_be_shown_is_refused_in_plain_words(void **state)
{
    static const char *const wrong[] = {
        "kind=advert&survey=" DAYS "&title=T&text=P",
        "kind=news&survey=&from=2026-02-30&until=2026-12-31&title=T&text=P",
        "kind=news&survey=&from=2026-12-31&until=2026-11-20&title=T&text=P",
        "kind=news&survey=" DAYS "&title=&text=P",
        "kind=news&survey=" DAYS "&title=T&text=",
        "kind=news&survey=" DAYS "&title=T%C2%85&text=P",
        "kind=outcome&survey=" DAYS "&title=T&text=P",
        "kind=news&survey=" DAYS "&title=T&text=%0A1%0A2%0A3%0A4%0A5%0A6%0A7%0A8%0A9%0A10%0A11%0A"
        "12%0A13%0A14%0A15%0A16%0A17",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(post("/notices", wrong[i]), 400);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM notice"), 0);
    assert_int_equal(post("/notices", SUNDAY), 303);
    assert_int_equal(post("/notices/1/words/en-simple", "title=T&text-1=P&picture-1=../x"), 400);
    assert_int_equal(post("/notices/1", "kind=news"), 400);
    assert_int_equal(post("/notices/x/show", ""), 404);
    assert_int_equal(post("/notices/77/withdraw", ""), 404);
}

static void plain_words_are_advised_and_not_forced(void **state)
{
    (void)state;
    assert_int_equal(post("/notices", "kind=news&survey=" DAYS
                                      "&title=News&text=We+will+commence+in+order+to+facilitate."),
                     303);
    assert_true(page_says("/notices/1", "Avoid &#39;commence&#39;") ||
                page_says("/notices/1", "Avoid 'commence'"));
    assert_true(page_says("/notices/1", "There is no Easy Read"));
    assert_int_equal(post("/notices/1/words/en-simple",
                          "title=News&text-1=We+start+on+Sunday.&picture-1=calendar"),
                     303);
    assert_false(page_says("/notices/1", "There is no Easy Read"));
}

static void more_than_screens_take_is_not_shown(void **state)
{
    struct tp_exchange exchange;
    char target[64];

    (void)state;
    for (unsigned i = 1; i <= TP_NOTICES_MAX + 1; i++) {
        (void)snprintf(target, sizeof(target), "/notices/%u/show", i);
        assert_int_equal(post("/notices", SUNDAY), 303);
        assert_int_equal(world_post(&world, target, "", true, &exchange),
                         i <= TP_NOTICES_MAX ? 303 : 400);
        if (i > TP_NOTICES_MAX)
            assert_non_null(strstr(world_body(&exchange), "at most 50 notices"));
        tp_exchange_finish(&exchange);
    }
    assert_int_equal(world_number(&world, "SELECT count(*) FROM notice WHERE state = 'shown'"),
                     TP_NOTICES_MAX);
}

static void a_viewer_reads_and_writes_nothing(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(post("/notices", SUNDAY), 303);
    assert_int_equal(post("/people/add", "name=vera&password=long+enough+words&role=viewer"), 303);
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    assert_int_equal(
        world_post(&world, "/sign-in", "name=vera&password=long+enough+words", true, &exchange),
        303);
    tp_exchange_finish(&exchange);
    assert_true(page_says("/notices", "Sunday opening"));
    assert_false(page_says("/notices", "/notices/new"));
    assert_false(page_says("/notices/1", "Show on screens"));
    assert_int_equal(world_get_status(&world, "/notices/new"), 403);
    assert_int_equal(world_get_status(&world, "/notices/1/words/pl"), 403);
    assert_int_equal(post("/notices", SUNDAY), 403);
    assert_int_equal(post("/notices/1/show", ""), 403);
    assert_int_equal(post("/notices/1/words/pl", "title=T&text=P"), 403);
}

static void hostile_words_stay_words(void **state)
{
    struct tp_notices notices;

    (void)state;
    assert_int_equal(post("/notices", "kind=news&survey=" DAYS
                                      "&title=%3Cscript%3E%22%27&text=%3C%2Ftextarea%3E%3Cb%3E"),
                     303);
    assert_false(page_says("/notices", "<script>"));
    assert_false(page_says("/notices/1", "<script>"));
    assert_false(page_says("/notices/1", "<b>"));
    assert_false(page_says("/notices/1/words/en", "</textarea><b>"));
    assert_int_equal(post("/notices/1/show", ""), 303);
    fetch(&notices);
    assert_string_equal(notices.items[0].words[0].title, "<script>\"'");
    tp_notices_finish(&notices);
}

static void a_closed_survey_without_an_outcome_is_named(void **state)
{
    (void)state;
    assert_false(page_says("/surveys", "No \"You said, we did\""));
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    assert_true(page_says("/surveys", "said, we did"));
    assert_true(page_says("/surveys", "/notices/new?survey=hours"));
    assert_int_equal(post("/notices", "kind=outcome&survey=hours" DAYS "&title=T&text=P"), 303);
    assert_true(page_says("/surveys", "/notices/new?survey=hours"));
    assert_int_equal(post("/notices/1/show", ""), 303);
    assert_false(page_says("/surveys", "/notices/new?survey=hours"));
}

static void every_picture_is_there(void **state)
{
    const struct tp_notice_picture *picture;

    (void)state;
    for (size_t i = 0; (picture = tp_notice_picture(i)); i++) {
        char path[128];

        (void)snprintf(path, sizeof(path), "surveys/pictures/%s.svg", picture->name);
        assert_true(tp_notice_is_picture(picture->name));
        assert_int_equal(access(path, R_OK), 0);
        assert_true(i == 0 || strcmp(tp_notice_picture(i - 1)->words, picture->words) < 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_is_on_no_screen_until_it_is_shown),
        TEST(the_serial_grows_though_the_clock_goes_back),
        TEST(what_a_screen_has_is_not_sent_again),
        TEST(a_notice_that_is_over_does_not_travel),
        TEST(languages_are_written_apart),
        TEST(what_cannot_be_shown_is_refused_in_plain_words),
        TEST(plain_words_are_advised_and_not_forced),
        TEST(more_than_screens_take_is_not_shown),
        TEST(a_viewer_reads_and_writes_nothing),
        TEST(hostile_words_stay_words),
        TEST(a_closed_survey_without_an_outcome_is_named),
        cmocka_unit_test(every_picture_is_there),
    };

    return databases_run(tests);
}
