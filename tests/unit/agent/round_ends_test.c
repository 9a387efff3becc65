/* sync/agent/round.h: what ends a contact, and what does not. */
#include "tp_test.h"

#include "agent/do/fetch.h"
#include "agent/do/upload.h"
#include "unit/agent/disk_says.h"
#include "unit/agent/rounds.h"

#define STEPS 4

/* In the order in which a round asks for them. */
static const char *const steps[STEPS] = {"/submission", "/talkpoint/heartbeat", "/formList",
                                         "/talkpoint/notices"};

/* What the store says to one of them, and which were asked for. */
static struct {
    size_t step; /* STEPS: to none */
    int status;
    bool silent; /* it hangs up instead */
    size_t asked[STEPS];
} office;

static void answer(void *context, const struct server_request *request, struct server_reply *reply)
{
    size_t at = 0;

    while (at < STEPS && strcmp(request->path, steps[at]) != 0)
        at++;
    if (at < STEPS)
        office.asked[at]++;
    if (at == STEPS || at != office.step) {
        fake_handle(context, request, reply);
        return;
    }
    server_reply(reply, office.status, OPENROSA "Retry-After: 90\r\n", "", 0);
    if (office.silent)
        reply->cut_at = 0;
}

static int set_up(void **state)
{
    (void)state;
    if (rounds_start(NULL) != 0)
        return -1;
    surveys.time_ms = tp_clock_wall_ms(&device.clock);
    memset(&office, 0, sizeof(office));
    office.step = STEPS;
    fake.server.handler = answer;
    survey_put(survey_add(&surveys, "equality", "7"), "form.xml", "<e/>", 4);
    return 0;
}

static struct tp_round_report run_with(size_t step, int status, bool silent)
{
    memset(&office, 0, sizeof(office));
    office.step = step;
    office.status = status;
    office.silent = silent;
    device_put(&device, 1, NULL);
    return rounds_run_all();
}

/* Those before the step were asked for, and the step; those after it only where the round goes on.
 */
static void assert_asked(size_t step, bool goes_on)
{
    for (size_t i = 0; i < STEPS; i++)
        if ((office.asked[i] > 0) != (goes_on || i <= step))
            fail_msg("%s at %s", steps[i], steps[step]);
}

static void each_step_ends_the_round_where_the_store_wants_to_wait(void **state)
{
    (void)state;
    for (size_t step = 0; step < STEPS; step++) {
        struct tp_round_report report = run_with(step, 503, false);

        assert_true(report.end.failed);
        assert_false(report.end.barred);
        assert_int_equal(report.end.retry_after_s, 90);
        assert_asked(step, false);
        assert_non_null(strstr(report.words, "busy"));
    }
}

static void each_step_ends_the_round_where_the_screen_is_shut_out(void **state)
{
    (void)state;
    for (size_t step = 0; step < STEPS; step++) {
        struct tp_round_report report = run_with(step, 403, false);

        assert_true(report.end.barred);
        assert_false(rounds_status().enrolled);
        assert_asked(step, false);
    }
}

/* A submission alone may be cut, as often as it likes: so the round goes on to the heartbeat. */
static void each_other_step_ends_the_round_where_nobody_answers(void **state)
{
    (void)state;
    for (size_t step = 1; step < STEPS; step++) {
        struct tp_round_report report = run_with(step, 200, true);

        assert_true(report.end.failed);
        assert_int_equal(report.end.retry_after_s, -1);
        assert_asked(step, false);
        assert_true(rounds_status().last_contact_ms > 0); /* with the steps before it */
    }
}

static void no_step_ends_the_round_where_the_store_is_in_trouble_with_it_alone(void **state)
{
    (void)state;
    for (size_t step = 0; step < STEPS; step++) {
        struct tp_round_report report = run_with(step, 500, false);

        assert_false(report.end.failed || report.end.barred);
        assert_int_equal(report.end.left_over, step == 0);
        assert_int_equal(report.end.download_failed, step == 2);
        assert_asked(step, true);
        assert_non_null(strstr(report.words, "in trouble (500)"));
    }
}

/* Each step is word enough that the store was there; and none is done that is not due. */
static void each_step_alone_is_a_contact(void **state)
{
    static const struct tp_plan plans[] = {{.send = true}, {.heartbeat = true}, {.forms = true}};

    (void)state;
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        struct tp_agent_status none = {.last_error = "before", .enrolment_code = "K7QM-4TXB"};

        device_put(&device, 1, NULL);
        assert_true(tp_agent_status_set(device.store, &none, NULL));
        memset(&office.asked, 0, sizeof(office.asked));
        (void)rounds_run(&plans[i]);
        assert_int_equal(office.asked[1] > 0, plans[i].heartbeat);
        assert_int_equal(office.asked[2] > 0, plans[i].forms);
        assert_int_equal(office.asked[3] > 0, plans[i].forms);
        if (plans[i].heartbeat)
            assert_int_equal(office.asked[0], 0);
        assert_true(rounds_status().last_contact_ms > 0);
        assert_string_equal(rounds_status().last_error, "");
        assert_string_equal(rounds_status().enrolment_code, "");
    }
}

static void a_survey_that_does_not_come_is_asked_for_again(void **state)
{
    struct tp_round_report report;

    (void)state;
    (void)snprintf(surveys.broken, sizeof(surveys.broken), "form.xml");
    report = rounds_run_all();
    assert_true(report.end.download_failed);
    assert_false(report.end.failed || report.end.switched);
}

static void a_disk_that_is_nearly_full_is_kept_for_answers(void **state)
{
    struct tp_round_report report;

    (void)state;
    disk_says(TP_FETCH_FREE_MIN - DISK_BLOCK);
    report = rounds_run_all();
    disk_says(UINT64_MAX);
    assert_true(report.end.download_failed);
    assert_non_null(strstr(report.words, "the room is kept for answers"));
    assert_int_equal(rounds_run_all().switched, 1);
}

/* ---- what the agent itself ends ---- */

static size_t steps_left;

static bool a_few_times(void *context)
{
    (void)context;
    return steps_left && steps_left--;
}

static bool until_one_is_sent(void *context)
{
    (void)context;
    return fake.submissions == 0;
}

static void a_round_that_is_stopped_asks_for_no_more(void **state)
{
    static const struct tp_plan all = {
        .send = true, .heartbeat = true, .forms = true, .offer = true};
    struct tp_agent_status before = {.last_error = "before"};
    size_t asked_before = 0;

    (void)state;
    for (size_t left = 0; asked_before < STEPS; left++) {
        struct tp_round_report report;
        size_t asked = 0;
        char id[64];

        assert_in_range(left, 0, 50);
        run_with(STEPS, 0, false);
        memset(&office.asked, 0, sizeof(office.asked));
        device_put(&device, 1, id);
        assert_true(tp_agent_status_set(device.store, &before, NULL));
        assert_true(tp_outbox_quarantine(device.store, id, "odd", NULL));
        steps_left = left;
        assert_true(rounds_try(&all, a_few_times, &report, NULL));
        for (size_t i = 0; i < STEPS; i++)
            asked += office.asked[i] > 0;
        assert_in_range(asked, asked_before, asked_before + 1);
        assert_int_equal(device_counts(&device).quarantined, left == 0);
        asked_before = asked;
        /* It has nothing to say about the store. */
        if (steps_left == 0)
            assert_string_equal(rounds_status().last_error, "before");
    }
}

static void a_drain_that_is_stopped_sends_no_more(void **state)
{
    static const struct tp_plan send = {.send = true};
    struct tp_round_report report;

    (void)state;
    device_put(&device, 9, NULL);
    assert_true(rounds_try(&send, until_one_is_sent, &report, NULL));
    assert_int_equal(report.delivered, 1);
    assert_int_equal(report.end.waiting, 8);
}

/* ---- the device's own store ---- */

#define BREAK(what) "CREATE TRIGGER broken BEFORE " what " BEGIN SELECT RAISE(ABORT, 'broken'); END"

static void a_store_of_its_own_that_fails_ends_the_round(void **state)
{
    static const struct {
        const char *sql;
        struct tp_plan plan;
        size_t asked; /* so many steps, the first of the plan's */
    } rows[] = {
        {BREAK("UPDATE OF state ON outbox"), {.offer = true, .send = true, .heartbeat = true}, 0},
        {BREAK("DELETE ON outbox"), {.send = true, .heartbeat = true, .forms = true}, 1},
        {BREAK("UPDATE OF checked_boot ON head"), {.heartbeat = true, .forms = true}, 1},
        {BREAK("UPDATE ON agent"), {.heartbeat = true}, 1},
        {"DELETE FROM notices", {.send = true, .forms = true}, 2},
        {"ALTER TABLE counters RENAME TO gone", {.heartbeat = true}, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tp_round_report report;
        struct tp_error error = {0};
        size_t asked = 0;
        char id[64];

        memset(&office.asked, 0, sizeof(office.asked));
        device_put(&device, 1, id);
        assert_true(tp_outbox_quarantine(device.store, id, "odd", NULL));
        device_put(&device, 1, NULL);
        device_sql(&device, rows[i].sql);
        if (rounds_try(&rows[i].plan, NULL, &report, &error))
            fail_msg("%s", rows[i].sql);
        device_sql(&device, "DROP TRIGGER IF EXISTS broken");
        assert_int_not_equal(error.code, TP_OK);
        assert_int_equal(report.end.retry_after_s, -1);
        for (size_t k = 0; k < STEPS; k++)
            asked += office.asked[k] > 0;
        assert_int_equal(asked, rows[i].asked);
    }
}

static void a_barred_screen_stops_and_says_so(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 5, NULL);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 403;
    fake.trouble_left = SIZE_MAX;
    report = rounds_run_all();
    assert_true(report.end.barred);
    assert_int_equal(fake.submissions, 1);
    assert_int_equal(surveys.heartbeats, 0);
    assert_int_equal(report.end.waiting, 5);
    assert_false(rounds_status().enrolled);
    assert_non_null(strstr(rounds_status().last_error, "no longer enrolled"));
    fake.trouble_left = 0;
    report = rounds_run_all();
    assert_int_equal(report.delivered, 5);
    assert_true(rounds_status().enrolled);
    assert_string_equal(rounds_status().last_error, "");
}

static void silence_ends_the_round_and_keeps_everything(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 5, NULL);
    fake.trouble = TROUBLE_PORTAL;
    fake.trouble_left = SIZE_MAX;
    report = rounds_run_all();
    assert_true(report.end.failed);
    assert_int_equal(report.end.waiting, 5);
    assert_int_equal(surveys.heartbeats, 0);
    assert_int_equal(rounds_status().last_contact_ms, 0);
    assert_non_null(strstr(rounds_status().last_error, "someone else answered"));
}

static void answers_that_break_the_store_do_not_stop_the_heartbeat_and_surveys(void **state)
{
    struct tp_round_report report;

    (void)state;
    device_put(&device, 5, NULL);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 500;
    fake.trouble_left = SIZE_MAX;
    report = rounds_run_all();
    assert_false(report.end.failed);
    assert_true(report.end.left_over);
    assert_int_equal(surveys.heartbeats, 1);
    assert_int_equal(report.switched, 1);
    /* Not again with each file that is fetched. */
    assert_int_equal(fake.submissions, TP_UPLOAD_FAILURES_MAX);
}

static bool saved;

/* Saves an answer in the middle of the download, as a resident would. */
static void saving(void *context, const struct server_request *request, struct server_reply *reply)
{
    if (strcmp(request->path, "/forms/film/1") == 0 && !saved) {
        struct tp_store_params params = {.clock = tp_clock_system(), .free_min = 1};
        struct device other = device;

        saved = true;
        other.store = tp_store_open(device.store_path, &params, NULL);
        if (!other.store)
            abort();
        other.seed = 99;
        other.random = tp_random_seeded(&other.seed);
        device_put(&other, 1, NULL);
        tp_store_close(other.store);
    }
    surveys_handle(context, request, reply);
}

static void put_film(void)
{
    struct survey *survey = survey_add(&surveys, "film", "1");

    survey_put(survey, "form.xml", "<f/>", 4);
    survey_put(survey, "one.mp4", "film", 4);
    survey_put(survey, "two.mp4", "film two", 8);
    survey_remove(&surveys, "equality");
    fake.others = saving;
    saved = false;
}

static void an_answer_does_not_wait_behind_a_film(void **state)
{
    struct tp_round_report report;

    (void)state;
    put_film();
    report = rounds_run_all();
    assert_int_equal(report.delivered, 1);
    assert_int_equal(report.switched, 1);
    assert_int_equal(report.end.waiting, 0);
}

static void what_ends_the_round_in_the_middle_of_a_film_ends_the_film(void **state)
{
    struct tp_round_report report;

    (void)state;
    put_film();
    fake.trouble = TROUBLE_STATUS;
    fake.status = 503;
    fake.extra = "Retry-After: 90\r\n";
    fake.trouble_left = SIZE_MAX;
    report = rounds_run_all();
    assert_true(report.end.failed);
    assert_int_equal(report.end.retry_after_s, 90);
    assert_int_equal(report.switched, 0);
    assert_int_equal(surveys.file_requests, 2); /* the form, and the film in whose middle it was */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rounds_stop)
        TEST(each_step_ends_the_round_where_the_store_wants_to_wait),
        TEST(each_step_ends_the_round_where_the_screen_is_shut_out),
        TEST(each_other_step_ends_the_round_where_nobody_answers),
        TEST(no_step_ends_the_round_where_the_store_is_in_trouble_with_it_alone),
        TEST(each_step_alone_is_a_contact),
        TEST(a_survey_that_does_not_come_is_asked_for_again),
        TEST(a_disk_that_is_nearly_full_is_kept_for_answers),
        TEST(a_round_that_is_stopped_asks_for_no_more),
        TEST(a_drain_that_is_stopped_sends_no_more),
        TEST(a_store_of_its_own_that_fails_ends_the_round),
        TEST(a_barred_screen_stops_and_says_so),
        TEST(silence_ends_the_round_and_keeps_everything),
        TEST(answers_that_break_the_store_do_not_stop_the_heartbeat_and_surveys),
        TEST(an_answer_does_not_wait_behind_a_film),
        TEST(what_ends_the_round_in_the_middle_of_a_film_ends_the_film),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
