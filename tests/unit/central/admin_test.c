/* What administrators do: roles, the log, withdrawing, retention, quarantine. */
#include "central/chores.h"
#include "central/data/removal.h"
#include "lib/files.h"
#include "unit/central/office.h"

/* ---- roles ---- */

static void a_viewer_sees_counts_and_no_answers(void **state)
{
    static const char *const seen[] = {"/",        "/surveys",   "/surveys/hours",
                                       "/screens", "/responses", "/people"};
    static const char *const barred[] = {"/responses/hours/download?format=csv", "/withdraw",
                                         "/quarantine", "/log", "/people/1/remove"};
    static const char *const deeds[] = {"/surveys/hours/close",
                                        "/surveys/hours/keep",
                                        "/screens/approve",
                                        "/screens/x/revoke",
                                        "/people/add",
                                        "/people/1/role",
                                        "/people/1/remove",
                                        "/phones",
                                        "/withdraw",
                                        "/withdraw/find",
                                        "/quarantine/1/swap",
                                        "/quarantine/1/discard"};

    (void)state;
    office_sign_in_as("victor", "viewer");
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
        assert_int_equal(get_status(seen[i]), 200);
    for (size_t i = 0; i < sizeof(barred) / sizeof(barred[0]); i++)
        assert_int_equal(get_status(barred[i]), 403);
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
        assert_int_equal(post(deeds[i], ""), 403);
    assert_false(page_says("/responses", "download"));
    assert_false(page_says("/people", "Add a person"));
}

static void an_officer_publishes_and_downloads_but_removes_nobody(void **state)
{
    (void)state;
    office_sign_in_as("olive", "officer");
    assert_int_equal(get_status("/responses/hours/download?format=csv"), 200);
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    assert_int_equal(post("/people/add", "name=x&password=long+enough+words&role=officer"), 403);
    assert_int_equal(post("/surveys/hours/keep", "months=1"), 403);
    assert_int_equal(get_status("/withdraw"), 403);
}

static void a_role_changes_at_once_and_the_last_administrator_stays_one(void **state)
{
    char first[sizeof(world.cookie)];
    char second[sizeof(world.cookie)];

    (void)state;
    memcpy(first, world.cookie, sizeof(first));
    office_sign_in_as("olive", "officer");
    memcpy(second, world.cookie, sizeof(second));
    assert_int_equal(get_status("/log"), 403);
    memcpy(world.cookie, first, sizeof(first));
    assert_int_equal(post("/people/2/role", "role=king"), 400);
    assert_int_equal(post("/people/1/role", "role=viewer"), 400); /* oneself */
    assert_int_equal(post("/people/2/role", "role=administrator"), 303);
    memcpy(world.cookie, second, sizeof(second));
    assert_int_equal(get_status("/log"), 200);
    assert_int_equal(post("/people/1/role", "role=viewer"), 303);
    memcpy(world.cookie, first, sizeof(first));
    assert_int_equal(get_status("/log"), 403);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM person "
                                          "WHERE role = 'administrator'"),
                     1);
}

static void the_log_says_who_did_what_and_no_secret(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(post("/people/add", "name=Priya&password=long+enough+words&role=viewer"), 303);
    assert_int_equal(get_status("/responses/hours/download?format=csv"), 200);
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    assert_int_equal(post("/surveys/nothing/close", ""), 404);
    assert_int_equal(get("/log", &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "added the person Priya"));
    assert_non_null(strstr(world_body(&exchange), "downloaded the responses of hours"));
    assert_non_null(strstr(world_body(&exchange), "closed the survey hours"));
    assert_non_null(strstr(world_body(&exchange), "signed in from 192.0.2.7"));
    assert_null(strstr(world_body(&exchange), "nothing"));
    assert_null(strstr(world_body(&exchange), "long enough words"));
    tp_exchange_finish(&exchange);
}

static void sql_in_a_name_is_only_a_name(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(post("/people/add", "name=%27%3B+DROP+TABLE+person%3B--&role=viewer&"
                                         "password=long+enough+words"),
                     303);
    assert_true(page_says("/people", "&#39;; DROP TABLE person;--"));
    assert_int_equal(get_status("/surveys/x%27+OR+%271%27%3D%271"), 404);
    assert_int_equal(get_status("/log?before=1+OR+1%3D1"), 200);
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    assert_int_equal(
        world_post(&world, "/sign-in", "name=%27+OR+1%3D1+--&password=x", true, &exchange), 403);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM person"), 2);
}

/* ---- withdrawing ---- */

#define ANSWER(id, code)                                                                           \
    "<data id=\"hours\"><why>a word</why><meta><instanceID>" id "</instanceID>"                    \
    "<tp:context xmlns:tp=\"urn:talkpoint:context:1\"><tp:receiptCode>" code                       \
    "</tp:receiptCode></tp:context></meta></data>"

static void a_person_gets_their_answer_deleted_by_its_code(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;

    (void)state;
    world_publish(&world, "equality", "1", "equality", world_form, NULL);
    world_sealed(&world, "hours", "uuid:a", ANSWER("uuid:a", "K7QM-4TXB"), &body);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    world_answer(&world, "hours", "uuid:b", ANSWER("uuid:b", "BBBB-BBBB"), 201);
    world_answer(&world, "equality", "uuid:e",
                 "<data id=\"hours\"><meta><instanceID>uuid:e</instanceID><tp:context "
                 "xmlns:tp=\"urn:talkpoint:context:1\"><tp:about>uuid:a</tp:about></tp:context>"
                 "</meta></data>",
                 201);
    assert_int_equal(post("/withdraw/find", "form=hours&code=CCCC-CCCC"), 404);
    assert_int_equal(post("/withdraw/find", "form=hours&code="), 400);
    assert_int_equal(
        world_post(&world, "/withdraw/find", "form=hours&code=k7qm+4txb", true, &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "from Cowley Library"));
    assert_null(strstr(world_body(&exchange), "a word"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 3);
    assert_int_equal(post("/withdraw", "form=hours&code=K7QM-4TXB"), 303);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_number(&world, "SELECT CAST(sum(count) AS BIGINT) FROM tally"), 1);
    assert_true(page_says("/log", "withdrew a response of hours"));

    /* It comes again, as from a stick: the receipt is given, and it stays gone. */
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    assert_non_null(strstr(world_body(&exchange), "signature="));
    tp_exchange_finish(&exchange);
    tp_buf_finish(&body);
    world_answer(&world, "hours", "uuid:a", ANSWER("uuid:a", "K7QM-4TXB") " ", 409);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
}

/* ---- retention ---- */

#define MONTH_MS (31 * 24 * 3600 * 1000LL)

static int64_t run_chores(void)
{
    struct tp_error error = {.text = ""};
    int64_t removed = -1;

    if (!tp_chores_run(&world.central, false, &removed, &error))
        fail_msg("%s", error.text);
    return removed;
}

static void keep_limits_are_months_after_the_right_moment(void **state)
{
    const int64_t now = WORLD_NOW;

    (void)state;
    assert_int_equal(tp_keep_limit(now - 5 * MONTH_MS, true, 0, now), 0);
    assert_int_equal(tp_keep_limit(now - 5 * MONTH_MS, true, 6, now), 0);
    assert_true(tp_keep_limit(now - 7 * MONTH_MS, true, 6, now) > now);
    assert_int_equal(tp_keep_limit(0, true, 6, now), 0); /* closes, and has not yet */
    assert_true(tp_keep_limit(0, false, 6, now) < now - 5 * MONTH_MS);
}

static bool disk_has(const void *bytes, size_t length)
{
    bool found = false;

    for (int i = 0; i < 2; i++) {
        char path[160];

        (void)snprintf(path, sizeof(path), "%s/central.db%s", world.folder, i ? "-wal" : "");
        found = found || file_has(path, bytes, length);
    }
    return found;
}

static void what_is_over_is_deleted_from_the_disk_too_and_written_down(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf body;
    const char *sealed;

    (void)state;
    world_sealed(&world, "hours", "uuid:a", "<data/>", &body);
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    sealed = (const char *)memmem(tp_buf_text(&body), body.length, "TPSEAL1\n", 8) + 60;
    assert_int_equal(run_chores(), 0);
    assert_int_equal(post("/surveys/hours/keep", "months=-1"), 400);
    assert_int_equal(post("/surveys/hours/keep", "months=x"), 400);
    assert_int_equal(post("/surveys/hours/keep", "months=6"), 303);
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    world.time.wall += 5 * MONTH_MS;
    assert_int_equal(run_chores(), 0);
    assert_true(postgres.on || disk_has(sealed, 64));
    world.time.wall += 2 * MONTH_MS;
    /* Months since the round before: a clock may be wrong, so nothing goes until it held a day. */
    assert_int_equal(run_chores(), 0);
    world.time.wall += 24 * 3600 * 1000LL;
    assert_int_equal(run_chores(), 1);
    assert_false(!postgres.on && disk_has(sealed, 64));
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 0);
    assert_int_equal(world_number(&world, "SELECT answers * 10 + left_over FROM deletion"), 10);
    assert_int_equal(run_chores(), 0); /* done today */
    /* Late, from a screen that was in a cupboard: gone with the next round. */
    world_answer(&world, "hours", "uuid:late", "<data/>", 201);
    world.time.wall += 24 * 3600 * 1000LL;
    assert_int_equal(run_chores(), 1);
    world_sign_in(&world);
    assert_true(page_says("/surveys/hours", "Left over"));
    assert_false(page_says("/surveys/hours", "tag alarm"));
    assert_true(page_says("/log", "deleted responses whose time was over of hours: 1, 0 left"));
    /* In the year after it says the year. */
    assert_true(page_says("/log", ">23 Nov 2026 09:41</td>"));
    tp_buf_finish(&body);
}

static void what_would_be_deleted_at_once_is_asked_again(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    world_answer(&world, "hours", "uuid:a", "<data/>", 201);
    assert_int_equal(post("/surveys/hours/keep", "months=1"), 303);
    assert_int_equal(post("/surveys/hours/keep", "months=0"), 303);
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    world.time.wall += 2 * MONTH_MS;
    world_sign_in(&world);
    assert_int_equal(world_post(&world, "/surveys/hours/keep", "months=1", true, &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "1 response is older"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM form WHERE keep_months = 1"), 0);
    assert_int_equal(post("/surveys/hours/keep", "months=3"), 303);
    assert_int_equal(post("/surveys/hours/keep", "months=1&sure=yes"), 303);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM form WHERE keep_months = 1"), 1);
    assert_int_equal(post("/surveys/none/keep", "months=1"), 404);
    office_sign_in_as("olive", "officer");
    assert_true(page_says("/surveys/hours", "1 month after each response."));
}

static void a_clock_that_leaps_deletes_nothing(void **state)
{
    (void)state;
    assert_int_equal(post("/surveys/hours/keep", "months=6"), 303);
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    world_answer(&world, "hours", "uuid:a", "<data/>", 201);
    assert_int_equal(run_chores(), 0);
    world.time.wall += 100 * MONTH_MS;
    assert_int_equal(run_chores(), 0);
    world.time.wall = WORLD_NOW + 24 * 3600 * 1000LL; /* put right */
    assert_int_equal(run_chores(), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    world_sign_in(&world);
    assert_true(page_says("/log", "held back deleting until tomorrow"));
}

static void the_daily_round_is_one_servers(void **state)
{
    (void)state;
    assert_int_equal(run_chores(), 0);
    assert_int_equal(post("/surveys/hours/keep", "months=1"), 303);
    assert_int_equal(post("/surveys/hours/close", ""), 303);
    world_answer(&world, "hours", "uuid:a", "<data/>", 201);
    world.time.wall += 3600 * 1000LL;
    assert_int_equal(run_chores(), 0);
    /* The clock was put back by a year: the round is not left out for that long. */
    world.time.wall -= 12 * MONTH_MS;
    assert_int_equal(run_chores(), 0);
    assert_true(world_number(&world, "SELECT begun_ms FROM chore WHERE name = 'daily'") ==
                world.time.wall);
}

/* What a server leaves that is killed after its first piece. */
static bool run_cut_off(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct tp_removal removal = {
        .form = "hours", .limit_ms = world.time.wall + 1, .now_ms = world.time.wall};

    (void)context;
    return tp_sql_run(db, "UPDATE form SET keep_months = 1, closed_ms = 1", TP_NO_VALUES, NULL,
                      error) &&
           tp_sql_run(db, "DELETE FROM chore WHERE name = 'daily, ended'", TP_NO_VALUES, NULL,
                      error) &&
           tp_form_remove_piece(db, &removal, error);
}

static void a_round_that_was_cut_off_has_said_what_it_did_and_is_gone_on_with(void **state)
{
    enum { MORE = 3 };

    (void)state;
    assert_int_equal(run_chores(), 0);
    for (int i = 0; i < TP_REMOVAL_PIECE + MORE; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "uuid:%d", i);
        world_answer(&world, "hours", id, "<data/>", 201);
    }
    assert_true(tp_committer_run(world.central.committer, run_cut_off, NULL, NULL));
    assert_int_equal(world_number(&world, "SELECT answers * 10 + left_over FROM deletion"),
                     TP_REMOVAL_PIECE * 10 + MORE);
    assert_true(page_says("/log", "began to delete responses whose time is over of hours: 500, "
                                  "3 left"));
    assert_true(page_says("/surveys/hours", "<span class=\"tag alarm\">3</span>"));
    assert_int_equal(run_chores(), 0); /* it may still run */
    world.time.wall += 3601 * 1000LL;
    assert_int_equal(run_chores(), MORE);
    assert_int_equal(world_number(&world,
                                  "SELECT CAST(sum(answers) AS BIGINT) * 10 + min(left_over) "
                                  "FROM deletion"),
                     (TP_REMOVAL_PIECE + MORE) * 10);
    world.time.wall += 3601 * 1000LL;
    world_answer(&world, "hours", "uuid:late", "<data/>", 201);
    assert_int_equal(run_chores(), 0); /* this one has ended */
}

/* ---- quarantine ---- */

static void what_was_put_aside_is_looked_at_and_chosen(void **state)
{
    (void)state;
    world_answer(&world, "hours", "uuid:a", ANSWER("uuid:a", "AAAA"), 201);
    world_answer(&world, "hours", "uuid:a", ANSWER("uuid:a", "BBBB"), 409);
    world_answer(&world, "hours", "uuid:a", ANSWER("uuid:a", "CCCC"), 409);
    assert_true(page_says("/quarantine", "uuid:a") && page_says("/quarantine", "Title of hours"));
    assert_int_equal(post("/withdraw/find", "form=hours&code=BBBB"), 404);
    /* Neither is undone: each is asked again. */
    assert_true(page_says("/quarantine/1/swap", "cannot be brought back"));
    assert_true(page_says("/quarantine/2/discard", "uuid:a"));
    assert_int_equal(get_status("/quarantine/9/discard"), 404);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 2);
    assert_int_equal(post("/quarantine/1/swap", ""), 303);
    assert_int_equal(post("/withdraw/find", "form=hours&code=BBBB"), 200);
    assert_int_equal(post("/withdraw/find", "form=hours&code=AAAA"), 404);
    assert_int_equal(post("/quarantine/1/swap", ""), 404);
    assert_int_equal(post("/quarantine/2/discard", ""), 303);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM submission"), 1);
    assert_true(page_says("/log", "replaced an answer by one in quarantine"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make_signed_in, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_viewer_sees_counts_and_no_answers),
        TEST(an_officer_publishes_and_downloads_but_removes_nobody),
        TEST(a_role_changes_at_once_and_the_last_administrator_stays_one),
        TEST(the_log_says_who_did_what_and_no_secret),
        TEST(sql_in_a_name_is_only_a_name),
        TEST(a_person_gets_their_answer_deleted_by_its_code),
        cmocka_unit_test(keep_limits_are_months_after_the_right_moment),
        TEST(what_is_over_is_deleted_from_the_disk_too_and_written_down),
        TEST(what_would_be_deleted_at_once_is_asked_again),
        TEST(a_clock_that_leaps_deletes_nothing),
        TEST(the_daily_round_is_one_servers),
        TEST(a_round_that_was_cut_off_has_said_what_it_did_and_is_gone_on_with),
        TEST(what_was_put_aside_is_looked_at_and_chosen),
    };

    return databases_run(tests);
}
