/* Answers that edit earlier ones (meta/deprecatedID), as ODK Collect sends them: the later one
 * stands, whatever the order in which they come. */
#include <pthread.h>
#include <stdatomic.h>

#include "central/chores.h"
#include "central/data/edits.h"
#include "central/data/removal.h"
#include "unit/central/exports.h"
#include "unit/central/openings.h"

#define A "uuid:aaaaaaaa-1111-4111-8111-111111111111"
#define B "uuid:bbbbbbbb-2222-4222-8222-222222222222"
#define C "uuid:cccccccc-3333-4333-8333-333333333333"

static char other_token[TP_BASE64_MAX(32)]; /* of another account */

static int make(void **state)
{
    struct world first;

    (void)office_make_signed_in(state);
    first = world;
    world_enrol(&world, "MMMM-2222", "Wheatley Library");
    memcpy(other_token, world.token, sizeof(other_token));
    memcpy(world.token, first.token, sizeof(world.token));
    memcpy(world.device, first.device, sizeof(world.device));
    return 0;
}

static void xml_of(const char *form, const char *id, const char *edits, char xml[1024])
{
    (void)snprintf(xml, 1024,
                   "<data id=\"%s\" version=\"1\"><why>%.13s</why><orx:meta "
                   "xmlns:orx=\"http://openrosa.org/xforms\"><orx:instanceID>%s</orx:instanceID>"
                   "%s%s%s</orx:meta></data>",
                   form, id, id, *edits ? "<orx:deprecatedID>" : "", edits,
                   *edits ? "</orx:deprecatedID>" : "");
}

static int send_xml(const char *xml, const char *token, bool media)
{
    struct world_request request = {.method = "POST",
                                    .target = "/submission",
                                    .type = WORLD_MULTIPART,
                                    .with_token = true,
                                    .token = token};
    struct tp_buf body;
    int status;

    tp_buf_init(&body, 65536);
    world_part(&body, "xml_submission_file", "a.xml", xml, strlen(xml));
    if (media)
        world_part(&body, "photo.jpg", "photo.jpg", "not a photo", 11);
    world_end_parts(&body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    status = world_status(&world, &request);
    tp_buf_finish(&body);
    return status;
}

static void send_edit(const char *form, const char *id, const char *edits, const char *token)
{
    char xml[1024];

    xml_of(form, id, edits, xml);
    assert_int_equal(send_xml(xml, token, true), 201);
}

/* `id` edits `edits`, "" for none, from the one account. */
static void arrive(const char *id, const char *edits)
{
    send_edit("hours", id, edits, NULL);
}

static int64_t number(const char *sql)
{
    return world_number(&world, sql);
}

/* What stands: the export has these and no more, and so do the counts. */
static void stands(const char *form, size_t count, const char *const ids[])
{
    const struct tp_export_options options = {.form = form, .format = TP_EXPORT_JSON};
    char *json = export_all(&world, options);
    size_t exported = 0;
    int64_t counted = -1;
    struct tp_sql *db;

    for (const char *at = strstr(json, "\"instanceID\""); at; at = strstr(at + 1, "\"instanceID\""))
        exported++;
    assert_int_equal(exported, count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(strstr(json, ids[i]));
    tp_free(json);
    db = tp_sql_pool_take(world.central.readers);
    assert_true(tp_sql_number(
        db, "SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM tally WHERE form = ?1",
        TP_VALUES(tp_str(form)), -1, &counted, NULL));
    tp_sql_pool_give(world.central.readers, db);
    assert_int_equal(counted, count);
    assert_int_equal(number("SELECT count(*) FROM (SELECT day FROM tally GROUP BY form, day "
                            "HAVING sum(count) < 0) d"),
                     0);
}

#define STANDS(...)                                                                                \
    stands("hours", sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *),             \
           (const char *const[]){__VA_ARGS__})

/* A, edited by B, edited by C, in each order and each of them twice, on days of their own. */
static void the_last_of_a_chain_stands_in_any_order(void **state)
{
    static const char *const ids[] = {A, B, C};
    static const char *const edits[] = {"", A, B};
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (size_t o = 0; o < sizeof(orders) / sizeof(orders[0]); o++) {
        if (o)
            (void)make(state);
        for (size_t i = 0; i < 6; i++) {
            arrive(ids[orders[o][i / 2]], edits[orders[o][i / 2]]);
            if (i % 2)
                world.time.wall += 24 * 3600 * 1000LL;
        }
        STANDS(C);
        assert_int_equal(number("SELECT count(*) FROM replaced p JOIN received r "
                                "ON r.seq = p.by_seq AND r.instance_id = '" C "'"),
                         2);
        assert_int_equal(number("SELECT count(*) FROM attachment"), 3);
        if (o + 1 < sizeof(orders) / sizeof(orders[0]))
            (void)office_end(state);
    }
    world_sign_in(&world); /* days have passed */
    assert_true(page_says("/surveys/hours", "edited on a phone: 2."));
}

static bool take_three(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_submissions_take(db, context, 3, error);
}

/* The same in one commit, as many servers' committers bring them. */
static void a_chain_may_come_in_one_commit(void **state)
{
    static struct tp_submission submissions[3];
    static const char *const ids[] = {"uuid:dddd", A, B};
    static const char *const edits[] = {NULL, NULL, A};
    void *contexts[3];
    struct tp_buf sealed;

    (void)state;
    tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
    assert_true(tp_seal(&world.central.keys.sealing, "<data/>", 7, &sealed, NULL));
    for (size_t i = 0; i < 3; i++) {
        submissions[i] = (struct tp_submission){.instance_id = ids[i],
                                                .form = "hours",
                                                .version = "1",
                                                .device = world.device,
                                                .replaces = edits[i],
                                                .central = &world.central,
                                                .day = "2026-11-23",
                                                .late_day = "2026-10-24",
                                                .received_ms = world.time.wall,
                                                .sealed = tp_buf_text(&sealed),
                                                .sealed_length = sealed.length};
        contexts[i] = &submissions[i];
    }
    arrive(C, B); /* before it */
    assert_true(tp_committer_run(world.central.committer, take_three, contexts, NULL));
    STANDS(C, "uuid:dddd");
    tp_buf_finish(&sealed);
}

/* ---- two servers ---- */

static atomic_bool arrived;

static void *arrive_elsewhere(void *unused)
{
    (void)unused;
    arrive(A, "");
    atomic_store(&arrived, true);
    return NULL;
}

/* One server has the edit in a transaction while the other takes in what it edits: the other waits.
 * (One file of SQLite has one writer anyway.) */
static void two_servers_do_not_miss_each_other(void **state)
{
    struct tp_submission edit = {.instance_id = B,
                                 .form = "hours",
                                 .version = "1",
                                 .device = world.device,
                                 .replaces = A,
                                 .central = &world.central,
                                 .day = "2026-11-23",
                                 .late_day = "2026-10-24",
                                 .received_ms = world.time.wall};
    struct tp_buf sealed;
    struct tp_sql *db;
    pthread_t thread;

    (void)state;
    if (!postgres.on)
        return;
    tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
    assert_true(tp_seal(&world.central.keys.sealing, "<data/>", 7, &sealed, NULL));
    edit.sealed = tp_buf_text(&sealed);
    edit.sealed_length = sealed.length;
    assert_true(tp_sql_open(world.central.settings.db, false, &db, NULL));
    assert_true(tp_sql_begin(db, NULL));
    assert_true(tp_submission_take(db, &edit, NULL));
    atomic_store(&arrived, false);
    assert_int_equal(pthread_create(&thread, NULL, arrive_elsewhere, NULL), 0);
    while (!atomic_load(&arrived) && number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0)
        (void)usleep(1000);
    assert_false(atomic_load(&arrived));
    assert_true(tp_sql_commit(db, NULL));
    assert_int_equal(pthread_join(thread, NULL), 0);
    tp_sql_close(db);
    tp_buf_finish(&sealed);
    STANDS(B);
}

/* ---- who may ---- */

static void only_the_same_account_and_form_may_edit(void **state)
{
    (void)state;
    world_publish(&world, "other", "1", "consultation", world_form, NULL);
    arrive(A, "");
    send_edit("hours", B, A, other_token);
    send_edit("other", C, A, NULL);
    STANDS(A, B);
    stands("other", 1, (const char *const[]){C});
    /* One that is not here, and one that came from the other account: both stay. */
    arrive("uuid:dddd", "uuid:nowhere");
    arrive("uuid:eeee", B);
    /* An edit that is here first. */
    send_edit("hours", "uuid:ffff", "uuid:gggg", other_token);
    send_edit("other", "uuid:hhhh", "uuid:gggg", NULL);
    arrive("uuid:gggg", "");
    STANDS(A, B, "uuid:dddd", "uuid:eeee", "uuid:ffff", "uuid:gggg");
    assert_false(page_says("/surveys/hours", "edited on a phone"));
}

/* A screen that carries another's answer may say so of any; it edits none. */
static void what_is_carried_for_another_edits_nothing(void **state)
{
    struct world_request request = {.method = "POST",
                                    .target = "/submission",
                                    .type = WORLD_MULTIPART,
                                    .token = other_token,
                                    .given_on = world.device};
    struct tp_buf body;
    char xml[1024];

    (void)state;
    arrive(A, "");
    xml_of("hours", B, A, xml);
    tp_buf_init(&body, 65536);
    world_part(&body, "xml_submission_file", "a.xml", xml, strlen(xml));
    world_end_parts(&body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    assert_int_equal(world_status(&world, &request), 201);
    tp_buf_finish(&body);
    STANDS(A, B);
}

static void an_answer_is_not_refused_for_what_it_says_it_edits(void **state)
{
    char long_id[300];
    char xml[1024];

    (void)state;
    memset(long_id, 'x', sizeof(long_id) - 1);
    long_id[sizeof(long_id) - 1] = '\0';
    arrive(A, A);
    arrive(B, long_id);
    arrive(C, "<b>" A "</b>");
    STANDS(A, B, C);
    /* Each names the other: the later stands. */
    arrive("uuid:dddd", "uuid:eeee");
    arrive("uuid:eeee", "uuid:dddd");
    STANDS(A, B, C, "uuid:eeee");
    /* Outside meta it is a question like any other. */
    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"hours\"><about><deprecatedID>" A
                   "</deprecatedID></about><meta><instanceID>"
                   "uuid:ffff</instanceID></meta></data>");
    assert_int_equal(send_xml(xml, NULL, false), 201);
    STANDS(A, B, C, "uuid:eeee", "uuid:ffff");
}

/* What only an envelope says, nobody sealed. */
static void a_sealed_answer_edits_nothing(void **state)
{
    struct tp_exchange exchange;
    struct tp_buf sealed;
    struct tp_buf body;
    size_t before;

    (void)state;
    arrive(A, "");
    world_sealed(&world, "hours", B, "<data/>", &sealed);
    before = (size_t)(strstr(tp_buf_text(&sealed), "</meta>") - tp_buf_text(&sealed));
    tp_buf_init(&body, TP_SUBMISSION_MAX);
    assert_true(tp_buf_add(&body, tp_buf_text(&sealed), before) &&
                tp_buf_puts(&body, "<deprecatedID>" A "</deprecatedID>") &&
                tp_buf_add(&body, tp_buf_text(&sealed) + before, sealed.length - before));
    assert_int_equal(world_submit(&world, &body, &exchange), 201);
    tp_exchange_finish(&exchange);
    tp_buf_finish(&sealed);
    tp_buf_finish(&body);
    STANDS(A, B);
}

/* ---- going ---- */

struct withdrawing {
    int64_t seq;
    char day[TP_DAY_TEXT_MAX];
    bool found;
};

static bool run_withdraw(struct tp_sql *db, void *context, struct tp_error *error)
{
    static const struct tp_deed deed = {"admin", WORLD_NOW};
    struct withdrawing *withdrawing = context;

    return tp_answer_withdraw(db, withdrawing->seq, withdrawing->day, &deed, &withdrawing->found,
                              error);
}

static void withdraw(const char *id, bool found)
{
    struct tp_sql *db = tp_sql_pool_take(world.central.readers);
    struct withdrawing withdrawing = {.found = false};
    int64_t received_ms = 0;

    assert_true(tp_answer_by_id(db, id, &withdrawing.seq, &received_ms, NULL));
    tp_sql_pool_give(world.central.readers, db);
    assert_int_equal(withdrawing.seq != 0, found);
    if (!found)
        return;
    tp_central_day(&world.central, received_ms, withdrawing.day);
    assert_true(tp_committer_run(world.central.committer, run_withdraw, &withdrawing, NULL));
    assert_true(withdrawing.found);
}

/* By any of its names; and what comes late does not bring it back. */
static void who_withdraws_takes_every_version_back(void **state)
{
    static const char *const names[] = {A, B};

    for (size_t i = 0; i < 2; i++) {
        arrive(A, "");
        arrive(B, A);
        arrive(C, "uuid:late");
        withdraw(names[i], true);
        STANDS(C);
        withdraw(A, false);
        withdraw(B, false);
        arrive(A, "");
        arrive(B, A);
        withdraw(C, true);
        arrive("uuid:late", "");
        stands("hours", 0, NULL);
        assert_int_equal(number("SELECT count(*) FROM replaced"), 0);
        assert_int_equal(number("SELECT count(*) FROM attachment"), 0);
        assert_int_equal(number("SELECT count(*) FROM received WHERE gone_ms IS NULL"), 0);
        (void)office_end(state);
        (void)make(state);
    }
}

static void retention_takes_earlier_versions_too(void **state)
{
    int64_t removed = 0;

    (void)state;
    arrive(A, "");
    arrive(B, A);
    CHANGE("UPDATE form SET keep_months = 1, closes = ''");
    CHANGE("UPDATE replaced SET received_ms = 1000");
    assert_true(tp_chores_run(&world.central, true, &removed, NULL));
    assert_int_equal(removed, 1);
    assert_int_equal(number("SELECT count(*) FROM replaced"), 0);
    assert_int_equal(number("SELECT count(*) FROM attachment"), 1);
    assert_int_equal(number("SELECT left_over FROM deletion"), 0);
    STANDS(B);
}

/* ---- what was there ---- */

/* A screen's own answer; only it could know the number. */
static void an_opening_that_holds_it_is_made_anew(void **state)
{
    const struct tp_export_options options = {.form = "hours", .format = TP_EXPORT_JSON};
    int64_t lease;
    char *json;

    (void)state;
    answers(1, 256);
    assert_int_equal(open_all(), 255);
    lease = number("SELECT begun_ms FROM chore WHERE name = 'openings'");
    arrive(B, "uuid:7");
    assert_int_equal(openings(), 0);
    /* Who is making one at this moment loses its lease. */
    assert_true(number("SELECT begun_ms FROM chore WHERE name = 'openings'") > lease);
    assert_int_equal(open_again(), 254);
    json = export_all(&world, options);
    assert_non_null(strstr(json, "\"words 6\""));
    assert_null(strstr(json, "\"words 7\""));
    tp_free(json);
}

static void a_store_of_before_learns_it(void **state)
{
    (void)state;
    arrive(A, "");
    CHANGE("DROP TABLE edit");
    CHANGE("DROP TABLE replaced");
    store_of_before(7);
    arrive(B, A);
    STANDS(B);
}

/* Two edits of one that is not here, and one of one that is. */
static void a_store_of_before_awaits_what_was_edited(void **state)
{
    (void)state;
    arrive(C, "");
    arrive("uuid:dddd", C);
    arrive(B, A);
    send_edit("hours", "uuid:eeee", A, other_token);
    CHANGE("DELETE FROM received WHERE length(sha256) = 0");
    store_of_before(8);
    assert_int_equal(number("SELECT count(*) FROM received WHERE length(sha256) = 0"), 1);
    arrive(A, "");
    STANDS(B, "uuid:dddd", "uuid:eeee");
}

/* Its instance ID is held, and that is all. */
static void what_is_awaited_is_not_here(void **state)
{
    (void)state;
    arrive(B, A);
    withdraw(A, false);
    STANDS(B);
    arrive(A, "");
    arrive(A, "");
    assert_int_equal(number("SELECT count(*) FROM quarantine"), 0);
    assert_int_equal(number("SELECT count(*) FROM received WHERE length(sha256) = 0"), 0);
    withdraw(A, true);
    stands("hours", 0, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_last_of_a_chain_stands_in_any_order),
        TEST(a_chain_may_come_in_one_commit),
        TEST(two_servers_do_not_miss_each_other),
        TEST(only_the_same_account_and_form_may_edit),
        TEST(what_is_carried_for_another_edits_nothing),
        TEST(an_answer_is_not_refused_for_what_it_says_it_edits),
        TEST(a_sealed_answer_edits_nothing),
        TEST(who_withdraws_takes_every_version_back),
        TEST(retention_takes_earlier_versions_too),
        TEST(an_opening_that_holds_it_is_made_anew),
        TEST(a_store_of_before_learns_it),
        TEST(a_store_of_before_awaits_what_was_edited),
        TEST(what_is_awaited_is_not_here),
    };

    return databases_run(tests);
}
