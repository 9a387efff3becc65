#include "agent/do/deleter.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"

enum work { WORK_NONE, WORK_GIVEN, WORK_DONE };

struct tp_deleter {
    struct tp_store *store;           /* owned; used by the thread */
    const struct tp_receipt_key *key; /* borrowed */
    void (*wake)(void *context);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; /* protects work and end */
    pthread_cond_t changed;
    enum work work;
    bool end;
    bool busy; /* the caller's: given and not taken */
    /* The thread's while WORK_GIVEN, else the caller's. */
    struct tp_receipt receipts[TP_DELETER_GROUP];
    enum tp_outbox_sent outcomes[TP_DELETER_GROUP];
    size_t count;
    bool ok;
    struct tp_error error;
};

bool tp_delete_taken(struct tp_store *store, const struct tp_receipt_key *key,
                     const struct tp_receipt *receipts, size_t count, enum tp_outbox_sent *outcomes,
                     struct tp_error *error)
{
    return key ? tp_outbox_mark_sent(store, key, receipts, count, outcomes, error)
               : tp_outbox_mark_taken(store, receipts, count, outcomes, error);
}

static bool next_work(struct tp_deleter *deleter)
{
    bool given;

    (void)pthread_mutex_lock(&deleter->lock);
    while (deleter->work != WORK_GIVEN && !deleter->end)
        (void)pthread_cond_wait(&deleter->changed, &deleter->lock);
    given = deleter->work == WORK_GIVEN;
    (void)pthread_mutex_unlock(&deleter->lock);
    return given;
}

static void set_work(struct tp_deleter *deleter, enum work work)
{
    (void)pthread_mutex_lock(&deleter->lock);
    deleter->work = work;
    (void)pthread_cond_broadcast(&deleter->changed);
    (void)pthread_mutex_unlock(&deleter->lock);
}

static void *run(void *argument)
{
    struct tp_deleter *deleter = argument;

    while (next_work(deleter)) {
        deleter->ok = tp_delete_taken(deleter->store, deleter->key, deleter->receipts,
                                      deleter->count, deleter->outcomes, &deleter->error);
        set_work(deleter, WORK_DONE);
        deleter->wake(deleter->context);
    }
    return NULL;
}

struct tp_deleter *tp_deleter_create(struct tp_store *store, const struct tp_receipt_key *key,
                                     void (*wake)(void *context), void *context)
{
    struct tp_deleter *deleter = tp_calloc(1, sizeof(*deleter));

    if (!deleter)
        return NULL;
    deleter->store = tp_store_open_beside(store, NULL);
    if (!deleter->store) {
        tp_free(deleter);
        return NULL;
    }
    deleter->key = key;
    deleter->wake = wake;
    deleter->context = context;
    (void)pthread_mutex_init(&deleter->lock, NULL);
    (void)pthread_cond_init(&deleter->changed, NULL);
    if (pthread_create(&deleter->thread, NULL, run, deleter) == 0)
        return deleter;
    (void)pthread_cond_destroy(&deleter->changed);
    (void)pthread_mutex_destroy(&deleter->lock);
    tp_store_close(deleter->store);
    tp_free(deleter);
    return NULL;
}

void tp_deleter_destroy(struct tp_deleter *deleter)
{
    if (!deleter)
        return;
    (void)pthread_mutex_lock(&deleter->lock);
    deleter->end = true;
    (void)pthread_cond_broadcast(&deleter->changed);
    (void)pthread_mutex_unlock(&deleter->lock);
    (void)pthread_join(deleter->thread, NULL);
    (void)pthread_cond_destroy(&deleter->changed);
    (void)pthread_mutex_destroy(&deleter->lock);
    tp_store_close(deleter->store);
    tp_free(deleter);
}

bool tp_deleter_is_busy(const struct tp_deleter *deleter)
{
    return deleter->busy;
}

void tp_deleter_give(struct tp_deleter *deleter, const struct tp_receipt *receipts, size_t count)
{
    memcpy(deleter->receipts, receipts, count * sizeof(*receipts));
    deleter->count = count;
    deleter->busy = true;
    set_work(deleter, WORK_GIVEN);
}

bool tp_deleter_take(struct tp_deleter *deleter, bool wait, struct tp_deleted *deleted,
                     struct tp_error *error)
{
    bool done;

    if (!deleter->busy)
        return false;
    (void)pthread_mutex_lock(&deleter->lock);
    while (wait && deleter->work == WORK_GIVEN)
        (void)pthread_cond_wait(&deleter->changed, &deleter->lock);
    done = deleter->work == WORK_DONE;
    (void)pthread_mutex_unlock(&deleter->lock);
    if (!done)
        return false;
    deleter->busy = false;
    *deleted = (struct tp_deleted){.receipts = deleter->receipts,
                                   .outcomes = deleter->outcomes,
                                   .count = deleter->count,
                                   .ok = deleter->ok};
    if (!deleter->ok && error)
        *error = deleter->error;
    return true;
}
