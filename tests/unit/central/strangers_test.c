/* What somebody who is let in nowhere can make grow, and how far. */
#include "central/data/audit.h"
#include "unit/central/office.h"

static int64_t count_of(const char *sql)
{
    return world_number(&world, sql);
}

/* ---- the log ---- */

#define FAILED "failed to sign in from"
#define LINES "SELECT count(*) FROM audit WHERE action = '" FAILED "'"
#define BEYOND "SELECT CAST(subject AS BIGINT) FROM audit WHERE action LIKE '%not listed%'"

static int guess(const char *name)
{
    struct tp_exchange exchange;
    char fields[64];
    int status;

    (void)snprintf(fields, sizeof(fields), "name=%s&password=wrong", name);
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    status = world_post(&world, "/sign-in", fields, true, &exchange);
    tp_exchange_finish(&exchange);
    return status;
}

static void failed_sign_ins_fill_no_log(void **state)
{
    int tries = TP_AUDIT_STRANGER_LINES + 3;

    (void)state;
    for (int i = 0; i < tries; i++) {
        char name[24];

        (void)snprintf(name, sizeof(name), "others%.0d", i);
        assert_int_equal(guess(name), 403);
    }
    assert_int_equal(count_of(LINES), TP_AUDIT_STRANGER_LINES);
    assert_int_equal(count_of(BEYOND), 3);
    world_sign_in(&world);
    assert_true(page_says("/log", "failed to sign in, each not listed here: 3"));
}

struct failing {
    int64_t at_ms;
    int count;
};

static bool run_failures(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct failing *failing = context;
    const struct tp_deed deed = {"nobody", failing->at_ms};

    for (int i = 0; i < failing->count; i++) {
        if (!tp_audit_add_stranger(db, &deed, FAILED, "192.0.2.7", "not listed:", error))
            return false;
    }
    return true;
}

static void fail_at(int64_t at_ms, int count)
{
    assert_true(tp_committer_run(world.central.committer, run_failures,
                                 &(struct failing){at_ms, count}, NULL));
}

static void each_hour_of_guessing_leaves_so_many_lines(void **state)
{
    enum { HOURS = 30, GUESSES = 200 };

    (void)state;
    for (int hour = 0; hour < HOURS; hour++)
        fail_at(world.time.wall + hour * TP_AUDIT_LOOKED_BACK_MS, GUESSES);
    assert_int_equal(count_of(LINES), HOURS * TP_AUDIT_STRANGER_LINES);
    assert_int_equal(count_of("SELECT count(*) FROM audit WHERE who = 'others'"), HOURS);
    assert_int_equal(count_of("SELECT CAST(sum(CAST(subject AS BIGINT)) AS BIGINT) FROM audit "
                              "WHERE who = 'others'"),
                     HOURS * (GUESSES - TP_AUDIT_STRANGER_LINES));
    /* A clock that was ahead and is put back shuts nobody's line out. */
    fail_at(world.time.wall - TP_AUDIT_LOOKED_BACK_MS, 1);
    assert_int_equal(count_of(LINES), HOURS * TP_AUDIT_STRANGER_LINES + 1);
}

/* ---- what is remembered of failures ---- */

static bool run_remember(struct tp_sql *db, void *context, struct tp_error *error)
{
    int64_t now_ms = *(const int64_t *)context;

    for (int64_t i = 0; i < TP_ATTEMPTS_MAX; i++) {
        if (!tp_sql_run(db, "INSERT INTO attempt (who, failures, last_ms) VALUES (?1, 1, ?2)",
                        TP_VALUES(tp_blob(&i, sizeof(i)), tp_int(now_ms - TP_ATTEMPTS_MAX + i)),
                        NULL, error))
            return false;
    }
    return true;
}

static void failures_remembered_have_a_bound(void **state)
{
    (void)state;
    assert_true(tp_committer_run(world.central.committer, run_remember, &world.time.wall, NULL));
    assert_int_equal(guess("nobody"), 403);
    assert_int_equal(count_of("SELECT count(*) FROM attempt"), TP_ATTEMPTS_MAX + 3);
    /* The oldest go, and what was counted a moment ago stays. */
    assert_int_equal(guess("nobody"), 403);
    assert_in_range(count_of("SELECT count(*) FROM attempt"), TP_ATTEMPTS_MAX / 2,
                    TP_ATTEMPTS_MAX * 3 / 4 + 3);
    assert_int_equal(count_of("SELECT count(*) FROM attempt WHERE failures = 2"), 3);
}

static void who_only_looks_leaves_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(
            world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}),
            200);
        assert_int_equal(get_status("/"), 303);
        assert_int_equal(get_status("/formList"), 401);
    }
    assert_int_equal(count_of("SELECT count(*) FROM session"), 0);
    assert_int_equal(count_of("SELECT count(*) FROM audit"), 0);
    assert_int_equal(count_of("SELECT count(*) FROM attempt"), 0);
}

/* ---- memory ---- */

static void their_bodies_leave_room_for_answers(void **state)
{
    size_t connections = (size_t)world.central.settings.connections;

    (void)state;
    for (const struct tp_route *route = tp_routes; route->handle; route++) {
        if (route->access == TP_ANYONE && route->body_max * connections > TP_BODIES_MAX / 4)
            fail_msg("'%s' takes too much", route->pattern);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(failed_sign_ins_fill_no_log),         TEST(each_hour_of_guessing_leaves_so_many_lines),
        TEST(failures_remembered_have_a_bound),    TEST(who_only_looks_leaves_nothing),
        TEST(their_bodies_leave_room_for_answers),
    };

    return databases_run(tests);
}
