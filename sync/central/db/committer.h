/*
 * The writers: threads and as many writing connections, which group what waits into one
 * transaction, so that many answers share one sync of the disk. SQLite has one; PostgreSQL two, so
 * that one group is written while another is synced. What comes alone is written by the thread that
 * brought it.
 *
 * A job is a function that writes; it may run more than once (the group it was in may have to be
 * rolled back and its jobs tried one by one), so it starts from nothing each time. `done` comes
 * after the commit, and only then may anyone be told that the data is safe. The job belongs to its
 * owner, who keeps it until `done`; the committer touches it no more after that.
 *
 * Thread: submit and run from any; a job's `run` and `done` are called on a writer's thread, or on
 * the thread that called tp_committer_here.
 */
#ifndef TP_CENTRAL_DB_COMMITTER_H
#define TP_CENTRAL_DB_COMMITTER_H

#include "central/db/db.h"

/* Jobs in one transaction: enough to make the sync cheap, few enough to keep an answer quick. */
#define TP_COMMIT_GROUP_MAX 256u

struct tp_job {
    /* Writes. False with *error set rolls back what this job wrote. */
    bool (*run)(struct tp_sql *db, void *context, struct tp_error *error);
    /* Does what `run` would for several jobs one after the other, given their contexts; for jobs of
     * a group that have the same one. May be NULL. */
    bool (*run_many)(struct tp_sql *db, void *const *contexts, size_t count,
                     struct tp_error *error);
    /* Tried first, for the jobs of a group that have the same one as its first: writes what it can
     * of them in statements that are each a transaction of its own, which saves the way to the
     * server and back for another. True: that was all, and it is committed. What it wrote is there
     * for good: `run` and `run_many` must leave it alone. May be NULL. */
    bool (*run_at_once)(struct tp_sql *db, void *const *contexts, size_t count);
    /* Once while the commit is under way, for all jobs of the group that have the same one: what
     * they need after it, and nobody is told of before `done`. The commit may fail, and then this
     * is called again in the next. May be NULL. Must not block. */
    void (*committing)(void *const *contexts, size_t count);
    /* Committed (error->code is TP_OK) or not; may be NULL. Must not block. */
    void (*done)(struct tp_job *job);
    void *context; /* the owner's */

    struct tp_error error; /* the outcome, set before `done` */
    struct tp_job *next;   /* NULL, or the next to be submitted with it; then the committer's */
};

struct tp_committer;

#define TP_WRITERS_MAX 8u

/* Takes over the connection, also when it fails. */
bool tp_committer_create(struct tp_sql *db, struct tp_committer **committer,
                         struct tp_error *error);
/* One more writer, on a connection of its own, which it takes over too. Before the first job. */
bool tp_committer_add(struct tp_committer *committer, struct tp_sql *db, struct tp_error *error);
/* Finishes what waits, then stops the threads and closes the connections. */
void tp_committer_destroy(struct tp_committer *committer);

/* One, or several that are linked by `next`: these come to a writer together. */
void tp_committer_submit(struct tp_committer *committer, struct tp_job *jobs);

/* Where nothing else is written or waits to be, and lately nobody sent beside others: runs one here
 * and now, which spares waking a writer and being woken by it. False: nothing was done. */
bool tp_committer_here(struct tp_committer *committer, struct tp_job *job);

/* Submits one and waits for its outcome. */
bool tp_committer_run(struct tp_committer *committer,
                      bool (*run)(struct tp_sql *db, void *context, struct tp_error *error),
                      void *context, struct tp_error *error);

/* Transactions committed so far, and jobs in them; for measuring. */
void tp_committer_count(struct tp_committer *committer, uint64_t *transactions, uint64_t *jobs);

#endif
