#include "central/opener.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "central/data/forms.h"
#include "central/data/openings.h"
#include "central/export/flat.h"
#include "central/worker.h"

/* Runs that are made between two looks, and answers that are looked over at once. */
#define LOOK_RUNS 64
#define LOOK_ANSWERS (LOOK_RUNS * TP_RUN_ANSWERS)
/* Sealed answers that are held at once. */
#define PIECE_ROWS 32
/* After each run: some fifteen milliseconds of work, and two of writing. */
#define PAUSE_MS 20
/* Other writes in a pause that say: screens are sending. */
#define BUSY_JOBS 1
#define BUSY_MS 1000
#define LOOK_EVERY_MS 10000
#define AFTER_FAILURE_MS 60000
/* A server that was stopped in the middle is waited for this long. */
#define LEASE_MS 60000
/* Numbers are given before their answers are committed: what is this far behind was committed. */
#define BEHIND 1000
#define FORMS_MAX 1000
#define NICE 19

struct tp_opener {
    struct tp_central *central;
    struct tp_worker *worker; /* NULL: in a hurry, without pauses */
    int64_t lease_ms;         /* the number we took the lease with; -1: we have not */
    int64_t seen_ms;          /* the lease's number when the round began */
    int64_t after_seq;        /* all up to it have theirs, unless the lease has another number */
    uint64_t own_jobs;
    int64_t made;
};

/* ---- the lease ---- */

struct claiming {
    int64_t own_ms;
    int64_t now_ms;
    bool taken;
};

static bool run_claim(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct claiming *claiming = context;

    return tp_openings_claim(db, claiming->own_ms, claiming->now_ms, LEASE_MS, &claiming->taken,
                             error);
}

/* Before answers are read. *ours is false while another server is at it. */
static bool claim(struct tp_opener *opener, bool *ours, struct tp_error *error)
{
    struct claiming claiming = {.own_ms = opener->lease_ms,
                                .now_ms = tp_clock_wall_ms(&opener->central->clock)};

    *ours = opener->lease_ms >= 0;
    if (*ours)
        return true;
    if (!tp_committer_run(opener->central->committer, run_claim, &claiming, error))
        return false;
    opener->own_jobs++;
    *ours = claiming.taken;
    if (*ours)
        opener->lease_ms = claiming.now_ms;
    return true;
}

/* ---- one run ---- */

struct making {
    struct tp_opener *opener;
    struct tp_run run;
    struct tp_flat_writer writer;
    int64_t after_seq;
    struct tp_buf plain;
    struct tp_buf bytes;
    int64_t now_ms;
    bool added;
    bool ok;
    struct tp_error why; /* an answer could not be read */
};

static bool add_answer(void *context, const struct tp_kept *kept)
{
    struct making *making = context;

    making->after_seq = kept->seq;
    making->ok = tp_flat_add(&making->writer, &making->opener->central->keys, kept, &making->why);
    return making->ok;
}

static bool read_answers(struct making *making, struct tp_error *error)
{
    int64_t last = tp_run_last(making->run.number);
    int64_t before;
    bool ok = true;

    do {
        struct tp_sql *db = tp_sql_pool_take(making->opener->central->readers);

        before = making->after_seq;
        ok = tp_submissions_each(db, making->run.form, before + 1, last, PIECE_ROWS, add_answer,
                                 making, error);
        tp_sql_pool_give(making->opener->central->readers, db);
    } while (ok && making->ok && making->after_seq > before);
    return ok && making->ok;
}

/* Why a run has no opening, now and until its answers are others. */
static bool is_final(enum tp_error_code code)
{
    return code == TP_ERR_CRYPTO || code == TP_ERR_INVALID || code == TP_ERR_LIMIT;
}

/* A run that can have no opening gets one without bytes, so that it is not tried again. */
static bool make_bytes(struct making *making, struct tp_error *error)
{
    struct tp_error *why = &making->why;

    if (read_answers(making, why) && tp_flat_write(&making->writer, &making->plain, why)) {
        making->run.answers = (int64_t)making->writer.count;
        return tp_opening_make(&making->opener->central->keys, making->writer.which, &making->run,
                               &making->plain, &making->bytes) ||
               tp_fail_memory(error);
    }
    if (!is_final(why->code) && error)
        *error = *why;
    return is_final(why->code);
}

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct making *making = context;

    making->run.opening = tp_buf_text(&making->bytes);
    making->run.opening_length = making->bytes.length;
    return tp_opening_add(db, &making->run, making->opener->lease_ms, making->now_ms,
                          &making->added, error);
}

static bool add_opening(struct making *making, struct tp_error *error)
{
    struct tp_opener *opener = making->opener;

    making->now_ms = tp_clock_wall_ms(&opener->central->clock);
    if (!tp_committer_run(opener->central->committer, run_add, making, error))
        return false;
    opener->own_jobs++;
    opener->lease_ms = making->added ? making->now_ms : -1;
    if (making->added && making->bytes.length)
        opener->made += making->run.answers;
    return true;
}

/* *done is false where the lease is another's, or was lost. */
static bool make_run(struct tp_opener *opener, const struct tp_run *run, bool *done,
                     struct tp_error *error)
{
    struct making making = {
        .opener = opener, .run = *run, .after_seq = tp_run_first(run->number) - 1, .ok = true};
    bool ok;

    if (!claim(opener, done, error))
        return false;
    if (!*done)
        return true;
    tp_buf_init(&making.plain, TP_OPENING_PLAIN_MAX);
    tp_buf_init(&making.bytes, TP_OPENING_PLAIN_MAX + TP_OPENING_PAD);
    ok = tp_flat_begin(&making.writer, run->number) || tp_fail_memory(error);
    ok = ok && make_bytes(&making, error) && add_opening(&making, error);
    tp_flat_finish(&making.writer);
    tp_buf_finish(&making.plain);
    tp_buf_finish(&making.bytes);
    *done = making.added;
    return ok;
}

/* ---- a round over all forms ---- */

/* False where it is to end. */
static bool rest(const struct tp_opener *opener, int ms)
{
    return !opener->worker || tp_worker_rest(opener->worker, ms);
}

static uint64_t others_jobs(const struct tp_opener *opener)
{
    uint64_t transactions;
    uint64_t jobs;

    tp_committer_count(opener->central->committer, &transactions, &jobs);
    return jobs - opener->own_jobs;
}

/* Waits until screens send little. False where it is to end. */
static bool wait_for_quiet(const struct tp_opener *opener)
{
    if (!opener->worker)
        return true;
    for (;;) {
        uint64_t before = others_jobs(opener);

        if (!rest(opener, PAUSE_MS))
            return false;
        if (others_jobs(opener) - before <= BUSY_JOBS)
            return true;
        if (!rest(opener, BUSY_MS))
            return false;
    }
}

struct forms {
    char ids[FORMS_MAX][TP_FORM_ID_MAX + 1];
    size_t count;
    int64_t newest_seq;
    int64_t lease;
};

static bool list_form(void *context, const struct tp_form_row *form)
{
    struct forms *forms = context;

    (void)snprintf(forms->ids[forms->count++], sizeof(forms->ids[0]), "%s", form->id);
    return forms->count < FORMS_MAX;
}

static bool list_forms(const struct tp_central *central, struct forms *forms,
                       struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool ok = tp_openings_lease(db, &forms->lease, error) &&
              tp_sql_number(db, "SELECT coalesce(max(seq), 0) FROM received", TP_NO_VALUES, 0,
                            &forms->newest_seq, error) &&
              tp_forms_each(db, list_form, forms, error);

    tp_sql_pool_give(central->readers, db);
    return ok;
}

struct looking {
    int64_t newest_seq;
    int64_t after_seq;
    struct tp_run wanting[LOOK_RUNS];
    size_t count;
    bool more;
};

/* A run that is still growing waits. */
static bool look_at(void *context, const struct tp_run *run, bool opened)
{
    struct looking *looking = context;

    looking->more = tp_run_last(run->number) <= looking->newest_seq;
    if (looking->more && !opened)
        looking->wanting[looking->count++] = *run;
    looking->after_seq = tp_run_last(run->number);
    return looking->more && looking->count < LOOK_RUNS;
}

static bool look(const struct tp_opener *opener, const char *form, struct looking *looking,
                 struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(opener->central->readers);
    bool ok;

    looking->count = 0;
    looking->more = false;
    ok = tp_runs_look(db, form, looking->after_seq, LOOK_ANSWERS, look_at, looking, error);
    tp_sql_pool_give(opener->central->readers, db);
    return ok;
}

/* *whole: nothing was left for want of quiet or of the lease. */
static bool do_form(struct tp_opener *opener, const struct forms *forms, const char *form,
                    bool *whole, struct tp_error *error)
{
    struct looking looking = {.newest_seq = forms->newest_seq, .after_seq = opener->after_seq};

    do {
        if (!look(opener, form, &looking, error))
            return false;
        for (size_t i = 0; *whole && i < looking.count; i++) {
            *whole = wait_for_quiet(opener);
            if (*whole && !make_run(opener, &looking.wanting[i], whole, error))
                return false;
        }
    } while (*whole && looking.more);
    return true;
}

/* Where the lease has another number than we left, somebody has done something: all is looked at
 * again. */
static void begin_round(struct tp_opener *opener, const struct forms *forms)
{
    if (forms->lease != opener->lease_ms)
        opener->lease_ms = -1;
    if (forms->lease != opener->seen_ms)
        opener->after_seq = -1;
    opener->seen_ms = forms->lease;
}

static void end_round(struct tp_opener *opener, const struct forms *forms)
{
    if (forms->newest_seq > BEHIND)
        opener->after_seq = tp_run_first(tp_run_of(forms->newest_seq - BEHIND)) - 1;
    if (opener->lease_ms >= 0)
        opener->seen_ms = opener->lease_ms;
}

static bool do_round(struct tp_opener *opener, struct tp_error *error)
{
    struct forms *forms = tp_calloc(1, sizeof(*forms));
    bool whole = true;
    bool ok = forms || tp_fail_memory(error);

    ok = ok && list_forms(opener->central, forms, error);
    if (ok)
        begin_round(opener, forms);
    for (size_t i = 0; ok && whole && i < forms->count; i++)
        ok = do_form(opener, forms, forms->ids[i], &whole, error);
    if (ok && whole)
        end_round(opener, forms);
    tp_free(forms);
    return ok;
}

bool tp_opener_run(struct tp_central *central, int64_t *made, struct tp_error *error)
{
    struct tp_opener opener = {.central = central, .lease_ms = -1, .after_seq = -1};

    *made = 0;
    if (central->keys.unsealing_count == 0)
        return true;
    if (!do_round(&opener, error))
        return false;
    *made = opener.made;
    return true;
}

/* ---- the thread ---- */

static void work(struct tp_worker *worker, void *context)
{
    struct tp_opener opener = {
        .central = context, .worker = worker, .lease_ms = -1, .after_seq = -1};
    int wait_ms;

    /* Linux takes this for the calling thread alone; where it is forbidden nothing is lost. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    do {
        struct tp_error error;

        wait_ms = LOOK_EVERY_MS;
        if (!do_round(&opener, &error)) {
            (void)fprintf(stderr, "talkpoint-central: making openings: %s\n", error.text);
            wait_ms = AFTER_FAILURE_MS;
        }
    } while (tp_worker_rest(worker, wait_ms));
}

struct tp_worker *tp_opener_start(struct tp_central *central)
{
    return central->keys.unsealing_count ? tp_worker_start("opener", work, central) : NULL;
}
