/*
 * Random interleavings of everything the outbox can be asked, by two handles, with the power going
 * now and then, held against a model of a few lines. TP_PROPERTY_RUNS (150) sets how many.
 */
#include "faults/store/disk_vfs.h"
#include "store/db.h"
#include "unit/store/fixture.h"

#define ANSWERS 24u
#define STEPS 80u
#define PATH "/disk/device.db"

enum where { NOWHERE, WAITING, ASIDE, SENT };

/* What the outbox should be. */
struct model {
    enum where where[ANSWERS];
    unsigned order[ANSWERS]; /* rank of its put */
    unsigned attempts[ANSWERS];
    int claimed_by[ANSWERS]; /* 0: nobody; 1, 2: a handle */
    int64_t lapses[ANSWERS];
    unsigned puts;
    unsigned sent;
    uint64_t complete;
    uint64_t park; /* tallies of a poll */
};

struct run {
    struct fixture f;
    struct disk disk;
    struct model model;
    struct tp_store *handles[2];
    struct tp_random random;
    uint64_t seed;
};

static unsigned below(struct run *r, uint32_t bound)
{
    return tp_random_below(&r->random, bound);
}

static void open_handles(struct run *r)
{
    for (int i = 0; i < 2; i++) {
        r->handles[i] = tp_store_open(PATH, &r->f.params, &r->f.error);
        if (!r->handles[i])
            print_error("%s\n", r->f.error.text);
        assert_non_null(r->handles[i]);
        r->handles[i]->log_soon = 10;
        r->handles[i]->log_must = 20;
    }
}

static void close_handles(struct run *r)
{
    for (int i = 0; i < 2; i++)
        tp_store_close(r->handles[i]);
}

static void put(struct run *r, unsigned number, struct tp_store *store)
{
    static const struct tp_tally vote = {"poll", "1", "where", "park"};
    struct tp_outbox_entry entry = fixture_entry(&r->f, number);
    struct model *m = &r->model;

    entry.practice = below(r, 8) == 0;
    entry.tallies = &vote;
    entry.tallies_count = number % 2;
    assert_true(tp_outbox_put(store, &entry, &r->f.error));
    if (entry.practice || m->where[number] != NOWHERE)
        return;
    m->where[number] = WAITING;
    m->order[number] = ++m->puts;
    m->complete++;
    m->park += number % 2;
}

static bool is_claimed(const struct run *r, unsigned i)
{
    return r->model.claimed_by[i] && r->model.lapses[i] > r->f.fake.monotonic;
}

/* The answer that next should give first, of those not yet given; ANSWERS for none. */
static unsigned first_of(const struct run *r, const bool *given)
{
    const struct model *m = &r->model;
    unsigned best = ANSWERS;

    for (unsigned i = 0; i < ANSWERS; i++) {
        if (m->where[i] != WAITING || given[i] || is_claimed(r, i))
            continue;
        if (best == ANSWERS || m->attempts[i] < m->attempts[best] ||
            (m->attempts[i] == m->attempts[best] && m->order[i] < m->order[best]))
            best = i;
    }
    return best;
}

static void expect_opens(struct run *r, const struct tp_outbox_item *item)
{
    struct tp_buf plain;

    tp_buf_init(&plain, 4096);
    assert_true(tp_unseal(&r->f.seal, item->sealed, item->sealed_count, &plain, &r->f.error));
    assert_string_equal(tp_buf_text(&plain), fixture_xml(fixture_number(item->instance_id)));
    tp_buf_finish(&plain);
}

/* Sends a batch; some receipts are a stranger's, or for other bytes. */
static void end_sent(struct run *r, struct tp_store *store, const struct tp_outbox_batch *batch)
{
    struct tp_receipt receipts[ANSWERS];
    enum tp_outbox_sent outcomes[ANSWERS];
    enum tp_outbox_sent expected[ANSWERS];
    struct tp_receipt_pair stranger;

    assert_true(tp_receipt_pair_generate(&stranger, &r->f.error));
    for (size_t i = 0; i < batch->count; i++) {
        const struct tp_outbox_item *item = &batch->items[i];
        unsigned luck = below(r, 6);
        char sha256[TP_SHA256_TEXT_MAX];

        memcpy(sha256, item->sha256, sizeof(sha256));
        if (luck == 1)
            sha256[5] = sha256[5] == '0' ? '1' : '0';
        assert_true(tp_receipt_sign(luck ? &r->f.receipt : &stranger, item->instance_id, sha256,
                                    r->f.fake.wall, &receipts[i], &r->f.error));
        expected[i] = luck > 1 ? TP_SENT_DELETED : TP_SENT_REFUSED;
        if (luck > 1) {
            r->model.where[fixture_number(item->instance_id)] = SENT;
            r->model.sent++;
        }
    }
    assert_true(tp_outbox_mark_sent(store, &r->f.receipt.key, receipts, batch->count, outcomes,
                                    &r->f.error));
    for (size_t i = 0; i < batch->count; i++)
        assert_int_equal(outcomes[i], expected[i]);
}

static void end_otherwise(struct run *r, struct tp_store *store,
                          const struct tp_outbox_batch *batch, bool fails)
{
    for (size_t i = 0; i < batch->count; i++) {
        const char *id = batch->items[i].instance_id;
        unsigned number = fixture_number(batch->items[i].instance_id);

        r->model.attempts[number]++;
        r->model.claimed_by[number] = 0;
        if (fails) {
            assert_true(tp_outbox_mark_failed(store, &id, 1, "no answer", &r->f.error));
        } else {
            assert_true(tp_outbox_quarantine(store, id, "refused", &r->f.error));
            r->model.where[number] = ASIDE;
        }
    }
}

static void take(struct run *r, int who)
{
    const int64_t lease = 1000 + below(r, 3) * 1000;
    struct tp_outbox_next_params params = {.max_count = below(r, 6), .lease_ms = lease};
    struct tp_outbox_batch batch;
    bool given[ANSWERS] = {0};
    unsigned end;

    assert_true(tp_outbox_next(r->handles[who], &params, &batch, &r->f.error));
    for (size_t i = 0; i < batch.count; i++) {
        unsigned expected = first_of(r, given);

        assert_int_equal(fixture_number(batch.items[i].instance_id), expected);
        assert_int_equal(batch.items[i].attempts, r->model.attempts[expected]);
        expect_opens(r, &batch.items[i]);
        given[expected] = true;
    }
    if (batch.count < params.max_count)
        assert_int_equal(first_of(r, given), ANSWERS);
    for (unsigned i = 0; i < ANSWERS; i++) {
        if (given[i]) {
            r->model.claimed_by[i] = who + 1;
            r->model.lapses[i] = r->f.fake.monotonic + lease;
        }
    }
    end = below(r, 5);
    if (end < 2)
        end_sent(r, r->handles[who], &batch);
    else if (end < 4)
        end_otherwise(r, r->handles[who], &batch, end == 2);
    tp_outbox_batch_finish(&batch);
}

static void retry(struct run *r, struct tp_store *store)
{
    size_t expected = 0;
    size_t count = 99;

    for (unsigned i = 0; i < ANSWERS; i++) {
        if (r->model.where[i] != ASIDE)
            continue;
        r->model.where[i] = WAITING;
        r->model.attempts[i] = 0;
        expected++;
    }
    assert_true(tp_outbox_retry(store, NULL, &count, &r->f.error));
    assert_int_equal(count, expected);
}

static void release(struct run *r, int who)
{
    bool everyone = below(r, 2);

    assert_true(tp_outbox_release(r->handles[who], everyone, &r->f.error));
    for (unsigned i = 0; i < ANSWERS; i++) {
        if (everyone || r->model.claimed_by[i] == who + 1)
            r->model.claimed_by[i] = 0;
    }
}

/* The claims of the handles that were stay, until they lapse. */
static void power_cycle(struct run *r)
{
    r->disk.off = true;
    close_handles(r);
    disk_vfs_use(&r->disk);
    disk_power_on(&r->disk);
    open_handles(r);
    for (unsigned i = 0; i < ANSWERS; i++) {
        if (r->model.claimed_by[i])
            r->model.claimed_by[i] = 3;
    }
}

static void expect_counts(struct run *r, struct tp_store *store)
{
    struct tp_outbox_counts counts;
    struct tp_tally_count tally[2];
    size_t tallies = 9;
    uint64_t complete = 0;
    uint64_t waiting = 0;
    uint64_t aside = 0;

    for (unsigned i = 0; i < ANSWERS; i++) {
        waiting += r->model.where[i] == WAITING;
        aside += r->model.where[i] == ASIDE;
    }
    assert_true(tp_outbox_counts(store, &counts, &r->f.error));
    assert_int_equal(counts.waiting, waiting);
    assert_int_equal(counts.quarantined, aside);
    assert_int_equal(counts.sent, r->model.sent);
    assert_true(tp_counters_total(store, "library-hours", "complete", &complete, &r->f.error));
    assert_int_equal(complete, r->model.complete);
    assert_true(tp_tally_read(store, "poll", "1", "where", tally, 2, &tallies, &r->f.error));
    assert_int_equal(tallies ? tally[0].count : 0, r->model.park);
}

static void step(struct run *r)
{
    int who = (int)below(r, 2);
    unsigned choice = below(r, 20);

    if (choice < 8)
        put(r, below(r, ANSWERS), r->handles[who]);
    else if (choice < 15)
        take(r, who);
    else if (choice < 16)
        retry(r, r->handles[who]);
    else if (choice < 17)
        release(r, who);
    else if (choice < 18)
        tp_clock_fake_advance(&r->f.fake, 500 + below(r, 2000));
    else if (choice < 19)
        r->f.fake.wall += (int64_t)below(r, 1000000) - 900000;
    else
        power_cycle(r);
    expect_counts(r, r->handles[below(r, 2)]);
}

static void any_order_of_events_agrees_with_the_model(void **state)
{
    const char *text = getenv("TP_PROPERTY_RUNS");
    uint64_t runs = text ? strtoull(text, NULL, 10) : 150;

    (void)state;
    for (uint64_t seed = 1; seed <= runs; seed++) {
        struct run *r = tp_calloc(1, sizeof(*r));

        r->seed = seed;
        r->random = tp_random_seeded(&r->seed);
        disk_init(&r->disk, seed);
        disk_vfs_use(&r->disk);
        r->f.fake = (struct tp_clock_fake){.wall = FIXTURE_WALL, .monotonic = 5000};
        r->f.params = (struct tp_store_params){
            .clock = tp_clock_from_fake(&r->f.fake), .boot_id = BOOT, .vfs = DISK_VFS};
        assert_true(tp_seal_pair_generate(&r->f.seal, &r->f.error));
        assert_true(tp_receipt_pair_generate(&r->f.receipt, &r->f.error));
        open_handles(r);
        print_message("seed %llu\n", (unsigned long long)seed);
        for (unsigned i = 0; i < STEPS; i++)
            step(r);
        assert_false(disk_holds(&r->disk, CANARY));
        close_handles(r);
        disk_finish(&r->disk);
        tp_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_of_events_agrees_with_the_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
