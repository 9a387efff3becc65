/* sync/agent/do/flight.h: what may share a request, and what is known of what is on its way. */
#include "tp_test.h"

#include <string.h>

#include "agent/do/flight.h"
#include "store/encode.h"

static struct tp_flight flight;
static int owner;

static int set_up(void **state)
{
    (void)state;
    return tp_flight_init(&flight, &owner, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tp_flight_finish(&flight);
    return 0;
}

/* An answer that waits; `sealed` lasts as long. */
static struct tp_outbox_item item_of(const char *id, const char *sealed)
{
    struct tp_outbox_item item = {.form_id = "hours", .form_version = "1"};

    (void)snprintf(item.instance_id, sizeof(item.instance_id), "%s", id);
    item.sealed = (unsigned char *)sealed;
    item.sealed_count = strlen(sealed);
    tp_sha256_text(sealed, item.sealed_count, item.sha256);
    return item;
}

static void only_fresh_answers_of_this_screen_share(void **state)
{
    struct tp_outbox_item item = item_of("uuid:1", "sealed");

    (void)state;
    assert_true(tp_flight_may_share(&item));
    item.attempts = 1;
    assert_false(tp_flight_may_share(&item));
    item.attempts = 0;
    item.carried = true;
    assert_false(tp_flight_may_share(&item));
    item.carried = false;
    item.sealed_count = TP_SEVERAL_SEALED_MAX;
    assert_true(tp_flight_may_share(&item));
    item.sealed_count = TP_SEVERAL_SEALED_MAX + 1;
    assert_false(tp_flight_may_share(&item));
    item.sealed_count = 6;
    (void)snprintf(item.form_version, sizeof(item.form_version), "a\ttab");
    assert_false(tp_flight_may_share(&item));
}

static void an_answer_alone_goes_in_an_envelope(void **state)
{
    struct tp_outbox_item item = item_of("uuid:1", "sealed");

    (void)state;
    item.attempts = 4;
    item.carried = true;
    (void)snprintf(item.given_on, sizeof(item.given_on), "uuid:hall");
    assert_true(tp_flight_load(&flight, &item, 1, NULL, NULL));
    assert_int_equal(flight.count, 1);
    assert_false(flight.several);
    assert_true(flight.carried);
    assert_string_equal(flight.given_on, "uuid:hall");
    assert_string_equal(flight.answers[0].instance_id, "uuid:1");
    assert_string_equal(flight.answers[0].sha256, item.sha256);
    assert_int_equal(flight.answers[0].attempts, 4);
    assert_int_equal(strncmp(flight.content_type, "multipart/form-data; boundary=", 30), 0);
    assert_true(tp_flight_has(&flight, "uuid:1"));
    tp_flight_land(&flight);
    assert_false(tp_flight_has(&flight, "uuid:1"));
    assert_int_equal(flight.body.length, 0);
    assert_ptr_equal(flight.owner, &owner);
}

static void several_go_as_bytes_with_a_line_each(void **state)
{
    struct tp_outbox_item items[] = {item_of("uuid:1", "one"), item_of("uuid:2", "two")};
    struct tp_several several;

    (void)state;
    assert_true(tp_flight_load(&flight, items, 2, NULL, NULL));
    assert_int_equal(flight.count, 2);
    assert_true(flight.several);
    assert_string_equal(flight.content_type, "application/octet-stream");
    assert_true(tp_flight_has(&flight, "uuid:2"));
    assert_false(tp_flight_has(&flight, "uuid:3"));
    assert_true(tp_several_read(flight.body.data, flight.body.length, &several, NULL));
    assert_int_equal(several.count, 2);
    assert_string_equal(several.answers[1].instance_id, "uuid:2");
    assert_string_equal(several.answers[1].form_id, "hours");
    assert_string_equal(several.answers[1].form_version, "1");
    assert_string_equal(several.answers[1].sha256, items[1].sha256);
    assert_int_equal(several.answers[1].sealed_count, 3);
    assert_memory_equal(several.answers[1].sealed, "two", 3);
    tp_several_finish(&several);
    /* The next is alone, and nothing of these is with it. */
    tp_flight_land(&flight);
    assert_true(tp_flight_load(&flight, items, 1, NULL, NULL));
    assert_false(flight.several);
    assert_false(tp_flight_has(&flight, "uuid:2"));
}

static void what_cannot_be_sent_is_known_and_its_place_is_free(void **state)
{
    const struct tp_identity openrosa = {.kind = TP_STORE_OPENROSA};
    struct tp_outbox_item item = item_of("uuid:1", "sealed to a Talkpoint store");
    struct tp_error error;

    (void)state;
    assert_false(tp_flight_load(&flight, &item, 1, &openrosa, &error));
    assert_int_equal(error.code, TP_ERR_INVALID);
    assert_int_equal(flight.count, 0);
    assert_string_equal(flight.answers[0].instance_id, "uuid:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(only_fresh_answers_of_this_screen_share),
        TEST(an_answer_alone_goes_in_an_envelope),
        TEST(several_go_as_bytes_with_a_line_each),
        TEST(what_cannot_be_sent_is_known_and_its_place_is_free),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
