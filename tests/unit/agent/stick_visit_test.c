/* sync/agent/stick.h: a whole visit of a stick, as the staff menu asks for it, and what is said. */
#include "tp_test.h"

#include <signal.h>

#include "agent/options.h"
#include "agent/stick.h"
#include "store/settings.h"
#include "unit/agent/fake_store.h"
#include "unit/agent/sticks.h"

static struct fake_store fake;
static struct tp_options options;
static struct tp_agent agent; /* the library's */

static struct tp_http *connect_to(const char *url)
{
    struct tp_http_options to = {.store_url = url, .token = "secret-token", .stall_s = 1};

    return tp_http_create(&to, NULL);
}

static int set_up(void **state)
{
    fake_start(&fake);
    if (sticks_set_up(state) != 0 || !tp_http_global_init(NULL))
        return -1;
    fake.pair = office;
    options = (struct tp_options){.state = library.device.folder, .stick_folder = usb};
    agent = (struct tp_agent){.options = &options,
                              .clock = library.device.clock,
                              .store = library.device.store,
                              .identity = library.identity,
                              .http = connect_to("http://127.0.0.1:1"),
                              .notify.fd = -1};
    return tp_wake_open(&agent.wake, options.state, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    tp_http_destroy(agent.http);
    tp_wake_close(&agent.wake);
    fake_stop(&fake);
    return sticks_tear_down(state);
}

static void have_network(void)
{
    tp_http_destroy(agent.http);
    agent.http = connect_to(fake.server.url);
}

/* What the staff menu shows after a visit. */
static const char *said_of(const char *folder)
{
    static char said[TP_SETTING_VALUE_MAX];

    tp_stick_answer(&agent, folder);
    assert_true(tp_setting_get(agent.store, TP_SETTING_STICK_SAID, "", said, sizeof(said), NULL));
    return said;
}

static void a_visit_is_told_in_plain_words(void **state)
{
    static const struct {
        struct tp_stick_report report;
        const char *words;
    } reports[] = {
        {{.written = 0}, "nothing to do"},
        {{.written = 1}, "1 answer put on the stick"},
        {{.written = 2, .on_stick = 1}, "2 answers put on the stick, 1 was on it already"},
        {{.done = 1, .on_stick = 2}, "2 were on it already, 1 answer has arrived"},
        {{.done = 2, .taken = 1}, "2 answers have arrived, 1 answer of another screen taken in"},
        {{.taken = 2, .receipts = 1},
         "2 answers of other screens taken in, 1 receipt put on the stick"},
        {{.back = 1}, "1 answer that this screen had lost taken back"},
        {{.back = 2}, "2 answers that this screen had lost taken back"},
        {{.receipts = 2, .surveys = 1}, "2 receipts put on the stick, 1 survey changed"},
        {{.surveys = 2, .notices = true}, "2 surveys changed, 1 new list of notices"},
        {{.refused = 1, .words = "'a.tpb': why"}, "1 file left alone ('a.tpb': why)"},
        {{.refused = 2, .words = "'b.tpb': why"}, "2 files left alone ('b.tpb': why)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
        char words[TP_ERROR_TEXT_MAX];

        assert_int_equal(tp_stick_words(&reports[i].report, words), i > 0);
        assert_string_equal(words, reports[i].words);
    }
}

static void a_screen_without_a_network_carries(void **state)
{
    (void)state;
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    device_put(&library.device, 1, NULL);
    assert_string_equal(said_of(usb), "1 answer put on the stick, 3 were on it already, "
                                      "3 answers of other screens taken in");
    assert_int_equal(device_counts(&library.device).waiting, 4);
}

/* In, on to the store, out: so that one visit carries everything both ways. */
static void with_a_network_one_visit_brings_the_receipts_back(void **state)
{
    (void)state;
    have_network();
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    assert_string_equal(said_of(""), "3 answers of other screens taken in, "
                                     "3 receipts put on the stick");
    assert_int_equal(device_counts(&library.device).waiting, 0);
    assert_int_equal(take_in(&hall).done, 3);
}

static void each_half_can_be_had_alone(void **state)
{
    struct tp_stick_visit visit = {.folder = usb, .in = true};
    struct tp_stick_report report = {.written = 9};

    (void)state;
    have_network();
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    device_put(&library.device, 1, NULL);
    assert_true(tp_stick_run(&agent, &visit, &report, NULL));
    assert_int_equal(report.taken, 3);
    assert_int_equal(report.written, 0);
    visit = (struct tp_stick_visit){.folder = usb, .out = true};
    assert_true(tp_stick_run(&agent, &visit, &report, NULL));
    assert_int_equal(report.taken, 0);
    assert_int_equal(report.written, 1);
    assert_int_equal(fake.submissions, 0);
}

/* A visit may take many minutes, and nothing else of the agent runs meanwhile. */
static void a_visit_sees_a_signal_and_keeps_the_watchdog_quiet(void **state)
{
    struct tp_stick_visit visit = {.folder = usb, .in = true};
    struct tp_stick_report report;

    (void)state;
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    agent.notify.watchdog_ms = 1000;
    tp_clock_fake_advance(&time_now, 1500);
    assert_true(tp_stick_run(&agent, &visit, &report, NULL));
    assert_int_equal(report.taken, 3);
    assert_int_equal(agent.alive_ms, 1500);
    device_put(&hall.device, 3, NULL);
    (void)put_out(&hall);
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    assert_true(tp_stick_run(&agent, &visit, &report, NULL));
    assert_int_equal(report.taken, 0);
    /* An agent that is to stop starts nothing. */
    have_network();
    visit = (struct tp_stick_visit){.folder = usb, .send = true, .out = true};
    assert_true(tp_stick_run(&agent, &visit, &report, NULL));
    assert_int_equal(fake.submissions, 0);
    assert_int_equal(report.written, 0);
}

static void what_is_no_stick_is_said(void **state)
{
    static const char none[] = "there is no USB stick at '%s'";
    char words[256];

    (void)state;
    (void)snprintf(words, sizeof(words), none, usb);
    assert_string_equal(said_of(""), words); /* a folder of this machine's own disk */
    (void)snprintf(words, sizeof(words), none, usb_none());
    assert_string_equal(said_of(usb_none()), words);
    options.stick_folder = (char *)usb_none();
    assert_string_equal(said_of(""), words);
    options.stick_folder = (char *)"/proc"; /* another file system: what is put in is mounted */
    assert_non_null(strstr(said_of(""), "/proc/talkpoint"));
    /* Who names the folder is believed. */
    assert_string_equal(said_of(usb), "nothing to do");
    options.stick_folder = usb;
    assert_string_equal(said_of(""), "nothing to do");
}

static void a_screen_that_cannot_use_one_says_why(void **state)
{
    struct tp_http *http = agent.http;

    (void)state;
    agent.identity.kind = TP_STORE_OPENROSA;
    assert_non_null(strstr(said_of(usb), "USB sticks need a Talkpoint store"));
    agent.identity.kind = TP_STORE_TALKPOINT;
    agent.http = NULL;
    assert_string_equal(said_of(usb), "this screen is not enrolled");
    agent.http = http;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_visit_is_told_in_plain_words),
        TEST(a_screen_without_a_network_carries),
        TEST(with_a_network_one_visit_brings_the_receipts_back),
        TEST(each_half_can_be_had_alone),
        TEST(a_visit_sees_a_signal_and_keeps_the_watchdog_quiet),
        TEST(what_is_no_stick_is_said),
        TEST(a_screen_that_cannot_use_one_says_why),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
