/*
 * The agent on a machine whose wall clock is years off, leaps, or runs backwards while it sends and
 * waits: it keeps the store's Retry-After and the hours of its line by the time that passes and by
 * the store's own, every answer arrives once, and the time that it keeps is the store's (also where
 * that is only the Date of an answer) and is marked as such.
 */
#include "tp_test.h"

#include "agent/agent.h"
#include "faults/tally.h"
#include "unit/agent/rounds.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define YEAR_MS INT64_C(31557600000)
/* 2026-11-23 00:00 UTC. */
#define START_MS INT64_C(1795392000000)
#define RETRY_AFTER_S 120
/* A Date has no parts of a second, and the way here takes a moment. */
#define NEAR_MS 2500

static struct tp_clock_fake now;
static int64_t true_ms;
static struct tp_schedule schedule;
static struct tp_options options;
static server_handler *surveys_handler;
static size_t put;
static uint64_t seed = 1;
static struct tp_random dice;

/* ---- what is wrong with the clock ---- */

static void years_behind(void)
{
    now.wall = true_ms - 10 * YEAR_MS;
}

static void years_ahead(void)
{
    now.wall = true_ms + 3 * YEAR_MS;
}

static void leaping(void)
{
    now.wall = (int64_t)tp_random_below(&dice, 70) * YEAR_MS + true_ms % YEAR_MS;
}

static void running_backwards(void)
{
    now.wall -= 7 * SECOND_MS;
}

static void (*const bad_clocks[])(void) = {years_behind, years_ahead, leaping, running_backwards};
#define BAD_CLOCKS (sizeof(bad_clocks) / sizeof(bad_clocks[0]))
static void (*fault)(void);

/* Time passes, and the wall clock does what it does. */
static void pass(int64_t ms)
{
    true_ms += ms;
    now.monotonic += ms;
    fault();
    faults.injected++;
    surveys.time_ms = true_ms;
}

/* ---- the store ---- */

/* As HTTP writes a date (RFC 9110, 5.6.7). */
static void http_date(int64_t wall_ms, char text[40])
{
    time_t seconds = (time_t)(wall_ms / SECOND_MS);
    struct tm tm;

    (void)gmtime_r(&seconds, &tm);
    assert_true(strftime(text, 40, "%a, %d %b %Y %H:%M:%S GMT", &tm) > 0);
}

/* A store whose heartbeat says no time of its own: its answer has a Date, as every answer of HTTP.
 */
static void only_a_date(void *context, const struct server_request *request,
                        struct server_reply *reply)
{
    char date[40];
    char head[128];

    if (strcmp(request->path, "/talkpoint/heartbeat") != 0) {
        surveys_handler(context, request, reply);
        return;
    }
    http_date(true_ms, date);
    (void)snprintf(head, sizeof(head), OPENROSA "Date: %s\r\n", date);
    server_reply(reply, 200, head, "{}", 2);
}

/* ---- the agent ---- */

static int set_up(void **state)
{
    struct tp_clock clock = tp_clock_from_fake(&now);

    (void)state;
    now = (struct tp_clock_fake){.wall = START_MS, .monotonic = HOUR_MS};
    true_ms = START_MS;
    fault = years_behind;
    put = 0;
    dice = tp_random_seeded(&seed);
    if (rounds_start(&clock) != 0)
        return -1;
    surveys_handler = fake.others;
    surveys.time_ms = true_ms;
    schedule = (struct tp_schedule){.contact_every_ms = 15 * MINUTE_MS};
    options = (struct tp_options){.state = device.folder};
    return 0;
}

static bool line_is_closed(void)
{
    const struct tp_agent agent = {.options = &options, .store = device.store};

    return tp_agent_line_closed_ms(&agent) > 0;
}

static void run_round(const struct tp_plan *plan)
{
    struct tp_round_report report = rounds_run(plan);

    tp_schedule_done(&schedule, plan, &report.end, now.monotonic, &dice);
}

/* One turn of the daemon; whether it spoke to the store. */
static bool turn(void)
{
    struct tp_plan plan;

    tp_schedule_waiting(&schedule, device_counts(&device).waiting, now.monotonic);
    plan = tp_schedule_plan(&schedule, now.monotonic);
    if (line_is_closed() || !(plan.send || plan.heartbeat || plan.forms))
        return false;
    run_round(&plan);
    return true;
}

static void put_answers(size_t count)
{
    device_put(&device, count, NULL);
    put += count;
}

static void all_arrived_once(void)
{
    size_t again;

    assert_int_equal(fake_taken(&fake, &again), put);
    assert_int_equal(again, 0);
    assert_int_equal(fake.altered, 0);
    assert_int_equal(fake.overlaps, 0);
    assert_int_equal(device_counts(&device).waiting, 0);
}

/* ---- the tests ---- */

/* The store asks for two minutes, in seconds or as a date of its own clock. */
static void wait_is_kept(bool as_date)
{
    char date[40];
    char until[40];
    char extra[160];
    size_t sent;

    http_date(true_ms, date);
    http_date(true_ms + RETRY_AFTER_S * SECOND_MS, until);
    if (as_date)
        (void)snprintf(extra, sizeof(extra), "Date: %s\r\nRetry-After: %s\r\n", date, until);
    else
        (void)snprintf(extra, sizeof(extra), "Retry-After: %d\r\n", RETRY_AFTER_S);
    put_answers(2);
    fake.trouble = TROUBLE_STATUS;
    fake.status = 503;
    fake.extra = extra;
    fake.trouble_left = SIZE_MAX;
    tp_schedule_ask(&schedule);
    assert_true(turn());
    fake.trouble_left = 0;
    sent = fake.submissions;
    for (int64_t waited = 10; waited < RETRY_AFTER_S; waited += 10) {
        pass(10 * SECOND_MS);
        assert_false(turn());
        /* A new answer does not end a wait that the store asked for. */
        if (waited == 60)
            put_answers(1);
    }
    assert_int_equal(fake.submissions, sent);
    pass(10 * SECOND_MS);
    assert_true(turn());
    all_arrived_once();
}

static void a_retry_after_is_kept_whatever_the_clock_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < BAD_CLOCKS; i++) {
        fault = bad_clocks[i];
        pass(HOUR_MS);
        assert_true(turn());
        wait_is_kept(false);
        pass(HOUR_MS);
        wait_is_kept(true);
    }
}

/* A line that may be used from 20:00 to 06:00. */
static void the_hours_of_the_line_are_the_store_s(void **state)
{
    (void)state;
    pass(0);
    assert_true(turn());
    options.window = (struct tp_line_window){.from = 20 * 60, .until = 6 * 60};
    for (size_t i = 0; i < BAD_CLOCKS; i++) {
        fault = bad_clocks[i];
        for (int hour = 0; hour < 48; hour++) {
            int64_t of_day;
            bool open;

            pass(HOUR_MS - (hour == 0 ? 5 * MINUTE_MS : 0));
            of_day = true_ms / HOUR_MS % 24;
            open = of_day >= 20 || of_day < 6;
            put_answers(1);
            (void)turn();
            assert_int_equal(device_counts(&device).waiting == 0, open);
        }
    }
    while (line_is_closed())
        pass(HOUR_MS);
    (void)turn();
    all_arrived_once();
}

static void time_is(enum tp_clock_trust trust)
{
    struct tp_store_time told;

    assert_true(tp_store_now(device.store, &told, NULL));
    assert_int_equal(told.trust, trust);
    if (trust == TP_CLOCK_CHECKED)
        assert_in_range(told.ms, true_ms - NEAR_MS, true_ms + NEAR_MS);
}

static void time_is_told(void)
{
    time_is(TP_CLOCK_UNCHECKED);
    for (size_t i = 0; i < BAD_CLOCKS; i++) {
        fault = bad_clocks[i];
        pass(HOUR_MS);
        assert_true(turn());
        for (int k = 0; k < 20; k++) {
            time_is(TP_CLOCK_CHECKED);
            pass(MINUTE_MS / 3);
        }
    }
}

static void the_time_is_the_store_s_and_says_so(void **state)
{
    (void)state;
    time_is_told();
}

static void a_date_alone_tells_the_time(void **state)
{
    (void)state;
    fake.others = only_a_date;
    time_is_told();
}

/* Weeks of a store that is now away, now a stranger, now busy, at a clock that is never right. */
static void weeks_of_both_lose_nothing(void **state)
{
    static const enum trouble troubles[] = {TROUBLE_NONE,   TROUBLE_STATUS, TROUBLE_PORTAL,
                                            TROUBLE_SILENT, TROUBLE_STATUS, TROUBLE_NOT_HTTP};
    static const int statuses[] = {503, 429, 500};
    size_t turns = 0;

    (void)state;
    fake.extra = "Retry-After: 30\r\n";
    for (int i = 0; i < 2000; i++) {
        fault = bad_clocks[tp_random_below(&dice, BAD_CLOCKS)];
        pass(1 + (int64_t)tp_random_below(&dice, 10 * 60 * 1000));
        fake.trouble = troubles[tp_random_below(&dice, 6)];
        fake.status = statuses[tp_random_below(&dice, 3)];
        fake.trouble_left = fake.trouble == TROUBLE_NOT_HTTP ? 0 : tp_random_below(&dice, 3);
        if (tp_random_below(&dice, 4) == 0)
            put_answers(1);
        turns += turn();
    }
    fake.trouble_left = 0;
    for (int i = 0; device_counts(&device).waiting > 0 && i < 8; i++) {
        pass(15 * MINUTE_MS);
        (void)turn();
    }
    /* It spoke often, and not at every step: it waited as it should. */
    assert_in_range(turns, 500, 1900);
    all_arrived_once();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_retry_after_is_kept_whatever_the_clock_says, set_up,
                                        rounds_stop),
        cmocka_unit_test_setup_teardown(the_hours_of_the_line_are_the_store_s, set_up, rounds_stop),
        cmocka_unit_test_setup_teardown(the_time_is_the_store_s_and_says_so, set_up, rounds_stop),
        cmocka_unit_test_setup_teardown(a_date_alone_tells_the_time, set_up, rounds_stop),
        cmocka_unit_test_setup_teardown(weeks_of_both_lose_nothing, set_up, rounds_stop),
    };
    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
