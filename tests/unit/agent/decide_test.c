/* sync/agent/decide: backoff, Retry-After, verdicts and names, with time passed in. */
#include "tp_test.h"

#include <string.h>

#include "agent/decide/backoff.h"
#include "agent/decide/line.h"
#include "agent/decide/names.h"
#include "agent/decide/verdict.h"
#include "agent/decide/window.h"

static uint64_t seed = 7;

static struct tp_random seeded(void)
{
    return tp_random_seeded(&seed);
}

static void waits_double_to_a_quarter_of_an_hour_and_are_spread(void **state)
{
    struct tp_random random = seeded();

    (void)state;
    for (unsigned failures = 0; failures < 40; failures++) {
        int64_t middle = TP_BACKOFF_FIRST_MS;
        int64_t least = INT64_MAX;
        int64_t most = 0;

        for (unsigned i = 1; i < failures && middle < TP_BACKOFF_MOST_MS; i++)
            middle *= 2;
        if (middle > TP_BACKOFF_MOST_MS)
            middle = TP_BACKOFF_MOST_MS;
        for (int i = 0; i < 500; i++) {
            int64_t wait = tp_backoff_wait_ms(failures, &random);

            least = wait < least ? wait : least;
            most = wait > most ? wait : most;
        }
        assert_in_range(least, middle / 2, middle * 6 / 10);
        assert_in_range(most, middle * 14 / 10, middle * 3 / 2);
    }
    /* As many failures as a year of them. */
    assert_in_range(tp_backoff_wait_ms(UINT32_MAX, &random), TP_BACKOFF_MOST_MS / 2,
                    TP_BACKOFF_MOST_MS * 3 / 2);
}

static void a_new_answer_ends_a_long_wait_but_not_one_the_store_asked_for(void **state)
{
    struct tp_random random = seeded();
    struct tp_backoff backoff = {0};

    (void)state;
    assert_int_equal(tp_backoff_left_ms(&backoff, 0), 0);
    tp_backoff_failed(&backoff, 1000, -1, &random); /* at most 3 s: not worth ending */
    tp_backoff_nudge(&backoff, 1000);
    assert_true(tp_backoff_left_ms(&backoff, 1000) > 0);
    for (int i = 0; i < 5; i++)
        tp_backoff_failed(&backoff, 1000, -1, &random);
    assert_true(tp_backoff_left_ms(&backoff, 1000 + TP_BACKOFF_NUDGE_MS) > 0);
    tp_backoff_nudge(&backoff, 1000);
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 0);
    tp_backoff_failed(&backoff, 1000, 600, &random);
    tp_backoff_nudge(&backoff, 1000);
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 600000);
    tp_backoff_end(&backoff); /* a person asked */
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 0);
    /* The count of failures outlives both, so that the next wait is long again. */
    tp_backoff_failed(&backoff, 1000, -1, &random);
    assert_true(tp_backoff_left_ms(&backoff, 1000) > TP_BACKOFF_FIRST_MS * 16);
    tp_backoff_succeeded(&backoff);
    assert_int_equal(tp_backoff_left_ms(&backoff, 1000), 0);
}

static void retry_after_is_seconds_or_a_date_and_is_capped(void **state)
{
    static const int64_t date_ms = INT64_C(1795426860000); /* 2026-11-23T09:41:00Z */
    static const struct {
        const char *value;
        int64_t date_ms;
        int64_t seconds;
    } rows[] = {
        {NULL, date_ms, -1},
        {"", date_ms, -1},
        {"0", date_ms, 0},
        {"120", -1, 120},
        {"3600", -1, 3600},
        {"3601", -1, 3600},
        {"99999999999999999999999999", -1, 3600},
        {"-5", date_ms, -1},
        {"soon", date_ms, -1},
        {"Mon, 23 Nov 2026 09:42:30 GMT", date_ms, 90},
        {"Mon, 23 Nov 2026 09:40:00 GMT", date_ms, 0},
        {"Mon, 23 Nov 2026 09:42:30 GMT", -1, -1},
        {"Mon, 23 Nov 2036 09:42:30 GMT", date_ms, 3600},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(tp_retry_after_s(rows[i].value, rows[i].date_ms), rows[i].seconds);
}

static void only_a_valid_receipt_deletes(void **state)
{
    (void)state;
    for (long status = 0; status < 600; status++) {
        for (int bits = 0; bits < 8; bits++) {
            for (int receipt = TP_RECEIPT_NONE; receipt <= TP_RECEIPT_VALID; receipt++) {
                struct tp_exchange exchange = {.answered = bits & 1,
                                               .openrosa = bits & 2,
                                               .unreachable = bits & 4,
                                               .status = status,
                                               .receipt = (enum tp_receipt_state)receipt};
                struct tp_verdict verdict = tp_verdict_of(&exchange);
                bool store = exchange.answered && exchange.openrosa;

                assert_int_equal(verdict.kind == TP_VERDICT_DELIVERED,
                                 store && (status == 201 || status == 202) &&
                                     receipt == TP_RECEIPT_VALID);
                assert_int_equal(verdict.words[0] == '\0', verdict.kind == TP_VERDICT_DELIVERED);
                /* Only the store itself can refuse an answer or a screen. */
                if (!store)
                    assert_true(verdict.kind == TP_VERDICT_LATER ||
                                verdict.kind == TP_VERDICT_PAUSE);
            }
        }
    }
}

static void names_that_could_leave_the_folder_are_refused(void **state)
{
    static const char *const good_ids[] = {"library-hours", "a", "A.b_c-9"};
    static const char *const bad_ids[] = {"",    ".",    "..",       ".a",  "a/b",  "a\\b", "../a",
                                          "a b", "a\nb", "\xc3\xa9", "a:b", "a%2f", "a\x01"};
    static const char *const good_media[] = {"picture.png", "consultation.json",
                                             "bild \xc3\xa4.jpg", "a..b", "\xd8\xa7.mp3"};
    static const char *const bad_media[] = {
        "",     ".",     "..",       ".hidden", "a/b",  "/etc/passwd",  "a\\b",     "C:x",
        "a\nb", "a\x7f", "\xc2\x85", "\xff",    "\xc3", "\xed\xa0\x80", "\xc0\xaf", "form.xml"};
    char longest[TP_MEDIA_NAME_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof(good_ids) / sizeof(*good_ids); i++)
        assert_true(tp_name_is_form_id(good_ids[i]));
    for (size_t i = 0; i < sizeof(bad_ids) / sizeof(*bad_ids); i++)
        assert_false(tp_name_is_form_id(bad_ids[i]));
    for (size_t i = 0; i < sizeof(good_media) / sizeof(*good_media); i++)
        assert_true(tp_name_is_media(good_media[i]));
    for (size_t i = 0; i < sizeof(bad_media) / sizeof(*bad_media); i++)
        assert_false(tp_name_is_media(bad_media[i]));
    memset(longest, 'a', sizeof(longest));
    longest[TP_MEDIA_NAME_MAX + 1] = '\0';
    assert_false(tp_name_is_media(longest));
    longest[TP_MEDIA_NAME_MAX] = '\0';
    assert_true(tp_name_is_media(longest));
    assert_false(tp_name_is_form_id(longest));
    longest[TP_LISTED_ID_MAX] = '\0';
    assert_true(tp_name_is_form_id(longest));
}

static void hashes_are_md5_in_hex(void **state)
{
    char digits[TP_MD5_TEXT_MAX] = "untouched";

    (void)state;
    assert_false(tp_name_is_md5("sha256:00", digits));
    assert_false(tp_name_is_md5("md5:0123456789abcdef0123456789abcde", digits));
    assert_false(tp_name_is_md5("md5:0123456789abcdef0123456789abcdef0", digits));
    assert_false(tp_name_is_md5("md5:0123456789abcdef0123456789abcdeg", digits));
    assert_string_equal(digits, "untouched");
    assert_true(tp_name_is_md5("md5:0123456789ABCDEF0123456789abcdef", digits));
    assert_string_equal(digits, "0123456789abcdef0123456789abcdef");
}

static void the_window_follows_the_line(void **state)
{
    size_t window = 1;

    (void)state;
    for (int i = 0; i < 5; i++)
        window = tp_window_after_receipt(window, 32, TP_WINDOW_QUICK_MS);
    assert_int_equal(window, 32);
    assert_int_equal(tp_window_after_receipt(window, 32, 0), 32);
    assert_int_equal(tp_window_after_receipt(3, 5, 0), 5);
    assert_int_equal(tp_window_after_receipt(1, 1, 0), 1);
    assert_int_equal(tp_window_after_receipt(8, 32, TP_WINDOW_QUICK_MS + 1), 8);
    assert_int_equal(tp_window_after_receipt(8, 32, TP_WINDOW_SLOW_MS + 1), 4);
    assert_int_equal(tp_window_after_receipt(1, 32, TP_WINDOW_SLOW_MS + 1), 1);
    for (int i = 0; i < 9; i++)
        window = tp_window_after_failure(window);
    assert_int_equal(window, 1);
}

/* ---- the schedule ---- */

static void the_hours_of_a_line_are_read_strictly(void **state)
{
    static const char *const bad[] = {"",
                                      "20:00",
                                      "20:00-",
                                      "20:00-24:00",
                                      "2:00-6:00",
                                      "20:60-06:00",
                                      "20:00-06:00x",
                                      "20:00 06:00",
                                      "06:00-06:00",
                                      "-1:00-06:00",
                                      "1/:00-06:00",
                                      "0::00-06:00",
                                      "20:0x-06:00"};
    struct tp_line_window window = {.from = 7};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(tp_line_window_read(bad[i], &window));
    assert_int_equal(window.from, 7);
    assert_true(tp_line_window_read("20:00-06:30", &window));
    assert_int_equal(window.from, 20 * 60);
    assert_int_equal(window.until, 6 * 60 + 30);
    assert_true(tp_line_window_read("18:00-00:00", &window));
    assert_int_equal(window.until, 0);
}

static void a_line_is_open_in_its_hours_also_over_midnight(void **state)
{
    const int64_t hour = INT64_C(3600000);
    const int64_t day = 24 * hour;
    const struct tp_line_window night = {.from = 20 * 60, .until = 6 * 60};
    const struct tp_line_window noon = {.from = 12 * 60, .until = 13 * 60};
    const struct tp_line_window always = {0};

    (void)state;
    for (int64_t days = -1; days < 20001; days += 20001) {
        assert_int_equal(tp_line_closed_ms(&night, days * day + 20 * hour), 0);
        assert_int_equal(tp_line_closed_ms(&night, days * day), 0);
        assert_int_equal(tp_line_closed_ms(&night, days * day + 6 * hour - 1), 0);
        assert_int_equal(tp_line_closed_ms(&night, days * day + 6 * hour), 14 * hour);
        assert_int_equal(tp_line_closed_ms(&night, days * day + 20 * hour - 1), 1);
        assert_int_equal(tp_line_closed_ms(&noon, days * day + 12 * hour), 0);
        assert_int_equal(tp_line_closed_ms(&noon, days * day + 13 * hour), 23 * hour);
        assert_int_equal(tp_line_closed_ms(&noon, days * day + 11 * hour), hour);
        assert_int_equal(tp_line_closed_ms(&always, days * day + 5 * hour), 0);
    }
}

/* docs/PROTOCOL.md, Another OpenRosa server: its word counts with 201 and 202, under its own
 * header, in its own document; and only where the device belongs to such a server. */
static void a_server_without_receipts_is_believed_by_its_whole_word_alone(void **state)
{
    (void)state;
    for (long status = 200; status < 600; status++) {
        for (int mask = 0; mask < 8; mask++) {
            struct tp_exchange exchange = {.answered = true,
                                           .status = status,
                                           .openrosa = mask & 1,
                                           .openrosa_server = mask & 2,
                                           .receipt = mask & 4 ? TP_RECEIPT_WORD : TP_RECEIPT_NONE};
            struct tp_verdict verdict = tp_verdict_of(&exchange);

            assert_int_equal(verdict.kind == TP_VERDICT_DELIVERED,
                             mask == 7 && (status == 201 || status == 202));
            if (mask & 2)
                assert_null(strstr(verdict.words, "store"));
            if (status == 409 && (mask & 3) == 1)
                assert_int_equal(verdict.kind, TP_VERDICT_SET_ASIDE);
            /* ODK Central: an app user may be given some surveys and not others. */
            if ((status == 401 || status == 403) && (mask & 2)) {
                assert_int_equal(verdict.kind, TP_VERDICT_LATER);
                assert_non_null(strstr(verdict.words, "this survey"));
            } else if ((status == 401 || status == 403) && (mask & 1)) {
                assert_int_equal(verdict.kind, TP_VERDICT_BARRED);
            }
        }
    }
}

/* Seen with ODK Central: its database stood still, the request was given up and sent again, and
 * the first one arrived after all: 409, "deleted"; the next time 201. */
static void another_servers_conflict_is_believed_when_it_stays(void **state)
{
    (void)state;
    for (uint32_t attempts = 0; attempts < 5; attempts++) {
        struct tp_exchange exchange = {.answered = true,
                                       .status = 409,
                                       .openrosa = true,
                                       .openrosa_server = true,
                                       .attempts = attempts,
                                       .message = "This submission has been deleted."};
        struct tp_verdict verdict = tp_verdict_of(&exchange);

        assert_int_equal(verdict.kind, attempts < 2 ? TP_VERDICT_LATER : TP_VERDICT_SET_ASIDE);
        assert_non_null(strstr(verdict.words, "409: This submission has been deleted."));
        exchange.openrosa_server = false; /* Talkpoint's own store means it */
        assert_int_equal(tp_verdict_of(&exchange).kind, TP_VERDICT_SET_ASIDE);
    }
}

/* KoboToolbox's 404 and nginx's 413 come without X-OpenRosa-Version; so does a page of a proxy
 * whose server is being put in anew. What a Talkpoint store did not say is never its word. */
static void a_refusal_without_the_header_is_believed_when_it_stays(void **state)
{
    static const long statuses[] = {400, 404, 409, 413};

    (void)state;
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        for (uint32_t attempts = 0; attempts < 5; attempts++) {
            struct tp_exchange exchange = {.answered = true,
                                           .status = statuses[i],
                                           .openrosa_server = true,
                                           .attempts = attempts};
            struct tp_verdict verdict = tp_verdict_of(&exchange);

            assert_int_equal(verdict.kind, attempts < 2 ? TP_VERDICT_LATER : TP_VERDICT_SET_ASIDE);
            assert_null(strstr(verdict.words, "sign in"));
            exchange.openrosa_server = false;
            assert_int_equal(tp_verdict_of(&exchange).kind, TP_VERDICT_LATER);
            exchange.answered = false;
            exchange.openrosa_server = true;
            assert_int_equal(tp_verdict_of(&exchange).kind, TP_VERDICT_LATER);
        }
    }
}

/* ODK Central and KoboToolbox shut out without X-OpenRosa-Version; Talkpoint's store never does. A
 * file's 403 may be that of a storehouse. */
static void a_server_shuts_a_screen_out_without_its_header(void **state)
{
    (void)state;
    for (int mask = 0; mask < 8; mask++) {
        const struct tp_exchange exchange = {.answered = true,
                                             .status = mask & 1 ? 401 : 403,
                                             .openrosa_server = mask & 2,
                                             .hash_proves = mask & 4};
        struct tp_verdict verdict;

        assert_false(tp_verdict_of_get(&exchange, "the server", &verdict));
        assert_int_equal(verdict.kind, (mask & 6) == 2 ? TP_VERDICT_BARRED : TP_VERDICT_LATER);
        assert_non_null(strstr(verdict.words, (mask & 6) == 2 ? "connect it again" : "sign in"));
    }
}

/* KoboToolbox (libs/utils/logger_tools.py): each is a word on one answer that may be another
 * tomorrow, and the store's own words say it. */
static void what_kobotoolbox_answers_is_in_the_table(void **state)
{
    static const struct {
        long status;
        enum tp_verdict_kind kind;
        const char *message;
    } rows[] = {
        {201, TP_VERDICT_DELIVERED, "Successful submission."},
        {202, TP_VERDICT_DELIVERED, "Duplicate Instance"},
        {400, TP_VERDICT_SET_ASIDE, "Improperly formatted XML."},
        {402, TP_VERDICT_LATER, "The owner of this survey has exceeded their storage limit."},
        {403, TP_VERDICT_LATER, "Access denied"},
        {404, TP_VERDICT_SET_ASIDE, "Form does not exist on this account"},
        {405, TP_VERDICT_LATER, "Form is not active"},
        {409, TP_VERDICT_SET_ASIDE, "Submission with this instance ID already exists"},
        {410, TP_VERDICT_LATER, "deprecatedID refers to an old submission version"},
        {423, TP_VERDICT_LATER, "Submission is currently being processed."},
        {503, TP_VERDICT_PAUSE, "Temporarily unavailable"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct tp_exchange exchange = {.answered = true,
                                             .status = rows[i].status,
                                             .openrosa = true,
                                             .openrosa_server = true,
                                             .message = rows[i].message,
                                             .attempts = TP_VERDICT_DOUBT_ATTEMPTS,
                                             .receipt = TP_RECEIPT_WORD};
        struct tp_verdict verdict = tp_verdict_of(&exchange);

        assert_int_equal(verdict.kind, rows[i].kind);
        if (rows[i].status == 402 || rows[i].status == 405)
            assert_non_null(strstr(verdict.words, rows[i].message));
    }
}

/* A form's file is known by its hash: who brings it matters only where nothing else tells. */
static void a_file_that_its_hash_proves_needs_no_header(void **state)
{
    struct tp_exchange exchange = {.answered = true, .status = 200, .openrosa_server = true};
    struct tp_verdict verdict;

    (void)state;
    assert_false(tp_verdict_of_get(&exchange, "the form list", &verdict));
    exchange.hash_proves = true;
    assert_true(tp_verdict_of_get(&exchange, "a picture", &verdict));
    exchange.status = 403;
    assert_false(tp_verdict_of_get(&exchange, "a picture", &verdict));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_without_receipts_is_believed_by_its_whole_word_alone),
        cmocka_unit_test(another_servers_conflict_is_believed_when_it_stays),
        cmocka_unit_test(a_refusal_without_the_header_is_believed_when_it_stays),
        cmocka_unit_test(a_server_shuts_a_screen_out_without_its_header),
        cmocka_unit_test(what_kobotoolbox_answers_is_in_the_table),
        cmocka_unit_test(a_file_that_its_hash_proves_needs_no_header),
        cmocka_unit_test(waits_double_to_a_quarter_of_an_hour_and_are_spread),
        cmocka_unit_test(a_new_answer_ends_a_long_wait_but_not_one_the_store_asked_for),
        cmocka_unit_test(retry_after_is_seconds_or_a_date_and_is_capped),
        cmocka_unit_test(only_a_valid_receipt_deletes),
        cmocka_unit_test(names_that_could_leave_the_folder_are_refused),
        cmocka_unit_test(hashes_are_md5_in_hex),
        cmocka_unit_test(the_window_follows_the_line),
        cmocka_unit_test(the_hours_of_a_line_are_read_strictly),
        cmocka_unit_test(a_line_is_open_in_its_hours_also_over_midnight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
