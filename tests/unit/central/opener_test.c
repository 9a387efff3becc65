/* Openings: made beside the answers after their receipts, of use to who has the private key alone,
 * gone with their answers, and never needed. */
#include "central/export/export.h"
#include "central/opener.h"
#include "central/opening.h"
#include "unit/central/office.h"

/* A server that began is waited for a minute. */
#define LEASE_OVER_MS 61000

static void answer(int number)
{
    char id[32];
    char xml[256];

    (void)snprintf(id, sizeof(id), "uuid:%d", number);
    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"hours\"><why>words %d</why><meta><instanceID>%s</instanceID></meta>"
                   "</data>",
                   number, id);
    world_answer(&world, "hours", id, xml, 201);
}

static int64_t open_all(void)
{
    struct tp_error error = {.text = ""};
    int64_t made = -1;

    if (!tp_opener_run(&world.central, &made, &error))
        fail_msg("%s", error.text);
    return made;
}

static char *export_all(void)
{
    const struct tp_export_options options = {.form = "hours", .format = TP_EXPORT_CSV};
    struct tp_export *export = NULL;
    struct tp_buf out;
    bool over = false;

    tp_buf_init(&out, 4u * 1024u * 1024u);
    assert_true(
        tp_export_open(world.central.readers, &world.central.keys, &options, &export, NULL));
    while (!over)
        assert_true(tp_export_fill(export, &out, &over, NULL));
    tp_export_close(export);
    return tp_buf_take(&out);
}

static bool run_sql(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_sql_run(db, context, TP_NO_VALUES, NULL, error);
}

#define CHANGE(sql)                                                                                \
    assert_true(tp_committer_run(world.central.committer, run_sql, (void *)(sql), NULL))

static int64_t openings(void)
{
    return world_number(&world, "SELECT count(*) FROM opening");
}

static void an_export_is_the_same_with_them_and_without(void **state)
{
    char *before;
    char *after;

    (void)state;
    for (int i = 0; i < 450; i++)
        answer(i);
    assert_int_equal(openings(), 0);
    before = export_all();
    assert_int_equal(open_all(), 450);
    assert_int_equal(openings(), 450);
    assert_int_equal(open_all(), 0);
    after = export_all();
    assert_non_null(strstr(after, "words 449"));
    assert_string_equal(before, after);
    tp_free(before);
    tp_free(after);
    answer(450);
    world.time.wall += LEASE_OVER_MS;
    assert_int_equal(open_all(), 1);
}

static void one_that_does_not_fit_costs_time_only(void **state)
{
    char *before;
    char *after;

    (void)state;
    for (int i = 0; i < 3; i++)
        answer(i);
    assert_int_equal(open_all(), 3);
    before = export_all();
    /* That of another answer, and one that is none. */
    CHANGE("UPDATE opening SET bytes = (SELECT o.bytes FROM opening o WHERE o.seq = 2) "
           "WHERE seq = 1");
    CHANGE("UPDATE opening SET bytes = sha256 FROM received r WHERE r.seq = 3 AND "
           "opening.seq = 3");
    after = export_all();
    assert_string_equal(before, after);
    assert_null(strstr(after, "cannot be opened"));
    tp_free(before);
    tp_free(after);
}

/* The bytes are read here as an altered answer's would be: by their opening, and refused. */
static void an_opening_opens_its_own_answer_alone(void **state)
{
    unsigned char opening[TP_OPENING_BYTES];
    struct tp_keys without = world.central.keys;
    struct tp_error error;
    struct tp_buf sealed;
    struct tp_buf plain;

    (void)state;
    tp_buf_init(&sealed, 8192);
    tp_buf_init(&plain, 8192);
    assert_true(tp_seal(&world.central.keys.sealing, "words", 5, &sealed, NULL));
    assert_true(
        tp_opening_make(&world.central.keys, "uuid:1", sealed.data, sealed.length, opening, NULL));
    /* Without the private half only the opening could open it; with another's key it does not. */
    memset(without.unsealing[0].secret, 7, sizeof(without.unsealing[0].secret));
    assert_true(tp_opening_unseal(&without, "uuid:1", opening, sizeof(opening), sealed.data,
                                  sealed.length, &plain, NULL));
    assert_string_equal(tp_buf_text(&plain), "words");
    assert_false(tp_opening_unseal(&without, "uuid:2", opening, sizeof(opening), sealed.data,
                                   sealed.length, &plain, &error));
    assert_int_equal(error.code, TP_ERR_CRYPTO);
    memset(without.opening[0], 7, sizeof(without.opening[0]));
    assert_false(tp_opening_unseal(&without, "uuid:1", opening, sizeof(opening), sealed.data,
                                   sealed.length, &plain, NULL));
    sealed.data[sealed.length - 1] ^= 1;
    assert_false(tp_opening_unseal(&world.central.keys, "uuid:1", opening, sizeof(opening),
                                   sealed.data, sealed.length, &plain, NULL));
    assert_string_equal(tp_buf_text(&plain), "words");
    tp_buf_finish(&sealed);
    tp_buf_finish(&plain);
}

static void none_is_made_where_the_private_key_is_elsewhere(void **state)
{
    (void)state;
    answer(1);
    world.central.keys.unsealing_count = 0;
    assert_int_equal(open_all(), 0);
    assert_int_equal(openings(), 0);
    assert_null(tp_opener_start(&world.central));
    world.central.keys.unsealing_count = 1;
    assert_int_equal(open_all(), 1);
}

static void they_go_with_their_answers(void **state)
{
    (void)state;
    world_sign_in(&world);
    world_answer(&world, "hours", "uuid:a",
                 "<data id=\"hours\"><meta><instanceID>uuid:a</instanceID><tp:context "
                 "xmlns:tp=\"urn:talkpoint:context:1\"><tp:receiptCode>K7QM</tp:receiptCode>"
                 "</tp:context></meta></data>",
                 201);
    answer(2);
    world_answer(&world, "hours", "uuid:2", "<data id=\"hours\"/>", 409);
    assert_int_equal(open_all(), 2);
    assert_int_equal(post("/withdraw", "form=hours&code=K7QM"), 303);
    assert_int_equal(openings(), 1);
    /* Other bytes take the place of the answer's: its opening would open nothing. */
    assert_int_equal(post("/quarantine/1/swap", ""), 303);
    assert_int_equal(openings(), 0);
    world.time.wall += LEASE_OVER_MS;
    assert_int_equal(open_all(), 1);
}

static void one_server_makes_them_for_all(void **state)
{
    (void)state;
    answer(1);
    CHANGE("INSERT INTO chore SELECT 'openings', received_ms FROM received");
    assert_int_equal(open_all(), 0);
    /* It was stopped in the middle: after a minute another goes on. */
    world.time.wall += LEASE_OVER_MS;
    assert_int_equal(open_all(), 1);
}

static void the_thread_makes_them_by_itself(void **state)
{
    struct tp_opener *opener;

    (void)state;
    answer(1);
    opener = tp_opener_start(&world.central);
    assert_non_null(opener);
    while (openings() == 0)
        (void)usleep(1000);
    tp_opener_stop(opener);
    assert_int_equal(openings(), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_export_is_the_same_with_them_and_without),
        TEST(one_that_does_not_fit_costs_time_only),
        TEST(an_opening_opens_its_own_answer_alone),
        TEST(none_is_made_where_the_private_key_is_elsewhere),
        TEST(they_go_with_their_answers),
        TEST(one_server_makes_them_for_all),
        TEST(the_thread_makes_them_by_itself),
    };

    return databases_run(tests);
}
