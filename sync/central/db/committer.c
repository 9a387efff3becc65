#include "central/db/committer.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

/* A group is waited for half as long as the last commit took, and no longer than this. */
#define GATHER_NS_MAX 1000000L
/* No more are waited for than these: a sync that so many share costs each of them little, and while
 * they are written the requests of the others are read. */
#define GATHER_MAX 16u
/* Jobs that one writer takes though there are others: as many as one request brings. */
#define SHARE_MIN 64u

struct tp_committer {
    pthread_t threads[TP_WRITERS_MAX];
    size_t writer_count; /* threads, and connections */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_cond_t enough; /* of those whom a gathering writer waits for */
    /* under lock */
    struct tp_sql *idle[TP_WRITERS_MAX]; /* a connection is taken out of here while it writes */
    size_t idle_count;
    size_t senders;   /* how many send at once, by the last groups */
    long patience_ns; /* how long the rest of a group may be waited for */
    size_t gathering; /* writers that do so */
    struct tp_job *first;
    struct tp_job **last;
    size_t waiting;
    bool stopping;
    uint64_t transactions;
    uint64_t jobs;
};

/* What a group's writing came to. */
struct written {
    uint64_t transactions;
    uint64_t jobs;
    long commit_ns;
};

/* Under lock. */
static bool enough_here(const struct tp_committer *committer)
{
    return committer->waiting >= GATHER_MAX || committer->waiting >= committer->senders;
}

/* Those whose jobs were in the last group are likely to send again at once, each on a connection of
 * its own: a moment's patience lets them share a sync. Under lock. */
static void gather(struct tp_committer *committer)
{
    int64_t until_ns = tp_clock_work_ns() + committer->patience_ns;
    struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000),
                             .tv_nsec = (long)(until_ns % 1000000000)};
    int waited = 0;

    committer->gathering++;
    while (waited == 0 && !enough_here(committer) && !committer->stopping)
        waited =
            pthread_cond_clockwait(&committer->enough, &committer->lock, CLOCK_MONOTONIC, &until);
    committer->gathering--;
}

/* How many jobs one writer takes: all, or its part where there are many and others to share them
 * with. A few are not parted: each part would cost a sync of its own. */
static size_t share(const struct tp_committer *committer)
{
    size_t part = (committer->waiting + committer->writer_count - 1) / committer->writer_count;

    if (part < SHARE_MIN)
        part = SHARE_MIN;
    return part < TP_COMMIT_GROUP_MAX ? part : TP_COMMIT_GROUP_MAX;
}

/* Up at once, down slowly: those who stop sending are waited for a few times only. Under lock. */
static void count_senders(struct tp_committer *committer, size_t count)
{
    if (count >= committer->senders)
        committer->senders = count;
    else
        committer->senders -= (committer->senders - count + 3) / 4;
}

/* Under lock: the next group, in order, of what waits. */
static struct tp_job *cut_group(struct tp_committer *committer)
{
    size_t most = share(committer);
    struct tp_job *group = committer->first;
    struct tp_job **end = &group;
    size_t count = 0;

    for (; *end && count < most; count++)
        end = &(*end)->next;
    committer->waiting -= count;
    count_senders(committer, count);
    committer->first = *end;
    if (!committer->first)
        committer->last = &committer->first;
    *end = NULL;
    return group;
}

/* Wakes whom what waits now concerns. Under lock. */
static void call(struct tp_committer *committer)
{
    if (committer->stopping) {
        (void)pthread_cond_broadcast(&committer->enough);
        (void)pthread_cond_broadcast(&committer->wake);
    } else if (committer->gathering == 0) {
        if (committer->first)
            (void)pthread_cond_signal(&committer->wake);
    } else if (enough_here(committer)) {
        (void)pthread_cond_signal(&committer->enough);
    }
}

/* Under lock: whether there is a group and a connection to write it, or nothing more to come. */
static bool has_next(const struct tp_committer *committer)
{
    return committer->first ? committer->idle_count > 0 : committer->stopping;
}

/* The next group, and a connection to write it; false when there is no more and the thread should
 * end. */
static bool take_group(struct tp_committer *committer, struct tp_job **group, struct tp_sql **db)
{
    bool more;

    (void)pthread_mutex_lock(&committer->lock);
    do {
        while (!has_next(committer))
            (void)pthread_cond_wait(&committer->wake, &committer->lock);
        gather(committer);
    } while (!has_next(committer)); /* another was quicker */
    more = committer->first != NULL;
    if (more) {
        *group = cut_group(committer);
        *db = committer->idle[--committer->idle_count];
        call(committer);
    }
    (void)pthread_mutex_unlock(&committer->lock);
    return more;
}

/* The connection is idle again. */
static void give_back(struct tp_committer *committer, struct tp_sql *db,
                      const struct written *written)
{
    (void)pthread_mutex_lock(&committer->lock);
    committer->idle[committer->idle_count++] = db;
    committer->transactions += written->transactions;
    committer->jobs += written->jobs;
    committer->patience_ns = written->commit_ns / 2;
    if (committer->patience_ns > GATHER_NS_MAX)
        committer->patience_ns = GATHER_NS_MAX;
    call(committer);
    (void)pthread_mutex_unlock(&committer->lock);
}

typedef bool is_kind(const struct tp_job *job, const struct tp_job *like);

static bool runs_as(const struct tp_job *job, const struct tp_job *like)
{
    return job->run_many == like->run_many;
}

static bool ends_as(const struct tp_job *job, const struct tp_job *like)
{
    return job->committing == like->committing;
}

/* The contexts of the jobs of a group that are of one kind, in order; 0 where `like` is not the
 * first of them, and they were given before. */
static size_t collect(struct tp_job *group, const struct tp_job *like, is_kind *is,
                      void *contexts[TP_COMMIT_GROUP_MAX])
{
    size_t count = 0;

    for (struct tp_job *job = group; job; job = job->next) {
        if (!is(job, like))
            continue;
        if (count == 0 && job != like)
            return 0;
        contexts[count++] = job->context;
    }
    return count;
}

static bool is_at_once(const struct tp_job *job, const struct tp_job *like)
{
    return job->run_at_once == like->run_at_once;
}

static bool run_one(struct tp_sql *db, struct tp_job *group, struct tp_job *job, bool one,
                    struct tp_error *error)
{
    void *contexts[TP_COMMIT_GROUP_MAX];
    size_t count;

    if (one || !job->run_many)
        return job->run(db, job->context, error);
    count = collect(group, job, runs_as, contexts);
    return count == 0 || job->run_many(db, contexts, count, error);
}

static void prepare_one(void *context)
{
    struct tp_job *job = context;

    if (job->committing)
        job->committing(&job->context, 1);
}

static void prepare_group(void *context)
{
    void *contexts[TP_COMMIT_GROUP_MAX];
    struct tp_job *group = context;

    for (struct tp_job *job = group; job; job = job->next) {
        size_t count = job->committing ? collect(group, job, ends_as, contexts) : 0;

        if (count)
            job->committing(contexts, count);
    }
}

/* Without a transaction around it; false where not all of the group was written. */
static bool write_at_once(struct tp_sql *db, struct tp_job *group, long *commit_ns)
{
    void *contexts[TP_COMMIT_GROUP_MAX];
    int64_t before = tp_clock_work_ns();
    size_t count;
    bool all;

    if (!group->run_at_once)
        return false;
    count = collect(group, group, is_at_once, contexts);
    tp_sql_meanwhile(db, prepare_group, group);
    all = group->run_at_once(db, contexts, count);
    for (const struct tp_job *job = group; job; job = job->next)
        all = all && is_at_once(job, group);
    if (all)
        tp_sql_call_meanwhile(db);
    tp_sql_meanwhile(db, NULL, NULL);
    *commit_ns = (long)(tp_clock_work_ns() - before);
    return all;
}

/* Runs one job or a group in a transaction, and says how long its COMMIT took. On failure all is
 * rolled back and *error says why. */
static bool commit(struct tp_sql *db, struct tp_job *group, bool one, long *commit_ns,
                   struct tp_error *error)
{
    int64_t before;
    bool ok;

    if (!tp_sql_begin(db, error))
        return false;
    for (struct tp_job *job = group; job; job = one ? NULL : job->next) {
        if (!run_one(db, group, job, one, error)) {
            tp_sql_rollback(db);
            return false;
        }
    }
    before = tp_clock_work_ns();
    tp_sql_meanwhile(db, one ? prepare_one : prepare_group, group);
    ok = tp_sql_commit(db, error);
    *commit_ns = (long)(tp_clock_work_ns() - before);
    return ok;
}

static uint64_t finish(struct tp_job *group, bool committed)
{
    uint64_t count = 0;

    while (group) {
        struct tp_job *next = group->next; /* the job may be gone after `done` */

        if (committed)
            group->error.code = TP_OK;
        count++;
        if (group->done)
            group->done(group);
        group = next;
    }
    return count;
}

/* Each in a transaction of its own; how many there were. */
static uint64_t commit_apart(struct tp_sql *db, struct tp_job *group, long *commit_ns)
{
    uint64_t transactions = 0;

    for (struct tp_job *job = group; job; job = job->next) {
        job->error.code = TP_OK;
        if (!commit(db, job, true, commit_ns, &job->error))
            continue;
        transactions++;
    }
    return transactions;
}

static struct written write_group(struct tp_sql *db, struct tp_job *group)
{
    struct written written = {.transactions = 1};
    struct tp_error error;
    bool together = write_at_once(db, group, &written.commit_ns) ||
                    commit(db, group, false, &written.commit_ns, &error);

    if (!together)
        written.transactions = commit_apart(db, group, &written.commit_ns);
    written.jobs = finish(group, together);
    return written;
}

static void *work(void *context)
{
    struct tp_committer *committer = context;
    struct tp_job *group;
    struct tp_sql *db;

    while (take_group(committer, &group, &db)) {
        struct written written = write_group(db, group);

        give_back(committer, db, &written);
    }
    return NULL;
}

bool tp_committer_add(struct tp_committer *committer, struct tp_sql *db, struct tp_error *error)
{
    size_t count = committer->writer_count;

    if (count == TP_WRITERS_MAX) {
        tp_sql_close(db);
        return tp_fail(error, TP_ERR_LIMIT, "more than %u writers", TP_WRITERS_MAX);
    }
    if (pthread_create(&committer->threads[count], NULL, work, committer) != 0) {
        tp_sql_close(db);
        return tp_fail(error, TP_ERR_MEMORY, "cannot start a writing thread");
    }
    (void)pthread_setname_np(committer->threads[count], "committer");
    (void)pthread_mutex_lock(&committer->lock);
    committer->writer_count++;
    committer->idle[committer->idle_count++] = db;
    (void)pthread_mutex_unlock(&committer->lock);
    return true;
}

bool tp_committer_create(struct tp_sql *db, struct tp_committer **committer, struct tp_error *error)
{
    struct tp_committer *made = tp_calloc(1, sizeof(*made));

    if (!made) {
        tp_sql_close(db);
        return tp_fail_memory(error);
    }
    made->last = &made->first;
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->wake, NULL);
    (void)pthread_cond_init(&made->enough, NULL);
    if (!tp_committer_add(made, db, error)) {
        tp_committer_destroy(made);
        return false;
    }
    *committer = made;
    return true;
}

void tp_committer_destroy(struct tp_committer *committer)
{
    if (!committer)
        return;
    (void)pthread_mutex_lock(&committer->lock);
    committer->stopping = true;
    call(committer);
    (void)pthread_mutex_unlock(&committer->lock);
    for (size_t i = 0; i < committer->writer_count; i++)
        (void)pthread_join(committer->threads[i], NULL);
    while (committer->idle_count)
        tp_sql_close(committer->idle[--committer->idle_count]);
    (void)pthread_cond_destroy(&committer->wake);
    (void)pthread_cond_destroy(&committer->enough);
    (void)pthread_mutex_destroy(&committer->lock);
    tp_free(committer);
}

void tp_committer_submit(struct tp_committer *committer, struct tp_job *jobs)
{
    struct tp_job **end = &jobs;
    size_t count = 0;

    for (; *end; end = &(*end)->next, count++)
        (*end)->error.code = TP_OK;
    (void)pthread_mutex_lock(&committer->lock);
    *committer->last = jobs;
    committer->last = end;
    committer->waiting += count;
    call(committer);
    (void)pthread_mutex_unlock(&committer->lock);
}

bool tp_committer_here(struct tp_committer *committer, struct tp_job *job)
{
    struct written written;
    struct tp_sql *db = NULL;

    (void)pthread_mutex_lock(&committer->lock);
    if (!committer->first && committer->senders <= 1 &&
        committer->idle_count == committer->writer_count)
        db = committer->idle[--committer->idle_count];
    (void)pthread_mutex_unlock(&committer->lock);
    if (!db)
        return false;
    job->error.code = TP_OK;
    written = write_group(db, job);
    give_back(committer, db, &written);
    return true;
}

/* A job whose owner stands and waits. */
struct waiting {
    struct tp_job job;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool over; /* under lock */
};

static void wake_waiting(struct tp_job *job)
{
    struct waiting *waiting = (struct waiting *)job;

    (void)pthread_mutex_lock(&waiting->lock);
    waiting->over = true;
    (void)pthread_cond_signal(&waiting->ready);
    (void)pthread_mutex_unlock(&waiting->lock);
}

bool tp_committer_run(struct tp_committer *committer,
                      bool (*run)(struct tp_sql *db, void *context, struct tp_error *error),
                      void *context, struct tp_error *error)
{
    struct waiting waiting = {.job = {.run = run, .done = wake_waiting, .context = context}};

    (void)pthread_mutex_init(&waiting.lock, NULL);
    (void)pthread_cond_init(&waiting.ready, NULL);
    if (!tp_committer_here(committer, &waiting.job))
        tp_committer_submit(committer, &waiting.job);
    (void)pthread_mutex_lock(&waiting.lock);
    while (!waiting.over)
        (void)pthread_cond_wait(&waiting.ready, &waiting.lock);
    (void)pthread_mutex_unlock(&waiting.lock);
    (void)pthread_cond_destroy(&waiting.ready);
    (void)pthread_mutex_destroy(&waiting.lock);
    if (waiting.job.error.code != TP_OK && error)
        *error = waiting.job.error;
    return waiting.job.error.code == TP_OK;
}

void tp_committer_count(struct tp_committer *committer, uint64_t *transactions, uint64_t *jobs)
{
    (void)pthread_mutex_lock(&committer->lock);
    *transactions = committer->transactions;
    *jobs = committer->jobs;
    (void)pthread_mutex_unlock(&committer->lock);
}
