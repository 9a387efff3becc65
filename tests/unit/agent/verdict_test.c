/* sync/agent/decide/verdict.h: the tables of docs/PROTOCOL.md, Retry and Another OpenRosa server.
 */
#include "tp_test.h"

#include <string.h>

#include "agent/decide/verdict.h"

struct row {
    long status;
    bool stranger; /* without X-OpenRosa-Version */
    enum tp_receipt_state receipt;
    enum tp_verdict_kind kind;
    const char *words; /* among what is said */
};

static void each_row_of_the_table_holds(void **state)
{
    static const struct row rows[] = {
        {201, false, TP_RECEIPT_VALID, TP_VERDICT_DELIVERED, ""},
        {202, false, TP_RECEIPT_VALID, TP_VERDICT_DELIVERED, ""},
        {201, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "held no receipt (201)"},
        {202, false, TP_RECEIPT_WORD, TP_VERDICT_LATER, "held no receipt (202)"},
        {201, false, TP_RECEIPT_OTHER, TP_VERDICT_LATER, "for another answer"},
        {201, false, TP_RECEIPT_FORGED, TP_VERDICT_LATER, "not signed by the store"},
        {200, false, TP_RECEIPT_VALID, TP_VERDICT_LATER, "someone else answered"},
        {204, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {301, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {304, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {200, true, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {201, true, TP_RECEIPT_VALID, TP_VERDICT_LATER, "someone else answered"},
        {302, true, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {401, true, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {403, true, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {404, true, TP_RECEIPT_NONE, TP_VERDICT_LATER, "someone else answered"},
        {400, false, TP_RECEIPT_NONE, TP_VERDICT_SET_ASIDE, "could not read this answer (400"},
        {404, false, TP_RECEIPT_NONE, TP_VERDICT_SET_ASIDE, "does not know this survey (404"},
        {409, false, TP_RECEIPT_NONE, TP_VERDICT_SET_ASIDE, "under this number (409"},
        {413, false, TP_RECEIPT_NONE, TP_VERDICT_SET_ASIDE, "too large (413"},
        {401, false, TP_RECEIPT_NONE, TP_VERDICT_BARRED, "no longer enrolled (401)"},
        {403, false, TP_RECEIPT_NONE, TP_VERDICT_BARRED, "no longer enrolled (403)"},
        {429, false, TP_RECEIPT_NONE, TP_VERDICT_PAUSE, "busy"},
        {503, false, TP_RECEIPT_NONE, TP_VERDICT_PAUSE, "busy"},
        {407, false, TP_RECEIPT_NONE, TP_VERDICT_PAUSE, "proxy"},
        {429, true, TP_RECEIPT_NONE, TP_VERDICT_PAUSE, "busy"},
        {503, true, TP_RECEIPT_NONE, TP_VERDICT_PAUSE, "busy"},
        {407, true, TP_RECEIPT_NONE, TP_VERDICT_PAUSE, "proxy"},
        {402, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "refused (402: because)"},
        {410, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "refused (410: because)"},
        {500, false, TP_RECEIPT_NONE, TP_VERDICT_LATER, "in trouble (500)"},
        {502, true, TP_RECEIPT_NONE, TP_VERDICT_LATER, "in trouble (502)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct tp_exchange exchange = {.answered = true,
                                             .status = rows[i].status,
                                             .openrosa = !rows[i].stranger,
                                             .message = "because",
                                             .receipt = rows[i].receipt};
        struct tp_verdict verdict = tp_verdict_of(&exchange);

        if (verdict.kind != rows[i].kind || !strstr(verdict.words, rows[i].words))
            fail_msg("%ld: %d, '%s'", rows[i].status, (int)verdict.kind, verdict.words);
        /* What the store said of one answer stands beside it. */
        if (verdict.kind == TP_VERDICT_SET_ASIDE)
            assert_non_null(strstr(verdict.words, ": because)"));
    }
}

static void what_did_not_come_whole_says_nothing_of_the_answer(void **state)
{
    (void)state;
    for (int mask = 0; mask < 4; mask++) {
        const struct tp_exchange exchange = {.unreachable = mask & 1,
                                             .openrosa = mask & 2,
                                             .status = 404,
                                             .problem = "the store's answer broke off"};
        struct tp_verdict verdict = tp_verdict_of(&exchange);

        /* Without even a connection the next answer need not be tried. */
        assert_int_equal(verdict.kind, mask & 1 ? TP_VERDICT_PAUSE : TP_VERDICT_LATER);
        assert_string_equal(verdict.words, "the store's answer broke off");
        assert_false(tp_exchange_is_contact(&exchange));
    }
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

/* With its header it is another server's word at once, but for a conflict. */
static void a_refusal_with_the_header_is_believed_at_once(void **state)
{
    static const long statuses[] = {400, 404, 413};

    (void)state;
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        const struct tp_exchange exchange = {
            .answered = true, .status = statuses[i], .openrosa = true, .openrosa_server = true};

        assert_int_equal(tp_verdict_of(&exchange).kind, TP_VERDICT_SET_ASIDE);
        assert_null(strstr(tp_verdict_of(&exchange).words, "store"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_the_table_holds),
        cmocka_unit_test(what_did_not_come_whole_says_nothing_of_the_answer),
        cmocka_unit_test(only_a_valid_receipt_deletes),
        cmocka_unit_test(a_server_without_receipts_is_believed_by_its_whole_word_alone),
        cmocka_unit_test(another_servers_conflict_is_believed_when_it_stays),
        cmocka_unit_test(a_refusal_without_the_header_is_believed_when_it_stays),
        cmocka_unit_test(a_server_shuts_a_screen_out_without_its_header),
        cmocka_unit_test(what_kobotoolbox_answers_is_in_the_table),
        cmocka_unit_test(a_file_that_its_hash_proves_needs_no_header),
        cmocka_unit_test(a_refusal_with_the_header_is_believed_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
