#include "central/opener.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "central/data/forms.h"
#include "central/data/openings.h"

/* Some ten milliseconds of work, and two of writing. */
#define PIECE 200
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
    pthread_t thread;
    int stop;         /* an eventfd: readable when the thread is to end; -1: nothing stops it */
    int64_t lease_ms; /* when we last took it; 0: never */
    int64_t from_seq; /* all before have theirs */
    uint64_t own_jobs;
    bool in_a_hurry; /* no pauses */
    int64_t made;
};

/* ---- a piece ---- */

struct piece {
    struct tp_opener *opener;
    int64_t now_ms;
    bool ours;
    int64_t after_seq;
    size_t seen;
    size_t count;
    struct {
        int64_t seq;
        unsigned char opening[TP_OPENING_BYTES];
    } list[PIECE];
};

static bool open_one(void *context, const struct tp_unopened *answer)
{
    struct piece *piece = context;

    piece->seen++;
    piece->after_seq = answer->seq;
    /* One that does not open has a row that says so in every export. */
    if (answer->sealed_length &&
        tp_opening_make(&piece->opener->central->keys, answer->instance_id, answer->sealed,
                        answer->sealed_length, piece->list[piece->count].opening, NULL))
        piece->list[piece->count++].seq = answer->seq;
    return true;
}

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct piece *piece = context;
    const struct tp_opener *opener = piece->opener;
    int64_t changed = 0;

    if (!tp_sql_run(db,
                    "INSERT INTO chore (name, begun_ms) VALUES ('openings', ?1) "
                    "ON CONFLICT (name) DO UPDATE SET begun_ms = excluded.begun_ms "
                    "WHERE chore.begun_ms < ?2 OR chore.begun_ms > ?1 OR chore.begun_ms = ?3",
                    TP_VALUES(tp_int(piece->now_ms), tp_int(piece->now_ms - LEASE_MS),
                              tp_int(opener->lease_ms)),
                    &changed, error))
        return false;
    piece->ours = changed > 0;
    for (size_t i = 0; piece->ours && i < piece->count; i++) {
        if (!tp_opening_add(db, piece->list[i].seq, piece->list[i].opening, error))
            return false;
    }
    return true;
}

/* *more: there may be others after them. */
static bool do_piece(struct tp_opener *opener, const char *form, struct piece *piece, bool *more,
                     struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(opener->central->readers);
    bool ok;

    piece->seen = 0;
    piece->count = 0;
    piece->ours = true;
    ok = tp_openings_look(db, form, piece->after_seq, PIECE, open_one, piece, error);
    tp_sql_pool_give(opener->central->readers, db);
    *more = ok && piece->seen == PIECE;
    if (!ok || piece->count == 0)
        return ok;
    piece->now_ms = tp_clock_wall_ms(&opener->central->clock);
    if (!tp_committer_run(opener->central->committer, run_add, piece, error))
        return false;
    opener->own_jobs++;
    if (piece->ours) {
        opener->lease_ms = piece->now_ms;
        opener->made += (int64_t)piece->count;
    }
    *more = *more && piece->ours;
    return true;
}

/* ---- a round over all forms ---- */

/* False where it is to end. */
static bool rest(const struct tp_opener *opener, int ms)
{
    struct pollfd stop = {.fd = opener->stop, .events = POLLIN};

    return poll(&stop, 1, ms) <= 0;
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
    if (opener->in_a_hurry)
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
    bool ok = tp_sql_number(db, "SELECT coalesce(max(seq), 0) FROM received", TP_NO_VALUES, 0,
                            &forms->newest_seq, error) &&
              tp_forms_each(db, list_form, forms, error);

    tp_sql_pool_give(central->readers, db);
    return ok;
}

/* *whole: nothing was left for want of quiet or of the lease. */
static bool do_form(struct tp_opener *opener, const char *form, struct piece *piece, bool *whole,
                    struct tp_error *error)
{
    bool more = true;

    piece->after_seq = opener->from_seq;
    piece->count = 1;
    while (more) {
        if (piece->count && !wait_for_quiet(opener)) {
            *whole = false;
            return true;
        }
        if (!do_piece(opener, form, piece, &more, error))
            return false;
    }
    *whole = piece->ours;
    return true;
}

static bool do_round(struct tp_opener *opener, struct tp_error *error)
{
    struct forms *forms = tp_calloc(1, sizeof(*forms));
    struct piece *piece = tp_calloc(1, sizeof(*piece));
    bool whole = true;
    bool ok = (forms && piece) || tp_fail_memory(error);

    ok = ok && list_forms(opener->central, forms, error);
    if (ok)
        piece->opener = opener;
    for (size_t i = 0; ok && whole && i < forms->count; i++)
        ok = do_form(opener, forms->ids[i], piece, &whole, error);
    if (ok && whole && forms->newest_seq > BEHIND)
        opener->from_seq = forms->newest_seq - BEHIND;
    tp_free(forms);
    tp_free(piece);
    return ok;
}

bool tp_opener_run(struct tp_central *central, int64_t *made, struct tp_error *error)
{
    struct tp_opener opener = {.central = central, .stop = -1, .in_a_hurry = true};

    *made = 0;
    if (central->keys.unsealing_count == 0)
        return true;
    if (!do_round(&opener, error))
        return false;
    *made = opener.made;
    return true;
}

/* ---- the thread ---- */

static void *work(void *context)
{
    struct tp_opener *opener = context;
    int wait_ms;

    /* Linux takes this for the calling thread alone; where it is forbidden nothing is lost. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    do {
        struct tp_error error;

        wait_ms = LOOK_EVERY_MS;
        if (!do_round(opener, &error)) {
            (void)fprintf(stderr, "talkpoint-central: making openings: %s\n", error.text);
            wait_ms = AFTER_FAILURE_MS;
        }
    } while (rest(opener, wait_ms));
    return NULL;
}

struct tp_opener *tp_opener_start(struct tp_central *central)
{
    struct tp_opener *opener = central->keys.unsealing_count ? tp_calloc(1, sizeof(*opener)) : NULL;

    if (!opener)
        return NULL;
    opener->central = central;
    opener->stop = eventfd(0, EFD_CLOEXEC);
    if (opener->stop >= 0 && pthread_create(&opener->thread, NULL, work, opener) == 0) {
        (void)pthread_setname_np(opener->thread, "opener");
        return opener;
    }
    if (opener->stop >= 0)
        (void)close(opener->stop);
    tp_free(opener);
    return NULL;
}

void tp_opener_stop(struct tp_opener *opener)
{
    if (!opener)
        return;
    (void)eventfd_write(opener->stop, 1);
    (void)pthread_join(opener->thread, NULL);
    (void)close(opener->stop);
    tp_free(opener);
}
