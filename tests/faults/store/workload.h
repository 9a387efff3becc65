/*
 * A day at a screen, small: a kiosk's and an agent's handle put, claim, send, fail, set aside and
 * retry, while a model notes what was promised. After any fault the model says what must be on the
 * disk, what may be, and what must not.
 */
#ifndef TP_FAULTS_WORKLOAD_H
#define TP_FAULTS_WORKLOAD_H

#include "faults/store/disk_vfs.h"
#include "faults/tally.h"
#include "store/db.h"
#include "unit/store/fixture.h"
#include "unit/store/odk_key.h"

#define WORK_PATH "/disk/device.db"
#define WORK_ANSWERS 16u

/* The log is copied back after so few pages that this too happens within a workload. */
#define WORK_LOG_SOON 8
#define WORK_LOG_MUST 14

enum promise {
    PROMISE_NONE,     /* never tried */
    PROMISE_DOUBTFUL, /* put said no: whole or not at all */
    PROMISE_SAVED,    /* put said yes */
    PROMISE_SENDING,  /* a receipt was given, the answer was no: here or gone */
    PROMISE_SENT,     /* deleted against a receipt */
};

struct work {
    struct disk disk;
    struct tp_clock_fake fake;
    struct tp_store_params params;
    struct tp_seal_pair seal;
    struct tp_receipt_pair receipt;
    struct tp_store *kiosk;
    struct tp_store *agent;
    enum promise promises[WORK_ANSWERS];
    uint64_t opened; /* the "open" counter: at least */
    uint64_t opened_doubtful;
    struct tp_error error;
};

/* Every other answer is to a form with a key of its own. */
static struct odk_key work_odk;
static inline bool work_is_odk(unsigned number)
{
    return number % 2;
}

static inline void work_report(const char *where, const char *what, unsigned number)
{
    print_error("%s: %s (%u)\n", where, what, number);
}

static inline void work_init(struct work *w, uint64_t seed)
{
    static const char secret[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    memset(w, 0, sizeof(*w));
    if (!*work_odk.public_key)
        odk_key_read(&work_odk);
    disk_init(&w->disk, seed);
    w->fake = (struct tp_clock_fake){.wall = FIXTURE_WALL, .monotonic = 5000};
    w->params = (struct tp_store_params){
        .clock = tp_clock_from_fake(&w->fake), .boot_id = BOOT, .vfs = DISK_VFS, .busy_ms = 1};
    assert_true(tp_seal_pair_from_text(secret, &w->seal, &w->error));
    assert_true(tp_receipt_pair_generate(&w->receipt, &w->error));
    disk_vfs_use(&w->disk);
}

static inline void work_close(struct work *w)
{
    tp_store_close(w->kiosk);
    tp_store_close(w->agent);
    w->kiosk = NULL;
    w->agent = NULL;
}

static inline void work_finish(struct work *w)
{
    work_close(w);
    disk_finish(&w->disk);
}

static inline struct tp_store *work_open(struct work *w)
{
    struct tp_store *store = tp_store_open(WORK_PATH, &w->params, &w->error);

    if (store) {
        store->log_soon = WORK_LOG_SOON;
        store->log_must = WORK_LOG_MUST;
    }
    return store;
}

static inline bool work_is_open(struct work *w)
{
    if (!w->kiosk)
        w->kiosk = work_open(w);
    if (!w->agent)
        w->agent = work_open(w);
    return w->kiosk && w->agent;
}

static inline struct tp_outbox_entry work_entry(const struct work *w, unsigned number)
{
    struct tp_outbox_entry entry = fixture_entry_to(&w->seal.key, number);

    entry.odk_key = work_is_odk(number) ? work_odk.public_key : NULL;
    return entry;
}

/* As a kiosk does: once more with the same answers where it was told no. */
static inline void work_put(struct work *w, unsigned number)
{
    struct tp_outbox_entry entry = work_entry(w, number);

    if (w->promises[number] == PROMISE_NONE)
        w->promises[number] = PROMISE_DOUBTFUL;
    if (!w->kiosk)
        return;
    if (tp_outbox_put(w->kiosk, &entry, &w->error) || tp_outbox_put(w->kiosk, &entry, &w->error)) {
        if (w->promises[number] == PROMISE_DOUBTFUL)
            w->promises[number] = PROMISE_SAVED;
    }
}

static inline void work_count(struct work *w)
{
    static const struct tp_count opened = {.form_id = "library-hours",
                                           .form_version = "2026110101",
                                           .mode = "easy-read",
                                           .name = "open"};

    if (w->kiosk && tp_counters_add(w->kiosk, &opened, 1, &w->error))
        w->opened++;
    else
        w->opened_doubtful++;
}

static inline bool work_claim(struct work *w, struct tp_store *store, size_t max,
                              struct tp_outbox_batch *batch)
{
    struct tp_outbox_next_params params = {.max_count = max, .lease_ms = 60000};

    return store && tp_outbox_next(store, &params, batch, &w->error);
}

static inline void work_send(struct work *w, struct tp_store *store, size_t max)
{
    struct tp_receipt receipts[WORK_ANSWERS];
    enum tp_outbox_sent outcomes[WORK_ANSWERS];
    struct tp_outbox_batch batch = {0};

    if (!work_claim(w, store, max, &batch))
        return;
    for (size_t i = 0; i < batch.count; i++) {
        assert_true(tp_receipt_sign(&w->receipt, batch.items[i].instance_id, batch.items[i].sha256,
                                    FIXTURE_WALL, &receipts[i], &w->error));
        w->promises[fixture_number(batch.items[i].instance_id)] = PROMISE_SENDING;
    }
    if (tp_outbox_mark_sent(store, &w->receipt.key, receipts, batch.count, outcomes, &w->error)) {
        for (size_t i = 0; i < batch.count; i++) {
            assert_int_equal(outcomes[i], TP_SENT_DELETED);
            w->promises[fixture_number(batch.items[i].instance_id)] = PROMISE_SENT;
        }
    }
    tp_outbox_batch_finish(&batch);
}

static inline void work_fail(struct work *w, size_t max)
{
    const char *ids[WORK_ANSWERS];
    struct tp_outbox_batch batch = {0};

    if (!work_claim(w, w->agent, max, &batch))
        return;
    for (size_t i = 0; i < batch.count; i++)
        ids[i] = batch.items[i].instance_id;
    (void)tp_outbox_mark_failed(w->agent, ids, batch.count, "no answer from the network",
                                &w->error);
    tp_outbox_batch_finish(&batch);
}

static inline void work_set_aside(struct work *w)
{
    struct tp_outbox_batch batch = {0};

    if (!work_claim(w, w->agent, 1, &batch))
        return;
    if (batch.count)
        (void)tp_outbox_quarantine(w->agent, batch.items[0].instance_id, "other bytes", &w->error);
    tp_outbox_batch_finish(&batch);
}

static inline void work_talk(struct work *w)
{
    struct tp_agent_status status = {.last_contact_ms = FIXTURE_WALL, .enrolled = true};
    bool asked;

    if (!w->kiosk || !w->agent)
        return;
    (void)tp_setting_set(w->kiosk, TP_SETTING_VENUE, "Cowley Library", &w->error);
    (void)tp_agent_request_send(w->kiosk, &w->error);
    (void)tp_agent_take_request(w->agent, &asked, &w->error);
    (void)tp_agent_status_set(w->agent, &status, &w->error);
    (void)tp_store_clock_check(w->agent, FIXTURE_WALL + 5, &w->error);
    (void)tp_store_can_save(w->kiosk, &w->error);
}

/* The whole day. Steps that fail are gone on from, as programs do; after the power went, every step
 * fails. */
static inline void work_day(struct work *w)
{
    (void)work_is_open(w);
    work_count(w);
    work_put(w, 0);
    work_put(w, 1);
    work_talk(w);
    work_send(w, w->agent, 1);
    work_put(w, 2);
    work_put(w, 3);
    work_fail(w, 2);
    work_set_aside(w);
    work_put(w, 4);
    work_count(w);
    work_close(w);
    (void)work_is_open(w);
    work_put(w, 5);
    work_send(w, w->agent, 2);
    if (w->agent)
        (void)tp_outbox_retry(w->agent, NULL, NULL, &w->error);
    work_put(w, 6);
    work_send(w, w->agent, 1);
    work_put(w, 7);
}

struct work_found {
    struct work *work;
    bool here[WORK_ANSWERS];
    unsigned count;
    unsigned strange;
};

static inline bool work_look(void *context, const struct tp_outbox_item *item)
{
    struct work_found *found = context;
    unsigned number = fixture_number(item->instance_id);

    if (number >= WORK_ANSWERS || found->here[number])
        found->strange++;
    else
        found->here[number] = true;
    found->count++;
    return true;
}

static inline bool work_sql_is(struct tp_store *store, const char *sql, const char *expected)
{
    sqlite3_stmt *statement = NULL;
    bool is = false;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK) {
        int result = sqlite3_step(statement);

        is = expected ? result == SQLITE_ROW &&
                            strcmp((const char *)sqlite3_column_text(statement, 0), expected) == 0
                      : result == SQLITE_DONE;
    }
    (void)sqlite3_finalize(statement);
    return is;
}

static inline void work_check_counts(struct work *w, const struct work_found *found,
                                     const char *where)
{
    struct tp_outbox_counts counts = {0};
    uint64_t complete = 0;
    uint64_t opened = 0;
    uint64_t kept = 0;
    uint64_t sent = 0;

    for (unsigned i = 0; i < WORK_ANSWERS; i++) {
        enum promise promise = w->promises[i];

        if (promise == PROMISE_SAVED && !found->here[i]) {
            work_report(where, "an answer that was thanked for is lost", i);
            faults.lost++;
        }
        if ((promise == PROMISE_SENT || promise == PROMISE_NONE) && found->here[i]) {
            work_report(where, "an answer that was deleted is back", i);
            faults.doubled++;
        }
        kept += promise >= PROMISE_SAVED || (promise == PROMISE_DOUBTFUL && found->here[i]);
        sent += promise == PROMISE_SENT || (promise == PROMISE_SENDING && !found->here[i]);
    }
    if (!tp_outbox_counts(w->kiosk, &counts, &w->error) ||
        !tp_counters_total(w->kiosk, "library-hours", "complete", &complete, &w->error) ||
        !tp_counters_total(w->kiosk, "library-hours", "open", &opened, &w->error)) {
        work_report(where, w->error.text, 0);
        faults.broken++;
        return;
    }
    if (counts.waiting + counts.quarantined != found->count || complete != kept ||
        counts.sent != sent || opened < w->opened || opened > w->opened + w->opened_doubtful) {
        print_error(
            "%s: counts: %llu waiting, %llu aside, %llu sent (%llu), %llu complete (%llu), "
            "%llu open (%llu)\n",
            where, (unsigned long long)counts.waiting, (unsigned long long)counts.quarantined,
            (unsigned long long)counts.sent, (unsigned long long)sent, (unsigned long long)complete,
            (unsigned long long)kept, (unsigned long long)opened, (unsigned long long)w->opened);
        faults.doubled++;
    }
}

static inline bool work_opens(struct work *w, const struct tp_outbox_item *item, unsigned number,
                              struct tp_buf *plain)
{
    const char *xml = fixture_xml(number);

    if (!work_is_odk(number))
        return tp_unseal(&w->seal, item->sealed, item->sealed_count, plain, &w->error) &&
               strcmp(tp_buf_text(plain), xml) == 0;
    /* Filled up with line ends. */
    return odk_opens(&work_odk, "library-hours", "2026110101", item->sealed, item->sealed_count,
                     plain) &&
           strncmp(tp_buf_text(plain), xml, strlen(xml)) == 0;
}

/* Each waiting answer opens to exactly what was put. */
static inline void work_check_contents(struct work *w, const char *where)
{
    struct tp_outbox_batch batch = {0};
    struct tp_buf plain;

    tp_clock_fake_advance(&w->fake, 3600000);
    if (!work_claim(w, w->kiosk, WORK_ANSWERS, &batch)) {
        work_report(where, w->error.text, 0);
        faults.broken++;
        return;
    }
    tp_buf_init(&plain, 4096);
    for (size_t i = 0; i < batch.count; i++) {
        unsigned number = fixture_number(batch.items[i].instance_id);

        tp_buf_reset(&plain);
        if (!work_opens(w, &batch.items[i], number, &plain)) {
            work_report(where, "an answer is not what was put", number);
            faults.lost++;
        }
    }
    tp_buf_finish(&plain);
    tp_outbox_batch_finish(&batch);
    (void)tp_outbox_release(w->kiosk, true, &w->error);
}

/* Life goes on: another answer is saved, and everything can be sent. */
static inline void work_check_goes_on(struct work *w, const char *where)
{
    struct tp_outbox_counts counts = {.waiting = 1};
    unsigned next = WORK_ANSWERS - 1;

    work_put(w, next);
    if (w->promises[next] == PROMISE_DOUBTFUL) {
        work_report(where, w->error.text, next);
        faults.broken++;
    }
    (void)tp_outbox_retry(w->kiosk, NULL, NULL, &w->error);
    work_send(w, w->kiosk, WORK_ANSWERS);
    if (!tp_outbox_counts(w->kiosk, &counts, &w->error) || counts.waiting || counts.quarantined) {
        work_report(where, "not everything could be sent", 0);
        faults.broken++;
    }
}

/* Opens what the fault left and holds it against the promises. */
static inline void work_check(struct work *w, const char *where)
{
    struct work_found found = {.work = w};

    w->disk.fault = DISK_NO_FAULT;
    if (disk_holds(&w->disk, CANARY)) {
        work_report(where, "an answer stands on the disk in the clear", 0);
        faults.exposed++;
    }
    if (!work_is_open(w)) {
        work_report(where, w->error.text, 0);
        faults.broken++;
        return;
    }
    if (!work_sql_is(w->kiosk, "PRAGMA integrity_check", "ok") ||
        !work_sql_is(w->kiosk, "PRAGMA foreign_key_check", NULL) ||
        !tp_outbox_each(w->kiosk, TP_OUTBOX_WAITING, work_look, &found, &w->error) ||
        !tp_outbox_each(w->kiosk, TP_OUTBOX_QUARANTINED, work_look, &found, &w->error) ||
        found.strange) {
        work_report(where, "the store is not whole", found.strange);
        faults.broken++;
    }
    work_check_counts(w, &found, where);
    work_check_contents(w, where);
    work_check_goes_on(w, where);
}

/* The power goes now, and comes back. */
static inline void work_power_cycle(struct work *w)
{
    w->disk.off = true;
    work_close(w);
    disk_vfs_use(&w->disk);
    disk_power_on(&w->disk);
}

/* How thoroughly: TP_FAULTS_ROUNDS (1) runs, each with other luck and other places. */
static inline uint64_t work_rounds(void)
{
    const char *text = getenv("TP_FAULTS_ROUNDS");
    unsigned long rounds = text ? strtoul(text, NULL, 10) : 1;

    return rounds ? rounds : 1;
}

#endif
