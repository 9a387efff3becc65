/* sync/agent/do/stick_out.c, stick_in.c, stick_files.c: answers and receipts by USB stick. What is
 * altered, foreign or drawn out is stick_faults_test.c's. */
#include "tp_test.h"

#include "store/carry.h"
#include "unit/agent/sticks.h"

static void an_answer_leaves_its_screen_only_against_a_receipt(void **state)
{
    struct tp_stick_report report;

    (void)state;
    device_put(&hall.device, 3, NULL);
    report = put_out(&hall);
    assert_int_equal(report.written, 3);
    assert_int_equal(report.on_stick, 0);
    assert_int_equal(usb_count("answers"), 1);
    device_put(&hall.device, 2, NULL);
    report = put_out(&hall);
    assert_int_equal(report.written, 2);
    assert_int_equal(report.on_stick, 3);
    assert_int_equal(usb_count("answers"), 2);
    assert_int_equal(device_counts(&hall.device).waiting, 5);
    office_signs(&office, SIZE_MAX);
    report = take_in(&hall);
    assert_int_equal(report.done, 5);
    assert_int_equal(report.taken + report.back, 0);
    assert_int_equal(report.refused, 0);
    assert_int_equal(device_counts(&hall.device).waiting, 0);
    assert_int_equal(device_counts(&hall.device).sent, 5);
    /* Another screen that holds these answers may wait for the lists: they go the next time. */
    assert_int_equal(usb_count("receipts"), 2);
    assert_int_equal(take_in(&hall).done, 0);
    assert_int_equal(usb_count("receipts"), 0);
    report = put_out(&hall);
    assert_int_equal(report.written + report.on_stick, 0);
    assert_int_equal(usb_count("answers"), 0);
}

/* A network takes the waiting answers away, but for the first `kept`. */
static void send_from(struct screen *screen, size_t kept)
{
    struct tp_outbox_batch batch;
    enum tp_outbox_sent outcomes[32];
    struct tp_receipt receipts[32];

    assert_true(tp_carry_read(screen->device.store, 0, 32, 0, &batch, NULL));
    for (size_t i = kept; i < batch.count; i++)
        assert_true(tp_receipt_sign(&office, batch.items[i].instance_id, batch.items[i].sha256,
                                    time_now.wall, &receipts[i], NULL));
    assert_true(tp_outbox_mark_sent(screen->device.store, &office.key, receipts + kept,
                                    batch.count - kept, outcomes, NULL));
    tp_outbox_batch_finish(&batch);
}

static void a_bundle_stays_while_any_of_it_waits(void **state)
{
    struct tp_stick_report report;

    (void)state;
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    office_signs(&office, 1);
    assert_int_equal(take_in(&hall).done, 1);
    report = put_out(&hall);
    assert_int_equal(report.on_stick, 2);
    assert_int_equal(report.written, 0);
    send_from(&hall, 1);
    assert_int_equal(put_out(&hall).on_stick, 1);
    assert_int_equal(usb_count("answers"), 1);
}

/* The screen that the answer at this place of an outbox says it was given on; "": this one. */
static void assert_given_on(const struct screen *screen, size_t at, const char *device_id)
{
    static const struct tp_outbox_next_params params = {.max_count = 5, .lease_ms = 1000};
    struct tp_outbox_batch batch;

    assert_true(tp_outbox_next(screen->device.store, &params, &batch, NULL));
    assert_in_range(at, 0, batch.count - 1);
    assert_string_equal(batch.items[at].given_on, device_id);
    assert_string_equal(batch.items[at].form_id, "library-hours");
    assert_string_equal(batch.items[at].form_version, "2026110101");
    tp_outbox_batch_finish(&batch);
    assert_true(tp_outbox_release(screen->device.store, false, NULL));
}

/* A disk that was damaged, or emptied: what is on the stick may be all there is. */
static void what_a_screen_lost_is_not_taken_away_but_taken_back(void **state)
{
    struct tp_stick_report report;

    (void)state;
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    device_sql(&hall.device, "DELETE FROM outbox");
    (void)put_out(&hall);
    assert_int_equal(usb_count("answers"), 1);
    report = take_in(&hall);
    assert_int_equal(report.back, 3);
    assert_int_equal(report.taken, 0);
    assert_int_equal(device_counts(&hall.device).waiting, 3);
    assert_given_on(&hall, 0, "");
    office_signs(&office, SIZE_MAX);
    report = take_in(&hall);
    assert_int_equal(report.back, 0);
    assert_int_equal(report.done, 3);
    (void)put_out(&hall);
    assert_int_equal(usb_count("answers"), 0);
}

static void another_screen_carries_answers_on_and_receipts_back(void **state)
{
    struct tp_stick_report report;

    (void)state;
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    device_put(&library.device, 2, NULL);
    assert_int_equal(take_in(&library).taken, 3);
    assert_int_equal(take_in(&library).taken, 0);
    assert_int_equal(device_counts(&library.device).waiting, 5);
    assert_given_on(&library, 1, "");
    assert_given_on(&library, 2, "uuid:hall");
    /* The bundle they came in is on the stick already: only its own go there. */
    report = put_out(&library);
    assert_int_equal(report.written, 2);
    assert_int_equal(report.on_stick, 3);
    assert_int_equal(report.receipts, 0);
    assert_int_equal(usb_count("receipts"), 0);
    send_from(&library, 0);
    report = put_out(&library);
    assert_int_equal(report.receipts, 3);
    assert_int_equal(usb_count("answers"), 1);
    assert_int_equal(put_out(&library).receipts, 0);
    assert_int_equal(usb_count("receipts"), 1);
    assert_non_null(strstr(usb_only("receipts"), "/uuid_hall-"));
    /* They are not the library's to take away. */
    assert_int_equal(take_in(&library).done, 0);
    assert_int_equal(usb_count("receipts"), 1);
    assert_int_equal(take_in(&hall).done, 3);
    assert_int_equal(take_in(&hall).done, 0);
    assert_int_equal(usb_count("receipts"), 0);
}

static void each_bundle_has_its_own_list_of_receipts(void **state)
{
    struct usb_list lists;

    (void)state;
    for (int i = 0; i < 2; i++) {
        device_put(&hall.device, 2, NULL);
        (void)put_out(&hall);
    }
    (void)take_in(&library);
    send_from(&library, 0);
    assert_int_equal(put_out(&library).receipts, 4);
    lists = usb_list("receipts");
    assert_int_equal(lists.count, 2);
    for (size_t i = 0; i < lists.count; i++) {
        struct tp_buf text;
        size_t lines = 0;

        usb_read(usb_path("receipts", lists.names[i]), &text);
        for (const char *p = text.data; (p = strchr(p, '\n')); p++)
            lines++;
        assert_int_equal(lines, 3);
        tp_buf_finish(&text);
    }
}

/* As many as a bundle holds, then more than are deleted in one transaction. */
static void many_answers_are_several_bundles(void **state)
{
    struct tp_stick_report report;

    (void)state;
    device_put(&hall.device, TP_BUNDLE_ANSWERS_MAX, NULL);
    assert_int_equal(put_out(&hall).written, TP_BUNDLE_ANSWERS_MAX);
    assert_int_equal(usb_count("answers"), 1);
    assert_true(tp_dir_remove(usb_path("", ""), NULL));
    device_put(&hall.device, 30, NULL);
    assert_int_equal(put_out(&hall).written, TP_BUNDLE_ANSWERS_MAX + 30);
    assert_int_equal(usb_count("answers"), 2);
    report = put_out(&hall);
    assert_int_equal(report.on_stick, TP_BUNDLE_ANSWERS_MAX + 30);
    assert_int_equal(report.written, 0);
    assert_int_equal(take_in(&library).taken, TP_BUNDLE_ANSWERS_MAX + 30);
    office_signs(&office, SIZE_MAX);
    assert_int_equal(take_in(&hall).done, TP_BUNDLE_ANSWERS_MAX + 30);
    assert_int_equal(device_counts(&hall.device).waiting, 0);
}

static void large_answers_are_several_bundles(void **state)
{
    char id[32];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(id, sizeof(id), "uuid:large-%zu", i);
        device_put_large(&hall.device, id, TP_OUTBOX_XML_MAX);
    }
    assert_int_equal(put_out(&hall).written, 3);
    assert_int_equal(usb_count("answers"), 3); /* a seal makes each a little longer than a half */
    assert_int_equal(take_in(&library).taken, 3);
}

/* Its own store: what the stick brings cannot be done, and that is no fault of the stick's. */
static void a_device_that_cannot_delete_says_so(void **state)
{
    const struct tp_stick stick = stick_of(&hall);
    struct tp_stick_report report = {0};
    struct tp_error error = {0};

    (void)state;
    device_put(&hall.device, 300, NULL); /* more than go together */
    (void)put_out(&hall);
    office_signs(&office, SIZE_MAX);
    assert_true(tp_dir_remove(usb_path("answers", ""), NULL));
    device_sql(&hall.device, "DROP TABLE sent");
    assert_false(tp_stick_import(&stick, &report, &error));
    assert_int_equal(error.code, TP_ERR_IO);
    assert_int_equal(report.refused, 0);
    assert_int_equal(report.done, 0);
    assert_int_equal(usb_count("receipts"), 1);
    assert_int_equal(device_counts(&hall.device).waiting, 300);
}

/* The files that were visited, in order. */
static struct tp_buf visits;

static bool note_name(void *go_on, const char *path)
{
    assert_true(tp_buf_puts(&visits, strrchr(path, '/')));
    return *(const bool *)go_on;
}

/* Whether all went well, and the names in `visits`. */
static bool visit(const char *ending, bool go_on)
{
    const struct tp_stick stick = stick_of(&hall);

    tp_buf_finish(&visits);
    tp_buf_init(&visits, 512);
    return tp_stick_each(&stick, "answers", ending, note_name, &go_on, NULL);
}

static const char *visited(const char *ending)
{
    assert_true(visit(ending, true));
    return tp_buf_text(&visits);
}

static void only_whole_files_of_ours_are_looked_at(void **state)
{
    (void)state;
    assert_string_equal(visited(".tpb"), "");
    usb_write("answers", "b.tpb", "b", 1);
    usb_write("answers", "a.tpb", "a", 1);
    usb_write("answers", "c.tpb", "c", 1);
    usb_write("answers", ".hidden.tpb", "x", 1);
    usb_write("answers", "-.tpb", "x", 1);
    usb_write("answers", "a.tpb.k3Xz91", "x", 1);
    usb_write("answers", "a.tpr", "r", 1);
    usb_write("answers", "tpb", "x", 1);
    assert_int_equal(mkdir(usb_path("answers", "folder.tpb"), 0755), 0);
    assert_int_equal(mkfifo(usb_path("answers", "pipe.tpb"), 0644), 0);
    assert_int_equal(symlink(hall.device.store_path, usb_path("answers", "link.tpb")), 0);
    assert_string_equal(visited(".tpb"), "/-.tpb/a.tpb/b.tpb/c.tpb");
    assert_string_equal(visited("b.tpb"), "");
    assert_string_equal(visited(".tpr"), "/a.tpr");
    tp_buf_finish(&visits);
}

static void a_visit_that_fails_is_the_last(void **state)
{
    (void)state;
    usb_write("answers", "a.tpb", "a", 1);
    usb_write("answers", "b.tpb", "b", 1);
    assert_false(visit(".tpb", false));
    assert_string_equal(tp_buf_text(&visits), "/a.tpb");
    tp_buf_finish(&visits);
}

static void a_screen_that_is_not_certified_puts_nothing_out_but_takes_in(void **state)
{
    const struct tp_stick stick = stick_of(&library);
    struct tp_stick_report report = {0};
    struct tp_error error;
    char path[128];

    (void)state;
    device_put(&hall.device, 1, NULL);
    (void)put_out(&hall);
    device_put(&library.device, 1, NULL);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_CERTIFICATE_FILE, library.device.folder);
    assert_int_equal(unlink(path), 0);
    assert_false(tp_stick_export(&stick, &report, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
    assert_non_null(strstr(error.text, "not certified this screen"));
    assert_int_equal(usb_count("answers"), 1);
    assert_int_equal(take_in(&library).taken, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, sticks_set_up, sticks_tear_down)
        TEST(an_answer_leaves_its_screen_only_against_a_receipt),
        TEST(a_bundle_stays_while_any_of_it_waits),
        TEST(what_a_screen_lost_is_not_taken_away_but_taken_back),
        TEST(another_screen_carries_answers_on_and_receipts_back),
        TEST(each_bundle_has_its_own_list_of_receipts),
        TEST(many_answers_are_several_bundles),
        TEST(large_answers_are_several_bundles),
        TEST(a_device_that_cannot_delete_says_so),
        TEST(only_whole_files_of_ours_are_looked_at),
        TEST(a_visit_that_fails_is_the_last),
        TEST(a_screen_that_is_not_certified_puts_nothing_out_but_takes_in),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
