/*
 * A committer (db/committer.h) that commits each job at once, on the thread that submits it, in the
 * place of the store's own: a fuzzer sends one request after the other, and two threads that wait
 * for each other would cost it more than everything else. Header only: each fuzzer is one program.
 */
#ifndef TP_FUZZ_CENTRAL_AT_ONCE_H
#define TP_FUZZ_CENTRAL_AT_ONCE_H

#include "base/mem.h"
#include "central/db/committer.h"

struct tp_committer {
    struct tp_sql *db; /* owned */
    uint64_t jobs;
};

bool tp_committer_create(struct tp_sql *db, struct tp_committer **committer, struct tp_error *error)
{
    *committer = tp_calloc(1, sizeof(**committer));
    if (!*committer) {
        tp_sql_close(db);
        return tp_fail_memory(error);
    }
    (*committer)->db = db;
    return true;
}

bool tp_committer_add(struct tp_committer *committer, struct tp_sql *db, struct tp_error *error)
{
    (void)committer;
    (void)error;
    tp_sql_close(db);
    return true;
}

void tp_committer_destroy(struct tp_committer *committer)
{
    if (!committer)
        return;
    tp_sql_close(committer->db);
    tp_free(committer);
}

bool tp_committer_run(struct tp_committer *committer,
                      bool (*run)(struct tp_sql *db, void *context, struct tp_error *error),
                      void *context, struct tp_error *error)
{
    bool ok = tp_sql_begin(committer->db, error) && run(committer->db, context, error) &&
              tp_sql_commit(committer->db, error);

    committer->jobs++;
    if (!ok)
        tp_sql_rollback(committer->db);
    return ok;
}

void tp_committer_submit(struct tp_committer *committer, struct tp_job *jobs)
{
    while (jobs) {
        struct tp_job *job = jobs;

        /* Its owner may let go of it in `done`. */
        jobs = job->next;
        job->next = NULL;
        job->error = (struct tp_error){.code = TP_OK};
        if (tp_committer_run(committer, job->run, job->context, &job->error) && job->committed)
            job->committed(&job->context, 1);
        if (job->done)
            job->done(job);
    }
}

bool tp_committer_here(struct tp_committer *committer, struct tp_job *job)
{
    tp_committer_submit(committer, job);
    return true;
}

void tp_committer_count(struct tp_committer *committer, uint64_t *transactions, uint64_t *jobs)
{
    *transactions = *jobs = committer->jobs;
}

#endif
