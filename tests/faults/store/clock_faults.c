/*
 * A wall clock that is years behind, years ahead, or moves at every look, in the middle of saving,
 * claiming, sending and deleting; and starts of the machine in between. Order stays that of saving,
 * no answer is given out twice while its lease runs, none is lost, and the time that is kept says
 * how far it is to be believed.
 */
#include "canary.h"
#include "faults/tally.h"
#include "store/notices.h"
#include "unit/store/fixture.h"

#define ANSWERS 24u
#define LEASE_MS 60000
#define YEAR_MS INT64_C(31557600000)
#define SET_BACK_MS (2 * 60 * 1000)
/* Days of 160 steps for each of TP_FAULTS_ROUNDS. */
#define DAYS_EACH 2u

static uint64_t mismarked;

/* The true time goes on; what the machine shows is off, and in a storm is off anew at each look. */
struct wild {
    int64_t true_ms, monotonic, off_ms;
    bool storm;
    uint64_t seed;
    char boot[40];
};

struct model {
    bool saved[ANSWERS], sent[ANSWERS];
    int64_t sequence[ANSWERS];
    int64_t last_sequence;
    int64_t claimed_until[ANSWERS]; /* monotonic, of this boot; 0: not in hand */
    bool checked;                   /* the store was heard since this start */
};

static uint64_t dice(struct wild *wild)
{
    wild->seed ^= wild->seed << 13;
    wild->seed ^= wild->seed >> 7;
    wild->seed ^= wild->seed << 17;
    return wild->seed;
}

static int64_t somewhere(struct wild *wild)
{
    static const int64_t offs[] = {0,           -YEAR_MS * 10, -YEAR_MS, YEAR_MS,
                                   YEAR_MS * 5, -86400000,     86400000, -3600000,
                                   3600000,     -1000,         1000,     -YEAR_MS * 56};

    faults.injected++;
    return offs[dice(wild) % (sizeof(offs) / sizeof(offs[0]))];
}

static int64_t wild_wall(void *context)
{
    struct wild *wild = context;

    if (wild->storm)
        wild->off_ms = somewhere(wild);
    return wild->true_ms + wild->off_ms;
}

static int64_t wild_monotonic(void *context)
{
    return ((struct wild *)context)->monotonic;
}

static void go_on(struct wild *wild, int64_t ms)
{
    wild->true_ms += ms;
    wild->monotonic += ms;
}

static void open_wild(struct fixture *f, struct wild *wild)
{
    tp_store_close(f->store);
    f->params.clock = (struct tp_clock){wild_wall, wild_monotonic, wild};
    f->params.boot_id = wild->boot;
    f->store = tp_store_open(f->path, &f->params, &f->error);
    if (!f->store)
        fail_msg("%s", f->error.text);
}

/* Another start of the machine: monotonic time begins anew, and the battery may be flat. */
static void start_again(struct fixture *f, struct wild *wild, struct model *model)
{
    uint64_t number = dice(wild);

    (void)snprintf(wild->boot, sizeof(wild->boot), "%08x-1111-4111-8111-111111111111",
                   (unsigned)number);
    wild->monotonic = (int64_t)(number % 5000);
    wild->off_ms = somewhere(wild);
    model->checked = false;
    memset(model->claimed_until, 0, sizeof(model->claimed_until));
    open_wild(f, wild);
}

static void put(struct fixture *f, struct model *model, unsigned number)
{
    if (model->saved[number] || model->sent[number])
        return;
    model->saved[number] = fixture_put(f, number);
    if (!model->saved[number])
        fail_msg("%s", f->error.text);
}

struct finding {
    const struct wild *wild;
    struct model *model;
    bool here[ANSWERS];
    int64_t before;
};

static unsigned number_of(const char *instance_id)
{
    return (unsigned)strtoul(instance_id + strlen(instance_id) - 12, NULL, 10);
}

static bool find(void *context, const struct tp_outbox_item *item)
{
    struct finding *finding = context;
    struct model *model = finding->model;
    unsigned number = number_of(item->instance_id);

    if (number >= ANSWERS || finding->here[number] || model->sent[number]) {
        faults.doubled++;
        return true;
    }
    finding->here[number] = true;
    /* By sequence, which grows with each that is new and never changes. */
    if (item->sequence <= finding->before)
        faults.doubled++;
    finding->before = item->sequence;
    if (model->sequence[number] == 0) {
        if (item->sequence <= model->last_sequence)
            faults.doubled++;
        model->sequence[number] = item->sequence;
        model->last_sequence = item->sequence;
        if ((item->created.trust == TP_CLOCK_CHECKED) != model->checked)
            mismarked++;
        if (model->checked && item->created.ms != finding->wild->true_ms)
            mismarked++;
    } else if (model->sequence[number] != item->sequence) {
        faults.doubled++;
    }
    return true;
}

static void look_at_all(struct fixture *f, const struct wild *wild, struct model *model)
{
    struct finding finding = {.wild = wild, .model = model};

    assert_true(tp_outbox_each(f->store, TP_OUTBOX_WAITING, find, &finding, &f->error));
    for (unsigned i = 0; i < ANSWERS; i++)
        if (model->saved[i] && !finding.here[i])
            faults.lost++;
}

/* Claims two, and sends one of them or neither. */
static void claim_and_send(struct fixture *f, struct wild *wild, struct model *model, bool send)
{
    const struct tp_outbox_next_params params = {.max_count = 2, .lease_ms = LEASE_MS};
    struct tp_outbox_batch batch;
    struct tp_receipt receipt;

    if (!tp_outbox_next(f->store, &params, &batch, &f->error))
        fail_msg("%s", f->error.text);
    for (size_t i = 0; i < batch.count; i++) {
        unsigned number = number_of(batch.items[i].instance_id);

        if (model->claimed_until[number] > wild->monotonic)
            faults.doubled++;
        model->claimed_until[number] = wild->monotonic + LEASE_MS;
    }
    if (send && batch.count) {
        unsigned number = number_of(batch.items[0].instance_id);

        /* The store's receipt is of its own time, whatever the screen believes. */
        receipt = fixture_receipt(f, &batch.items[0]);
        if (!tp_outbox_mark_sent(f->store, &f->receipt.key, &receipt, 1, NULL, &f->error))
            fail_msg("%s", f->error.text);
        model->saved[number] = false;
        model->sent[number] = true;
        model->claimed_until[number] = 0;
    }
    tp_outbox_batch_finish(&batch);
}

/* What is believed: the store's time where it was heard, never one behind what was seen. */
static void check_time(struct fixture *f, const struct wild *wild, const struct model *model)
{
    struct tp_store_time now;

    assert_true(tp_store_now(f->store, &now, &f->error));
    if (model->checked ? now.trust != TP_CLOCK_CHECKED || now.ms != wild->true_ms
                       : now.trust == TP_CLOCK_CHECKED ||
                             (!wild->storm && now.trust == TP_CLOCK_UNCHECKED &&
                              now.ms != wild->true_ms + wild->off_ms) ||
                             (!wild->storm && now.trust == TP_CLOCK_WRONG &&
                              now.ms < wild->true_ms + wild->off_ms + SET_BACK_MS))
        mismarked++;
}

/* Clocks have no say in which list of notices is newer. */
static void take_notices(struct fixture *f, int64_t serial)
{
    const struct tp_notices none = {.serial = serial};
    struct tp_buf text, signature;
    bool changed;

    tp_buf_init(&text, 4096);
    tp_buf_init(&signature, 4096);
    assert_true(tp_notices_write(&none, &f->receipt.key, &text, NULL));
    assert_true(
        tp_notices_sign(&f->receipt, text.data, text.length, serial, &signature, &f->error));
    if (!tp_notices_take(f->store, &f->receipt.key, text.data, text.length, signature.data,
                         signature.length, &changed, &f->error) ||
        !changed)
        faults.lost++;
    tp_buf_finish(&text);
    tp_buf_finish(&signature);
}

static void a_day(struct fixture *f, uint64_t seed)
{
    struct wild wild = {.true_ms = FIXTURE_WALL, .monotonic = 5000, .seed = seed, .boot = BOOT};
    struct model model = {.last_sequence = 0};
    int64_t serial = 0;

    open_wild(f, &wild);
    for (unsigned step = 0; step < 160; step++) {
        uint64_t roll = dice(&wild) % 10;

        wild.storm = dice(&wild) % 2;
        if (!wild.storm)
            wild.off_ms = somewhere(&wild);
        if (roll < 4) {
            put(f, &model, (unsigned)(dice(&wild) % ANSWERS));
        } else if (roll < 6) {
            claim_and_send(f, &wild, &model, roll == 4);
        } else if (roll == 6) {
            assert_true(tp_store_clock_check(f->store, wild.true_ms, &f->error));
            model.checked = true;
        } else if (roll == 7) {
            start_again(f, &wild, &model);
        } else if (roll == 8) {
            take_notices(f, ++serial);
        } else {
            go_on(&wild, (int64_t)(dice(&wild) % (2 * LEASE_MS)));
        }
        wild.storm = false;
        look_at_all(f, &wild, &model);
        check_time(f, &wild, &model);
    }
    assert_true(tp_store_check(f->store, &f->error));
}

/* The next day begins with an empty disk. */
static void search_and_remove(struct fixture *f)
{
    static const char *const ends[] = {"-wal", "", "-shm"};

    faults.exposed += canary_files(f->path, ends, sizeof(ends) / sizeof(ends[0]));
    fixture_close(f);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char path[128];

        (void)snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
        (void)unlink(path);
    }
}

static void no_clock_loses_doubles_or_reorders_an_answer(void **state)
{
    const char *text = getenv("TP_FAULTS_ROUNDS");
    unsigned rounds = (text ? (unsigned)strtoul(text, NULL, 10) : 6) * DAYS_EACH;

    for (unsigned round = 0; round < rounds; round++) {
        a_day(*state, 0x9e3779b97f4a7c15u * (round + 1));
        search_and_remove(*state);
    }
    faults_expect_none_wrong();
    assert_int_equal(mismarked, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_clock_loses_doubles_or_reorders_an_answer, fixture_start,
                                        fixture_stop),
    };
    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
