/* sync/agent/decide/schedule.h: what the agent does when. */
#include "tp_test.h"

#include "agent/decide/schedule.h"

static uint64_t seed = 7;

static struct tp_random seeded(void)
{
    return tp_random_seeded(&seed);
}

static struct tp_schedule fresh(void)
{
    return (struct tp_schedule){.contact_every_ms = 300000};
}

static struct tp_plan go(struct tp_schedule *schedule, struct tp_round_end end, int64_t now_ms)
{
    struct tp_random random = seeded();
    struct tp_plan plan = tp_schedule_plan(schedule, now_ms);

    tp_schedule_done(schedule, &plan, &end, now_ms, &random);
    return plan;
}

#define GOOD ((struct tp_round_end){.retry_after_s = -1})

/* Screens that were switched on together do not all ask together: within a tenth either way. */
static void assert_spread(struct tp_round_end end, int64_t about_ms)
{
    int64_t least = INT64_MAX;
    int64_t most = 0;

    for (int i = 0; i < 500; i++) {
        struct tp_schedule schedule = fresh();

        (void)go(&schedule, end, 0);
        least = schedule.contact_ms < least ? schedule.contact_ms : least;
        most = schedule.contact_ms > most ? schedule.contact_ms : most;
    }
    assert_in_range(least, about_ms * 90 / 100, about_ms * 92 / 100);
    assert_in_range(most, about_ms * 108 / 100, about_ms * 110 / 100);
}

static void contacts_are_spread(void **state)
{
    (void)state;
    assert_spread(GOOD, fresh().contact_every_ms);
    assert_spread((struct tp_round_end){.barred = true, .retry_after_s = -1}, TP_BARRED_MS);
}

static void what_a_person_asks_for_is_done_once(void **state)
{
    struct tp_schedule schedule = fresh();

    (void)state;
    (void)go(&schedule, GOOD, 0);
    tp_schedule_ask(&schedule);
    assert_true(go(&schedule, GOOD, 1000).forms);
    assert_false(tp_schedule_plan(&schedule, 1000).forms);
}

static void what_was_set_aside_is_offered_daily_when_asked_and_after_a_change(void **state)
{
    struct tp_round_end changed = {.switched = true, .retry_after_s = -1};
    struct tp_round_end failed = {.failed = true, .retry_after_s = -1};
    struct tp_schedule schedule = fresh();

    (void)state;
    assert_true(tp_schedule_plan(&schedule, 0).offer);
    (void)go(&schedule, failed, 0); /* nobody heard the offer */
    assert_false(tp_schedule_plan(&schedule, 0).offer);
    assert_true(go(&schedule, GOOD, 900000).offer);
    assert_false(go(&schedule, GOOD, TP_OFFER_MS / 2).offer);
    assert_true(tp_schedule_plan(&schedule, 900000 + TP_OFFER_MS).offer);
    tp_schedule_ask(&schedule);
    assert_true(go(&schedule, GOOD, TP_OFFER_MS / 2 + 1).offer);
    assert_false(go(&schedule, changed, TP_OFFER_MS / 2 + 400000).offer);
    assert_false(tp_schedule_plan(&schedule, TP_OFFER_MS / 2 + 400000).offer); /* with a contact */
    assert_true(go(&schedule, GOOD, TP_OFFER_MS / 2 + 800000).offer);
    assert_false(go(&schedule, GOOD, TP_OFFER_MS / 2 + 1200000).offer);
}

static void an_idle_screen_makes_contact_now_and_then(void **state)
{
    struct tp_schedule schedule = fresh();
    struct tp_plan plan = go(&schedule, GOOD, 1000);

    (void)state;
    assert_true(plan.forms && plan.heartbeat && !plan.send);
    plan = tp_schedule_plan(&schedule, 1000);
    assert_false(plan.forms || plan.heartbeat || plan.send);
    assert_in_range(plan.wait_ms, 270000, 330000);
    assert_false(tp_schedule_plan(&schedule, 2000 + TP_HEARTBEAT_MS).heartbeat);
    plan = tp_schedule_plan(&schedule, 1000 + plan.wait_ms);
    assert_true(plan.forms && plan.heartbeat);
}

static void a_new_answer_goes_at_once_and_a_heartbeat_at_most_each_minute(void **state)
{
    struct tp_schedule schedule = fresh();
    struct tp_plan plan;
    int64_t contact_ms;

    (void)state;
    (void)go(&schedule, GOOD, 0);
    contact_ms = schedule.contact_ms;
    tp_schedule_waiting(&schedule, 1, 5000);
    plan = go(&schedule, GOOD, 5000);
    assert_true(plan.send && !plan.heartbeat && !plan.forms);
    assert_int_equal(schedule.contact_ms, contact_ms);
    assert_false(tp_schedule_plan(&schedule, 5000).send); /* it has gone */
    tp_schedule_waiting(&schedule, 1, TP_HEARTBEAT_MS);
    plan = go(&schedule, GOOD, TP_HEARTBEAT_MS);
    assert_true(plan.send && plan.heartbeat && !plan.forms);
}

static void a_silent_store_is_asked_less_and_less_and_a_new_answer_asks_at_once(void **state)
{
    struct tp_schedule schedule = fresh();
    struct tp_round_end failed = {.failed = true, .retry_after_s = -1, .waiting = 1};
    int64_t now_ms = 0;

    (void)state;
    tp_schedule_waiting(&schedule, 1, now_ms);
    for (int i = 0; i < 20; i++) {
        struct tp_plan plan = go(&schedule, failed, now_ms);

        assert_true(plan.send);
        plan = tp_schedule_plan(&schedule, now_ms);
        assert_false(plan.send || plan.forms || plan.heartbeat);
        assert_true(plan.wait_ms >= 1000);
        now_ms += plan.wait_ms;
    }
    (void)go(&schedule, failed, now_ms);
    assert_true(tp_schedule_plan(&schedule, now_ms).wait_ms >= TP_BACKOFF_MOST_MS / 2);
    tp_schedule_waiting(&schedule, 1, now_ms); /* no more than before */
    assert_false(tp_schedule_plan(&schedule, now_ms).send);
    tp_schedule_waiting(&schedule, 2, now_ms);
    assert_true(tp_schedule_plan(&schedule, now_ms).send);
    failed.waiting = 2;
    failed.retry_after_s = 900;
    (void)go(&schedule, failed, now_ms);
    tp_schedule_waiting(&schedule, 3, now_ms);
    assert_int_equal(tp_schedule_plan(&schedule, now_ms).wait_ms, 900000);
    tp_schedule_ask(&schedule);
    assert_true(tp_schedule_plan(&schedule, now_ms).send);
    assert_true(tp_schedule_plan(&schedule, now_ms).forms);
    /* One that was reached begins anew with short waits. */
    (void)go(&schedule, (struct tp_round_end){.retry_after_s = -1, .waiting = 3}, now_ms);
    failed.retry_after_s = -1;
    (void)go(&schedule, failed, now_ms);
    assert_in_range(tp_schedule_plan(&schedule, now_ms).wait_ms, TP_BACKOFF_FIRST_MS / 2,
                    TP_BACKOFF_FIRST_MS * 3 / 2);
}

static void answers_that_fail_alone_do_not_stop_the_rest(void **state)
{
    struct tp_schedule schedule = fresh();
    struct tp_round_end left = {.left_over = true, .retry_after_s = -1, .waiting = 1};
    struct tp_plan plan;
    int64_t now_ms = 0;

    (void)state;
    tp_schedule_waiting(&schedule, 1, 0);
    for (int i = 0; i < 12; i++) {
        (void)go(&schedule, left, now_ms);
        plan = tp_schedule_plan(&schedule, now_ms);
        if (i == 0)
            assert_in_range(plan.wait_ms, TP_BACKOFF_FIRST_MS / 2, TP_BACKOFF_FIRST_MS * 3 / 2);
        now_ms += plan.wait_ms;
    }
    /* The odd one is tried ever more rarely; the regular contact keeps its time. */
    tp_schedule_waiting(&schedule, 1, now_ms);
    now_ms = schedule.contact_ms;
    plan = tp_schedule_plan(&schedule, now_ms);
    assert_true(plan.forms && plan.heartbeat && !plan.send);
    /* A round that did not try it says nothing of it. */
    (void)go(&schedule, (struct tp_round_end){.retry_after_s = -1, .waiting = 1}, now_ms);
    assert_false(tp_schedule_plan(&schedule, now_ms).send);
    /* And a new answer goes at once, with it. */
    (void)go(&schedule, left, now_ms);
    tp_schedule_waiting(&schedule, 2, now_ms);
    assert_true(tp_schedule_plan(&schedule, now_ms).send);
    /* So does the odd one where a person asks. */
    left.waiting = 2;
    (void)go(&schedule, left, now_ms);
    assert_false(tp_schedule_plan(&schedule, now_ms).send);
    tp_schedule_ask(&schedule);
    assert_true(tp_schedule_plan(&schedule, now_ms).send);
}

static void a_barred_screen_only_asks_hourly_whether_it_was_let_in_again(void **state)
{
    struct tp_schedule schedule = fresh();
    struct tp_round_end barred = {.barred = true, .retry_after_s = -1, .waiting = 9};
    struct tp_round_end silent = {.failed = true, .retry_after_s = -1, .waiting = 9};
    struct tp_plan plan;

    (void)state;
    tp_schedule_waiting(&schedule, 9, 0);
    (void)go(&schedule, barred, 0);
    tp_schedule_waiting(&schedule, 10, 1000);
    plan = tp_schedule_plan(&schedule, 1000);
    assert_false(plan.send || plan.heartbeat || plan.forms);
    assert_in_range(plan.wait_ms, TP_BARRED_MS * 8 / 10, TP_BARRED_MS * 12 / 10);
    tp_schedule_ask(&schedule);
    plan = go(&schedule, silent, 2000);
    assert_true(plan.heartbeat && !plan.send && !plan.forms);
    assert_true(schedule.barred); /* silence is no pardon */
    tp_schedule_ask(&schedule);
    plan = go(&schedule, (struct tp_round_end){.retry_after_s = -1, .waiting = 10}, 3000);
    assert_true(plan.heartbeat && !plan.send);
    assert_false(schedule.barred);
    assert_true(tp_schedule_plan(&schedule, 3000).send);
}

static void
a_survey_that_cannot_be_fetched_is_tried_again_sooner_than_the_next_contact(void **state)
{
    struct tp_schedule schedule = fresh();
    struct tp_round_end failed = {.download_failed = true, .retry_after_s = -1};
    int64_t now_ms = 0;
    struct tp_plan plan;

    (void)state;
    (void)go(&schedule, failed, now_ms);
    plan = tp_schedule_plan(&schedule, now_ms);
    assert_in_range(plan.wait_ms, 1000, 3000);
    for (int i = 0; i < 20; i++) {
        now_ms += plan.wait_ms;
        (void)go(&schedule, failed, now_ms);
        plan = tp_schedule_plan(&schedule, now_ms);
        assert_in_range(plan.wait_ms, 1000, 330000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_are_spread),
        cmocka_unit_test(what_a_person_asks_for_is_done_once),
        cmocka_unit_test(an_idle_screen_makes_contact_now_and_then),
        cmocka_unit_test(a_new_answer_goes_at_once_and_a_heartbeat_at_most_each_minute),
        cmocka_unit_test(a_silent_store_is_asked_less_and_less_and_a_new_answer_asks_at_once),
        cmocka_unit_test(answers_that_fail_alone_do_not_stop_the_rest),
        cmocka_unit_test(a_barred_screen_only_asks_hourly_whether_it_was_let_in_again),
        cmocka_unit_test(
            a_survey_that_cannot_be_fetched_is_tried_again_sooner_than_the_next_contact),
        cmocka_unit_test(what_was_set_aside_is_offered_daily_when_asked_and_after_a_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
