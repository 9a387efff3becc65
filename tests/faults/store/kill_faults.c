/*
 * Real processes on a real file, killed at random points: a kiosk that puts, two agents that send.
 * Whatever a process said before it died holds; no answer is in flight twice.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "canary.h"
#include "faults/tally.h"
#include "unit/store/fixture.h"

#define NUMBERS_MAX 100000u
#define BATCH 3u

static const char secret[] =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

/* What a process says, just after it holds. */
enum word {
    PUT,     /* put returned true */
    CLAIMED, /* given by next */
    SENDING, /* about to give the receipt */
    DELETED, /* mark_sent returned true */
    FAILED,  /* about to give it back as failed */
    WRONG,   /* something that must not happen */
};

struct message {
    enum word word;
    unsigned number;
};

static struct {
    bool put;
    bool sending;
    bool deleted;
    bool here;
    bool claimed;
} known[NUMBERS_MAX];

static unsigned tried; /* numbers below were perhaps tried */

static void say(int out, enum word word, unsigned number)
{
    const struct message message = {word, number};

    if (write(out, &message, sizeof(message)) != (ssize_t)sizeof(message))
        _exit(3);
}

static struct tp_store *open_or_die(const struct fixture *f, int out)
{
    struct tp_store_params params = {.clock = tp_clock_system()};
    struct tp_error error;
    struct tp_store *store = tp_store_open(f->path, &params, &error);

    if (!store) {
        (void)fprintf(stderr, "%s\n", error.text);
        say(out, WRONG, 0);
        _exit(2);
    }
    return store;
}

static void be_kiosk(struct fixture *f, int out, unsigned first)
{
    f->store = open_or_die(f, out);
    for (unsigned number = first;; number++) {
        if (!fixture_put(f, number)) {
            (void)fprintf(stderr, "%s\n", f->error.text);
            say(out, WRONG, number);
            _exit(2);
        }
        say(out, PUT, number);
    }
}

static void end_batch(struct fixture *f, int out, const struct tp_outbox_batch *batch, bool fails)
{
    struct tp_receipt receipts[BATCH];
    const char *ids[BATCH];
    bool ok;

    for (size_t i = 0; i < batch->count; i++) {
        ids[i] = batch->items[i].instance_id;
        receipts[i] = fixture_receipt(f, &batch->items[i]);
        say(out, CLAIMED, fixture_number(batch->items[i].instance_id));
    }
    for (size_t i = 0; i < batch->count; i++)
        say(out, fails ? FAILED : SENDING, fixture_number(batch->items[i].instance_id));
    ok = fails ? tp_outbox_mark_failed(f->store, ids, batch->count, "no answer", &f->error)
               : tp_outbox_mark_sent(f->store, &f->receipt.key, receipts, batch->count, NULL,
                                     &f->error);
    for (size_t i = 0; i < batch->count && !fails; i++)
        say(out, ok ? DELETED : WRONG, fixture_number(batch->items[i].instance_id));
}

static void be_agent(struct fixture *f, int out)
{
    struct tp_outbox_next_params params = {.max_count = BATCH, .lease_ms = 600000};

    f->store = open_or_die(f, out);
    for (unsigned turn = 1;; turn++) {
        struct tp_outbox_batch batch = {0};

        if (!tp_outbox_next(f->store, &params, &batch, &f->error)) {
            (void)fprintf(stderr, "%s\n", f->error.text);
            say(out, WRONG, 0);
            _exit(2);
        }
        end_batch(f, out, &batch, turn % 5 == 0);
        tp_outbox_batch_finish(&batch);
    }
}

static pid_t start(struct fixture *f, const int pipe_ends[2], int role, unsigned first)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child)
        return child;
    (void)close(pipe_ends[0]);
    if (role == 0)
        be_kiosk(f, pipe_ends[1], first);
    else
        be_agent(f, pipe_ends[1]);
    _exit(0);
}

static void hear(struct message message)
{
    if (message.number >= NUMBERS_MAX) {
        faults.lost++;
        return;
    }
    switch (message.word) {
    case PUT:
        known[message.number].put = true;
        break;
    case CLAIMED:
        if (known[message.number].claimed) {
            print_error("%u is in flight twice\n", message.number);
            faults.doubled++;
        }
        known[message.number].claimed = true;
        break;
    case SENDING:
        known[message.number].sending = true;
        break;
    case FAILED:
        known[message.number].claimed = false;
        break;
    case DELETED:
        known[message.number].deleted = true;
        break;
    case WRONG:
        print_error("a process failed at %u\n", message.number);
        faults.lost++;
        break;
    }
    if (message.number >= tried)
        tried = message.number + 1;
}

/* False at the end. */
static bool listen_once(int in)
{
    struct message message;
    ssize_t got;

    do {
        got = read(in, &message, sizeof(message));
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof(message))
        return false;
    hear(message);
    return true;
}

/* Runs all three until they have said `words`, kills them, and hears what they had said. */
static void run_and_kill(struct fixture *f, uint32_t words, uint32_t spin)
{
    pid_t children[3];
    int pipe_ends[2];
    volatile uint32_t turns = spin;

    assert_int_equal(pipe(pipe_ends), 0);
    for (int role = 0; role < 3; role++)
        children[role] = start(f, pipe_ends, role, tried);
    (void)close(pipe_ends[1]);
    while (words && listen_once(pipe_ends[0]))
        words--;
    while (turns)
        turns--;
    for (int role = 0; role < 3; role++) {
        assert_int_equal(kill(children[role], SIGKILL), 0);
        faults.injected++;
    }
    while (listen_once(pipe_ends[0]))
        continue;
    (void)close(pipe_ends[0]);
    for (int role = 0; role < 3; role++) {
        int status;

        assert_int_equal(waitpid(children[role], &status, 0), children[role]);
        assert_true(WIFSIGNALED(status));
    }
}

static bool look(void *context, const struct tp_outbox_item *item)
{
    unsigned number = fixture_number(item->instance_id);

    (void)context;
    if (number >= NUMBERS_MAX || known[number].here)
        faults.doubled++;
    else
        known[number].here = true;
    return true;
}

static void check_contents(struct fixture *f)
{
    struct tp_outbox_batch batch = fixture_next(f, 50);
    struct tp_buf plain;

    tp_buf_init(&plain, 4096);
    for (size_t i = 0; i < batch.count; i++) {
        tp_buf_reset(&plain);
        if (!tp_unseal(&f->seal, batch.items[i].sealed, batch.items[i].sealed_count, &plain,
                       &f->error) ||
            strcmp(tp_buf_text(&plain), fixture_xml(fixture_number(batch.items[i].instance_id))) !=
                0) {
            print_error("%s: not what was put\n", batch.items[i].instance_id);
            faults.lost++;
        }
    }
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
}

static void check(struct fixture *f)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    struct tp_outbox_counts counts;
    char text[TP_STORE_DAMAGE_MAX];
    uint64_t here = 0;
    uint64_t gone = 0;
    uint64_t kept = 0;

    faults.exposed += canary_files(f->path, ends, 3);
    f->params.clock = tp_clock_system();
    f->params.boot_id = NULL;
    f->store = tp_store_open(f->path, &f->params, &f->error);
    assert_non_null(f->store);
    assert_true(tp_store_check(f->store, &f->error));
    /* A log that ends in the middle of a commit is no damage. */
    assert_true(tp_store_damage(f->store, text, &f->error));
    assert_string_equal(text, "");
    for (unsigned i = 0; i <= tried; i++) {
        known[i].here = false;
        known[i].claimed = false;
    }
    assert_true(tp_outbox_each(f->store, TP_OUTBOX_WAITING, look, NULL, &f->error));
    for (unsigned i = 0; i <= tried; i++) {
        bool was_put = known[i].put || known[i].sending || known[i].here;

        if (known[i].put && !known[i].here && !known[i].sending) {
            print_error("%u was thanked for and is lost\n", i);
            faults.lost++;
        }
        if (known[i].deleted && known[i].here) {
            print_error("%u was deleted and is back\n", i);
            faults.doubled++;
        }
        here += known[i].here;
        gone += known[i].sending && !known[i].here;
        kept += was_put;
        /* What was there at the kill is thanked for from now on. */
        known[i].put = known[i].put || known[i].here;
    }
    counts = fixture_counts(f);
    assert_int_equal(counts.waiting, here);
    assert_int_equal(counts.sent, gone);
    assert_int_equal(fixture_total(f, "complete"), kept);
    check_contents(f);
    assert_true(tp_outbox_release(f->store, true, &f->error));
    fixture_close(f);
}

static void killed_processes_keep_their_word(void **state)
{
    struct fixture *f = *state;
    const char *text = getenv("TP_FAULTS_ROUNDS");
    unsigned long rounds = text ? 30 * strtoul(text, NULL, 10) : 60;
    uint64_t seed = 20261123;
    struct tp_random random = tp_random_seeded(&seed);

    assert_true(tp_receipt_pair_from_text(secret, &f->receipt, &f->error));
    fixture_close(f);
    for (unsigned long round = 0; round < rounds && tried < NUMBERS_MAX - 1000; round++) {
        run_and_kill(f, 1 + tp_random_below(&random, 60), tp_random_below(&random, 1000000));
        check(f);
    }
    assert_true(faults.injected >= 60);
    faults_expect_none_wrong();
}

/* Several processes make the file at once: one store comes of it. */
static void a_new_file_may_be_opened_by_all_at_once(void **state)
{
    struct fixture *f = *state;

    fixture_close(f);
    for (unsigned round = 0; round < 40; round++) {
        pid_t children[4];

        (void)snprintf(f->path, sizeof(f->path), "%s/new-%u.db", f->folder, round);
        for (int i = 0; i < 4; i++) {
            children[i] = fork();
            assert_true(children[i] >= 0);
            if (!children[i]) {
                f->store = tp_store_open(f->path, &f->params, &f->error);
                if (!f->store)
                    (void)fprintf(stderr, "%s\n", f->error.text);
                _exit(f->store && fixture_put(f, (unsigned)i) ? 0 : 1);
            }
        }
        for (int i = 0; i < 4; i++) {
            int status;

            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        f->store = tp_store_open(f->path, &f->params, &f->error);
        assert_non_null(f->store);
        assert_int_equal(fixture_counts(f).waiting, 4);
        assert_int_equal(fixture_total(f, "complete"), 4);
        fixture_close(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_processes_keep_their_word, fixture_start,
                                        fixture_stop),
        cmocka_unit_test_setup_teardown(a_new_file_may_be_opened_by_all_at_once, fixture_start,
                                        fixture_stop),
    };
    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
