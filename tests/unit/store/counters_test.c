/* Counters of what was opened, finished and left, and the tallies of public polls. */
#include "store/counters.h"
#include "unit/store/fixture.h"

static void counters_are_by_form_version_day_mode_and_name(void **state)
{
    static const struct tp_count events[] = {
        {"library-hours", "1", "standard", "open"},  {"library-hours", "1", "standard", "open"},
        {"library-hours", "1", "easy-read", "open"}, {"library-hours", "2", "standard", "open"},
        {"speed", "", "standard", "abandon:age"},
    };
    struct fixture *f = *state;
    struct tp_counter_list list;

    assert_true(tp_counters_add(f->store, events, 5, &f->error));
    f->fake.wall += 86400000;
    assert_true(tp_counters_add(f->store, events, 1, &f->error));
    assert_true(tp_counters_unreported(f->store, &list, &f->error));
    assert_int_equal(list.count, 5);
    assert_string_equal(list.counters[1].day, "2026-11-23");
    assert_string_equal(list.counters[1].mode, "standard");
    assert_int_equal(list.counters[1].count, 2);
    assert_string_equal(list.counters[3].name, "abandon:age");
    assert_string_equal(list.counters[4].day, "2026-11-24");
    assert_int_equal(list.counters[4].count, 1);
    assert_int_equal(fixture_total(f, "open"), 5);
    /* One more after the heartbeat was written, before it was acknowledged. */
    assert_true(tp_counters_add(f->store, events, 1, &f->error));
    assert_true(tp_counters_reported(f->store, &list, &f->error));
    tp_counter_list_finish(&list);
    assert_true(tp_counters_unreported(f->store, &list, &f->error));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.counters[0].count, 2);
    assert_true(tp_counters_reported(f->store, &list, &f->error));
    tp_counter_list_finish(&list);
    assert_true(tp_counters_unreported(f->store, &list, &f->error));
    assert_int_equal(list.count, 0);
    assert_true(tp_counters_reported(f->store, &list, &f->error));
    tp_counter_list_finish(&list);
    assert_int_equal(fixture_total(f, "open"), 6);
}

static void all_or_none_of_the_events_are_counted(void **state)
{
    static const struct tp_count events[] = {{"a", "1", "standard", "open"},
                                             {"a", "1", "standard", "opened"}};
    struct fixture *f = *state;
    uint64_t total = 9;

    assert_false(tp_counters_add(f->store, events, 2, &f->error));
    assert_true(tp_counters_total(f->store, "a", "open", &total, &f->error));
    assert_int_equal(total, 0);
}

static void old_reported_days_are_forgotten_by_a_checked_clock_only(void **state)
{
    static const struct tp_count event = {"library-hours", "1", "standard", "open"};
    struct fixture *f = *state;
    struct tp_counter_list list;

    assert_true(tp_counters_add(f->store, &event, 1, &f->error));
    assert_true(tp_counters_unreported(f->store, &list, &f->error));
    f->fake.wall += INT64_C(100) * 86400000;
    assert_true(tp_counters_reported(f->store, &list, &f->error));
    assert_int_equal(fixture_total(f, "open"), 1);
    assert_true(tp_store_clock_check(f->store, f->fake.wall, &f->error));
    assert_true(tp_counters_reported(f->store, &list, &f->error));
    assert_int_equal(fixture_total(f, "open"), 0);
    tp_counter_list_finish(&list);
}

static void a_public_poll_is_tallied_with_its_answer(void **state)
{
    static const struct tp_tally votes[] = {{"poll", "1", "where", "park"},
                                            {"poll", "1", "where", "library"}};
    struct fixture *f = *state;
    struct tp_tally_count counts[2];
    size_t count = 0;

    for (unsigned i = 0; i < 3; i++) {
        struct tp_outbox_entry entry = fixture_entry(f, i);

        entry.tallies = &votes[i ? 1 : 0];
        entry.tallies_count = 1;
        assert_true(tp_outbox_put(f->store, &entry, &f->error));
        assert_true(tp_outbox_put(f->store, &entry, &f->error));
    }
    assert_true(tp_tally_read(f->store, "poll", "1", "where", counts, 2, &count, &f->error));
    assert_int_equal(count, 2);
    assert_string_equal(counts[0].choice, "library");
    assert_int_equal(counts[0].count, 2);
    assert_string_equal(counts[1].choice, "park");
    assert_int_equal(counts[1].count, 1);
    assert_false(tp_tally_read(f->store, "poll", "1", "where", counts, 1, &count, &f->error));
    assert_int_equal(f->error.code, TP_ERR_LIMIT);
    assert_int_equal(count, 2);
    assert_true(tp_tally_reset(f->store, "poll", &f->error));
    assert_true(tp_tally_read(f->store, "poll", "1", "where", counts, 2, &count, &f->error));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(counters_are_by_form_version_day_mode_and_name),
        STORE_TEST(all_or_none_of_the_events_are_counted),
        STORE_TEST(old_reported_days_are_forgotten_by_a_checked_clock_only),
        STORE_TEST(a_public_poll_is_tallied_with_its_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
